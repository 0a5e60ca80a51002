// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/pg_query.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>

using namespace godwit;

TEST_CASE("an error's place is counted in bytes") {
  const auto tree = sql::parse_tree("select 'ééé', foo bar baz");
  REQUIRE_FALSE(tree.has_value());
  CHECK(tree.error().message == "syntax error at or near \"baz\"");
  CHECK(tree.error().offset == std::string("select 'ééé', foo bar ").size());
}
