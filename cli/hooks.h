// SPDX-License-Identifier: Apache-2.0
// Commands that run when something happens: `--on EVENT CMD` and `[hooks]` of godwit.toml. They run on a thread of
// their own, one after the other, so that none of them keeps a lock or a transaction waiting.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace godwit {

struct Event;

namespace cli {

struct Hook {
  std::string event;    // a name of event_names(), or "*"
  std::string command;  // for /bin/sh
};

/// Nothing for the name of an event or `*`; otherwise a hint.
std::string unknown_event(const std::string& name);

class Hooks {
 public:
  Hooks(std::vector<Hook> hooks, double time_limit);
  Hooks(const Hooks&) = delete;
  Hooks& operator=(const Hooks&) = delete;
  /// Waits until all that was queued has run.
  ~Hooks();

  /// Queues the hooks of this event, its JSON object for their standard input.
  void event(const Event& event);
  void finish();
  /// What went wrong since the last call; a hook that fails harms nothing else.
  std::vector<std::string> take_warnings();

 private:
  struct Call {
    std::size_t hook = 0;
    std::string event, input;
  };
  void work();
  void call(const Call& call);
  void warn(std::string text);

  std::vector<Hook> hooks_;
  double time_limit_;
  std::set<std::size_t> given_up_;  // hooks that hung; the thread's own
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Call> queue_;
  std::size_t left_out_ = 0;
  bool ending_ = false;
  std::vector<std::string> warnings_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace cli
}  // namespace godwit
