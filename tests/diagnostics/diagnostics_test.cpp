// SPDX-License-Identifier: Apache-2.0
// GWnnnn_name.gw, or a folder GWnnnn_name of specs, makes one mistake; GWnnnn_name.txt is what godwit says about it.
#include "tests/support/expected_files.h"

#include <godwit/compile.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

namespace {
using namespace godwit;
using namespace godwit::test;
namespace fs = std::filesystem;

const fs::path folder = GODWIT_SOURCE_DIR "/tests/diagnostics";

struct Mistake {
  std::string name;  // GW1203_unknown_table
  std::vector<SpecFile> specs;
};

std::vector<Mistake> mistakes() {
  std::vector<Mistake> all;
  for (const auto& entry : fs::directory_iterator(folder)) {
    Mistake mistake{entry.path().stem().string(), {}};
    if (entry.is_directory()) {
      for (const auto& spec : fs::recursive_directory_iterator(entry)) {
        if (spec.path().extension() == ".gw")
          mistake.specs.push_back({fs::relative(spec, entry).string(), read_file(spec).value()});
      }
      std::sort(mistake.specs.begin(), mistake.specs.end(),
                [](const auto& a, const auto& b) { return a.path < b.path; });
    } else if (entry.path().extension() == ".gw") {
      mistake.specs.push_back({entry.path().filename().string(), read_file(entry).value()});
    } else {
      continue;
    }
    all.push_back(std::move(mistake));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

}  // namespace

TEST_CASE("diagnostics") {
  const auto all = mistakes();
  REQUIRE(all.size() > 30);
  for (const Mistake& mistake : all) {
    DYNAMIC_SECTION(mistake.name) {
      const Compilation outcome = compile({mistake.specs, {}});
      const std::string report = outcome.report(ReportFormat::text);
      INFO(report);
      CHECK(mismatch(folder / (mistake.name + ".txt"), report, bless_command("diagnostics", mistake.name)) == "");
      REQUIRE(outcome.findings.size() == 1);  // one mistake, one diagnostic
      CHECK(outcome.findings.front().code == mistake.name.substr(0, mistake.name.find('_')));
      CHECK(outcome.ok == !outcome.findings.front().error);
    }
  }
}

TEST_CASE("every file of tests/diagnostics belongs to a case") {
  std::set<std::string> known = {"CMakeLists.txt", "diagnostics_test.cpp"};
  for (const Mistake& mistake : mistakes()) {
    for (const char* ending : {"", ".gw", ".txt"}) known.insert(mistake.name + ending);
  }
  CHECK(unknown_entries(folder, {known.begin(), known.end()}) == std::vector<std::string>{});
}
