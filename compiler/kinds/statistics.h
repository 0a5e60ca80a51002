// SPDX-License-Identifier: Apache-2.0
// Extended statistics of a table.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Statistics& x);
void needs(const Statistics& x, std::vector<Need>& out);
void rename(Statistics& x, const Renames& renames, RenamedBy by);
Statements create(const Statistics& x, const Parts& parts);
Statements drop(const Statistics& x);
Alteration alter(const Statistics& from, const Statistics& to);
std::optional<std::string> part(const Statistics& x);
std::string verify(const Statistics& x);

}  // namespace godwit::kinds
