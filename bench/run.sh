#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD_DIR   measures what bench/README.md says and prints it as a Markdown table: medians of ROUNDS rounds (5)
# in which the compared commands take turns. SIZES (100 1000 5000) and MIGRATIONS (200) can be set too.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ $# -eq 1 ]] || { echo "usage: $0 BUILD_DIR" >&2; exit 2; }
build=$(cd "$1" && pwd)
[[ -n ${GODWIT_TEST_PGDATA:-} ]] || exec "$here/../tests/support/with_server.sh" "${BASH_SOURCE[0]}" "$build"

godwit=$build/cli/godwit
rounds=${ROUNDS:-5} sizes=${SIZES:-100 1000 5000} migrations=${MIGRATIONS:-200}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${CXX:-c++}" -std=c++20 -O1 -o "$work/measure" "$here/measure.cpp"

url() {
  echo "postgresql:///$1?host=$PGHOST&port=$PGPORT&user=$PGUSER"
}

# measured NAME COMMAND…: one more round of what is called NAME.
measured() {
  local name=$1
  shift
  "$work/measure" "$work/$name.times" "$@" >"$work/output" 2>&1 || {
    cat "$work/output" >&2
    echo "$0: $name failed: $*" >&2
    exit 1
  }
}

# median NAME FIELD, the fields being those of measure.
median() {
  cut -d' ' -f"$2" "$work/$1.times" | sort -g | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

row() {
  awk -v title="$2" -v cpu="$(median "$1" 1)" -v wall="$(median "$1" 2)" -v kib="$(median "$1" 3)" -v note="$3" \
    'BEGIN { printf "| %-44s | %9.3f | %9.3f | %9.1f | %s |\n", title, cpu, wall, kib / 1024, note }'
}

ratio() {
  awk -v a="$(median "$1" "$3")" -v b="$(median "$2" "$3")" 'BEGIN { printf "%.2f", a / (b > 0 ? b : 0.0001) }'
}

for size in $sizes; do "$here/generate.sh" tables "$size" "$work/tables_$size"; done
"$here/generate.sh" migrations "$migrations" "$work/migrations"
"$godwit" -C "$work/migrations" compile >/dev/null
cat "$work/migrations/migrations/"*.up.sql >"$work/all.sql"

for ((round = 1; round <= rounds; round++)); do
  for size in $sizes; do
    rm -rf "$work/tables_$size/migrations"
    measured "compile_$size" "$godwit" -C "$work/tables_$size" compile
  done

  psql -qc "create database by_godwit_$round" -c "create database by_psql_$round"
  apply=(measured apply "$godwit" -C "$work/migrations" apply --database "$(url "by_godwit_$round")")
  psql=(measured psql psql -qX -v ON_ERROR_STOP=1 -d "$(url "by_psql_$round")" -f "$work/all.sql")
  if ((round % 2)); then "${apply[@]}"; "${psql[@]}"; else "${psql[@]}"; "${apply[@]}"; fi

  for _ in 1 2 3; do
    measured status "$godwit" -C "$work/migrations" status --database "$(url "by_godwit_$round")"
    measured select psql -qXAt -d "$(url "by_godwit_$round")" -c 'select 1'
  done
  psql -qc "drop database by_godwit_$round" -c "drop database by_psql_$round"
done

first=${sizes%% *}
echo "| $(printf '%-44s' 'what') | CPU s     | clock s   | peak MiB  | compared |"
echo "| $(printf -- '-%.0s' {1..44}) | --------: | --------: | --------: | --- |"
for size in $sizes; do
  row "compile_$size" "compile, $size tables and a change" \
    "$(ratio "compile_$size" "compile_$first" 1) x the CPU of $first tables, $(awk "BEGIN { print $size / $first }") x the tables"
done
row apply "apply, $migrations migrations" "$(ratio apply psql 2) x the time of psql"
row psql "psql -f, the same SQL" ''
row status "status, nothing to do" "$(ratio status select 2) x the time of psql -c"
row select "psql -c 'select 1'" ''
