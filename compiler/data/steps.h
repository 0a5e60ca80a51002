// SPDX-License-Identifier: Apache-2.0
// Intents to steps: the SQL that moves, fills, seeds and checks rows, and the SQL that takes it back exactly while rows
// written in between survive.
#pragma once

#include "compiler/data/intents.h"
#include "compiler/model/catalog.h"
#include "compiler/model/plan.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::data {

/// What becomes of the objects that steps read, once the migration is over.
struct Aftermath {
  std::map<ObjectKey, ObjectKey> set_aside;  // present key of what is hidden or kept: where it stands afterwards
  std::set<ObjectKey> rewritten;             // columns that other steps write too
};

/// What the planner knows when it turns intents into steps.
struct Surroundings {
  const Catalog& catalog;                         // after the migration; its journal tells what was there before
  const std::map<ObjectKey, ObjectKey>& renames;  // old key to new key of everything a rename of this migration changed
  const std::set<ObjectKey>&
      dropped;  // columns and tables (old keys, renames applied) that this migration hides or keeps
  const SourceSet& sources;
  std::string migration;                         // its id
  std::map<ObjectKey, std::string> hidden = {};  // dropped columns (old keys, renames applied): their reserved names
  std::set<ObjectKey> absent = {};  // dropped, or to be made anew: they do not stand while rows move, either way
  Aftermath aftermath = {};
};

/// The steps of one intent (a check may be two: before and after). In file order within one phase unless needs decide.
std::vector<Step> steps_of(const Intent& intent, const Surroundings& around);

/// After all checks of `before` have run: one exception (SQLSTATE GW002) that names those that failed.
Step before_checks_verdict(Span span = {});

/// Creates godwit_kept.residue when it is absent: stands before the first of the statements below.
Statement residue_table();
/// Before a table made by this migration is dropped again: its remaining rows become residue. Runs in `down`.
Statement rows_to_residue(const ObjectKey& table, const Surroundings& around);
/// Before a column added by this migration is dropped again: values written since (not its default) become residue.
/// Its SQL is empty when nothing can be lost or told: a generated column, a default that differs from row to row.
Statement values_to_residue(const ObjectKey& column, const Surroundings& around);
/// Before a constraint (or a column's `not null`) is put back: rows written since that it would refuse become residue;
/// rows that other tables refer to stop the rollback (SQLSTATE GW004) instead. Nothing for other kinds. The object as
/// it was before the migration.
Statements violators_to_residue(const Object& constraint, const Surroundings& around);
/// Rows of before that cannot stay are removed; they stand among the residue already. When other tables refer to them
/// the rollback stops (SQLSTATE GW004) instead. `what` in words, `condition` over the table's own name.
/// `rows`: of the table alone (`only t`), where tables inherit from it that do not count.
Statements remove_rows(const ObjectKey& table, const std::string& what, const std::string& condition,
                       const Surroundings& around, const std::string& rows = {});
/// Before a column gets a narrower type back: rows with a value that fits `condition` and has no place in `type` become
/// residue, and the value null; where the column takes none the row is removed. `absent`: triggers that do not stand.
Statements unfit_to_residue(const ObjectKey& column, const std::string& condition, const std::string& type,
                            bool not_null, const Surroundings& around, const std::set<ObjectKey>& absent);

/// The reserved name under which a dropped column is hidden, `_gw_keep_…`; unique in its table.
std::string hidden_name(const std::string& column, const std::vector<std::string>& taken,
                        std::string_view what = "keep");

/// Where a step sets rows aside that do not fit, what refuses them must stand before it: unique indexes of tables that
/// the migration makes, and unique and foreign keys of columns that it adds.
void before_rejected_rows(std::vector<Step>& steps, const Surroundings& around);

/// Columns whose later values the steps of these intents already account for.
std::set<ObjectKey> accounted_columns(const Intents& intents, const Surroundings& around);

}  // namespace godwit::data
