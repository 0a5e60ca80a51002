// SPDX-License-Identifier: Apache-2.0
// What a column's new type means: which types change in place and come back byte for byte, and which keep what the
// column held beside it.
#pragma once

#include "compiler/kinds/declaring.h"

#include <optional>
#include <string>

namespace godwit::kinds {

/// True when every value of `from` is the same value in `to` and casts back to itself: smallint to bigint,
/// varchar(10) to text, numeric(5,2) to numeric(9,2). Both in canonical spelling.
bool widens(const std::string& from, const std::string& to);
/// The type of a kept column that can hold the values of one and hangs on no type that may be dropped one day: text for
/// an enum's labels, the base type of a domain.
TypeName storable(const TypeName& type, const Catalog& catalog);
/// True when a value either becomes the very same in `to` or stops the migration, so that nothing needs to be kept:
/// what widens, and any integer to any other.
bool keeps_values(const std::string& from, const std::string& to);
/// Which values of a column of type `to`, as `column`, have no place in `from`; empty when all have. Only for types
/// between which `keeps_values` holds.
std::string values_without_place(const std::string& column, const std::string& from, const std::string& to);

/// What a re-declared type means, in the pass in which columns are declared. One that could lose something gets its
/// hidden columns in the catalog and an entry in `d.conversions`.
void check_type_change(const Column& from, Column& to, Span type_span, const Rare<ast::Sql>& using_expression,
                       const Rare<ast::Sql>& reverse_using, Declaring& d);
/// Makes the hidden columns for a change of a column's values, and what declares it.
Conversion keep_beside(const Column& from, const Column& to, Declaring& d);
/// The conversions as written, once everything they may name is known; of use to columns whose type changes.
void declare_conversions(const ObjectKey& column, const Rare<ast::Sql>& using_expression,
                         const Rare<ast::Sql>& reverse_using, Declaring& d);

}  // namespace godwit::kinds
