// SPDX-License-Identifier: Apache-2.0
// The comment on an object.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Comment& x);
void needs(const Comment& x, std::vector<Need>& out);
void rename(Comment& x, const Renames& renames, RenamedBy by);
Statements create(const Comment& x, const Parts& parts);
Statements drop(const Comment& x);
Alteration alter(const Comment& from, const Comment& to);
std::optional<std::string> part(const Comment& x);
std::string verify(const Comment& x);

}  // namespace godwit::kinds
