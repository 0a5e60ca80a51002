// SPDX-License-Identifier: Apache-2.0
// How objects are named across stages: by key, never by pointer.
#pragma once

#include "base/interned.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace godwit {

/// Every kind of object a catalog holds. The order is the tie-break when nothing else decides which comes first.
enum class Kind : std::uint8_t {
  schema,
  extension,
  collation,
  enum_type,
  domain,
  composite_type,
  range_type,
  foreign_data_wrapper,
  foreign_server,
  text_search_dictionary,
  text_search_configuration,
  sequence,
  replica_identity,
  table,
  column,
  primary_key,
  unique,
  check,
  foreign_key,
  exclude,
  inheritance,
  foreign_table,
  function,
  aggregate,
  operator_,
  cast,
  view,
  materialized_view,
  index,
  statistics,
  trigger,
  policy,
  rule,
  publication,
  publication_table,
  default_privileges,
  event_trigger,
  owner,
  grant,
  comment
};

/// A type of its own: an enum, a domain, a composite or range type (the row types of relations are theirs).
constexpr bool is_type(Kind kind) {
  return kind == Kind::enum_type || kind == Kind::domain || kind == Kind::composite_type || kind == Kind::range_type;
}

/// A relation that queries read by its name.
constexpr bool is_relation(Kind kind) {
  return kind == Kind::table || kind == Kind::foreign_table || kind == Kind::view || kind == Kind::materialized_view;
}

/// Its `part` is a list of argument types, and not the name of a part of a table.
constexpr bool has_arguments(Kind kind) { return kind == Kind::function || kind == Kind::aggregate; }

/// The kind as PostgreSQL calls it: `table`, `materialized view`, `foreign key`, …
std::string_view name_of(Kind kind);

/// Names one object.
///   schema           {schema, "", app}            extension        {extension, "", citext}
///   table, view, …   {table, app, contacts}       function, aggregate {function, app, f, "text, integer"}
///   operator         {operator_, app, ===, "integer, none"}
///   cast             {cast, "", integer, app.score}: from the type `name` to the type `part`
///   column, constraint, trigger, policy, rule     {column, app, contacts, email}: `part` belongs to table `name`
///   foreign server   {foreign_server, "", files}; a foreign data wrapper alike
///   inheritance                                   {inheritance, app, cities, "app.places"}: a child and its parent
///   replica identity                              {replica_identity, app, contacts, "replica identity"}
///   publication table                             {publication_table, "", feed, "app.contacts"}
///   default privileges                            {default_privileges, app, tables, for_role}, the grantee in `role`
///   owner, grant, comment: the key of their target with `kind` replaced, the target's kind in `of`, the grantee in
///   `role`
struct ObjectKey {
  Kind kind = Kind::schema;
  Interned schema;
  Interned name;
  Interned part;
  Kind of = Kind::schema;
  Interned role;

  bool operator==(const ObjectKey&) const = default;
  auto operator<=>(const ObjectKey&) const = default;
};

/// The key of what an owner, grant or comment key is about.
ObjectKey target_of(const ObjectKey& satellite);
/// The key of a target's owner, comment, or grant to a role.
ObjectKey satellite_of(Kind kind, const ObjectKey& target, std::string role = {});
/// The table of a column, constraint, trigger or policy key.
ObjectKey table_of(const ObjectKey& part);
/// The key of a schema.
ObjectKey schema_key(const std::string& name);
/// The key of a column of a relation (of a domain: of its `value`).
ObjectKey column_key(const ObjectKey& relation, const std::string& name);
/// In words, for people: `column app.contacts.email`, `function app.f(text)`, `grant to reporting on table app.t`.
std::string describe(const ObjectKey& key);
/// The name as SQL takes it, quoted where needed: `app.contacts`, `app.f(text)`; for a part only the part's own name.
std::string sql_name(const ObjectKey& key);

/// What an object needs to exist, and how firmly. PostgreSQL tracks hard ones (pg_depend) and refuses to break them;
/// soft ones (names in function bodies) only decide the order.
struct Need {
  ObjectKey target;
  bool soft = false;

  bool operator==(const Need&) const = default;
};

struct ObjectKeyHash {
  std::size_t operator()(const ObjectKey& key) const;
};

}  // namespace godwit
