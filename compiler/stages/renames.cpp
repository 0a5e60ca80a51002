// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/renames.h"

#include "base/identifier.h"
#include "compiler/kinds/planning.h"

#include <algorithm>
#include <set>
#include <utility>

namespace godwit::stages {

namespace {

ObjectKey named(ObjectKey key, const std::string& name) {
  (key.part.empty() ? key.name : key.part) = name;
  return key;
}

const std::string& name_in(const ObjectKey& key) { return key.part.empty() ? key.name : key.part; }

Step step_for(const ObjectKey& from, const ObjectKey& to, Span span) {
  // Both sides spelled with the table's new name: the table is renamed first and renamed back last.
  const ObjectKey old_name = from.part.empty() ? from : named(to, from.part);
  Step step;
  step.phase = Phase::rename;
  step.span = span;
  step.subject = from;
  step.up = kinds::rename_object(old_name, to);
  step.down = kinds::rename_object(to, old_name);
  step.title = step.up.front().title;
  return step;
}

/// Where names can clash: among the relations of a schema, or among the parts of a table.
using Place = std::pair<Interned, Interned>;

Place place_of(const ObjectKey& key) { return {key.schema, kinds::names_a_relation(key.kind) ? Interned{} : key.name}; }

}  // namespace

std::vector<Step> rename_steps(const kinds::Declaring& declared) {
  std::vector<kinds::RenameIntent> tables, others;
  for (const kinds::RenameIntent& intent : declared.renames) {
    if (intent.follows) continue;
    (intent.from.part.empty() && kinds::is_renamed_first(intent.from.kind) ? tables : others).push_back(intent);
  }
  others.insert(others.end(), declared.sequence_renames.begin(), declared.sequence_renames.end());
  // By key: where a rename stands in the file says nothing.
  const auto by_key = [](const kinds::RenameIntent& a, const kinds::RenameIntent& b) { return a.from < b.from; };
  std::sort(tables.begin(), tables.end(), by_key);
  std::sort(others.begin(), others.end(), by_key);
  std::vector<Step> steps;
  const auto emit = [&](std::vector<kinds::RenameIntent> pending) {
    int temporary = 0;
    while (!pending.empty()) {
      std::set<std::pair<Place, std::string>> taken;
      for (const kinds::RenameIntent& intent : pending) {
        const ObjectKey here = intent.from.part.empty() ? intent.from : named(intent.to, intent.from.part);
        taken.emplace(place_of(here), name_in(here));
      }
      const auto free = std::find_if(pending.begin(), pending.end(), [&](const kinds::RenameIntent& intent) {
        return !taken.contains({place_of(intent.to), name_in(intent.to)});
      });
      if (free != pending.end()) {
        steps.push_back(step_for(free->from, free->to, free->span));
        pending.erase(free);
        continue;
      }
      // Names that change places: one of them steps aside.
      kinds::RenameIntent& first = pending.front();
      const ObjectKey aside =
          named(first.from.part.empty() ? first.from : first.to, "_gw_swap_" + std::to_string(++temporary));
      steps.push_back(step_for(first.from, aside, first.span));
      first.from = aside;
    }
  };
  emit(tables);
  emit(others);
  // Chained: each runs after the one before it.
  for (std::size_t i = 1; i < steps.size(); ++i) steps[i].follows_previous = true;
  return steps;
}

}  // namespace godwit::stages
