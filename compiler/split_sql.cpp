// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/pg_query.h"

#include <godwit/compile.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace godwit {

std::vector<SqlPiece> split_sql(const std::string& text) {
  const auto tree = sql::parse_tree(text);
  if (!tree) return {{text, 1}};
  std::vector<SqlPiece> pieces;
  for (const nlohmann::json& statement : tree->at("stmts")) {
    const auto at = statement.value("stmt_location", std::size_t{0});
    const auto length = statement.value("stmt_len", std::size_t{0});
    std::string piece = text.substr(at, length == 0 ? std::string::npos : length);
    const std::size_t begin = piece.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) continue;
    const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at + begin), '\n');
    pieces.push_back({piece.substr(begin), static_cast<std::size_t>(lines) + 1});
  }
  return pieces;
}

}  // namespace godwit
