// SPDX-License-Identifier: Apache-2.0
// Each case of tests/golden compiles to exactly the up.sql, down.sql and plan.txt beside it. plan.txt is the plan
// without its SQL: phases, steps, the locks they take on what exists, and the line that asked for them.
#include "compiler/sql/pg_query.h"
#include "tests/support/expected_files.h"
#include "tests/support/golden_cases.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <set>
#include <sstream>

namespace {
using namespace godwit;
using namespace godwit::test;

std::string plan_text(const std::string& plan_json) {
  const nlohmann::json plan = nlohmann::json::parse(plan_json);
  std::string text = "rollback: " + plan.at("rollback").get<std::string>() + '\n';
  std::string phase;
  for (const auto& step : plan.at("steps")) {
    if (step.at("phase") != phase) text += '\n' + (phase = step.at("phase").get<std::string>()) + '\n';
    text += "  " + step.at("title").get<std::string>() + "  (line " + step.at("spec").at("line").dump() + ")\n";
    std::set<std::string> needs;  // what several statements of a step need is said once
    for (const auto& statement : step.at("up")) {
      for (const auto& lock : statement.at("locks"))
        needs.insert(lock.at("lock").get<std::string>() + " on " + lock.at("relation").get<std::string>());
      if (statement.at("work") != "instant") needs.insert(statement.at("work").get<std::string>());
    }
    for (const std::string& need : needs) text += "      " + need + '\n';
  }
  return text;
}

/// What PostgreSQL's parser says about an artifact; lines for psql itself are left out, one of which ends a query.
std::string parse_problem(const std::string& script) {
  std::string sql;
  std::istringstream lines(script);
  for (std::string line; std::getline(lines, line);) {
    const bool ends_query = line == "\\gset";
    sql += ends_query ? ";\n" : line.starts_with('\\') ? "\n" : line + '\n';
  }
  const auto tree = sql::parse_tree(sql);
  return tree ? "" : tree.error().message + " at byte " + std::to_string(tree.error().offset);
}

}  // namespace

TEST_CASE("golden cases") {
  const auto cases = golden_cases();
  REQUIRE(cases.size() > 50);
  for (const GoldenCase& golden : cases) {
    DYNAMIC_SECTION(golden.name) {
      REQUIRE(unknown_entries(golden.folder, {"before.gw", "after.gw", "up.sql", "down.sql", "plan.txt"}).empty());
      const GoldenOutcome outcome = compile_case(golden);
      INFO(outcome.compilation.report(ReportFormat::text));
      REQUIRE(outcome.after != nullptr);
      const std::string command = bless_command("golden cases", golden.name);
      CHECK(mismatch(golden.folder / "up.sql", outcome.after->up_sql, command) == "");
      CHECK(mismatch(golden.folder / "down.sql", outcome.after->down_sql, command) == "");
      CHECK(mismatch(golden.folder / "plan.txt", plan_text(outcome.after->plan_json), command) == "");
      for (const std::string* script :
           {&outcome.after->up_sql, &outcome.after->down_sql, &outcome.after->finalize_sql, &outcome.after->verify_sql})
        CHECK(parse_problem(*script) == "");
    }
  }
}

TEST_CASE("every file of tests/golden belongs to a case") {
  for (const auto& entry : std::filesystem::directory_iterator(GODWIT_SOURCE_DIR "/tests/golden")) {
    INFO(entry.path());
    if (entry.is_directory()) {
      CHECK(unknown_entries(entry, {}).size() > 0);
    } else {
      CHECK((entry.path().filename() == "CMakeLists.txt" || entry.path().filename() == "golden_test.cpp"));
    }
  }
}

TEST_CASE("a difference is shown with what is around it") {
  CHECK(unified_diff("a\nb\n", "a\nb\n", "x") == "");
  CHECK(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n", "x") ==
        "--- expected x\n+++ actual x\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n+10\n");
  CHECK(unified_diff("", "a", "x") == "--- expected x\n+++ actual x\n@@ -1,0 +1,1 @@\n+a\n\\ no line end\n");
}
