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
Result<Session, RuntimeError> connect(const ConnectionString& connection, const std::string& application_name,
                                      Session::Use use = Session::Use::work);

/// Refuses a server that takes no writes, a user who may not make the ledger where there is none, and a pooler that
/// lets sessions share server processes. Changes nothing.
Result<void, RuntimeError> check_writable(Session& session);

/// True for the rows of pg_locks that are the runner's lock of this database.
std::string runner_lock_condition();

class Runner {
 public:
  /// Connects both sessions and takes the lock; refuses a pooler that lets sessions share server processes. Removes
  /// what a killed run's maintenance left. The ledger is neither needed nor made.
  static Result<std::unique_ptr<Runner>, RuntimeError> start(const std::string& connection, const RunOptions& options,
                                                             Reporter& reporter);
  ~Runner();

  /// One more session that does what the work session may.
  Result<Session, RuntimeError> open_session() const;
  /// Opens the work session, anew when it was lost.
  Result<void, RuntimeError> open_work();
  /// Takes the next epoch. Work starts after it. Where there is no ledger yet nothing is written: the first transaction
  /// makes the ledger and takes the epoch, so that one that fails leaves the database as it was.
  Result<void, RuntimeError> take_over(bool has_ledger);
  /// What a transaction begins with: the fence. Returns one row of epoch and transaction; no row when a newer runner
  /// took over, in which case nothing may follow. While the transaction lasts none can.
  std::string fence_sql() const;
  /// The epoch that a transaction took and has committed.
  void keep_epoch(std::int64_t epoch);
  /// Lets the work session, and all that are opened later, pass what holds off everybody else.
  Result<void, RuntimeError> pass_maintenance();
  /// The server process that holds the runner's lock.
  int lock_holder() const { return control_.backend_pid(); }
  /// Whether the lock is still ours.
  Result<void, RuntimeError> check_lock();

  const ConnectionString& connection() const { return connection_; }

  const RunOptions& options() const { return options_; }

  Reporter& reporter() { return reporter_; }

  /// Only while no script runs.
  Session& control() { return control_; }

  Session& work() { return *work_; }

  /// Looks from the control session at what the work session waits for. Present after take_over.
  Watcher* watcher() { return watcher_.get(); }

 private:
  Runner(ConnectionString connection, RunOptions options, Reporter& reporter, Session control);
  Result<void, RuntimeError> take_lock();
  Result<void, RuntimeError> check_processes();
  Result<void, RuntimeError> pass_maintenance(Session& session) const;
  std::string next_epoch_sql() const;

  ConnectionString connection_;
  RunOptions options_;
  Reporter& reporter_;
  Session control_;
  std::optional<Session> work_;
  std::unique_ptr<Watcher> watcher_;
  bool has_lock_ = false, passes_maintenance_ = false;
  std::int64_t epoch_ = 0;  // 0: none yet
};

}  // namespace godwit
