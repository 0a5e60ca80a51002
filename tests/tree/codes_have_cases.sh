#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each code is shown by a case of tests/diagnostics. What a spec's text cannot show is named by a test elsewhere.
source "$(dirname "$0")/common.sh"

# Codes of the text that no file of a sensible size or encoding in this tree can show: tested in tests/unit.
in_unit_tests='GW1003|GW1004'

for code in $(codes); do
  case $code in
    GW5*) grep -rqw "$code" tests/cli tests/db tests/faults 2>/dev/null ||
      fail "$code: no test in tests/cli, tests/db or tests/faults mentions it" ;;
    GW9*) ;;  # our own bugs: a test that knew one would be a fix
    *)
      compgen -G "tests/diagnostics/${code}_*" >/dev/null && continue
      if [[ $code =~ ^($in_unit_tests)$ ]]; then
        name=$(grep "\"$code\"" base/codes.h | sed -E 's/.*Code ([a-z_0-9]+).*/\1/')
        grep -rqwE "$code|codes::$name" tests/unit || fail "$code: no test in tests/unit mentions it"
      else
        fail "$code: no case tests/diagnostics/${code}_*"
      fi
      ;;
  esac
done
exit "$failures"
