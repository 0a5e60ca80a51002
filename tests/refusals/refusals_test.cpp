// SPDX-License-Identifier: Apache-2.0
// Each case of the .txt files: `== name`, a spec with one mistake, `--`, and SQL with the same mistake, which the
// server refuses. A spec that the compiler lets through is refused by the server in any case; expected.txt lists both,
// and says how many are which.
#include "tests/db/data/server.h"
#include "tests/support/expected_files.h"

#include <godwit/compile.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <sstream>

namespace {

using namespace godwit;
using namespace godwit::test;
namespace fs = std::filesystem;

const fs::path folder = fs::path(GODWIT_SOURCE_DIR) / "tests/refusals";

struct Case {
  std::string name, spec, sql;
};

std::vector<Case> cases_of(const std::string& text) {
  std::vector<Case> cases;
  bool in_sql = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("== ")) {
      cases.push_back({line.substr(3), {}, {}});
      in_sql = false;
    } else if (line == "--") {
      in_sql = true;
    } else if (!cases.empty() && !line.empty()) {
      (in_sql ? cases.back().sql : cases.back().spec) += line + '\n';
    }
  }
  return cases;
}

/// The first error in the migration itself: `GW1204 1:22 column …`.
std::string refusal(const Compilation& compilation) {
  for (const Finding& finding : compilation.findings) {
    if (!finding.error) continue;
    return finding.code + ' ' + std::to_string(finding.line) + ':' + std::to_string(finding.column) + "  " +
           finding.message.substr(0, finding.message.find('\n'));
  }
  return {};
}

}  // namespace

TEST_CASE("what PostgreSQL would refuse is refused at compile time, as far as can be") {
  const std::string before = read_file(folder / "before.gw").value();
  Server server;
  const Compilation start = compile({{{"1_before.gw", before}}, {}});
  INFO(start.report(ReportFormat::text));
  REQUIRE(start.ok);
  server.run("drop schema if exists app cascade; drop schema if exists godwit cascade");
  server.run(start.migrations.front().up_sql);

  std::string refused, left;
  std::size_t count = 0, early = 0;
  for (const char* file : {"tables.txt", "constraints.txt", "queries.txt", "routines.txt", "others.txt"}) {
    for (const Case& one : cases_of(read_file(folder / file).value())) {
      INFO(file << ' ' << one.name);
      ++count;
      CHECK(server.error("begin; " + one.sql + " set constraints all immediate; rollback;") != "");
      const Compilation compilation = compile({{{"1_before.gw", before}, {"2_wrong.gw", one.spec}}, {}});
      if (const std::string why = refusal(compilation); !why.empty()) {
        ++early;
        refused += one.name + ": " + why + '\n';
        continue;
      }
      const std::string answer = server.error(compilation.migrations.back().up_sql);
      CHECK(answer != "");
      if (answer.empty()) server.run(compilation.migrations.back().down_sql);
      left += one.name + ": " + answer.substr(0, answer.find('\n')) + '\n';
    }
  }
  const std::string figure = std::to_string(early) + " of " + std::to_string(count);
  CHECK(mismatch(folder / "expected.txt",
                 figure + " are refused at compile time.\n\nLeft to the server:\n" + left + "\nRefused:\n" + refused,
                 bless_command("what PostgreSQL*", "")) == "");
  WARN(figure + " wrong specs are refused at compile time; left to the server:\n" + left);
  CHECK(count >= 150);
  CHECK(early * 100 >= count * 95);
}
