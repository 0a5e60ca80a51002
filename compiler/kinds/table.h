// SPDX-License-Identifier: Apache-2.0
// The shell of a table.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Table& x);
void needs(const Table& x, std::vector<Need>& out);
void rename(Table& x, const Renames& renames, RenamedBy by);
Statements create(const Table& x, const Parts& parts);
Statements drop(const Table& x);
Alteration alter(const Table& from, const Table& to);
std::optional<std::string> part(const Table& x);
Verification verify(const Table& x);

}  // namespace godwit::kinds
