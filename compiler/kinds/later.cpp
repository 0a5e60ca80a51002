// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/later.h"

#include "compiler/kinds/declaring.h"

#include <array>
#include <utility>

namespace godwit::kinds {

std::optional<std::string_view> later_construct(ast::DefinitionKind kind) {
  using Kind = ast::DefinitionKind;
  switch (kind) {
    case Kind::domain:
    case Kind::type:
    case Kind::sequence:
    case Kind::view:
    case Kind::materialized_view:
    case Kind::function:
    case Kind::procedure:
    case Kind::aggregate:
    case Kind::event_trigger:
    case Kind::collation:
    case Kind::cast:
    case Kind::operator_:
    case Kind::rule:
    case Kind::publication:
    case Kind::text_search:
    case Kind::foreign_server:
    case Kind::default_privileges: return std::nullopt;
    case Kind::foreign_table: return "a foreign table";
  }
  return std::nullopt;
}

std::string_view later_construct(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> constructs{{
      {"database", "the database itself"},
      {"foreign data wrapper", "a foreign data wrapper"},
      {"foreign table", "a foreign table"},
      {"language", "a language"},
      {"operator class", "an operator class"},
      {"operator family", "an operator family"},
      {"text search parser", "a text search parser"},
      {"text search template", "a text search template"},
  }};
  for (const auto& [known, construct] : constructs) {
    if (known == word) return construct;
  }
  return "an object of this kind";
}

}  // namespace godwit::kinds
