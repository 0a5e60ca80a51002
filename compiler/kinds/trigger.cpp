// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/trigger.h"

#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/enabled.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"
#include "compiler/sql/statements.h"

#include <algorithm>

namespace godwit::kinds {

namespace {

const Reference* function_of(const Fragment& rest) {
  // The function stands last: a `when` may call others before it.
  const auto found = std::find_if(rest.references.rbegin(), rest.references.rend(),
                                  [](const Reference& reference) { return reference.target.kind == Kind::function; });
  return found == rest.references.rend() ? nullptr : &*found;
}

/// The function must return `trigger`; one that is not declared was reported by the analysis.
void check_function(const ast::Trigger& item, const sql::TriggerText& text, const Fragment& rest, Declaring& d) {
  const Reference* reference = function_of(rest);
  const Function* function = reference == nullptr ? nullptr : d.catalog.get<Function>(reference->target);
  if (function == nullptr || function->result == "trigger") return;
  d.diagnostics
      .add(codes::type_mismatch,
           Declaring::span_in(item.rest, text.function.begin, text.function.begin + text.function.text.size()),
           "`{}` returns `{}`, and a trigger's function returns `trigger`", quoted(function->schema, function->name),
           function->result)
      .note(function->origin.span, "declared here");
}

Statement set_enabled(const Trigger& x) {
  const std::string table = quoted(x.schema, x.table);
  const std::string action = enabled_sql(x.enabled, "trigger", quoted(x.name));
  return {action + " on " + table,
          "alter table " + table + ' ' + action,
          {{table_of(key(x)), Lock::share_row_exclusive}},
          Work::instant};
}

}  // namespace

std::optional<ObjectKey> parent(const Trigger& x) { return table_of(key(x)); }

void needs(const Trigger& x, std::vector<Need>& out) {
  for (const Fragment* fragment : {&x.events, &x.rest}) {
    for (const Reference& reference : fragment->references) {
      if (reference.target != table_of(key(x))) need(reference.target, out);
    }
  }
}

void rename(Trigger& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.table = to.name;
  x.name = to.part;
  x.events = sql::renamed(x.events, renames);
  x.rest = sql::renamed(x.rest, renames);
}

Statements create(const Trigger& x, const Parts&) {
  const std::string table = quoted(x.schema, x.table);
  Statements out{{"create trigger " + quoted(x.name) + " on " + table,
                  std::string(x.constraint ? "create constraint trigger " : "create trigger ") + quoted(x.name) + ' ' +
                      x.events.text + " on " + table + "\n    " + x.rest.text,
                  {{table_of(key(x)), Lock::share_row_exclusive}},
                  Work::instant}};
  if (!x.enabled.empty()) out.push_back(set_enabled(x));
  return out;
}

Statements drop(const Trigger& x) {
  const std::string sql = "drop trigger " + quoted(x.name) + " on " + quoted(x.schema, x.table);
  return {{sql, sql, {{table_of(key(x)), Lock::access_exclusive}}, Work::instant}};
}

// `create or replace trigger` came with PostgreSQL 14, and never for constraint triggers.
Alteration alter(const Trigger& from, const Trigger& to) {
  Trigger switched = from;
  switched.enabled = to.enabled;
  if (switched == to) return {false, false, {set_enabled(to)}};
  return {true, false, {}};
}

std::optional<std::string> part(const Trigger&) { return std::nullopt; }

std::string verify(const Trigger& x) {
  std::string sql = "exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass(" +
                    literal(quoted(x.schema, x.table)) + ") and t.tgname = " + literal(x.name) +
                    " and not t.tgisinternal and t.tgenabled " +
                    (x.enabled.empty() ? "<> 'D'" : std::string("= '") + enabled_letter(x.enabled) + '\'');
  if (const Reference* function = function_of(x.rest)) {
    sql += " and t.tgfoid = " + address_of(function->target).oid;
  }
  return sql + ")";
}

void declare_trigger(const ast::Trigger& written, const ObjectKey& table, Declaring& d) {
  ast::Trigger item = written;
  if (const auto place = sql::missing_function_word(item.rest.text)) {
    constexpr std::string_view word = "function ";
    item.rest.text.insert(*place, word);
    item.rest.added_at = *place;
    item.rest.added = word.size();
  }
  const std::string enabled = take_enabled(item.rest);
  const auto text = sql::parse_trigger(item.events.text, item.rest.text, item.constraint);
  if (!text) {
    // The offset counts through both texts, the table's name between them left out.
    const std::size_t offset = text.error().offset;
    const bool in_events = offset < item.events.text.size();
    d.syntax_error(in_events ? item.events : item.rest, in_events ? offset : offset - item.events.text.size(),
                   text.error().message);
    return;
  }
  const sql::Relation relation = d.relation(table);
  Trigger trigger;
  trigger.schema = table.schema;
  trigger.table = table.name;
  trigger.name = item.name.text;
  trigger.constraint = item.constraint;
  trigger.enabled = enabled;
  trigger.events = d.analyze(Form::trigger_events, item.events, {{table.name, relation}}).fragment;
  sql::Analysis rest = d.analyze(Form::trigger_rest, item.rest, {{"old", relation}, {"new", relation}});
  if (rest.subquery) {
    d.diagnostics.add(codes::forbidden_expression, item.rest.span, "a trigger's `when` cannot hold a subquery")
        .hint("ask the question in the function");
  }
  trigger.rest = std::move(rest.fragment);
  trigger.fires_on_insert = text->on_insert;
  trigger.fires_on_update = text->on_update;
  trigger.fires_on_delete = text->on_delete;
  trigger.origin.span = item.span;
  check_function(item, *text, trigger.rest, d);
  check_trigger(item, *text, table, d);
  d.declare(std::move(trigger), item.name.span);
}

}  // namespace godwit::kinds
