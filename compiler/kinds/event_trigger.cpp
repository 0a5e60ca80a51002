// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/event_trigger.h"

#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/statements.h"

#include <algorithm>
#include <array>

namespace godwit::kinds {

namespace {

bool is_event(const std::string& event) {
  constexpr std::array events{"ddl_command_start", "ddl_command_end", "table_rewrite", "sql_drop", "login"};
  return std::find(events.begin(), events.end(), event) != events.end();
}

/// Reports what PostgreSQL would refuse of the event and its filters; the tags.
std::vector<std::string> tags_of(const ast::Definition& item, const sql::EventTriggerText& text, Declaring& d) {
  if (!is_event(text.event)) {
    d.diagnostics.add(codes::bad_option, item.name->span, "there is no event `{}`", text.event)
        .hint("there are `ddl_command_start`, `ddl_command_end`, `table_rewrite`, `sql_drop` and `login`");
  }
  if (text.event == "login") d.needs_postgres(17, item.name->span, "an event trigger on `login`", "");
  std::vector<std::string> tags;
  for (const auto& [variable, values] : text.filters) {
    if (variable != "tag" || text.event == "login" || !tags.empty()) {
      d.diagnostics.add(codes::bad_option, item.name->span, "an event trigger {}",
                        text.event == "login" ? "on `login` takes no filter"
                        : variable != "tag"   ? "is filtered by `tag` alone"
                                              : "takes one list of tags");
      continue;
    }
    for (std::string tag : values) {
      std::transform(tag.begin(), tag.end(), tag.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      tags.push_back(std::move(tag));
    }
  }
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

void find_function(const ast::Definition& item, const sql::EventTriggerText& text, EventTrigger& trigger,
                   Declaring& d) {
  const std::vector<std::string>& path = text.function_path;
  const sql::NamedFunction named = sql::function_named(path, "", d.world);
  const Span span = Declaring::span_in(item.text, text.function.begin, text.function.begin + text.function.text.size());
  trigger.function = path.size() > 1 ? quoted(path[path.size() - 2], path.back()) : quoted(path.back());
  if (!named.known || (named.key && !named.key->part.empty())) {
    d.diagnostics.add(codes::unknown_function, span, "function `{}()` is not declared", trigger.function);
    return;
  }
  if (!named.key) return;
  trigger.function = quoted(named.key->schema, named.key->name);
  trigger.function_object = *named.key;
  if (named.result != "event_trigger") {
    d.diagnostics.add(codes::type_mismatch, span, "`{}()` returns `{}`, not `event_trigger`", trigger.function,
                      named.result);
  }
}

}  // namespace

std::optional<ObjectKey> parent(const EventTrigger&) { return std::nullopt; }

void needs(const EventTrigger& x, std::vector<Need>& out) {
  if (x.function_object) need(*x.function_object, out);
}

void rename(EventTrigger& x, const Renames& renames, RenamedBy) {
  x.name = renamed_key(key(x), renames).name;
  if (!x.function_object) return;
  x.function_object = renamed_key(*x.function_object, renames);
  x.function = quoted(x.function_object->schema, x.function_object->name);
}

Statements create(const EventTrigger& x, const Parts&) {
  const std::string name = "create event trigger " + quoted(x.name);
  std::string sql = name + " on " + x.event;
  if (!x.tags.empty()) sql += "\n    when tag in (" + literal_list(x.tags) + ")";
  return {{name, sql + "\n    execute function " + x.function + "()", {}, Work::instant}};
}

Statements drop(const EventTrigger& x) {
  const std::string sql = "drop event trigger " + quoted(x.name);
  return {{sql, sql, {}, Work::instant}};
}

// PostgreSQL changes nothing of it in place but whether it fires.
Alteration alter(const EventTrigger&, const EventTrigger&) { return {true, false, {}}; }

std::optional<std::string> part(const EventTrigger&) { return std::nullopt; }

std::string verify(const EventTrigger& x) {
  return "exists (select from pg_catalog.pg_event_trigger e where e.evtname = " + literal(x.name) +
         " and e.evtevent = " + literal(x.event) +
         " and array(select t from unnest(e.evttags) t order by t collate \"C\") = " + text_array(x.tags) +
         " and e.evtfoid = to_regprocedure(" + literal(x.function + "()") + "))";
}

void declare_event_trigger(const ast::Definition& item, Declaring& d, Pass pass) {
  if (!item.name || pass != Pass::satellites) return;
  const auto text = sql::parse_event_trigger(item.text.text);
  if (!text) {
    d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  if (item.name->schema) {
    d.diagnostics.add(codes::bad_option, item.name->span, "an event trigger belongs to the database, to no schema");
    return;
  }
  EventTrigger trigger;
  trigger.name = item.name->name.text;
  trigger.event = text->event;
  trigger.tags = tags_of(item, *text, d);
  trigger.origin.span = item.name->span;
  find_function(item, *text, trigger, d);
  d.declare(std::move(trigger), item.name->span);
}

}  // namespace godwit::kinds
