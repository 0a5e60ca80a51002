// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/range_type.h"

#include "base/identifier.h"
#include "compiler/kinds/collation.h"
#include "compiler/kinds/routine.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/types.h"

namespace godwit::kinds {

namespace {

/// PostgreSQL's own choice (makeMultirangeTypeName, typecmds.c): `range` becomes `multirange`, or it is put behind.
std::string default_multirange(const std::string& name) {
  const std::size_t at = name.find("range");
  if (at == std::string::npos)
    return std::string(truncated(name, max_identifier_bytes - std::string_view("_multirange").size())) + "_multirange";
  return std::string(truncated(name.substr(0, at) + "multi" + name.substr(at), max_identifier_bytes));
}

std::string path_sql(const std::vector<std::string>& path) {
  return path.size() > 1 ? quoted(path[path.size() - 2], path.back()) : quoted(path.back());
}

}  // namespace

std::optional<ObjectKey> parent(const RangeType&) { return std::nullopt; }

void needs(const RangeType& x, std::vector<Need>& out) {
  need(schema_key(x.schema), out);
  need(x.subtype, out);
  if (x.collation_object.key) need(*x.collation_object.key, out);
  if (x.difference_function) need(*x.difference_function, out);
}

void rename(RangeType& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.name = to.name;
  rename(x.subtype, renames);
  if (x.difference_function) {
    x.difference_function = renamed_key(*x.difference_function, renames);
    x.difference = quoted(x.difference_function->schema, x.difference_function->name);
  }
}

Statements create(const RangeType& x, const Parts&) {
  const std::string name = "create type " + quoted(x.schema, x.name);
  std::string sql = name + " as range (\n    subtype = " + x.subtype.text;
  const auto option = [&](const char* what, const std::string& value) {
    if (!value.empty()) sql += std::string(",\n    ") + what + " = " + value;
  };
  option("subtype_opclass", x.operator_class);
  option("collation", x.collation);
  option("subtype_diff", x.difference);
  if (x.names_multirange) option("multirange_type_name", quoted(x.schema, x.multirange));
  return {{name, sql + "\n)", {}, Work::instant}};
}

Statements drop(const RangeType& x) {
  const std::string sql = "drop type " + quoted(x.schema, x.name);
  return {{sql, sql, {}, Work::instant}};
}

// PostgreSQL changes nothing of a range type in place.
Alteration alter(const RangeType&, const RangeType&) { return {true, false, {}}; }

std::optional<std::string> part(const RangeType&) { return std::nullopt; }

std::string verify(const RangeType& x) {
  return "exists (select from pg_catalog.pg_range r where r.rngtypid = to_regtype(" +
         literal(quoted(x.schema, x.name)) + ") and r.rngsubtype = to_regtype(" + literal(x.subtype.text) +
         ") and (r.rngsubdiff <> 0) = " + (x.difference.empty() ? "false" : "true") + ")";
}

void declare_range_type(const ast::Definition& item, const sql::TypeText& text, Declaring& d, Pass pass) {
  RangeType type;
  type.schema = d.schema_for_new(*item.name);
  type.name = item.name->name.text;
  type.multirange = default_multirange(type.name);
  type.origin.span = item.name->span;
  const sql::OptionText *subtype = nullptr, *difference = nullptr;
  for (const sql::OptionText& option : text.options) {
    const Span span = Declaring::span_in(item.text, option.value.begin, option.value.begin + option.value.text.size());
    const bool report = pass == Pass::types;
    if (option.name == "subtype") {
      subtype = &option;
      type.subtype = sql::analyze_type(option.value.text, d.world).type;
    } else if (option.name == "subtype_opclass") {
      type.operator_class = path_sql(option.path);
    } else if (option.name == "collation") {
      type.collation = path_sql(option.path);
      type.collation_object = collation_named(type.collation, pass == Pass::routines ? &span : nullptr, d);
    } else if (option.name == "subtype_diff") {
      difference = &option;
      type.difference = path_sql(option.path);
    } else if (option.name == "multirange_type_name") {
      type.multirange = option.path.back();
      type.names_multirange = true;
      if (report) d.needs_postgres(14, span, "the name of a multirange type", "leave it out");
    } else if (report && option.name == "canonical") {
      d.later(span, "a range type with a canonical function, which must exist before the type it takes,");
    } else if (report) {
      d.diagnostics.add(codes::bad_option, span, "a range type has no option `{}`", option.name)
          .hint("it takes `subtype`, `subtype_opclass`, `collation`, `subtype_diff` and `multirange_type_name`");
    }
  }
  if (subtype == nullptr) {
    if (pass == Pass::types) d.diagnostics.add(codes::bad_option, item.name->span, "a range type needs its `subtype`");
    return;
  }
  if (pass == Pass::types) {
    d.declare(std::move(type), item.name->span);
    return;
  }
  const auto* there = d.catalog.get<RangeType>(key(type));
  if (there == nullptr || there->origin.span != item.name->span) return;
  if (pass == Pass::routines) {
    name_is_free(key(type), item.name->span, d);
    d.type_name_part(item.text, subtype->value.begin, subtype->value.text);
  }
  if (pass == Pass::expressions && difference != nullptr) {
    std::vector<ObjectKey> functions;
    type.difference =
        option_function(*difference, type.subtype.text + ", " + type.subtype.text, item, functions, d).sql;
    if (!functions.empty()) type.difference_function = functions.front();
  }
  d.catalog.put(std::move(type));
}

}  // namespace godwit::kinds
