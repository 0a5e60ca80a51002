// SPDX-License-Identifier: Apache-2.0
#include "cli/failure.h"

#include "cli/connection.h"

#include <godwit/runtime.h>

#include <fmt/format.h>

namespace godwit::cli {
namespace {

Exit exit_of(RuntimeError::Kind kind) {
  switch (kind) {
    case RuntimeError::Kind::usage: return Exit::usage;
    case RuntimeError::Kind::refused: return Exit::refused;
    case RuntimeError::Kind::connection:
    case RuntimeError::Kind::failed: return Exit::failed;
    case RuntimeError::Kind::resumable:
    case RuntimeError::Kind::in_doubt: return Exit::resumable;
  }
  return Exit::failed;
}

}  // namespace

Failure failure_of(const RuntimeError& error) {
  Failure failure{exit_of(error.kind), redacted(error.message), error.hint, error.code};
  if (const auto colon = error.place.rfind(':'); colon != std::string::npos) {
    failure.file = error.place.substr(0, colon);
    failure.line = error.place.substr(colon + 1);
  }
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) failure.facts.emplace_back(name, redacted(value));
  };
  add("migration", error.migration);
  add("step", error.step);
  add("place", error.place);
  add("sqlstate", error.sqlstate);
  add("server", error.server_message);
  add("detail", error.detail);
  add("statement", error.statement);
  add("stands", fmt::format("{}", fmt::join(error.stands, ", ")));
  return failure;
}

}  // namespace godwit::cli
