// SPDX-License-Identifier: Apache-2.0
#include "compiler/project.h"

#include "base/codes.h"
#include "base/identifier.h"
#include "compiler/stages/checksum.h"
#include "grammar/parse.h"

#include <algorithm>
#include <array>
#include <map>
#include <queue>
#include <set>

namespace godwit {

namespace {

std::string id_of(const std::string& path) {
  const std::size_t slash = path.find_last_of("/\\");
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (name.ends_with(".gw")) name.resize(name.size() - 3);
  return name;
}

std::string duration_or(const Rare<ast::Text>& written, const std::string& fallback, Diagnostics& diagnostics) {
  if (!written) return fallback;
  if (is_duration(written->value)) return written->value;
  diagnostics.add(codes::bad_duration, written->span, "`{}` is not a duration", written->value)
      .hint("write a number and a unit: `500ms`, `3s`, `5min`, `48h`, `14d`");
  return fallback;
}

void check_header(const ast::Header& header, Diagnostics& diagnostics) {
  if (header.requires_postgres && (header.requires_postgres->value < 13 || header.requires_postgres->value > 18)) {
    diagnostics.add(codes::bad_option, header.requires_postgres->span, "godwit knows PostgreSQL 13 to 18, not {}",
                    header.requires_postgres->value);
  }
}

/// By file name, but each after those its header names: Kahn's order with the file name as tie-break.
std::vector<ProjectSpec> in_order(std::vector<ProjectSpec> specs, Diagnostics& diagnostics) {
  std::map<std::string, std::size_t> by_id;
  for (std::size_t i = 0; i < specs.size(); ++i) by_id.emplace(specs[i].id, i);
  std::vector<std::vector<std::size_t>> next(specs.size());
  std::vector<std::size_t> waiting(specs.size(), 0);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (!specs[i].file.header) continue;
    for (const ast::Name& after : specs[i].file.header->after) {
      const auto found = by_id.find(after.text);
      if (found == by_id.end()) {
        std::vector<std::string> known;
        for (const auto& [id, index] : by_id) known.push_back(id);
        auto report = diagnostics.add(codes::unknown_migration, after.span, "there is no migration `{}`", after.text);
        if (const auto near = closest(after.text, known)) report.hint("there is `{}`", *near);
        continue;
      }
      next[found->second].push_back(i);
      ++waiting[i];
    }
  }
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (waiting[i] == 0) ready.push(i);
  }
  std::vector<std::size_t> sequence;
  while (!ready.empty()) {
    const std::size_t i = ready.top();
    ready.pop();
    sequence.push_back(i);
    for (const std::size_t later : next[i]) {
      if (--waiting[later] == 0) ready.push(later);
    }
  }
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (waiting[i] == 0) continue;
    diagnostics.add(codes::cycle, specs[i].file.header->after.front().span,
                    "migration `{}` waits for itself through `after`", specs[i].id);
    return {};
  }
  std::vector<ProjectSpec> sorted;
  for (const std::size_t i : sequence) sorted.push_back(std::move(specs[i]));
  return sorted;
}

}  // namespace

bool is_duration(std::string_view text) {
  constexpr std::array<std::string_view, 15> units{"us",     "ms",      "s", "sec",  "second", "seconds", "m",   "min",
                                                   "minute", "minutes", "h", "hour", "hours",  "d",       "days"};
  std::size_t at = 0;
  bool any = false;
  while (at < text.size()) {
    while (at < text.size() && text[at] == ' ') ++at;
    const std::size_t digits = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    if (at == digits || at - digits > 9) return false;
    while (at < text.size() && text[at] == ' ') ++at;
    const std::size_t unit = at;
    while (at < text.size() && text[at] >= 'a' && text[at] <= 'z') ++at;
    if (std::find(units.begin(), units.end(), text.substr(unit, at - unit)) == units.end()) return false;
    any = true;
  }
  return any;
}

Project read_project(const CompileRequest& request, SourceSet& sources, Diagnostics& diagnostics, Reading reading) {
  std::vector<const SpecFile*> files;
  for (const SpecFile& spec : request.specs) files.push_back(&spec);
  std::stable_sort(files.begin(), files.end(),
                   [](const SpecFile* a, const SpecFile* b) { return id_of(a->path) < id_of(b->path); });

  std::vector<ProjectSpec> specs;
  std::map<std::string, std::uint32_t> ids;
  for (const SpecFile* file : files) {
    ProjectSpec spec;
    spec.id = id_of(file->path);
    const std::uint32_t source = sources.add(file->path, file->text);
    const std::size_t errors_before = diagnostics.error_count();
    spec.file = grammar::parse(sources, source, diagnostics);
    if (diagnostics.error_count() == errors_before) spec.checksum = stages::checksum(spec.file, sources);
    if (reading == Reading::headings) spec.file.declarations = {};
    if (const auto [first, is_new] = ids.emplace(spec.id, source); !is_new) {
      diagnostics.add(codes::duplicate_migration, {source, 0, 0}, "two migrations have the id `{}`", spec.id)
          .note(Span{first->second, 0, 0}, "the other one is here")
          .hint("rename one of the files");
      continue;
    }
    if (spec.id.empty() || spec.id.size() > 200 || spec.id.find_first_of("\n\r") != std::string::npos) {
      diagnostics.add(codes::bad_option, {source, 0, 0}, "`{}` cannot be a migration's id", spec.id);
    }
    spec.lock_timeout = request.options.lock_timeout;
    spec.lock_retries = request.options.lock_retries;
    spec.rollback_window = request.options.rollback_window;
    if (const auto& header = spec.file.header) {
      if (header->title) spec.title = header->title->value;
      std::replace(spec.title.begin(), spec.title.end(), '\n', ' ');
      spec.lock_timeout = duration_or(header->lock_timeout, spec.lock_timeout, diagnostics);
      spec.rollback_window = duration_or(header->rollback_window, spec.rollback_window, diagnostics);
      if (header->lock_retries) spec.lock_retries = header->lock_retries->value;
      spec.baseline = header->baseline;
      check_header(*header, diagnostics);
    }
    specs.push_back(std::move(spec));
  }
  return {in_order(std::move(specs), diagnostics)};
}

}  // namespace godwit
