// SPDX-License-Identifier: Apache-2.0
// Moves in batches end as one statement in the last transaction would have: whatever was written meanwhile.
#include "tests/db/batches/halfway.h"

using namespace godwit;
using namespace godwit::test;

namespace {

const std::string before =
    "schema app;\n"
    "table app.users { id integer primary key; email text not null; token text; seen integer not null default 0; }";

const std::string after =
    "table app.tokens {\n"
    "    id      integer generated always as identity primary key;\n"
    "    user_id integer not null references app.users (id) on delete cascade;\n"
    "    account text    not null;\n"
    "    token   text;\n"
    "    unique (user_id, account);\n"
    "}\n"
    "move app.users -> app.tokens named token {\n"
    "    where  token is not null;\n"
    "    set    user_id = id, account = email, token = token;\n"
    "    key    (user_id, account);\n"
    "    batch  10;\n"
    "    sample 5;\n"
    "}\n"
    "drop column app.users.token;";

const std::string hundred =
    "insert into app.users (id, email, token) select g, 'u' || g, case when g % 4 <> 0 then 't' || g end "
    "from generate_series(1, 100) g";

const std::string moved = "select user_id, account, token from app.tokens order by 1";
const std::string to_move =
    "select id as user_id, email as account, _gw_keep_token as token from app.users where _gw_keep_token is not null "
    "order by 1";

/// Writes of every kind to rows that are moved (up to 30), to be moved, and new.
const std::string writes =
    "update app.users set token = 'changed' where id in (5, 35);\n"
    "update app.users set token = null where id in (6, 36);\n"
    "update app.users set token = 'given' where id in (8, 40);\n"
    "update app.users set email = 'moved' || id where id in (9, 37);\n"
    "update app.users set seen = seen + 1 where id in (11, 39);\n"
    "delete from app.users where id in (13, 41);\n"
    "delete from app.users where id in (14, 42);\n"
    "insert into app.users (id, email, token) values (14, 'again', 't'), (42, 'again', null), (0, 'first', 't'), "
    "(500, 'last', 't');";

}  // namespace

TEST_CASE("rows written while a move runs in batches are as if they had been there before") {
  const std::size_t batches = GENERATE(0, 3, 10);
  INFO(batches << " batches before the writes");
  Halfway run(before, after, hundred);
  run.run(batches);
  run.database.exec(writes);
  const std::string users = run.rows("select id, email, token, seen from app.users order by id");

  SECTION("when it goes on") {
    run.finish();
    CHECK(run.rows(moved) == run.rows(to_move));
    CHECK(run.residue() == "");
    run.check_no_watch();
    run.back();
    CHECK(run.rows("select id, email, token, seen from app.users order by id") == users);
    CHECK(run.residue() == "");
    CHECK(run.database.value("select count(*) from godwit.checkpoint") == "0");
  }
  SECTION("when it is taken back halfway") {
    run.back();
    CHECK(run.rows("select id, email, token, seen from app.users order by id") == users);
    CHECK(run.database.value("select to_regclass('app.tokens') is null") == "t");
    CHECK(run.residue() == "");
    run.check_no_watch();
    CHECK(run.database.value("select to_regnamespace('godwit_kept') is null") == "t");
    run.finish();
    CHECK(run.rows(moved) == run.rows(to_move));
  }
}

TEST_CASE("a row that was changed on both sides follows its source, and the other side is noted") {
  Halfway run(before, after, hundred);
  run.run(3);
  run.database.exec(
      "update app.tokens set token = 'mine' where user_id in (5, 6, 7, 9);\n"
      "update app.users set token = 'theirs' where id = 5;\n"  // both
      "update app.users set token = null where id = 6;\n"      // both: it does not qualify any more
      "update app.users set seen = 1 where id = 7;\n"          // the source's row says something else now, too
      "delete from app.tokens where user_id = 11;\n");
  run.finish();
  CHECK(run.rows("select user_id, token from app.tokens where user_id in (5, 6, 7, 9, 11) order by 1") ==
        "5 theirs | 7 t7 | 9 mine");
  CHECK(run.residue() ==
        "4 changed on both sides while rows were moved in batches | 5 changed on both sides while rows were moved in "
        "batches | 6 changed on both sides while rows were moved in batches");
}

TEST_CASE("a truncated source leaves nothing behind") {
  Halfway run(before, after, hundred);
  run.run(2);
  run.database.exec("truncate app.users cascade; insert into app.users (id, email, token) values (1, 'new', 't')");
  run.finish();
  CHECK(run.rows(moved) == "1 new t");
}

TEST_CASE("a move in batches goes by a key of several columns, of text, and by another column") {
  const std::string table =
      "schema app;\ntable app.src { region text; number bigint; at timestamptz not null unique; v text; primary key "
      "(region, number); }";
  const std::string by = GENERATE("", " by at");
  Halfway run(table,
              "table app.dst { region text; number bigint; v text not null; primary key (region, number); }\n"
              "move app.src -> app.dst { set region = region, number = number, v = coalesce(v, '-'); key (region, "
              "number); batch 7" +
                  by + "; }",
              "insert into app.src select 'r' || g % 5, g, timestamptz '2024-01-01' + g * interval '1 second 1 "
              "microsecond', nullif(g % 3, 0)::text from generate_series(1, 61) g");
  run.run(4);
  run.database.exec(
      "update app.src set v = 'x' where number in (3, 33, 60); update app.src set number = number + 1000 where number "
      "in (5, 35); delete from app.src where number in (4, 34)");
  run.finish();
  CHECK(run.database.value("select count(*) from app.dst") == "59");
  CHECK(run.database.value("select count(*) from app.src s join app.dst d using (region, number) where d.v = "
                           "coalesce(s.v, '-')") == "59");
}

TEST_CASE("on conflict skip in batches leaves what is there already") {
  Halfway run(
      before + "\ntable app.tokens { user_id integer; account text; token text; primary key (user_id, account); }",
      "move app.users -> app.tokens named token {\n"
      "    where token is not null;\n"
      "    set   user_id = seen, account = 'one', token = token;\n"
      "    key   (user_id, account);\n"
      "    on conflict skip;\n"
      "    batch 10;\n    reverse none;\n}",
      hundred + "; update app.users set seen = id / 10; insert into app.tokens values (3, 'one', 'old')");
  run.run(4);
  run.database.exec(
      "insert into app.tokens values (7, 'one', 'live'); update app.users set token = 'late' where id < 10");
  run.finish();
  CHECK(run.rows("select user_id, token from app.tokens order by 1") ==
        "0 late | 1 t10 | 2 t21 | 3 old | 4 t41 | 5 t50 | 6 t61 | 7 live | 8 t81 | 9 t90");
  run.back();
  CHECK(run.database.value("select count(*) from app.users where token is not null") == "77");
}
