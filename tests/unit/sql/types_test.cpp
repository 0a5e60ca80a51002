// SPDX-License-Identifier: Apache-2.0
#include "test_world.h"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace godwit;
using tests::contacts_world;
using tests::problems;

TEST_CASE("types are spelled as format_type prints them") {
  const auto world = contacts_world();
  const std::vector<std::pair<std::string, std::string>> table{
      {"int", "integer"},
      {"INT4", "integer"},
      {"int8", "bigint"},
      {"smallint", "smallint"},
      {"bool", "boolean"},
      {"text", "text"},
      {"uuid", "uuid"},
      {"varchar", "character varying"},
      {"varchar(12)", "character varying(12)"},
      {"character  varying ( 12 )", "character varying(12)"},
      {"national character varying(3)", "character varying(3)"},
      {"char", "character(1)"},
      {"char(3)", "character(3)"},
      {"bpchar", "bpchar"},
      {"\"char\"", "\"char\""},
      {"bit", "bit(1)"},
      {"bit varying(3)", "bit varying(3)"},
      {"numeric", "numeric"},
      {"numeric (5, 2)", "numeric(5,2)"},
      {"decimal(5)", "numeric(5,0)"},
      {"numeric(5,-2)", "numeric(5,-2)"},
      {"float", "double precision"},
      {"float(10)", "real"},
      {"double precision", "double precision"},
      {"timestamp", "timestamp without time zone"},
      {"timestamptz", "timestamp with time zone"},
      {"timestamptz(3)", "timestamp(3) with time zone"},
      {"timestamp(3)", "timestamp(3) without time zone"},
      {"timestamp (3) with time zone", "timestamp(3) with time zone"},
      {"time", "time without time zone"},
      {"time with time zone", "time with time zone"},
      {"interval", "interval"},
      {"interval(3)", "interval(3)"},
      {"interval day to second(3)", "interval day to second(3)"},
      {"interval year to month", "interval year to month"},
      {"text[]", "text[]"},
      {"text[3][]", "text[]"},
      {"text array", "text[]"},
      {"_text", "text[]"},
      {"varchar(3)[]", "character varying(3)[]"},
      {"pg_catalog.int8", "bigint"},
      {"\"text\"", "text"},
      {"int4range", "int4range"},
      {"record", "record"},
      {"trigger", "trigger"},
      {"void", "void"},
      {"regclass", "regclass"},
      {"channel", "app.channel"},
      {"app.channel[]", "app.channel[]"},
      {"email", "app.email"},
      {"contacts", "app.contacts"},
      {"/* a */ int -- b", "integer"},
  };
  for (const auto& [text, expected] : table) {
    INFO(text);
    const auto analysis = sql::analyze_type(text, world);
    CHECK(problems(analysis.problems, text).empty());
    CHECK(analysis.type.text == expected);
    CHECK(analysis.type.declared.has_value() == (expected.starts_with("app.")));
    CHECK_FALSE(analysis.is_serial);
  }
}

TEST_CASE("serial types are integers with a sequence") {
  const auto world = contacts_world();
  for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
           {"serial", "integer"}, {"BIGSERIAL", "bigint"}, {"smallserial", "smallint"}, {"serial8", "bigint"}}) {
    const auto analysis = sql::analyze_type(text, world);
    CHECK(analysis.type.text == expected);
    CHECK(analysis.is_serial);
  }
}

TEST_CASE("a type that PostgreSQL does not take is a problem at its name") {
  const auto world = contacts_world();
  const std::vector<std::pair<std::string, std::string>> table{
      {"txet", "GW1401 txet: type `txet` is not declared [`text` is a type with a similar name]"},
      {"app.chanel",
       "GW1401 app.chanel: type `app.chanel` is not declared [`app.channel` is a type with a similar name]"},
      {"nosuch.t", "GW1202 nosuch: schema `nosuch` is not declared"},
      {"varchar(0)", "GW1402 varchar: the length of type `character varying` must be from 1 to 10485760"},
      {"numeric(1001)", "GW1402 numeric: the precision of type `numeric` must be from 1 to 1000"},
      {"text(5)", "GW1402 text: type `text` takes no modifier"},
      {"numeric(a)", "GW1402 numeric: modifiers of type `numeric` must be numbers"},
      {"float(60)", "GW4001 60: precision for type float must be less than 54 bits"},
      {"varchar(12", "GW4001 : syntax error at end of input"},
      {"", "GW4001 : syntax error at end of input"},
      {"text, 1", "GW4001 text: a type is expected"},
      {"int + 1", "GW4001 int: a type is expected"},
      {"text collate \"C\"", "GW4001 text: a type is expected"},
      {"text as x", "GW4001 text: a type is expected"},
      {"text; drop table x", "GW4001 ;: syntax error at or near `;`"},
  };
  for (const auto& [text, expected] : table) {
    INFO(text);
    CHECK(problems(sql::analyze_type(text, world).problems, text) == expected);
  }
}

TEST_CASE("with extensions a type may be theirs") {
  auto world = contacts_world();
  world.extensions = true;
  const auto analysis = sql::analyze_type("extensions.geometry(point,4326)[]", world);
  CHECK(analysis.problems.empty());
  CHECK(analysis.type.text == "extensions.geometry(point,4326)[]");
  CHECK_FALSE(analysis.type.declared.has_value());
}
