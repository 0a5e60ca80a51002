// SPDX-License-Identifier: Apache-2.0
// A service that brings its own database up to date at start; here with a server that is not there.
#include <godwit/runtime.h>

#include <iostream>
#include <variant>

int main() {
  const auto outcome = godwit::status("host=/nonexistent dbname=nobody", {}, false);
  const auto* error = std::get_if<godwit::RuntimeError>(&outcome);
  if (error == nullptr || error->kind != godwit::RuntimeError::Kind::connection) {
    std::cerr << "an unreachable server was not reported as such\n";
    return 1;
  }
  return 0;
}
