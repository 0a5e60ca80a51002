// SPDX-License-Identifier: Apache-2.0
// What partition keys and bounds say, and partitions that leave their table and come back.
#pragma once

#include "compiler/data/steps.h"
#include "compiler/model/object.h"

#include <string>
#include <vector>

namespace godwit::kinds {

/// `range`, `list` or `hash`.
std::string strategy_of(const Fragment& partition_key);
/// The columns and expressions of a key as they are written: `created_at`, `lower(name) text_ops`.
std::vector<std::string> partition_key_elements(const Fragment& partition_key);
/// Is it `default`?
bool is_default_bound(const Fragment& bound);

/// Takes a partition out of its table, so that it can be kept as any table is.
Statements detach_partition(const Table& partition, const data::Surroundings& around);
/// Gives it back to its table. Rows that went to the default partition meanwhile and belong to it become residue, and
/// so do rows of its own that refer to what is gone.
Statements attach_partition(const Table& partition, const data::Surroundings& around);

}  // namespace godwit::kinds
