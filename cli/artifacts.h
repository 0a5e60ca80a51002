// SPDX-License-Identifier: Apache-2.0
// Compiled migrations and the files that hold them.
#pragma once

#include "cli/failure.h"

#include <godwit/compile.h>
#include <godwit/runtime.h>

#include <filesystem>
#include <string>
#include <vector>

namespace godwit::cli {

/// One file of a compiled migration: its name and, in the compilation, its text.
struct Artifact {
  std::string name;  // "20250916000001_contacts.up.sql"
  const std::string* text = nullptr;
  bool runs = false;  // holds SQL that the runtime executes
};

/// All files of all migrations, in their order. They point into `migrations`.
std::vector<Artifact> artifacts_of(const std::vector<CompiledMigration>& migrations);

/// How a folder differs from what the specs say.
struct Difference {
  enum class Kind { differs, missing, left_over } kind = Kind::differs;
  std::string name;
  const std::string* text = nullptr;  // what should stand there; none for a left-over
  bool runs = false;
};

Expected<std::vector<Difference>> compare_folder(const std::filesystem::path& folder,
                                                 const std::vector<CompiledMigration>& migrations);

/// What the runtime takes.
std::vector<Migration> runnable(const std::vector<CompiledMigration>& migrations);

/// The same, each text taken from the folder where the folder has it.
Expected<std::vector<Migration>> runnable_from_folder(const std::filesystem::path& folder,
                                                      const std::vector<CompiledMigration>& migrations);

}  // namespace godwit::cli
