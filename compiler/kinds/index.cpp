// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/index.h"

#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/statements.h"

namespace godwit::kinds {

namespace {}  // namespace

std::optional<ObjectKey> parent(const Index& x) { return x.table; }

void needs(const Index& x, std::vector<Need>& out) {
  const auto column = [&](const std::string& name) {
    if (x.table.kind == Kind::table)
      out.push_back({{Kind::column, x.table.schema, x.table.name, name, Kind::schema, {}}, false});
  };
  for (const IndexElement& element : x.elements) {
    if (!element.column.empty()) column(element.column);
    for (const Reference& reference : element.text.references) out.push_back({reference.target, false});
  }
  for (const std::string& name : x.include) column(name);
  if (x.where) {
    for (const Reference& reference : x.where->references) out.push_back({reference.target, false});
  }
}

void rename(Index& x, const Renames& renames, RenamedBy) {
  const ObjectKey old_table = x.table;
  const auto column = [&](std::string& name) {
    if (!name.empty()) {
      name = renamed_key({Kind::column, old_table.schema, old_table.name, name, Kind::schema, {}}, renames).part;
    }
  };
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.name = to.name;
  x.table = renamed_key(x.table, renames);
  for (IndexElement& element : x.elements) {
    column(element.column);
    element.text = sql::renamed(element.text, renames);
  }
  for (std::string& name : x.include) column(name);
  if (x.where) x.where = sql::renamed(*x.where, renames);
}

Statements create(const Index& x, const Parts&) {
  std::string sql = x.unique ? "create unique index " : "create index ";
  sql += quoted(x.name) + " on " + quoted(x.table.schema, x.table.name);
  if (!x.method.empty()) sql += " using " + quoted(x.method);
  sql += " (";
  for (std::size_t i = 0; i < x.elements.size(); ++i) sql += (i == 0 ? "" : ", ") + x.elements[i].text.text;
  sql += ')';
  if (!x.include.empty()) sql += " include (" + quoted_list(x.include) + ')';
  if (x.nulls_not_distinct) sql += " nulls not distinct";
  if (!x.parameters.empty()) sql += " with (" + x.parameters + ')';
  if (!x.tablespace.empty()) sql += " tablespace " + quoted(x.tablespace);
  if (x.where) sql += " where " + x.where->text;
  return {{"create index " + quoted(x.schema, x.name), std::move(sql), {{x.table, Lock::share}}, Work::scan}};
}

Statements drop(const Index& x) {
  const std::string name = quoted(x.schema, x.name);
  return {{"drop index " + name, "drop index " + name, {{x.table, Lock::access_exclusive}}, Work::instant}};
}

// An index has no attribute that is worth altering in place; its name changes by a rename.
Alteration alter(const Index&, const Index&) { return {true, false, {}}; }

std::optional<std::string> part(const Index&) { return std::nullopt; }

Verification verify(const Index& x) {
  return {
      "exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)\n"
      "      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique\n"
      "      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)",
      {{"relation", literal(quoted(x.table.schema, x.table.name))},
       {"name", literal(quoted(x.schema, x.name))},
       {"is_unique", x.unique ? "true" : "false"},
       {"elements", std::to_string(x.elements.size())},
       {"is_partial", x.where ? "true" : "false"}}};
}

void declare_index(const ast::Index& item, const ObjectKey& relation, Declaring& d) {
  Index index;
  index.schema = relation.schema;
  index.table = relation;
  index.unique = item.unique;
  index.origin.span = item.span;
  if (item.method && item.method->text != "btree") index.method = item.method->text;
  const sql::Relation table = d.relation(relation);
  const std::vector<sql::Visible> visible{{relation.name, table}};
  std::string columns;
  std::vector<sql::Analysis> analyses;
  for (const ast::IndexElement& element : item.elements) {
    IndexElement made;
    sql::Analysis analysis = d.analyze(Form::index_element, element.text, visible);
    if (analysis.subquery || analysis.aggregate || analysis.window) {
      d.diagnostics.add(codes::forbidden_expression, element.text.span, "an index element cannot hold a {}",
                        analysis.subquery    ? "subquery"
                        : analysis.aggregate ? "aggregate"
                                             : "window function");
    }
    for (const sql::Call& call : analysis.calls) {
      if (call.volatility == 'm') continue;
      d.diagnostics
          .add(codes::not_immutable, Declaring::span_in(element.text, call.begin, call.end),
               "`{}` is not immutable, so it cannot stand in an index", call.name)
          .hint("store the value in a column, or wrap it in a function declared immutable");
    }
    if (element.column) made.column = element.column->text;
    made.text = analysis.fragment;
    analyses.push_back(std::move(analysis));
    columns += (columns.empty() ? "" : "_") + (element.column ? element.column->text : std::string("expr"));
    index.elements.push_back(std::move(made));
  }
  check_index(item, analyses, d);
  for (const ast::Name& name : item.include) index.include.push_back(name.text);
  for (const ast::Name& name : item.include) {
    const auto is_it = [&](const OutputColumn& column) { return column.name == name.text; };
    if (table.columns_known && std::none_of(table.columns.begin(), table.columns.end(), is_it)) {
      d.diagnostics.add(codes::unknown_column, name.span, "`{}` has no column `{}`",
                        quoted(relation.schema, relation.name), name.text);
    }
  }
  index.nulls_not_distinct = item.nulls_not_distinct;
  if (item.nulls_not_distinct) {
    d.needs_postgres(15, item.span, "`nulls not distinct`",
                     "a unique index over `coalesce(column, …)` treats nulls as equal on every version");
  }
  if (item.with) index.parameters = item.with->text;
  if (item.tablespace) index.tablespace = item.tablespace->text;
  if (item.where) {
    sql::Analysis analysis = d.analyze(Form::expression, *item.where, visible);
    if (analysis.subquery) {
      d.diagnostics.add(codes::forbidden_expression, item.where->span, "an index predicate cannot hold a subquery");
    }
    for (const sql::Call& call : analysis.calls) {
      if (call.volatility == 'm') continue;
      d.diagnostics.add(codes::not_immutable, Declaring::span_in(*item.where, call.begin, call.end),
                        "`{}` is not immutable, so it cannot stand in an index predicate", call.name);
    }
    check_condition(analysis, item.where->span, "an index predicate", d);
    index.where = std::move(analysis.fragment);
  }
  Span name_span = item.span;
  if (item.name) {
    index.name = item.name->text;
    name_span = item.name->span;
  } else {
    index.name = d.free_relation_name(relation.schema, relation.name, columns, "idx");
  }
  d.declare(std::move(index), name_span);
}

}  // namespace godwit::kinds
