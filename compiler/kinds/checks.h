// SPDX-License-Identifier: Apache-2.0
// What the server would refuse in a declaration although every name is known: types, options and combinations. Nothing
// is refused that a PostgreSQL from 13 to 18 accepts; what an extension may have brought is left to the server.
#pragma once

#include "compiler/kinds/declaring.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/statements.h"

#include <string>
#include <string_view>
#include <vector>

namespace godwit::kinds {

/// Where `word` stands in the text, in any case and as a word of its own; the whole text when it does not.
Span place_of_word(const ast::Sql& text, std::string_view word);

/// Names, types, collations and identity options of a column, once its type is known.
void check_column(const ast::Column& item, const Column& column, Declaring& d);
/// A default: its value, and what it may hold besides.
void check_default(const ast::Sql& text, const sql::Analysis& analysis, const Column& column, Declaring& d);
/// A value of the column's type; a literal is read as one.
void check_value(const ast::Sql& text, const sql::Analysis& analysis, const TypeName& type, const std::string& name,
                 Declaring& d);
/// States a column's default or generated value, once everything that it may name is known.
void state_default(const ast::Sql& text, Column& column, Declaring& d);
void state_generated(const ast::GeneratedAs& item, Column& column, const std::vector<sql::Visible>& visible,
                     Declaring& d);
/// The check that the constraint states, which is one; `table` may be a foreign table.
Check stated_check(const ast::Constraint& item, const ObjectKey& table, Declaring& d);
/// Another expression for a column that is generated already.
void check_generation(const Column& from, const Column& to, Span span, Declaring& d);
/// The type must have a default operator class for btree, for keys are indexes.
void check_key_column(const ObjectKey& column, Span span, Declaring& d);
/// `where`, `check` and the like must be boolean.
void check_condition(const sql::Analysis& analysis, Span span, std::string_view what, Declaring& d);

/// Method, elements and parameters of an index; `elements` are those of the item, analysed.
void check_index(const ast::Index& item, const std::vector<sql::Analysis>& elements, Declaring& d);
/// Storage parameters by name and range: `table`, or the access method of an index.
void check_parameters(const ast::Sql& text, std::string_view owner, Declaring& d);

/// Options of a sequence or identity column that PostgreSQL refuses together; `type` is that of its values.
void check_sequence(const SequenceOptions& options, std::string type, const ast::Sql& text, Declaring& d);

/// What `create function` refuses of a header whose names are known.
void check_routine(const ast::Definition& item, const sql::RoutineText& text, const Function& function, Declaring& d);
void check_trigger(const ast::Trigger& item, const sql::TriggerText& text, const ObjectKey& relation, Declaring& d);

}  // namespace godwit::kinds
