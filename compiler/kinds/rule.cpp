// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/rule.h"

#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/enabled.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"
#include "compiler/sql/statements.h"
#include "compiler/sql/tree.h"

#include <set>

namespace godwit::kinds {

namespace {

Statement made(const Rule& x, const std::string& words, const std::string& title) {
  std::set<ObjectKey> others;
  for (const Reference& reference : x.definition.references) {
    if (is_relation(reference.target.kind) && reference.target != x.relation) others.insert(reference.target);
  }
  std::vector<LockOn> locks{{x.relation, Lock::access_exclusive}};
  for (const ObjectKey& other : others) locks.push_back({other, Lock::row_exclusive});
  return {title, words + quoted(x.name) + " as\n    " + x.definition.text, std::move(locks), Work::instant};
}

Statement set_enabled(const Rule& x) {
  const std::string table = quoted(x.relation.schema, x.relation.name);
  const std::string action = enabled_sql(x.enabled, "rule", quoted(x.name));
  return {action + " on " + table,
          "alter table " + table + ' ' + action,
          {{x.relation, Lock::access_exclusive}},
          Work::instant};
}

/// `as` may stand in front of `on`; godwit's own form goes without it.
std::size_t past_as(const std::string& text) {
  auto scanned = sql::tokens(text);
  if (!scanned.has_value()) return 0;
  const sql::TokenList tokens(text, std::move(*scanned));
  return tokens.is(0, "as") && tokens.size() > 1 ? tokens[1].begin : 0;
}

std::vector<sql::Visible> rows_of(const sql::RuleText& text, const sql::Relation& relation) {
  std::vector<sql::Visible> rows;
  if (text.event != "insert") rows.push_back({"old", relation});
  if (text.event != "delete") rows.push_back({"new", relation});
  return rows;
}

/// `new.*` in a list of values, or a `*` over columns that are not known: what it stands for would change in time.
bool has_star(const std::string& text) {
  auto scanned = sql::tokens(text);
  if (!scanned.has_value()) return false;
  const sql::TokenList tokens(text, std::move(*scanned));
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const bool begins = tokens.spelling(i - 1) == "." || tokens.spelling(i - 1) == "," || tokens.is(i - 1, "select") ||
                        tokens.is(i - 1, "returning");
    if (tokens.spelling(i) == "*" && begins) return true;
  }
  return false;
}

void declare_on(const ObjectKey& relation, const sql::RuleText& text, const ast::Sql& written,
                const std::string& enabled, const ast::Definition& item, Declaring& d) {
  if (!enabled.empty() && relation.kind == Kind::view) {
    d.diagnostics.add(codes::bad_option, item.name->span, "PostgreSQL switches the rules of tables, and not of views");
    return;
  }
  const std::vector<sql::Visible> rows = rows_of(text, d.relation(relation));
  Rule rule;
  rule.relation = relation;
  rule.name = item.name->name.text;
  rule.event = text.event;
  rule.instead = text.instead;
  rule.enabled = enabled;
  rule.origin.span = item.name->span;
  sql::Analysis analysis = d.analyze(Form::rule, written, rows);
  if (analysis.problems.empty() && !analysis.stars.empty())
    analysis = sql::analyze(Form::rule, sql::without_stars(written.text, analysis.stars), d.world, rows);
  if (analysis.problems.empty() && has_star(analysis.fragment.text)) {
    d.diagnostics.add(codes::bad_option, written.span, "a rule writes out the columns that `*` stands for")
        .hint("PostgreSQL fixes them when it makes the rule");
  }
  rule.definition = std::move(analysis.fragment);
  d.declare(std::move(rule), item.name->span);
}

}  // namespace

std::optional<ObjectKey> parent(const Rule& x) { return x.relation; }

void needs(const Rule& x, std::vector<Need>& out) {
  for (const Reference& reference : x.definition.references) {
    if (reference.target != x.relation) need(reference.target, out);
  }
}

void rename(Rule& x, const Renames& renames, RenamedBy) {
  x.name = renamed_key(key(x), renames).part;
  x.relation = renamed_key(x.relation, renames);
  x.definition = sql::renamed(x.definition, renames);
}

Statements create(const Rule& x, const Parts&) {
  Statements out{made(x, "create rule ", "create " + describe(key(x)))};
  if (!x.enabled.empty()) out.push_back(set_enabled(x));
  return out;
}

Statements drop(const Rule& x) {
  const std::string sql = "drop " + target_sql(key(x));
  return {{sql, sql, {{x.relation, Lock::access_exclusive}}, Work::instant}};
}

// Replacing a rule leaves it switched as it was.
Alteration alter(const Rule& from, const Rule& to) {
  Alteration result;
  Rule switched = from;
  switched.enabled = to.enabled;
  if (!(switched == to))
    result.statements.push_back(made(to, "create or replace rule ", "replace " + describe(key(to))));
  if (from.enabled != to.enabled) result.statements.push_back(set_enabled(to));
  return result;
}

std::optional<std::string> part(const Rule&) { return std::nullopt; }

std::string verify(const Rule& x) {
  const char* event = x.event == "update" ? "2" : x.event == "insert" ? "3" : "4";
  return "exists (select from pg_catalog.pg_rewrite r where r.oid = " + address_of(key(x)).oid +
         " and r.ev_type = " + literal(event) + (x.instead ? " and r.is_instead" : " and not r.is_instead") +
         " and r.ev_enabled " + (x.enabled.empty() ? "<> 'D'" : std::string("= '") + enabled_letter(x.enabled) + '\'') +
         ")";
}

void declare_rule(const ast::Definition& item, Declaring& d, Pass pass) {
  if (!item.name || pass != Pass::satellites) return;
  const std::size_t begin = past_as(item.text.text);
  ast::Sql written{item.text.text.substr(begin), Declaring::span_in(item.text, begin, item.text.text.size())};
  const std::string enabled = take_enabled(written);
  const auto text = sql::parse_rule(written.text);
  if (!text) {
    d.syntax_error(written, text.error().offset, text.error().message);
    return;
  }
  if (item.name->schema) {
    d.diagnostics.add(codes::bad_option, item.name->span,
                      "a rule belongs to its relation, and has no schema of its own");
    return;
  }
  if (text->event == "select") {
    d.diagnostics.add(codes::bad_option, item.name->span, "a rule on `select` is a view").hint("declare it as `view`");
    return;
  }
  if (text->conditional && text->notifies) {
    d.diagnostics.add(codes::bad_option, item.name->span, "a rule with a condition cannot hold a `notify`")
        .hint("give the `notify` a rule of its own, or use a trigger");
  }
  const std::size_t at = text->relation_name.begin;
  const Span place = Declaring::span_in(written, at, at + text->relation_name.text.size());
  ast::QualifiedName name;
  name.name = {text->relation.back(), place};
  if (text->relation.size() > 1) name.schema = ast::Name{text->relation.front(), place};
  name.span = place;
  const auto relation = d.existing_relation(name, {Kind::table, Kind::view});
  if (!relation) return;
  if (const ObjectKey root = d.world.root_of(*relation); root != *relation) {
    d.is_partition(*relation, root, place);
    return;
  }
  declare_on(*relation, *text, written, enabled, item, d);
}

}  // namespace godwit::kinds
