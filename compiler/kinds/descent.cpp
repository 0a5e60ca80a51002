// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/descent.h"

#include "compiler/kinds/inheritance.h"

#include <algorithm>

namespace godwit::kinds {

namespace {

bool is_inherited(const Object& object) {
  if (const auto* column = std::get_if<Column>(&object)) return column->inherited.from != Inherited::From::nowhere;
  const auto* check = std::get_if<Check>(&object);
  return check != nullptr && check->inherited.from != Inherited::From::nowhere;
}

void put_before(Statements& all, Statements first) {
  all.insert(all.begin(), std::make_move_iterator(first.begin()), std::make_move_iterator(first.end()));
}

void put_behind(Statements& all, Statements more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// `set not null` or, so many statements behind the parent's, `drop not null` in the child. Before 18 PostgreSQL does
/// both with the parent's, and the child's own statement changes nothing. From 18 on the child has a constraint, its
/// own as everything that it inherits: it is made before the parent's is, and stays when that goes (ATExecDropNotNull,
/// dropconstraint_internal in tablecmds.c).
void change_own_not_null(const Object& copy_before, const Object& copy_after, Statements& up, Statements& down,
                         std::size_t place) {
  const auto* from = std::get_if<Column>(&copy_before);
  const auto* to = std::get_if<Column>(&copy_after);
  if (from == nullptr || to == nullptr || from->not_null == to->not_null) return;
  Column strict = *to, loose = *to;
  strict.not_null = true;
  loose.not_null = false;
  Statements set = alter_object(loose, strict).statements, drop = alter_object(strict, loose).statements;
  const auto put = [](const Statements& own, Statements& all, std::string_view parents, std::size_t behind) {
    const auto at = std::find_if(all.begin(), all.end(),
                                 [&](const Statement& statement) { return statement.sql.ends_with(parents); });
    all.insert(at == all.end() ? at : at + static_cast<std::ptrdiff_t>(behind), own.begin(), own.end());
  };
  put(set, to->not_null ? up : down, " set not null", 0);
  put(drop, to->not_null ? down : up, " drop not null", place);
}

}  // namespace

Descent::What Descent::what(const ObjectKey& part) const {
  const ObjectPtr before = before_(part), after = catalog_.pointer(part);
  if (replaced_(part)) return What::replaced;
  if (before && after) return *before == *after ? What::nothing : What::altered;
  return before ? What::dropped : after ? What::made : What::nothing;
}

/// The same part of the parents, where it goes the same way and the tie stands all the while.
std::vector<ObjectKey> Descent::sources(const ObjectKey& part) const {
  std::vector<ObjectKey> found;
  if (!catalog_.has(Kind::inheritance) || (part.kind != Kind::column && part.kind != Kind::check)) return found;
  const What here = what(part);
  const ObjectPtr object = here == What::dropped ? before_(part) : catalog_.pointer(part);
  if (here == What::nothing || !object || !is_inherited(*object)) return found;
  for (const ObjectKey& key : catalog_.children(table_of(part))) {
    const auto* tie = catalog_.get<Inheritance>(key);
    if (tie == nullptr || !before_(key) || replaced_(key)) continue;
    ObjectKey source{part.kind, tie->parent.schema, tie->parent.name, part.part, Kind::schema, {}};
    if (what(source) == here) found.push_back(std::move(source));
  }
  return found;
}

bool Descent::covers(const ObjectKey& part) const { return !sources(part).empty(); }

ObjectKey Descent::origin(ObjectKey part) const {
  for (std::vector<ObjectKey> above = sources(part); !above.empty(); above = sources(part))
    part = *std::min_element(above.begin(), above.end());
  return part;
}

/// The copies that this step has to see to, parents before their children.
std::vector<ObjectKey> Descent::covered_by(const ObjectKey& part) const {
  std::vector<ObjectKey> copies;
  if (part.kind != Kind::column && part.kind != Kind::check) return copies;
  for (const ObjectKey& child : inheritors(table_of(part), catalog_)) {
    ObjectKey copy{part.kind, child.schema, child.name, part.part, Kind::schema, {}};
    if (covers(copy) && origin(copy) == part) copies.push_back(std::move(copy));
  }
  return copies;
}

/// PostgreSQL carries the change down whether the copy is to change or not.
bool Descent::reaches(const ObjectKey& part, const ObjectKey& copy) const {
  const What here = what(copy);
  if (here == What::altered) return covers(copy) && origin(copy) == part;
  return here == What::nothing && stands_below(table_of(copy), table_of(part));
}

/// By ties that stand all the while.
bool Descent::stands_below(const ObjectKey& child, const ObjectKey& parent) const {
  const std::vector<ObjectKey> parts = catalog_.children(child);
  return std::any_of(parts.begin(), parts.end(), [&](const ObjectKey& key) {
    const auto* tie = catalog_.get<Inheritance>(key);
    if (tie == nullptr || !before_(key) || replaced_(key)) return false;
    return tie->parent == parent || stands_below(tie->parent, parent);
  });
}

void Descent::make(Step& step, const ObjectKey& part) const {
  for (const ObjectKey& copy : covered_by(part)) {
    const Object& object = *catalog_.find(copy);
    put_before(step.up, create_object(object, {}));
    put_behind(step.down, drop_object(object));
    step.makes.push_back(copy);
  }
}

std::size_t Descent::alter(Step& step, const ObjectKey& part, std::map<ObjectKey, ObjectPtr>& befores) const {
  std::size_t freed = 1;
  const ObjectPtr before = before_(part), after = catalog_.pointer(part);
  for (const ObjectKey& copy : inherited_copies(part, catalog_)) {
    if (!reaches(part, copy)) continue;
    const ObjectPtr copy_before = before_(copy), copy_after = catalog_.pointer(copy);
    const Object there = followed(*copy_before, *before, *after);
    const Object back = followed(*copy_after, *after, *before);
    if (!(there == *copy_after)) put_behind(step.up, alter_object(there, *copy_after).statements);
    if (!(back == *copy_before)) put_behind(step.down, alter_object(back, *copy_before).statements);
    if (there == *copy_after && back == *copy_before) {
      const std::size_t statements = step.up.size() + step.down.size();
      change_own_not_null(*copy_before, *copy_after, step.up, step.down, freed);
      if (step.up.size() + step.down.size() > statements) ++freed;
    }
    step.changes.push_back(copy);
    befores.emplace(copy, copy_before);
  }
  return freed;
}

void Descent::drop(Step& step, const ObjectKey& part, std::map<ObjectKey, ObjectPtr>& befores) const {
  // Rows that must make room for the parent's go before the children's are asked.
  const auto own = static_cast<std::ptrdiff_t>(create_object(*before_(part), {}).size());
  std::ptrdiff_t added = 0;
  for (const ObjectKey& copy : covered_by(part)) {
    const ObjectPtr object = before_(copy);
    put_behind(step.up, drop_object(*object));
    const Statements made = create_object(*object, {});
    step.down.insert(step.down.end() - own - added, made.begin(), made.end());
    added += static_cast<std::ptrdiff_t>(made.size());
    step.unmakes.push_back(copy);
    befores.emplace(copy, object);
  }
}

void Descent::lock(std::vector<Step>& steps) const {
  if (!catalog_.has(Kind::inheritance)) return;
  const auto with_children = [&](Statement& statement) {
    std::vector<LockOn> more;
    for (const LockOn& held : statement.locks) {
      if (held.relation.kind != Kind::table || held.lock < Lock::share_update_exclusive) continue;
      for (const ObjectKey& child : inheritors(held.relation, catalog_)) {
        const bool named = std::any_of(statement.locks.begin(), statement.locks.end(),
                                       [&](const LockOn& other) { return other.relation == child; });
        if (!named) more.push_back({child, held.lock});
      }
    }
    statement.locks.insert(statement.locks.end(), more.begin(), more.end());
  };
  for (Step& step : steps) {
    const bool descends = step.subject.kind == Kind::column || step.subject.kind == Kind::check;
    if (!descends) continue;
    for (Statement& statement : step.up) with_children(statement);
    for (Statement& statement : step.down) with_children(statement);
  }
}

}  // namespace godwit::kinds
