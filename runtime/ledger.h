// SPDX-License-Identifier: Apache-2.0
// What schema godwit says, read back. The tables are made and written by compiler/model/ledger.
#pragma once

#include "base/result.h"
#include "runtime/session.h"

#include <godwit/runtime.h>

#include <optional>
#include <string>
#include <vector>

namespace godwit {

struct LedgerRow {
  std::string id, title, checksum;
  std::string state;  // begun, applied, adopted, finalized, rolled_back
  std::string rollback_class, applied_at, window_until;
  bool window_open = false;
  int parts_done = 0;  // of several transactions; below zero: of its way back

  /// Wholly: one that is only begun is still pending.
  bool is_applied() const { return stands() && !is_begun(); }
  bool is_begun() const { return state == "begun"; }
  /// Its rollback has begun, and neither shape is wholly there.
  bool is_going_back() const { return state == "applied" && parts_done < 0; }
  /// Something of it is in the database.
  bool stands() const { return state != "rolled_back"; }
};

struct Ledger {
  bool exists = false;
  std::vector<LedgerRow> rows;  // in the order in which they were applied

  const LedgerRow* find(const std::string& id) const;
  /// The last one of which something stands.
  const LedgerRow* last() const;
};

/// One query; a database without a ledger gives an empty one.
Result<Ledger, RuntimeError> read_ledger(Session& session);

/// `down_sql`, `finalize_sql` or `verify_sql` of a migration.
Result<std::string, RuntimeError> read_artifact(Session& session, const std::string& id, const std::string& column);

}  // namespace godwit
