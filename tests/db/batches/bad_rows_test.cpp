// SPDX-License-Identifier: Apache-2.0
// Rows that stop a move in batches: the failure names them, what is done stays done, and once they are mended the
// migration goes on and its way back is exact. Beside it, what status says of rows that were set aside.
#include "tests/db/batches/halfway.h"

using namespace godwit;
using namespace godwit::test;

namespace {

const std::string before =
    "schema app;\n"
    "table app.users { id integer primary key; email text; age text; }";

std::string after(const std::string& how) {
  return "table app.people { id integer primary key; email text not null; age integer check (age >= 0); unique "
         "(email); }\n"
         "move app.users -> app.people {\n"
         "    set id = id, email = email, age = age::integer;\n    key (id);\n    reverse set age = age::text;\n    " +
         how + ";\n}\ndrop column app.users.age;";
}

const std::string hundred = "insert into app.users select g, 'u' || g, g::text from generate_series(1, 100) g; ";
const std::string users = "select id, email, age from app.users order by id";

struct Bad {
  const char* what;
  const char* make;
  const char* said;  // behind `rows do not fit: `
  const char* mend;
};

}  // namespace

TEST_CASE("a batch names the rows that stop it, and goes on when they are mended") {
  const auto bad = GENERATE(
      Bad{"a constraint", "update app.users set age = '-1' where id in (57, 60, 61)",
          "57: new row for relation \"people\" violates check constraint \"people_age_check\" (23514); 60: ",
          "update app.users set age = '1' where age = '-1'"},
      Bad{"a key that is not unique", "update app.users set email = 'u3' where id = 50",
          "50: duplicate key value violates unique constraint \"people_email_key\": Key (email)=(u3) already exists. "
          "(23505)",
          "update app.users set email = 'v50' where id = 50"},
      Bad{"null", "update app.users set email = null where id = 42",
          "42: null value in column \"email\" of relation \"people\" violates not-null constraint (23502)",
          "update app.users set email = 'w42' where id = 42"},
      Bad{"text that does not cast", "update app.users set age = 'old' where id in (99, 100)",
          "99: invalid input syntax for type integer: \"old\" (22P02); 100: ",
          "update app.users set age = '9' where id in (99, 100)"},
      Bad{"a trigger",
          "create function app.refuse() returns trigger language plpgsql as $$ begin raise exception 'not you'; end "
          "$$; "
          "create trigger refuse before insert on app.people for each row when (new.id = 77) execute function "
          "app.refuse()",
          "77: not you (P0001)", "drop trigger refuse on app.people; drop function app.refuse()"});
  INFO(bad.what);
  Halfway run(before, after("batch 10"), hundred);
  run.run(2);
  const std::string known = "; select godwit.remember()";  // a trigger by hand is drift else
  run.database.exec(bad.make + known);
  const auto stopped = run.go_on();
  REQUIRE(error_of(stopped) != nullptr);
  const RuntimeError& error = *error_of(stopped);
  INFO(error.message << '\n' << error.server_message << '\n' << error.hint);
  CHECK(error.kind == RuntimeError::Kind::resumable);
  CHECK(error.server_message.find(std::string("move people: rows do not fit: ") + bad.said) == 0);
  CHECK(error.hint.find("mend these rows and run it again: it goes on behind the last batch") == 0);
  CHECK(run.database.value("select count(*) = (select rows_written from godwit.checkpoint) from app.people") == "t");

  SECTION("mended, it goes on") {
    run.database.exec(bad.mend + known);
    const std::string mended = run.rows(users);
    run.finish();
    CHECK(run.rows("select id, email, age from app.people order by id") == mended);
    CHECK(run.residue() == "");
    run.check_no_watch();
    run.back();
    CHECK(run.rows(users) == mended);
  }
  SECTION("or it is taken back") {
    const std::string was = run.rows(users);
    run.database.exec("drop trigger if exists refuse on app.people; drop function if exists app.refuse()" + known);
    run.back();
    CHECK(run.rows(users) == was);
    CHECK(run.database.value("select to_regclass('app.people') is null") == "t");
  }
}

TEST_CASE("a moved row that is written so that it fits no more does not stand in the way back") {
  Halfway run(before, after("batch 10"), hundred);
  run.run(4);
  run.database.exec(
      "update app.users set age = 'old' where id in (5, 6, 70); update app.people set age = 1 where id in (6, 7); "
      "delete "
      "from app.users where id = 9");
  const std::string was = run.rows(users);
  CHECK(error_of(run.go_on()) != nullptr);
  run.back();
  CHECK(run.rows(users) == [&] {
    std::string carried = was;
    return carried.replace(carried.find("7 u7 7"), 6, "7 u7 1");
  }());
  CHECK(run.residue() == "6 changed on both sides while rows were moved in batches");
  run.check_no_watch();
}

TEST_CASE("a source that shrinks between batches is moved as it is in the end") {
  Halfway run(before, after("batch 10"), hundred);
  run.run(3);
  run.database.exec("delete from app.users where id % 3 = 0 or id > 80");
  const std::string left = run.rows(users);
  run.finish();
  CHECK(run.rows("select id, email, age from app.people order by id") == left);
  run.back();
  CHECK(run.rows(users) == left);
}

TEST_CASE("a backfill in batches names the rows that stop it") {
  Halfway run("schema app;\ntable app.users { id integer primary key; age text; }",
              "alter table app.users { years integer; }\nbackfill app.users { set years = age::integer; batch 10; }",
              "insert into app.users select g, g::text from generate_series(1, 50) g; update app.users set age = 'x' "
              "where id in (33, 35)");
  const auto stopped = run.go_on();
  REQUIRE(error_of(stopped) != nullptr);
  CHECK(error_of(stopped)->server_message ==
        "backfill app.users: rows do not fit: 33: invalid input syntax for type integer: \"x\" (22P02); 35: invalid "
        "input syntax for type integer: \"x\" (22P02)");
  run.database.exec("update app.users set age = '0' where id in (33, 35)");
  run.finish();
  CHECK(run.database.value("select sum(years) from app.users") == "1207");
}

TEST_CASE("status says how many rows were set aside, and where") {
  Halfway run(before, after("reject up to 5%"), hundred + "update app.users set age = 'old' where id in (7, 8)");
  run.finish();
  const auto found = std::get<Status>(status(run.database.connection(), run.migrations, false));
  REQUIRE(found.migrations.size() == 2);
  CHECK(found.migrations[0].rejected.empty());
  CHECK(found.migrations[1].rejected ==
        std::vector<std::string>{"move people: 2 rows of app.users did not fit: see godwit_kept.rejected"});
  run.back();
  CHECK(std::get<Status>(status(run.database.connection(), run.migrations, false)).migrations[1].rejected.empty());
}
