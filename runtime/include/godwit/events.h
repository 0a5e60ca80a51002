// SPDX-License-Identifier: Apache-2.0
// What a run tells while it lasts: to an observer, and in the same words to whoever listens on the channel `godwit`.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace godwit {

/// Something that happened, for progress, logs and tests.
struct Event {
  std::string name;  // one of event_names()
  std::string migration, step, message;
  std::size_t number = 0, total = 0;  // of the step
  double seconds = 0;
  // Of a batch: of the whole step so far, where the table's statistics know how many there are.
  std::uint64_t rows = 0, rows_expected = 0;
  double rows_a_second = 0;
  std::string code;                            // of a migration that failed: "GW5016"
  std::chrono::system_clock::time_point at{};  // set when it is reported
};
/// Called for one event at a time, but not always on the thread that called apply, rollback or finalize.
using Observer = std::function<void(const Event&)>;

/// Every name that an event can have.
const std::vector<std::string>& event_names();

/// The event as one JSON object on one line: `event`, `at` (ISO 8601 in UTC), and what else it has.
std::string event_json(const Event& event);

}  // namespace godwit
