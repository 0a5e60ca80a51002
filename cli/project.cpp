// SPDX-License-Identifier: Apache-2.0
#include "cli/project.h"

#include "cli/clock.h"
#include "cli/files.h"

#include <fmt/format.h>

#include <system_error>

namespace godwit::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* settings_file = "godwit.toml";

void override_settings(Settings& settings, const Overrides& overrides) {
  if (overrides.specs) settings.specs = *overrides.specs;
  if (overrides.migrations) settings.migrations = *overrides.migrations;
  if (overrides.lock_timeout) settings.compile.lock_timeout = *overrides.lock_timeout;
  if (overrides.lock_retries) settings.compile.lock_retries = *overrides.lock_retries;
  if (overrides.rollback_window) settings.compile.rollback_window = *overrides.rollback_window;
  if (overrides.replication_lag) settings.throttle.replication_lag = seconds_of_duration(*overrides.replication_lag);
  if (overrides.lock_wait) settings.throttle.lock_wait = seconds_of_duration(*overrides.lock_wait);
  if (overrides.archive_files) settings.throttle.archive_files = static_cast<std::uint64_t>(*overrides.archive_files);
  if (overrides.throttle_query) settings.throttle.query = *overrides.throttle_query;
  if (overrides.vacuum_every) settings.vacuum_every = static_cast<std::uint64_t>(*overrides.vacuum_every);
  if (overrides.oldest_postgres) settings.compile.oldest_postgres = *overrides.oldest_postgres;
}

/// The nearest folder from `start` upwards that holds a settings file.
fs::path root_above(const fs::path& start) {
  std::error_code error;
  for (fs::path folder = start;; folder = folder.parent_path()) {
    if (fs::exists(folder / settings_file, error)) return folder;
    if (folder == folder.parent_path()) return {};
  }
}

/// How the specs folder is named in artifacts: the same wherever the project lies.
std::string shown_folder(const Project& project) {
  const fs::path folder = fs::path(project.settings.specs).lexically_normal();
  const fs::path relative = folder.is_absolute() ? folder.lexically_relative(project.root) : folder;
  const bool outside = relative.empty() || *relative.begin() == "..";
  std::string shown = (outside ? folder : relative).generic_string();
  while (shown.size() > 1 && shown.back() == '/') shown.pop_back();
  return outside ? fs::path(shown).filename().generic_string() : shown;
}

/// Specs in a folder of their own would be left out unseen.
Expected<void> refuse_subfolders(const fs::path& folder, const std::string& shown) {
  std::error_code error;
  for (fs::directory_iterator entries(folder, error); !error && entries != fs::directory_iterator();
       entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    std::error_code unknown;
    if (name.front() == '.' || name.ends_with(".gw") || !entries->is_directory(unknown)) continue;
    const auto inside = list_folder(entries->path(), ".gw");
    if (!inside || inside->empty()) continue;
    return fail(Exit::usage,
                fmt::format("`{}/{}` holds specs, and folders inside of `{}` are not read", shown, name, shown),
                fmt::format("move them into `{}`: a migration's id is its file name, so all of a project stand in one "
                            "folder, and no two have the same id",
                            shown));
  }
  return {};
}

}  // namespace

Expected<Project> find_project(const Overrides& overrides) {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  if (error) return fail(Exit::usage, fmt::format("cannot tell the current folder: {}", error.message()));
  Project project;
  project.root = root_above(here);
  project.has_settings_file = !project.root.empty();
  if (project.has_settings_file) {
    auto text = read_file(project.root / settings_file, settings_file);
    if (!text) return tl::make_unexpected(text.error());
    auto settings = read_settings(*text, settings_file);
    if (!settings) return tl::make_unexpected(settings.error());
    project.settings = std::move(*settings);
  } else {
    project.root = here;
  }
  override_settings(project.settings, overrides);
  return project;
}

Expected<std::vector<SpecFile>> read_specs(const Project& project) {
  const fs::path folder = project.specs_folder();
  const std::string shown = shown_folder(project);
  std::error_code error;
  if (!fs::exists(folder, error))
    return fail(
        Exit::usage, fmt::format("there is no folder `{}` in `{}`", project.settings.specs, project.root.string()),
        project.has_settings_file ? "make it, or set `specs` in godwit.toml to the folder that holds the `.gw` files"
                                  : "run godwit in the project's folder, or name that folder with `-C`");
  if (!fs::is_directory(folder, error))
    return fail(Exit::usage,
                fmt::format("`{}` is a file where the folder of specs is expected", project.settings.specs),
                "set `specs` in godwit.toml to the folder that holds the `.gw` files");
  if (auto flat = refuse_subfolders(folder, shown); !flat) return tl::make_unexpected(flat.error());
  auto names = list_folder(folder, ".gw");
  if (!names) return tl::make_unexpected(names.error());
  if (names->empty())
    return fail(Exit::usage, fmt::format("the folder `{}` holds no specs", project.settings.specs),
                "write the first one, for example `" + shown + "/20250916000001_first.gw`");
  std::vector<SpecFile> specs;
  specs.reserve(names->size());
  for (const std::string& name : *names) {
    const std::string path = shown == "." ? name : shown + "/" + name;
    auto text = read_file(folder / name, path);
    if (!text) return tl::make_unexpected(text.error());
    specs.push_back({path, std::move(*text)});
  }
  return specs;
}

}  // namespace godwit::cli
