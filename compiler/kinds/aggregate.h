// SPDX-License-Identifier: Apache-2.0
// aggregate app.total(integer) (sfunc = int4pl, stype = integer);
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Aggregate& x);
void needs(const Aggregate& x, std::vector<Need>& out);
void rename(Aggregate& x, const Renames& renames, RenamedBy by);
Statements create(const Aggregate& x, const Parts& parts);
Statements drop(const Aggregate& x);
Alteration alter(const Aggregate& from, const Aggregate& to);
std::optional<std::string> part(const Aggregate& x);
std::string verify(const Aggregate& x);

}  // namespace godwit::kinds
