// SPDX-License-Identifier: Apache-2.0
#include "runtime/maintenance.h"

#include "base/codes.h"
#include "base/identifier.h"
#include "runtime/errors.h"
#include "runtime/privileges.h"
#include "runtime/script_run.h"
#include "runtime/watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace godwit {

namespace {

/// A function that refuses every session but the run's own, as long as the run holds the runner's lock: a killed one
/// does not, and its triggers let everyone pass.
std::string begin_sql(const Runner& runner, const std::vector<std::string>& tables) {
  return fmt::format(
      "begin;\n"
      "set local lock_timeout = '3s';\n"
      "set local search_path = pg_catalog;\n"
      "create schema godwit_kept_maintenance;\n"
      "create function godwit_kept_maintenance.refuse() returns trigger language plpgsql set search_path = pg_catalog "
      "as "
      "$godwit$\n"
      "begin\n"
      "  if current_setting('godwit.maintenance', true) is distinct from '{0}' and exists (\n"
      "    select from pg_locks where pid = {0} and granted and ({1})) then\n"
      "    raise exception using errcode = 'read_only_sql_transaction',\n"
      "      message = format('table %s takes no writes: godwit is applying migrations', tg_relid::regclass),\n"
      "      hint = 'try again when it has ended';\n"
      "  end if;\n"
      "  return null;\n"
      "end $godwit$;\n"
      "do $godwit$\n"
      "declare place text;\n"
      "begin\n"
      "  for place in select c.oid::regclass::text from pg_class c where c.oid in ({2})\n"
      "    and c.relkind in ('r', 'p') order by 1 loop\n"
      "    execute format('create trigger _gw_maintenance before insert or update or delete or truncate on %s '\n"
      "      'for each statement execute function godwit_kept_maintenance.refuse()', place);\n"
      "  end loop;\n"
      "end $godwit$;\n"
      "commit;",
      runner.lock_holder(), runner_lock_condition(), oids_of(tables));
}

constexpr const char* end_sql =
    "begin;\n"
    "set local lock_timeout = '3s';\n"
    "set local search_path = pg_catalog;\n"
    "do $godwit$\n"
    "declare place text;\n"
    "begin\n"
    "  for place in select tgrelid::regclass::text from pg_trigger\n"
    "    where tgfoid = to_regprocedure('godwit_kept_maintenance.refuse()') order by 1 loop\n"
    "    execute format('drop trigger _gw_maintenance on %s', place);\n"
    "  end loop;\n"
    "  drop function godwit_kept_maintenance.refuse();\n"
    "  drop schema godwit_kept_maintenance;\n"
    "  if to_regclass('godwit.object') is not null then\n"
    "    delete from godwit.object where kind = 'trigger' and name like '%.\\_gw\\_maintenance';\n"
    "  end if;\n"
    "end $godwit$;\n"
    "commit;";

/// Runs it all or not at all, again where a lock was not granted.
Result<void, RuntimeError> run(Runner& runner, const std::string& title, const std::string& sql) {
  constexpr int retries = 10;
  const Script none;
  ScriptStep step;
  step.title = title;
  Event event;
  event.step = title;
  for (int attempt = 0;; ++attempt) {
    Watcher* const watcher = runner.watcher();
    if (watcher != nullptr) watcher->step_begins(event);
    const auto done = runner.work().exec(sql);
    if (watcher != nullptr) watcher->step_ends();
    if (done) return {};
    (void)runner.work().exec("rollback;");
    const std::string blockers = watcher != nullptr ? watcher->blockers() : "";
    if (may_succeed_later(done.error()) && attempt < retries) {
      pause_before_retry(runner, none, step, done.error().message, blockers, attempt, retries);
      continue;
    }
    RuntimeError error = bookkeeping_error(done.error(), title);
    if (may_succeed_later(done.error())) {
      error.code = codes::lock_not_granted.id;
      error.hint = "end what holds the lock (the detail names it), or wait for it with `--drain`";
    }
    if (!blockers.empty()) error.detail += (error.detail.empty() ? "" : "\n") + ("waited for " + blockers);
    name_roles(runner.work(), error);
    return unexpected(error);
  }
}

}  // namespace

std::vector<std::string> touched_tables(const std::vector<const Script*>& scripts) {
  constexpr std::string_view begins = "lock table ", ends = " in ";
  std::set<std::string> tables;
  for (const Script* script : scripts) {
    for (const ScriptStep& step : script->steps) {
      if (step.title != lock_step_title) continue;
      for (std::string_view sql = step.sql; !sql.empty();) {
        const std::string_view line = sql.substr(0, sql.find('\n'));
        sql.remove_prefix(std::min(line.size() + 1, sql.size()));
        if (line.starts_with(begins)) tables.emplace(line.substr(begins.size(), line.rfind(ends) - begins.size()));
      }
    }
  }
  return {tables.begin(), tables.end()};
}

std::string oids_of(const std::vector<std::string>& tables) {
  std::string names;
  for (const std::string& table : tables) names += (names.empty() ? "" : ", ") + literal(table);
  return fmt::format(
      "with recursive place (oid) as (\n"
      "  select to_regclass(name)::oid from unnest(array[{}]::text[]) as name\n"
      "  union select inhrelid from pg_catalog.pg_inherits join place on inhparent = place.oid)\n"
      "select oid from place where oid is not null",
      names);
}

Result<void, RuntimeError> Maintenance::begin(const std::vector<const Script*>& scripts) {
  const bool one_transaction = scripts.size() == 1 && scripts.front()->fact("transactions").empty();
  const std::vector<std::string> tables = touched_tables(scripts);
  if (one_transaction || tables.empty()) return {};
  if (auto allowed = runner_.pass_maintenance(); !allowed) return allowed;
  if (auto begun = run(runner_, "holding off writers", begin_sql(runner_, tables)); !begun) return begun;
  in_force_ = true;
  runner_.reporter()("maintenance_begun", "", fmt::format("{}", fmt::join(tables, ", ")));
  return {};
}

Maintenance::~Maintenance() {
  if (!in_force_) return;
  // Without the lock it is over already, and what stands there may be another runner's.
  auto ended = runner_.check_lock();
  if (ended && !runner_.work().is_open()) ended = runner_.open_work();
  if (ended) ended = run(runner_, "letting writers in again", end_sql);
  if (ended) {
    runner_.reporter()("maintenance_ended", "", "");
  } else {
    runner_.reporter()("warning", "",
                       ended.error().message +
                           "; writers are let in now, and the next run removes what is left of the "
                           "maintenance");
  }
}

Result<void, RuntimeError> end_left_maintenance(Runner& runner) {
  const auto left = runner.work().exec("select to_regnamespace('godwit_kept_maintenance') is not null;");
  if (!left) return unexpected(bookkeeping_error(left.error(), "looking for the maintenance of an earlier run"));
  if (!left->is_true(0, 0)) return {};
  return run(runner, "ending the maintenance of an earlier run", end_sql);
}

}  // namespace godwit
