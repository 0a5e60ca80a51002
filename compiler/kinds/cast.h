// SPDX-License-Identifier: Apache-2.0
// cast (app.a as app.b) with function app.f(app.a) as assignment;
#pragma once

#include "compiler/kinds/contract.h"
#include "compiler/kinds/declaring.h"

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Cast& x);
void needs(const Cast& x, std::vector<Need>& out);
void rename(Cast& x, const Renames& renames, RenamedBy by);
Statements create(const Cast& x, const Parts& parts);
Statements drop(const Cast& x);
Alteration alter(const Cast& from, const Cast& to);
std::optional<std::string> part(const Cast& x);
std::string verify(const Cast& x);

/// The cast that `cast (a as b)` names.
std::optional<ObjectKey> existing_cast(const ast::ObjectName& name, Declaring& d);

}  // namespace godwit::kinds
