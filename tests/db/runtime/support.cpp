// SPDX-License-Identifier: Apache-2.0
#include "support.h"

#include "base/identifier.h"
#include "compiler/model/ledger.h"
#include "tests/support/schema_dump.h"

#include <unistd.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace godwit::test {

namespace {

Session connected(const std::string& connection, const std::string& application) {
  auto session = Session::open(ConnectionString(connection), application);
  if (!session) FAIL(session.error().message);
  return std::move(*session);
}

ScriptStep step(const std::string& title, const std::string& sql) { return {title, "", {}, sql}; }

std::vector<ScriptStep> framed(const std::string& guard, const std::vector<ScriptStep>& steps,
                               const std::string& record, bool with_ledger) {
  std::vector<ScriptStep> all = {step("open the transaction", "begin;\nset local lock_timeout = '500ms';")};
  if (with_ledger) all.push_back(step("make the ledger", ledger::bootstrap_sql()));
  all.push_back(step("ask the ledger", guard));
  all.insert(all.end(), steps.begin(), steps.end());
  all.push_back(step("record it", record));
  all.push_back(step("commit", "commit;"));
  return all;
}

}  // namespace

Database::Database(const std::string& like) {
  static int count = 0;
  name_ = "t" + std::to_string(getpid()) + "_" + std::to_string(++count);
  auto done = connected("", "test").exec("create database " + name_ + " template " + like + ";");
  if (!done) FAIL(done.error().message);
}

Database::~Database() { (void)connected("", "test").exec("drop database if exists " + name_ + " with (force);"); }

Rows Database::exec(const std::string& sql) const {
  auto rows = connected(connection(), "test").exec(sql);
  if (!rows) FAIL(rows.error().message);
  return *rows;
}

std::string Database::value(const std::string& sql) const {
  const Rows rows = exec(sql);
  return rows.empty() ? "" : rows.text(0, 0);
}

std::string Database::dump() const { return schema_dump(name_); }

int Database::psql(const std::string& script) const {
  const std::string file = "/tmp/godwit-test-" + name_ + ".sql";
  std::ofstream(file) << script;
  const int status =
      std::system(("psql -X -q -v ON_ERROR_STOP=1 -d " + name_ + " -f " + file + " >/dev/null 2>&1").c_str());
  std::remove(file.c_str());
  return status;
}

Session open(const Database& database, const std::string& application) {
  return connected(database.connection(), application);
}

Migration compiled(const Sketch& sketch) {
  Migration migration;
  migration.id = sketch.id;
  const std::string& id = sketch.id;
  migration.down_sql =
      print_script({"down",
                    id,
                    "Test " + id,
                    {{"checksum", sketch.checksum}, {"lock retries", "2"}},
                    framed(ledger::down_guard_sql(id), sketch.down, ledger::down_record_sql(id), false)});
  std::vector<ScriptStep> finalizing = sketch.finalize;
  migration.finalize_sql =
      print_script({"finalize",
                    id,
                    "Test " + id,
                    {{"checksum", sketch.checksum}},
                    framed(ledger::finalize_guard_sql(id), finalizing,
                           ledger::finalize_record_sql(id) + "\n" + ledger::drop_empty_kept_schema_sql(), false)});
  migration.verify_sql = print_script({"verify", id, "Test " + id, {{"checksum", sketch.checksum}}, sketch.verify});
  ledger::UpRecord record;
  record.id = id;
  record.title = "Test " + id;
  record.checksum = sketch.checksum;
  record.rollback_window = sketch.window;
  record.rollback_class = "exact";
  record.baseline = sketch.baseline;
  record.down_sql = migration.down_sql;
  record.finalize_sql = migration.finalize_sql;
  record.verify_sql = migration.verify_sql;
  record.steps = sketch.up.size();
  Script up{"up",
            id,
            "Test " + id,
            {{"checksum", sketch.checksum}, {"lock retries", "2"}},
            framed(ledger::up_guard_sql(id, {}, 13), sketch.up, ledger::up_record_sql(record), true)};
  if (sketch.baseline) up.facts.emplace_back("baseline", "yes");
  up.facts.insert(up.facts.end(), sketch.facts.begin(), sketch.facts.end());
  migration.up_sql = print_script(up);
  return migration;
}

Script up_script(const Migration& migration) {
  auto script = parse_script(migration.up_sql);
  REQUIRE(script);
  return *script;
}

Sketch table_sketch(const std::string& id, const std::string& name) {
  Sketch sketch;
  sketch.id = id;
  const std::string place = "specs/" + id + ".gw:3";
  sketch.up = {{"create schema app_" + name, place, {}, "create schema app_" + name + ";"},
               {"create table app_" + name + "." + name,
                place,
                {"why it stands here"},
                "create table app_" + name + "." + name + " (id integer primary key, note text default 'x');"}};
  sketch.down = {{"drop table app_" + name + "." + name, place, {}, "drop table app_" + name + "." + name + ";"},
                 {"drop schema app_" + name, place, {}, "drop schema app_" + name + ";"}};
  sketch.verify = {{"tables",
                    "",
                    {},
                    "select case when to_regclass('app_" + name + "." + name +
                        "') is null then 'FAIL' else 'PASS' end as result, 'table' as kind, 'app_" + name + "." + name +
                        "' as object, '' as detail;"},
                   {"check after: rows",
                    "",
                    {},
                    "do $$ begin if to_regclass('app_" + name + "." + name +
                        "') is null then raise exception 'no rows' using errcode = 'GW002'; end if; end $$;"}};
  return sketch;
}

Observer Recorder::observer() {
  return [this](const Event& event) {
    const std::vector<std::string>& names = event_names();
    if (std::find(names.begin(), names.end(), event.name) == names.end())
      throw std::logic_error(event.name + " is missing in event_names()");
    const std::lock_guard lock(mutex);
    events.push_back(event);
  };
}

bool Recorder::saw(const std::string& name, const std::string& part) {
  const std::lock_guard lock(mutex);
  for (const Event& event : events) {
    if (event.name == name && event.message.find(part) != std::string::npos) return true;
  }
  return false;
}

std::string summary(const Outcome<RunReport>& outcome) {
  if (const RuntimeError* error = error_of(outcome)) return error->code + " " + error->message;
  std::string text;
  for (const MigrationResult& result : std::get<RunReport>(outcome).migrations) {
    text += (text.empty() ? "" : ", ") + result.id + " " + result.outcome;
  }
  return text;
}

}  // namespace godwit::test
