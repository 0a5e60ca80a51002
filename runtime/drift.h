// SPDX-License-Identifier: Apache-2.0
// Two catalogs compared: rows of godwit.catalog() and godwit.object, and the difference as lines a person reads.
#pragma once

#include "base/result.h"
#include "runtime/session.h"

#include <godwit/runtime.h>

#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace godwit {

struct CatalogKey {
  std::string schema, kind, name;
  auto operator<=>(const CatalogKey&) const = default;
};

struct CatalogRow {
  CatalogKey key;
  std::string definition;
  auto operator<=>(const CatalogRow&) const = default;
};

struct Difference {
  CatalogKey key;
  std::optional<std::string> expected, actual;
};

/// What godwit.catalog() says, sorted.
Result<std::vector<CatalogRow>, ServerError> read_catalog(Session& session);

/// The database against what the last recorded run left. Only schemas and other names that the ledger remembers count.
Result<std::vector<Difference>, ServerError> find_drift(Session& session);

/// GW5012 with the difference as its detail; nothing when there is none.
std::optional<RuntimeError> refuse_drift(Session& session, const std::string& way_out);

/// Both sorted.
std::vector<Difference> compare(const std::vector<CatalogRow>& expected, const std::vector<CatalogRow>& actual);

/// `+ only in the database`, `- missing`, `~ differs`: one line each. What belongs to a missing or an additional table
/// is told by the table's line alone.
std::vector<std::string> describe(const std::vector<Difference>& differences, const std::string& expected_name);

/// At most `most` lines, then how many more there are.
std::string joined(const std::vector<std::string>& lines, std::size_t most = 40);

}  // namespace godwit
