// SPDX-License-Identifier: Apache-2.0
// A move that went in batches, taken back in batches. While applications still use the new shape, the place of each row
// is found, range by range; at the turn only rows that say more than what the move put there, or were written since
// their batch, are carried back, under the locks that give the old shape back; behind it what is back is removed from
// the target, range by range.
#include "compiler/data/batches.h"
#include "compiler/data/reverse.h"

#include "base/identifier.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::data {

namespace {

// One move's way back, and what it makes.
struct WayBack {
  const MoveShape& shape;
  std::string view;     // the source under the names of before, while its columns are hidden
  std::string touched;  // keys of source rows that need more than the removal of what came from them
  std::string note_target;
  MoveShape hidden;  // the shape over the view
  MoveShape few;     // the shape of what is touched
  Watch finding, removal;
};

std::string alias_of(const MoveShape& shape) {
  return shape.move.alias == shape.move.source->name.str() ? shape.source.name.str() : shape.move.alias;
}

WayBack way_back_of(const MoveShape& shape) {
  const auto named = [&](std::string_view what) { return kept_table(what, shape.move.name, shape.around); };
  WayBack way{
      shape,
      named("before"),
      named("touched"),
      named("note_there"),
      shape,
      shape,
      watch_back(Watch(shape.around, *shape.move.batch), shape.source, shape.source_key, "source", shape.kept, named),
      Watch(shape.around, *shape.move.batch)};
  way.hidden.from = fmt::format("{} as {}", way.view, quoted(alias_of(shape)));
  way.few.kept = named("touched_moved");
  way.few.back = named("touched_back");

  way.finding.step = "find the places of " + shape.move.title();
  way.finding.alias = quoted(alias_of(shape)) + '.';

  Watch& removal = way.removal;
  removal.batch.by.clear();
  removal.step = "remove what came with " + shape.move.title();
  removal.table = kept_key(shape.back);
  removal.alias = "back.";
  for (const std::string& column : shape.source_key) removal.key.push_back(label_of("source", column));
  for (const std::string& column : shape.target_identity) removal.key.push_back(label_of("target", column));
  removal.run = named("remove");
  return way;
}

// ---- whether it can be done so
// ---------------------------------------------------------------------------------------

// Columns of the source are all there at the turn, if under other names, and nothing names them through their table.
bool stands_behind_a_view(const MoveShape& shape) {
  const auto is_there = [&](const std::string& name) {
    const ObjectKey key = column_key(shape.source, name);
    return shape.around.catalog.get<Column>(key) != nullptr || shape.around.hidden.contains(key);
  };
  const Names columns = columns_then(shape.source, shape.around);
  const auto names_table = [&](const std::string& sql) {
    return sql.find(table_sql(shape.source) + '.') != std::string::npos;
  };
  return std::all_of(columns.begin(), columns.end(), is_there) && !names_table(shape.where) &&
         std::none_of(shape.mapped.begin(), shape.mapped.end(),
                      [&](const Mapped& mapped) { return names_table(mapped.sql); }) &&
         std::none_of(shape.source_key.begin(), shape.source_key.end(), [&](const std::string& column) {
           return shape.around.hidden.contains(column_key(shape.source, column));
         });
}

// Rows of the target are found by one of the columns, which an index begins with.
bool is_indexed(const MoveShape& shape, const Names& by) {
  const auto is_one = [&](const std::string& column) { return std::find(by.begin(), by.end(), column) != by.end(); };
  const auto leads = [&](const Names& columns) { return !columns.empty() && is_one(columns.front()); };
  const auto children = shape.around.catalog.children(shape.target);
  return std::any_of(children.begin(), children.end(), [&](const ObjectKey& child) {
    if (const auto* primary = shape.around.catalog.get<PrimaryKey>(child)) return leads(primary->columns);
    if (const auto* unique = shape.around.catalog.get<Unique>(child)) return leads(unique->columns);
    const auto* index = shape.around.catalog.get<Index>(child);
    const bool serves = index != nullptr && !index->where && !index->elements.empty() &&
                        (index->method.empty() || index->method == "btree");
    return serves && is_one(index->elements.front().column);
  });
}

Names copies_of_key(const MoveShape& shape) {
  Names names;
  for (const Mapped* copy : shape.key_copies) names.push_back(copy->target->name);
  return names;
}

bool goes_back_in_batches(const MoveShape& shape) {
  if (!keeps_types(shape.source, shape.around) || !keeps_types(shape.target, shape.around)) return false;
  if (!shape.carries_back()) return shape.records_source() && is_indexed(shape, shape.target_key);
  const std::vector<ObjectKey> read = read_tables(shape.move);
  const bool reads_others = std::any_of(
      read.begin(), read.end(), [&](const ObjectKey& table) { return now(table, shape.around) != shape.source; });
  return !shape.source_dropped && !reads_others && shape.target_identity != Names{"ctid"} &&
         stands_behind_a_view(shape) && is_indexed(shape, copies_of_key(shape));
}

// ---- before the turn
// -------------------------------------------------------------------------------------------------

Statement view_of_before(const WayBack& way) {
  std::vector<std::string> columns;
  for (const std::string& name : columns_then(way.shape.source, way.shape.around)) {
    const auto hidden = way.shape.around.hidden.find(column_key(way.shape.source, name));
    columns.push_back(hidden == way.shape.around.hidden.end() ? quoted(name)
                                                              : quoted(hidden->second) + " as " + quoted(name));
  }
  return {fmt::format("{} with the columns of before, some of which are hidden still", table_sql(way.shape.source)),
          fmt::format("create view {} as\nselect {}\n  from {}", way.view, lines_of(columns, 7),
                      table_sql(way.shape.source)),
          {},
          Work::instant};
}

// Of one batch: source rows of which the target says something else than what the move put there.
std::string touched_rows(const WayBack& way) {
  const Watch& finding = way.finding;
  const MoveShape& shape = way.hidden;
  std::string sql = fmt::format(
      "insert into {} ({})\nselect {}\n  from {} as kept\n where {}{}\n"
      "   and not exists (select from {} as back where {})",
      way.touched, joined(key_labels(finding, {}), ", "), joined(key_labels(finding, "kept"), ", "), shape.kept,
      in_batch(finding, "kept"), shape.records_there() ? "\n   and not kept.already_there" : "", shape.back,
      same_row(finding, "back", "kept"));
  std::vector<std::string> parts;
  for (const Returned& returned : shape.returned) {
    parts.push_back(differs("source." + labelled("old", returned.name), "back." + labelled("new", returned.name),
                            returned.source->type.text));
  }
  for (std::string& part : not_held(shape)) parts.push_back(std::move(part));
  if (parts.empty()) return sql;
  return sql + fmt::format(
                   "\nunion\nselect {}\n  from {} as back\n  join (\n{}\n  ) as source on {}\n"
                   "  join {} as target on {}\n where {}\n   and back.place = 1\n   and ({})",
                   joined(key_labels(finding, "back"), ", "), shape.back,
                   source_rows(shape, true, 4, in_batch(finding)), same_row(finding, "source", "back"),
                   table_sql(shape.target), joined(by_identity(shape, "back"), " and "), in_batch(finding, "back"),
                   any_of(parts, 8));
}

Statement find_function(const WayBack& way) {
  return batch_function(
      way.finding, "",
      {reads("where each row goes back to",
             fmt::format("insert into {}\n{};\nget diagnostics v_written = row_count", way.shape.back,
                         places(way.hidden, in_batch(way.finding))),
             way.shape.target),
       reads("and which of them say more than what was put there", touched_rows(way), way.shape.target)});
}

Statement remove_function(const WayBack& way) {
  Statement removal = remove_placed(
      way.shape, {in_batch(way.removal), fmt::format("not exists (select from {} as late where {})", way.finding.late,
                                                     same_row(way.finding, "late", "back"))});
  removal.sql += ";\nget diagnostics v_written = row_count";
  return batch_function(way.removal, "",
                        without_triggers({std::move(removal)}, way.shape.target, {false, false, true}, way.shape.around,
                                         way.shape.around.absent));
}

Statements prepare(const WayBack& way) {
  const MoveShape& shape = way.shape;
  Statements all{
      view_of_before(way),
      {fmt::format("a place for what is found: which row of {} goes back to which of {}", table_sql(shape.target),
                   table_sql(shape.source)),
       fmt::format("create table {0} as\n{1}\n  with no data;\nalter table {0} add primary key ({2})", shape.back,
                   places(way.hidden), listed(way.removal.key)),
       {},
       Work::instant},
      {"and for those that say more than what was put there",
       fmt::format("create table {0} as\nselect {1}\n  from {2}\n  with no data;\nalter table {0} add primary "
                   "key ({1})",
                   way.touched, joined(key_labels(way.finding, {}), ", "), shape.kept),
       {},
       Work::instant}};
  const auto append = [&](Statements more) { std::move(more.begin(), more.end(), std::back_inserter(all)); };
  append(note_writes(way.finding));
  append(note_writes(way.finding, way.note_target, shape.target, copies_of_key(shape)));
  all.push_back(set_bounds(way.finding));
  all.push_back(find_function(way));
  all.push_back(remove_function(way));
  return all;
}

// ---- the turn
// --------------------------------------------------------------------------------------------------------

// Places of rows that were written since theirs was found.
Statements find_late(const WayBack& way) {
  const Watch& finding = way.finding;
  const std::vector<std::string> labels = key_labels(finding, {});
  std::vector<std::string> late;
  for (const std::string& column : finding.key) {
    late.push_back(fmt::format("late.{} = {}{}", labelled(finding.label, column), finding.alias, quoted(column)));
  }
  const std::string is_late =
      fmt::format("exists (select from {} as late where {})", finding.late, joined(late, " and "));
  Statements all{
      reads("when every row is concerned",
            fmt::format("insert into {0} ({1})\nselect {2} from {3}\n where exists (select from {0} where {4} is "
                        "null);\ndelete from {0} where {4} is null",
                        finding.late, joined(labels, ", "), listed(finding.key), table_sql(finding.table),
                        labels.front()),
            way.shape.source),
      reads("what was written since is found again",
            fmt::format("delete from {} as back\n using {} as late\n where {}", way.shape.back, finding.late,
                        same_row(finding, "back", "late")),
            way.shape.source),
      reads("what was written since is found again",
            fmt::format("insert into {}\n{}", way.shape.back, places(way.shape, is_late)), way.shape.source),
      reads("what was written since is found again",
            fmt::format("insert into {0} ({1})\nselect distinct {1} from {2}\n on conflict do nothing", way.touched,
                        joined(labels, ", "), finding.late),
            way.shape.source)};
  all.front().locks.push_back({way.shape.target, Lock::share_row_exclusive});  // whoever wrote there is done
  return all;
}

Statements choose_touched(const WayBack& way) {
  Statements all;
  const auto choose = [&](const std::string& few, const std::string& of) {
    all.push_back(reads("only these are looked at, the others hold what the move put there",
                        fmt::format("create table {0} as\nselect one.*\n  from {1} as one\n  join {2} as touched on "
                                    "{3};\nalter table {0} replica identity full",
                                    few, of, way.touched, same_row(way.finding, "one", "touched")),
                        way.shape.source));
  };
  choose(way.few.kept, way.shape.kept);
  choose(way.few.back, way.shape.back);
  return all;
}

Statements turn(const WayBack& way) {
  Statements all = find_late(way);
  const auto append = [&](Statements more) { std::move(more.begin(), more.end(), std::back_inserter(all)); };
  append(choose_touched(way));
  append(carry_back(way.few));
  std::vector<std::string> same;
  for (const std::string& column : way.removal.key) same.push_back(fmt::format("back.{0} = few.{0}", quoted(column)));
  all.push_back(
      reads("what the old shape has no place for stays where it is",
            fmt::format("update {} as back\n   set place = null\n  from {} as few\n where {}\n   and few.place "
                        "is null",
                        way.shape.back, way.few.back, all_of(same, 3)),
            way.shape.source));
  append(end_notes(way.finding.note, way.shape.source));
  all.push_back({"nothing is noted any more",
                 fmt::format("drop function {}();\ndrop table {}, {}, {};\ndelete from {}", way.finding.note,
                             way.touched, way.few.kept, way.few.back, way.finding.late),
                 {},
                 Work::instant});
  all.push_back(
      reads("statistics for the batches that remove it", fmt::format("analyze {}", way.shape.back), way.shape.source));
  all.push_back(set_bounds(way.removal));
  return all;
}

// ---- a move of which nothing goes back
// -------------------------------------------------------------------------------

// Its record says which rows it put there.
BatchesBack only_remove(const MoveShape& shape) {
  WayBack way = way_back_of(shape);
  Watch& removal = way.removal;
  removal.table = kept_key(shape.kept);
  removal.alias = "kept.";
  removal.key.clear();
  for (const std::string& column : shape.source_key) removal.key.push_back(label_of("source", column));
  Statement statement = remove_untouched(shape, in_batch(way.finding), {in_batch(removal)});
  statement.sql += ";\nget diagnostics v_written = row_count";
  BatchesBack back;
  back.prepare = {batch_function(
      removal, "",
      without_triggers({std::move(statement)}, shape.target, {false, false, true}, shape.around, shape.around.absent))};
  back.turn = {set_bounds(removal)};
  back.remove = {removal.step, removal.run};
  back.rest = {
      {"what removed its rows goes", fmt::format("drop function {}(integer)", removal.run), {}, Work::instant}};
  return back;
}

}  // namespace

std::optional<BatchesBack> move_back_in_batches(const MoveShape& shape) {
  if (!goes_back_in_batches(shape)) return std::nullopt;
  if (!shape.carries_back()) {
    BatchesBack back = only_remove(shape);
    for (Statement& statement : move_finalize(shape)) back.rest.push_back(std::move(statement));
    back.knows_its_rows = !shape.constants.empty();
    return back;
  }
  const WayBack way = way_back_of(shape);
  BatchesBack back;
  back.prepare = prepare(way);
  back.find = {way.finding.step, way.finding.run};
  back.found = {{"what looked at the new shape goes",
                 fmt::format("drop function {}(integer);\ndrop view {}", way.finding.run, way.view),
                 {},
                 Work::instant}};
  back.turn = turn(way);
  back.remove = {way.removal.step, way.removal.run};
  back.rest = end_notes(way.note_target, shape.target);
  back.rest.push_back({"nothing is noted any more",
                       fmt::format("drop function {}(), {}(integer);\ndrop table {}, {}", way.note_target,
                                   way.removal.run, way.finding.late, shape.back),
                       {},
                       Work::instant});
  for (Statement& statement : move_finalize(shape)) back.rest.push_back(std::move(statement));
  back.knows_its_rows = !shape.constants.empty();
  return back;
}

}  // namespace godwit::data
