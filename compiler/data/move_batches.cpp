// SPDX-License-Identifier: Apache-2.0
// A move in batches. Its end is the one that a single statement would have had, run in the last part: rows of the
// source that were written after their batch are looked at again there, and nowhere else is a row read twice.
#include "compiler/data/batches.h"
#include "compiler/data/reject.h"
#include "compiler/data/shape.h"

#include "base/identifier.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::data {

namespace {

Watch watch_of(const MoveShape& shape) {
  Watch watch(shape.around, *shape.move.batch);
  if (!watch.batch.by.empty()) watch.batch.by = now(column_key(*shape.move.source, watch.batch.by), shape.around).part;
  watch.step = shape.move.title();
  watch.table = shape.source;
  watch.alias =
      quoted(shape.move.alias == shape.move.source->name.str() ? shape.source.name.str() : shape.move.alias) + '.';
  watch.key = shape.source_key;
  watch.label = "source";
  if (!shape.records_there())
    watch.cut_type =
        cut_type(column_key(shape.source, watch.batch.by.empty() ? watch.key.front() : watch.batch.by), shape.around);
  for (const ObjectKey& table : read_tables(shape.move)) {
    const ObjectKey present = now(table, shape.around);
    if (present != shape.source) watch.others.push_back(present);
  }
  watch.kept = shape.kept;
  name_parts(watch, shape.move.name);
  return watch;
}

bool skips(const MoveShape& shape) { return shape.move.on_conflict == OnConflict::skip; }

// The rows of one batch. Where the target refers to the source, checking that takes a lock on each of its rows: taken
// here, no row goes between being read and being referred to.
std::string batch_rows(const MoveShape& shape, const Watch& watch) {
  const auto references = references_to(shape.source, shape.around);
  const bool refers = std::any_of(references.begin(), references.end(), [&](const ForeignKey* reference) {
    return table_of(key(*reference)) == shape.target;
  });
  return image(shape, mapped_columns(shape), "put", in_batch(watch)) + (refers ? "\n   for key share" : "");
}

// Each late row, whether it is to be moved, and what would be put for it.
std::string late_rows(const MoveShape& shape, const Watch& watch) {
  std::vector<std::string> columns = key_labels(watch, "late");
  columns.push_back(fmt::format("image.{} is not null as qualifies", labelled("source", shape.source_key.front())));
  for (const std::string& column : mapped_columns(shape)) columns.push_back("image." + labelled("put", column));
  return fmt::format("select {}\n  from (select distinct {} from {}) as late\n  left join ({}) as image on {}",
                     lines_of(columns, 7), joined(key_labels(watch, {}), ", "), watch.late,
                     indented(image(shape, mapped_columns(shape), "put"), 13), same_row(watch, "image", "late"));
}

std::vector<std::string> changed_columns(const MoveShape& shape) {
  std::vector<std::string> changed;
  for (const std::string& column : mapped_columns(shape)) {
    changed.push_back(differs("target." + quoted(column), "again." + labelled("put", column), shape.type_of(column)));
  }
  return changed;
}

// The target row of a record, and its late row: what follows `using`, or `from`, with its conditions.
std::string found_again(const MoveShape& shape, const Watch& watch) {
  return fmt::format("{} as again,\n       {} as kept\n where {}\n   and {}{}", watch.again, shape.kept,
                     same_row(watch, "kept", "again"), all_of(by_target_key(shape, "kept", "target"), 3),
                     skips(shape) ? "\n   and not kept.already_there" : "");
}

Statement note_conflicts(const MoveShape& shape, const Watch& watch) {
  std::vector<std::string> lost = changed_columns(shape);
  lost.insert(lost.begin(), "not again.qualifies");
  const std::string from = fmt::format("{} as target,\n       {}\n   and target.xmin <> kept.put_in\n   and ({})",
                                       table_sql(shape.target), found_again(shape, watch), any_of(lost, 8));
  const Names key = shape.target_identity == Names{"ctid"} ? shape.target_key : shape.target_identity;
  return reads(
      "rows that were changed on both sides: the source's values win, the target's are noted",
      to_residue(shape.target, "target", key, shape.move.title(),
                 literal("changed on both sides while rows were moved in batches"), from, shape.around) +
          ";\nget diagnostics v_conflicts = row_count;\nif v_conflicts > 0 then\n  raise warning " +
          said_of(shape.move.title(),
                  "% rows were changed on both sides meanwhile; the target's values are in godwit_kept.residue") +
          ", v_conflicts;\nend if",
      shape.target);
}

Statements remove_gone(const MoveShape& shape, const Watch& watch) {
  return {
      writes("gone from the source, or no longer to be moved",
             fmt::format("delete from {} as target\n using {}\n   and not again.qualifies", table_sql(shape.target),
                         found_again(shape, watch)),
             shape.target),
      writes(
          "and its record; the same where the target has lost the row",
          fmt::format(
              "delete from {} as kept\n using {} as again\n where {}\n   and (not again.qualifies\n        or {}not "
              "exists (select from {} as target where {}))",
              shape.kept, watch.again, same_row(watch, "kept", "again"), skips(shape) ? "kept.already_there or " : "",
              table_sql(shape.target), joined(by_target_key(shape, "kept", "target"), " and ")),
          shape.target)};
}

Statements follow_changes(const MoveShape& shape, const Watch& watch) {
  std::vector<std::string> sets, keys, moved;
  for (const Mapped& mapped : shape.mapped) {
    const std::string& name = mapped.target->name;
    if (mapped.target->identity && mapped.target->identity->always) continue;
    sets.push_back(fmt::format("{} = again.{}", quoted(name), labelled("put", name)));
  }
  for (const std::string& column : shape.target_key) {
    const Mapped* mapped = shape.of(column);
    if (mapped == nullptr || mapped->constant) continue;
    const std::string label = labelled("target", column), put = "again." + labelled("put", column);
    keys.push_back(fmt::format("{} = {}", label, put));
    moved.push_back(differs("kept." + label, put, shape.type_of(column)));
  }
  Statements all;
  if (!sets.empty()) {
    all.push_back(writes("changed in the source",
                         fmt::format("update {} as target\n   set {}\n  from {}\n   and again.qualifies\n   and ({})",
                                     table_sql(shape.target), lines_of(sets, 7), found_again(shape, watch),
                                     any_of(changed_columns(shape), 8)),
                         shape.target));
  }
  if (!keys.empty()) {
    all.push_back(writes(
        "and their records",
        fmt::format("update {} as kept\n   set {}\n  from {} as again\n where {}\n   and again.qualifies\n"
                    "   and ({})",
                    shape.kept, lines_of(keys, 7), watch.again, same_row(watch, "kept", "again"), any_of(moved, 8)),
        shape.target));
  }
  return all;
}

// Of a migration that is taken back: late rows leave the target, and no mapping is asked for them.
Statement settle(const MoveShape& shape, const Watch& watch) {
  const std::string found = fmt::format("{}{}\n   and {}", all_of(by_target_key(shape, "kept", "target"), 3),
                                        skips(shape) ? "\n   and not kept.already_there" : "", is_late(watch));
  const Names key = shape.target_identity == Names{"ctid"} ? shape.target_key : shape.target_identity;
  Statements apart{
      reads("changed since on both sides",
            to_residue(shape.target, "target", key, shape.move.title(),
                       literal("changed on both sides while rows were moved in batches"),
                       fmt::format("{} as target,\n       {} as kept\n where {}\n   and target.xmin <> kept.put_in",
                                   table_sql(shape.target), shape.kept, found),
                       shape.around),
            shape.target),
      writes("their rows of the target",
             fmt::format("delete from {} as target\n using {} as kept\n where {}", table_sql(shape.target), shape.kept,
                         found),
             shape.target),
      writes("and the record of them", fmt::format("delete from {} as kept\n where {}", shape.kept, is_late(watch)),
             shape.target)};
  return settle_late(
      watch, shape.target,
      without_triggers(std::move(apart), shape.target, {false, false, true}, shape.around, shape.around.absent));
}

Statement catch_up(const MoveShape& shape, const Watch& watch) {
  std::vector<std::string> columns = key_labels(watch, {});
  for (const std::string& column : mapped_columns(shape)) columns.push_back(labelled("put", column));
  const std::string fresh = fmt::format(
      "select {}\n  from {} as again\n where qualifies\n   and not exists (select from {} as kept where {})",
      joined(columns, ", "), watch.again, shape.kept, same_row(watch, "kept", "again"));
  Statements inner{note_conflicts(shape, watch)};
  for (Statement& statement : remove_gone(shape, watch)) inner.push_back(std::move(statement));
  for (Statement& statement : follow_changes(shape, watch)) inner.push_back(std::move(statement));
  inner.push_back(
      writes("new in the source", insert_with_record(shape, fresh, "pg_current_xact_id()::xid"), shape.target));
  std::string body =
      body_of(without_triggers(std::move(inner), shape.target, {true, true, true}, shape.around, shape.around.absent));
  const auto said = [&](std::string_view words) { return said_of(shape.move.title(), words); };
  body += fmt::format(
      "\n  select count(*) into v_qualifying from {0} where qualifies;\n"
      "  select count(*) into v_kept from {0} as again join {1} as kept on {2}\n"
      "   where exists (select from {5} as target where {6});\n"
      "  if v_qualifying <> v_kept then\n"
      "    raise exception {3}, v_qualifying, v_kept using errcode = 'GW003';\n  end if;\n"
      "  raise notice {4}, v_late;",
      watch.again, shape.kept, same_row(watch, "kept", "again"),
      said("of the rows written meanwhile % qualify, but % are moved or already there"),
      said("% rows were written meanwhile, and are as they should be"), table_sql(shape.target),
      joined(by_target_key(shape, "kept", "target"), " and "));
  return catch_up_function(watch, "  v_conflicts bigint;\n  v_qualifying bigint;\n  v_kept bigint;",
                           late_rows(shape, watch), body);
}

// Source = moved + already there + left behind, in one snapshot; late rows have their turn later.
Statement prove_counts(const MoveShape& shape, const Watch& watch) {
  const auto said = [&](std::string_view words) { return said_of(shape.move.title(), words); };
  const std::string body = fmt::format(
      "  select count(*){} into v_total, v_qualifying\n    from {}\n   where {};\n"
      "  select count(*), {} into v_kept, v_there\n    from {} as kept\n   where {};\n"
      "  if v_qualifying <> v_kept then\n    raise exception {},\n      v_qualifying, v_kept - v_there, v_there using "
      "errcode = 'GW003';\n  end if;\n"
      "  select sum(rows_written) into v_written from godwit.checkpoint where (migration, step) = ({}, {});\n"
      "  select count(*) into v_recorded from {}{};\n"
      "  if v_written <> v_recorded then\n    raise exception {}, v_written, v_recorded using errcode = 'GW003';\n  "
      "end "
      "if;\n"
      "  raise notice {},\n    v_kept - v_there, v_there, v_total - v_qualifying, v_total;",
      shape.where.empty() ? ", count(*)" : fmt::format(",\n         count(*) filter (where {})", shape.where),
      shape.from, is_untouched(watch), skips(shape) ? "count(*) filter (where already_there)" : "0", shape.kept,
      is_untouched(watch, "kept"), said("% rows qualify, but % were moved and % were already there"),
      literal(shape.around.migration), literal(watch.step), shape.kept, skips(shape) ? " where not already_there" : "",
      said("% rows were moved, % are recorded"), said("% moved, % already there, % left behind, % in all"));
  Statement statement = reads("every row accounted for",
                              block("  v_total bigint;\n  v_qualifying bigint;\n  v_kept bigint;\n  v_there bigint;\n"
                                    "  v_written bigint;\n  v_recorded bigint;",
                                    body),
                              shape.source);
  return statement;
}

}  // namespace

void move_in_batches(const MoveShape& shape, Step& step) {
  const Watch watch = watch_of(shape);
  Batches batches;
  batches.table = watch.table;
  batches.function = watch.run;
  batches.rows = watch.batch.rows;

  batches.prepare = {kept_schema(), residue_table()};
  Statement kept = keep_qualifying(shape);
  kept.sql += fmt::format(
      "\n  with no data;\nalter table {0} add column put_in xid;\nalter table {0} replica identity full", shape.kept);
  kept.work = Work::instant;
  batches.prepare.push_back(std::move(kept));
  if (shape.keeps_standing()) batches.prepare.push_back(keep_standing(shape));
  for (Statement& statement : begin_watch(watch, late_rows(shape, watch)))
    batches.prepare.push_back(std::move(statement));
  const Fitting fitting = one_batch(shape, in_batch(watch));
  // The block in which rows are written is a transaction of its own to the server: theirs, as the record knows it.
  const std::string rows = fmt::format(
      "update godwit.checkpoint set reached_at = reached_at\n where (migration, step, range) = ({}, {}, v_range) "
      "returning "
      "xmin into v_put_in;\n{};\nget diagnostics v_written = row_count;",
      literal(shape.around.migration), literal(watch.step),
      insert_with_record(shape, batch_rows(shape, watch), "v_put_in"));
  Statement write =
      writes("the rows, and which they were", naming_rows(fitting, rows, "batch_rows", way_out_of_batch), shape.target);
  batches.prepare.push_back(batch_function(
      watch, "  v_put_in xid;\n" + naming_variables(fitting),
      without_triggers({std::move(write)}, shape.target, {true, false, false}, shape.around, shape.around.absent)));
  batches.prepare.push_back(catch_up(shape, watch));

  batches.prove = {index_record(watch), prove_counts(shape, watch)};
  if (shape.move.rest.action != Rest::Action::ignore && !shape.where.empty())
    batches.prove.push_back(rest_statement(shape));
  if (shape.move.sample) batches.prove.push_back(sample_statement(shape, is_untouched(watch)));

  step.up = end_watch(watch, shape.target);
  step.up.push_back({"the record needs no more than that",
                     fmt::format("alter table {} drop column put_in", shape.kept),
                     {},
                     Work::instant});
  batches.settle = step.up;
  batches.settle.front() = settle(shape, watch);
  batches.back = move_back_in_batches(shape);
  step.batches = std::move(batches);
}

}  // namespace godwit::data
