// SPDX-License-Identifier: Apache-2.0
// Between two batches: does somebody else need the server more? Then the run waits, without a transaction, until
// nothing is over its limit any more.
#pragma once

#include "base/result.h"
#include "runtime/runner.h"

#include <chrono>
#include <functional>
#include <string>

namespace godwit {

class Throttling {
 public:
  /// `step` is what its events are about.
  Throttling(Runner& runner, Event step);

  /// How many seconds the last batch waited for locks.
  void batch_waited(double seconds);
  /// Returns when nothing is over its limit, or as soon as `asked_to_stop` says so. Fails when the user's query does.
  /// What cannot be read is a warning, once, and no reason to wait.
  Result<void, RuntimeError> wait(const std::function<bool()>& asked_to_stop);

 private:
  using Clock = std::chrono::steady_clock;
  using Reason = Result<std::string, ServerError>;  // empty: none

  Result<std::string, RuntimeError> find_reason();
  std::string locks();
  Reason replication();
  Reason archive();
  Reason query();
  std::string excused(const Reason& reason, const char* setting);
  RuntimeError query_error(const ServerError& error) const;
  void tell(const char* name, std::string message, double seconds = 0);
  void warn(const std::string& message);

  Runner& runner_;
  const Throttle& limits_;
  Event step_;
  Clock::time_point looked_{};
  Clock::time_point rest_until_{};  // for those whom the last batch waited for
  double waited_ = 0;
};

}  // namespace godwit
