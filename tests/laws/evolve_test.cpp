// SPDX-License-Identifier: Apache-2.0
// A random database goes through random migrations, one on top of the other, its rows with it. Each migration is
// applied, verified, rolled back, compared, and applied again. Every few of them are finalized; those that are still
// open in the end are rolled back too. A failure is told as the shortest history that shows it.
//
// GODWIT_EVOLVE_STEPS and GODWIT_EVOLVE_SEED go further than the test does.
#include "tests/laws/server.h"
#include "tests/laws/world.h"
#include "tests/support/expected_files.h"

#include <godwit/compile.h>

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>

namespace {

using namespace godwit;
using namespace godwit::laws;

/// Specs in the order in which they apply; the first makes the database.
using History = std::vector<Spec>;

struct Failure {
  std::string what;  // "down", "after rollback": a shorter history has to fail in the same way
  std::string detail;
};

std::string id_of(std::size_t step) {
  std::string number = std::to_string(step);
  return std::string(6 - number.size(), '0') + number;
}

CompileRequest request_of(const History& history) {
  CompileRequest request;
  request.options.oldest_postgres = oldest_postgres();
  for (std::size_t i = 0; i < history.size(); ++i) request.specs.push_back({id_of(i) + ".gw", text_of(history[i])});
  return request;
}

/// Rows stood in the way: what the database holds is not what the migration asks for (SQLSTATE classes 22 and 23).
bool is_about_rows(const Output& output) {
  const std::size_t at = output.text.find("ERROR:  2");
  return at != std::string::npos && (output.text[at + 9] == '2' || output.text[at + 9] == '3');
}

/// Each row by its table alone: a default may give it another value every time.
std::string without_values(const std::string& snapshot) {
  std::istringstream lines(snapshot);
  std::string text;
  for (std::string line; std::getline(lines, line);) text += line.substr(0, line.find(": (")) + '\n';
  return text;
}

class Evolution {
 public:
  static constexpr std::size_t left_open = 3;

  /// Makes the database of the first spec; false when the server does not take it.
  bool begin(const Spec& first) {
    history_ = {first};
    const auto compiled = last_of(history_);
    return compiled && database_.psql(compiled->up_sql).ok && database_.fill().ok;
  }

  enum class Went { forward, nowhere };

  /// One more migration, there, back and there again. It goes nowhere when godwit or the rows refuse it.
  Went step(const Spec& spec) {
    History longer = history_;
    longer.push_back(spec);
    const auto compiled = last_of(longer);
    if (!compiled) return Went::nowhere;
    const std::string before = database_.snapshot();
    const Output up = database_.psql(compiled->up_sql);
    if (!up.ok) {
      // One in batches has begun, and is taken back.
      if (up.text.find("godwit_kept.batch_") != std::string::npos)
        run(compiled->down_sql, "down, from where it failed");
      same(before, "after a migration that failed");
      if (!failure && !is_about_rows(up)) failure = {"up", up.text};
      return Went::nowhere;
    }
    const std::string after = database_.snapshot();
    const Output verified = database_.psql(compiled->verify_sql);
    if (!verified.ok || verified.text.find("FAIL") != std::string::npos) failure = {"verify", verified.text};
    run(compiled->down_sql, "down");
    same(before, "after rollback");
    run(compiled->up_sql, "up, again");
    same_without_values(after, "after it was applied again");
    if (failure) return Went::forward;
    history_ = std::move(longer);
    open_.push_back({*compiled, before});
    if (const Output filled = database_.fill(); !filled.ok) failure = {"rows", filled.text};
    if (open_.size() > left_open) {
      for (const Open& one : open_) run(one.migration.finalize_sql, "finalize");
      open_.clear();
    }
    return Went::forward;
  }

  /// Everything that is not finalized, from the last to the first.
  void go_back() {
    for (; !open_.empty() && !failure; open_.pop_back()) {
      run(open_.back().migration.down_sql, "down, in the end");
      same(open_.back().before, "after rollback in the end");
    }
  }

  std::optional<Failure> failure;

 private:
  struct Open {
    CompiledMigration migration;
    std::string before;
  };

  static std::optional<CompiledMigration> last_of(const History& history) {
    Compilation outcome = compile(request_of(history));
    if (!outcome.ok) return std::nullopt;
    return std::move(outcome.migrations.back());
  }

  void run(const std::string& sql, const std::string& what) {
    if (failure) return;
    if (const Output output = database_.psql(sql); !output.ok) failure = {what, output.text};
  }

  void same(const std::string& expected, const std::string& what) { compare(expected, database_.snapshot(), what); }

  void same_without_values(const std::string& expected, const std::string& what) {
    compare(without_values(expected), without_values(database_.snapshot()), what);
  }

  void compare(const std::string& expected, const std::string& actual, const std::string& what) {
    if (failure) return;
    const std::string difference = test::unified_diff(expected, actual, what);
    if (!difference.empty()) failure = {what, difference};
  }

  Database database_;
  History history_;
  std::vector<Open> open_;
};

std::optional<Failure> failure_of(const History& history) {
  Evolution evolution;
  if (!evolution.begin(history.front())) return std::nullopt;
  for (std::size_t i = 1; i < history.size() && !evolution.failure; ++i) evolution.step(history[i]);
  evolution.go_back();
  return evolution.failure;
}

/// Histories that are shorter by a migration, a declaration or an item, the shortest first.
std::vector<History> shorter(const History& history) {
  std::vector<History> out;
  for (std::size_t i = 1; i < history.size(); ++i) {
    History less = history;
    less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
    out.push_back(std::move(less));
  }
  for (std::size_t i = history.size(); i > 0; --i) {
    for (Spec& spec : smaller(history[i - 1])) {
      History less = history;
      less[i - 1] = std::move(spec);
      out.push_back(std::move(less));
    }
  }
  return out;
}

/// `state`: the database before the last migration, which may fail without its past.
History shrunk(History history, const Spec& state, Failure& failure) {
  int tries = 120;
  const auto still_fails = [&](const History& candidate) {
    const auto found = failure_of(candidate);
    if (!found || found->what != failure.what) return false;
    failure = *found;
    return true;
  };
  if (const History short_cut{state, history.back()}; still_fails(short_cut)) history = short_cut;
  for (bool any = true; any && tries > 0;) {
    any = false;
    for (const History& candidate : shorter(history)) {
      if (--tries < 0) break;
      if (!still_fails(candidate)) continue;
      history = candidate;
      any = true;
      break;
    }
  }
  return history;
}

std::string shown(const History& history) {
  std::string text;
  for (std::size_t i = 0; i < history.size(); ++i) text += "--- " + id_of(i) + ".gw\n" + text_of(history[i]);
  return text;
}

struct Outcome {
  std::size_t forward = 0, nowhere = 0;
  std::string counterexample;
};

/// One database through `steps` migrations.
Outcome evolve(std::uint64_t seed, std::size_t steps) {
  Outcome outcome;
  Dice dice(seed);
  World world = random_world(dice);
  History history{declarations_of(world)};
  Evolution evolution;
  if (!evolution.begin(history.front())) return outcome;
  while (outcome.forward + outcome.nowhere < steps && !evolution.failure) {
    Change change = random_evolution(world, dice);
    dice.shuffle(change.spec);
    history.push_back(change.spec);
    const auto went = evolution.step(change.spec);
    if (evolution.failure) break;
    ++(went == Evolution::Went::forward ? outcome.forward : outcome.nowhere);
    if (went == Evolution::Went::nowhere) {
      history.pop_back();
    } else {
      world = std::move(change.after);
    }
  }
  if (!evolution.failure) evolution.go_back();
  if (!evolution.failure) return outcome;
  Failure failure = *evolution.failure;
  std::ostringstream text;
  text << "seed " << seed << ", after " << outcome.forward << " migrations: ";
  const std::string as_found = shown({history.back()});
  std::fprintf(stderr, "%s%s\n%s\n%s(looking for a shorter history)\n", text.str().c_str(), failure.what.c_str(),
               failure.detail.c_str(), as_found.c_str());
  const History smallest = shrunk(history, declarations_of(world), failure);
  text << failure.what << '\n' << failure.detail << '\n' << shown(smallest) << "=== as it was found\n" << as_found;
  outcome.counterexample = text.str();
  return outcome;
}

std::uint64_t number(const char* variable, std::uint64_t otherwise) {
  const char* given = std::getenv(variable);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

}  // namespace

TEST_CASE("a database goes through many migrations, each there and back") {
  const std::size_t wanted = number("GODWIT_EVOLVE_STEPS", 12), a_history = 40;
  std::uint64_t seed = number("GODWIT_EVOLVE_SEED", 20261121);
  std::size_t forward = 0, nowhere = 0;
  while (forward + nowhere < wanted) {
    const Outcome outcome = evolve(seed++, std::min(wanted - forward - nowhere, a_history));
    INFO(outcome.counterexample);
    REQUIRE(outcome.counterexample.empty());
    forward += outcome.forward;
    nowhere += outcome.nowhere;
  }
  std::printf("%zu migrations there, back and there again; %zu refused by godwit or by rows\n", forward, nowhere);
  CHECK(forward > nowhere);
}
