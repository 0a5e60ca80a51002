// SPDX-License-Identifier: Apache-2.0
// The examples on the pages of the diagnostics do what the pages say. A block that begins with ```gw GW1203 is a spec
// with that finding and no other error; one that begins with ```gw is a spec without errors.
#include <godwit/compile.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace {

struct Example {
  std::string place;  // file:line of the block's first line
  std::string code;   // empty: no errors
  std::string spec;
};

std::vector<Example> examples_of(const std::filesystem::path& page) {
  std::vector<Example> examples;
  std::ifstream in(page);
  bool inside = false;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      examples.back().spec += line + '\n';
    } else if (line == "```gw" || line.starts_with("```gw ")) {
      inside = true;
      examples.push_back(
          {page.filename().string() + ':' + std::to_string(number), line.size() > 6 ? line.substr(6) : "", ""});
    }
  }
  return examples;
}

std::vector<std::filesystem::path> pages() {
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator(GODWIT_SOURCE_DIR "/docs/diagnostics")) {
    if (entry.path().extension() == ".md") all.push_back(entry.path());
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

TEST_CASE("the examples on the pages of the diagnostics do what the pages say") {
  REQUIRE_FALSE(pages().empty());
  for (const auto& page : pages()) {
    for (const Example& example : examples_of(page)) {
      const auto outcome = godwit::compile({{{"specs/1_example.gw", example.spec}}, {}});
      INFO(example.place << '\n' << example.spec << '\n' << outcome.report(godwit::ReportFormat::text));
      if (example.code.empty()) {
        CHECK(outcome.ok);
        continue;
      }
      CHECK(std::any_of(outcome.findings.begin(), outcome.findings.end(),
                        [&](const godwit::Finding& finding) { return finding.code == example.code; }));
      CHECK(std::all_of(outcome.findings.begin(), outcome.findings.end(), [&](const godwit::Finding& finding) {
        return !finding.error || finding.code == example.code;
      }));
    }
  }
}
