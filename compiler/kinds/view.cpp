// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/view.h"

#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/names.h"
#include "compiler/kinds/spelling.h"
#include "compiler/sql/statements.h"

namespace godwit::kinds {

namespace {

std::string definition(const View& x) {
  std::string sql = quoted(x.schema, x.name);
  if (!x.columns.empty()) sql += " (" + quoted_list(x.columns) + ")";
  if (!x.options.empty()) sql += " with (" + option_list(x.options) + ")";
  return sql + " as\n" + x.query.text;
}

/// `create or replace view` takes more columns at the end and nothing else (manual 15, CREATE VIEW).
bool extends(const View& from, const View& to) {
  if (from.output.empty() || to.output.size() < from.output.size()) return false;
  for (std::size_t i = 0; i < from.output.size(); ++i) {
    if (from.output[i].type.empty() || !(from.output[i] == to.output[i])) return false;
  }
  return true;
}

/// The same view without what `alter view` can change.
bool same_but_options(View from, const View& to) {
  from.options = to.options;
  return from == to;
}

Statement altered(const View& x, const std::string& what, const std::string& action) {
  const std::string name = quoted(x.schema, x.name);
  return {what + " of view " + name,
          "alter view " + name + ' ' + action,
          {{key(x), Lock::access_exclusive}},
          Work::instant};
}

/// What PostgreSQL makes of `create recursive view` (manual 15, CREATE VIEW): the view's name is that of a query in it.
std::string recursive_head(const std::string& name, const std::vector<std::string>& columns) {
  return "with recursive " + quoted(name) + " (" + quoted_list(columns) + ") as (\n";
}

std::string recursive_tail(const std::string& name, const std::vector<std::string>& columns) {
  return "\n) select " + quoted_list(columns) + " from " + quoted(name);
}

/// Where the query names its own view with a schema: the query in it that has the view's name has none.
std::vector<Reference> references_to(const ObjectKey& view, const Fragment& query) {
  std::vector<Reference> found = query.references;
  std::erase_if(found, [&](const Reference& one) { return one.target != view; });
  return found;
}

/// A recursive view as the plain view it is; places are moved back to the text of the spec.
DeclaredQuery declare_recursive(const ObjectKey& view, const ast::Definition& item, const sql::ViewText& text,
                                Declaring& d) {
  const std::string head = recursive_head(view.name, text.columns);
  const std::string name = quoted(view.name);
  std::string whole = head + text.query.text + recursive_tail(view.name, text.columns);
  sql::Analysis analysis = sql::analyze(Form::query, whole, d.world, {});
  const std::vector<Reference> own = references_to(view, analysis.fragment);
  for (auto reference = own.rbegin(); reference != own.rend(); ++reference)
    whole.replace(reference->begin, reference->end - reference->begin, name);
  if (!own.empty()) analysis = sql::analyze(Form::query, whole, d.world, {});
  const auto in_spec = [&](std::size_t place) {
    for (const Reference& reference : own) {
      if (reference.begin < place) place += reference.end - reference.begin - name.size();
    }
    const std::size_t in_query = place < head.size() ? 0 : place - head.size();
    return text.query.begin + in_query;
  };
  analysis = settled(std::move(analysis), whole, d);
  for (const sql::Problem& problem : analysis.problems) {
    auto report =
        d.diagnostics.add(problem.code, Declaring::span_in(item.text, in_spec(problem.begin), in_spec(problem.end)),
                          "{}", problem.message);
    if (!problem.hint.empty()) report.hint("{}", problem.hint);
  }
  DeclaredQuery declared{std::move(analysis.fragment), {}};
  if (analysis.output_known) declared.output = std::move(analysis.output);
  return declared;
}

void declare_now(const ast::Definition& item, const ObjectKey& view_key, Declaring& d) {
  auto text = sql::parse_view(item.text.text, item.recursive);
  if (!text) {
    d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  View view;
  view.schema = view_key.schema;
  view.name = view_key.name;
  view.origin.span = item.name->span;
  view.options = std::move(text->options);
  for (const auto& [name, value] : view.options) {
    if (name != "security_invoker" && name != "security_barrier" && name != "check_option") {
      d.diagnostics.add(codes::bad_option, place_of_word(item.text, name), "a view has no option `{}`", name)
          .hint("it has `security_barrier`, `security_invoker` and `check_option`");
    }
    if (name == "security_invoker") {
      d.needs_postgres(
          15, item.name->span, "`security_invoker`",
          "leave it out: the view then reads with its owner's rights, so grant on the view only what all may see");
    }
  }
  DeclaredQuery declared;
  if (item.recursive) {
    declared = declare_recursive(view_key, item, *text, d);
  } else {
    view.columns = text->columns;
    declared = declare_query(view_key, item, text->query.begin, text->query.text, view.columns, d);
  }
  view.query = std::move(declared.query);
  view.output = std::move(declared.output);
  if (name_is_free(view_key, item.name->span, d)) d.declare(std::move(view), item.name->span);
}

}  // namespace

std::optional<ObjectKey> parent(const View&) { return std::nullopt; }

void needs(const View& x, std::vector<Need>& out) {
  need(schema_key(x.schema), out);
  need(x.query, out);
}

void rename(View& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.name = to.name;
  rename_query(x.query, x.columns, x.output, renames);
}

Statements create(const View& x, const Parts&) {
  return {{"create view " + quoted(x.schema, x.name), "create view " + definition(x), reading_locks(x.query),
           Work::instant}};
}

Statements drop(const View& x) {
  const std::string sql = "drop view " + quoted(x.schema, x.name);
  return {{sql, sql, {{key(x), Lock::access_exclusive}}, Work::instant}};
}

Alteration alter(const View& from, const View& to) {
  if (same_but_options(from, to)) {
    Alteration result;
    const OptionChange change = option_change(from.options, to.options);
    if (!change.set.empty())
      result.statements.push_back(altered(to, "set options", "set (" + option_list(change.set) + ")"));
    if (!change.reset.empty()) {
      std::string names;
      for (const std::string& name : change.reset) names += (names.empty() ? "" : ", ") + name;
      result.statements.push_back(altered(to, "reset options", "reset (" + names + ")"));
    }
    return result;
  }
  if (!extends(from, to)) return {true, false, {}};
  std::vector<LockOn> locks = reading_locks(to.query);
  locks.push_back({key(to), Lock::access_exclusive});
  return {false,
          false,
          {{"replace view " + quoted(to.schema, to.name), "create or replace view " + definition(to), std::move(locks),
            Work::instant}}};
}

std::optional<std::string> part(const View&) { return std::nullopt; }

std::string verify(const View& x) {
  std::string sql = "exists (select from pg_catalog.pg_class c where c.oid = to_regclass(" +
                    literal(quoted(x.schema, x.name)) + ") and c.relkind = 'v'" + verify_columns(x.output, "c.oid");
  if (!x.options.empty()) {
    std::vector<std::string> options;
    for (const auto& [name, value] : x.options) options.push_back(name + '=' + (value.empty() ? "true" : value));
    sql += " and c.reloptions @> " + text_array(options);
  }
  return sql + ")";
}

void declare_view(const ast::Definition& item, Declaring& d, Pass pass) {
  if (pass < Pass::relations || !item.name) return;
  const ObjectKey view{Kind::view, d.schema_for_new(*item.name), item.name->name.text, {}, Kind::schema, {}};
  if (pass == Pass::relations) {
    View placeholder;
    placeholder.schema = view.schema;
    placeholder.name = view.name;
    placeholder.origin.span = item.name->span;
    promise_query(placeholder, d, [&item, view, &d] { declare_now(item, view, d); });
  }
  if (pass == Pass::queries) keep_promise(view, d);
  declare_block(item, view, d, pass);
}

}  // namespace godwit::kinds
