// SPDX-License-Identifier: Apache-2.0
#include "compiler/model/key.h"

#include "base/identifier.h"

#include <functional>
#include <utility>

namespace godwit {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::schema: return "schema";
    case Kind::extension: return "extension";
    case Kind::collation: return "collation";
    case Kind::enum_type: return "enum";
    case Kind::domain: return "domain";
    case Kind::composite_type: return "composite type";
    case Kind::range_type: return "range type";
    case Kind::foreign_data_wrapper: return "foreign data wrapper";
    case Kind::foreign_server: return "foreign server";
    case Kind::text_search_dictionary: return "text search dictionary";
    case Kind::text_search_configuration: return "text search configuration";
    case Kind::sequence: return "sequence";
    case Kind::replica_identity: return "replica identity";
    case Kind::table: return "table";
    case Kind::column: return "column";
    case Kind::primary_key: return "primary key";
    case Kind::unique: return "unique constraint";
    case Kind::check: return "check constraint";
    case Kind::foreign_key: return "foreign key";
    case Kind::exclude: return "exclusion constraint";
    case Kind::inheritance: return "inheritance";
    case Kind::foreign_table: return "foreign table";
    case Kind::function: return "function";
    case Kind::aggregate: return "aggregate";
    case Kind::operator_: return "operator";
    case Kind::cast: return "cast";
    case Kind::view: return "view";
    case Kind::materialized_view: return "materialized view";
    case Kind::index: return "index";
    case Kind::statistics: return "statistics";
    case Kind::trigger: return "trigger";
    case Kind::policy: return "policy";
    case Kind::rule: return "rule";
    case Kind::publication: return "publication";
    case Kind::publication_table: return "publication table";
    case Kind::default_privileges: return "default privileges";
    case Kind::event_trigger: return "event trigger";
    case Kind::owner: return "owner";
    case Kind::grant: return "grant";
    case Kind::comment: return "comment";
  }
  return {};
}

ObjectKey target_of(const ObjectKey& satellite) {
  return {satellite.of, satellite.schema, satellite.name, satellite.part, Kind::schema, {}};
}

ObjectKey satellite_of(Kind kind, const ObjectKey& target, std::string role) {
  return {kind, target.schema, target.name, target.part, target.kind, std::move(role)};
}

ObjectKey table_of(const ObjectKey& part) { return {Kind::table, part.schema, part.name, {}, Kind::schema, {}}; }

ObjectKey schema_key(const std::string& name) { return {Kind::schema, {}, name, {}, Kind::schema, {}}; }

ObjectKey column_key(const ObjectKey& relation, const std::string& name) {
  return {Kind::column, relation.schema, relation.name, name, Kind::schema, {}};
}

std::string describe(const ObjectKey& key) {
  switch (key.kind) {
    case Kind::owner: return "owner of " + describe(target_of(key));
    case Kind::grant: return "grant to " + key.role + " on " + describe(target_of(key));
    case Kind::comment: return "comment on " + describe(target_of(key));
    case Kind::publication_table: return "table " + key.part + " in publication " + key.name;
    case Kind::default_privileges:
      return "default privileges of " + key.role + " on " + key.name +
             (key.schema.str().empty() ? "" : " in schema " + quoted(key.schema)) +
             (key.part.empty() ? "" : " made by " + quoted(key.part));
    case Kind::replica_identity: return "replica identity of " + quoted(key.schema, key.name);
    case Kind::inheritance: return "inheritance of " + quoted(key.schema, key.name) + " from " + key.part;
    case Kind::column: return "column " + quoted(key.schema, key.name) + '.' + quoted(key.part);
    case Kind::primary_key:
    case Kind::unique:
    case Kind::check:
    case Kind::foreign_key:
    case Kind::exclude:
    case Kind::trigger:
    case Kind::policy:
    case Kind::rule:
      return std::string(name_of(key.kind)) + ' ' + quoted(key.part) + " on " + quoted(key.schema, key.name);
    default: return std::string(name_of(key.kind)) + ' ' + sql_name(key);
  }
}

std::string sql_name(const ObjectKey& key) {
  if (key.kind == Kind::cast) return "(" + key.name.str() + " as " + key.part.str() + ')';
  if (key.kind == Kind::operator_) return quoted(key.schema) + '.' + key.name + " (" + key.part + ')';
  if (has_arguments(key.kind)) return quoted(key.schema, key.name) + '(' + key.part + ')';
  if (!key.part.empty()) return quoted(key.part);
  return quoted(key.schema, key.name);
}

namespace {

constexpr std::size_t spread(std::size_t bits) {
  bits *= 0x9e3779b97f4a7c15ULL;  // pointers differ in few bits
  return bits ^ bits >> 32U;
}

}  // namespace

/// What belongs to one table is asked for together: its parts hash to neighbours, which share cache lines and pages.
std::size_t ObjectKeyHash::operator()(const ObjectKey& key) const {
  constexpr std::size_t neighbours = 64;
  const std::size_t table = spread(spread(key.schema.hash()) ^ key.name.hash());
  const std::size_t kinds = (static_cast<std::size_t>(key.kind) << 8U) | static_cast<std::size_t>(key.of);
  const std::size_t part = spread(spread(key.part.hash() ^ kinds) ^ key.role.hash());
  return table / neighbours * neighbours + part % neighbours;
}

}  // namespace godwit
