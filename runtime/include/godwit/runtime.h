// SPDX-License-Identifier: Apache-2.0
// Applying compiled migrations to a PostgreSQL database, and going back. Needs no parser, no files and no command line.
// Thread-safe: there is no global state; each call opens its own connections.
#pragma once

#include <godwit/events.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace godwit {

/// The artifacts of one migration, as the compiler wrote them.
struct Migration {
  std::string id;
  std::string up_sql, down_sql, finalize_sql, verify_sql;
};

/// What went wrong outside of the specs, and what to do about it.
struct RuntimeError {
  enum class Kind {
    usage,       // unusable connection string, unreadable artifact
    connection,  // unreachable, refused, lost
    refused,     // drift, window closed, checksum, another runner: nothing was changed
    failed,      // a statement failed; everything was undone
    resumable,   // a step failed; what came before it stays, apply goes on from there
    in_doubt     // the answer to a commit was lost and could not be looked up
  } kind = Kind::failed;
  std::string code;                    // "GW5003"
  std::string message;                 // one line, never a password
  std::string migration, step, place;  // the step's title and "specs/x.gw:12"
  std::string sqlstate, server_message, detail, statement;
  std::string hint;                 // the way out
  std::vector<std::string> stands;  // what the same run had finished before: "applied 1_people"
};

/// When a migration in batches waits between two of them. What is not set is not looked at.
struct Throttle {
  std::optional<double> replication_lag;           // seconds that a standby is behind
  std::optional<std::uint64_t> replication_bytes;  // of WAL that it has not replayed
  std::optional<double> lock_wait;                 // seconds that a batch waited for locks
  std::optional<std::uint64_t> archive_files;      // of WAL that are not archived yet
  std::string query;  // returns why to wait, or false; true, null, nothing or no row: go on
  double pause = 1;   // seconds from one look to the next
};

struct RunOptions {
  bool dry_run = false;
  bool wait_for_runner = false;  // wait for another runner instead of refusing
  bool allow_out_of_order = false;
  bool allow_late_rollback = false;  // roll back after the window has closed (but before finalize)
  bool allow_drift = false;          // roll back a database that was changed behind the ledger's back
  bool allow_irreversible = false;   // apply a migration whose rollback is impossible
  bool allow_edited = false;         // run artifacts that were edited by hand
  double batch_seconds = 0.3;        // how long a batch should take: the number of its rows follows
  int batch_workers = 1;             // how many sessions run batches of one step at once, each in a range of its own
  bool maintenance = false;          // apply: hold off writers of the touched tables while the run lasts
  std::string drain_role;            // apply: first wait for open transactions of this role on these tables
  double drain_seconds = 30;         // for so long; then it fails (GW5031),
  bool drain_terminates = false;     // or ends them
  Throttle throttle;
  // After how many rows changed in place their table is vacuumed, between two batches. Nothing: after a tenth of the
  // table, but not fewer than 100000. 0: never.
  std::optional<std::uint64_t> vacuum_every;
  // No batch begins after this; the run ends with GW5029 and goes on from there the next time.
  std::optional<std::chrono::system_clock::time_point> stop_at;
  const std::atomic<bool>* stop = nullptr;  // the same as soon as it is true; outlives the run
  std::optional<std::string> to;            // apply: up to and including; rollback: down to, not including
  std::string application_name = "godwit";
};

/// Rows of one table that a rollback put into godwit_kept.residue (or would put there), all for the same reason.
struct Residue {
  std::string table, reason;
  std::uint64_t rows = 0;
};

struct MigrationResult {
  std::string id;
  std::string outcome;  // applied, adopted, rolled back, finalized, already applied, would apply
  double seconds = 0;
  std::vector<std::string> notices;  // what checks and steps reported
  std::vector<Residue> residue;      // rollback: rows that had no place in the old shape
};

struct RunReport {
  std::vector<MigrationResult> migrations;
};

template <typename T>
using Outcome = std::variant<T, RuntimeError>;

/// Does the migration run in several transactions, its batches between them?
bool runs_in_parts(const Migration& migration);

/// Applies what is pending, in order, each migration in one transaction or in parts. A baseline (or several
/// that come first) is adopted when the database has no ledger and already matches it; it is refused with the
/// difference when the database has objects and does not match.
Outcome<RunReport> apply(const std::string& connection, const std::vector<Migration>& migrations,
                         const RunOptions& options, const Observer& observer);

/// Rolls back the last applied migration, or all after `options.to`. Uses the artifacts stored in the ledger;
/// `migrations` may be empty.
Outcome<RunReport> rollback(const std::string& connection, const RunOptions& options, const Observer& observer);

/// Closes the rollback window of one migration (`id`), or of all whose window has passed.
Outcome<RunReport> finalize(const std::string& connection, const std::optional<std::string>& id,
                            const RunOptions& options, const Observer& observer);

struct MigrationStatus {
  std::string id, title;
  std::string state;                   // pending, begun, applied, adopted, finalized, rolling back, rolled back
  std::vector<std::string> progress;   // of one that is under way, a line for each step that runs in batches
  std::vector<std::string> rejected;   // a line for each step that set rows aside: `move mail: 3 rows of app.users …`
  std::vector<std::string> conflicts;  // a line for each step in step of whose rows both sides were written at once
  std::string applied_at, window_until;  // ISO 8601 in UTC, empty when there is none
  bool window_open = false;
  bool changed = false;  // the spec differs from what was applied
};

struct Status {
  std::vector<MigrationStatus> migrations;
  bool has_ledger = false;
  std::vector<std::string> drift;  // one line a difference, when asked for
};
Outcome<Status> status(const std::string& connection, const std::vector<Migration>& migrations, bool with_drift);

/// A migration by what the ledger knows it by: enough for its status, and had without compiling anything.
struct KnownMigration {
  std::string id, title, checksum;
};
Outcome<Status> status_of_known(const std::string& connection, const std::vector<KnownMigration>& migrations,
                                bool with_drift);

struct VerifyRow {
  bool passed = false;
  std::string kind, object, detail;
};
/// Runs the verify artifact of the last applied migration (what earlier ones declared, later ones may have changed),
/// then compares the database with what the ledger remembers.
Outcome<std::vector<VerifyRow>> verify(const std::string& connection, const std::vector<Migration>& migrations);

/// What comparing the rows of one move with their source has found.
struct ComparedMove {
  enum class Result { pass, fail, none };  // none: nothing can be compared, `reason` says why

  /// Rows of one range that are not as the source gives them: up to ten keys of each sort.
  struct Remark {
    std::vector<std::string> behind, up_to;  // keys as text; empty: an open end
    std::string detail;
  };

  std::string migration, applied_at;
  std::string step;  // `move gmail`
  Result result = Result::pass;
  std::string reason;
  std::uint64_t moved = 0;                         // rows that the move recorded
  std::uint64_t same = 0;                          // the target holds what the source gives
  std::uint64_t already_there = 0;                 // left alone by `on conflict skip`
  std::uint64_t missing = 0;                       // the target has no such row
  std::uint64_t differs = 0;                       // the target holds something else, and nobody wrote it since
  std::uint64_t changed = 0;                       // written since, on one side or the other
  std::uint64_t others = 0;                        // rows of the source that qualify and were not moved
  std::string source_sum = "0", target_sum = "0";  // of the 64-bit hashes of the rows that can be compared
  std::string left_out;                            // columns that are not compared, and why
  std::uint64_t ranges = 0;
  std::vector<Remark> remarks;
  std::vector<std::string> behind;  // the key behind which it goes on
  bool done = false;
};

struct CompareOptions {
  std::optional<std::string> id;                                   // the last one applied, unless given
  std::uint64_t rows = 50000;                                      // of the source, in one range
  std::vector<ComparedMove> so_far;                                // what an earlier run had found: it goes on there
  std::function<void(const std::vector<ComparedMove>&)> observer;  // called behind each range
};

/// Compares the rows of each move of a migration with their source, in short queries. Only reads.
Outcome<std::vector<ComparedMove>> compare(const std::string& connection, const std::vector<Migration>& migrations,
                                           const CompareOptions& options);

/// Runs only the go/no-go checks of the pending migrations; changes nothing.
Outcome<RunReport> preflight(const std::string& connection, const std::vector<Migration>& migrations,
                             const RunOptions& options, const Observer& observer);

/// A private throwaway server: initdb in a temporary directory, Unix socket only, removed with this object.
class EphemeralServer {
 public:
  static Outcome<std::unique_ptr<EphemeralServer>> start();
  virtual ~EphemeralServer() = default;
  /// A connection string for its database `postgres`.
  virtual std::string connection() const = 0;
};

}  // namespace godwit
