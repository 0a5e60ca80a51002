// SPDX-License-Identifier: Apache-2.0
// Dropped relations that refer to each other in a circle: none of them can go first as it stands.
#pragma once

#include "compiler/kinds/declaring.h"

#include <map>
#include <set>
#include <vector>

namespace godwit::stages {

/// The parts (by their names before the migration) through which dropped relations refer to each other in a circle, or
/// to one that does. Linear in the parts of what is dropped.
std::set<ObjectKey> parts_in_circles(const Catalog& catalog, const std::vector<kinds::DropIntent>& drops,
                                     const std::map<ObjectKey, ObjectKey>& renamed);

}  // namespace godwit::stages
