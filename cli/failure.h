// SPDX-License-Identifier: Apache-2.0
// Why a command ends early, and how it ends: one value for the user's wrong input and for the world's failures.
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>
#include <vector>

namespace godwit {

struct RuntimeError;

namespace cli {

/// The exit code of the program; `godwit --help` documents them.
enum class Exit { done = 0, findings = 1, usage = 2, refused = 3, failed = 4, resumable = 5 };

struct Failure {
  Exit exit = Exit::usage;
  std::string message;  // one line, lower case, without a full stop
  std::string hint{};   // the way out
  std::string code{};   // "GW5003", when there is a page about it
  std::string file{};   // the place in a spec, when the failure has one
  std::string line{};
  std::vector<std::pair<std::string, std::string>> facts{};  // migration, step, what the server said, …
};

template <typename T>
using Expected = tl::expected<T, Failure>;

inline tl::unexpected<Failure> fail(Exit exit, std::string message, std::string hint = {}) {
  return tl::make_unexpected(Failure{exit, std::move(message), std::move(hint)});
}

/// What the runtime reported, with the exit code that says in which state it left the database.
Failure failure_of(const RuntimeError& error);

}  // namespace cli
}  // namespace godwit
