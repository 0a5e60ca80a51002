// SPDX-License-Identifier: Apache-2.0
#include "compiler/model/plan.h"

namespace godwit {

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::preflight: return "preflight";
    case Phase::lock: return "lock";
    case Phase::rename: return "rename";
    case Phase::keep: return "keep";
    case Phase::expand: return "expand";
    case Phase::move: return "move";
    case Phase::validate: return "validate";
    case Phase::contract: return "contract";
    case Phase::after: return "after";
  }
  return {};
}

}  // namespace godwit
