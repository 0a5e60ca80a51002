// SPDX-License-Identifier: Apache-2.0
// What partition keys and bounds say, and partitions that leave their table and come back.
#pragma once

#include "compiler/data/steps.h"
#include "compiler/model/object.h"

#include <optional>
#include <string>
#include <vector>

namespace godwit::kinds {

/// `range`, `list` or `hash`.
std::string strategy_of(const Fragment& partition_key);
/// The columns and expressions of a key as they are written: `created_at`, `lower(name) text_ops`.
std::vector<std::string> partition_key_elements(const Fragment& partition_key);
/// Is it `default`?
bool is_default_bound(const Fragment& bound);

/// `alter table t detach partition p`, and the way back.
Statement detached(const ObjectKey& partition, const ObjectKey& parent);
Statement attached(const ObjectKey& partition, const ObjectKey& parent, const Fragment& bound);

/// What stands behind `attach partition` where partitions stand below the partition, and the table has an identity:
/// PostgreSQL 17 and later pass it on only one level down when one is attached, and expect it further down when it is
/// detached (MergeAttributesIntoExisting and ATExecDropIdentity in tablecmds.c).
Statements identity_below(const ObjectKey& partition, const ObjectKey& parent, const data::Surroundings& around);

/// Takes a partition out of its table, so that it can be kept as any table is.
Statements take_away_partition(const Table& partition, const data::Surroundings& around);
/// Gives what was taken away back to its table. Rows that went to the default partition meanwhile and belong to it
/// become residue, and so do rows of its own that refer to what is gone.
Statements give_back_partition(const Table& partition, const data::Surroundings& around);
/// The same for one that went on as a table: its foreign keys have bound it all the while. `done`: what is undone.
Statements attach_partition(const Table& partition, const std::string& done, const data::Surroundings& around);
/// The default partition beside it.
std::optional<Table> default_beside(const Table& partition, const data::Surroundings& around);
/// Rows of what was a partition, and is one again, become residue where its bound does not hold them.
Statements strangers_to_residue(const Table& partition, const data::Surroundings& around);

}  // namespace godwit::kinds
