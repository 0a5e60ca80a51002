// SPDX-License-Identifier: Apache-2.0
// Walking libpg_query's JSON and finding the tokens behind its locations. Internal to compiler/sql.
#pragma once

#include "compiler/model/key.h"
#include "compiler/sql/pg_query.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::sql {

using Json = nlohmann::json;

/// A field of a node's body; a null value when it is absent (libpg_query leaves out zeros, falses and empty lists).
inline const Json& field(const Json& body, const char* name) {
  static const Json nothing;
  if (!body.is_object()) return nothing;
  const auto found = body.find(name);
  return found == body.end() ? nothing : *found;
}

/// `{"ColumnRef": {…}}` has the kind `ColumnRef`; anything else has none.
inline std::string_view kind_of(const Json& node) {
  if (!node.is_object() || node.size() != 1) return {};
  return node.begin().key();
}

inline const Json& body_of(const Json& node) { return *node.begin(); }

inline bool is(const Json& node, std::string_view kind) { return kind_of(node) == kind; }

inline std::string text_of(const Json& body, const char* name) {
  const Json& value = field(body, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

inline bool flag(const Json& body, const char* name) {
  const Json& value = field(body, name);
  return value.is_boolean() && value.get<bool>();
}

inline long number_of(const Json& body, const char* name) {
  const Json& value = field(body, name);
  return value.is_number() ? value.get<long>() : 0;
}

/// Where a node begins; locations of 0 are left out of the JSON, unknown ones are -1.
inline std::size_t location_of(const Json& body) {
  const long location = number_of(body, "location");
  return location < 0 ? std::string::npos : static_cast<std::size_t>(location);
}

/// The value of `{"String": {"sval": "x"}}`; empty for anything else.
inline std::string string_value(const Json& node) {
  return is(node, "String") ? text_of(body_of(node), "sval") : std::string();
}

inline std::vector<std::string> string_values(const Json& list) {
  std::vector<std::string> values;
  for (const Json& item : list) values.push_back(string_value(item));
  return values;
}

/// The largest location inside a subtree; 0 when it holds none.
inline std::size_t last_location(const Json& node) {
  std::size_t last = 0;
  if (node.is_object()) {
    for (const auto& [name, value] : node.items()) {
      if (name == "location" && value.is_number()) {
        last = std::max(last, static_cast<std::size_t>(std::max(0L, value.get<long>())));
      } else if (value.is_structured()) {
        last = std::max(last, last_location(value));
      }
    }
  } else if (node.is_array()) {
    for (const Json& item : node) last = std::max(last, last_location(item));
  }
  return last;
}

/// The tokens of a text without its comments.
class TokenList {
 public:
  TokenList() = default;

  TokenList(std::string_view text, std::vector<Token> all) : text_(text) {
    tokens_.reserve(all.size());
    for (const Token& token : all) {
      if (token.kind != Token::Kind::comment) tokens_.push_back(token);
    }
  }

  std::size_t size() const { return tokens_.size(); }

  const Token& operator[](std::size_t index) const { return tokens_[index]; }

  /// The first token that begins at or after `offset`; size() when there is none.
  std::size_t at(std::size_t offset) const {
    const auto found = std::lower_bound(tokens_.begin(), tokens_.end(), offset,
                                        [](const Token& token, std::size_t begin) { return token.begin < begin; });
    return static_cast<std::size_t>(found - tokens_.begin());
  }

  std::string_view spelling(std::size_t index) const {
    if (index >= tokens_.size()) return {};
    return text_.substr(tokens_[index].begin, tokens_[index].end - tokens_[index].begin);
  }

  /// True when the token is this word (in any case, unquoted) or symbol.
  bool is(std::size_t index, std::string_view lower) const {
    const std::string_view word = spelling(index);
    return word.size() == lower.size() && std::equal(word.begin(), word.end(), lower.begin(), [](char a, char b) {
             return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
           });
  }

  bool is_name(std::size_t index) const {
    return index < tokens_.size() &&
           (tokens_[index].kind == Token::Kind::identifier || tokens_[index].kind == Token::Kind::keyword);
  }

  /// What the identifier or keyword token means: folded, or unquoted.
  std::string name(std::size_t index) const;
  /// The index of the bracket that closes the one at `open`; size() when there is none.
  std::size_t closing(std::size_t open) const;

  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
  std::vector<Token> tokens_;
};

}  // namespace godwit::sql
