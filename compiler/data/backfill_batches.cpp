// SPDX-License-Identifier: Apache-2.0
// A backfill in batches. A row that an application writes after its batch is done again in the last part, from the
// values that it had before; unless the application wrote what was filled: then that is its word.
#include "compiler/data/batches.h"
#include "compiler/data/filling.h"
#include "compiler/data/in_step.h"
#include "compiler/data/reject.h"

#include "base/identifier.h"

#include <fmt/core.h>

namespace godwit::data {

namespace {

Watch watch_of(const Filling& filling) {
  const Backfill& backfill = filling.backfill;
  Watch watch(filling.around, *backfill.batch);
  watch.step = filling.name;
  watch.table = filling.table;
  watch.alias = filling.alias + '.';
  watch.key = filling.key;
  watch.label = "row";
  watch.cut_type =
      cut_type(column_key(filling.table, watch.batch.by.empty() ? watch.key.front() : watch.batch.by), filling.around);
  for (const ObjectKey& table : read_tables(backfill)) {
    if (table != filling.table) watch.others.push_back(table);
  }
  watch.kept = filling.kept;
  name_parts(watch, filling.table.name, filling.kept);
  return watch;
}

}  // namespace

// Rows are locked as they are read, so that no later version is written over.
Statement write_rows(const Filling& filling, const std::string& condition) {
  std::vector<std::string> record, sets, found;
  for (const std::string& column : filling.key) {
    record.push_back(labelled("row", column));
    found.push_back(fmt::format("target.{} = changing.{}", quoted(column), labelled("row", column)));
  }
  for (const Filled& filled : filling.columns) {
    record.push_back(labelled("old", filled.name));
    record.push_back(labelled("new", filled.name));
    sets.push_back(fmt::format("{} = changing.{}", quoted(filled.name), labelled("new", filled.name)));
  }
  return writes(
      "the rows, with old and new values",
      fmt::format("with changing as materialized (\n  {}\n), kept as (\n  insert into {} ({})\n  select {}\n    from "
                  "changing\n), "
                  "filled as (\n  update {} as target\n     set {}\n    from changing\n   where {}\n  returning 1\n)\n"
                  "select (select count(*) from changing), (select count(*) from filled) into v_changing, v_written;\n"
                  "if v_changing <> v_written then\n  raise exception {} using errcode = 'GW003';\nend if",
                  indented(values(filling, condition, fmt::format("\n           for update of {}", filling.alias)), 2),
                  filling.kept, joined(record, ", "), joined(record, ", "), table_sql(filling.table), lines_of(sets, 9),
                  all_of(found, 5),
                  said_of(filling.name,
                          "several rows fit one row of the table, and which value it gets would be left to chance")),
      filling.table);
}

namespace {

// The triggers that keep in step take what runs under this for godwit's own.
Statement as_own(bool begins) {
  return {begins ? "nothing of this is carried over" : "and from here on it is again",
          fmt::format("perform set_config('godwit.batch', '{}', true)", begins ? "on" : ""),
          {},
          Work::instant};
}

// `condition`, of rows that are to be filled.
std::string to_fill(const Filling& filling, const std::string& condition) {
  if (!filling.backfill.in_step) return condition;
  return fmt::format("{}\n           and {}", condition, is_unfilled(filling));
}

// Each late row.
std::string late_rows(const Watch& watch) {
  return fmt::format("select distinct {} from {}", joined(key_labels(watch, {}), ", "), watch.late);
}

// Of a migration that is taken back: late rows get their old values, where nobody wrote over the new ones.
Statement settle(const Filling& filling, const Watch& watch) {
  std::vector<std::string> sets, touched;
  for (const Filled& filled : filling.columns) {
    const std::string column = quoted(filled.name);
    sets.push_back(fmt::format("{} = kept.{}", column, labelled("old", filled.name)));
    touched.push_back(differs("target." + column, "kept." + labelled("new", filled.name), filled.type));
  }
  const std::string row = joined(filling.by_key("target"), " and ");
  Statements apart{writes(
      "their old values",
      fmt::format("with given_back as (\n  update {} as target\n     set {}\n    from {} as kept\n   where {}\n    "
                  " and {}\n     and not ({})\n  returning {}\n)\ndelete from {} as kept\n using given_back\n "
                  "where {}",
                  table_sql(filling.table), lines_of(sets, 9), filling.kept, row, is_late(watch), any_of(touched, 14),
                  joined(key_labels(watch, "kept"), ", "), filling.kept, same_row(watch, "kept", "given_back")),
      filling.table)};
  if (filling.backfill.in_step) apart.insert(apart.begin(), as_own(true));
  return settle_late(
      watch, filling.table,
      without_triggers(std::move(apart), filling.table, {false, true, false}, filling.around, filling.around.absent));
}

Statement catch_up(const Filling& filling, const Watch& watch) {
  std::vector<std::string> known, again, sets, touched;
  for (const std::string& column : filling.key) {
    const std::string label = labelled("row", column);
    known.push_back(fmt::format("kept.{} = {}{}", label, watch.alias, quoted(column)));
    again.push_back(fmt::format("again.{} = {}{}", label, watch.alias, quoted(column)));
  }
  for (const Filled& filled : filling.columns) {
    const std::string column = quoted(filled.name);
    sets.push_back(fmt::format("{} = kept.{}", column, labelled("old", filled.name)));
    touched.push_back(differs("target." + column, "kept." + labelled("new", filled.name), filled.type));
  }
  const std::string table = table_sql(filling.table), row = joined(filling.by_key("target"), " and ");
  const std::string of_kept = same_row(watch, "kept", "again");
  const auto said = [&](std::string_view words) { return said_of(filling.name, words); };
  Statements inner;
  if (filling.backfill.in_step) inner.push_back(as_own(true));
  inner.push_back(
      writes("gone meanwhile",
             fmt::format("delete from {} as kept\n using {} as again\n where {}\n   and not exists (select from "
                         "{} as target where {})",
                         filling.kept, watch.again, of_kept, table, row),
             filling.table));
  inner.push_back(
      reads("what applications filled themselves stays",
            fmt::format("select count(*) into v_own\n  from {} as again\n  join {} as kept on {}\n  join {} as "
                        "target on {}\n where {}",
                        watch.again, filling.kept, of_kept, table, row, any_of(touched, 4)),
            filling.table));
  inner.push_back(writes(
      "the rest gets its old values, to be filled and recorded anew",
      fmt::format(
          "with given_back as (\n  update {} as target\n     set {}\n    from {} as again,\n         {} as kept\n   "
          "where {}\n     and {}\n     and not ({})\n  returning {}\n)\ndelete from {} as kept\n using given_back\n "
          "where {}",
          table, lines_of(sets, 9), watch.again, filling.kept, of_kept, row, any_of(touched, 14),
          joined(key_labels(watch, "kept"), ", "), filling.kept, same_row(watch, "kept", "given_back")),
      filling.table));
  inner.push_back(write_rows(
      filling,
      to_fill(filling, fmt::format("exists (select from {} as again where {})\n           and not exists "
                                   "(select from {} as kept where {})",
                                   watch.again, joined(again, " and "), filling.kept, joined(known, " and ")))));
  if (filling.backfill.in_step) inner.push_back(as_own(false));
  std::string body = body_of(
      without_triggers(std::move(inner), filling.table, {false, true, false}, filling.around, filling.around.absent));
  body += fmt::format("  raise notice {}, v_late, v_own;",
                      said("% rows were written meanwhile and are as they should be, % of them filled by others"));
  return catch_up_function(watch, "  v_own bigint;\n  v_changing bigint;\n  v_written bigint;", late_rows(watch), body);
}

Statement prove_counts(const Filling& filling, const Watch& watch) {
  const auto said = [&](std::string_view words) { return said_of(filling.name, words); };
  const std::string body = fmt::format(
      "  select count(*) into v_total from {};\n"
      "  select count(*) into v_recorded from {};\n"
      "  select sum(rows_written) into v_written from godwit.checkpoint where (migration, step) = ({}, {});\n"
      "  if v_written <> v_recorded then\n    raise exception {}, v_written, v_recorded using errcode = 'GW003';\n"
      "  end if;\n"
      "  raise notice {}, v_written, v_total - v_written, v_total;",
      table_sql(filling.table), filling.kept, literal(filling.around.migration), literal(watch.step),
      said("% rows were filled, % are recorded"), said("% filled, % left as they were, % in all"));
  return reads("every row accounted for", block("  v_total bigint;\n  v_recorded bigint;\n  v_written bigint;", body),
               filling.table);
}

}  // namespace

void fill_in_batches(const Filling& filling, Step& step) {
  const Watch watch = watch_of(filling);
  Batches batches;
  batches.table = watch.table;
  batches.function = watch.run;
  batches.rows = watch.batch.rows;

  batches.prepare = {kept_schema()};
  Statement kept = keep_values(filling);
  kept.sql += fmt::format("\n  with no data;\nalter table {} replica identity full", filling.kept);
  kept.work = Work::instant;
  batches.prepare.push_back(std::move(kept));
  for (Statement& statement : begin_watch(watch, late_rows(watch))) batches.prepare.push_back(std::move(statement));
  if (filling.backfill.in_step) {
    for (Statement& statement : keep_in_step(filling)) batches.prepare.push_back(std::move(statement));
  }
  const std::string batch = to_fill(filling, in_batch(watch));
  const Fitting fitting = one_batch(filling, batch);
  Statement write = write_rows(filling, batch);
  write.sql = naming_rows(fitting, write.sql + ';', "batch_rows", way_out_of_batch);
  batches.prepare.push_back(batch_function(watch, "  v_changing bigint;\n" + naming_variables(fitting),
                                           without_triggers({std::move(write)}, filling.table, {false, true, false},
                                                            filling.around, filling.around.absent)));
  batches.prepare.push_back(catch_up(filling, watch));
  batches.prove = {index_record(watch), prove_counts(filling, watch)};
  step.up = end_watch(watch, filling.table);
  batches.settle = step.up;
  batches.settle.front() = settle(filling, watch);
  batches.back = fill_back_in_batches(filling);
  step.batches = std::move(batches);
}

}  // namespace godwit::data
