// SPDX-License-Identifier: Apache-2.0
// Casts and rules taken apart.
#include "compiler/sql/definition.h"
#include "compiler/sql/statements.h"

#include <algorithm>

namespace godwit::sql {

Result<CastText, SyntaxError> parse_cast(std::string_view text) {
  auto parsed = parse_definition("create cast ", text, "", "CreateCastStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Definition& definition = **parsed;
  const TokenList& tokens = definition.tokens;
  const Json& body = definition.body();
  CastText cast;
  const std::size_t open = definition.begin(), close = tokens.closing(open);
  const std::size_t as = definition.find("as", open + 1);
  cast.source = definition.part(open + 1, as);
  cast.target = definition.part(as + 1, close);
  cast.inout = flag(body, "inout");
  const std::string context = text_of(body, "context");
  if (context == "COERCION_ASSIGNMENT") cast.context = "assignment";
  if (context == "COERCION_IMPLICIT") cast.context = "implicit";
  const Json& function = field(body, "func");
  if (!function.is_object()) return cast;
  cast.function_path = string_values(field(function, "objname"));
  const std::size_t first = definition.find("function", close) + 1;
  std::size_t last = first + 2 * (cast.function_path.size() - 1) + 1;
  cast.function = definition.part(first, last);
  if (tokens.spelling(last) != "(" || tokens.closing(last) == last + 1) return cast;
  const std::size_t end = tokens.closing(last);
  while (last < end) {
    const std::size_t next = element_end(tokens, last + 1);
    cast.arguments.push_back(definition.part(last + 1, next));
    last = next;
  }
  return cast;
}

Result<RuleText, SyntaxError> parse_rule(std::string_view text) {
  auto parsed = parse_definition("create rule r as ", text, "", "RuleStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Definition& definition = **parsed;
  const Json& body = definition.body();
  RuleText rule;
  const Json& relation = field(body, "relation");
  if (const std::string schema = text_of(relation, "schemaname"); !schema.empty()) rule.relation.push_back(schema);
  rule.relation.push_back(text_of(relation, "relname"));
  const std::size_t token = definition.tokens.at(location_of(relation));
  rule.relation_name = definition.part(token, token + 2 * rule.relation.size() - 1);
  rule.conditional = body.contains("whereClause");
  for (const Json& action : field(body, "actions")) rule.notifies = rule.notifies || is(action, "NotifyStmt");
  rule.instead = flag(body, "instead");
  const std::string event = text_of(body, "event");
  rule.event = event == "CMD_SELECT"   ? "select"
               : event == "CMD_INSERT" ? "insert"
               : event == "CMD_UPDATE" ? "update"
                                       : "delete";
  return rule;
}

}  // namespace godwit::sql
