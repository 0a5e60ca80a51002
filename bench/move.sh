#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# move.sh BUILD_DIR   measures a move of ROWS rows (5,000,000, about 150 bytes each) in batches on a private server and
# prints it as a Markdown table: against one `insert … select`, by one and by two sessions, beside a writer (pgbench),
# killed and resumed; and how much a table grows that a backfill changes in place.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ $# -eq 1 ]] || { echo "usage: $0 BUILD_DIR" >&2; exit 2; }
build=$(cd "$1" && pwd)
[[ -n ${GODWIT_TEST_PGDATA:-} ]] || exec "$here/../tests/support/with_server.sh" "${BASH_SOURCE[0]}" "$build"

godwit=$build/cli/godwit
rows=${ROWS:-5000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${CXX:-c++}" -std=c++20 -O1 -o "$work/measure" "$here/measure.cpp"
export PGDATABASE=bench PGOPTIONS='-c client_min_messages=warning'
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
row() { printf '| %-64s | %10s | %s |\n' "$1" "$2" "$3"; }
seconds() { date +%s.%N; }
per_second() { awk -v n="$rows" -v from="$1" -v to="$2" 'BEGIN { printf "%.0f", n / (to - from) / 1000 }'; }
url="postgresql:///bench?host=$PGHOST&port=$PGPORT&user=$PGUSER"

mkdir -p "$work/specs"
cat >"$work/specs/20250101000000_before.gw" <<'GW'
schema app;
table app.source { id bigint primary key; a text not null; b text not null; c text not null; n integer not null; }
GW
cat >"$work/specs/20250102000000_after.gw" <<'GW'
table app.target { id bigint primary key; a text not null; b text not null; c text not null; n integer not null; }
move app.source -> app.target { set id = id, a = a, b = b, c = c, n = n; key (id); batch 20000; }
GW

fill() {
  for try in 1 2 3 4 5; do dropdb --if-exists bench 2>/dev/null && break; sleep 1; done

  createdb bench
  "$godwit" -C "$work" apply --to 20250101000000_before --database "$url" >/dev/null 2>&1
  sql -c "insert into app.source select g, md5(g::text), md5((g + 1)::text), md5((g + 2)::text), g from generate_series(1, $rows) g" \
    -c 'vacuum analyze app.source' -c checkpoint
}

cat >"$work/write.sql" <<SQL
\set id random(1, $rows)
update app.source set n = n + 1 where id = :id;
SQL
# writer SECONDS NAME: one client that updates a row every 5 ms; its latencies go to NAME.
writer() { (cd "$work" && pgbench -n -f write.sql -c 1 -R 200 -T "$1" -l --log-prefix="$2" bench >/dev/null 2>&1); }
p99() { awk '{ print $3 }' "$work/$1".* | sort -n | awk '{ v[NR] = $1 } END { printf "%.2f", v[int(NR * 0.99)] / 1000 }'; }
# The longest transaction of the runner, looked for every 50 ms until file `done` is there.
watch_transactions() {
  while [[ ! -e $work/done ]]; do
    sql -c "select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0) || ' ' || coalesce(max(left(query, 60)), '')
              from pg_stat_activity where application_name = 'godwit' and xact_start is not null" | tr '\n' ' '
    echo
    sleep 0.05
  done >"$work/transactions"
}

echo "| measured, $rows rows | value | |"
echo '| --- | ---: | --- |'
fill
from=$(seconds)
sql -c 'create table app.target (id bigint primary key, a text not null, b text not null, c text not null, n integer not null)' \
  -c 'insert into app.target select id, a, b, c, n from app.source'
plain=$(per_second "$from" "$(seconds)")
row 'insert … select, one statement, nobody else' "$plain" 'thousand rows/s'
sql -c 'drop table app.target'

for workers in 1 2; do
  fill
  from=$(seconds)
  "$work/measure" "$work/times" "$godwit" -C "$work" apply --workers "$workers" --events "$work/events" --database "$url" >/dev/null 2>&1
  whole=$(per_second "$from" "$(seconds)")
  batches=$(awk -v n="$rows" '/"event":"step_done"/ && /"step":"move target"/ && /"rows_a_second"/ { match($0, /"seconds":[0-9.]+/); print n / substr($0, RSTART + 10, RLENGTH - 10) / 1000 }' "$work/events" | head -1)
  rm "$work/events"
  row "move in batches, nobody else, sessions: $workers; the batches" "$(printf '%.0f' "$batches")" "thousand rows/s, $(awk -v a="$batches" -v b="$plain" 'BEGIN { printf "%.2f", a / b }') of insert … select"
  row 'the whole migration, with its proof' "$whole" "thousand rows/s, $(awk -v a="$whole" -v b="$plain" 'BEGIN { printf "%.2f", a / b }') of insert … select"
done
row 'memory of the runner' "$(awk '{ printf "%.1f", $3 / 1024 }' "$work/times")" 'MiB'

fill
writer 10 before
watch_transactions &
watching=$!
writer 600 during &
writing=$!
from=$(seconds)
"$godwit" -C "$work" apply --database "$url" >/dev/null 2>&1
loaded=$(per_second "$from" "$(seconds)")
pkill -TERM -f log-prefix=during || true
wait "$writing" || true
touch "$work/done"
wait "$watching" || true
row 'the whole migration, beside a writer' "$loaded" 'thousand rows/s'
row "the writer's p99 before" "$(p99 before)" 'ms'
row "the writer's p99 during the migration" "$(p99 during)" 'ms'
row 'the longest transaction' "$(sort -g "$work/transactions" | tail -1 | awk '{ printf "%.2f", $1 }')" "s: $(sort -g "$work/transactions" | tail -1 | cut -d' ' -f2- | tr '|' ' ')"
row 'the longest transaction of a batch' "$(grep 'batch_\|commit\|^[0-9.]* begin' "$work/transactions" | sort -g | tail -1 | awk '{ printf "%.2f", $1 }')" 's'

fill
(timeout -s KILL 4 "$godwit" -C "$work" apply --database "$url" >/dev/null 2>&1) || true
from=$(seconds)
"$godwit" -C "$work" apply --events "$work/resumed" --database "$url" >/dev/null 2>&1 &
going=$!
until grep -q '"event":"batch"' "$work/resumed" 2>/dev/null; do sleep 0.02; done
row 'from kill -9 and the next start to the next batch done' "$(awk -v a="$from" -v b="$(seconds)" 'BEGIN { printf "%.2f", b - a }')" 's'
wait "$going"

rm "$work/specs/20250102000000_after.gw"
cat >"$work/specs/20250102000000_filled.gw" <<'GW'
backfill app.source { set n = n + 1; batch 20000; }
GW
for every in 0 default; do
  fill
  before=$(sql -c "select pg_total_relation_size('app.source')")
  hints=()
  [[ $every == default ]] || hints=(--vacuum-every "$every")
  "$godwit" -C "$work" apply "${hints[@]}" --database "$url" >/dev/null 2>&1
  row "a table that a backfill changes in place, vacuumed between batches: $every" "$(sql -c "select round(pg_total_relation_size('app.source')::numeric / $before, 2)")" 'times its size'
done
