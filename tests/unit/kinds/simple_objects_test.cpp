// SPDX-License-Identifier: Apache-2.0
// Schemas, extensions, enums, domains, sequences, statistics, publications: their SQL forward and back, their mistakes.
#include "tests/unit/kinds/specs.h"

#include <catch2/catch.hpp>

using namespace godwit;
using tests::key;
using tests::Specs;
using Codes = std::vector<std::string>;

TEST_CASE("a schema") {
  Specs specs;
  specs.then("schema app { comment 'All of it'; grant usage to reader; }");
  REQUIRE(specs.findings() == Codes{});
  const ObjectKey app = key(Kind::schema, "", "app");
  CHECK(specs.created(app) == "create schema app");
  CHECK(specs.dropped(app) == "drop schema app");
  CHECK(specs.created(satellite_of(Kind::comment, app)) == "comment on schema app is 'All of it'");
  CHECK(specs.dropped(satellite_of(Kind::comment, app)) == "comment on schema app is null");
  CHECK(specs.created(satellite_of(Kind::grant, app, "reader")) == "grant usage on schema app to reader");
  CHECK(Specs().then("schema pg_mine; schema godwit;").codes() == Codes{"GW1208", "GW1208"});
  CHECK(Specs().then("schema app; schema app;").codes() == Codes{"GW1201"});
}

TEST_CASE("schema public is there without being made") {
  Specs specs;
  specs.then("schema public { comment 'Open'; }");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(key(Kind::schema, "", "public")) == "nothing");
  CHECK(specs.created(satellite_of(Kind::comment, key(Kind::schema, "", "public"))) ==
        "comment on schema public is 'Open'");
}

TEST_CASE("an extension") {
  Specs specs;
  specs.then("schema ext; extension citext schema ext version '1.6';");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(key(Kind::extension, "", "citext")) == "create extension citext schema ext version '1.6'");
  CHECK(specs.dropped(key(Kind::extension, "", "citext")) == "drop extension citext");
  specs.then("extension citext;");
  CHECK(specs.findings() == Codes{});
  specs.then("extension citext version '1.7';");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.altered(key(Kind::extension, "", "citext")) == "alter extension citext update to '1.7'");
}

TEST_CASE("an enum") {
  Specs specs;
  specs.then("enum channel ('email', 'it''s');");
  REQUIRE(specs.findings() == Codes{});
  const ObjectKey channel = key(Kind::enum_type, "public", "channel");
  CHECK(specs.created(channel) == "create type public.channel as enum ('email', 'it''s')");
  CHECK(specs.dropped(channel) == "drop type public.channel");
  specs.then("enum channel ('email', 'it''s');");
  CHECK(specs.findings() == Codes{});
  CHECK(Specs(specs).then("enum channel ('email', 'it''s', 'more');").codes().empty());
  CHECK(Specs(specs).then("enum channel ('email');").codes() == Codes{"GW2010"});
  CHECK(Specs().then("enum e ('a', 'a');").codes() == Codes{"GW1201"});
  CHECK(Specs().then("table e { id int; } enum e ('a');").codes() == Codes{"GW1201"});
}

TEST_CASE("a domain") {
  const ObjectKey email = key(Kind::domain, "public", "email");
  Specs specs;
  specs.then(
      "domain email varchar(40) default 'a@b' not null check (value ~ '@') constraint short check (length(value) < "
      "30);");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(email) ==
        "create domain public.email as character varying(40) default 'a@b' not null\n"
        "    constraint email_check check (value ~ '@')\n"
        "    constraint short check (length(value) < 30)");
  specs.then("domain email varchar(40) check (value ~ '@') constraint short check (length(value) < 20);");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.altered(email) ==
        "alter domain public.email drop default;\n"
        "alter domain public.email drop constraint short;\n"
        "alter domain public.email drop not null;\n"
        "alter domain public.email add constraint short check (length(value) < 20)");
  CHECK(specs.altered_back(email) ==
        "alter domain public.email set default 'a@b';\n"
        "alter domain public.email drop constraint short;\n"
        "alter domain public.email set not null;\n"
        "alter domain public.email add constraint short check (length(value) < 30)");
  CHECK(Specs().then("domain d text check (value in (select 'a'));").codes() == Codes{"GW2007"});
  CHECK(Specs().then("domain d txt;").codes() == Codes{"GW1401"});
}

TEST_CASE("a domain over an enum that stands further below") {
  Specs specs;
  specs.then("domain d channel; enum channel ('a');");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(key(Kind::domain, "public", "d")) == "create domain public.d as public.channel");
}

TEST_CASE("a sequence") {
  const ObjectKey numbers = key(Kind::sequence, "public", "numbers");
  Specs specs;
  specs.then("sequence numbers start 1000 cache 10;");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(numbers) == "create sequence public.numbers start with 1000 cache 10");
  CHECK(specs.dropped(numbers) == "drop sequence public.numbers");
  specs.then("sequence numbers as integer increment -1;");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.altered(numbers) ==
        "alter sequence public.numbers as integer increment by -1 minvalue -2147483648 maxvalue -1 start with -1 cache "
        "1");
  CHECK(Specs().then("sequence s start 5 maxvalue 3;").codes() == Codes{"GW1402"});
  CHECK(Specs().then("sequence s increment 0;").codes() == Codes{"GW1402"});
  CHECK(Specs().then("sequence s; view s as select 1 as a;").codes() == Codes{"GW1201"});
}

TEST_CASE("statistics") {
  Specs specs;
  specs.then("table t { a int; b int; statistics t_stats (dependencies) on a, b; }");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(key(Kind::statistics, "public", "t_stats")) ==
        "create statistics public.t_stats (dependencies) on a, b from public.t");
  CHECK(specs.dropped(key(Kind::statistics, "public", "t_stats")) == "drop statistics public.t_stats");
  CHECK(Specs().then("table t { a int; statistics s on a, lost; }").codes() == Codes{"GW1204"});
}

TEST_CASE("a publication and its tables") {
  const ObjectKey feed = key(Kind::publication, "", "feed");
  Specs specs;
  specs.then(
      "table t { id int primary key; name text; } table u { id int; }\n"
      "publication feed for table t (id, name) where (id > 0), u with (publish = 'insert');");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(feed) == "create publication feed with (publish = 'insert')");
  CHECK(specs.created(key(Kind::publication_table, "", "feed", "public.t")) ==
        "alter publication feed add table public.t (id, name) where (id > 0)");
  specs.then("publication feed for table t;");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.altered(feed) == "alter publication feed set (publish = 'insert, update, delete, truncate')");
  CHECK(specs.altered_back(feed) == "alter publication feed set (publish = 'insert')");
  CHECK(specs.altered(key(Kind::publication_table, "", "feed", "public.t")) ==
        "alter publication feed drop table public.t;\nalter publication feed add table public.t");
  CHECK(specs.created(key(Kind::publication_table, "", "feed", "public.u")) == "nothing");
  CHECK(Specs().then("table t { id int; } publication p for table t (id);", 14).codes() == Codes{"GW1403"});
  CHECK(Specs().then("publication p for table lost;").codes() == Codes{"GW1203"});
}

TEST_CASE("another expression of a generated column") {
  const ObjectKey area = key(Kind::column, "public", "t", "area");
  const auto generated = [](const std::string& expression, const std::string& rest = "stored") {
    return "table t { id int primary key; width int; area int generated always as (" + expression + ") " + rest + "; }";
  };
  Specs specs;
  specs.then(generated("width * 2"), 17).then(generated("width * 3"), 17);
  REQUIRE(specs.codes().empty());
  CHECK(specs.altered(area) == "alter table public.t alter column area set expression as (width * 3)");
  CHECK(specs.altered_back(area) == "alter table public.t alter column area set expression as (width * 2)");
  CHECK(Specs().then(generated("width * 2"), 16).then(generated("width * 3"), 16).codes() == Codes{"GW1403"});
  CHECK(Specs().then(generated("width * 2"), 18).then(generated("width * 2", "virtual"), 18).codes() ==
        Codes{"GW2005"});
  CHECK(Specs()
            .then(generated("width * 2"), 17)
            .then("alter table t { unique (area); }", 17)
            .then("alter table t { area int generated always as (width) stored; }", 17)
            .codes() == Codes{"GW2005"});
  Specs virtual_column;
  virtual_column.then(generated("width * 2", "virtual"), 18).then(generated("width", "virtual"), 18);
  REQUIRE(virtual_column.codes().empty());
  CHECK(virtual_column.altered(area) == "alter table public.t alter column area set expression as (width)");
}
