// SPDX-License-Identifier: Apache-2.0
// Before a run begins: waits for what the sessions of a role have begun on the tables that it will touch.
#pragma once

#include "base/result.h"
#include "runtime/runner.h"

#include <string>
#include <vector>

namespace godwit {

/// Waits until no transaction of `options().drain_role` that is open now holds a lock on one of the tables, or a
/// partition of one. After the time that is given, they are ended where the options say so; otherwise it fails (GW5031)
/// and lists them. Nothing is changed by it.
Result<void, RuntimeError> drain(Runner& runner, const std::vector<std::string>& tables);

}  // namespace godwit
