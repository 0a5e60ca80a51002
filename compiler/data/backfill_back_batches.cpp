// SPDX-License-Identifier: Apache-2.0
// A backfill that went in batches, taken back in batches. Before the turn it is found, range by range, of which rows a
// filled value was changed since; at the turn these are noted. Behind it columns that stood before get their old
// values, range by range. New columns go with the last transaction, which notes what was written to them since the
// turn.
#include "compiler/data/batches.h"
#include "compiler/data/filling.h"

#include "base/identifier.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::data {

namespace {

// One backfill's way back, and what it makes.
struct WayBack {
  const Filling& filling;
  std::string touched;  // keys of rows of which a filled value was changed since
  Filling added;        // what it filled of new columns
  Watch finding, giving;

  bool gives_back() const { return added.columns.size() < filling.columns.size(); }
  bool has_new_columns() const { return !added.columns.empty(); }
};

WayBack way_back_of(const Filling& filling) {
  const auto named = [&](std::string_view what) {
    return kept_table(what, filling.table.name, filling.around, filling.kept);
  };
  WayBack way{filling, named("touched"), filling,
              watch_back(Watch(filling.around, *filling.backfill.batch), filling.table, filling.key, "row",
                         filling.kept, named),
              Watch(filling.around, *filling.backfill.batch)};
  std::erase_if(way.added.columns, [](const Filled& filled) { return !filled.added; });

  way.finding.step = "find what was changed since " + filling.name;
  way.finding.alias = "target.";

  Watch& giving = way.giving;
  giving.batch.by.clear();
  giving.step = "give back what was before " + filling.name;
  giving.table = kept_key(filling.kept);
  giving.alias = "kept.";
  for (const std::string& column : filling.key) giving.key.push_back(label_of("row", column));
  giving.run = named("give_back");
  return way;
}

std::string keys(const WayBack& way) { return joined(key_labels(way.finding, {}), ", "); }

Statement find_function(const WayBack& way) {
  const Filling& filling = way.filling;
  return batch_function(
      way.finding, "",
      {reads("rows of which a value was changed since",
             fmt::format("insert into {} ({})\nselect {}\n  from {} as target\n  {}\n where {}\n   and ({});\n"
                         "get diagnostics v_written = row_count",
                         way.touched, keys(way), listed(filling.key, "target."), table_sql(filling.table),
                         join_kept(filling, "target"), in_batch(way.finding), changed_since(filling, "target", 8)),
             filling.table)});
}

Statement give_back_function(const WayBack& way) {
  Statement statement = *give_back(way.filling, in_batch(way.giving));
  statement.sql += ";\nget diagnostics v_written = row_count";
  return batch_function(way.giving, "",
                        without_triggers({std::move(statement)}, way.filling.table, {false, true, false},
                                         way.filling.around, way.filling.around.absent));
}

// Those that were written since are touched too.
Statement touch_late(const WayBack& way) {
  const std::string& late = way.finding.late;
  const std::string every = fmt::format("{} is null", key_labels(way.finding, {}).front());
  Statement statement =
      reads("what was written since is looked at as well",
            fmt::format("insert into {0} ({1})\nselect {1} from {2} where not ({3})\nunion\nselect {4} "
                        "from {5}\n where exists (select from {2} where {3})\n on conflict do nothing",
                        way.touched, keys(way), late, every, listed(way.filling.key), table_sql(way.filling.table)),
            way.filling.table);
  statement.locks.push_back({way.filling.table, Lock::share_row_exclusive});  // whoever wrote there is done
  return statement;
}

Statement note_touched(const WayBack& way, const Filling& filling) {
  std::vector<std::string> same;
  for (const std::string& column : filling.key)
    same.push_back(fmt::format("touched.{} = target.{}", labelled("row", column), quoted(column)));
  return note_changed(filling,
                      fmt::format("exists (select from {} as touched where {})", way.touched, joined(same, " and ")));
}

Statements end_of_notes(const WayBack& way) {
  Statements all = end_notes(way.finding.note, way.filling.table);
  all.push_back({"nothing is noted any more",
                 fmt::format("drop function {}();\ndrop table {}, {}", way.finding.note, way.finding.late, way.touched),
                 {},
                 Work::instant});
  return all;
}

void append(Statements more, Statements& all) { std::move(more.begin(), more.end(), std::back_inserter(all)); }

}  // namespace

std::optional<BatchesBack> fill_back_in_batches(const Filling& filling) {
  const Backfill& backfill = filling.backfill;
  if (!backfill.reverse.empty() || backfill.in_step || !keeps_types(filling.table, filling.around)) return std::nullopt;
  const WayBack way = way_back_of(filling);
  BatchesBack back;
  back.prepare = {
      {"a place for the rows of which a value was changed since",
       fmt::format("create table {0} as\nselect {1}\n  from {2}\n  with no data;\nalter table {0} add primary "
                   "key ({1})",
                   way.touched, keys(way), filling.kept),
       {},
       Work::instant}};
  append(note_writes(way.finding), back.prepare);
  back.prepare.push_back(set_bounds(way.finding));
  back.prepare.push_back(find_function(way));
  if (way.gives_back()) back.prepare.push_back(give_back_function(way));

  back.find = {way.finding.step, way.finding.run};
  back.found = {{"what looked for changed values goes",
                 fmt::format("drop function {}(integer)", way.finding.run),
                 {},
                 Work::instant}};

  back.turn = {touch_late(way), note_touched(way, filling)};
  if (way.has_new_columns()) {
    back.turn.push_back(reads("what is written from here on is looked at again",
                              fmt::format("delete from {};\ndelete from {}", way.finding.late, way.touched),
                              filling.table));
  } else {
    append(end_of_notes(way), back.turn);
  }
  if (way.gives_back()) {
    back.turn.push_back(set_bounds(way.giving));
    back.remove = {way.giving.step, way.giving.run};
  }

  if (way.has_new_columns()) {
    back.rest = {touch_late(way), note_touched(way, way.added)};
    append(end_of_notes(way), back.rest);
  }
  if (way.gives_back()) {
    back.rest.push_back({"what gave back the old values goes",
                         fmt::format("drop function {}(integer)", way.giving.run),
                         {},
                         Work::instant});
  }
  back.rest.push_back(drop_kept(filling.kept));
  back.knows_its_rows = true;
  return back;
}

}  // namespace godwit::data
