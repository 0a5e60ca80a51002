// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/literals.h"
#include "test_world.h"

#include <catch2/catch.hpp>

#include <tuple>

using namespace godwit;
using godwit::tests::TestWorld;

namespace {

TestWorld moods() {
  TestWorld world;
  world.enumeration("app", "mood", {"sad", "ok", "happy"});
  world.type("app", "small", Kind::domain, "integer");
  world.type("app", "labels", Kind::domain, "text[]");
  return world;
}

}  // namespace

TEST_CASE("literals that PostgreSQL reads have no fault") {
  const TestWorld world = moods();
  const std::vector<std::pair<std::string, std::string>> rows{
      {"integer", " -12 "},
      {"integer", "+2147483647"},
      {"integer", "-2147483648"},
      {"bigint", "9223372036854775807"},
      {"smallint", "0x1F"},  // from 16 on
      {"integer", "1_000"},
      {"numeric", "-1.5e10"},
      {"numeric", "NaN"},
      {"double precision", "-Infinity"},
      {"real", ".5"},
      {"boolean", "t"},
      {"boolean", "OF"},
      {"boolean", " yes "},
      {"uuid", "{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}"},
      {"uuid", "a0eebc999c0b4ef8bb6d6bb9bd380a11"},
      {"jsonb", " {\"a\": [1, null]} "},
      {"json", "\"\\u0041\""},
      {"date", "infinity"},
      {"date", "January 8, 1999"},
      {"timestamp with time zone", "now"},
      {"integer[]", " {1,2}"},
      {"integer[]", "[0:1]={1,2}"},
      {"app.mood", "sad"},
      {"app.small", "99"},
      {"app.labels", "{}"},
      {"text", ""},
      {"point", "anything"},
      {"app.unknown", "anything"},
      {"unknown", "anything"},
      {"app.mood[]", "{sad}"},
  };
  for (const auto& [type, value] : rows) {
    INFO(type << " '" << value << "'");
    CHECK(sql::literal_fault(type, value, world).message == "");
  }
}

TEST_CASE("literals that PostgreSQL cannot read are told from those that it can") {
  const TestWorld world = moods();
  const std::vector<std::tuple<std::string, std::string, std::string>> rows{
      {"integer", "x", "'x' is no integer: type `integer` cannot read it"},
      {"integer", "", "'' is no integer: type `integer` cannot read it"},
      {"integer", "1.5", "'1.5' is no integer: type `integer` cannot read it"},
      {"integer", "2147483648", "2147483648 is out of range for type `integer`"},
      {"smallint", "-32769", "-32769 is out of range for type `smallint`"},
      {"numeric(5,2)", "one", "'one' is no number: type `numeric` cannot read it"},
      {"boolean", "maybe", "'maybe' is neither true nor false: type `boolean` cannot read it"},
      {"boolean", "o", "'o' is neither true nor false: type `boolean` cannot read it"},
      {"uuid", "a0eebc99", "'a0eebc99' is no UUID: type `uuid` cannot read it"},
      {"jsonb", "{a: 1}", "'{a: 1}' is no JSON: type `jsonb` cannot read it"},
      {"date", "soon", "'soon' is no date or time: type `date` cannot read it"},
      {"integer[]", "1,2", "'1,2' is no array: one begins with `{`"},
      {"app.mood", "hapy", "`app.mood` has no value 'hapy'"},
      {"app.small", "x", "'x' is no integer: type `integer` cannot read it"},
      {"app.labels", "a", "'a' is no array: one begins with `{`"},
  };
  for (const auto& [type, value, message] : rows) {
    INFO(type << " '" << value << "'");
    CHECK(sql::literal_fault(type, value, world).message == message);
  }
  CHECK(sql::literal_fault("app.mood", "hapy", world).hint == "it has 'happy'");
  CHECK(sql::literal_fault("app.mood", "12345", world).hint == "it has 'sad', 'ok', 'happy'");
}

TEST_CASE("a stored literal is as long as its column, spaces at its end aside") {
  const TestWorld world = moods();
  CHECK_FALSE(sql::stored_literal_fault("character varying(3)", "äöü   ", world));
  CHECK_FALSE(sql::stored_literal_fault("character(2)", "", world));
  CHECK_FALSE(sql::stored_literal_fault("text", "a long text", world));
  CHECK(sql::stored_literal_fault("character varying(3)", "abcd", world).message ==
        "this value has 4 characters, and `character varying(3)` takes 3");
}

TEST_CASE("the value of a plain string literal") {
  CHECK(sql::string_literal("'it''s'") == "it's");
  CHECK(sql::string_literal("''") == "");
  CHECK_FALSE(sql::string_literal("'a' || 'b'").has_value());
  CHECK_FALSE(sql::string_literal("$$a$$").has_value());
  CHECK_FALSE(sql::string_literal("'").has_value());
}
