// SPDX-License-Identifier: Apache-2.0
#include "cli/connection.h"

#include "cli/closest.h"

#include <godwit/runtime.h>

#include <fmt/format.h>

#include <cstdlib>

namespace godwit::cli {
namespace {

std::string variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::string() : value;
}

bool libpq_is_configured() {
  for (const char* name : {"PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE"})
    if (!variable(name).empty()) return true;
  return false;
}

Expected<Database> start_server() {
  auto started = EphemeralServer::start();
  if (const auto* error = std::get_if<RuntimeError>(&started)) return tl::make_unexpected(failure_of(*error));
  Database database;
  database.server = std::move(std::get<std::unique_ptr<EphemeralServer>>(started));
  database.connection = database.server->connection();
  return database;
}

Expected<Database> of_environment(const std::string& name, const Settings& settings) {
  const auto found = settings.environments.find(name);
  if (found == settings.environments.end()) {
    std::vector<std::string> names;
    for (const auto& [known, unused] : settings.environments) names.push_back(known);
    return fail(Exit::usage, fmt::format("godwit.toml has no environment `{}`", name),
                did_you_mean(name, names,
                             names.empty() ? fmt::format("add `[environments.{}]` with `url_variable = \"…\"`", name)
                                           : fmt::format("the environments are {}", fmt::join(names, ", "))));
  }
  std::string url = variable(found->second);
  if (url.empty())
    return fail(Exit::usage,
                fmt::format("environment `{}` needs the variable {}, which is not set", name, found->second),
                fmt::format("export {}=postgresql://…", found->second));
  return Database{std::move(url), nullptr};
}

/// Hides the values of `password = …`, quoted or not, as libpq and URLs write them.
void hide_password_values(std::string& text) {
  constexpr std::string_view key = "password";
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
    at = text.find_first_not_of(' ', at + key.size());
    if (at == std::string::npos || text[at] != '=') continue;
    at = text.find_first_not_of(' ', at + 1);
    if (at == std::string::npos) return;
    std::size_t end = text.find_first_of(" &\t\n\"`", at);
    if (text[at] == '\'') {
      end = text.find('\'', at + 1);
      while (end != std::string::npos && text[end - 1] == '\\') end = text.find('\'', end + 1);
      if (end != std::string::npos) ++end;
    }
    text.replace(at, end == std::string::npos ? std::string::npos : end - at, "***");
  }
}

}  // namespace

Expected<Database> open_database(const Options& options, const Project& project) {
  if (!options.database.empty() && !options.environment.empty())
    return fail(Exit::usage, "`--database` and `--env` name a database each", "give one of them");
  if (options.database == "ephemeral") return start_server();
  if (!options.database.empty()) return Database{options.database, nullptr};
  if (!options.environment.empty()) return of_environment(options.environment, project.settings);
  for (const char* name : {"GODWIT_DATABASE_URL", "DATABASE_URL"})
    if (std::string url = variable(name); !url.empty()) return Database{std::move(url), nullptr};
  if (libpq_is_configured()) return Database{};
  return fail(Exit::usage, "no database is named",
              "give `--database URL`, `--env NAME`, set GODWIT_DATABASE_URL, DATABASE_URL or the PG* variables, or try "
              "`--database ephemeral`");
}

std::string redacted(std::string_view text) {
  std::string out(text);
  for (std::size_t at = out.find("://"); at != std::string::npos; at = out.find("://", at)) {
    at += 3;
    const std::size_t end = out.find_first_of(" \t\n\"`", at);
    const std::size_t sign = out.rfind('@', end);  // a password may itself hold an @ or a /
    if (sign == std::string::npos || sign < at) continue;
    const std::size_t colon = out.find(':', at);
    if (colon < sign) out.replace(colon + 1, sign - colon - 1, "***");
  }
  hide_password_values(out);
  return out;
}

}  // namespace godwit::cli
