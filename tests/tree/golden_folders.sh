#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each kind of object has golden cases, in a folder of its enumerator's name (without the
# underscore that tells it from a word of C++); and each case says what goes in.
source "$(dirname "$0")/common.sh"

kinds=$(tr '\n' ' ' <compiler/model/key.h | sed -E 's/.*enum class Kind[^{]*\{([^}]*)\}.*/\1/; s/,/ /g')
[[ $kinds == *table* ]] || fail 'compiler/model/key.h: the enumeration `Kind` is not found'
for kind in $kinds; do
  kind=${kind%_}
  compgen -G "tests/golden/$kind/*/after.gw" >/dev/null || fail "tests/golden/$kind has no case (a folder with after.gw)"
done
exit "$failures"
