// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/table.h"

#include "base/identifier.h"
#include "compiler/kinds/inheritance.h"
#include "compiler/kinds/partition.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/analyze.h"

namespace godwit::kinds {

namespace {

Statement altered(const Table& x, const std::string& title, const std::string& action, Lock lock,
                  Work work = Work::instant) {
  const std::string name = quoted(x.schema, x.name);
  return {title + ' ' + name, "alter table " + name + ' ' + action, {{key(x), lock}}, work};
}

/// What row level security is switched by, one statement an attribute (manual 15, ALTER TABLE).
void row_security(const Table& x, RowSecurity from, RowSecurity to, Statements& out) {
  if ((from == RowSecurity::off) != (to == RowSecurity::off)) {
    const std::string action = to == RowSecurity::off ? "disable row level security" : "enable row level security";
    out.push_back(
        altered(x, action.substr(0, action.find(' ')) + " row level security on", action, Lock::access_exclusive));
  }
  if ((from == RowSecurity::force) != (to == RowSecurity::force)) {
    const std::string action = to == RowSecurity::force ? "force row level security" : "no force row level security";
    out.push_back(altered(x, action + " on", action, Lock::access_exclusive));
  }
}

/// The key by its strategy and columns, the bound by its kind: PostgreSQL prints the rest in words of its own, which
/// the ledger's catalog compares.
Verification verify_partitioning(const Table& x) {
  const std::string null = "null";
  std::string strategy = null, elements = null, parent = null, bound = null;
  if (x.partition_key) {
    strategy = literal(strategy_of(*x.partition_key).substr(0, 1));
    elements = std::to_string(partition_key_elements(*x.partition_key).size());
  }
  if (x.partition_of) {
    const std::string& text = x.partition_of->bound.text;
    parent = literal(quoted(x.partition_of->table.schema, x.partition_of->table.name));
    bound = is_default_bound(x.partition_of->bound) ? "'DEFAULT%'"
            : has_word(text, "from")                ? "'FOR VALUES FROM%'"
            : has_word(text, "with")                ? "'FOR VALUES WITH%'"
                                                    : "'FOR VALUES IN%'";
  }
  return {
      "exists (select from pg_catalog.pg_class c left join pg_catalog.pg_partitioned_table p on p.partrelid = c.oid\n"
      "        left join pg_catalog.pg_inherits i on i.inhrelid = c.oid and c.relispartition\n"
      "      where c.oid = to_regclass(d.name) and c.relkind = d.kind\n"
      "      and p.partstrat is not distinct from d.strategy::\"char\" and p.partnatts is not distinct from "
      "d.elements::smallint\n"
      "      and i.inhparent is not distinct from to_regclass(d.parent)\n"
      "      and (d.bound is null or pg_get_expr(c.relpartbound, c.oid) like d.bound)\n"
      "      and c.relrowsecurity = d.row_security and c.relforcerowsecurity = d.row_security_forced)",
      {{"name", literal(quoted(x.schema, x.name))},
       {"kind", x.partition_key ? "'p'" : "'r'"},
       {"strategy", strategy},
       {"elements", elements},
       {"parent", parent + (x.partition_of ? "" : "::text")},
       {"bound", bound + (x.partition_of ? "" : "::text")},
       {"row_security", x.row_security == RowSecurity::off ? "false" : "true"},
       {"row_security_forced", x.row_security == RowSecurity::force ? "true" : "false"}}};
}

}  // namespace

std::optional<ObjectKey> parent(const Table& x) {
  if (!x.partition_of) return std::nullopt;
  return x.partition_of->table;
}

void needs(const Table& x, std::vector<Need>& out) {
  need(schema_key(x.schema), out);
  if (x.partition_key) need(*x.partition_key, out);
  if (x.partition_of) need(x.partition_of->bound, out);
}

void rename(Table& x, const Renames& renames, RenamedBy) {
  if (x.partition_key) x.partition_key = sql::renamed(*x.partition_key, renames);
  if (x.partition_of) {
    x.partition_of->table = renamed_key(x.partition_of->table, renames);
    x.partition_of->bound = sql::renamed(x.partition_of->bound, renames);
  }
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.name = to.name;
}

Statements create(const Table& x, const Parts& parts) {
  const std::string name = quoted(x.schema, x.name);
  std::string sql = x.unlogged ? "create unlogged table " : "create table ";
  sql += name;
  if (x.partition_of) {
    const ObjectKey& table = x.partition_of->table;
    sql += " partition of " + quoted(table.schema, table.name) + ' ' + x.partition_of->bound.text;
  } else {
    sql += " (";
    std::vector<std::string> inside, parents;
    for (const std::string& part : parts) {
      if (const auto inherited = parent_in(part)) {
        parents.emplace_back(*inherited);
      } else {
        inside.push_back(part);
      }
    }
    sql += inside.empty() ? ")" : "\n    " + joined(inside, ",\n    ") + "\n)";
    if (!parents.empty()) sql += " inherits (" + joined(parents, ", ") + ')';
  }
  if (x.partition_key) sql += " partition by " + x.partition_key->text;
  if (!x.parameters.empty()) sql += " with (" + option_list(x.parameters) + ')';
  if (!x.tablespace.empty()) sql += " tablespace " + quoted(x.tablespace);
  std::vector<LockOn> locks;
  if (x.partition_of) locks.push_back({x.partition_of->table, Lock::access_exclusive});
  Statements out{{"create table " + name, std::move(sql), std::move(locks), Work::instant}};
  row_security(x, RowSecurity::off, x.row_security, out);
  return out;
}

Statements drop(const Table& x) {
  const std::string name = quoted(x.schema, x.name);
  std::vector<LockOn> locks{{key(x), Lock::access_exclusive}};
  if (x.partition_of) locks.push_back({x.partition_of->table, Lock::access_exclusive});
  return {{"drop table " + name, "drop table " + name, std::move(locks), Work::instant}};
}

Alteration alter(const Table& from, const Table& to) {
  Alteration result;
  if (from.unlogged != to.unlogged) {
    result.statements.push_back(altered(to, to.unlogged ? "make unlogged" : "make logged",
                                        to.unlogged ? "set unlogged" : "set logged", Lock::access_exclusive,
                                        Work::rewrite));
  }
  if (from.parameters != to.parameters) {
    const OptionChange change = option_change(from.parameters, to.parameters);
    if (!change.set.empty()) {
      result.statements.push_back(altered(to, "set storage parameters of", "set (" + option_list(change.set) + ')',
                                          Lock::share_update_exclusive));
    }
    if (!change.reset.empty()) {
      result.statements.push_back(altered(to, "reset storage parameters of",
                                          "reset (" + joined(change.reset, ", ") + ')', Lock::share_update_exclusive));
    }
  }
  if (from.tablespace != to.tablespace) {
    result.statements.push_back(altered(
        to,
        "move to another tablespace:", "set tablespace " + quoted(to.tablespace.empty() ? "pg_default" : to.tablespace),
        Lock::access_exclusive, Work::rewrite));
  }
  row_security(to, from.row_security, to.row_security, result.statements);
  return result;
}

std::optional<std::string> part(const Table&) { return std::nullopt; }

Verification verify(const Table& x) {
  if (x.partition_key || x.partition_of) return verify_partitioning(x);
  return {
      "exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')\n"
      "      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security\n"
      "      and c.relforcerowsecurity = d.row_security_forced)",
      {{"name", literal(quoted(x.schema, x.name))},
       {"persistence", x.unlogged ? "'u'" : "'p'"},
       {"row_security", x.row_security == RowSecurity::off ? "false" : "true"},
       {"row_security_forced", x.row_security == RowSecurity::force ? "true" : "false"}}};
}

}  // namespace godwit::kinds
