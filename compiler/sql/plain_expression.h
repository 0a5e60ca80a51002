// SPDX-License-Identifier: Apache-2.0
// The expressions that most checks, policies and partial indexes are: columns, literals and calls, compared and joined
// by `and` or by `or`. Internal to compiler/sql.
#pragma once

#include "compiler/sql/analyze.h"

#include <optional>
#include <string_view>
#include <vector>

namespace godwit::sql {

/// The same answer that the parser would lead to; nullopt for everything that is not as plain, and for every mistake.
/// `call_only`: the expression must be one call (an index element without brackets).
std::optional<Analysis> plain_expression(std::string_view text, const World& world, const std::vector<Visible>& visible,
                                         bool call_only);

}  // namespace godwit::sql
