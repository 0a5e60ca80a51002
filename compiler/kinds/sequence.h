// SPDX-License-Identifier: Apache-2.0
// A sequence that stands alone or is owned by a column.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Sequence& x);
void needs(const Sequence& x, std::vector<Need>& out);
void rename(Sequence& x, const Renames& renames, RenamedBy by);
Statements create(const Sequence& x, const Parts& parts);
Statements drop(const Sequence& x);
Alteration alter(const Sequence& from, const Sequence& to);
std::optional<std::string> part(const Sequence& x);
std::string verify(const Sequence& x);

}  // namespace godwit::kinds
