// SPDX-License-Identifier: Apache-2.0
#include "compiler/model/script.h"

#include <catch2/catch.hpp>

using namespace godwit;

namespace {

Script script() {
  Script x;
  x.direction = "up";
  x.id = "20250101000000_people";
  x.title = "People";
  x.facts = {{"spec", "sha256:00"}, {"rollback", "exact (never: a loss)"}};
  x.steps = {
      {"open the transaction", "", {}, "begin;"},
      {"create table app.people", "specs/people.gw:4", {"locks nothing", "why: it is needed"}, "create table x;"}};
  return x;
}

Script read(const std::string& text) {
  const auto parsed = parse_script(text);
  REQUIRE(parsed);
  return *parsed;
}

void replace(std::string& text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("a script is read back as it was printed") {
  CHECK(read(print_script(script())) == script());
  Script bare = script();
  bare.title.clear();
  CHECK(read(print_script(bare)) == bare);
  CHECK(read(print_script(bare)).fact("spec") == "sha256:00");
  CHECK(read(print_script(bare)).fact("absent").empty());
}

TEST_CASE("a line of a body that looks like a header makes every header wear another bracket") {
  Script x = script();
  x.steps[1].sql = "create function f() as $$\n-- [1/2] not a step\n$$;";
  CHECK(print_script(x).find("\n-- [[2/2]] create table app.people (specs/people.gw:4)\n") != std::string::npos);
  CHECK(read(print_script(x)) == x);
  x.steps[0].sql = "-- [[2/2]] nor this\nbegin;";
  CHECK(print_script(x).find("\n-- [[[1/2]]] open the transaction\n") != std::string::npos);
  CHECK(read(print_script(x)) == x);
}

TEST_CASE("a header of a file with another number of steps is no header here") {
  Script x = script();
  x.steps[1].sql = "create function f() as $$\n-- [1/3] of another file\n$$;";
  CHECK(print_script(x).find("\n-- [2/2] ") != std::string::npos);
  CHECK(read(print_script(x)) == x);
}

TEST_CASE("an edit by hand shows, and is accepted when asked for") {
  std::string text = print_script(script());
  replace(text, "create table x;", "create table y;");
  const auto refused = parse_script(text);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().edited);
  const auto accepted = parse_script(text, true);
  REQUIRE(accepted);
  CHECK(accepted->steps[1].sql == "create table y;");
}

TEST_CASE("what is no artifact is not called an edited one") {
  const auto other = parse_script("select 1;\n");
  REQUIRE_FALSE(other);
  CHECK_FALSE(other.error().edited);
  std::string text = print_script(script());
  replace(text, "-- content: ", "-- contents: ");
  const auto torn = parse_script(text);
  REQUIRE_FALSE(torn);
  CHECK_FALSE(torn.error().edited);
}

TEST_CASE("a comparison is cut into ranges of a key, and stands for all rows as it is printed") {
  Script x = script();
  compare_in_ranges(x.steps[1], "move phones", {"app.\"Big Orders\"", "\"order no\", part"});
  x.steps[1].sql = "select 1 from t\n where " + range_mark("t.\"order no\", t.part") +
                   "\n   and exists (select from u where " + range_mark("u.n, u.p") + "\n);";
  CHECK(x.steps[1].title == "compare move phones");
  const Script again = read(print_script(x));
  const auto ranges = compared_ranges(again.steps[1]);
  REQUIRE(ranges);
  CHECK(*ranges == ComparedRanges{"app.\"Big Orders\"", "\"order no\", part"});
  const std::string& sql = again.steps[1].sql;
  CHECK(with_range(sql, {}, {}) == "select 1 from t\n where true\n   and exists (select from u where true\n);");
  CHECK(with_range(sql, {"1", "it's"}, {"7", "z"}) ==
        "select 1 from t\n where (t.\"order no\", t.part) > ('1', 'it''s') and (t.\"order no\", t.part) <= ('7', 'z')\n"
        "   and exists (select from u where (u.n, u.p) > ('1', 'it''s') and (u.n, u.p) <= ('7', 'z')\n);");
  CHECK(range_condition("id", {"3"}, {}) == "(id) > ('3')");
  CHECK(range_condition("id", {}, {"3"}) == "(id) <= ('3')");
  CHECK_FALSE(compared_ranges(x.steps[0]));
  compare_in_ranges(x.steps[0], "move all", {});
  CHECK(compared_ranges(x.steps[0]) == ComparedRanges{});
}
