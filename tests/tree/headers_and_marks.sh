#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each source file names its licence in its first lines, and none leaves work for later.
source "$(dirname "$0")/common.sh"

while read -r file; do
  head -3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || fail "$file has no SPDX line at its top"
  while read -r line; do fail "$file:$line"; done < <(grep -nE '\b(TODO|FIXME|XXX)\b' "$file" | grep -v "grep -nE")
done < <(
  cpp_files base grammar compiler runtime cli tests bench
  find tests bench cmake .ci -type f \( -name '*.sh' -o -name '*.cmake' \) 2>/dev/null
  find . -name CMakeLists.txt -not -path './build*'
)
exit "$failures"
