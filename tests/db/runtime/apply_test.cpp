// SPDX-License-Identifier: Apache-2.0
// Applying: what runs, what a failure leaves behind, what psql leaves behind.
#include "support.h"

#include <catch2/catch.hpp>

using namespace godwit;
using namespace godwit::test;

TEST_CASE("pending migrations are applied in order, applied ones are left alone") {
  const Database database;
  const std::vector<Migration> migrations = {compiled(table_sketch("m1", "a")), compiled(table_sketch("m2", "b"))};
  Recorder recorder;
  RunOptions only_first;
  only_first.to = "m1";
  CHECK(summary(apply(database.connection(), migrations, only_first, recorder.observer())) == "m1 applied");
  CHECK(summary(apply(database.connection(), migrations, {}, recorder.observer())) == "m1 already applied, m2 applied");
  CHECK(summary(apply(database.connection(), migrations, {}, {})) == "m1 already applied, m2 already applied");
  CHECK(database.value(
            "select string_agg(id || ' ' || state || ' ' || sequence, ', ' order by id) from godwit.migration") ==
        "m1 applied 1, m2 applied 2");
  CHECK(database.value("select string_agg(what || ' ' || migration, ', ' order by id) from godwit.event") ==
        "applied m1, applied m2");
  CHECK(recorder.saw("step_started", "specs/m1.gw:3"));
  CHECK(recorder.saw("migration_done", "applied"));
}

TEST_CASE("a failing statement leaves database and ledger as they were and says where it stands") {
  const Database database;
  const Migration first = compiled(table_sketch("m1", "a"));
  REQUIRE(summary(apply(database.connection(), {first}, {}, {})) == "m1 applied");
  Sketch broken = table_sketch("m2", "b");
  broken.up.push_back(
      {"insert twice", "specs/m2.gw:9", {}, "insert into app_b.b values (1);\ninsert into app_b.b values (1);"});
  const std::string before = database.dump();
  const std::string rows = database.value("select string_agg(m::text, '') from godwit.migration m");
  const auto outcome = apply(database.connection(), {first, compiled(broken)}, {}, {});
  const RuntimeError* const error = error_of(outcome);
  REQUIRE(error != nullptr);
  CHECK(error->kind == RuntimeError::Kind::failed);
  CHECK(error->code == "GW5016");
  CHECK(error->migration == "m2");
  CHECK(error->step == "insert twice");
  CHECK(error->place == "specs/m2.gw:9");
  CHECK(error->sqlstate == "23505");
  CHECK(error->server_message == "duplicate key value violates unique constraint \"b_pkey\"");
  CHECK(error->detail == "Key (id)=(1) already exists.");
  CHECK(error->statement.find("insert into app_b.b") == 0);
  CHECK(error->hint.find("specs/m2.gw:9") != std::string::npos);
  CHECK(database.dump() == before);
  CHECK(database.value("select string_agg(m::text, '') from godwit.migration m") == rows);
}

TEST_CASE("a first migration that fails leaves the database without a ledger, and the next run makes it") {
  const Database database;
  Sketch broken = table_sketch("m1", "a");
  broken.up.push_back({"divide", "specs/m1.gw:9", {}, "select 1 / 0;"});
  const std::string before = database.dump();
  CHECK(summary(apply(database.connection(), {compiled(broken)}, {}, {})) == "GW5016 divide: division by zero");
  CHECK(database.dump() == before);
  CHECK(database.value("select to_regnamespace('godwit') is null") == "t");
  broken.up.pop_back();
  CHECK(summary(apply(database.connection(), {compiled(broken), compiled(table_sketch("m2", "b"))}, {}, {})) ==
        "m1 applied, m2 applied");
  CHECK(database.value("select epoch || ' ' || (application is not null) from godwit.runner") == "1 true");
}

TEST_CASE("a schema that only has the ledger's name is refused with the way out") {
  const Database database;
  database.exec("create schema godwit;");
  const auto outcome = apply(database.connection(), {compiled(table_sketch("m1", "a"))}, {}, {});
  REQUIRE(error_of(outcome) != nullptr);
  CHECK(error_of(outcome)->server_message == "schema \"godwit\" already exists");
  CHECK(error_of(outcome)->hint.find("alter schema godwit rename to") != std::string::npos);
  database.exec("drop schema godwit;");
  CHECK(summary(apply(database.connection(), {compiled(table_sketch("m1", "a"))}, {}, {})) == "m1 applied");
}

TEST_CASE("psql leaves the same ledger as the runtime") {
  const Database by_runtime, by_psql;
  const std::vector<Migration> migrations = {compiled(table_sketch("m1", "a")), compiled(table_sketch("m2", "b"))};
  REQUIRE(summary(apply(by_runtime.connection(), migrations, {}, {})) == "m1 applied, m2 applied");
  REQUIRE(summary(rollback(by_runtime.connection(), {}, {})) == "m2 rolled back");
  REQUIRE(by_psql.psql(migrations[0].up_sql) == 0);
  REQUIRE(by_psql.psql(migrations[1].up_sql) == 0);
  CHECK(by_psql.psql(migrations[1].up_sql) != 0);    // applied already
  CHECK(by_psql.psql(migrations[0].down_sql) != 0);  // not the last
  REQUIRE(by_psql.psql(migrations[1].down_sql) == 0);
  for (const char* query :
       {"select string_agg((to_jsonb(m) - '{applied_at, window_until, rolled_back_at}'::text[])::text, e'\\n' order by "
        "id) "
        "from godwit.migration m",
        "select string_agg((to_jsonb(e) - '{at, application, client_address}'::text[])::text, e'\\n' order by id) "
        "from godwit.event e",
        "select string_agg(o::text, e'\\n' order by o::text) from godwit.object o"}) {
    CHECK(by_runtime.value(query) == by_psql.value(query));
  }
  CHECK(by_runtime.dump() == by_psql.dump());
  CHECK(summary(apply(by_psql.connection(), migrations, {}, {})) == "m1 already applied, m2 applied");
}

TEST_CASE("a dry run runs the checks before, and nothing else") {
  const Database database;
  Sketch sketch = table_sketch("m1", "a");
  sketch.up.insert(
      sketch.up.begin(),
      {"check before: server", "specs/m1.gw:7", {}, "do $$ begin raise warning 'three rows stay behind'; end $$;"});
  Sketch later = table_sketch("m2", "b");
  later.up.insert(later.up.begin(), {"check before: rows", "", {}, "select count(*) from app_a.a;"});
  RunOptions dry;
  dry.dry_run = true;
  Recorder recorder;
  CHECK(summary(apply(database.connection(), {compiled(sketch), compiled(later)}, dry, recorder.observer())) ==
        "m1 would apply, m2 would apply");
  CHECK(recorder.saw("check", "three rows stay behind"));
  CHECK(recorder.saw("check", "when the earlier pending migrations are applied"));
  CHECK(database.value("select to_regnamespace('godwit') is null") == "t");

  // As the compiler writes them: every check reports, then the verdict stops.
  sketch.up[0].sql =
      "do $$ begin raise warning 'check \"rows\" failed: found 3, limit 0';\n"
      "  perform set_config('godwit.failed_checks', '\"rows\"', true); end $$;";
  sketch.up.insert(
      sketch.up.begin() + 1,
      {"go or no-go: every check before the first change has run",
       "specs/m1.gw:7",
       {},
       "do $$ begin if coalesce(current_setting('godwit.failed_checks', true), '') <> '' then\n"
       "  raise exception 'checks failed: %', current_setting('godwit.failed_checks') using errcode = 'GW002';\n"
       "end if; end $$;"});
  for (const auto& outcome : {preflight(database.connection(), {compiled(sketch)}, {}, {}),
                              apply(database.connection(), {compiled(sketch)}, {}, {})}) {
    REQUIRE(error_of(outcome) != nullptr);
    CHECK(error_of(outcome)->kind == RuntimeError::Kind::failed);
    CHECK(error_of(outcome)->code == "GW5028");
    CHECK(error_of(outcome)->place == "specs/m1.gw:7");
    CHECK(error_of(outcome)->detail == "check \"rows\" failed: found 3, limit 0");
  }
  CHECK(database.value("select to_regnamespace('app_a') is null") == "t");
}

TEST_CASE("a lost answer to the commit is looked up") {
  const Database database;
  Sketch sketch = table_sketch("m1", "a");
  Script script = up_script(compiled(sketch));
  Migration migration = compiled(sketch);

  SECTION("committed") {
    script.steps.back().sql = "commit;\nselect pg_terminate_backend(pg_backend_pid());";
    migration.up_sql = print_script(script);
    CHECK(summary(apply(database.connection(), {migration}, {}, {})) == "m1 applied");
    CHECK(database.value("select state from godwit.migration") == "applied");
  }
  SECTION("not committed") {
    script.steps.back().sql = "select pg_terminate_backend(pg_backend_pid());\ncommit;";
    migration.up_sql = print_script(script);
    const auto outcome = apply(database.connection(), {migration}, {}, {});
    REQUIRE(error_of(outcome) != nullptr);
    CHECK(error_of(outcome)->kind == RuntimeError::Kind::connection);
    CHECK(error_of(outcome)->code == "GW5018");
    CHECK(database.value("select to_regnamespace('godwit') is null") == "t");
  }
}

TEST_CASE("status tells what is pending, applied, changed and adrift") {
  const Database database;
  const std::vector<Migration> migrations = {compiled(table_sketch("m1", "a")), compiled(table_sketch("m2", "b"))};
  auto found = std::get<Status>(status(database.connection(), migrations, true));
  CHECK_FALSE(found.has_ledger);
  REQUIRE(found.migrations.size() == 2);
  CHECK(found.migrations[0].state == "pending");
  CHECK(database.value("select to_regnamespace('godwit') is null") == "t");

  REQUIRE(summary(apply(database.connection(), {migrations[0]}, {}, {})) == "m1 applied");
  database.exec("alter table app_a.a add column extra text;");
  Sketch edited = table_sketch("m1", "a");
  edited.checksum = "c2";
  found = std::get<Status>(status(database.connection(), {compiled(edited), migrations[1]}, true));
  REQUIRE(found.migrations.size() == 2);
  CHECK(found.migrations[0].state == "applied");
  CHECK(found.migrations[0].window_open);
  CHECK(found.migrations[0].changed);
  CHECK(found.migrations[0].applied_at.size() == 20);
  CHECK(found.migrations[1].state == "pending");
  CHECK(found.drift == std::vector<std::string>{"+ column app_a.a.extra is only in the database"});
}

TEST_CASE("verify runs the artifact and compares with the ledger") {
  const Database database;
  const Migration migration = compiled(table_sketch("m1", "a"));
  CHECK(error_of(verify(database.connection(), {migration})) != nullptr);
  REQUIRE(summary(apply(database.connection(), {migration}, {}, {})) == "m1 applied");
  auto rows = std::get<std::vector<VerifyRow>>(verify(database.connection(), {migration}));
  REQUIRE(rows.size() == 3);
  CHECK((rows[0].passed && rows[0].object == "app_a.a"));
  CHECK((rows[1].passed && rows[1].kind == "check"));
  CHECK((rows[2].passed && rows[2].kind == "drift"));
  database.exec("drop table app_a.a;");
  rows = std::get<std::vector<VerifyRow>>(verify(database.connection(), {migration}));
  REQUIRE(rows.size() == 3);
  CHECK_FALSE(rows[0].passed);
  CHECK((!rows[1].passed && rows[1].detail == "no rows"));
  CHECK(rows[2].object == "- table app_a.a is missing in the database");
}

TEST_CASE("what a run had finished before it failed is told with the failure") {
  const Database database;
  Sketch wrong = table_sketch("m2", "b");
  wrong.up.push_back({"a mistake", "specs/m2.gw:4", {}, "select 1 / 0;"});
  const auto outcome = apply(database.connection(), {compiled(table_sketch("m1", "a")), compiled(wrong)}, {}, {});
  REQUIRE(std::holds_alternative<RuntimeError>(outcome));
  CHECK(std::get<RuntimeError>(outcome).stands == std::vector<std::string>{"applied m1"});
  CHECK(database.value("select string_agg(id, ' ') from godwit.migration where state = 'applied'") == "m1");
}
