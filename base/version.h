// SPDX-License-Identifier: Apache-2.0
// The version of godwit. It is written down once, in the project() call of the top CMakeLists.txt.
#pragma once

#include <string_view>

namespace godwit {

/// For example `0.1.0`.
std::string_view version();

}  // namespace godwit
