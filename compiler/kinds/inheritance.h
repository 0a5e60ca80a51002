// SPDX-License-Identifier: Apache-2.0
// What ties a child to a table that it inherits from, and what of a parent its children have too.
#pragma once

#include "compiler/kinds/contract.h"

#include <string>
#include <string_view>

namespace godwit::kinds {

std::optional<ObjectKey> parent(const Inheritance& x);
void needs(const Inheritance& x, std::vector<Need>& out);
void rename(Inheritance& x, const Renames& renames, RenamedBy by);
Statements create(const Inheritance& x, const Parts& parts);
Statements drop(const Inheritance& x);
Alteration alter(const Inheritance& from, const Inheritance& to);
std::optional<std::string> part(const Inheritance& x);
Verification verify(const Inheritance& x);

/// The parent that a part of `create table` names behind the parentheses, if it is one of these.
std::optional<std::string_view> parent_in(std::string_view part);

/// The tables that inherit from `table`, each once, nearest first.
std::vector<ObjectKey> inheritors(const ObjectKey& table, const Catalog& catalog);
/// The same for a column or check of a table: the inherited ones below it.
std::vector<ObjectKey> inherited_copies(const ObjectKey& part, const Catalog& catalog);
/// How a column or check came to its table; nullptr of what is never inherited.
const Inherited* inherited_in(const Object& object);

/// A child's column or check as it is once PostgreSQL has carried the change of its parent's down to it.
Object followed(const Object& child, const Object& parent_before, const Object& parent_after);

}  // namespace godwit::kinds
