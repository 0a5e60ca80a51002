#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A code that nothing reports promises what godwit does not do. (GW9xxx are reported by GODWIT_ASSERT.)
source "$(dirname "$0")/common.sh"

while read -r name; do
  grep -rqE "\bcodes::$name\b" grammar compiler runtime cli --include='*.cpp' --include='*.hpp' --include='*.h' ||
    fail "base/codes.h: nothing reports codes::$name"
done < <(grep -v '"GW9' base/codes.h | grep -oE 'inline constexpr Code [a-z_0-9]+' base/codes.h | sed 's/.* //')
exit "$failures"
