// SPDX-License-Identifier: Apache-2.0
// The way back, and closing it.
#include "support.h"

#include "compiler/model/ledger.h"

#include <catch2/catch.hpp>

using namespace godwit;
using namespace godwit::test;

namespace {

RuntimeError refused(const Outcome<RunReport>& outcome) {
  REQUIRE(error_of(outcome) != nullptr);
  CHECK_FALSE(error_of(outcome)->hint.empty());
  return *error_of(outcome);
}

std::string residue_of(const Outcome<RunReport>& outcome) {
  std::string text;
  for (const Residue& item : std::get<RunReport>(outcome).migrations.at(0).residue)
    text += (text.empty() ? "" : ", ") + std::to_string(item.rows) + " of " + item.table + ": " + item.reason;
  return text;
}

/// Like table_sketch, with a rollback that leaves one row of residue.
Migration with_residue() {
  Sketch sketch = table_sketch("m1", "a");
  sketch.down.insert(
      sketch.down.begin(),
      {"keep what has no place",
       "",
       {},
       ledger::residue_table_sql() +
           "\ninsert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)\n"
           "select 'm1', 'drop', 'app_a.a', jsonb_build_object('id', id), to_jsonb(a), 'no place for it' "
           "from app_a.a;"});
  return compiled(sketch);
}

}  // namespace

TEST_CASE("rollback undoes the last migration from the ledger alone") {
  const Database database;
  const std::string before = database.dump();
  const std::vector<Migration> migrations = {compiled(table_sketch("m1", "a")), compiled(table_sketch("m2", "b")),
                                             compiled(table_sketch("m3", "c"))};
  REQUIRE(summary(apply(database.connection(), migrations, {}, {})) == "m1 applied, m2 applied, m3 applied");
  CHECK(summary(rollback(database.connection(), {}, {})) == "m3 rolled back");
  RunOptions to_first;
  to_first.to = "m1";
  CHECK(summary(apply(database.connection(), migrations, {}, {})) ==
        "m1 already applied, m2 already applied, m3 applied");
  CHECK(summary(rollback(database.connection(), to_first, {})) == "m3 rolled back, m2 rolled back");
  CHECK(summary(rollback(database.connection(), {}, {})) == "m1 rolled back");
  CHECK(database.dump() == before);
  CHECK(refused(rollback(database.connection(), {}, {})).code == "GW5021");
  CHECK(summary(apply(database.connection(), migrations, {}, {})) == "m1 applied, m2 applied, m3 applied");
  CHECK(database.value("select string_agg(id || sequence, ' ' order by sequence) from godwit.migration") ==
        "m15 m26 m37");
}

TEST_CASE("rolling back what was never applied is refused") {
  const Database database;
  const RuntimeError nothing = refused(rollback(database.connection(), {}, {}));
  CHECK(nothing.code == "GW5021");
  CHECK(nothing.kind == RuntimeError::Kind::refused);
  CHECK(database.value("select to_regnamespace('godwit') is null") == "t");
  REQUIRE(summary(apply(database.connection(), {compiled(table_sketch("m1", "a"))}, {}, {})) == "m1 applied");
  RunOptions options;
  options.to = "m9";
  CHECK(refused(rollback(database.connection(), options, {})).message ==
        "migration `m9` was never applied to this database");
}

TEST_CASE("a rollback after the window is refused unless a late one is asked for") {
  const Database database;
  Sketch sketch = table_sketch("m1", "a");
  sketch.window = "0s";
  const Migration migration = compiled(sketch);
  REQUIRE(summary(apply(database.connection(), {migration}, {}, {})) == "m1 applied");
  CHECK(refused(rollback(database.connection(), {}, {})).code == "GW5020");
  CHECK(database.psql(migration.down_sql) != 0);
  RunOptions late;
  late.allow_late_rollback = true;
  CHECK(summary(rollback(database.connection(), late, {})) == "m1 rolled back");
}

TEST_CASE("the artifact's own guard speaks through the runtime") {
  const Database database;
  const Migration migration = compiled(table_sketch("m1", "a"));
  REQUIRE(summary(apply(database.connection(), {migration}, {}, {})) == "m1 applied");
  bool once = true;
  const Observer meanwhile = [&](const Event& event) {
    if (event.name == "step_started" && std::exchange(once, false)) {
      database.exec("update godwit.migration set window_until = now() - interval '1 hour';");
    }
  };
  const RuntimeError error = refused(rollback(database.connection(), {}, meanwhile));
  CHECK(error.code == "GW5023");
  CHECK(error.message.find("the rollback window of migration m1 closed at") == 0);
}

TEST_CASE("rollback counts and shows what has no place in the old shape") {
  const Database database;
  REQUIRE(summary(apply(database.connection(), {with_residue()}, {}, {})) == "m1 applied");
  database.exec("insert into app_a.a values (1, 'one'), (2, 'two');");
  RunOptions dry;
  dry.dry_run = true;
  Recorder recorder;
  auto outcome = rollback(database.connection(), dry, recorder.observer());
  REQUIRE(summary(outcome) == "m1 would be rolled back");
  CHECK(residue_of(outcome) == "2 of app_a.a: no place for it");
  CHECK(recorder.saw("residue", "residue: app_a.a {\"id\": 1}: no place for it"));
  CHECK(database.value("select count(*) from app_a.a") == "2");
  CHECK(database.value("select to_regnamespace('godwit_kept') is null") == "t");

  outcome = rollback(database.connection(), {}, {});
  REQUIRE(summary(outcome) == "m1 rolled back");
  CHECK(residue_of(outcome) == "2 of app_a.a: no place for it");
  CHECK(database.value("select string_agg(row_data ->> 'note', ' ' order by key) from godwit_kept.residue") ==
        "one two");
}

TEST_CASE("a failing rollback leaves everything as it was") {
  const Database database;
  Sketch sketch = table_sketch("m1", "a");
  sketch.down.push_back({"divide", "specs/m1.gw:5", {}, "select 1 / 0;"});
  REQUIRE(summary(apply(database.connection(), {compiled(sketch)}, {}, {})) == "m1 applied");
  const std::string before = database.dump();
  const RuntimeError error = refused(rollback(database.connection(), {}, {}));
  CHECK(error.place == "specs/m1.gw:5");
  CHECK(error.sqlstate == "22012");
  CHECK(database.dump() == before);
  CHECK(database.value("select state from godwit.migration") == "applied");
}

TEST_CASE("finalize closes one window, or all that have passed") {
  const Database database;
  Sketch first = table_sketch("m1", "a"), second = table_sketch("m2", "b"), third = table_sketch("m3", "c");
  first.window = "0s";
  first.up.push_back({"keep", "", {}, ledger::kept_schema_sql() + "\ncreate table godwit_kept.old (id integer);"});
  first.finalize = {{"drop what was kept", "", {}, "drop table godwit_kept.old;"}};
  const std::vector<Migration> migrations = {compiled(first), compiled(second), compiled(third)};
  REQUIRE(summary(apply(database.connection(), migrations, {}, {})) == "m1 applied, m2 applied, m3 applied");
  CHECK(summary(finalize(database.connection(), std::nullopt, {}, {})) == "m1 finalized");
  CHECK(database.value("select to_regnamespace('godwit_kept') is null") == "t");
  CHECK(summary(finalize(database.connection(), "m3", {}, {})) == "m3 finalized");
  CHECK(summary(finalize(database.connection(), "m3", {}, {})) == "m3 already finalized");
  CHECK(refused(finalize(database.connection(), "m7", {}, {})).code == "GW5021");
  CHECK(refused(rollback(database.connection(), {}, {})).code == "GW5022");
  CHECK(summary(apply(database.connection(), migrations, {}, {})) ==
        "m1 already applied, m2 already applied, m3 already applied");
}

TEST_CASE("drift stops a rollback unless it is allowed, and is told then") {
  const Database database;
  REQUIRE(summary(apply(database.connection(), {compiled(table_sketch("m1", "a"))}, {}, {})) == "m1 applied");
  database.exec("alter table app_a.a add column extra text;");
  const auto outcome = rollback(database.connection(), {}, {});
  CHECK(refused(outcome).code == "GW5012");
  CHECK(refused(outcome).detail == "+ column app_a.a.extra is only in the database");
  CHECK(refused(outcome).hint.find("--allow-drift") != std::string::npos);
  CHECK(database.value("select count(*) from pg_attribute where attname = 'extra'") == "1");
  RunOptions options;
  options.allow_drift = true;
  Recorder recorder;
  CHECK(summary(rollback(database.connection(), options, recorder.observer())) == "m1 rolled back");
  CHECK(recorder.saw("drift", "+ column app_a.a.extra is only in the database"));
}
