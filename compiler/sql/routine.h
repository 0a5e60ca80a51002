// SPDX-License-Identifier: Apache-2.0
// Routines: what else than their parts the analysis needs of them. Internal to compiler/sql.
#pragma once

#include "compiler/sql/analyze.h"
#include "compiler/sql/analyzer.h"
#include "compiler/sql/statements.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::sql {

/// What a body names, with places in the body; only what could be resolved.
struct BodyNames {
  std::vector<Reference> references;
  std::optional<SyntaxError> error;
  std::vector<std::pair<std::string, std::size_t>> dynamic;
};

BodyNames names_in_sql(std::string_view body, const World& world, const std::vector<Visible>& visible,
                       const std::set<std::string>& variables);
BodyNames names_in_plpgsql(std::string_view body, const World& world, const std::vector<Visible>& visible,
                           const std::set<std::string>& variables);

/// The names in a `create function` statement: types, defaults, and the body. `insertions` qualify what stands outside
/// of string bodies.
void walk_routine(const Json& statement, std::string_view text, const TokenList& tokens, Analyzer& analyzer,
                  const World& world, const std::vector<Visible>& visible);

}  // namespace godwit::sql
