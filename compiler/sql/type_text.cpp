// SPDX-License-Identifier: Apache-2.0
// Composite and range types and aggregates taken apart: what is defined by options in parentheses.
#include "base/identifier.h"
#include "compiler/sql/definition.h"
#include "compiler/sql/statements.h"

#include <algorithm>

namespace godwit::sql {

namespace {

std::string collation_of(const Json& clause) {
  std::string name;
  for (const std::string& part : string_values(field(clause, "collname")))
    name += (name.empty() ? "" : ".") + godwit::quoted(part);
  return name;
}

TypeText::Attribute attribute_of(const Definition& definition, const Json& column) {
  const TokenList& tokens = definition.tokens;
  TypeText::Attribute attribute;
  attribute.name = text_of(column, "colname");
  const std::size_t name = tokens.at(location_of(column));
  attribute.begin = tokens[name].begin - definition.prefix;
  std::size_t end = element_end(tokens, name);
  const Json& collation = field(column, "collClause");
  if (collation.is_object()) {
    attribute.collation = collation_of(collation);
    end = std::min(end, tokens.at(location_of(collation)));
  }
  attribute.type = definition.part(name + 1, end);
  return attribute;
}

}  // namespace

std::vector<OptionText> option_texts(const Definition& definition, const Json& options) {
  const TokenList& tokens = definition.tokens;
  std::vector<OptionText> all;
  for (const Json& node : options) {
    const Json& option = body_of(node);
    OptionText text;
    text.name = text_of(option, "defname");
    const std::size_t first = tokens.at(location_of(option));
    const Json& argument = field(option, "arg");
    text.begin = tokens[first].begin - definition.prefix;
    if (!argument.is_null()) text.value = definition.part(first + 2, element_end(tokens, first));
    if (!argument.is_null()) text.plain = option_value(argument);
    if (is(argument, "TypeName") && field(body_of(argument), "typmods").empty() &&
        field(body_of(argument), "arrayBounds").empty()) {
      text.path = string_values(field(body_of(argument), "names"));
    }
    if (is(argument, "String")) text.path = {string_value(argument)};
    if (is(argument, "List")) text.path = string_values(field(body_of(argument), "items"));
    all.push_back(std::move(text));
  }
  return all;
}

Result<std::vector<OptionText>, SyntaxError> parse_options(std::string_view what, std::string_view text) {
  const std::string before = "create " + std::string(what) + " ";
  auto parsed = parse_definition(before, text, "", "DefineStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  return option_texts(**parsed, field((*parsed)->body(), "definition"));
}

Result<AggregateText, SyntaxError> parse_aggregate(std::string_view text) {
  auto parsed = parse_definition("create aggregate a", text, "", "DefineStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Definition& definition = **parsed;
  const TokenList& tokens = definition.tokens;
  const Json& body = definition.body();
  if (flag(body, "oldstyle")) return unexpected(SyntaxError{"the arguments stand in parentheses of their own", 0});
  AggregateText aggregate;
  const Json& arguments = field(body, "args");
  const std::size_t open = definition.begin();
  const std::size_t order = definition.find("order", open + 1), close = tokens.closing(open);
  if (!arguments.empty() && is(arguments[0], "List")) {
    for (const Json& node : field(body_of(arguments[0]), "items")) {
      const Json& parameter = body_of(node);
      AggregateText::Argument argument;
      argument.name = text_of(parameter, "name");
      argument.variadic = text_of(parameter, "mode") == "FUNC_PARAM_VARIADIC";
      const std::size_t first = tokens.at(location_of(field(parameter, "argType")));
      std::size_t end = element_end(tokens, first);
      if (first < order && order < close) end = std::min(end, order);
      argument.ordered = order < close && first > order;
      argument.type = definition.part(first, end);
      aggregate.arguments.push_back(std::move(argument));
    }
  }
  aggregate.options = option_texts(definition, field(body, "definition"));
  return aggregate;
}

Result<TypeText, SyntaxError> parse_type(std::string_view text) {
  TypeText type;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::string_view before =
      first != std::string_view::npos && text[first] == '(' ? "create type t as " : "create type t ";
  auto range = parse_definition(before, text, "", "CreateRangeStmt");
  if (range.has_value()) {
    type.is_range = true;
    type.options = option_texts(**range, field((*range)->body(), "params"));
    return type;
  }
  auto composite = parse_definition(before, text, "", "CompositeTypeStmt");
  if (!composite.has_value()) return unexpected(std::move(composite.error()));
  for (const Json& node : field((*composite)->body(), "coldeflist"))
    type.attributes.push_back(attribute_of(**composite, body_of(node)));
  return type;
}

}  // namespace godwit::sql
