#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each code has a page that `godwit explain` prints, with the four things a reader looks for; and no page outlives its
# code.
source "$(dirname "$0")/common.sh"

for code in $(codes); do
  page=docs/diagnostics/$code.md
  if [[ ! -f $page ]]; then
    fail "$page is missing"
    continue
  fi
  head -1 "$page" | grep -q "^# $code: " || fail "$page does not begin with \`# $code: title\`"
  for part in What Why Example Fix; do
    grep -q "^## $part$" "$page" || fail "$page has no section \`## $part\`"
  done
done
for page in docs/diagnostics/GW*.md; do
  code=$(basename "$page" .md)
  codes | grep -qx "$code" || fail "$page explains a code that base/codes.h does not list"
done
exit "$failures"
