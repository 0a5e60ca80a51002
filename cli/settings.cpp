// SPDX-License-Identifier: Apache-2.0
// godwit.toml to Settings: every key is known, has its type and a value that makes sense, or the file is refused.
#include "cli/clock.h"
#include "cli/closest.h"
#include "cli/project.h"

#include <toml++/toml.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace godwit::cli {
namespace {

const std::vector<std::string> known_keys = {"specs",        "migrations",      "oldest_postgres", "lock_timeout",
                                             "lock_retries", "rollback_window", "environments",    "hooks",
                                             "throttle",     "batches"};

/// Reads one key after the other and keeps the first thing that is wrong.
class Reader {
 public:
  Reader(const toml::table& table, std::string shown) : table_(table), shown_(std::move(shown)) {}

  void text(const char* key, std::string& into) { text(table_, key, into); }

  void text(const toml::table& table, const char* key, std::string& into) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::string>();
    if (!value || value->empty()) return wrong(*node, fmt::format("`{}` must be a text in quotes", key));
    into = *value;
  }

  void duration(const char* key, std::string& into) { duration(table_, key, into); }

  void duration(const toml::table& table, const char* key, std::string& into) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::string>();
    if (!value || !is_duration(*value))
      return wrong(*node, fmt::format("`{}` must be a duration in quotes, such as \"3s\", \"500ms\" or \"48h\"", key));
    into = *value;
  }

  /// A table of the settings, or nothing.
  const toml::table* section(const char* key, const std::vector<std::string>& known) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return nullptr;
    const toml::table* found = node->as_table();
    if (found == nullptr) {
      wrong(*node, fmt::format("`{0}` must be a table: `[{0}]`", key));
    } else {
      keys(*found, known);
    }
    return found;
  }

  void throttle(Throttle& into) {
    const toml::table* table =
        section("throttle", {"replication_lag", "replication_bytes", "lock_wait", "archive_files", "query"});
    if (table == nullptr) return;
    const auto seconds = [&](const char* key, std::optional<double>& value) {
      std::string text;
      duration(*table, key, text);
      if (!text.empty()) value = seconds_of_duration(text);
    };
    seconds("replication_lag", into.replication_lag);
    seconds("lock_wait", into.lock_wait);
    count(*table, "archive_files", into.archive_files);
    text(*table, "query", into.query);
    const toml::node* size = table->get("replication_bytes");
    if (size == nullptr) return;
    into.replication_bytes = bytes_of_size(size->value_exact<std::string>().value_or(""));
    if (!into.replication_bytes)
      wrong(*size, "`replication_bytes` must be a size in quotes, such as \"64MB\" or \"2GB\"");
  }

  void batches(std::optional<std::uint64_t>& vacuum_every) {
    const toml::table* table = section("batches", {"vacuum_every"});
    if (table != nullptr) count(*table, "vacuum_every", vacuum_every);
  }

  void number(const char* key, int& into, int least, int most) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < least || *value > most)
      return wrong(*node, fmt::format("`{}` must be a number from {} to {}", key, least, most));
    into = static_cast<int>(*value);
  }

  void environments(std::map<std::string, std::string>& into) {
    const toml::node* node = table_.get("environments");
    if (node == nullptr) return;
    const toml::table* named = node->as_table();
    if (named == nullptr) return wrong(*node, "`environments` must be tables such as `[environments.production]`");
    for (const auto& [name, entry] : *named) {
      const toml::table* environment = entry.as_table();
      if (environment == nullptr)
        return wrong(entry, fmt::format("environment `{}` must be a table with `url_variable`", name.str()));
      keys(*environment, {"url_variable"});
      const auto variable = (*environment)["url_variable"].value_exact<std::string>();
      if (!variable || variable->empty() || variable->find_first_of(":/= ") != std::string::npos)
        return wrong(
            entry, fmt::format("environment `{}` must name, in `url_variable`, the environment variable that holds its "
                               "connection string; the string itself does not belong into this file",
                               name.str()));
      into.emplace(std::string(name.str()), *variable);
    }
  }

  /// An event's name and a command, or several.
  void hooks(std::vector<Hook>& into, std::string& time_limit) {
    const toml::node* node = table_.get("hooks");
    if (node == nullptr) return;
    const toml::table* named = node->as_table();
    if (named == nullptr) return wrong(*node, "`hooks` must be a table of events and commands");
    for (const auto& [key, entry] : *named) {
      const std::string event(key.str());
      if (event == "time_limit") {
        duration(*named, "time_limit", time_limit);
      } else if (const std::string hint = unknown_event(event); !hint.empty()) {
        wrong(entry, fmt::format("there is no event `{}`", event), hint);
      } else if (const toml::array* several = entry.as_array(); several != nullptr) {
        for (const toml::node& one : *several) hook(event, one, into);
      } else {
        hook(event, entry, into);
      }
    }
  }

  void keys(const toml::table& table, const std::vector<std::string>& known) {
    for (const auto& [key, value] : table) {
      if (std::find(known.begin(), known.end(), std::string(key.str())) != known.end()) continue;
      wrong(value, fmt::format("unknown setting `{}`", key.str()),
            did_you_mean(key.str(), known, fmt::format("the settings are {}", fmt::join(known, ", "))));
    }
  }

  const std::optional<Failure>& failure() const { return failure_; }

 private:
  void count(const toml::table& table, const char* key, std::optional<std::uint64_t>& into) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < 0) return wrong(*node, fmt::format("`{}` must be a number, 0 or more", key));
    into = static_cast<std::uint64_t>(*value);
  }

  void hook(const std::string& event, const toml::node& node, std::vector<Hook>& into) {
    const auto command = node.value_exact<std::string>();
    if (!command || command->empty())
      return wrong(node, fmt::format("the hook of `{}` must be a shell command in quotes, or a list of them", event));
    into.push_back({event, *command});
  }

  void wrong(const toml::node& node, const std::string& message, std::string hint = {}) {
    if (failure_) return;
    failure_ =
        Failure{Exit::usage, fmt::format("{}:{}: {}", shown_, node.source().begin.line, message), std::move(hint)};
  }

  const toml::table& table_;
  std::string shown_;
  std::optional<Failure> failure_;
};

}  // namespace

bool is_duration(std::string_view value) {
  const std::size_t digits = value.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || digits > 9) return false;
  const std::string_view unit = value.substr(digits);
  return unit == "ms" || unit == "s" || unit == "min" || unit == "h" || unit == "d";
}

std::optional<std::uint64_t> bytes_of_size(std::string_view value) {
  std::uint64_t bytes = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), bytes);
  if (read.ec != std::errc{} || bytes > 1000000) return std::nullopt;
  const std::string_view unit = value.substr(static_cast<std::size_t>(read.ptr - value.data()));
  constexpr std::array<std::string_view, 4> units = {"kB", "MB", "GB", "TB"};
  for (const std::string_view known : units) {
    bytes *= 1024;
    if (unit == known) return bytes;
  }
  return std::nullopt;
}

Expected<Settings> read_settings(const std::string& text, const std::string& shown) {
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& error) {
    return fail(Exit::usage, fmt::format("{}:{}:{}: {}", shown, error.source().begin.line, error.source().begin.column,
                                         error.description()));
  }
  Settings settings;
  Reader reader(table, shown);
  reader.keys(table, known_keys);
  reader.text("specs", settings.specs);
  reader.text("migrations", settings.migrations);
  reader.number("oldest_postgres", settings.compile.oldest_postgres, 13, 18);
  reader.duration("lock_timeout", settings.compile.lock_timeout);
  reader.number("lock_retries", settings.compile.lock_retries, 0, 1000);
  reader.duration("rollback_window", settings.compile.rollback_window);
  reader.environments(settings.environments);
  reader.throttle(settings.throttle);
  reader.batches(settings.vacuum_every);
  reader.hooks(settings.hooks, settings.hook_time_limit);
  if (reader.failure()) return tl::make_unexpected(*reader.failure());
  return settings;
}

}  // namespace godwit::cli
