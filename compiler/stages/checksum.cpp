// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/checksum.h"

#include "compiler/model/script.h"
#include "grammar/format.h"

#include <string_view>

namespace godwit::stages {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

bool is_tag(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// One past the end of the quoted text that begins at `at`, or `at` when none does.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  if (quote == '\'' || quote == '"') {
    const bool escapes =
        quote == '\'' && at > 0 && (text[at - 1] == 'e' || text[at - 1] == 'E') && (at < 2 || !is_tag(text[at - 2]));
    for (std::size_t i = at + 1; i < text.size(); ++i) {
      if (escapes && text[i] == '\\') {
        ++i;
      } else if (text[i] == quote) {
        if (i + 1 < text.size() && text[i + 1] == quote) {
          ++i;
        } else {
          return i + 1;
        }
      }
    }
    return text.size();
  }
  if (quote == '$' && (at == 0 || !is_tag(text[at - 1]))) {
    std::size_t end = at + 1;
    while (end < text.size() && is_tag(text[end])) ++end;
    if (end < text.size() && text[end] == '$') {
      const std::string_view tag = text.substr(at, end + 1 - at);
      const std::size_t close = text.find(tag, end + 1);
      return close == std::string_view::npos ? text.size() : close + tag.size();
    }
  }
  return at;
}

std::string folded_meaning(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  const auto flush = [&] {
    if (space && !out.empty()) out += ' ';
    space = false;
  };
  for (std::size_t i = 0; i < text.size();) {
    if (is_space(text[i])) {
      space = true;
      ++i;
    } else if (text.substr(i).starts_with("--")) {
      const std::size_t end = text.find('\n', i);
      i = end == std::string_view::npos ? text.size() : end;
      space = true;
    } else if (text.substr(i).starts_with("/*")) {
      std::size_t depth = 0;
      do {
        if (text.substr(i).starts_with("/*")) {
          ++depth;
          i += 2;
        } else if (text.substr(i).starts_with("*/")) {
          --depth;
          i += 2;
        } else {
          ++i;
        }
      } while (depth > 0 && i < text.size());
      space = true;
    } else if (const std::size_t end = end_of_quoted(text, i); end != i) {
      flush();
      out += text.substr(i, end - i);
      i = end;
    } else {
      flush();
      out += text[i++];
    }
  }
  return out;
}

}  // namespace

std::string checksum(const ast::File& file, const SourceSet& sources) {
  return "sha256:" + sha256(folded_meaning(grammar::format_without_comments(file, sources)));
}

}  // namespace godwit::stages
