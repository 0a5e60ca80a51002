// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/materialized_view.h"

#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/names.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/statements.h"

namespace godwit::kinds {

namespace {

Statement altered(const MaterializedView& x, const std::string& what, const std::string& action, Lock lock, Work work) {
  const std::string name = quoted(x.schema, x.name);
  return {
      what + " of materialized view " + name, "alter materialized view " + name + ' ' + action, {{key(x), lock}}, work};
}

void alter_parameters(const MaterializedView& from, const MaterializedView& to, Statements& out) {
  const auto old_ones = sql::parse_parameters(from.parameters);
  const auto new_ones = sql::parse_parameters(to.parameters);
  if (!old_ones || !new_ones) return;
  const OptionChange change = option_change(*old_ones, *new_ones);
  if (!change.set.empty()) {
    out.push_back(altered(to, "set storage parameters", "set (" + option_list(change.set) + ")",
                          Lock::share_update_exclusive, Work::instant));
  }
  if (!change.reset.empty()) {
    std::string names;
    for (const std::string& name : change.reset) names += (names.empty() ? "" : ", ") + name;
    out.push_back(
        altered(to, "reset storage parameters", "reset (" + names + ")", Lock::share_update_exclusive, Work::instant));
  }
}

void declare_now(const ast::Definition& item, const ObjectKey& view_key, Declaring& d) {
  auto text = sql::parse_materialized_view(item.text.text);
  if (!text) {
    d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  MaterializedView view;
  view.schema = view_key.schema;
  view.name = view_key.name;
  view.origin.span = item.name->span;
  view.columns = std::move(text->columns);
  view.method = std::move(text->method);
  view.parameters = std::move(text->parameters);
  view.tablespace = std::move(text->tablespace);
  view.no_data = text->no_data || item.no_data;
  DeclaredQuery declared = declare_query(view_key, item, text->query.begin, text->query.text, view.columns, d);
  view.query = std::move(declared.query);
  view.output = std::move(declared.output);
  if (name_is_free(view_key, item.name->span, d)) d.declare(std::move(view), item.name->span);
}

}  // namespace

std::optional<ObjectKey> parent(const MaterializedView&) { return std::nullopt; }

void needs(const MaterializedView& x, std::vector<Need>& out) {
  need(schema_key(x.schema), out);
  need(x.query, out);
}

void rename(MaterializedView& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.name = to.name;
  rename_query(x.query, x.columns, x.output, renames);
}

Statements create(const MaterializedView& x, const Parts&) {
  const std::string name = "create materialized view " + quoted(x.schema, x.name);
  std::string sql = name;
  if (!x.columns.empty()) sql += " (" + quoted_list(x.columns) + ")";
  if (!x.method.empty()) sql += " using " + quoted(x.method);
  if (!x.parameters.empty()) sql += " with (" + x.parameters + ")";
  if (!x.tablespace.empty()) sql += " tablespace " + quoted(x.tablespace);
  sql += " as\n" + x.query.text;
  if (x.no_data) sql += "\nwith no data";
  return {{name, std::move(sql), reading_locks(x.query), x.no_data ? Work::instant : Work::scan}};
}

Statements drop(const MaterializedView& x) {
  const std::string sql = "drop materialized view " + quoted(x.schema, x.name);
  return {{sql, sql, {{key(x), Lock::access_exclusive}}, Work::instant}};
}

Alteration alter(const MaterializedView& from, const MaterializedView& to) {
  if (!(from.query == to.query) || from.columns != to.columns || from.method != to.method) return {true, false, {}};
  Alteration result;
  alter_parameters(from, to, result.statements);
  if (from.tablespace != to.tablespace) {
    result.statements.push_back(
        altered(to, "move to another tablespace the rows",
                "set tablespace " + quoted(to.tablespace.empty() ? "pg_default" : to.tablespace),
                Lock::access_exclusive, Work::rewrite));
  }
  return result;
}

std::optional<std::string> part(const MaterializedView&) { return std::nullopt; }

std::string verify(const MaterializedView& x) {
  return "exists (select from pg_catalog.pg_class c where c.oid = to_regclass(" + literal(quoted(x.schema, x.name)) +
         ") and c.relkind = 'm'" + verify_columns(x.output, "c.oid") + ")";
}

void declare_materialized_view(const ast::Definition& item, Declaring& d, Pass pass) {
  if (pass < Pass::relations || !item.name) return;
  const ObjectKey view{
      Kind::materialized_view, d.schema_for_new(*item.name), item.name->name.text, {}, Kind::schema, {}};
  if (pass == Pass::relations) {
    MaterializedView placeholder;
    placeholder.schema = view.schema;
    placeholder.name = view.name;
    placeholder.origin.span = item.name->span;
    promise_query(placeholder, d, [&item, view, &d] { declare_now(item, view, d); });
  }
  if (pass == Pass::queries) keep_promise(view, d);
  declare_block(item, view, d, pass);
}

}  // namespace godwit::kinds
