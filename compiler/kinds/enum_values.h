// SPDX-License-Identifier: Apache-2.0
// An enum with another list of values, as a step. PostgreSQL adds a value in place, but takes none away and reorders
// none: for that the type is made anew, and every column of it is written again, value by value.
#pragma once

#include "compiler/data/steps.h"
#include "compiler/kinds/declaring.h"
#include "compiler/model/plan.h"

#include <utility>
#include <vector>

namespace godwit::kinds {

bool has_value(const EnumType& type, const std::string& value);
/// True when `from` becomes `to` by adding values alone: those that were there keep their order.
bool only_adds(const EnumType& from, const EnumType& to);

/// A column of the enum, before and after, under present names; the same twice when nothing else about it changes.
using CarriedColumn = std::pair<ObjectPtr, ObjectPtr>;

/// The step that changes the list of values there and back. `satellites`: the enum's owner, privileges and comment of
/// before, for a type that is made anew has none. `absent`: as in convert_column.
Step change_values(const ValueChange& change, const std::vector<CarriedColumn>& columns,
                   const std::vector<ObjectPtr>& satellites, const std::map<ObjectKey, Conversion>& conversions,
                   const data::Surroundings& around, const std::set<ObjectKey>& absent);
/// What of a change of a column is left to do when the step above writes the column: `before` for the rest.
Object carried(const Object& before, const Object& after);

}  // namespace godwit::kinds
