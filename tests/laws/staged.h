// SPDX-License-Identifier: Apache-2.0
// Two specs taken through the stages of the compiler, with what lies between them at hand.
#pragma once

#include "base/diagnostics.h"
#include "compiler/kinds/declaring.h"
#include "compiler/model/plan.h"
#include "compiler/stages/diff.h"
#include "tests/laws/specs.h"

#include <godwit/compile.h>

#include <memory>
#include <string>
#include <vector>

namespace godwit::laws {

struct Staged {
  SourceSet sources;
  Diagnostics diagnostics;
  Catalog before, after;
  std::unique_ptr<kinds::Declaring> declared;  // of the second spec; holds `after`
  std::vector<stages::KeyedChange> changes;
  Plan plan;
  bool ok = false;

  Staged(const std::string& before_text, const std::string& after_text);
};

CompileRequest request_of(const std::string& before, const std::string& after);

/// The first difference between two catalogs in words, empty when they hold the same.
std::string difference(const Catalog& left, const Catalog& right);
/// Every object under the name that the renames give it.
Catalog renamed(const Catalog& catalog, const kinds::Renames& renames);
void apply(Catalog& catalog, const Change& change);

}  // namespace godwit::laws
