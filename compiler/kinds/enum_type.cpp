// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/enum_type.h"

#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/names.h"
#include "compiler/kinds/spelling.h"

#include <algorithm>
#include <set>

namespace godwit::kinds {

namespace {

/// PostgreSQL's limit for a label, in bytes (manual 15, section 8.7).
constexpr std::size_t max_label_bytes = max_identifier_bytes;

/// Reports labels PostgreSQL would refuse; the list without them.
std::vector<std::string> labels_of(const ast::Enum& item, Declaring& d) {
  std::vector<std::string> labels;
  std::set<std::string> seen;
  for (const ast::Text& value : item.values) {
    if (value.value.size() > max_label_bytes) {
      d.diagnostics.add(codes::bad_option, value.span, "an enum value of {} bytes; PostgreSQL takes at most {}",
                        value.value.size(), max_label_bytes);
    } else if (!seen.insert(value.value).second) {
      d.diagnostics.add(codes::duplicate_name, value.span, "the value {} is listed twice", literal(value.value));
    } else {
      labels.push_back(value.value);
    }
  }
  return labels;
}

}  // namespace

std::optional<ObjectKey> parent(const EnumType&) { return std::nullopt; }

void needs(const EnumType& x, std::vector<Need>& out) { need(schema_key(x.schema), out); }

void rename(EnumType& x, const Renames& renames, RenamedBy) {
  const ObjectKey own = key(x);
  for (std::string& value : x.values) {
    ObjectKey of_value = own;
    of_value.part = value;
    value = renamed_key(of_value, renames).part;
  }
  const ObjectKey to = renamed_key(own, renames);
  x.schema = to.schema;
  x.name = to.name;
}

Statements create(const EnumType& x, const Parts&) {
  const std::string name = quoted(x.schema, x.name);
  return {
      {"create enum " + name, "create type " + name + " as enum (" + literal_list(x.values) + ")", {}, Work::instant}};
}

Statements drop(const EnumType& x) {
  const std::string name = quoted(x.schema, x.name);
  return {{"drop enum " + name, "drop type " + name, {}, Work::instant}};
}

// Another list of values concerns the rows that hold them: see enum_values.h.
Alteration alter(const EnumType&, const EnumType&) { return {}; }

bool is_value(const std::string& text, const std::string& value, const ObjectKey& type) {
  const std::string plain = literal(value);
  return text == plain || text == plain + "::" + quoted(type.schema, type.name);
}

void rename_value(Fragment& value, const Rare<ObjectKey>& type, const Renames& renames) {
  if (!type || type->kind != Kind::enum_type) return;
  for (const auto& [from, to] : renames) {
    const bool of_type = from.kind == type->kind && from.schema == type->schema && from.name == type->name;
    if (!of_type || from.part.empty() || !is_value(value.text, from.part, *type)) continue;
    const std::string old_text = literal(from.part), new_text = literal(to.part);
    for (std::string* text : {&value.text, &value.normal}) {
      if (text->starts_with(old_text)) text->replace(0, old_text.size(), new_text);
    }
    const auto by = static_cast<std::uint32_t>(new_text.size() - old_text.size());
    for (Reference& reference : value.references) {
      reference.begin += by;
      reference.end += by;
      reference.qualifier += by;
    }
    return;
  }
}

std::optional<std::string> part(const EnumType&) { return std::nullopt; }

std::string verify(const EnumType& x) {
  return "exists (select from pg_catalog.pg_type t where t.oid = to_regtype(" + literal(quoted(x.schema, x.name)) +
         ") and array(select e.enumlabel::text from pg_catalog.pg_enum e where e.enumtypid = t.oid order by "
         "e.enumsortorder) = " +
         text_array(x.values) + ")";
}

void declare(const ast::Enum& item, Declaring& d, Pass pass) {
  if (pass == Pass::keys) {
    name_is_free({Kind::enum_type, d.schema_for_new(item.name), item.name.name.text, {}, Kind::schema, {}},
                 item.name.span, d);
  }
  if (pass != Pass::types) return;
  EnumType type{d.schema_for_new(item.name), item.name.name.text, labels_of(item, d), {item.name.span}};
  const auto* existing = d.catalog.get<EnumType>(key(type));
  if (existing != nullptr && existing->values != type.values && !d.declared_here.contains(key(type))) {
    const auto& dropped = d.dropped_values[key(type)];
    for (const ast::Text& value : item.values) {
      if (!dropped.contains(value.value)) continue;
      d.diagnostics.add(codes::no_effect, value.span, "the value {} is declared here and dropped by the same file",
                        literal(value.value));
      return;
    }
    for (const std::string& value : existing->values) {
      if (std::find(type.values.begin(), type.values.end(), value) != type.values.end()) continue;
      const std::string name = quoted(type.schema, type.name);
      d.diagnostics
          .add(codes::enum_value_removed, item.name.span, "the value {} of `{}` is not declared any more",
               literal(value), name)
          .hint("write `drop value {} {} using '…';` to remove it, with the value its rows get", name, literal(value));
      return;
    }
  }
  d.declare(std::move(type), item.name.span);
}

}  // namespace godwit::kinds
