// SPDX-License-Identifier: Apache-2.0
// A column of a table.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Column& x);
void needs(const Column& x, std::vector<Need>& out);
void rename(Column& x, const Renames& renames, RenamedBy by);
Statements create(const Column& x, const Parts& parts);
Statements drop(const Column& x);
Alteration alter(const Column& from, const Column& to);
std::optional<std::string> part(const Column& x);
Verification verify(const Column& x);

}  // namespace godwit::kinds
