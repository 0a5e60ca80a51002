// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/later.h"

#include <array>
#include <utility>

namespace godwit::kinds {

std::string_view later_construct(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> constructs{{
      {"database", "the database itself"},
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
