// SPDX-License-Identifier: Apache-2.0
#include "cli/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <sstream>

namespace godwit::cli {
namespace {

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
bool refuse(BaselineDraft& draft, const std::vector<SpecFile>& files, const Finding& finding) {
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
std::optional<Finding> try_specs(BaselineDraft& draft, const Inspection& inspection, BaselineSplit split,
                                 const CompileOptions& options) {
  while (true) {
    draft.baseline = baseline_of(inspection, draft.refusals, split);
    std::vector<SpecFile> files = files_of(draft.baseline);
    Compilation outcome = compile({files, options});
    if (outcome.ok) {
      draft.specs = std::move(files);
      draft.migrations = std::move(outcome.migrations);
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
std::string line_of(const BaselineDraft& draft, const Finding& finding) {
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

}  // namespace

Expected<BaselineDraft> write_baseline(const Inspection& inspection, BaselineSplit split,
                                       const CompileOptions& options) {
  BaselineDraft draft;
  if (const auto error = try_specs(draft, inspection, split, options))
    return fail(Exit::failed,
                fmt::format("what was read does not compile: {}: `{}`", error->message, line_of(draft, *error)),
                "please report this with the database's schema: it is a mistake of godwit's");
  for (SpecFile& spec : draft.specs) {
    Formatted formatted = format_spec(spec);
    if (!formatted.outcome.ok) return fail(Exit::failed, "what was written cannot be put into canonical layout");
    spec.text = std::move(formatted.text);
  }
  return draft;
}

}  // namespace godwit::cli
