// SPDX-License-Identifier: Apache-2.0
// `type app.address (…)`, `type app.period as range (…)`: which of the two it is, and what stored values ask of both.
#include "compiler/kinds/types.h"

#include "base/identifier.h"
#include "compiler/data/text.h"
#include "compiler/kinds/spelling.h"

#include <algorithm>
#include <set>

namespace godwit::kinds {

namespace {

/// A column that holds values of a type, now or before the file's drops; `nested` when they stand inside of another
/// type's.
struct Holder {
  ObjectKey column;
  bool nested = false;
};

/// Columns of tables, through domains, arrays and other types.
std::vector<Holder> holders_of(const ObjectKey& type, const Catalog& catalog) {
  std::vector<Holder> found;
  std::set<ObjectKey> seen{type};
  std::vector<ObjectKey> queue{type};
  while (!queue.empty()) {
    const ObjectKey key = queue.back();
    queue.pop_back();
    std::vector<ObjectKey> all = catalog.dependents(key);
    for (const ObjectKey& one : catalog.dependents_before(key)) all.push_back(one);
    for (const ObjectKey& one : all) {
      if (!seen.insert(one).second) continue;
      if (is_type(one.kind)) queue.push_back(one);
      const Column* column = catalog.get<Column>(one);
      if (column == nullptr && one.kind == Kind::column) {
        const ObjectPtr before = catalog.before(one);
        column = before ? std::get_if<Column>(before.get()) : nullptr;
      }
      const bool holds = column != nullptr && (key.kind == Kind::collation || column->type.declared == key);
      if (holds) found.push_back({one, key != type});
    }
  }
  return found;
}

/// Dropped, and moved away with all that it holds.
bool is_kept(const ObjectKey& table, const Declaring& d) {
  return std::any_of(d.drops.begin(), d.drops.end(),
                     [&](const DropIntent& drop) { return drop.key == table && !drop.irreversible; });
}

Span place_of_drop(const ObjectKey& key, const Declaring& d) {
  for (const DropIntent& drop : d.drops) {
    if (drop.key == key) return drop.span;
  }
  return d.migration_span;
}

/// Its table is moved away with what it holds, and needs the type until finalize.
void check_dropped(const ObjectKey& type, Declaring& d) {
  for (const Holder& holder : holders_of(type, d.catalog)) {
    if (!is_kept(table_of(holder.column), d)) continue;
    d.diagnostics
        .add(codes::dependents_remain, place_of_drop(type, d),
             "{} is dropped, and {} keeps values of it until finalize", describe(type), describe(holder.column))
        .hint("drop it in a later migration, after finalize; or drop what holds its values with `irreversible`");
    return;
  }
}

/// The names of attributes that `to` has no longer, or with another type.
std::vector<std::string> attributes_lost(const CompositeType& from, const CompositeType& to) {
  std::vector<std::string> names;
  for (const Attribute& attribute : from.attributes) {
    if (std::find(to.attributes.begin(), to.attributes.end(), attribute) == to.attributes.end())
      names.push_back(attribute.name);
  }
  return names;
}

/// The first name of `lost` that the object's text spells.
std::string lost_name_in(const Object& object, const std::vector<std::string>& lost) {
  const Fragment* text = nullptr;
  if (const auto* view = std::get_if<View>(&object)) text = &view->query;
  if (const auto* view = std::get_if<MaterializedView>(&object)) text = &view->query;
  if (const auto* function = std::get_if<Function>(&object)) text = &function->definition;
  for (const std::string& name : lost) {
    if (text != nullptr && has_word(text->text, name)) return name;
  }
  return {};
}

/// A text that names an attribute which goes is to be declared anew: it would not be taken by the server, or fail when
/// it is called.
void check_texts(const ObjectKey& type, const CompositeType& from, const CompositeType& to, Declaring& d) {
  const std::vector<std::string> lost = attributes_lost(from, to);
  std::set<ObjectKey> seen{type};
  std::vector<ObjectKey> queue{type};
  while (!lost.empty() && !queue.empty()) {
    const ObjectKey key = queue.back();
    queue.pop_back();
    for (const ObjectKey& one : d.catalog.dependents(key)) {
      if (!seen.insert(one).second) continue;
      queue.push_back(one);
      const Object& object = *d.catalog.find(one);
      const std::string name = lost_name_in(object, lost);
      if (name.empty() || d.declared_here.contains(one)) continue;
      d.diagnostics
          .add(codes::dependents_remain, to.origin.span, "attribute `{}` of `{}` changes or goes, and {} names it",
               quoted(name), sql_name(type), describe(one))
          .note(span_of(object), "it is declared here")
          .hint("declare {} anew with the text that fits", describe(one));
    }
  }
}

void check_changed(const ObjectKey& type, const Object& before, const Object& after, Declaring& d) {
  const auto* from = std::get_if<CompositeType>(&before);
  const auto* to = std::get_if<CompositeType>(&after);
  const bool in_place = !alter_object(before, after).rebuild;
  const bool only_more = in_place && from != nullptr && from->attributes.size() < to->attributes.size();
  const std::string name = sql_name(type);
  for (const Holder& holder : holders_of(type, d.catalog)) {
    const std::string column = describe(holder.column);
    if (only_more && !holder.nested) continue;
    auto report =
        d.diagnostics.add(codes::stored_type, span_of(after), "{} holds values of `{}`, which changes", column, name);
    if (only_more) {
      report.note(span_of(after),
                  "what is written to a new attribute inside of another type cannot be told on the way back");
    } else if (in_place) {
      report.note(span_of(after), "the values of an attribute that goes would be lost");
    } else {
      report.note(span_of(after),
                  "PostgreSQL changes no type that is in use; only a composite type gets more attributes, at its end");
    }
    report.hint("declare a new type and a new column of it, fill that with `backfill`, and drop the old column");
    return;
  }
  if (from != nullptr) check_texts(type, *from, *to, d);
}

/// What has to be written or sorted again where the collation gets another definition, and cannot be made anew.
std::optional<ObjectKey> bound_to(const ObjectKey& collation, const Declaring& d) {
  const std::vector<Holder> holders = holders_of(collation, d.catalog);
  if (!holders.empty()) return holders.front().column;
  std::vector<ObjectKey> all = d.catalog.dependents(collation);
  for (const ObjectKey& one : d.catalog.dependents_before(collation)) all.push_back(one);
  for (const ObjectKey& one : all) {
    const ObjectPtr before = d.catalog.before(one);
    const auto owner = before ? parent_of(*before) : std::nullopt;
    if (one.kind == Kind::table || (owner && is_kept(*owner, d))) return one;
  }
  return std::nullopt;
}

void check_changed_collation(const ObjectKey& collation, const Object& after, Declaring& d) {
  const auto bound = bound_to(collation, d);
  if (!bound) return;
  d.diagnostics
      .add(codes::stored_type, span_of(after), "{} is bound to `{}`, which changes", describe(*bound),
           sql_name(collation))
      .note(span_of(after), "PostgreSQL changes nothing of how a collation sorts")
      .hint("declare a collation of another name, and let the columns have that one");
}

}  // namespace

void declare_type(const ast::Definition& item, Declaring& d, Pass pass) {
  if (!item.name) return;
  if (pass != Pass::types && pass != Pass::routines && pass != Pass::expressions) return;
  const auto text = sql::parse_type(item.text.text);
  if (!text) {
    if (pass == Pass::types) d.syntax_error(item.text, text.error().offset, text.error().message);
    return;
  }
  if (text->is_range) {
    declare_range_type(item, *text, d, pass);
  } else {
    declare_composite_type(item, *text, d, pass);
  }
}

void check_stored(Declaring& d) {
  for (const auto& [key, before] : d.catalog.touched()) {
    const bool is_stored = is_type(key.kind) || key.kind == Kind::collation;
    if (!is_stored || !before || d.renamed_keys.contains(key)) continue;
    const ObjectPtr after = d.catalog.pointer(key);
    if (!after) {
      check_dropped(key, d);
    } else if ((key.kind == Kind::composite_type || key.kind == Kind::range_type) && *before != *after) {
      check_changed(key, *before, *after, d);
    } else if (key.kind == Kind::collation && *before != *after) {
      check_changed_collation(key, *after, d);
    }
  }
}

Statements attributes_to_residue(const CompositeType& from, const CompositeType& to, const data::Surroundings& around) {
  Statements all;
  std::set<ObjectKey> came;  // by present name
  for (const auto& [old, present] : around.renames) came.insert(present);
  for (const Holder& holder : holders_of(key(to), around.catalog)) {
    const Column* column = around.catalog.get<Column>(holder.column);
    if (column == nullptr || holder.nested) continue;
    if (!around.catalog.before(holder.column) && !came.contains(holder.column)) continue;  // gone before the attribute
    const ObjectKey table = table_of(holder.column);
    const bool array = column->type.text.ends_with("[]");
    std::vector<std::string> written;
    for (std::size_t i = from.attributes.size(); i < to.attributes.size(); ++i)
      written.push_back((array ? "(one)." : "(leaving." + quoted(column->name) + ").") + quoted(to.attributes[i].name) +
                        " is not null");
    std::string condition = joined(written, " or ");
    if (array)
      condition = "exists (select from unnest(leaving." + quoted(column->name) + ") one where " + condition + ")";
    if (all.empty()) all.push_back(data::residue_table());
    const std::string name = quoted(table.schema, table.name) + '.' + quoted(column->name);
    all.push_back({"note the values written since to what is new in " + name,
                   data::to_residue(table, "leaving", data::row_key_now(table, around), "change " + describe(key(to)),
                                    literal("written since to column " + column->name.str()),
                                    quoted(table.schema, table.name) + " as leaving\n where " + condition, around),
                   {{table, Lock::access_share}},
                   Work::scan});
  }
  return all;
}

}  // namespace godwit::kinds
