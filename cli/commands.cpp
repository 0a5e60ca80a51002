// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.h"

#include "cli/clock.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace godwit::cli {
namespace {

using Json = nlohmann::ordered_json;

Json as_json(const MigrationResult& result) {
  Json json = {
      {"id", result.id}, {"outcome", result.outcome}, {"seconds", result.seconds}, {"notices", result.notices}};
  for (const Residue& item : result.residue)
    json["residue"].push_back({{"table", item.table}, {"reason", item.reason}, {"rows", item.rows}});
  return json;
}

Event redacted(Event event) {
  event.message = cli::redacted(event.message);
  return event;
}

}  // namespace

Expected<Compilation> compile_project(Context& context, const Project& project) {
  auto specs = read_specs(project);
  if (!specs) return tl::make_unexpected(specs.error());
  Compilation compilation = compile({std::move(*specs), project.settings.compile});
  context.out.findings(compilation);
  return compilation;
}

RunOptions run_options(const Options& options) {
  RunOptions run;
  run.dry_run = options.dry_run;
  run.wait_for_runner = options.wait;
  run.allow_out_of_order = options.allow_out_of_order;
  run.allow_late_rollback = options.late;
  run.allow_drift = options.allow_drift;
  run.allow_irreversible = options.allow_irreversible;
  run.allow_edited = options.allow_edited;
  run.batch_workers = options.workers;
  run.maintenance = options.maintenance;
  run.drain_role = options.drain;
  run.drain_seconds = options.drain_seconds.value_or(run.drain_seconds);
  run.drain_terminates = options.terminate;
  if (!options.to.empty()) run.to = options.to;
  std::optional<double> seconds = options.run_seconds;
  if (const auto until = options.until.empty() ? std::nullopt : seconds_until(options.until))
    seconds = std::min(*until, seconds.value_or(*until));
  if (seconds) {
    run.stop_at = std::chrono::system_clock::now() + std::chrono::duration_cast<std::chrono::system_clock::duration>(
                                                         std::chrono::duration<double>(*seconds));
  }
  return run;
}

Observer observer(Context& context) {
  return [&context](const Event& event) { context.out.event(redacted(event)); };
}

Outcome<RunReport> with_hooks(Context& context, const Project& project,
                              const std::function<Outcome<RunReport>(const Observer&)>& run) {
  std::vector<Hook> all = project.settings.hooks;
  all.insert(all.end(), context.options.hooks.begin(), context.options.hooks.end());
  Hooks hooks(std::move(all), seconds_of_duration(project.settings.hook_time_limit));
  const auto warn = [&] {
    for (const std::string& warning : hooks.take_warnings()) context.out.remark("warning: " + cli::redacted(warning));
  };
  auto outcome = run([&](const Event& event) {
    const Event safe = redacted(event);
    context.out.event(safe);
    hooks.event(safe);
    warn();
  });
  hooks.finish();
  warn();
  return outcome;
}

Expected<Exit> finish_run(Context& context, const Outcome<RunReport>& outcome) {
  if (const auto* error = std::get_if<RuntimeError>(&outcome)) return tl::make_unexpected(failure_of(*error));
  Json migrations = Json::array();
  std::size_t untouched = 0;
  std::size_t told = 0;
  for (const MigrationResult& result : std::get<RunReport>(outcome).migrations) {
    migrations.push_back(as_json(result));
    if (result.outcome == "already applied") {
      ++untouched;
      continue;
    }
    ++told;
    const std::string time = result.seconds > 0 ? "  " + seconds_text(result.seconds) : "";
    context.out.line(fmt::format("{} {}{}", context.out.styled(result.outcome, Output::green), result.id, time));
    if (!result.residue.empty())
      context.out.line(fmt::format("  without a place in the old shape, {}kept in godwit_kept.residue:",
                                   context.options.dry_run ? "to be " : ""));
    for (const Residue& item : result.residue)
      context.out.line(fmt::format("    {} of {}: {}", counted(item.rows, "row"), item.table, item.reason));
  }
  if (told == 0)
    context.out.line(untouched == 0
                         ? "nothing to do"
                         : fmt::format("nothing to do: {} applied already", counted(untouched, "migration")));
  context.out.set("migrations", migrations);
  return Exit::done;
}

std::string seconds_text(double seconds) {
  return seconds < 10 ? fmt::format("{:.2f} s", seconds) : fmt::format("{:.0f} s", seconds);
}

std::string counted(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace godwit::cli
