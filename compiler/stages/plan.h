// SPDX-License-Identifier: Apache-2.0
// Changes, moves and checks to steps in order, each with its way back.
#pragma once

#include "compiler/kinds/declaring.h"
#include "compiler/model/plan.h"

#include <godwit/compile.h>

#include <string>

namespace godwit::stages {

/// The plan of the migration that `declared` has just replayed. Cycles that cannot be broken are reported (GW2003) and
/// leave the plan empty.
Plan plan(const std::string& id, const std::string& title, kinds::Declaring& declared);

}  // namespace godwit::stages
