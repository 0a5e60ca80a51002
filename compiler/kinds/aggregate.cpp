// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/aggregate.h"

#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/routine.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"

#include <algorithm>
#include <array>

namespace godwit::kinds {

namespace {

const std::string* option(const Aggregate& x, std::string_view name) {
  const auto found =
      std::find_if(x.options.begin(), x.options.end(), [&](const auto& one) { return one.first == name; });
  return found == x.options.end() ? nullptr : &found->second;
}

std::string name_sql(const Aggregate& x) { return quoted(x.schema, x.name) + '(' + x.arguments + ')'; }

std::string definition(const Aggregate& x) {
  std::string list;
  for (const auto& [name, value] : x.options)
    list += (list.empty() ? "\n    " : ",\n    ") + name + (value.empty() ? "" : " = " + value);
  return "aggregate " + name_sql(x) + " (" + list + "\n)";
}

/// What PostgreSQL fixes once an aggregate is there: its state and result.
bool can_replace(const Aggregate& from, const Aggregate& to) {
  constexpr std::array fixed{"stype", "finalfunc", "finalfunc_extra", "mstype", "hypothetical"};
  return from.arguments == to.arguments && std::all_of(fixed.begin(), fixed.end(), [&](const char* name) {
           const std::string *a = option(from, name), *b = option(to, name);
           return (a == nullptr) == (b == nullptr) && (a == nullptr || *a == *b);
         });
}

/// `integer, text`: the arguments' types, all or those that come with each row.
std::string types_of(const sql::AggregateText& text, bool only_ordered, const Declaring& d) {
  std::string list;
  for (const auto& argument : text.arguments) {
    if (only_ordered && !argument.ordered) continue;
    list += (list.empty() ? "" : ", ") + without_modifier(sql::analyze_type(argument.type.text, d.world).type.text);
  }
  return list;
}

Aggregate header_of(const ast::Definition& item, const sql::AggregateText& text, Declaring& d) {
  Aggregate x;
  x.schema = d.schema_for_new(*item.name);
  x.name = item.name->name.text;
  x.origin.span = item.name->span;
  x.signature = types_of(text, false, d);
  bool ordered = false;
  for (const auto& argument : text.arguments) {
    const TypeName type = sql::analyze_type(argument.type.text, d.world).type;
    if (type.declared) x.references.push_back(*type.declared);
    std::string between = x.arguments.empty() ? "" : ", ";
    if (argument.ordered && !ordered) between = x.arguments.empty() ? "order by " : " order by ";
    ordered = argument.ordered;
    x.arguments += between + (argument.variadic ? "variadic " : "") +
                   (argument.name.empty() ? "" : quoted(argument.name) + ' ') + type.text;
  }
  if (text.arguments.empty()) x.arguments = "*";
  return x;
}

bool is_function(std::string_view name) { return name.ends_with("func"); }

bool is_type_option(std::string_view name) { return name == "stype" || name == "mstype"; }

/// The types a function of the aggregate takes, as far as they are the same for each aggregate.
std::string types_for(const std::string& name, const std::string& state, const std::string& moving,
                      const std::string& rows) {
  const std::string& own = name.starts_with('m') ? moving : state;
  if (name == "combinefunc") return own + ", " + own;
  if (name == "serialfunc") return "internal";
  if (name == "deserialfunc") return "bytea, internal";
  if (name.ends_with("finalfunc")) return own;
  return rows.empty() ? own : own + ", " + rows;
}

/// Options with functions and types resolved; functions are known after their pass.
void declare_options(const ast::Definition& item, const sql::AggregateText& text, Aggregate& x, Declaring& d) {
  std::string state, moving;
  for (const sql::OptionText& one : text.options) {
    if (!is_type_option(one.name)) continue;
    const TypeName type = d.type_name_part(item.text, one.value.begin, one.value.text);
    (one.name == "stype" ? state : moving) = type.text;
    if (type.declared) x.references.push_back(*type.declared);
    x.options.emplace_back(one.name, type.text);
  }
  for (const auto& argument : text.arguments) d.type_name_part(item.text, argument.type.begin, argument.type.text);
  const bool ordered_set =
      std::any_of(text.arguments.begin(), text.arguments.end(), [](const auto& one) { return one.ordered; });
  const std::string rows = types_of(text, ordered_set, d);
  x.result = state;
  for (const sql::OptionText& one : text.options) {
    if (is_type_option(one.name)) continue;
    if (!is_function(one.name)) {
      x.options.emplace_back(one.name, one.value.text);
      continue;
    }
    const OptionFunction function =
        option_function(one, types_for(one.name, state, moving, rows), item, x.references, d);
    x.options.emplace_back(one.name, function.sql);
    if (one.name == "finalfunc") x.result = function.result;
  }
  // What is done with each row first, as the manual has it.
  const auto rank = [](const std::string& name) { return name == "sfunc" ? 0 : name == "stype" ? 1 : 2; };
  std::sort(x.options.begin(), x.options.end(), [&](const auto& a, const auto& b) {
    return std::pair(rank(a.first), a.first) < std::pair(rank(b.first), b.first);
  });
  std::sort(x.references.begin(), x.references.end());
  x.references.erase(std::unique(x.references.begin(), x.references.end()), x.references.end());
  for (const char* needed : {"sfunc", "stype"}) {
    if (option(x, needed) == nullptr)
      d.diagnostics.add(codes::bad_option, item.name->span, "an aggregate needs its `{}`", needed);
  }
}

}  // namespace

std::optional<ObjectKey> parent(const Aggregate&) { return std::nullopt; }

void needs(const Aggregate& x, std::vector<Need>& out) {
  need(schema_key(x.schema), out);
  for (const ObjectKey& reference : x.references) need(reference, out);
}

void rename(Aggregate& x, const Renames& renames, RenamedBy) {
  const ObjectKey own = key(x);
  for (ObjectKey& reference : x.references) {
    const ObjectKey to = renamed_key(reference, renames);
    const std::string old_name = quoted(reference.schema, reference.name), new_name = quoted(to.schema, to.name);
    for (std::string* text : {&x.signature, &x.arguments, &x.result}) *text = with_name(*text, old_name, new_name);
    for (auto& [name, value] : x.options) {
      if (is_function(name) || is_type_option(name)) value = with_name(value, old_name, new_name);
    }
    reference = to;
  }
  const auto to = renames.find(own);
  if (to == renames.end()) return;
  x.schema = to->second.schema;
  x.name = to->second.name;
  x.signature = to->second.part;
}

Statements create(const Aggregate& x, const Parts&) {
  return {{"create aggregate " + name_sql(x), "create " + definition(x), {}, Work::instant}};
}

Statements drop(const Aggregate& x) {
  const std::string sql = "drop aggregate " + name_sql(x);
  return {{sql, sql, {}, Work::instant}};
}

Alteration alter(const Aggregate& from, const Aggregate& to) {
  if (!can_replace(from, to)) return {true, false, {}};
  return {
      false, false, {{"replace aggregate " + name_sql(to), "create or replace " + definition(to), {}, Work::instant}}};
}

std::optional<std::string> part(const Aggregate&) { return std::nullopt; }

std::string verify(const Aggregate& x) {
  const std::string *state = option(x, "stype"), *initial = option(x, "initcond");
  return "exists (select from pg_catalog.pg_aggregate a where a.aggfnoid = " + address_of(key(x)).oid +
         " and a.aggtranstype = to_regtype(" + literal(state == nullptr ? "" : *state) +
         ") and a.agginitval is not distinct from " + (initial == nullptr ? "null" : *initial) +
         " and (a.aggfinalfn <> 0) = " + (option(x, "finalfunc") == nullptr ? "false" : "true") + ")";
}

void declare_aggregate(const ast::Definition& item, Declaring& d, Pass pass) {
  if (!item.name || (pass != Pass::routines && pass != Pass::keys)) return;
  const auto text = sql::parse_aggregate(item.text.text);
  if (!text) {
    if (pass == Pass::routines) d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  Aggregate aggregate = header_of(item, *text, d);
  if (pass == Pass::routines) {
    ObjectKey function = key(aggregate);
    function.kind = Kind::function;
    if (const Object* other = d.catalog.find(function)) {
      d.diagnostics.add(codes::duplicate_name, item.name->span, "there is a function of that name and arguments")
          .note(span_of(*other), "declared here");
    }
    d.declare(std::move(aggregate), item.name->span);
    return;
  }
  const auto* there = d.catalog.get<Aggregate>(key(aggregate));
  if (there == nullptr || there->origin.span != item.name->span) return;
  declare_options(item, *text, aggregate, d);
  d.catalog.put(std::move(aggregate));
}

}  // namespace godwit::kinds
