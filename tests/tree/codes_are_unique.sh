#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A code's number is used once, its list is sorted, and the sources mention listed codes only.
source "$(dirname "$0")/common.sh"

for code in $(codes | sort | uniq -d); do fail "base/codes.h: $code is listed twice"; done
codes | LC_ALL=C sort -c 2>/dev/null || fail 'base/codes.h: the codes are not in the order of their numbers'
while read -r code; do
  codes | grep -qx "$code" || fail "$code is mentioned in the sources and not listed in base/codes.h"
done < <(grep -rhowE 'GW[0-9]{4}' base grammar compiler runtime cli --include='*.h' --include='*.hpp' --include='*.cpp' | sort -u)
exit "$failures"
