#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A commit whose answer is lost: looked up on a new connection, or told to be in doubt. GODWIT_FAULT is the program that
# stands between godwit and the server and cuts the connections at the commit.
source "$(dirname "$0")/common.sh"
make_project p
cd p || exit 2
for name in found lost gone unsent; do sql -d postgres -c "create database commit_$name"; done
is_applied() { [[ $(sql -d "$1" -c "select coalesce(max(state), 'none') from godwit.migration where id like '%_people'" 2>/dev/null) == applied ]]; }

# broken CODE WHEN WHAT DATABASE [FLAG…]: applies the first migration; its commit meets the fault.
broken() {
  local expected=$1 code=0 when=$2 what=$3 database=$4
  shift 4
  called="apply, $what $when the commit, $*"
  PGDATABASE=$database "$fault" --last 'commit;' --at 1 --when "$when" --what "$what" --count counted -- \
    "$godwit" apply --to 20250101000000_people "$@" >"$out" 2>"$err" </dev/null || code=$?
  [[ $code -eq $expected ]] || wrong "exit code $code, expected $expected"
  [[ $(cat counted) -ge 1 ]] || wrong 'no commit was seen'
}

# The server cannot be asked for as long as godwit tries, so these run beside the others.
(out=$scratch/gone.out err=$scratch/gone.err; cp -r . ../gone && cd ../gone || exit 2
  broken 5 after gone commit_gone
  complains 'error[GW5019]'
  complains '20250101000000_people was committed'
  complains '`godwit status`'
  exit "$failures") &
gone=$!
(out=$scratch/unsent.out err=$scratch/unsent.err; cp -r . ../unsent && cd ../unsent || exit 2
  broken 5 before gone commit_unsent --format json
  json '.exit_code == 5 and .error.code == "GW5019" and .error.migration == "20250101000000_people"'
  exit "$failures") &
unsent=$!

# The commit reached the server: a new connection learns so, and the run has succeeded.
broken 0 after cut commit_found
says 'applied 20250101000000_people'
complains 'the answer to the commit was lost; the server says that it is committed'
is_applied commit_found || wrong 'it was told to be applied, and is not'
# It never did: a new connection learns that too, and the next run does the work.
broken 4 before cut commit_lost
complains 'error[GW5018]'
complains 'run it again'
! is_applied commit_lost || wrong 'it was told to be undone, and is not'

wait "$gone" || failures=1
wait "$unsent" || failures=1
for name in found lost gone unsent; do
  case $name in
    found | gone) is_applied "commit_$name" || wrong "commit_$name: committed, and not applied" ;;
    *) ! is_applied "commit_$name" || wrong "commit_$name: never committed, and applied" ;;
  esac
  run 0 apply --database "dbname=commit_$name"
  says 'applied 20250102000000_notes'
  is_applied "commit_$name" || wrong "commit_$name: the second run did not finish it"
done
exit "$failures"
