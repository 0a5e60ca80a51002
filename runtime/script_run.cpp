// SPDX-License-Identifier: Apache-2.0
#include "runtime/script_run.h"

#include "base/codes.h"
#include "base/identifier.h"
#include "runtime/batches.h"
#include "runtime/errors.h"
#include "runtime/privileges.h"
#include "runtime/watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <random>
#include <thread>

namespace godwit {

namespace {

using Kind = RuntimeError::Kind;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

bool is_check(const ScriptStep& step) { return step.title.starts_with("check"); }

std::string lines_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

/// The step that closes the gate.
std::size_t end_of_gate(const Script& script, std::size_t gate) {
  std::size_t at = gate;
  while (at + 1 < script.steps.size() && !closes_gate(script.steps[at])) ++at;
  return at;
}

/// Where the step's own `commit;` stands, first or last in it; npos when there is none. One in the middle belongs to a
/// text, such as the artifact that the record keeps.
std::size_t find_commit(std::string_view sql) {
  if (sql.starts_with("commit;")) return 0;
  return sql.ends_with("\ncommit;") ? sql.size() - std::string_view("commit;").size() : std::string_view::npos;
}

/// Steps of a script, from `first` up to, not including, `last`.
struct Stretch {
  std::size_t first = 0, last = 0;
};

/// One attempt at one transaction of a script.
class Attempt {
 public:
  Attempt(Runner& runner, const Script& script, Stretch stretch, Ending ending)
      : runner_(runner), script_(script), stretch_(stretch), ending_(ending) {}

  struct Failure {
    const ScriptStep* step = nullptr;
    ServerError error;
    bool committing = false;
    std::vector<std::string> notices;  // what was remarked up to here
  };

  Result<ScriptOutcome, Failure> run() {
    ScriptOutcome outcome;
    Event event;
    event.migration = script_.id;
    event.total = script_.steps.size();
    for (std::size_t at = stretch_.first; at < stretch_.last; ++at) {
      const ScriptStep& step = script_.steps[at];
      if (closes_gate(step)) continue;
      if (const auto query = gate_query(step)) {
        const auto open = runner_.work().exec(*query);
        if (!open) return unexpected(Failure{&step, open.error(), false, std::move(outcome.notices)});
        if (!open->is_true(0, 0)) at = end_of_gate(script_, at);
        continue;
      }
      event.number = at + 1;
      event.step = step.title;
      event.name = "step_started";
      event.message = step.place;
      event.seconds = 0;
      runner_.reporter()(event);
      const auto start = Clock::now();
      runner_.watcher()->step_begins(event);
      auto done = run_step(step, outcome);
      runner_.watcher()->step_ends();
      for (const Notice& notice : runner_.work().take_notices()) {
        event.name = is_check(step) ? "check" : "notice";
        event.message = notice.message;
        runner_.reporter()(event);
        outcome.notices.push_back(notice.message);
      }
      if (!done) {
        return unexpected(
            Failure{&step, done.error(), find_commit(step.sql) != std::string::npos, std::move(outcome.notices)});
      }
      event.name = "step_done";
      event.message.clear();
      event.seconds = seconds_since(start);
      runner_.reporter()(event);
    }
    return outcome;
  }

  /// The transaction's id, empty before it began.
  const std::string& transaction() const { return transaction_; }

  /// The runner's epoch, which this transaction may have been the first to take.
  std::int64_t epoch() const { return epoch_; }

 private:
  Runner& runner_;
  const Script& script_;
  Stretch stretch_;
  Ending ending_;
  std::string transaction_;
  std::int64_t epoch_ = 0;

  Result<void, ServerError> run_step(const ScriptStep& step, ScriptOutcome& outcome) {
    Session& work = runner_.work();
    if (step.sql.starts_with("begin;")) {
      auto fence = work.exec(step.sql + "\n" + runner_.fence_sql());
      if (!fence && fence.error().sqlstate == "42P06") {
        fence.error().hint =
            "godwit keeps its ledger in a schema of that name, and this one is not it: drop it when it is empty, or "
            "rename it (`alter schema godwit rename to …`)";
      }
      // Another runner made the ledger since this one looked for it.
      if (!fence && fence.error().sqlstate == "23505") fence.error().sqlstate = "GWFEN";
      if (!fence) return unexpected(fence.error());
      if (fence->empty()) return unexpected(ServerError{"GWFEN", "another runner has taken over", "", "", "", false});
      const std::string& epoch = fence->text(0, 0);
      std::from_chars(epoch.data(), epoch.data() + epoch.size(), epoch_);
      transaction_ = fence->text(0, 1);
      return {};
    }
    if (const auto batches = batch_call(step)) return run_batches_here(*batches);
    const std::size_t commit = find_commit(step.sql);
    if (commit == std::string::npos) return ran(work.exec(step.sql));
    if (script_.direction == "down") {
      if (auto counted = count_residue(outcome); !counted) return counted;
    }
    if (ending_ == Ending::commit) return ran(work.exec(step.sql));
    return ran(work.exec(step.sql.substr(0, commit) + "rollback;"));
  }

  /// All batches in this one transaction.
  Result<void, ServerError> run_batches_here(const BatchCall& batches) {
    for (;;) {
      const auto rows = runner_.work().exec(fmt::format("select {}({});", batches.function, batches.rows));
      if (!rows) return unexpected(rows.error());
      if (!rows->rows.front().front()) return {};
    }
  }

  static Result<void, ServerError> ran(const Result<Rows, ServerError>& rows) {
    if (!rows) return unexpected(rows.error());
    return {};
  }

  Result<void, ServerError> count_residue(ScriptOutcome& outcome) {
    Session& work = runner_.work();
    const auto table = work.exec("select to_regclass('godwit_kept.residue') is not null;");
    if (!table) return unexpected(table.error());
    if (!table->is_true(0, 0)) return {};
    const std::string these =
        fmt::format("from godwit_kept.residue where migration = {} and noted_at = now()", literal(script_.id));
    const auto items =
        work.exec(fmt::format("select table_name, reason, count(*) {} group by 1, 2 order by 1, 2;", these));
    if (!items) return unexpected(items.error());
    for (std::size_t i = 0; i < items->rows.size(); ++i) {
      Residue item{items->text(i, 0), items->text(i, 1)};
      const std::string& count = items->text(i, 2);
      std::from_chars(count.data(), count.data() + count.size(), item.rows);
      outcome.residue.push_back(std::move(item));
    }
    const auto rows = work.exec(fmt::format(
        "select table_name, coalesce(key::text, ''), reason {} order by table_name, key::text limit 20;", these));
    if (!rows) return unexpected(rows.error());
    for (std::size_t i = 0; i < rows->rows.size(); ++i) {
      const std::string line = fmt::format("residue: {} {}: {}", rows->text(i, 0), rows->text(i, 1), rows->text(i, 2));
      outcome.notices.push_back(line);
      runner_.reporter()("residue", script_.id, line);
    }
    return {};
  }
};

Clock::duration backoff(int attempt) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const auto longest = std::min(100ms * (1 << std::min(attempt, 6)), 5000ms);
  return longest * std::uniform_int_distribution<int>(50, 100)(random) / 100;
}

enum class Fate { committed, undone, unknown };

/// After a lost connection: what the server says became of the transaction.
Fate look_up(Runner& runner, const std::string& transaction) {
  const auto deadline = Clock::now() + 30s;
  while (!transaction.empty() && Clock::now() < deadline) {
    if (runner.open_work()) {
      const auto rows = runner.work().exec(fmt::format("select pg_xact_status({}::xid8);", literal(transaction)));
      if (rows && rows->text(0, 0) == "committed") return Fate::committed;
      if (rows && rows->text(0, 0) == "aborted") return Fate::undone;
      if (rows && rows->text(0, 0).empty()) return Fate::unknown;  // too old: its status is no longer kept
    }
    std::this_thread::sleep_for(300ms);
  }
  return Fate::unknown;
}

RuntimeError lost_error(const Script& script, const Attempt::Failure& failure, Fate fate) {
  RuntimeError error = step_error(script, *failure.step, failure.error);
  if (error.sqlstate.empty()) error.server_message.clear();  // the client's own words, which say no more
  if (fate == Fate::unknown) {
    error.kind = Kind::in_doubt;
    error.code = codes::commit_in_doubt.id;
    error.message = fmt::format(
        "the connection was lost while {} was committed, and the server could not be asked since", script.id);
    error.hint =
        "when the server answers again, `godwit status` shows whether it is recorded: it was done exactly when it is; "
        "the same command then does what is left";
  } else {
    error.kind = Kind::connection;
    error.code = codes::connection_lost.id;
    error.message = fmt::format("the connection was lost in step `{}`; the server undoes the whole of {}",
                                failure.step->title, script.id);
    error.hint = "run it again when the server answers";
    error.statement.clear();  // none is to blame
  }
  return error;
}

/// What is left of a migration in parts when one of them failed.
RuntimeError resumable(RuntimeError error, const Script& script) {
  if (error.kind != Kind::failed) return error;
  error.kind = Kind::resumable;
  error.hint += fmt::format("{}what is done of {} stays done: {}", error.hint.empty() ? "" : "; ", script.id,
                            how_to_go_on(script));
  return error;
}

/// One transaction, tried again where that can help.
Result<ScriptOutcome, RuntimeError> run_transaction(Runner& runner, const Script& script, Stretch stretch,
                                                    Ending ending) {
  const int retries = lock_retries(script);
  for (int attempt = 0;; ++attempt) {
    Attempt run(runner, script, stretch, ending);
    auto outcome = run.run();
    if (outcome) {
      if (ending == Ending::commit) runner.keep_epoch(run.epoch());
      return *outcome;
    }
    const Attempt::Failure& failure = outcome.error();
    if (failure.error.lost) {
      // Where no commit was sent there is nothing to look up: the server undoes what was begun.
      const bool may_be_done = failure.committing && ending == Ending::commit;
      const Fate fate = may_be_done ? look_up(runner, run.transaction()) : Fate::undone;
      if (fate != Fate::committed) return unexpected(lost_error(script, failure, fate));
      runner.keep_epoch(run.epoch());
      ScriptOutcome found;
      found.notices.emplace_back("the answer to the commit was lost; the server says that it is committed");
      runner.reporter()("notice", script.id, found.notices.back());
      return found;
    }
    (void)runner.work().exec("rollback;");
    (void)runner.work().take_notices();
    RuntimeError error = step_error(script, *failure.step, failure.error);
    if (error.code == codes::check_failed.id && error.detail.empty()) error.detail = lines_of(failure.notices);
    name_roles(runner.work(), error);
    if (!may_succeed_later(failure.error)) return unexpected(error);
    const std::string blockers = runner.watcher()->blockers();
    if (!blockers.empty()) error.detail += (error.detail.empty() ? "" : "\n") + ("waited for " + blockers);
    if (attempt >= retries) {
      error.code = codes::lock_not_granted.id;
      error.message = fmt::format("{}: {}, after {} attempts", failure.step->title, failure.error.message, attempt + 1);
      error.hint =
          "end what holds the lock (the detail names it), run it at a quieter time, or raise `lock timeout` "
          "and its `retry` in the spec's header";
      return unexpected(error);
    }
    pause_before_retry(runner, script, *failure.step, failure.error.message, blockers, attempt, retries);
  }
}

/// The transaction that begins at a step.
Stretch transaction_at(const Script& script, std::size_t first) {
  std::size_t last = first;
  while (last < script.steps.size() && find_commit(script.steps[last].sql) == std::string::npos) ++last;
  return {first, std::min(last + 1, script.steps.size())};
}

/// The same steps as a single transaction, which can be undone as a whole.
Script in_one_transaction(const Script& script) {
  constexpr std::string_view begin = "begin;";
  Script whole = script;
  whole.steps.clear();
  bool is_open = false;
  for (ScriptStep step : script.steps) {
    if (find_commit(step.sql) == 0) continue;
    if (step.sql.starts_with(begin)) {
      if (is_open) step.sql.erase(0, begin.size());
      is_open = true;
    }
    whole.steps.push_back(std::move(step));
  }
  whole.steps.push_back({"commit", {}, {}, "commit;"});
  return whole;
}

void add(const ScriptOutcome& more, ScriptOutcome& all) {
  all.notices.insert(all.notices.end(), more.notices.begin(), more.notices.end());
  all.residue.insert(all.residue.end(), more.residue.begin(), more.residue.end());
}

}  // namespace

void pause_before_retry(Runner& runner, const Script& script, const ScriptStep& step, const std::string& message,
                        const std::string& blockers, int attempt, int retries) {
  const auto pause = backoff(attempt);
  Event event;
  event.name = "retry";
  event.migration = script.id;
  event.step = step.title;
  event.number = static_cast<std::size_t>(attempt) + 1;
  event.total = static_cast<std::size_t>(retries);
  event.message = message + (blockers.empty() ? "" : "; waited for " + blockers);
  event.seconds = std::chrono::duration<double>(pause).count();
  runner.reporter()(event);
  std::this_thread::sleep_for(pause);
}

std::string how_to_go_on(const Script& script) {
  return script.direction == "up" ? "`godwit apply` goes on from there; `godwit rollback` takes back what is done"
                                  : "`godwit rollback` goes on from there";
}

int lock_retries(const Script& script) {
  const std::string_view fact = script.fact("lock retries");
  int retries = 10;
  std::from_chars(fact.data(), fact.data() + fact.size(), retries);
  return retries;
}

bool may_succeed_later(const ServerError& error) {
  return error.sqlstate == "55P03" || error.sqlstate == "40P01" || error.sqlstate == "40001";
}

Result<void, ServerError> run_first_steps(Session& session, const Script& script, std::size_t count,
                                          const ScriptStep*& failed) {
  for (std::size_t at = 0; at < count; ++at) {
    const ScriptStep& step = script.steps[at];
    if (closes_gate(step)) continue;
    const auto query = gate_query(step);
    const auto done = session.exec(query ? *query : step.sql);
    if (!done) {
      failed = &step;
      return unexpected(done.error());
    }
    if (query && !done->is_true(0, 0)) at = end_of_gate(script, at);
  }
  return {};
}

Result<ScriptOutcome, RuntimeError> run_script(Runner& runner, const Script& script, Ending ending) {
  if (ending == Ending::undo && !script.fact("transactions").empty()) {
    Script whole = in_one_transaction(script);
    std::erase_if(whole.facts, [](const auto& fact) { return fact.first == "transactions"; });
    return run_script(runner, whole, ending);
  }
  const auto start = Clock::now();
  if (const std::string_view timeout = script.fact("lock timeout"); !timeout.empty()) {
    // The script sets it for its own transaction; this holds for what stands outside of one.
    if (auto set = runner.work().exec(fmt::format("set lock_timeout = {};", literal(timeout))); !set) {
      return unexpected(bookkeeping_error(set.error(), "setting the lock timeout"));
    }
  }
  ScriptOutcome all;
  bool inside_gate = false, has_begun = false;  // has_begun: a part of it is done, by this run or an earlier one
  for (std::size_t at = 0; at < script.steps.size();) {
    const ScriptStep& step = script.steps[at];
    if (closes_gate(step)) {
      inside_gate = false;
      ++at;
    } else if (const auto query = gate_query(step)) {
      const auto open = runner.work().exec(*query);
      if (!open) return unexpected(bookkeeping_error(open.error(), "reading how far the migration is"));
      inside_gate = open->is_true(0, 0);
      has_begun = has_begun || (!inside_gate && step.title.starts_with("part "));
      at = inside_gate ? at + 1 : end_of_gate(script, at) + 1;
    } else if (batch_call(step) && ending == Ending::commit) {
      const auto ran = run_batches(runner, script, at);
      if (!ran) return unexpected(resumable(ran.error(), script));
      ++at;
    } else {
      const Stretch stretch = transaction_at(script, at);
      const auto ran = run_transaction(runner, script, stretch, ending);
      if (!ran) return unexpected(has_begun ? resumable(ran.error(), script) : ran.error());
      add(*ran, all);
      if (inside_gate && !has_begun && script.direction == "up") runner.reporter()("migration_begun", script.id, "");
      has_begun = has_begun || inside_gate;
      at = stretch.last;
    }
  }
  all.seconds = seconds_since(start);
  return all;
}

Result<ScriptOutcome, RuntimeError> run_checks(Session& session, const Script& script, bool may_lack,
                                               Reporter& reporter) {
  const auto start = Clock::now();
  ScriptOutcome outcome;
  Event event;
  event.name = "check";
  event.migration = script.id;
  event.total = script.steps.size();
  const auto tell = [&](std::string message) {
    event.message = message;
    reporter(event);
    outcome.notices.push_back(std::move(message));
  };
  std::optional<RuntimeError> failed;
  bool is_open = false;
  for (const ScriptStep& step : script.steps) {
    ++event.number;
    event.step = step.title;
    // One transaction: the checks leave their findings in it, and the verdict reads them.
    const bool opens = step.sql.starts_with("begin;") && !is_open;
    if (!opens && !step.title.starts_with("check before") && !step.title.starts_with("go or no-go")) continue;
    const std::string around = opens     ? "\nset transaction read only;"
                               : is_open ? "savepoint godwit_check;\n"
                                         : "begin read only;\nsavepoint godwit_check;\n";
    const auto done = session.exec(opens ? step.sql + around : around + step.sql);
    is_open = true;
    for (const Notice& notice : session.take_notices()) tell(notice.message);
    if (done) continue;
    const std::string& state = done.error().sqlstate;
    if (!may_lack || !(state.starts_with("42") || state == "3F000")) {
      failed = step_error(script, step, done.error());
      if (failed->code == codes::check_failed.id) failed->detail = lines_of(outcome.notices);
      break;
    }
    (void)session.exec("rollback to savepoint godwit_check;");
    tell(fmt::format("`{}` can be checked when the earlier pending migrations are applied", step.title));
  }
  if (is_open) (void)session.exec("rollback;");
  if (failed) name_roles(session, *failed);
  if (failed) return unexpected(*failed);
  outcome.seconds = seconds_since(start);
  return outcome;
}

RuntimeError step_error(const Script& script, const ScriptStep& step, const ServerError& error) {
  RuntimeError result = runtime_error(Kind::failed, codes::statement_failed,
                                      fmt::format("{}: {}", step.title, error.message), error.hint);
  if (error.sqlstate == "GW001") {
    result = runtime_error(Kind::refused, codes::guard_refused, error.message, error.hint);
  } else if (error.sqlstate == "GWFEN") {
    result = runtime_error(Kind::refused, codes::fenced_off, "another runner has taken over this database",
                           "this run changed nothing more; `godwit status` shows where the other one is");
  } else if (error.sqlstate.starts_with("GW") || (is_check(step) && error.sqlstate == "P0001")) {
    result.code = codes::check_failed.id;
    if (result.hint.empty()) result.hint = "correct the rows that the check names, or relax the check in the spec";
  } else if (error.sqlstate == "42501") {
    result.code = codes::missing_privilege.id;
    if (result.hint.empty()) result.hint = "grant it to this user, or connect as one that has it (the object's owner)";
  } else if (error.sqlstate == "2BP01") {
    // The server's own hint is CASCADE, which would drop what nobody named.
    result.hint =
        "nothing was changed; the detail names what still depends on it and is not known here: drop it, or move it "
        "away, and run it again";
  } else if (result.hint.empty()) {
    result.hint = step.place.empty() ? "nothing was changed; correct the cause and run it again"
                                     : fmt::format("nothing was changed; see {}", step.place);
  }
  result.migration = script.id;
  result.step = step.title;
  result.place = step.place;
  result.sqlstate = error.sqlstate;
  result.server_message = error.message;
  result.detail = error.detail;
  if (!error.context.empty() && !error.sqlstate.starts_with("GW")) {
    result.detail += (result.detail.empty() ? "" : "\n") + error.context;
  }
  result.statement = excerpt(step.sql);
  return result;
}

Result<Script, RuntimeError> read_script(const std::string& text, const std::string& direction, const std::string& id,
                                         bool allow_edited) {
  auto script = parse_script(text, allow_edited);
  RuntimeError error;
  if (!script && script.error().edited) {
    error = runtime_error(
        Kind::refused, codes::artifact_edited,
        fmt::format("the {} artifact of {} was edited by hand: {}", direction, id, script.error().message),
        "change the spec and compile it again (`godwit compile`), or allow it on purpose with "
        "`--allow-edited`");
  } else if (!script) {
    error =
        runtime_error(Kind::usage, codes::bad_artifact,
                      fmt::format("the {} artifact of {} cannot be read: {}", direction, id, script.error().message),
                      "compile it again (`godwit compile`)");
  } else if (script->direction != direction || script->id != id) {
    error = runtime_error(
        Kind::usage, codes::bad_artifact,
        fmt::format("the {} artifact of {} is the {} artifact of {}", direction, id, script->direction, script->id),
        "give each migration its own artifacts, as `godwit compile` wrote them");
  } else {
    return std::move(*script);
  }
  error.migration = id;
  return unexpected(error);
}

Result<Script, RuntimeError> read_head(const std::string& text, const std::string& direction, const std::string& id) {
  const std::size_t content = text.find("\n-- content: ");
  const std::size_t end = content == std::string::npos ? content : text.find('\n', content + 1);
  return read_script(text.substr(0, end), direction, id, true);
}

}  // namespace godwit
