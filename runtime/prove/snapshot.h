// SPDX-License-Identifier: Apache-2.0
// A database as a value that can be compared: its catalog in the server's own words, and a digest of each table's rows.
#pragma once

#include "base/result.h"
#include "runtime/drift.h"
#include "runtime/session.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace godwit {

struct TableRows {
  std::uint64_t count = 0;
  std::string digest;                // of all rows as text, in an order of their own
  std::vector<std::int64_t> hashes;  // of each row's text, sorted
  bool operator==(const TableRows&) const = default;
};

struct Snapshot {
  std::vector<CatalogRow> catalog;
  std::map<std::string, TableRows> tables;  // by qualified name

  std::uint64_t rows() const;
};

/// Everything but what godwit keeps for itself. Reads only; a database without a ledger has its reading function for
/// the time of one transaction.
Result<Snapshot, ServerError> take_snapshot(Session& session);

/// The names of what is reserved for godwit and should be gone once everything is final.
Result<std::vector<std::string>, ServerError> reserved_leftovers(Session& session);

/// How many rows of before do not stand in `now` as they were: changed, or gone.
std::uint64_t rows_missing(const Snapshot& before, const Snapshot& now);

/// One line a difference; `counts_only`: rows may hold other values (`now()`, random keys), not be more or fewer.
std::vector<std::string> differences(const Snapshot& expected, const Snapshot& actual, bool counts_only = false);

}  // namespace godwit
