// SPDX-License-Identifier: Apache-2.0
// A foreign table holds no rows of its own: it is dropped and made anew where PostgreSQL cannot alter it.
#include "compiler/kinds/foreign_table.h"

#include "base/identifier.h"
#include "compiler/kinds/column.h"
#include "compiler/kinds/constraint.h"
#include "compiler/kinds/foreign_options.h"
#include "compiler/kinds/spelling.h"

#include <algorithm>

namespace godwit::kinds {

namespace {

std::string name_of(const ForeignTable& x) { return "foreign table " + quoted(x.schema, x.name); }

/// `id bigint options (column_name 'number') collate "C" not null default 0`
std::string definition(const ForeignColumn& x) {
  const Column& column = x.column;
  std::string sql = quoted(column.name) + ' ' + column.type.text;
  if (!x.options.empty()) sql += ' ' + foreign_options(x.options);
  if (!column.collation.empty()) sql += " collate " + column.collation;
  if (column.not_null) sql += " not null";
  if (column.default_value) sql += " default " + column.default_value->text;
  if (column.generated) sql += " generated always as (" + column.generated->expression.text + ") stored";
  return sql;
}

std::string constraint(const Check& x) {
  return "constraint " + quoted(x.name) + " check (" + x.expression.text + ')' + (x.no_inherit ? " no inherit" : "") +
         (x.not_valid ? " not valid" : "");
}

Statement altered(const ForeignTable& x, const std::string& title, const std::string& action) {
  return {title, "alter " + name_of(x) + ' ' + action, {{key(x), Lock::access_exclusive}}, Work::instant};
}

Statement with_check(const ForeignTable& x, const Check& check) {
  return altered(x, "add " + describe(key(check)), "add " + constraint(check));
}

/// What no statement changes of a column that stays.
bool same_shape(const ForeignColumn& from, const ForeignColumn& to) {
  const Column &a = from.column, &b = to.column;
  return a.name == b.name && a.type == b.type && a.collation == b.collation && a.generated == b.generated;
}

/// Columns come and go at the end alone: anywhere else they would have another order.
bool extends_or_shortens(const ForeignTable& from, const ForeignTable& to) {
  const std::size_t shared = std::min(from.columns.size(), to.columns.size());
  return std::equal(from.columns.begin(), from.columns.begin() + static_cast<std::ptrdiff_t>(shared),
                    to.columns.begin(), same_shape);
}

const Check* check_called(const ForeignTable& x, const std::string& name) {
  const auto found =
      std::find_if(x.checks.begin(), x.checks.end(), [&](const Check& check) { return check.name == name; });
  return found == x.checks.end() ? nullptr : &*found;
}

bool has_check(const ForeignTable& x, const Check& check) {
  const Check* there = check_called(x, check.name);
  return there != nullptr && *there == check;
}

void alter_column(const ForeignTable& x, const ForeignColumn& from, const ForeignColumn& to, Statements& out) {
  const std::string column = quoted(x.schema, x.name) + '.' + quoted(to.column.name);
  const auto add = [&](const std::string& title, const std::string& action) {
    out.push_back(altered(x, title + ' ' + column, "alter column " + quoted(to.column.name) + ' ' + action));
  };
  if (from.column.not_null && !to.column.not_null) add("allow null in", "drop not null");
  if (from.column.default_value != to.column.default_value) {
    if (to.column.default_value) {
      add("set default of", "set default " + to.column.default_value->text);
    } else {
      add("drop default of", "drop default");
    }
  }
  if (!from.column.not_null && to.column.not_null) add("forbid null in", "set not null");
  if (from.options != to.options) add("change options of", changed_foreign_options(from.options, to.options));
}

/// `name type not_null has_default options` of each column, as the server has them.
std::string verify_shape(const ForeignTable& x) {
  std::vector<std::string> rows;
  for (const ForeignColumn& each : x.columns) {
    const Column& column = each.column;
    rows.push_back("(" + literal(column.name) + ", to_regtype(" + literal(column.type.text) + "), " +
                   (column.not_null ? "true" : "false") + ", " +
                   (column.default_value || column.generated ? "true" : "false") + ", " + stored_options(each.options) +
                   ")");
  }
  const std::string there =
      "(select a.attname, a.atttypid, a.attnotnull, a.atthasdef, coalesce(a.attfdwoptions, '{}') as options"
      " from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)";
  if (rows.empty()) return " and not exists " + there;
  std::vector<std::string> names;
  for (const ForeignColumn& each : x.columns) names.push_back(each.column.name);
  return " and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0"
         " and not a.attisdropped order by a.attnum) = " +
         text_array(names) + "\n  and not exists (select from (values " + joined(rows, ",\n      ") +
         ") d (name, type, not_null, has_default, options) where not exists (select from " + there +
         " a\n      where a.attname = d.name and a.atttypid = d.type and a.attnotnull = d.not_null and a.atthasdef = "
         "d.has_default and a.options = d.options))";
}

}  // namespace

std::optional<ObjectKey> parent(const ForeignTable&) { return std::nullopt; }

void needs(const ForeignTable& x, std::vector<Need>& out) {
  need(schema_key(x.schema), out);
  if (x.server_object.key) need(*x.server_object.key, out);
  const ObjectKey self = key(x);
  std::vector<Need> inner;
  for (const ForeignColumn& each : x.columns) needs(each.column, inner);
  for (const Check& check : x.checks) need(check.expression, inner);
  for (Need& each : inner) {
    const bool own = each.target == self ||
                     (each.target.kind == Kind::column && each.target.schema == x.schema && each.target.name == x.name);
    if (!own) out.push_back(std::move(each));
  }
}

void rename(ForeignTable& x, const Renames& renames, RenamedBy by) {
  const ObjectKey to = renamed_key(key(x), renames);
  for (ForeignColumn& each : x.columns) {
    rename(each.column, renames, by);
    each.column.schema = to.schema;
    each.column.table = to.name;
  }
  for (Check& check : x.checks) {
    rename(check, renames, by);
    check.schema = to.schema;
    check.table = to.name;
  }
  x.schema = to.schema;
  x.name = to.name;
}

Statements create(const ForeignTable& x, const Parts&) {
  const std::string name = "create " + name_of(x);
  std::vector<std::string> inside;
  for (const ForeignColumn& each : x.columns) inside.push_back(definition(each));
  // Inside `create foreign table` PostgreSQL takes `not valid` for valid.
  for (const Check& check : x.checks) {
    if (!check.not_valid) inside.push_back(constraint(check));
  }
  std::string sql = name + (inside.empty() ? " ()" : " (\n    " + joined(inside, ",\n    ") + "\n)");
  sql += "\n    server " + quoted(x.server);
  if (!x.options.empty()) sql += "\n    " + foreign_options(x.options);
  Statements out{{name, std::move(sql), {}, Work::instant}};
  for (const Check& check : x.checks) {
    if (check.not_valid) out.push_back(with_check(x, check));
  }
  return out;
}

Statements drop(const ForeignTable& x) {
  const std::string sql = "drop " + name_of(x);
  return {{sql, sql, {{key(x), Lock::access_exclusive}}, Work::instant}};
}

// PostgreSQL gives a foreign table no other server, and nothing in it would be lost.
Alteration alter(const ForeignTable& from, const ForeignTable& to) {
  if (from.server != to.server || !extends_or_shortens(from, to)) return {true, false, {}};
  Alteration result;
  Statements& out = result.statements;
  const std::string name = quoted(to.schema, to.name);
  for (const Check& check : from.checks) {
    if (!has_check(to, check))
      out.push_back(altered(to, "drop " + describe(key(check)), "drop constraint " + quoted(check.name)));
  }
  // The last one first: a generated column may read one before it.
  for (std::size_t i = from.columns.size(); i > to.columns.size(); --i) {
    const std::string column = quoted(from.columns[i - 1].column.name);
    result.reshapes = true;
    out.push_back(altered(to, "drop column " + name + '.' + column, "drop column " + column));
  }
  for (std::size_t i = 0; i < std::min(from.columns.size(), to.columns.size()); ++i)
    alter_column(to, from.columns[i], to.columns[i], out);
  for (std::size_t i = from.columns.size(); i < to.columns.size(); ++i) {
    out.push_back(altered(to, "add column " + name + '.' + quoted(to.columns[i].column.name),
                          "add column " + definition(to.columns[i])));
  }
  if (from.options != to.options)
    out.push_back(altered(to, "change options of " + name_of(to), changed_foreign_options(from.options, to.options)));
  for (const Check& check : to.checks) {
    if (!has_check(from, check)) out.push_back(with_check(to, check));
  }
  return result;
}

std::optional<std::string> part(const ForeignTable&) { return std::nullopt; }

std::string verify(const ForeignTable& x) {
  std::vector<std::string> checks;
  for (const Check& check : x.checks) checks.push_back(check.name);
  return "exists (select from pg_catalog.pg_class c join pg_catalog.pg_foreign_table f on f.ftrelid = c.oid"
         " join pg_catalog.pg_foreign_server s on s.oid = f.ftserver\n  where c.oid = to_regclass(" +
         literal(quoted(x.schema, x.name)) + ") and s.srvname = " + literal(x.server) +
         " and coalesce(f.ftoptions, '{}') = " + stored_options(x.options) +
         "\n  and array(select k.conname::text from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype "
         "= 'c' order by k.conname collate \"C\") = " +
         text_array(checks) + verify_shape(x) + ")";
}

}  // namespace godwit::kinds
