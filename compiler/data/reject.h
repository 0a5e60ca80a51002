// SPDX-License-Identifier: Apache-2.0
// Rows that the server refuses: which they are, and `reject up to N`: rows that do not fit are set aside in
// godwit_kept.rejected, with the reason, and the others go on. All rows are tried at once; where that fails fewer at a
// time, down to the one row that the server refuses.
#pragma once

#include "compiler/data/intents.h"
#include "compiler/data/shape.h"
#include "compiler/data/text.h"

#include <string>

namespace godwit::data {

/// What the server says of a row, and not of the statement or the connection.
inline constexpr const char* refusals =
    "data_exception or integrity_constraint_violation or cardinality_violation\n"
    "      or program_limit_exceeded or raise_exception";

/// Rows of a table that are written in ranges of their key.
struct Fitting {
  const Surroundings& around;
  std::string step;   // `move gmail`
  std::string noted;  // the same in godwit_kept.rejected: no other step of the migration is called so
  ObjectKey table;    // present key
  std::string from;   // `app.users as u`
  std::string alias;  // what stands before its columns: `u.`
  std::string where;  // which of its rows there are to go over; empty: all
  Names key;
  Amount limit;
  std::string write;  // writes the rows in_range(), and leaves their number in v_written
  bool deferrable = false;
};

/// The rows that a move goes over, and those of one batch (`u.id >= v_low_1 and u.id <= v_high_1`).
Fitting whole_source(const MoveShape& shape);
Fitting one_batch(const MoveShape& shape, const std::string& batch);

/// A row under its alias (`u.`) was set aside.
std::string is_set_aside(const std::string& noted, const Names& key, const std::string& alias,
                         const Surroundings& around);
/// The rows of one turn: `u.id >= v_from_1 and u.id <= v_to_1`.
std::string in_range(const Names& key, const std::string& alias);
/// The variables of go_through() and count_rejected(), v_qualifying among them.
std::string fitting_variables(const Fitting& fitting);
/// Goes through the rows; the number of those written is in v_done, of those rejected in v_rejected. `rows` is how many
/// there are.
std::string go_through(const Fitting& fitting, std::string_view rows);
/// Says how many of v_qualifying were rejected, and stops when they are too many.
std::string count_rejected(const Fitting& fitting);

/// The variables of naming_rows(); v_written and those of `write` are the caller's.
std::string naming_variables(const Fitting& fitting);
/// A block around `write`. When that fails, the rows of the fitting are tried as go_through() does, and the failure
/// names up to ten that the server refuses. `rows` is how many there are at most.
std::string naming_rows(const Fitting& fitting, const std::string& write, std::string_view rows,
                        const std::string& way_out);

/// Makes godwit_kept.rejected when it is absent.
Statement rejected_table();
/// On the way back: the rows are in their table as they were.
Statement forget_rejected(const std::string& step, const Surroundings& around);
/// What finalize does: rejected rows outlive it, an empty table does not.
Statement keep_rejected();

}  // namespace godwit::data
