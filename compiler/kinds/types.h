// SPDX-License-Identifier: Apache-2.0
// What composite and range types share while they are declared, and what tables that hold their values ask for.
#pragma once

#include "compiler/data/steps.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/names.h"
#include "compiler/sql/statements.h"

namespace godwit::kinds {

void declare_composite_type(const ast::Definition& item, const sql::TypeText& text, Declaring& d, Pass pass);
void declare_range_type(const ast::Definition& item, const sql::TypeText& text, Declaring& d, Pass pass);

/// Reports a cast or operator (`what`) of the rows of a table or view, which would have to follow its renames.
bool takes_type(const TypeName& type, Span span, const char* what, Declaring& d);

/// What the columns of the composite type hold in attributes that only `to` has, as residue.
Statements attributes_to_residue(const CompositeType& from, const CompositeType& to, const data::Surroundings& around);

}  // namespace godwit::kinds
