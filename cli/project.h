// SPDX-License-Identifier: Apache-2.0
// A project: the folder with godwit.toml, its settings, its specs. Files come in, plain values go out.
#pragma once

#include "cli/failure.h"
#include "cli/hooks.h"
#include "cli/options.h"

#include <godwit/compile.h>
#include <godwit/runtime.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::cli {

/// godwit.toml, with defaults for what it does not say. docs/settings.md is its reference.
struct Settings {
  std::string specs = "specs";
  std::string migrations = "migrations";
  CompileOptions compile;
  std::map<std::string, std::string> environments;  // name -> the variable that holds the connection string
  Throttle throttle;
  std::optional<std::uint64_t> vacuum_every;
  std::vector<Hook> hooks;
  std::string hook_time_limit = "30s";
};

struct Project {
  std::filesystem::path root;
  bool has_settings_file = false;
  Settings settings;

  std::filesystem::path specs_folder() const { return root / settings.specs; }

  std::filesystem::path migrations_folder() const { return root / settings.migrations; }
};

/// "500ms", "3s", "10min", "48h", "7d".
bool is_duration(std::string_view value);
/// Bytes in "500kB", "64MB", "2GB"; nothing for what is not a size.
std::optional<std::uint64_t> bytes_of_size(std::string_view value);

/// Reads the text of a settings file; `shown` is its name in messages.
Expected<Settings> read_settings(const std::string& text, const std::string& shown);

/// The project of the current folder: the nearest folder, from here upwards, that holds a godwit.toml; without one, the
/// current folder with default settings.
Expected<Project> find_project(const Overrides& overrides);

/// All specs of the project, sorted by file name, named as artifacts and diagnostics name them: relative to the root.
Expected<std::vector<SpecFile>> read_specs(const Project& project);

}  // namespace godwit::cli
