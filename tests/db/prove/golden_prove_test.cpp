// SPDX-License-Identifier: Apache-2.0
// Every golden case proven with rows that godwit makes.
#include "tests/support/golden_cases.h"
#include "tests/support/schema_dump.h"

#include <godwit/prove.h>

#include <catch2/catch.hpp>

using namespace godwit;
using namespace godwit::test;

TEST_CASE("golden cases are proven") {
  for (const GoldenCase& golden : golden_cases()) {
    DYNAMIC_SECTION(golden.name) {
      const GoldenOutcome outcome = compile_case(golden);
      REQUIRE(outcome.after != nullptr);
      const bool too_new = server_major() < needed_server(outcome);
      std::vector<Migration> migrations;
      for (const CompiledMigration& one : outcome.compilation.migrations)
        migrations.push_back({one.id, one.up_sql, one.down_sql, one.finalize_sql, one.verify_sql});
      ProveOptions options;
      options.ids = {outcome.after->id};
      options.rows = 5;
      options.boundaries = 3;
      options.creates_missing_roles = true;
      const auto proven = prove("dbname=postgres", migrations, options, {});
      if (const auto* error = std::get_if<RuntimeError>(&proven)) FAIL(error->message << ' ' << error->detail);
      bool refuted = false;
      for (const Claim& claim : std::get<Proof>(proven).migrations.front().claims) {
        INFO(claim.what << ": " << claim.detail);
        if (claim.verdict != Claim::Verdict::refuted) continue;
        refuted = true;
        CHECK(too_new);
        CHECK(claim.detail.find("needs PostgreSQL") != std::string::npos);
      }
      CHECK(refuted == too_new);
    }
  }
}
