// SPDX-License-Identifier: Apache-2.0
// godwit finalize: closes rollback windows and removes what was kept for them. No spec is read.
#include "cli/commands.h"

#include <optional>

namespace godwit::cli {

Expected<Exit> run_finalize(Context& context) {
  const auto project = find_project(context.options.overrides);
  if (!project) return tl::make_unexpected(project.error());
  const auto database = open_database(context.options, *project);
  if (!database) return tl::make_unexpected(database.error());
  const std::optional<std::string> id = context.options.id.empty() ? std::nullopt : std::optional(context.options.id);
  return finish_run(context, with_hooks(context, *project, [&](const Observer& observer) {
                      return finalize(database->connection, id, run_options(context.options), observer);
                    }));
}

}  // namespace godwit::cli
