// SPDX-License-Identifier: Apache-2.0
// Who owns an object.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Owner& x);
void needs(const Owner& x, std::vector<Need>& out);
void rename(Owner& x, const Renames& renames, RenamedBy by);
Statements create(const Owner& x, const Parts& parts);
Statements drop(const Owner& x);
Alteration alter(const Owner& from, const Owner& to);
std::optional<std::string> part(const Owner& x);
std::string verify(const Owner& x);

}  // namespace godwit::kinds
