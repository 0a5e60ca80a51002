// SPDX-License-Identifier: Apache-2.0
// The promise of a rollback, put to the test for one's own migrations: on a throwaway copy, with rows, there and back.
#pragma once

#include <godwit/runtime.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace godwit {

struct ProveOptions {
  std::vector<std::string> ids;  // which migrations; empty: all that are pending
  std::size_t rows = 10;         // generated for each table that has none
  std::uint64_t seed = 1;        // of the generated rows: the same seed, the same rows
  std::size_t boundaries = 25;   // steps after which the connection is cut, at most, in each direction
  bool copies_database = false;  // start from a copy of the connection's database, rows included, not from nothing
  bool creates_missing_roles = false;  // on a server of one's own: roles that the specs name and nobody made
};

/// One thing that was tried.
struct Claim {
  enum class Verdict { proven, refuted, not_shown } verdict = Verdict::not_shown;
  std::string what;    // "the way back gives back catalog and rows"
  std::string detail;  // what was compared, what differs, or why it could not be tried
};

struct MigrationProof {
  std::string id;
  std::size_t tables = 0, rows = 0;  // that were there before it
  std::vector<Claim> claims;
  std::vector<std::string> not_filled;  // tables for which no row could be made, and why
};

struct Proof {
  std::vector<MigrationProof> migrations;

  /// True when nothing was refuted.
  bool holds() const;
};

/// Proves migrations on databases that it makes on the server of `connection` and drops again; the database that the
/// connection names is only read, and only when it is to be copied (nobody else may be connected to it then, and the
/// user must own it or be superuser). Each migration is applied, verified, cut off after its steps, rolled back,
/// compared, applied again, and rolled back once more after rows were written in between.
Outcome<Proof> prove(const std::string& connection, const std::vector<Migration>& migrations,
                     const ProveOptions& options, const Observer& observer);

}  // namespace godwit
