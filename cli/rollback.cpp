// SPDX-License-Identifier: Apache-2.0
// godwit rollback: undoes the last migration, or all after --to. What runs comes from the ledger; no spec is read.
#include "cli/commands.h"

namespace godwit::cli {

Expected<Exit> run_rollback(Context& context) {
  const auto project = find_project(context.options.overrides);
  if (!project) return tl::make_unexpected(project.error());
  const auto database = open_database(context.options, *project);
  if (!database) return tl::make_unexpected(database.error());
  RunOptions options = run_options(context.options);
  options.throttle = project->settings.throttle;
  options.vacuum_every = project->settings.vacuum_every;
  return finish_run(context, with_hooks(context, *project, [&](const Observer& observer) {
                      return rollback(database->connection, options, observer);
                    }));
}

}  // namespace godwit::cli
