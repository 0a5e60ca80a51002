// SPDX-License-Identifier: Apache-2.0
// rule quiet on update to app.v do instead nothing;
#pragma once

#include "compiler/kinds/contract.h"
#include "compiler/kinds/declaring.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Rule& x);
void needs(const Rule& x, std::vector<Need>& out);
void rename(Rule& x, const Renames& renames, RenamedBy by);
Statements create(const Rule& x, const Parts& parts);
Statements drop(const Rule& x);
Alteration alter(const Rule& from, const Rule& to);
std::optional<std::string> part(const Rule& x);
std::string verify(const Rule& x);

}  // namespace godwit::kinds
