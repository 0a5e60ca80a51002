// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/diff.h"

#include <map>

namespace godwit::stages {

std::vector<KeyedChange> diff(const Catalog& catalog, const kinds::Renames& renames) {
  std::vector<KeyedChange> different;
  const auto add = [&](const ObjectKey& key, Change change) {
    if (!change.before && !change.after) return;
    if (change.before && change.after && *change.before == *change.after) return;
    different.emplace_back(key, std::move(change));
  };
  if (renames.empty()) {
    for (const auto& [key, before] : catalog.touched()) add(key, {before, catalog.pointer(key)});
    return different;
  }
  std::map<ObjectKey, Change> changes;
  for (const auto& [key, before] : catalog.touched()) {
    if (before) {
      auto renamed = std::make_shared<const Object>(kinds::renamed_object(*before, renames, kinds::RenamedBy::server));
      changes[key_of(*renamed)].before = std::move(renamed);
    }
    if (ObjectPtr after = catalog.pointer(key)) changes[key].after = std::move(after);
  }
  for (auto& [key, change] : changes) add(key, std::move(change));
  return different;
}

}  // namespace godwit::stages
