// SPDX-License-Identifier: Apache-2.0
// A row level security policy of a table.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Policy& x);
void needs(const Policy& x, std::vector<Need>& out);
void rename(Policy& x, const Renames& renames, RenamedBy by);
Statements create(const Policy& x, const Parts& parts);
Statements drop(const Policy& x);
Alteration alter(const Policy& from, const Policy& to);
std::optional<std::string> part(const Policy& x);
std::string verify(const Policy& x);

}  // namespace godwit::kinds
