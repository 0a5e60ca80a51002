// SPDX-License-Identifier: Apache-2.0
// While the work session is busy with a step, looks from the control session at who holds it up, and stamps the
// runner's heartbeat.
#pragma once

#include "runtime/reporter.h"
#include "runtime/session.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <thread>

namespace godwit {

class Watcher {
 public:
  Watcher(Session& control, int work_pid, std::int64_t epoch, Reporter& reporter);
  ~Watcher();

  /// Between these two the control session belongs to the watcher.
  void step_begins(const Event& step);
  void step_ends();
  /// Who was in the way during the last step; empty when nobody was.
  std::string blockers();
  /// For how many seconds it was blocked during the last step, as far as was seen.
  double waited();
  /// Stamps the heartbeat where it is due; between two steps.
  void beat();
  void work_moved(int work_pid);
  /// Whose heartbeats are written; 0: nobody's yet.
  void keep_epoch(std::int64_t epoch);

 private:
  void run();
  void look();

  Session& control_;
  Reporter& reporter_;
  std::int64_t epoch_;
  int work_pid_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool busy_ = false, looking_ = false, stop_ = false;
  Event step_;
  std::string blockers_;
  double waited_ = 0;
  std::chrono::steady_clock::time_point began_, looked_, heartbeat_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace godwit
