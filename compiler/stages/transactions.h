// SPDX-License-Identifier: Apache-2.0
// Which transaction of a migration in parts each step belongs to.
#pragma once

#include "compiler/kinds/declaring.h"
#include "compiler/model/plan.h"

namespace godwit::stages {

/// Gives each step its part when the plan is one in parts, which it is when a step runs in batches or the header says
/// `transaction phased`: what only adds comes first, then the batches, then proof and the indexes of new tables, and
/// all the rest in the last. Reports GW2026 where a step that runs in batches waits for one that must run later.
void divide(Plan& plan, kinds::Declaring& declared);

/// The rows that went in batches go back in batches: every such step can, what each put there is known from what others
/// did, and no value looks otherwise before the turn than behind it.
bool goes_back_in_parts(const Plan& plan, const Catalog& catalog);

}  // namespace godwit::stages
