// SPDX-License-Identifier: Apache-2.0
// Expressions: every node's names are resolved, its type is told where it can be known.
#include "base/codes.h"
#include "base/identifier.h"
#include "compiler/sql/analyzer.h"
#include "compiler/sql/builtins.h"
#include "compiler/sql/extensions.h"
#include "compiler/sql/types.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace godwit::sql {

namespace {

// The niladic functions of the grammar (SQLValueFunction).
std::string value_function_type(const std::string& op) {
  if (op == "SVFOP_CURRENT_DATE") return "date";
  if (op.starts_with("SVFOP_CURRENT_TIMESTAMP")) return "timestamp with time zone";
  if (op.starts_with("SVFOP_CURRENT_TIME")) return "time with time zone";
  if (op.starts_with("SVFOP_LOCALTIMESTAMP")) return "timestamp without time zone";
  if (op.starts_with("SVFOP_LOCALTIME")) return "time without time zone";
  return "name";
}

// 0 when a star hides it.
std::size_t width_of_row(const Json& row) {
  const Json& items = field(body_of(row), "args");
  for (const Json& item : items) {
    if (is(item, "ColumnRef") && is(field(body_of(item), "fields").back(), "A_Star")) return 0;
  }
  return items.size();
}

// CASE and the like over bare literals alone give text.
std::string settled_type(const std::vector<std::string>& types) {
  const std::string type = common_type(types);
  return type == "unknown" ? "text" : type;
}

/// The `collate` of the index element that begins at `first`; size() when there is none.
std::size_t collate_word(const TokenList& tokens, std::size_t first) {
  std::size_t depth = 0;
  for (std::size_t i = first; i < tokens.size(); ++i) {
    const std::string_view spelled = tokens.spelling(i);
    if (depth == 0 && tokens.is(i, "collate")) return i;
    if (spelled == "(" || spelled == "[") ++depth;
    if ((spelled == ")" || spelled == "]") && depth-- == 0) break;
  }
  return tokens.size();
}

}  // namespace

void Analyzer::note(std::optional<std::size_t>& first, std::size_t location) const {
  if (location != std::string::npos && (!first || location < *first)) first = location;
}

void Analyzer::note_here(std::optional<std::size_t>& first, std::size_t location) const {
  if (depth_ == own_depth) note(first, location);
}

void Analyzer::expressions(const Json& list, Scope& scope) {
  if (list.is_object()) {
    expression(list, scope);
    return;
  }
  for (const Json& item : list) expression(item, scope);
}

std::string Analyzer::constant_value(const Json& body) const {
  if (body.contains("ival")) return "integer";
  if (body.contains("boolval")) return "boolean";
  if (body.contains("bsval")) return "bit";
  if (body.contains("fval")) {
    const std::string digits = text_of(field(body, "fval"), "fval");
    const bool whole = digits.find_first_not_of("-0123456789") == std::string::npos;
    return whole && digits.size() < 19 ? "bigint" : "numeric";
  }
  return "unknown";
}

std::string Analyzer::expression(const Json& node, Scope& scope) {
  if (node.is_array()) {
    for (const Json& item : node) expression(item, scope);
    return {};
  }
  const std::string_view kind = kind_of(node);
  if (kind.empty()) return {};
  const Json& body = body_of(node);
  if (kind == "ColumnRef") return column_reference(body, scope);
  if (kind == "A_Const") return constant_value(body);
  if (kind == "A_Expr") return operation(body, scope);
  if (kind == "FuncCall") return call(body, scope);
  if (kind == "TypeCast") {
    const std::string from = expression(field(body, "arg"), scope);
    const std::string to = type_name(field(body, "typeName")).text;
    check_cast(body, from, to);
    if (const auto own = world_.cast(from, to)) {
      const std::size_t token = tokens_.at(location_of(body));
      reference(*own, token, token, true);
    }
    return to;
  }
  if (kind == "BoolExpr") {
    const std::string joint = text_of(body, "boolop");
    for (const Json& one : field(body, "args")) {
      condition(one, scope,
                joint == "AND_EXPR"  ? "what `and` joins"
                : joint == "OR_EXPR" ? "what `or` joins"
                                     : "what `not` denies");
    }
    return "boolean";
  }
  if (kind == "NullTest") {
    expression(field(body, "arg"), scope);
    return "boolean";
  }
  if (kind == "BooleanTest") {
    condition(field(body, "arg"), scope, "what `is true` and the like ask about");
    return "boolean";
  }
  if (kind == "SubLink") return sublink(body, scope);
  if (kind == "CollateClause") {
    collation(tokens_.at(location_of(body)));
    return expression(field(body, "arg"), scope);
  }
  if (kind == "A_Indirection") return indirection(body, scope);
  if (kind == "CaseExpr") {
    const Json& subject = field(body, "arg");
    const std::string subject_type = expression(subject, scope);
    std::vector<std::string> types;
    std::vector<const Json*> nodes;
    for (const Json& one : field(body, "args")) {
      const Json& when = body_of(one);
      const Json& test = field(when, "expr");
      if (subject.is_null()) {
        condition(test, scope, "a `when`");
      } else {
        const std::string type = expression(test, scope);
        check_operator("=", subject, subject_type, test, type, first_location(test));
      }
      types.push_back(expression(field(when, "result"), scope));
      nodes.push_back(&field(when, "result"));
    }
    if (body.contains("defresult")) {
      types.push_back(expression(field(body, "defresult"), scope));
      nodes.push_back(&field(body, "defresult"));
    }
    check_branches(types, nodes, "a `case`");
    return settled_type(types);
  }
  if (kind == "CoalesceExpr" || kind == "MinMaxExpr") {
    std::vector<std::string> types;
    std::vector<const Json*> nodes;
    for (const Json& one : field(body, "args")) {
      types.push_back(expression(one, scope));
      nodes.push_back(&one);
    }
    check_branches(types, nodes, kind == "CoalesceExpr" ? "`coalesce`" : "`greatest` or `least`");
    return settled_type(types);
  }
  if (kind == "A_ArrayExpr") {
    std::vector<std::string> types;
    std::vector<const Json*> nodes;
    for (const Json& one : field(body, "elements")) {
      types.push_back(expression(one, scope));
      nodes.push_back(&one);
    }
    check_branches(types, nodes, "an array");
    const std::string type = common_type(types);
    if (type.empty() || type == "unknown") return type.empty() || types.empty() ? "" : "text[]";
    return type.ends_with("[]") ? type : type + "[]";
  }
  if (kind == "SQLValueFunction") {
    constant = false;
    const std::string op = text_of(body, "op");
    const std::size_t begin = location_of(body);
    const std::size_t token = tokens_.at(begin);
    if (token < tokens_.size()) {
      calls.push_back({folded(tokens_.spelling(token)), begin, tokens_[token].end, 's'});
    }
    return value_function_type(op);
  }
  if (kind == "RowExpr") {
    expressions(field(body, "args"), scope);
    return "record";
  }
  if (kind == "GroupingFunc") {
    note_here(aggregate, location_of(body));
    constant = false;
    expressions(field(body, "args"), scope);
    return "integer";
  }
  if (kind == "XmlExpr") {
    expressions(field(body, "named_args"), scope);
    expressions(field(body, "args"), scope);
    return text_of(body, "op") == "IS_DOCUMENT" ? "boolean" : "xml";
  }
  if (kind == "XmlSerialize") {
    expression(field(body, "expr"), scope);
    return type_name(field(body, "typeName")).text;
  }
  if (kind == "NamedArgExpr") return expression(field(body, "arg"), scope);
  if (kind == "MultiAssignRef") {
    const Json& source = field(body, "source");
    if (!is(source, "SubLink")) return expression(source, scope);
    row_subquery(source, static_cast<std::size_t>(number_of(body, "ncolumns")), scope);
    return {};
  }
  if (kind == "ResTarget") return expression(field(body, "val"), scope);
  if (kind == "SortBy") return expression(field(body, "node"), scope);
  if (kind == "List") {
    expressions(field(body, "items"), scope);
    return {};
  }
  if (kind == "GroupingSet") {
    expressions(field(body, "content"), scope);
    return {};
  }
  if (kind == "A_Indices") {
    expression(field(body, "lidx"), scope);
    expression(field(body, "uidx"), scope);
    return {};
  }
  if (kind == "SelectStmt") {
    query(node, scope);
    return {};
  }
  if (kind == "ParamRef") {
    constant = false;
    if (!parameters)
      problem_at(codes::forbidden_expression, tokens_.at(location_of(body)),
                 fmt::format("there is no parameter ${} here", number_of(body, "number")));
  }
  return {};
}

std::string Analyzer::indirection(const Json& body, Scope& scope) {
  std::string type = expression(field(body, "arg"), scope);
  bool slice = false, subscripted = false;
  for (const Json& step : field(body, "indirection")) {
    if (is(step, "A_Indices")) {
      slice = slice || flag(body_of(step), "is_slice");
      expression(step, scope);
      // An array of any depth has one type, so what comes out of the first subscript may have more.
      if (!subscripted) check_subscript(type, tokens_.at(first_location(body)));
      subscripted = true;
      if (!slice && type.ends_with("[]")) {
        type.resize(type.size() - 2);
      } else if (!slice && type != "jsonb") {
        type.clear();
      }
    } else {
      subscripted = false;
      const std::string name = string_value(step);
      const std::size_t first = tokens_.at(first_location(body));
      check_scalar_field(type, name, first);
      type = field_of(type, name, body);
    }
  }
  return type;
}

std::string Analyzer::operation(const Json& body, Scope& scope) {
  const std::string kind = text_of(body, "kind");
  const std::string left = body.contains("lexpr") ? expression(field(body, "lexpr"), scope) : std::string("none");
  const Json& right_node = field(body, "rexpr");
  std::string right;
  const Json& names = field(body, "name");
  const bool builtin = names.size() == 1 || (names.size() > 1 && string_value(names.front()) == "pg_catalog");
  const std::string written = names.empty() ? std::string() : string_value(names.back());
  const std::string name = written.find("BETWEEN") != std::string::npos ? ">=" : written;
  const Json& list = is(right_node, "List") ? field(body_of(right_node), "items") : right_node;
  const Json& left_node = field(body, "lexpr");
  if (is(left_node, "RowExpr") && is(right_node, "SubLink") &&
      text_of(body_of(right_node), "subLinkType") == "EXPR_SUBLINK") {
    row_subquery(right_node, width_of_row(left_node), scope);
  } else if (list.is_array()) {
    for (const Json& item : list) {
      const std::string type = expression(item, scope);
      if (builtin) check_operator(name, left_node, left, item, type, location_of(body));
    }
  } else {
    right = expression(right_node, scope);
    const bool over_array = kind == "AEXPR_OP_ANY" || kind == "AEXPR_OP_ALL";
    if (builtin && !over_array) {
      check_operator(name, left_node, left, right_node, right, location_of(body));
    } else if (builtin && right.ends_with("[]")) {
      check_operator(name, left_node, left, right_node, right.substr(0, right.size() - 2), location_of(body));
    }
  }
  if (world_.has_own_operators() && !list.is_array() && kind.starts_with("AEXPR_OP")) {
    const bool over_array = kind != "AEXPR_OP" && right.ends_with("[]");
    const std::string result =
        own_operator(string_values(names), left, over_array ? right.substr(0, right.size() - 2) : right,
                     tokens_.at(location_of(body)));
    if (!result.empty()) return kind == "AEXPR_OP" ? result : "boolean";
  }
  if (kind == "AEXPR_NULLIF") return left;
  if (kind != "AEXPR_OP") return "boolean";
  return builtin ? operator_result(written, left, right) : std::string();
}

std::string Analyzer::sublink(const Json& body, Scope& scope) {
  constant = false;
  note(subquery, location_of(body));
  const std::string kind = text_of(body, "subLinkType");
  expression(field(body, "testexpr"), scope);
  const QueryColumns columns = query(field(body, "subselect"), scope);
  check_subquery(body, columns);
  const std::string first = columns.columns.size() == 1 ? columns.columns.front().type : std::string();
  if (kind == "EXPR_SUBLINK") return first;
  if (kind == "ARRAY_SUBLINK") return first.empty() || first.ends_with("[]") ? first : first + "[]";
  if (kind == "MULTIEXPR_SUBLINK") return {};
  return "boolean";
}

void Analyzer::row_subquery(const Json& node, std::size_t wanted, Scope& scope) {
  const Json& body = body_of(node);
  constant = false;
  note(subquery, location_of(body));
  const QueryColumns columns = query(field(body, "subselect"), scope);
  if (wanted > 0) check_width(field(body, "subselect"), columns, wanted);
}

void Analyzer::window_definition(const Json& body, Scope& scope) {
  expressions(field(body, "partitionClause"), scope);
  expressions(field(body, "orderClause"), scope);
  expression(field(body, "startOffset"), scope);
  expression(field(body, "endOffset"), scope);
}

std::string Analyzer::call(const Json& body, Scope& scope, bool is_call) {
  constant = false;
  const std::size_t location = location_of(body);
  std::vector<std::string> arguments;
  bool row_argument = false;
  const std::size_t aggregates = aggregates_;
  for (const Json& argument : field(body, "args")) {
    arguments.push_back(expression(argument, scope));
    row_argument = row_argument || (is(argument, "ColumnRef") && arguments.back().find('.') != std::string::npos);
  }
  const bool within_group = flag(body, "agg_within_group");
  for (const Json& order : field(body, "agg_order")) {
    const std::string type = expression(order, scope);
    if (within_group) arguments.push_back(type);
  }
  condition(field(body, "agg_filter"), scope, "a `filter`");
  const Json& over = field(body, "over");
  if (over.is_object()) {
    window_definition(over, scope);
    const std::string name = text_of(over, "name");
    if (!name.empty() && windows_.count(name) == 0) {
      std::size_t token = tokens_.at(location_of(over));
      if (token < tokens_.size() && tokens_.is(token, "over")) ++token;
      problem_at(codes::unknown_object, token, fmt::format("this query has no window `{}`", name),
                 "write `window … as (…)` behind its conditions");
    }
  }

  char kind = is_call ? 'p' : 'f';
  bool returns_set = false;
  const std::vector<std::string> path = string_values(field(body, "funcname"));
  std::string type = call_routine(path, arguments, location, text_of(body, "funcformat") == "COERCE_SQL_SYNTAX", body,
                                  row_argument, kind, returns_set);
  const bool is_aggregate =
      !over.is_object() && (kind == 'a' || within_group || flag(body, "agg_star") || flag(body, "agg_distinct") ||
                            body.contains("agg_order") || body.contains("agg_filter"));
  if (is_aggregate && !is_call) {
    check_place_of_call(body, true, false, aggregates_ - aggregates, scope);
    if (clause_ == nullptr) ++aggregates_;
    aggregate_calls_.insert(&body);
  } else if (over.is_object()) {
    check_place_of_call(body, false, true, 0, scope);
  }
  if (over.is_object()) {
    note_here(window, location);
  } else if (is_aggregate) {
    note_here(aggregate, location);
  } else if (kind == 'w') {
    note_here(window, location);
  }
  if (returns_set) note_here(set_returning, location);
  return type;
}

std::string Analyzer::call_routine(const std::vector<std::string>& path, const std::vector<std::string>& arguments,
                                   std::size_t location, bool syntax, const Json& body, bool row_argument, char& kind,
                                   bool& returns_set) {
  if (path.empty()) return {};
  const std::string& name = path.back();
  const std::string schema = path.size() > 1 ? path[path.size() - 2] : std::string();
  const std::size_t token = tokens_.at(location);
  // pg_catalog is written by the grammar itself for `a like b escape c` and the like: then the token is no name of it.
  const bool written =
      !syntax && token < tokens_.size() && tokens_.is_name(token) && tokens_.name(token) == path.front();
  const std::size_t last = written && !schema.empty() ? token + 2 : token;
  const std::size_t begin = token < tokens_.size() ? tokens_[token].begin : 0;
  const std::size_t end = last < tokens_.size() ? tokens_[last].end : begin;
  const std::string shown = schema.empty() || !written ? name : schema + "." + name;

  const auto noted = [&](char volatility) {
    if (volatility != 'i') calls.push_back({shown, begin, end, volatility});
  };
  const BuiltinCall builtin =
      schema.empty() || schema == "pg_catalog" ? call_builtin(name, told_ranges(arguments)) : BuiltinCall{};
  const bool named_arguments = std::any_of(field(body, "args").begin(), field(body, "args").end(),
                                           [](const Json& argument) { return is(argument, "NamedArgExpr"); });
  std::vector<Routine> routines;
  if (schema != "pg_catalog" && schema != "information_schema") routines = world_.routines(schema, name);
  const bool is_call = kind == 'p';
  const std::size_t all =
      lenient ? 0 : std::erase_if(routines, [&](const Routine& one) { return (one.kind == 'p') != is_call; });

  // Candidates by the number of arguments, then by the types as far as they are known.
  std::vector<const Routine*> fitting;
  int best = -1;
  for (const Routine& routine : routines) {
    if (arguments.size() < routine.required || (arguments.size() > routine.parameters && !routine.variadic)) continue;
    int score = 0;
    std::string_view types = routine.key.part;
    for (const std::string& argument : arguments) {
      const std::size_t comma = types.find(", ");
      const std::string_view parameter = types.substr(0, comma);
      types = comma == std::string_view::npos ? std::string_view() : types.substr(comma + 2);
      if (argument.empty() || argument == "unknown" || parameter.empty()) continue;
      score += element_type(argument) == parameter || argument == parameter ? 2 : 0;
    }
    if (score > best) fitting.clear();
    if (score >= best) fitting.push_back(&routine);
    best = std::max(best, score);
  }
  const bool exact = !fitting.empty() && best == static_cast<int>(2 * arguments.size()) && !arguments.empty();
  if (!fitting.empty() && (!builtin.found || exact)) {
    char volatility = fitting.front()->volatility;
    if (fitting.front()->kind == 'a') kind = 'a';
    std::string type = fitting.front()->result;
    for (const Routine* routine : fitting) {
      if (written && last < tokens_.size()) reference(routine->key, token, last, !schema.empty());
      if (routine->volatility != volatility) volatility = 'm';
      if (routine->result != type) type.clear();
    }
    noted(volatility);
    if (type.starts_with("setof ")) {
      type.erase(0, 6);
      returns_set = true;
    }
    if (type.starts_with("table(")) {
      type.clear();
      returns_set = true;
    }
    return type == "record" ? std::string() : type;
  }
  if (builtin.found || (named_arguments && !builtins(name).empty())) {
    if (builtin.found && routines.empty() && !syntax && !named_arguments) check_call(name, arguments, body, begin, end);
    noted(builtin.found ? builtin.volatility : 'm');
    if (const int since = builtin_since(name); since > 13 && written) newer.push_back({name, since, begin, end});
    kind = builtin.kind;
    returns_set = builtin.returns_set;
    return builtin.result.empty() ? range_result(name, arguments) : builtin.result;
  }
  if (schema == "pg_catalog" || schema == "information_schema" || !written) {
    noted('m');
    return {};
  }
  if (std::string range = constructed(schema, name, arguments.size(), token, last); !range.empty()) return range;
  // A type's name used as a cast: `date(x)`, `app.channel('email')`.
  if (arguments.size() == 1) {
    if (schema.empty() && !builtin_type(name).empty()) {
      noted('m');
      return std::string(builtin_type(name));
    }
    if (const auto type = world_.type(schema, name)) {
      reference(*type, token, last, !schema.empty());
      noted('m');
      return sql_name(*type);
    }
  }
  noted('v');
  if (lenient || row_argument || last >= tokens_.size()) return {};
  if (!schema.empty() && !check_schema(schema, token)) return {};
  if (world_.has_extensions()) return {};
  if (all > 0 && routines.empty()) {
    problem(codes::unknown_function, begin, end, fmt::format("`{}` is a {}", shown, is_call ? "function" : "procedure"),
            is_call ? "a function is read with `select` or `perform`" : "a procedure is run with `call`");
    return {};
  }
  const auto counted = [](std::size_t count) {
    return count == 0 ? std::string("no arguments") : fmt::format("{} argument{}", count, count == 1 ? "" : "s");
  };
  if (!routines.empty() || (schema.empty() && !builtins(name).empty())) {
    if (named_arguments) return {};
    std::string hint;
    if (routines.size() == 1) hint = fmt::format("`{}` is declared", sql_name(routines.front().key));
    problem(codes::unknown_function, begin, end,
            fmt::format("no function `{}` takes {}", shown, counted(arguments.size())), hint);
    return {};
  }
  std::string hint = suggestion(shown, Kind::function);
  if (hint.empty()) hint = hint_of_extension_function(name);
  if (hint.empty() && schema.empty()) {
    if (const auto near = closest(name, builtin_names_like(name))) hint = fmt::format("PostgreSQL has `{}`", *near);
  }
  problem(codes::unknown_function, begin, end, fmt::format("function `{}` is not declared", shown), hint);
  return {};
}

std::string Analyzer::index_element(const Json& body, Scope& scope, std::size_t token) {
  if (!field(body, "collation").empty()) collation(collate_word(tokens_, token));
  return body.contains("name") ? column_at(token, scope) : expression(field(body, "expr"), scope);
}

}  // namespace godwit::sql
