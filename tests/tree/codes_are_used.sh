#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A code that nothing reports promises what godwit does not do. (GW9xxx are reported by GODWIT_ASSERT.)
source "$(dirname "$0")/common.sh"

while read -r code name; do
  [[ $code == GW9* ]] && continue
  grep -rqE "\bcodes::$name\b" grammar compiler runtime cli --include='*.cpp' --include='*.hpp' --include='*.h' ||
    fail "base/codes.h: nothing reports codes::$name ($code)"
done < <(code_names)
exit "$failures"
