#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The stages are generic: no file of them names a kind of object, neither its type nor its enumerator.
source "$(dirname "$0")/common.sh"

kinds=$(tr '\n' ' ' <compiler/model/object.h | grep -oE 'using Object = +std::variant<[^>]*>' |
  sed -E 's/.*<//; s/[ >]//g; s/,/|/g')
[[ -n $kinds ]] || fail 'compiler/model/object.h: the variant `Object` is not found'

while read -r file; do
  while read -r line; do
    fail "$file:$line (a stage names a kind)"
  done < <(code_only "$file" | grep -nE "\b($kinds)\b|\bKind::[a-z]")
done < <(cpp_files compiler/stages)
exit "$failures"
