// SPDX-License-Identifier: Apache-2.0
// Specs and SQL files as databases, so that the server itself spells out what they mean.
#include "runtime/errors.h"
#include "runtime/runner.h"
#include "runtime/scratch.h"

#include <godwit/diff.h>

#include <fmt/format.h>

namespace godwit {

namespace {

constexpr const char* application = "godwit diff";

/// A new database of `server`, which lives as long as this object.
struct Place {
  ScratchDatabases databases;
  std::string name;

  std::string connection() const { return databases.connection(name).text(); }
};

Result<Place, RuntimeError> make_place(const std::string& server) {
  auto databases = ScratchDatabases::open(ConnectionString(server), application);
  if (!databases) return unexpected(databases.error());
  auto name = databases->copy("template0");
  if (!name) return unexpected(name.error());
  return Place{std::move(*databases), std::move(*name)};
}

RuntimeError statement_failed(const SqlStatement& statement, const ServerError& error) {
  RuntimeError out = bookkeeping_error(error, "loading the SQL file");
  out.message = "the SQL file does not load: " + error.message;
  out.place = std::to_string(statement.line);
  out.detail = error.detail;
  out.statement = excerpt(statement.text);
  out.hint = error.hint.empty() ? "it must run by itself on an empty database" : error.hint;
  return out;
}

}  // namespace

Outcome<Inspection> inspect_migrations(const std::string& server, const std::vector<Migration>& migrations) {
  auto place = make_place(server);
  if (!place) return place.error();
  RunOptions options;
  options.allow_irreversible = true;
  options.application_name = application;
  if (auto error = apply_all(place->databases, place->name, migrations, options, true)) return *error;
  for (const Migration& migration : migrations) {
    const auto done = finalize(place->connection(), migration.id, options, {});
    if (const auto* error = std::get_if<RuntimeError>(&done)) return *error;
  }
  return inspect(place->connection(), {application});
}

Outcome<Inspection> inspect_statements(const std::string& server, const std::vector<SqlStatement>& statements) {
  auto place = make_place(server);
  if (!place) return place.error();
  {
    auto session = connect(ConnectionString(place->connection()), application);
    if (!session) return session.error();
    for (const SqlStatement& statement : statements) {
      auto done = session->exec(statement.text);
      while (!done &&
             create_missing_role(place->databases.admin(), done.error().sqlstate, done.error().message, statement.text))
        done = session->exec(statement.text);
      if (!done) return statement_failed(statement, done.error());
    }
  }
  return inspect(place->connection(), {application});
}

}  // namespace godwit
