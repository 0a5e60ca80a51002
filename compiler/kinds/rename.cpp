// SPDX-License-Identifier: Apache-2.0
// `rename table|column … -> …`: every key that changes with it, and every text that mentions one.
#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/enum_type.h"
#include "compiler/kinds/inheritance.h"

#include <algorithm>
#include <array>
#include <set>

namespace godwit::kinds {

namespace {

/// What has constraints and indexes that are called after it.
bool names_its_parts(const ObjectKey& key) { return key.kind == Kind::table || key.kind == Kind::materialized_view; }

/// A relation whose columns are no objects of their own.
bool holds_its_columns(Kind kind) { return is_relation(kind) && kind != Kind::table; }

/// The name of the sequence that PostgreSQL makes for an identity or serial column.
std::string sequence_name(const std::string& table, const std::string& column) {
  return default_object_name(table, column, "seq");
}

ObjectKey sequence_key(const std::string& schema, const std::string& name) {
  return {Kind::sequence, schema, name, {}, Kind::schema, {}};
}

/// All keys below `key`: children, their satellites, and so on.
void collect(const Catalog& catalog, const ObjectKey& key, std::vector<ObjectKey>& out) {
  out.push_back(key);
  for (const ObjectKey& child : catalog.children(key)) collect(catalog, child, out);
}

/// A default name, possibly numbered: `deals_pkey`, `deals_check1`.
bool carries_default_name(const std::string& name, const std::string& default_name) {
  if (default_name.empty() || !name.starts_with(default_name)) return false;
  return std::all_of(name.begin() + static_cast<std::ptrdiff_t>(default_name.size()), name.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

const std::string& own_name(const ObjectKey& key) {
  return key.part.empty() || has_arguments(key.kind) ? key.name : key.part;
}

ObjectKey with_own_name(ObjectKey key, const std::string& name) {
  (key.part.empty() ? key.name : key.part) = name;
  return key;
}

/// The enum of a value's key.
ObjectKey without_part(ObjectKey key) {
  key.part = {};
  return key;
}

/// What the renames make of a key, following its table, its column, and its own new name.
class NewKeys {
 public:
  explicit NewKeys(const std::vector<RenameIntent>& intents) {
    for (const RenameIntent& intent : intents) explicit_.emplace(intent.from, intent.to);
  }

  ObjectKey operator()(const ObjectKey& key) const {
    if (const auto found = explicit_.find(key); found != explicit_.end()) {
      const bool is_part = !key.part.empty() && !has_arguments(key.kind);
      if (!is_part) return found->second;
      ObjectKey moved = in_table(key);
      moved.part = found->second.part;
      return moved;
    }
    const bool is_satellite = key.kind == Kind::owner || key.kind == Kind::grant || key.kind == Kind::comment;
    if (is_satellite) return satellite_of(key.kind, (*this)(target_of(key)), key.role);
    if (key.kind == Kind::publication_table || key.kind == Kind::default_privileges || key.kind == Kind::inheritance)
      return key;
    return in_table(key);
  }

 private:
  ObjectKey in_table(const ObjectKey& key) const {
    if (key.part.empty() || has_arguments(key.kind)) return key;
    ObjectKey relation = table_of(key);
    for (const Kind kind : {Kind::table, Kind::foreign_table, Kind::view, Kind::materialized_view}) {
      relation.kind = kind;
      const auto renamed = explicit_.find(relation);
      if (renamed == explicit_.end()) continue;
      ObjectKey moved = key;
      moved.schema = renamed->second.schema;
      moved.name = renamed->second.name;
      return moved;
    }
    return key;
  }

  std::map<ObjectKey, ObjectKey> explicit_;
};

bool can_be_renamed(const std::string& what) {
  static constexpr std::array<std::string_view, 13> words{
      "table", "column", "index",   "constraint", "sequence",     "view", "type", "materialized view",
      "enum",  "domain", "trigger", "policy",     "foreign table"};
  return std::find(words.begin(), words.end(), what) != words.end();
}

/// Texts in which PostgreSQL finds a sequence by name each time: nothing in them follows a rename.
std::string named_in_string(const ObjectKey& sequence, const Declaring& d) {
  for (const Kind kind : {Kind::function, Kind::view, Kind::materialized_view, Kind::trigger, Kind::policy, Kind::rule,
                          Kind::domain, Kind::check}) {
    for (const ObjectKey& key : d.catalog.keys(kind)) {
      for (const Statement& statement : create_object(*d.catalog.find(key), {})) {
        for (const std::string& name : {quoted(sequence.schema, sequence.name), quoted(sequence.name)}) {
          if (statement.sql.find('\'' + name) != std::string::npos) return describe(key);
        }
      }
    }
  }
  return {};
}

/// What this version does not plan of a rename, in words; empty when there is nothing of the kind.
std::string obstacle(const ObjectKey& key, const Declaring& d) {
  const auto* view = d.catalog.get<View>(key);
  if (view != nullptr && view->recursive) return "renaming a recursive view";
  if (key.kind == Kind::range_type) return "renaming a range type";
  if (is_type(key.kind)) {
    for (const ObjectKey& dependent : d.catalog.dependents(key)) {
      if (dependent.kind == Kind::cast || dependent.kind == Kind::operator_ || dependent.kind == Kind::range_type)
        return "renaming a type with which " + describe(dependent) + " is made";
    }
  }
  if (key.kind == Kind::sequence) {
    if (const std::string user = named_in_string(key, d); !user.empty())
      return "renaming a sequence that " + user + " names in a string";
  }
  return {};
}

/// What else in a schema has the name, for what is renamed to it.
std::vector<Kind> sharing_names(Kind kind) {
  std::vector<Kind> kinds;
  const bool type = is_type(kind);
  for (const Kind one : {Kind::table, Kind::foreign_table, Kind::view, Kind::materialized_view, Kind::index,
                         Kind::sequence, Kind::enum_type, Kind::domain, Kind::composite_type, Kind::range_type}) {
    const bool has_a_type = is_type(one) || is_relation(one);
    if (one != kind && (type ? has_a_type : !is_type(one) || kind == Kind::table)) kinds.push_back(one);
  }
  return kinds;
}

/// Of a column that its foreign table holds.
std::optional<ObjectKey> foreign_table_of(const ObjectKey& key, const Declaring& d) {
  ObjectKey table = table_of(key);
  table.kind = Kind::foreign_table;
  if (key.kind != Kind::column || d.catalog.find(table) == nullptr) return std::nullopt;
  return table;
}

/// The text that a rename spells anew where PostgreSQL itself would not, or not as the spec would.
const Fragment* text_of(const Object& object) {
  if (const auto* function = std::get_if<Function>(&object)) return &function->definition;
  if (const auto* view = std::get_if<View>(&object)) return &view->query;
  if (const auto* view = std::get_if<MaterializedView>(&object)) return &view->query;
  return nullptr;
}

}  // namespace

namespace {

/// All that may speak of a value: what is made of the enum, the tables and views that have it, and what reads these.
std::set<ObjectKey> users_of(const ObjectKey& type, const Catalog& catalog) {
  std::set<ObjectKey> users;
  std::vector<ObjectKey> queue{type};
  const auto add = [&](const ObjectKey& key) {
    if (users.insert(key).second) queue.push_back(key);
  };
  while (!queue.empty()) {
    const ObjectKey key = queue.back();
    queue.pop_back();
    for (const ObjectKey& dependent : catalog.dependents(key)) add(dependent);
    for (const ObjectKey& child : catalog.children(key)) add(child);
    if (key.kind == Kind::column) add(table_of(key));
  }
  return users;
}

/// What names the value otherwise than as a default, in words: its text would not follow.
std::string other_mention(const ObjectKey& type, const std::string& value, const Catalog& catalog) {
  const std::string text = literal(value);
  for (const ObjectKey& user : users_of(type, catalog)) {
    const Object* object = catalog.find(user);
    if (object == nullptr || user.kind == Kind::comment) continue;
    Object rest = *object;
    if (auto* column = std::get_if<Column>(&rest);
        column != nullptr && column->default_value && is_value(column->default_value->text, value, type))
      column->default_value.reset();
    if (auto* domain = std::get_if<Domain>(&rest);
        domain != nullptr && domain->default_value && is_value(domain->default_value->text, value, type))
      domain->default_value.reset();
    for (const Statement& statement : create_object(rest, {})) {
      // Between quotes of any kind, and in an array's text: more than what names it, and no less.
      const bool named = statement.sql.find(text.substr(1, text.size() - 2)) != std::string::npos;
      if (named && statement.sql.find('\'') != std::string::npos) return describe(user);
    }
  }
  return {};
}

}  // namespace

void declare(const ast::RenameValue& item, Declaring& d, Pass pass) {
  if (pass != Pass::renames) return;
  ast::ObjectName name{{"enum", item.type.name.span}, {}, {}, {}, item.type.span};
  if (item.type.schema) name.path.push_back(*item.type.schema);
  name.path.push_back(item.type.name);
  const auto type = d.existing_object(name);
  if (!type) return;
  const std::vector<std::string>& values = d.catalog.get<EnumType>(*type)->values;
  if (std::find(values.begin(), values.end(), item.from.value) == values.end()) {
    d.diagnostics.add(codes::unknown_object, item.from.span, "{} has no value {}", describe(*type),
                      literal(item.from.value));
    return;
  }
  if (item.from.value == item.to.value) {
    d.diagnostics.add(codes::no_effect, item.to.span, "the value has that name already");
    return;
  }
  if (item.to.value.size() > max_identifier_bytes) {
    d.diagnostics.add(codes::bad_option, item.to.span, "an enum value of {} bytes; PostgreSQL takes at most {}",
                      item.to.value.size(), max_identifier_bytes);
    return;
  }
  if (const std::string user = other_mention(*type, item.from.value, d.catalog); !user.empty()) {
    d.later(item.span, "renaming a value that " + user + " names");
    return;
  }
  ObjectKey from = *type, to = *type;
  from.part = item.from.value;
  to.part = item.to.value;
  for (const RenameIntent& other : d.renames) {
    if (other.from != from) continue;
    d.diagnostics.add(codes::duplicate_name, item.span, "the value {} is renamed twice", literal(item.from.value))
        .note(other.span, "it is renamed here first");
    return;
  }
  d.renames.push_back({from, to, item.span});
}

void report_torn_names(Declaring& d) {
  for (const auto& [key, torn] : d.torn_names) {
    if (d.declared_here.contains(key) || d.catalog.find(key) == nullptr) continue;
    Span place = d.migration_span;
    for (const RenameIntent& intent : d.renames) {
      if (intent.from == torn.renamed.target) place = intent.span;
    }
    d.diagnostics
        .add(codes::torn_name, place, "`{}` in {} is {} and {} at once, and only the first is renamed so",
             own_name(torn.renamed.target), describe(key), describe(torn.renamed.target), describe(torn.other.target))
        .note(span_of(*d.catalog.find(key)), "declared here")
        .hint("rename both to the same name, or declare {} anew with the text that fits", describe(key));
  }
}

void declare(const ast::Rename& statement, Declaring& d, Pass pass) {
  if (pass != Pass::renames) return;
  const std::string& what = statement.object.kind.text;
  if (!can_be_renamed(what)) {
    d.later(statement.span, "renaming a " + what);
    return;
  }
  if (statement.keep_names && what != "table" && what != "column" && what != "materialized view") {
    d.diagnostics.add(codes::bad_option, statement.span, "nothing is called after a {}", what);
    return;
  }
  if (statement.keep_view) {
    d.later(statement.keep_view->span, "`keep view` of a rename");
    return;
  }
  if (statement.keep_in_step) {
    d.later(statement.span, "`keep in step` of a rename");
    return;
  }
  const auto from = d.existing_object(statement.object);
  if (!from) return;
  if (what == "table" && from->kind != Kind::table) {
    d.diagnostics.add(codes::bad_option, statement.object.span, "`{}` is a {}: `rename {} …;`", sql_name(*from),
                      name_of(from->kind), name_of(from->kind));
    return;
  }
  if (const std::string reason = obstacle(*from, d); !reason.empty()) {
    d.later(statement.span, reason);
    return;
  }
  if (refuse_inherited(*from, "renamed", statement.span, d)) return;
  if (!foreign_table_of(*from, d) && refuse_derived(*from, "renamed", statement.span, d)) return;
  if (statement.to.text.starts_with("_gw_")) {
    d.diagnostics.add(codes::reserved_name, statement.to.span,
                      "names that begin with `_gw_` are reserved for what godwit keeps");
    return;
  }
  if (own_name(*from) == statement.to.text) {
    d.diagnostics.add(codes::no_effect, statement.to.span, "{} has that name already", describe(*from));
    return;
  }
  for (const RenameIntent& other : d.renames) {
    if (other.from == *from) {
      d.diagnostics.add(codes::duplicate_name, statement.span, "{} is renamed twice", describe(*from))
          .note(other.span, "it is renamed here first");
      return;
    }
  }
  d.renames.push_back({*from, with_own_name(*from, statement.to.text), statement.to.span});
  if (statement.keep_names) d.kept_names.insert(*from);
  for (const ObjectKey& copy : inherited_copies(*from, d.catalog)) {
    d.renames.push_back({copy, with_own_name(copy, statement.to.text), statement.to.span, true});
    if (statement.keep_names) d.kept_names.insert(copy);
  }
}

/// A type is part of the name of what takes an argument of it: that changes along, with its owner, grants and comment.
void follow_signatures(Declaring& d) {
  std::vector<ObjectKey> queue;
  for (const auto& [from, to] : d.renamed_keys) queue.push_back(from);
  while (!queue.empty()) {
    const ObjectKey from = queue.back();
    queue.pop_back();
    for (const ObjectKey& dependent : d.catalog.dependents(from)) {
      if (!has_arguments(dependent.kind) || d.renamed_keys.contains(dependent)) continue;
      const ObjectKey to = key_of(renamed_object(*d.catalog.find(dependent), d.renamed_keys, RenamedBy::spec));
      if (to == dependent) continue;
      d.renamed_keys.emplace(dependent, to);
      queue.push_back(dependent);
      for (const ObjectKey& child : d.catalog.children(dependent))
        d.renamed_keys.emplace(child, satellite_of(child.kind, to, child.role));
    }
  }
}

void apply_renames(Declaring& d) {
  if (d.renames.empty()) return;
  // Collisions: the new name is taken by something that is not renamed away itself.
  std::set<ObjectKey> leaving;
  for (const RenameIntent& intent : d.renames) leaving.insert(intent.from);
  std::map<ObjectKey, Span> arriving;
  for (const RenameIntent& intent : d.renames) {
    ObjectKey taken = intent.to;
    bool collides = d.catalog.find(taken) != nullptr && !leaving.contains(taken);
    if (foreign_table_of(intent.from, d)) {
      const std::vector<OutputColumn> columns = d.relation(*foreign_table_of(intent.from, d)).columns;
      collides = !leaving.contains(taken) && std::any_of(columns.begin(), columns.end(), [&](const OutputColumn& one) {
        return one.name == taken.part.str();
      });
    }
    if (const auto* type = taken.part.empty() ? nullptr : d.catalog.get<EnumType>(without_part(taken))) {
      collides = std::find(type->values.begin(), type->values.end(), taken.part.str()) != type->values.end() &&
                 !leaving.contains(taken);
      if (leaving.contains(without_part(taken)))
        d.later(intent.span, "renaming an enum together with one of its values");
    }
    if (taken.part.empty()) {
      for (const Kind kind : sharing_names(taken.kind)) {
        taken.kind = kind;
        collides = collides || (d.catalog.find(taken) != nullptr && !leaving.contains(taken));
      }
    }
    if (collides) {
      d.diagnostics.add(codes::name_collision, intent.span, "`{}` is taken", own_name(intent.to))
          .hint("rename or drop what has that name in the same migration");
    }
    if (const auto [first, is_new] = arriving.emplace(intent.to, intent.span); !is_new) {
      d.diagnostics.add(codes::name_collision, intent.span, "two things are renamed to `{}`", own_name(intent.to))
          .note(first->second, "the other one is here");
    }
  }
  if (d.diagnostics.has_errors()) return;

  // Constraints, indexes and sequences that carry the default name for the old name get the one for the new.
  const std::vector<RenameIntent> asked = d.renames;
  const NewKeys follow_tables(asked);
  std::set<ObjectKey> visited;
  for (const RenameIntent& intent : asked) {
    if (d.kept_names.contains(intent.from)) continue;
    if (!names_its_parts(intent.from) && intent.from.kind != Kind::column) continue;  // nothing is called after it
    const ObjectKey table = names_its_parts(intent.from) ? intent.from : table_of(intent.from);
    const bool table_leaves = !names_its_parts(intent.from) && leaving.contains(table);
    if (table_leaves || !visited.insert(table).second) continue;  // one visit sees all that hangs on the table
    Renames preview;
    std::vector<ObjectKey> below;
    collect(d.catalog, table, below);
    for (const ObjectKey& key : below) {
      if (const ObjectKey to = follow_tables(key); to != key) preview.emplace(key, to);
    }
    for (const ObjectKey& child : d.catalog.children(table)) {
      const Object& object = *d.catalog.find(child);
      if (child.kind != Kind::column && leaving.contains(child)) continue;  // it gets the name that is written
      if (const auto* column = std::get_if<Column>(&object);
          column != nullptr && (column->identity || !column->serial.empty())) {
        const ObjectKey to = follow_tables(child);
        const std::string old_sequence = sequence_name(table.name, column->name);
        const std::string new_sequence = sequence_name(to.name, to.part);
        if (old_sequence != new_sequence)
          d.sequence_renames.push_back(
              {sequence_key(table.schema, old_sequence), sequence_key(table.schema, new_sequence), intent.span});
        continue;
      }
      const auto* check = std::get_if<Check>(&object);
      if (check != nullptr && check->inherited.from != Inherited::From::nowhere) continue;  // it has its parent's name
      const std::string old_default = default_name_of(object);
      if (!carries_default_name(own_name(child), old_default)) continue;
      const std::string new_default = default_name_of(renamed_object(object, preview, RenamedBy::spec));
      if (new_default == old_default) continue;
      const std::string number = own_name(child).substr(old_default.size());
      d.renames.push_back({child, with_own_name(child, new_default + number), intent.span});
      for (const ObjectKey& copy : inherited_copies(child, d.catalog))
        d.renames.push_back({copy, with_own_name(copy, new_default + number), intent.span, true});
    }
  }

  const NewKeys follow(d.renames);
  std::vector<ObjectKey> affected;
  for (const RenameIntent& intent : d.renames) {
    if (intent.from.kind == Kind::enum_type && !intent.from.part.empty()) {
      d.renamed_keys.emplace(intent.from, intent.to);
    } else if (const auto table = foreign_table_of(intent.from, d)) {
      d.renamed_keys.emplace(intent.from, follow(intent.from));
      collect(d.catalog, *table, affected);
    } else {
      collect(d.catalog, intent.from, affected);
    }
  }
  std::sort(affected.begin(), affected.end());
  affected.erase(std::unique(affected.begin(), affected.end()), affected.end());
  for (const ObjectKey& key : affected) {
    if (const ObjectKey to = follow(key); to != key) d.renamed_keys.emplace(key, to);
  }
  for (const RenameIntent& intent : asked) {
    if (!holds_its_columns(intent.from.kind)) continue;
    for (const OutputColumn& column : d.relation(intent.from).columns) {
      const ObjectKey from = column_key(intent.from, column.name);
      d.renamed_keys.emplace(from, follow(from));
    }
  }
  follow_signatures(d);
  // What names a renamed thing changes its text; the publication's row for a table is keyed by that table's name.
  std::vector<ObjectPtr> rewritten;
  std::set<ObjectKey> visit(affected.begin(), affected.end());
  for (const auto& [from, to] : d.renamed_keys) {
    const ObjectKey holder = from.kind == Kind::enum_type ? without_part(from) : from;
    if (d.catalog.find(holder) != nullptr) visit.insert(holder);
    for (const ObjectKey& dependent : d.catalog.dependents(holder)) visit.insert(dependent);
  }
  for (const ObjectKey& key : visit) {
    const Object& object = *d.catalog.find(key);
    Object renamed = renamed_object(object, d.renamed_keys, RenamedBy::spec);
    if (key_of(renamed) != key) d.renamed_keys.emplace(key, key_of(renamed));
    if (const Fragment* text = text_of(object)) {
      if (const auto torn = sql::torn_name(*text, d.renamed_keys)) d.torn_names.emplace(key_of(renamed), *torn);
    }
    rewritten.push_back(std::make_shared<const Object>(std::move(renamed)));
  }
  for (const ObjectKey& key : visit) d.catalog.erase(key);
  for (const ObjectPtr& object : rewritten) d.catalog.put(object);
  // From to's side: the full keys, tables followed, for the statements.
  for (RenameIntent& intent : d.renames) intent.to = follow(intent.from);
}

}  // namespace godwit::kinds
