// SPDX-License-Identifier: Apache-2.0
// Which of PostgreSQL's built-in types can be stored in which without a cast being written (manual 15, create cast;
// pg_cast, castcontext `i` and `a`). Types that are not listed are not judged.
#include "compiler/data/declare_common.h"

#include <algorithm>
#include <array>
#include <utility>

namespace godwit::data {

namespace {

// Types between which all casts are implicit or on assignment.
constexpr std::array numbers{std::string_view("smallint"), std::string_view("integer"),
                             std::string_view("bigint"),   std::string_view("numeric"),
                             std::string_view("real"),     std::string_view("double precision")};
constexpr std::array strings{std::string_view("text"), std::string_view("character varying"),
                             std::string_view("character"), std::string_view("name")};
constexpr std::array others{std::string_view("boolean"),
                            std::string_view("date"),
                            std::string_view("timestamp without time zone"),
                            std::string_view("timestamp with time zone"),
                            std::string_view("time without time zone"),
                            std::string_view("time with time zone"),
                            std::string_view("interval"),
                            std::string_view("json"),
                            std::string_view("jsonb"),
                            std::string_view("uuid"),
                            std::string_view("bytea"),
                            std::string_view("inet"),
                            std::string_view("cidr"),
                            std::string_view("money"),
                            std::string_view("bit"),
                            std::string_view("bit varying"),
                            std::string_view("xml"),
                            std::string_view("macaddr"),
                            std::string_view("macaddr8")};
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> casts{{
    {"date", "timestamp without time zone"},
    {"date", "timestamp with time zone"},
    {"timestamp without time zone", "date"},
    {"timestamp without time zone", "timestamp with time zone"},
    {"timestamp without time zone", "time without time zone"},
    {"timestamp with time zone", "date"},
    {"timestamp with time zone", "timestamp without time zone"},
    {"timestamp with time zone", "time without time zone"},
    {"timestamp with time zone", "time with time zone"},
    {"time without time zone", "time with time zone"},
    {"time without time zone", "interval"},
    {"time with time zone", "time without time zone"},
    {"interval", "time without time zone"},
    {"json", "jsonb"},
    {"jsonb", "json"},
    {"inet", "cidr"},
    {"cidr", "inet"},
    {"integer", "money"},
    {"bigint", "money"},
    {"numeric", "money"},
    {"money", "numeric"},
    {"bit", "bit varying"},
    {"bit varying", "bit"},
    {"macaddr", "macaddr8"},
}};

template <typename List>
bool among(const List& list, std::string_view type) {
  return std::find(list.begin(), list.end(), type) != list.end();
}

// `numeric(5,2)[]` to `numeric[]`, `timestamp(3) without time zone` to `timestamp without time zone`.
std::string without_modifier(std::string_view type) {
  const std::size_t open = type.find('(');
  const std::size_t close = type.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos) return std::string(type);
  return std::string(type.substr(0, open)) + std::string(type.substr(close + 1));
}

}  // namespace

std::optional<bool> assignable(std::string_view from_type, std::string_view to_type) {
  const std::string from = without_modifier(from_type), to = without_modifier(to_type);
  if (from.empty() || to.empty() || from == "unknown") return std::nullopt;
  if (from == to) return true;
  const bool from_array = from.ends_with("[]"), to_array = to.ends_with("[]");
  if (from_array && to_array) return assignable(from.substr(0, from.find('[')), to.substr(0, to.find('[')));
  const std::string element_from = from.substr(0, from.find('[')), element_to = to.substr(0, to.find('['));
  const auto known = [](const std::string& type) {
    return among(numbers, type) || among(strings, type) || among(others, type);
  };
  if (!known(element_from) || !known(element_to)) return std::nullopt;
  // Every type can be written as text on assignment.
  if (!to_array && among(strings, to)) return true;
  if (from_array != to_array) return false;
  if (among(numbers, from) && among(numbers, to)) return true;
  return std::find(casts.begin(), casts.end(), std::pair<std::string_view, std::string_view>(from, to)) != casts.end();
}

}  // namespace godwit::data
