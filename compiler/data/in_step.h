// SPDX-License-Identifier: Apache-2.0
// `keep in step`: triggers that carry what is written on either side of a move or backfill to the other, from the
// migration on until finalize or rollback. They see which values changed, never who writes.
#pragma once

#include "compiler/data/filling.h"
#include "compiler/data/shape.h"
#include "compiler/data/text.h"

#include <string>
#include <string_view>

namespace godwit::data {

/// The names of what a step makes for it.
struct InStep {
  std::string function;  // godwit_kept.step_people_1f2e3d4c
  // Triggers fire in the order of their names: the first one before those of users, whose names seldom begin with
  // anything less than `_`, and the last one behind all that begin with an ASCII letter.
  std::string trigger;  // _gw_step_people_1f2e3d4c
  std::string last;     // ~gw_step_people_1f2e3d4c
  std::string side;     // godwit.side_1f2e3d4c: how the first of them left the row, for the last one
};

/// `name`: of the table, or the move. `salt` tells steps of one migration apart.
InStep in_step_names(const std::string& name, const Surroundings& around, std::string_view salt);

/// `create function … returns trigger`. It runs with the rights of its owner, and whatever the session that writes has
/// set: its expressions give what they give the migration.
std::string in_step_function(const std::string& function, const std::string& declarations, const std::string& body,
                             const Surroundings& around);

/// What its statements are called.
std::string starts_in_step(const ObjectKey& table);
/// `when`: `before insert or update`; `call`: the function with its arguments.
Statement in_step_trigger(const std::string& trigger, const std::string& call, const std::string& when,
                          const ObjectKey& table);
Statements end_in_step(const std::string& function, const Names& triggers, const ObjectKey& table);

Statement conflict_table();
/// In `down` and `finalize`, behind end_in_step().
Statement settle_conflicts(const std::string& step, const Surroundings& around);

/// For a backfill: a trigger before each row, which fills the side that was not written.
Statements keep_in_step(const Filling& filling);
Statements end_in_step(const Filling& filling);
std::string in_step_remark(const Filling& filling);
/// Of a row that neither a batch nor the trigger has filled: what an application wrote is its word.
std::string is_unfilled(const Filling& filling);

/// For a move: triggers behind each row on both sides; of `reverse none` on the source alone.
Statements keep_in_step(const MoveShape& shape);
Statements end_in_step(const MoveShape& shape);
/// In `down`, behind end_in_step(): nothing goes back, for it is there. What is left in the target has no place there.
Statements leave_step(const MoveShape& shape);
/// Each row of the source has a row of its own in the target, and the other way round: one is deleted with the other.
bool one_for_one(const MoveShape& shape);
/// A row that is new in the target can become one of the source.
bool inserts_into_source(const MoveShape& shape);

}  // namespace godwit::data
