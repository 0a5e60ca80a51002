// SPDX-License-Identifier: Apache-2.0
// Moves and backfills that went in batches go back in batches: stopped anywhere, and whatever is written meanwhile on
// either side.
#include "tests/db/batches/halfway.h"

using namespace godwit;
using namespace godwit::test;

namespace {

const std::string before =
    "schema app;\n"
    "table app.users { id integer primary key; email text not null; token text; seen integer not null default 0; }";

const std::string move =
    "move app.users -> app.tokens named token {\n"
    "    where  token is not null;\n"
    "    set    user_id = id, account = email, token = token;\n"
    "    key    (user_id, account);\n"
    "    batch  10;\n"
    "}\n"
    "drop column app.users.token;";

const std::string after =
    "table app.tokens {\n"
    "    id      integer generated always as identity primary key;\n"
    "    user_id integer not null references app.users (id) on delete cascade;\n"
    "    account text    not null;\n"
    "    token   text;\n"
    "    unique (user_id, account);\n"
    "}\n" +
    move;

const std::string hundred =
    "insert into app.users (id, email, token) select g, 'u' || g, case when g % 4 <> 0 then 't' || g end "
    "from generate_series(1, 100) g";

/// By an application of the new shape, to rows whose places are found by then and to others.
const std::string writes =
    "update app.tokens set token = 'changed' where user_id in (5, 95);\n"
    "update app.tokens set token = null where user_id in (6, 94);\n"
    "update app.tokens set account = 'other' where user_id in (7, 93);\n"
    "delete from app.tokens where user_id in (9, 91);\n"
    "insert into app.tokens (user_id, account, token) select id, email, 'given' from app.users where id in (8, 88);\n"
    "insert into app.tokens (user_id, account, token) select id, 'second', 't' from app.users where id in (10, 90);\n"
    "update app.tokens set user_id = user_id + 1 where user_id in (11, 83);\n"
    "update app.users set email = 'moved' || id where id in (13, 87);\n"
    "update app.users set seen = seen + 1 where id in (14, 86);\n"
    "delete from app.users where id in (15, 85);\n"
    "delete from app.users where id in (17, 81);\n"
    "insert into app.users (id, email) values (17, 'again'), (81, 'again'), (0, 'first'), (500, 'last');\n"
    "insert into app.tokens (user_id, account, token) values (0, 'first', 'new'), (500, 'last', 'new'), "
    "(81, 'again', 'new');\n";

const std::string all_users = "select id, email, token, seen from app.users order by id";
const std::string all_residue =
    "select row_data ->> 'user_id' as user_id, row_data ->> 'account' as account, row_data ->> 'token' as token, "
    "reason "
    "from godwit_kept.residue order by 1, 2, 3, 4";

void check_nothing_left(Halfway& run) {
  run.check_no_watch();
  CHECK(run.database.value("select count(*) from pg_class where relnamespace::regnamespace::text = 'godwit_kept' "
                           "and relname <> 'residue'") == "0");
  CHECK(run.database.value("select to_regclass('app.tokens') is null") == "t");
}

}  // namespace

TEST_CASE("a rollback in batches gives every row back, wherever it stops") {
  const std::size_t batches = GENERATE(0, 1, 7, 10, 11, 14, 18);
  INFO(batches << " batches before the pause");
  Halfway run(before, after, hundred);
  const std::string users = run.rows(all_users);
  run.finish();
  run.back_until(batches);
  run.back();
  CHECK(run.rows(all_users) == users);
  CHECK(run.residue().empty());
  check_nothing_left(run);
}

TEST_CASE("what is written before the turn of a rollback is as if it had been written before the rollback") {
  std::string users, residue;
  {
    Halfway at_once(before, after, hundred);
    at_once.finish();
    at_once.database.exec(writes);
    at_once.back();
    users = at_once.rows(all_users);
    residue = at_once.rows(all_residue);
    CHECK(residue.find("second") != std::string::npos);
  }
  const std::size_t batches = GENERATE(0, 1, 5, 10);
  INFO(batches << " batches before the writes");
  Halfway run(before, after, hundred);
  run.finish();
  run.back_until(batches);
  run.database.exec(writes);
  run.back();
  CHECK(run.rows(all_users) == users);
  CHECK(run.rows(all_residue) == residue);
  check_nothing_left(run);
}

TEST_CASE("what is written behind the turn stays in the old shape, or becomes residue") {
  Halfway run(before, after, hundred);
  run.finish();
  run.back_until(12);
  run.database.exec("update app.users set token = 'old shape' where id in (1, 99)");
  run.database.exec("update app.tokens set token = 'new shape' where user_id = 98");
  run.database.exec("insert into app.tokens (user_id, account, token) values (100, 'late', 'new shape')");
  run.back();
  CHECK(run.rows("select id, token from app.users where id in (1, 98, 99, 100) order by id") ==
        "1 old shape | 98 t98 | 99 old shape | 100 null");
  CHECK(run.rows(all_residue) ==
        "100 late new shape no place in the shape of before | 98 u98 new shape no place in the shape of before");
  check_nothing_left(run);
}

TEST_CASE("a truncated table is nothing that a rollback in batches stumbles over") {
  const std::size_t batches = GENERATE(3, 10, 12);
  Halfway run(before, after, hundred);
  run.finish();
  run.back_until(batches);
  run.database.exec("truncate app.tokens");
  run.back();
  CHECK(run.database.value("select count(token) from app.users") == (batches < 12 ? "0" : "75"));
  check_nothing_left(run);
}

TEST_CASE("psql goes back from where the runtime stopped, and the other way round") {
  Halfway run(before, after, hundred);
  const std::string users = run.rows(all_users);
  run.finish();
  const std::string& down = run.migrations[1].down_sql;
  SECTION("psql alone") { CHECK(run.database.psql(down) == 0); }
  SECTION("psql ends it") {
    run.back_until(GENERATE(3, 12));
    CHECK(run.database.psql(down) == 0);
  }
  SECTION("psql begins it") {
    const std::size_t turn = down.find("] part 3 of 5");
    REQUIRE(turn != std::string::npos);
    CHECK(run.database.psql(down.substr(0, down.rfind('\n', turn))) == 0);
    CHECK(run.database.value("select parts_done from godwit.migration where id = '2_after'") == "-2");
    run.back();
  }
  CHECK(run.database.value("select state from godwit.migration where id = '2_after'") == "rolled_back");
  CHECK(run.rows(all_users) == users);
  check_nothing_left(run);
  CHECK(run.database.psql(down) != 0);  // rolled back already
  run.finish();
}

TEST_CASE("nothing is built on a migration that is on its way back") {
  Halfway run(before, after, hundred);
  run.finish();
  run.back_until(3);
  const auto told = std::get<Status>(status(run.database.connection(), run.migrations, false));
  CHECK(told.migrations[1].state == "rolling back");
  CHECK(told.migrations[1].progress == std::vector<std::string>{"find the places of move token: 30 rows read"});
  CHECK(error_of(apply(run.database.connection(), run.migrations, {}, {}))->code == "GW5032");
  CHECK(error_of(verify(run.database.connection(), run.migrations))->code == "GW5032");
  CHECK(summary(finalize(run.database.connection(), "2_after", {}, {})).find("GW5023") == 0);
  CHECK(run.database.psql(run.migrations[1].up_sql) != 0);
  CHECK(run.database.psql(run.migrations[1].finalize_sql) != 0);
  run.database.exec("update godwit.migration set window_until = now() - interval '1 day' where id = '2_after'");
  run.back();  // what is begun is ended, whatever the window says
  run.finish();
}

TEST_CASE("a rollback in batches is tried without a trace") {
  Halfway run(before, after, hundred);
  run.finish();
  run.database.exec(writes);
  const std::string all = run.database.dump();
  RunOptions options;
  options.dry_run = true;
  const auto outcome = rollback(run.database.connection(), options, {});
  CHECK(summary(outcome) == "2_after would be rolled back");
  std::uint64_t rows = 0;
  for (const Residue& residue : std::get<RunReport>(outcome).migrations.front().residue) rows += residue.rows;
  CHECK(run.database.dump() == all);
  run.back();
  CHECK(std::to_string(rows) == run.database.value("select count(*) from godwit_kept.residue"));
}

TEST_CASE("a rollback in batches leaves alone what stood in the target before") {
  const std::string with_tokens =
      before +
      "\ntable app.tokens { id integer generated always as identity primary key; user_id integer not null references "
      "app.users (id) on delete cascade; account text not null; token text; unique (user_id, account); }";
  const bool skips = GENERATE(false, true);
  const std::string standing =
      "insert into app.tokens (user_id, account, token) select g, case when g % 2 = 0 then 'u' || g else 'mine' end, "
      "'own' "
      "from generate_series(4, 100, 4) g";
  std::string spec = move;
  if (skips) spec.replace(spec.find("    batch"), 0, "    on conflict skip;\n");
  Halfway run(with_tokens, spec, hundred + "; " + standing);
  const std::string users = run.rows(all_users), tokens = run.rows("select * from app.tokens order by id");
  run.finish();
  CHECK(run.database.value("select count(*) from app.tokens") == "100");
  run.back_until(GENERATE(0, 4, 13));
  run.back();
  CHECK(run.rows(all_users) == users);
  CHECK(run.rows("select * from app.tokens order by id") == tokens);
  run.check_no_watch();
}

TEST_CASE("a key of several columns, of text, with odd names, goes back in batches") {
  const std::string odd_before =
      "schema \"odd one\";\n"
      "table \"odd one\".\"the \"\"users\"\"\" { \"the region\" text; nr integer; \"a token\" text; "
      "primary key (\"the region\", nr); }";
  const std::string odd_after =
      "table \"odd one\".\"their tokens\" { \"the region\" text; nr integer; v text; primary key (\"the region\", nr); "
      "}\n"
      "move \"odd one\".\"the \"\"users\"\"\" -> \"odd one\".\"their tokens\" named \"the move\" {\n"
      "    set \"the region\" = \"the region\", nr = nr, v = \"a token\"; batch 10;\n}\n"
      "drop column \"odd one\".\"the \"\"users\"\"\".\"a token\";";
  Halfway run(odd_before, odd_after,
              "insert into \"odd one\".\"the \"\"users\"\"\" select r, g, r || g from generate_series(1, 30) g, "
              "unnest(array['a', 'Z', 'ä', 'b c']) r");
  const std::string users = run.rows("select * from \"odd one\".\"the \"\"users\"\"\" order by 1, 2");
  run.finish();
  run.back_until(GENERATE(5, 16));
  run.back();
  CHECK(run.rows("select * from \"odd one\".\"the \"\"users\"\"\" order by 1, 2") == users);
  run.check_no_watch();
}

TEST_CASE("rows that were only copied are removed in batches") {
  const std::string copies =
      "table app.accounts { id integer primary key; account text not null; seen integer not null default 0; }\n"
      "move app.users -> app.accounts named account { where token is not null; set id = id, account = email; key (id); "
      "batch 10; }";
  Halfway run(before, copies, hundred);
  const std::string users = run.rows(all_users);
  run.finish();
  run.database.exec("update app.accounts set seen = 1 where id in (5, 95)");
  run.database.exec("insert into app.accounts values (1000, 'new')");
  run.back_until(GENERATE(0, 3, 7));
  CHECK(run.database.value("select count(*) from app.accounts where id > 70") > "20");
  run.back();
  CHECK(run.rows(all_users) == users);
  CHECK(
      run.rows("select row_data ->> 'id' as id, reason from godwit_kept.residue order by 1") ==
      "1000 no place in the shape of before | 5 no place in the shape of before | 95 no place in the shape of before");
  run.check_no_watch();
}

namespace {

const std::string contacts =
    "schema app;\n"
    "table app.organizations { id integer primary key; name text not null; }\n"
    "table app.contacts { id integer primary key; company text; visits integer not null default 0; }";

const std::string filled =
    "alter table app.contacts { organization_id integer references app.organizations (id); }\n"
    "backfill app.contacts c {\n"
    "    set organization_id = o.id, visits = c.visits + 1; from app.organizations o; where o.name = c.company; batch "
    "10;\n"
    "}";

const std::string sixty =
    "insert into app.organizations select g, 'o' || g from generate_series(1, 6) g;\n"
    "insert into app.contacts (id, company) select g, 'o' || g % 7 from generate_series(1, 60) g";

const std::string all_contacts = "select id, company, visits from app.contacts order by id";
const std::string contact_residue =
    "select row_data ->> 'id' as id, row_data ->> 'visits' as visits, row_data ->> 'organization_id' as o, reason "
    "from godwit_kept.residue order by 1";

}  // namespace

TEST_CASE("a backfill goes back in batches, wherever it stops") {
  Halfway run(contacts, filled, sixty);
  const std::string was = run.rows(all_contacts);
  run.finish();
  run.back_until(GENERATE(0, 3, 6, 7, 10));
  run.back();
  CHECK(run.rows(all_contacts) == was);
  CHECK(run.residue().empty());
  run.check_no_watch();
}

TEST_CASE("what is written while a backfill goes back in batches stays, and is noted") {
  const std::string writes =
      "update app.contacts set visits = 50 where id in (1, 57);\n"
      "update app.contacts set organization_id = 1 where id in (2, 58);\n"
      "delete from app.contacts where id in (3, 59);\n"
      "insert into app.contacts values (0, 'new', 7, 2), (70, 'new', 7, null);\n"
      "update app.contacts set company = 'other' where id in (4, 60)";
  std::string was, residue;
  {
    Halfway at_once(contacts, filled, sixty);
    at_once.finish();
    at_once.database.exec(writes);
    at_once.back();
    was = at_once.rows(all_contacts);
    residue = at_once.rows(contact_residue);
  }
  SECTION("before the turn") {
    Halfway run(contacts, filled, sixty);
    run.finish();
    run.back_until(GENERATE(0, 3, 6));
    run.database.exec(writes);
    run.back();
    CHECK(run.rows(all_contacts) == was);
    CHECK(run.rows(contact_residue) == residue);
    run.check_no_watch();
  }
  SECTION("behind it") {
    Halfway run(contacts, filled, sixty);
    run.finish();
    run.back_until(7);
    run.database.exec(writes);
    run.back();
    CHECK(run.database.value(
              "select string_agg(visits::text, ' ' order by id) from app.contacts where id in (1, 57, 70)") ==
          "50 50 7");
    // of columns that stay the value stays; of the new one what was written is noted
    CHECK(run.rows(
              "select row_data ->> 'id' as id, row_data ->> 'organization_id' as o from godwit_kept.residue order by "
              "1") == "0 2 | 2 1 | 58 1");
    run.check_no_watch();
  }
}
