#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each folder includes only what the picture of the data flow allows it to.
source "$(dirname "$0")/common.sh"

# What the stages may know of the kinds and the data steps: their contract, not one of them.
contract='compiler/kinds/contract.h compiler/kinds/declaring.h compiler/kinds/planning.h compiler/data/intents.h compiler/data/steps.h'

# Files (first match counts), then the beginnings of what they may include of ours.
rules='
base/*                base/
grammar/*             base/ grammar/
compiler/model/*      base/ compiler/model/
compiler/sql/*        base/ compiler/model/ compiler/sql/
compiler/kinds/*      base/ grammar/ast.h compiler/model/ compiler/sql/ compiler/kinds/ compiler/data/
compiler/data/*       base/ grammar/ast.h compiler/model/ compiler/sql/ compiler/kinds/ compiler/data/
compiler/include/*    godwit/
compiler/stages/*     base/ grammar/ast.h grammar/parse.h grammar/format.h compiler/model/ compiler/sql/ @contract compiler/stages/ godwit/compile.h
compiler/*            base/ grammar/ast.h grammar/parse.h grammar/format.h compiler/ godwit/compile.h
runtime/include/*     godwit/
runtime/*             base/ compiler/model/ runtime/ godwit/runtime.h godwit/inspect.h
cli/*                 cli/ godwit/
'

allowed_for() {
  local pattern allowed
  while read -r pattern allowed; do
    # shellcheck disable=SC2053  # a pattern on purpose
    [[ -n $pattern && $1 == $pattern ]] && { echo "${allowed/@contract/$contract}"; return; }
  done <<<"$rules"
}

while read -r file; do
  read -ra allowed <<<"$(allowed_for "$file")"
  while read -r included; do
    for beginning in "${allowed[@]}"; do
      [[ $included == "$beginning"* ]] && continue 2
    done
    fail "$file includes $included; files like it may include ${allowed[*]}"
  done < <(grep -oE '^ *# *include *("[^"]+"|<godwit/[^>]+>)' "$file" | sed -E 's/.*include *["<]//; s/[">]//')
done < <(cpp_files base grammar compiler runtime cli)
exit "$failures"
