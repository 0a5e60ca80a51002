// SPDX-License-Identifier: Apache-2.0
#include "runtime/throttle.h"

#include "base/codes.h"
#include "base/identifier.h"
#include "runtime/errors.h"
#include "runtime/watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <thread>

namespace godwit {

namespace {

using namespace std::chrono_literals;
constexpr auto slice = 100ms;  // so often a request to stop is looked for
constexpr double longest_rest = 60;

double number(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::chrono::steady_clock::duration seconds(double count) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(count));
}

/// Of a WAL file, by its name: timeline, high half and low half of its place, in hex.
std::string segment_number(const std::string& file) {
  return fmt::format(
      "(('x' || substr({0}, 9, 8))::bit(32)::bigint * (4294967296 / size) + ('x' || substr({0}, 17, "
      "8))::bit(32)::bigint)",
      file);
}

bool is_set(const Throttle& limits) {
  return limits.replication_lag || limits.replication_bytes || limits.lock_wait || limits.archive_files ||
         !limits.query.empty();
}

}  // namespace

Throttling::Throttling(Runner& runner, Event step)
    : runner_(runner), limits_(runner.options().throttle), step_(std::move(step)) {}

void Throttling::batch_waited(double waited) {
  if (!limits_.lock_wait || waited <= *limits_.lock_wait) return;
  waited_ = waited;
  rest_until_ = Clock::now() + seconds(std::clamp(2 * waited, limits_.pause, longest_rest));
}

Result<void, RuntimeError> Throttling::wait(const std::function<bool()>& asked_to_stop) {
  if (!is_set(limits_) || (Clock::now() < looked_ + seconds(limits_.pause) && Clock::now() > rest_until_)) return {};
  auto reason = find_reason();
  if (!reason) return unexpected(reason.error());
  if (reason->empty()) return {};
  const auto start = Clock::now();
  tell("throttled", *reason);
  while (!reason->empty()) {
    for (const auto end = Clock::now() + seconds(limits_.pause); Clock::now() < end;) {
      if (asked_to_stop()) return {};
      std::this_thread::sleep_for(std::min<Clock::duration>(slice, end - Clock::now()));
    }
    runner_.watcher()->beat();
    reason = find_reason();
    if (!reason) return unexpected(reason.error());
  }
  tell("unthrottled", {}, std::chrono::duration<double>(Clock::now() - start).count());
  return {};
}

Result<std::string, RuntimeError> Throttling::find_reason() {
  looked_ = Clock::now();
  std::string reason = locks();
  if (reason.empty()) reason = excused(replication(), "replication_lag");
  if (reason.empty()) reason = excused(archive(), "archive_files");
  if (!reason.empty()) return reason;
  const Reason said = query();
  if (said) return *said;
  if (said.error().lost) return std::string();  // the next batch finds out, and connects again
  return unexpected(query_error(said.error()));
}

std::string Throttling::locks() {
  if (Clock::now() >= rest_until_) return {};
  return fmt::format("the last batch waited {:.1f} s for locks (limit: {:g} s)", waited_, *limits_.lock_wait);
}

Throttling::Reason Throttling::replication() {
  if (!limits_.replication_lag && !limits_.replication_bytes) return std::string();
  const auto rows = runner_.work().exec(
      "select coalesce(nullif(application_name, ''), 'a standby') || coalesce(' at ' || host(client_addr), ''),\n"
      "  coalesce(extract(epoch from replay_lag), 0)::float8,\n"
      "  coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0)::float8, state is null\n"
      "from pg_stat_replication where state is distinct from 'backup' order by 3 desc, 1;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const double lag = number(rows->text(i, 1)), bytes = number(rows->text(i, 2));
    if (rows->is_true(i, 3)) {
      warn("the lag of standbys is hidden from this user, so nothing waits for it: `grant pg_monitor` to it shows it");
    } else if (limits_.replication_lag && lag > *limits_.replication_lag) {
      return fmt::format("{} is {:.1f} s behind (limit: {:g} s)", rows->text(i, 0), lag, *limits_.replication_lag);
    } else if (limits_.replication_bytes && bytes > static_cast<double>(*limits_.replication_bytes)) {
      return fmt::format("{} is {:.0f} bytes behind (limit: {})", rows->text(i, 0), bytes, *limits_.replication_bytes);
    }
  }
  return std::string();
}

Throttling::Reason Throttling::archive() {
  if (!limits_.archive_files) return std::string();
  Session& work = runner_.work();
  // Without the privilege to look into the folder: how many files the archiver is behind.
  const auto facts = work.exec(fmt::format(
      "select current_setting('archive_mode') <> 'off',\n"
      "  has_function_privilege('pg_catalog.pg_ls_archive_statusdir()', 'execute'),\n"
      "  case when last_archived_wal ~ '^[0-9A-F]{{24}}' then greatest({} - {} - 1, 0) else 0 end,\n"
      "  coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)\n"
      "from pg_stat_archiver, (select pg_size_bytes(current_setting('wal_segment_size')) as size) as segment;",
      segment_number("pg_walfile_name(pg_current_wal_lsn())"), segment_number("last_archived_wal")));
  if (!facts) return unexpected(facts.error());
  if (!facts->is_true(0, 0)) {
    warn("archive_files is set, and this server archives nothing");
    return std::string();
  }
  double files = number(facts->text(0, 2));
  if (facts->is_true(0, 1)) {
    const auto ready = work.exec("select count(*) from pg_ls_archive_statusdir() where name like '%.ready';");
    if (!ready) return unexpected(ready.error());
    files = number(ready->text(0, 0));
  }
  if (files <= static_cast<double>(*limits_.archive_files)) return std::string();
  return fmt::format("{:.0f} WAL files wait to be archived (limit: {}){}", files, *limits_.archive_files,
                     facts->is_true(0, 3) ? ", and archive_command fails" : "");
}

Throttling::Reason Throttling::query() {
  if (limits_.query.empty()) return std::string();
  Session& work = runner_.work();
  auto rows = work.exec("begin read only; set local statement_timeout = '10s';");
  if (rows) rows = work.exec(limits_.query);
  (void)work.exec("rollback;");
  (void)work.take_notices();
  if (!rows) return unexpected(rows.error());
  if (rows->empty() || rows->columns.empty()) return std::string();
  const std::string& said = rows->text(0, 0);
  if (said.empty() || said == "t") return std::string();
  return said == "f" ? "the query of the settings says no" : "the query of the settings says: " + said;
}

std::string Throttling::excused(const Reason& reason, const char* setting) {
  if (reason) return *reason;
  if (!reason.error().lost)
    warn(fmt::format("{} cannot be read, so nothing waits for it: {}", setting, reason.error().message));
  return {};
}

RuntimeError Throttling::query_error(const ServerError& error) const {
  RuntimeError result =
      runtime_error(RuntimeError::Kind::resumable, codes::throttle_query_failed,
                    "the query that says when to wait failed: " + error.message,
                    "correct it (`query` of `[throttle]` in godwit.toml, or `--throttle-query`); `godwit apply` then "
                    "goes on behind the last batch");
  result.migration = step_.migration;
  result.step = step_.step;
  result.sqlstate = error.sqlstate;
  result.server_message = error.message;
  result.detail = error.detail;
  result.statement = excerpt(limits_.query);
  return result;
}

void Throttling::tell(const char* name, std::string message, double seconds) {
  Event event = step_;
  event.name = name;
  event.message = std::move(message);
  event.seconds = seconds;
  runner_.reporter()(std::move(event));
}

void Throttling::warn(const std::string& message) {
  Event event = step_;
  event.message = message;
  runner_.reporter().warn_once(std::move(event));
}

}  // namespace godwit
