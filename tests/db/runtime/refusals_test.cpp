// SPDX-License-Identifier: Apache-2.0
// What is refused before anything is changed, and the way out that each refusal names.
#include "support.h"

#include <catch2/catch.hpp>

using namespace godwit;
using namespace godwit::test;

namespace {

RuntimeError refused(const Outcome<RunReport>& outcome) {
  REQUIRE(error_of(outcome) != nullptr);
  CHECK_FALSE(error_of(outcome)->hint.empty());
  return *error_of(outcome);
}

}  // namespace

TEST_CASE("a database changed behind the ledger's back is refused with the difference") {
  const Database database;
  const std::vector<Migration> migrations = {compiled(table_sketch("m1", "a")), compiled(table_sketch("m2", "b"))};
  REQUIRE(summary(apply(database.connection(), {migrations[0]}, {}, {})) == "m1 applied");
  database.exec(
      "alter table app_a.a alter note set default 'y'; create table app_a.extra (id integer);"
      "alter table app_a.a drop constraint a_pkey; create schema elsewhere; create table elsewhere.t (id integer);");
  const RuntimeError error = refused(apply(database.connection(), migrations, {}, {}));
  CHECK(error.kind == RuntimeError::Kind::refused);
  CHECK(error.code == "GW5012");
  CHECK(error.detail ==
        "~ column app_a.a.note differs: ledger `text default 'x'::text`, database `text default 'y'::text`\n"
        "- constraint app_a.a.a_pkey is missing in the database\n"
        "+ table app_a.extra is only in the database");
  CHECK(database.value("select to_regclass('app_b.b') is null") == "t");

  database.exec("select godwit.remember();");
  CHECK(summary(apply(database.connection(), migrations, {}, {})) == "m1 already applied, m2 applied");
}

TEST_CASE("a spec that was changed after it was applied is refused with both checksums") {
  const Database database;
  Sketch sketch = table_sketch("m1", "a");
  REQUIRE(summary(apply(database.connection(), {compiled(sketch)}, {}, {})) == "m1 applied");
  sketch.checksum = "c2";
  const RuntimeError error = refused(apply(database.connection(), {compiled(sketch)}, {}, {}));
  CHECK(error.code == "GW5009");
  CHECK(error.migration == "m1");
  CHECK(error.hint.find("applied: c1, now: c2") != std::string::npos);
}

TEST_CASE("an artifact edited by hand is refused unless that is allowed") {
  const Database database;
  Migration migration = compiled(table_sketch("m1", "a"));
  const std::size_t at = migration.up_sql.find("default 'x'");
  REQUIRE(at != std::string::npos);
  migration.up_sql.replace(at, 11, "default 'z'");
  const RuntimeError error = refused(apply(database.connection(), {migration}, {}, {}));
  CHECK(error.code == "GW5010");
  CHECK(error.kind == RuntimeError::Kind::refused);
  RunOptions options;
  options.allow_edited = true;
  CHECK(summary(apply(database.connection(), {migration}, options, {})) == "m1 applied");
}

TEST_CASE("an unreadable artifact, another migration's and an unknown id are usage errors") {
  const Database database;
  Migration migration = compiled(table_sketch("m1", "a"));
  RunOptions options;
  options.to = "m7";
  CHECK(refused(apply(database.connection(), {migration}, options, {})).code == "GW5024");
  std::swap(migration.up_sql, migration.down_sql);
  CHECK(refused(apply(database.connection(), {migration}, {}, {})).code == "GW5011");
  migration.up_sql = "create table t ();";
  const RuntimeError error = refused(apply(database.connection(), {migration}, {}, {}));
  CHECK(error.code == "GW5011");
  CHECK(error.kind == RuntimeError::Kind::usage);
}

TEST_CASE("a pending migration before an applied one is refused unless that is allowed") {
  const Database database;
  const std::vector<Migration> migrations = {compiled(table_sketch("m1", "a")), compiled(table_sketch("m2", "b"))};
  REQUIRE(summary(apply(database.connection(), {migrations[1]}, {}, {})) == "m2 applied");
  CHECK(refused(apply(database.connection(), migrations, {}, {})).code == "GW5008");
  CHECK(refused(apply(database.connection(), {migrations[0]}, {}, {})).code == "GW5008");
  RunOptions options;
  options.allow_out_of_order = true;
  CHECK(summary(apply(database.connection(), migrations, options, {})) == "m2 already applied, m1 applied");
  // rolled back by the order in which they were applied
  CHECK(summary(rollback(database.connection(), {}, {})) == "m1 rolled back");
}

TEST_CASE("a migration without a way back must be allowed") {
  const Database database;
  Sketch sketch = table_sketch("m1", "a");
  sketch.facts = {{"rollback", "impossible: drops app.scratch"}};
  CHECK(refused(apply(database.connection(), {compiled(sketch)}, {}, {})).code == "GW5015");
  RunOptions options;
  options.allow_irreversible = true;
  CHECK(summary(apply(database.connection(), {compiled(sketch)}, options, {})) == "m1 applied");
}

TEST_CASE("the ledger of a newer godwit is refused") {
  const Database database;
  REQUIRE(summary(apply(database.connection(), {compiled(table_sketch("m1", "a"))}, {}, {})) == "m1 applied");
  database.exec("update godwit.version set ledger = 99;");
  const std::vector<Migration> migrations = {compiled(table_sketch("m1", "a")), compiled(table_sketch("m2", "b"))};
  CHECK(refused(apply(database.connection(), migrations, {}, {})).code == "GW5027");
  CHECK(refused(rollback(database.connection(), {}, {})).code == "GW5027");
}
