// SPDX-License-Identifier: Apache-2.0
// godwit verify: asks the database, object by object, whether it is as declared; with --full also row by row, whether
// all that was moved is there. Changes nothing.
#include "cli/artifacts.h"
#include "cli/commands.h"
#include "cli/comparison.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace godwit::cli {

namespace {

/// Prints how each object stands; true when all is as declared.
Expected<bool> verify_objects(Context& context, const std::string& connection, const Compilation& compilation) {
  const auto outcome = verify(connection, runnable(compilation.migrations));
  if (const auto* error = std::get_if<RuntimeError>(&outcome)) return tl::make_unexpected(failure_of(*error));
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  std::size_t failed = 0, passed = 0;
  for (const VerifyRow& row : std::get<std::vector<VerifyRow>>(outcome)) {
    rows.push_back({{"passed", row.passed}, {"kind", row.kind}, {"object", row.object}, {"detail", row.detail}});
    ++(row.passed ? passed : failed);
    if (row.passed && !context.options.verbose) continue;
    const std::string verdict =
        row.passed ? context.out.styled("PASS", Output::green) : context.out.styled("FAIL", Output::red);
    context.out.line(
        fmt::format("{}  {} {}{}", verdict, row.kind, row.object, row.detail.empty() ? "" : ": " + row.detail));
  }
  context.out.set("rows", rows);
  context.out.line(fmt::format("{} passed, {} failed", passed, failed));
  return failed == 0;
}

}  // namespace

Expected<Exit> run_verify(Context& context) {
  const auto project = find_project(context.options.overrides);
  if (!project) return tl::make_unexpected(project.error());
  const auto compilation = compile_project(context, *project);
  if (!compilation) return tl::make_unexpected(compilation.error());
  if (!compilation->ok) return Exit::findings;
  const auto database = open_database(context.options, *project);
  if (!database) return tl::make_unexpected(database.error());
  bool passed = true;
  if (context.options.id.empty()) {
    const auto objects = verify_objects(context, database->connection, *compilation);
    if (!objects) return tl::make_unexpected(objects.error());
    passed = *objects;
  }
  if (context.options.full) {
    const auto moves = compare_moves(context, database->connection, *compilation);
    if (!moves) return tl::make_unexpected(moves.error());
    passed = passed && *moves;
  }
  return passed ? Exit::done : Exit::findings;
}

}  // namespace godwit::cli
