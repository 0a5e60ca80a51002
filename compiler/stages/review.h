// SPDX-License-Identifier: Apache-2.0
// The page a reviewer approves from.
#pragma once

#include "compiler/model/plan.h"
#include "compiler/model/plan_json.h"
#include "compiler/stages/emit.h"

#include <string>

namespace godwit::stages {

/// Markdown: what changes in words, order and why, locks, what is kept, what a rollback does, a diagram of touched
/// tables.
std::string review(const Plan& plan, const PlanFacts& facts, const EmitContext& context);

}  // namespace godwit::stages
