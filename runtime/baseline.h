// SPDX-License-Identifier: Apache-2.0
// Adoption: does a database without a ledger already hold what the baseline states? The baseline is built in a scratch
// database on the same server, and the server's own descriptions of the two are compared.
#pragma once

#include "base/result.h"
#include "compiler/model/script.h"
#include "runtime/runner.h"

#include <vector>

namespace godwit {

enum class BaselineMatch {
  absent,  // nothing of it is there: it can be created
  equal    // all of it is there already
};

/// The baselines that come first, one or one a schema, in their order.
using Baselines = std::vector<const Script*>;

/// Compares before anything is written; a database that differs is an error that lists the difference.
Result<BaselineMatch, RuntimeError> match_baselines(Runner& runner, const Baselines& baselines);

/// The part of the baseline's up artifact that records it, as adopted.
Script adoption_of(const Script& baseline);

}  // namespace godwit
