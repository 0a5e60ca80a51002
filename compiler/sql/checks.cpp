// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL refuses in an expression although every name is known: operators and casts there are not, conditions
// that are none, literals that cannot be read. A type that is not known is never judged.
#include "base/codes.h"
#include "base/identifier.h"
#include "compiler/sql/access_methods.h"
#include "compiler/sql/analyzer.h"
#include "compiler/sql/builtins.h"
#include "compiler/sql/literals.h"
#include "compiler/sql/type_rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace godwit::sql {

void Analyzer::problem_at(const Code& code, std::size_t token, std::string message, std::string hint) {
  if (token < tokens_.size())
    problem(code, tokens_[token].begin, tokens_[token].end, std::move(message), std::move(hint));
}

namespace {

/// The value of a bare string literal.
std::optional<std::string> literal_of(const Json& node) {
  if (!is(node, "A_Const") || !body_of(node).contains("sval")) return std::nullopt;
  return text_of(field(body_of(node), "sval"), "sval");
}

std::string shown(std::string_view type) { return type.empty() || type == "unknown" ? "text" : std::string(type); }

/// What a cast of the type reads from the session: DateStyle, TimeZone.
bool depends_on_session(const std::string& from, const std::string& to) {
  const bool text = to == "text" || to == "character varying" || to == "character";
  if (from == "timestamp with time zone")
    return text || to == "date" || to.starts_with("time with") || to == "timestamp without time zone";
  if (from == "date" || from == "timestamp without time zone") return text || to == "timestamp with time zone";
  return (from == "text" || from == "character varying") &&
         (to == "date" || to.starts_with("timestamp ") || to == "interval");
}

}  // namespace

std::size_t first_location(const Json& node) {
  std::size_t first = std::string::npos;
  if (node.is_object()) {
    for (const auto& [name, value] : node.items()) {
      if (name == "location" && value.is_number()) {
        if (value.get<long>() >= 0) first = std::min(first, static_cast<std::size_t>(value.get<long>()));
      } else if (value.is_structured()) {
        first = std::min(first, first_location(value));
      }
    }
  } else if (node.is_array()) {
    for (const Json& item : node) first = std::min(first, first_location(item));
  }
  return first;
}

bool Analyzer::has_outer_rows(const Scope& scope) const {
  for (const Scope* at = scope.parent; at != nullptr; at = at->parent) {
    if (!at->sources.empty()) return true;
  }
  return false;
}

void Analyzer::check_literal(const Json& node, std::string_view type) {
  if (lenient || type.empty() || world_.has_extensions()) return;
  const auto value = literal_of(node);
  if (!value) return;
  if (LiteralFault fault = literal_fault(type, *value, world_))
    problem_at(codes::type_mismatch, tokens_.at(location_of(body_of(node))), std::move(fault.message),
               std::move(fault.hint));
}

void Analyzer::check_operator(const std::string& name, const Json& left_node, const std::string& left,
                              const Json& right_node, const std::string& right, std::size_t location) {
  if (lenient) return;
  const OperatorFit fit = operator_fits(name, left, right, world_);
  if (!fit.fits) {
    const std::size_t token = tokens_.at(location);
    if (!fit.known) {
      problem_at(codes::unknown_function, token, fmt::format("PostgreSQL has no operator `{}`", name));
    } else if (left == "none") {
      problem_at(codes::type_mismatch, token, fmt::format("no operator `{}` takes `{}`", name, shown(right)));
    } else {
      problem_at(codes::type_mismatch, token,
                 fmt::format("no operator `{}` stands between `{}` and `{}`", name, shown(left), shown(right)),
                 "a cast makes one of the other: `value::type`");
    }
    return;
  }
  if (right == "unknown") check_literal(right_node, literal_beside(name, left, world_));
  if (left == "unknown") check_literal(left_node, literal_beside(name, right, world_));
}

void Analyzer::check_cast(const Json& body, const std::string& from, const std::string& to) {
  const Json& argument = field(body, "arg");
  if (literal_of(argument)) {
    check_literal(argument, to);
    return;
  }
  const std::size_t token = tokens_.at(location_of(body));
  if (!lenient && !castable(from, to, world_)) {
    problem_at(codes::type_mismatch, token, fmt::format("PostgreSQL has no cast from `{}` to `{}`", from, to));
    return;
  }
  const auto source = known_type(from, world_), target = known_type(to, world_);
  if (!source || !target || source->array || target->array || token >= tokens_.size() ||
      !depends_on_session(source->name, target->name))
    return;
  const std::size_t last = tokens_.is(token, "::") && tokens_.is_name(token + 1) ? token + 1 : token;
  const std::size_t begin = tokens_[token].begin, end = tokens_[last].end;
  calls.push_back({std::string(tokens_.text().substr(begin, end - begin)), begin, end, 's'});
}

std::string Analyzer::condition(const Json& node, Scope& scope, const char* what) {
  if (node.is_null() || node.empty()) return {};
  std::string type = expression(node, scope);
  if (lenient) return type;
  check_literal(node, "boolean");
  if (is_no_condition(type, world_)) {
    problem_at(codes::type_mismatch, tokens_.at(first_location(node)),
               fmt::format("{} must be boolean, and this is `{}`", what, type));
  }
  return type;
}

void Analyzer::check_branches(const std::vector<std::string>& types, const std::vector<const Json*>& nodes,
                              std::string_view what) {
  if (lenient) return;
  const std::string* first = nullptr;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i].empty() || types[i] == "unknown") continue;
    if (first != nullptr && !unitable(*first, types[i], world_)) {
      problem_at(codes::type_mismatch, tokens_.at(first_location(*nodes[i])),
                 fmt::format("{} gives one type, and these are `{}` and `{}`", what, *first, types[i]),
                 "a cast makes one of the other: `value::type`");
      return;
    }
    if (first == nullptr) first = &types[i];
  }
}

void Analyzer::check_subquery(const Json& body, const QueryColumns& columns) {
  const std::string kind = text_of(body, "subLinkType");
  if (lenient || !columns.known || kind == "EXISTS_SUBLINK" || kind == "MULTIEXPR_SUBLINK") return;
  const Json& test = field(body, "testexpr");
  std::size_t wanted = 1;
  if (is(test, "RowExpr")) {
    wanted = field(body_of(test), "args").size();
  } else if (kind == "ROWCOMPARE_SUBLINK") {
    return;
  }
  for (const Json& item : is(test, "RowExpr") ? field(body_of(test), "args") : Json::array()) {
    if (is(item, "ColumnRef") && is(field(body_of(item), "fields").back(), "A_Star")) return;
  }
  if (!columns.columns.empty()) check_width(field(body, "subselect"), columns, wanted);
}

void Analyzer::check_width(const Json& subselect, const QueryColumns& columns, std::size_t wanted) {
  const std::size_t width = columns.columns.size();
  if (lenient || !columns.known || width == wanted) return;
  problem_at(codes::type_mismatch, tokens_.at(first_location(subselect)),
             fmt::format("this subquery gives {} column{} where {} {} wanted", width, width == 1 ? "" : "s", wanted,
                         wanted == 1 ? "is" : "are"));
}

void Analyzer::check_call(const std::string& name, const std::vector<std::string>& arguments, const Json& body,
                          std::size_t begin, std::size_t end) {
  if (lenient || flag(body, "agg_within_group") || flag(body, "func_variadic") || flag(body, "agg_star") ||
      call_fits(name, arguments, world_))
    return;
  std::string types;
  for (const std::string& argument : arguments) types += (types.empty() ? "" : ", ") + shown(argument);
  problem(codes::unknown_function, begin, end, fmt::format("no function `{}` takes ({})", name, types),
          "a cast makes the type that it takes: `value::type`");
}

void Analyzer::check_place_of_call(const Json& body, bool is_aggregate, bool is_window, std::size_t inside,
                                   Scope& scope) {
  if (lenient || (!is_aggregate && !is_window) || has_outer_rows(scope)) return;
  const std::size_t token = tokens_.at(location_of(body));
  const char* what = is_aggregate ? "an aggregate" : "a window function";
  if (clause_ != nullptr) {
    problem_at(
        codes::forbidden_expression, token, fmt::format("{} cannot stand in {}", what, clause_),
        is_aggregate ? "`having` looks at groups; a subquery can count first" : "a subquery can number the rows first");
  } else if (is_aggregate && inside > 0) {
    problem_at(codes::forbidden_expression, token, "an aggregate cannot hold another",
               "a subquery can hold the inner one");
  }
}

void Analyzer::check_scalar_field(const std::string& type, const std::string& name, std::size_t token) {
  const auto known = known_type(type, world_);
  if (lenient || !known || known->enumeration || world_.has_extensions() || name.empty()) return;
  if (!builtins(name).empty() || !builtin_type(name).empty() || !world_.routines("", name).empty()) return;
  problem_at(codes::type_mismatch, token, fmt::format("`{}` has no fields, and `{}` asks for one", type, name));
}

void Analyzer::check_subscript(const std::string& type, std::size_t token) {
  constexpr std::string_view plain[] = {"smallint",
                                        "integer",
                                        "bigint",
                                        "numeric",
                                        "real",
                                        "double precision",
                                        "boolean",
                                        "text",
                                        "character varying",
                                        "character",
                                        "date",
                                        "timestamp with time zone",
                                        "timestamp without time zone",
                                        "uuid",
                                        "bytea",
                                        "interval"};
  const auto known = known_type(type, world_);
  if (lenient || !known || known->array || world_.has_extensions()) return;
  if (std::find(std::begin(plain), std::end(plain), known->name) == std::end(plain)) return;
  problem_at(codes::type_mismatch, token, fmt::format("`{}` is no array: it has no elements", type));
}

void Analyzer::check_exclusion(const std::string& method, const Json& element,
                               const std::vector<std::string>& operator_path, const std::string& type,
                               std::size_t token) {
  if (world_.has_extensions()) return;
  std::size_t word = 0;
  while (word < tokens_.size() && !tokens_.is(word, method)) ++word;
  const AccessMethod* known = access_method(method);
  if (known == nullptr || !known->excludes) {
    problem_at(codes::bad_option, word,
               known == nullptr ? fmt::format("there is no index method `{}`", method)
                                : fmt::format("{} takes no exclusion constraint", method),
               "`using gist` is the usual one");
    return;
  }
  if (const std::string fault = class_fault(method, string_values(field(element, "opclass")), type, world_);
      !fault.empty()) {
    problem_at(codes::type_mismatch, token, fault,
               method == "gist" ? "extension btree_gist brings classes for plain types" : "");
    return;
  }
  if (operator_path.empty() || (operator_path.size() > 1 && operator_path.front() != "pg_catalog")) return;
  const OperatorFit fit = operator_fits(operator_path.back(), type, type, world_);
  std::size_t at = token;
  while (at < tokens_.size() && tokens_.spelling(at) != operator_path.back()) ++at;
  if (!fit.fits) {
    problem_at(codes::type_mismatch, at,
               fmt::format("there is no operator `{}` for two values of type `{}`", operator_path.back(), type));
  }
}

}  // namespace godwit::sql
