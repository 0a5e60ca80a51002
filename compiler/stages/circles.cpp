// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/circles.h"

#include "compiler/kinds/contract.h"
#include "compiler/kinds/planning.h"

#include <algorithm>

namespace godwit::stages {

namespace {

/// A part of one dropped relation that needs another one.
struct Reference {
  ObjectKey part, owner, target;
};

std::vector<Reference> references_between(const std::set<ObjectKey>& relations, const Catalog& catalog,
                                          const std::map<ObjectKey, ObjectKey>& renamed) {
  std::map<ObjectKey, ObjectKey> old_names;
  for (const auto& [before, now] : renamed) old_names.emplace(now, before);
  std::vector<Reference> references;
  for (const ObjectKey& relation : relations) {
    const auto old = old_names.find(relation);
    for (const ObjectKey& part : catalog.children_before(old == old_names.end() ? relation : old->second)) {
      const ObjectPtr object = catalog.before(part);
      if (!object) continue;
      for (const Need& need : kinds::needs_of(*object)) {
        const ObjectKey& target = kinds::renamed_key(need.target, renamed);
        if (target != relation && relations.contains(target)) references.push_back({part, relation, target});
      }
    }
  }
  return references;
}

}  // namespace

std::set<ObjectKey> parts_in_circles(const Catalog& catalog, const std::vector<kinds::DropIntent>& drops,
                                     const std::map<ObjectKey, ObjectKey>& renamed) {
  std::set<ObjectKey> relations;
  for (const kinds::DropIntent& drop : drops) {
    if (kinds::is_lockable(drop.key.kind)) relations.insert(drop.key);
  }
  const std::vector<Reference> references = references_between(relations, catalog, renamed);
  std::map<ObjectKey, std::size_t> targets;               // how many references a relation has left
  std::map<ObjectKey, std::vector<ObjectKey>> referrers;  // who refers to it
  for (const Reference& reference : references) {
    ++targets[reference.owner];
    referrers[reference.target].push_back(reference.owner);
  }
  // What refers to nothing that is left can go last; what remains in the end goes round.
  std::vector<ObjectKey> free;
  for (const ObjectKey& relation : relations) {
    if (!targets.contains(relation)) free.push_back(relation);
  }
  std::set<ObjectKey> circling = relations;
  while (!free.empty()) {
    const ObjectKey relation = free.back();
    free.pop_back();
    circling.erase(relation);
    for (const ObjectKey& owner : referrers[relation]) {
      if (--targets[owner] == 0) free.push_back(owner);
    }
  }
  std::set<ObjectKey> parts;
  for (const Reference& reference : references) {
    if (circling.contains(reference.owner) && circling.contains(reference.target)) parts.insert(reference.part);
  }
  return parts;
}

std::set<ObjectKey> breakable(const std::vector<Step>& steps, const std::vector<std::size_t>& cycle,
                              const Catalog& catalog) {
  std::set<ObjectKey> made_in_cycle;
  for (const std::size_t member : cycle) made_in_cycle.insert(steps[member].makes.begin(), steps[member].makes.end());
  std::set<ObjectKey> out;
  for (const std::size_t member : cycle) {
    for (const ObjectKey& key : steps[member].makes) {
      const Object* object = catalog.find(key);
      if (object == nullptr || key == steps[member].subject || kinds::stays_inside(key.kind)) continue;
      for (const Need& need : kinds::needs_of(*object)) {
        const std::vector<ObjectKey>& own = steps[member].makes;
        if (made_in_cycle.contains(need.target) && std::find(own.begin(), own.end(), need.target) == own.end())
          out.insert(key);
      }
    }
  }
  return out;
}

}  // namespace godwit::stages
