// SPDX-License-Identifier: Apache-2.0
// Seed rows: put in, brought up to date, and on the way back exactly as they were, unless somebody changed them since.
#include "compiler/data/shape.h"

#include "base/identifier.h"
#include "compiler/sql/analyze.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::data {

namespace {

struct Seeding {
  const Rows& rows;
  const Surroundings& around;
  bool existed = false;
  std::string seeded, stood;  // kept: the rows as declared; the target's rows of those keys as they were

  const Column* column(const std::string& name) const { return column_now(column_key(rows.table, name), around); }

  bool is_key(const std::string& name) const {
    return std::find(rows.key.begin(), rows.key.end(), name) != rows.key.end();
  }

  std::string type(const std::string& name) const {
    const Column* found = column(name);
    return found == nullptr ? std::string{} : found->type.text;
  }

  std::vector<std::string> by_key(std::string_view a, std::string_view b) const {
    std::vector<std::string> parts;
    const Names row_key = row_key_now(rows.table, around);
    for (const std::string& name : rows.key) {
      const Column* found = column(name);
      const bool never_null =
          (found != nullptr && found->not_null) || std::find(row_key.begin(), row_key.end(), name) != row_key.end();
      parts.push_back(
          matches(fmt::format("{}.{}", a, quoted(name)), fmt::format("{}.{}", b, quoted(name)), never_null));
    }
    return parts;
  }

  Names values() const {
    Names names;
    for (const std::string& name : rows.columns) {
      if (!is_key(name)) names.push_back(name);
    }
    return names;
  }

  std::vector<std::string> differing(std::string_view a, std::string_view b) const {
    std::vector<std::string> parts;
    for (const std::string& name : values()) {
      parts.push_back(
          differs(fmt::format("{}.{}", a, quoted(name)), fmt::format("{}.{}", b, quoted(name)), type(name)));
    }
    return parts;
  }

  std::vector<std::string> equal(std::string_view a, std::string_view b) const {
    std::vector<std::string> parts;
    for (const std::string& name : values()) {
      parts.push_back(same(fmt::format("{}.{}", a, quoted(name)), fmt::format("{}.{}", b, quoted(name)), type(name)));
    }
    return parts;
  }
};

Statement keep_seed(const Seeding& seeding) {
  std::vector<std::string> lines;
  for (const auto& row : seeding.rows.values) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < row.size() && i < seeding.rows.columns.size(); ++i) {
      const Column* column = seeding.column(seeding.rows.columns[i]);
      // The types of the first row are those of all.
      const bool typed = lines.empty() && column != nullptr;
      cells.push_back(typed ? as_type(row[i].text, {}, *column, seeding.around) : row[i].text);
    }
    lines.push_back(fmt::format("({})", joined(cells, ", ")));
  }
  return {fmt::format("keep the rows as declared for {}", table_sql(seeding.rows.table)),
          fmt::format("create table {} as\nselect *\n  from (values\n        {}) as seed ({})", seeding.seeded,
                      lines_of(lines, 8), listed(seeding.rows.columns)),
          {},
          Work::instant};
}

Statement keep_standing(const Seeding& seeding) {
  return reads(
      fmt::format("keep the rows of {} that stand under these keys", table_sql(seeding.rows.table)),
      fmt::format("create table {} as\nselect target.*\n  from {} as target\n  join {} as seed on {}", seeding.stood,
                  table_sql(seeding.rows.table), seeding.seeded, joined(seeding.by_key("target", "seed"), " and ")),
      seeding.rows.table);
}

Statements put_in(const Seeding& seeding) {
  const std::string table = table_sql(seeding.rows.table);
  Statements all;
  const Names values = seeding.values();
  if (!values.empty()) {
    std::vector<std::string> sets;
    for (const std::string& name : values) sets.push_back(fmt::format("{0} = seed.{0}", quoted(name)));
    all.push_back(writes(fmt::format("bring rows of {} that differ up to date", table),
                         fmt::format("update {} as target\n   set {}\n  from {} as seed\n where {}\n   and ({})", table,
                                     lines_of(sets, 7), seeding.seeded, all_of(seeding.by_key("target", "seed"), 3),
                                     any_of(seeding.differing("target", "seed"), 8)),
                         seeding.rows.table));
  }
  const bool overriding =
      std::any_of(seeding.rows.columns.begin(), seeding.rows.columns.end(), [&](const std::string& name) {
        const Column* column = seeding.column(name);
        return column != nullptr && column->identity && column->identity->always;
      });
  all.push_back(writes(
      fmt::format("put rows into {} that are not there", table),
      fmt::format("insert into {} ({}){}\nselect {}\n  from {} as seed\n where not exists (select from {} as target\n"
                  "                    where {})",
                  table, listed(seeding.rows.columns), overriding ? " overriding system value" : "",
                  listed(seeding.rows.columns, "seed."), seeding.seeded, table,
                  all_of(seeding.by_key("target", "seed"), 22)),
      seeding.rows.table));
  return all;
}

// Rows that are left in tables which this migration made have no place in the shape of before: they go first, so that a
// seed row they refer to can go too.
Statements clear_referring(const Seeding& seeding) {
  Statements all;
  const std::string table = table_sql(seeding.rows.table);
  for (const ForeignKey* key : references_to(seeding.rows.table, seeding.around)) {
    const ObjectKey child = table_of(godwit::key(*key));
    if (child == seeding.rows.table || existed_before(child, seeding.around)) continue;
    if (!references_to(child, seeding.around).empty()) continue;
    std::vector<std::string> refers = seeding.by_key("target", "seed");
    for (std::size_t i = 0; i < key->columns.size() && i < key->target_columns.size(); ++i) {
      refers.push_back(fmt::format("target.{} = leaving.{}", quoted(key->target_columns[i]), quoted(key->columns[i])));
    }
    const std::string left =
        fmt::format("{} as leaving\n where exists (select from {} as target, {} as seed\n                where {})",
                    table_sql(child), table, seeding.seeded, all_of(refers, 18));
    all.push_back(residue_table());
    all.push_back(reads(
        fmt::format("note the rows that are left in {}: the shape of before has no place for them", table_sql(child)),
        to_residue(child, "leaving", row_key_now(child, seeding.around), "drop " + describe(child),
                   literal("no place in the shape of before"), left, seeding.around),
        child));
    all.push_back(writes(fmt::format("remove these rows from {}", table_sql(child)), "delete from " + left, child));
  }
  return all;
}

Statements take_out(const Seeding& seeding) {
  const std::string table = table_sql(seeding.rows.table);
  const std::vector<std::string> equal = seeding.equal("target", "seed");
  Statements all = clear_referring(seeding), writing;
  if (seeding.existed && !equal.empty()) {
    all.push_back(residue_table());
    all.push_back(
        reads(fmt::format("note rows of {} that were changed since: they stay as they are", table),
              to_residue(seeding.rows.table, "target", seeding.rows.key, "rows " + table, literal("changed since"),
                         fmt::format("{} as target\n  join {} as seed on {}\n where {}", table, seeding.seeded,
                                     joined(seeding.by_key("target", "seed"), " and "),
                                     any_of(seeding.differing("target", "seed"), 4)),
                         seeding.around),
              seeding.rows.table));
    std::vector<std::string> sets;
    for (const std::string& name : seeding.values()) {
      const bool stood_before = existed_before(column_key(seeding.rows.table, name), seeding.around);
      if (stood_before) sets.push_back(fmt::format("{0} = stood.{0}", quoted(name)));
    }
    std::vector<std::string> conditions = seeding.by_key("target", "seed");
    for (std::string& part : seeding.by_key("target", "stood")) conditions.push_back(std::move(part));
    for (const std::string& part : equal) conditions.push_back(part);
    if (!sets.empty()) {
      writing.push_back(
          writes(fmt::format("give rows of {} their old values back", table),
                 fmt::format("update {} as target\n   set {}\n  from {} as seed, {} as stood\n where {}\n   and ({})",
                             table, lines_of(sets, 7), seeding.seeded, seeding.stood, all_of(conditions, 3),
                             any_of(seeding.differing("target", "stood"), 8)),
                 seeding.rows.table));
    }
  }
  std::vector<std::string> conditions = seeding.by_key("target", "seed");
  for (const std::string& part : equal) conditions.push_back(part);
  for (const std::string& name : columns_now(seeding.rows.table, seeding.around)) {
    const bool seeded =
        std::find(seeding.rows.columns.begin(), seeding.rows.columns.end(), name) != seeding.rows.columns.end();
    if (seeded) continue;
    const auto initial = plain_default(*seeding.column(name));
    if (initial) conditions.push_back(same("target." + quoted(name), *initial, seeding.type(name)));
  }
  if (seeding.existed) {
    conditions.push_back(fmt::format("not exists (select from {} as stood where {})", seeding.stood,
                                     joined(seeding.by_key("stood", "target"), " and ")));
  }
  for (std::string& part : not_referenced(seeding.rows.table, "target", seeding.around))
    conditions.push_back(std::move(part));
  writing.push_back(writes(fmt::format("take rows out of {} that nobody changed and nothing refers to", table),
                           fmt::format("delete from {} as target\n using {} as seed\n where {}", table, seeding.seeded,
                                       all_of(conditions, 3)),
                           seeding.rows.table));
  for (Statement& statement : without_triggers(std::move(writing), seeding.rows.table, {false, seeding.existed, true},
                                               seeding.around, seeding.around.absent)) {
    all.push_back(std::move(statement));
  }
  return all;
}

}  // namespace

std::vector<Step> steps(const Rows& rows, const Surroundings& around) {
  Seeding seeding{rows, around, existed_before(rows.table, around), {}, {}};
  std::string salt = rows.table.schema + '\n';
  for (const auto& row : rows.values) {
    for (const Fragment& cell : row) salt += cell.text + '\n';
  }
  seeding.seeded = kept_table("seeded", rows.table.name, around, salt);
  seeding.stood = kept_table("stood", rows.table.name, around, salt);
  Step step;
  step.phase = Phase::move;
  step.title = "rows " + table_sql(rows.table);
  step.span = rows.span;
  step.subject = rows.table;
  step.up = {kept_schema(), keep_seed(seeding)};
  if (seeding.existed) step.up.push_back(keep_standing(seeding));
  for (Statement& statement :
       without_triggers(put_in(seeding), rows.table, {true, true, false}, around, around.absent)) {
    step.up.push_back(std::move(statement));
  }
  step.down = take_out(seeding);
  step.finalize = {drop_kept(seeding.seeded)};
  if (seeding.existed) step.finalize.push_back(drop_kept(seeding.stood));
  for (const Statement& statement : step.finalize) step.down.push_back(statement);
  step.fills = {rows.table};
  step.keeps = true;
  step.needs.push_back({rows.table, false});
  for (const std::string& column : rows.columns) step.needs.push_back({column_key(rows.table, column), false});
  for (const auto& row : rows.values) {
    for (const Fragment& cell : row) {
      for (const Reference& reference : cell.references) step.needs.push_back({reference.target, false});
    }
  }
  step.remarks.push_back(seeding.existed
                             ? fmt::format("{} and {} keep the rows as declared and as they were, until finalize",
                                           seeding.seeded, seeding.stood)
                             : fmt::format("{} keeps the rows as declared, until finalize", seeding.seeded));
  return {std::move(step)};
}

}  // namespace godwit::data
