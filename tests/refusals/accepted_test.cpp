// SPDX-License-Identifier: Apache-2.0
// SQL that PostgreSQL takes, however odd it looks: the compiler has nothing to say about it, and the server takes what
// it makes of it. A spec refused here is worse than one that is refused late.
#include "tests/db/data/server.h"
#include "tests/support/expected_files.h"

#include <godwit/compile.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <sstream>
#include <utility>
#include <vector>

namespace {

using namespace godwit;
using namespace godwit::test;
namespace fs = std::filesystem;

const fs::path folder = fs::path(GODWIT_SOURCE_DIR) / "tests/refusals/accepted";

std::vector<std::string> lines_of(const char* file) {
  std::vector<std::string> lines;
  std::istringstream text(read_file(folder / file).value());
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && !line.starts_with("--")) lines.push_back(line);
  }
  return lines;
}

std::vector<std::pair<std::string, std::string>> specs_of(const char* file) {
  std::vector<std::pair<std::string, std::string>> specs;
  std::istringstream text(read_file(folder / file).value());
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("== ")) {
      specs.emplace_back(line.substr(3), "");
    } else if (!specs.empty()) {
      specs.back().second += line + '\n';
    }
  }
  return specs;
}

/// The server with before.gw applied.
class Ground {
 public:
  Ground() : before_(read_file(folder / "before.gw").value()) {
    const Compilation start = compile({{{"1_before.gw", before_}}, options()});
    INFO(start.report(ReportFormat::text));
    REQUIRE(start.ok);
    server_.run("drop schema if exists app cascade; drop schema if exists other cascade");
    server_.run("drop schema if exists godwit cascade");
    server_.run(start.migrations.front().up_sql);
  }

  /// Compiled without a word, applied, and taken back.
  void takes(const std::string& spec) {
    const Compilation compilation = compile({{{"1_before.gw", before_}, {"2_spec.gw", spec}}, options()});
    std::string errors;
    for (const Finding& finding : compilation.findings) {
      if (finding.error) errors += finding.code + ": " + finding.message + '\n';
    }
    CHECK(errors == "");
    if (!compilation.ok) return;
    const std::string answer = server_.error(compilation.migrations.back().up_sql);
    CHECK(answer == "");
    if (answer.empty()) server_.run(compilation.migrations.back().down_sql);
  }

 private:
  /// What the server of the tests has may be used.
  static CompileOptions options() {
    CompileOptions options;
    options.oldest_postgres = 15;
    return options;
  }

  std::string before_;
  Server server_;
};

}  // namespace

TEST_CASE("expressions that PostgreSQL takes are taken") {
  Ground ground;
  const std::vector<std::string> expressions = lines_of("expressions.txt");
  for (const std::string& expression : expressions) {
    INFO(expression);
    ground.takes("view app.v as select " + expression + " as x from app.things;");
  }
  CHECK(expressions.size() >= 300);
}

TEST_CASE("queries that PostgreSQL takes are taken") {
  Ground ground;
  const std::vector<std::string> queries = lines_of("queries.txt");
  for (const std::string& query : queries) {
    INFO(query);
    ground.takes("view app.v as " + query + ";");
  }
  CHECK(queries.size() >= 100);
}

TEST_CASE("specs that PostgreSQL takes are taken") {
  Ground ground;
  for (const auto& [name, spec] : specs_of("specs.txt")) {
    INFO(name);
    ground.takes(spec);
  }
}
