// SPDX-License-Identifier: Apache-2.0
// status and verify: both only read.
#include "base/codes.h"
#include "base/identifier.h"
#include "runtime/drift.h"
#include "runtime/errors.h"
#include "runtime/ledger.h"
#include "runtime/runner.h"
#include "runtime/script_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace godwit {

namespace {

MigrationStatus status_of(const LedgerRow& row) {
  MigrationStatus status;
  status.id = row.id;
  status.title = row.title;
  status.state = row.state == "rolled_back" ? "rolled back" : row.is_going_back() ? "rolling back" : row.state;
  status.applied_at = row.applied_at;
  if (row.state == "applied" && !row.is_going_back()) status.window_until = row.window_until;
  status.window_open = row.window_open;
  return status;
}

Result<std::vector<std::string>, RuntimeError> drift_lines(Session& session) {
  const auto drift = find_drift(session);
  if (!drift) return unexpected(bookkeeping_error(drift.error(), "comparing the database with the ledger"));
  return describe(*drift, "ledger");
}

/// A line for each step that runs in batches.
Result<std::vector<std::string>, RuntimeError> progress_of(Session& session, const LedgerRow& row) {
  const std::string of_this_way =
      row.is_going_back() ? " and begun_at > (select applied_at from godwit.migration where id = migration)" : "";
  const auto rows = session.exec(
      "select step, sum(rows_read), sum(rows_expected), bool_and(next_key is null), bool_and(reached_at is null)\n"
      "from godwit.checkpoint where migration = " +
      literal(row.id) + of_this_way + " group by step order by min(begun_at), step;");
  if (!rows) return unexpected(bookkeeping_error(rows.error(), "reading how far the batches are"));
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const std::string& expected = rows->text(i, 2);
    std::string line = rows->text(i, 0) + ": ";
    if (rows->is_true(i, 3)) {
      line += "all " + rows->text(i, 1) + " rows read";
    } else if (rows->is_true(i, 4)) {
      line += "not begun";
    } else {
      line += rows->text(i, 1) + (expected == "0" ? " rows read" : " of about " + expected + " rows read");
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

using Lines = std::map<std::string, std::vector<std::string>>;

/// What a table of godwit_kept notes, by migration: a line for each step, with the words that tell it.
Result<Lines, RuntimeError> noted_rows(Session& session, const std::string& table, const std::string& words) {
  Lines lines;
  const auto failed = [&](const ServerError& error) {
    return unexpected(bookkeeping_error(error, "counting the rows of godwit_kept." + table));
  };
  const auto there = session.exec(
      fmt::format("select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace\n"
                  "where (n.nspname, c.relname) = ('godwit_kept', '{}') and has_schema_privilege(n.oid, 'usage')\n"
                  "  and has_table_privilege(c.oid, 'select'));",
                  table));
  if (!there) return failed(there.error());
  if (!there->is_true(0, 0)) return lines;
  const auto rows = session.exec(fmt::format(
      "select migration, step, table_name, count(*) from godwit_kept.{} group by 1, 2, 3 order by 1, 2, 3;", table));
  if (!rows) return failed(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    lines[rows->text(i, 0)].push_back(fmt::format("{}: {} {} of {} {}: see godwit_kept.{}", rows->text(i, 1),
                                                  rows->text(i, 3), rows->text(i, 3) == "1" ? "row" : "rows",
                                                  rows->text(i, 2), words, table));
  }
  return lines;
}

/// Rows (result, kind, object, detail) of each step, where result is PASS or FAIL. A check says it by failing. Steps
/// that return something else only prepare.
Result<void, RuntimeError> run_verification(Session& session, const Script& script, std::vector<VerifyRow>& found) {
  bool compares = false;  // what stands between gates is done by compare()
  for (const ScriptStep& step : script.steps) {
    compares = (compares || gate_query(step)) && !closes_gate(step);
    if (compares || closes_gate(step)) continue;
    const bool is_check = step.title.starts_with("check");
    const auto rows = session.exec(step.sql);
    std::string remarks;
    for (const Notice& notice : session.take_notices()) remarks += (remarks.empty() ? "" : "; ") + notice.message;
    if (!rows && is_check && rows.error().sqlstate.starts_with("GW")) {
      found.push_back({false, "check", step.title, rows.error().message});
      continue;
    }
    if (!rows) return unexpected(step_error(script, step, rows.error()));
    if (is_check) found.push_back({true, "check", step.title, remarks});
    if (rows->columns.size() != 4 || rows->columns.front() != "result") continue;
    for (std::size_t i = 0; i < rows->rows.size(); ++i) {
      found.push_back({rows->text(i, 0) == "PASS", rows->text(i, 1), rows->text(i, 2), rows->text(i, 3)});
    }
  }
  return {};
}

}  // namespace

Outcome<Status> status(const std::string& connection, const std::vector<Migration>& migrations, bool with_drift) {
  std::vector<KnownMigration> known;
  for (const Migration& migration : migrations) {
    auto script = read_head(migration.up_sql, "up", migration.id);
    if (!script) return script.error();
    known.push_back({script->id, script->title, std::string(script->fact("checksum"))});
  }
  return status_of_known(connection, known, with_drift);
}

Outcome<Status> status_of_known(const std::string& connection, const std::vector<KnownMigration>& migrations,
                                bool with_drift) {
  auto session = connect(ConnectionString(connection), "godwit status", Session::Use::look);
  if (!session) return session.error();
  const auto ledger = read_ledger(*session);
  if (!ledger) return ledger.error();
  auto rejected = noted_rows(*session, "rejected", "did not fit");
  if (!rejected) return rejected.error();
  auto conflicts = noted_rows(*session, "conflict", "had both sides written at once");
  if (!conflicts) return conflicts.error();
  Status status;
  status.has_ledger = ledger->exists;
  std::map<std::string, const KnownMigration*> known;
  for (const KnownMigration& migration : migrations) known.emplace(migration.id, &migration);
  std::map<std::string, const LedgerRow*> rows;
  for (const LedgerRow& row : ledger->rows) {
    rows.emplace(row.id, &row);
    const auto spec = known.find(row.id);
    if (spec != known.end() && !row.stands()) continue;  // pending again
    status.migrations.push_back(status_of(row));
    status.migrations.back().rejected = std::move((*rejected)[row.id]);
    status.migrations.back().conflicts = std::move((*conflicts)[row.id]);
    if (row.is_begun() || row.is_going_back()) {
      auto lines = progress_of(*session, row);
      if (!lines) return lines.error();
      status.migrations.back().progress = std::move(*lines);
    }
    status.migrations.back().changed = spec != known.end() && spec->second->checksum != row.checksum;
  }
  for (const KnownMigration& migration : migrations) {
    const auto row = rows.find(migration.id);
    if (row != rows.end() && row->second->stands()) continue;
    MigrationStatus each;
    if (row != rows.end()) each = status_of(*row->second);
    each.id = migration.id;
    each.title = migration.title;
    if (each.state.empty()) each.state = "pending";
    status.migrations.push_back(std::move(each));
  }
  if (with_drift && ledger->exists) {
    if (auto settled = session->settle("godwit status"); !settled) {
      return bookkeeping_error(settled.error(), "setting up the session");
    }
    auto lines = drift_lines(*session);
    if (!lines) return lines.error();
    status.drift = std::move(*lines);
  }
  return status;
}

Outcome<std::vector<VerifyRow>> verify(const std::string& connection, const std::vector<Migration>& migrations) {
  auto session = connect(ConnectionString(connection), "godwit verify");
  if (!session) return session.error();
  const auto ledger = read_ledger(*session);
  if (!ledger) return ledger.error();
  const LedgerRow* const last = ledger->last();
  if (last == nullptr) {
    return runtime_error(RuntimeError::Kind::refused, codes::not_applied,
                         "nothing is applied to this database, there is nothing to verify",
                         "`godwit apply` first; check that this is the database you mean");
  }
  if (last->is_begun()) {
    return runtime_error(RuntimeError::Kind::refused, codes::not_applied,
                         "migration " + last->id + " is only begun: the database is between two shapes",
                         "`godwit apply` ends it, `godwit rollback` takes it back");
  }
  if (last->is_going_back()) {
    return runtime_error(RuntimeError::Kind::refused, codes::going_back,
                         "the rollback of " + last->id + " has begun, and is not done",
                         "`godwit rollback` finishes it; after that it can be applied anew");
  }
  // What earlier migrations declared, later ones may have changed on purpose: the last one's word counts, and the
  // comparison with the ledger covers all the rest.
  auto text = read_artifact(*session, last->id, "verify_sql");
  if (!text) return text.error();
  if (text->empty()) {
    for (const Migration& migration : migrations) {
      if (migration.id == last->id) *text = migration.verify_sql;
    }
  }
  std::vector<VerifyRow> found;
  if (!text->empty()) {
    const auto script = read_script(*text, "verify", last->id, false);
    if (!script) return script.error();
    if (auto ran = run_verification(*session, *script, found); !ran) return ran.error();
  }
  const auto lines = drift_lines(*session);
  if (!lines) return lines.error();
  for (const std::string& line : *lines) found.push_back({false, "drift", line, "changed behind the ledger's back"});
  if (lines->empty()) found.push_back({true, "drift", "catalog", "as the ledger remembers it"});
  return found;
}

}  // namespace godwit
