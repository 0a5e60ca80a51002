// SPDX-License-Identifier: Apache-2.0
#include "runtime/drain.h"

#include "base/codes.h"
#include "base/identifier.h"
#include "runtime/errors.h"
#include "runtime/maintenance.h"
#include "runtime/watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace godwit {

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;
constexpr auto tick = 200ms;
constexpr double time_to_die = 5;  // seconds from the signal to the end of a server process

struct OpenSession {
  std::string pid, text;
};

class Drain {
 public:
  Drain(Runner& runner, const std::vector<std::string>& tables)
      : runner_(runner), role_(runner.options().drain_role), tables_(tables) {}

  Result<void, RuntimeError> run() {
    const auto start = runner_.work().exec(
        fmt::format("select clock_timestamp(), exists (select from pg_roles where rolname = {});", literal(role_)));
    if (!start) return unexpected(bookkeeping_error(start.error(), "looking for sessions to wait for"));
    if (!start->is_true(0, 1)) return unexpected(no_such_role());
    since_ = start->text(0, 0);
    const RunOptions& options = runner_.options();
    auto left = wait(options.drain_seconds);
    if (!left) return unexpected(left.error());
    if (left->empty()) return {};
    if (!options.drain_terminates) return unexpected(not_drained(*left, options.drain_seconds));
    if (auto ended = terminate(*left); !ended) return ended;
    left = wait(time_to_die);
    if (!left) return unexpected(left.error());
    if (left->empty()) return {};
    return unexpected(not_drained(*left, options.drain_seconds + time_to_die));
  }

 private:
  using Sessions = std::vector<OpenSession>;

  /// Those that are left when the time is over.
  Result<Sessions, RuntimeError> wait(double seconds) {
    const auto end = Clock::now() + std::chrono::duration<double>(seconds);
    while (true) {
      auto left = find();
      if (!left || left->empty() || Clock::now() >= end || is_stopped()) return left;
      if (!told_) runner_.reporter()("draining", "", "waits for " + list(*left));
      told_ = true;
      std::this_thread::sleep_for(tick);
      runner_.watcher()->beat();
    }
  }

  bool is_stopped() const { return runner_.options().stop != nullptr && runner_.options().stop->load(); }

  /// Transactions that began later are not waited for: there is no end of them on a busy server.
  Result<Sessions, RuntimeError> find() {
    const auto rows = runner_.work().exec(fmt::format(
        "select a.pid, format('process %s (%s, %s%s) for %s, %s: %s', a.pid, a.usename,\n"
        "  coalesce(nullif(a.application_name, ''), 'no application name'), ', ' || host(a.client_addr),\n"
        "  coalesce(date_trunc('second', clock_timestamp() - a.xact_start)::text, 'an unknown time'),\n"
        "  coalesce(a.state, 'hidden'), left(regexp_replace(a.query, '\\s+', ' ', 'g'), 100))\n"
        "from pg_stat_activity a\n"
        "where a.usename = {} and a.datname = current_database() and a.pid not in (pg_backend_pid(), {})\n"
        "  and (a.xact_start is null or a.xact_start <= {}::timestamptz)\n"
        "  and exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'relation' and l.granted\n"
        "    and l.database = (select oid from pg_database where datname = current_database())\n"
        "    and l.relation in ({}))\n"
        "order by a.xact_start, a.pid;",
        literal(role_), runner_.lock_holder(), literal(since_), oids_of(tables_)));
    if (!rows) return unexpected(bookkeeping_error(rows.error(), "looking for sessions to wait for"));
    Sessions sessions;
    for (std::size_t i = 0; i < rows->rows.size(); ++i) sessions.push_back({rows->text(i, 0), rows->text(i, 1)});
    return sessions;
  }

  Result<void, RuntimeError> terminate(const Sessions& sessions) {
    for (const OpenSession& session : sessions) {
      const auto done = runner_.work().exec("select pg_terminate_backend(" + session.pid + ");");
      if (!done) {
        RuntimeError error = bookkeeping_error(done.error(), "ending " + session.text);
        if (error.code == codes::missing_privilege.id)
          error.hint = fmt::format("connect as a member of `{}` or of pg_signal_backend", role_);
        return unexpected(error);
      }
      runner_.reporter()("warning", "", "ended " + session.text);
    }
    return {};
  }

  RuntimeError no_such_role() const {
    return runtime_error(RuntimeError::Kind::usage, codes::not_drained,
                         fmt::format("there is no role `{}` whose sessions could be waited for", role_),
                         "`--drain` takes the role that the application connects as");
  }

  RuntimeError not_drained(const Sessions& left, double seconds) const {
    RuntimeError error = runtime_error(
        RuntimeError::Kind::refused, codes::not_drained,
        fmt::format("{} of role `{}` did not end within {:g} s",
                    left.size() == 1 ? "a transaction" : fmt::format("{} transactions", left.size()), role_, seconds),
        "nothing was changed; end them, give them longer (`--within`), or let godwit end them (`--terminate`)");
    error.detail = list(left, "\n");
    return error;
  }

  static std::string list(const Sessions& sessions, const char* between = "; ") {
    std::string text;
    for (const OpenSession& session : sessions) text += (text.empty() ? "" : between) + session.text;
    return text;
  }

  Runner& runner_;
  const std::string& role_;
  const std::vector<std::string>& tables_;
  std::string since_;
  bool told_ = false;
};

}  // namespace

Result<void, RuntimeError> drain(Runner& runner, const std::vector<std::string>& tables) {
  return Drain(runner, tables).run();
}

}  // namespace godwit
