// SPDX-License-Identifier: Apache-2.0
// Rows that do not fit are set aside, counted and given back; more of them than allowed stop the migration.
#include "tests/db/data/applied.h"

#include <catch2/catch.hpp>

namespace {

using namespace godwit::test;

const std::string before =
    "schema app;\n"
    "table app.users { id integer primary key; email text not null; age text; }";

std::string after(const std::string& limit, const std::string& more = {}) {
  return "table app.people { id integer primary key; email text not null; age integer check (age >= 0); unique "
         "(email); }\n"
         "move app.users -> app.people {\n"
         "    set id = id, email = email, age = age::integer;\n    key (id);\n    reject up to " +
         limit + ";\n    reverse set age = age::text;\n" + more + "}\ndrop column app.users.age;";
}

// Of 5000 rows those that 1000 divides do not cast, -1 is in 1500, and 2500 has the address of 1.
const std::string rows =
    "insert into app.users select g, case when g = 2500 then 'u1' else 'u' || g end,\n"
    "       case when g % 1000 = 0 then 'old' when g = 1500 then '-1' else (g % 90)::text end\n"
    "  from generate_series(1, 5000) g";

const std::string rejected =
    "select string_agg((key ->> 'id') || ' ' || sqlstate, ', ' order by key) from "
    "godwit_kept.rejected";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("rows that do not fit are set aside, and all others are moved") {
  const std::string limit = GENERATE("7", "0.14%");
  Applied run(before, after(limit, "    sample 1000;\n"), rows);
  CHECK(run.server.text(rejected) ==
        "1000 22P02, 1500 23514, 2000 22P02, 2500 23505, 3000 22P02, 4000 22P02, 5000 22P02");
  CHECK(run.server.text("select row_data from godwit_kept.rejected where key = '{\"id\": 1500}'") ==
        R"({"id": 1500, "age": "-1", "email": "u1500"})");
  CHECK(run.server.text("select count(*) from app.people") == "4993");
  CHECK(has(run.server.notices(), "move people: 4993 moved, 0 already there, 0 left behind, 7 rejected, 5000 in all"));
  CHECK(has(run.server.notices(),
            "7 of 5000 rows do not fit and are in godwit_kept.rejected: 1000: invalid input "
            "syntax for type integer: \"old\" (22P02); 1500: "));
  run.down();
  CHECK(run.server.text(
            "select count(*) filter (where age = 'old') || ' ' || count(*) || ' ' || sum(id) from app.users") ==
        "5 5000 12502500");
  CHECK(run.server.text("select to_regnamespace('godwit_kept') is null") == "t");
}

TEST_CASE("one row more than allowed stops the migration, and nothing has changed") {
  const std::string limit = GENERATE("6", "0.13%");
  Ready run(before, after(limit), rows);
  const std::string said = run.up_error();
  CHECK(has(said, "move people: 7 of 5000 rows do not fit, more than " + limit + ": 1000: invalid input syntax"));
  CHECK(has(said, "; 5000: invalid input syntax for type integer: \"old\" (22P02)"));
  CHECK(run.server.text("select count(*) filter (where age = 'old') || ' ' || count(*) from app.users") == "5 5000");
  CHECK(run.server.text("select to_regclass('app.people') is null and to_regclass('godwit_kept.rejected') is null") ==
        "t");
}

TEST_CASE("many that do not fit are not all looked at") {
  Ready run(before, after("1%"), "insert into app.users select g, 'u' || g, 'x' from generate_series(1, 3000) g");
  const std::string said = run.up_error();
  CHECK(has(said, "move people: 1000 or more of 3000 rows do not fit, more than 1%: 1: invalid"));
}

TEST_CASE("what is written behind a rejected row is carried back into it") {
  Applied run(before, after("2"),
              "insert into app.users values (1, 'a', '5'), (2, 'b', 'x'), (3, 'c', '-7'), (4, 'd', null)");
  run.server.run(
      "insert into app.people values (2, 'b', 30); update app.people set age = 6 where id = 1;\n"
      "insert into app.users (id, email) values (9, 'z'); insert into app.people values (9, 'z', 8)");
  run.down();
  CHECK(run.rows("app.users") == "1 a 6 | 2 b 30 | 3 c -7 | 4 d null | 9 z 8");
  // What a rejected row would be in the target is not asked again, so it is noted that something may be lost.
  CHECK(run.residue() == "2 carried back only in part: the old shape has no place for the rest");
}

TEST_CASE("rejected rows outlive finalize, an empty table does not") {
  const std::string age = GENERATE("x", "5");
  Applied run(before, after("1"), "insert into app.users values (1, 'a', '" + age + "')");
  run.finalize();
  CHECK(run.server.text("select to_regclass('godwit_kept.rejected') is not null") == (age == "x" ? "t" : "f"));
  if (age == "x") {
    CHECK(run.server.text("select row_data ->> 'age' from godwit_kept.rejected") == "x");
  } else {
    CHECK(run.server.text("select to_regnamespace('godwit_kept') is null") == "t");
  }
}

TEST_CASE("rows of a table that goes are rejected, and come back with it") {
  Applied run("schema app;\ntable app.users { region text; number integer; age text; primary key (region, number); }",
              "table app.people { region text; number integer; age smallint; primary key (region, number); }\n"
              "move app.users -> app.people {\n    set region = region, number = number, age = age::integer;\n"
              "    reject up to 50%;\n    reverse set age = age::text;\n}\ndrop table app.users;",
              "insert into app.users values ('n', 1, '5'), ('n', 2, '70000'), ('s', 1, 'x'), ('s', 2, '9')");
  CHECK(run.server.text("select string_agg(key::text || sqlstate, ' ' order by key) from godwit_kept.rejected") ==
        R"({"number": 1, "region": "s"}22P02 {"number": 2, "region": "n"}22003)");
  run.server.run("insert into app.people values ('w', 1, 3)");
  run.down();
  CHECK(run.server.text(
            "select string_agg(region || number || ' ' || age, ', ' order by region, number) from app.users") ==
        "n1 5, n2 70000, s1 x, s2 9, w1 3");
}

TEST_CASE("a row that is there already is not rejected") {
  Applied run(before + "\ntable app.people { id integer primary key; age integer; }",
              "move app.users -> app.people {\n    set id = id, age = age::integer;\n    key (id);\n"
              "    on conflict skip;\n    reject up to 1;\n    sample 10;\n}",
              "insert into app.users values (1, 'a', '5'), (2, 'b', 'x'), (3, 'c', '7'); insert into app.people values "
              "(1, 50)");
  CHECK(has(run.server.notices(), "move people: 1 moved, 1 already there, 0 left behind, 1 rejected, 3 in all"));
  run.down();
  CHECK(run.rows("app.people") == "1 50");
}

TEST_CASE("a backfill leaves rows as they are that do not fit") {
  Applied run("schema app;\ntable app.people { id integer primary key; born text; name varchar(5); }",
              "alter table app.people { birthday date; }\n"
              "backfill app.people {\n    set birthday = born::date, name = name || '!';\n    where born is not null;\n"
              "    reject up to 50%;\n    reverse set born = birthday::text;\n}\ndrop column app.people.born;",
              "insert into app.people values (1, '1980-01-02', 'Ann'), (2, 'long ago', 'Bo'), (3, null, 'Cy'), "
              "(4, '1990-01-01', 'Diana'), (5, '2000-02-03', 'Ed')");
  CHECK(run.rows("(select id, name, birthday from app.people)") ==
        "1 Ann! 1980-01-02 | 2 Bo null | 3 Cy null | 4 Diana null | 5 Ed! 2000-02-03");
  CHECK(run.server.text("select string_agg(step || ' ' || (key ->> 'id') || ' ' || sqlstate, ', ' order by key) from "
                        "godwit_kept.rejected") ==
        "backfill app.people (birthday, name) 2 22007, backfill app.people (birthday, name) 4 22001");
  CHECK(has(run.server.notices(), "backfill app.people: 2 filled, 1 left as they were, 2 rejected, 5 in all"));
  run.server.run("update app.people set birthday = '1999-09-09' where id in (4, 5)");
  run.down();
  CHECK(run.rows("app.people") ==
        "1 1980-01-02 Ann | 2 long ago Bo | 3 null Cy | 4 1999-09-09 Diana | 5 1999-09-09 Ed");
}

TEST_CASE("a row that was left behind because it does not cast does not stand in the way back") {
  Applied run("schema app;\ntable app.users { id integer primary key; age text; }",
              "table app.people { id integer primary key; age integer; }\n"
              "move app.users -> app.people {\n    where age ~ '^[0-9]+$';\n    set id = id, age = age::integer;\n"
              "    key (id);\n    reverse set age = age::text;\n}\ndrop column app.users.age;",
              "insert into app.users values (1, '007'), (2, 'old'), (3, null), (4, '8')");
  run.server.run("insert into app.people values (2, 70), (3, 5); update app.people set age = 9 where id = 4");
  run.down();
  CHECK(run.rows("app.users") == "1 007 | 2 70 | 3 5 | 4 9");
}

TEST_CASE("unique and foreign keys of new columns are there before a backfill that rejects") {
  Applied run(
      "schema app;\ntable app.regions { id integer primary key; name text not null; }\n"
      "table app.people { tenant integer; number integer; region text; code text; primary key (tenant, number); }",
      "alter table app.people {\n    region_id integer references app.regions deferrable initially deferred;\n"
      "    short integer unique;\n    long integer;\n    unique index on (long);\n}\n"
      "backfill app.people p {\n    set region_id = r.id + 10 * (p.number / 9), short = length(p.code), long = "
      "p.code::integer;\n    from app.regions r;\n    where r.name = p.region;\n    reject up to 80%;\n}",
      "insert into app.regions values (1, 'n'), (2, 's'); insert into app.people values (1, 1, 'n', '5'), "
      "(1, 2, 'n', '55'), (1, 3, 's', '7'), (1, 9, 's', '777'), (2, 1, 's', '0005'), (2, 2, 'n', 'x'), (2, 3, 'w', "
      "'y'), (2, 4, null, 'z')");
  CHECK(run.server.text("select string_agg(key ->> 'tenant' || (key ->> 'number') || ' ' || sqlstate, ', ' order by "
                        "key ->> 'tenant', key ->> 'number') from godwit_kept.rejected") ==
        "13 23505, 19 23503, 21 23505, 22 22P02");
  CHECK(run.server.text("select string_agg(concat_ws(' ', tenant, number, region_id, short, long), ', ' order by "
                        "tenant, number) from app.people where short is not null") == "1 1 1 1 5, 1 2 1 2 55");
  CHECK(has(run.server.notices(), "backfill app.people: 4 of 6 rows do not fit"));
  run.down();
  CHECK(run.server.text("select count(*) from app.people") == "8");
  CHECK(run.residue() == "");
}
