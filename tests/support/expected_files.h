// SPDX-License-Identifier: Apache-2.0
// Expected files: a text is compared with a file of the tree, or becomes that file when the caller blesses it.
// GODWIT_BLESS=1 blesses; with CI set it is refused, for a machine must not approve its own work.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::test {

/// The whole file, or nothing when it cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view text);

/// True when expected files are to be rewritten. Throws when CI is set as well.
bool blessing();

/// `--- expected`, `+++ actual`, hunks with three lines around each difference; empty when the texts are equal.
std::string unified_diff(std::string_view expected, std::string_view actual, const std::string& name);

/// Compares `actual` with the file. The answer is empty when they are equal (or the file was blessed), else a diff and,
/// below it, `command`: what to run for this one case. An empty `actual` means that the file must not exist.
std::string mismatch(const std::filesystem::path& file, std::string_view actual, const std::string& command);

/// The command that blesses one case of this very program.
std::string bless_command(const std::string& test_case, const std::string& section);

/// Names in `folder` that are not in `known`, sorted.
std::vector<std::string> unknown_entries(const std::filesystem::path& folder, const std::vector<std::string>& known);

}  // namespace godwit::test
