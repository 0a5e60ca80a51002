// SPDX-License-Identifier: Apache-2.0
// Routines: what else than their parts the analysis needs of them. Internal to compiler/sql.
#pragma once

#include "compiler/sql/analyze.h"
#include "compiler/sql/analyzer.h"
#include "compiler/sql/statements.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit::sql {

/// What a body names, with places in the body; only what could be resolved.
struct BodyNames {
  std::vector<Reference> references;
  std::optional<SyntaxError> error;
  std::vector<std::pair<std::string, std::size_t>> dynamic;
};

/// An argument by name; `row` when its type is that of a relation.
struct Argument {
  std::string name;
  std::optional<Relation> row;
};

std::vector<Argument> arguments_of(const Json& parameters, const World& world);
/// `visible` are rows that the body reaches by name (`old` and `new` of a trigger function). Languages other than `sql`
/// and `plpgsql` name nothing.
BodyNames names_in_body(const std::string& language, std::string_view body, const World& world,
                        const std::vector<Visible>& visible, const std::vector<Argument>& arguments);
/// What the server refuses of an `sql` body: unknown names, types, and a last statement that does not give `result`
/// (empty: not judged). Nothing when something else than queries stands in it.
std::vector<Problem> problems_in_sql_body(std::string_view body, const std::string& result, const World& world,
                                          const std::vector<Argument>& arguments);

/// The names in a `create function` statement: types, defaults, and the body. `insertions` qualify what stands outside
/// of string bodies.
void walk_routine(const Json& statement, std::string_view text, const TokenList& tokens, Analyzer& analyzer,
                  const World& world, const std::vector<Visible>& visible);

}  // namespace godwit::sql
