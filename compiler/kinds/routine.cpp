// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/routine.h"

#include "base/identifier.h"

#include <algorithm>

namespace godwit::kinds {

namespace {

using Mode = sql::RoutineText::Argument::Mode;

std::string_view word(Mode mode) {
  switch (mode) {
    case Mode::in: return "in";
    case Mode::out: return "out";
    case Mode::inout: return "inout";
    case Mode::variadic: return "variadic";
    case Mode::table: return "table";
  }
  return {};
}

bool goes_in(Mode mode) { return mode == Mode::in || mode == Mode::inout || mode == Mode::variadic; }

bool comes_out(Mode mode) { return mode == Mode::out || mode == Mode::inout || mode == Mode::table; }

bool in_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         c == '"' || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    all.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return all;
}

/// A line of `argument_lines`, taken apart.
struct ArgumentLine {
  std::string mode, name, type;
  bool has_default = false;
};

ArgumentLine argument_line(const std::string& line) {
  ArgumentLine argument;
  const std::size_t after_mode = line.find('\t'), after_default = line.find('\t', after_mode + 1);
  const std::size_t after_name = line.find('\t', after_default + 1);
  argument.mode = line.substr(0, after_mode);
  argument.has_default = line.substr(after_mode + 1, after_default - after_mode - 1) == "default";
  argument.name = line.substr(after_default + 1, after_name - after_default - 1);
  argument.type = line.substr(after_name + 1);
  return argument;
}

}  // namespace

std::string without_modifier(const std::string& type) {
  const std::size_t open = type.find('('), close = type.find(')');
  if (open == std::string::npos || close == std::string::npos || type.find('"') < open) return type;
  return type.substr(0, open) + type.substr(close + 1);
}

std::string signature(const sql::RoutineText& text, const RoutineTypes& types) {
  std::string list;
  for (std::size_t i = 0; i < text.arguments.size(); ++i) {
    if (goes_in(text.arguments[i].mode)) list += (list.empty() ? "" : ", ") + without_modifier(types.arguments[i].text);
  }
  return list;
}

std::string result_of(const sql::RoutineText& text, const RoutineTypes& types) {
  std::string outputs, only_type;
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.arguments.size(); ++i) {
    if (!comes_out(text.arguments[i].mode)) continue;
    outputs += (count == 0 ? "" : ", ") + quoted(text.arguments[i].name) + ' ' + types.arguments[i].text;
    only_type = types.arguments[i].text;
    ++count;
  }
  if (text.returns_table) return "table(" + outputs + ")";
  const std::string set = text.returns_set ? "setof " : "";
  if (count > 1) return set + "record";
  if (count == 1) return set + only_type;
  return text.result ? set + types.result.text : "void";
}

std::string argument_lines(const sql::RoutineText& text, const RoutineTypes& types) {
  std::string all;
  for (std::size_t i = 0; i < text.arguments.size(); ++i) {
    const auto& argument = text.arguments[i];
    all += std::string(word(argument.mode)) + '\t' + (argument.default_value ? "default" : "") + '\t' + argument.name +
           '\t' + (comes_out(argument.mode) ? types.arguments[i].text : "") + '\n';
  }
  return all;
}

bool can_replace(const Function& from, const Function& to) {
  if (from.procedure != to.procedure || from.result != to.result) return false;
  const std::vector<std::string> old_lines = lines(from.argument_names), new_lines = lines(to.argument_names);
  if (old_lines.size() != new_lines.size()) return false;
  for (std::size_t i = 0; i < old_lines.size(); ++i) {
    const ArgumentLine a = argument_line(old_lines[i]), b = argument_line(new_lines[i]);
    const bool same_name = a.name == b.name || (a.name.empty() && a.mode == "in");
    if (a.mode != b.mode || !same_name || a.type != b.type || (a.has_default && !b.has_default)) return false;
  }
  return true;
}

std::optional<BodyPlace> place_of_body(const std::string& text, const sql::RoutineText& parsed) {
  if (!parsed.body || text.compare(parsed.body->begin, parsed.body->text.size(), parsed.body->text) != 0)
    return std::nullopt;
  return BodyPlace{parsed.body->begin, parsed.body->begin + parsed.body->text.size()};
}

OptionFunction option_function(const sql::OptionText& option, const std::string& types, const ast::Definition& item,
                               std::vector<ObjectKey>& references, Declaring& d) {
  const std::vector<std::string>& path = option.path;
  const std::string written =
      path.size() > 1 ? quoted(path[path.size() - 2], path.back()) : quoted(path.empty() ? "" : path.back());
  if (path.empty()) return {option.value.text, {}};
  const sql::NamedFunction named = sql::function_named(path, types, d.world);
  if (named.key) {
    references.push_back(*named.key);
    return {quoted(named.key->schema, named.key->name), named.result};
  }
  if (!named.known) {
    d.diagnostics.add(codes::unknown_function,
                      Declaring::span_in(item.text, option.value.begin, option.value.begin + option.value.text.size()),
                      "function `{}({})` is not declared", written, types);
  }
  return {written, {}};
}

std::string with_name(const std::string& text, const std::string& from, const std::string& to) {
  std::string out;
  std::size_t taken = 0;
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + from.size())) {
    const bool begins = at == 0 || (!in_identifier(text[at - 1]) && text[at - 1] != '.');
    const std::size_t after = at + from.size();
    const bool ends = after == text.size() || (!in_identifier(text[after]) && text[after] != '.');
    if (!begins || !ends) continue;
    out.append(text, taken, at - taken).append(to);
    taken = after;
  }
  return out.append(text, taken);
}

}  // namespace godwit::kinds
