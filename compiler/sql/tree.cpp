// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/tree.h"

#include "base/identifier.h"

#include <utility>

namespace godwit::sql {

std::string TokenList::name(std::size_t index) const {
  const std::string_view word = spelling(index);
  if (word.empty() || word.front() != '"') return folded(word);
  std::string plain;
  for (std::size_t i = 1; i + 1 < word.size(); ++i) {
    plain += word[i];
    if (word[i] == '"') ++i;
  }
  return plain;
}

std::size_t TokenList::closing(std::size_t open) const {
  std::size_t depth = 0;
  for (std::size_t i = open; i < size(); ++i) {
    const std::string_view word = spelling(i);
    if (word == "(" || word == "[") ++depth;
    if ((word == ")" || word == "]") && --depth == 0) return i;
  }
  return size();
}

}  // namespace godwit::sql
