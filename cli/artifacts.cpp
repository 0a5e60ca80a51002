// SPDX-License-Identifier: Apache-2.0
#include "cli/artifacts.h"

#include "cli/files.h"

#include <algorithm>
#include <array>
#include <set>
#include <system_error>

namespace godwit::cli {
namespace {

namespace fs = std::filesystem;

struct Suffix {
  const char* text;
  std::string CompiledMigration::*content;
  std::string Migration::*runs_as;  // none: read by people and tools only
};

const std::array<Suffix, 6> suffixes = {{
    {".up.sql", &CompiledMigration::up_sql, &Migration::up_sql},
    {".down.sql", &CompiledMigration::down_sql, &Migration::down_sql},
    {".finalize.sql", &CompiledMigration::finalize_sql, &Migration::finalize_sql},
    {".verify.sql", &CompiledMigration::verify_sql, &Migration::verify_sql},
    {".plan.json", &CompiledMigration::plan_json, nullptr},
    {".md", &CompiledMigration::review_md, nullptr},
}};

/// A file that only godwit writes; a page such as README.md in the folder is the user's own.
bool is_artifact_name(const std::string& name) {
  return std::any_of(suffixes.begin(), suffixes.end() - 1,
                     [&](const Suffix& suffix) { return name.ends_with(suffix.text); });
}

}  // namespace

std::vector<Artifact> artifacts_of(const std::vector<CompiledMigration>& migrations) {
  std::vector<Artifact> artifacts;
  artifacts.reserve(migrations.size() * suffixes.size());
  for (const CompiledMigration& migration : migrations)
    for (const Suffix& suffix : suffixes)
      artifacts.push_back({migration.id + suffix.text, &(migration.*suffix.content), suffix.runs_as != nullptr});
  return artifacts;
}

Expected<std::vector<Difference>> compare_folder(const fs::path& folder,
                                                 const std::vector<CompiledMigration>& migrations) {
  std::vector<Difference> differences;
  std::set<std::string> expected;
  for (const Artifact& artifact : artifacts_of(migrations)) {
    expected.insert(artifact.name);
    auto present = read_if_present(folder / artifact.name, (folder / artifact.name).string());
    if (!present) return tl::make_unexpected(present.error());
    if (!present->has_value())
      differences.push_back({Difference::Kind::missing, artifact.name, artifact.text, artifact.runs});
    else if (**present != *artifact.text)
      differences.push_back({Difference::Kind::differs, artifact.name, artifact.text, artifact.runs});
  }
  std::error_code error;
  if (!fs::is_directory(folder, error)) return differences;
  auto names = list_folder(folder, "");
  if (!names) return tl::make_unexpected(names.error());
  for (const std::string& name : *names)
    if (is_artifact_name(name) && !expected.contains(name))
      differences.push_back({Difference::Kind::left_over, name, nullptr, false});
  return differences;
}

std::vector<Migration> runnable(const std::vector<CompiledMigration>& migrations) {
  std::vector<Migration> out;
  out.reserve(migrations.size());
  for (const CompiledMigration& migration : migrations)
    out.push_back({migration.id, migration.up_sql, migration.down_sql, migration.finalize_sql, migration.verify_sql});
  return out;
}

Expected<std::vector<Migration>> runnable_from_folder(const fs::path& folder,
                                                      const std::vector<CompiledMigration>& migrations) {
  std::vector<Migration> out = runnable(migrations);
  for (Migration& migration : out) {
    for (const Suffix& suffix : suffixes) {
      if (suffix.runs_as == nullptr) continue;
      const fs::path path = folder / (migration.id + suffix.text);
      auto present = read_if_present(path, path.string());
      if (!present) return tl::make_unexpected(present.error());
      if (present->has_value()) migration.*suffix.runs_as = std::move(**present);
    }
  }
  return out;
}

}  // namespace godwit::cli
