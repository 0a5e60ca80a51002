// SPDX-License-Identifier: Apache-2.0
// One SQL statement with what a reviewer needs to know about it.
#pragma once

#include "compiler/model/key.h"

#include <optional>
#include <string>
#include <vector>

namespace godwit {

/// Table-level locks, weakest first (manual 15, section 13.3.1).
enum class Lock {
  none,
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive
};
/// How long a lock is held: `instant` is the catalog only, `scan` reads the table, `rewrite` writes all of it again.
enum class Work { instant, scan, rewrite };

std::string_view name_of(Lock lock);
std::string_view name_of(Work work);

struct LockOn {
  ObjectKey relation;
  Lock lock = Lock::none;

  bool operator==(const LockOn&) const = default;
};

struct Statement {
  std::string title;          // what it is for, in words: "add column app.t.c"
  std::string sql;            // without the closing semicolon
  std::vector<LockOn> locks;  // on existing relations; hazards.md section 1
  Work work = Work::instant;

  bool operator==(const Statement&) const = default;
};

using Statements = std::vector<Statement>;

}  // namespace godwit
