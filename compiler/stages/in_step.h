// SPDX-License-Identifier: Apache-2.0
// Tables that an earlier migration keeps in step are not changed before it is final: its triggers name their columns.
#pragma once

#include "compiler/kinds/declaring.h"
#include "compiler/model/plan.h"

#include <string>
#include <vector>

namespace godwit::stages {

/// A table that a migration keeps in step with another, or columns of it with others.
struct TableInStep {
  ObjectKey table;
  std::string migration;
};

/// Puts a question before the first step where the plan changes or fills one of the tables: does its trigger still
/// stand? What the plan keeps in step itself is added to `tables` for the next, and what it asked for is done with.
void guard_in_step(Plan& plan, const kinds::Declaring& declared, std::vector<TableInStep>& tables);

}  // namespace godwit::stages
