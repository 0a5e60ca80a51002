// SPDX-License-Identifier: Apache-2.0
// How the rows of a move are compared with their source once the migration is over.
#pragma once

#include "compiler/data/intents.h"
#include "compiler/data/steps.h"
#include "compiler/model/plan.h"

namespace godwit::data {

/// The statement counts, of all rows that the move recorded, those that the target holds as the source gives them,
/// those that are missing, that differ though nobody wrote them, and that were written since. Where nothing can be said
/// it says why.
Comparison comparison_of(const Move& move, const Surroundings& around);

}  // namespace godwit::data
