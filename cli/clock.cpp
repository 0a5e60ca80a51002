// SPDX-License-Identifier: Apache-2.0
#include "cli/clock.h"

#include <cctype>
#include <charconv>
#include <ctime>

namespace godwit::cli {

double seconds_of_duration(std::string_view text) {
  double seconds = 0;
  while (!text.empty()) {
    double count = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    if (read.ec != std::errc{}) {  // a blank between them
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    std::size_t end = 0;
    while (end < text.size() && std::isalpha(static_cast<unsigned char>(text[end])) != 0) ++end;
    const std::string_view unit = text.substr(0, end);
    text.remove_prefix(end);
    const bool milli = unit == "ms", micro = unit == "us";
    const double scale = micro                 ? 1e-6
                         : milli               ? 1e-3
                         : unit.front() == 's' ? 1
                         : unit.front() == 'm' ? 60
                         : unit.front() == 'h' ? 3600
                                               : 86400;
    seconds += count * scale;
  }
  return seconds;
}

std::optional<double> seconds_until(const std::string& time_of_day) {
  int hour = -1, minute = -1;
  const char* const end = time_of_day.data() + time_of_day.size();
  auto read = std::from_chars(time_of_day.data(), end, hour);
  if (read.ec != std::errc{} || read.ptr == end || *read.ptr != ':') return std::nullopt;
  read = std::from_chars(read.ptr + 1, end, minute);
  if (read.ec != std::errc{} || read.ptr != end || hour < 0 || hour > 23 || minute < 0 || minute > 59)
    return std::nullopt;
  const std::time_t now = std::time(nullptr);
  std::tm wanted{};
  localtime_r(&now, &wanted);
  wanted.tm_hour = hour;
  wanted.tm_min = minute;
  wanted.tm_sec = 0;
  wanted.tm_isdst = -1;
  std::time_t at = std::mktime(&wanted);
  if (at <= now) {
    ++wanted.tm_mday;
    wanted.tm_isdst = -1;
    at = std::mktime(&wanted);
  }
  return std::difftime(at, now);
}

}  // namespace godwit::cli
