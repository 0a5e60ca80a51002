// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const ForeignTable& x);
void needs(const ForeignTable& x, std::vector<Need>& out);
void rename(ForeignTable& x, const Renames& renames, RenamedBy by);
Statements create(const ForeignTable& x, const Parts& parts);
Statements drop(const ForeignTable& x);
Alteration alter(const ForeignTable& from, const ForeignTable& to);
std::optional<std::string> part(const ForeignTable& x);
std::string verify(const ForeignTable& x);

}  // namespace godwit::kinds
