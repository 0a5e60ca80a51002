// SPDX-License-Identifier: Apache-2.0
#include "compiler/model/plan_json.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace godwit;

TEST_CASE("a step's texts are spelled as the library spells them") {
  SourceSet sources;
  sources.add("specs/strange \"name\".gw", "table t;\n");
  for (const std::string text : {"", "plain", "a \"quoted\" name", "back\\slash", "two\nlines\n", "\n", "\"", "a\ttab",
                                 "a\x01 control", "rubout\x7f", "größe ✓", "a\\\"\nb", "broken \xff byte"}) {
    CAPTURE(text);
    Step step;
    step.title = text;
    step.remarks = {text, "another"};
    step.up = {{text, text, {}, Work::scan}, {"second", "select 1", {}, Work::instant}};
    Plan plan{"20250101000000_x", "X", {step, step}};
    const std::string printed = plan_json(plan, {}, sources);

    const auto spelled = nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    CHECK(printed.find("\"title\":" + spelled + ",\"spec\":{\"file\":\"specs/strange \\\"name\\\".gw\"") !=
          std::string::npos);
    CHECK(printed.find("\"remarks\":[" + spelled + ",\"another\"]") != std::string::npos);
    CHECK(printed.find("\"sql\":" + spelled + ",\"locks\":[],\"work\":\"scan\"}") != std::string::npos);
    const auto read = nlohmann::json::parse(printed);
    CHECK(read["steps"].size() == 2);
    CHECK(read["steps"][1]["number"] == 2);
    CHECK(read["steps"][1]["up"][1]["sql"] == "select 1");
  }
}

TEST_CASE("a plan without steps is a document too") {
  CHECK(nlohmann::json::parse(plan_json({"id", "title", {}}, {}, {}))["steps"] == nlohmann::json::array());
}
