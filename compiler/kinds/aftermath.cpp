// SPDX-License-Identifier: Apache-2.0
// What a migration leaves of what its moves read and wrote, for whoever compares the two later.
#include "compiler/data/text.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/planning.h"

#include <algorithm>

namespace godwit::kinds {

namespace {

void set_aside(const ObjectKey& relation, const data::Surroundings& around, std::map<ObjectKey, ObjectKey>& places) {
  ObjectKey place = relation;
  place.schema = kept_place(relation, around);
  places.emplace(relation, place);
  for (const ObjectKey& old : around.catalog.children_before(data::then(relation, around))) {
    if (!is_column(old.kind)) continue;
    const ObjectKey column = data::now(old, around);
    // A column that was hidden before its table is dropped stands there under that name.
    const auto hidden = places.find(column);
    places[column] = column_key(place, hidden == places.end() ? column.part.str() : hidden->second.part.str());
  }
}

bool overwrites(const data::Move& move, const data::Intents& intents) {
  return move.on_conflict == data::OnConflict::update &&
         std::any_of(intents.begin(), intents.end(), [&](const data::Intent& intent) {
           const auto* other = std::get_if<data::Move>(&intent);
           return other != nullptr && other != &move && other->target == move.target;
         });
}

}  // namespace

data::Aftermath aftermath(const Declaring& d, const data::Surroundings& around) {
  data::Aftermath after;
  for (const auto& [column, hidden] : d.hidden_columns) after.set_aside.emplace(column, key_of(hidden));
  for (const DropIntent& drop : d.drops) {
    if (!drop.irreversible && moves_when_dropped(drop.key.kind)) set_aside(drop.key, around, after.set_aside);
  }
  for (const auto& [column, conversion] : d.conversions) after.rewritten.insert(column);
  for (const auto& [column, change] : d.value_changes) after.rewritten.insert(column);
  const auto writes = [&](const ObjectKey& table, const std::vector<data::Assignment>& set) {
    for (const data::Assignment& one : set) after.rewritten.insert(column_key(table, one.column));
  };
  for (const data::Intent& intent : d.intents) {
    if (const auto* backfill = std::get_if<data::Backfill>(&intent)) writes(backfill->table, backfill->set);
    if (const auto* move = std::get_if<data::Move>(&intent); move != nullptr && overwrites(*move, d.intents))
      writes(move->target, move->set);
  }
  return after;
}

}  // namespace godwit::kinds
