#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A file over 900 lines says at its top why it is not two (a comment with the words `long because`).
source "$(dirname "$0")/common.sh"

while read -r file; do
  lines=$(wc -l <"$file")
  [[ $lines -le 900 ]] || head -12 "$file" | grep -q 'long because' ||
    fail "$file has $lines lines and no reason at its top"
done < <(cpp_files base grammar compiler runtime cli tests bench)
exit "$failures"
