// SPDX-License-Identifier: Apache-2.0
#include "base/codes.h"
#include "runtime/errors.h"
#include "runtime/ledger.h"
#include "runtime/prove/populate.h"
#include "runtime/prove/snapshot.h"
#include "runtime/reporter.h"
#include "runtime/runner.h"
#include "runtime/scratch.h"
#include "runtime/script_run.h"

#include <godwit/prove.h>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace godwit {

namespace {

using Verdict = Claim::Verdict;

/// What ends the whole proof, not only a claim: the server does not do what a proof needs.
struct Broken {
  RuntimeError error;
};

[[noreturn]] void broken(const ServerError& error, std::string_view doing) {
  throw Broken{bookkeeping_error(error, doing)};
}

std::string shortened(const std::vector<std::string>& lines) { return joined(lines, 10); }

Session open(const ScratchDatabases& databases, const std::string& name) {
  auto session = connect(databases.connection(name), "godwit prove");
  if (!session) throw Broken{session.error()};
  return std::move(*session);
}

std::string copy(ScratchDatabases& databases, const std::string& source) {
  auto name = databases.copy(source);
  if (!name) throw Broken{name.error()};
  return std::move(*name);
}

Snapshot snapshot_of(ScratchDatabases& databases, const std::string& name) {
  Session session = open(databases, name);
  auto snapshot = take_snapshot(session);
  if (!snapshot) broken(snapshot.error(), "reading the database to compare it");
  return std::move(*snapshot);
}

std::string text_of(const RuntimeError& error) {
  std::string text = error.message;
  if (!error.step.empty()) text += fmt::format(" (at `{}`)", error.step);
  return text;
}

RunOptions patient() {
  RunOptions run;
  run.allow_irreversible = true;
  run.application_name = "godwit prove";
  run.wait_for_runner = true;
  return run;
}

/// Nothing when all is applied.
std::optional<RuntimeError> applied_all(ScratchDatabases& databases, const std::string& name,
                                        const std::vector<Migration>& migrations, const ProveOptions& options) {
  return apply_all(databases, name, migrations, patient(), options.creates_missing_roles);
}

/// One migration on one copy.
class Proving {
 public:
  Proving(ScratchDatabases& databases, const std::string& source, const std::vector<Migration>& up_to_here,
          const ProveOptions& options, Reporter& reporter)
      : databases_(databases),
        migrations_(up_to_here),
        migration_(migrations_.back()),
        options_(options),
        reporter_(reporter),
        source_(source) {
    proof_.id = migration_.id;
  }

  MigrationProof run() {
    begin(true);
    std::optional<RuntimeError> failed = applied();
    if (failed && proof_.rows > 0 && failed->kind == RuntimeError::Kind::failed) {
      claim(Verdict::not_shown, "it applies to generated rows", text_of(*failed) + "; tried without rows instead");
      databases_.drop(database_);
      begin(false);
      failed = applied();
    }
    if (failed) {
      claim(Verdict::refuted, "it applies", text_of(*failed));
      databases_.drop(database_);
      return std::move(proof_);
    }
    const Snapshot after = snapshot_of(databases_, database_);
    verified();
    const auto up = read_script(migration_.up_sql, "up", migration_.id, true);
    if (!up) throw Broken{up.error()};
    if (up->fact("rollback") == "impossible") {
      claim(Verdict::not_shown, "the way back", "the spec calls it irreversible: it has none");
    } else {
      cut_off("down", migration_.down_sql, after, after);
      if (there_and_back(after, up->fact("rollback").starts_with("lossy"))) {
        cut_off("up", migration_.up_sql, before_, after);
        again(after);
        late_writes();
      }
    }
    databases_.drop(database_);
    return std::move(proof_);
  }

 private:
  void claim(Verdict verdict, std::string what, std::string detail) {
    proof_.claims.push_back({verdict, std::move(what), std::move(detail)});
  }

  void begin(bool with_rows) {
    database_ = copy(databases_, source_);
    {
      Session session = open(databases_, database_);
      if (with_rows) {
        auto population = populate(session, options_.rows, options_.seed, true);
        if (!population) broken(population.error(), "making rows");
        proof_.not_filled = std::move(population->not_filled);
      }
    }
    before_ = snapshot_of(databases_, database_);
    proof_.tables = before_.tables.size();
    proof_.rows = before_.rows();
  }

  std::optional<RuntimeError> applied() { return applied_all(databases_, database_, migrations_, options_); }

  std::optional<RuntimeError> rolled_back() {
    const auto outcome = rollback(databases_.connection(database_).text(), patient(), {});
    const auto* error = std::get_if<RuntimeError>(&outcome);
    return error == nullptr ? std::nullopt : std::optional(*error);
  }

  void verified() {
    const std::string what = "verify agrees that everything is as declared";
    const auto outcome = verify(databases_.connection(database_).text(), migrations_);
    if (const auto* error = std::get_if<RuntimeError>(&outcome)) return claim(Verdict::refuted, what, text_of(*error));
    const auto& rows = std::get<std::vector<VerifyRow>>(outcome);
    std::vector<std::string> failed;
    for (const VerifyRow& row : rows) {
      if (!row.passed) failed.push_back(fmt::format("{} {}: {}", row.kind, row.object, row.detail));
    }
    claim(failed.empty() ? Verdict::proven : Verdict::refuted, what,
          failed.empty() ? fmt::format("{} objects", rows.size()) : shortened(failed));
  }

  bool there_and_back(const Snapshot& after, bool is_lossy) {
    const std::string what = "the way back gives back catalog and rows";
    if (const auto error = rolled_back()) {
      claim(Verdict::refuted, what, text_of(*error));
      return false;
    }
    const Snapshot now = snapshot_of(databases_, database_);
    const std::vector<std::string> lines = differences(before_, now);
    if (lines.empty()) {
      claim(Verdict::proven, what,
            fmt::format("{} catalog entries and {} rows of {} tables are equal, {} entries had changed",
                        before_.catalog.size(), before_.rows(), before_.tables.size(),
                        compare(before_.catalog, after.catalog).size()));
    } else if (is_lossy) {
      claim(Verdict::not_shown, what, "the plan calls it lossy: " + shortened(lines));
    } else {
      claim(Verdict::refuted, what, shortened(lines));
      return false;
    }
    return lines.empty();
  }

  void again(const Snapshot& after) {
    const std::string what = "applied again, it makes the same";
    if (const auto error = applied()) return claim(Verdict::refuted, what, text_of(*error));
    const std::vector<std::string> lines = differences(after, snapshot_of(databases_, database_), true);
    claim(lines.empty() ? Verdict::proven : Verdict::refuted, what,
          lines.empty() ? "catalog and numbers of rows" : shortened(lines));
  }

  /// Steps of a script after which its connection is cut, evenly over all of them.
  std::vector<std::size_t> boundaries(std::size_t steps) const {
    std::vector<std::size_t> cuts;
    const std::size_t inner = steps - 1, most = std::min(options_.boundaries, inner);
    for (std::size_t i = 1; i <= most; ++i) cuts.push_back((i * inner + most - 1) / most);
    return cuts;
  }

  void cut_off(const std::string& direction, const std::string& artifact, const Snapshot& expected,
               const Snapshot& after) {
    if (options_.boundaries == 0) return;
    const auto script = read_script(artifact, direction, migration_.id, true);
    if (!script) throw Broken{script.error()};
    const bool in_parts = !script->fact("transactions").empty();
    const std::string what = in_parts ? fmt::format("cut off on its way {}, it goes on{}", direction,
                                                    direction == "up" ? " or goes back" : "")
                                      : fmt::format("cut off on its way {}, it leaves nothing behind", direction);
    const std::size_t steps = script->steps.size() - (in_parts ? 1 : 0);  // the gate that closes behind the last commit
    const std::vector<std::size_t> cuts = boundaries(steps);
    bool goes_on = false, was_done_again = false;
    for (const std::size_t cut : cuts) {
      {
        Session session = open(databases_, database_);
        const ScriptStep* failed = nullptr;
        if (const auto ran = run_first_steps(session, *script, cut, failed); !ran)
          return claim(Verdict::refuted, what, text_of(step_error(*script, *failed, ran.error())));
      }
      std::string wrong;
      if (in_parts && is_begun()) {
        goes_on = !goes_on;
        if (goes_on) wrong = forward_to(after);
        if (wrong.empty()) wrong = back_to(expected);
      } else if (in_parts && is_going_back()) {
        wrong = back_to(before_);
        if (wrong.empty()) wrong = forward_to(after);
        was_done_again = true;
      } else {
        wrong = difference_from(expected, was_done_again);
      }
      if (!wrong.empty())
        return claim(Verdict::refuted, what, fmt::format("after `{}`: {}", script->steps[cut - 1].title, wrong));
    }
    claim(Verdict::proven, what, fmt::format("after {} of {} steps", cuts.size(), steps - 1));
  }

  /// What is wrong then, in words; empty: nothing.
  std::string forward_to(const Snapshot& after) {
    const auto error = applied();
    return error ? text_of(*error) : difference_from(after, true);
  }

  std::string back_to(const Snapshot& expected) {
    const auto error = rolled_back();
    return error ? text_of(*error) : difference_from(expected, false);
  }

  std::string difference_from(const Snapshot& expected, bool only_numbers_of_rows) {
    const std::vector<std::string> lines =
        differences(expected, snapshot_of(databases_, database_), only_numbers_of_rows);
    return lines.empty() ? std::string{} : shortened(lines);
  }

  bool is_begun() {
    return ledger_says([](const LedgerRow& row) { return row.is_begun(); });
  }
  bool is_going_back() {
    return ledger_says([](const LedgerRow& row) { return row.is_going_back(); });
  }

  template <typename Asked>
  bool ledger_says(Asked asked) {
    Session session = open(databases_, database_);
    const auto ledger = read_ledger(session);
    if (!ledger) throw Broken{ledger.error()};
    const LedgerRow* const row = ledger->find(migration_.id);
    return row != nullptr && asked(*row);
  }

  void late_writes() {
    const std::string what = "rows written in between survive the way back";
    std::size_t written = 0;
    {
      Session session = open(databases_, database_);
      const auto population = populate(session, std::max<std::size_t>(options_.rows / 2, 1), options_.seed + 1, false);
      if (!population) broken(population.error(), "making rows");
      written = population->rows;
    }
    if (written == 0) return claim(Verdict::not_shown, what, "no row could be made for the shape of after");
    const Snapshot full = snapshot_of(databases_, database_);
    if (const auto error = rolled_back()) {
      const bool refuses = error->sqlstate == "GW004" && differences(full, snapshot_of(databases_, database_)).empty();
      return claim(refuses ? Verdict::not_shown : Verdict::refuted, what,
                   (refuses ? "the way back stops rather than lose any: " : "") + text_of(*error));
    }
    const Snapshot now = snapshot_of(databases_, database_);
    Session session = open(databases_, database_);
    const std::uint64_t residue = residue_of(session);
    const std::vector<std::string> lines = describe(compare(before_.catalog, now.catalog), "before");
    if (!lines.empty()) return claim(Verdict::refuted, what, shortened(lines));
    // Each row written is a row more, or residue, or went into another: one of before, which is then not as it was, or
    // one that is new itself.
    const std::uint64_t accounted = now.rows() + residue, wanted = before_.rows() + written;
    const std::uint64_t unaccounted = wanted > accounted ? wanted - accounted : 0;
    const std::uint64_t changed = rows_missing(before_, now);
    const std::string numbers =
        fmt::format("{} rows were written to {} that stood there, there are {} now, and {} in godwit_kept.residue",
                    written, before_.rows(), now.rows(), residue);
    const std::uint64_t more = now.rows() > before_.rows() ? now.rows() - before_.rows() : 0;
    if (unaccounted > changed + more)
      return claim(Verdict::refuted, what, fmt::format("{} rows are gone: {}", unaccounted - changed - more, numbers));
    if (unaccounted > 0) {
      return claim(
          Verdict::not_shown, what,
          fmt::format("{}; {} rows of before changed; whether the other {} rows went into these or into new ones is "
                      "not known",
                      numbers, changed, unaccounted));
    }
    claim(Verdict::proven, what, numbers);
  }

  static std::uint64_t residue_of(Session& session) {
    const auto noted = session.exec("select to_regclass('godwit_kept.residue') is not null;");
    if (!noted) broken(noted.error(), "looking for residue");
    if (!noted->is_true(0, 0)) return 0;
    const auto count = session.exec("select count(*) from godwit_kept.residue;");
    if (!count) broken(count.error(), "counting residue");
    return std::strtoull(count->text(0, 0).c_str(), nullptr, 10);
  }

  ScratchDatabases& databases_;
  const std::vector<Migration>& migrations_;
  const Migration& migration_;
  const ProveOptions& options_;
  Reporter& reporter_;
  std::string source_, database_;
  Snapshot before_;
  MigrationProof proof_;
};

/// Goes one migration forward on the database from which the next proof starts, and closes its window.
void advance(ScratchDatabases& databases, const std::string& name, const std::vector<Migration>& migrations,
             const ProveOptions& options, MigrationProof& proof) {
  if (const auto error = applied_all(databases, name, migrations, options)) throw Broken{*error};
  const std::string what = "finalize leaves nothing reserved behind";
  const auto finalized = finalize(databases.connection(name).text(), migrations.back().id, patient(), {});
  if (const auto* error = std::get_if<RuntimeError>(&finalized)) {
    proof.claims.push_back({Verdict::refuted, what, text_of(*error)});
    return;
  }
  Session session = open(databases, name);
  const auto leftovers = reserved_leftovers(session);
  if (!leftovers) broken(leftovers.error(), "looking for what is reserved");
  proof.claims.push_back({leftovers->empty() ? Verdict::proven : Verdict::refuted, what, shortened(*leftovers)});
}

/// The name of the database that a connection leads to.
std::string current_database(Session& session) {
  const auto name = session.exec("select current_database();");
  if (!name) broken(name.error(), "asking for the database's name");
  return name->text(0, 0);
}

std::set<std::string> applied_already(const std::string& connection, const std::vector<Migration>& migrations) {
  const auto outcome = status(connection, migrations, false);
  if (const auto* error = std::get_if<RuntimeError>(&outcome)) throw Broken{*error};
  std::set<std::string> ids;
  for (const MigrationStatus& one : std::get<Status>(outcome).migrations) {
    if (one.state == "applied" || one.state == "adopted" || one.state == "finalized") ids.insert(one.id);
  }
  return ids;
}

Proof prove_all(const std::string& connection, const std::vector<Migration>& migrations, const ProveOptions& options,
                Reporter& reporter) {
  const ConnectionString given(connection);
  std::string source = "template0";
  std::set<std::string> done;
  if (options.copies_database) {
    auto session = connect(given, "godwit prove");
    if (!session) throw Broken{session.error()};
    source = current_database(*session);
    done = applied_already(connection, migrations);
  }
  auto opened =
      ScratchDatabases::open(options.copies_database ? given.with("dbname", "postgres") : given, "godwit prove");
  if (!opened) throw Broken{opened.error()};
  ScratchDatabases& databases = *opened;
  const std::string trunk = copy(databases, source);
  Proof proof;
  std::vector<Migration> so_far;
  for (const Migration& migration : migrations) {
    so_far.push_back(migration);
    if (done.contains(migration.id)) continue;
    const bool wanted =
        options.ids.empty() || std::find(options.ids.begin(), options.ids.end(), migration.id) != options.ids.end();
    reporter("proving", migration.id, wanted ? "there and back" : "there, for those that come after");
    MigrationProof one;
    one.id = migration.id;
    if (wanted) {
      one = Proving(databases, trunk, so_far, options, reporter).run();
      const bool applies = std::none_of(one.claims.begin(), one.claims.end(), [](const Claim& claim) {
        return claim.verdict == Verdict::refuted && claim.what == "it applies";
      });
      if (!applies) {
        proof.migrations.push_back(std::move(one));
        return proof;
      }
    }
    advance(databases, trunk, so_far, options, one);
    if (wanted) proof.migrations.push_back(std::move(one));
  }
  return proof;
}

}  // namespace

bool Proof::holds() const {
  return std::all_of(migrations.begin(), migrations.end(), [](const MigrationProof& migration) {
    return std::none_of(migration.claims.begin(), migration.claims.end(),
                        [](const Claim& claim) { return claim.verdict == Claim::Verdict::refuted; });
  });
}

Outcome<Proof> prove(const std::string& connection, const std::vector<Migration>& migrations,
                     const ProveOptions& options, const Observer& observer) {
  Reporter reporter(observer);
  for (const std::string& id : options.ids) {
    const bool known =
        std::any_of(migrations.begin(), migrations.end(), [&](const Migration& one) { return one.id == id; });
    if (!known) {
      return runtime_error(RuntimeError::Kind::usage, codes::no_such_migration,
                           fmt::format("there is no migration `{}`", id), "`godwit status` lists them");
    }
  }
  try {
    return prove_all(connection, migrations, options, reporter);
  } catch (const Broken& end) {
    return end.error;
  }
}

}  // namespace godwit
