// SPDX-License-Identifier: Apache-2.0
#include "compiler/model/catalog.h"

#include <algorithm>
#include <numeric>

namespace godwit {

namespace {

int ordinal_of(const Object& object) {
  constexpr int before_columns = 10000;  // parents stand in their order too, and are no columns
  if (const auto* tie = std::get_if<Inheritance>(&object)) return tie->place.value - before_columns;
  const auto* column = std::get_if<Column>(&object);
  return column == nullptr ? 0 : column->ordinal.value;
}

}  // namespace

Catalog::Catalog(KindFacts facts) : facts_(facts) {
  entries_.max_load_factor(0.25F);  // a step along a chain is a miss of the caches: far dearer than empty buckets
}

ObjectPtr Catalog::pointer(const ObjectKey& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second.object;
}

const Object* Catalog::find(const ObjectKey& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second.object.get();
}

void Catalog::put(Object object) { put(std::make_shared<const Object>(std::move(object))); }

void Catalog::put(ObjectPtr object) {
  const ObjectKey key = key_of(*object);
  Entry& entry = entries_[key];  // stays where it is while others are added
  if (journaling_) journal_.try_emplace(key, entry.object);
  if (entry.object) {
    unlink(entry.object);
  } else {
    ++counts_[static_cast<std::size_t>(key.kind)];
  }
  entry.object = object;
  link(object);
  if (has_arguments(key.kind)) {
    std::vector<ObjectKey>& overloads = routines_[{key.schema, key.name}];
    if (std::find(overloads.begin(), overloads.end(), key) == overloads.end()) overloads.push_back(key);
  }
  if (facts_.names_an_index(key.kind)) {
    std::vector<ObjectKey>& constraints = index_names_[{key.schema, key.part}];
    if (std::find(constraints.begin(), constraints.end(), key) == constraints.end()) constraints.push_back(key);
  }
}

void Catalog::erase(const ObjectKey& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end() || !found->second.object) return;
  const ObjectPtr old = found->second.object;
  if (journaling_) journal_.try_emplace(key, old);
  found->second.object.reset();
  --counts_[static_cast<std::size_t>(key.kind)];
  unlink(old);
}

void Catalog::link(const ObjectPtr& object) {
  const ObjectKey key = key_of(*object);
  if (const auto parent = facts_.parent(*object)) {
    std::vector<Child>& children = entries_[*parent].children;
    Child child{ordinal_of(*object), key};
    children.insert(std::upper_bound(children.begin(), children.end(), child), std::move(child));
  }
  for (const Need& need : facts_.needs(*object)) {
    std::vector<ObjectKey>& dependents = entries_[need.target].dependents;
    if (dependents.empty() || dependents.back() != key) dependents.push_back(key);
  }
}

void Catalog::unlink(const ObjectPtr& object) {
  const ObjectKey key = key_of(*object);
  if (const auto parent = facts_.parent(*object))
    std::erase(entries_[*parent].children, Child{ordinal_of(*object), key});
  for (const Need& need : facts_.needs(*object)) std::erase(entries_[need.target].dependents, key);
}

void Catalog::begin_journal() {
  journal_.clear();
  journaling_ = true;
}

std::vector<ObjectKey> Catalog::children(const ObjectKey& parent) const {
  const auto found = entries_.find(parent);
  if (found == entries_.end()) return {};
  std::vector<ObjectKey> keys;
  keys.reserve(found->second.children.size());
  for (const Child& child : found->second.children) keys.push_back(child.key);
  return keys;
}

ObjectKey Catalog::root_of(ObjectKey table) const {
  for (;;) {
    const auto* shell = get<Table>(table);
    if (shell == nullptr || !shell->partition_of) return table;
    table = shell->partition_of->table;
  }
}

int Catalog::last_ordinal(const ObjectKey& table) const {
  const auto found = entries_.find(table);
  return found == entries_.end() || found->second.children.empty() ? 0
                                                                   : std::max(0, found->second.children.back().ordinal);
}

std::vector<ObjectKey> Catalog::dependents(const ObjectKey& key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return {};
  std::vector<ObjectKey> keys = found->second.dependents;
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::vector<ObjectKey> Catalog::keys(Kind kind) const {
  std::vector<ObjectKey> all;
  if (!has(kind)) return all;
  for (const auto& [key, entry] : entries_) {
    if (entry.object && key.kind == kind) all.push_back(key);
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::size_t Catalog::size() const { return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0}); }

std::vector<ObjectKey> Catalog::keys() const {
  std::vector<ObjectKey> all;
  all.reserve(size());
  for (const auto& [key, entry] : entries_) {
    if (entry.object) all.push_back(key);
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<ObjectKey> Catalog::routines_named(const std::string& schema, const std::string& name, bool old) const {
  const auto found = routines_.find({schema, name});
  if (found == routines_.end()) return {};
  std::vector<ObjectKey> there;
  for (const ObjectKey& key : found->second) {
    if (old ? before(key) != nullptr : find(key) != nullptr) there.push_back(key);
  }
  std::sort(there.begin(), there.end());
  return there;
}

std::vector<ObjectKey> Catalog::constraints_named(const std::string& schema, const std::string& name) const {
  const auto found = index_names_.find({schema, name});
  if (found == index_names_.end()) return {};
  std::vector<ObjectKey> there;
  for (const ObjectKey& key : found->second) {
    if (find(key) != nullptr) there.push_back(key);
  }
  std::sort(there.begin(), there.end());
  return there;
}

ObjectPtr Catalog::before(const ObjectKey& key) const {
  const auto found = journal_.find(key);
  return found == journal_.end() ? pointer(key) : found->second;
}

std::vector<ObjectKey> Catalog::children_before(const ObjectKey& parent) const {
  std::vector<std::pair<int, ObjectKey>> ordered;
  for (const ObjectKey& key : children(parent)) {
    if (!journal_.contains(key)) ordered.emplace_back(ordinal_of(*find(key)), key);
  }
  for (const auto& [key, old] : journal_) {
    if (old && facts_.parent(*old) == parent) ordered.emplace_back(ordinal_of(*old), key);
  }
  std::sort(ordered.begin(), ordered.end());
  std::vector<ObjectKey> keys;
  for (auto& [ordinal, key] : ordered) keys.push_back(std::move(key));
  return keys;
}

std::vector<ObjectKey> Catalog::dependents_before(const ObjectKey& key) const {
  std::vector<ObjectKey> keys;
  for (const ObjectKey& dependent : dependents(key)) {
    if (!journal_.contains(dependent)) keys.push_back(dependent);
  }
  for (const auto& [dependent, old] : journal_) {
    if (!old) continue;
    const std::vector<Need> needs = facts_.needs(*old);
    if (std::any_of(needs.begin(), needs.end(), [&](const Need& need) { return need.target == key; })) {
      keys.push_back(dependent);
    }
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace godwit
