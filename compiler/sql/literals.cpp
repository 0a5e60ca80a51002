// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/literals.h"

#include "base/identifier.h"
#include "compiler/sql/type_rules.h"
#include "compiler/sql/types.h"

#include <fmt/core.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace godwit::sql {

namespace {

constexpr std::string_view spaces = " \t\n\r\f\v";

std::string_view trimmed(std::string_view value) {
  const std::size_t first = value.find_first_not_of(spaces);
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(spaces) - first + 1);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_digit(std::string_view value) { return std::any_of(value.begin(), value.end(), is_digit); }

// `-12`; from 16 on also 0x1F and 1_000, which are left to the server.
std::string integer_fault(std::string_view type, std::string_view value) {
  std::string_view digits = value;
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) digits.remove_prefix(1);
  if (digits.empty() || !is_digit(digits.front())) return "no integer";
  if (!std::all_of(digits.begin(), digits.end(), is_digit)) {
    const bool other_base = digits.front() == '0' && digits.size() > 2 && !is_digit(digits[1]);
    const bool grouped = digits.find('_') != std::string_view::npos;
    return other_base || grouped ? "" : "no integer";
  }
  long long number = 0;
  const std::string_view signless = value.front() == '+' ? value.substr(1) : value;
  const auto [end, error] = std::from_chars(signless.data(), signless.data() + signless.size(), number);
  const long long limit = type == "smallint"  ? std::numeric_limits<std::int16_t>::max()
                          : type == "integer" ? std::numeric_limits<std::int32_t>::max()
                                              : std::numeric_limits<std::int64_t>::max();
  const bool inside = error == std::errc() && number <= limit && number >= -limit - 1;
  return inside ? "" : "out of range";
}

// Digits, or one of the words for what is no number; the rest of the shape is the server's.
std::string number_fault(std::string_view value) {
  const std::string lower = folded(value);
  for (const std::string_view word : {"nan", "infinity", "inf"}) {
    if (lower.ends_with(word) && lower.size() <= word.size() + 1) return {};
  }
  const bool shaped =
      has_digit(value) && value.find_first_not_of("0123456789+-.eE_xXoObBaAcCdDfF") == std::string_view::npos;
  return shaped ? "" : "no number";
}

// Every beginning of the words that tells them apart is taken (parse_bool).
std::string boolean_fault(std::string_view value) {
  const std::string lower = folded(value);
  for (const std::string_view word : {"true", "false", "yes", "no"}) {
    if (!lower.empty() && word.starts_with(lower)) return {};
  }
  const bool other = lower == "on" || lower == "off" || lower == "of" || lower == "1" || lower == "0";
  return other ? "" : "neither true nor false";
}

// Braces around it and a hyphen behind any four digits are taken.
std::string uuid_fault(std::string_view value) {
  if (value.starts_with('{') && value.ends_with('}') && value.size() > 1) value = value.substr(1, value.size() - 2);
  std::size_t digits = 0;
  for (const char c : value) {
    if (c == '-') continue;
    const bool hexadecimal = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!hexadecimal) return "no UUID";
    ++digits;
  }
  return digits == 32 ? "" : "no UUID";
}

// Escapes and numbers beyond a double are the server's to judge: it reads more of them than this parser.
std::string json_fault(const std::string& value) {
  const bool unusual = value.find("\\u") != std::string::npos || value.size() > 10000;
  bool huge = false;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    digits = is_digit(value[i]) ? digits + 1 : 0;
    const bool exponent = digits == 1 && i > 0 &&
                          (value[i - 1] == '+' || value[i - 1] == '-' || value[i - 1] == 'e' || value[i - 1] == 'E');
    huge =
        huge || digits > 300 || (exponent && i + 2 < value.size() && is_digit(value[i + 1]) && is_digit(value[i + 2]));
  }
  return unusual || huge || nlohmann::json::accept(value) ? "" : "no JSON";
}

// Without a digit only the special words mean a time (manual 15, 8.5.1.4).
std::string time_fault(std::string_view value) {
  const std::string lower = folded(value);
  for (const std::string_view word : {"now", "today", "tomorrow", "yesterday", "epoch", "infinity", "allballs", "noon",
                                      "midnight", "current", "invalid"}) {
    if (lower.find(word) != std::string::npos) return {};
  }
  return has_digit(value) ? "" : "no date or time";
}

std::string array_fault(std::string_view value) {
  return value.starts_with('{') || value.starts_with('[') ? "" : "no array: one begins with `{`";
}

std::string fault_of(std::string_view type, const std::string& value) {
  const std::string_view plain = trimmed(value);
  if (type == "smallint" || type == "integer" || type == "bigint") return integer_fault(type, plain);
  if (type == "numeric" || type == "real" || type == "double precision") return number_fault(plain);
  if (type == "boolean") return boolean_fault(plain);
  if (type == "uuid") return uuid_fault(value);
  if (type == "json" || type == "jsonb") return json_fault(value);
  if (type == "date" || type.starts_with("timestamp")) return time_fault(plain);
  return {};
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// 10 of `character varying(10)`.
std::optional<std::size_t> length_of(std::string_view type) {
  if (!type.starts_with("character") || type.ends_with("[]")) return std::nullopt;
  const std::size_t open = type.find('(');
  if (open == std::string_view::npos) return std::nullopt;
  std::size_t length = 0;
  std::from_chars(type.data() + open + 1, type.data() + type.size(), length);
  return length;
}

}  // namespace

std::optional<std::string> string_literal(std::string_view text) {
  if (text.size() < 2 || text.front() != '\'' || text.back() != '\'') return std::nullopt;
  std::string value;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\'' && (text[i + 1] != '\'' || ++i + 1 >= text.size())) return std::nullopt;
    value += text[i];
  }
  return value;
}

LiteralFault literal_fault(std::string_view type, const std::string& value, const World& world) {
  const auto known = known_type(type, world);
  if (!known) return {};
  const std::string shown = known->name + (known->array ? "[]" : "");
  if (known->array) {
    const std::string fault = array_fault(trimmed(value));
    return fault.empty() ? LiteralFault{}
                         : LiteralFault{fmt::format("'{}' is {}", value, fault), "write `'{…}'` or `array[…]`"};
  }
  if (known->enumeration) {
    const std::vector<std::string> values = world.values(*known->enumeration);
    if (values.empty() || std::find(values.begin(), values.end(), value) != values.end()) return {};
    const auto near = closest(value, values);
    return {fmt::format("`{}` has no value '{}'", known->name, value),
            near ? fmt::format("it has '{}'", *near) : fmt::format("it has '{}'", fmt::join(values, "', '"))};
  }
  const std::string fault = fault_of(known->name, value);
  if (fault.empty()) return {};
  return {fault == "out of range" ? fmt::format("{} is out of range for type `{}`", value, shown)
                                  : fmt::format("'{}' is {}: type `{}` cannot read it", value, fault, shown),
          {}};
}

LiteralFault stored_literal_fault(std::string_view type, const std::string& value, const World& world) {
  if (const auto length = length_of(type)) {
    const std::size_t last = value.find_last_not_of(' ');
    const std::size_t count = characters(std::string_view(value).substr(0, last == std::string::npos ? 0 : last + 1));
    if (count > *length)
      return {fmt::format("this value has {} characters, and `{}` takes {}", count, type, *length), {}};
  }
  return literal_fault(type, value, world);
}

}  // namespace godwit::sql
