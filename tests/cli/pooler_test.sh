#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Through PgBouncer: a pool in session mode will do, one in transaction or statement mode is refused, with nothing done.
source "$(dirname "$0")/common.sh"
PATH=$PATH:/usr/sbin
unset PGOPTIONS  # PgBouncer takes none
command -v pgbouncer >/dev/null || { echo 'this test needs the Debian package pgbouncer'; exit 1; }
make_project p
cd p || exit 2
cat >specs/20250103000000_filled.gw <<'GW'
alter table app.people { length integer; }
backfill app.people { set length = length(name); batch 10; }
GW
people=20250101000000_people notes=20250102000000_notes filled=20250103000000_filled
server_host=$PGHOST server_port=$PGPORT
# shellcheck disable=SC2086  # a prefix of several words
as_server() { ${GODWIT_TEST_PG_AS:-env} "$@"; }
folder=$(as_server mktemp -d /tmp/godwit-bouncer.XXXXXX)
bouncer=
stop() {
  [[ -z $bouncer ]] || { kill "$bouncer"; wait "$bouncer"; } 2>/dev/null
  bouncer=
}
trap 'stop; cd /; rm -rf "$scratch" "$folder"' EXIT

start() {  # MODE, MORE SETTINGS…
  stop
  as_server tee "$folder/ini" >/dev/null <<INI
[databases]
* = host=$server_host port=$server_port
[pgbouncer]
listen_port = 6432
unix_socket_dir = $folder
auth_type = trust
auth_file = $folder/users
logfile = $folder/log
pool_mode = $1
$(printf '%s\n' "${@:2}")
INI
  echo "\"$PGUSER\" \"\"" | as_server tee "$folder/users" >/dev/null
  # Not through as_server: its number is to be the process's own.
  # shellcheck disable=SC2086
  ${GODWIT_TEST_PG_AS:-env} "$(command -v pgbouncer)" -q "$folder/ini" 2>"$folder/err" &
  bouncer=$!
  for _ in {1..100}; do
    [[ -S $folder/.s.PGSQL.6432 ]] && return
    sleep 0.05
  done
  wrong "PgBouncer does not start: $(cat "$folder/err" "$folder/log")"
}
direct() { psql -X -q -At -h "$server_host" -p "$server_port" "$@"; }
direct -d postgres -c 'create database cli_pooler'
export PGDATABASE=cli_pooler PGHOST=$folder PGPORT=6432
database="host=$folder port=6432 dbname=cli_pooler"

start session
run 0 apply --database "$database" --to "$people"
direct -c "insert into app.people select g, 'x' from generate_series(1, 100) g"
run 0 apply --database "$database" --maintenance
says "applied $notes"
says "applied $filled"
run 0 verify
run 0 status --drift
[[ $(direct -c 'select sum(length) from app.people') == 100 ]] || wrong 'the batches did not run'
run 0 rollback --database "$database"
says "rolled back $filled"
[[ $(direct -c "select count(*) from pg_locks where locktype = 'advisory'") == 0 ]] || wrong 'the lock of the runner is left'

refused() {  # ARGUMENT…
  run 3 "$@"
  complains 'error[GW5004]: the connection goes through a pooler in transaction mode'
  complains 'connect to the server itself, or through a pool in session mode'
}
state() { direct -c 'select id, state from godwit.migration order by 1' -c 'select count(*) from godwit.event'; }
before=$(state)
start transaction
for command in apply rollback "finalize $notes"; do
  # shellcheck disable=SC2086
  refused $command --database "$database"
done
start statement
refused apply
# Where sessions get another server process each time, and where others take them away in between.
start transaction 'server_round_robin = 1'
for _ in 1 2 3; do refused apply; done
start transaction
for n in 1 2 3 4; do
  (while [[ -S $folder/.s.PGSQL.6432 && ! -e calm ]]; do psql -Xqc 'select pg_sleep(0.01)'; done >/dev/null 2>&1) &
  others[n]=$!
done
for _ in {1..8}; do refused apply; done
touch calm
wait "${others[@]}"
[[ $(state) == "$before" ]] || wrong 'a refused command changed something'
[[ $(direct -c "select count(*) from pg_locks where locktype = 'advisory'") == 0 ]] || wrong 'the lock of the runner is left'
exit "$failures"
