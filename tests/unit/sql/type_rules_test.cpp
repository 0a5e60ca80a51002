// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/type_rules.h"
#include "test_world.h"

#include <catch2/catch.hpp>

#include <tuple>

using namespace godwit;
using godwit::tests::TestWorld;

namespace {

TestWorld world_of_types() {
  TestWorld world;
  world.type("app", "mood");
  world.type("app", "role");
  world.type("app", "email", Kind::domain, "text");
  world.type("app", "labels", Kind::domain, "text[]");
  world.type("app", "hours", Kind::range_type, "integer");
  world.type("app", "address", Kind::composite_type);
  return world;
}

}  // namespace

TEST_CASE("a type is known when all of its rules are") {
  const TestWorld world = world_of_types();
  CHECK(sql::known_type("character varying(10)", world)->name == "character varying");
  CHECK(sql::known_type("interval day to second", world)->name == "interval");
  CHECK(sql::known_type("app.email", world)->name == "text");
  CHECK(sql::known_type("app.labels", world)->array);
  CHECK(sql::known_type("app.mood[]", world)->enumeration);
  for (const char* type : {"", "unknown", "record", "anyelement", "\"any\"", "app.hours", "app.address", "app.nothing",
                           "app.email[]", "app.labels[]", "citext"}) {
    INFO(type);
    CHECK_FALSE(sql::known_type(type, world).has_value());
  }
}

TEST_CASE("operators by the types on their sides") {
  const TestWorld world = world_of_types();
  const std::vector<std::tuple<std::string, std::string, std::string, bool>> rows{
      {"=", "integer", "bigint", true},
      {"=", "integer", "text", false},
      {"!=", "text", "character varying(3)", true},
      {"=", "unknown", "unknown", true},
      {"=", "app.mood", "app.mood", true},
      {"=", "app.mood", "app.role", false},
      {"=", "app.mood", "text", false},
      {"=", "app.email", "text", true},
      {"=", "json", "json", false},
      {"=", "app.hours", "integer", true},
      {"=", "app.address", "app.address", true},
      {"+", "date", "integer", true},
      {"+", "date", "date", false},
      {"+", "timestamp with time zone", "integer", false},
      {"||", "text", "integer", true},
      {"||", "integer", "integer", false},
      {"@>", "integer[]", "integer[]", true},
      {"@>", "integer[]", "text[]", false},
      {"->", "jsonb", "unknown", true},
      {"->", "text", "unknown", false},
      {"-", "none", "interval", true},
      {"-", "none", "text", false},
      {"=", "citext", "text", true},
  };
  for (const auto& [name, left, right, fits] : rows) {
    INFO(left << ' ' << name << ' ' << right);
    CHECK(sql::operator_fits(name, left, right, world).fits == fits);
  }
  CHECK(sql::operator_fits("===", "integer", "integer", world).known == false);
  CHECK(sql::operator_fits("+", "date", "date", world).known);
}

TEST_CASE("where an extension may have brought operators and casts, everything fits") {
  TestWorld world = world_of_types();
  world.extensions = true;
  CHECK(sql::operator_fits("===", "integer", "text", world).fits);
  CHECK(sql::castable("integer", "date", world));
  CHECK(sql::storable("date", "integer", world));
  CHECK(sql::unitable("date", "integer", world));
  CHECK(sql::call_fits("lower", {"integer"}, world));
  CHECK_FALSE(sql::is_no_condition("integer", world));
  CHECK(sql::literal_beside("=", "integer", world) == "");
}

TEST_CASE("a literal takes the type beside it when the operator has a form for two of it") {
  const TestWorld world = world_of_types();
  CHECK(sql::literal_beside("=", "integer", world) == "integer");
  CHECK(sql::literal_beside("!=", "numeric(5,2)", world) == "numeric");
  CHECK(sql::literal_beside("=", "app.mood", world) == "app.mood");
  CHECK(sql::literal_beside("@>", "integer[]", world) == "integer[]");
  CHECK(sql::literal_beside("+", "date", world) == "");
  CHECK(sql::literal_beside("->", "jsonb", world) == "");
  CHECK(sql::literal_beside("=", "app.address", world) == "");
}

TEST_CASE("conversions: written, stored, and towards one type") {
  const TestWorld world = world_of_types();
  struct Row {
    std::string from, to;
    bool castable, storable, unitable;
  };
  const std::vector<Row> rows{
      {"integer", "bigint", true, true, true},
      {"bigint", "integer", true, true, true},
      {"integer", "boolean", true, false, false},
      {"integer", "text", true, true, false},
      {"text", "integer", true, false, false},
      {"text", "app.mood", true, false, false},
      {"app.mood", "text", true, true, false},
      {"app.mood", "app.role", false, false, false},
      {"integer", "timestamp with time zone", false, false, false},
      {"date", "timestamp with time zone", true, true, true},
      {"timestamp with time zone", "date", true, true, true},
      {"integer[]", "bigint[]", true, true, true},
      {"integer[]", "integer", false, false, false},
      {"text[]", "integer[]", true, false, false},
      {"app.email", "character varying(5)", true, true, true},
      {"jsonb", "integer", true, false, false},
      {"json", "jsonb", true, true, false},
      {"uuid", "integer", false, false, false},
      {"app.hours", "integer", true, true, true},
      {"", "integer", true, true, true},
  };
  for (const Row& row : rows) {
    INFO(row.from << " to " << row.to);
    CHECK(sql::castable(row.from, row.to, world) == row.castable);
    CHECK(sql::storable(row.from, row.to, world) == row.storable);
    CHECK(sql::unitable(row.from, row.to, world) == row.unitable);
  }
}

TEST_CASE("calls of PostgreSQL's own functions by the types of their arguments") {
  const TestWorld world = world_of_types();
  const std::vector<std::tuple<std::string, std::vector<std::string>, bool>> rows{
      {"lower", {"text"}, true},
      {"lower", {"app.email"}, true},
      {"lower", {"unknown"}, true},
      {"lower", {"int4range"}, true},
      {"lower", {"integer"}, false},
      {"lower", {"app.address"}, true},
      {"round", {"numeric", "integer"}, true},
      {"round", {"double precision", "integer"}, false},
      {"sum", {"integer"}, true},
      {"sum", {"text"}, false},
      {"concat", {"integer", "date", "uuid"}, true},
      {"array_length", {"integer[]", "integer"}, true},
      {"array_length", {"integer", "integer"}, false},
      {"enum_range", {"app.mood"}, true},
      {"enum_range", {"text"}, false},
      {"to_jsonb", {"app.mood[]"}, true},
      {"no_such_function", {"integer"}, true},
      {"date", {"integer"}, true},
  };
  for (const auto& [name, arguments, fits] : rows) {
    INFO(name << '(' << arguments.front() << ')');
    CHECK(sql::call_fits(name, arguments, world) == fits);
  }
}

TEST_CASE("conditions, settings and names of types") {
  const TestWorld world = world_of_types();
  CHECK(sql::is_no_condition("integer", world));
  CHECK(sql::is_no_condition("boolean[]", world));
  CHECK_FALSE(sql::is_no_condition("boolean", world));
  CHECK_FALSE(sql::is_no_condition("unknown", world));
  CHECK_FALSE(sql::is_no_condition("app.address", world));
  CHECK(sql::is_setting("Work_Mem"));
  CHECK(sql::is_setting("role"));
  CHECK_FALSE(sql::is_setting("work_memory"));
  CHECK(sql::is_builtin_name("double precision"));
  CHECK_FALSE(sql::is_builtin_name("float8"));
}
