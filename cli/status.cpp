// SPDX-License-Identifier: Apache-2.0
// godwit status: what is applied, how long its rollback window is open, what is pending. Changes nothing.
#include "cli/commands.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace godwit::cli {
namespace {

using Json = nlohmann::ordered_json;

Json as_json(const MigrationStatus& migration) {
  Json json = {{"id", migration.id},
               {"title", migration.title},
               {"state", migration.state},
               {"applied_at", migration.applied_at},
               {"window_until", migration.window_until},
               {"window_open", migration.window_open},
               {"changed", migration.changed}};
  if (!migration.progress.empty()) json["progress"] = migration.progress;
  if (!migration.rejected.empty()) json["rejected"] = migration.rejected;
  if (!migration.conflicts.empty()) json["conflicts"] = migration.conflicts;
  return json;
}

std::string window_words(const MigrationStatus& migration) {
  if (migration.window_until.empty()) return "";
  return fmt::format("{} {}", migration.window_open ? "open until" : "closed", migration.window_until);
}

void print_table(Output& out, const std::vector<MigrationStatus>& migrations) {
  std::size_t state_width = 0, id_width = 0, window_width = 0;
  for (const MigrationStatus& migration : migrations) {
    state_width = std::max(state_width, migration.state.size());
    id_width = std::max(id_width, migration.id.size());
    window_width = std::max(window_width, window_words(migration).size());
  }
  for (const MigrationStatus& migration : migrations) {
    const bool is_open =
        migration.state == "pending" || migration.state == "begun" || migration.state == "rolling back";
    const char* style = is_open ? Output::yellow : Output::green;
    std::string line = out.styled(fmt::format("{:<{}}", migration.state, state_width), style);
    line += fmt::format("  {:<{}}  {:<{}}  {}", migration.id, id_width, window_words(migration), window_width,
                        migration.title);
    line.erase(line.find_last_not_of(' ') + 1);
    if (migration.changed) line += out.styled("  (the spec was changed after it was applied)", Output::red);
    out.line(line);
    for (const std::string& step : migration.progress) out.line("  " + step);
    for (const auto* noted : {&migration.rejected, &migration.conflicts}) {
      for (const std::string& step : *noted) out.line("  " + out.styled(step, Output::yellow));
    }
  }
}

}  // namespace

Expected<Exit> run_status(Context& context) {
  const auto project = find_project(context.options.overrides);
  if (!project) return tl::make_unexpected(project.error());
  auto specs = read_specs(*project);
  if (!specs) return tl::make_unexpected(specs.error());
  // What the ledger holds is compared with the meaning of the specs: nothing needs to be compiled for that.
  const Headings headings = read_headings({std::move(*specs), project->settings.compile});
  context.out.findings(headings.outcome);
  if (!headings.outcome.ok) return Exit::findings;
  std::vector<KnownMigration> known;
  known.reserve(headings.migrations.size());
  for (const Heading& heading : headings.migrations) known.push_back({heading.id, heading.title, heading.checksum});
  const auto database = open_database(context.options, *project);
  if (!database) return tl::make_unexpected(database.error());
  const auto outcome = status_of_known(database->connection, known, context.options.drift);
  if (const auto* error = std::get_if<RuntimeError>(&outcome)) return tl::make_unexpected(failure_of(*error));

  const Status& found = std::get<Status>(outcome);
  Json migrations = Json::array();
  for (const MigrationStatus& migration : found.migrations) migrations.push_back(as_json(migration));
  context.out.set("has_ledger", found.has_ledger);
  context.out.set("migrations", migrations);
  if (!found.has_ledger) context.out.line("no migration was ever applied to this database");
  print_table(context.out, found.migrations);
  if (!context.options.drift) return Exit::done;
  context.out.set("drift", found.drift);
  for (const std::string& line : found.drift) context.out.line(context.out.styled("drift  ", Output::red) + line);
  if (found.drift.empty()) context.out.line("no drift: the database is as the ledger remembers it");
  return found.drift.empty() ? Exit::done : Exit::findings;
}

}  // namespace godwit::cli
