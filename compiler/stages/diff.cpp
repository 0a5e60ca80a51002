// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/diff.h"

#include <map>

namespace godwit::stages {

std::vector<Change> diff(const Catalog& catalog, const kinds::Renames& renames) {
  std::map<ObjectKey, Change> changes;
  for (const auto& [key, before] : catalog.touched()) {
    if (before) {
      if (renames.empty()) {
        changes[key].before = before;
      } else {
        auto renamed =
            std::make_shared<const Object>(kinds::renamed_object(*before, renames, kinds::RenamedBy::server));
        changes[key_of(*renamed)].before = std::move(renamed);
      }
    }
    if (ObjectPtr after = catalog.pointer(key)) changes[key].after = std::move(after);
  }
  std::vector<Change> different;
  for (auto& [key, change] : changes) {
    if (!change.before && !change.after) continue;
    if (change.before && change.after && *change.before == *change.after) continue;
    different.push_back(std::move(change));
  }
  return different;
}

}  // namespace godwit::stages
