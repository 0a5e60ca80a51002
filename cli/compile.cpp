// SPDX-License-Identifier: Apache-2.0
// godwit compile: the artifacts of every migration, written where they differ. With --check nothing is written and a
// difference is a finding: the first job of continuous integration.
#include "cli/artifacts.h"
#include "cli/commands.h"
#include "cli/files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace godwit::cli {
namespace {

const char* words_for(Difference::Kind kind) {
  switch (kind) {
    case Difference::Kind::differs: return "differs from what the specs say";
    case Difference::Kind::missing: return "is missing";
    case Difference::Kind::left_over: return "is left over: no spec of this name";
  }
  return "";
}

const char* kind_name(Difference::Kind kind) {
  switch (kind) {
    case Difference::Kind::differs: return "differs";
    case Difference::Kind::missing: return "missing";
    case Difference::Kind::left_over: return "left-over";
  }
  return "";
}

/// The least that `--require-rollback` accepts.
RollbackClass accepted(const std::string& promise) {
  if (promise == "exact") return RollbackClass::exact;
  if (promise == "window") return RollbackClass::exact_while_window_open;
  return RollbackClass::lossy;
}

bool promises_hold(Context& context, const Compilation& compilation) {
  if (context.options.require_rollback.empty()) return true;
  bool hold = true;
  for (const CompiledMigration& migration : compilation.migrations) {
    if (migration.rollback_class <= accepted(context.options.require_rollback)) continue;
    hold = false;
    context.out.finding({"rollback",
                         true,
                         migration.id,
                         0,
                         0,
                         fmt::format("its rollback is {}, `{}` is required", name_of(migration.rollback_class),
                                     context.options.require_rollback),
                         {}});
  }
  return hold;
}

Exit tell(Context& context, const std::vector<Difference>& differences, const std::string& folder) {
  for (const Difference& difference : differences)
    context.out.finding(
        {kind_name(difference.kind), true, folder + "/" + difference.name, 0, 0, words_for(difference.kind), {}});
  if (differences.empty()) {
    context.out.line(fmt::format("{} as the specs say", folder));
    return Exit::done;
  }
  context.out.line("run `godwit compile`, delete what is left over, and commit the result");
  return Exit::findings;
}

Expected<Exit> write(Context& context, const std::vector<Difference>& differences, const std::filesystem::path& path,
                     const std::string& folder) {
  std::vector<NewFile> files;
  std::vector<std::string> written;
  for (const Difference& difference : differences) {
    if (difference.text == nullptr) continue;
    files.push_back({path / difference.name, *difference.text});
    written.push_back(folder + "/" + difference.name);
  }
  if (auto done = write_files(files); !done) return tl::make_unexpected(done.error());
  for (const std::string& name : written) context.out.line("wrote " + name);
  if (files.empty()) context.out.line(fmt::format("{} up to date", folder));
  for (const Difference& difference : differences)
    if (difference.text == nullptr)
      context.out.remark(fmt::format("note: {}/{} {}; delete it", folder, difference.name, words_for(difference.kind)));
  context.out.set("written", nlohmann::ordered_json(written));
  return Exit::done;
}

}  // namespace

Expected<Exit> run_compile(Context& context) {
  const auto project = find_project(context.options.overrides);
  if (!project) return tl::make_unexpected(project.error());
  const auto compilation = compile_project(context, *project);
  if (!compilation) return tl::make_unexpected(compilation.error());
  if (!compilation->ok || !promises_hold(context, *compilation)) return Exit::findings;

  const bool elsewhere = !context.options.output.empty();
  const std::filesystem::path path =
      elsewhere ? std::filesystem::path(context.options.output) : project->migrations_folder();
  const std::string folder = elsewhere ? context.options.output : project->settings.migrations;
  std::error_code error;
  if (std::filesystem::exists(path, error) && !std::filesystem::is_directory(path, error))
    return fail(Exit::usage, fmt::format("`{}` is a file where the folder for migrations is expected", folder),
                "name a folder with `--output` or `migrations` in godwit.toml");
  const auto differences = compare_folder(path, compilation->migrations);
  if (!differences) return tl::make_unexpected(differences.error());
  return context.options.check ? Expected<Exit>(tell(context, *differences, folder))
                               : write(context, *differences, path, folder);
}

}  // namespace godwit::cli
