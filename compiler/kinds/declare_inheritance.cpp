// SPDX-License-Identifier: Apache-2.0
// `inherits (…)`: the ties to the parents, and the columns and checks that a child has because of them.
#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/inheritance.h"
#include "compiler/sql/analyze.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

namespace godwit::kinds {

namespace {

using From = Inherited::From;

bool is_new(const ObjectKey& table, const Declaring& d) {
  if (d.catalog.before(table) != nullptr) return false;
  return std::none_of(d.renamed_keys.begin(), d.renamed_keys.end(),
                      [&](const auto& entry) { return entry.second == table; });
}

std::vector<Inheritance> ties_of(const ObjectKey& child, const Catalog& catalog) {
  std::vector<Inheritance> ties;
  for (const ObjectKey& key : catalog.children(child)) {
    if (const auto* tie = catalog.get<Inheritance>(key)) ties.push_back(*tie);
  }
  std::stable_sort(ties.begin(), ties.end(),
                   [](const Inheritance& a, const Inheritance& b) { return a.place.value < b.place.value; });
  return ties;
}

/// Makes a child what its parents say, as far as it does not say it itself.
class Child {
 public:
  Child(ObjectKey child, Declaring& d) : d_(d), child_(std::move(child)), ties_(ties_of(child_, d.catalog)) {}

  void settle() {
    const bool fresh = is_new(child_, d_);
    for (Inheritance& tie : ties_) {
      const Renames names = names_from(tie.parent);
      tie.shared.keys.clear();
      if (&tie != &ties_.front()) tie.shared.keys.push_back(key(*std::prev(&tie)));  // parents come in their order
      for (const ObjectKey& part : d_.catalog.children(tie.parent)) {
        if (const auto* column = d_.catalog.get<Column>(part); column != nullptr && !column->hidden)
          take(Column(*column), names, tie);
        if (const auto* check = d_.catalog.get<Check>(part); check != nullptr && !check->no_inherit)
          take(Check(*check), names, tie);
      }
      const Object* there = d_.catalog.find(key(tie));
      if (std::get<Inheritance>(*there).shared.keys != tie.shared.keys) d_.catalog.put(tie);
    }
    let_go();
    if (fresh && states_all_itself()) {
      stand_apart();
    } else if (fresh) {
      put_in_order();
    }
  }

 private:
  /// Then its columns stand in its own order. What is hidden in a parent can only come with `create table … inherits`.
  bool states_all_itself() const {
    for (const Inheritance& tie : ties_) {
      for (const ObjectKey& part : d_.catalog.children(tie.parent)) {
        const auto* column = d_.catalog.get<Column>(part);
        if (column != nullptr && column->hidden) return false;
      }
    }
    return std::all_of(order_.begin(), order_.end(), [&](const auto& entry) {
      const Column* own = d_.catalog.get<Column>(column_key(child_, entry.first));
      return own != nullptr && own->inherited.from == From::both;
    });
  }

  void stand_apart() {
    for (const auto& [name, place] : order_) {
      Column own = *d_.catalog.get<Column>(column_key(child_, name));
      if (std::exchange(own.inherited.apart, true)) continue;
      d_.catalog.put(std::move(own));
    }
    for (const Inheritance& tie : ties_) {
      Inheritance made = *d_.catalog.get<Inheritance>(key(tie));
      if (std::exchange(made.shared.apart, true)) continue;
      d_.catalog.put(std::move(made));
    }
  }

  /// A parent's table and columns, and the child's of the same names.
  Renames names_from(const ObjectKey& parent) const {
    Renames names{{parent, child_}};
    for (const ObjectKey& part : d_.catalog.children(parent)) {
      if (part.kind == Kind::column) names.emplace(part, column_key(child_, part.part));
    }
    return names;
  }

  void take(Column column, const Renames& names, Inheritance& tie) {
    const ObjectKey source = key(column), own_key = column_key(child_, column.name);
    tie.shared.keys.push_back(source);
    tie.shared.keys.push_back(own_key);
    const bool first = order_.emplace(column.name.str(), order_.size()).second;
    const Column* own = d_.catalog.get<Column>(own_key);
    const bool stated = own != nullptr && own->inherited.from != From::parent;
    if (own != nullptr && (stated || !first)) {
      if (own->type.text != column.type.text || own->collation != column.collation) return differs(*own, column, tie);
      Column merged = *own;
      merged.not_null = merged.not_null || column.not_null;
      if (!stated) {
        if (merged.not_null != own->not_null) d_.catalog.put(std::move(merged));
        return;
      }
      merged.inherited.from = From::both;
      check_values(*own, column, names);
      const bool states_value = own->default_value || own->generated || own->serial_of;
      if (!states_value || own->inherited.value_too) take_value(merged, column, source, names);
      if (!(merged == *own) || own->inherited.from != From::both) d_.catalog.put(std::move(merged));
      return;
    }
    const bool adds_to_rows = own == nullptr && !is_new(child_, d_);
    const Column copy = copied(std::move(column), source, own, names);
    const bool same = own != nullptr && copy == *own && copy.ordinal.value == own->ordinal.value;
    if (same) return;
    if (adds_to_rows && copy.not_null && !copy.default_value && !copy.generated && !copy.serial_of &&
        d_.catalog.before(key(tie)) == nullptr) {
      d_.needs_values.emplace(own_key, tie.origin.span);
    }
    d_.catalog.put(copy);
  }

  /// PostgreSQL gives a child the parent's default unless it has one of its own.
  static void take_value(Column& own, const Column& column, const ObjectKey& source, const Renames& names) {
    own.inherited.value_too = true;
    own.default_value = column.default_value;
    own.default_sequence = column.default_sequence;
    own.serial_of = column.serial.empty() ? column.serial_of : source;
    own.generated = column.generated;
    if (own.generated) own.generated->expression = sql::renamed(own.generated->expression, names);
  }

  Column copied(Column column, const ObjectKey& source, const Column* own, const Renames& names) const {
    column.schema = child_.schema;
    column.table = child_.name;
    column.identity.reset();
    take_value(column, Column(column), source, names);
    column.serial.clear();
    column.using_expression.reset();
    column.reverse_using.reset();
    column.inherited.from = From::parent;
    column.ordinal.value = own != nullptr ? own->ordinal.value : d_.catalog.last_ordinal(child_) + 1;
    return column;
  }

  /// A generated column is computed alike in parent and child, and an ordinary one in neither.
  void check_values(const Column& own, const Column& column, const Renames& names) {
    if (own.inherited.value_too || (!own.generated && !own.default_value)) return;
    if (!own.generated && !column.generated) return;
    if (own.generated && column.generated && own.generated->is_virtual == column.generated->is_virtual &&
        own.generated->expression == sql::renamed(column.generated->expression, names))
      return;
    if (!d_.reported_columns.insert(column_key(child_, own.name)).second) return;
    d_.diagnostics
        .add(codes::bad_option, own.origin.span, "`{}` of `{}` is not computed as in `{}`, from which it inherits",
             own.name, quoted(child_.schema, child_.name), quoted(column.schema, column.table))
        .note(column.origin.span, "it is declared here");
  }

  void differs(const Column& own, const Column& column, const Inheritance& tie) {
    const ObjectKey own_key = column_key(child_, own.name);
    if (!d_.reported_columns.insert(own_key).second) return;
    d_.diagnostics
        .add(codes::type_mismatch, own.inherited.from == From::parent ? tie.origin.span : own.origin.span,
             "`{}` of `{}` is `{}`, and `{}` in `{}`, from which it inherits", own.name,
             quoted(child_.schema, child_.name), own.type.text, column.type.text,
             quoted(tie.parent.schema, tie.parent.name))
        .note(column.origin.span, "it is declared here");
  }

  void take(Check check, const Renames& names, Inheritance& tie) {
    const ObjectKey source = key(check);
    check.schema = child_.schema;
    check.table = child_.name;
    check.expression = sql::renamed(check.expression, names);
    check.inherited.from = From::parent;
    const ObjectKey own_key = key(check);
    tie.shared.keys.push_back(source);
    tie.shared.keys.push_back(own_key);
    checks_.insert(own_key);
    const Check* own = d_.catalog.get<Check>(own_key);
    if (own == nullptr || own->inherited.from == From::parent) {
      if (own == nullptr || !(*own == check)) d_.catalog.put(std::move(check));
      return;
    }
    if (!(own->expression == check.expression) || own->no_inherit) {
      d_.diagnostics
          .add(codes::duplicate_name, own->origin.span, "`{}` inherits another check of the name `{}`",
               quoted(child_.schema, child_.name), own->name)
          .note(check.origin.span, "this is the other one");
      return;
    }
    if (own->inherited.from == From::both) return;
    Check merged = *own;
    merged.inherited.from = From::both;
    d_.catalog.put(std::move(merged));
  }

  /// A column that no parent has any more stays as the child's own, a check goes unless it is stated.
  void let_go() {
    for (const ObjectKey& part : d_.catalog.children(child_)) {
      if (const auto* column = d_.catalog.get<Column>(part);
          column != nullptr && column->inherited.from != From::nowhere && !order_.contains(column->name.str())) {
        Column own = *column;
        own.inherited.from = From::nowhere;
        d_.catalog.put(std::move(own));
      }
      const auto* check = d_.catalog.get<Check>(part);
      if (check == nullptr || check->inherited.from == From::nowhere || checks_.contains(part)) continue;
      if (check->inherited.from == From::parent && !d_.declared_here.contains(part)) {
        for (const ObjectKey& satellite : d_.catalog.children(part)) d_.catalog.erase(satellite);
        d_.catalog.erase(part);
        continue;
      }
      Check own = *check;
      own.inherited.from = From::nowhere;
      d_.catalog.put(std::move(own));
    }
  }

  /// PostgreSQL puts the columns of the parents first.
  void put_in_order() {
    std::vector<Column> columns;
    for (const ObjectKey& part : d_.catalog.children(child_)) {
      if (const auto* column = d_.catalog.get<Column>(part)) columns.push_back(*column);
    }
    const auto rank = [&](const Column& column) {
      const auto found = order_.find(column.name.str());
      return found == order_.end() ? order_.size() : found->second;
    };
    std::stable_sort(columns.begin(), columns.end(),
                     [&](const Column& a, const Column& b) { return rank(a) < rank(b); });
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].ordinal.value == static_cast<int>(i) + 1) continue;
      columns[i].ordinal.value = static_cast<int>(i) + 1;
      d_.catalog.put(columns[i]);
    }
  }

  Declaring& d_;
  ObjectKey child_;
  std::vector<Inheritance> ties_;
  std::map<std::string, std::size_t> order_;  // the columns of the parents, as they come
  std::set<ObjectKey> checks_;
};

/// Parents first.
void settle(const ObjectKey& table, std::set<ObjectKey>& waiting, Declaring& d) {
  if (waiting.erase(table) == 0) return;
  for (const Inheritance& tie : ties_of(table, d.catalog)) settle(tie.parent, waiting, d);
  Child(table, d).settle();
}

bool may_inherit(const ObjectKey& child, const ObjectKey& parent, Span span, Declaring& d) {
  const std::string child_name = quoted(child.schema, child.name), name = quoted(parent.schema, parent.name);
  const std::vector<ObjectKey> below = inheritors(child, d.catalog);
  if (parent == child || std::find(below.begin(), below.end(), parent) != below.end()) {
    d.diagnostics.add(codes::bad_option, span, "`{}` would inherit from itself", child_name);
    return false;
  }
  return true;
}

std::set<ObjectKey> parents_in(const ast::Table& statement, const Declaring& d) {
  std::set<ObjectKey> parents;
  for (const ast::TableItem& item : statement.items) {
    const auto* inherits = std::get_if<ast::Inherits>(&item);
    if (inherits == nullptr) continue;
    for (const ast::QualifiedName& name : inherits->parents) {
      const auto parent = d.world.relation_named(name.schema ? name.schema->text : std::string(), name.name.text);
      if (parent) parents.insert(*parent);
    }
  }
  return parents;
}

/// Ends what a whole table leaves out. Whether anything ended.
bool end_ties(const ast::Table& statement, const ObjectKey& table, Declaring& d) {
  const std::vector<Inheritance> ties = ties_of(table, d.catalog);
  if (ties.empty()) return false;
  const std::set<ObjectKey> parents = parents_in(statement, d);
  bool ended = false;
  for (const Inheritance& tie : ties) {
    const bool stays = parents.contains(tie.parent);
    // It would come back behind the others.
    if (ended && stays) d.later(statement.name.span, "ending the inheritance from another parent than the last");
    if (!stays) d.catalog.erase(key(tie));
    ended = ended || !stays;
  }
  return ended;
}

/// What no parent has any more is the child's own from here on.
void release_columns(const ObjectKey& table, Catalog& catalog) {
  std::set<std::string> shared;
  for (const Inheritance& tie : ties_of(table, catalog)) {
    for (const ObjectKey& part : catalog.children(tie.parent)) {
      if (part.kind == Kind::column) shared.insert(part.part);
    }
  }
  for (const ObjectKey& part : catalog.children(table)) {
    const auto* column = catalog.get<Column>(part);
    if (column == nullptr || column->inherited.from == From::nowhere || shared.contains(part.part)) continue;
    Column own = *column;
    own.inherited.from = From::nowhere;
    catalog.put(std::move(own));
  }
}

}  // namespace

void declare_parents(const ast::Table& statement, const ObjectKey& table, Declaring& d) {
  const std::vector<Inheritance> ties = ties_of(table, d.catalog);
  int place = ties.empty() ? 0 : ties.back().place.value;
  for (const ast::TableItem& item : statement.items) {
    const auto* inherits = std::get_if<ast::Inherits>(&item);
    if (inherits == nullptr) continue;
    for (const ast::QualifiedName& name : inherits->parents) {
      const auto parent = d.existing_relation(name, {Kind::table});
      if (!parent || !may_inherit(table, *parent, name.span, d)) continue;
      Inheritance tie;
      tie.schema = table.schema;
      tie.table = table.name;
      tie.parent = *parent;
      tie.place.value = ++place;
      tie.origin.span = name.span;
      if (const auto* there = d.catalog.get<Inheritance>(key(tie))) {
        tie.shared = there->shared;
        tie.place = there->place;
      }
      d.declare(std::move(tie), name.span);
    }
  }
}

void end_inheritances(const ast::File& file, Declaring& d) {
  for (const ast::Declaration& declaration : file.declarations) {
    const auto* statement = std::get_if<ast::Table>(&declaration);
    if (statement == nullptr || statement->alter) continue;
    const ast::QualifiedName& name = statement->name;
    const auto table = d.world.relation_named(name.schema ? name.schema->text : std::string(), name.name.text);
    if (table && end_ties(*statement, *table, d)) release_columns(*table, d.catalog);
  }
}

void inherit(Declaring& d) {
  bool unties = false;
  std::set<ObjectKey> tables;
  for (const auto& [key, before] : d.catalog.touched()) {
    unties = unties || key.kind == Kind::inheritance;
    if (key.kind == Kind::column || key.kind == Kind::check || key.kind == Kind::inheritance)
      tables.insert(table_of(key));
  }
  if (!unties && !d.catalog.has(Kind::inheritance)) return;
  std::set<ObjectKey> waiting;
  for (const ObjectKey& table : tables) {
    waiting.insert(table);
    for (ObjectKey& below : inheritors(table, d.catalog)) waiting.insert(std::move(below));
  }
  while (!waiting.empty()) settle(ObjectKey(*waiting.begin()), waiting, d);
}

void check_inheritance(Declaring& d) {
  for (const auto& [key, before] : d.catalog.touched()) {
    const auto* tie = d.catalog.get<Inheritance>(key);
    if (tie == nullptr) continue;
    for (const ObjectKey& table : {table_of(key), tie->parent}) {
      const auto* shell = d.catalog.get<Table>(table);
      if (shell == nullptr || (!shell->partition_key && !shell->partition_of)) continue;
      d.diagnostics.add(codes::bad_option, tie->origin.span,
                        "`{}` is {}, and PostgreSQL lets it neither inherit nor be inherited from",
                        quoted(table.schema, table.name), shell->partition_of ? "a partition" : "partitioned");
    }
  }
  for (const DropIntent& drop : d.drops) {
    if (drop.key.kind == Kind::check) refuse_inherited(drop.key, "dropped", drop.span, d);  // it is there again
  }
  for (const auto& [column, conversion] : d.conversions) {
    const Column* now = d.catalog.get<Column>(column);
    if (now == nullptr) continue;
    if (now->inherited.from != From::nowhere || !inherited_copies(column, d.catalog).empty()) {
      d.later(now->origin.span, "changing the type of a column that is inherited in a way that could lose something");
    }
  }
}

bool refuse_inherited(const ObjectKey& part, const std::string& what, Span span, Declaring& d) {
  const Column* column = d.catalog.get<Column>(part);
  const Check* check = d.catalog.get<Check>(part);
  const From from = column != nullptr  ? column->inherited.from
                    : check != nullptr ? check->inherited.from
                                       : From::nowhere;
  if (from == From::nowhere) return false;
  d.diagnostics.add(codes::bad_option, span, "{} is inherited, and is {} where it comes from", describe(part), what)
      .hint("name the parent's");
  return true;
}

bool refuse_inheritors(const ObjectKey& table, const std::string& what, Span span, Declaring& d) {
  if (inheritors(table, d.catalog).empty()) return false;
  d.later(span, fmt::format("{} `{}`, from which other tables inherit,", what, quoted(table.schema, table.name)));
  return true;
}

}  // namespace godwit::kinds
