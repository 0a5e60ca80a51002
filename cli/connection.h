// SPDX-License-Identifier: Apache-2.0
// Which database a command works on: from the flags, godwit.toml and the environment to a connection string.
#pragma once

#include "cli/failure.h"
#include "cli/options.h"
#include "cli/project.h"

#include <memory>
#include <string>
#include <string_view>

namespace godwit {

class EphemeralServer;

namespace cli {

/// A database, and the private server it runs on when the command line asked for one.
struct Database {
  std::string connection;  // empty: what the PG* variables say
  std::shared_ptr<EphemeralServer> server;

  bool ephemeral() const { return server != nullptr; }
};

/// --database or --env, else GODWIT_DATABASE_URL, DATABASE_URL, the PG* variables.
Expected<Database> open_database(const Options& options, const Project& project);

/// The text with every password in it (of a URL or after `password=`) replaced by `***`.
std::string redacted(std::string_view text);

}  // namespace cli
}  // namespace godwit
