// SPDX-License-Identifier: Apache-2.0
// `batch 10000 by id`: whether the rows of a step can be gone over in batches.
#pragma once

#include "compiler/data/text.h"
#include "compiler/kinds/declaring.h"

#include <optional>
#include <string>
#include <vector>

namespace godwit::data {

/// What the batches of a step would go over.
struct BatchedRows {
  std::optional<ObjectKey> table;  // before the migration when `then`, else after it; nothing: a query
  bool then = false;
  std::vector<Fragment> expressions;  // what else they read
  Span span;                          // of the step
  std::string obstacle;               // what the step itself has against it, in words; empty: nothing
};

/// `batch …` of a step, or what `transaction phased` makes of one without it. Reports GW2026 where it is written and
/// cannot be done; where it is not written such a step runs in one statement.
std::optional<Batching> read_batch(const Rare<ast::Batch>& written, const BatchedRows& rows, kinds::Declaring& d);

}  // namespace godwit::data
