// SPDX-License-Identifier: Apache-2.0
// An extension, with its schema and version where the spec names them.
#pragma once

#include "compiler/kinds/contract.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Extension& x);
void needs(const Extension& x, std::vector<Need>& out);
void rename(Extension& x, const Renames& renames, RenamedBy by);
Statements create(const Extension& x, const Parts& parts);
Statements drop(const Extension& x);
Alteration alter(const Extension& from, const Extension& to);
std::optional<std::string> part(const Extension& x);
std::string verify(const Extension& x);

/// The mark in godwit_kept that says that the migration made a required extension, since it need not have.
std::string made_extension_mark(const Extension& x);

}  // namespace godwit::kinds
