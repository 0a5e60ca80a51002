// SPDX-License-Identifier: Apache-2.0
// A materialized view; its indexes are objects of their own.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const MaterializedView& x);
void needs(const MaterializedView& x, std::vector<Need>& out);
void rename(MaterializedView& x, const Renames& renames, RenamedBy by);
Statements create(const MaterializedView& x, const Parts& parts);
Statements drop(const MaterializedView& x);
Alteration alter(const MaterializedView& from, const MaterializedView& to);
std::optional<std::string> part(const MaterializedView& x);
std::string verify(const MaterializedView& x);

}  // namespace godwit::kinds
