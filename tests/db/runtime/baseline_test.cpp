// SPDX-License-Identifier: Apache-2.0
// A baseline on an empty database, on one that matches it, and on one that does not.
#include "support.h"

#include "base/identifier.h"

#include <catch2/catch.hpp>

using namespace godwit;
using namespace godwit::test;

namespace {

Migration baseline() {
  Sketch sketch = table_sketch("m0", "a");
  sketch.baseline = true;
  sketch.up.push_back({"the rest",
                       "specs/m0.gw:9",
                       {},
                       "create type app_a.stage as enum ('won', 'lost');\n"
                       "create view app_a.v as select id, note from app_a.a;\n"
                       "grant select on app_a.v to public;\n"
                       "comment on table app_a.a is 'the a''s';\n"
                       "create publication feed for table app_a.a;"});
  sketch.down.insert(sketch.down.begin(),
                     {"the rest", "", {}, "drop publication feed; drop view app_a.v; drop type app_a.stage;"});
  return compiled(sketch);
}

constexpr const char* by_hand =
    "create schema app_a; create table app_a.a (id integer primary key, note text default 'x');"
    "create type app_a.stage as enum ('won', 'lost'); create view app_a.v as select id, note from app_a.a;"
    "grant select on app_a.v to public; comment on table app_a.a is 'the a''s'; create publication feed for table "
    "app_a.a;";

std::string scratch_databases(const Database& database) {
  return database.value("select count(*) from pg_database where datname like 'godwit_scratch%'");
}

}  // namespace

TEST_CASE("a baseline is created on an empty database and can be rolled back there") {
  const Database database;
  const std::string before = database.dump();
  CHECK(summary(apply(database.connection(), {baseline()}, {}, {})) == "m0 applied");
  CHECK(summary(rollback(database.connection(), {}, {})) == "m0 rolled back");
  CHECK(database.dump() == before);
}

TEST_CASE("a baseline is created beside objects of other schemas") {
  const Database database;
  database.exec("create schema other; create table other.t (id integer);");
  CHECK(summary(apply(database.connection(), {baseline()}, {}, {})) == "m0 applied");
  CHECK(scratch_databases(database) == "0");
}

TEST_CASE("scratch databases of dead runs are dropped, those of runs at work are left alone") {
  const Database database;
  database.exec(by_hand);
  Session at_work = open(database, "deploy control");
  Session idle = open(database, "an application");
  const std::string alive = "godwit_scratch_" + std::to_string(at_work.backend_pid()) + "_0badcafe";
  const std::string dead = "godwit_scratch_" + std::to_string(idle.backend_pid()) + "_0badcafe";
  for (const std::string& name : {alive, dead, std::string("godwit_scratch_of_mine")}) {
    REQUIRE(idle.exec("create database " + name + ";"));
  }
  Recorder recorder;
  CHECK(summary(apply(database.connection(), {baseline()}, {}, recorder.observer())) == "m0 adopted");
  CHECK(recorder.saw("notice", "dropped " + dead));
  CHECK(database.value("select string_agg(datname, ' ' order by datname) from pg_database "
                       "where datname like 'godwit_scratch%'") == alive + " godwit_scratch_of_mine");
  for (const std::string& name : {alive, std::string("godwit_scratch_of_mine")}) {
    REQUIRE(idle.exec("drop database " + name + ";"));
  }
}

TEST_CASE("a database that matches the baseline is adopted") {
  const Database database;
  database.exec(by_hand);
  database.exec("insert into app_a.a values (1); create schema other; create table other.t (id integer);");
  const std::string before = database.dump();
  const std::vector<Migration> migrations = {baseline(), compiled(table_sketch("m1", "b"))};
  const auto adopted = apply(database.connection(), migrations, {}, {});
  if (error_of(adopted) != nullptr) FAIL(error_of(adopted)->detail);
  CHECK(summary(adopted) == "m0 adopted, m1 applied");
  CHECK(scratch_databases(database) == "0");
  CHECK(database.value("select string_agg(id || ' ' || state, ', ' order by id) from godwit.migration") ==
        "m0 adopted, m1 applied");
  CHECK(database.value("select what from godwit.event order by id limit 1") == "adopted");
  CHECK(database.value("select count(*) from app_a.a") == "1");
  CHECK(summary(apply(database.connection(), migrations, {}, {})) == "m0 already applied, m1 already applied");
  CHECK(summary(rollback(database.connection(), {}, {})) == "m1 rolled back");
  CHECK(database.dump() == before);
  const auto outcome = rollback(database.connection(), {}, {});
  REQUIRE(error_of(outcome) != nullptr);
  CHECK(error_of(outcome)->code == "GW5022");
}

TEST_CASE("a database that differs from the baseline is refused with the difference, and not touched") {
  const Database database;
  database.exec(by_hand);
  database.exec(
      "drop view app_a.v; alter table app_a.a alter note type varchar(20);"
      "create view app_a.v as select id, note from app_a.a; grant select on app_a.v to public; create index a_note on "
      "app_a.a (note);"
      "alter type app_a.stage add value 'open'; comment on table app_a.a is null;");
  const auto outcome = apply(database.connection(), {baseline()}, {}, {});
  REQUIRE(error_of(outcome) != nullptr);
  const RuntimeError& error = *error_of(outcome);
  CHECK(error.code == "GW5013");
  CHECK(error.kind == RuntimeError::Kind::refused);
  CHECK(error.migration == "m0");
  CAPTURE(error.detail);
  CHECK(error.detail.find(
            "~ column app_a.a.note differs: baseline `text default 'x'::text`, database `character varying(20) ") !=
        std::string::npos);
  CHECK(error.detail.find("+ index app_a.a_note is only in the database") != std::string::npos);
  CHECK(error.detail.find("~ enum app_a.stage differs: baseline `'won', 'lost'`, database `'won', 'lost', 'open'`") !=
        std::string::npos);
  CHECK(error.detail.find("- comment table app_a.a is missing in the database") != std::string::npos);
  CHECK(database.value("select to_regnamespace('godwit') is null") == "t");
  CHECK(scratch_databases(database) == "0");
}

TEST_CASE("a user that may not create databases gets the comparison on a server of its own") {
  const Database database;
  const std::string role = "r_" + database.name();
  database.exec("create role " + role + " login; grant create on database " + database.name() + " to " + role + ";");
  database.exec("set role " + role + "; " +
                std::string(by_hand).substr(0, std::string(by_hand).find("create publication")));
  Sketch sketch = table_sketch("m0", "a");
  sketch.baseline = true;
  sketch.up.push_back({"the rest",
                       "",
                       {},
                       "create type app_a.stage as enum ('won', 'lost');\n"
                       "create view app_a.v as select id, note from app_a.a;\n"
                       "grant select on app_a.v to public;\ncomment on table app_a.a is 'the a''s';"});
  const std::string connection = database.connection() + " user=" + role;
  CHECK(summary(apply(connection, {compiled(sketch)}, {}, {})) == "m0 adopted");
  database.exec("drop schema godwit cascade; drop owned by " + role + "; drop role " + role + ";");
}

TEST_CASE("a scratch database is dropped when the baseline cannot be built") {
  const Database database;
  database.exec(by_hand);
  Sketch sketch = table_sketch("m0", "a");
  sketch.baseline = true;
  sketch.up.push_back({"broken", "specs/m0.gw:5", {}, "select 1 / 0;"});
  const auto outcome = apply(database.connection(), {compiled(sketch)}, {}, {});
  REQUIRE(error_of(outcome) != nullptr);
  CHECK(error_of(outcome)->place == "specs/m0.gw:5");
  CHECK(scratch_databases(database) == "0");
}
