// SPDX-License-Identifier: Apache-2.0
// Declarations to objects: one spec replayed into the catalog, whose journal then says what it changed.
#pragma once

#include "compiler/kinds/declaring.h"

namespace godwit::stages {

/// Visits every declaration once per pass, in file order within a pass; applies renames; reports what is left without
/// its footing. `declaring.catalog` is changed, its journal begun.
void declare(const ast::File& file, kinds::Declaring& declaring);

}  // namespace godwit::stages
