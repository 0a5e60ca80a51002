// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/composite_type.h"

#include "base/identifier.h"
#include "compiler/kinds/collation.h"
#include "compiler/kinds/spelling.h"
#include "compiler/kinds/types.h"

#include <algorithm>

namespace godwit::kinds {

namespace {

std::string attribute_text(const Attribute& x) {
  return quoted(x.name) + ' ' + x.type.text + (x.collation.empty() ? "" : " collate " + x.collation);
}

/// Whether `longer` is `shorter` with more attributes behind.
bool continues(const CompositeType& shorter, const CompositeType& longer) {
  return shorter.attributes.size() <= longer.attributes.size() &&
         std::equal(shorter.attributes.begin(), shorter.attributes.end(), longer.attributes.begin());
}

}  // namespace

std::optional<ObjectKey> parent(const CompositeType&) { return std::nullopt; }

void needs(const CompositeType& x, std::vector<Need>& out) {
  need(schema_key(x.schema), out);
  for (const Attribute& attribute : x.attributes) {
    need(attribute.type, out);
    if (attribute.collation_object.key) need(*attribute.collation_object.key, out);
  }
}

void rename(CompositeType& x, const Renames& renames, RenamedBy) {
  const ObjectKey to = renamed_key(key(x), renames);
  x.schema = to.schema;
  x.name = to.name;
  for (Attribute& attribute : x.attributes) rename(attribute.type, renames);
}

Statements create(const CompositeType& x, const Parts&) {
  const std::string name = "create type " + quoted(x.schema, x.name);
  std::string sql;
  for (const Attribute& attribute : x.attributes)
    sql += (sql.empty() ? "\n    " : ",\n    ") + attribute_text(attribute);
  return {{name, name + " as (" + sql + (sql.empty() ? ")" : "\n)"), {}, Work::instant}};
}

Statements drop(const CompositeType& x) {
  const std::string sql = "drop type " + quoted(x.schema, x.name);
  return {{sql, sql, {}, Work::instant}};
}

// PostgreSQL puts a new attribute at the end, where nothing that is stored moves: a value without it reads as null
// there. So attributes come and go at the end only; for any other change the type is made anew, which `check_stored`
// refuses while a table holds its values.
Alteration alter(const CompositeType& from, const CompositeType& to) {
  if (!continues(from, to) && !continues(to, from)) return {true, false, {}};
  Alteration result;
  result.reshapes = true;  // a text that builds or takes apart a value fits one of the two definitions
  const std::string name = "alter type " + quoted(to.schema, to.name);
  for (std::size_t i = from.attributes.size(); i > to.attributes.size(); --i) {
    result.statements.push_back(
        {name, name + " drop attribute " + quoted(from.attributes[i - 1].name), {}, Work::instant});
  }
  for (std::size_t i = from.attributes.size(); i < to.attributes.size(); ++i) {
    result.statements.push_back({name, name + " add attribute " + attribute_text(to.attributes[i]), {}, Work::instant});
  }
  return result;
}

std::optional<std::string> part(const CompositeType&) { return std::nullopt; }

std::string verify(const CompositeType& x) {
  std::vector<std::string> names;
  std::string types;
  for (const Attribute& attribute : x.attributes) {
    names.push_back(attribute.name);
    types += (types.empty() ? "" : ", ") + ("to_regtype(" + literal(attribute.type.text) + ")");
  }
  const auto attributes = [](const std::string& column) {
    return "array(select a." + column +
           " from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0"
           " and not a.attisdropped order by a.attnum)";
  };
  return "exists (select from pg_catalog.pg_type t where t.oid = to_regtype(" + literal(quoted(x.schema, x.name)) +
         ") and t.typtype = 'c' and " + attributes("attname::text") + " = " + text_array(names) + " and " +
         attributes("atttypid") + " = array[" + types + "]::oid[])";
}

void declare_composite_type(const ast::Definition& item, const sql::TypeText& text, Declaring& d, Pass pass) {
  CompositeType type;
  type.schema = d.schema_for_new(*item.name);
  type.name = item.name->name.text;
  type.origin.span = item.name->span;
  for (const sql::TypeText::Attribute& attribute : text.attributes) {
    // Types that stand further below are not known yet: what is wrong with one is said in a later pass.
    type.attributes.push_back(
        {attribute.name, sql::analyze_type(attribute.type.text, d.world).type, attribute.collation, {}});
  }
  if (pass == Pass::types) {
    d.declare(std::move(type), item.name->span);
    return;
  }
  const auto* there = d.catalog.get<CompositeType>(key(type));
  if (pass != Pass::routines || there == nullptr || there->origin.span != item.name->span) return;
  name_is_free(key(type), item.name->span, d);
  for (std::size_t i = 0; i < text.attributes.size(); ++i) {
    const sql::TypeText::Attribute& written = text.attributes[i];
    const Span span = Declaring::span_in(item.text, written.begin, written.begin + written.name.size());
    type.attributes[i].collation_object = collation_named(type.attributes[i].collation, &span, d);
    bool is_serial = false;
    const std::size_t end = written.type.begin + written.type.text.size();
    d.type_name({written.type.text, Declaring::span_in(item.text, written.type.begin, end)}, &is_serial);
    if (is_serial) {
      d.diagnostics.add(codes::bad_option, span, "an attribute cannot be serial: it has no default")
          .hint("write `{}`", type.attributes[i].type.text);
    }
    if (type.attributes[i].type.declared == key(type)) {
      d.diagnostics.add(codes::bad_option, span, "`{}` cannot be a part of itself", quoted(type.schema, type.name));
    }
    for (std::size_t other = 0; other < i; ++other) {
      if (text.attributes[other].name != written.name) continue;
      d.diagnostics.add(codes::duplicate_name, span, "the attribute `{}` is listed twice", quoted(written.name));
    }
  }
  d.catalog.put(std::move(type));
}

}  // namespace godwit::kinds
