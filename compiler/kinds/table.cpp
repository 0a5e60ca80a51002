// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/table.h"

#include "base/identifier.h"
#include "compiler/kinds/spelling.h"

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

}  // namespace

std::optional<ObjectKey> parent(const Table&) { return std::nullopt; }

void needs(const Table& x, std::vector<Need>& out) { need(schema_key(x.schema), out); }

void rename(Table& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.name = to.name;
}

Statements create(const Table& x, const Parts& parts) {
  const std::string name = quoted(x.schema, x.name);
  std::string sql = x.unlogged ? "create unlogged table " : "create table ";
  sql += name;
  sql += " (";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    sql += i == 0 ? "\n    " : ",\n    ";
    sql += parts[i];
  }
  sql += parts.empty() ? ")" : "\n)";
  if (!x.parameters.empty()) sql += " with (" + option_list(x.parameters) + ')';
  if (!x.tablespace.empty()) sql += " tablespace " + quoted(x.tablespace);
  Statements out{{"create table " + name, std::move(sql), {}, Work::instant}};
  row_security(x, RowSecurity::off, x.row_security, out);
  if (!x.replica_identity.empty()) {
    out.push_back(
        altered(x, "set replica identity of", "replica identity " + x.replica_identity, Lock::access_exclusive));
  }
  return out;
}

Statements drop(const Table& x) {
  const std::string name = quoted(x.schema, x.name);
  return {{"drop table " + name, "drop table " + name, {{key(x), Lock::access_exclusive}}, Work::instant}};
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
  if (from.replica_identity != to.replica_identity) {
    result.statements.push_back(altered(
        to, "set replica identity of",
        "replica identity " + (to.replica_identity.empty() ? "default" : to.replica_identity), Lock::access_exclusive));
  }
  return result;
}

std::optional<std::string> part(const Table&) { return std::nullopt; }

Verification verify(const Table& x) {
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
