// SPDX-License-Identifier: Apache-2.0
// Dropped relations that refer to each other in a circle: none of them can go first as it stands.
#pragma once

#include "compiler/kinds/declaring.h"
#include "compiler/model/plan.h"

#include <map>
#include <set>
#include <vector>

namespace godwit::stages {

/// The parts (by their names before the migration) through which dropped relations refer to each other in a circle, or
/// to one that does. Linear in the parts of what is dropped.
std::set<ObjectKey> parts_in_circles(const Catalog& catalog, const std::vector<kinds::DropIntent>& drops,
                                     const std::map<ObjectKey, ObjectKey>& renamed);

/// Children that stand in a statement of the cycle and reach for another member of it: they can be added afterwards.
std::set<ObjectKey> breakable(const std::vector<Step>& steps, const std::vector<std::size_t>& cycle,
                              const Catalog& catalog);

}  // namespace godwit::stages
