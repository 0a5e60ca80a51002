// SPDX-License-Identifier: Apache-2.0
// operator app.=== (leftarg = text, rightarg = text, function = app.same, commutator = ===);
#pragma once

#include "compiler/kinds/contract.h"
#include "compiler/kinds/declaring.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Operator& x);
void needs(const Operator& x, std::vector<Need>& out);
void rename(Operator& x, const Renames& renames, RenamedBy by);
Statements create(const Operator& x, const Parts& parts);
Statements drop(const Operator& x);
Alteration alter(const Operator& from, const Operator& to);
std::optional<std::string> part(const Operator& x);
std::string verify(const Operator& x);

/// The operator that `operator app.=== (a, b)` names; without types the only one of that name.
std::optional<ObjectKey> existing_operator(const ast::ObjectName& name, Declaring& d);

}  // namespace godwit::kinds
