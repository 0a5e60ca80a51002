#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# batches_test.sh [all]   a migration in batches, broken at one query after the other: the program killed, its
# connections cut, its server processes ended or their query cancelled, the server stopped and started, its disk full;
# locks not granted, statements out of time, deadlocks; another runner takes over while it sleeps, and it writes nothing
# when it wakes up. Whatever happens: the same command run once more ends as if nothing had been, each row
# changed exactly once; and the way back leads to the state of before from wherever it stands. `all` (make faults)
# breaks at every query in every way; without it each query of a few is broken in one way, in turn.
source "$(dirname "$0")/common.sh"
sweep=${1:-some}
export PGOPTIONS="$PGOPTIONS -c synchronous_commit=on"  # what is committed outlives a server that is stopped at once
mkdir -p p/specs && cd p || exit 2
on_small_disk
printf '%s\n' 'lock_timeout = "300ms"' 'lock_retries = 1' >godwit.toml
cat >specs/20250101000000_people.gw <<'GW'
schema app;

table app.people {
    id     bigint  primary key;
    name   text    not null;
    phone  text;
}

table app.pages {
    id     uuid    primary key;
    visits integer not null;
}
GW
cat >specs/20250102000000_phones.gw <<'GW'
table app.phones {
    people_id bigint not null references app.people (id);
    number    text   not null;
    primary key (people_id, number);
    index on (number);
}

move app.people -> app.phones {
    where  phone is not null;
    set    people_id = id, number = phone;
    batch  20;
    sample 10;
}

-- Run twice for a row it would show.
backfill app.pages {
    set   visits = visits + 1;
    batch 20;
}

drop column app.people.phone;
GW
people=20250101000000_people phones=20250102000000_phones
sql -d postgres -c 'create database before'
export PGDATABASE=before
run 0 apply --to "$people"
sql -c "insert into app.people select n, 'P' || n, nullif('+' || n % 4, '+0') from generate_series(1, 70) n" \
  -c "insert into app.pages select md5(n::text)::uuid, 36 from generate_series(1, 70) n"
unset PGDATABASE

rows() { dump "$1" -n app | sort; }
# As state(), wherever the rows lie.
settled() { state "$1" | sort; }
is_begun() { [[ $(sql -d "$1" -c "select state from godwit.migration where id = '$phones'") == begun ]]; }

rows before >"$scratch/rows"
settled before >"$scratch/before"
fresh broken before
"$fault" --count "$scratch/count" -- "$godwit" apply --database dbname=broken >"$out" 2>"$err" || wrong 'the unbroken run failed'
settled broken >"$scratch/after"
count=$(cat "$scratch/count")
[[ $count -ge 40 ]] || wrong "only $count queries were seen"
[[ $(sql -d broken -c 'select count(*) from app.pages where visits = 37') == 70 ]] || wrong 'rows were not filled once'

mine="from pg_stat_activity where datname = 'broken' and application_name like 'godwit%'"
end_sessions="psql -Xqd postgres -c \"select pg_terminate_backend(pid) $mine\" >/dev/null"
cancel="psql -Xqd postgres -c \"select pg_cancel_backend(pid) $mine and state = 'active'\" >/dev/null"
restart="$pg_ctl -m immediate restart >/dev/null 2>&1"
# The other one waits until the first has lost its lock with its session. What it leaves is what must be there in the end.
cat >"$scratch/settled.sh" <<SH
godwit=$godwit scratch=$scratch
$(declare -f dump state settled sql)
settled broken >"$scratch/taken_over"
SH
take_over="kill -STOP \$FAULT_PID; $end_sessions; '$godwit' apply --wait --database dbname=broken >/dev/null 2>&1; bash $scratch/settled.sh; kill -CONT \$FAULT_PID"

# broken_at QUERY MOMENT FAULT
broken_at() {
  local code=0 expected how options
  how_to_break "$3" || case $3 in
    end) how=(--what run --run "$end_sessions") ;;
    cancel) how=(--what run --run "$cancel") ;;
    restart) how=(--what run --run "$restart") ;;
    take_over) expected='0 3 4 5' how=(--what run --run "$take_over") ;;
  esac
  called="apply: $3 $2 query $1 of $count"
  fresh broken before
  # A sequence in a copied database says no word to the write-ahead log for a while, unless a checkpoint lies between.
  [[ $3 != restart ]] || sql -d broken -c checkpoint
  rm -f "$scratch/taken_over"
  PGOPTIONS="$PGOPTIONS $options" "$fault" --at "$1" --when "$2" "${how[@]}" -- \
    "$godwit" apply --database dbname=broken >"$out" 2>"$err" || code=$?
  rm -f "$disk_full"
  count_refusals
  [[ " $expected " == *" $code "* ]] || wrong "exit code $code, expected $expected"
  until_alone
  settled broken >"$scratch/now"
  [[ ! -e $scratch/taken_over ]] || cmp -s "$scratch/now" "$scratch/taken_over" || {
    wrong 'the first runner wrote after the other took over'
    diff "$scratch/taken_over" "$scratch/now" | head -20
  }
  if cmp -s "$scratch/now" "$scratch/before"; then
    as_before=$((as_before + 1))
  elif cmp -s "$scratch/now" "$scratch/after"; then
    as_after=$((as_after + 1))
  elif is_begun broken; then
    begun=$((begun + 1))
  else
    wrong 'neither as before, nor as after, nor begun'
    diff "$scratch/after" "$scratch/now" | head -20
  fi
  [[ $code -ne 0 ]] || cmp -s "$scratch/now" "$scratch/after" || wrong 'it was told to be done, and is not'
  fresh undone broken
  "$godwit" rollback --to "$people" --database dbname=undone >"$out" 2>"$err" </dev/null || wrong 'the way back failed'
  rows undone | cmp -s - "$scratch/rows" || wrong 'the way back does not lead to the rows of before'
  "$godwit" apply --database dbname=broken >"$out" 2>"$err" </dev/null || wrong 'the second run failed'
  settled broken | cmp -s - "$scratch/after" || {
    wrong 'the second run did not finish it'
    settled broken | diff "$scratch/after" - | head -20
  }
}

as_before=0 as_after=0 begun=0 step=0
for ((at = 1; at <= count; at++)); do
  for way in 'before kill' 'during kill' 'after kill' 'before cut' 'during cut' 'after cut' 'before end' 'during end' \
    'during cancel' 'before restart' 'before take_over' 'during take_over' 'before full' 'before lock_timeout' \
    'before statement_timeout' 'before deadlock'; do
    step=$((step + 1))
    [[ $sweep == all || $((step % 59)) -eq 0 ]] || continue
    read -r when what <<<"$way"
    broken_at "$at" "$when" "$what"
  done
done
echo "$((as_before + as_after + begun)) faults: $as_before left all as before, $begun begun, $as_after as after"
tell_refusals
[[ $as_before -gt 1 && $begun -gt 3 && $as_after -gt 0 ]] || wrong 'the faults do not meet every state'
exit "$failures"
