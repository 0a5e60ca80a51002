// SPDX-License-Identifier: Apache-2.0
// type app.period as range (subtype = timestamptz);
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const RangeType& x);
void needs(const RangeType& x, std::vector<Need>& out);
void rename(RangeType& x, const Renames& renames, RenamedBy by);
Statements create(const RangeType& x, const Parts& parts);
Statements drop(const RangeType& x);
Alteration alter(const RangeType& from, const RangeType& to);
std::optional<std::string> part(const RangeType& x);
std::string verify(const RangeType& x);

}  // namespace godwit::kinds
