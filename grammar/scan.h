// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's lexical rules (manual 15, section 4.1) over a range of bytes: white space, comments, tokens, and how far
// a piece of SQL reaches. Never reports: says what it saw and where, the caller decides what that means.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace godwit::grammar {

inline constexpr std::size_t max_nesting = 200;

enum CharacterClass : std::uint8_t { space_class = 1, word_start_class = 2, word_class = 4, digit_class = 8 };

inline constexpr auto character_classes = [] {
  std::array<std::uint8_t, 256> table{};
  for (const char c : {' ', '\t', '\n', '\r', '\f', '\v'}) table[static_cast<unsigned char>(c)] = space_class;
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = word_class | digit_class;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = word_start_class | word_class;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = word_start_class | word_class;
  for (unsigned c = 0x80; c < 0x100; ++c) table[c] = word_start_class | word_class;
  table['_'] = word_start_class | word_class;
  table['$'] = word_class;
  return table;
}();

inline bool is(char c, unsigned classes) { return (character_classes[static_cast<unsigned char>(c)] & classes) != 0; }

inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// `word` is lower case; `text` may be in any.
inline bool same_word(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (lower(text[i]) != word[i]) return false;
  }
  return true;
}

template <typename... Words>
bool any_word(std::string_view text, Words... words) {
  return (same_word(text, words) || ...);
}

enum class TokenKind : std::uint8_t { end, word, quoted_word, string, number, symbol, unterminated };

/// One token. A string keeps its prefix (`E`, `U&`, `B`, `X`, `N`) and may be dollar-quoted; a symbol is one character.
struct Token {
  TokenKind kind = TokenKind::end;
  const char* begin = nullptr;
  const char* end = nullptr;

  std::string_view text() const { return {begin, static_cast<std::size_t>(end - begin)}; }

  bool is_symbol(char c) const { return kind == TokenKind::symbol && *begin == c; }

  bool is_word(std::string_view word) const { return kind == TokenKind::word && same_word(text(), word); }
};

/// Behind the `*/` that closes the comment at `at`; null when it is never closed.
const char* skip_block_comment(const char* at, const char* end);

/// The first byte that is neither white space nor comment. `seen(begin, end)` is called for each comment; a block
/// comment that is never closed stops the walk at its start.
template <typename Seen>
const char* skip_gap(const char* at, const char* end, Seen&& seen) {
  while (at != end) {
    if (is(*at, space_class)) {
      ++at;
    } else if (*at == '-' && end - at > 1 && at[1] == '-') {
      const char* begin = at;
      while (at != end && *at != '\n' && *at != '\r') ++at;
      seen(begin, at);
    } else if (*at == '/' && end - at > 1 && at[1] == '*') {
      const char* after = skip_block_comment(at, end);
      if (after == nullptr) return at;
      seen(at, after);
      at = after;
    } else {
      break;
    }
  }
  return at;
}

inline const char* skip_gap(const char* at, const char* end) {
  return skip_gap(at, end, [](const char*, const char*) {});
}

/// The token at `at`, which must not stand on white space or a comment.
Token token_at(const char* at, const char* end);

inline Token next_token(const char* at, const char* end) { return token_at(skip_gap(at, end), end); }

/// Whether a string literal, in any spelling that has text as its value, starts here.
bool starts_text(const char* at, const char* end);

/// How far a piece of SQL reaches.
struct SqlRange {
  enum class Problem : std::uint8_t { none, unterminated, unbalanced, too_deep } problem = Problem::none;
  const char* begin = nullptr;  // of the first token
  const char* end = nullptr;    // of the last one; equal to begin when there is none
  const char* problem_at = nullptr;
  const char* problem_end = nullptr;
};

struct SqlOptions {
  bool routine = false;  // `begin atomic … end` may hold semicolons
  bool semicolons_in_brackets = false;
};

/// Walks SQL from `at` to the end of the text, a `;`, a brace or a closing bracket at depth 0, or to the token for
/// which `stop(token, previous, first)` says so (asked at depth 0 only). `depth` counts the blocks around it.
template <typename Stop>
SqlRange scan_sql(const char* at, const char* end, std::size_t depth, SqlOptions options, Stop&& stop) {
  struct Open {
    char bracket;
    const char* at;
  };

  std::array<Open, max_nesting + 1> open;
  std::size_t opened = 0;
  std::size_t atomic = 0;
  SqlRange range;
  range.begin = range.end = skip_gap(at, end);
  Token previous;
  const auto problem = [&](SqlRange::Problem what, const char* from, const char* to) {
    range.problem = what;
    range.problem_at = from;
    range.problem_end = to;
    return range;
  };
  for (at = range.begin;; at = skip_gap(at, end)) {
    const Token token = token_at(at, end);
    if (token.kind == TokenKind::end) {
      if (opened > 0) return problem(SqlRange::Problem::unbalanced, open[opened - 1].at, open[opened - 1].at + 1);
      return range;
    }
    if (token.kind == TokenKind::unterminated) {
      return problem(SqlRange::Problem::unterminated, token.begin, token.begin + 1);
    }
    if (token.kind == TokenKind::symbol) {
      const char c = *token.begin;
      if (c == '(' || c == '[') {
        if (opened == 0 && stop(token, previous, range.end == range.begin)) return range;
        if (opened + depth >= max_nesting) return problem(SqlRange::Problem::too_deep, token.begin, token.end);
        open[opened++] = {c, token.begin};
      } else if (c == ')' || c == ']') {
        if (opened == 0) return range;
        if (open[opened - 1].bracket != (c == ')' ? '(' : '[')) {
          return problem(SqlRange::Problem::unbalanced, open[opened - 1].at, open[opened - 1].at + 1);
        }
        --opened;
      } else if (c == '{' || c == '}' || (c == ';' && atomic == 0)) {
        if (opened == 0) return range;
        if (c != ';' || !options.semicolons_in_brackets) {
          return problem(SqlRange::Problem::unbalanced, open[opened - 1].at, open[opened - 1].at + 1);
        }
      } else if (opened == 0 && atomic == 0 && stop(token, previous, range.end == range.begin)) {
        return range;
      }
    } else {
      if (opened == 0 && atomic == 0 && stop(token, previous, range.end == range.begin)) return range;
      if (options.routine && token.kind == TokenKind::word && !previous.is_word("as") && !previous.is_symbol('.')) {
        if (atomic == 0) {
          if (token.is_word("begin") && next_token(token.end, end).is_word("atomic")) atomic = 1;
        } else if (token.is_word("case")) {
          ++atomic;
        } else if (token.is_word("end")) {
          --atomic;
        }
      }
    }
    previous = token;
    range.end = at = token.end;
  }
}

/// A word that PostgreSQL (13 to 18) takes as the name of a column or table only in quotes. Lower case.
bool is_reserved(std::string_view word);

/// The value of an identifier token: folded, or quotes and U& escapes resolved. None when an escape is invalid.
std::optional<std::string> identifier_value(std::string_view token);

/// The value of a string token (`'…'`, `E'…'`, `U&'…'`, `N'…'`, dollar-quoted). `uescape` is the escape character of
/// U&. None when an escape is invalid or the value is not UTF-8 without NUL.
std::optional<std::string> text_value(std::string_view token, char uescape = '\\');

/// The length of the tag of a dollar quote, both dollars included; 0 when none starts here.
std::size_t dollar_tag(const char* at, const char* end);

/// The offset of the first byte that is NUL or no valid UTF-8; npos when there is none.
std::size_t first_bad_byte(std::string_view text);

}  // namespace godwit::grammar
