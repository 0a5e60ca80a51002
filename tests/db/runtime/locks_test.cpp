// SPDX-License-Identifier: Apache-2.0
// Others in the way: sessions that hold locks, a second runner, a runner that was taken over.
#include "support.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <thread>

using namespace godwit;
using namespace godwit::test;
using namespace std::chrono_literals;

namespace {

Migration altering() {
  Sketch sketch = table_sketch("m2", "b");
  sketch.up = {{"add column app_a.a.more", "specs/m2.gw:4", {}, "alter table app_a.a add column more integer;"}};
  sketch.down = {{"drop column app_a.a.more", "specs/m2.gw:4", {}, "alter table app_a.a drop column more;"}};
  return compiled(sketch);
}

}  // namespace

TEST_CASE("a lock that is not granted in time is tried again, and the holder is named") {
  const Database database;
  const Migration first = compiled(table_sketch("m1", "a"));
  REQUIRE(summary(apply(database.connection(), {first}, {}, {})) == "m1 applied");
  Session holder = open(database, "a long report");
  REQUIRE(holder.exec("begin; select * from app_a.a;"));
  Recorder recorder;

  SECTION("released in time") {
    std::thread release([&] {
      std::this_thread::sleep_for(800ms);
      (void)holder.exec("commit;");
    });
    CHECK(summary(apply(database.connection(), {first, altering()}, {}, recorder.observer())) ==
          "m1 already applied, m2 applied");
    release.join();
    CHECK(recorder.saw("retry", "a long report"));
    CHECK(recorder.saw("blocked", "a long report"));
  }
  SECTION("never released") {
    const auto outcome = apply(database.connection(), {first, altering()}, {}, recorder.observer());
    REQUIRE(error_of(outcome) != nullptr);
    const RuntimeError& error = *error_of(outcome);
    CHECK(error.code == "GW5017");
    CHECK(error.kind == RuntimeError::Kind::failed);
    CHECK(error.place == "specs/m2.gw:4");
    CHECK(error.message.find("after 3 attempts") != std::string::npos);
    CHECK(error.detail.find("a long report") != std::string::npos);
    CHECK(error.detail.find("select * from app_a.a") != std::string::npos);
    CHECK(database.value("select count(*) from godwit.migration") == "1");
  }
}

TEST_CASE("a second runner is refused and told who is at work, or waits when asked") {
  const Database database;
  const Migration earlier = compiled(table_sketch("m0", "z"));
  REQUIRE(summary(apply(database.connection(), {earlier}, {}, {})) == "m0 applied");
  Sketch slow = table_sketch("m1", "a");
  slow.up.push_back({"think", "", {}, "select pg_sleep(1);"});
  const Migration migration = compiled(slow);
  Recorder recorder;
  std::string first;
  RunOptions options;
  options.application_name = "deploy 41";
  std::atomic<bool> ended = false;
  std::thread runner([&] {
    first = summary(apply(database.connection(), {migration}, options, recorder.observer()));
    ended = true;
  });
  while (!ended && !recorder.saw("step_started")) std::this_thread::sleep_for(10ms);

  const auto second = apply(database.connection(), {migration}, {}, {});
  REQUIRE(error_of(second) != nullptr);
  CHECK(error_of(second)->code == "GW5007");
  CHECK(error_of(second)->kind == RuntimeError::Kind::refused);
  CHECK(error_of(second)->message.find("deploy 41") != std::string::npos);
  CHECK(error_of(second)->message.find("user postgres") != std::string::npos);
  CHECK(error_of(second)->message.find("at work since") != std::string::npos);

  RunOptions waiting;
  waiting.wait_for_runner = true;
  Recorder waited;
  CHECK(summary(apply(database.connection(), {migration}, waiting, waited.observer())) == "m1 already applied");
  CHECK(waited.saw("waiting_for_lock", "deploy 41"));
  runner.join();
  CHECK(first == "m1 applied");
}

TEST_CASE("a runner that was taken over cannot commit") {
  const Database database;
  const Migration first = compiled(table_sketch("m1", "a"));
  REQUIRE(summary(apply(database.connection(), {first}, {}, {})) == "m1 applied");

  SECTION("its next transaction does not begin") {
    bool once = true;
    const Observer usurper = [&](const Event& event) {
      if (event.name != "migration_started" || !std::exchange(once, false)) return;
      database.exec("update godwit.runner set epoch = epoch + 1;");
    };
    const auto outcome = apply(database.connection(), {first, altering()}, {}, usurper);
    REQUIRE(error_of(outcome) != nullptr);
    CHECK(error_of(outcome)->code == "GW5025");
  }
  SECTION("while its transaction is open nobody takes over") {
    bool once = true;
    const Observer usurper = [&](const Event& event) {
      if (event.name != "step_started" || event.step != "record it" || !std::exchange(once, false)) return;
      Session other = open(database);
      const auto taken = other.exec("set lock_timeout = '100ms'; update godwit.runner set epoch = epoch + 1;");
      REQUIRE_FALSE(taken);
      CHECK(taken.error().sqlstate == "55P03");
      CHECK(other.exec("update godwit.runner set heartbeat_at = now();"));
    };
    CHECK(summary(apply(database.connection(), {first, altering()}, {}, usurper)) == "m1 already applied, m2 applied");
    CHECK_FALSE(once);
  }
}

TEST_CASE("a deadlock is tried again") {
  const Database database;
  const Migration first = compiled(table_sketch("m1", "a"));
  REQUIRE(summary(apply(database.connection(), {first}, {}, {})) == "m1 applied");
  Sketch sketch = table_sketch("m2", "b");
  // Fails as a deadlock's victim does, the first time only: sequences are not undone.
  database.exec("create sequence public.tries; select godwit.remember();");
  sketch.up.push_back(
      {"meet a deadlock",
       "",
       {},
       "do $$ begin if nextval('public.tries') = 1 then raise exception 'deadlock detected' using errcode = "
       "'40P01'; end if; end $$;"});
  Recorder recorder;
  CHECK(summary(apply(database.connection(), {first, compiled(sketch)}, {}, recorder.observer())) ==
        "m1 already applied, m2 applied");
  CHECK(recorder.saw("retry", "deadlock detected"));
}
