// SPDX-License-Identifier: Apache-2.0
// Which objects are carried as SQL, and in which order that has to run.
#pragma once

#include "runtime/inspect/items.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace godwit::inspecting {

/// What each object needs, as the server records it and as the body of a function in SQL names it.
std::vector<std::vector<std::size_t>> needs_of(const Items& items);

/// What is set by default, or reacts to every statement, comes when all else is there: 0 for anything else.
int comes_last(const Item& item);

/// For each object whether it is carried as SQL: it has no form in a spec, it was refused, or it needs one that is.
std::vector<bool> carried_items(const Items& items, const std::map<std::size_t, std::string>& refused);

/// One `sql` block.
struct CarriedBlock {
  std::size_t root = no_object;      // the object that gives it its title
  std::vector<std::size_t> objects;  // in the order in which they are made, the root first
  std::set<std::string> after;       // objects of the spec that must be there
};

/// The blocks in an order in which each finds what it needs. A block's `after` holds those of the blocks it needs.
std::vector<CarriedBlock> carried_blocks(const Items& items, const std::vector<bool>& carried);

/// The object that stands by itself and that this one belongs to.
std::size_t root_of(const Items& items, std::size_t item);

}  // namespace godwit::inspecting
