// SPDX-License-Identifier: Apache-2.0
// How what is dropped or overwritten stays until finalize: hidden in place, moved aside, copied to godwit_kept, or
// noted there. Each is a step with its way back.
#pragma once

#include "compiler/data/steps.h"
#include "compiler/model/plan.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace godwit::kinds {

/// A dropped column is hidden in place: its `not null` is lifted before rows move, its name changes after.
/// `violators` make room for the `not null` on the way back.
std::vector<Step> hide_column(const Object& column, const Object& hidden, Span span, Statements violators,
                              const std::string& migration);
/// Columns of one table, in their order, whose values are copied out with the key of their rows and that are dropped at
/// once. `absent`: triggers that do not stand while rows are written. Lossy unless they are the last of their table.
Step archive_columns(const std::vector<ObjectPtr>& columns, Span span, const data::Surroundings& around,
                     const std::set<ObjectKey>& absent);
/// A dropped object whose way back is more than creating it: a table or sequence moves to a schema of its own, an
/// extension leaves a note of its version and schema. Nothing for what `create` gives back.
std::optional<Step> keep_dropped(const Object& object, Span span, const data::Surroundings& around);
/// The schema that a kept relation has to itself: what belongs to it (indexes, sequences, types of rows) keeps its
/// name, whatever else is kept at the same time.
std::string kept_place(const ObjectKey& relation, const data::Surroundings& around);
/// The statements for a drop that is irreversible.
Statements drop_for_good(const Object& object);
/// A change whose way back only the server knows, or that it may refuse: another version or schema of an extension.
std::optional<Step> noted_change(const Object& before, const Object& after, const data::Surroundings& around);

}  // namespace godwit::kinds
