// SPDX-License-Identifier: Apache-2.0
// From what a server or libpq says to what a user reads.
#pragma once

#include "base/diagnostics.h"
#include "base/result.h"
#include "runtime/session.h"

#include <godwit/runtime.h>

#include <optional>

namespace godwit {

/// The exception in flight, which came out of libpqxx. Call it in a catch block only.
ServerError current_server_error();

RuntimeError runtime_error(RuntimeError::Kind kind, const Code& code, std::string message, std::string hint);

/// A connection that could not be made. No password in it, whatever libpq says.
RuntimeError connection_error(const ConnectionString& connection, const ServerError& error);

/// With what the run had finished before it.
RuntimeError after(const RunReport& done, RuntimeError error);

/// A statement of the runtime's own that failed: privileges and lost connections are told apart.
RuntimeError bookkeeping_error(const ServerError& error, std::string_view doing);

/// godwit works with PostgreSQL 13 and newer (`server_version_num`).
std::optional<RuntimeError> refuse_old_server(int server_version);

/// The first lines of a statement, for a message.
std::string excerpt(std::string_view sql);

}  // namespace godwit
