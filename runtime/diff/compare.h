// SPDX-License-Identifier: Apache-2.0
// Which object of one database is which of another: by kind and name.
#pragma once

#include "runtime/inspect/items.h"

#include <string>
#include <vector>

namespace godwit::diffing {

using inspecting::ColumnText;
using inspecting::Item;
using inspecting::Items;

/// For each object of one side the one of the other with its kind and name, or `no_object`.
struct Pairs {
  std::vector<std::size_t> in_from;  // by the objects of `to`
  std::vector<std::size_t> in_to;    // by those of `from`
};

Pairs pairs_of(const Items& from, const Items& to);

/// Whether the server spells both alike; of a table, its columns are not looked at.
bool are_alike(const Item& a, const Item& b);

/// The column of that name, or nullptr.
const ColumnText* column_named(const Item& table, const std::string& name);

/// Whether the columns that both tables have, and then those that only `to` has, do not stand in this order.
bool columns_change_places(const Item& from, const Item& to);

/// The tables that `inherits (…)` names.
std::vector<std::string> parents_in(const Item& inheritance);

/// Whether all of `from` are in `to`.
bool all_in(const std::vector<std::string>& from, const std::vector<std::string>& to);

/// Whether those that `to` adds stand behind all that it has of `from`, and these in their order.
bool only_adds_behind(const std::vector<std::string>& from, const std::vector<std::string>& to);

/// What one role is given or denied of one thing, apart from what it has from the first.
struct Right {
  std::string role, privilege;  // `reader`, `select (name)`
  bool taken = false, with_option = false;
  auto operator<=>(const Right&) const = default;
};

/// The rights that grants and revokes say, one by one and sorted.
std::vector<Right> rights_of(const std::vector<const Item*>& grants);

/// What the connecting role's default privileges give a new object, or take from it.
std::vector<Right> rights_by_default(const Items& items, const Item& object);

/// Statements (without the object: `grant select`, ` to reader`) that make the rights of one side into the other's.
struct RightsChange {
  std::string verb, role;  // "grant select, insert", " to reader with grant option"
};
std::vector<RightsChange> change_rights(const std::vector<Right>& from, const std::vector<Right>& to);

}  // namespace godwit::diffing
