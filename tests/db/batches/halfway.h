// SPDX-License-Identifier: Apache-2.0
// Migrations in batches that stop halfway, so that rows can be written in between, and go on.
#pragma once

#include "tests/db/runtime/support.h"

#include <godwit/compile.h>

#include <catch2/catch.hpp>

#include <atomic>
#include <string>
#include <vector>

namespace godwit::test {

/// A migration on top of another, which is applied and final, with rows.
class Halfway {
 public:
  Halfway(const std::string& before, const std::string& after, const std::string& rows) {
    const Compilation compiled = compile({{{"1_before.gw", before}, {"2_after.gw", after}}, {}});
    INFO(compiled.report(ReportFormat::text));
    REQUIRE(compiled.ok);
    for (const CompiledMigration& one : compiled.migrations)
      migrations.push_back({one.id, one.up_sql, one.down_sql, one.finalize_sql, one.verify_sql});
    RunOptions first;
    first.to = "1_before";
    REQUIRE(summary(apply(database.connection(), migrations, first, {})) == "1_before applied");
    REQUIRE(summary(finalize(database.connection(), "1_before", {}, {})) == "1_before finalized");
    database.exec(rows);
  }

  /// Applies until so many batches are done, and pauses.
  void run(std::size_t batches) {
    std::atomic<bool> stop{batches == 0};
    std::size_t done = 0;
    RunOptions options;
    options.stop = &stop;
    options.batch_seconds = 1e-9;  // as many rows as the spec says
    const auto outcome = apply(database.connection(), migrations, options, [&](const Event& event) {
      if (event.name == "batch") stop = ++done >= batches;
    });
    REQUIRE(error_of(outcome) != nullptr);
    INFO(error_of(outcome)->message << ' ' << error_of(outcome)->server_message);
    CHECK(error_of(outcome)->code == "GW5029");
    CHECK(error_of(outcome)->kind == RuntimeError::Kind::resumable);
  }

  /// Rolls back until so many batches are done, and pauses.
  void back_until(std::size_t batches) {
    std::atomic<bool> stop{batches == 0};
    std::size_t done = 0;
    RunOptions options;
    options.stop = &stop;
    options.batch_seconds = 1e-9;
    const auto outcome = rollback(database.connection(), options, [&](const Event& event) {
      if (event.name == "batch") stop = ++done >= batches;
    });
    REQUIRE(error_of(outcome) != nullptr);
    INFO(error_of(outcome)->message << ' ' << error_of(outcome)->server_message);
    CHECK(error_of(outcome)->code == "GW5029");
    CHECK(error_of(outcome)->kind == RuntimeError::Kind::resumable);
    CHECK(error_of(outcome)->hint == "`godwit rollback` goes on from there");
  }

  Outcome<RunReport> go_on() { return apply(database.connection(), migrations, {}, {}); }

  /// go_on(), which must work.
  void finish() { CHECK(summary(go_on()) == "1_before already applied, 2_after applied"); }

  void back() { CHECK(summary(rollback(database.connection(), {}, {})) == "2_after rolled back"); }

  /// `1 a | 2 b`: the rows of a query.
  std::string rows(const std::string& query) {
    return database.value(
        "select coalesce(string_agg(concat_ws(' ', variadic array(select coalesce(value, 'null') from "
        "json_each_text(to_json(t)))), ' | '), '') from (" +
        query + ") as t");
  }

  /// What stands in the residue: `key: reason`.
  std::string residue() {
    if (database.value("select to_regclass('godwit_kept.residue') is null") == "t") return "";
    return rows("select row_data ->> 'id' as id, reason from godwit_kept.residue order by 1");
  }

  /// Nothing is left of the watch.
  void check_no_watch() {
    CHECK(database.value("select count(*) from pg_trigger where tgname like '\\_gw\\_%'") == "0");
    CHECK(database.value("select count(*) from pg_proc where pronamespace::regnamespace::text = 'godwit_kept'") == "0");
    CHECK(database.value("select count(*) from pg_class where relname ~ '^(late|again|since|touched|back)_'") == "0");
  }

  Database database;
  std::vector<Migration> migrations;
};

}  // namespace godwit::test
