// SPDX-License-Identifier: Apache-2.0
// The one list of what the language takes and this version does not plan yet.
#pragma once

#include <string_view>

namespace godwit::kinds {

/// What people call what a word means in `comment on`, `grant … on`, `rename`, `drop`: `language`, `operator class`, …
std::string_view later_construct(std::string_view word);

}  // namespace godwit::kinds
