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
#include <charconv>
#include <chrono>

namespace godwit {

namespace {

using Kind = RuntimeError::Kind;
using Clock = std::chrono::steady_clock;

constexpr long long fewest_rows = 1000, most_rows = 200000;  // fewer cost more a row: what a commit costs shows

/// How far the step is, as its checkpoint says.
struct Progress {
  std::uint64_t read = 0, expected = 0;
};

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class BatchRun {
 public:
  BatchRun(Runner& runner, const Script& script, std::size_t position)
      : runner_(runner), script_(script), step_(script.steps[position]), call_(*batch_call(step_)), rows_(call_.rows) {
    event_.migration = script.id;
    event_.step = step_.title;
    event_.number = position + 1;
    event_.total = script.steps.size();
  }

  Result<void, RuntimeError> run() {
    tell("step_started", step_.place);
    if (auto read = read_progress(); !read) return read;
    const std::uint64_t before = progress_.read;
    if (before > 0) tell("resumed", fmt::format("{} goes on behind {} rows", step_.title, before));
    const auto start = Clock::now();
    Throttling throttling(runner_, event_);
    Vacuuming vacuuming(runner_, script_, step_, event_);
    for (;;) {
      const auto free = throttling.wait([this] { return asked_to_pause().has_value(); });
      if (!free) return free;
      if (auto paused = asked_to_pause()) return unexpected(*paused);
      const auto began = Clock::now();
      const auto done = one_batch();
      if (!done) return unexpected(done.error());
      if (*done == 0) break;
      progress_.read += *done;
      const double whole = std::chrono::duration<double>(Clock::now() - start).count();
      event_.rows = progress_.read;
      event_.rows_expected = progress_.expected;
      event_.rows_a_second = whole > 0 ? static_cast<double>(progress_.read - before) / whole : 0;
      event_.seconds = std::chrono::duration<double>(Clock::now() - began).count();
      tell("batch", {});
      adapt(static_cast<long long>(*done), event_.seconds);
      throttling.batch_waited(waited_);
      vacuuming.batch_done(*done, progress_.expected);
    }
    event_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    tell("step_done", {});
    return {};
  }

 private:
  void tell(const char* name, std::string message) {
    event_.name = name;
    event_.message = std::move(message);
    runner_.reporter()(event_);
  }

  /// Twice or half as many at the most, so that one slow moment does not count for much.
  void adapt(long long rows, double seconds) {
    if (rows < rows_) return;  // the last ones, or few that are left
    const double factor = std::clamp(runner_.options().batch_seconds / std::max(seconds, 0.001), 0.5, 2.0);
    rows_ = std::clamp(static_cast<long long>(static_cast<double>(rows_) * factor), std::min(fewest_rows, call_.rows),
                       most_rows);
  }

  Result<void, RuntimeError> read_progress() {
    const auto rows = runner_.work().exec(
        fmt::format("select rows_read, rows_expected from godwit.checkpoint where migration = {} and step = {};",
                    literal(script_.id), literal(step_.title)));
    if (!rows) return unexpected(bookkeeping_error(rows.error(), "reading where the batches stand"));
    if (!rows->empty()) progress_ = {number(rows->text(0, 0)), number(rows->text(0, 1))};
    return {};
  }

  std::optional<RuntimeError> asked_to_pause() const {
    const RunOptions& options = runner_.options();
    const bool by_signal = options.stop != nullptr && options.stop->load();
    const bool by_clock = options.stop_at && std::chrono::system_clock::now() >= *options.stop_at;
    if (!by_signal && !by_clock) return std::nullopt;
    RuntimeError error = runtime_error(Kind::resumable, codes::paused,
                                       fmt::format("{} pauses behind {} rows of {}{}", script_.id, progress_.read,
                                                   step_.title, by_clock ? ": its time is over" : ""),
                                       "`godwit apply` goes on from there; `godwit rollback` takes back what is done");
    error.migration = script_.id;
    error.step = step_.title;
    error.place = step_.place;
    return error;
  }

  /// How many rows it read; 0 when none is left.
  Result<std::uint64_t, RuntimeError> one_batch() {
    const int retries = lock_retries(script_);
    waited_ = 0;
    for (int attempt = 0;; ++attempt) {
      runner_.watcher()->step_begins(event_);
      const auto done = try_batch();
      runner_.watcher()->step_ends();
      waited_ += runner_.watcher()->waited();
      if (done) return *done;
      const ServerError& error = done.error();
      if (error.lost) {
        if (auto again = reconnect(error); !again) return unexpected(again.error());
      } else {
        (void)runner_.work().exec("rollback;");
        (void)runner_.work().take_notices();
        const bool others_wrote = error.sqlstate == "23503" || error.sqlstate == "23505";
        if ((!may_succeed_later(error) && !others_wrote) || attempt >= (others_wrote ? 5 : retries))
          return unexpected(step_error(script_, step_, error));
      }
      pause_before_retry(runner_, script_, step_, error.message, runner_.watcher()->blockers(), attempt, retries);
      rows_ = std::max(rows_ / 2, std::min(fewest_rows, call_.rows));
    }
  }

  Result<std::uint64_t, ServerError> try_batch() {
    Session& work = runner_.work();
    const auto fence = work.exec("begin;\n" + runner_.fence_sql());
    if (!fence) return unexpected(fence.error());
    if (fence->empty()) return unexpected(ServerError{"GWFEN", "another runner has taken over", "", "", "", false});
    const auto rows = work.exec(fmt::format("select {}({});", call_.function, rows_));
    if (!rows) return unexpected(rows.error());
    const auto committed = work.exec("commit;");
    if (!committed) return unexpected(committed.error());
    return number(rows->text(0, 0));
  }

  Result<void, RuntimeError> reconnect(const ServerError& lost) {
    if (runner_.check_lock() && runner_.open_work()) return {};
    RuntimeError error = step_error(script_, step_, lost);
    if (error.sqlstate.empty()) error.server_message.clear();
    error.kind = Kind::resumable;
    error.code = codes::connection_lost.id;
    error.message = fmt::format("the connection was lost behind {} rows of {}", progress_.read, step_.title);
    error.hint = "`godwit apply` goes on from there when the server answers; `godwit rollback` takes back what is done";
    error.statement.clear();
    return unexpected(error);
  }

  Runner& runner_;
  const Script& script_;
  const ScriptStep& step_;
  const BatchCall call_;
  long long rows_;
  Event event_;
  Progress progress_;
  double waited_ = 0;  // of the last batch: seconds for locks
};

}  // namespace

Result<void, RuntimeError> run_batches(Runner& runner, const Script& script, std::size_t position) {
  return BatchRun(runner, script, position).run();
}

}  // namespace godwit
