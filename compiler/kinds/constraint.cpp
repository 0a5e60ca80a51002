// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/constraint.h"

#include "base/identifier.h"
#include "compiler/kinds/planning.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/analyze.h"

#include <set>

namespace godwit::kinds {

namespace {

template <typename X>
std::string deferral(const X& x) {
  return std::string(x.deferrable ? " deferrable" : "") + (x.initially_deferred ? " initially deferred" : "");
}

template <typename X>
void rename_columns(std::vector<std::string>& columns, const X& x, const Renames& renames) {
  for (std::string& name : columns) name = renamed_key(column_key(table_of(key(x)), name), renames).part;
}

template <typename X>
void rename_self(X& x, const Renames& renames) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.table = to.name;
  x.name = to.part;
}

template <typename X>
std::string key_definition(const X& x, const std::string& words) {
  std::string sql = words + " (" + quoted_list(x.columns) + ')';
  if (!x.include.empty()) sql += " include (" + quoted_list(x.include) + ')';
  if (!x.parameters.empty()) sql += " with (" + x.parameters + ')';
  if (!x.tablespace.empty()) sql += " using index tablespace " + quoted(x.tablespace);
  return sql + deferral(x);
}

std::string action(const ReferentialAction& x) {
  const std::string columns = x.columns.empty() ? "" : " (" + quoted_list(x.columns) + ')';
  switch (x.kind) {
    case ReferentialAction::Kind::no_action: return "no action";
    case ReferentialAction::Kind::restrict: return "restrict";
    case ReferentialAction::Kind::cascade: return "cascade";
    case ReferentialAction::Kind::set_null: return "set null" + columns;
    case ReferentialAction::Kind::set_default: return "set default" + columns;
  }
  return {};
}

char action_code(const ReferentialAction& x) {
  switch (x.kind) {
    case ReferentialAction::Kind::no_action: return 'a';
    case ReferentialAction::Kind::restrict: return 'r';
    case ReferentialAction::Kind::cascade: return 'c';
    case ReferentialAction::Kind::set_null: return 'n';
    case ReferentialAction::Kind::set_default: return 'd';
  }
  return 'a';
}

std::string body(const PrimaryKey& x) { return key_definition(x, "primary key"); }

std::string body(const Unique& x) {
  return key_definition(x, x.nulls_not_distinct ? "unique nulls not distinct" : "unique");
}

std::string body(const Check& x) {
  return "check (" + x.expression.text + ')' + (x.no_inherit ? " no inherit" : "") + (x.not_valid ? " not valid" : "");
}

std::string body(const ForeignKey& x) {
  std::string sql = "foreign key (" + quoted_list(x.columns) + ") references " +
                    quoted(x.target.schema, x.target.name) + " (" + quoted_list(x.target_columns) + ')';
  if (x.match_full) sql += " match full";
  if (x.on_update.kind != ReferentialAction::Kind::no_action) sql += " on update " + action(x.on_update);
  if (x.on_delete.kind != ReferentialAction::Kind::no_action) sql += " on delete " + action(x.on_delete);
  return sql + deferral(x) + (x.not_valid ? " not valid" : "");
}

std::string body(const Exclude& x) { return "exclude " + x.definition.text + deferral(x); }

template <typename X>
std::string constraint(const X& x) {
  return "constraint " + quoted(x.name) + ' ' + body(x);
}

template <typename X>
Statements add(const X& x, std::vector<LockOn> locks, Work work) {
  const std::string table = quoted(x.schema, x.table);
  return {{"add " + describe(key(x)), "alter table " + table + "\n    add " + constraint(x), std::move(locks), work}};
}

template <typename X>
Statements remove(const X& x, std::vector<LockOn> locks) {
  return {{"drop " + describe(key(x)),
           "alter table " + quoted(x.schema, x.table) + " drop constraint " + quoted(x.name), std::move(locks),
           Work::instant}};
}

/// What is asked of every constraint, and `more` of those that are alike.
template <typename X>
Verification verify_constraint(const X& x, char type, const std::string& more,
                               std::vector<std::pair<std::string, std::string>> more_facts) {
  std::vector<std::pair<std::string, std::string>> facts{{"relation", literal(quoted(x.schema, x.table))},
                                                         {"name", literal(x.name)}};
  facts.insert(facts.end(), std::make_move_iterator(more_facts.begin()), std::make_move_iterator(more_facts.end()));
  return {
      "exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = "
      "d.name\n"
      "      and c.contype = '" +
          std::string(1, type) + '\'' + more + ")",
      std::move(facts)};
}

/// The columns of a constraint, in their order, are those of the fact `fact`.
std::string same_columns(const std::string& numbers, const std::string& relation, const std::string& fact) {
  return "\n      and d." + fact + " = array(select a.attname::text from unnest(c." + numbers +
         ") with ordinality k (number, place)\n        join pg_catalog.pg_attribute a on a.attrelid = c." + relation +
         " and a.attnum = k.number order by k.place)";
}

std::string names_array(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "array[" : ", ") + literal(name);
  return text + ']';
}

const std::string same_deferral = " and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred";

template <typename X>
std::vector<std::pair<std::string, std::string>> deferral_facts(const X& x) {
  return {{"is_deferrable", x.deferrable ? "true" : "false"},
          {"initially_deferred", x.initially_deferred ? "true" : "false"}};
}

template <typename X>
Verification verify_key(const X& x, char type) {
  auto facts = deferral_facts(x);
  facts.emplace_back("columns", names_array(x.columns));
  return verify_constraint(x, type, same_deferral + same_columns("conkey", "conrelid", "columns"), std::move(facts));
}

template <typename X>
void key_needs(const X& x, std::vector<Need>& out) {
  for (const std::string& name : x.columns) out.push_back({column_key(table_of(key(x)), name), false});
  for (const std::string& name : x.include) out.push_back({column_key(table_of(key(x)), name), false});
}

template <typename X>
void rename_key_constraint(X& x, const Renames& renames) {
  rename_columns(x.columns, x, renames);
  rename_columns(x.include, x, renames);
  rename_self(x, renames);
}

}  // namespace

std::vector<ObjectKey> merged_parts(const Catalog& catalog, const ObjectKey& table) {
  // What tells one backing index from another; primary keys come first among the children, as their kind does.
  std::set<std::string> backing;
  std::vector<ObjectKey> merged;
  const auto add = [&](const auto& x, const std::string& nulls) {
    const std::string index = quoted_list(x.columns) + " include " + quoted_list(x.include) + nulls + deferral(x);
    if (!backing.insert(index).second) merged.push_back(key(x));
  };
  for (const ObjectKey& child : catalog.children(table)) {
    if (const auto* primary = catalog.get<PrimaryKey>(child)) add(*primary, "");
    if (const auto* unique = catalog.get<Unique>(child))
      add(*unique, unique->nulls_not_distinct ? " not distinct" : "");
    const auto* exclude = catalog.get<Exclude>(child);
    if (exclude != nullptr && !backing.insert(exclude->definition.normal + deferral(*exclude)).second)
      merged.push_back(child);
  }
  return merged;
}

// ---- primary key ----

std::optional<ObjectKey> parent(const PrimaryKey& x) { return table_of(key(x)); }

void needs(const PrimaryKey& x, std::vector<Need>& out) { key_needs(x, out); }

void rename(PrimaryKey& x, const Renames& renames, RenamedBy) { rename_key_constraint(x, renames); }

Statements create(const PrimaryKey& x, const Parts&) {
  return add(x, {{table_of(key(x)), Lock::access_exclusive}}, Work::scan);
}

Statements drop(const PrimaryKey& x) { return remove(x, {{table_of(key(x)), Lock::access_exclusive}}); }

Alteration alter(const PrimaryKey&, const PrimaryKey&) { return {true, false, {}}; }

std::optional<std::string> part(const PrimaryKey& x) { return constraint(x); }

Verification verify(const PrimaryKey& x) { return verify_key(x, 'p'); }

// ---- unique ----

std::optional<ObjectKey> parent(const Unique& x) { return table_of(key(x)); }

void needs(const Unique& x, std::vector<Need>& out) { key_needs(x, out); }

void rename(Unique& x, const Renames& renames, RenamedBy) { rename_key_constraint(x, renames); }

Statements create(const Unique& x, const Parts&) {
  return add(x, {{table_of(key(x)), Lock::access_exclusive}}, Work::scan);
}

Statements drop(const Unique& x) { return remove(x, {{table_of(key(x)), Lock::access_exclusive}}); }

Alteration alter(const Unique&, const Unique&) { return {true, false, {}}; }

std::optional<std::string> part(const Unique& x) { return constraint(x); }

Verification verify(const Unique& x) { return verify_key(x, 'u'); }

// ---- check ----

std::optional<ObjectKey> parent(const Check& x) { return table_of(key(x)); }

void needs(const Check& x, std::vector<Need>& out) {
  for (const Reference& reference : x.expression.references) out.push_back({reference.target, false});
}

void rename(Check& x, const Renames& renames, RenamedBy) {
  x.expression = sql::renamed(x.expression, renames);
  rename_self(x, renames);
}

Statements create(const Check& x, const Parts&) {
  return add(x, {{table_of(key(x)), Lock::access_exclusive}}, x.not_valid ? Work::instant : Work::scan);
}

Statements drop(const Check& x) { return remove(x, {{table_of(key(x)), Lock::access_exclusive}}); }

Alteration alter(const Check& from, const Check& to) {
  Check validated = from;
  validated.not_valid = to.not_valid;
  if (from.not_valid && validated == to) {
    return {false,
            false,
            {{"validate " + describe(key(to)),
              "alter table " + quoted(to.schema, to.table) + " validate constraint " + quoted(to.name),
              {{table_of(key(to)), Lock::share_update_exclusive}},
              Work::scan}}};
  }
  return {true, false, {}};
}

// Inside `create table` PostgreSQL takes `not valid` for valid, for there are no rows: only valid ones stand there.
std::optional<std::string> part(const Check& x) {
  if (x.not_valid) return std::nullopt;
  return constraint(x);
}

Verification verify(const Check& x) {
  return verify_constraint(x, 'c', " and c.convalidated = d.is_valid", {{"is_valid", x.not_valid ? "false" : "true"}});
}

// ---- foreign key ----

std::optional<ObjectKey> parent(const ForeignKey& x) { return table_of(key(x)); }

void needs(const ForeignKey& x, std::vector<Need>& out) {
  for (const std::string& name : x.columns) out.push_back({column_key(table_of(key(x)), name), false});
  for (const std::string& name : x.target_columns) out.push_back({column_key(x.target, name), false});
  if (x.target != table_of(key(x))) out.push_back({x.target, false});
  if (x.support.key) out.push_back({*x.support.key, false});
}

void rename(ForeignKey& x, const Renames& renames, RenamedBy) {
  rename_columns(x.columns, x, renames);
  for (std::string& name : x.target_columns) name = renamed_key(column_key(x.target, name), renames).part;
  x.target = renamed_key(x.target, renames);
  if (x.support.key) x.support.key = renamed_key(*x.support.key, renames);
  rename_self(x, renames);
}

Statements create(const ForeignKey& x, const Parts&) {
  return add(x, {{table_of(key(x)), Lock::share_row_exclusive}, {x.target, Lock::share_row_exclusive}},
             x.not_valid ? Work::instant : Work::scan);
}

Statements drop(const ForeignKey& x) {
  return remove(x, {{table_of(key(x)), Lock::access_exclusive}, {x.target, Lock::access_exclusive}});
}

Alteration alter(const ForeignKey& from, const ForeignKey& to) {
  const std::string table = "alter table " + quoted(to.schema, to.table);
  ForeignKey changed = from;
  changed.deferrable = to.deferrable;
  changed.initially_deferred = to.initially_deferred;
  if (changed == to) {
    return {false,
            false,
            {{"change deferral of " + describe(key(to)),
              table + " alter constraint " + quoted(to.name) + (to.deferrable ? deferral(to) : " not deferrable"),
              {{table_of(key(to)), Lock::access_exclusive}},
              Work::instant}}};
  }
  changed = from;
  changed.not_valid = false;
  if (from.not_valid && changed == to) {
    return {false,
            false,
            {{"validate " + describe(key(to)),
              table + " validate constraint " + quoted(to.name),
              {{table_of(key(to)), Lock::share_update_exclusive}, {to.target, Lock::row_share}},
              Work::scan}}};
  }
  return {true, false, {}};
}

std::optional<std::string> part(const ForeignKey& x) {
  if (x.not_valid) return std::nullopt;
  return constraint(x);
}

Verification verify(const ForeignKey& x) {
  auto facts = deferral_facts(x);
  facts.insert(facts.end(), {{"target", literal(quoted(x.target.schema, x.target.name))},
                             {"is_valid", x.not_valid ? "false" : "true"},
                             {"on_delete", literal(std::string(1, action_code(x.on_delete)))},
                             {"on_update", literal(std::string(1, action_code(x.on_update)))},
                             {"columns", names_array(x.columns)},
                             {"target_columns", names_array(x.target_columns)}});
  return verify_constraint(x, 'f',
                           same_deferral +
                               " and c.confrelid = to_regclass(d.target)\n      and c.convalidated = d.is_valid and "
                               "c.confdeltype = d.on_delete and c.confupdtype = d.on_update" +
                               same_columns("conkey", "conrelid", "columns") +
                               same_columns("confkey", "confrelid", "target_columns"),
                           std::move(facts));
}

// ---- exclusion ----

std::optional<ObjectKey> parent(const Exclude& x) { return table_of(key(x)); }

void needs(const Exclude& x, std::vector<Need>& out) {
  for (const Reference& reference : x.definition.references) out.push_back({reference.target, false});
}

void rename(Exclude& x, const Renames& renames, RenamedBy) {
  x.definition = sql::renamed(x.definition, renames);
  rename_self(x, renames);
}

Statements create(const Exclude& x, const Parts&) {
  return add(x, {{table_of(key(x)), Lock::access_exclusive}}, Work::scan);
}

Statements drop(const Exclude& x) { return remove(x, {{table_of(key(x)), Lock::access_exclusive}}); }

Alteration alter(const Exclude&, const Exclude&) { return {true, false, {}}; }

std::optional<std::string> part(const Exclude& x) { return constraint(x); }

Verification verify(const Exclude& x) { return verify_constraint(x, 'x', same_deferral, deferral_facts(x)); }

}  // namespace godwit::kinds
