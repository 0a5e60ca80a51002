// SPDX-License-Identifier: Apache-2.0
#include "grammar/scan.h"

#include <algorithm>
#include <cstring>

namespace godwit::grammar {

namespace {

constexpr std::string_view reserved_words[] = {"all",
                                               "analyse",
                                               "analyze",
                                               "and",
                                               "any",
                                               "array",
                                               "as",
                                               "asc",
                                               "asymmetric",
                                               "authorization",
                                               "binary",
                                               "both",
                                               "case",
                                               "cast",
                                               "check",
                                               "collate",
                                               "collation",
                                               "column",
                                               "concurrently",
                                               "constraint",
                                               "create",
                                               "cross",
                                               "current_catalog",
                                               "current_date",
                                               "current_role",
                                               "current_schema",
                                               "current_time",
                                               "current_timestamp",
                                               "current_user",
                                               "default",
                                               "deferrable",
                                               "desc",
                                               "distinct",
                                               "do",
                                               "else",
                                               "end",
                                               "except",
                                               "false",
                                               "fetch",
                                               "for",
                                               "foreign",
                                               "freeze",
                                               "from",
                                               "full",
                                               "grant",
                                               "group",
                                               "having",
                                               "ilike",
                                               "in",
                                               "initially",
                                               "inner",
                                               "intersect",
                                               "into",
                                               "is",
                                               "isnull",
                                               "join",
                                               "lateral",
                                               "leading",
                                               "left",
                                               "like",
                                               "limit",
                                               "localtime",
                                               "localtimestamp",
                                               "natural",
                                               "not",
                                               "notnull",
                                               "null",
                                               "offset",
                                               "on",
                                               "only",
                                               "or",
                                               "order",
                                               "outer",
                                               "overlaps",
                                               "placing",
                                               "primary",
                                               "references",
                                               "returning",
                                               "right",
                                               "select",
                                               "session_user",
                                               "similar",
                                               "some",
                                               "symmetric",
                                               "system_user",
                                               "table",
                                               "tablesample",
                                               "then",
                                               "to",
                                               "trailing",
                                               "true",
                                               "union",
                                               "unique",
                                               "user",
                                               "using",
                                               "variadic",
                                               "verbose",
                                               "when",
                                               "where",
                                               "window",
                                               "with"};
static_assert(std::is_sorted(std::begin(reserved_words), std::end(reserved_words)));

const char* behind_quote(const char* at, const char* end, char quote, bool backslashes) {
  while (at != end) {
    if (backslashes && *at == '\\') {
      if (++at == end) return nullptr;
    } else if (*at == quote) {
      if (at + 1 == end || at[1] != quote) return at + 1;
      ++at;
    }
    ++at;
  }
  return nullptr;
}

Token quoted_token(TokenKind kind, const char* begin, const char* opening, const char* end, bool backslashes) {
  const char* behind = behind_quote(opening + 1, end, *opening, backslashes);
  if (behind == nullptr) return {TokenKind::unterminated, begin, end};
  return {kind, begin, behind};
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0U | (c >> 6U));
    out += static_cast<char>(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0U | (c >> 12U));
    out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (c & 0x3FU));
  } else {
    out += static_cast<char>(0xF0U | (c >> 18U));
    out += static_cast<char>(0x80U | ((c >> 12U) & 0x3FU));
    out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (c & 0x3FU));
  }
}

std::optional<unsigned> digit_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (lower(c) >= 'a' && lower(c) <= 'f') return static_cast<unsigned>(lower(c) - 'a' + 10);
  return std::nullopt;
}

/// Exactly `count` hexadecimal digits at `at`, which moves behind them.
std::optional<std::uint32_t> hexadecimal(std::string_view text, std::size_t& at, std::size_t count) {
  if (text.size() - at < count) return std::nullopt;
  std::uint32_t value = 0;
  for (const std::size_t stop = at + count; at < stop; ++at) {
    const auto digit = digit_value(text[at]);
    if (!digit) return std::nullopt;
    value = value * 16 + *digit;
  }
  return value;
}

/// Code points of escapes, surrogate pairs put together.
class Escaped {
 public:
  bool add(std::string& out, std::uint32_t c) {
    if (high_ != 0) {
      if (c < 0xDC00 || c > 0xDFFF) return false;
      c = 0x10000 + ((high_ - 0xD800) << 10U) + (c - 0xDC00);
      high_ = 0;
    } else if (c >= 0xD800 && c <= 0xDBFF) {
      high_ = c;
      return true;
    }
    if (c == 0 || c > 0x10FFFF || (c >= 0xDC00 && c <= 0xDFFF)) return false;
    append_utf8(out, c);
    return true;
  }

  bool pending() const { return high_ != 0; }

 private:
  std::uint32_t high_ = 0;
};

std::string undoubled(std::string_view inside, char quote) {
  std::string out;
  out.reserve(inside.size());
  for (std::size_t i = 0; i < inside.size(); ++i) {
    out += inside[i];
    if (inside[i] == quote) ++i;
  }
  return out;
}

std::optional<std::string> unicode_escaped(std::string_view inside, char quote, char escape) {
  std::string out;
  Escaped escaped;
  for (std::size_t i = 0; i < inside.size();) {
    const char c = inside[i];
    if (c == escape) {
      if (++i == inside.size()) return std::nullopt;
      if (inside[i] == escape) {
        if (escaped.pending()) return std::nullopt;
        out += inside[i++];
        continue;
      }
      const bool wide = inside[i] == '+';
      if (wide) ++i;
      const auto value = hexadecimal(inside, i, wide ? 6 : 4);
      if (!value || !escaped.add(out, *value)) return std::nullopt;
      continue;
    }
    if (escaped.pending()) return std::nullopt;
    out += c;
    i += c == quote ? 2 : 1;
  }
  if (escaped.pending()) return std::nullopt;
  return out;
}

std::optional<std::string> backslash_escaped(std::string_view inside) {
  std::string out;
  Escaped escaped;
  for (std::size_t i = 0; i < inside.size();) {
    char c = inside[i++];
    const bool unicode = c == '\\' && i < inside.size() && (inside[i] == 'u' || inside[i] == 'U');
    if (escaped.pending() && !unicode) return std::nullopt;
    if (c == '\'') {
      out += c;
      ++i;
      continue;
    }
    if (c != '\\') {
      out += c;
      continue;
    }
    c = inside[i++];
    if (unicode) {
      const auto value = hexadecimal(inside, i, c == 'u' ? 4 : 8);
      if (!value || !escaped.add(out, *value)) return std::nullopt;
    } else if (c == 'x' && i < inside.size() && digit_value(inside[i])) {
      unsigned value = *digit_value(inside[i++]);
      if (i < inside.size() && digit_value(inside[i])) value = value * 16 + *digit_value(inside[i++]);
      out += static_cast<char>(value);
    } else if (c >= '0' && c <= '7') {
      unsigned value = static_cast<unsigned>(c - '0');
      for (int digits = 1; digits < 3 && i < inside.size() && inside[i] >= '0' && inside[i] <= '7'; ++digits) {
        value = value * 8 + static_cast<unsigned>(inside[i++] - '0');
      }
      out += static_cast<char>(value);
    } else {
      constexpr std::string_view letters = "bfnrt";
      constexpr std::string_view values = "\b\f\n\r\t";
      const auto known = letters.find(c);
      out += known == std::string_view::npos ? c : values[known];
    }
  }
  if (escaped.pending()) return std::nullopt;
  return out;
}

std::size_t character_length(const unsigned char* at, const unsigned char* end) {
  const unsigned char c = *at;
  if (c < 0x80) return c == 0 ? 0 : 1;
  const std::size_t length = c >= 0xC2 && c <= 0xDF ? 2 : (c & 0xF0U) == 0xE0 ? 3 : c >= 0xF0 && c <= 0xF4 ? 4 : 0;
  if (length == 0 || static_cast<std::size_t>(end - at) < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at[i] & 0xC0U) != 0x80U) return 0;
  }
  if (c == 0xE0 && at[1] < 0xA0) return 0;
  if (c == 0xED && at[1] > 0x9F) return 0;
  if (c == 0xF0 && at[1] < 0x90) return 0;
  if (c == 0xF4 && at[1] > 0x8F) return 0;
  return length;
}

}  // namespace

const char* skip_block_comment(const char* at, const char* end) {
  std::size_t depth = 0;
  while (end - at > 1) {
    if (at[0] == '/' && at[1] == '*') {
      ++depth;
      at += 2;
    } else if (at[0] == '*' && at[1] == '/') {
      at += 2;
      if (--depth == 0) return at;
    } else {
      ++at;
    }
  }
  return nullptr;
}

std::size_t dollar_tag(const char* at, const char* end) {
  if (at == end || *at != '$') return 0;
  const char* p = at + 1;
  if (p != end && is(*p, word_start_class)) {
    while (p != end && is(*p, word_class) && *p != '$') ++p;
  }
  return p != end && *p == '$' ? static_cast<std::size_t>(p - at) + 1 : 0;
}

Token token_at(const char* at, const char* end) {
  if (at == end) return {TokenKind::end, at, at};
  const char c = *at;
  if (is(c, word_start_class)) {
    if (end - at > 1) {
      const char l = lower(c);
      if (at[1] == '\'' && (l == 'e' || l == 'b' || l == 'x' || l == 'n')) {
        return quoted_token(TokenKind::string, at, at + 1, end, l == 'e');
      }
      if (l == 'u' && at[1] == '&' && end - at > 2) {
        if (at[2] == '\'') return quoted_token(TokenKind::string, at, at + 2, end, false);
        if (at[2] == '"') return quoted_token(TokenKind::quoted_word, at, at + 2, end, false);
      }
    }
    const char* p = at + 1;
    while (p != end && is(*p, word_class)) ++p;
    return {TokenKind::word, at, p};
  }
  if (c == '\'') return quoted_token(TokenKind::string, at, at, end, false);
  if (c == '"') return quoted_token(TokenKind::quoted_word, at, at, end, false);
  if (c == '$') {
    if (const std::size_t length = dollar_tag(at, end); length > 0) {
      const std::string_view tag(at, length);
      const std::string_view rest(at + length, static_cast<std::size_t>(end - at) - length);
      const auto closing = rest.find(tag);
      if (closing == std::string_view::npos) return {TokenKind::unterminated, at, end};
      return {TokenKind::string, at, rest.data() + closing + length};
    }
  }
  if (is(c, digit_class)) {
    const char* p = at + 1;
    while (p != end && (is(*p, word_class) || (*p == '.' && p + 1 != end && is(p[1], digit_class)))) ++p;
    return {TokenKind::number, at, p};
  }
  if (c == '/' && end - at > 1 && at[1] == '*') return {TokenKind::unterminated, at, end};
  return {TokenKind::symbol, at, at + 1};
}

bool starts_text(const char* at, const char* end) {
  if (at == end) return false;
  if (*at == '\'') return true;
  if (*at == '$') return dollar_tag(at, end) > 0;
  const char l = lower(*at);
  if ((l == 'e' || l == 'n') && end - at > 1) return at[1] == '\'';
  return l == 'u' && end - at > 2 && at[1] == '&' && at[2] == '\'';
}

bool is_reserved(std::string_view word) {
  return std::binary_search(std::begin(reserved_words), std::end(reserved_words), word);
}

std::optional<std::string> identifier_value(std::string_view token) {
  if (token.front() == '"') return undoubled(token.substr(1, token.size() - 2), '"');
  if (token.size() > 3 && token[1] == '&' && token[2] == '"') {
    return unicode_escaped(token.substr(3, token.size() - 4), '"', '\\');
  }
  std::string out(token);
  for (char& c : out) c = lower(c);
  return out;
}

std::optional<std::string> text_value(std::string_view token, char uescape) {
  if (token.front() == '\'') return undoubled(token.substr(1, token.size() - 2), '\'');
  if (token.front() == '$') {
    const std::size_t tag = dollar_tag(token.data(), token.data() + token.size());
    return std::string(token.substr(tag, token.size() - 2 * tag));
  }
  if (token[1] == '&') return unicode_escaped(token.substr(3, token.size() - 4), '\'', uescape);
  const std::string_view inside = token.substr(2, token.size() - 3);
  if (lower(token.front()) == 'n') return undoubled(inside, '\'');
  if (lower(token.front()) != 'e') return std::nullopt;
  auto out = backslash_escaped(inside);
  if (out && first_bad_byte(*out) != std::string::npos) return std::nullopt;
  return out;
}

std::size_t first_bad_byte(std::string_view text) {
  const auto* const begin = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = begin + text.size();
  const auto* at = begin;
  while (at != end) {
    if (end - at >= 8) {
      std::uint64_t chunk = 0;
      std::memcpy(&chunk, at, 8);
      const bool has_zero = ((chunk - 0x0101010101010101ULL) & ~chunk & 0x8080808080808080ULL) != 0;
      if ((chunk & 0x8080808080808080ULL) == 0 && !has_zero) {
        at += 8;
        continue;
      }
    }
    const std::size_t length = character_length(at, end);
    if (length == 0) return static_cast<std::size_t>(at - begin);
    at += length;
  }
  return std::string_view::npos;
}

}  // namespace godwit::grammar
