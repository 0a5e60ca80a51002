// SPDX-License-Identifier: Apache-2.0
#include "runtime/errors.h"

#include "base/codes.h"

#include <fmt/format.h>
#include <pqxx/except>

#include <algorithm>
#include <array>

namespace godwit {

ServerError current_server_error() {
  ServerError error;
  try {
    throw;
  } catch (const pqxx::broken_connection& broken) {
    error = read_server_error(broken.what(), "");
    error.lost = true;
  } catch (const pqxx::sql_error& sql) {
    error = read_server_error(sql.what(), sql.sqlstate());
  } catch (const std::exception& other) {
    error = read_server_error(other.what(), "");
  }
  return error;
}

namespace {

/// Whether the text begins with `42501: `, as libpq writes it when asked for everything.
bool begins_with_state(std::string_view text) {
  return text.size() > 7 && text.substr(5, 2) == ": " && std::all_of(text.begin(), text.begin() + 5, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

}  // namespace

ServerError read_server_error(std::string_view text, std::string_view sqlstate) {
  ServerError error;
  error.sqlstate = sqlstate;
  while (text.ends_with('\n')) text.remove_suffix(1);
  // `ERROR:  42501: text`. The server translates the first word (lc_messages); the session asks for the SQLSTATE, which
  // libpqxx keeps to itself for some errors, so what follows the word tells that it is one.
  if (const std::size_t end = text.substr(0, text.find('\n')).find(":  ");
      end != std::string_view::npos && begins_with_state(text.substr(end + 3))) {
    text.remove_prefix(end + 3);
  }
  for (const std::string_view severity : {"ERROR:  ", "FATAL:  ", "PANIC:  ", "WARNING:  ", "NOTICE:  ", "INFO:  "}) {
    if (text.starts_with(severity)) text.remove_prefix(severity.size());
  }
  if (begins_with_state(text)) {
    error.sqlstate = text.substr(0, 5);
    text.remove_prefix(7);
  }
  std::string* part = &error.message;
  std::string ignored;
  const std::array<std::pair<std::string_view, std::string*>, 9> parts = {{{"DETAIL:  ", &error.detail},
                                                                           {"HINT:  ", &error.hint},
                                                                           {"CONTEXT:  ", &error.context},
                                                                           {"LOCATION:  ", &ignored},
                                                                           {"SCHEMA NAME:  ", &ignored},
                                                                           {"TABLE NAME:  ", &ignored},
                                                                           {"COLUMN NAME:  ", &ignored},
                                                                           {"DATATYPE NAME:  ", &ignored},
                                                                           {"CONSTRAINT NAME:  ", &ignored}}};
  bool is_first = true;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!is_first) {
      for (const auto& [label, target] : parts) {
        if (line.starts_with(label)) {
          part = target;
          line.remove_prefix(label.size());
        }
      }
      if (line.starts_with("LINE ") && part == &error.message) part = &ignored;
    }
    if (!part->empty()) *part += '\n';
    *part += line;
    is_first = false;
  }
  return error;
}

RuntimeError runtime_error(RuntimeError::Kind kind, const Code& code, std::string message, std::string hint) {
  RuntimeError error;
  error.kind = kind;
  error.code = code.id;
  error.message = std::move(message);
  error.hint = std::move(hint);
  return error;
}

RuntimeError connection_error(const ConnectionString& connection, const ServerError& error) {
  using Kind = RuntimeError::Kind;
  if (!connection.readable()) {
    return runtime_error(Kind::usage, codes::bad_connection_string, "the connection string cannot be read",
                         "write it as `postgresql://user:password@host:5432/database` with special characters of the "
                         "password percent-encoded (`@` is `%40`, `/` is `%2F`), or as `host=… dbname=… user=…` with "
                         "values that hold spaces in single quotes");
  }
  const std::string said = connection.masked(error.message);
  const auto says = [&](std::string_view words) { return said.find(words) != std::string::npos; };
  // A FATAL error, whatever the server's language calls it: `… failed: FATAL:  …`.
  std::string hint = says(" failed: ") && says(":  ")
                         ? "the server answered and refused: check user, password and database"
                         : "check host, port and database, and that the server is running (`pg_isready` asks it)";
  if (says("password authentication failed") || says("no password supplied")) {
    hint = "check user and password; PGPASSWORD or ~/.pgpass keep it out of the command line";
  } else if (says("pg_hba.conf")) {
    hint =
        "the server's pg_hba.conf lets nobody in with this user, database and host; its administrator can add a line";
  } else if (says("permission denied for database")) {
    hint = "the database's owner lets the user in: `grant connect on database … to …`";
  } else if (says("does not exist")) {
    hint = "check the name; `createdb` makes a database, `createuser` a role";
  } else if (says("unsupported startup parameter")) {
    hint = "a pooler in between takes no such setting: unset PGOPTIONS, or let it pass (ignore_startup_parameters)";
  } else if (says("too many") || says("remaining connection slots")) {
    hint = "godwit needs two connections; close some, or raise max_connections";
  }
  RuntimeError result = runtime_error(Kind::connection, codes::cannot_connect,
                                      "cannot connect: " + said.substr(0, said.find('\n')), hint);
  result.sqlstate = error.sqlstate;
  if (said.find('\n') != std::string::npos) result.server_message = said;  // else the message says it all
  return result;
}

RuntimeError after(const RunReport& done, RuntimeError error) {
  for (const MigrationResult& one : done.migrations) error.stands.push_back(one.outcome + ' ' + one.id);
  return error;
}

RuntimeError bookkeeping_error(const ServerError& error, std::string_view doing) {
  using Kind = RuntimeError::Kind;
  RuntimeError result;
  if (error.lost) {
    result =
        runtime_error(Kind::connection, codes::connection_lost, fmt::format("the connection was lost while {}", doing),
                      "nothing was changed by that; run it again when the server answers");
  } else if (error.sqlstate == "42501") {
    result = runtime_error(Kind::refused, codes::missing_privilege, fmt::format("{}: {}", doing, error.message),
                           "connect as the owner of schema godwit, or of the database where there is none yet");
  } else if (error.sqlstate == "GW001") {
    result = runtime_error(Kind::refused, codes::newer_ledger, error.message, error.hint);
  } else {
    result =
        runtime_error(Kind::failed, codes::statement_failed, fmt::format("{}: {}", doing, error.message), error.hint);
  }
  result.sqlstate = error.sqlstate;
  result.server_message = error.message;
  result.detail = error.detail;
  return result;
}

std::optional<RuntimeError> refuse_old_server(int server_version) {
  if (server_version >= 130000) return std::nullopt;
  // 9.6.24 is 90624, 12.5 is 120005
  const std::string name = server_version >= 100000
                               ? fmt::format("{}.{}", server_version / 10000, server_version % 10000)
                               : fmt::format("{}.{}", server_version / 10000, server_version / 100 % 100);
  return runtime_error(RuntimeError::Kind::refused, codes::server_too_old,
                       fmt::format("the server is PostgreSQL {}, godwit needs 13 or newer", name),
                       "upgrade the server (`pg_upgrade`), or connect to another one");
}

std::string excerpt(std::string_view sql) {
  std::string text;
  std::size_t lines = 0;
  while (!sql.empty() && lines < 5) {
    const std::size_t end = sql.find('\n');
    const std::string_view line = sql.substr(0, end);
    sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + 1);
    if (lines > 0) text += '\n';
    text += line.substr(0, 200);
    ++lines;
  }
  if (!sql.empty()) text += "\n…";
  return text;
}

}  // namespace godwit
