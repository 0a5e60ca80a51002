// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/function.h"

#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/routine.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"
#include "compiler/model/script.h"

#include <algorithm>
#include <array>
#include <set>

namespace godwit::kinds {

namespace {

std::string words(const Function& x) { return x.procedure ? "procedure " : "function "; }

bool within(const Reference& reference, const std::optional<BodyPlace>& place) {
  return place && reference.begin >= place->begin && reference.end <= place->end;
}

/// A body in a string is only text to PostgreSQL; one of SQL's own (`begin atomic`, `return`) it tracks.
std::optional<BodyPlace> untracked_body(const Function& x) {
  const auto text = sql::parse_routine(x.definition.text, x.procedure);
  if (!text || text->sql_body) return std::nullopt;
  return place_of_body(x.definition.text, *text);
}

/// The references outside of `place` carried along, those in it left alone (but moved with the text).
Fragment renamed_around(const Fragment& fragment, const BodyPlace& place, const Function& x, const Renames& renames) {
  Fragment head = fragment;
  std::erase_if(head.references, [&](const Reference& reference) { return within(reference, place); });
  head = sql::renamed(head, renames);
  const auto text = sql::parse_routine(head.text, x.procedure);
  const auto moved = text ? place_of_body(head.text, *text) : std::nullopt;
  if (!moved) return head;
  for (Reference reference : fragment.references) {
    if (!within(reference, place)) continue;
    reference.begin = static_cast<std::uint32_t>(reference.begin - place.begin + moved->begin);
    reference.end = static_cast<std::uint32_t>(reference.end - place.begin + moved->begin);
    reference.qualifier = static_cast<std::uint32_t>(reference.qualifier - place.begin + moved->begin);
    head.references.push_back(reference);
  }
  std::sort(head.references.begin(), head.references.end(),
            [](const Reference& a, const Reference& b) { return a.begin < b.begin; });
  return head;
}

RoutineTypes types_of(const sql::RoutineText& text, const Declaring& d) {
  RoutineTypes types;
  for (const auto& argument : text.arguments)
    types.arguments.push_back(sql::analyze_type(argument.type.text, d.world).type);
  if (text.result) types.result = sql::analyze_type(text.result->text, d.world).type;
  return types;
}

/// The function as its header says; what its expressions and body name comes in a later pass.
Function header_of(const ast::Definition& item, const std::string& schema, const sql::RoutineText& text,
                   const Declaring& d) {
  const RoutineTypes types = types_of(text, d);
  Function function;
  function.schema = schema;
  function.name = item.name->name.text;
  function.signature = signature(text, types);
  function.procedure = item.kind == ast::DefinitionKind::procedure;
  function.definition.form = function.procedure ? Form::procedure : Form::routine;
  function.definition.text = item.text.text;
  function.definition.normal = item.text.text;
  function.result = result_of(text, types);
  function.argument_names = argument_lines(text, types);
  function.language = text.language;
  function.security_definer = text.security_definer;
  function.sets_search_path = text.sets_search_path;
  function.volatility = text.volatility;
  function.origin.span = item.name->span;
  for (const auto& argument : text.arguments) {
    using Mode = sql::RoutineText::Argument::Mode;
    // `call` has a place for what comes out of a procedure as well.
    if ((argument.mode == Mode::out && !function.procedure) || argument.mode == Mode::table) continue;
    ++function.parameters;
    if (!argument.default_value && argument.mode != Mode::variadic) ++function.required_parameters;
    function.variadic = function.variadic || argument.mode == Mode::variadic;
  }
  for (const TypeName& type : types.arguments) {
    if (type.declared) function.signature_references.push_back(*type.declared);
  }
  if (types.result.declared) function.signature_references.push_back(*types.result.declared);
  return function;
}

void sort_unique(std::vector<ObjectKey>& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

std::string create_statement(const Function& x, const std::string& text) {
  return "create " + words(x) + quoted(x.schema, x.name) + text;
}

/// What the function's text names, now that everything is declared.
void declare_body(const ast::Definition& item, const sql::RoutineText& text, Function& function, Declaring& d) {
  sql::Analysis analysis = d.analyze(function.definition.form, item.text);
  function.definition = std::move(analysis.fragment);
  const auto body = untracked_body(function);
  for (const Reference& reference : function.definition.references) {
    (within(reference, body) ? function.body_references : function.signature_references).push_back(reference.target);
  }
  if (text.body && !text.sql_body) {
    const sql::BodyAnalysis named =
        sql::analyze_body(text.language, create_statement(function, item.text.text), text.body->text, d.world);
    function.body_references.insert(function.body_references.end(), named.references.begin(), named.references.end());
    const auto is_syntax = [](const sql::Problem& problem) { return problem.code.id == codes::sql_syntax.id; };
    const bool said = std::any_of(analysis.problems.begin(), analysis.problems.end(), is_syntax);
    if (named.error && !said) {
      const auto place = place_of_body(item.text.text, text);
      d.syntax_error(item.text, place ? place->begin + named.error->second : text.body->begin, named.error->first);
    }
  }
  // A recursive function does not wait for itself.
  std::erase(function.body_references, key(function));
  sort_unique(function.signature_references);
  sort_unique(function.body_references);
}

/// What PostgreSQL takes for functions alone (manual 15, CREATE PROCEDURE).
void check_procedure(const ast::Definition& item, const sql::RoutineText& text, Declaring& d) {
  constexpr std::array only_functions{"strict", "leakproof", "window", "parallel", "cost", "rows", "support"};
  std::string wrong = text.volatility == 'i' ? "immutable" : text.volatility == 's' ? "stable" : "";
  for (const std::string& option : text.options) {
    const std::string word = option.substr(0, option.find(' '));
    if (std::find(only_functions.begin(), only_functions.end(), word) != only_functions.end()) wrong = word;
  }
  if (text.result || text.returns_table) wrong = "returns";
  if (!wrong.empty()) {
    d.diagnostics.add(codes::bad_option, item.name->span, "a procedure takes no `{}`: that is for functions", wrong);
  }
  using Mode = sql::RoutineText::Argument::Mode;
  if (std::any_of(text.arguments.begin(), text.arguments.end(),
                  [](const auto& argument) { return argument.mode == Mode::out; })) {
    d.needs_postgres(14, item.name->span, "an `out` argument of a procedure", "write `inout`");
  }
}

void check_header(const ast::Definition& item, const sql::RoutineText& text, const Function& function, Declaring& d) {
  if (text.sql_body) {
    d.needs_postgres(14, item.name->span, "a body in SQL's own form (`return`, `begin atomic`)",
                     "write the body as a string, `as $$ … $$`");
  }
  if (function.procedure) check_procedure(item, text, d);
  check_routine(item, text, function, d);
  if (function.security_definer && !function.sets_search_path) {
    d.diagnostics
        .add(codes::definer_search_path, item.name->span,
             "`{}` runs with its owner's rights and its caller's search_path", quoted(function.schema, function.name))
        .note("a caller can put a table or function of their own in front of those it means")
        .hint("add `set search_path = {}, pg_temp`", quoted(function.schema));
  }
}

// ---- secrets ----

bool is_secret_name(const std::string& name) {
  constexpr std::array words{"token",  "tokens",     "secret",      "secrets", "password",  "passwords",
                             "passwd", "credential", "credentials", "apikey",  "passphrase"};
  const std::string lower = folded(name);
  if (lower.find("api_key") != std::string::npos || lower.find("private_key") != std::string::npos) return true;
  std::size_t begin = 0;
  while (begin <= lower.size()) {
    const std::size_t end = std::min(lower.find('_', begin), lower.size());
    if (std::find(words.begin(), words.end(), lower.substr(begin, end - begin)) != words.end()) return true;
    begin = end + 1;
  }
  return false;
}

/// The first thing a call gives back that is named like a secret.
std::optional<std::string> returned_secret(const sql::RoutineText& text, const RoutineTypes& types,
                                           const Declaring& d) {
  using Mode = sql::RoutineText::Argument::Mode;
  for (const auto& argument : text.arguments) {
    const bool comes_out = argument.mode == Mode::out || argument.mode == Mode::inout || argument.mode == Mode::table;
    if (comes_out && is_secret_name(argument.name)) return argument.name;
  }
  const auto& type = types.result.declared;
  if (!type || !is_relation(type->kind)) return std::nullopt;
  for (const OutputColumn& column : d.relation(*type).columns) {
    if (is_secret_name(column.name)) return column.name;
  }
  return std::nullopt;
}

void check_secrets(const ast::Definition& item, const sql::RoutineText& text, const Function& function, Declaring& d) {
  if (d.catalog.before(key(function)) != nullptr || function.result == "trigger") return;
  if (d.catalog.find(satellite_of(Kind::grant, key(function), "public")) != nullptr) return;
  const auto secret = returned_secret(text, types_of(text, d), d);
  if (!secret) return;
  const std::string name = sql_name(key(function));
  d.diagnostics.add(codes::public_secret, item.name->span, "everyone may call `{}`, and it returns `{}`", name, *secret)
      .note("PostgreSQL lets PUBLIC execute a new function")
      .hint("add `revoke execute on {}{} from public;` and grant it to who needs it", words(function), name);
}

/// Warns about each function whose dynamic SQL mentions what a rename or drop at `span` takes away.
void report_mentions(const ObjectKey& gone, Span span, Declaring& d) {
  const std::string& name = gone.part.empty() || has_arguments(gone.kind) ? gone.name : gone.part;
  for (const ObjectKey& routine : d.catalog.keys(Kind::function)) {
    const auto& function = *d.catalog.get<Function>(routine);
    if (!has_word(function.definition.text, name)) continue;
    const auto text = sql::parse_routine(function.definition.text, function.procedure);
    if (!text || !text->body || text->sql_body) continue;
    const sql::BodyAnalysis body = sql::analyze_body(
        text->language, create_statement(function, function.definition.text), text->body->text, d.world);
    for (const auto& [dynamic, place] : body.dynamic) {
      // A column alone is a word like any other: its table must be named as well.
      if (!has_word(dynamic, name) || (gone.kind == Kind::column && !has_word(dynamic, gone.name))) continue;
      d.diagnostics
          .add(codes::dynamic_mention, span, "`{}` names `{}` in SQL that it puts together when it runs",
               sql_name(routine), name)
          .note(function.origin.span, "declared here; dynamic SQL is never rewritten")
          .hint("declare the function again with the text that fits");
      break;
    }
  }
}

}  // namespace

std::optional<ObjectKey> parent(const Function&) { return std::nullopt; }

void needs(const Function& x, std::vector<Need>& out) {
  need(schema_key(x.schema), out);
  for (const ObjectKey& reference : x.signature_references) need(reference, out);
  for (const ObjectKey& reference : x.body_references) out.push_back({reference, true});
}

void rename(Function& x, const Renames& renames, RenamedBy by) {
  const auto body = untracked_body(x);
  if (by == RenamedBy::server && body) {
    x.definition = renamed_around(x.definition, *body, x, renames);
  } else {
    x.definition = sql::renamed(x.definition, renames);
  }
  const ObjectKey own = key(x);
  for (ObjectKey& reference : x.signature_references) {
    const ObjectKey to = renamed_key(reference, renames);
    const std::string old_name = quoted(reference.schema, reference.name), new_name = quoted(to.schema, to.name);
    x.result = with_name(x.result, old_name, new_name);
    x.argument_names = with_name(x.argument_names, old_name, new_name);
    x.signature = with_name(x.signature, old_name, new_name);
    reference = to;
  }
  if (by == RenamedBy::spec) {
    for (ObjectKey& reference : x.body_references) reference = renamed_key(reference, renames);
  }
  const auto to = renames.find(own);
  if (to == renames.end()) return;
  x.schema = to->second.schema;
  x.name = to->second.name;
  x.signature = to->second.part;
}

Statements create(const Function& x, const Parts&) {
  return {{"create " + words(x) + sql_name(key(x)), create_statement(x, x.definition.text), {}, Work::instant}};
}

Statements drop(const Function& x) {
  const std::string sql = "drop " + words(x) + sql_name(key(x));
  return {{sql, sql, {}, Work::instant}};
}

Alteration alter(const Function& from, const Function& to) {
  if (!can_replace(from, to)) return {true, false, {}};
  return {false,
          false,
          {{"replace " + words(to) + sql_name(key(to)),
            "create or replace " + words(to) + quoted(to.schema, to.name) + to.definition.text,
            {},
            Work::instant}}};
}

std::optional<std::string> part(const Function&) { return std::nullopt; }

std::string verify(const Function& x) {
  std::string sql =
      "exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang"
      " where p.oid = " +
      address_of(key(x)).oid + " and p.prokind = " + (x.procedure ? "'p'" : "'f'") +
      " and l.lanname = " + literal(x.language) + " and p.provolatile = '" + x.volatility + "' and " +
      (x.security_definer ? "p.prosecdef" : "not p.prosecdef");
  const auto text = sql::parse_routine(x.definition.text, x.procedure);
  if (text && text->body && !text->sql_body) {
    sql += " and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '" + sha256(text->body->text) + "'";
  }
  return sql + ")";
}

void declare_function(const ast::Definition& item, Declaring& d, Pass pass) {
  if (!item.name) return;
  const bool works_here =
      pass == Pass::routines || pass == Pass::bodies || pass == Pass::satellites || pass == Pass::completeness;
  if (!works_here) return;
  const auto text = sql::parse_routine(item.text.text, item.kind == ast::DefinitionKind::procedure);
  if (!text) {
    if (pass == Pass::routines) d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  const Function header = header_of(item, d.schema_for_new(*item.name), *text, d);
  const ObjectKey function_key = key(header);
  if (pass == Pass::routines) {
    d.declare(header, item.name->span);
    return;
  }
  const Function* there = d.catalog.get<Function>(function_key);
  if (there == nullptr || there->origin.span != item.name->span) return;
  if (pass == Pass::bodies) {
    Function function = header;
    check_header(item, *text, function, d);
    declare_body(item, *text, function, d);
    d.catalog.put(std::move(function));
  }
  if (pass == Pass::completeness) check_secrets(item, *text, *there, d);
  declare_block(item, function_key, d, pass);
}

void know_trigger_rows(Declaring& d) {
  std::set<ObjectKey> functions;
  for (const auto& [key, before] : d.catalog.touched()) {
    if (const auto* trigger = d.catalog.get<Trigger>(key)) {
      for (const Reference& reference : trigger->rest.references) {
        if (reference.target.kind == Kind::function) functions.insert(reference.target);
      }
    }
    if (key.kind == Kind::function) functions.insert(key);
  }
  for (const ObjectKey& function_key : functions) {
    const Function* there = d.catalog.get<Function>(function_key);
    if (there == nullptr || there->result != "trigger") continue;
    Function function = *there;
    std::vector<Reference>& references = function.definition.references;
    for (const ObjectKey& caller : d.catalog.dependents(function_key)) {
      if (caller.kind != Kind::trigger) continue;
      const sql::Relation rows = d.relation(table_of(caller));
      const sql::Analysis analysis =
          sql::analyze(function.definition.form, function.definition.text, d.world, {{"old", rows}, {"new", rows}});
      if (analysis.fragment.text != function.definition.text) continue;
      for (const Reference& reference : analysis.fragment.references) {
        if (std::find(references.begin(), references.end(), reference) == references.end())
          references.push_back(reference);
      }
    }
    if (references.size() == there->definition.references.size()) continue;
    std::stable_sort(references.begin(), references.end(),
                     [](const Reference& a, const Reference& b) { return a.begin < b.begin; });
    for (const Reference& reference : references) {
      if (reference.target.kind == Kind::column) function.body_references.push_back(reference.target);
    }
    sort_unique(function.body_references);
    d.catalog.put(std::move(function));
  }
}

void report_dynamic_mentions(Declaring& d) {
  const auto can_be_named = [](Kind kind) {
    return is_relation(kind) || kind == Kind::column || kind == Kind::function || kind == Kind::schema;
  };
  for (const RenameIntent& rename : d.renames) {
    if (can_be_named(rename.from.kind)) report_mentions(rename.from, rename.span, d);
  }
  for (const DropIntent& drop : d.drops) {
    if (can_be_named(drop.key.kind)) report_mentions(drop.key, drop.span, d);
  }
}

}  // namespace godwit::kinds
