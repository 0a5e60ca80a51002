// SPDX-License-Identifier: Apache-2.0
#include "base/render.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace godwit;
using nlohmann::json;

namespace {

constexpr Code unknown_table{"GW1203", Severity::error, "reference to an undeclared table"};
constexpr Code unusual{"GW3001", Severity::warning, "unusual"};

Span span_of(const SourceSet& sources, std::uint32_t file, std::string_view words) {
  const auto at = sources[file].text().find(words);
  REQUIRE(at != std::string::npos);
  return {file, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + words.size())};
}

// Two files and one error with a note in each, one without a place, and a hint.
struct Example {
  SourceSet sources;
  Diagnostics diagnostics;

  Example() {
    const auto file = sources.add("specs/a.gw", "table orders {\n  foreign key (buyer) -> customer(id);\n}\n");
    const auto other = sources.add("specs/b.gw", "table customers {}\n");
    diagnostics.add(unknown_table, span_of(sources, file, "customer"), "table `{}` is not declared", "customer")
        .note(span_of(sources, file, "foreign key"), "needed by this foreign key")
        .note(span_of(sources, other, "customers"), "a table that is")
        .note("names are compared after folding")
        .hint("`{}` is declared and has a similar name", "customers");
  }

  std::string rendered(DiagnosticFormat format) const { return render(diagnostics.sorted(), sources, {format, false}); }
};

std::string text_of(std::string text, std::string_view words) {
  SourceSet sources;
  const auto file = sources.add("a.gw", std::move(text));
  Diagnostics diagnostics;
  diagnostics.add(unusual, span_of(sources, file, words), "look");
  return render(diagnostics.sorted(), sources);
}

}  // namespace

TEST_CASE("nothing to say is no text") {
  CHECK(render({}, SourceSet()).empty());
  CHECK(render({}, SourceSet(), {DiagnosticFormat::github, false}).empty());
}

TEST_CASE("a diagnostic as text") {
  CHECK(Example().rendered(DiagnosticFormat::text) == R"(error[GW1203]: table `customer` is not declared
  --> specs/a.gw:2:26
   |
 2 |   foreign key (buyer) -> customer(id);
   |                          ^^^^^^^^
note: needed by this foreign key (2:3)
note: a table that is (specs/b.gw:1:7)
note: names are compared after folding
hint: `customers` is declared and has a similar name
)");
}

TEST_CASE("an empty line stands between two diagnostics") {
  SourceSet sources;
  sources.add("a.gw", "a b");
  Diagnostics diagnostics;
  diagnostics.add(unusual, {0, 0, 1}, "one");
  diagnostics.add(unusual, {0, 2, 3}, "two");
  CHECK(render(diagnostics.sorted(), sources) == R"(warning[GW3001]: one
  --> a.gw:1:1
   |
 1 | a b
   | ^

warning[GW3001]: two
  --> a.gw:1:3
   |
 1 | a b
   |   ^
)");
}

TEST_CASE("columns are characters and tabs are spaces") {
  CHECK(text_of("\t\xC3\xA9\tx\n", "x") == R"(warning[GW3001]: look
  --> a.gw:1:4
   |
 1 |     )"
                                           "\xC3\xA9"
                                           R"(   x
   |         ^
)");
}

TEST_CASE("a span over several lines is shown to the end of its first line") {
  CHECK(text_of("a\n\n\n\n\n\n\n\n\nfrom (\nto)\n", "(\nto)") == R"(warning[GW3001]: look
   --> a.gw:10:6
    |
 10 | from (
    |      ^
)");
}

TEST_CASE("the end of a text without a line end has a caret too") {
  SourceSet sources;
  sources.add("a.gw", "table t {");
  sources.add("empty.gw", "");
  Diagnostics diagnostics;
  diagnostics.add(unusual, {0, 9, 9}, "the block is never closed");
  diagnostics.add(unusual, {1, 0, 0}, "nothing here");
  CHECK(render(diagnostics.sorted(), sources) == R"(warning[GW3001]: the block is never closed
  --> a.gw:1:10
   |
 1 | table t {
   |          ^

warning[GW3001]: nothing here
  --> empty.gw:1:1
   |
 1 |
   | ^
)");
}

TEST_CASE("a very long line is cut around the caret") {
  const std::string text = text_of(std::string(500, 'a') + " here " + std::string(500, 'b') + "\n", "here");
  const auto line = text.substr(text.find(" 1 | "), text.find('\n', text.find(" 1 | ")) - text.find(" 1 | "));
  CHECK(line.size() < 130);
  // The ellipsis has three bytes in one column.
  CHECK(line.find("here") == 5 + 40 + 2);
  CHECK(line.substr(5, 3) == "\xE2\x80\xA6");
  CHECK(text.find("\n   | " + std::string(40, ' ') + "^^^^\n") != std::string::npos);
  CHECK(text_of("here " + std::string(500, 'b'), "here").find(" 1 | here bbb") != std::string::npos);
  CHECK(text_of(std::string(5000, 'b') + "here", "here").find("bhere\n") != std::string::npos);
}

TEST_CASE("bytes that would steer a terminal or are no text are not shown as they are") {
  SourceSet sources;
  sources.add("a.gw",
              "a\x1b[2J\xFF"
              "b");
  Diagnostics diagnostics;
  diagnostics.add(unusual, {0, 6, 7}, "`{}`", "\x1b[1m");
  const std::string text = render(diagnostics.sorted(), sources);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find(" 1 | a\xEF\xBF\xBD[2J\xEF\xBF\xBD"
                  "b\n") != std::string::npos);
}

TEST_CASE("a diagnostic without a source has no place") {
  Diagnostics diagnostics;
  diagnostics.add(unknown_table, {}, "no project here").hint("run `godwit init`");
  CHECK(render(diagnostics.sorted(), SourceSet()) == "error[GW1203]: no project here\nhint: run `godwit init`\n");
  CHECK(render(diagnostics.sorted(), SourceSet(), {DiagnosticFormat::github, false}) ==
        "::error title=GW1203::no project here%0Ahint: run `godwit init`\n");
}

TEST_CASE("colour adds nothing but colour") {
  const Example example;
  std::string coloured = render(example.diagnostics.sorted(), example.sources, {DiagnosticFormat::text, true});
  CHECK(coloured.find("\x1b[1;31merror[GW1203]\x1b[0m") == 0);
  for (auto at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  CHECK(coloured == example.rendered(DiagnosticFormat::text));
}

TEST_CASE("json carries the same fields") {
  const json all = json::parse(Example().rendered(DiagnosticFormat::json));
  REQUIRE(all.size() == 1);
  const json& one = all[0];
  CHECK(one["code"] == "GW1203");
  CHECK(one["severity"] == "error");
  CHECK(one["title"] == "reference to an undeclared table");
  CHECK(one["message"] == "table `customer` is not declared");
  CHECK(one["file"] == "specs/a.gw");
  CHECK(one["line"] == 2);
  CHECK(one["column"] == 26);
  CHECK(one["end_line"] == 2);
  CHECK(one["end_column"] == 34);
  REQUIRE(one["notes"].size() == 3);
  CHECK(one["notes"][1] == json::parse(R"({"message": "a table that is", "file": "specs/b.gw", "line": 1, "column": 7,
                                           "end_line": 1, "end_column": 16})"));
  CHECK(one["notes"][2] == json::parse(R"({"message": "names are compared after folding"})"));
  CHECK(one["hint"] == "`customers` is declared and has a similar name");
  CHECK(render({}, SourceSet(), {DiagnosticFormat::json, false}) == "[]\n");
}

TEST_CASE("json is valid even when the text is not") {
  Diagnostics diagnostics;
  diagnostics.add(unusual, {}, "`{}`", "\xFF");
  const auto text = render(diagnostics.sorted(), SourceSet(), {DiagnosticFormat::json, false});
  CHECK(json::parse(text)[0]["message"] == "`\xEF\xBF\xBD`");
}

TEST_CASE("github commands are one escaped line each") {
  CHECK(Example().rendered(DiagnosticFormat::github) ==
        "::error file=specs/a.gw,line=2,col=26,title=GW1203::table `customer` is not declared"
        "%0Anote: needed by this foreign key (specs/a.gw:2:3)%0Anote: a table that is (specs/b.gw:1:7)"
        "%0Anote: names are compared after folding%0Ahint: `customers` is declared and has a similar name\n");
  SourceSet sources;
  sources.add("C:,x%.gw", "a");
  Diagnostics diagnostics;
  diagnostics.add(unusual, {0, 0, 1}, "100% sure: a,\nb");
  CHECK(render(diagnostics.sorted(), sources, {DiagnosticFormat::github, false}) ==
        "::warning file=C%3A%2Cx%25.gw,line=1,col=1,title=GW3001::100%25 sure: a,%0Ab\n");
}

TEST_CASE("sarif has a rule for each code and a result for each diagnostic") {
  const json log = json::parse(Example().rendered(DiagnosticFormat::sarif));
  CHECK(log["version"] == "2.1.0");
  const json& run = log["runs"][0];
  CHECK(run["tool"]["driver"]["name"] == "godwit");
  CHECK(run["tool"]["driver"]["rules"][0]["id"] == "GW1203");
  REQUIRE(run["results"].size() == 1);
  const json& result = run["results"][0];
  CHECK(result["ruleId"] == "GW1203");
  CHECK(result["level"] == "error");
  CHECK(result["message"]["text"] ==
        "table `customer` is not declared\nnote: names are compared after folding\n"
        "hint: `customers` is declared and has a similar name");
  const json& place = result["locations"][0]["physicalLocation"];
  CHECK(place["artifactLocation"]["uri"] == "specs/a.gw");
  CHECK(place["region"] == json::parse(R"({"startLine": 2, "startColumn": 26, "endLine": 2, "endColumn": 34})"));
  CHECK(result["relatedLocations"].size() == 2);
  CHECK(result["relatedLocations"][1]["message"]["text"] == "a table that is");
}

TEST_CASE("sarif paths are uri references") {
  SourceSet sources;
  sources.add("my specs/\xC3\xA9:1.gw", "a");
  Diagnostics diagnostics;
  diagnostics.add(unusual, {0, 0, 1}, "look");
  const json log = json::parse(render(diagnostics.sorted(), sources, {DiagnosticFormat::sarif, false}));
  CHECK(log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] ==
        "my%20specs/%C3%A9%3A1.gw");
}
