// SPDX-License-Identifier: Apache-2.0
// Runs a step in batches. Where it goes on from stands in the ledger, written together with the rows: a batch whose
// commit got no answer is simply asked for again.
#pragma once

#include "base/result.h"
#include "compiler/model/script.h"
#include "runtime/runner.h"

#include <cstddef>

namespace godwit {

/// Calls the function of the step at `position` until nothing is left. The number of rows follows the time that a batch
/// takes; between two batches the run may pause (GW5029). A lost connection is opened again while the runner still has
/// its lock; rows that others write at the same moment (a key that is gone, or there by now) make a batch be tried
/// again.
Result<void, RuntimeError> run_batches(Runner& runner, const Script& script, std::size_t position);

}  // namespace godwit
