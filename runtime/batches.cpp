// SPDX-License-Identifier: Apache-2.0
#include "runtime/batches.h"

#include "base/codes.h"
#include "base/identifier.h"
#include "runtime/errors.h"
#include "runtime/script_run.h"
#include "runtime/throttle.h"
#include "runtime/vacuum.h"
#include "runtime/watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace godwit {

namespace {

using Kind = RuntimeError::Kind;
using Clock = std::chrono::steady_clock;

constexpr long long fewest_rows = 1000, most_rows = 200000;  // fewer cost more a row: what a commit costs shows

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// One step, and how far all who work at it are.
class Progress {
 public:
  Progress(Runner& runner, const Script& script, std::size_t position) : runner_(runner) {
    event_.migration = script.id;
    event_.step = script.steps[position].title;
    event_.number = position + 1;
    event_.total = script.steps.size();
  }

  Event event() {
    const std::lock_guard lock(mutex_);
    return event_;
  }

  /// In how many ranges rows are left.
  Result<std::size_t, RuntimeError> read() {
    const auto rows = runner_.work().exec(
        fmt::format("select coalesce(sum(rows_read), 0), coalesce(sum(rows_expected), 0), count(next_key)\n"
                    "from godwit.checkpoint where migration = {} and step = {};",
                    literal(event_.migration), literal(event_.step)));
    if (!rows) return unexpected(bookkeeping_error(rows.error(), "reading where the batches stand"));
    before_ = number(rows->text(0, 0));
    event_.rows = before_;
    event_.rows_expected = number(rows->text(0, 1));
    return number(rows->text(0, 2));
  }

  void tell(const char* name, std::string message = {}) {
    Event event = this->event();
    event.name = name;
    event.message = std::move(message);
    event.seconds = since_start();
    runner_.reporter()(event);
  }

  void add_batch(std::uint64_t rows, double seconds) {
    Event event;
    {
      const std::lock_guard lock(mutex_);
      event_.rows += rows;
      event_.rows_a_second = static_cast<double>(event_.rows - before_) / std::max(since_start(), 0.001);
      event = event_;
    }
    event.name = "batch";
    event.seconds = seconds;
    runner_.reporter()(event);
  }

  std::uint64_t rows_read() {
    const std::lock_guard lock(mutex_);
    return event_.rows;
  }

 private:
  double since_start() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  Runner& runner_;
  Event event_;
  std::uint64_t before_ = 0;
  Clock::time_point start_ = Clock::now();
  std::mutex mutex_;
};

/// What those who work at one step share: the first error stops all.
struct Team {
  Runner& runner;
  const Script& script;
  const ScriptStep& step;
  const BatchCall call;
  Progress progress;
  /// Nobody begins a batch: the first worker looks whether somebody needs the server more.
  std::atomic<bool> held = false;
  std::mutex mutex = {};
  std::optional<RuntimeError> error = {};

  bool stopped() {
    const std::lock_guard lock(mutex);
    return error.has_value();
  }

  void stop(RuntimeError why) {
    const std::lock_guard lock(mutex);
    if (!error) error = std::move(why);
  }
};

/// Calls the step's function until no row is left. The first worker has the runner's own session, which is watched and
/// replaced when it is lost; a helper has one of its own, ends when all ranges are in other hands, and when it is lost
/// the others go on with its range.
class Worker {
 public:
  explicit Worker(Team& team) : team_(team), runner_(team.runner), rows_(team.call.rows) {}

  Worker(Team& team, Session& own) : Worker(team) { own_ = &own; }

  /// What the first worker does, for all of them: it waits while somebody needs the server more, and vacuums.
  void lead() {
    Throttling throttling(runner_, team_.progress.event());
    Vacuuming vacuuming(runner_, team_.script, team_.step, team_.progress.event());
    std::uint64_t seen = team_.progress.rows_read();
    while (!team_.stopped()) {
      team_.held = true;
      const auto free = throttling.wait([this] { return team_.stopped() || asked_to_pause().has_value(); });
      team_.held = false;
      if (!free) return team_.stop(free.error());
      if (!next_batch()) return;
      throttling.batch_waited(waited_);
      const std::uint64_t now = team_.progress.rows_read();
      vacuuming.batch_done(now - seen, team_.progress.event().rows_expected);
      seen = now;
    }
  }

  void help() {
    while (!team_.stopped()) {
      if (team_.held) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      } else if (!next_batch()) {
        return;
      }
    }
  }

 private:
  /// False when there is none left for this worker, or all stop.
  bool next_batch() {
    if (auto paused = asked_to_pause()) return team_.stop(*paused), false;
    const auto began = Clock::now();
    const auto done = one_batch();
    if (!done) return team_.stop(done.error()), false;
    if (!*done) return false;
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    team_.progress.add_batch(**done, seconds);
    adapt(static_cast<long long>(**done), seconds);
    return true;
  }

  /// Rows of one batch; none when no row is left for this worker.
  using Batch = std::optional<std::uint64_t>;

  Session& session() { return own_ != nullptr ? *own_ : runner_.work(); }

  /// Twice or half as many at the most, so that one slow moment does not count for much.
  void adapt(long long rows, double seconds) {
    if (rows < rows_) return;  // the last ones, or few that are left
    const double factor = std::clamp(runner_.options().batch_seconds / std::max(seconds, 0.001), 0.5, 2.0);
    rows_ = std::clamp(static_cast<long long>(static_cast<double>(rows_) * factor),
                       std::min(fewest_rows, team_.call.rows), most_rows);
  }

  std::optional<RuntimeError> asked_to_pause() {
    const RunOptions& options = runner_.options();
    const bool by_signal = options.stop != nullptr && options.stop->load();
    const bool by_clock = options.stop_at && std::chrono::system_clock::now() >= *options.stop_at;
    if (!by_signal && !by_clock) return std::nullopt;
    RuntimeError error =
        runtime_error(Kind::resumable, codes::paused,
                      fmt::format("{} pauses behind {} rows of {}{}", team_.script.id, team_.progress.rows_read(),
                                  team_.step.title, by_clock ? ": its time is over" : ""),
                      how_to_go_on(team_.script));
    error.migration = team_.script.id;
    error.step = team_.step.title;
    error.place = team_.step.place;
    return error;
  }

  Result<Batch, RuntimeError> one_batch() {
    const int retries = lock_retries(team_.script);
    waited_ = 0;
    for (int attempt = 0;; ++attempt) {
      const auto done = own_ == nullptr ? try_watched_batch() : try_batch();
      if (done) return *done;
      const ServerError& error = done.error();
      if (error.lost && own_ != nullptr) {
        team_.progress.tell("warning", "a second session was lost, the others go on with what it did");
        return Batch{};
      }
      if (error.lost) {
        if (auto again = reconnect(error); !again) return unexpected(again.error());
      } else {
        (void)session().exec("rollback;");
        (void)session().take_notices();
        const bool others_wrote = error.sqlstate == "23503" || error.sqlstate == "23505";
        if ((!may_succeed_later(error) && !others_wrote) || attempt >= (others_wrote ? 5 : retries))
          return unexpected(step_error(team_.script, team_.step, error));
      }
      pause_before_retry(runner_, team_.script, team_.step, error.message,
                         own_ == nullptr ? runner_.watcher()->blockers() : std::string{}, attempt, retries);
      rows_ = std::max(rows_ / 2, std::min(fewest_rows, team_.call.rows));
    }
  }

  Result<Batch, ServerError> try_watched_batch() {
    runner_.watcher()->step_begins(team_.progress.event());
    auto done = try_batch();
    runner_.watcher()->step_ends();
    waited_ += runner_.watcher()->waited();
    return done;
  }

  Result<Batch, ServerError> try_batch() {
    const auto fence = session().exec("begin;\n" + runner_.fence_sql());
    if (!fence) return unexpected(fence.error());
    if (fence->empty()) return unexpected(ServerError{"GWFEN", "another runner has taken over", "", "", "", false});
    if (own_ != nullptr) {
      const auto free_range = session().exec(
          fmt::format("select from godwit.checkpoint where migration = {} and step = {} and next_key is not null\n"
                      "order by range limit 1 for update skip locked;",
                      literal(team_.script.id), literal(team_.step.title)));
      if (!free_range) return unexpected(free_range.error());
      if (free_range->empty()) return end_transaction(Batch{});
    }
    const auto rows = session().exec(fmt::format("select {}({});", team_.call.function, rows_));
    if (!rows) return unexpected(rows.error());
    return end_transaction(rows->rows.front().front() ? Batch{number(rows->text(0, 0))} : Batch{});
  }

  Result<Batch, ServerError> end_transaction(Batch batch) {
    const auto committed = session().exec("commit;");
    if (!committed) return unexpected(committed.error());
    return batch;
  }

  Result<void, RuntimeError> reconnect(const ServerError& lost) {
    if (runner_.check_lock() && runner_.open_work()) return {};
    RuntimeError error = step_error(team_.script, team_.step, lost);
    if (error.sqlstate.empty()) error.server_message.clear();
    error.kind = Kind::resumable;
    error.code = codes::connection_lost.id;
    error.message =
        fmt::format("the connection was lost behind {} rows of {}", team_.progress.rows_read(), team_.step.title);
    error.hint = "when the server answers, " + how_to_go_on(team_.script);
    error.statement.clear();
    return unexpected(error);
  }

  Team& team_;
  Runner& runner_;
  Session* own_ = nullptr;
  long long rows_;
  double waited_ = 0;  // of the last batch: seconds for locks
};

/// Helpers for as many ranges as are left beside the first; fewer when the server has no room for more sessions.
std::vector<Session> open_helpers(Runner& runner, std::size_t ranges, Progress& progress) {
  std::vector<Session> sessions;
  const std::size_t wanted = std::min(ranges, static_cast<std::size_t>(std::max(runner.options().batch_workers, 1)));
  while (sessions.size() + 1 < wanted) {
    auto session = runner.open_session();
    if (!session) {
      progress.tell("warning", fmt::format("{} sessions work at it instead of {}: {}", sessions.size() + 1, wanted,
                                           session.error().message));
      break;
    }
    sessions.push_back(std::move(*session));
  }
  return sessions;
}

}  // namespace

Result<void, RuntimeError> run_batches(Runner& runner, const Script& script, std::size_t position) {
  const ScriptStep& step = script.steps[position];
  Team team{runner, script, step, *batch_call(step), {runner, script, position}};
  team.progress.tell("step_started", step.place);
  const auto ranges = team.progress.read();
  if (!ranges) return unexpected(ranges.error());
  if (const std::uint64_t before = team.progress.rows_read(); before > 0)
    team.progress.tell("resumed", fmt::format("{} goes on behind {} rows", step.title, before));
  std::vector<Session> sessions = open_helpers(runner, *ranges, team.progress);
  std::vector<std::thread> helpers;
  helpers.reserve(sessions.size());
  for (Session& session : sessions) helpers.emplace_back([&team, &session] { Worker(team, session).help(); });
  Worker(team).lead();
  for (std::thread& helper : helpers) helper.join();
  if (team.error) return unexpected(*team.error);
  team.progress.tell("step_done");
  return {};
}

}  // namespace godwit
