// SPDX-License-Identifier: Apache-2.0
// apply and preflight: what is pending, whether it may run, and running it.
#include "base/codes.h"
#include "runtime/baseline.h"
#include "runtime/drain.h"
#include "runtime/drift.h"
#include "runtime/errors.h"
#include "runtime/ledger.h"
#include "runtime/listeners.h"
#include "runtime/maintenance.h"
#include "runtime/runner.h"
#include "runtime/script_run.h"

#include <fmt/format.h>

#include <algorithm>

namespace godwit {

namespace {

using Kind = RuntimeError::Kind;

constexpr const char* way_out_of_drift =
    "undo what was done by hand, or write it as a migration; when the database is right as it is, "
    "`select godwit.remember()` makes the ledger take it as it stands";

struct Wanted {
  const Migration* migration = nullptr;
  Script script;
};

RuntimeError refused(const Code& code, const std::string& migration, std::string message, std::string hint) {
  RuntimeError error = runtime_error(Kind::refused, code, std::move(message), std::move(hint));
  error.migration = migration;
  return error;
}

/// The heads of the up scripts of what may run, up to and including `options.to`.
Result<std::vector<Wanted>, RuntimeError> read_wanted(const std::vector<Migration>& migrations,
                                                      const RunOptions& options) {
  std::vector<Wanted> wanted;
  bool found_last = !options.to;
  for (const Migration& migration : migrations) {
    auto script = read_head(migration.up_sql, "up", migration.id);
    if (!script) return unexpected(script.error());
    wanted.push_back({&migration, std::move(*script)});
    found_last = found_last || migration.id == *options.to;
    if (options.to && migration.id == *options.to) break;
  }
  if (found_last) return wanted;
  return unexpected(runtime_error(Kind::usage, codes::no_such_migration,
                                  fmt::format("there is no migration `{}`", *options.to),
                                  "give one of the ids that `godwit status` lists"));
}

/// What is pending, after the ledger and the specs were found to agree.
Result<std::vector<Wanted*>, RuntimeError> find_pending(std::vector<Wanted>& wanted,
                                                        const std::vector<Migration>& migrations, const Ledger& ledger,
                                                        const RunOptions& options) {
  for (const LedgerRow& row : ledger.rows) {
    if (!row.is_going_back()) continue;
    return unexpected(refused(codes::going_back, row.id,
                              fmt::format("the rollback of {} has begun, and is not done", row.id),
                              "`godwit rollback` finishes it; after that it can be applied anew"));
  }
  std::vector<Wanted*> pending;
  for (Wanted& each : wanted) {
    const std::string& id = each.migration->id;
    const LedgerRow* const row = ledger.find(id);
    const bool stands = row != nullptr && row->stands();
    if (!stands || row->is_begun()) pending.push_back(&each);
    if (!stands) continue;
    const std::string_view checksum = each.script.fact("checksum");
    if (!checksum.empty() && checksum != row->checksum) {
      const char* const done = row->is_begun() ? "begun" : "applied";
      return unexpected(refused(codes::spec_changed, id,
                                fmt::format("the spec of {} was changed after it was {}", id, done),
                                fmt::format("restore the spec ({}: {}, now: {}) and write the change as a new "
                                            "migration; or roll {} back and apply it anew",
                                            done, row->checksum, checksum, id)));
    }
  }
  if (options.allow_out_of_order) return pending;
  const auto position = [&](const std::string& id) {
    return std::find_if(migrations.begin(), migrations.end(), [&](const Migration& m) { return m.id == id; });
  };
  for (const Wanted* each : pending) {
    for (const LedgerRow& row : ledger.rows) {
      const auto applied = position(row.id);
      const bool comes_before =
          applied == migrations.end() ? each->migration->id < row.id : position(each->migration->id) < applied;
      if (!row.stands() || row.id == each->migration->id || !comes_before) continue;
      return unexpected(refused(codes::out_of_order, each->migration->id,
                                fmt::format("{} is pending, but {} after it is applied", each->migration->id, row.id),
                                "give it a later id, or allow it on purpose with `--allow-out-of-order`"));
    }
  }
  return pending;
}

/// Reads the steps of what will run.
Result<void, RuntimeError> read_steps(const std::vector<Wanted*>& pending, bool allow_edited) {
  for (Wanted* each : pending) {
    auto script = read_script(each->migration->up_sql, "up", each->migration->id, allow_edited);
    if (!script) return unexpected(script.error());
    each->script = std::move(*script);
  }
  return {};
}

std::optional<RuntimeError> refuse_irreversible(const std::vector<Wanted*>& pending, const RunOptions& options) {
  if (options.allow_irreversible) return std::nullopt;
  for (const Wanted* each : pending) {
    const std::string_view rollback = each->script.fact("rollback");
    if (!rollback.starts_with("impossible")) continue;
    return refused(codes::irreversible_not_allowed, each->migration->id,
                   fmt::format("{} cannot be rolled back ({})", each->migration->id, rollback),
                   "take a backup, then allow it on purpose with `--allow-irreversible`");
  }
  return std::nullopt;
}

MigrationResult result_of(const Wanted& wanted, std::string outcome, const ScriptOutcome& ran) {
  return {wanted.migration->id, std::move(outcome), ran.seconds, ran.notices, {}};
}

/// The go/no-go checks alone.
Outcome<RunReport> check_only(const std::string& connection, const std::vector<Migration>& migrations,
                              const RunOptions& options, const Observer& observer) {
  Reporter reporter(observer);
  auto wanted = read_wanted(migrations, options);
  if (!wanted) return wanted.error();
  auto session = connect(ConnectionString(connection), options.application_name);
  if (!session) return session.error();
  if (options.dry_run) {
    if (auto checked = check_writable(*session); !checked) return checked.error();
  }
  reporter("connected", "", "");
  const auto ledger = read_ledger(*session);
  if (!ledger) return ledger.error();
  const auto pending = find_pending(*wanted, migrations, *ledger, options);
  if (!pending) return pending.error();
  if (auto error = refuse_irreversible(*pending, options)) return *error;
  if (auto read = read_steps(*pending, options.allow_edited); !read) return read.error();
  if (ledger->exists && !pending->empty()) {
    if (auto error = refuse_drift(*session, way_out_of_drift)) return *error;
  }
  RunReport report;
  for (const Wanted* each : *pending) {
    reporter("migration_started", each->migration->id, each->script.title);
    const auto ran = run_checks(*session, each->script, each != pending->front(), reporter);
    if (!ran) return ran.error();
    report.migrations.push_back(result_of(*each, "would apply", *ran));
    reporter("migration_done", each->migration->id, "would apply");
  }
  return report;
}

/// Waits for others and holds them off, as the options say.
Result<void, RuntimeError> make_room(Runner& runner, const std::vector<Wanted*>& pending, Maintenance& maintenance) {
  std::vector<const Script*> scripts;
  for (const Wanted* each : pending) scripts.push_back(&each->script);
  if (!runner.options().drain_role.empty()) {
    if (auto drained = drain(runner, touched_tables(scripts)); !drained) return drained;
  }
  return runner.options().maintenance ? maintenance.begin(scripts) : Result<void, RuntimeError>();
}

Result<RunReport, RuntimeError> run_pending(Runner& runner, const std::vector<Wanted*>& pending, bool has_ledger,
                                            bool may_adopt) {
  RunReport report;
  Baselines baselines;
  for (const Wanted* each : pending) {
    if (!may_adopt || each->script.fact("baseline") != "yes") break;
    baselines.push_back(&each->script);
  }
  bool adopts = false;
  if (!baselines.empty()) {
    const auto found = match_baselines(runner, baselines);
    if (!found) return unexpected(found.error());
    adopts = *found == BaselineMatch::equal;
  }
  if (auto taken = runner.take_over(has_ledger); !taken) return unexpected(taken.error());
  if (!may_adopt) {
    if (auto error = refuse_drift(runner.work(), way_out_of_drift)) return unexpected(*error);
  }
  Maintenance maintenance(runner);
  if (auto ready = make_room(runner, pending, maintenance); !ready) return unexpected(ready.error());
  for (const Wanted* each : pending) {
    const std::string& id = each->migration->id;
    if (each != pending.front()) {
      if (auto held = runner.check_lock(); !held) return unexpected(after(report, held.error()));
    }
    runner.reporter()("migration_started", id, each->script.title);
    const bool adopt = adopts && std::find(baselines.begin(), baselines.end(), &each->script) != baselines.end();
    const auto ran = run_script(runner, adopt ? adoption_of(each->script) : each->script);
    if (!ran) {
      tell_stopped(runner, id, ran.error());
      return unexpected(after(report, ran.error()));
    }
    const std::string outcome = adopt ? "adopted" : "applied";
    report.migrations.push_back(result_of(*each, outcome, *ran));
    runner.reporter()("migration_done", id, outcome);
  }
  return report;
}

}  // namespace

bool runs_in_parts(const Migration& migration) {
  const auto head = read_head(migration.up_sql, "up", migration.id);
  return head && !head->fact("transactions").empty();
}

Outcome<RunReport> apply(const std::string& connection, const std::vector<Migration>& migrations,
                         const RunOptions& options, const Observer& observer) {
  if (options.dry_run) return check_only(connection, migrations, options, observer);
  Reporter reporter(observer);
  auto wanted = read_wanted(migrations, options);
  if (!wanted) return wanted.error();
  auto runner = Runner::start(connection, options, reporter);
  if (!runner) return runner.error();
  const auto ledger = read_ledger((*runner)->control());
  if (!ledger) return ledger.error();
  const auto pending = find_pending(*wanted, migrations, *ledger, options);
  if (!pending) return pending.error();
  if (auto error = refuse_irreversible(*pending, options)) return *error;
  if (auto read = read_steps(*pending, options.allow_edited); !read) return read.error();

  RunReport report;
  for (const Wanted& each : *wanted) {
    const LedgerRow* const row = ledger->find(each.migration->id);
    if (row != nullptr && row->is_applied()) report.migrations.push_back({row->id, "already applied", 0, {}, {}});
  }
  if (pending->empty()) return report;
  auto ran = run_pending(**runner, *pending, ledger->exists, ledger->rows.empty());
  if (!ran) return ran.error();
  std::move(ran->migrations.begin(), ran->migrations.end(), std::back_inserter(report.migrations));
  return report;
}

Outcome<RunReport> preflight(const std::string& connection, const std::vector<Migration>& migrations,
                             const RunOptions& options, const Observer& observer) {
  return check_only(connection, migrations, options, observer);
}

}  // namespace godwit
