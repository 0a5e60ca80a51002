// SPDX-License-Identifier: Apache-2.0
#include "runtime/scratch.h"

#include "base/identifier.h"
#include "runtime/errors.h"
#include "runtime/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace godwit {

ScratchDatabases::ScratchDatabases(ConnectionString server, Session admin)
    : server_(std::move(server)),
      admin_(std::move(admin)),
      prefix_(fmt::format("godwit_scratch_{}_{:08x}", admin_.backend_pid(), std::random_device{}())) {}

Result<ScratchDatabases, RuntimeError> ScratchDatabases::open(const ConnectionString& server,
                                                              const std::string& application) {
  auto admin = connect(server, application);
  if (!admin) return unexpected(admin.error());
  return ScratchDatabases(server, std::move(*admin));
}

ScratchDatabases::~ScratchDatabases() {
  for (const std::string& name : made_) drop(name);
}

Result<std::string, RuntimeError> ScratchDatabases::copy(const std::string& source) {
  std::string name = fmt::format("{}_{}", prefix_, made_.size());
  const auto done = admin_.exec(fmt::format("create database {} template {};", quoted(name), quoted(source)));
  if (!done) return unexpected(bookkeeping_error(done.error(), "copying the database " + source));
  made_.push_back(name);
  return name;
}

void ScratchDatabases::drop(const std::string& name) {
  (void)admin_.exec("drop database if exists " + quoted(name) + " with (force);");
}

bool create_missing_role(Session& admin, const std::string& sqlstate, const std::string& message,
                         const std::string& sql) {
  if (sqlstate != "42704") return false;
  // `role "app_owner" does not exist`, in whatever language: the name stands in the only quotes.
  const std::size_t first = message.find('"'), last = message.rfind('"');
  if (first == std::string::npos || last <= first + 1) return false;
  const std::string name = message.substr(first + 1, last - first - 1);
  const auto there = admin.exec("select exists (select from pg_roles where rolname = " + literal(name) + ");");
  if (!there || there->is_true(0, 0) || sql.find(name) == std::string::npos) return false;
  return admin.exec("create role " + quoted(name) + ";").has_value();
}

std::optional<RuntimeError> apply_all(ScratchDatabases& databases, const std::string& name,
                                      const std::vector<Migration>& migrations, const RunOptions& options,
                                      bool creates_missing_roles) {
  for (int roles = 0;; ++roles) {
    const auto outcome = apply(databases.connection(name).text(), migrations, options, {});
    const auto* error = std::get_if<RuntimeError>(&outcome);
    if (error == nullptr) return std::nullopt;
    const auto failed = std::find_if(migrations.begin(), migrations.end(),
                                     [&](const Migration& one) { return one.id == error->migration; });
    const bool goes_on = creates_missing_roles && roles < 100 && failed != migrations.end() &&
                         create_missing_role(databases.admin(), error->sqlstate, error->server_message, failed->up_sql);
    if (!goes_on) return *error;
  }
}

}  // namespace godwit
