#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The server of the tests is reached, passes the command's status on, and leaves nothing behind, even after a kill -9.
set -uo pipefail
with_server=$(dirname "$0")/with_server.sh
failures=0

fail() {
  echo "$*" >&2
  failures=1
}

gone() {
  for _ in {1..200}; do
    [[ -d $1 ]] || return 0
    sleep 0.05
  done
  return 1
}

folder=$("$with_server" bash -c 'echo "$PGHOST"; [[ $(psql -Atc "show wal_level") == logical ]] && exit 7')
status=$?
[[ $status -eq 7 ]] || fail "the command ended with 7, with_server.sh with $status"
[[ ! -d $folder ]] || fail "$folder is still there"

for signal in TERM KILL; do
  note=$(mktemp)
  "$with_server" bash -c 'echo "$PGHOST" >"$1"; exec sleep 10' _ "$note" >/dev/null 2>&1 &
  wrapper=$!
  for _ in {1..400}; do
    [[ -s $note ]] && break
    sleep 0.05
  done
  folder=$(cat "$note")
  rm -f "$note"
  [[ -d $folder ]] || fail "no server before SIG$signal"
  kill -s "$signal" "$wrapper"
  wait "$wrapper" 2>/dev/null
  gone "$folder" || fail "$folder is still there after SIG$signal"
done

error=$(GODWIT_TEST_PG_BIN=/nonexistent "$with_server" true 2>&1)
[[ $? -eq 125 && $error == *'/nonexistent'* ]] || fail "a server that is not there is not named: $error"
exit "$failures"
