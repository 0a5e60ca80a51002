// SPDX-License-Identifier: Apache-2.0
// The command line as one plain value. Nothing here is looked up: defaults come from the project's settings later.
#pragma once

#include "cli/hooks.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace godwit::cli {

enum class Format { text, json, github, sarif };

/// Flags that stand above godwit.toml.
struct Overrides {
  std::optional<std::string> specs, migrations;
  std::optional<std::string> lock_timeout, rollback_window;
  std::optional<int> oldest_postgres, lock_retries;
  std::optional<std::string> replication_lag, lock_wait, throttle_query;
  std::optional<int> archive_files, vacuum_every;
};

struct Options {
  std::string command;    // "apply"
  std::string directory;  // -C
  Format format = Format::text;
  std::string events;       // a file, "-" for stdout, empty for none
  std::string database;     // a connection string or "ephemeral", empty when not given
  std::string environment;  // --env
  bool verbose = false;
  Overrides overrides;

  // what single commands take
  std::vector<std::string> files;  // fmt
  bool check = false;              // fmt, compile
  std::vector<std::string> sides;  // diff
  std::string output;              // compile, inspect, diff
  std::string split;               // inspect: schema, area
  bool force = false;              // inspect, diff
  std::string require_rollback;    // compile: exact, window or lossy
  std::string id;                  // plan, finalize, explain
  std::string to;                  // apply, rollback
  bool dry_run = false;
  bool wait = false;
  bool allow_out_of_order = false;
  bool allow_irreversible = false;
  bool allow_edited = false;
  std::optional<double> run_seconds;  // apply: no batch begins after so many
  int workers = 1;                    // apply: sessions that run batches of one step at once
  std::vector<Hook> hooks;            // apply, rollback, finalize
  bool maintenance = false;           // apply
  std::string drain;                  // apply: a role
  std::optional<double> drain_seconds;
  bool terminate = false;
  std::string until;         // apply: no batch begins after this time of day, HH:MM
  bool late = false;         // rollback
  bool allow_drift = false;  // rollback
  bool drift = false;        // status
  bool full = false;         // verify
  bool strict = false;       // verify
  std::string progress;      // verify: a file
  std::uint64_t range_rows = 50000;
  std::vector<std::string> ids;  // prove
  int rows = 10;
  int boundaries = 25;
  std::uint64_t seed = 1;

  bool names_database() const { return !database.empty() || !environment.empty(); }
};

}  // namespace godwit::cli
