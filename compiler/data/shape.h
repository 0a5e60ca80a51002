// SPDX-License-Identifier: Apache-2.0
// A move looked at from both sides: which target column comes from what, by what a target row finds its source row
// again, and what goes back into the source. All names are those valid while the step runs, in both directions.
#pragma once

#include "compiler/data/text.h"

#include <optional>
#include <string>
#include <vector>

namespace godwit::data {

/// `column = expression` of `set`.
struct Mapped {
  const Column* target = nullptr;
  Fragment value;   // over the source
  std::string sql;  // the value as the target's type, for comparing
  bool constant = false;
  std::string copies;  // the source column it copies (also `coalesce(column, constant)`), if it does
  bool plain = false;  // a plain copy
};

/// A source column that gets a value from the target when the move is taken back.
struct Returned {
  const Column* source = nullptr;  // as it was before: its own name may have changed
  std::string name;                // the present one
  std::string sql;                 // over the target, as the source column's type
  Names reads;                     // target columns
};

struct MoveShape {
  MoveShape(const Move& of_move, const Surroundings& surroundings) : move(of_move), around(surroundings) {}

  const Move& move;
  const Surroundings& around;

  ObjectKey source;   // present key; only when the source is a table
  std::string from;   // `app.users`, `app.users as u`, `(select …) as q`
  std::string where;  // empty: all rows
  Names source_key;   // empty: rows of the source cannot be told apart (or it is a query)
  bool source_dropped = false;
  std::vector<Mapped> mapped;
  std::vector<const Mapped*> constants;  // those that say which target rows are of this move: in its key, if it has one
  std::vector<const Mapped*> key_copies;    // copies of the source's key, in its order; all of them or none
  std::vector<const Mapped*> other_copies;  // plain copies of other source columns that stay
  std::vector<Returned> returned;

  ObjectKey target;
  bool target_existed = false;
  Names target_key;       // what identifies a moved row; may be empty
  Names target_identity;  // what finds any row of the target: its key, else ctid

  /// Rows of the target that stood there before are told from those of the move.
  bool keeps_standing() const { return target_existed && carries_back() && target_identity != Names{"ctid"}; }

  bool carries_back() const { return !move.no_reverse && !key_copies.empty() && (source_dropped || !returned.empty()); }

  bool records_source() const { return !source_key.empty(); }

  bool records_there() const { return move.on_conflict != OnConflict::fail; }

  const Mapped* of(const std::string& target_column) const;
  /// The column takes no null, or what the move puts there never is.
  bool never_null(const std::string& target_column) const;
  std::string type_of(const std::string& target_column) const;

  /// What an untouched row of this move holds in a target column: what `set` gives (as `put`, which spells the label of
  /// a mapped column), or the column's default; nullopt when it cannot be known.
  template <typename Put>
  std::optional<std::string> untouched(const std::string& column, const Put& put) const {
    if (const Mapped* found = of(column)) return put(*found);
    const Column* target_column = column_now(column_key(target, column), around);
    return target_column == nullptr ? std::nullopt : plain_default(*target_column);
  }

  // Kept tables.
  std::string kept;       // the rows that qualified
  std::string stood;      // the key of target rows that stood there before
  std::string overwrote;  // old and new values of target rows that the move changed
  std::string back;       // made and dropped by the way back: which target row returns to which source row
};

/// What identifies a moved row in the target: `key`, else the target's own key when `set` fills all of it.
Names effective_key(const Move& move, const Names& target_row_key);

MoveShape shape_of(const Move& move, const Surroundings& around);

/// Rows of the target refer to others of it, by columns that the move fills: a row may come before the one it refers
/// to.
bool refers_to_itself(const MoveShape& shape);

/// The tables that the fragments name, each once.
std::vector<ObjectKey> tables_in(const std::vector<const Fragment*>& fragments);
/// The tables of before the migration that the expressions of a move (of after it: of a backfill) read.
std::vector<ObjectKey> read_tables(const Move& move);
std::vector<ObjectKey> read_tables(const Backfill& backfill);

// Queries over the source that the pieces below are made of.

/// The source's key and what is put into the target (`put_name`, when that is the label) for each row that qualifies
/// and fits the condition.
std::string image(const MoveShape& shape, const Names& target_columns, std::string_view label,
                  const std::string& condition = {});
/// The same with a column that says whether the target has such a row `already_there`.
std::string with_already_there(const MoveShape& shape, const std::string& image_query, std::string_view label);
Names mapped_columns(const MoveShape& shape);
/// `insert into t (a, b)`, one line.
std::string insert_head(const MoveShape& shape);
/// `with image as (…), kept as (…) insert …`: the rows of the query, whose columns are those of image(), and their
/// record. `stamp`: what stands in `put_in`, if there is such. Reading the rows twice in one snapshot costs less than
/// putting them aside; PostgreSQL puts them aside all the same where an expression is volatile.
std::string insert_with_record(const MoveShape& shape, std::string rows, std::string_view stamp);
/// `target.<key> = <alias>.<label>_<key>` for the move's key.
std::vector<std::string> by_target_key(const MoveShape& shape, std::string_view alias, std::string_view label);
std::vector<std::string> by_source_key(const MoveShape& shape, std::string_view a, std::string_view b);

// The pieces of a move's step.
Statements move_forward(const MoveShape& shape);  // move.cpp
Statement keep_qualifying(const MoveShape& shape);
Statement keep_standing(const MoveShape& shape);
Statement rest_statement(const MoveShape& shape);
/// The sampled rows are compared with what the expressions give now: before anything else can have changed them. Where
/// others may have, `untouched` is the condition for rows of the source that nobody wrote since.
Statement sample_statement(const MoveShape& shape, const std::string& untouched = {});
void move_in_batches(const MoveShape& shape, Step& step);  // move_batches.cpp
Statements prepare_rejecting(const MoveShape& shape);      // move_reject.cpp
Statement move_rejecting(const MoveShape& shape);
/// Of a row of the source: the move has put it into the target.
std::string recorded(const MoveShape& shape);
/// Of a row of the source: the move has put it into the target, or could have.
std::string may_be_put(const MoveShape& shape);
Statements move_back(const MoveShape& shape);  // reverse.cpp
Statements move_finalize(const MoveShape& shape);
/// Nothing when rows cannot be found, or told apart, in batches.
std::optional<BatchesBack> move_back_in_batches(const MoveShape& shape);  // move_back_batches.cpp

// One function per intent; steps_of() dispatches.
std::vector<Step> steps(const Move& move, const Surroundings& around);
std::vector<Step> steps(const Backfill& backfill, const Surroundings& around);
std::vector<Step> steps(const Rows& rows, const Surroundings& around);
std::vector<Step> steps(const Check& check, const Surroundings& around);
std::vector<Step> steps(const Escape& escape, const Surroundings& around);

}  // namespace godwit::data
