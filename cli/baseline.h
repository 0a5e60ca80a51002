// SPDX-License-Identifier: Apache-2.0
// The baseline of a database that was read: what the language does not take is carried as SQL, found out by compiling
// what was written until nothing is refused.
#pragma once

#include "cli/failure.h"

#include <godwit/compile.h>
#include <godwit/inspect.h>

#include <vector>

namespace godwit::cli {

/// What is written, and what had to be carried as SQL for which reason.
struct BaselineDraft {
  Baseline baseline;
  Refusals refusals;
  std::vector<SpecFile> specs;  // in canonical layout
  std::vector<CompiledMigration> migrations;
};

Expected<BaselineDraft> write_baseline(const Inspection& inspection, BaselineSplit split,
                                       const CompileOptions& options);

}  // namespace godwit::cli
