// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/domain.h"
#include "compiler/kinds/checks.h"

#include "base/identifier.h"
#include "compiler/kinds/collation.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/enum_type.h"
#include "compiler/kinds/names.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/statements.h"

#include <algorithm>
#include <set>

namespace godwit::kinds {

namespace {

std::string constraint(const DomainCheck& check) {
  return "constraint " + quoted(check.name) + " check (" + check.expression.text + ")" +
         (check.not_valid ? " not valid" : "");
}

const DomainCheck* check_called(const Domain& x, const std::string& name) {
  const auto found =
      std::find_if(x.checks.begin(), x.checks.end(), [&](const DomainCheck& check) { return check.name == name; });
  return found == x.checks.end() ? nullptr : &*found;
}

/// `value` as the checks of a domain see it. Its references name no object and are taken out again.
sql::Visible value_of(const Domain& x) { return {"", {key(x), {{"value", x.type.text}}, true}}; }

Fragment without_value(Fragment fragment, const Domain& x) {
  std::erase_if(fragment.references, [&](const Reference& reference) {
    return reference.target == column_key(key(x), "value") || reference.target == key(x);
  });
  return fragment;
}

/// PostgreSQL's name for a check without one: `email_check`, `email_check1`, … (ChooseConstraintName).
std::string free_check_name(const std::string& domain, const std::set<std::string>& taken) {
  for (int number = 0;; ++number) {
    std::string name = default_object_name(domain, "", number == 0 ? "check" : "check" + std::to_string(number));
    if (!taken.contains(name)) return name;
  }
}

Fragment checked_expression(const ast::Definition& item, const sql::Part& part, const Domain& domain,
                            const std::string& what, bool sees_value, Declaring& d) {
  std::vector<sql::Visible> visible;
  if (sees_value) visible.push_back(value_of(domain));
  sql::Analysis analysis = d.analyze_part(Form::expression, item.text, part.begin, part.text, visible);
  if (analysis.subquery || analysis.aggregate || analysis.window) {
    d.diagnostics.add(codes::forbidden_expression,
                      Declaring::span_in(item.text, part.begin, part.begin + part.text.size()),
                      "a domain's {} cannot hold a {}", what,
                      analysis.subquery    ? "subquery"
                      : analysis.aggregate ? "aggregate"
                                           : "window function");
  }
  const Span place = Declaring::span_in(item.text, part.begin, part.begin + part.text.size());
  if (sees_value) {
    check_condition(analysis, place, "a domain's check", d);
  } else {
    check_value({part.text, place}, analysis, domain.type, domain.name, d);
  }
  return without_value(std::move(analysis.fragment), domain);
}

void declare_expressions(const ast::Definition& item, const sql::DomainText& text, Domain& domain, Declaring& d) {
  if (text.default_value)
    domain.default_value = checked_expression(item, *text.default_value, domain, "default", false, d);
  std::set<std::string> taken;
  for (const sql::DomainText::Check& check : text.checks) {
    if (check.name.empty() || taken.insert(check.name).second) continue;
    d.diagnostics.add(codes::duplicate_name, item.name->span, "two checks of this domain are called `{}`", check.name);
  }
  for (const sql::DomainText::Check& check : text.checks) {
    const std::string name = check.name.empty() ? free_check_name(domain.name, taken) : check.name;
    taken.insert(name);
    domain.checks.push_back(
        {name, checked_expression(item, check.expression, domain, "check", true, d), check.not_valid});
  }
  std::sort(domain.checks.begin(), domain.checks.end(),
            [](const DomainCheck& a, const DomainCheck& b) { return a.name < b.name; });
}

}  // namespace

std::optional<ObjectKey> parent(const Domain&) { return std::nullopt; }

void needs(const Domain& x, std::vector<Need>& out) {
  need(schema_key(x.schema), out);
  need(x.type, out);
  if (x.collation_object.key) need(*x.collation_object.key, out);
  if (x.default_value) need(*x.default_value, out);
  for (const DomainCheck& check : x.checks) need(check.expression, out);
}

void rename(Domain& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.name = to.name;
  if (x.default_value) rename_value(*x.default_value, x.type.declared, renames);
  rename(x.type, renames);
  if (x.default_value) x.default_value = sql::renamed(*x.default_value, renames);
  for (DomainCheck& check : x.checks) check.expression = sql::renamed(check.expression, renames);
}

Statements create(const Domain& x, const Parts&) {
  const std::string name = "create domain " + quoted(x.schema, x.name);
  std::string sql = name + " as " + x.type.text;
  if (!x.collation.empty()) sql += " collate " + x.collation;
  if (x.default_value) sql += " default " + x.default_value->text;
  if (x.not_null) sql += " not null";
  for (const DomainCheck& check : x.checks) sql += "\n    " + constraint(check);
  return {{name, std::move(sql), {}, Work::instant}};
}

Statements drop(const Domain& x) {
  const std::string sql = "drop domain " + quoted(x.schema, x.name);
  return {{sql, sql, {}, Work::instant}};
}

// A new check or `not null` reads every table with a column of the domain (hazards D01); which ones those are, the
// planner knows.
Alteration alter(const Domain& from, const Domain& to) {
  if (from.type != to.type || from.collation != to.collation) return {true, false, {}};
  Alteration result;
  const std::string name = "alter domain " + quoted(to.schema, to.name);
  const auto add = [&](const std::string& action, Work work = Work::instant) {
    result.statements.push_back({name, name + ' ' + action, {}, work});
  };
  if (from.default_value != to.default_value) {
    add(to.default_value ? "set default " + to.default_value->text : "drop default");
  }
  for (const DomainCheck& check : from.checks) {
    const DomainCheck* kept = check_called(to, check.name);
    if (kept == nullptr || !(*kept == check)) add("drop constraint " + quoted(check.name));
  }
  if (from.not_null && !to.not_null) add("drop not null");
  if (!from.not_null && to.not_null) add("set not null", Work::scan);
  for (const DomainCheck& check : to.checks) {
    const DomainCheck* old = check_called(from, check.name);
    if (old == nullptr || !(*old == check))
      add("add " + constraint(check), check.not_valid ? Work::instant : Work::scan);
  }
  return result;
}

std::optional<std::string> part(const Domain&) { return std::nullopt; }

std::string verify(const Domain& x) {
  std::vector<std::string> names;
  for (const DomainCheck& check : x.checks) names.push_back(check.name);
  return "exists (select from pg_catalog.pg_type t where t.oid = to_regtype(" + literal(quoted(x.schema, x.name)) +
         ") and t.typtype = 'd' and t.typbasetype = to_regtype(" + literal(x.type.text) + ") and " +
         (x.not_null ? "t.typnotnull" : "not t.typnotnull") +
         " and (t.typdefault is not null) = " + (x.default_value ? "true" : "false") +
         " and array(select c.conname::text from pg_catalog.pg_constraint c where c.contypid = t.oid and c.contype = "
         "'c'"
         " order by c.conname) = " +
         text_array(names) + ")";
}

void declare_domain(const ast::Definition& item, Declaring& d, Pass pass) {
  if (!item.name) return;
  const bool works_here =
      pass == Pass::types || pass == Pass::routines || pass == Pass::expressions || pass == Pass::satellites;
  if (!works_here) return;
  const ObjectKey domain_key{Kind::domain, d.schema_for_new(*item.name), item.name->name.text, {}, Kind::schema, {}};
  declare_block(item, domain_key, d, pass);
  if (pass == Pass::satellites) return;
  const auto text = sql::parse_domain(item.text.text);
  if (!text) {
    if (pass == Pass::types) d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  if (pass == Pass::types) {
    Domain domain;
    domain.schema = domain_key.schema;
    domain.name = domain_key.name;
    // Types that stand further below are not known yet: what is wrong with this one is said in a later pass.
    domain.type = sql::analyze_type(text->type.text, d.world).type;
    domain.collation = text->collation;
    domain.not_null = text->not_null;
    domain.origin.span = item.name->span;
    d.declare(std::move(domain), item.name->span);
    return;
  }
  const Domain* there = d.catalog.get<Domain>(domain_key);
  if (there == nullptr || there->origin.span != item.name->span) return;
  Domain domain = *there;
  if (pass == Pass::routines) domain.collation_object = collation_named(domain.collation, &item.name->span, d);
  if (pass == Pass::routines) name_is_free(domain_key, item.name->span, d);
  if (pass == Pass::routines) domain.type = d.type_name_part(item.text, text->type.begin, text->type.text);
  if (pass == Pass::expressions) declare_expressions(item, *text, domain, d);
  d.catalog.put(std::move(domain));
}

}  // namespace godwit::kinds
