// SPDX-License-Identifier: Apache-2.0
// A trigger of a table.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Trigger& x);
void needs(const Trigger& x, std::vector<Need>& out);
void rename(Trigger& x, const Renames& renames, RenamedBy by);
Statements create(const Trigger& x, const Parts& parts);
Statements drop(const Trigger& x);
Alteration alter(const Trigger& from, const Trigger& to);
std::optional<std::string> part(const Trigger& x);
std::string verify(const Trigger& x);

}  // namespace godwit::kinds
