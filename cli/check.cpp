// SPDX-License-Identifier: Apache-2.0
// godwit check: do the specs compile; with a database named on the command line, also: may what is pending be applied.
#include "cli/artifacts.h"
#include "cli/commands.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace godwit::cli {
namespace {

Expected<Exit> check_database(Context& context, const Project& project, const Compilation& compilation) {
  const auto database = open_database(context.options, project);
  if (!database) return tl::make_unexpected(database.error());
  const auto outcome = preflight(database->connection, runnable(compilation.migrations), run_options(context.options),
                                 observer(context));
  if (const auto* error = std::get_if<RuntimeError>(&outcome)) {
    Failure failure = failure_of(*error);
    // This command asks, it does not try: what would stop apply, a failed check too, is what it found.
    if (failure.exit == Exit::refused || failure.code == "GW5028") failure.exit = Exit::findings;
    return tl::make_unexpected(std::move(failure));
  }
  return finish_run(context, outcome);
}

}  // namespace

Expected<Exit> run_check(Context& context) {
  const auto project = find_project(context.options.overrides);
  if (!project) return tl::make_unexpected(project.error());
  const auto compilation = compile_project(context, *project);
  if (!compilation) return tl::make_unexpected(compilation.error());
  if (!compilation->ok) return Exit::findings;
  nlohmann::ordered_json checked = nlohmann::ordered_json::array();
  for (const CompiledMigration& migration : compilation->migrations)
    checked.push_back({{"id", migration.id},
                       {"title", migration.title},
                       {"checksum", migration.checksum},
                       {"rollback", name_of(migration.rollback_class)}});
  context.out.set("compiled", checked);
  context.out.line(fmt::format("{} in order", counted(compilation->migrations.size(), "spec")));
  return context.options.names_database() ? check_database(context, *project, *compilation) : Exit::done;
}

}  // namespace godwit::cli
