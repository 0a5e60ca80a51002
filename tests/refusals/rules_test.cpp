// SPDX-License-Identifier: Apache-2.0
// The rules about types may only refuse what the server refuses: whatever they refuse, of all pairs of these types, is
// put to it.
#include "compiler/sql/literals.h"
#include "compiler/sql/type_rules.h"
#include "tests/db/data/server.h"
#include "tests/unit/sql/test_world.h"

#include <fmt/core.h>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace {

using namespace godwit;

const std::vector<std::string> types{"smallint",    "integer",
                                     "bigint",      "numeric(10,2)",
                                     "real",        "double precision",
                                     "text",        "character",
                                     "boolean",     "date",
                                     "uuid",        "timestamp with time zone",
                                     "interval",    "jsonb",
                                     "bytea",       "integer[]",
                                     "text[]",      "character varying(10)",
                                     "money",       "int4range",
                                     "oid",         "app.channel",
                                     "app.small",   "app.email",
                                     "inet",        "point",
                                     "tsquery",     "tsvector",
                                     "bit varying", "time without time zone",
                                     "numeric",     "json",
                                     "bigint[]",    "timestamp without time zone",
                                     "jsonb[]"};

const std::vector<std::string> operators{"=",  "<", ">=", "+",  "-",  "*",  "/",   "%", "||", "->", "->>", "@>",
                                         "&&", "~", "~~", "@@", "<<", "#>", "<->", "^", "?",  "&",  "|",   "-|-"};

std::string value(const std::string& type) { return "(select null::" + type + ")"; }

/// Statements that the rules refuse and the server takes, one a line.
class Candidates {
 public:
  Candidates() {
    server_.run("drop schema if exists app cascade; create schema app");
    server_.run("create type app.channel as enum ('a', 'b'); create domain app.email as text");
    server_.run("create domain app.small as integer; create table app.candidates (statement text)");
    server_.run(
        "create function app.takes(statement text) returns boolean language plpgsql as "
        "$$ begin execute statement; return true; exception when others then return false; end $$");
    REQUIRE(server_.text("select app.takes('explain select 1 + 1')") == "t");
  }

  void add(const std::string& statement) {
    rows_ += (rows_.empty() ? "($q$" : ", ($q$") + statement + "$q$)";
    ++count_;
  }

  std::string taken() {
    server_.run("insert into app.candidates values " + rows_);
    return server_.text(
        "select coalesce(string_agg(statement, E'\\n'), '') from app.candidates "
        "where app.takes(statement)");
  }

  std::size_t count() const { return count_; }

 private:
  test::Server server_;
  std::string rows_;
  std::size_t count_ = 0;
};

tests::TestWorld world() {
  tests::TestWorld world;
  world.enumeration("app", "channel", {"a", "b"});
  world.type("app", "email", Kind::domain, "text");
  world.type("app", "small", Kind::domain, "integer");
  return world;
}

}  // namespace

TEST_CASE("the server has no operator that the rules deny") {
  const auto catalog = world();
  Candidates candidates;
  for (const std::string& name : operators) {
    for (const std::string& right : types) {
      for (const std::string& left : types) {
        if (sql::operator_fits(name, left, right, catalog).fits) continue;
        candidates.add(fmt::format("explain select {} {} {}", value(left), name, value(right)));
      }
      if (!sql::operator_fits(name, "none", right, catalog).fits)
        candidates.add(fmt::format("explain select {} {}", name, value(right)));
    }
  }
  CHECK(candidates.taken() == "");
  CHECK(candidates.count() > 10000);
}

TEST_CASE("the server has no conversion that the rules deny") {
  const auto catalog = world();
  Candidates candidates;
  for (const std::string& from : types) {
    for (const std::string& to : types) {
      if (!sql::castable(from, to, catalog)) candidates.add(fmt::format("explain select {}::{}", value(from), to));
      if (!sql::storable(from, to, catalog))
        candidates.add(
            fmt::format("create temp table t (a {}); insert into t select {}; drop table t", to, value(from)));
      if (!sql::unitable(from, to, catalog)) {
        candidates.add(fmt::format("explain select {} union select {}", value(from), value(to)));
        candidates.add(fmt::format("explain select coalesce({}, {})", value(from), value(to)));
      }
    }
    if (sql::is_no_condition(from, catalog)) candidates.add(fmt::format("explain select 1 where {}", value(from)));
  }
  CHECK(candidates.taken() == "");
  CHECK(candidates.count() > 1000);
}

TEST_CASE("the server reads no literal that the rules deny") {
  const auto catalog = world();
  const std::vector<std::string> literals{"",
                                          " ",
                                          "0",
                                          " 7 ",
                                          "-1",
                                          "+5",
                                          "- 5",
                                          "1.5",
                                          ".5",
                                          "5.",
                                          "1e3",
                                          "1E-3",
                                          "1e",
                                          "0x1F",
                                          "0b11",
                                          "0o7",
                                          "1_000",
                                          "99999",
                                          "9999999999",
                                          "99999999999999999999",
                                          "NaN",
                                          "nan",
                                          "inf",
                                          "-inf",
                                          "+infinity",
                                          "Infinity",
                                          "infinit",
                                          "t",
                                          "tr",
                                          "TRUE",
                                          "f",
                                          "n",
                                          "y",
                                          "ye",
                                          "o",
                                          "of",
                                          "ON",
                                          "off",
                                          "1 ",
                                          "00",
                                          "01",
                                          "x",
                                          "a",
                                          "null",
                                          "NULL",
                                          "now",
                                          "today",
                                          "TOMORROW",
                                          "yesterday ",
                                          "epoch",
                                          "allballs",
                                          "noon",
                                          "2020-01-01",
                                          "20200101",
                                          "January 8, 1999",
                                          "1/8/1999",
                                          "J2451187",
                                          "8 Jan BC",
                                          "2020-01-01 10:00+02",
                                          "10:00",
                                          "10:00 PM",
                                          "1 day",
                                          "P1Y",
                                          "1",
                                          "day",
                                          "-1 days +02:03",
                                          "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                                          "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
                                          "a0eebc999c0b4ef8bb6d6bb9bd380a11",
                                          "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
                                          "{}",
                                          "[]",
                                          "{1,2}",
                                          " {1,2} ",
                                          "[0:1]={1,2}",
                                          "{\"a\": 1}",
                                          "{\"a\": 1,}",
                                          "\"x\"",
                                          "[1, 2.50e+3]",
                                          "-0",
                                          "tru",
                                          "true",
                                          "{\"a\": \"\\u00e4\"}",
                                          "{\"a\": 1, \"a\": 2}",
                                          "\t1\n",
                                          "empty",
                                          "[1,2)",
                                          "(,)",
                                          "10.0.0.1",
                                          "(1,2)",
                                          "1,2",
                                          "\\x00",
                                          "$1.50",
                                          "1,000",
                                          "101",
                                          "abc",
                                          "A",
                                          "b ",
                                          "fat & rat",
                                          "2147483648",
                                          "-2147483648",
                                          "32768",
                                          "9223372036854775808"};
  Candidates candidates;
  for (const std::string& type : types) {
    for (const std::string& literal : literals) {
      if (sql::literal_fault(type, literal, catalog)) candidates.add(fmt::format("select $l${}$l$::{}", literal, type));
    }
  }
  CHECK(candidates.taken() == "");
  CHECK(candidates.count() > 500);
}
