// SPDX-License-Identifier: Apache-2.0
// A view, replaced in place where its columns allow it.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const View& x);
void needs(const View& x, std::vector<Need>& out);
void rename(View& x, const Renames& renames, RenamedBy by);
Statements create(const View& x, const Parts& parts);
Statements drop(const View& x);
Alteration alter(const View& from, const View& to);
std::optional<std::string> part(const View& x);
std::string verify(const View& x);

}  // namespace godwit::kinds
