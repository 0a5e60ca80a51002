// SPDX-License-Identifier: Apache-2.0
// A backfill that is kept in step: old and new versions of an application write side by side until finalize.
#include "tests/db/data/applied.h"

#include <catch2/catch.hpp>

namespace {

using namespace godwit;
using namespace godwit::test;

constexpr const char* people = "schema app; table app.people { id integer primary key; given text; family text; }";
constexpr const char* named =
    "alter table app.people { name text not null; }\n"
    "backfill app.people {\n"
    "    set name = concat_ws(' ', given, family);\n"
    "    keep in step;\n"
    "    reverse set given = split_part(name, ' ', 1), family = split_part(name, ' ', 2);\n"
    "}";
constexpr const char* three = "insert into app.people values (1, 'Ann', 'Lee'), (2, 'Bo', 'Day'), (3, 'Cy', 'Fox')";

std::string conflicts(Applied& it) {
  return it.server.text(
      "select coalesce(string_agg(concat_ws(' ', step, key ->> 'id', row_data ->> 'given', row_data ->> 'name'), '; ' "
      "order by key), '') from godwit_kept.conflict");
}

/// Nothing is left that writes or could write.
void check_gone(Applied& it) {
  CHECK(it.server.text("select count(*) from pg_trigger where tgname ~ 'gw_'") == "0");
  CHECK(it.server.text("select count(*) from pg_proc where pronamespace::regnamespace::text = 'godwit_kept'") == "0");
}

}  // namespace

TEST_CASE("in step: whichever side of a row is written, the other one follows") {
  Applied it(people, named, three);
  it.server.run(
      "update app.people set family = 'May' where id = 1;"
      "update app.people set name = 'Bob Dow' where id = 2;"
      "insert into app.people (id, given, family) values (4, 'Di', 'Elm');"
      "insert into app.people (id, name) values (5, 'Ed Gray');"
      "insert into app.people (id, given, family, name) values (6, 'Flo', 'Hill', 'Flo Hill');"
      "update app.people set given = 'C', name = 'C Fox' where id = 3");
  CHECK(it.rows("app.people") ==
        "1 Ann May Ann May | 2 Bob Dow Bob Dow | 3 C Fox C Fox | 4 Di Elm Di Elm | 5 Ed Gray Ed Gray | "
        "6 Flo Hill Flo Hill");
  CHECK(conflicts(it) == "");
  SECTION("a rollback moves nothing") {
    const std::string untouched = "select string_agg(xmin::text, ' ' order by id) from app.people";
    const std::string before = it.server.text(untouched);
    it.down();
    CHECK(it.rows("app.people") == "1 Ann May | 2 Bob Dow | 3 C Fox | 4 Di Elm | 5 Ed Gray | 6 Flo Hill");
    CHECK(it.server.text(untouched) == before);
    CHECK(it.residue() == "");
    CHECK(it.server.text("select to_regnamespace('godwit_kept') is null") == "t");
    check_gone(it);
  }
  SECTION("finalize ends it, and leaves nothing behind") {
    it.finalize();
    it.server.run("update app.people set given = 'Z' where id = 1");
    CHECK(it.rows("app.people").starts_with("1 Z May Ann May | "));
    CHECK(it.server.text("select to_regnamespace('godwit_kept') is null") == "t");
    check_gone(it);
  }
}

TEST_CASE("in step: where both sides are written and disagree, the new one wins, and what lost is kept") {
  Applied it(people, named, three);
  it.server.run(
      "update app.people set given = 'Old', name = 'New Lee' where id = 1;"
      "insert into app.people values (4, 'Old', 'Elm', 'New Elm')");
  CHECK(it.rows("app.people") == "1 New Lee New Lee | 2 Bo Day Bo Day | 3 Cy Fox Cy Fox | 4 New Elm New Elm");
  const std::string lost = "backfill app.people (name) 1 Old New Lee; backfill app.people (name) 4 Old New Elm";
  CHECK(conflicts(it) == lost);
  SECTION("rollback") { it.down(); }
  SECTION("finalize") { it.finalize(); }
  CHECK(conflicts(it) == lost);
  CHECK(it.server.notices().find("backfill app.people (name): 2 rows had both sides written at once: what lost is in "
                                 "godwit_kept.conflict") != std::string::npos);
}

TEST_CASE(
    "in step: what the old shape cannot hold is residue, and what an application wrote there stays letter by letter") {
  Applied it(people, named, three);
  it.server.run(
      "update app.people set name = 'Mary Ann Lee' where id = 1; update app.people set given = ' B ' where id = 2");
  CHECK(it.rows("app.people") == "1 Mary Ann Mary Ann Lee | 2  B  Day  B  Day | 3 Cy Fox Cy Fox");
  it.down();
  CHECK(it.rows("app.people") == "1 Mary Ann | 2  B  Day | 3 Cy Fox");
  CHECK(it.residue() == "1 changed since");
}

TEST_CASE("in step: triggers of users see derived values, and what they make of a side goes over") {
  Applied it(
      "schema app; table app.people { id integer primary key; mail text; seen text; }\n"
      "function app.tidy() returns trigger language plpgsql as $$ begin\n"
      "  new.mail := lower(new.mail); new.seen := to_jsonb(new) ->> 'contact'; return new; end $$;\n"
      "alter table app.people { trigger tidy before insert or update for each row execute function app.tidy(); }",
      "alter table app.people { contact text; backup text; }\n"
      "backfill app.people { set contact = mail; keep in step; }\n"
      "backfill app.people { set backup = seen; keep in step; reverse none; }",
      "insert into app.people values (1, 'A@X', null)");
  it.server.run(
      "update app.people set mail = 'B@X'; insert into app.people (id, contact) values (2, 'C@Y'); "
      "insert into app.people (id, mail) values (3, 'D@Z')");
  CHECK(it.rows("app.people") == "1 b@x B@X b@x B@X | 2 c@y C@Y c@y C@Y | 3 d@z D@Z d@z D@Z");
  CHECK(conflicts(it) == "");
  it.down();
  CHECK(it.rows("app.people") == "1 b@x B@X | 2 c@y C@Y | 3 d@z D@Z");
  check_gone(it);
}

TEST_CASE("in step: rows that `where` leaves out, and rows that it concerns no more") {
  Applied it("schema app; table app.t { id integer primary key; kind text; a text; }",
             "alter table app.t { b text; }\n"
             "backfill app.t { set b = upper(a); where kind = 'x'; keep in step; reverse set a = lower(b); }",
             "insert into app.t values (1, 'x', 'one'), (2, 'y', 'two')");
  it.server.run("update app.t set a = 'due' where id = 2; insert into app.t values (3, 'y', 'three')");
  CHECK(it.rows("app.t") == "1 x one ONE | 2 y due null | 3 y three null");
  it.server.run(
      "update app.t set kind = 'x' where id = 2; update app.t set kind = 'y' where id = 1; "
      "update app.t set b = 'NEW' where id = 3");
  CHECK(it.rows("app.t") == "1 y one null | 2 x due DUE | 3 y new NEW");
  it.down();
  CHECK(it.rows("app.t") == "1 y one | 2 x due | 3 y new");
  CHECK(it.residue() == "3 changed since");
}

TEST_CASE("in step: names that need quotes, generated columns, and roles without rights on what godwit keeps") {
  const std::string long_name(60, 'x');
  Applied it("schema app; table app.\"it's a \"\"T\"\" " + std::string(40, 't') +
                 "\" { id integer primary key; \"a b\" text not null default '-'; half text generated always as "
                 "(left(\"a b\", 1)) stored; }",
             "alter table app.\"it's a \"\"T\"\" " + std::string(40, 't') + "\" { \"" + long_name +
                 "\" text; }\nbackfill app.\"it's a \"\"T\"\" " + std::string(40, 't') + "\" { set \"" + long_name +
                 "\" = \"a b\"; keep in step; }",
             {});
  const std::string table = "app.\"it's a \"\"T\"\" " + std::string(40, 't') + '"';
  it.server.run(
      "drop role if exists in_step_writer; create role in_step_writer; grant usage on schema app to in_step_writer; "
      "grant all on " +
      table + " to in_step_writer");
  it.server.run("set role in_step_writer; insert into " + table + " (id, \"" + long_name + "\") values (1, 'new');" +
                "insert into " + table + " (id, \"a b\") values (2, 'old'); update " + table +
                " set \"a b\" = 'x', \"" + long_name + "\" = 'y' where id = 1; insert into " + table +
                " (id) values (3); reset role");
  CHECK(it.rows(table) == "1 y y y | 2 old o old | 3 - - -");
  CHECK(it.server.text("select count(*) from godwit_kept.conflict") == "1");
  it.down();
  CHECK(it.rows(table) == "1 y y | 2 old o | 3 - -");
  it.server.run("drop owned by in_step_writer; drop role in_step_writer");
}

TEST_CASE("in step: a later migration that changes the table waits for finalize") {
  Server server;
  server.run("drop schema if exists app cascade; drop schema if exists godwit cascade");
  const Compilation compiled =
      compile({{{"1_before.gw", people}, {"2_after.gw", named}, {"3_late.gw", "drop column app.people.given;"}}, {}});
  REQUIRE(compiled.ok);
  const auto& all = compiled.migrations;
  server.run(all[0].up_sql);
  server.run(all[1].up_sql);
  CHECK(server.error(all[2].up_sql).find("migration 2_after keeps app.people in step until it is final") !=
        std::string::npos);
  server.run(all[1].finalize_sql);
  server.run(all[2].up_sql);
  server.run("insert into app.people (id, name) values (1, 'Own')");
  CHECK(server.text("select name from app.people") == "Own");
}
