// SPDX-License-Identifier: Apache-2.0
// Composite and range types taken apart.
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

TypeText::Option option_of(const Definition& definition, const Json& option) {
  const TokenList& tokens = definition.tokens;
  TypeText::Option result;
  result.name = text_of(option, "defname");
  const std::size_t first = tokens.at(location_of(option));
  result.value = definition.part(first + 2, element_end(tokens, first));
  const Json& argument = field(option, "arg");
  if (is(argument, "TypeName") && field(body_of(argument), "typmods").empty() &&
      field(body_of(argument), "arrayBounds").empty()) {
    result.path = string_values(field(body_of(argument), "names"));
  }
  if (is(argument, "String")) result.path = {string_value(argument)};
  return result;
}

}  // namespace

Result<TypeText, SyntaxError> parse_type(std::string_view text) {
  TypeText type;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::string_view before =
      first != std::string_view::npos && text[first] == '(' ? "create type t as " : "create type t ";
  auto range = parse_definition(before, text, "", "CreateRangeStmt");
  if (range.has_value()) {
    type.is_range = true;
    for (const Json& node : field((*range)->body(), "params"))
      type.options.push_back(option_of(**range, body_of(node)));
    return type;
  }
  auto composite = parse_definition(before, text, "", "CompositeTypeStmt");
  if (!composite.has_value()) return unexpected(std::move(composite.error()));
  for (const Json& node : field((*composite)->body(), "coldeflist"))
    type.attributes.push_back(attribute_of(**composite, body_of(node)));
  return type;
}

}  // namespace godwit::sql
