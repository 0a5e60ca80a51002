// SPDX-License-Identifier: Apache-2.0
// rollback and finalize: both run artifacts that stand in the ledger, never files.
#include "base/codes.h"
#include "runtime/drift.h"
#include "runtime/errors.h"
#include "runtime/ledger.h"
#include "runtime/listeners.h"
#include "runtime/runner.h"
#include "runtime/script_run.h"

#include <fmt/format.h>

#include <algorithm>

namespace godwit {

namespace {

using Kind = RuntimeError::Kind;

RuntimeError refused(const Code& code, const std::string& migration, std::string message, std::string hint) {
  RuntimeError error = runtime_error(Kind::refused, code, std::move(message), std::move(hint));
  error.migration = migration;
  return error;
}

RuntimeError not_applied(const std::string& id, const LedgerRow* row) {
  const std::string state = row == nullptr ? "was never applied to this database" : "is rolled back already";
  return refused(codes::not_applied, id, fmt::format("migration `{}` {}", id, state),
                 "`godwit status` shows what is applied; check that this is the database you mean");
}

std::optional<RuntimeError> refuse_rollback(const LedgerRow& row, const RunOptions& options) {
  if (row.is_begun() || row.is_going_back()) return std::nullopt;
  if (row.state == "adopted") {
    return refused(codes::nothing_to_undo, row.id,
                   fmt::format("{} was adopted: what it states stood in the database before godwit", row.id),
                   "an adopted baseline has no rollback; `--to` it rolls back what came after");
  }
  if (row.state == "finalized") {
    return refused(codes::nothing_to_undo, row.id, fmt::format("{} is finalized: what it kept is gone", row.id),
                   "write a new migration that leads back");
  }
  if (row.rollback_class.starts_with("impossible")) {
    return refused(codes::nothing_to_undo, row.id,
                   fmt::format("{} cannot be rolled back: it holds an irreversible step", row.id),
                   "restore a backup, or write a new migration that leads back");
  }
  if (row.window_open || options.allow_late_rollback) return std::nullopt;
  return refused(codes::window_closed, row.id,
                 fmt::format("the rollback window of {} closed at {}", row.id, row.window_until),
                 "what it kept is still there until `godwit finalize`: `--late` rolls back all the same");
}

/// What is to be rolled back, the last first.
Result<std::vector<const LedgerRow*>, RuntimeError> find_targets(const Ledger& ledger, const RunOptions& options) {
  std::vector<const LedgerRow*> targets;
  if (options.to) {
    const LedgerRow* const stop = ledger.find(*options.to);
    if (stop == nullptr || !stop->stands()) return unexpected(not_applied(*options.to, stop));
    for (const LedgerRow* row = &ledger.rows.back(); row != stop; --row) {
      if (row->stands()) targets.push_back(row);
    }
  } else if (const LedgerRow* const last = ledger.last(); last != nullptr) {
    targets.push_back(last);
  } else {
    return unexpected(refused(codes::not_applied, "",
                              "nothing is applied to this database, there is nothing to roll back",
                              "`godwit status` shows what is applied; check that this is the database you mean"));
  }
  for (const LedgerRow* row : targets) {
    if (auto error = refuse_rollback(*row, options)) return unexpected(*error);
  }
  return targets;
}

Result<Script, RuntimeError> read_stored(Session& session, const LedgerRow& row, const std::string& direction) {
  const auto text = read_artifact(session, row.id, direction + "_sql");
  if (!text) return unexpected(text.error());
  return read_script(*text, direction, row.id, false);
}

/// The lock, the ledger and a work session.
struct Start {
  std::unique_ptr<Runner> runner;
  Ledger ledger;
};

Result<Start, RuntimeError> start(const std::string& connection, const RunOptions& options, Reporter& reporter) {
  auto runner = Runner::start(connection, options, reporter);
  if (!runner) return unexpected(runner.error());
  auto ledger = read_ledger((*runner)->control());
  if (!ledger) return unexpected(ledger.error());
  return Start{std::move(*runner), std::move(*ledger)};
}

Result<RunReport, RuntimeError> run_all(Runner& runner, const std::vector<const LedgerRow*>& targets,
                                        const std::string& direction, const std::string& outcome) {
  const bool dry_run = runner.options().dry_run;
  RunReport report;
  for (const LedgerRow* row : targets) {
    auto script = read_stored(runner.work(), *row, direction);
    if (!script) return unexpected(after(report, script.error()));
    runner.reporter()("migration_started", row->id, row->title);
    const auto ran = run_script(runner, *script, dry_run ? Ending::undo : Ending::commit);
    if (!ran) {
      tell_stopped(runner, row->id, ran.error());
      return unexpected(after(report, ran.error()));
    }
    const std::string done = dry_run ? "would be " + outcome : outcome;
    report.migrations.push_back({row->id, done, ran->seconds, ran->notices, ran->residue});
    runner.reporter()("migration_done", row->id, done);
    // The next one can only be tried when this one is really gone.
    if (dry_run && direction == "down") break;
  }
  return report;
}

template <typename T>
Outcome<T> as_outcome(Result<T, RuntimeError> result) {
  if (result) return std::move(*result);
  return std::move(result.error());
}

}  // namespace

Outcome<RunReport> rollback(const std::string& connection, const RunOptions& options, const Observer& observer) {
  Reporter reporter(observer);
  auto begun = start(connection, options, reporter);
  if (!begun) return begun.error();
  const auto targets = find_targets(begun->ledger, options);
  if (!targets) return targets.error();
  if (targets->empty()) return RunReport{};
  Runner& runner = *begun->runner;
  if (auto taken = runner.take_over(true); !taken) return taken.error();
  // What was done by hand since has no place in the way back: a column added to a table that goes, goes with its
  // values.
  auto drift =
      refuse_drift(runner.work(),
                   "undo what was done by hand, or roll back all the same with `--allow-drift`: what stands on "
                   "things that the rollback drops is lost with them");
  if (drift && (drift->code != codes::drift.id || !options.allow_drift)) return *drift;
  if (drift) reporter("drift", targets->front()->id, drift->detail);
  return as_outcome(run_all(runner, *targets, "down", "rolled back"));
}

Outcome<RunReport> finalize(const std::string& connection, const std::optional<std::string>& id,
                            const RunOptions& options, const Observer& observer) {
  Reporter reporter(observer);
  auto begun = start(connection, options, reporter);
  if (!begun) return begun.error();
  std::vector<const LedgerRow*> targets;
  if (id) {
    const LedgerRow* const row = begun->ledger.find(*id);
    if (row == nullptr || !row->is_applied()) return not_applied(*id, row);
    if (row->state != "applied") return RunReport{{{*id, "already " + row->state, 0, {}, {}}}};
    targets.push_back(row);
  } else {
    for (const LedgerRow& row : begun->ledger.rows) {
      if (row.state == "applied" && !row.window_open && !row.is_going_back()) targets.push_back(&row);
    }
  }
  if (targets.empty()) return RunReport{};
  Runner& runner = *begun->runner;
  if (auto taken = runner.take_over(true); !taken) return taken.error();
  return as_outcome(run_all(runner, targets, "finalize", "finalized"));
}

}  // namespace godwit
