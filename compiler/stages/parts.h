// SPDX-License-Identifier: Apache-2.0
// The parts of a statement that makes an object with all that stands in it.
#pragma once

#include "compiler/kinds/contract.h"

#include <vector>

namespace godwit::stages {

/// Columns in their own order first, then constraints by name: the order in which people write a table. `keys` and
/// `parts` belong together by place and are sorted alike.
void sort_parts(std::vector<ObjectKey>& keys, kinds::Parts& parts);

}  // namespace godwit::stages
