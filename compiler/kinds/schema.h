// SPDX-License-Identifier: Apache-2.0
// A schema: its name, for what it owns are objects of their own.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Schema& x);
void needs(const Schema& x, std::vector<Need>& out);
void rename(Schema& x, const Renames& renames, RenamedBy by);
Statements create(const Schema& x, const Parts& parts);
Statements drop(const Schema& x);
Alteration alter(const Schema& from, const Schema& to);
std::optional<std::string> part(const Schema& x);
std::string verify(const Schema& x);

}  // namespace godwit::kinds
