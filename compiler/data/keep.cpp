// SPDX-License-Identifier: Apache-2.0
// What is hidden and what becomes residue: rows and values that the shape of before has no place for are noted in
// godwit_kept.residue before the way back would lose them.
#include "compiler/data/text.h"

#include "base/identifier.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::data {

namespace {

struct Violation {
  ObjectKey table;
  std::string what;       // "rows with null in dev.users.name"
  std::string condition;  // over the table's own name
  std::string rows;       // the table, without those that inherit from it where they do not count
};

/// Keys, references and rows of its own: none of them reaches the tables that inherit from it.
std::string own_rows(const ObjectKey& table, const Surroundings& around) {
  const std::vector<ObjectKey> dependents = around.catalog.dependents(table);
  const bool inherited = std::any_of(dependents.begin(), dependents.end(), [&](const ObjectKey& key) {
    const auto* tie = around.catalog.get<Inheritance>(key);
    return tie != nullptr && tie->parent == table;
  });
  return (inherited ? "only " : "") + table_sql(table);
}

// A later row, by the table's key, that has the same values as an earlier one.
std::string repeats(const ObjectKey& table, const Names& columns, const Names& order, bool nulls_too,
                    const Surroundings& around) {
  const std::string row = quoted(table.name);
  std::vector<std::string> equal;
  for (const std::string& column : columns) {
    equal.push_back(matches("earlier." + quoted(column), row + '.' + quoted(column), !nulls_too));
  }
  const std::string before = order.empty()
                                 ? fmt::format("earlier.ctid < {}.ctid", row)
                                 : fmt::format("({}) < ({})", listed(order, "earlier."), listed(order, row + '.'));
  return fmt::format("exists (select from {} as earlier\n                where {} and {})", own_rows(table, around),
                     joined(equal, " and "), before);
}

/// `object` is spelled with the names of after the migration, which are in force until the rollback undoes the renames.
std::optional<Violation> violation_of(const Object& object, const Surroundings& around) {
  if (const auto* column = std::get_if<Column>(&object)) {
    if (!column->not_null) return std::nullopt;
    const ObjectKey key = key_of(object);
    const ObjectKey table = table_of(key);
    return Violation{table, fmt::format("null in {}.{}", table_sql(table), quoted(key.part)),
                     fmt::format("{}.{} is null", quoted(table.name), quoted(key.part)), table_sql(table)};
  }
  const ObjectKey table = table_of(key_of(object));
  const std::string row = quoted(table.name);
  if (const auto* check = std::get_if<godwit::Check>(&object)) {
    if (check->not_valid) return std::nullopt;
    return Violation{table, fmt::format("what constraint {} of {} refuses", quoted(check->name), table_sql(table)),
                     fmt::format("not ({})", check->expression.text),
                     check->no_inherit ? own_rows(table, around) : table_sql(table)};
  }
  if (const auto* unique = std::get_if<Unique>(&object)) {
    const Names& columns = unique->columns;
    return Violation{table, fmt::format("what {} of {} refuses", quoted(unique->name), table_sql(table)),
                     repeats(table, columns, row_key_then(table, around), unique->nulls_not_distinct, around),
                     own_rows(table, around)};
  }
  if (const auto* primary = std::get_if<PrimaryKey>(&object)) {
    const Names& columns = primary->columns;
    std::vector<std::string> parts;
    for (const std::string& column : columns) parts.push_back(fmt::format("{}.{} is null", row, quoted(column)));
    parts.push_back(repeats(table, columns, {}, false, around));
    return Violation{table, fmt::format("what primary key {} of {} refuses", quoted(primary->name), table_sql(table)),
                     any_of(parts, 3), own_rows(table, around)};
  }
  if (const auto* foreign = std::get_if<ForeignKey>(&object)) {
    if (foreign->not_valid) return std::nullopt;
    const Names& columns = foreign->columns;
    const ObjectKey& parent = foreign->target;
    const Names& parents = foreign->target_columns;
    std::vector<std::string> given, equal;
    for (std::size_t i = 0; i < columns.size() && i < parents.size(); ++i) {
      given.push_back(fmt::format("{}.{} is not null", row, quoted(columns[i])));
      equal.push_back(fmt::format("parent.{} = {}.{}", quoted(parents[i]), row, quoted(columns[i])));
    }
    return Violation{table, fmt::format("rows of {} whose {} is gone", table_sql(table), table_sql(parent)),
                     fmt::format("{}\n   and not exists (select from {} as parent where {})", all_of(given, 3),
                                 own_rows(parent, around), joined(equal, " and ")),
                     own_rows(table, around)};
  }
  return std::nullopt;
}

}  // namespace

std::string hidden_name(const std::string& column, const std::vector<std::string>& taken, std::string_view what) {
  const std::string full = fmt::format("_gw_{}_{}", what, column);
  std::string name(truncated(full, max_identifier_bytes));
  for (int n = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++n) {
    const std::string suffix = '_' + std::to_string(n);
    name = std::string(truncated(full, max_identifier_bytes - suffix.size())) + suffix;
  }
  return name;
}

Statement rows_to_residue(const ObjectKey& table, const Surroundings& around) {
  const std::string name = table_sql(table);
  return reads(fmt::format("note the rows that are left in {}: the shape of before has no place for them", name),
               to_residue(table, "leaving", row_key_now(table, around), "drop " + describe(table),
                          literal("no place in the shape of before"), own_rows(table, around) + " as leaving", around),
               table);
}

Statement values_to_residue(const ObjectKey& column, const Surroundings& around) {
  const ObjectKey table = table_of(column);
  const Column* added = column_now(column, around);
  const auto initial = added == nullptr ? std::nullopt : plain_default(*added);
  if (!initial) return {};
  const std::string name = fmt::format("{}.{}", table_sql(table), quoted(column.part));
  return reads(fmt::format("note the values written to {} since", name),
               to_residue(table, "leaving", row_key_now(table, around), "drop " + describe(column),
                          literal("written since to column " + column.part),
                          fmt::format("{} as leaving\n where {}", table_sql(table),
                                      differs("leaving." + quoted(column.part), *initial, added->type.text)),
                          around),
               table);
}

Statements remove_rows(const ObjectKey& table, const std::string& what, const std::string& condition,
                       const Surroundings& around, const std::string& rows) {
  const std::string name = rows.empty() ? table_sql(table) : rows, row = quoted(table.name);
  Statements all;
  std::vector<std::string> referenced;
  for (const std::string& one : not_referenced(table, row, around, Referring::old_tables)) {
    referenced.push_back(one.substr(std::string_view("not ").size()));
  }
  if (!referenced.empty()) {
    all.push_back(reads(
        fmt::format("stop when other tables refer to {}", what),
        block(
            "  v_found bigint;",
            fmt::format(
                "  select count(*) into v_found\n    from {}\n   where ({})\n     and ({});\n"
                "  if v_found > 0 then\n    raise exception {}, v_found\n"
                "      using errcode = 'GW004', hint = 'change or remove these rows, then roll back again';\n  end if;",
                name, condition, any_of(referenced, 10),
                said_of(what, "% rows written since cannot stay, and other tables refer to them"))),
        table));
  }
  all.push_back(
      writes(fmt::format("remove {}", what), fmt::format("delete from {}\n where {}", name, condition), table));
  return all;
}

Statements violators_to_residue(const Object& constraint, const Surroundings& around) {
  const auto violation = violation_of(constraint, around);
  if (!violation) return {};
  const ObjectKey& table = violation->table;
  Statements removal = remove_rows(table, violation->what, violation->condition, around, violation->rows);
  Statements all{residue_table()};
  if (removal.size() > 1) all.push_back(std::move(removal.front()));
  all.push_back(
      reads(fmt::format("note {}", violation->what),
            to_residue(table, quoted(table.name), row_key_then(table, around),
                       "restore " + describe(key_of(constraint)), literal("refused by " + describe(key_of(constraint))),
                       fmt::format("{}\n where {}", violation->rows, violation->condition), around),
            table));
  for (Statement& statement : without_triggers({std::move(removal.back())}, table, {false, false, true}, around)) {
    all.push_back(std::move(statement));
  }
  return all;
}

Statements unfit_to_residue(const ObjectKey& column, const std::string& condition, const std::string& type,
                            bool not_null, const Surroundings& around, const std::set<ObjectKey>& absent) {
  const ObjectKey table = table_of(column);
  const std::string name = table_sql(table),
                    what = fmt::format("rows whose {} does not fit {}", quoted(column.part), type);
  Statements all{
      residue_table(),
      reads(fmt::format("note {}", what),
            to_residue(table, quoted(table.name), row_key_then(table, around), "restore type of " + describe(column),
                       literal("does not fit " + type), fmt::format("{}\n where {}", name, condition), around),
            table)};
  Statements change;
  if (not_null) {
    change = remove_rows(table, what, condition, around);
  } else {
    change.push_back(writes(fmt::format("leave {}.{} empty in {}", name, quoted(column.part), what),
                            fmt::format("update {}\n   set {} = null\n where {}", name, quoted(column.part), condition),
                            table));
  }
  for (Statement& statement :
       without_triggers(std::move(change), table, {false, !not_null, not_null}, around, absent)) {
    all.push_back(std::move(statement));
  }
  return all;
}

}  // namespace godwit::data
