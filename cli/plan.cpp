// SPDX-License-Identifier: Apache-2.0
// godwit plan: the steps of up scripts in words. With a database named on the command line, of what is pending there.
#include "cli/artifacts.h"
#include "cli/closest.h"
#include "cli/commands.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace godwit::cli {
namespace {

using Json = nlohmann::ordered_json;

/// A step as the script's own comments tell it.
struct ToldStep {
  std::string title;  // with its place in the spec
  std::vector<std::string> remarks;
};

/// Reads `-- [2/12] title (place)` and the `--   remark` lines below it. A script whose bodies could be taken for such
/// a line has more brackets in all of its headers; the first header shows how many.
std::vector<ToldStep> told_steps(const std::string& script) {
  std::vector<ToldStep> steps;
  std::string opening, closing, line;
  bool in_header = false;
  for (std::istringstream lines(script); std::getline(lines, line);) {
    if (opening.empty() && line.starts_with("-- [")) {
      const std::size_t brackets = line.find_first_not_of('[', 3) - 3;
      opening = "-- " + std::string(brackets, '[');
      closing = std::string(brackets, ']') + " ";
    }
    const std::size_t close = opening.empty() || !line.starts_with(opening) ? std::string::npos : line.find(closing);
    const bool numbered = close != std::string::npos && line.find_first_not_of("0123456789/", opening.size()) == close;
    if (numbered) {
      steps.push_back({line.substr(close + closing.size()), {}});
      in_header = true;
    } else if (in_header && line.starts_with("--   ")) {
      steps.back().remarks.push_back(line.substr(5));
    } else {
      in_header = false;
    }
  }
  return steps;
}

Json tell(Output& out, const CompiledMigration& migration) {
  out.line(out.styled(fmt::format("{}  {}", migration.id, migration.title), Output::bold));
  out.line(fmt::format("rollback: {}", name_of(migration.rollback_class)));
  Json steps = Json::array();
  std::size_t number = 0;
  for (const ToldStep& step : told_steps(migration.up_sql)) {
    out.line(fmt::format("{:>4}. {}", ++number, step.title));
    for (const std::string& remark : step.remarks) out.line("      " + remark);
    steps.push_back({{"number", number}, {"title", step.title}, {"remarks", step.remarks}});
  }
  return {{"id", migration.id},
          {"title", migration.title},
          {"rollback", name_of(migration.rollback_class)},
          {"steps", steps}};
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
