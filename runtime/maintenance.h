// SPDX-License-Identifier: Apache-2.0
// Holds off the writes of applications to the tables that a run will touch, for the whole of it: between its
// transactions too. docs/decisions/0014 says why by triggers.
#pragma once

#include "base/result.h"
#include "compiler/model/script.h"
#include "runtime/runner.h"

#include <string>
#include <vector>

namespace godwit {

/// The tables that these scripts lock before they change them, as SQL, sorted; some may not exist yet.
std::vector<std::string> touched_tables(const std::vector<const Script*>& scripts);

/// A query for the oid of each of the tables that exists, and of the partitions and children below it.
std::string oids_of(const std::vector<std::string>& tables);

/// While it lives, writers other than this run are refused; after it everything is as before.
class Maintenance {
 public:
  explicit Maintenance(Runner& runner) : runner_(runner) {}

  Maintenance(const Maintenance&) = delete;
  Maintenance& operator=(const Maintenance&) = delete;
  ~Maintenance();

  /// One script in one transaction holds what it needs itself, and nothing is done here.
  Result<void, RuntimeError> begin(const std::vector<const Script*>& scripts);

 private:
  Runner& runner_;
  bool in_force_ = false;
};

/// Removes what a run left behind that could not end its maintenance. It refuses nobody any more.
Result<void, RuntimeError> end_left_maintenance(Runner& runner);

}  // namespace godwit
