// SPDX-License-Identifier: Apache-2.0
// Functions and procedures taken apart.
#include "compiler/sql/routine.h"

#include "base/identifier.h"
#include "compiler/sql/definition.h"
#include "compiler/sql/normal.h"
#include "compiler/sql/types.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

namespace godwit::sql {

namespace {

using Mode = RoutineText::Argument::Mode;

Mode mode_of(const std::string& mode) {
  if (mode == "FUNC_PARAM_OUT") return Mode::out;
  if (mode == "FUNC_PARAM_INOUT") return Mode::inout;
  if (mode == "FUNC_PARAM_VARIADIC") return Mode::variadic;
  if (mode == "FUNC_PARAM_TABLE") return Mode::table;
  return Mode::in;
}

// The type ends where its default begins, or with its element of the list.
RoutineText::Argument argument_of(const Definition& definition, const Json& parameter) {
  const TokenList& tokens = definition.tokens;
  RoutineText::Argument argument;
  argument.name = text_of(parameter, "name");
  argument.mode = mode_of(text_of(parameter, "mode"));
  const std::size_t first = tokens.at(location_of(field(parameter, "argType")));
  const std::size_t end = element_end(tokens, first);
  std::size_t type_end = end;
  if (parameter.contains("defexpr")) {
    type_end = std::min(definition.find("default", first), definition.find("=", first));
    argument.default_value = definition.part(type_end + 1, end);
  }
  argument.type = definition.part(first, type_end);
  return argument;
}

std::string setting(const Json& statement) {
  const std::string name = text_of(statement, "name");
  const std::string kind = text_of(statement, "kind");
  if (kind == "VAR_SET_CURRENT") return fmt::format("set {} from current", name);
  if (kind == "VAR_SET_DEFAULT") return fmt::format("set {} to default", name);
  if (kind == "VAR_RESET") return fmt::format("reset {}", name);
  if (kind == "VAR_RESET_ALL") return "reset all";
  std::string values;
  for (const Json& value : field(statement, "args"))
    values += (values.empty() ? "" : ", ") + literal(option_value(value));
  return fmt::format("set {} to {}", name, values);
}

std::string option_text(const std::string& name, const Json& argument) {
  if (name == "strict") return flag(body_of(argument), "boolval") ? "strict" : "";
  if (name == "leakproof") return flag(body_of(argument), "boolval") ? "leakproof" : "";
  if (name == "window") return "window";
  if (name == "set") return setting(body_of(argument));
  if (name == "parallel") {
    const std::string value = option_value(argument);
    return value == "unsafe" ? "" : "parallel " + value;
  }
  return name + " " + option_value(argument);
}

// The place of the body's first byte when every byte of the value stands in the text as it is.
std::size_t body_begin(std::string_view text, std::size_t literal_begin, const std::string& value) {
  if (literal_begin >= text.size()) return literal_begin;
  std::size_t begin = literal_begin;
  if (text[begin] == '$') {
    begin = text.find('$', begin + 1) + 1;
  } else if (text[begin] == '\'') {
    ++begin;
  } else {
    return literal_begin;
  }
  const bool exact = text.compare(begin, value.size(), value) == 0 && begin + value.size() < text.size() &&
                     (text[begin + value.size()] == '\'' || text[begin + value.size()] == '$');
  return exact ? begin : literal_begin;
}

std::string type_normal(const std::string& text) {
  if (auto plain = plain_type(text)) return *plain;
  auto scanned = tokens(text);
  if (!scanned.has_value()) return text;
  const TokenList list(text, std::move(*scanned));
  std::string normal;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool words = i > 0 && list.is_name(i) && list.is_name(i - 1);
    normal += (words ? " " : "") + (list.is_name(i) ? godwit::quoted(list.name(i)) : std::string(list.spelling(i)));
  }
  return normal;
}

constexpr std::string_view mode_names[] = {"in", "out", "inout", "variadic", "table"};

}  // namespace

Result<RoutineText, SyntaxError> parse_routine(std::string_view text, bool procedure) {
  auto parsed =
      parse_definition(procedure ? "create procedure f" : "create function f", text, "", "CreateFunctionStmt");
  if (!parsed.has_value()) return unexpected(std::move(parsed.error()));
  const Definition& definition = **parsed;
  const TokenList& tokens = definition.tokens;
  const Json& body = definition.body();
  RoutineText routine;
  for (const Json& node : field(body, "parameters")) {
    routine.arguments.push_back(argument_of(definition, body_of(node)));
    routine.returns_table = routine.returns_table || routine.arguments.back().mode == Mode::table;
  }

  const Json& result = field(body, "returnType");
  const std::size_t after_arguments = tokens.closing(definition.begin()) + 1;
  std::vector<std::size_t> starts;  // tokens where the clauses behind the result begin
  for (const Json& option : field(body, "options")) starts.push_back(tokens.at(location_of(body_of(option))));
  std::size_t sql_body = tokens.size();
  if (body.contains("sql_body")) {
    const std::size_t from =
        std::max(after_arguments, starts.empty() ? 0 : *std::max_element(starts.begin(), starts.end()));
    sql_body = definition.find("return", from);
    for (std::size_t i = definition.find("begin", from); i < tokens.size(); i = definition.find("begin", i + 1)) {
      if (!tokens.is(i + 1, "atomic")) continue;
      sql_body = std::min(sql_body, i);
      break;
    }
    starts.push_back(sql_body);
  }
  if (result.is_object()) {
    routine.returns_set = flag(result, "setof") || routine.returns_table;
    if (!routine.returns_table) {
      const std::size_t first = tokens.at(location_of(result));
      std::size_t last = definition.end();
      for (const std::size_t start : starts) {
        if (start > first) last = std::min(last, start);
      }
      while (last > first && tokens.spelling(last - 1) == ";") --last;
      routine.result = definition.part(first, last);
    }
  }

  std::set<std::string> given;
  for (const Json& node : field(body, "options")) {
    const Json& option = body_of(node);
    const std::string name = text_of(option, "defname");
    const Json& argument = field(option, "arg");
    if (name != "set" && !given.insert(name).second)
      return unexpected(SyntaxError{"conflicting or redundant options", location_of(option) - definition.prefix});
    if (name == "language") {
      routine.language = option_value(argument);
    } else if (name == "volatility") {
      routine.volatility = option_value(argument).front();
    } else if (name == "security") {
      routine.security_definer = flag(body_of(argument), "boolval");
    } else if (name == "as") {
      const Json& items = field(body_of(argument), "items");
      const std::string value = items.empty() ? std::string() : string_value(items[0]);
      const std::size_t token = tokens.at(location_of(option)) + 1;
      const std::size_t begin = token < tokens.size() ? tokens[token].begin : definition.prefix;
      routine.body = Part{value, body_begin(definition.statement, begin, value) - definition.prefix};
      if (items.size() > 1) routine.options.push_back("symbol " + literal(string_value(items[1])));
    } else if (std::string spelled = option_text(name, argument); !spelled.empty()) {
      routine.sets_search_path =
          routine.sets_search_path || (name == "set" && text_of(body_of(argument), "name") == "search_path");
      routine.options.push_back(std::move(spelled));
    }
  }
  std::sort(routine.options.begin(), routine.options.end());
  if (sql_body < tokens.size()) {
    std::size_t last = definition.end();
    while (last > sql_body && tokens.spelling(last - 1) == ";") --last;
    routine.body = definition.part(sql_body, last);
    routine.sql_body = true;
    if (routine.language.empty()) routine.language = "sql";
  }
  return routine;
}

std::string routine_normal(const RoutineText& routine) {
  std::string normal = "(";
  for (const RoutineText::Argument& argument : routine.arguments) {
    if (normal.size() > 1) normal += ", ";
    normal += fmt::format("{} {} {}", mode_names[static_cast<std::size_t>(argument.mode)],
                          godwit::quoted(argument.name), type_normal(argument.type.text));
    if (argument.default_value) normal += " default " + normal_form(Form::expression, argument.default_value->text);
  }
  normal += ")";
  if (routine.result) {
    normal += fmt::format(" returns {}{}", routine.returns_set ? "setof " : "", type_normal(routine.result->text));
  }
  normal += fmt::format(" language {} {}{}", routine.language, routine.volatility,
                        routine.security_definer ? " security definer" : "");
  for (const std::string& option : routine.options) normal += " " + option;
  if (routine.body) normal += (routine.sql_body ? " body " : " as ") + routine.body->text;
  return normal;
}

void walk_routine(const Json& statement, std::string_view text, const TokenList& tokens, Analyzer& analyzer,
                  const World& world, const std::vector<Visible>& visible) {
  const Json& body = body_of(statement);
  Scope& scope = analyzer.root();
  analyzer.parameters = true;
  const std::vector<Source> around = std::exchange(scope.sources, {});
  for (const Json& node : field(body, "parameters")) {
    const Json& parameter = body_of(node);
    const std::string type = analyzer.type_name(field(parameter, "argType")).text;
    analyzer.expression(field(parameter, "defexpr"), scope);
    if (parameter.contains("defexpr")) analyzer.check_literal(field(parameter, "defexpr"), type);
    if (const std::string name = text_of(parameter, "name"); !name.empty()) analyzer.variables.insert(name);
  }
  std::string result;
  const bool is_procedure = flag(body, "is_procedure");
  if (body.contains("returnType") && location_of(field(body, "returnType")) != std::string::npos) {
    result = analyzer.type_name(field(body, "returnType")).text;
  }
  for (const Json& node : field(body, "parameters")) {  // what comes out of arguments is a row
    const std::string mode = text_of(body_of(node), "mode");
    if (mode == "FUNC_PARAM_OUT" || mode == "FUNC_PARAM_INOUT" || mode == "FUNC_PARAM_TABLE") result.clear();
  }
  scope.sources = around;
  const auto walk_body = [&](const Json& node, const auto& self) -> void {
    if (is(node, "List")) {
      for (const Json& item : field(body_of(node), "items")) self(item, self);
    } else {
      analyzer.statement(node, scope);
    }
  };
  if (body.contains("sql_body")) walk_body(field(body, "sql_body"), walk_body);

  std::string language;
  bool other_path = false;  // the server reads the body with the function's own settings
  for (const Json& node : field(body, "options")) {
    const std::string name = text_of(body_of(node), "defname");
    const Json& value = field(body_of(node), "arg");
    if (name == "language") language = option_value(value);
    other_path = other_path || (name == "set" && text_of(body_of(value), "name") == "search_path");
  }
  for (const Json& node : field(body, "options")) {
    const Json& option = body_of(node);
    if (text_of(option, "defname") != "as") continue;
    const std::string value = string_value(field(body_of(field(option, "arg")), "items")[0]);
    const std::size_t token = tokens.at(location_of(option)) + 1;
    if (token >= tokens.size()) continue;
    const std::size_t begin = body_begin(text, tokens[token].begin, value);
    if (begin == tokens[token].begin) continue;  // escapes: places in the value are not places in the text
    if (folded(language) == "sql" && !is_procedure && !other_path) {
      const std::vector<Argument> arguments = arguments_of(field(body, "parameters"), world);
      for (Problem problem : problems_in_sql_body(value, result, world, arguments)) {
        problem.begin += begin;
        problem.end += begin;
        analyzer.problems.push_back(std::move(problem));
      }
    }
    const BodyNames names =
        names_in_body(language, value, world, visible, arguments_of(field(body, "parameters"), world));
    for (Reference reference : names.references) {
      reference.begin += static_cast<std::uint32_t>(begin);
      reference.end += static_cast<std::uint32_t>(begin);
      reference.qualifier += static_cast<std::uint32_t>(begin);
      analyzer.references.push_back(std::move(reference));
    }
  }
}

}  // namespace godwit::sql
