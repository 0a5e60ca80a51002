// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/plan.h"

#include "base/identifier.h"
#include "compiler/data/steps.h"
#include "compiler/kinds/planning.h"
#include "compiler/stages/circles.h"
#include "compiler/stages/diff.h"
#include "compiler/stages/edges.h"
#include "compiler/stages/order.h"
#include "compiler/stages/parts.h"
#include "compiler/stages/renames.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace godwit::stages {

namespace {

/// Everything the steps are made from, and the steps.
class Planner {
 public:
  Planner(const std::string& id, kinds::Declaring& declared)
      : d_(declared),
        catalog_(declared.catalog),
        changes_(diff(declared.catalog, declared.renamed_keys)),
        around_{declared.catalog, declared.renamed_keys, dropped_, declared.sources, id} {
    for (const auto& [key, change] : changes_) changed_.emplace(key, &change);
    for (const kinds::DropIntent& drop : d_.drops) {
      if (!kinds::holds_data(drop.key.kind)) continue;
      if (drop.irreversible) {
        dropped_for_good_.insert(drop.key);
      } else if (d_.hidden_columns.contains(drop.key) || drop.archive || kinds::moves_when_dropped(drop.key.kind)) {
        dropped_.insert(drop.key);
        if (drop.archive) archived_.insert(drop.key);
      }
    }
    for (const auto& [before, now] : d_.renamed_keys) old_names_.emplace(now, before);
    circling_ = parts_in_circles(catalog_, d_.drops, d_.renamed_keys);
    for (const auto& [key, column] : d_.hidden_columns) {
      hidden_.insert(key_of(column));
      around_.hidden.emplace(key, key_of(column).part);
    }
    for (const auto& [key, conversion] : d_.conversions) {
      hidden_.insert(key_of(conversion.kept));
      hidden_.insert(key_of(conversion.made));
    }
    accounted_ = data::accounted_columns(d_.intents, around_);
    around_.aftermath = kinds::aftermath(d_, around_);
  }

  /// Steps and the edges between them, with the children in `unfolded` standing outside of their parent's statement.
  void build(const std::set<ObjectKey>& unfolded) {
    steps_ = rename_steps(d_);
    freed_by_ = 0;
    freed_.clear();
    freed_names_.clear();
    collect_rebuilds();
    around_.absent = absent();
    for (const kinds::DropIntent& drop : d_.drops) drop_data(drop);
    archive_data();
    for (const ObjectKey& key : rebuilt_) {
      if (!changed_.contains(key) && !descent_.covers(key)) {
        const ObjectPtr same = catalog_.pointer(key);
        rebuild(key, {same, same}, unfolded);
      }
    }
    for (const auto& [key, change] : changes_) visit(key, change, unfolded);
    for (const auto& [key, change] : d_.value_changes) change_values(key, change);
    for (Step& step : kinds::attachment_steps(d_.attachments, around_)) steps_.push_back(std::move(step));
    const auto children_before = [&](const ObjectKey& key) { return catalog_.children_before(old_name(key)); };
    for (Step& step : kinds::note_privilege_order(steps_, around_.migration, children_before))
      steps_.push_back(std::move(step));
    for (const data::Intent& intent : d_.intents) {
      for (Step& step : data::steps_of(intent, around_)) {
        for (ObjectKey& used : step.uses_old) used = kinds::renamed_key(used, d_.renamed_keys);
        steps_.push_back(std::move(step));
      }
    }
    data::before_rejected_rows(steps_, around_);
  }

  /// Parts of new tables that must not stand in `create table`.
  std::set<ObjectKey> parts_outside() const {
    std::set<ObjectKey> outside;
    for (const auto& [key, change] : changes_) {
      if (change.before || !change.after || !kinds::is_lockable(key.kind)) continue;
      for (ObjectKey& part : kinds::merged_parts(catalog_, key)) outside.insert(std::move(part));
    }
    return outside;
  }

  std::vector<Step>& steps() { return steps_; }
  void name_locks() { descent_.lock(steps_); }
  std::vector<Edge> edges() const { return edges_between(steps_, catalog_, before_objects_); }

 private:
  static void add(Statements more, Statements& all) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }

  bool existed(const ObjectKey& key) const {
    const auto change = changed_.find(key);
    return change == changed_.end() ? catalog_.find(key) != nullptr : change->second->before != nullptr;
  }

  /// What the key was before the renames.
  ObjectKey old_name(const ObjectKey& key) const {
    const auto renamed = old_names_.find(key);
    return renamed == old_names_.end() ? key : renamed->second;
  }

  /// Made by this plan: new, or created again.
  bool is_made(const ObjectKey& key) const {
    if (rebuilt_.contains(key)) return true;
    const auto change = changed_.find(key);
    return change != changed_.end() && !change->second->before && change->second->after && !is_hidden(key);
  }

  bool is_hidden(const ObjectKey& key) const { return hidden_.contains(key); }

  /// What must be dropped and created again, together with everything that hangs on it.
  void collect_rebuilds() {
    rebuilt_.clear();
    std::vector<ObjectKey> queue;
    const auto add = [&](const ObjectKey& key) {
      if (existed(key) && catalog_.find(key) != nullptr && rebuilt_.insert(key).second) queue.push_back(key);
    };
    for (const auto& [key, change] : changes_) {
      if (!change.before || !change.after) continue;
      const kinds::Alteration forward = kinds::alter_object(*change.before, *change.after);
      const kinds::Alteration backward = kinds::alter_object(*change.after, *change.before);
      if (forward.rebuild || backward.rebuild) add(key);
      if (forward.reshapes) {
        for (const ObjectKey& dependent : catalog_.dependents(key)) {
          const auto other = changed_.find(dependent);
          if (other != changed_.end() && other->second->before && !kinds::holds_data(dependent.kind)) add(dependent);
        }
      }
      if (forward.disturbs || backward.disturbs) {
        for (const ObjectKey& dependent : disturbed_by(key, d_.conversions.contains(key))) add(dependent);
      }
    }
    for (const auto& [key, change] : d_.value_changes) {
      for (const ObjectKey& dependent : catalog_.dependents(key)) {
        if (!kinds::is_column(dependent.kind)) {
          if (needs_firmly(dependent, key)) add(dependent);
        } else if (existed(dependent)) {
          for (const ObjectKey& disturbed : disturbed_by(dependent, true)) add(disturbed);
        }
      }
    }
    while (!queue.empty()) {
      const ObjectKey key = queue.back();
      queue.pop_back();
      if (kinds::holds_data(key.kind)) {
        d_.later(span_of(*catalog_.find(key)),
                 "this change of " + describe(key) + ", which would have to be created anew,");
        continue;
      }
      for (const ObjectKey& child : catalog_.children(key)) add(child);
      for (const ObjectKey& dependent : catalog_.dependents(key)) {
        if (needs_firmly(dependent, key)) add(dependent);
      }
    }
  }

  /// What cannot stand while a column gets another type; `reread`: nor what reads a meaning into the type.
  std::vector<ObjectKey> disturbed_by(const ObjectKey& column, bool reread) const {
    std::vector<ObjectKey> disturbed;
    for (const ObjectKey& dependent : catalog_.dependents(column)) {
      const bool follows =
          kinds::follows_type_change(dependent.kind) && !(reread && kinds::reads_types(*catalog_.find(dependent)));
      if (!follows && needs_firmly(dependent, column)) disturbed.push_back(dependent);
    }
    return disturbed;
  }

  bool needs_firmly(const ObjectKey& dependent, const ObjectKey& key) const {
    const std::vector<Need> needs = kinds::needs_of(*catalog_.find(dependent));
    return std::any_of(needs.begin(), needs.end(), [&](const Need& need) { return need.target == key && !need.soft; });
  }

  void visit(const ObjectKey& key, const Change& change, const std::set<ObjectKey>& unfolded) {
    if (is_hidden(key) || d_.value_changes.contains(key) || descent_.covers(key)) return;
    if (rebuilt_.contains(key)) return rebuild(key, change, unfolded);
    if (change.before && change.after) return alter(key, change);
    if (change.after) return create(key, change.after, unfolded);
    drop(key, change.before);
  }

  void rebuild(const ObjectKey& key, const Change& change, const std::set<ObjectKey>& unfolded) {
    drop(key, change.before);
    create(key, change.after, unfolded);
  }

  void create(const ObjectKey& key, const ObjectPtr& object, const std::set<ObjectKey>& unfolded) {
    const auto parent = kinds::parent_of(*object);
    const bool parent_made = parent && is_made(*parent);
    if (inside_.contains(key) || (parent_made && !unfolded.contains(key) && kinds::part_of(*object))) return;
    Step step;
    step.span = span_of(*object);
    step.subject = key;
    step.makes = {key};
    kinds::Parts parts;
    Statements extras;
    std::vector<ObjectKey> inside;
    for (const ObjectKey& child : catalog_.children(key)) {
      const Object& part_object = *catalog_.find(child);
      if (unfolded.contains(child)) continue;
      if (auto text = kinds::part_of(part_object)) {
        parts.push_back(std::move(*text));
        inside.push_back(child);
        add(kinds::beside_part(part_object), extras);
      }
    }
    inside_.insert(inside.begin(), inside.end());
    sort_parts(inside, parts);
    step.makes.insert(step.makes.end(), inside.begin(), inside.end());
    const bool needs_filling = d_.filled_columns.contains(key) && !parent_made;
    const std::optional<Object> early = kinds::forerunner(*object);
    const std::optional<Object> weaker = needs_filling ? kinds::relaxed(*object) : early;
    for (const Need& other : kinds::made_before(*object, catalog_)) {
      if (is_made(other.target)) step.needs.push_back(other);
    }
    if (early) {
      step.stands_alone = true;
      step.needs = kinds::needs_of(*early);
    }
    step.up = kinds::create_object(weaker ? *weaker : *object, parts);
    add(std::move(extras), step.up);
    add(kinds::settled_privileges(key, catalog_, in_force_), step.up);
    if (step.up.empty()) return;  // a state that nothing brings about
    step.title = step.up.front().title;
    const bool on_existing = parent && !parent_made;
    if (kinds::comes_last(key.kind) || (on_existing && kinds::belongs_to_contract(key.kind))) {
      step.phase = Phase::contract;
    } else if (kinds::waits_for_rows(key.kind) || (on_existing && kinds::tightens(nullptr, *object))) {
      step.phase = Phase::validate;
    } else if (existed(key) && kinds::belongs_to_contract(key.kind)) {
      step.phase = Phase::contract;
    }
    const bool goes_with_parent =
        parent_made && !waits_for_name(key) && !unfolded.contains(key) && !leans_on_others(*object, *parent);
    step.finalize = kinds::leftovers_of(*object);
    if (!goes_with_parent) {
      if (kinds::is_lockable(key.kind)) step.down.push_back(data::rows_to_residue(key, around_));
      if (kinds::is_column(key.kind) && on_existing && !accounted_.contains(key)) {
        if (Statement residue = data::values_to_residue(key, around_); !residue.sql.empty())
          step.down.push_back(std::move(residue));
      }
      add(kinds::taken_out(*object, around_), step.down);
      add(kinds::drop_object(*object), step.down);
    }
    descent_.make(step, key);
    steps_.push_back(std::move(step));
    if (weaker) {
      Step tighten;
      tighten.phase = early ? Phase::expand : Phase::validate;
      tighten.span = span_of(*object);
      tighten.subject = key;
      tighten.up = kinds::alter_object(*weaker, *object).statements;
      tighten.title = tighten.up.front().title;
      tighten.needs = {{key, false}};
      if (parent) tighten.needs.push_back({*parent, false});
      steps_.push_back(std::move(tighten));
    }
  }

  /// What holds the parent up holds up what belongs to it.
  bool leaned_on_above(const ObjectKey& target, std::optional<ObjectKey> above) const {
    while (above) {
      const Object& object = *catalog_.find(*above);
      for (const Need& need : kinds::needs_of(object)) {
        if (need.target == target) return true;
      }
      above = kinds::parent_of(object);
    }
    return false;
  }

  /// Something that is kept has the name until then, and wants it back while the parent still stands.
  bool waits_for_name(const ObjectKey& key) {
    for (; freed_by_ < steps_.size(); ++freed_by_) {
      for (const ObjectKey& one : steps_[freed_by_].unmakes) {
        if (steps_[freed_by_].subject == one) continue;
        freed_.insert(one);
        if (const auto name = kinds::relation_name(one)) freed_names_.insert(*name);
      }
    }
    const auto name = kinds::relation_name(key);
    return freed_.contains(key) || (name && freed_names_.contains(*name));
  }

  bool is_above(const ObjectKey& above, std::optional<ObjectKey> key) const {
    while (key && *key != above) key = kinds::parent_of(*catalog_.find(*key));
    return key.has_value();
  }

  /// Something else that this plan makes must stay as long as it: a trigger's function, an index's.
  bool leans_on_others(const Object& object, const ObjectKey& parent) const {
    for (const Need& need : kinds::needs_of(object)) {
      if (need.soft || need.target == parent || !is_made(need.target) || leaned_on_above(need.target, parent)) continue;
      const auto owner = kinds::parent_of(*catalog_.find(need.target));
      if (!owner || !is_above(*owner, parent)) return true;
    }
    return false;
  }

  void drop(const ObjectKey& key, const ObjectPtr& object) {
    if (before_objects_.contains(key)) return;  // drop_data or archive_data did it
    const Leaving leaving = how_it_leaves(*object);
    if (leaving == Leaving::with_all_above) return;
    Step step;
    step.phase = kinds::leaves_last(key.kind) ? Phase::contract : Phase::keep;
    step.span = place_of_drop(key, *object);
    step.subject = key;
    step.unmakes = {key};
    step.title = "drop " + describe(key);
    before_objects_.emplace(key, object);
    if (leaving == Leaving::alone) {
      step.up = kinds::drop_object(*object);
      step.title = step.up.front().title;
      if (kinds::tightens(nullptr, *object)) step.down = data::violators_to_residue(*object, around_);
    }
    add(kinds::guard_return(*object, around_.migration), step.down);
    add(kinds::create_object(*object, {}), step.down);
    if (leaving == Leaving::alone) {
      kinds::keep_partition_index_names(*object, step, around_);
      descent_.drop(step, key, before_objects_);
    }
    add(kinds::settled_privileges_before(key, old_name(key), catalog_, in_force_), step.down);
    steps_.push_back(std::move(step));
  }

  enum class Leaving {
    alone,            // by a statement of its own
    with_its_parent,  // whose statement takes it along; the way back makes both
    with_all_above    // hidden or kept with what it stands on, or gone for good
  };

  Leaving how_it_leaves(const Object& object) const {
    for (auto above = kinds::parent_of(object); above;) {
      if (dropped_.contains(*above) && !archived_.contains(*above)) {
        const bool alone = stays_alive_in_kept(object, *above) || circling_.contains(key_of(object));
        return alone ? Leaving::alone : Leaving::with_all_above;
      }
      if (dropped_for_good_.contains(*above))
        return circling_.contains(key_of(object)) ? Leaving::alone : Leaving::with_all_above;
      const ObjectPtr above_object = before_of(*above);
      const auto change = changed_.find(*above);
      if (rebuilt_.contains(*above) || (change != changed_.end() && !change->second->after)) {
        const bool goes_on = above_object && how_it_leaves(*above_object) == Leaving::with_all_above;
        return goes_on ? Leaving::with_all_above : Leaving::with_its_parent;
      }
      above = above_object ? kinds::parent_of(*above_object) : std::nullopt;
    }
    return Leaving::alone;
  }

  /// A kept table's references to tables that stay would go on binding them.
  bool stays_alive_in_kept(const Object& object, const ObjectKey& kept) const {
    for (const Need& need : kinds::needs_of(object)) {
      if (kinds::is_lockable(need.target.kind) && need.target != kept && !dropped_.contains(need.target))
        return kinds::is_lockable(kept.kind);
    }
    return false;
  }

  Span place_of_drop(const ObjectKey& key, const Object& object) const {
    for (const kinds::DropIntent& drop : d_.drops) {
      if (drop.key == key) return drop.span;
    }
    for (const kinds::DropIntent& drop : d_.drops) {
      for (const Need& need : kinds::needs_of(object)) {
        if (need.target == drop.key) return drop.span;
      }
    }
    const ObjectPtr after = catalog_.pointer(key);
    return after ? span_of(*after) : d_.migration_span;
  }

  /// Objects that stood before and do not while rows are written: dropped, or dropped to be created again.
  std::set<ObjectKey> absent() const {
    std::set<ObjectKey> keys = rebuilt_;
    for (const auto& [key, change] : changes_) {
      if (change.before && !change.after && how_it_leaves(*change.before) != Leaving::with_all_above) keys.insert(key);
    }
    return keys;
  }

  void alter(const ObjectKey& key, const Change& change) {
    if (std::optional<Step> noted = kinds::noted_change(*change.before, *change.after, around_)) {
      before_objects_.emplace(key, change.before);
      steps_.push_back(std::move(*noted));
      return;
    }
    if (is_carried(*change.after)) {
      const auto rest = std::make_shared<const Object>(kinds::carried(*change.before, *change.after));
      if (*rest != *change.after) alter_in_place(key, {rest, change.after});
      before_objects_.emplace(key, change.before);
      return;
    }
    if (const auto conversion = d_.conversions.find(key); conversion != d_.conversions.end()) {
      before_objects_.emplace(key, change.before);
      for (Step& step :
           kinds::convert_column(*change.before, *change.after, conversion->second, around_, around_.absent))
        steps_.push_back(std::move(step));
      return;
    }
    alter_in_place(key, change);
  }

  /// Its column is written anew by the step that changes the values of its type.
  bool is_carried(const Object& object) const {
    if (!kinds::is_column(key_of(object).kind)) return false;
    const std::vector<Need> needs = kinds::needs_of(object);
    return std::any_of(needs.begin(), needs.end(), [&](const Need& need) {
      const auto change = d_.value_changes.find(need.target);
      return change != d_.value_changes.end() && !change->second.in_place;
    });
  }

  void change_values(const ObjectKey& type, const kinds::ValueChange& change) {
    std::vector<kinds::CarriedColumn> columns;
    for (const ObjectKey& key : catalog_.dependents(type)) {
      if (!kinds::is_column(key.kind) || !(existed(key) || is_hidden(key))) continue;
      const ObjectPtr after = catalog_.pointer(key);
      columns.emplace_back(is_hidden(key) ? after : before_of(key), after);
    }
    std::vector<ObjectPtr> satellites;
    for (const ObjectKey& child : catalog_.children_before(old_name(type)))
      satellites.push_back(catalog_.before(child));
    steps_.push_back(kinds::change_values(change, columns, satellites, d_.conversions, around_, around_.absent));
  }

  void alter_in_place(const ObjectKey& key, const Change& change) {
    Step step;
    step.span = span_of(*change.after);
    step.subject = key;
    step.up = kinds::alter_object(*change.before, *change.after).statements;
    step.down = kinds::alter_object(*change.after, *change.before).statements;
    if (!step.up.empty()) step.title = step.up.front().title;
    const auto freeing = static_cast<std::ptrdiff_t>(descent_.alter(step, key, before_objects_));
    if (step.up.empty() && step.down.empty()) return;
    if (kinds::tightens(&*change.after, *change.before)) {
      Statements violators = data::violators_to_residue(*change.before, around_);
      step.down.insert(step.down.begin(), violators.begin(), violators.end());
    }
    Statements unfit = kinds::fit_before(*change.before, *change.after, around_, around_.absent);
    const bool frees = kinds::tightens(&*change.before, *change.after) && kinds::is_column(key.kind);
    step.down.insert(step.down.begin() + (frees && !step.down.empty() ? freeing : 0), unfit.begin(), unfit.end());
    if (step.title.empty()) step.title = step.up.empty() ? "change " + describe(key) : step.up.front().title;
    step.needs = kinds::needs_of(*change.after);
    step.needs.push_back({key, false});
    step.changes.push_back(key);
    before_objects_.emplace(key, change.before);
    if (kinds::belongs_to_contract(key.kind)) {
      step.phase = Phase::contract;
    } else if (kinds::tightens(&*change.before, *change.after)) {
      step.phase = Phase::validate;
    }
    steps_.push_back(std::move(step));
  }

  void drop_data(const kinds::DropIntent& drop) {
    if (!kinds::holds_data(drop.key.kind)) return;
    const ObjectPtr before = before_of(drop.key);
    if (!before || drop.archive) return;
    before_objects_.emplace(drop.key, before);
    if (drop.irreversible) {
      Step step;
      step.phase = Phase::contract;
      step.span = drop.span;
      step.subject = drop.key;
      step.unmakes = {drop.key};
      step.irreversible = true;
      step.up = kinds::drop_for_good(*before);
      step.title = step.up.front().title + " for good";
      descent_.drop(step, drop.key, before_objects_);
      step.down.clear();
      leave_schemas(old_name(drop.key), step);
      steps_.push_back(std::move(step));
    } else if (const auto hidden = d_.hidden_columns.find(drop.key); hidden != d_.hidden_columns.end()) {
      for (Step& step : kinds::hide_column(*before, hidden->second, drop.span,
                                           data::violators_to_residue(*before, around_), around_.migration))
        steps_.push_back(std::move(step));
      hide_copies(drop.key);
    } else if (std::optional<Step> step = kinds::keep_dropped(*before, drop.span, around_)) {
      for (const ObjectKey& child : catalog_.children_before(old_name(drop.key))) {  // they stand as long as it does
        const ObjectPtr part = catalog_.before(child);
        if (!part) continue;
        for (const Need& need : kinds::needs_of(*part)) {
          const ObjectKey& target = kinds::renamed_key(need.target, d_.renamed_keys);
          if (!need.soft && target != drop.key && dropped_.contains(target) && !circling_.contains(key_of(*part)))
            step->uses_old.push_back(target);
        }
      }
      leave_schemas(old_name(drop.key), *step);
      steps_.push_back(std::move(*step));
    } else {
      before_objects_.erase(drop.key);  // what creating it anew gives back
    }
  }

  /// Its partitions are gone before the schemas are in which they stand.
  void leave_schemas(const ObjectKey& old_table, Step& step) const {
    for (const ObjectKey& child : catalog_.children_before(old_table)) {
      if (!kinds::is_lockable(child.kind)) continue;
      step.uses_old.push_back(schema_key(kinds::renamed_key(child, d_.renamed_keys).schema));
      leave_schemas(child, step);
    }
  }

  /// PostgreSQL renames them with the parent's.
  void hide_copies(const ObjectKey& column) {
    const auto copies = d_.dropped_copies.find(column);
    if (copies == d_.dropped_copies.end() || copies->second.empty()) return;
    for (const ObjectKey& copy : copies->second) {
      steps_.back().unmakes.push_back(copy);
      steps_.back().makes.push_back(key_of(d_.hidden_columns.at(copy)));
      before_objects_.emplace(copy, before_of(copy));
    }
    steps_.back().finalize = {kinds::drop_hidden_with_copies(steps_.back().finalize.front(), around_.migration, column,
                                                             key_of(d_.hidden_columns.at(column)).part)};
  }

  /// Archived columns of one table leave together, in their order.
  void archive_data() {
    std::map<ObjectKey, std::vector<std::pair<ObjectPtr, Span>>> tables;
    for (const kinds::DropIntent& drop : d_.drops) {
      const ObjectPtr before = drop.archive ? before_of(drop.key) : nullptr;
      if (before) tables[table_of(drop.key)].emplace_back(before, drop.span);
    }
    for (auto& [table, columns] : tables) {
      std::vector<ObjectPtr> objects;
      for (const ObjectKey& child : catalog_.children_before(old_name(table))) {
        for (const auto& [object, span] : columns) {
          if (kinds::renamed_key(child, d_.renamed_keys) == key_of(*object)) objects.push_back(object);
        }
      }
      for (const ObjectPtr& object : objects) before_objects_.emplace(key_of(*object), object);
      steps_.push_back(kinds::archive_columns(objects, columns.front().second, around_, around_.absent));
    }
  }

  ObjectPtr before_of(const ObjectKey& key) const {
    const auto change = changed_.find(key);
    return change == changed_.end() ? catalog_.pointer(key) : change->second->before;
  }

  kinds::Declaring& d_;
  const Catalog& catalog_;
  const std::vector<KeyedChange> changes_;
  std::unordered_map<ObjectKey, const Change*, ObjectKeyHash> changed_;  // the same by key
  std::set<ObjectKey> dropped_, archived_, dropped_for_good_, rebuilt_, accounted_, hidden_;
  std::set<ObjectKey> circling_;              // parts by which dropped tables refer to each other in a circle
  std::map<ObjectKey, ObjectKey> old_names_;  // by present name
  data::Surroundings around_;
  const std::vector<ObjectPtr> in_force_ = kinds::privileges_in_force(catalog_);
  std::vector<Step> steps_;
  std::unordered_set<ObjectKey, ObjectKeyHash> inside_;  // what stands in its parent's statement
  std::size_t freed_by_ = 0;                             // so many steps are in:
  std::set<ObjectKey> freed_;
  std::set<kinds::RelationName> freed_names_;
  std::map<ObjectKey, ObjectPtr> before_objects_;
  const kinds::Descent descent_{catalog_, [this](const ObjectKey& key) { return before_of(key); },
                                [this](const ObjectKey& key) { return rebuilt_.contains(key); }};
};

}  // namespace

Plan plan(const std::string& id, const std::string& title, kinds::Declaring& declared) {
  Plan result{id, title, {}};
  std::set<ObjectKey> unfolded;
  for (;;) {
    Planner planner(id, declared);
    unfolded.merge(planner.parts_outside());
    planner.build(unfolded);
    if (declared.diagnostics.has_errors()) return result;
    std::vector<Step>& steps = planner.steps();
    planner.name_locks();
    const std::vector<Edge> edges = planner.edges();
    const Order sorted = order(steps, edges);
    if (!sorted.cycle.empty()) {
      const std::set<ObjectKey> more = breakable(steps, sorted.cycle, declared.catalog);
      const std::size_t known = unfolded.size();
      unfolded.insert(more.begin(), more.end());
      if (unfolded.size() > known) continue;
      auto report = declared.diagnostics.add(codes::cycle, steps[sorted.cycle.front()].span,
                                             "{} steps wait for each other", sorted.cycle.size());
      for (const std::size_t member : sorted.cycle) report.note(steps[member].span, "{}", steps[member].title);
      report.hint("split the migration in two at one of these");
      return result;
    }
    result.steps = arranged(std::move(steps), edges, sorted.sequence);
    result.checks_bodies_late = sorted.broke_soft_edges;
    return result;
  }
}

}  // namespace godwit::stages
