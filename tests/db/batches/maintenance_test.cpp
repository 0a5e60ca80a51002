// SPDX-License-Identifier: Apache-2.0
// Runs that hold off the writes of applications, and runs that wait for their transactions first.
#include "tests/db/batches/halfway.h"

#include <chrono>
#include <functional>
#include <thread>

using namespace godwit;
using namespace godwit::test;
using namespace std::chrono_literals;

namespace {

const std::string before =
    "schema app;\ntable app.a { id integer primary key; n integer; }\n"
    "table app.parts { id integer primary key; n integer; partition by list (id); partition part_1 for values in (1); "
    "}";
const std::string filled = "backfill app.a { set n = id; batch 100; }\nalter table app.parts { more text; }";
const std::string thousand = "insert into app.a select generate_series(1, 1000); insert into app.parts values (1)";
const std::string done = "1_before already applied, 2_after applied";

RunOptions in_maintenance() {
  RunOptions options;
  options.batch_seconds = 1e-9;
  options.maintenance = true;
  return options;
}

/// The SQLSTATE with which the server answers somebody else.
std::string answer(const Database& database, const std::string& sql) {
  Session other = open(database);
  const auto said = other.exec("begin; set local lock_timeout = '1s'; " + sql + "; rollback;");
  return said ? "" : said.error().sqlstate;
}

void check_nothing_left(const Halfway& run) {
  CHECK(run.database.value("select count(*) from pg_trigger where tgname = '_gw_maintenance'") == "0");
  CHECK(run.database.value("select to_regnamespace('godwit_kept_maintenance') is null") == "t");
  CHECK(run.database.value("select count(*) from godwit.object where name like '%maintenance%'") == "0");
  const auto told = std::get<Status>(status(run.database.connection(), run.migrations, true));
  CHECK(told.drift == std::vector<std::string>());
  CHECK(answer(run.database, "insert into app.a values (2000)").empty());
}

Observer at(Recorder& recorder, const std::string& name, std::function<void()> act) {
  return [&recorder, name, act, record = recorder.observer()](const Event& event) {
    record(event);
    if (event.name == name) act();
  };
}

}  // namespace

TEST_CASE("maintenance holds off writers between the batches, and nobody afterwards") {
  Halfway run(before, filled, thousand);
  const std::string shape = run.database.dump();
  Recorder recorder;
  bool once = true;
  const auto writing = [&] {
    if (!std::exchange(once, false)) return;
    CHECK(answer(run.database, "insert into app.a values (2000)") == "25006");
    CHECK(answer(run.database, "update app.a set n = 1 where false") == "25006");
    CHECK(answer(run.database, "delete from app.a") == "25006");
    CHECK(answer(run.database, "truncate app.a") == "25006");
    CHECK(answer(run.database, "update app.part_1 set n = 1") == "25006");
    CHECK(answer(run.database, "select * from app.a").empty());
  };
  CHECK(summary(apply(run.database.connection(), run.migrations, in_maintenance(), at(recorder, "batch", writing))) ==
        done);
  CHECK_FALSE(once);
  CHECK(recorder.saw("maintenance_begun", "app.a, app.parts"));
  CHECK(recorder.saw("maintenance_ended"));
  check_nothing_left(run);
  CHECK(run.database.value("select sum(n) from app.a") == "500500");
  run.back();
  CHECK(run.database.dump() == shape);
}

TEST_CASE("maintenance ends with a run that pauses or fails") {
  Halfway run(before, filled, thousand);
  RunOptions options = in_maintenance();
  std::atomic<bool> stop{false};
  std::string code;
  SECTION("it pauses") {
    options.stop = &stop;
    code = "GW5029";
  }
  SECTION("it fails") {
    options.throttle.query = "select nonsense";
    options.throttle.pause = 0;
    code = "GW5030";
  }
  Recorder recorder;
  const auto outcome =
      apply(run.database.connection(), run.migrations, options, at(recorder, "batch", [&] { stop = true; }));
  REQUIRE(error_of(outcome) != nullptr);
  CHECK(error_of(outcome)->code == code);
  CHECK(recorder.saw("maintenance_ended"));
  check_nothing_left(run);
  run.finish();
}

TEST_CASE("maintenance lasts from the first migration of a run to the last") {
  Halfway run(before, "alter table app.a { x text; }", thousand);
  const Compilation more = compile({{{"1_before.gw", before},
                                     {"2_after.gw", "alter table app.a { x text; }"},
                                     {"3_last.gw", "alter table app.a { y text; }"}},
                                    {}});
  REQUIRE(more.ok);
  std::vector<Migration> migrations;
  for (const CompiledMigration& one : more.migrations)
    migrations.push_back({one.id, one.up_sql, one.down_sql, one.finalize_sql, one.verify_sql});
  Recorder recorder;
  std::string between;
  SECTION("several") {
    const auto writing = [&] { between += answer(run.database, "insert into app.a values (2000)") + ' '; };
    CHECK(summary(apply(run.database.connection(), migrations, in_maintenance(),
                        at(recorder, "migration_started", writing))) ==
          "1_before already applied, 2_after applied, 3_last applied");
    CHECK(between == "25006 25006 ");
  }
  SECTION("one in one transaction needs its own locks alone") {
    const auto writing = [&] { between = answer(run.database, "insert into app.a values (2000)"); };
    bool locked = false;
    const Observer observer = [&](const Event& event) {
      recorder.observer()(event);
      if (event.name == "step_done" && event.step.starts_with("lock")) {
        locked = true;
        writing();
      }
    };
    CHECK(summary(apply(run.database.connection(), run.migrations, in_maintenance(), observer)) == done);
    CHECK(locked);
    CHECK(between == "55P03");
    CHECK_FALSE(recorder.saw("maintenance_begun"));
  }
  check_nothing_left(run);
}

TEST_CASE("what a killed run left refuses nobody, and the next run removes it") {
  Halfway run(before, filled, thousand);
  run.run(2);
  // As a run leaves it that is gone: its process holds no lock.
  run.database.exec(
      "create schema godwit_kept_maintenance;"
      "create function godwit_kept_maintenance.refuse() returns trigger language plpgsql as 'begin return null; end';"
      "create trigger _gw_maintenance before insert or update or delete or truncate on app.a for each statement "
      "execute function godwit_kept_maintenance.refuse(); select godwit.remember();");
  SECTION("apply") { run.finish(); }
  SECTION("rollback") { run.back(); }
  SECTION("one that has nothing else to do") {
    const std::string outcome = summary(finalize(run.database.connection(), "1_before", {}, {}));
    CHECK(outcome == "1_before already finalized");
  }
  check_nothing_left(run);
}

TEST_CASE("a run waits for the transactions of a role that touch its tables") {
  Halfway run(before, filled, thousand);
  const std::string role = "drained_" + run.database.name();
  run.database.exec("create role " + role + " login; grant usage on schema app to " + role +
                    "; grant select on all tables in schema app to " + role + "; select godwit.remember()");
  auto opened = Session::open(ConnectionString(run.database.connection() + " user=" + role), "a long report");
  REQUIRE(opened);
  Session& report = *opened;
  RunOptions options = in_maintenance();
  options.drain_role = role;
  options.drain_seconds = 0.5;
  Recorder recorder;
  const auto applied = [&] {
    return summary(apply(run.database.connection(), run.migrations, options, recorder.observer()));
  };

  SECTION("one that stays is named, and nothing is done") {
    REQUIRE(report.exec("begin; select * from app.part_1;"));
    const auto outcome = apply(run.database.connection(), run.migrations, options, recorder.observer());
    REQUIRE(error_of(outcome) != nullptr);
    const RuntimeError& error = *error_of(outcome);
    CHECK(error.code == "GW5031");
    CHECK(error.kind == RuntimeError::Kind::refused);
    CHECK(error.message.find("a transaction of role `" + role + "` did not end within 0.5 s") == 0);
    CHECK(error.detail.find("a long report") != std::string::npos);
    CHECK(error.detail.find("idle in transaction: begin; select * from app.part_1;") != std::string::npos);
    CHECK(recorder.saw("draining", "a long report"));
    CHECK(run.database.value("select count(*) from godwit.migration") == "1");
    CHECK(report.exec("commit;"));
  }
  SECTION("one that ends in time is waited for") {
    options.drain_seconds = 30;
    REQUIRE(report.exec("begin; select * from app.a;"));
    std::thread release([&] {
      std::this_thread::sleep_for(600ms);
      (void)report.exec("commit;");
    });
    CHECK(applied() == done);
    release.join();
    CHECK(recorder.saw("draining"));
  }
  SECTION("one that stays is ended when asked to") {
    options.drain_terminates = true;
    REQUIRE(report.exec("begin; select * from app.a;"));
    CHECK(applied() == done);
    CHECK(recorder.saw("warning", "ended process"));
    CHECK_FALSE(report.exec("select 1;"));
  }
  SECTION("others are not waited for") {
    options.drain_seconds = 0;
    REQUIRE(report.exec("begin; select 1;"));
    CHECK(applied() == done);
    CHECK_FALSE(recorder.saw("draining"));
  }
  SECTION("a role that is not there") {
    options.drain_role = "nobody_here";
    CHECK(applied().starts_with("GW5031 there is no role `nobody_here`"));
  }
  opened = Session::open(ConnectionString(run.database.connection()), "test");
  run.database.exec("drop owned by " + role + "; drop role " + role);
}
