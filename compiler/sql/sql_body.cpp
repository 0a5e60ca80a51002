// SPDX-License-Identifier: Apache-2.0
// Bodies in SQL as the server checks them when it creates the function (check_function_bodies).
#include "base/codes.h"
#include "compiler/sql/definition.h"
#include "compiler/sql/routine.h"
#include "compiler/sql/type_rules.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::sql {

namespace {

// A body that makes tables, calls procedures or sets things is checked by the server as it goes along.
bool is_query(const Json& statement) {
  for (const char* kind : {"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt"}) {
    if (is(statement, kind)) return true;
  }
  return false;
}

}  // namespace

std::vector<Problem> problems_in_sql_body(std::string_view body, const std::string& result, const World& world,
                                          const std::vector<Argument>& arguments) {
  const std::string text(body);
  const auto tree = parse_tree(text);
  auto scanned = tokens(text);
  if (!tree.has_value() || !scanned.has_value() || world.has_extensions() || world.has_unlisted()) return {};
  const Json& statements = field(*tree, "stmts");
  const bool plain =
      std::all_of(statements.begin(), statements.end(), [](const Json& one) { return is_query(field(one, "stmt")); });
  if (!plain || statements.empty()) return {};

  const TokenList list(text, std::move(*scanned));
  Analyzer analyzer(text, list, world, {});
  analyzer.parameters = true;
  for (const Argument& argument : arguments) analyzer.variables.insert(argument.name);
  QueryColumns columns;
  for (const Json& one : statements) columns = analyzer.statement(field(one, "stmt"), analyzer.root());
  std::vector<Problem> problems = analyzer.problems;
  if (result.empty() || !columns.known || !problems.empty() || !known_type(result, world)) return problems;

  const Json& last = field(statements.back(), "stmt");
  const std::size_t token = list.at(static_cast<std::size_t>(number_of(statements.back(), "stmt_location")));
  if (token >= list.size() || !is_query(last)) return problems;
  const auto add = [&](std::string message) {
    problems.push_back({codes::type_mismatch, list[token].begin, list[token].end, std::move(message), {}});
  };
  if (columns.columns.size() != 1) {
    add(fmt::format("the last statement gives {} columns, and the function returns one `{}`", columns.columns.size(),
                    result));
  } else if (!storable(columns.columns.front().type, result, world)) {
    add(fmt::format("the last statement gives `{}`, and the function returns `{}`", columns.columns.front().type,
                    result));
  }
  return problems;
}

}  // namespace godwit::sql
