// SPDX-License-Identifier: Apache-2.0
// tests/golden/<kind>/<case>/: before.gw (absent: an empty database) and after.gw, a migration on top of it.
#pragma once

#include <godwit/compile.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace godwit::test {

struct GoldenCase {
  std::string name;  // "view/create_in_any_order"
  std::filesystem::path folder;
  CompileRequest request;  // 20250101000000_before.gw if there is one, 20250102000000_after.gw
};

/// All cases, by name.
std::vector<GoldenCase> golden_cases();

/// The migrations of a compiled case; `before` is null when there is none.
struct GoldenOutcome {
  Compilation compilation;
  const CompiledMigration* before = nullptr;
  const CompiledMigration* after = nullptr;
};

GoldenOutcome compile_case(const GoldenCase& golden);

/// The major version of PostgreSQL that a migration asks for; 0 of nullptr.
int needed_server(const CompiledMigration* migration);
int needed_server(const GoldenOutcome& outcome);

}  // namespace godwit::test
