// SPDX-License-Identifier: Apache-2.0
// verify --full: the comparison of moved rows with their source, what is shown of it and the file by which it goes on.
#pragma once

#include "cli/commands.h"

#include <vector>

namespace godwit::cli {

/// Compares, prints, and says whether all is as it should be. `compilation`: for migrations whose artifact the ledger
/// does not hold.
Expected<bool> compare_moves(Context& context, const std::string& connection, const Compilation& compilation);

}  // namespace godwit::cli
