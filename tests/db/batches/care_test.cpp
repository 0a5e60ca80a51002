// SPDX-License-Identifier: Apache-2.0
// What happens between two batches for the sake of others: waiting, and making room.
#include "tests/db/batches/halfway.h"

#include <algorithm>
#include <chrono>
#include <thread>

using namespace godwit;
using namespace godwit::test;
using namespace std::chrono_literals;

namespace {

const std::string before = "schema app;\ntable app.a { id integer primary key; v text; n integer; }";
const std::string filled = "backfill app.a { set n = id; batch 100; }";
const std::string thousand = "insert into app.a select g, 'v' || g from generate_series(1, 1000) g";

/// Options that look after every batch.
RunOptions looking() {
  RunOptions options;
  options.batch_seconds = 1e-9;  // as many rows as the spec says
  options.throttle.pause = 0.02;
  return options;
}

std::size_t count(const Recorder& recorder, const std::string& name) {
  return static_cast<std::size_t>(std::count_if(recorder.events.begin(), recorder.events.end(),
                                                [&](const Event& event) { return event.name == name; }));
}

/// Calls `act` at events of that name, and records them all.
Observer acting(Recorder& recorder, const std::string& name, std::function<void(const Event&)> act) {
  return [&recorder, name, act, record = recorder.observer()](const Event& event) {
    record(event);
    if (event.name == name) act(event);
  };
}

const std::string done = "1_before already applied, 2_after applied";

}  // namespace

TEST_CASE("batches wait while the user's query says so") {
  Halfway run(before, filled, thousand);
  run.database.exec("create schema ops; create table ops.gate (why text); insert into ops.gate values ('peak hour')");
  Recorder recorder;
  RunOptions options = looking();
  SECTION("a text that says why") { options.throttle.query = "select why from ops.gate"; }
  SECTION("false") { options.throttle.query = "select not exists (select from ops.gate)"; }
  const auto open = [&](const Event&) {
    // Nothing is held while it waits.
    CHECK(run.database.value("select count(*) from pg_stat_activity where application_name like 'godwit%' and "
                             "datname = current_database() and xact_start is not null") == "0");
    CHECK(run.database.value("select rows_read from godwit.checkpoint") == "0");
    run.database.exec("delete from ops.gate");
  };
  CHECK(summary(apply(run.database.connection(), run.migrations, options, acting(recorder, "throttled", open))) ==
        done);
  CHECK(count(recorder, "throttled") == 1);
  CHECK(count(recorder, "unthrottled") == 1);
  CHECK(recorder.saw("throttled", "the query of the settings says"));
  CHECK(run.database.value("select sum(n) from app.a") == "500500");
}

TEST_CASE("a run that waits can be asked to stop") {
  Halfway run(before, filled, thousand);
  std::atomic<bool> stop{false};
  Recorder recorder;
  RunOptions options = looking();
  options.throttle.query = "select 'never'";
  options.throttle.pause = 30;
  SECTION("by a signal") { options.stop = &stop; }
  SECTION("by the clock") { options.stop_at = std::chrono::system_clock::now() + 2s; }
  const auto outcome = apply(run.database.connection(), run.migrations, options,
                             acting(recorder, "throttled", [&](const Event&) { stop = true; }));
  REQUIRE(error_of(outcome) != nullptr);
  CHECK(error_of(outcome)->code == "GW5029");
  CHECK(count(recorder, "migration_paused") == 1);
  CHECK(count(recorder, "unthrottled") == 0);
  run.finish();
}

TEST_CASE("a throttle query that fails stops where the run can go on") {
  Halfway run(before, filled, thousand);
  RunOptions options = looking();
  std::string says;
  SECTION("it cannot run") {
    options.throttle.query = "select busy from ops.load";
    says = "relation \"ops.load\" does not exist";
  }
  SECTION("it may not write") {
    options.throttle.query = "delete from app.a returning false";
    says = "cannot execute DELETE in a read-only transaction";
  }
  const auto outcome = apply(run.database.connection(), run.migrations, options, {});
  REQUIRE(error_of(outcome) != nullptr);
  const RuntimeError& error = *error_of(outcome);
  CHECK(error.code == "GW5030");
  CHECK(error.kind == RuntimeError::Kind::resumable);
  CHECK(error.server_message == says);
  CHECK(error.statement == options.throttle.query);
  CHECK(error.step == "backfill app.a");
  run.finish();
  CHECK(run.database.value("select sum(n) from app.a") == "500500");
}

TEST_CASE("batches give way to those whom they waited for") {
  Halfway run(before, filled, thousand);
  Session holder = open(run.database, "a long report");
  REQUIRE(holder.exec("begin; select * from app.a where id = 250 for update;"));
  std::thread release([&] {
    std::this_thread::sleep_for(1500ms);
    (void)holder.exec("commit;");
  });
  Recorder recorder;
  RunOptions options = looking();
  options.throttle.lock_wait = 0.2;
  const auto outcome = apply(run.database.connection(), run.migrations, options, recorder.observer());
  release.join();
  CHECK(summary(outcome) == done);
  CHECK(recorder.saw("throttled", "s for locks (limit: 0.2 s)"));
  CHECK(count(recorder, "throttled") == 1);
}

TEST_CASE("what the server does not have is a warning, once") {
  Halfway run(before, filled, thousand);
  Recorder recorder;
  RunOptions options = looking();
  options.throttle.archive_files = 1;
  options.throttle.replication_lag = 0.001;
  options.throttle.pause = 0;
  CHECK(summary(apply(run.database.connection(), run.migrations, options, recorder.observer())) == done);
  CHECK(count(recorder, "warning") == 1);
  CHECK(recorder.saw("warning", "this server archives nothing"));
}

TEST_CASE("a table that is changed in place is vacuumed between the batches") {
  Halfway run(before, filled, "insert into app.a select g, repeat('v', 100) from generate_series(1, 20000) g");
  const long long full = std::stoll(run.database.value("select pg_relation_size('app.a')"));
  Recorder recorder;
  RunOptions options = looking();
  SECTION("as often as the setting says") {
    options.vacuum_every = 2000;
    CHECK(summary(apply(run.database.connection(), run.migrations, options, recorder.observer())) == done);
    CHECK(count(recorder, "vacuumed") == 10);
    CHECK(recorder.saw("vacuumed", "app.a"));
    CHECK(std::stoll(run.database.value("select pg_relation_size('app.a')")) < full * 13 / 10);
  }
  SECTION("not at all") {
    options.vacuum_every = 0;
    CHECK(summary(apply(run.database.connection(), run.migrations, options, recorder.observer())) == done);
    CHECK(count(recorder, "vacuumed") == 0);
    CHECK(std::stoll(run.database.value("select pg_relation_size('app.a')")) > full * 18 / 10);
  }
  SECTION("not when few rows changed, unless the setting says so") {
    CHECK(summary(apply(run.database.connection(), run.migrations, options, recorder.observer())) == done);
    CHECK(count(recorder, "vacuumed") == 0);
  }
  SECTION("not when somebody is in the way: a warning, and the batches go on") {
    options.vacuum_every = 15000;
    Session other = open(run.database);
    const auto hold = [&](const Event& event) {
      if (event.rows == 100) CHECK(other.exec("begin; lock table app.a in share update exclusive mode;"));
    };
    const auto release = [&](const Event& event) {
      if (event.name == "warning") (void)other.exec("commit;");
      if (event.name == "batch") hold(event);
    };
    const auto record = recorder.observer();
    CHECK(summary(apply(run.database.connection(), run.migrations, options, [&](const Event& event) {
            record(event);
            release(event);
          })) == done);
    CHECK(count(recorder, "vacuumed") == 0);
    CHECK(
        recorder.saw("warning", "app.a is not vacuumed between the batches: canceling statement due to lock timeout"));
  }
  CHECK(run.database.value("select count(*) from app.a where n = id") == "20000");
}

TEST_CASE("a table that rows are only added to is not vacuumed") {
  Halfway run(before,
              "table app.b { id integer primary key; }\nmove app.a -> app.b { set id = id; key (id); batch 100; }",
              thousand);
  Recorder recorder;
  RunOptions options = looking();
  options.vacuum_every = 100;
  CHECK(summary(apply(run.database.connection(), run.migrations, options, recorder.observer())) == done);
  CHECK(count(recorder, "vacuumed") == 0);
}
