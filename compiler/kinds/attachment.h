// SPDX-License-Identifier: Apache-2.0
// Tables that become partitions, and partitions that become tables of their own.
#pragma once

#include "compiler/data/steps.h"
#include "compiler/kinds/declaring.h"

#include <string>
#include <vector>

namespace godwit::kinds {

/// A part of a table at its root (a constraint or an index) as a partition has it or will have it.
struct SharedPart {
  ObjectKey of_root;
  Object own;
  bool exists = false;  // the table has it before it becomes a partition
};
/// Every constraint and index of `root` as one of `table`: what it has of the same meaning, and otherwise one of the
/// name that PostgreSQL would give it, or another where that is taken.
std::vector<SharedPart> shared_parts(const ObjectKey& table, const ObjectKey& root, const Catalog& catalog);
/// A column of `root` as a table has it that left or joins it: with neither identity nor a sequence of its own.
Column column_as_of(const Column& column, const ObjectKey& table, const Catalog& catalog);
/// All tables of one tree, `table` first.
std::vector<ObjectKey> tables_below(const ObjectKey& table, const Catalog& catalog);

/// How `dependent`, which names a partition that leaves its table, reads the columns of both.
enum class Reading {
  nothing,    // it names no column of the table at the root
  partition,  // all columns that it names are the partition's
  unclear     // it names other tables of the tree, too
};
Reading reading_of(const ObjectKey& dependent, const ObjectKey& partition, const ObjectKey& root,
                   const Catalog& catalog);
/// What names the partition or one below it, the tables below it included, and reads columns.
std::vector<ObjectKey> readers_of(const ObjectKey& partition, const Catalog& catalog);

/// What comes before the drop of a partition that the migration has made: PostgreSQL drops none of a table that others
/// refer to. Empty for anything else.
Statements taken_out(const Object& dropped, const data::Surroundings& around);

/// The steps that carry them out, as late as can be: all other steps find the tables as they were.
std::vector<Step> attachment_steps(const std::vector<Attachment>& attachments, const data::Surroundings& around);
/// Makes the tables in the catalog what the attachments have made of them, once the plan is there.
void settle_attachments(Declaring& d);

}  // namespace godwit::kinds
