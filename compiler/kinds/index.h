// SPDX-License-Identifier: Apache-2.0
// An index that backs no constraint.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Index& x);
void needs(const Index& x, std::vector<Need>& out);
void rename(Index& x, const Renames& renames, RenamedBy by);
Statements create(const Index& x, const Parts& parts);
Statements drop(const Index& x);
Alteration alter(const Index& from, const Index& to);
std::optional<std::string> part(const Index& x);
Verification verify(const Index& x);

}  // namespace godwit::kinds
