// SPDX-License-Identifier: Apache-2.0
#include "compiler/data/steps.h"

#include "compiler/data/shape.h"

#include <variant>

namespace godwit::data {

std::vector<Step> steps_of(const Intent& intent, const Surroundings& around) {
  return std::visit([&](const auto& one) { return steps(one, around); }, intent);
}

std::set<ObjectKey> accounted_columns(const Intents& intents, const Surroundings& around) {
  std::set<ObjectKey> columns;
  for (const Intent& intent : intents) {
    if (const auto* backfill = std::get_if<Backfill>(&intent)) {
      if (row_key_now(backfill->table, around).empty()) continue;
      for (const Assignment& set : backfill->set) columns.insert(column_key(backfill->table, set.column));
    }
  }
  return columns;
}

}  // namespace godwit::data
