// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the name that a mistyped one was probably meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace godwit::cli {

/// The nearest candidate (insertions, deletions, replacements and swaps of neighbours), or an empty string when none is
/// near enough to be meant. Of equally near ones, the first.
std::string closest(std::string_view name, const std::vector<std::string>& candidates);

/// "did you mean `x`", or `otherwise` when nothing is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates, std::string otherwise);

}  // namespace godwit::cli
