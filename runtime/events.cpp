// SPDX-License-Identifier: Apache-2.0
#include <godwit/events.h>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace godwit {

namespace {

std::string iso_time(std::chrono::system_clock::time_point at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(at - whole);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(whole)),
                     rest.count());
}

}  // namespace

const std::vector<std::string>& event_names() {
  static const std::vector<std::string> names = {"connected",
                                                 "waiting_for_lock",
                                                 "comparing_baseline",
                                                 "drift",
                                                 "migration_started",
                                                 "step_started",
                                                 "step_done",
                                                 "notice",
                                                 "warning",
                                                 "check",
                                                 "blocked",
                                                 "retry",
                                                 "residue",
                                                 "throttled",
                                                 "unthrottled",
                                                 "vacuumed",
                                                 "batch",
                                                 "resumed",
                                                 "draining",
                                                 "maintenance_begun",
                                                 "maintenance_ended",
                                                 "migration_begun",
                                                 "migration_done",
                                                 "migration_paused",
                                                 "migration_failed"};
  return names;
}

std::string event_json(const Event& event) {
  nlohmann::ordered_json object = {{"event", event.name}, {"at", iso_time(event.at)}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) object[name] = value;
  };
  add("migration", event.migration);
  add("step", event.step);
  add("code", event.code);
  add("message", event.message);
  if (event.total > 0) object.update({{"number", event.number}, {"total", event.total}});
  if (event.seconds > 0) object["seconds"] = event.seconds;
  if (event.rows > 0) object["rows"] = event.rows;
  if (event.rows_a_second > 0) object["rows_a_second"] = event.rows_a_second;
  if (event.rows_expected > 0) object["rows_expected"] = event.rows_expected;
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace godwit
