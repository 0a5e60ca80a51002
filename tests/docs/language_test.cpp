// SPDX-License-Identifier: Apache-2.0
// The examples of docs/language.md and docs/limits.md. ```gw compiles without errors; ```gw next does so as a second
// spec on top of the latest ```gw; with a code (```gw GW2005, ```gw next GW2001) it is refused with that code alone.
#include <godwit/compile.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace {
using namespace godwit;

struct Example {
  std::size_t line = 0;  // of its first line
  bool next = false;
  std::string code;
  std::string spec;
};

std::vector<Example> examples_of(const std::string& page) {
  std::vector<Example> examples;
  std::ifstream in(GODWIT_SOURCE_DIR "/docs/" + page);
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
      examples.push_back({number + 1, false, "", ""});
      std::istringstream words(line.substr(5));
      for (std::string word; words >> word;)
        word == "next" ? void(examples.back().next = true) : void(examples.back().code = word);
    }
  }
  return examples;
}

void check_page(const std::string& page) {
  const auto examples = examples_of(page);
  REQUIRE_FALSE(examples.empty());
  std::string given;
  for (const Example& example : examples) {
    CompileRequest request;
    if (example.next) request.specs.push_back({"1_given.gw", given});
    request.specs.push_back({"2_example.gw", example.spec});
    const Compilation outcome = compile(request);
    INFO("docs/" << page << ':' << example.line << '\n' << outcome.report(ReportFormat::text));
    if (example.code.empty()) {
      CHECK(outcome.ok);
    } else {
      CHECK_FALSE(outcome.findings.empty());
      CHECK(std::all_of(outcome.findings.begin(), outcome.findings.end(),
                        [&](const Finding& finding) { return finding.code == example.code; }));
    }
    if (!example.next && example.code.empty()) given = example.spec;
  }
}

}  // namespace

TEST_CASE("the examples of the language reference compile") { check_page("language.md"); }

TEST_CASE("the examples of the limits are refused by name") { check_page("limits.md"); }
