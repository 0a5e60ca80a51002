// SPDX-License-Identifier: Apache-2.0
#include "tests/support/golden_cases.h"

#include "compiler/model/script.h"
#include "tests/support/expected_files.h"

#include <algorithm>
#include <cstdlib>

namespace godwit::test {
namespace fs = std::filesystem;

namespace {
constexpr const char* before_id = "20250101000000_before";
constexpr const char* after_id = "20250102000000_after";
}  // namespace

std::vector<GoldenCase> golden_cases() {
  std::vector<GoldenCase> cases;
  for (const auto& kind : fs::directory_iterator(GODWIT_SOURCE_DIR "/tests/golden")) {
    if (!kind.is_directory()) continue;
    for (const auto& entry : fs::directory_iterator(kind)) {
      GoldenCase golden{kind.path().filename().string() + '/' + entry.path().filename().string(), entry.path(), {}};
      if (auto text = read_file(entry.path() / "before.gw"))
        golden.request.specs.push_back({std::string(before_id) + ".gw", std::move(*text)});
      if (auto text = read_file(entry.path() / "after.gw"))
        golden.request.specs.push_back({std::string(after_id) + ".gw", std::move(*text)});
      cases.push_back(std::move(golden));
    }
  }
  std::sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return cases;
}

GoldenOutcome compile_case(const GoldenCase& golden) {
  GoldenOutcome outcome{compile(golden.request), nullptr, nullptr};
  for (const CompiledMigration& migration : outcome.compilation.migrations) {
    if (migration.id == before_id) outcome.before = &migration;
    if (migration.id == after_id) outcome.after = &migration;
  }
  return outcome;
}

int needed_server(const CompiledMigration* migration) {
  if (migration == nullptr) return 0;
  return std::atoi(std::string(parse_script(migration->up_sql).value().fact("postgres")).c_str());
}

int needed_server(const GoldenOutcome& outcome) {
  return std::max(needed_server(outcome.before), needed_server(outcome.after));
}

}  // namespace godwit::test
