// SPDX-License-Identifier: Apache-2.0
// Batches that change rows in place leave a dead one behind for each. VACUUM between them gives the space back to the
// next ones, so that the table does not double.
#pragma once

#include "compiler/model/script.h"
#include "runtime/runner.h"

#include <cstdint>
#include <string>

namespace godwit {

class Vacuuming {
 public:
  Vacuuming(Runner& runner, const Script& script, const ScriptStep& step, Event of_step);

  /// Vacuums the step's table when enough of its rows are dead. What does not work is a warning.
  void batch_done(std::uint64_t rows_read, std::uint64_t rows_of_table);

 private:
  std::uint64_t limit(std::uint64_t rows_of_table) const;
  bool count();
  void vacuum();
  void warn(const std::string& why);

  Runner& runner_;
  const Script& script_;
  const ScriptStep& step_;
  Event event_;
  std::string table_;  // as SQL; empty when nothing is to be done
  std::uint64_t read_ = 0, written_ = 0, vacuumed_ = 0;
};

}  // namespace godwit
