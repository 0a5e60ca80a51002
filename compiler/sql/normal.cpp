// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/normal.h"

#include "compiler/sql/pg_query.h"
#include "compiler/sql/routine.h"

namespace godwit::sql {

Wrapping wrapping_of(Form form) {
  switch (form) {
    case Form::expression: return {"select ", ""};
    case Form::query: return {"", ""};
    case Form::index_element: return {"create index on t (", "\n)"};
    case Form::exclude: return {"alter table t add exclude ", ""};
    case Form::trigger_events: return {"create trigger t ", "\n on t execute function f()"};
    case Form::trigger_rest: return {"create trigger t after insert on t ", ""};
    case Form::statistics: return {"create statistics s ", "\n from t"};
    case Form::partition_key: return {"create table t () partition by ", ""};
    case Form::partition_bound: return {"create table p partition of t ", ""};
    case Form::rule: return {"create rule r as ", ""};
    case Form::routine: return {"create function f", ""};
    case Form::procedure: return {"create procedure f", ""};
  }
  return {};
}

std::string wrapped(Form form, std::string_view text) {
  const Wrapping around = wrapping_of(form);
  std::string whole(around.before);
  whole += text;
  whole += around.after;
  return whole;
}

namespace {

// Tokens with one space between them: for what the parser's printer does not know.
std::string collapsed(std::string_view text) {
  const std::string owned(text);
  const auto found = tokens(owned);
  if (!found.has_value()) return owned;
  std::string words;
  for (const Token& token : *found) {
    if (token.kind == Token::Kind::comment) continue;
    if (!words.empty()) words += ' ';
    words.append(owned, token.begin, token.end - token.begin);
  }
  return words;
}

}  // namespace

std::string normal_form(Form form, std::string_view text) {
  if (form == Form::routine || form == Form::procedure) {
    const auto routine = parse_routine(text, form == Form::procedure);
    return routine.has_value() ? routine_normal(*routine) : collapsed(text);
  }
  auto printed = deparsed(wrapped(form, text));
  if (!printed.has_value() && form == Form::trigger_rest) {
    printed = deparsed("create constraint trigger t after insert on t " + std::string(text));
  }
  if (!printed.has_value()) return collapsed(text);
  if (form == Form::expression && printed->starts_with("SELECT ")) return printed->substr(7);
  return *printed;
}

}  // namespace godwit::sql
