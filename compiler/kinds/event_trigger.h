// SPDX-License-Identifier: Apache-2.0
// event trigger e on ddl_command_end when tag in ('DROP TABLE') execute function app.f();
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const EventTrigger& x);
void needs(const EventTrigger& x, std::vector<Need>& out);
void rename(EventTrigger& x, const Renames& renames, RenamedBy by);
Statements create(const EventTrigger& x, const Parts& parts);
Statements drop(const EventTrigger& x);
Alteration alter(const EventTrigger& from, const EventTrigger& to);
std::optional<std::string> part(const EventTrigger& x);
std::string verify(const EventTrigger& x);

}  // namespace godwit::kinds
