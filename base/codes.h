// SPDX-License-Identifier: Apache-2.0
// Every diagnostic godwit can give. GW10xx text, GW12xx names, GW14xx types and options, GW2xxx change and order,
// GW3xxx hazards, GW4xxx SQL, GW5xxx runtime, GW9xxx internal. A number is never reused; each has a page
// docs/diagnostics/GWnnnn.md and a case in tests/diagnostics (tests/tree asks for both).
#pragma once

#include "base/diagnostics.h"

namespace godwit::codes {

// GW10xx text
inline constexpr Code syntax{"GW1001", Severity::error, "text that is not in the language"};
inline constexpr Code unterminated{"GW1002", Severity::error, "quote, comment or bracket that is never closed"};
inline constexpr Code invalid_encoding{"GW1003", Severity::error, "invalid UTF-8 or a NUL byte"};
inline constexpr Code too_large{"GW1004", Severity::error, "file over 64 MiB"};
inline constexpr Code nesting_too_deep{"GW1005", Severity::error, "brackets nested deeper than 200"};
inline constexpr Code identifier_too_long{"GW1006", Severity::error, "identifier over 63 bytes"};
inline constexpr Code repeated_clause{"GW1007", Severity::error, "clause given twice"};
inline constexpr Code header_not_first{"GW1008", Severity::error, "header that is not the first item, or a second one"};

}  // namespace godwit::codes
