// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's own parser (libpg_query 15). The only door to it: nothing else in the compiler includes libpg_query.
#pragma once

#include "base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::sql {

/// What PostgreSQL's parser said, and at which byte of the text it was given.
struct SyntaxError {
  std::string message;
  std::size_t offset = 0;
};

/// The raw parse tree of all statements in `text`, as libpg_query's JSON (`{"stmts": […]}`; locations are byte
/// offsets).
Result<nlohmann::json, SyntaxError> parse_tree(const std::string& text);

/// The functions of PL/pgSQL `create function` statements, as libpg_query's JSON.
Result<nlohmann::json, SyntaxError> parse_plpgsql(const std::string& text);

/// The text parsed and printed back by PostgreSQL's rules: equal for texts that differ in layout only.
Result<std::string, SyntaxError> deparsed(const std::string& text);

/// A token of PostgreSQL's scanner.
struct Token {
  std::uint32_t begin = 0, end = 0;
  enum class Kind : std::uint8_t { identifier, keyword, string, number, symbol, comment } kind = Kind::symbol;
};

/// All tokens of `text`.
Result<std::vector<Token>, SyntaxError> tokens(const std::string& text);

}  // namespace godwit::sql
