#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD_DIR [--short] [MAJOR…]   the tests that need a server, on each major version of PostgreSQL from 13 to 18 (15
# being the machine's own); psql and pg_dump are those of the machine. --short: the quick ones.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ $# -ge 1 ]] || { echo "usage: $0 BUILD_DIR [--short] [MAJOR…]" >&2; exit 2; }
build=$(cd "$1" && pwd)
shift
tests=(db/data/godwit_data_db_tests db/runtime/godwit_db_runtime_tests db/batches/godwit_batches_db_tests db/prove/godwit_prove_db_tests)
if [[ ${1:-} == --short ]]; then
  shift
else
  tests+=(db/godwit_inspect_db_tests db/godwit_diff_db_tests db/godwit_golden_db_tests db/prove/godwit_prove_golden_tests
          laws/godwit_laws_db_tests)
fi
majors=("$@")
[[ ${#majors[@]} -gt 0 ]] || majors=(13 14 15 16 17 18)
servers=$build/../postgres
"$here/servers.sh" "$servers"

# The server of a major version; empty: the machine's.
binaries() {
  if [[ $1 != 15 ]]; then echo "$servers/node_modules/postgres-$1/native/bin"; fi
}

failed=()
for major in "${majors[@]}"; do
  for test in "${tests[@]}"; do
    [[ $test != laws/* || $major -ge 15 ]] || continue  # their migrations use what 15 brought
    echo "== PostgreSQL $major: $(basename "$test")"
    GODWIT_DIFF_ALL=1 GODWIT=$build/cli/godwit GODWIT_TEST_PG_BIN=$(binaries "$major") \
      "$here/../support/with_server.sh" "$build/tests/$test" || failed+=("$major $test")
  done
done
[[ ${#failed[@]} -eq 0 ]] || { printf 'failed: %s\n' "${failed[@]}" >&2; exit 1; }
echo "PostgreSQL ${majors[*]}: everything passed"
