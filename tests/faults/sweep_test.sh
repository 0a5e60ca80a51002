#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# sweep_test.sh [all]   apply, rollback and finalize, broken at one query after the other: the program killed, or its
# connections cut; before the query reaches the server, while it is at work on it, after it is done; the disk full, locks
# not granted, statements out of time, deadlocks; another runner takes over while it sleeps. Whatever happens,
# the database is as before or as after, and the same command run once more finishes. `all` (make faults) breaks at
# every query in every way; without it each query of a few is broken in one way, in turn.
source "$(dirname "$0")/common.sh"
sweep=${1:-some}
mkdir -p p/specs && cd p || exit 2
on_small_disk
printf '%s\n' 'lock_timeout = "300ms"' 'lock_retries = 1' >godwit.toml
cat >specs/20250101000000_people.gw <<'GW'
migration 'People' {
}

schema app;

table app.people {
    id      bigint primary key;
    name    text   not null;
    company text;
    phone   text;
}
GW
cat >specs/20250102000000_companies.gw <<'GW'
migration 'Companies of their own' {
}

table app.companies {
    name text primary key;
}

alter table app.people {
    greeting text;
    index on (company);
}

rename column app.people.name -> full_name;
drop column app.people.phone;

move app.people -> app.companies {
    where       company is not null;
    set         name = company;
    key         (name);
    on conflict skip;
}

backfill app.people p {
    set greeting = 'Dear ' || p.full_name;
}

check 'everybody is greeted' after {
    none of app.people where greeting is null;
}
GW
mkdir -p adopts/specs
cp godwit.toml adopts
sed '1 a\    baseline;' specs/20250101000000_people.gw >adopts/specs/20250101000000_people.gw
people=20250101000000_people companies=20250102000000_companies
sql -d postgres -c 'create database nothing' -c 'create database applied'
export PGDATABASE=applied
run 0 apply --to "$people"
sql -c "insert into app.people select n, 'P' || n, nullif('C' || n % 4, 'C0'), n::text from generate_series(1, 40) n"
sql -d postgres -c 'create database whole template applied'
PGDATABASE=whole run 0 apply
as_before=0 as_after=0 in_between=0

# broken NAME FROM ARGUMENT…: the command on copies of the database FROM, once as it should be, then broken.
broken() {
  local name=$1 from=$2 step=0 count at way when what expected code how options take_over
  shift 2
  state "$from" >"$scratch/before"
  fresh broken "$from"
  called="$* (unbroken)"
  "$fault" --count "$scratch/count" -- "$godwit" "$@" --database dbname=broken >"$out" 2>"$err" || wrong 'the unbroken run failed'
  state broken >"$scratch/after"
  ! cmp -s "$scratch/before" "$scratch/after" || wrong 'the unbroken run did nothing'
  count=$(cat "$scratch/count")
  [[ $count -ge 10 ]] || wrong "only $count queries were seen"
  # The other one waits until the first has lost its lock with its session.
  take_over="kill -STOP \$FAULT_PID; psql -Xqd postgres -c \"select pg_terminate_backend(pid) from pg_stat_activity
    where datname = 'broken' and application_name like 'godwit%'\" >/dev/null; '$godwit' $* --wait --database dbname=broken >/dev/null 2>&1; bash $scratch/state.sh; kill -CONT \$FAULT_PID"
  for ((at = 1; at <= count; at++)); do
    for way in 'before kill' 'during kill' 'after kill' 'before cut' 'during cut' 'after cut' 'before full' \
      'before lock_timeout' 'before statement_timeout' 'before deadlock' 'before take_over'; do
      step=$((step + 1))
      # The last queries record and commit; of the others few are enough when time is short.
      [[ $sweep == all || ($at -gt $((count - 3)) && $way == 'during kill') || $((step % 61)) -eq 0 ]] || continue
      read -r when what <<<"$way"
      called="$*: $what $when query $at of $count"
      how_to_break "$what" || expected='0 3 4 5' how=(--what run --run "$take_over")
      [[ $name != adopting || $what != full ]] || expected='0 3 4 5'  # no room for the comparison
      fresh broken "$from"
      rm -f "$scratch/taken_over"
      code=0
      PGOPTIONS="$PGOPTIONS $options" "$fault" --at "$at" --when "$when" "${how[@]}" -- \
        "$godwit" "$@" --database dbname=broken >"$out" 2>"$err" || code=$?
      rm -f "$disk_full"
      count_refusals
      [[ " $expected " == *" $code "* ]] || wrong "exit code $code, expected $expected"
      until_alone
      state broken >"$scratch/now"
      [[ ! -e $scratch/taken_over ]] || cmp -s "$scratch/now" "$scratch/taken_over" ||
        wrong 'the first runner wrote after the other took over'
      if cmp -s "$scratch/now" "$scratch/before"; then
        as_before=$((as_before + 1))
        [[ $code -ne 0 ]] || wrong 'it was told to be done, and is not'
      elif cmp -s "$scratch/now" "$scratch/after"; then
        as_after=$((as_after + 1))
      elif among "$name"; then
        in_between=$((in_between + 1))
        [[ $code -ne 0 ]] || wrong 'it was told to be done, and is not'
      else
        wrong 'neither as before nor as after:'
        diff "$scratch/before" "$scratch/now" | head -20
      fi
      "$godwit" "$@" --database dbname=broken >"$out" 2>"$err" </dev/null || wrong 'the second run failed'
      state broken | cmp -s - "$scratch/after" || wrong 'the second run did not finish it'
      [[ $name != adopting || $(scratch_databases) == 0 ]] || wrong 'a scratch database was left behind'
    done
  done
}

cat >"$scratch/state.sh" <<SH
$(declare -f dump state sql)
state broken >"$scratch/taken_over"
SH
scratch_databases() { sql -d postgres -c "select count(*) from pg_database where datname like 'godwit_scratch%'"; }

# Two migrations are two transactions: the first alone is a good state too.
among() {
  [[ $1 == first ]] || return 1
  cmp -s "$scratch/now" "$scratch/first"
}

fresh broken nothing
run 0 apply --to "$people" --database dbname=broken
state broken >"$scratch/first"
broken first nothing apply
broken second applied apply
broken back whole rollback --to "$people"
sql -d postgres -c 'create database unknown'
sql -d unknown -c 'create schema app' -c 'create table app.people (id bigint primary key, name text not null, company text, phone text)'
broken adopting unknown -C adopts apply
broken closing whole finalize "$companies"
echo "$((as_before + as_after + in_between)) faults: $as_before left all as before, $as_after as after, $in_between between migrations"
tell_refusals
[[ $as_before -gt 5 && $as_after -gt 3 && $in_between -gt 0 ]] || wrong 'the faults do not meet every state'
exit "$failures"
