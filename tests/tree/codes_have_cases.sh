#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each code is shown by a case of tests/diagnostics. What a spec's text cannot show is named by a test elsewhere.
source "$(dirname "$0")/common.sh"

# What no text of a sensible size or encoding in this tree can show: tested in tests/unit or tests/cli.
no_spec='GW1003|GW1004'

mentioned() {
  grep -rqwE "$1|codes::$2" tests/cli tests/db tests/faults tests/unit 2>/dev/null
}

while read -r code name; do
  if [[ $code == GW9* ]]; then
    continue  # our own bugs: a test that knew one would be a fix
  elif [[ $code == GW5* || $code =~ ^($no_spec)$ ]]; then
    mentioned "$code" "$name" || fail "$code: no test in tests/cli, tests/db, tests/faults or tests/unit mentions it"
  else
    compgen -G "tests/diagnostics/${code}_*" >/dev/null || fail "$code: no case tests/diagnostics/${code}_*"
  fi
done < <(code_names)
exit "$failures"
