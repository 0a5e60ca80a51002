// SPDX-License-Identifier: Apache-2.0
// Times as people write them on the command line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace godwit::cli {

/// Seconds in a duration that is_duration() takes: `1h30m`, `500ms`.
double seconds_of_duration(std::string_view text);
/// Seconds until the next local time of day `HH:MM`; nothing when it is not one.
std::optional<double> seconds_until(const std::string& time_of_day);

}  // namespace godwit::cli
