// SPDX-License-Identifier: Apache-2.0
// What `godwit inspect` writes is the database it was read from: applied to an empty database it gives the same dump,
// and the database itself is adopted by it. Every golden case's outcome and the starting schemas of the cases are read.
#include "tests/db/scratch.h"
#include "tests/support/expected_files.h"
#include "tests/support/golden_cases.h"
#include "tests/support/schema_dump.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace {
using namespace godwit;
using namespace godwit::test;
namespace fs = std::filesystem;

fs::path baseline() { return scratch().spec("00000000000000_baseline.gw"); }

/// Inspects `source`, builds the spec elsewhere and compares.
void check_copy(const Database& source) {
  const Output read =
      scratch().godwit("inspect --force --output " + baseline().string() + " --database dbname=" + source.name());
  INFO(read.text);
  REQUIRE(read.status == 0);
  INFO(read_file(baseline()).value_or(""));
  const Database copy("inspected_copy");
  must(scratch().godwit("apply --database dbname=" + copy.name()), "applying what was read to an empty database");
  CHECK(unified_diff(dump_of(source), dump_of(copy), "schema of the copy") == "");
}

/// The same, and the source is adopted by what was read from it.
void check_round_trip(const Database& source) {
  check_copy(source);
  const Output adopted = scratch().godwit("apply --database dbname=" + source.name());
  INFO(adopted.text);
  CHECK(adopted.status == 0);
  CHECK(adopted.text.find("adopted 00000000000000_baseline") != std::string::npos);
}

}  // namespace

TEST_CASE("what golden cases leave is read and built again") {
  create_roles();
  for (const GoldenCase& golden : golden_cases()) {
    DYNAMIC_SECTION(golden.name) {
      const GoldenOutcome outcome = compile_case(golden);
      REQUIRE(outcome.after != nullptr);
      if (server_major() < needed_server(outcome)) {
        SUCCEED("needs a newer server");
        continue;
      }
      const Database database("inspected");
      database.finalized(outcome.before);
      database.finalized(outcome.after);
      database.forget_godwit();
      check_copy(database);
    }
  }
}

TEST_CASE("every form that a spec has is read back") {
  create_roles();
  const Database database("inspected");
  const auto run = [&](const char* file) {
    database.exec(read_file(GODWIT_SOURCE_DIR "/tests/db/inspect/" + std::string(file)).value());
  };
  run("forms.sql");
  if (server_major() >= 15) run("forms_15.sql");
  if (server_major() >= 18) run("forms_18.sql");
  check_round_trip(database);
}

TEST_CASE("what a spec has no form for is carried as SQL") {
  create_roles();
  const Database database("inspected");
  database.exec(read_file(GODWIT_SOURCE_DIR "/tests/db/inspect/kinds.sql").value());
  check_round_trip(database);
}

TEST_CASE("a spec an area builds the same, and they are adopted together") {
  create_roles();
  for (const char* file : {"forms.sql", "kinds.sql", "areas.sql"}) {
    DYNAMIC_SECTION(file) {
      const Database database("inspected");
      database.exec(read_file(GODWIT_SOURCE_DIR "/tests/db/inspect/" + std::string(file)).value());
      const Scratch project;
      const std::string specs = project.spec("any").parent_path().string();
      const Output read =
          project.godwit("inspect --split area --output " + specs + " --database dbname=" + database.name());
      INFO(read.text);
      REQUIRE(read.status == 0);
      const Database copy("inspected_copy");
      must(project.godwit("apply --database dbname=" + copy.name()), "applying what was read to an empty database");
      CHECK(unified_diff(dump_of(database), dump_of(copy), "schema of the copy") == "");
      must(project.godwit("apply --database dbname=" + database.name()), "adopting what was read");
    }
  }
}

TEST_CASE("the starting schemas of the cases are read back") {
  std::size_t cases = 0;
  for (const auto& project : fs::directory_iterator(GODWIT_SOURCE_DIR "/specs")) {
    const auto before = read_file(project.path() / "fixture" / "before.sql");
    if (!before) continue;
    ++cases;
    DYNAMIC_SECTION(project.path().filename().string()) {
      const Database database("inspected");
      database.exec(*before);
      check_round_trip(database);
    }
  }
  CHECK(cases > 0);
}
