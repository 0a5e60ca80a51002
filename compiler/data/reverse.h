// SPDX-License-Identifier: Apache-2.0
// The pieces of a move's way back that run in one statement, or batch by batch.
#pragma once

#include "compiler/data/shape.h"

#include <string>
#include <vector>

namespace godwit::data {

/// Each source row (that fits the condition, over the source) with what the move puts into the target for it, as the
/// source is now: `source_id`, `old_chat` where asked for, `put_account`.
std::string source_rows(const MoveShape& shape, bool old_values, int indent, const std::string& condition = {});
/// The query of what shape.back holds: which target row returns to which source row (that fits the condition), in which
/// `place` among those of one source row, and what it says for the source's columns.
std::string places(const MoveShape& shape, const std::string& condition = {});
/// `target.id = back.target_id`
std::vector<std::string> by_identity(const MoveShape& shape, std::string_view alias);
/// Conditions under one of which a placed row holds what its source row does not say; `target`, and `source` with the
/// labels of source_rows().
std::vector<std::string> not_held(const MoveShape& shape);
/// What the places say goes into the source, and what it has no place for becomes residue.
Statements carry_back(const MoveShape& shape);
/// Removes the rows of the first places from the target; `more` conditions over `back` and `target`.
Statement remove_placed(const MoveShape& shape, std::vector<std::string> more = {});

/// Nothing goes back: what the move put there and nobody touched goes, the rest stays. `of_source`: a condition over
/// the source; `more` conditions over `kept`, `source` and `target`.
Statement remove_untouched(const MoveShape& shape, const std::string& of_source = {},
                           std::vector<std::string> more = {});

}  // namespace godwit::data
