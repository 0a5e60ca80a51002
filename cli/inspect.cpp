// SPDX-License-Identifier: Apache-2.0
// godwit inspect: a live database becomes a baseline spec, or one a schema or area.
#include "cli/baseline.h"
#include "cli/commands.h"
#include "cli/files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace godwit::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

void report(Context& context, const Inspection& inspection, const BaselineDraft& draft) {
  Json as_sql = Json::array();
  for (const CarriedObject& carried : draft.baseline.as_sql) {
    const InspectedObject& object = inspection.objects[carried.object];
    as_sql.push_back(
        {{"kind", object.kind}, {"schema", object.schema}, {"name", object.name}, {"reason", carried.reason}});
    if (carried.reason.empty()) continue;  // it goes with another one
    context.out.remark(fmt::format("carried as SQL: {}: {}", object.title, carried.reason));
  }
  for (const std::string& line : inspection.not_carried) context.out.remark("not carried: " + line);
  if (!draft.baseline.not_split.empty()) context.out.remark("one spec is written: " + draft.baseline.not_split);
  context.out.set("database", inspection.database);
  context.out.set("server_version", inspection.server_version);
  context.out.set("objects", inspection.objects.size());
  context.out.set("as_sql", as_sql);
  context.out.set("not_carried", inspection.not_carried);
}

/// Where each spec goes: a file when the path names one, else files of a folder.
std::vector<NewFile> destinations(const BaselineDraft& draft, const std::string& output) {
  if (draft.specs.size() == 1 && output.ends_with(".gw")) return {{output, draft.specs.front().text}};
  std::vector<NewFile> files;
  for (const SpecFile& spec : draft.specs) files.push_back({fs::path(output) / spec.path, spec.text});
  return files;
}

Expected<void> write(Context& context, const BaselineDraft& draft) {
  const std::vector<NewFile> files = destinations(draft, context.options.output);
  for (const NewFile& file : files) {
    std::error_code error;
    if (!context.options.force && fs::exists(file.path, error))
      return fail(Exit::usage, fmt::format("`{}` exists", file.path.generic_string()),
                  "`--force` writes over it; another name keeps both");
  }
  if (auto written = write_files(files); !written) return tl::make_unexpected(written.error());
  Json names = Json::array();
  for (const NewFile& file : files) {
    names.push_back(file.path.generic_string());
    context.out.line("wrote " + file.path.generic_string());
  }
  context.out.set("written", names);
  return {};
}

Expected<BaselineSplit> split_of(const Options& options) {
  if (options.split.empty()) return BaselineSplit::none;
  if (options.split != "schema" && options.split != "area")
    return fail(Exit::usage, fmt::format("`--split` takes schema or area, not `{}`", options.split));
  if (options.output.empty() || options.output.ends_with(".gw"))
    return fail(Exit::usage, fmt::format("`--split {}` writes several files", options.split),
                "name a folder with `--output DIR`");
  return options.split == "area" ? BaselineSplit::by_area : BaselineSplit::by_schema;
}

}  // namespace

Expected<Exit> run_inspect(Context& context) {
  const auto split = split_of(context.options);
  if (!split) return tl::make_unexpected(split.error());
  const auto project = find_project(context.options.overrides);
  if (!project) return tl::make_unexpected(project.error());
  const auto database = open_database(context.options, *project);
  if (!database) return tl::make_unexpected(database.error());
  const auto outcome = inspect(database->connection, {});
  if (const auto* error = std::get_if<RuntimeError>(&outcome)) return tl::make_unexpected(failure_of(*error));
  const auto& inspection = std::get<Inspection>(outcome);

  const auto draft = write_baseline(inspection, *split, project->settings.compile);
  if (!draft) return tl::make_unexpected(draft.error());
  report(context, inspection, *draft);
  if (!context.options.output.empty()) {
    if (auto written = write(context, *draft); !written) return tl::make_unexpected(written.error());
  } else {
    context.out.set("spec", draft->specs.front().text);
    context.out.line(draft->specs.front().text.substr(0, draft->specs.front().text.size() - 1));
  }
  return inspection.not_carried.empty() ? Exit::done : Exit::findings;
}

}  // namespace godwit::cli
