// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/enabled.h"

#include "base/identifier.h"
#include "compiler/sql/tree.h"

#include <fmt/core.h>

namespace godwit::kinds {

std::string take_enabled(ast::Sql& text) {
  auto scanned = sql::tokens(text.text);
  if (!scanned.has_value()) return {};
  const sql::TokenList tokens(text.text, std::move(*scanned));
  const std::size_t count = tokens.size();
  const auto take = [&](std::size_t words, std::string state) {
    const std::size_t begin = tokens[count - words].begin;
    text.text.resize(text.text.find_last_not_of(" \t\r\n", begin - 1) + 1);
    return state;
  };
  if (count < 3) return {};
  const auto said = [&](std::size_t from_end) { return folded(tokens.spelling(count - from_end)); };
  if (said(1) == "disabled") return take(1, "disabled");
  if (said(2) != "enable" || (said(1) != "always" && said(1) != "replica")) return {};
  return take(2, said(1));
}

std::string enabled_sql(std::string_view state, std::string_view word, std::string_view name) {
  if (state == "disabled") return fmt::format("disable {} {}", word, name);
  return fmt::format("enable {}{}{} {}", state, state.empty() ? "" : " ", word, name);
}

char enabled_letter(std::string_view state) {
  if (state.empty()) return 'O';
  return state == "disabled" ? 'D' : state == "always" ? 'A' : 'R';
}

}  // namespace godwit::kinds
