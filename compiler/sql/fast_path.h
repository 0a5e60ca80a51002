// SPDX-License-Identifier: Apache-2.0
// Fragments so plain that they need no parser: most defaults and most index elements. Internal to compiler/sql.
#pragma once

#include "compiler/sql/analyze.h"

#include <optional>
#include <string_view>
#include <vector>

namespace godwit::sql {

/// The same answer that the parser would lead to, or nullopt when the text is anything but plain.
std::optional<Analysis> plain_analysis(Form form, std::string_view text, const World& world,
                                       const std::vector<Visible>& visible);

}  // namespace godwit::sql
