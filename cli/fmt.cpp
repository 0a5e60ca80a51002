// SPDX-License-Identifier: Apache-2.0
// godwit fmt: specs in canonical layout. Rewrites what differs; with --check only tells.
#include "cli/commands.h"
#include "cli/files.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace godwit::cli {
namespace {

/// A spec, and the file it goes back to.
struct Input {
  SpecFile spec;
  std::filesystem::path path;
};

Expected<std::vector<Input>> read_inputs(const Options& options) {
  std::vector<Input> inputs;
  for (const std::string& file : options.files) {
    auto text = read_file(file, file);
    if (!text) return tl::make_unexpected(text.error());
    inputs.push_back({{file, std::move(*text)}, file});
  }
  if (!inputs.empty()) return inputs;
  const auto project = find_project(options.overrides);
  if (!project) return tl::make_unexpected(project.error());
  auto specs = read_specs(*project);
  if (!specs) return tl::make_unexpected(specs.error());
  for (SpecFile& spec : *specs) {
    auto path = project->specs_folder() / std::filesystem::path(spec.path).filename();
    inputs.push_back({std::move(spec), std::move(path)});
  }
  return inputs;
}

}  // namespace

Expected<Exit> run_fmt(Context& context) {
  auto inputs = read_inputs(context.options);
  if (!inputs) return tl::make_unexpected(inputs.error());
  std::vector<NewFile> rewritten;
  bool all_read = true;
  for (const Input& input : *inputs) {
    Formatted formatted = format_spec(input.spec);
    if (!formatted.outcome.ok) {
      context.out.findings(formatted.outcome);
      all_read = false;
    } else if (formatted.text != input.spec.text) {
      if (context.options.check)
        context.out.finding({"format", true, input.spec.path, 0, 0, "not in canonical layout", {}});
      rewritten.push_back({input.path, std::move(formatted.text)});
    }
  }
  if (!all_read) return Exit::findings;
  const std::size_t count = rewritten.size();
  if (context.options.check) {
    if (count > 0) context.out.line(fmt::format("{} to format: run `godwit fmt`", counted(count, "file")));
    return count == 0 ? Exit::done : Exit::findings;
  }
  if (auto written = write_files(rewritten); !written) return tl::make_unexpected(written.error());
  for (const NewFile& file : rewritten) context.out.line("formatted " + file.path.filename().string());
  if (count == 0) context.out.line(fmt::format("{} in canonical layout already", counted(inputs->size(), "file")));
  context.out.set("rewritten", count);
  return Exit::done;
}

}  // namespace godwit::cli
