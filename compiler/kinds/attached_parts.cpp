// SPDX-License-Identifier: Apache-2.0
// What a partition has of its table, as parts of a table of its own: to compare, to make, and to leave it with.
#include "base/identifier.h"
#include "compiler/kinds/attachment.h"

#include <algorithm>
#include <set>

namespace godwit::kinds {

namespace {

bool is_shared(Kind kind) {
  return kind == Kind::primary_key || kind == Kind::unique || kind == Kind::check || kind == Kind::foreign_key ||
         kind == Kind::exclude || kind == Kind::index;
}

Renames columns_from(const ObjectKey& from, const ObjectKey& to, const Catalog& catalog) {
  Renames renames;
  for (const ObjectKey& child : catalog.children(from)) {
    if (child.kind == Kind::column) renames[child] = column_key(to, child.part);
  }
  return renames;
}

ObjectKey key_in(const ObjectKey& part, const ObjectKey& table, const std::string& name) {
  if (part.kind == Kind::index) return {Kind::index, table.schema, name, {}, Kind::schema, {}};
  return {part.kind, table.schema, table.name, name, Kind::schema, {}};
}

Object as_part_of(const Object& part, const ObjectKey& from, const ObjectKey& to, const std::string& name,
                  const Catalog& catalog) {
  if (const auto* foreign = std::get_if<ForeignKey>(&part)) {  // one that refers to its own table goes on doing so
    ForeignKey own = *foreign;
    own.schema = to.schema;
    own.table = to.name;
    own.name = name;
    return own;
  }
  Renames renames = columns_from(from, to, catalog);
  renames[from] = to;
  renames[key_of(part)] = key_in(key_of(part), to, name);
  return renamed_object(part, renames, RenamedBy::spec);
}

std::string name_of_part(const ObjectKey& part) { return part.part.empty() ? part.name : part.part; }

/// PostgreSQL takes those that are only included into the name, too.
std::string columns_text(const Object& part) {
  std::vector<std::string> columns, include;
  if (const auto* unique = std::get_if<Unique>(&part)) {
    columns = unique->columns;
    include = unique->include;
  }
  if (const auto* index = std::get_if<Index>(&part)) {
    for (const IndexElement& element : index->elements)
      columns.push_back(element.column.empty() ? "expr" : element.column);
    include = index->include;
  }
  if (const auto* exclude = std::get_if<Exclude>(&part)) {
    for (const Reference& reference : exclude->definition.references) {
      if (reference.target.kind == Kind::column) columns.push_back(reference.target.part);
    }
  }
  columns.insert(columns.end(), include.begin(), include.end());
  return joined(columns, "_");
}

/// Names for parts of one table, none of them taken in its schema.
class Names {
 public:
  Names(const ObjectKey& table, const Catalog& catalog) : table_(table), catalog_(catalog) {
    for (const ObjectKey& child : catalog.children(table)) given_.insert(name_of_part(child));
  }

  std::string name(const Object& part) {
    const Kind kind = key_of(part).kind;
    const bool is_relation = kind != Kind::check && kind != Kind::foreign_key;
    const std::string suffix = kind == Kind::primary_key   ? "pkey"
                               : kind == Kind::unique      ? "key"
                               : kind == Kind::exclude     ? "excl"
                               : kind == Kind::foreign_key ? "fkey"
                                                           : "idx";
    std::string wanted = is_relation ? "" : name_of_part(key_of(part));  // these keep the name of the table's
    for (int number = 0; wanted.empty() || is_taken(wanted, is_relation); ++number) {
      wanted = default_object_name(table_.name.str(), columns_text(part),
                                   number == 0 ? suffix : suffix + std::to_string(number));
    }
    given_.insert(wanted);
    return wanted;
  }

 private:
  bool is_taken(const std::string& name, bool is_relation) const {
    if (given_.contains(name)) return true;
    if (!is_relation) return false;
    for (const Kind kind : {Kind::table, Kind::view, Kind::materialized_view, Kind::sequence, Kind::index}) {
      if (catalog_.find({kind, table_.schema, name, {}, Kind::schema, {}}) != nullptr) return true;
    }
    return !catalog_.constraints_named(table_.schema, name).empty();
  }

  const ObjectKey& table_;
  const Catalog& catalog_;
  std::set<std::string> given_;
};

}  // namespace

std::vector<SharedPart> shared_parts(const ObjectKey& table, const ObjectKey& root, const Catalog& catalog) {
  std::vector<SharedPart> parts;
  std::set<ObjectKey> taken;
  const auto same_in_table = [&](const Object& part) -> const Object* {
    for (const ObjectKey& child : catalog.children(table)) {
      if (child.kind != key_of(part).kind || taken.contains(child)) continue;
      if (child.kind == Kind::check && child.part != key_of(part).part) continue;  // PostgreSQL goes by their names
      const Object& own = *catalog.find(child);
      if (as_part_of(part, root, table, name_of_part(child), catalog) == own) return &own;
    }
    return nullptr;
  };
  Names names(table, catalog);
  for (const ObjectKey& child : catalog.children(root)) {
    if (!is_shared(child.kind)) continue;
    const Object& part = *catalog.find(child);
    if (const Object* own = same_in_table(part)) {
      taken.insert(key_of(*own));
      parts.push_back({child, *own, true});
    } else {
      parts.push_back({child, as_part_of(part, root, table, names.name(part), catalog), false});
    }
  }
  return parts;
}

Column column_as_of(const Column& column, const ObjectKey& table, const Catalog& catalog) {
  const ObjectKey from = table_of(key(column));
  Column own = std::get<Column>(as_part_of(column, from, table, column.name.str(), catalog));
  if (!own.serial.empty()) own.serial_of = key(column);
  own.serial.clear();
  own.identity.reset();
  own.inherited = {};
  return own;
}

std::vector<ObjectKey> tables_below(const ObjectKey& table, const Catalog& catalog) {
  std::vector<ObjectKey> all{table};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const ObjectKey& child : catalog.children(ObjectKey(all[i]))) {
      if (child.kind == Kind::table) all.push_back(child);
    }
  }
  return all;
}

Reading reading_of(const ObjectKey& dependent, const ObjectKey& partition, const ObjectKey& root,
                   const Catalog& catalog) {
  const std::vector<ObjectKey> own = tables_below(partition, catalog), family = tables_below(root, catalog);
  const auto in = [](const std::vector<ObjectKey>& tables, const ObjectKey& key) {
    return std::find(tables.begin(), tables.end(), key) != tables.end();
  };
  bool reads = false, others = false;
  for (const Need& need : needs_of(*catalog.find(dependent))) {
    reads = reads || (need.target.kind == Kind::column && table_of(need.target) == root);
    others = others || (need.target.kind == Kind::table && in(family, need.target) && !in(own, need.target));
  }
  if (dependent.kind == Kind::table) return reads ? Reading::partition : Reading::nothing;
  for (const ObjectKey& caller : catalog.dependents(dependent))  // whose rows are its `new` and `old`
    others = others || (caller.kind == Kind::trigger && in(family, table_of(caller)));
  return !reads ? Reading::nothing : others ? Reading::unclear : Reading::partition;
}

std::vector<ObjectKey> readers_of(const ObjectKey& partition, const Catalog& catalog) {
  std::vector<ObjectKey> readers = tables_below(partition, catalog);
  for (const ObjectKey& table : tables_below(partition, catalog)) {
    for (ObjectKey& dependent : catalog.dependents(table)) readers.push_back(std::move(dependent));
  }
  std::sort(readers.begin(), readers.end());
  readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
  return readers;
}

}  // namespace godwit::kinds
