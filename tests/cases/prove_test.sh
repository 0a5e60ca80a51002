#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every project under specs/ is proven: on a private server, with rows that godwit makes.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for project in "$root"/specs/*/; do
  "$GODWIT" -C "$project" prove --cuts 10
  "$GODWIT" -C "$project" --format json prove --cuts 0 --rows 3 |
    jq -e '.holds and (.migrations | length > 0) and all(.migrations[].claims[]; .verdict != "refuted")' >/dev/null
done
