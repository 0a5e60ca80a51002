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
    case Kind::publication: return std::nullopt;
    case Kind::text_search: return "a text search object";
    case Kind::foreign_server: return "a foreign server";
    case Kind::foreign_table: return "a foreign table";
    case Kind::default_privileges: return "a default privilege";
  }
  return std::nullopt;
}

std::string_view later_construct(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> constructs{{
      {"database", "the database itself"},
      {"foreign data wrapper", "a foreign data wrapper"},
      {"foreign server", "a foreign server"},
      {"server", "a foreign server"},
      {"foreign table", "a foreign table"},
      {"language", "a language"},
      {"operator class", "an operator class"},
      {"operator family", "an operator family"},
      {"text search configuration", "a text search object"},
      {"text search dictionary", "a text search object"},
  }};
  for (const auto& [known, construct] : constructs) {
    if (known == word) return construct;
  }
  return "an object of this kind";
}

}  // namespace godwit::kinds
