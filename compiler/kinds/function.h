// SPDX-License-Identifier: Apache-2.0
// A function: its text as written, the types of its signature qualified.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Function& x);
void needs(const Function& x, std::vector<Need>& out);
void rename(Function& x, const Renames& renames, RenamedBy by);
Statements create(const Function& x, const Parts& parts);
Statements drop(const Function& x);
Alteration alter(const Function& from, const Function& to);
std::optional<std::string> part(const Function& x);
std::string verify(const Function& x);

}  // namespace godwit::kinds
