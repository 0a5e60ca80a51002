// SPDX-License-Identifier: Apache-2.0
// What a routine's text says, in the forms in which two routines are compared and replaced.
#pragma once

#include "compiler/kinds/declaring.h"
#include "compiler/sql/statements.h"

#include <string>
#include <vector>

namespace godwit::kinds {

/// The types of a routine in canonical spelling, in the order of `RoutineText::arguments`.
struct RoutineTypes {
  std::vector<TypeName> arguments;
  TypeName result;  // of `returns t`
};

/// The type without what a signature leaves out: `character varying(12)` is `character varying` there.
std::string without_modifier(const std::string& type);
/// `text, integer`: the input types.
std::string signature(const sql::RoutineText& text, const RoutineTypes& types);
/// `trigger`, `setof app.t`, `table(a text, b integer)`; of out parameters what PostgreSQL derives.
std::string result_of(const sql::RoutineText& text, const RoutineTypes& types);
/// One line an argument, for `can_replace`: mode, whether it has a default, name, and the type of what comes out.
std::string argument_lines(const sql::RoutineText& text, const RoutineTypes& types);
/// Whether `create or replace` takes `to` in the place of `from` (manual 15, CREATE FUNCTION, Notes).
bool can_replace(const Function& from, const Function& to);

/// Where the body's own text stands in the routine's; empty when it is written as a literal with escapes.
struct BodyPlace {
  std::size_t begin = 0, end = 0;
};

std::optional<BodyPlace> place_of_body(const std::string& text, const sql::RoutineText& parsed);

/// A function that an option names, as SQL takes it, with its schema; one of the catalog's joins `references`. Reports
/// one that is not declared.
struct OptionFunction {
  std::string sql, result;
};

OptionFunction option_function(const sql::OptionText& option, const std::string& types, const ast::Definition& item,
                               std::vector<ObjectKey>& references, Declaring& d);

/// Every place of `text` where a whole identifier path spells `from` becomes `to`.
std::string with_name(const std::string& text, const std::string& from, const std::string& to);

}  // namespace godwit::kinds
