// SPDX-License-Identifier: Apache-2.0
// The plan as data for other programs; docs/plan.schema.json describes it.
#pragma once

#include "base/source.h"
#include "compiler/model/plan.h"

#include <string>

namespace godwit {

/// What a plan's artifacts say besides its steps.
struct PlanFacts {
  std::string checksum, rollback, rollback_window, lock_timeout;
  bool baseline = false;
  int oldest_postgres = 13;
  std::string up_sha256, down_sha256;
};

/// Indented JSON with keys in a fixed order, ending in a line end.
std::string plan_json(const Plan& plan, const PlanFacts& facts, const SourceSet& sources);

}  // namespace godwit
