// SPDX-License-Identifier: Apache-2.0
// Rows for a proof: made from what the catalog says about types, not null, checks, unique and foreign keys, and kept
// when the server takes them.
#pragma once

#include "base/result.h"
#include "runtime/session.h"

#include <cstdint>
#include <string>
#include <vector>

namespace godwit {

struct Population {
  std::size_t rows = 0;                 // that the server took
  std::vector<std::string> not_filled;  // "app.t: new row violates check constraint …"
};

/// `rows` more rows for each table, parents before children; `only_empty`: tables that have rows are left as they are.
/// The same seed on the same database tries the same rows.
Result<Population, ServerError> populate(Session& session, std::size_t rows, std::uint64_t seed, bool only_empty);

}  // namespace godwit
