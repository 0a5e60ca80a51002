// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/contract.h"

#include "base/identifier.h"
#include "base/result.h"
#include "compiler/kinds/all.h"
#include "compiler/kinds/planning.h"
#include "compiler/kinds/target.h"

#include <cassert>
#include <set>
#include <type_traits>

namespace godwit::kinds {

namespace {

template <typename Variant>
struct EveryKind;

template <typename... Xs>
struct EveryKind<std::variant<Xs...>> {
  static constexpr bool complete = (ObjectKind<Xs> && ...);
};

static_assert(EveryKind<Object>::complete, "a kind of object lacks a function that kinds/contract.h lists");

}  // namespace

const ObjectKey& renamed_key(const ObjectKey& key, const Renames& renames) {
  const auto found = renames.find(key);
  return found == renames.end() ? key : found->second;
}

ObjectKey renamed_key(ObjectKey&& key, const Renames& renames) {
  const auto found = renames.find(key);
  return found == renames.end() ? std::move(key) : found->second;
}

std::optional<ObjectKey> parent_of(const Object& object) {
  return std::visit([](const auto& x) { return parent(x); }, object);
}

std::vector<Need> needs_of(const Object& object) {
  std::vector<Need> out;
  std::visit([&](const auto& x) { needs(x, out); }, object);
  return out;
}

Object renamed_object(const Object& object, const Renames& renames, RenamedBy by) {
  Object copy = object;
  std::visit([&](auto& x) { rename(x, renames, by); }, copy);
  return copy;
}

Statements create_object(const Object& object, const Parts& parts) {
  return std::visit([&](const auto& x) { return create(x, parts); }, object);
}

Statements drop_object(const Object& object) {
  return std::visit([](const auto& x) { return drop(x); }, object);
}

Alteration alter_object(const Object& from, const Object& to) {
  GODWIT_ASSERT(from.index() == to.index(), "both sides of a change are of one kind");
  return std::visit([&](const auto& x) { return alter(x, std::get<std::decay_t<decltype(x)>>(to)); }, from);
}

std::optional<std::string> part_of(const Object& object) {
  return std::visit([](const auto& x) { return part(x); }, object);
}

Verification verify_object(const Object& object) {
  return std::visit([](const auto& x) { return Verification(verify(x)); }, object);
}

Statements rename_object(const ObjectKey& key, const ObjectKey& to) {
  const std::string new_name = quoted(to.part.empty() || has_arguments(key.kind) ? to.name : to.part);
  const std::string table = quoted(to.schema, to.name);
  Statement statement;
  statement.title = "rename " + describe(key) + " to " + new_name;
  switch (key.kind) {
    case Kind::column:
      statement.sql = "alter table " + table + " rename column " + quoted(key.part) + " to " + new_name;
      break;
    case Kind::primary_key:
    case Kind::unique:
    case Kind::check:
    case Kind::foreign_key:
    case Kind::exclude:
      statement.sql = "alter table " + table + " rename constraint " + quoted(key.part) + " to " + new_name;
      break;
    case Kind::trigger:
    case Kind::policy:
    case Kind::rule:
      statement.sql = "alter " + std::string(name_of(key.kind)) + ' ' + quoted(key.part) + " on " + table +
                      " rename to " + new_name;
      break;
    case Kind::enum_type:
      if (!key.part.empty()) {
        const std::string type = quoted(to.schema, to.name), value = literal(key.part);
        return {{"rename value " + value + " of enum " + type + " to " + literal(to.part),
                 "alter type " + type + " rename value " + value + " to " + literal(to.part),
                 {},
                 Work::instant}};
      }
      [[fallthrough]];
    case Kind::schema:
    case Kind::collation:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type:
    case Kind::foreign_data_wrapper:
    case Kind::foreign_server:
    case Kind::text_search_dictionary:
    case Kind::text_search_configuration:
    case Kind::sequence:
    case Kind::table:
    case Kind::foreign_table:
    case Kind::function:
    case Kind::aggregate:
    case Kind::view:
    case Kind::materialized_view:
    case Kind::index:
    case Kind::statistics:
    case Kind::event_trigger:
    case Kind::publication: statement.sql = "alter " + target_sql(key) + " rename to " + new_name; break;
    case Kind::extension:
    case Kind::operator_:
    case Kind::cast:
    case Kind::replica_identity:
    case Kind::inheritance:
    case Kind::publication_table:
    case Kind::default_privileges:
    case Kind::owner:
    case Kind::grant:
    case Kind::comment: assert(false && "has no name of its own to change"); break;
  }
  const bool on_table = !key.part.empty() && !has_arguments(key.kind);
  const Lock lock = key.kind == Kind::index ? Lock::share_update_exclusive : Lock::access_exclusive;
  statement.locks.push_back({on_table ? table_of(to) : key, lock});
  return {statement};
}

std::string default_name_of(const Object& object) {
  if (const auto* x = std::get_if<PrimaryKey>(&object)) return default_object_name(x->table, "", "pkey");
  if (const auto* x = std::get_if<Unique>(&object))
    return default_object_name(x->table, joined(x->columns, "_"), "key");
  if (const auto* x = std::get_if<ForeignKey>(&object))
    return default_object_name(x->table, joined(x->columns, "_"), "fkey");
  if (const auto* x = std::get_if<Check>(&object)) {
    std::set<std::string> columns;
    for (const Reference& reference : x->expression.references) {
      if (reference.target.kind == Kind::column) columns.insert(reference.target.part);
    }
    return default_object_name(x->table, columns.size() == 1 ? *columns.begin() : "", "check");
  }
  if (const auto* x = std::get_if<Index>(&object)) {
    std::vector<std::string> columns;
    for (const IndexElement& element : x->elements) columns.push_back(element.column.empty() ? "expr" : element.column);
    return default_object_name(x->table.name, joined(columns, "_"), "idx");
  }
  return {};
}

KindFacts facts() { return {&parent_of, &needs_of, &names_an_index}; }

}  // namespace godwit::kinds
