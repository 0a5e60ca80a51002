// SPDX-License-Identifier: Apache-2.0
// verify --full: the rows that moves recorded, compared with their source range by range. Only reads.
#include "base/codes.h"
#include "runtime/errors.h"
#include "runtime/ledger.h"
#include "runtime/runner.h"
#include "runtime/script_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace godwit {

namespace {

using Kind = RuntimeError::Kind;

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// One row with named fields.
class Row {
 public:
  explicit Row(const Rows& rows) : rows_(rows) {}

  const std::string& text(const std::string& name) const {
    static const std::string none;
    const auto found = std::find(rows_.columns.begin(), rows_.columns.end(), name);
    if (found == rows_.columns.end() || rows_.empty()) return none;
    return rows_.text(0, static_cast<std::size_t>(found - rows_.columns.begin()));
  }
  std::uint64_t count(const std::string& name) const { return number(text(name)); }

 private:
  const Rows& rows_;
};

/// A later migration, or somebody, took or renamed what the statement names.
bool names_what_is_gone(const ServerError& error) {
  static const std::vector<std::string> states{"42P01", "42703", "42883", "42704", "3F000"};
  return std::find(states.begin(), states.end(), error.sqlstate) != states.end();
}

class Comparer {
 public:
  Comparer(Session& session, const LedgerRow& migration, const CompareOptions& options)
      : session_(session), migration_(migration), options_(options) {}

  Result<std::vector<ComparedMove>, RuntimeError> run(const Script& script) {
    script_ = &script;
    for (std::size_t at = 0; at < script.steps.size(); ++at) {
      const auto query = gate_query(script.steps[at]);
      if (!query) continue;  // all else is asked without --full
      std::size_t end = at + 1;
      while (end < script.steps.size() && !closes_gate(script.steps[end])) ++end;
      const auto open = session_.exec(*query);
      if (!open) return unexpected(step_error(script, script.steps[at], open.error()));
      for (++at; at < end; ++at) {
        if (auto done = step(script.steps[at], open->is_true(0, 0)); !done) return unexpected(done.error());
      }
    }
    return moves_;
  }

 private:
  Result<void, RuntimeError> step(const ScriptStep& step, bool is_kept) {
    const auto ranges = compared_ranges(step);
    if (!ranges) {
      if (!is_kept) return {};
      if (const auto done = session_.exec(step.sql); !done) return unexpected(step_error(*script_, step, done.error()));
      return {};
    }
    begin(step);
    if (is_kept && !moves_.back().done) return compare(step, *ranges);
    if (!is_kept) {
      moves_.back().result = ComparedMove::Result::none;
      moves_.back().reason = "what it recorded is gone: the migration is final";
    }
    return {};
  }

  /// As far as it came the last time.
  void begin(const ScriptStep& step) {
    ComparedMove move;
    move.migration = migration_.id;
    move.applied_at = migration_.applied_at;
    move.step = step.title.substr(step.title.find(' ') + 1);
    const auto earlier = std::find_if(options_.so_far.begin(), options_.so_far.end(), [&](const ComparedMove& one) {
      return std::tie(one.migration, one.applied_at, one.step) == std::tie(move.migration, move.applied_at, move.step);
    });
    moves_.push_back(earlier == options_.so_far.end() ? std::move(move) : *earlier);
  }

  Result<void, RuntimeError> compare(const ScriptStep& step, const ComparedRanges& ranges) {
    ComparedMove& move = moves_.back();
    while (!move.done) {
      const auto end = end_of_range(step, ranges, move.behind);
      if (!end) return failed(step, end.error());
      const auto rows = session_.exec(with_range(step.sql, move.behind, *end));
      if (!rows) {
        if (rows.error().sqlstate.starts_with("22")) {  // a value that the expression does not take any more
          add_failure(move, *end, "cannot be compared: " + rows.error().message);
        } else {
          return failed(step, rows.error());
        }
      } else if (auto added = add(move, Row(*rows), *end); !added) {
        return unexpected(bookkeeping_error(added.error(), "adding up what was compared"));
      }
      move.behind = *end;
      move.done = end->empty();
      if (options_.observer) options_.observer(moves_);
    }
    return {};
  }

  /// The last key of the range, as text; empty when it is the last range.
  Result<std::vector<std::string>, ServerError> end_of_range(const ScriptStep&, const ComparedRanges& ranges,
                                                             const std::vector<std::string>& behind) {
    std::vector<std::string> end;
    if (ranges.table.empty()) return end;
    const auto last =
        session_.exec(fmt::format("select {0} from {1} where {2} order by {0} offset {3} limit 1;", ranges.columns,
                                  ranges.table, range_condition(ranges.columns, behind, {}), options_.rows - 1));
    if (!last) return unexpected(last.error());
    if (last->empty()) return end;
    for (std::size_t i = 0; i < last->columns.size(); ++i) end.push_back(last->text(0, i));
    return end;
  }

  Result<void, RuntimeError> failed(const ScriptStep& step, const ServerError& error) {
    if (!names_what_is_gone(error)) return unexpected(step_error(*script_, step, error));
    ComparedMove& move = moves_.back();
    move.result = ComparedMove::Result::none;
    move.reason = "what it reads is not as the migration left it: " + error.message;
    move.done = true;
    return {};
  }

  static void add_failure(ComparedMove& move, const std::vector<std::string>& end, const std::string& detail) {
    move.result = ComparedMove::Result::fail;
    note(move, end, detail);
  }

  static void note(ComparedMove& move, const std::vector<std::string>& end, const std::string& detail) {
    constexpr std::size_t most_remarks = 50;
    if (move.remarks.size() < most_remarks) move.remarks.push_back({move.behind, end, detail});
  }

  Result<void, ServerError> add(ComparedMove& move, const Row& row, const std::vector<std::string>& end) {
    if (row.text("result") == "NONE") {
      move.result = ComparedMove::Result::none;
      move.reason = row.text("detail");
      return {};
    }
    move.ranges += 1;
    move.moved += row.count("moved");
    move.same += row.count("same");
    move.already_there += row.count("already_there");
    move.missing += row.count("missing");
    move.differs += row.count("differs");
    move.changed += row.count("changed");
    move.others += row.count("others");
    move.left_out = row.text("left_out");
    if (row.text("result") == "FAIL") move.result = ComparedMove::Result::fail;
    if (const std::string& detail = row.text("detail"); !detail.empty()) note(move, end, detail);
    const auto sums =
        session_.exec(fmt::format("select {}::numeric + {}::numeric, {}::numeric + {}::numeric;", move.source_sum,
                                  row.text("source_sum"), move.target_sum, row.text("target_sum")));
    if (!sums) return unexpected(sums.error());
    move.source_sum = sums->text(0, 0);
    move.target_sum = sums->text(0, 1);
    return {};
  }

  Session& session_;
  const LedgerRow& migration_;
  const CompareOptions& options_;
  const Script* script_ = nullptr;
  std::vector<ComparedMove> moves_;
};

RuntimeError nothing_applied(const std::string& what) {
  return runtime_error(Kind::refused, codes::not_applied, what,
                       "`godwit status` tells what is applied; check that this is the database you mean");
}

}  // namespace

Outcome<std::vector<ComparedMove>> compare(const std::string& connection, const std::vector<Migration>& migrations,
                                           const CompareOptions& options) {
  auto session = connect(ConnectionString(connection), "godwit verify");
  if (!session) return session.error();
  const auto ledger = read_ledger(*session);
  if (!ledger) return ledger.error();
  const LedgerRow* const row = options.id ? ledger->find(*options.id) : ledger->last();
  if (row == nullptr || !row->is_applied())
    return nothing_applied(options.id ? "migration " + *options.id + " is not applied to this database"
                                      : "nothing is applied to this database, there is nothing to compare");
  auto text = read_artifact(*session, row->id, "verify_sql");
  if (!text) return text.error();
  if (text->empty()) {
    for (const Migration& migration : migrations) {
      if (migration.id == row->id) *text = migration.verify_sql;
    }
  }
  if (text->empty()) return std::vector<ComparedMove>{};
  const auto script = read_script(*text, "verify", row->id, false);
  if (!script) return script.error();
  auto moves = Comparer(*session, *row, options).run(*script);
  if (!moves) return moves.error();
  return std::move(*moves);
}

}  // namespace godwit
