// SPDX-License-Identifier: Apache-2.0
// One definition statement, parsed: its node, its tokens, and the way back to the bytes the caller gave. Internal to
// compiler/sql.
#pragma once

#include "compiler/sql/statements.h"
#include "compiler/sql/tree.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit::sql {

struct Definition {
  std::string statement;
  std::size_t prefix = 0;  // bytes of the statement before the caller's text
  std::size_t length = 0;  // bytes of the caller's text
  Json tree;               // the statement's node
  TokenList tokens;

  Definition() = default;
  Definition(const Definition&) = delete;
  Definition& operator=(const Definition&) = delete;

  const Json& body() const { return body_of(tree); }

  /// Tokens [first, last) as a part; offsets are those of the caller's text.
  Part part(std::size_t first, std::size_t last) const;
  /// What stands between the bracket at `open` and its partner.
  Part inside(std::size_t open) const;
  /// The first token from `first` on that is this word at bracket depth 0; tokens.size() when there is none.
  std::size_t find(std::string_view word, std::size_t first) const;

  /// The first token of the caller's text.
  std::size_t begin() const { return tokens.at(prefix); }

  /// The token after the last one of the caller's text.
  std::size_t end() const { return tokens.at(prefix + length); }
};

/// `before` + `text` + `after` must be one statement of this node kind.
Result<std::unique_ptr<Definition>, SyntaxError> parse_definition(std::string_view before, std::string_view text,
                                                                  std::string_view after, std::string_view kind);

/// Where the element that starts at `first` ends: at a comma or a closing bracket of its depth.
std::size_t element_end(const TokenList& tokens, std::size_t first);

/// Options in parentheses whose values are names, types or literals (`subtype = time`), in the order written.
std::vector<OptionText> option_texts(const Definition& definition, const Json& options);
/// Options in parentheses (`fillfactor = 70, toast.x = false`) as sorted pairs.
std::vector<std::pair<std::string, std::string>> option_pairs(const Json& options);
/// The value of an option's argument as SQL prints it; `true` when there is none.
std::string option_value(const Json& argument);

}  // namespace godwit::sql
