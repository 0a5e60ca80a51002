// SPDX-License-Identifier: Apache-2.0
// What goes on one side and comes on the other may be one thing renamed. Nobody but its owner knows: these are
// questions.
#pragma once

#include "runtime/diff/compare.h"

#include <string>
#include <vector>

namespace godwit::diffing {

/// The new tables of its schema that a table which goes may have become, the likeliest first: those that have one of
/// its columns.
std::vector<std::string> renames_of_table(const Item& gone, const std::vector<const Item*>& new_tables);

/// The new columns that a column which goes may have become: those of its type, or all when none has it; names that
/// are alike come first.
std::vector<std::string> renames_of_column(const ColumnText& gone, const std::vector<const ColumnText*>& new_columns);

}  // namespace godwit::diffing
