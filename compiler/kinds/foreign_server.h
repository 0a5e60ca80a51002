// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const ForeignServer& x);
void needs(const ForeignServer& x, std::vector<Need>& out);
void rename(ForeignServer& x, const Renames& renames, RenamedBy by);
Statements create(const ForeignServer& x, const Parts& parts);
Statements drop(const ForeignServer& x);
Alteration alter(const ForeignServer& from, const ForeignServer& to);
std::optional<std::string> part(const ForeignServer& x);
std::string verify(const ForeignServer& x);

}  // namespace godwit::kinds
