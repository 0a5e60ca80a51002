// SPDX-License-Identifier: Apache-2.0
// Catalog before and after to changes. Renames come first: a renamed object is compared with itself under its new name,
// as the server will have it once the names have changed.
#pragma once

#include "compiler/kinds/contract.h"

#include <utility>
#include <vector>

namespace godwit::stages {

using KeyedChange = std::pair<ObjectKey, Change>;

/// Every object that the journal of `catalog` touched and that is not the same before and after, ordered by key.
/// `before` is spelled with the new names. Nothing else is looked at: the cost is that of the change.
std::vector<KeyedChange> diff(const Catalog& catalog, const kinds::Renames& renames);

}  // namespace godwit::stages
