// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/replica_identity.h"

#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/sql/tree.h"

#include <algorithm>

namespace godwit::kinds {

namespace {

const std::string& index_name(const ObjectKey& index) {
  return index.kind == Kind::index ? index.name.str() : index.part.str();
}

Statement set_to(const ReplicaIdentity& x, const std::string& words) {
  const std::string table = quoted(x.schema, x.table);
  return {"set replica identity of " + table,
          "alter table " + table + " replica identity " + words,
          {{table_of(key(x)), Lock::access_exclusive}},
          Work::instant};
}

/// The index of the table by its name, that of a constraint included.
std::optional<ObjectKey> index_named(const std::string& name, const ObjectKey& table, const Catalog& catalog) {
  for (const ObjectKey& child : catalog.children(table)) {
    const bool has_index = child.kind == Kind::index || child.kind == Kind::primary_key || child.kind == Kind::unique ||
                           child.kind == Kind::exclude;
    if (has_index && index_name(child) == name) return child;
  }
  return std::nullopt;
}

std::string fault_of_columns(const std::vector<std::string>& names, const ObjectKey& table, const Catalog& catalog) {
  for (const std::string& name : names) {
    const Column* column = catalog.get<Column>(column_key(table, name));
    if (column != nullptr && !column->not_null) return "its column `" + name + "` is not `not null`";
  }
  return {};
}

/// Why PostgreSQL would refuse the index (manual 15, ALTER TABLE, REPLICA IDENTITY); empty when it takes it.
std::string fault_of(const ObjectKey& key, const ObjectKey& table, const Catalog& catalog) {
  if (key.kind == Kind::exclude) return "it is that of an exclusion constraint";
  if (const auto* primary = catalog.get<PrimaryKey>(key)) return primary->deferrable ? "it is deferrable" : "";
  if (const auto* unique = catalog.get<Unique>(key))
    return unique->deferrable ? "it is deferrable" : fault_of_columns(unique->columns, table, catalog);
  const Index& index = *catalog.get<Index>(key);
  if (!index.unique) return "it is not unique";
  if (index.where) return "it has a condition";
  std::vector<std::string> columns;
  for (const IndexElement& element : index.elements) {
    if (element.column.empty()) return "it is over an expression";
    columns.push_back(element.column);
  }
  return fault_of_columns(columns, table, catalog);
}

}  // namespace

std::optional<ObjectKey> parent(const ReplicaIdentity& x) { return table_of(key(x)); }

void needs(const ReplicaIdentity& x, std::vector<Need>& out) {
  if (x.index) out.push_back({*x.index, false});
}

void rename(ReplicaIdentity& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.table = to.name;
  if (x.index) x.index = renamed_key(*x.index, renames);
}

Statements create(const ReplicaIdentity& x, const Parts&) {
  return {set_to(x, x.index ? "using index " + godwit::quoted(index_name(*x.index)) : x.words)};
}

Statements drop(const ReplicaIdentity& x) { return {set_to(x, "default")}; }

// PostgreSQL keeps the columns of the index as they are while it is the identity: it is let go of first, and the new
// one taken when it stands.
Alteration alter(const ReplicaIdentity& from, const ReplicaIdentity& to) {
  if (from.index || to.index) return {true, false, {}};
  return {false, false, create(to, {})};
}

std::optional<std::string> part(const ReplicaIdentity&) { return std::nullopt; }

std::string verify(const ReplicaIdentity& x) {
  const std::string table = literal(quoted(x.schema, x.table));
  if (!x.index) {
    return "exists (select from pg_catalog.pg_class where oid = to_regclass(" + table +
           ") and relreplident = " + literal(x.words.substr(0, 1)) + ")";
  }
  return "exists (select from pg_catalog.pg_index where indexrelid = to_regclass(" +
         literal(quoted(x.schema, index_name(*x.index))) + ")\n      and indrelid = to_regclass(" + table +
         ") and indisreplident)";
}

void declare_replica_identity(const ast::ReplicaIdentity& item, const ObjectKey& table, Declaring& d) {
  ReplicaIdentity identity;
  identity.schema = table.schema;
  identity.table = table.name;
  identity.origin.span = item.span;
  auto scanned = sql::tokens(item.identity.text);
  if (!scanned.has_value()) return;
  const sql::TokenList tokens(item.identity.text, std::move(*scanned));
  if (tokens.is(0, "default")) {
    d.catalog.erase(key(identity));
    return;
  }
  if (!tokens.is(0, "using")) {
    identity.words = folded(tokens.spelling(0));
    d.declare(std::move(identity), item.span);
    return;
  }
  const std::string name = tokens.name(2);
  const auto index = index_named(name, table, d.catalog);
  if (!index) {
    d.diagnostics.add(codes::unknown_object, item.span, "`{}` has no index `{}`", quoted(table.schema, table.name),
                      name);
    return;
  }
  if (const std::string fault = fault_of(*index, table, d.catalog); !fault.empty()) {
    d.diagnostics.add(codes::bad_option, item.span, "`{}` cannot be the replica identity: {}", name, fault)
        .hint("a unique index over columns that are `not null` can; or say `replica identity full;`");
    return;
  }
  identity.index = *index;
  d.declare(std::move(identity), item.span);
}

}  // namespace godwit::kinds
