// SPDX-License-Identifier: Apache-2.0
// `drop …`: what goes, what goes along with it, and what would be left without its footing.
#include "base/identifier.h"
#include "compiler/data/text.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/default_privileges.h"
#include "compiler/kinds/inheritance.h"

#include <algorithm>
#include <map>
#include <set>

namespace godwit::kinds {

namespace {

void erase_with_children(Catalog& catalog, const ObjectKey& key) {
  for (const ObjectKey& child : catalog.children(key)) erase_with_children(catalog, child);
  catalog.erase(key);
}

/// What roles hold on the column stays with it under its reserved name; the catalog's grants speak of it no more.
void leave_grants(const ObjectKey& column, Declaring& d) {
  for (const ObjectKey& dependent : d.catalog.dependents(column)) {
    const auto* there = d.catalog.get<Grant>(dependent);
    if (there == nullptr || there->target != table_of(column)) continue;
    Grant grant = *there;
    for (Privilege& privilege : grant.privileges) {
      if (std::erase(privilege.columns, column.part) > 0 && privilege.columns.empty()) privilege.name.clear();
    }
    std::erase_if(grant.privileges, [](const Privilege& privilege) { return privilege.name.empty(); });
    if (grant.privileges.empty()) {
      d.catalog.erase(dependent);
    } else {
      d.catalog.put(std::move(grant));
    }
  }
}

/// The catalog keeps the column under its reserved name, free of what a new row would have to satisfy.
void hide_as(const ObjectKey& key, const std::string& name, Declaring& d) {
  leave_grants(key, d);
  Column hidden = *d.catalog.get<Column>(key);
  erase_with_children(d.catalog, key);
  hidden.name = name;
  hidden.hidden = true;
  hidden.not_null = false;
  hidden.default_sequence.key.reset();  // the sequence may be dropped too: it is kept as long as the column
  d.hidden_columns.emplace(key, Object(hidden));
  d.catalog.put(std::move(hidden));
}

/// Hides the column, and those that children have of it.
void hide(const ObjectKey& key, const std::vector<ObjectKey>& copies, Declaring& d) {
  std::vector<std::string> taken;
  std::vector<ObjectKey> all{key};
  all.insert(all.end(), copies.begin(), copies.end());
  for (const ObjectKey& one : all) {
    for (const ObjectKey& child : d.catalog.children(table_of(one))) {
      if (child.kind == Kind::column) taken.push_back(child.part);
    }
  }
  const std::string name = data::hidden_name(key.part, taken);
  for (const ObjectKey& one : all) hide_as(one, name, d);
}

/// A child that states an inherited column or check itself would keep it: PostgreSQL hides or drops it all the same.
bool copies_can_go(const ObjectKey& part, const std::vector<ObjectKey>& copies, bool archive, Span span, Declaring& d) {
  if (archive && !copies.empty()) {
    d.later(span, "`keep archive` for a column that other tables inherit");
    return false;
  }
  for (const ObjectKey& copy : copies) {
    if (inherited_in(*d.catalog.find(copy))->from != Inherited::From::both) continue;
    d.later(span, "dropping " + describe(part) + " while " + describe(copy) + " states it too");
    return false;
  }
  return true;
}

bool goes_with_column(Kind kind) {
  return kind == Kind::index || kind == Kind::primary_key || kind == Kind::unique || kind == Kind::check ||
         kind == Kind::foreign_key || kind == Kind::exclude || kind == Kind::statistics;
}

/// Constraints, indexes and statistics whose columns are all dropped go with them; one that also covers a column that
/// stays is left for `check_dependents` to report.
void drop_along(const ObjectKey& column, Declaring& d) {
  for (const ObjectKey& dependent : d.catalog.dependents(column)) {
    const Object& object = *d.catalog.find(dependent);
    const auto owner = parent_of(object);
    if (!goes_with_column(dependent.kind) || owner != table_of(column)) continue;
    const std::vector<Need> all = needs_of(object);
    const bool only_dropped = std::all_of(all.begin(), all.end(), [&](const Need& need) {
      const bool own_column = need.target.kind == Kind::column && table_of(need.target) == table_of(column);
      return !own_column || d.catalog.find(need.target) == nullptr;
    });
    if (only_dropped) erase_with_children(d.catalog, dependent);
  }
}

/// A sequence goes with the column that owns it.
void check_owned_sequences(Declaring& d) {
  for (const DropIntent& drop : d.drops) {
    const ObjectPtr before = d.catalog.before(drop.key);
    const auto* sequence = before ? std::get_if<Sequence>(before.get()) : nullptr;
    if (sequence == nullptr || !sequence->owned_by) continue;
    const ObjectKey& owner = renamed_key(*sequence->owned_by, d.renamed_keys);
    if (d.catalog.find(owner) != nullptr) continue;
    d.diagnostics
        .add(codes::no_effect, drop.span, "{} goes with {}, which owns it", describe(drop.key), describe(owner))
        .hint("leave its own `drop` out");
  }
}

/// `keep archive` is for what holds rows; a table is moved away whole in any case.
bool may_be_archived(const ObjectKey& key, const ast::Drop& statement, Span span, Declaring& d) {
  if (key.kind != Kind::column && key.kind != Kind::table) {
    d.diagnostics.add(codes::bad_option, span, "a {} has no rows to archive", name_of(key.kind));
    return false;
  }
  if (statement.irreversible) {
    d.diagnostics.add(codes::bad_option, span, "{} is either archived or dropped irreversibly", describe(key));
    return false;
  }
  const auto* column = d.catalog.get<Column>(key);
  if (column != nullptr && (column->identity || !column->serial.empty())) {
    d.later(span, "`keep archive` for an identity or serial column");
    return false;
  }
  return true;
}

/// What a table is made of is kept with it, its triggers and defaults included: they need what they call.
void check_needs_of_kept(Declaring& d) {
  std::map<ObjectKey, ObjectKey> old_names;
  for (const auto& [before, now] : d.renamed_keys) old_names.emplace(now, before);
  std::map<ObjectKey, Span> gone;
  for (const DropIntent& drop : d.drops) {
    const bool is_kept =
        drop.key.kind == Kind::table || drop.key.kind == Kind::column || drop.key.kind == Kind::sequence;
    if (drop.key.kind == Kind::schema) continue;  // what is kept has left it, partitions too
    if (!is_kept && !is_type(drop.key.kind)) gone.emplace(drop.key, drop.span);  // check_dropped looks at types
  }
  for (const DropIntent& drop : d.drops) {
    if (drop.key.kind != Kind::table || drop.irreversible) continue;
    const auto old = old_names.find(drop.key);
    for (const ObjectKey& part : d.catalog.children_before(old == old_names.end() ? drop.key : old->second)) {
      const ObjectPtr object = d.catalog.before(part);
      if (!object) continue;
      for (const Need& need : needs_of(*object)) {
        const auto dropped = gone.find(renamed_key(need.target, d.renamed_keys));
        if (need.soft || dropped == gone.end()) continue;
        d.diagnostics
            .add(codes::dependents_remain, dropped->second,
                 "{} is dropped, and {} of the dropped {} needs it until finalize", describe(dropped->first),
                 describe(part), describe(drop.key))
            .hint("drop it in a later migration, after finalize; or drop the table with `irreversible`");
        gone.erase(dropped);
      }
    }
  }
}

/// What is archived is found again by the key of its row.
void check_archives(Declaring& d) {
  for (const DropIntent& drop : d.drops) {
    if (!drop.archive || d.catalog.find(table_of(drop.key)) == nullptr) continue;
    const std::set<ObjectKey> none;
    const data::Surroundings around{d.catalog, d.renamed_keys, none, d.sources, {}};
    if (!data::row_key_now(table_of(drop.key), around).empty()) continue;
    d.diagnostics
        .add(codes::no_way_back, drop.span,
             "`{}` has no primary key by which the archived values of `{}` could be given back",
             sql_name(table_of(drop.key)), drop.key.part)
        .hint("leave `keep archive` out: the column is then hidden in place; or give the table a primary key");
  }
}

}  // namespace

bool refuse_derived(const ObjectKey& key, const std::string& what, Span span, Declaring& d) {
  if (key.kind != Kind::column || d.catalog.find(key) != nullptr) return false;
  const auto relation = d.world.relation_named(key.schema, key.name);
  const std::string whose = relation ? describe(*relation) : quoted(key.schema, key.name);
  d.diagnostics.add(codes::bad_option, span, "`{}` is a column of {} and cannot be {} by itself", key.part, whose, what)
      .hint("declare {} anew", whose);
  return true;
}

void declare(const ast::Drop& statement, Declaring& d, Pass pass) {
  if (pass == Pass::schemas) {  // all drops of the file are known by now
    for (const DropIntent& drop : d.drops) {
      if (drop.key.kind != Kind::column) continue;
      drop_along(drop.key, d);
      for (const ObjectKey& copy : d.dropped_copies[drop.key]) drop_along(copy, d);
    }
    return;
  }
  if (pass != Pass::drops) return;
  for (const ast::ObjectName& name : statement.objects) {
    const auto key = d.existing_object(name);
    if (!key) continue;
    const std::string& what = name.kind.text;
    if (what == "table" && key->kind != Kind::table) {
      d.diagnostics.add(codes::bad_option, name.span, "`{}` is a {}: `drop {} …;`", sql_name(*key), name_of(key->kind),
                        name_of(key->kind));
      continue;
    }
    if (refuse_derived(*key, "dropped", name.span, d)) continue;
    const bool archive = statement.keep_archive && key->kind == Kind::column;
    if (statement.keep_archive && !may_be_archived(*key, statement, name.span, d)) continue;
    if (key->kind == Kind::column && refuse_inherited(*key, "dropped", name.span, d)) continue;
    const std::vector<ObjectKey> copies = inherited_copies(*key, d.catalog);
    if (!copies_can_go(*key, copies, archive, name.span, d)) continue;
    d.drops.push_back({*key, statement.irreversible, name.span, archive});
    if (!copies.empty()) d.dropped_copies[*key] = copies;
    if (archive) {
      leave_grants(*key, d);
      erase_with_children(d.catalog, *key);
    } else if (key->kind == Kind::column && !statement.irreversible) {
      hide(*key, copies, d);
    } else {
      if (key->kind == Kind::schema) drop_default_privileges(*key, d);
      for (const ObjectKey& copy : copies) erase_with_children(d.catalog, copy);
      erase_with_children(d.catalog, *key);
    }
  }
}

void settle(Catalog& catalog) {
  std::vector<Column> changed;
  for (const auto& [key, before] : catalog.touched()) {
    const Column* column = catalog.get<Column>(key);
    if (column != nullptr && (column->using_expression || column->reverse_using)) changed.push_back(*column);
  }
  for (Column& column : changed) {
    column.using_expression.reset();
    column.reverse_using.reset();
    catalog.put(std::move(column));
  }
}

/// An owner holds every privilege: a grant to it changes nothing, and its way back would take from the owner.
void check_grants_to_owners(Declaring& d) {
  for (const auto& [key, before] : d.catalog.touched()) {
    const auto* grant = d.catalog.get<Grant>(key);
    if (grant == nullptr) continue;
    const auto* owner = d.catalog.get<Owner>(satellite_of(Kind::owner, grant->target));
    if (owner == nullptr || owner->role != grant->role) continue;
    d.diagnostics
        .add(codes::no_effect, grant->origin.span, "`{}` owns {} and holds every privilege on it", grant->role,
             describe(grant->target))
        .hint("leave the grant out");
  }
}

namespace {

/// The columns of a relation that has no objects for them; nullopt for any other object.
std::optional<std::vector<std::string>> columns_of(const Object& object) {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<OutputColumn>& output) {
    for (const OutputColumn& column : output) names.push_back(column.name);
  };
  if (const auto* view = std::get_if<View>(&object)) {
    add(view->output);
  } else if (const auto* materialized = std::get_if<MaterializedView>(&object)) {
    add(materialized->output);
  } else if (const auto* table = std::get_if<ForeignTable>(&object)) {
    for (const ForeignColumn& each : table->columns) names.push_back(each.column.name);
  } else {
    return std::nullopt;
  }
  return names;
}

/// What the query of a view gave before and gives no more, and what a foreign table had.
void add_lost_columns(const ObjectKey& relation, const Object& before, Declaring& d, std::vector<ObjectKey>& lost) {
  const Object* now = d.catalog.find(relation);
  const auto old_columns = columns_of(renamed_object(before, d.renamed_keys, RenamedBy::server));
  const auto columns = now == nullptr ? std::nullopt : columns_of(*now);
  if (!old_columns || !columns) return;
  for (const std::string& column : *old_columns) {
    if (std::find(columns->begin(), columns->end(), column) == columns->end())
      lost.push_back(column_key(relation, column));
  }
}

/// Satellites of columns that the relation has no more.
void forget_columns(const ObjectKey& key, Declaring& d) {
  const sql::Relation relation = d.relation(key);
  if (!relation.columns_known) return;
  const auto is_lost = [&](const std::string& name) {
    return std::none_of(relation.columns.begin(), relation.columns.end(),
                        [&](const OutputColumn& column) { return column.name == name; });
  };
  for (const ObjectKey& child : d.catalog.children(key)) {
    if (const auto* comment = d.catalog.get<Comment>(child); comment != nullptr && comment->relation) {
      if (is_lost(comment->target.part)) d.catalog.erase(child);
    } else if (const auto* held = d.catalog.get<Grant>(child)) {
      Grant grant = *held;
      for (Privilege& privilege : grant.privileges) {
        if (std::erase_if(privilege.columns, is_lost) > 0 && privilege.columns.empty()) privilege.name.clear();
      }
      std::erase_if(grant.privileges, [](const Privilege& privilege) { return privilege.name.empty(); });
      if (grant == *held) continue;
      if (grant.privileges.empty()) {
        d.catalog.erase(child);
      } else {
        d.catalog.put(std::move(grant));
      }
    }
  }
}

/// What was there before this migration and is there no more, columns of views included.
std::vector<ObjectKey> lost_objects(Declaring& d) {
  std::vector<ObjectKey> lost;
  for (const auto& [key, old] : d.catalog.touched()) {
    if (!old || d.renamed_keys.contains(key)) continue;
    if (d.catalog.find(key) == nullptr) {
      lost.push_back(key);
    } else {
      add_lost_columns(key, *old, d, lost);
    }
  }
  return lost;
}

Span place_of_loss(const ObjectKey& key, const Declaring& d) {
  for (const Kind kind : {Kind::foreign_table, Kind::view, Kind::materialized_view}) {
    const Object* view = d.catalog.find({kind, key.schema, key.name, {}, Kind::schema, {}});
    if (view != nullptr && key.kind == Kind::column) return span_of(*view);
  }
  for (const DropIntent& drop : d.drops) {
    const bool above = drop.key.kind == Kind::table && key.schema == drop.key.schema && key.name == drop.key.name;
    if (drop.key == key || above) return drop.span;
  }
  return d.migration_span;
}

}  // namespace

void forget_lost_columns(Declaring& d) {
  std::vector<ObjectKey> derived;
  for (const auto& [key, before] : d.catalog.touched()) {
    const Object* now = d.catalog.find(key);
    if (now != nullptr && columns_of(*now)) derived.push_back(key);
  }
  for (const ObjectKey& key : derived) forget_columns(key, d);
}

void check_dependents(Declaring& d) {
  check_grants_to_owners(d);
  check_archives(d);
  check_needs_of_kept(d);
  check_dropped_partitions(d);
  check_owned_sequences(d);
  std::set<ObjectKey> reported;
  for (const ObjectKey& key : lost_objects(d)) {
    for (const ObjectKey& dependent : d.catalog.dependents(key)) {
      const Object& object = *d.catalog.find(dependent);
      const std::vector<Need> all = needs_of(object);
      const bool hard =
          std::any_of(all.begin(), all.end(), [&](const Need& need) { return need.target == key && !need.soft; });
      if (!hard && !has_arguments(dependent.kind)) continue;
      if (!reported.insert(dependent).second) continue;
      const Span place = place_of_loss(key, d);
      const auto* column = std::get_if<Column>(&object);
      if (column != nullptr && column->hidden) {
        d.diagnostics
            .add(codes::dependents_remain, place, "{} is dropped, and the hidden {} keeps values of it until finalize",
                 describe(key), describe(dependent))
            .hint("drop it in a later migration, after finalize; or drop the column with `irreversible`");
        continue;
      }
      if (dependent.kind == Kind::replica_identity) {
        d.diagnostics
            .add(codes::dependents_remain, place, "{} is dropped, and it is the {}", describe(key), describe(dependent))
            .note(span_of(object), "it is declared here")
            .hint("give the table another one in the same migration, such as `replica identity default;`");
        continue;
      }
      d.diagnostics
          .add(codes::dependents_remain, place, "{} is dropped, and {} still uses it", describe(key),
               describe(dependent))
          .note(span_of(object), "it is declared here")
          .hint("declare it anew without {}, or drop it in the same migration",
                key.part.empty() || key.kind == Kind::operator_ || key.kind == Kind::cast ? sql_name(key)
                                                                                          : '`' + key.part.str() + '`');
    }
  }
}

}  // namespace godwit::kinds
