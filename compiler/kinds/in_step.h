// SPDX-License-Identifier: Apache-2.0
// What may not change under the triggers that keep a table in step.
#pragma once

#include "compiler/model/key.h"

namespace godwit::kinds {

/// The table, or a part of it that decides what a row of it can hold. Privileges and comments do not.
bool shapes_rows(const ObjectKey& key, const ObjectKey& table);
/// Made new, it may change what the triggers have written; a new column does not.
bool writes_rows(const ObjectKey& made, const ObjectKey& table);

}  // namespace godwit::kinds
