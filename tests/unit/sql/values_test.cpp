// SPDX-License-Identifier: Apache-2.0
// Fields of composite values and rows, ranges and their bounds.
#include "tests/unit/sql/test_world.h"

#include <catch2/catch.hpp>

namespace {
using namespace godwit;
using namespace godwit::tests;

TestWorld openings_world() {
  TestWorld world;
  world.table("app", "address", {{"street", "text"}, {"floor", "integer"}}, Kind::composite_type);
  world.type("app", "address", Kind::composite_type);
  world.type("app", "hours", Kind::range_type, "time without time zone");
  world.table("app", "shops",
              {{"home", "app.address"}, {"all_homes", "app.address[]"}, {"open", "app.hours"}, {"size", "int4range"}});
  return world;
}

std::string type_of(const std::string& text) {
  const TestWorld world = openings_world();
  const sql::Analysis analysis = sql::analyze(Form::expression, text, world, around(world, "app", "shops"));
  return analysis.problems.empty() ? analysis.type : problems(analysis, text);
}

}  // namespace

TEST_CASE("a field has the type of its attribute") {
  CHECK(type_of("(home).street") == "text");
  CHECK(type_of("(shops.home).floor + 1") == "integer");
  CHECK(type_of("(all_homes[1]).floor") == "integer");
  CHECK(type_of("(home).flor") == "GW1204 flor: `app.address` has no attribute `flor` [it has `floor`]");
  CHECK(type_of("row('a', 1)::app.address") == "app.address");
}

TEST_CASE("the star of a composite value is written out") {
  const TestWorld world = openings_world();
  const std::string text = "select (s.home).*, size from app.shops s";
  const sql::Analysis analysis = sql::analyze(Form::query, text, world);
  CHECK(output(analysis) == "street text, floor integer, size int4range");
  CHECK(sql::without_stars(text, analysis.stars) == "select (s.home).street, (s.home).floor, size from app.shops s");
}

TEST_CASE("a range has bounds of its subtype, and a constructor") {
  CHECK(type_of("lower(open)") == "time without time zone");
  CHECK(type_of("upper(size)") == "integer");
  CHECK(type_of("app.hours('08:00', '16:00', '[]')") == "app.hours");
  CHECK(type_of("range_merge(open, open)") == "app.hours");
  CHECK(type_of("isempty(open)") == "boolean");
}
