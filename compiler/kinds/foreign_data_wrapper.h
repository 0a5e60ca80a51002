// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const ForeignDataWrapper& x);
void needs(const ForeignDataWrapper& x, std::vector<Need>& out);
void rename(ForeignDataWrapper& x, const Renames& renames, RenamedBy by);
Statements create(const ForeignDataWrapper& x, const Parts& parts);
Statements drop(const ForeignDataWrapper& x);
Alteration alter(const ForeignDataWrapper& from, const ForeignDataWrapper& to);
std::optional<std::string> part(const ForeignDataWrapper& x);
std::string verify(const ForeignDataWrapper& x);

}  // namespace godwit::kinds
