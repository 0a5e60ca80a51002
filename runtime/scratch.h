// SPDX-License-Identifier: Apache-2.0
// Databases that are made for a while: to prove a migration on them, or to have the server spell out what specs mean.
#pragma once

#include "base/result.h"
#include "runtime/connection_string.h"
#include "runtime/session.h"

#include <godwit/runtime.h>

#include <optional>
#include <string>
#include <vector>

namespace godwit {

/// Databases on one server, dropped with this object.
class ScratchDatabases {
 public:
  /// Connects to the database that `server` names; the databases are made from there.
  static Result<ScratchDatabases, RuntimeError> open(const ConnectionString& server, const std::string& application);

  ScratchDatabases(ScratchDatabases&&) = default;
  ~ScratchDatabases();

  Session& admin() { return admin_; }

  /// A copy of `source`, which nobody is connected to any more (the server waits five seconds for others to leave).
  Result<std::string, RuntimeError> copy(const std::string& source);
  void drop(const std::string& name);
  /// How to reach one of them.
  ConnectionString connection(const std::string& name) const { return server_.with("dbname", name); }

 private:
  ScratchDatabases(ConnectionString server, Session admin);

  ConnectionString server_;
  Session admin_;
  std::string prefix_;
  std::vector<std::string> made_;
};

/// Applies all migrations to one of the databases; nothing when all are applied. `creates_missing_roles`: on a server
/// of one's own, roles that the migrations name and nobody made.
std::optional<RuntimeError> apply_all(ScratchDatabases& databases, const std::string& name,
                                      const std::vector<Migration>& migrations, const RunOptions& options,
                                      bool creates_missing_roles);

/// Makes the role that an error says does not exist; false when it is about something else, or about a role that the
/// `sql` which failed does not name.
bool create_missing_role(Session& admin, const std::string& sqlstate, const std::string& message,
                         const std::string& sql);

}  // namespace godwit
