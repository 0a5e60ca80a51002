// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/definition.h"

#include <algorithm>

namespace godwit::sql {

Part Definition::part(std::size_t first, std::size_t last) const {
  if (first >= tokens.size() || last <= first) return {};
  const std::size_t begin = tokens[first].begin;
  const std::size_t end = tokens[std::min(last, tokens.size()) - 1].end;
  return {statement.substr(begin, end - begin), begin - std::min<std::size_t>(prefix, begin)};
}

Part Definition::inside(std::size_t open) const { return part(open + 1, tokens.closing(open)); }

std::size_t Definition::find(std::string_view word, std::size_t first) const {
  std::size_t depth = 0;
  for (std::size_t i = first; i < tokens.size(); ++i) {
    const std::string_view spelled = tokens.spelling(i);
    if (depth == 0 && tokens.is(i, word)) return i;
    if (spelled == "(" || spelled == "[") ++depth;
    if ((spelled == ")" || spelled == "]") && depth > 0) --depth;
  }
  return tokens.size();
}

Result<std::unique_ptr<Definition>, SyntaxError> parse_definition(std::string_view before, std::string_view text,
                                                                  std::string_view after, std::string_view kind) {
  auto definition = std::make_unique<Definition>();
  definition->statement.append(before).append(text).append(after);
  definition->prefix = before.size();
  definition->length = text.size();
  const auto relative = [&](SyntaxError error) {
    error.offset = std::min(error.offset < before.size() ? 0 : error.offset - before.size(), text.size());
    return unexpected(std::move(error));
  };
  auto tree = parse_tree(definition->statement);
  if (!tree.has_value()) return relative(std::move(tree.error()));
  auto scanned = tokens(definition->statement);
  if (!scanned.has_value()) return relative(std::move(scanned.error()));
  definition->tokens = TokenList(definition->statement, std::move(*scanned));
  Json& statements = (*tree)["stmts"];
  if (!statements.is_array() || statements.empty())
    return relative({"syntax error at end of input", definition->statement.size()});
  if (statements.size() > 1) {
    const auto second = static_cast<std::size_t>(number_of(statements[1], "stmt_location"));
    return relative({"syntax error at or near \";\"", second > 0 ? second - 1 : 0});
  }
  definition->tree = std::move(statements[0]["stmt"]);
  if (kind_of(definition->tree) != kind) return relative({"a definition is expected", before.size()});
  return definition;
}

std::size_t element_end(const TokenList& tokens, std::size_t first) {
  std::size_t depth = 0;
  for (std::size_t i = first; i < tokens.size(); ++i) {
    const std::string_view word = tokens.spelling(i);
    if (depth == 0 && (word == "," || word == ")" || word == "]")) return i;
    if (word == "(" || word == "[") ++depth;
    if (word == ")" || word == "]") --depth;
  }
  return tokens.size();
}

std::string option_value(const Json& argument) {
  if (argument.is_null()) return "true";
  const std::string_view kind = kind_of(argument);
  if (kind.empty()) return {};
  const Json& body = body_of(argument);
  if (kind == "String") return text_of(body, "sval");
  if (kind == "Integer") return std::to_string(number_of(body, "ival"));
  if (kind == "Float") return text_of(body, "fval");
  if (kind == "Boolean") return flag(body, "boolval") ? "true" : "false";
  if (kind == "TypeName") {
    const Json& names = field(body, "names");
    return names.empty() ? std::string() : string_value(names.back());
  }
  if (kind == "List") {
    std::string values;
    for (const Json& item : field(body, "items")) values += (values.empty() ? "" : ", ") + option_value(item);
    return values;
  }
  if (kind == "A_Const") {
    if (body.contains("sval")) return text_of(field(body, "sval"), "sval");
    if (body.contains("fval")) return text_of(field(body, "fval"), "fval");
    if (body.contains("boolval")) return flag(field(body, "boolval"), "boolval") ? "true" : "false";
    return std::to_string(number_of(field(body, "ival"), "ival"));
  }
  return {};
}

std::vector<std::pair<std::string, std::string>> option_pairs(const Json& options) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Json& node : options) {
    const Json& option = body_of(node);
    const std::string space = text_of(option, "defnamespace");
    const std::string name = text_of(option, "defname");
    pairs.emplace_back(space.empty() ? name : space + "." + name, option_value(field(option, "arg")));
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

}  // namespace godwit::sql
