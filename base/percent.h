// SPDX-License-Identifier: Apache-2.0
// Percent encoding (RFC 3986, section 2.1).
#pragma once

#include <string>
#include <string_view>

namespace godwit {

/// Every byte but ASCII letters, digits and those of `plain` as `%XX`.
std::string percent_encoded(std::string_view text, std::string_view plain);

}  // namespace godwit
