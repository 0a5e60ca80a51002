// SPDX-License-Identifier: Apache-2.0
// Several sessions run the batches of one step, each in a range of its own.
#include "tests/db/batches/halfway.h"

#include <chrono>
#include <thread>

using namespace godwit;
using namespace godwit::test;

namespace {

const std::string before =
    "schema app;\ntable app.a { id integer; part uuid; v text not null; primary key (id, part); }";
const std::string moving =
    "table app.b { id integer; part uuid; v varchar(10) not null; by integer not null default pg_backend_pid(); "
    "primary key "
    "(id, part); }\n"
    "move app.a -> app.b { set id = id, part = part, v = v; key (id, part); batch 20; }";
const std::string filling =
    "alter table app.a { w text; }\n"
    "backfill app.a { set w = upper(v) || ' ' || pg_backend_pid()::text; batch 20; }";
const std::string rows =
    "insert into app.a select g, md5(g::text)::uuid, 'v' || g from generate_series(1, 3000) g; analyze app.a";

/// Applies with several workers; slowly, so that each gets its share.
Outcome<RunReport> apply_with(Halfway& run, int workers, const std::function<void(const Event&)>& watch = {}) {
  RunOptions options;
  options.batch_workers = workers;
  options.batch_seconds = 1e-9;
  return apply(run.database.connection(), run.migrations, options, [&](const Event& event) {
    if (event.name != "batch") return;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (watch) watch(event);
  });
}

const std::string all_moved =
    "select count(*) filter (where a.v = b.v) || ' of ' || count(*) from app.a full join app.b using (id, part)";

}  // namespace

TEST_CASE("several sessions move rows, each in its ranges") {
  Halfway run(before, moving, rows);
  std::uint64_t most = 0;
  CHECK(summary(apply_with(run, 3, [&](const Event& event) { most = std::max(most, event.rows); })) ==
        "1_before already applied, 2_after applied");
  CHECK(most == 3000);
  CHECK(run.database.value("select count(*) from godwit.checkpoint where finished_at is not null") == "8");
  CHECK(run.database.value("select sum(rows_read) || ' ' || sum(rows_written) from godwit.checkpoint") == "3000 3000");
  CHECK(run.database.value("select count(distinct by) > 1 from app.b") == "t");
  CHECK(run.database.value(all_moved) == "3000 of 3000");
  run.back();
  CHECK(run.database.value("select count(*) from app.a") == "3000");
}

TEST_CASE("sessions that are lost leave their ranges to the others") {
  Halfway run(before, moving, rows);
  bool killed = false;
  const auto outcome = apply_with(run, 3, [&](const Event& event) {
    if (killed || event.rows < 500) return;
    killed = true;
    run.database.exec(
        "select pg_terminate_backend(a.pid) from pg_stat_activity a where application_name = 'godwit'\n"
        "and datname = current_database() and not exists (select from pg_locks l where l.pid = a.pid and locktype = "
        "'advisory')");
  });
  CHECK(summary(outcome) == "1_before already applied, 2_after applied");
  CHECK(killed);
  CHECK(run.database.value(all_moved) == "3000 of 3000");
}

TEST_CASE("ranges that one run left are gone on with by any number of sessions, or by psql") {
  Halfway run(before, moving, rows);
  run.run(20);
  run.database.exec("update app.a set v = 'late' where id % 500 = 0; delete from app.a where id = 7");
  SECTION("by several") { CHECK(summary(apply_with(run, 8)) == "1_before already applied, 2_after applied"); }
  SECTION("by psql") { CHECK(run.database.psql(run.migrations[1].up_sql) == 0); }
  CHECK(run.database.value(all_moved) == "2999 of 2999");
  run.back();
  CHECK(run.database.value("select count(*) from app.a where v = 'late'") == "6");
}

TEST_CASE("an error of one session stops all of them where they can go on") {
  Halfway run(before, moving, rows);
  run.run(2);
  run.database.exec("update app.a set v = 'longer than ten' where id = 1700");
  const auto outcome = apply_with(run, 4);
  REQUIRE(error_of(outcome) != nullptr);
  CHECK(error_of(outcome)->kind == RuntimeError::Kind::resumable);
  CHECK(error_of(outcome)->server_message.find("too long") != std::string::npos);
  run.database.exec("update app.a set v = 'short' where id = 1700");
  CHECK(summary(apply_with(run, 4)) == "1_before already applied, 2_after applied");
  CHECK(run.database.value(all_moved) == "3000 of 3000");
}

TEST_CASE("several sessions fill a column") {
  Halfway run(before, filling, rows);
  CHECK(summary(apply_with(run, 3)) == "1_before already applied, 2_after applied");
  CHECK(run.database.value("select count(*) || ' ' || (count(distinct split_part(w, ' ', 2)) > 1) from app.a where w "
                           "like upper(v) || ' %'") == "3000 true");
  run.back();
  CHECK(run.database.value("select count(*) from app.a") == "3000");
}

TEST_CASE("several sessions pass what holds off everybody else") {
  Halfway run(before, filling, rows);
  RunOptions options;
  options.batch_workers = 3;
  options.batch_seconds = 1e-9;
  options.maintenance = true;
  CHECK(summary(apply(run.database.connection(), run.migrations, options, [](const Event& event) {
          if (event.name == "batch") std::this_thread::sleep_for(std::chrono::milliseconds(2));
        })) == "1_before already applied, 2_after applied");
  CHECK(run.database.value("select count(distinct split_part(w, ' ', 2)) > 1 from app.a") == "t");
}
