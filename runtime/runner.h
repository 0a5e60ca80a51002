// SPDX-License-Identifier: Apache-2.0
// The right to change a database: one runner at a time. A control session holds the lock and is never inside a
// transaction; a work session does the work; an epoch in godwit.runner keeps a transaction whose client died from
// committing after another runner took over.
#pragma once

#include "base/result.h"
#include "runtime/connection_string.h"
#include "runtime/ledger.h"
#include "runtime/reporter.h"
#include "runtime/session.h"

#include <godwit/runtime.h>

#include <cstdint>
#include <memory>

namespace godwit {

class Watcher;

/// Connects and refuses servers that godwit cannot work with.
Result<Session, RuntimeError> connect(const ConnectionString& connection, const std::string& application_name);

class Runner {
 public:
  /// Connects both sessions and takes the lock; refuses a pooler that lets sessions share server processes. The ledger
  /// is neither needed nor made.
  static Result<std::unique_ptr<Runner>, RuntimeError> start(const std::string& connection, const RunOptions& options,
                                                             Reporter& reporter);
  ~Runner();

  /// Opens the work session, anew when it was lost.
  Result<void, RuntimeError> open_work();
  /// Makes the ledger when it is absent and takes the next epoch. Work starts after it.
  Result<void, RuntimeError> take_over(bool has_ledger);
  /// Whether the lock is still ours.
  Result<void, RuntimeError> check_lock();

  const ConnectionString& connection() const { return connection_; }

  const RunOptions& options() const { return options_; }

  Reporter& reporter() { return reporter_; }

  /// Only while no script runs.
  Session& control() { return control_; }

  Session& work() { return *work_; }

  std::int64_t epoch() const { return epoch_; }

  /// Looks from the control session at what the work session waits for. Present after take_over.
  Watcher* watcher() { return watcher_.get(); }

 private:
  Runner(ConnectionString connection, RunOptions options, Reporter& reporter, Session control);
  Result<void, RuntimeError> take_lock();

  ConnectionString connection_;
  RunOptions options_;
  Reporter& reporter_;
  Session control_;
  std::optional<Session> work_;
  std::unique_ptr<Watcher> watcher_;
  std::int64_t epoch_ = 0;
};

}  // namespace godwit
