// SPDX-License-Identifier: Apache-2.0
#include "runtime/runner.h"

#include "base/codes.h"
#include "base/identifier.h"
#include "compiler/model/ledger.h"
#include "runtime/errors.h"
#include "runtime/maintenance.h"
#include "runtime/privileges.h"
#include "runtime/watcher.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <thread>

namespace godwit {

namespace {

using Kind = RuntimeError::Kind;
using namespace std::chrono_literals;

// 'godwit' in ASCII. Advisory locks belong to a database, so the key needs no name of it.
constexpr std::int64_t lock_key = 0x676f64776974;

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

std::string runner_lock_condition() {
  return fmt::format(
      "locktype = 'advisory' and classid = {} and objid = {} and objsubid = 1\n"
      "  and database = (select oid from pg_database where datname = current_database())",
      lock_key >> 32, lock_key & 0xffffffff);
}

namespace {

/// Who holds the lock, and since when.
std::string holder(Session& control) {
  const bool has_ledger = [&] {
    const auto rows = control.exec("select to_regclass('godwit.runner') is not null;");
    return rows && rows->is_true(0, 0);
  }();
  const std::string details =
      has_ledger
          ? "coalesce((select ' on ' || r.host || ', at work since ' || to_char(r.started_at at time zone 'UTC', "
            "'YYYY-MM-DD HH24:MI:SS') || ' UTC' from godwit.runner r where r.pid = a.pid), "
            "', connected since ' || to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', "
            "'')"
          : "coalesce(', connected since ' || to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') "
            "|| ' UTC', '')";
  const auto rows = control.exec(
      fmt::format("select format('process %s, user %s, application %s%s', l.pid, coalesce(a.usename, '?'),\n"
                  "  coalesce(nullif(a.application_name, ''), '?'), {})\n"
                  "from pg_locks l left join pg_stat_activity a using (pid)\n"
                  "where l.granted and {};",
                  details, runner_lock_condition()));
  return rows && !rows->empty() ? rows->text(0, 0) : "it has just ended";
}

RuntimeError pooler_error(Session& session) {
  (void)session.exec("reset all;");  // what the next user of the server process would find
  return runtime_error(Kind::refused, codes::transaction_pooler,
                       "the connection goes through a pooler in transaction mode: sessions share server processes",
                       "connect to the server itself, or through a pool in session mode");
}

}  // namespace

Result<Session, RuntimeError> connect(const ConnectionString& connection, const std::string& application_name,
                                      Session::Use use) {
  auto session = Session::open(connection, application_name, use);
  if (!session) {
    if (session.error().sqlstate.empty() || session.error().lost)
      return unexpected(connection_error(connection, session.error()));
    return unexpected(bookkeeping_error(session.error(), "setting up the session"));
  }
  if (auto refused = refuse_old_server(session->server_version())) return unexpected(*refused);
  return std::move(*session);
}

Result<void, RuntimeError> check_writable(Session& session) {
  const auto facts = session.exec(
      "select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on',\n"
      "  has_database_privilege(current_database(), 'create'), to_regclass('godwit.migration') is not null,\n"
      "  current_user, current_database(), pg_backend_pid();");
  if (!facts) {
    RuntimeError error = bookkeeping_error(facts.error(), "looking for the ledger");
    name_roles(session, error);
    return unexpected(error);
  }
  if (facts->is_true(0, 0)) {
    return unexpected(runtime_error(Kind::refused, codes::read_only_server,
                                    "the server takes no writes: it is a standby, or its transactions are read-only",
                                    "connect to the primary (`target_session_attrs=read-write` finds it), or lift "
                                    "default_transaction_read_only"));
  }
  if (!facts->is_true(0, 1) && !facts->is_true(0, 2)) {
    return unexpected(
        runtime_error(Kind::refused, codes::missing_privilege,
                      fmt::format("user `{}` may not create schemas in database `{}`, the ledger needs one",
                                  facts->text(0, 3), facts->text(0, 4)),
                      fmt::format("connect as the database's owner, or `grant create on database {} to {}`",
                                  quoted(facts->text(0, 4)), quoted(facts->text(0, 3)))));
  }
  if (facts->text(0, 5) != std::to_string(session.backend_pid())) return unexpected(pooler_error(session));
  return {};
}

Runner::Runner(ConnectionString connection, RunOptions options, Reporter& reporter, Session control)
    : connection_(std::move(connection)),
      options_(std::move(options)),
      reporter_(reporter),
      control_(std::move(control)) {}

Runner::~Runner() {
  watcher_.reset();
  work_.reset();
  // Not left to the end of the server process, which the next runner may be quicker than.
  if (has_lock_) (void)control_.exec(fmt::format("select pg_advisory_unlock({});", lock_key));
}

Result<std::unique_ptr<Runner>, RuntimeError> Runner::start(const std::string& connection, const RunOptions& options,
                                                            Reporter& reporter) {
  const ConnectionString parsed(connection);
  auto control = connect(parsed, options.application_name + " control");
  if (!control) return unexpected(control.error());
  std::unique_ptr<Runner> runner(new Runner(parsed, options, reporter, std::move(*control)));
  if (auto checked = check_writable(runner->control_); !checked) return unexpected(checked.error());
  reporter("connected", "",
           fmt::format("PostgreSQL {}.{}", runner->control_.server_version() / 10000,
                       runner->control_.server_version() % 10000));
  // Before the lock, which a shared server process would keep.
  if (auto opened = runner->open_work(); !opened) return unexpected(opened.error());
  if (auto own = runner->check_processes(); !own) return unexpected(own.error());
  if (auto locked = runner->take_lock(); !locked) return unexpected(locked.error());
  if (auto ended = end_left_maintenance(*runner); !ended) return unexpected(ended.error());
  return runner;
}

Result<void, RuntimeError> Runner::take_lock() {
  // Polled: a session that waits inside pg_advisory_lock would be the deadlock partner of a concurrent index build.
  auto pause = 50ms;
  for (bool is_first = true;; is_first = false) {
    // Not in another process than its own, which would keep it.
    const auto rows = control_.exec(fmt::format(
        "select case when pg_backend_pid() = {} then pg_try_advisory_lock({}) end;", control_.backend_pid(), lock_key));
    if (!rows) return unexpected(bookkeeping_error(rows.error(), "taking the runner's lock"));
    if (rows->text(0, 0).empty()) return unexpected(pooler_error(control_));
    if (rows->is_true(0, 0)) {
      has_lock_ = true;
      return {};
    }
    if (!options_.wait_for_runner) {
      return unexpected(runtime_error(Kind::refused, codes::another_runner,
                                      "another runner is at work on this database: " + holder(control_),
                                      "wait until it has ended (`--wait` waits for it); when its client is dead, "
                                      "`select pg_terminate_backend(pid)` ends what is left of it"));
    }
    if (is_first) reporter_("waiting_for_lock", "", holder(control_));
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, 1000ms);
  }
}

Result<void, RuntimeError> Runner::check_processes() {
  // A pooler under load gives either of them its own process once, but not again and again.
  constexpr int rounds = 3;
  for (int round = 0; round < rounds; ++round) {
    for (Session* session : {&control_, &*work_}) {
      const auto rows = session->exec("select pg_backend_pid();");
      if (!rows) return unexpected(bookkeeping_error(rows.error(), "asking for the server process"));
      if (rows->text(0, 0) != std::to_string(session->backend_pid())) return unexpected(pooler_error(*session));
    }
  }
  return {};
}

Result<void, RuntimeError> Runner::pass_maintenance() {
  passes_maintenance_ = true;
  return pass_maintenance(*work_);
}

Result<void, RuntimeError> Runner::pass_maintenance(Session& session) const {
  if (!passes_maintenance_) return {};
  const auto set = session.exec(fmt::format("set godwit.maintenance = '{}';", lock_holder()));
  if (!set) return unexpected(bookkeeping_error(set.error(), "setting up the maintenance"));
  return {};
}

Result<Session, RuntimeError> Runner::open_session() const {
  auto session = connect(connection_, options_.application_name);
  if (!session) return unexpected(session.error());
  if (session->backend_pid() == control_.backend_pid()) return unexpected(pooler_error(*session));
  if (auto passes = pass_maintenance(*session); !passes) return unexpected(passes.error());
  return session;
}

Result<void, RuntimeError> Runner::open_work() {
  auto work = open_session();
  if (!work) return unexpected(work.error());
  if (options_.allow_late_rollback) {
    if (auto set = work->exec("set godwit.late_rollback = on;"); !set) {
      return unexpected(bookkeeping_error(set.error(), "allowing a late rollback"));
    }
  }
  work_.emplace(std::move(*work));
  if (watcher_) watcher_->work_moved(work_->backend_pid());
  return {};
}

std::string Runner::next_epoch_sql() const {
  return fmt::format(
      "update godwit.runner set epoch = epoch + 1, pid = {}, host = {}, application = {},\n"
      "  started_at = now(), heartbeat_at = now() returning epoch",
      control_.backend_pid(), literal(host_name()), literal(options_.application_name));
}

std::string Runner::fence_sql() const {
  if (epoch_ == 0) return ledger::bootstrap_sql() + "\n" + next_epoch_sql() + ", pg_current_xact_id()::text;";
  return fmt::format("select epoch, pg_current_xact_id()::text from godwit.runner where epoch = {} for key share;",
                     epoch_);
}

void Runner::keep_epoch(std::int64_t epoch) {
  epoch_ = epoch;
  watcher_->keep_epoch(epoch);
}

Result<void, RuntimeError> Runner::take_over(bool has_ledger) {
  if (!has_ledger) {
    watcher_ = std::make_unique<Watcher>(control_, work_->backend_pid(), epoch_, reporter_);
    return {};
  }
  // Waits for a transaction that an earlier runner's server process has still open.
  const auto rows =
      control_.exec(fmt::format("set lock_timeout = '10s';\n{},\n  (select ledger from godwit.version) > {};",
                                next_epoch_sql(), ledger::version));
  if (!rows && rows.error().sqlstate == "55P03") {
    return unexpected(runtime_error(Kind::refused, codes::another_runner,
                                    "a transaction of an earlier runner is still open on the server",
                                    "`select pid, query from pg_stat_activity where application_name like 'godwit%'` "
                                    "finds it; wait, or end it with `select pg_terminate_backend(pid)`"));
  }
  if (!rows) {
    RuntimeError error = bookkeeping_error(rows.error(), "taking over the ledger");
    name_roles(control_, error);
    return unexpected(error);
  }
  if (rows->is_true(0, 1)) {
    return unexpected(runtime_error(Kind::refused, codes::newer_ledger, "the ledger was written by a newer godwit",
                                    "use a godwit at least as new as the one that applied the last migration"));
  }
  const std::string& epoch = rows->text(0, 0);
  std::from_chars(epoch.data(), epoch.data() + epoch.size(), epoch_);
  watcher_ = std::make_unique<Watcher>(control_, work_->backend_pid(), epoch_, reporter_);
  return {};
}

Result<void, RuntimeError> Runner::check_lock() {
  if (control_.exec("select 1;")) return {};
  return unexpected(runtime_error(Kind::connection, codes::connection_lost,
                                  "the connection that holds the runner's lock was lost",
                                  "what is recorded as applied stands; run it again for the rest"));
}

}  // namespace godwit
