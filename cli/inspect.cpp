// SPDX-License-Identifier: Apache-2.0
// godwit inspect: a live database becomes a baseline spec, or one a schema or area. What the language does not take is
// carried as SQL, found out by compiling what was written until nothing is refused.
#include "cli/commands.h"
#include "cli/files.h"

#include <godwit/inspect.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace godwit::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// What is written, and what had to be carried as SQL for which reason.
struct Draft {
  Baseline baseline;
  Refusals refusals;
  std::vector<SpecFile> specs;  // in canonical layout
};

std::vector<SpecFile> files_of(const Baseline& baseline) {
  if (baseline.specs.size() == 1) return {{"00000000000000_baseline.gw", baseline.specs.front().text}};
  std::vector<SpecFile> files;
  for (const BaselineSpec& spec : baseline.specs) {
    std::string name;
    for (const char c : spec.name.empty() ? std::string("database") : spec.name) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      name += plain ? c : '_';
    }
    files.push_back({fmt::format("{:014}_baseline_{}.gw", files.size() + 1, name), spec.text});
  }
  return files;
}

/// Refuses what an error points at: the constraints beside a column before its table. False when it is nothing new.
bool refuse(Draft& draft, const std::vector<SpecFile>& files, const Finding& finding) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].path != finding.path || finding.line == 0) continue;
    const auto& lines = draft.baseline.specs[i].objects;
    if (finding.line > lines.size() || lines[finding.line - 1].empty()) return false;
    const std::vector<std::size_t>& objects = lines[finding.line - 1];
    const std::size_t count = objects.size() == 1 ? 1 : objects.size() - 1;
    const auto is_it = [&](const CarriedObject& carried) { return carried.object == objects.front(); };
    if (std::any_of(draft.baseline.as_sql.begin(), draft.baseline.as_sql.end(), is_it))
      return draft.refusals.sql.insert(objects.front()).second;
    bool any = false;
    for (std::size_t k = 0; k < count; ++k)
      any = draft.refusals.items.emplace(objects[k], finding.message).second || any;
    return any;
  }
  return false;
}

/// The error that stands in the way, when trying cannot get further.
std::optional<Finding> try_specs(Draft& draft, const Inspection& inspection, BaselineSplit split,
                                 const CompileOptions& options) {
  while (true) {
    draft.baseline = baseline_of(inspection, draft.refusals, split);
    std::vector<SpecFile> files = files_of(draft.baseline);
    const Compilation outcome = compile({files, options});
    if (outcome.ok) {
      draft.specs = std::move(files);
      return std::nullopt;
    }
    // What cannot be parsed is not known to the rest of the file, and would take it along.
    const auto is_syntax = [](const Finding& finding) { return finding.error && finding.code.starts_with("GW10"); };
    const bool only_syntax = std::any_of(outcome.findings.begin(), outcome.findings.end(), is_syntax);
    bool any = false;
    const Finding* unplaced = nullptr;
    for (const Finding& finding : outcome.findings) {
      if (!finding.error || (only_syntax && !is_syntax(finding))) continue;
      const bool placed = refuse(draft, files, finding);
      any = any || placed;
      if (!placed) unplaced = &finding;
    }
    if (!any) return unplaced == nullptr ? Finding{} : *unplaced;
  }
}

/// The line that an error points at.
std::string line_of(const Draft& draft, const Finding& finding) {
  const std::vector<SpecFile> files = files_of(draft.baseline);
  for (const SpecFile& file : files) {
    if (file.path != finding.path) continue;
    std::istringstream lines(file.text);
    std::string line;
    for (std::size_t i = 0; i < finding.line; ++i) std::getline(lines, line);
    return line;
  }
  return {};
}

void report(Context& context, const Inspection& inspection, const Draft& draft) {
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
std::vector<NewFile> destinations(const Draft& draft, const std::string& output) {
  if (draft.specs.size() == 1 && output.ends_with(".gw")) return {{output, draft.specs.front().text}};
  std::vector<NewFile> files;
  for (const SpecFile& spec : draft.specs) files.push_back({fs::path(output) / spec.path, spec.text});
  return files;
}

Expected<void> write(Context& context, const Draft& draft) {
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

  Draft draft;
  if (const auto error = try_specs(draft, inspection, *split, project->settings.compile))
    return fail(Exit::failed,
                fmt::format("what was read does not compile: {}: `{}`", error->message, line_of(draft, *error)),
                "please report this with the database's schema: it is a mistake of godwit's");
  for (SpecFile& spec : draft.specs) {
    Formatted formatted = format_spec(spec);
    if (!formatted.outcome.ok) return fail(Exit::failed, "what was written cannot be put into canonical layout");
    spec.text = std::move(formatted.text);
  }
  report(context, inspection, draft);
  if (!context.options.output.empty()) {
    if (auto written = write(context, draft); !written) return tl::make_unexpected(written.error());
  } else {
    context.out.set("spec", draft.specs.front().text);
    context.out.line(draft.specs.front().text.substr(0, draft.specs.front().text.size() - 1));
  }
  return inspection.not_carried.empty() ? Exit::done : Exit::findings;
}

}  // namespace godwit::cli
