// SPDX-License-Identifier: Apache-2.0
// A domain: a type with a default, not null and checks of its own.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Domain& x);
void needs(const Domain& x, std::vector<Need>& out);
void rename(Domain& x, const Renames& renames, RenamedBy by);
Statements create(const Domain& x, const Parts& parts);
Statements drop(const Domain& x);
Alteration alter(const Domain& from, const Domain& to);
std::optional<std::string> part(const Domain& x);
std::string verify(const Domain& x);

}  // namespace godwit::kinds
