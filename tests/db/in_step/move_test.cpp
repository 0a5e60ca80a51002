// SPDX-License-Identifier: Apache-2.0
// A move that is kept in step: two tables that follow each other until finalize.
#include "tests/db/data/applied.h"

#include <catch2/catch.hpp>

namespace {

using namespace godwit;
using namespace godwit::test;

constexpr const char* users =
    "schema app; table app.users { id integer primary key; given text; family text not null; born date; }";
constexpr const char* people =
    "table app.people { id integer primary key; name text not null; birth date; note text not null default ''; }\n"
    "move app.users -> app.people {\n"
    "    set id = id, name = concat_ws(' ', given, family), birth = born;\n"
    "    keep in step;\n"
    "    reverse set given = split_part(name, ' ', 1), family = split_part(name, ' ', 2);\n"
    "}";
constexpr const char* three =
    "insert into app.users values (1, 'Ann', 'Lee', '2000-01-02'), (2, 'Bo', 'Day', null), (3, ' Cy', 'Fox', null)";

constexpr const char* accounts =
    "schema app; table app.users { id integer primary key; email text not null; token text; phone text; }";
constexpr const char* links =
    "table app.links { id integer generated always as identity primary key; user_id integer not null references "
    "app.users on delete cascade; kind text not null; account text not null; token text; active boolean not null "
    "default true; unique (user_id, kind, account); }\n"
    "move app.users u -> app.links named mail { where token is not null; set user_id = id, kind = 'mail', account = "
    "u.email, token = token; key (user_id, kind, account); keep in step; reverse set token = case when active then "
    "token end; }\n"
    "move app.users -> app.links named phone { where phone is not null; set user_id = id, kind = 'phone', account = "
    "phone; key (user_id, kind, account); keep in step; }";

std::string all_links(Applied& it) {
  return it.server.text(
      "select string_agg(concat_ws(' ', user_id, kind, account, token, case when not active then 'off' end), ' | ' "
      "order by user_id, kind, account) from app.links");
}

void check_gone(Applied& it) {
  CHECK(it.server.text("select count(*) from pg_trigger where tgname ~ 'gw_'") == "0");
  CHECK(it.server.text("select to_regnamespace('godwit_kept') is null") == "t");
}

}  // namespace

TEST_CASE("in step: rows of two tables follow each other, whichever is written") {
  Applied it(users, people, three);
  it.server.run(
      "update app.users set family = 'May' where id = 1;"
      "update app.people set name = 'Bob Dow', birth = '1999-09-09' where id = 2;"
      "insert into app.users values (4, 'Di', 'Elm', null); insert into app.people (id, name) values (5, 'Ed Gray');"
      "delete from app.users where id = 3");
  CHECK(it.rows("app.users") == "1 Ann May 2000-01-02 | 2 Bob Dow 1999-09-09 | 4 Di Elm null | 5 Ed Gray null");
  CHECK(it.rows("app.people") == "1 Ann May 2000-01-02  | 2 Bob Dow 1999-09-09  | 4 Di Elm null  | 5 Ed Gray null ");
  it.server.run(
      "delete from app.people where id = 4; update app.users set id = 6 where id = 5;"
      "update app.people set id = 7 where id = 2");
  CHECK(it.rows("app.users") == "1 Ann May 2000-01-02 | 6 Ed Gray null | 7 Bob Dow 1999-09-09");
  CHECK(it.rows("app.people") == "1 Ann May 2000-01-02  | 6 Ed Gray null  | 7 Bob Dow 1999-09-09 ");
  CHECK(it.server.error("truncate app.users").find("cannot be truncated") != std::string::npos);
  CHECK(it.server.error("truncate app.people").find("cannot be truncated") != std::string::npos);
  SECTION("a rollback moves nothing") {
    const std::string untouched = "select string_agg(xmin::text, ' ' order by id) from app.users";
    const std::string before = it.server.text(untouched);
    it.down();
    CHECK(it.rows("app.users") == "1 Ann May 2000-01-02 | 6 Ed Gray null | 7 Bob Dow 1999-09-09");
    CHECK(it.server.text(untouched) == before);
    CHECK(it.residue() == "");
    check_gone(it);
  }
  SECTION("finalize ends it, and leaves nothing behind") {
    it.finalize();
    it.server.run("update app.users set given = 'Z' where id = 1; truncate app.users");
    CHECK(it.rows("app.people").starts_with("1 Ann May"));
    check_gone(it);
  }
}

TEST_CASE("in step: a mapping that loses something never writes back what it made") {
  Applied it(users, people, three);
  it.server.run(
      "update app.people set name = 'Mary Ann Lee' where id = 1; update app.users set given = ' B ' where id = 2;"
      "update app.people set note = 'n' where id = 3");
  CHECK(it.rows("app.users") == "1 Mary Ann 2000-01-02 | 2  B  Day null | 3  Cy Fox null");
  CHECK(it.rows("app.people") == "1 Mary Ann Lee 2000-01-02  | 2  B  Day null  | 3  Cy Fox null n");
  it.server.run(
      "update app.users set born = '2001-01-01' where id = 1; update app.people set birth = '2002-02-02' where id = 2");
  CHECK(it.rows("app.users") == "1 Mary Ann 2001-01-01 | 2  B  Day 2002-02-02 | 3  Cy Fox null");
  CHECK(it.rows("app.people") == "1 Mary Ann Lee 2001-01-01  | 2  B  Day 2002-02-02  | 3  Cy Fox null n");
  it.down();
  CHECK(it.rows("app.users") == "1 Mary Ann 2001-01-01 | 2  B  Day 2002-02-02 | 3  Cy Fox null");
  CHECK(it.residue() == "1 no place in the shape of before; 3 no place in the shape of before");
}

TEST_CASE("in step: columns that become rows, and rows that stop being") {
  Applied it(accounts, links,
             "insert into app.users values (1, 'a@x', 'T1', null), (2, 'b@x', null, '+49'), (3, 'c@x', 'T3', '+1')");
  CHECK(all_links(it) == "1 mail a@x T1 | 2 phone +49 | 3 mail c@x T3 | 3 phone +1");
  it.server.run(
      "update app.users set token = 'T2' where id = 2; update app.users set email = 'aa@x' where id = 1;"
      "update app.users set phone = null where id = 3; insert into app.users values (4, 'd@x', 'T4', '+4')");
  CHECK(all_links(it) == "1 mail aa@x T1 | 2 mail b@x T2 | 2 phone +49 | 3 mail c@x T3 | 4 mail d@x T4 | 4 phone +4");
  it.server.run(
      "update app.links set active = false where user_id = 1; update app.links set account = '+50' where account = "
      "'+49';"
      "delete from app.links where user_id = 4; insert into app.links (user_id, kind, account, token) values "
      "(3, 'mail', 'second@x', 'S'), (3, 'phone', '+3', null), (3, 'fax', '9', null)");
  CHECK(it.rows("app.users") == "1 aa@x null null | 2 b@x T2 +50 | 3 c@x T3 +3 | 4 d@x null null");
  CHECK(all_links(it) ==
        "1 mail aa@x T1 off | 2 mail b@x T2 | 2 phone +50 | 3 fax 9 | 3 mail c@x T3 | 3 mail second@x S | 3 phone +3");
  it.server.run("delete from app.users where id = 2");
  it.down();
  CHECK(it.rows("app.users") == "1 aa@x null null | 3 c@x T3 +3 | 4 d@x null null");
  CHECK(
      it.server.text(
          "select string_agg(row_data ->> 'account', ' ' order by row_data ->> 'account') from godwit_kept.residue") ==
      "9 aa@x second@x");
}

TEST_CASE("in step: a row that is deleted where the other side cannot say so is a conflict") {
  Applied it("schema app; table app.a { id integer primary key; kind text not null; v text; }",
             "table app.b { id integer primary key; v text; }\n"
             "move app.a -> app.b { where kind = 'x'; set id = id, v = v; keep in step; }",
             "insert into app.a values (1, 'x', 'one'), (2, 'y', 'two')");
  it.server.run("delete from app.b where id = 1");
  CHECK(it.server.text("select string_agg(concat_ws(' ', step, key, reason), '; ') from godwit_kept.conflict") ==
        "move b {\"id\": 1} deleted, and the row that it came from still says that it is there");
  it.finalize();
  CHECK(it.server.notices().find("move b: 1 rows had both sides written at once") != std::string::npos);
}

TEST_CASE("in step: one way only, and a writer that may do nothing else") {
  Applied it(users,
             "table app.people { id integer primary key; name text not null; }\n"
             "move app.users -> app.people { set id = id, name = concat_ws(' ', given, family); keep in step; reverse "
             "none; }",
             three);
  it.server.run(
      "drop role if exists in_step_writer; create role in_step_writer; grant usage on schema app to in_step_writer; "
      "grant select, insert, update, delete on app.users to in_step_writer");
  it.server.run(
      "update app.people set name = 'Own' where id = 1; set role in_step_writer; update app.users set born = now() "
      "where id = 1; insert into app.users values (4, 'Di', 'Elm'); update app.users set given = 'Bob' where id = 2; "
      "delete from app.users where id = 3; reset role");
  CHECK(it.rows("app.people") == "1 Own | 2 Bob Day | 4 Di Elm");
  it.down();
  CHECK(it.residue() == "1 no place in the shape of before");
  it.server.run("drop owned by in_step_writer; drop role in_step_writer");
}

TEST_CASE("in step: triggers of users and generated columns on both tables have their say") {
  Applied it(
      "schema app; table app.a { id integer primary key; v text; up text generated always as (upper(v)) stored; }\n"
      "function app.tidy() returns trigger language plpgsql as $$ begin new.v := trim(new.v); return new; end $$;\n"
      "alter table app.a { trigger tidy before insert or update for each row execute function app.tidy(); }",
      "table app.b { id integer primary key; v text; loud text; half text generated always as (left(v, 1)) "
      "stored; trigger tidy before insert or update for each row execute function app.tidy(); }\n"
      "move app.a -> app.b { set id = id, v = v, loud = up; keep in step; reverse set v = v; }",
      "insert into app.a values (1, 'one')");
  it.server.run(
      "update app.a set v = ' uno '; insert into app.b (id, v) values (2, ' two '); update app.b set v = 'eins ' where "
      "id = 1");
  CHECK(it.rows("app.a") == "1 eins EINS | 2 two TWO");
  CHECK(it.rows("app.b") == "1 eins EINS e | 2 two TWO t");
  it.down();
  CHECK(it.rows("app.a") == "1 eins EINS | 2 two TWO");
  CHECK(it.residue() == "");
}

TEST_CASE("in step: a row of the new table under another key takes along what only the old one holds") {
  Applied it("schema app; table app.users { id integer primary key; name text; secret text; }",
             "table app.people { id integer primary key; name text; }\n"
             "move app.users -> app.people { set id = id, name = name; keep in step; }",
             "insert into app.users values (1, 'Ann', 's')");
  it.server.run("update app.people set id = 2, name = 'Bo'");
  CHECK(it.rows("app.users") == "2 Bo s");
  CHECK(it.rows("app.people") == "2 Bo");
}
