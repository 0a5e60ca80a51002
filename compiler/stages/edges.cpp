// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/edges.h"

#include "compiler/kinds/contract.h"
#include "compiler/kinds/planning.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

namespace godwit::stages {

namespace {

using Places = std::unordered_map<ObjectKey, std::size_t, ObjectKeyHash>;

class Edges {
 public:
  Edges(const std::vector<Step>& steps, const Catalog& catalog, const std::map<ObjectKey, ObjectPtr>& before)
      : steps_(steps), catalog_(catalog), before_(before) {
    std::size_t made = 0;
    for (const Step& step : steps) made += step.makes.size();
    makers_.reserve(made);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (const ObjectKey& key : steps[i].makes) makers_.emplace(key, i);
      for (const ObjectKey& key : steps[i].unmakes) {
        unmakers_.emplace(key, i);
        if (const auto name = kinds::relation_name(key)) leavers_.emplace(*name, i);
      }
      for (const ObjectKey& key : steps[i].changes) changers_[key].push_back(i);
      for (const ObjectKey& key : steps[i].fills) fillers_[key].push_back(i);
    }
  }

  std::vector<Edge> all() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Step& step = steps_[i];
      if (step.follows_previous) add(i - 1, i, false);
      what_it_makes(i);
      what_it_needs(i);
      what_it_ends(i);
      what_it_fills(i);
      for (const ObjectKey& waiting : step.precedes) {
        if (const auto maker = find(makers_, waiting)) add(i, *maker, false);
        for (const std::size_t changer : changers_of(waiting)) add(i, changer, false);
      }
      for (const ObjectKey& used : step.uses_old) {
        if (const auto end = find(unmakers_, used)) add(i, *end, false);
        for (const std::size_t changer : changers_of(used)) {
          if (!steps_[changer].leaves_values) add(i, changer, true);  // they are read as they were
        }
      }
    }
    std::sort(edges_.begin(), edges_.end());
    edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
    return std::move(edges_);
  }

 private:
  static std::optional<std::size_t> find(const Places& index, const ObjectKey& key) {
    const auto found = index.find(key);
    if (found == index.end()) return std::nullopt;
    return found->second;
  }

  const std::vector<std::size_t>& changers_of(const ObjectKey& key) const {
    static const std::vector<std::size_t> none;
    const auto found = changers_.find(key);
    return found == changers_.end() ? none : found->second;
  }

  void add(std::size_t first, std::size_t second, bool soft) {
    if (first != second) edges_.push_back({first, second, soft});
  }

  /// What an object needs, its parent included.
  std::vector<Need> needs_of(const Object& object) const {
    std::vector<Need> needs = kinds::needs_of(object);
    if (const auto parent = kinds::parent_of(object)) needs.push_back({*parent, false});
    return needs;
  }

  void after_making(std::size_t step, const Need& need) {
    if (const auto maker = find(makers_, need.target)) add(*maker, step, need.soft);
    for (const std::size_t changer : changers_of(need.target)) {
      if (steps_[changer].phase <= steps_[step].phase) add(changer, step, true);
    }
  }

  /// What leaves with the relation that it stood on has left when that one has.
  void after_the_end_of_what_held(const ObjectKey& key, std::size_t i) {
    const auto old = before_.find(key);
    const auto held_by = old == before_.end() ? std::nullopt : kinds::parent_of(*old->second);
    if (!held_by) return;
    if (const auto end = find(unmakers_, *held_by)) add(*end, i, false);
  }

  /// Unless it stands first, to tell which rows do not fit.
  void after_rows(std::size_t filler, std::size_t i, bool soft) {
    if (!steps_[filler].rejects || steps_[i].phase >= Phase::move) add(filler, i, soft);
  }

  void what_it_makes(std::size_t i) {
    for (const ObjectKey& key : steps_[i].makes) {
      if (const auto end = find(unmakers_, key)) {  // created again, or its name is taken until then
        add(*end, i, false);
        after_the_end_of_what_held(key, i);
      }
      if (const auto name = kinds::relation_name(key); name && !leavers_.empty()) {
        for (auto [at, end] = leavers_.equal_range(*name); at != end; ++at) add(at->second, i, false);
      }
      const Object* object = catalog_.find(key);
      if (object == nullptr || steps_[i].stands_alone) continue;
      for (const Need& need : needs_of(*object)) {
        after_making(i, need);
        if (const auto fillers = fillers_.find(need.target);
            fillers != fillers_.end() && kinds::waits_for_rows(key.kind)) {
          for (const std::size_t filler : fillers->second) after_rows(filler, i, false);
        }
      }
      const auto parent = kinds::parent_of(*object);
      const bool added_to_existing = parent && !makers_.contains(*parent);
      if (added_to_existing && kinds::tightens(nullptr, *object)) after_filling(*parent, i);
    }
  }

  void after_filling(const ObjectKey& table, std::size_t i) {
    if (const auto fillers = fillers_.find(table); fillers != fillers_.end()) {
      for (const std::size_t filler : fillers->second) after_rows(filler, i, true);
    }
  }

  void what_it_needs(std::size_t i) {
    for (const Need& need : steps_[i].needs) after_making(i, need);
    // A `not null` set on a column that rows were moved into comes after them.
    if (steps_[i].phase == Phase::validate && steps_[i].makes.empty()) after_filling(table_of(steps_[i].subject), i);
  }

  void what_it_ends(std::size_t i) {
    const auto before_ends = [&](const ObjectKey& key, bool is_change) {
      const auto old = before_.find(key);
      if (old == before_.end()) return;
      const auto parent = kinds::parent_of(*old->second);
      for (const Need& need : steps_[i].stands_alone ? kinds::needs_of(*old->second) : needs_of(*old->second)) {
        if (const auto end = find(unmakers_, need.target)) add(i, *end, need.soft);
        if (is_change) continue;
        for (const std::size_t changer : changers_of(need.target)) {
          const bool only_stands_there = need.target == parent;
          if (!only_stands_there)
            add(i, changer, need.soft);
          else if (steps_[i].phase <= steps_[changer].phase)
            add(i, changer, true);
        }
      }
    };
    for (const ObjectKey& key : steps_[i].unmakes) before_ends(key, false);
    for (const ObjectKey& key : steps_[i].changes) before_ends(key, true);
  }

  /// Parents first: what a table's references point at is filled before it.
  void what_it_fills(std::size_t i) {
    for (const ObjectKey& table : steps_[i].fills) {
      for (const ObjectKey& child : catalog_.children(table)) {
        for (const Need& need : kinds::needs_of(*catalog_.find(child))) {
          if (need.target == table) continue;
          if (const auto fillers = fillers_.find(need.target); fillers != fillers_.end()) {
            for (const std::size_t filler : fillers->second) add(filler, i, true);
          }
        }
      }
    }
  }

  const std::vector<Step>& steps_;
  const Catalog& catalog_;
  const std::map<ObjectKey, ObjectPtr>& before_;
  Places makers_, unmakers_;
  std::unordered_map<ObjectKey, std::vector<std::size_t>, ObjectKeyHash> changers_;
  std::multimap<kinds::RelationName, std::size_t> leavers_;
  std::unordered_map<ObjectKey, std::vector<std::size_t>, ObjectKeyHash> fillers_;
  std::vector<Edge> edges_;
};

}  // namespace

std::vector<Edge> edges_between(const std::vector<Step>& steps, const Catalog& catalog,
                                const std::map<ObjectKey, ObjectPtr>& before) {
  return Edges(steps, catalog, before).all();
}

}  // namespace godwit::stages
