// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/inheritance.h"

#include "base/identifier.h"
#include "compiler/data/text.h"
#include "compiler/kinds/descent.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::kinds {

namespace {

/// No column and no constraint begins like this.
constexpr std::string_view parent_mark = ") inherits ";

Statement tied(const Inheritance& x, const std::string& words) {
  const std::string child = quoted(x.schema, x.table), parent = quoted(x.parent.schema, x.parent.name);
  return {"let " + child + (words == "inherit" ? " inherit from " : " inherit no more from ") + parent,
          "alter table " + child + ' ' + words + ' ' + parent,
          {{table_of(key(x)), Lock::access_exclusive}, {x.parent, Lock::share_update_exclusive}},
          Work::instant};
}

}  // namespace

std::optional<std::string_view> parent_in(std::string_view part) {
  if (!part.starts_with(parent_mark)) return std::nullopt;
  return part.substr(parent_mark.size());
}

std::optional<ObjectKey> parent(const Inheritance& x) { return table_of(key(x)); }

// What both have is soft: a change of it reaches the child through the tie, which stays.
void needs(const Inheritance& x, std::vector<Need>& out) {
  out.push_back({x.parent, false});
  for (const ObjectKey& one : x.shared.keys) out.push_back({one, true});
}

void rename(Inheritance& x, const Renames& renames, RenamedBy) {
  const ObjectKey child = renamed_key(table_of(key(x)), renames);
  x.schema = child.schema;
  x.table = child.name;
  x.parent = renamed_key(x.parent, renames);
  for (ObjectKey& one : x.shared.keys) one = renamed_key(one, renames);
}

Statements create(const Inheritance& x, const Parts&) { return {tied(x, "inherit")}; }

Statements drop(const Inheritance& x) { return {tied(x, "no inherit")}; }

Alteration alter(const Inheritance&, const Inheritance&) { return {}; }

std::optional<std::string> part(const Inheritance& x) {
  if (x.shared.apart) return std::nullopt;
  return std::string(parent_mark) + quoted(x.parent.schema, x.parent.name);
}

Verification verify(const Inheritance& x) {
  return {
      "exists (select from pg_catalog.pg_inherits i where i.inhrelid = to_regclass(d.child)\n"
      "      and i.inhparent = to_regclass(d.parent))",
      {{"child", literal(quoted(x.schema, x.table))}, {"parent", literal(quoted(x.parent.schema, x.parent.name))}}};
}

std::vector<ObjectKey> inheritors(const ObjectKey& table, const Catalog& catalog) {
  std::vector<ObjectKey> below;
  if (!catalog.has(Kind::inheritance)) return below;
  std::vector<ObjectKey> level{table};
  while (!level.empty()) {
    std::vector<ObjectKey> next;
    for (const ObjectKey& one : level) {
      for (const ObjectKey& dependent : catalog.dependents(one)) {
        const auto* tie = catalog.get<Inheritance>(dependent);
        if (tie == nullptr || tie->parent != one) continue;
        ObjectKey child = table_of(dependent);
        std::erase(below, child);  // it stands behind all that it inherits from
        below.push_back(child);
        next.push_back(std::move(child));
      }
    }
    level = std::move(next);
  }
  return below;
}

const Inherited* inherited_in(const Object& object) {
  if (const auto* column = std::get_if<Column>(&object)) return &column->inherited;
  if (const auto* check = std::get_if<Check>(&object)) return &check->inherited;
  return nullptr;
}

std::vector<ObjectKey> inherited_copies(const ObjectKey& part, const Catalog& catalog) {
  std::vector<ObjectKey> copies;
  if (part.kind != Kind::column && part.kind != Kind::check) return copies;
  for (const ObjectKey& child : inheritors(table_of(part), catalog)) {
    ObjectKey copy{part.kind, child.schema, child.name, part.part, Kind::schema, {}};
    const Object* object = catalog.find(copy);
    if (object != nullptr && inherited_in(*object)->from != Inherited::From::nowhere) copies.push_back(std::move(copy));
  }
  return copies;
}

Statement drop_hidden_with_copies(const Statement& drop, const std::string& migration, const ObjectKey& column,
                                  const std::string& hidden) {
  Statement all = drop;
  all.sql = data::block(
      "  below regclass[];\n  child regclass;",
      fmt::format(
          "  with recursive tree (relation) as (\n"
          "    select i.inhrelid from godwit.hidden_column h\n"
          "      join pg_catalog.pg_inherits i on i.inhparent = h.relation\n"
          "     where (h.migration, h.table_schema, h.table_name, h.name) = ({}, {}, {}, {})\n"
          "    union select i.inhrelid from tree t join pg_catalog.pg_inherits i on i.inhparent = t.relation)\n"
          "  select array_agg(relation::regclass) into below from tree;\n"
          "  perform {};\n"
          "  loop  -- a child's own goes once its parents have it no more\n"
          "    select a.attrelid::regclass into child from pg_catalog.pg_attribute a\n"
          "     where a.attrelid = any (below) and a.attname = {} and not a.attisdropped and a.attinhcount = 0\n"
          "     limit 1;\n"
          "    exit when child is null;\n"
          "    execute format('alter table %s drop column %I', child, {});\n"
          "  end loop;",
          literal(migration), literal(column.schema), literal(column.name), literal(hidden),
          drop.sql.substr(std::string_view("select ").size()), literal(hidden), literal(hidden)));
  return all;
}

Object followed(const Object& child, const Object& parent_before, const Object& parent_after) {
  if (const auto* check = std::get_if<Check>(&child)) {
    Check same = *check;
    same.not_valid = std::get<Check>(parent_after).not_valid;
    return same;
  }
  Column column = std::get<Column>(child);
  const auto& from = std::get<Column>(parent_before);
  const auto& to = std::get<Column>(parent_after);
  const auto follow = [&](auto member) {
    if (!(from.*member == to.*member)) column.*member = to.*member;
  };
  const bool type_changes = !(from.type == to.type) || from.collation != to.collation;
  follow(&Column::type);
  follow(&Column::collation);
  follow(&Column::not_null);
  if (type_changes || from.default_value != to.default_value) column.default_value = to.default_value;
  follow(&Column::generated);
  if (type_changes || from.storage != to.storage) column.storage = to.storage;
  follow(&Column::statistics);
  return column;
}

}  // namespace godwit::kinds
