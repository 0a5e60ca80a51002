// SPDX-License-Identifier: Apache-2.0
// Files as the program reads and writes them. Every failure says which file and what to do about it.
#pragma once

#include "cli/failure.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace godwit::cli {

inline constexpr std::size_t largest_file = std::size_t{64} << 20;  // language: a bigger spec is an error

/// The content of a regular file of at most `largest_file` bytes. `shown` is its name in messages.
Expected<std::string> read_file(const std::filesystem::path& path, const std::string& shown);

/// The content, or nothing when there is no such file; a file that exists and cannot be read is a failure.
Expected<std::optional<std::string>> read_if_present(const std::filesystem::path& path, const std::string& shown);

/// The names in a folder that end in `suffix` and do not start with a dot, sorted by their bytes.
Expected<std::vector<std::string>> list_folder(const std::filesystem::path& folder, const std::string& suffix);

struct NewFile {
  std::filesystem::path path;
  std::string text;
};

/// Writes all files or none: each beside its place first, then renamed over it. Makes the folders that are missing.
Expected<void> write_files(const std::vector<NewFile>& files);

}  // namespace godwit::cli
