// SPDX-License-Identifier: Apache-2.0
// How a migration in parts goes on: by the runtime and by psql, after errors, and what is refused in between.
#include "tests/db/batches/halfway.h"

using namespace godwit;
using namespace godwit::test;

namespace {

const std::string before = "schema app;\ntable app.a { id integer primary key; v text; }";
const std::string after =
    "table app.b { id integer primary key; v varchar(10) not null; }\n"
    "move app.a -> app.b { set id = id, v = v; key (id); batch 20; }\n"
    "check 'all are there' after { that ((select count(*) from app.a) = (select count(*) from app.b)); }";
const std::string hundred = "insert into app.a select g, 'v' || g from generate_series(1, 100) g";

const RuntimeError& failed(const Outcome<RunReport>& outcome) {
  REQUIRE(error_of(outcome) != nullptr);
  return *error_of(outcome);
}

}  // namespace

TEST_CASE("status tells how far a migration is, and other commands wait for its end") {
  Halfway run(before, after, hundred);
  run.run(2);
  const auto told = std::get<Status>(status(run.database.connection(), run.migrations, false));
  REQUIRE(told.migrations.size() == 2);
  CHECK(told.migrations[1].state == "begun");
  CHECK(told.migrations[1].progress == std::vector<std::string>{"move b: 40 rows read"});
  CHECK(error_of(verify(run.database.connection(), run.migrations))->code == "GW5021");
  CHECK(summary(finalize(run.database.connection(), "2_after", {}, {})).find("GW5021") == 0);
  run.finish();
  CHECK(run.database.value("select count(*) from app.b") == "100");
  CHECK(std::get<Status>(status(run.database.connection(), run.migrations, false)).migrations[1].state == "applied");
}

TEST_CASE("psql goes on where the runtime stopped, and the other way round") {
  Halfway run(before, after, hundred);
  SECTION("psql ends it") {
    run.run(2);
    CHECK(run.database.psql(run.migrations[1].up_sql) == 0);
    CHECK(run.database.value("select state from godwit.migration where id = '2_after'") == "applied");
    CHECK(run.database.psql(run.migrations[1].up_sql) != 0);  // applied already
  }
  SECTION("psql begins it") {
    const std::string& up = run.migrations[1].up_sql;
    const std::size_t batches = up.rfind("\ndo $$\nbegin\n  while ");
    REQUIRE(batches != std::string::npos);
    CHECK(run.database.psql(up.substr(0, batches) + "\nselect godwit_kept.batch" +
                            up.substr(up.find("batch_b", batches) + 5, 11) + "(30);\n\\endif\n") == 0);
    run.finish();
  }
  CHECK(run.database.value("select count(*) from app.b") == "100");
  run.back();
  CHECK(run.database.value("select to_regclass('app.b') is null") == "t");
}

TEST_CASE("a row that does not fit stops the batches where they can go on") {
  Halfway run(before, after, hundred);
  run.database.exec(
      "update app.a set v = 'far too long for it' where id = 50; update app.a set v = null where id = 51");
  run.run(2);
  const RuntimeError error = failed(run.go_on());
  CHECK(error.kind == RuntimeError::Kind::resumable);
  CHECK(error.code == "GW5016");
  CHECK(error.step == "move b");
  CHECK(error.hint.find("`godwit rollback` takes back what is done") != std::string::npos);
  CHECK(run.database.value("select count(*) from app.b") == "40");
  run.database.exec("update app.a set v = 'ok' where id in (50, 51)");
  run.finish();
  CHECK(run.database.value("select count(*) from app.b") == "100");
}

TEST_CASE("an after check that fails leaves the migration where it can go on or back") {
  Halfway run(before, after, hundred);
  run.run(5);
  run.database.exec("insert into app.b values (1000, 'more')");
  const RuntimeError error = failed(run.go_on());
  CHECK(error.code == "GW5028");
  CHECK(error.kind == RuntimeError::Kind::resumable);
  CHECK(run.database.value("select state from godwit.migration where id = '2_after'") == "begun");
  SECTION("on") {
    run.database.exec("delete from app.b where id = 1000");
    run.finish();
  }
  SECTION("back") {
    run.back();
    CHECK(run.database.value("select count(*) from app.a") == "100");
    CHECK(run.database.value("select row_data ->> 'v' from godwit_kept.residue") == "more");
  }
}

TEST_CASE("what was begun by another version of the spec is not gone on with") {
  Halfway run(before, after, hundred);
  run.run(1);
  const Compilation other =
      compile({{{"1_before.gw", before}, {"2_after.gw", after + "\ncomment on table app.b 'x';"}}, {}});
  REQUIRE(other.ok);
  const CompiledMigration& changed = other.migrations[1];
  std::vector<Migration> migrations = run.migrations;
  migrations[1] = {changed.id, changed.up_sql, changed.down_sql, changed.finalize_sql, changed.verify_sql};
  CHECK(failed(apply(run.database.connection(), migrations, {}, {})).code == "GW5009");
  CHECK(run.database.psql(changed.up_sql) != 0);
  run.finish();
}

TEST_CASE("nothing comes after a migration that is only begun, and nothing before it") {
  Halfway run(before, after, hundred);
  run.run(1);
  const Compilation more = compile({{{"1_before.gw", before}, {"1_between.gw", "table app.c { id integer; }"}}, {}});
  REQUIRE(more.ok);
  std::vector<Migration> migrations = run.migrations;
  const CompiledMigration& between = more.migrations[1];
  migrations.insert(migrations.begin() + 1,
                    {between.id, between.up_sql, between.down_sql, between.finalize_sql, between.verify_sql});
  CHECK(failed(apply(run.database.connection(), migrations, {}, {})).code == "GW5008");
  RunOptions keep;
  keep.to = "1_before";
  CHECK(summary(rollback(run.database.connection(), keep, {})) == "2_after rolled back");
}

TEST_CASE("a killed server process is no end: the batch is asked for again") {
  Halfway run(before, after, hundred);
  std::size_t batches = 0;
  const auto outcome = apply(run.database.connection(), run.migrations, {}, [&](const Event& event) {
    if (event.name != "batch" || ++batches != 2) return;
    run.database.exec(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and "
        "application_name = 'godwit'");
  });
  CHECK(summary(outcome) == "1_before already applied, 2_after applied");
  CHECK(run.database.value("select count(*) from app.b") == "100");
}

TEST_CASE("a migration in parts without batches runs in its transactions") {
  Halfway run(
      before,
      "migration 'Wide' { transaction phased; }\nalter table app.a { w integer default 1; }\ndrop column app.a.v;",
      hundred);
  run.finish();
  CHECK(run.database.value("select sum(w) from app.a") == "100");
  run.back();
  CHECK(run.database.value("select count(v) from app.a") == "100");
}
