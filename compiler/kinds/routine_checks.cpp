// SPDX-License-Identifier: Apache-2.0
// Functions and triggers (manual 15, CREATE FUNCTION and CREATE TRIGGER).
#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/sql/pg_query.h"
#include "compiler/sql/type_rules.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace godwit::kinds {

namespace {

using Mode = sql::RoutineText::Argument::Mode;

bool is_input(Mode mode) { return mode != Mode::out && mode != Mode::table; }

Span place_of(const ast::Definition& item, const sql::Part& part) {
  return Declaring::span_in(item.text, part.begin, part.begin + part.text.size());
}

void check_names(const ast::Definition& item, const sql::RoutineText& text, Declaring& d) {
  for (std::size_t i = 0; i < text.arguments.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto& one = text.arguments[i];
      const auto& other = text.arguments[j];
      const bool apart = (is_input(one.mode) && one.mode != Mode::inout && !is_input(other.mode)) ||
                         (is_input(other.mode) && other.mode != Mode::inout && !is_input(one.mode));
      if (one.name.empty() || one.name != other.name || apart) continue;
      d.diagnostics.add(codes::duplicate_name, place_of(item, one.type), "two arguments are called `{}`", one.name);
      return;
    }
  }
}

void check_order(const ast::Definition& item, const sql::RoutineText& text, Declaring& d) {
  bool defaults = false, variadic = false;
  for (const auto& argument : text.arguments) {
    if (!is_input(argument.mode)) continue;
    if (variadic) {
      d.diagnostics.add(codes::bad_option, place_of(item, argument.type), "nothing stands behind a variadic argument")
          .hint("let it be the last one");
      return;
    }
    if (defaults && !argument.default_value) {
      d.diagnostics
          .add(codes::bad_option, place_of(item, argument.type),
               "an argument without a default stands behind one with a default")
          .hint("give this one a default too, or change their order");
      return;
    }
    defaults = defaults || argument.default_value.has_value();
    variadic = argument.mode == Mode::variadic;
    const std::string type = sql::analyze_type(argument.type.text, d.world).type.text;
    const auto known = sql::known_type(type, d.world);
    if (variadic && known && !known->array) {
      d.diagnostics
          .add(codes::bad_option, place_of(item, argument.type), "a variadic argument is an array, and `{}` is none",
               type)
          .hint("write `{}[]`", type);
    }
  }
}

void check_language(const ast::Definition& item, const sql::RoutineText& text, Declaring& d) {
  constexpr std::array<std::string_view, 4> languages{"internal", "c", "sql", "plpgsql"};
  if (text.language.empty()) {
    d.diagnostics.add(codes::bad_option, item.name->span, "the language of `{}` is not said", item.name->name.text)
        .hint("write `language sql` or `language plpgsql`");
    return;
  }
  const std::string language = folded(text.language);
  if (d.world.has_extensions() || std::find(languages.begin(), languages.end(), language) != languages.end()) return;
  auto report = d.diagnostics.add(codes::bad_option, place_of_word(item.text, text.language),
                                  "there is no language `{}`", text.language);
  if (const auto near = closest(language, {"sql", "plpgsql"})) {
    report.hint("`{}` is one", *near);
  } else {
    report.hint("an extension that brings it is declared with `extension …;`");
  }
}

std::optional<double> number_of(std::string_view option, std::string_view name) {
  if (!option.starts_with(name) || option.size() <= name.size() + 1 || option[name.size()] != ' ') return std::nullopt;
  option.remove_prefix(name.size() + 1);
  double value = 0;
  const auto [end, error] = std::from_chars(option.data(), option.data() + option.size(), value);
  if (error != std::errc() || end != option.data() + option.size()) return std::nullopt;
  return value;
}

void check_options(const ast::Definition& item, const sql::RoutineText& text, Declaring& d) {
  for (const std::string& option : text.options) {
    if (const auto cost = number_of(option, "cost"); cost && *cost <= 0)
      d.diagnostics.add(codes::bad_option, place_of_word(item.text, "cost"), "`cost` must be above 0");
    if (const auto rows = number_of(option, "rows")) {
      const Span place = place_of_word(item.text, "rows");
      if (*rows <= 0) {
        d.diagnostics.add(codes::bad_option, place, "`rows` must be above 0");
      } else if (!text.returns_set) {
        d.diagnostics.add(codes::bad_option, place, "`rows` is for functions that return a set");
      }
    }
    if (!option.starts_with("set ") || d.world.has_extensions()) continue;
    const std::string name = option.substr(4, option.find(' ', 4) - 4);
    if (name.find('.') != std::string::npos || sql::is_setting(name)) continue;
    d.diagnostics.add(codes::bad_option, place_of_word(item.text, name), "PostgreSQL has no setting `{}`", name)
        .hint("settings of one's own have a dot in their name");
  }
}

void check_result(const ast::Definition& item, const sql::RoutineText& text, const Function& function, Declaring& d) {
  if (function.procedure) return;
  const bool comes_out = std::any_of(text.arguments.begin(), text.arguments.end(), [](const auto& argument) {
    return argument.mode == Mode::out || argument.mode == Mode::inout || argument.mode == Mode::table;
  });
  if (!text.result) {
    if (!comes_out) {
      d.diagnostics.add(codes::bad_option, item.name->span, "what `{}` returns is not said", item.name->name.text)
          .hint("write `returns void` when it returns nothing");
    }
    return;
  }
  const std::string type = sql::analyze_type(text.result->text, d.world).type.text;
  const Span place = place_of(item, *text.result);
  if (type == "trigger" || type == "event_trigger") {
    if (folded(text.language) == "sql")
      d.diagnostics.add(codes::bad_option, place, "a function in `sql` cannot return `{}`", type)
          .hint("write it in `plpgsql`");
    if (!text.arguments.empty())
      d.diagnostics
          .add(codes::bad_option, place_of(item, text.arguments.front().type), "a trigger function has no arguments")
          .hint("it finds what the trigger gives it in `tg_argv`");
    return;
  }
  if (!type.starts_with("any") || type.find('.') != std::string::npos) return;
  const bool told = std::any_of(text.arguments.begin(), text.arguments.end(), [&](const auto& argument) {
    return is_input(argument.mode) && sql::analyze_type(argument.type.text, d.world).type.text.starts_with("any");
  });
  if (!told && sql::is_builtin_name(type))
    d.diagnostics.add(codes::type_mismatch, place, "nothing tells which type `{}` is", type)
        .hint("an argument of such a type does");
}

/// Whether `row` is read: `old.id`, `new.*`, `(new).id`.
std::optional<std::pair<std::size_t, std::size_t>> row_in(const sql::Part& when, std::string_view row) {
  const auto tokens = sql::tokens(when.text);
  if (!tokens) return std::nullopt;
  for (const sql::Token& token : *tokens) {
    if (token.kind != sql::Token::Kind::identifier && token.kind != sql::Token::Kind::keyword) continue;
    if (folded(std::string_view(when.text).substr(token.begin, token.end - token.begin)) == row)
      return std::pair{when.begin + token.begin, when.begin + token.end};
  }
  return std::nullopt;
}

}  // namespace

void check_routine(const ast::Definition& item, const sql::RoutineText& text, const Function& function, Declaring& d) {
  check_names(item, text, d);
  check_order(item, text, d);
  check_language(item, text, d);
  check_options(item, text, d);
  check_result(item, text, function, d);
  if (!text.body) {
    d.diagnostics.add(codes::bad_option, item.name->span, "`{}` has no body", item.name->name.text)
        .hint("write `as $$ … $$`");
  }
}

void check_trigger(const ast::Trigger& item, const sql::TriggerText& text, const ObjectKey& relation, Declaring& d) {
  const auto refuse = [&](Span span, std::string_view why) { d.diagnostics.add(codes::bad_option, span, "{}", why); };
  const Span rest = item.rest.span;
  if (text.timing == "instead of" && relation.kind == Kind::table) {
    d.diagnostics
        .add(codes::bad_option, item.events.span, "`instead of` is for views, and `{}` is a table", relation.name.str())
        .hint("`before` can change or drop a row");
  }
  if (text.on_truncate && text.for_each_row)
    refuse(rest, "a truncate has no rows: `for each statement` is the only way");
  if (!text.transition_tables.empty() && text.timing != "after")
    refuse(place_of_word(item.rest, "referencing"), "only an `after` trigger has transition tables");
  if (!text.when) return;
  const auto old_row = row_in(*text.when, "old"), new_row = row_in(*text.when, "new");
  const auto place = [&](const auto& row) { return Declaring::span_in(item.rest, row->first, row->second); };
  if (!text.for_each_row && (old_row || new_row)) {
    refuse(place(old_row ? old_row : new_row), "a trigger for each statement sees no row");
  } else if (old_row && text.on_insert) {
    refuse(place(old_row), "an insert has no old row");
  } else if (new_row && text.on_delete) {
    refuse(place(new_row), "a delete has no new row");
  }
}

}  // namespace godwit::kinds
