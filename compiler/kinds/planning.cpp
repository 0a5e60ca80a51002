// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/planning.h"

#include "base/identifier.h"
#include "compiler/kinds/extension.h"
#include "compiler/kinds/partition.h"
#include "compiler/model/ledger.h"

#include <algorithm>
#include <set>

namespace godwit::kinds {

namespace {

/// What holds for every object of a kind; the questions are those of planning.h.
struct Traits {
  bool holds_data = false;
  bool follows_type_change = false;
  bool waits_for_rows = false;
  bool belongs_to_contract = false;
  bool names_a_relation = false;
  bool names_an_index = false;
  bool is_lockable = false;
  bool moves_when_dropped = false;
  bool tightens = false;
  bool comes_last = false;
  bool leaves_last = false;
};

constexpr Traits traits_of(Kind kind) {
  switch (kind) {
    case Kind::schema: return {.holds_data = true};
    case Kind::extension: return {.holds_data = true};
    case Kind::enum_type: return {.holds_data = true};
    case Kind::collation:
    case Kind::operator_:
    case Kind::cast:
    case Kind::domain:
    case Kind::composite_type:
    case Kind::range_type:
    case Kind::foreign_data_wrapper:
    case Kind::foreign_server: return {};
    // What uses them names them in a string: they are made before it, and go behind it.
    case Kind::text_search_dictionary:
    case Kind::text_search_configuration: return {.leaves_last = true};
    case Kind::sequence: return {.holds_data = true, .names_a_relation = true, .moves_when_dropped = true};
    case Kind::table:
      return {.holds_data = true, .names_a_relation = true, .is_lockable = true, .moves_when_dropped = true};
    case Kind::column: return {.holds_data = true};
    case Kind::primary_key:
    case Kind::unique:
    case Kind::exclude:
      return {.follows_type_change = true, .names_a_relation = true, .names_an_index = true, .tightens = true};
    case Kind::check:
    case Kind::foreign_key: return {.follows_type_change = true, .tightens = true};
    case Kind::function:
    case Kind::aggregate: return {.belongs_to_contract = true};
    case Kind::foreign_table:
    case Kind::view: return {.belongs_to_contract = true, .names_a_relation = true};
    case Kind::materialized_view:
      return {.waits_for_rows = true, .belongs_to_contract = true, .names_a_relation = true};
    case Kind::index: return {.follows_type_change = true, .waits_for_rows = true, .names_a_relation = true};
    case Kind::replica_identity:
    case Kind::inheritance:
    case Kind::statistics: return {.follows_type_change = true};
    case Kind::trigger: return {.waits_for_rows = true, .belongs_to_contract = true};
    case Kind::rule: return {.waits_for_rows = true, .belongs_to_contract = true};
    case Kind::policy: return {.belongs_to_contract = true};
    case Kind::publication: return {.belongs_to_contract = true};
    case Kind::publication_table: return {.belongs_to_contract = true};
    // What the migration makes has the privileges that the specs say: they come behind it.
    case Kind::default_privileges: return {.belongs_to_contract = true, .comes_last = true};
    // It fires for what the rest of the migration does: it comes as late as it can.
    case Kind::event_trigger: return {.waits_for_rows = true, .belongs_to_contract = true};
    case Kind::owner:
    case Kind::grant:
    case Kind::comment: return {.follows_type_change = true, .belongs_to_contract = true};
  }
  return {};
}

}  // namespace

bool holds_data(Kind kind) { return traits_of(kind).holds_data; }

bool follows_type_change(Kind kind) { return traits_of(kind).follows_type_change; }

bool waits_for_rows(Kind kind) { return traits_of(kind).waits_for_rows; }

bool belongs_to_contract(Kind kind) { return traits_of(kind).belongs_to_contract; }

bool names_a_relation(Kind kind) { return traits_of(kind).names_a_relation; }

bool names_an_index(Kind kind) { return traits_of(kind).names_an_index; }

bool builds_index(Kind kind) { return kind == Kind::index || names_an_index(kind); }

bool is_lockable(Kind kind) { return traits_of(kind).is_lockable; }

bool moves_when_dropped(Kind kind) { return traits_of(kind).moves_when_dropped; }

bool comes_last(Kind kind) { return traits_of(kind).comes_last; }

bool leaves_last(Kind kind) { return traits_of(kind).leaves_last; }

bool is_column(Kind kind) { return kind == Kind::column; }

bool stays_inside(Kind kind) { return kind == Kind::column || kind == Kind::inheritance; }

bool is_renamed_first(Kind kind) { return names_a_relation(kind) && !names_an_index(kind) && kind != Kind::index; }

std::optional<RelationName> relation_name(const ObjectKey& key) {
  if (!names_a_relation(key.kind)) return std::nullopt;
  return RelationName{key.schema, names_an_index(key.kind) ? key.part : key.name};
}

Statements leftovers_of(const Object& object) {
  const auto* extension = std::get_if<Extension>(&object);
  if (extension == nullptr || !extension->required) return {};
  return {{"forget who made extension " + quoted(extension->name),
           "do $$ begin\n  if to_regclass(" + literal(made_extension_mark(*extension)) +
               ") is not null then\n    drop table " + made_extension_mark(*extension) + ";\n  end if;\nend $$",
           {},
           Work::instant}};
}

std::optional<Object> relaxed(const Object& object) {
  const auto* column = std::get_if<Column>(&object);
  if (column == nullptr || !column->not_null || column->default_value || column->generated || column->identity ||
      !column->serial.empty()) {
    return std::nullopt;
  }
  Column nullable = *column;
  nullable.not_null = false;
  return nullable;
}

std::optional<Object> forerunner(const Object& object) {
  const auto* sequence = std::get_if<Sequence>(&object);
  if (sequence == nullptr || !sequence->owned_by) return std::nullopt;
  Sequence free = *sequence;
  free.owned_by.reset();
  return free;
}

namespace {

/// Whether making `from` takes `target`, over others or not.
bool takes(const ObjectKey& from, const ObjectKey& target, const Catalog& catalog) {
  std::set<ObjectKey> seen{from};
  std::vector<ObjectKey> queue{from};
  while (!queue.empty()) {
    const ObjectKey key = queue.back();
    queue.pop_back();
    if (key == target) return true;
    const Object* object = catalog.find(key);
    if (object == nullptr) continue;
    for (const Need& need : needs_of(*object)) {
      if (seen.insert(need.target).second) queue.push_back(need.target);
    }
    for (const ObjectKey& child : catalog.children(key)) {
      if (seen.insert(child).second) queue.push_back(child);
    }
  }
  return false;
}

bool holds_expressions(Kind kind) {
  return kind == Kind::table || kind == Kind::column || kind == Kind::check || kind == Kind::domain ||
         kind == Kind::foreign_table || kind == Kind::function || kind == Kind::view ||
         kind == Kind::materialized_view || kind == Kind::index || kind == Kind::trigger || kind == Kind::policy ||
         kind == Kind::rule;
}

/// An expression may use a cast, an operator or a text search configuration that it does not name: these come first
/// where they can.
void after_casts(const Object& object, const Catalog& catalog, std::vector<Need>& out) {
  const ObjectKey key = key_of(object);
  if (!holds_expressions(key.kind)) return;
  std::vector<ObjectKey> used = catalog.keys(Kind::operator_);
  for (const Kind kind : {Kind::cast, Kind::text_search_configuration}) {
    for (ObjectKey& one : catalog.keys(kind)) used.push_back(std::move(one));
  }
  // What one of them takes stands before them all: it could come after none without a circle.
  if (std::any_of(used.begin(), used.end(), [&](const ObjectKey& one) { return takes(one, key, catalog); })) return;
  for (ObjectKey& one : used) out.push_back({std::move(one), true});
}

}  // namespace

std::vector<Need> made_before(const Object& object, const Catalog& catalog) {
  std::vector<Need> others;
  after_casts(object, catalog, others);
  if (const auto* column = std::get_if<Column>(&object)) {
    const std::vector<ObjectKey> parts = catalog.children(*parent_of(object));  // columns in their order
    const auto here = std::find(parts.begin(), parts.end(), key(*column));
    if (here != parts.begin() && std::prev(here)->kind == Kind::column) others.push_back({*std::prev(here), true});
    return others;
  }
  const auto* table = std::get_if<Table>(&object);
  if (table == nullptr || !table->partition_of || !is_default_bound(table->partition_of->bound)) return others;
  for (const ObjectKey& child : catalog.children(table->partition_of->table)) {
    if (child.kind == Kind::table && child != key(*table)) others.push_back({child, false});
  }
  return others;
}

bool tightens(const Object* from, const Object& to) {
  if (const auto* column = std::get_if<Column>(&to)) {
    const auto* before = from == nullptr ? nullptr : std::get_if<Column>(from);
    return before != nullptr && !before->not_null && column->not_null;
  }
  if (const auto* index = std::get_if<Index>(&to)) return index->unique;
  return traits_of(key_of(to).kind).tightens;
}

}  // namespace godwit::kinds
