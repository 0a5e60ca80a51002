// SPDX-License-Identifier: Apache-2.0
// What the planner asks about kinds, so that the stages need not name one; with it come the steps that keep data.
#pragma once

#include "compiler/kinds/attachment.h"  // the step that makes a partition of a table, or a table of one
#include "compiler/kinds/contract.h"
#include "compiler/kinds/conversion.h"  // steps for a change of type
#include "compiler/kinds/descent.h"
#include "compiler/kinds/enum_values.h"  // and for one of values
#include "compiler/kinds/keeping.h"      // steps for what is kept
#include "compiler/model/plan.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace godwit::kinds {

/// Dropping it would lose rows or values; it is never dropped and created again on the way to something else.
bool holds_data(Kind kind);
/// PostgreSQL carries it along by itself when the type of a column it uses changes.
bool follows_type_change(Kind kind);
/// Making it reads the rows of its tables, so rows are moved first.
bool waits_for_rows(Kind kind);
/// On an object that exists already it is changed only after the data has moved.
bool belongs_to_contract(Kind kind);
/// Its name is one among the relations of its schema: tables, indexes and what an index backs, sequences, views.
bool names_a_relation(Kind kind);
/// A constraint that PostgreSQL keeps an index of the same name for.
bool names_an_index(Kind kind);
/// PostgreSQL builds an index when it is created: an index, or such a constraint.
bool builds_index(Kind kind);
/// The schema and name that relations of all kinds share; nullopt for what is none and has none.
using RelationName = std::pair<Interned, Interned>;
std::optional<RelationName> relation_name(const ObjectKey& key);
/// A relation that `lock table` takes.
bool is_lockable(Kind kind);
/// When it is dropped it moves to a schema of its own as it is, with everything on it.
bool moves_when_dropped(Kind kind);
/// It speaks of all that is made from then on: it is made behind everything else.
bool comes_last(Kind kind);
/// What uses it does not tell: it goes behind everything else.
bool leaves_last(Kind kind);
/// It holds one value of each row of its table.
bool is_column(Kind kind);

/// Where what the migration drops stands afterwards, and which columns its steps write.
data::Aftermath aftermath(const Declaring& d, const data::Surroundings& around);

/// What making a part of a table takes beside its place in the table's own statement.
Statements beside_part(const Object& object);
/// What an object that was made leaves behind for finalize to remove.
Statements leftovers_of(const Object& object);
/// The form in which a new column is made when rows that exist must be filled first: without its `not null`.
std::optional<Object> relaxed(const Object& object);
/// The form in which an object is made before what it belongs to is there: a sequence that belongs to a column whose
/// default calls it.
std::optional<Object> forerunner(const Object& object);
/// Parts of a new table that PostgreSQL would leave out of `create table` without a word, for an earlier one is backed
/// by the same index: `unique (a)` beside `primary key (a)` (transformIndexConstraints in parse_utilcmd.c, 13 to 18).
/// They are added by statements of their own.
std::vector<ObjectKey> merged_parts(const Catalog& catalog, const ObjectKey& table);
/// What else the same plan makes before it: the column that stands before a column, so that both come in this order
/// (soft: it may need one that comes later); beside a default partition the others, for each looks through it; before
/// whatever holds expressions the casts, operators and text search configurations that these may use (soft).
std::vector<Need> made_before(const Object& object, const Catalog& catalog);
/// True when rows written while `from` holds may not fit `to`: a constraint that appears, a `not null` that is set.
bool tightens(const Object* from, const Object& to);

/// The default privileges that stood before the migration: the server may give them to whatever it makes.
std::vector<ObjectPtr> privileges_in_force(const Catalog& catalog);
/// What makes the privileges on an object that was just made those of its grants, whatever role made it, but for what
/// the grants' own statements do.
Statements settled_privileges(const ObjectKey& object, const Catalog& catalog, const std::vector<ObjectPtr>& in_force);
/// The same for what stood before, as `before`, and is made again.
Statements settled_privileges_before(const ObjectKey& object, const ObjectKey& before, const Catalog& catalog,
                                     const std::vector<ObjectPtr>& in_force);
/// What a rollback that makes the object again must ask first.
Statements guard_return(const Object& object, const std::string& migration);

/// What the step that drops an index or key of a partitioned table does besides: PostgreSQL makes up the names of the
/// indexes that partitions have below it, from the names that partition and columns have on that day. They are kept in
/// godwit_kept until finalize, and the way back gives them back; partitions that came since keep what they were given.
void keep_partition_index_names(const Object& dropped, Step& step, const data::Surroundings& around);

/// Steps that note, before the given ones take a privilege away, the order in which those on the same object were
/// given, and restore it on the way back. `children_before`: what belonged to an object before the migration.
std::vector<Step> note_privilege_order(const std::vector<Step>& steps, const std::string& migration,
                                       const std::function<std::vector<ObjectKey>(const ObjectKey&)>& children_before);

/// It cannot be added to a parent that is there already as well as in its statement.
bool stays_inside(Kind kind);
/// The table, or a part of it that decides what a row of it can hold. Privileges and comments do not.
bool shapes_rows(const ObjectKey& key, const ObjectKey& table);
/// Made new, it may change what the triggers that keep the table in step have written; a new column does not.
bool writes_rows(const ObjectKey& made, const ObjectKey& table);
/// Renamed before what is called after it, and before what stands on it.
bool is_renamed_first(Kind kind);

}  // namespace godwit::kinds
