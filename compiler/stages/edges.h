// SPDX-License-Identifier: Apache-2.0
// What must run before what, and why: existence, references inside SQL, reads before what is read goes, rows before
// what is built from them.
#pragma once

#include "compiler/model/catalog.h"
#include "compiler/model/plan.h"
#include "compiler/stages/order.h"

#include <map>
#include <vector>

namespace godwit::stages {

/// All edges between the steps. `before` holds the objects that steps drop or alter, as they were.
std::vector<Edge> edges_between(const std::vector<Step>& steps, const Catalog& catalog,
                                const std::map<ObjectKey, ObjectPtr>& before);

}  // namespace godwit::stages
