// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/cast.h"

#include "base/identifier.h"
#include "compiler/kinds/definition.h"
#include "compiler/kinds/routine.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/target.h"
#include "compiler/kinds/types.h"
#include "compiler/sql/statements.h"

namespace godwit::kinds {

namespace {

Span span_of_part(const ast::Definition& item, const sql::Part& part) {
  return Declaring::span_in(item.text, part.begin, part.begin + part.text.size());
}

/// The function with its arguments, as SQL takes it.
std::string function_of(const ast::Definition& item, const sql::CastText& text, Cast& cast, Declaring& d) {
  std::string types;
  for (const sql::Part& argument : text.arguments)
    types +=
        (types.empty() ? "" : ", ") + without_modifier(d.type_name_part(item.text, argument.begin, argument.text).text);
  if (types.empty()) types = cast.source.text;
  const std::vector<std::string>& path = text.function_path;
  const sql::NamedFunction named = sql::function_named(path, types, d.world);
  if (named.key) {
    cast.function = *named.key;
    return sql_name(*named.key);
  }
  const std::string written =
      (path.size() > 1 ? quoted(path[path.size() - 2], path.back()) : quoted(path.back())) + '(' + types + ')';
  if (!named.known)
    d.diagnostics.add(codes::unknown_function, span_of_part(item, text.function), "function `{}` is not declared",
                      written);
  return written;
}

}  // namespace

bool takes_type(const TypeName& type, Span span, const char* what, Declaring& d) {
  if (!type.declared || is_type(type.declared->kind)) return true;
  d.later(span, std::string(what) + " of the rows of a table or view");
  return false;
}

std::optional<ObjectKey> parent(const Cast&) { return std::nullopt; }

void needs(const Cast& x, std::vector<Need>& out) {
  need(x.source, out);
  need(x.target, out);
  if (x.function) need(*x.function, out);
}

void rename(Cast& x, const Renames& renames, RenamedBy) {
  if (!x.function || !renames.contains(*x.function)) return;
  x.function = renamed_key(*x.function, renames);
  x.method = "with function " + sql_name(*x.function);
}

Statements create(const Cast& x, const Parts&) {
  const std::string name = "create cast " + sql_name(key(x));
  return {{name, name + "\n    " + x.method + (x.context.empty() ? "" : " as " + x.context), {}, Work::instant}};
}

Statements drop(const Cast& x) {
  const std::string sql = "drop cast " + sql_name(key(x));
  return {{sql, sql, {}, Work::instant}};
}

Alteration alter(const Cast&, const Cast&) { return {true, false, {}}; }

std::optional<std::string> part(const Cast&) { return std::nullopt; }

std::string verify(const Cast& x) {
  const std::string context = x.context.empty() ? "e" : x.context.substr(0, 1);
  const std::string method = x.method == "without function" ? "b" : x.method == "with inout" ? "i" : "f";
  return "exists (select from pg_catalog.pg_cast c where c.oid = " + address_of(key(x)).oid +
         " and c.castcontext = " + literal(context) + " and c.castmethod = " + literal(method) +
         (x.function ? " and c.castfunc = " + address_of(*x.function).oid : "") + ")";
}

void declare_cast(const ast::Definition& item, Declaring& d, Pass pass) {
  if (pass != Pass::keys) return;  // functions are known by now
  const auto text = sql::parse_cast(item.text.text);
  if (!text) {
    d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  Cast cast;
  cast.source = d.type_name_part(item.text, text->source.begin, text->source.text);
  cast.target = d.type_name_part(item.text, text->target.begin, text->target.text);
  cast.source.text = without_modifier(cast.source.text);
  cast.target.text = without_modifier(cast.target.text);
  cast.context = text->context;
  cast.origin.span = item.span;
  if (!takes_type(cast.source, span_of_part(item, text->source), "a cast", d) ||
      !takes_type(cast.target, span_of_part(item, text->target), "a cast", d)) {
    return;
  }
  for (const auto* end : {&text->source, &text->target}) {
    const TypeName& type = end == &text->source ? cast.source : cast.target;
    if (!type.declared || type.declared->kind != Kind::domain || type.text.ends_with("[]")) continue;
    d.diagnostics.add(codes::bad_option, span_of_part(item, *end), "PostgreSQL ignores a cast of a domain")
        .hint("make it one of the type below the domain");
    return;
  }
  cast.method = text->inout                   ? "with inout"
                : text->function_path.empty() ? "without function"
                                              : "with function " + function_of(item, *text, cast, d);
  d.declare(std::move(cast), item.span);
}

std::optional<ObjectKey> existing_cast(const ast::ObjectName& name, Declaring& d) {
  const auto text = sql::parse_cast('(' + (name.arguments ? name.arguments->text : "") + ") without function");
  if (!text) return std::nullopt;
  const auto canonical = [&](const sql::Part& part) {
    for (const CatalogWorld* where : {&d.world, &d.old_world}) {
      const sql::TypeAnalysis found = sql::analyze_type(part.text, *where);
      if (found.problems.empty()) return without_modifier(found.type.text);
    }
    return std::string();
  };
  const ObjectKey key{Kind::cast, {}, canonical(text->source), canonical(text->target), Kind::schema, {}};
  return d.catalog.find(key) == nullptr ? std::nullopt : std::optional(key);
}

}  // namespace godwit::kinds
