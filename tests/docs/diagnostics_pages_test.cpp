// SPDX-License-Identifier: Apache-2.0
// The examples on the pages of the diagnostics do what the pages say. A block that begins with ```gw GW1203 is a spec
// with that finding and no other error; one that begins with ```gw is a spec without errors. ```gw before is a spec
// without errors too, and is applied before those that follow it on the page.
#include <godwit/compile.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace {

struct Example {
  std::string place;  // file:line of the block's first line
  std::string code;   // empty: no errors
  std::string before;
  std::string spec;
};

std::vector<Example> examples_of(const std::filesystem::path& page) {
  std::vector<Example> examples;
  std::ifstream in(page);
  std::string before;
  bool inside = false;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (inside && line == "```") {
      inside = false;
      if (examples.back().code == "before") {
        before = examples.back().spec;
        examples.back().code.clear();
      }
    } else if (inside) {
      examples.back().spec += line + '\n';
    } else if (line == "```gw" || line.starts_with("```gw ")) {
      inside = true;
      const std::string info = line.size() > 6 ? line.substr(6) : "";
      examples.push_back(
          {page.filename().string() + ':' + std::to_string(number), info, info == "before" ? "" : before, ""});
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
      godwit::CompileRequest request;
      if (!example.before.empty()) request.specs.push_back({"specs/1_before.gw", example.before});
      request.specs.push_back({"specs/2_example.gw", example.spec});
      const auto outcome = godwit::compile(request);
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
