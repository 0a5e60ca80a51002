// SPDX-License-Identifier: Apache-2.0
// Hands events to the caller's observer, one at a time whatever thread they come from.
#pragma once

#include <godwit/runtime.h>

#include <mutex>
#include <set>
#include <string>

namespace godwit {

class Reporter {
 public:
  explicit Reporter(Observer observer) : observer_(std::move(observer)) {}

  void operator()(Event event) {
    if (!observer_) return;
    event.at = std::chrono::system_clock::now();
    const std::lock_guard lock(mutex_);
    observer_(event);
  }

  /// A warning, the first time that its message comes up in this run.
  void warn_once(Event event) {
    {
      const std::lock_guard lock(mutex_);
      if (!warned_.insert(event.message).second) return;
    }
    event.name = "warning";
    (*this)(std::move(event));
  }

  void operator()(std::string name, std::string migration, std::string message) {
    Event event;
    event.name = std::move(name);
    event.migration = std::move(migration);
    event.message = std::move(message);
    (*this)(std::move(event));
  }

 private:
  Observer observer_;
  std::mutex mutex_;
  std::set<std::string> warned_;
};

}  // namespace godwit
