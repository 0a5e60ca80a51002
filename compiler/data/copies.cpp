// SPDX-License-Identifier: Apache-2.0
#include "compiler/data/copies.h"

#include "base/identifier.h"
#include "compiler/data/text.h"

#include <algorithm>
#include <cctype>

namespace godwit::data {

namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string without_spaces(std::string_view text) {
  std::string out(text);
  std::erase_if(out, is_space);
  return folded(out);
}

}  // namespace

std::optional<Copy> copied_column(const Fragment& value, const ObjectKey& table) {
  // The alias before a column may be a reference of its own; of columns there must be one.
  const Reference* column = nullptr;
  for (const Reference& reference : value.references) {
    if (reference.target == table) continue;
    if (reference.target.kind != Kind::column || column != nullptr) return std::nullopt;
    column = &reference;
  }
  if (column == nullptr || table_of(column->target) != table) return std::nullopt;
  std::string_view before = std::string_view(value.text).substr(0, column->qualifier);
  std::string_view after = std::string_view(value.text).substr(column->end);
  if (before.empty() && after.empty()) return Copy{column->target.part, true};

  if (without_spaces(before) != "coalesce(" || after.empty() || after.back() != ')') return std::nullopt;
  after.remove_suffix(1);
  while (!after.empty() && is_space(after.front())) after.remove_prefix(1);
  if (after.empty() || after.front() != ',') return std::nullopt;
  const Fragment rest{Form::expression, std::string(after.substr(1)), {}, {}};
  if (!constant_text(rest) || std::count(rest.text.begin(), rest.text.end(), ',') > 0) return std::nullopt;
  return Copy{column->target.part, false};
}

}  // namespace godwit::data
