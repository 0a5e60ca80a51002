// SPDX-License-Identifier: Apache-2.0
// Which column types can change in place and come back byte for byte.
#pragma once

#include "compiler/kinds/declaring.h"

namespace godwit::kinds {

/// True when every value of `from` is the same value in `to` and casts back to itself: smallint to bigint,
/// varchar(10) to text. Both in canonical spelling.
bool widens(const std::string& from, const std::string& to);

/// Checks what a re-declared type means and stores the conversions in `to`. A change that could lose values is refused.
void check_type_change(const Column& from, Column& to, Span type_span, const std::optional<ast::Sql>& using_expression,
                       const std::optional<ast::Sql>& reverse_using, Declaring& d);

}  // namespace godwit::kinds
