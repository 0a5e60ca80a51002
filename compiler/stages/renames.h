// SPDX-License-Identifier: Apache-2.0
// Renames to steps. They run first, so that every later statement speaks of one set of names.
#pragma once

#include "compiler/kinds/declaring.h"
#include "compiler/model/plan.h"

#include <vector>

namespace godwit::stages {

/// One step a rename, in an order in which no name is taken when it is given; names that change places go through a
/// temporary one. Each follows the one before it.
std::vector<Step> rename_steps(const kinds::Declaring& declared);

}  // namespace godwit::stages
