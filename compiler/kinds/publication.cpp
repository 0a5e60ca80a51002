// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/publication.h"

#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/statements.h"

#include <algorithm>
#include <set>

namespace godwit::kinds {

namespace {

ObjectKey publication_key(const std::string& name) { return {Kind::publication, {}, name, {}, Kind::schema, {}}; }

std::string listed(const PublicationTable& x) {
  std::string sql = quoted(x.table.schema, x.table.name);
  if (!x.columns.empty()) sql += " (" + quoted_list(x.columns) + ")";
  if (x.where) sql += " where (" + x.where->text + ")";
  return sql;
}

Statement altered(const PublicationTable& x, const std::string& verb, const std::string& what) {
  return {verb + " table " + quoted(x.table.schema, x.table.name) + (verb == "add" ? " to" : " from") +
              " publication " + quoted(x.publication),
          "alter publication " + quoted(x.publication) + ' ' + verb + " table " + what,
          {{x.table, Lock::share_update_exclusive}},
          Work::instant};
}

/// What an option is when nobody sets it (manual 15, CREATE PUBLICATION).
std::string default_of(const std::string& option) {
  return option == "publish" ? "insert, update, delete, truncate" : "false";
}

/// `publish` is a list inside a literal.
std::string spelled(Options options) {
  for (auto& [name, value] : options) {
    if (name == "publish") value = literal(value);
  }
  return option_list(options);
}

std::vector<std::string> without(const std::vector<std::string>& names, const std::vector<std::string>& others) {
  std::vector<std::string> left;
  for (const std::string& name : names) {
    if (std::find(others.begin(), others.end(), name) == others.end()) left.push_back(name);
  }
  return left;
}

void declare_table(const ast::Definition& item, const sql::PublicationText::Table& listed_table, Declaring& d) {
  const std::vector<std::string>& path = listed_table.path;
  const Span span = Declaring::span_in(item.text, listed_table.begin, listed_table.begin + 1);
  const std::string schema = path.size() > 1 ? path[path.size() - 2] : std::string{};
  const auto relation = d.world.relation(schema, path.back());
  if (!relation || relation->key.kind != Kind::table) {
    const std::string written = quoted(schema, path.back());
    auto report = d.diagnostics.add(codes::unknown_table, span, "table `{}` is not declared", written);
    if (const auto near = closest(written, d.world.names_like(Kind::table))) {
      report.hint("`{}` is declared and has a similar name", *near);
    }
    return;
  }
  PublicationTable table;
  table.publication = item.name->name.text;
  table.table = relation->key;
  table.columns = listed_table.columns;
  table.origin.span = item.span;
  if (!table.columns.empty()) d.needs_postgres(15, span, "a column list in a publication", "publish the whole table");
  for (const std::string& column : table.columns) {
    const auto is_it = [&](const OutputColumn& other) { return other.name == column; };
    if (std::any_of(relation->columns.begin(), relation->columns.end(), is_it)) continue;
    d.diagnostics.add(codes::unknown_column, span, "`{}` has no column `{}`",
                      quoted(table.table.schema, table.table.name), column);
  }
  if (listed_table.where) {
    const sql::Part& where = *listed_table.where;
    d.needs_postgres(15, span, "a row filter in a publication", "leave it out and filter where the rows are read");
    sql::Analysis analysis =
        d.analyze_part(Form::expression, item.text, where.begin, where.text, {{path.back(), *relation}});
    if (analysis.subquery || analysis.aggregate || analysis.window) {
      d.diagnostics.add(codes::forbidden_expression,
                        Declaring::span_in(item.text, where.begin, where.begin + where.text.size()),
                        "a publication's row filter cannot hold a {}",
                        analysis.subquery    ? "subquery"
                        : analysis.aggregate ? "aggregate"
                                             : "window function");
    }
    table.where = std::move(analysis.fragment);
  }
  d.declare(std::move(table), span);
}

}  // namespace

// ---- the publication ----

std::optional<ObjectKey> parent(const Publication&) { return std::nullopt; }

void needs(const Publication& x, std::vector<Need>& out) {
  for (const std::string& schema : x.schemas) need(schema_key(schema), out);
}

void rename(Publication& x, const Renames& renames, RenamedBy) {
  x.name = renamed_key(publication_key(x.name), renames).name;
  for (std::string& schema : x.schemas) schema = renamed_key(schema_key(schema), renames).name;
  std::sort(x.schemas.begin(), x.schemas.end());
}

Statements create(const Publication& x, const Parts&) {
  const std::string name = "create publication " + quoted(x.name);
  std::string sql = name;
  if (x.all_tables) sql += " for all tables";
  if (!x.schemas.empty()) sql += " for tables in schema " + quoted_list(x.schemas);
  if (!x.options.empty()) sql += " with (" + spelled(x.options) + ")";
  return {{name, std::move(sql), {}, Work::instant}};
}

Statements drop(const Publication& x) {
  const std::string sql = "drop publication " + quoted(x.name);
  return {{sql, sql, {}, Work::instant}};
}

Alteration alter(const Publication& from, const Publication& to) {
  if (from.all_tables != to.all_tables) return {true, false, {}};
  Alteration result;
  const std::string name = "alter publication " + quoted(to.name);
  const auto add = [&](const std::string& action) {
    result.statements.push_back({name, name + ' ' + action, {}, Work::instant});
  };
  const std::vector<std::string> gone = without(from.schemas, to.schemas), added = without(to.schemas, from.schemas);
  if (!gone.empty()) add("drop tables in schema " + quoted_list(gone));
  if (!added.empty()) add("add tables in schema " + quoted_list(added));
  OptionChange change = option_change(from.options, to.options);
  for (const std::string& option : change.reset) change.set.emplace_back(option, default_of(option));
  if (!change.set.empty()) add("set (" + spelled(change.set) + ")");
  return result;
}

std::optional<std::string> part(const Publication&) { return std::nullopt; }

std::string verify(const Publication& x) {
  return "exists (select from pg_catalog.pg_publication where pubname = " + literal(x.name) + " and " +
         (x.all_tables ? "puballtables" : "not puballtables") + ")";
}

// ---- a table in it ----

std::optional<ObjectKey> parent(const PublicationTable& x) { return publication_key(x.publication); }

void needs(const PublicationTable& x, std::vector<Need>& out) {
  need(x.table, out);
  for (const std::string& column : x.columns) need(column_key(x.table, column), out);
  if (x.where) need(*x.where, out);
}

void rename(PublicationTable& x, const Renames& renames, RenamedBy) {
  x.publication = renamed_key(publication_key(x.publication), renames).name;
  for (std::string& column : x.columns) column = renamed_key(column_key(x.table, column), renames).part;
  x.table = renamed_key(x.table, renames);
  if (x.where) x.where = sql::renamed(*x.where, renames);
}

Statements create(const PublicationTable& x, const Parts&) { return {altered(x, "add", listed(x))}; }

Statements drop(const PublicationTable& x) { return {altered(x, "drop", quoted(x.table.schema, x.table.name))}; }

// PostgreSQL has no way to change one table of a publication: it leaves and comes back.
Alteration alter(const PublicationTable& from, const PublicationTable& to) {
  return {false, false, {drop(from).front(), create(to, {}).front()}};
}

std::optional<std::string> part(const PublicationTable&) { return std::nullopt; }

std::string verify(const PublicationTable& x) {
  return "exists (select from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid"
         " where p.pubname = " +
         literal(x.publication) + " and r.prrelid = to_regclass(" + literal(quoted(x.table.schema, x.table.name)) +
         "))";
}

// ---- declaring ----

void declare_publication(const ast::Definition& item, Declaring& d, Pass pass) {
  if (pass != Pass::satellites || !item.name) return;
  if (item.name->schema) {
    d.diagnostics.add(codes::bad_option, item.name->schema->span, "a publication stands in no schema");
    return;
  }
  const auto text = sql::parse_publication(item.text.text);
  if (!text) {
    d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  for (const auto& [option, value] : text->options) {
    if (option == "publish" || option == "publish_via_partition_root" || option == "publish_generated_columns")
      continue;
    d.diagnostics.add(codes::bad_option, place_of_word(item.text, option), "a publication has no option `{}`", option)
        .hint("it has `publish` and `publish_via_partition_root`");
  }
  const ObjectKey name = publication_key(item.name->name.text);
  Publication publication{name.name, text->all_tables, text->schemas, text->options, {item.name->span}};
  std::sort(publication.schemas.begin(), publication.schemas.end());
  if (!publication.schemas.empty()) {
    d.needs_postgres(15, item.text.span, "`tables in schema`", "list the tables");
  }
  for (const std::string& schema : publication.schemas) {
    if (d.world.schema_exists(schema)) continue;
    d.diagnostics.add(codes::unknown_schema, item.text.span, "schema `{}` is not declared", schema);
  }
  if (!d.declare(std::move(publication), item.name->span)) return;
  for (const sql::PublicationText::Table& table : text->tables) declare_table(item, table, d);
  // A publication is stated as a whole: a table that is not listed leaves it.
  for (const ObjectKey& child : d.catalog.children(name)) {
    if (child.kind == Kind::publication_table && !d.declared_here.contains(child)) d.catalog.erase(child);
  }
  declare_block(item, name, d, pass);
}

}  // namespace godwit::kinds
