// SPDX-License-Identifier: Apache-2.0
// godwit plan: the steps of migrations in words, from their plans. With a database named on the command line, of what
// is pending there.
#include "cli/artifacts.h"
#include "cli/closest.h"
#include "cli/commands.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace godwit::cli {
namespace {

using Json = nlohmann::ordered_json;

/// "specs/x.gw:4", empty for a step that no line of a spec asked for.
std::string place_of(const Json& step) {
  if (!step.contains("spec") || !step["spec"].is_object()) return {};
  return fmt::format(" ({}:{})", step["spec"].value("file", ""), step["spec"].value("line", 0));
}

/// "locks app.people (access exclusive); instant" of each statement, once.
std::vector<std::string> costs_of(const Json& step) {
  std::vector<std::string> costs;
  for (const Json& statement : step["up"]) {
    std::vector<std::string> locks;
    for (const Json& lock : statement["locks"])
      locks.push_back(fmt::format("{} ({})", lock.value("relation", ""), lock.value("lock", "")));
    if (locks.empty()) continue;
    std::string cost = fmt::format("locks {}; {}", fmt::join(locks, ", "), statement.value("work", ""));
    if (std::find(costs.begin(), costs.end(), cost) == costs.end()) costs.push_back(std::move(cost));
  }
  return costs;
}

/// Prints the plan that the compiler wrote as JSON, and returns it.
Json tell(Output& out, const CompiledMigration& migration) {
  Json plan = Json::parse(migration.plan_json);
  out.line(out.styled(fmt::format("{}  {}", migration.id, migration.title), Output::bold));
  out.line(fmt::format("rollback: {}", name_of(migration.rollback_class)));
  std::string phase;
  for (const Json& step : plan["steps"]) {
    if (phase != step.value("phase", "")) {
      phase = step.value("phase", "");
      out.line(phase + ":");
    }
    out.line(fmt::format("{:>4}. {}{}", step.value("number", 0), step.value("title", ""), place_of(step)));
    for (const std::string& cost : costs_of(step)) out.line("      " + cost);
    for (const Json& remark : step["remarks"]) out.line("      " + remark.get<std::string>());
  }
  return plan;
}

Expected<std::vector<CompiledMigration>> chosen(Context& context, const Project& project,
                                                const Compilation& compilation) {
  const auto& all = compilation.migrations;
  if (!context.options.id.empty()) {
    std::vector<std::string> ids;
    for (const CompiledMigration& migration : all) {
      if (migration.id == context.options.id) return std::vector{migration};
      ids.push_back(migration.id);
    }
    return fail(Exit::usage, fmt::format("there is no migration `{}`", context.options.id),
                did_you_mean(context.options.id, ids, "an id is a spec's file name without `.gw`"));
  }
  if (!context.options.names_database())
    return all.empty() ? std::vector<CompiledMigration>() : std::vector{all.back()};
  const auto database = open_database(context.options, project);
  if (!database) return tl::make_unexpected(database.error());
  const auto outcome = status(database->connection, runnable(all), false);
  if (const auto* error = std::get_if<RuntimeError>(&outcome)) return tl::make_unexpected(failure_of(*error));
  std::vector<CompiledMigration> pending;
  for (const MigrationStatus& found : std::get<Status>(outcome).migrations) {
    if (found.state != "pending" && found.state != "rolled back") continue;
    const auto migration = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == found.id; });
    if (migration != all.end()) pending.push_back(*migration);
  }
  return pending;
}

}  // namespace

Expected<Exit> run_plan(Context& context) {
  const auto project = find_project(context.options.overrides);
  if (!project) return tl::make_unexpected(project.error());
  const auto compilation = compile_project(context, *project);
  if (!compilation) return tl::make_unexpected(compilation.error());
  if (!compilation->ok) return Exit::findings;
  const auto migrations = chosen(context, *project, *compilation);
  if (!migrations) return tl::make_unexpected(migrations.error());
  Json plans = Json::array();
  for (const CompiledMigration& migration : *migrations) plans.push_back(tell(context.out, migration));
  if (migrations->empty()) context.out.line("nothing is pending");
  context.out.set("migrations", plans);
  return Exit::done;
}

}  // namespace godwit::cli
