// SPDX-License-Identifier: Apache-2.0
// A change of type that could lose something, as steps: what the column held and what it became stand beside it, row by
// row, in hidden columns of the same table until finalize. Going back, a row whose value is still what the migration
// made of it gets the old value, bit by bit; one written since is converted back, and what has no way back is residue.
#pragma once

#include "compiler/data/steps.h"
#include "compiler/kinds/declaring.h"
#include "compiler/model/plan.h"

#include <set>
#include <vector>

namespace godwit::kinds {

/// The steps that make `to` of a column: the change itself and, when it also becomes `not null`, that after rows have
/// moved. `absent`: objects that do not stand while the steps run (triggers that the plan drops and makes again).
std::vector<Step> convert_column(const Object& from, const Object& to, const Conversion& conversion,
                                 const data::Surroundings& around, const std::set<ObjectKey>& absent);
/// The same for a column whose enum gets other values, as statements that stand between those that set the old type
/// aside and the one that drops it.
Statements convert_values(const Column& from, const Column& to, const Conversion& conversion,
                          const data::Surroundings& around);
Statements convert_values_back(const Column& from, const Column& to, const Conversion& conversion,
                               const data::Surroundings& around, const std::set<ObjectKey>& absent);
/// Removes what was kept, once the way back has used it; for finalize, wherever renames took the table since.
Statements forget_conversion(const Conversion& conversion);
Statements finalize_conversion(const Conversion& conversion, const std::string& migration);
/// A value that fits the type of before, or null, takes the place of each that a widened column got since and that does
/// not fit; the rows are noted as residue, as are those with a value in an attribute that a composite type got. Nothing
/// for any other change. In present names.
Statements fit_before(const Object& from, const Object& to, const data::Surroundings& around,
                      const std::set<ObjectKey>& absent);
/// PostgreSQL reads its text anew when a column it uses gets another type, and may read another meaning into it:
/// checks, references, expressions of indexes.
bool reads_types(const Object& object);

}  // namespace godwit::kinds
