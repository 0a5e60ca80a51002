// SPDX-License-Identifier: Apache-2.0
// All that one role may do with one object.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Grant& x);
void needs(const Grant& x, std::vector<Need>& out);
void rename(Grant& x, const Renames& renames, RenamedBy by);
Statements create(const Grant& x, const Parts& parts);
Statements drop(const Grant& x);
Alteration alter(const Grant& from, const Grant& to);
std::optional<std::string> part(const Grant& x);
std::string verify(const Grant& x);

}  // namespace godwit::kinds
