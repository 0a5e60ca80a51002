// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/type_change.h"

#include "base/identifier.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace godwit::kinds {

namespace {

/// `character varying(12)` to {"character varying", 12}; 0 without a length.
std::pair<std::string, long> split_length(const std::string& type) {
  const std::size_t open = type.find('(');
  if (open == std::string::npos || !type.ends_with(')') || type.find(',') != std::string::npos) return {type, 0};
  long length = 0;
  std::from_chars(type.data() + open + 1, type.data() + type.size() - 1, length);
  return {type.substr(0, open), length};
}

}  // namespace

bool widens(const std::string& from, const std::string& to) {
  constexpr std::array<std::string_view, 3> integers{"smallint", "integer", "bigint"};
  const auto from_integer = std::find(integers.begin(), integers.end(), from);
  const auto to_integer = std::find(integers.begin(), integers.end(), to);
  if (from_integer != integers.end())
    return (to_integer != integers.end() && to_integer > from_integer) || to == "numeric";
  const auto [from_base, from_length] = split_length(from);
  const auto [to_base, to_length] = split_length(to);
  if (from_base == "character varying" || from_base == "text") {
    if (from_base == "text" || from_length == 0) return (to == "text" || to == "character varying") && from != to;
    return to == "text" || (to_base == "character varying" && (to_length == 0 || to_length > from_length));
  }
  return false;
}

void check_type_change(const Column& from, Column& to, Span type_span, const std::optional<ast::Sql>& using_expression,
                       const std::optional<ast::Sql>& reverse_using, Declaring& d) {
  if (from.type == to.type && from.collation == to.collation) return;
  if (from.generated || to.generated) {
    d.later(type_span, "changing the type of a generated column");
    return;
  }
  if (from.identity || !from.serial.empty()) {
    d.later(type_span, "changing the type of an identity or serial column");
    return;
  }
  const bool same_type = from.type == to.type;
  if (!same_type && !widens(from.type.text, to.type.text)) {
    d.later(type_span, "changing `" + from.type.text + "` to `" + to.type.text + "`, which could lose values,");
    return;
  }
  const ObjectKey table{Kind::table, to.schema, to.table, {}, Kind::schema, {}};
  const std::vector<sql::Visible> visible{{to.table, d.relation(table)}};
  const std::string plain = quoted(to.name);
  for (const auto* expression :
       {using_expression ? &*using_expression : nullptr, reverse_using ? &*reverse_using : nullptr}) {
    if (expression == nullptr) continue;
    const sql::Analysis analysis = d.analyze(Form::expression, *expression, visible);
    const std::string& normal = analysis.fragment.normal;
    const std::string& type =
        expression == (using_expression ? &*using_expression : nullptr) ? to.type.text : from.type.text;
    const sql::Analysis cast = sql::analyze(Form::expression, plain + "::" + type, d.world, visible);
    const sql::Analysis bare = sql::analyze(Form::expression, plain, d.world, visible);
    if (normal != cast.fragment.normal && normal != bare.fragment.normal) {
      d.later(expression->span, "a type change whose conversion is more than a cast");
    }
  }
}

}  // namespace godwit::kinds
