// SPDX-License-Identifier: Apache-2.0
#include "runtime/watcher.h"

#include <fmt/format.h>

#include <utility>

namespace godwit {

namespace {

using namespace std::chrono_literals;
constexpr auto tick = 50ms;
constexpr auto patience = 150ms;  // a step this quick is not looked at
constexpr auto heartbeat = 10s;

}  // namespace

Watcher::Watcher(Session& control, int work_pid, std::int64_t epoch, Reporter& reporter)
    : control_(control),
      reporter_(reporter),
      epoch_(epoch),
      work_pid_(work_pid),
      heartbeat_(std::chrono::steady_clock::now()),
      thread_([this] { run(); }) {}

Watcher::~Watcher() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Watcher::step_begins(const Event& step) {
  const std::lock_guard lock(mutex_);
  busy_ = true;
  step_ = step;
  blockers_.clear();
  waited_ = 0;
  began_ = looked_ = std::chrono::steady_clock::now();
  // Not notified: the thread wakes by itself, and most steps are over by then.
}

void Watcher::step_ends() {
  std::unique_lock lock(mutex_);
  busy_ = false;
  changed_.wait(lock, [this] { return !looking_; });
}

std::string Watcher::blockers() {
  const std::lock_guard lock(mutex_);
  return blockers_;
}

double Watcher::waited() {
  const std::lock_guard lock(mutex_);
  return waited_;
}

void Watcher::beat() {
  const auto now = std::chrono::steady_clock::now();
  const std::int64_t epoch = [this] {
    const std::lock_guard lock(mutex_);
    return epoch_;
  }();
  if (epoch == 0 || now - heartbeat_ <= heartbeat) return;
  heartbeat_ = now;
  (void)control_.exec(fmt::format("update godwit.runner set heartbeat_at = now() where epoch = {};", epoch));
}

void Watcher::work_moved(int work_pid) {
  const std::lock_guard lock(mutex_);
  work_pid_ = work_pid;
}

void Watcher::keep_epoch(std::int64_t epoch) {
  const std::lock_guard lock(mutex_);
  epoch_ = epoch;
}

void Watcher::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    changed_.wait_for(lock, tick, [this] { return stop_; });
    if (stop_ || !busy_ || std::chrono::steady_clock::now() - began_ < patience) continue;
    looking_ = true;
    lock.unlock();
    look();
    lock.lock();
    looking_ = false;
    changed_.notify_all();
  }
}

void Watcher::look() {
  const auto rows = control_.exec(
      fmt::format("select string_agg(format('process %s (%s, %s%s) for %s, running: %s', pid, coalesce(usename, '?'),\n"
                  "  coalesce(nullif(application_name, ''), 'no application name'), ', ' || host(client_addr),\n"
                  "  date_trunc('second', clock_timestamp() - coalesce(xact_start, query_start, backend_start)),\n"
                  "  left(regexp_replace(query, '\\s+', ' ', 'g'), 100)), '; ' order by pid)\n"
                  "from pg_stat_activity where pid = any (pg_blocking_pids({}));",
                  work_pid_));
  beat();
  const bool is_blocked = rows && !rows->empty() && !rows->text(0, 0).empty();
  Event event;
  {
    const std::lock_guard lock(mutex_);
    const auto before = std::exchange(looked_, std::chrono::steady_clock::now());
    if (!is_blocked) return;
    waited_ += std::chrono::duration<double>(looked_ - before).count();
    const bool is_news = blockers_.empty();
    blockers_ = rows->text(0, 0);
    if (!is_news) return;
    event = step_;
    event.name = "blocked";
    event.message = "waits for " + blockers_;
  }
  reporter_(event);
}

}  // namespace godwit
