// SPDX-License-Identifier: Apache-2.0
// A plan to artifacts. Layout only: every decision about what to do was taken in the plan.
#pragma once

#include "compiler/kinds/declaring.h"
#include "compiler/model/plan.h"

#include <godwit/compile.h>

#include <string>
#include <vector>

namespace godwit::stages {

/// What artifacts say besides the plan.
struct EmitContext {
  const SourceSet& sources;
  const kinds::Declaring& declared;
  std::string checksum;
  std::string lock_timeout;
  long long lock_retries = 10;
  std::string rollback_window;
  bool baseline = false;
  std::vector<std::string> required;  // ids of migrations that must be applied before
};

CompiledMigration emit(const Plan& plan, const EmitContext& context);

/// `specs/x.gw:12`
std::string place_of(Span span, const SourceSet& sources);

}  // namespace godwit::stages
