// SPDX-License-Identifier: Apache-2.0
// Text search objects: what follows `create text search`, and the mappings that a spec writes behind it.
#include "base/identifier.h"
#include "compiler/sql/definition.h"
#include "compiler/sql/statements.h"

#include <algorithm>

namespace godwit::sql {

namespace {

std::vector<std::string> path_at(const TokenList& tokens, std::size_t& at) {
  std::vector<std::string> path;
  while (tokens.is_name(at)) {
    path.push_back(tokens.name(at++));
    if (tokens.spelling(at) != ".") break;
    ++at;
  }
  return path;
}

Result<TextSearchText::Mapping, SyntaxError> parse_mapping(std::string_view text) {
  auto parsed = parse_definition("alter text search configuration c add ", text, "", "AlterTSConfigurationStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Json& body = (*parsed)->body();
  TextSearchText::Mapping mapping;
  mapping.tokens = string_values(field(body, "tokentype"));
  for (const Json& name : field(body, "dicts"))
    mapping.dictionaries.push_back(string_values(field(body_of(name), "items")));
  return mapping;
}

}  // namespace

Result<TextSearchText, SyntaxError> parse_text_search(std::string_view text) {
  auto scanned = tokens(std::string(text));
  if (!scanned.has_value()) return unexpected(std::move(scanned.error()));
  const TokenList tokens(text, std::move(*scanned));
  TextSearchText out;
  out.what = folded(std::string(tokens.spelling(0)));
  std::size_t open = 1;
  out.path = path_at(tokens, open);
  const auto offset = [&](std::size_t token) { return token < tokens.size() ? tokens[token].begin : text.size(); };
  out.name = {"", offset(1)};
  if (out.path.empty() || tokens.spelling(open) != "(") {
    const std::size_t wrong = out.path.empty() ? 1 : open;
    return unexpected(
        SyntaxError{out.path.empty() ? "a name is expected" : "`(` and the options are expected", offset(wrong)});
  }
  const auto shifted = [](SyntaxError error, std::size_t by) {
    error.offset += by;
    return unexpected(std::move(error));
  };
  const std::size_t close = tokens.closing(open);
  const std::size_t end = close < tokens.size() ? tokens[close].end : text.size();
  const std::size_t begin = offset(open);
  auto options = parse_options("text search configuration c", text.substr(begin, end - begin));
  if (!options.has_value()) return shifted(std::move(options.error()), begin);
  out.options = std::move(*options);
  for (OptionText& option : out.options) option.begin += begin;
  for (std::size_t at = close + 1; at < tokens.size();) {
    std::size_t next = at + 1;
    while (next < tokens.size() && !(tokens.is(next, "mapping") && tokens.is(next + 1, "for"))) ++next;
    const std::size_t from = offset(at), to = tokens[next - 1].end;
    auto mapping = parse_mapping(text.substr(from, to - from));
    if (!mapping.has_value()) return shifted(std::move(mapping.error()), from);
    mapping->begin = from;
    mapping->end = to;
    out.mappings.push_back(std::move(*mapping));
    at = next;
  }
  return out;
}

}  // namespace godwit::sql
