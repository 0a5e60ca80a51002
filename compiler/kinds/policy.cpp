// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/policy.h"

#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/statements.h"

#include <algorithm>

namespace godwit::kinds {

namespace {

std::string roles(const Policy& x) {
  if (x.roles.empty()) return "public";
  std::vector<std::string> names;
  for (const std::string& role : x.roles) names.push_back(role_sql(role));
  return joined(names, ", ");
}

std::string conditions(const Policy& x) {
  std::string sql;
  if (x.using_expression) sql += "\n    using (" + x.using_expression->text + ")";
  if (x.check_expression) sql += "\n    with check (" + x.check_expression->text + ")";
  return sql;
}

/// pg_policy.polcmd
char command_letter(const std::string& command) {
  if (command == "select") return 'r';
  if (command == "insert") return 'a';
  if (command == "update") return 'w';
  if (command == "delete") return 'd';
  return '*';
}

/// Conditions PostgreSQL refuses for the command (manual 15, CREATE POLICY).
void check_conditions(const sql::PolicyText& text, const std::string& command, const ast::Policy& item, Declaring& d) {
  const auto refuse = [&](const sql::Part& part, const char* clause) {
    d.diagnostics.add(codes::bad_option, Declaring::span_in(item.definition, part.begin, part.begin + part.text.size()),
                      "a policy for `{}` takes no `{}`", command, clause);
  };
  if (text.using_expression && command == "insert") refuse(*text.using_expression, "using");
  if (text.check_expression && (command == "select" || command == "delete"))
    refuse(*text.check_expression, "with check");
}

}  // namespace

std::optional<ObjectKey> parent(const Policy& x) { return table_of(key(x)); }

void needs(const Policy& x, std::vector<Need>& out) {
  for (const auto* fragment : {&x.using_expression, &x.check_expression}) {
    if (!*fragment) continue;
    for (const Reference& reference : (*fragment)->references) {
      if (reference.target != table_of(key(x))) need(reference.target, out);
    }
  }
}

void rename(Policy& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.table = to.name;
  x.name = to.part;
  if (x.using_expression) x.using_expression = sql::renamed(*x.using_expression, renames);
  if (x.check_expression) x.check_expression = sql::renamed(*x.check_expression, renames);
}

Statements create(const Policy& x, const Parts&) {
  const std::string name = "create policy " + quoted(x.name) + " on " + quoted(x.schema, x.table);
  std::string sql = name;
  if (x.restrictive) sql += " as restrictive";
  if (x.command != "all") sql += " for " + x.command;
  sql += " to " + roles(x) + conditions(x);
  return {{name, std::move(sql), {{table_of(key(x)), Lock::access_exclusive}}, Work::instant}};
}

Statements drop(const Policy& x) {
  const std::string sql = "drop policy " + quoted(x.name) + " on " + quoted(x.schema, x.table);
  return {{sql, sql, {{table_of(key(x)), Lock::access_exclusive}}, Work::instant}};
}

// `alter policy` changes roles and conditions; it takes no condition away, and never the command (manual 15).
Alteration alter(const Policy& from, const Policy& to) {
  const bool loses_condition =
      (from.using_expression && !to.using_expression) || (from.check_expression && !to.check_expression);
  if (from.restrictive != to.restrictive || from.command != to.command || loses_condition) return {true, false, {}};
  const std::string name = "alter policy " + quoted(to.name) + " on " + quoted(to.schema, to.table);
  return {false,
          false,
          {{name,
            name + " to " + roles(to) + conditions(to),
            {{table_of(key(to)), Lock::access_exclusive}},
            Work::instant}}};
}

std::optional<std::string> part(const Policy&) { return std::nullopt; }

std::string verify(const Policy& x) {
  std::string role_oids = "'{0}'::oid[]";
  if (!x.roles.empty()) {
    std::vector<std::string> names;
    for (const std::string& role : x.roles) names.push_back(role_sql(role));
    role_oids = "array(select r::oid from (select to_regrole(unnest(" + text_array(names) + "))) named (r) order by 1)";
  }
  return "exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass(" +
         literal(quoted(x.schema, x.table)) + ") and p.polname = " + literal(x.name) + " and p.polcmd = '" +
         command_letter(x.command) + "' and " + (x.restrictive ? "not p.polpermissive" : "p.polpermissive") +
         " and array(select unnest(p.polroles) order by 1) = " + role_oids +
         " and (p.polqual is not null) = " + (x.using_expression ? "true" : "false") +
         " and (p.polwithcheck is not null) = " + (x.check_expression ? "true" : "false") + ")";
}

void declare_policy(const ast::Policy& item, const ObjectKey& table, Declaring& d) {
  const auto text = sql::parse_policy(item.definition.text);
  if (!text) {
    d.syntax_error(item.definition, text.error().offset, text.error().message);
    return;
  }
  Policy policy;
  policy.schema = table.schema;
  policy.table = table.name;
  policy.name = item.name.text;
  policy.restrictive = text->restrictive;
  policy.command = text->command.empty() ? "all" : text->command;
  policy.roles = text->roles;
  std::sort(policy.roles.begin(), policy.roles.end());
  policy.origin.span = item.span;
  check_conditions(*text, policy.command, item, d);
  const std::vector<sql::Visible> visible{{table.name, d.relation(table)}};
  const auto condition = [&](const sql::Part& part) {
    sql::Analysis analysis = d.analyze_part(Form::expression, item.definition, part.begin, part.text, visible);
    if (analysis.aggregate || analysis.window) {
      d.diagnostics.add(codes::forbidden_expression,
                        Declaring::span_in(item.definition, part.begin, part.begin + part.text.size()),
                        "a policy's condition cannot hold a {}", analysis.aggregate ? "aggregate" : "window function");
    }
    check_condition(analysis, Declaring::span_in(item.definition, part.begin, part.begin + part.text.size()),
                    "a policy's condition", d);
    return std::move(analysis.fragment);
  };
  if (text->using_expression) policy.using_expression = condition(*text->using_expression);
  if (text->check_expression) policy.check_expression = condition(*text->check_expression);
  const Table* shell = d.catalog.get<Table>(table);
  if (shell != nullptr && shell->row_security == RowSecurity::off) {
    const std::string name = quoted(table.schema, table.name);
    d.diagnostics
        .add(codes::policy_without_security, item.name.span,
             "policy `{}` has no effect: `{}` is without row level security", item.name.text, name)
        .hint("add `row level security;` to the table");
  }
  d.declare(std::move(policy), item.name.span);
}

}  // namespace godwit::kinds
