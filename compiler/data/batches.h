// SPDX-License-Identifier: Apache-2.0
// What moves and backfills that run in batches have in common: a range of keys for each batch, and a watch over what
// applications write meanwhile. Each batch is a call of a function in godwit_kept: rows, their record and the place to
// go on from are written in one transaction. Triggers note the keys of rows that are written after the watch began;
// a second function looks at exactly those rows again, under the lock of the last part.
#pragma once

#include "compiler/data/text.h"

#include <string>
#include <utility>
#include <vector>

namespace godwit::data {

/// A table whose rows are gone over in batches.
struct Watch {
  Watch(const Surroundings& surroundings, Batching batching) : around(surroundings), batch(std::move(batching)) {}

  const Surroundings& around;
  Batching batch;                 // `by` under its present name
  std::string step;               // the title of the step: `move gmail`
  ObjectKey table;                // present key
  std::string alias;              // what stands before its columns in expressions: `u.`
  Names key;                      // by which a row is found again
  std::string label;              // of key columns in `kept`: `source`
  std::string cut_type;           // of what leads the key, if a large table can be cut into ranges of it
  std::vector<ObjectKey> others;  // further tables that are read: a change of one concerns every row
  std::string kept;               // one row for each that is done

  // Made by the first part, gone with the last.
  std::string late;      // keys of rows written since, as often as they were
  std::string again;     // each of these rows once
  std::string note;      // trigger function
  std::string run;       // one batch
  std::string catch_up;  // looks at the late rows again
};

/// Where a batch stops at rows that the server refuses.
inline constexpr const char* way_out_of_batch = "mend these rows and run it again: it goes on behind the last batch";

/// Gives the watch the names of what it makes; `name` is the move's or the table's.
void name_parts(Watch& watch, const std::string& name, std::string_view salt = {});

/// The type of the column that leads what batches go by (present key), when the server's statistics about it can cut
/// the table into ranges; else empty.
std::string cut_type(const ObjectKey& leading, const Surroundings& around);
/// Nobody wrote the row since it was watched, as far as the notes say: `not exists (select from late where
/// late.source_id = u.id)`, of a row of the table, or (`of`) of `kept`.
std::string is_untouched(const Watch& watch, std::string_view of = {});
/// `late.source_id`, for each column of the key.
std::vector<std::string> key_labels(const Watch& watch, std::string_view alias);
/// `kept.source_id = again.source_id`
std::string same_row(const Watch& watch, std::string_view a, std::string_view b);
/// The rows of one batch: `u.id >= v_low_1 and u.id <= v_high_1`; or, of a table that holds their key, `of.source_id >=
/// …`.
std::string in_batch(const Watch& watch);
std::string in_batch(const Watch& watch, std::string_view of);

/// Makes `late`, and begins to note in it what is written to the table and to the others.
Statements note_writes(const Watch& watch);
/// Notes there what is written to another table, whose `columns` hold the key of the row: all of them, or it is of
/// none.
Statements note_writes(const Watch& watch, const std::string& function, const ObjectKey& table, const Names& columns);
/// Nothing that is written to the table is noted any more.
Statements end_notes(const std::string& function, const ObjectKey& table);
/// Where the batches begin and end, in godwit.checkpoint.
Statement set_bounds(const Watch& watch);
/// The notes, and the bounds of the batches. `again_query`: what `again` holds.
Statements begin_watch(const Watch& watch, const std::string& again_query);
/// The function that runs one batch: `write` writes the rows in_batch(), with their record, and leaves their number in
/// v_written. `declarations` are those that it needs beside.
Statement batch_function(const Watch& watch, const std::string& declarations, const Statements& write);
/// The function that does the late rows again. `collect` is the query that fills `again`; `body` does what is to be
/// done with them, and their number is in v_late.
Statement catch_up_function(const Watch& watch, const std::string& declarations, const std::string& collect,
                            const std::string& body);
/// The last part: late rows, and the end of the watch. `target`: what the function writes to.
Statements end_watch(const Watch& watch, const ObjectKey& target);
/// The same when the migration is taken back: late rows that no longer fit are not put anywhere. `apart` takes what the
/// batches made of late rows, as is_late() has it, out again; no expression of the step is asked.
Statement settle_late(const Watch& watch, const ObjectKey& target, const Statements& apart);
/// Somebody wrote the row of the record since.
std::string is_late(const Watch& watch);
/// Each row has one record, and is found by it from here on. Done when the batches are, or when they are given up.
Statement index_record(const Watch& watch);

/// What a way back looks through before its turn: `table`, whose records stand in `kept` by its key under `label`.
/// `named` gives the names of what it makes.
template <typename Named>
Watch watch_back(Watch watch, const ObjectKey& table, const Names& key, std::string_view label, const std::string& kept,
                 Named named) {
  watch.batch.by.clear();  // what is kept is found by the key
  watch.table = table;
  watch.key = key;
  watch.label = label;
  watch.cut_type = cut_type(column_key(table, key.front()), watch.around);
  watch.kept = kept;
  watch.late = named("since");
  watch.note = named("note_here");
  watch.run = named("find");
  return watch;
}

/// The key of what kept_table() named.
ObjectKey kept_key(const std::string& kept);
/// No column of the table has another type before the migration than after it.
bool keeps_types(const ObjectKey& table, const Surroundings& around);

/// Statements as lines of a function's body.
std::string body_of(const Statements& statements);

}  // namespace godwit::data
