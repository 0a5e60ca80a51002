// SPDX-License-Identifier: Apache-2.0
#include "runtime/vacuum.h"

#include "base/identifier.h"
#include "runtime/script_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace godwit {

namespace {

constexpr std::string_view in_place = "backfill ";  // what such a step is called, before its table's name
constexpr std::uint64_t fewest_dead = 100000;

}  // namespace

Vacuuming::Vacuuming(Runner& runner, const Script& script, const ScriptStep& step, Event of_step)
    : runner_(runner), script_(script), step_(step), event_(std::move(of_step)) {
  if (runner.options().vacuum_every == 0U || !step.title.starts_with(in_place)) return;
  table_ = step.title.substr(in_place.size());
  if (count()) vacuumed_ = written_;
}

void Vacuuming::batch_done(std::uint64_t rows_read, std::uint64_t rows_of_table) {
  if (table_.empty()) return;
  read_ += rows_read;  // no fewer than were written, and known without a query
  if (read_ < limit(rows_of_table) || !count()) return;
  if (written_ - vacuumed_ < limit(rows_of_table)) {
    read_ = written_ - vacuumed_;
    return;
  }
  vacuum();
  read_ = 0;
  vacuumed_ = written_;
}

std::uint64_t Vacuuming::limit(std::uint64_t rows_of_table) const {
  return runner_.options().vacuum_every.value_or(std::max(fewest_dead, rows_of_table / 10));
}

bool Vacuuming::count() {
  const auto rows = runner_.work().exec(fmt::format(
      "select sum(rows_written) from godwit.checkpoint where migration = {} and step = {} having count(*) > 0;",
      literal(script_.id), literal(step_.title)));
  if (!rows || rows->empty()) return false;
  const std::string& text = rows->text(0, 0);
  std::from_chars(text.data(), text.data() + text.size(), written_);
  return true;
}

void Vacuuming::vacuum() {
  Session& work = runner_.work();
  const auto start = std::chrono::steady_clock::now();
  (void)work.take_notices();
  (void)work.exec("set lock_timeout = '1s';");
  // Without giving the end of the file back, which locks readers out.
  const auto done = work.exec(fmt::format("vacuum (truncate false) {};", table_));
  const std::string_view timeout = script_.fact("lock timeout");
  (void)work.exec(timeout.empty() ? "reset lock_timeout;"
                                  : fmt::format("set lock_timeout = {};", literal(std::string(timeout))));
  const auto notices = work.take_notices();
  if (!done && done.error().lost) return;  // the next batch finds out, and connects again
  if (!done && may_succeed_later(done.error())) return warn(fmt::format("{}, this time", done.error().message));
  if (!done || !notices.empty()) {  // a notice: it was skipped, for want of a privilege
    warn(done ? notices.front().message : done.error().message);
    table_.clear();
    return;
  }
  event_.name = "vacuumed";
  event_.message = table_;
  event_.rows = written_ - vacuumed_;
  event_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  runner_.reporter()(event_);
}

void Vacuuming::warn(const std::string& why) {
  Event warning = event_;
  warning.name = "warning";
  warning.message = fmt::format("{} is not vacuumed between the batches: {}", table_, why);
  runner_.reporter()(warning);
}

}  // namespace godwit
