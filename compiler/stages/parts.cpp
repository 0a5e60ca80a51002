// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/parts.h"

#include <algorithm>
#include <utility>

namespace godwit::stages {

void sort_parts(std::vector<ObjectKey>& keys, kinds::Parts& parts) {
  std::vector<std::size_t> position(keys.size());
  for (std::size_t i = 0; i < position.size(); ++i) position[i] = i;
  std::stable_sort(position.begin(), position.end(),
                   [&](std::size_t a, std::size_t b) { return keys[a].kind < keys[b].kind; });
  std::vector<ObjectKey> sorted_keys;
  kinds::Parts sorted_parts;
  for (const std::size_t i : position) {
    sorted_keys.push_back(std::move(keys[i]));
    sorted_parts.push_back(std::move(parts[i]));
  }
  keys = std::move(sorted_keys);
  parts = std::move(sorted_parts);
}

}  // namespace godwit::stages
