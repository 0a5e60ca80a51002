// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include "cli/clock.h"
#include "cli/closest.h"
#include "cli/connection.h"
#include "cli/project.h"

#include <godwit/compile.h>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <sstream>

namespace godwit::cli {
namespace {

constexpr const char* footer = R"(Exit codes:
  0  done
  1  findings: errors in specs, files out of date, a check or verification that did not pass
  2  usage: a wrong command line, setting or file
  3  refused: nothing was changed (drift, closed window, edited artifact, another runner)
  4  failed and undone
  5  failed and resumable: run the same command again

Database: --database URL|ephemeral, --env NAME, or GODWIT_DATABASE_URL, DATABASE_URL, the PG* variables, in this order.)";

/// What is read as text and checked afterwards.
struct Raw {
  Options options;
  std::string format = "text";
  std::string specs, migrations, lock_timeout, rollback_window, oldest_postgres, lock_retries, run_for, within;
  std::string replication_lag, lock_wait, archive_files, throttle_query, vacuum_every;
  std::vector<std::pair<std::string, std::string>> hooks;
};

/// What all commands that change a database take.
void add_hooks(CLI::App* command, Raw& raw) {
  command->add_option("--on", raw.hooks, "Run a shell command at this event (`*`: at each), its JSON object on stdin")
      ->type_name("EVENT CMD")
      ->allow_extra_args(false);  // what follows is the command's own
}

void add_global_flags(CLI::App& app, Raw& raw) {
  app.add_option("-C", raw.options.directory, "Work on the project in DIR")->type_name("DIR");
  app.add_option("--format", raw.format, "How to print: text, json, github or sarif")->type_name("FORMAT");
  app.add_option("--events", raw.options.events, "Write one JSON object a line for every event")->type_name("FILE|-");
  app.add_option("--database", raw.options.database, "The database to work on, or a private throwaway one")
      ->type_name("URL|ephemeral");
  app.add_option("--env", raw.options.environment, "The database of this environment of godwit.toml")
      ->type_name("NAME");
  app.add_flag("-v,--verbose", raw.options.verbose, "Print every step");
  app.add_option("--specs", raw.specs, "Folder of the specs")->type_name("DIR")->group("Settings (above godwit.toml)");
  const auto setting = [&](const char* name, std::string& into, const char* text, const char* type) {
    app.add_option(name, into, text)->type_name(type)->group("Settings (above godwit.toml)");
  };
  setting("--migrations", raw.migrations, "Folder of the compiled migrations", "DIR");
  setting("--oldest-postgres", raw.oldest_postgres, "Oldest PostgreSQL that the SQL must run on", "13-18");
  setting("--lock-timeout", raw.lock_timeout, "How long a statement waits for a lock", "DURATION");
  setting("--lock-retries", raw.lock_retries, "How often it tries again", "N");
  setting("--rollback-window", raw.rollback_window, "How long a rollback stays exact", "DURATION");
}

void add_batch_settings(CLI::App* command, Raw& raw) {
  command->add_option("--for", raw.run_for, "Pause between two batches when this time is over")->type_name("DURATION");
  command->add_option("--until", raw.options.until, "Pause between two batches at this time of day")
      ->type_name("HH:MM");
  command->add_option("--workers", raw.options.workers, "Sessions that run batches of one step at once (default 1)")
      ->type_name("N")
      ->check(CLI::Range(1, 8));
  const auto setting = [&](const char* name, std::string& into, const char* text, const char* type) {
    command->add_option(name, into, text)->type_name(type)->group("Between two batches (above godwit.toml)");
  };
  setting("--replication-lag", raw.replication_lag, "Wait while a standby is further behind", "DURATION");
  setting("--lock-wait", raw.lock_wait, "Wait a while when a batch waited longer for locks", "DURATION");
  setting("--archive-files", raw.archive_files, "Wait while more WAL files are not archived", "N");
  setting("--throttle-query", raw.throttle_query, "Wait while this query returns false, or a text that says why",
          "SQL");
  setting("--vacuum-every", raw.vacuum_every, "Vacuum a table after so many rows were changed in place; 0: never",
          "ROWS");
}

void add_commands(CLI::App& app, Raw& raw) {
  Options& options = raw.options;
  CLI::App* format = app.add_subcommand("fmt", "Print specs in canonical layout");
  format->add_flag("--check", options.check, "Change nothing; exit 1 when a file would change");
  format->add_option("files", options.files, "Specs; without any, all of the project")->type_name("FILE");

  app.add_subcommand("check",
                     "Compile without writing; with --database or --env also run the checks before the change");

  CLI::App* compile = app.add_subcommand("compile", "Write the SQL of every migration into the migrations folder");
  compile->add_flag("--check", options.check, "Write nothing; exit 1 when a file differs, is missing or is left over");
  compile->add_option("--output", options.output, "Another folder")->type_name("DIR");
  compile->add_option("--require-rollback", options.require_rollback, "Exit 1 when a rollback promises less")
      ->type_name("exact|window|lossy");

  CLI::App* plan = app.add_subcommand("plan", "Tell the steps of a migration, of all pending ones, or of the last one");
  plan->add_option("id", options.id, "Migration")->type_name("ID");

  CLI::App* apply = app.add_subcommand("apply", "Apply what is pending");
  apply->add_option("--to", options.to, "Up to and including this migration")->type_name("ID");
  apply->add_flag("--dry-run", options.dry_run, "Check and tell, change nothing");
  apply->add_flag("--wait", options.wait, "Wait for another runner to end");
  apply->add_flag("--maintenance", options.maintenance, "Hold off writers of the touched tables while the run lasts");
  apply->add_option("--drain", options.drain, "First wait for open transactions of this role on these tables")
      ->type_name("ROLE");
  apply->add_option("--within", raw.within, "How long to wait for them (30s)")->type_name("DURATION");
  apply->add_flag("--terminate", options.terminate, "End those that are left then, instead of giving up");
  add_hooks(apply, raw);
  add_batch_settings(apply, raw);
  apply->add_flag("--allow-out-of-order", options.allow_out_of_order, "Apply a migration older than an applied one");
  apply->add_flag("--allow-irreversible", options.allow_irreversible, "Apply a migration that cannot be rolled back");
  apply->add_flag("--allow-edited", options.allow_edited, "Run the files of the migrations folder as they were edited");

  CLI::App* rollback = app.add_subcommand("rollback", "Roll back the last migration, or all after --to");
  rollback->add_option("--to", options.to, "Down to this migration, which stays applied")->type_name("ID");
  rollback->add_flag("--dry-run", options.dry_run, "Check and tell, change nothing");
  rollback->add_flag("--late", options.late, "Also after the rollback window has closed");
  rollback->add_flag("--allow-drift", options.allow_drift, "Also when the database was changed by hand");
  rollback->add_flag("--wait", options.wait, "Wait for another runner to end");
  add_hooks(rollback, raw);
  add_batch_settings(rollback, raw);

  CLI::App* finalize = app.add_subcommand("finalize", "Close the rollback window and remove what was kept for it");
  finalize->add_option("id", options.id, "Migration; without it, all whose window has passed")->type_name("ID");
  finalize->add_flag("--dry-run", options.dry_run, "Check and tell, change nothing");
  finalize->add_flag("--wait", options.wait, "Wait for another runner to end");
  add_hooks(finalize, raw);

  CLI::App* status = app.add_subcommand("status", "Tell what is applied, open and pending");
  status->add_flag("--drift", options.drift, "Also compare the database with what was applied; exit 1 on a difference");

  CLI::App* verify = app.add_subcommand("verify", "Assert that the database is as declared");
  CLI::Option* full =
      verify->add_flag("--full", options.full, "Also compare all rows that were moved with their source");
  verify->add_option("id", options.id, "Compare the moves of this migration")->type_name("ID")->needs(full);
  verify->add_flag("--strict", options.strict, "Nobody has written since: whatever was, fails")->needs(full);
  verify->add_option("--progress", options.progress, "Go on where the run ended that wrote this file")
      ->type_name("FILE")
      ->needs(full);
  verify->add_option("--range", options.range_rows, "Rows that one query compares (default 50000)")
      ->type_name("N")
      ->check(CLI::Range(1, 100000000))
      ->needs(full);

  CLI::App* prove =
      app.add_subcommand("prove", "Apply, cut off, roll back and compare, on a throwaway server or copies");
  prove->add_option("ids", options.ids, "Migrations; without any, all that are pending")->type_name("ID");
  prove->add_option("--rows", options.rows, "Rows to make for each empty table")
      ->type_name("N")
      ->check(CLI::Range(0, 100000));
  prove->add_option("--cuts", options.boundaries, "Steps after which the connection is cut, at most, each way")
      ->type_name("N")
      ->check(CLI::Range(0, 100000));
  prove->add_option("--seed", options.seed, "Of the rows: the same seed, the same rows")->type_name("N");
  CLI::App* inspect = app.add_subcommand("inspect", "Write a baseline spec that describes a live database");
  inspect->add_option("--output", options.output, "A file (.gw) or a folder; without it, the spec is printed")
      ->type_name("FILE|DIR");
  inspect->add_option("--split", options.split, "One spec a schema or area, into a folder")->type_name("schema|area");
  inspect->add_flag("--force", options.force, "Write over files that exist");

  CLI::App* diff = app.add_subcommand("diff", "Draft the spec that makes one schema into another");
  diff->add_option("sides", options.sides,
                   "From and to: `specs` (default), `database` (default), a folder of specs, FILE.sql, or a connection "
                   "string")
      ->type_name("FROM TO")
      ->expected(0, 2);
  diff->add_option("--output", options.output, "A file (.gw); without it, the draft is printed")->type_name("FILE");
  diff->add_flag("--force", options.force, "Write over a file that exists");

  CLI::App* explain = app.add_subcommand("explain", "Explain a diagnostic");
  explain->add_option("code", options.id, "GWnnnn; without it, all are listed")->type_name("CODE");
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> flag_names(const CLI::App& app, const CLI::App* command) {
  std::vector<std::string> names;
  for (const CLI::App* owner : {command, &app}) {
    if (owner == nullptr) continue;
    for (const CLI::Option* option : owner->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// What the command line holds that nobody takes.
std::optional<Failure> stray(const CLI::App& app, const CLI::App* command) {
  const std::vector<std::string> rest = app.remaining(true);
  if (rest.empty()) return std::nullopt;
  const auto flag =
      std::find_if(rest.begin(), rest.end(), [](const std::string& word) { return word.starts_with("-"); });
  const std::string help = command == nullptr ? "`godwit --help` lists the commands"
                                              : fmt::format("see `godwit {} --help`", command->get_name());
  if (command == nullptr && !rest.front().starts_with("-"))
    return Failure{Exit::usage, fmt::format("there is no command `{}`", redacted(rest.front())),
                   did_you_mean(rest.front(), command_names(app), help)};
  if (flag != rest.end()) {
    const std::string name = flag->substr(0, flag->find('='));
    return Failure{Exit::usage,
                   command == nullptr ? fmt::format("there is no flag `{}`", name)
                                      : fmt::format("`godwit {}` has no flag `{}`", command->get_name(), name),
                   did_you_mean(name, flag_names(app, command), help)};
  }
  return Failure{Exit::usage,
                 fmt::format("`godwit {}` does not take `{}`", command->get_name(), redacted(rest.front())), help};
}

std::optional<Failure> misuse(const std::string& message, const std::string& hint = {}) {
  return Failure{Exit::usage, message, hint};
}

std::optional<Failure> read_number(const char* flag, const std::string& text, int least, int most,
                                   std::optional<int>& into) {
  if (text.empty()) return std::nullopt;
  const bool digits = text.size() <= 9 && text.find_first_not_of("0123456789") == std::string::npos;
  const int value = digits ? std::stoi(text) : -1;
  if (value < least || value > most)
    return misuse(fmt::format("`{}` must be a number from {} to {}, not `{}`", flag, least, most, text));
  into = value;
  return std::nullopt;
}

std::optional<Failure> read_duration(const char* flag, const std::string& text, std::optional<std::string>& into) {
  if (text.empty()) return std::nullopt;
  if (!is_duration(text))
    return misuse(fmt::format("`{}` must be a duration such as 3s, 500ms or 48h, not `{}`", flag, text));
  into = text;
  return std::nullopt;
}

std::optional<Failure> read_batch_settings(const Raw& raw, Overrides& into) {
  if (auto wrong = read_duration("--replication-lag", raw.replication_lag, into.replication_lag)) return wrong;
  if (auto wrong = read_duration("--lock-wait", raw.lock_wait, into.lock_wait)) return wrong;
  if (auto wrong = read_number("--archive-files", raw.archive_files, 0, 999999, into.archive_files)) return wrong;
  if (!raw.throttle_query.empty()) into.throttle_query = raw.throttle_query;
  return read_number("--vacuum-every", raw.vacuum_every, 0, 999999999, into.vacuum_every);
}

std::optional<Failure> read_hooks(const Raw& raw, std::vector<Hook>& into) {
  for (const auto& [event, command] : raw.hooks) {
    if (const std::string hint = unknown_event(event); !hint.empty())
      return misuse(fmt::format("there is no event `{}`", redacted(event)), hint);
    into.push_back({event, command});
  }
  return std::nullopt;
}

/// The values that have a fixed set of words or a form of their own.
std::optional<Failure> check_values(Raw& raw) {
  static const std::map<std::string, Format> formats = {
      {"text", Format::text}, {"json", Format::json}, {"github", Format::github}, {"sarif", Format::sarif}};
  Options& options = raw.options;
  const auto format = formats.find(raw.format);
  if (format == formats.end())
    return misuse(fmt::format("there is no format `{}`", raw.format), "the formats are text, json, github and sarif");
  options.format = format->second;
  const std::vector<std::string> report_commands = {"fmt", "check", "compile"};
  if (options.format == Format::sarif &&
      std::count(report_commands.begin(), report_commands.end(), options.command) == 0)
    return misuse(fmt::format("`godwit {}` has nothing to say in sarif", options.command), "use text, json or github");
  const std::string& promise = options.require_rollback;
  if (!promise.empty() && promise != "exact" && promise != "window" && promise != "lossy")
    return misuse(fmt::format("`--require-rollback` takes exact, window or lossy, not `{}`", promise));
  if (!raw.specs.empty()) options.overrides.specs = raw.specs;
  if (!raw.migrations.empty()) options.overrides.migrations = raw.migrations;
  if (auto wrong = read_number("--oldest-postgres", raw.oldest_postgres, 13, 18, options.overrides.oldest_postgres))
    return wrong;
  if (auto wrong = read_number("--lock-retries", raw.lock_retries, 0, 1000, options.overrides.lock_retries))
    return wrong;
  if (auto wrong = read_batch_settings(raw, options.overrides)) return wrong;
  if (auto wrong = read_hooks(raw, options.hooks)) return wrong;
  std::optional<std::string> run_for;
  if (auto wrong = read_duration("--for", raw.run_for, run_for)) return wrong;
  std::optional<std::string> within;
  if (auto wrong = read_duration("--within", raw.within, within)) return wrong;
  if (within) options.drain_seconds = seconds_of_duration(*within);
  if (options.drain.empty() && (within || options.terminate))
    return misuse(
        fmt::format("`{}` is about the sessions that `--drain` waits for", within ? "--within" : "--terminate"),
        "name their role: `--drain ROLE`");
  if (run_for) options.run_seconds = seconds_of_duration(*run_for);
  if (!options.until.empty() && !seconds_until(options.until))
    return misuse(fmt::format("`--until` must be a time of day such as 06:00, not `{}`", options.until));
  if (auto wrong = read_duration("--lock-timeout", raw.lock_timeout, options.overrides.lock_timeout)) return wrong;
  return read_duration("--rollback-window", raw.rollback_window, options.overrides.rollback_window);
}

}  // namespace

Arguments read_arguments(int argc, const char* const* argv) {
  CLI::App app{"godwit: declarative migrations for PostgreSQL, with the way back", "godwit"};
  Raw raw;
  app.set_help_flag("-h,--help", "Print this help");
  app.set_version_flag("--version", fmt::format("godwit {}", version()), "Print the version");
  app.footer(footer);
  app.fallthrough();
  app.allow_extras();
  app.require_subcommand(0, 1);
  add_global_flags(app, raw);
  add_commands(app, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream text;
    if (error.get_exit_code() == 0) {
      app.exit(error, text, text);
      return Answer{text.str()};
    }
    return Failure{Exit::usage, redacted(error.what()), "see `godwit --help`"};
  }
  const auto parsed = app.get_subcommands();
  const CLI::App* command = parsed.empty() ? nullptr : parsed.front();
  if (auto wrong = stray(app, command)) return *wrong;
  if (command == nullptr) return Failure{Exit::usage, "no command is given", "`godwit --help` lists the commands"};
  raw.options.command = command->get_name();
  if (auto wrong = check_values(raw)) return *wrong;
  return raw.options;
}

}  // namespace godwit::cli
