// SPDX-License-Identifier: Apache-2.0
// type app.address (street text, city text);
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const CompositeType& x);
void needs(const CompositeType& x, std::vector<Need>& out);
void rename(CompositeType& x, const Renames& renames, RenamedBy by);
Statements create(const CompositeType& x, const Parts& parts);
Statements drop(const CompositeType& x);
Alteration alter(const CompositeType& from, const CompositeType& to);
std::optional<std::string> part(const CompositeType& x);
std::string verify(const CompositeType& x);

}  // namespace godwit::kinds
