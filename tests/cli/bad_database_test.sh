#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Databases that cannot be used, and what must not happen to them.
source "$(dirname "$0")/common.sh"
make_project p
cd p || exit 2
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
fresh() { sql -d postgres -c "drop database if exists $1" -c "create database $1"; }

# An unreachable server.
for command in apply rollback finalize status verify; do
  run 4 "$command" --database 'postgresql://me:hunter2@127.0.0.1:1/app?connect_timeout=2'
  complains 'error[GW5001]'
  nowhere hunter2
done
run 4 status --database 'host=/nowhere password=hunter2 dbname=app'
nowhere hunter2
run 4 status --database 'host=/nowhere password=hunter2 dbname=app' --format json
json '.exit_code == 4 and .error.message != null'
nowhere hunter2
run 2 status --database 'this is no connection string'
complains 'error[GW5002]'

# A wrong password.
sql -d postgres -c "create role cli_locked login password 'right'"
hba=$GODWIT_TEST_PGDATA/pg_hba.conf
cp "$hba" "$scratch/hba"
{ echo 'local all cli_locked scram-sha-256'; cat "$scratch/hba"; } >"$hba"
sql -d postgres -c 'select pg_reload_conf()' >/dev/null
for _ in {1..50}; do
  PGPASSWORD=wrong psql -X -d postgres -U cli_locked -c 'select 1' >/dev/null 2>&1 || break
  sleep 0.1
done
run 4 status --database "postgresql://cli_locked:hunter2@/postgres?host=$PGHOST&port=$PGPORT"
complains 'password'
nowhere hunter2
cat "$scratch/hba" >"$hba"
sql -d postgres -c 'select pg_reload_conf()' >/dev/null

# No database of that name; no right to create anything.
run 4 status --database 'dbname=cli_nowhere'
complains 'cli_nowhere'
fresh cli_poor
sql -d postgres -c 'create role cli_poor login' -c 'revoke create on database cli_poor from public'
code=0
"$godwit" apply --database "dbname=cli_poor user=cli_poor" >"$out" 2>"$err" || code=$?
called='apply as somebody without rights'
[[ $code -eq 3 ]] || wrong "exit code $code"
complains 'error[GW5005]'
complains 'hint: '
[[ $(sql -d cli_poor -c "select count(*) from pg_namespace where nspname in ('app', 'godwit')") == 0 ]] || wrong 'something is left'

run 3 apply --dry-run --database 'dbname=cli_poor user=cli_poor'
complains '`grant create on database cli_poor to cli_poor`'

# A ledger of somebody else; a schema that lets nobody in; a table of another owner.
run 0 apply --to 20250101000000_people --database dbname=cli_poor
for command in apply rollback finalize status verify; do
  run 3 "$command" --database 'dbname=cli_poor user=cli_poor'
  complains 'error[GW5005]'
  complains 'permission denied for schema godwit'
  complains "connect as \`$PGUSER\`, who owns it"
done
sql -d cli_poor -c 'grant usage on schema godwit to cli_poor' -c 'grant select on godwit.migration to cli_poor'
run 0 status --database 'dbname=cli_poor user=cli_poor'
says 'applied  20250101000000_people'
run 3 apply --database 'dbname=cli_poor user=cli_poor'
complains 'permission denied for table runner'
sql -d cli_poor -c 'grant all on all tables in schema godwit to cli_poor'
run 4 apply --database 'dbname=cli_poor user=cli_poor'
complains 'create table app.notes: permission denied for schema app'
complains '`grant usage, create on schema app to cli_poor`'
sql -d postgres -c 'create role cli_owner'
sql -d cli_poor -c 'grant usage on schema app to cli_poor' -c 'alter table app.people owner to cli_owner' -c 'select godwit.remember()' >/dev/null
mkdir -p alters/specs
cp specs/20250101000000_people.gw alters/specs
printf "migration 'Nicknames' {\n}\n\nalter table app.people {\n    nick text;\n}\n" >alters/specs/20250102000000_nick.gw
run 4 -C alters apply --database 'dbname=cli_poor user=cli_poor'
complains 'error[GW5005]'
complains 'connect as `cli_owner`, who owns it'
[[ $(sql -d cli_poor -c "select count(*) from pg_attribute where attname = 'nick'") == 0 ]] || wrong 'something is left'

# A server that is older than what godwit knows.
for command in apply rollback finalize status verify; do
  called="$command on an old server" code=0
  PGDATABASE=postgres "$GODWIT_FAULT" --version 12.19 -- "$godwit" "$command" >"$out" 2>"$err" </dev/null || code=$?
  [[ $code -eq 3 ]] || wrong "exit code $code"
  complains 'error[GW5003]: the server is PostgreSQL 12.19, godwit needs 13 or newer'
  complains 'hint: upgrade the server'
done

# A database that was changed behind the ledger's back: nothing runs in either direction until that is settled.
fresh cli_drift
run 0 apply --to 20250101000000_people --database dbname=cli_drift
sql -d cli_drift -c 'alter table app.people add surprise text' -c "insert into app.people values (1, 'Ada', 'kept')"
for command in apply rollback 'rollback --dry-run'; do
  # shellcheck disable=SC2086
  run 3 $command --database dbname=cli_drift
  complains "error[GW5012]: the database was changed behind the ledger's back: 1 difference"
  complains '+ column app.people.surprise is only in the database'
  complains 'hint: undo what was done by hand'
done
complains '--allow-drift'
[[ $(sql -d cli_drift -c 'select surprise from app.people') == kept ]] || wrong 'what was written by hand is gone'
run 0 rollback --allow-drift --dry-run --database dbname=cli_drift
complains '+ column app.people.surprise is only in the database'
sql -d cli_drift -c 'alter table app.people drop surprise' -c 'create table app.more (id integer)'
# What the server refuses has another way out than its own CASCADE.
run 4 rollback --allow-drift --database dbname=cli_drift
complains 'table app.more depends on schema app'
nowhere CASCADE
sql -d cli_drift -c 'drop table app.more'
run 0 rollback --database dbname=cli_drift
says 'rolled back 20250101000000_people'
run 3 rollback --database dbname=cli_drift
complains 'nothing is applied to this database, there is nothing to roll back'
run 3 rollback --to 20250101000000_people --database dbname=cli_drift
complains 'migration `20250101000000_people` is rolled back already'
run 3 rollback --to 20250109000000_nobody --database dbname=cli_drift
complains 'error[GW5021]: migration `20250109000000_nobody` was never applied to this database'
complains '`godwit status` shows what is applied'

# A spec that was changed after it was applied.
fresh cli_changed
run 0 apply --database dbname=cli_changed
sed -i 's/body      text   not null/body      text/' specs/20250102000000_notes.gw
run 3 apply --database dbname=cli_changed
complains 'error[GW5009]'
complains '20250102000000_notes'
run 0 status --database dbname=cli_changed
says 'the spec was changed after it was applied'
sed -i 's/body      text$/&/; s/body      text;/body      text   not null;/' specs/20250102000000_notes.gw
# Words and comments may change.
sed -i '1i -- a comment that came later' specs/20250102000000_notes.gw
run 0 apply --database dbname=cli_changed
says 'nothing to do'

# A window that has closed.
sql -d cli_changed -c "update godwit.migration set window_until = now() - interval '1 hour'"
run 3 rollback --database dbname=cli_changed
complains 'error[GW5020]'
complains '--late'
run 0 rollback --late --database dbname=cli_changed
says 'rolled back 20250102000000_notes'

# A migration older than an applied one.
run 0 apply --database dbname=cli_changed
cat >specs/20250101500000_between.gw <<'GW'
migration 'Between' {
}

table app.tags {
    id bigint primary key;
}
GW
run 3 apply --database dbname=cli_changed
complains 'error[GW5008]'
complains '20250101500000_between'
complains '--allow-out-of-order'
run 0 apply --database dbname=cli_changed --allow-out-of-order
says 'applied 20250101500000_between'
rm specs/20250101500000_between.gw

# Two runners at once: one works, the other refuses or finds nothing left to do; never twice, never half.
fresh cli_two
cat >specs/20250103000000_slow.gw <<'GW'
migration 'Slow' {
    lock timeout 60s;
}

sql 'wait for 4242' {
    up   $$ select pg_advisory_xact_lock(4242); $$;
    down $$ select 1; $$;
}
GW
waits() { sql -d cli_two -c "select exists (select from pg_locks where locktype = 'advisory' and objid = 4242 and granted = $1)"; }
until_true() {
  for _ in {1..600}; do
    [[ $("$@") == t ]] && return
    sleep 0.05
  done
  wrong "never true: $*"
}
sql -d cli_two -c "set application_name = 'cli_holder'" -c 'select pg_advisory_lock(4242)' -c 'select pg_sleep(600)' >/dev/null 2>&1 &
until_true waits true
"$godwit" apply --database dbname=cli_two >"$scratch/first" 2>&1 &
first=$!
until_true waits false
run 3 apply --database dbname=cli_two
complains 'error[GW5007]'
complains '--wait'
"$godwit" apply --wait --database dbname=cli_two >"$scratch/second" 2>&1 &
second=$!
sql -d cli_two -c "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cli_holder'" >/dev/null
wait "$first" || { cat "$scratch/first"; wrong 'the first runner failed'; }
wait "$second" || { cat "$scratch/second"; wrong 'the runner that waited failed'; }
holds "$scratch/second" 'nothing to do'

# A private server needs a folder; so does the comparison with a baseline for a user who may not create a database.
TMPDIR=/nowhere run 4 apply --database ephemeral
complains 'error[GW5026]'
complains '/nowhere'
sql -d postgres -c "create role cli_plain login" -c "create database cli_plain owner cli_plain"
sql -d cli_plain -c 'set role cli_plain' -c 'create schema app' -c 'create table app.people (id integer)'
mkdir -p adopts/specs
printf "migration 'Given' {\n    baseline;\n}\n\nschema app;\n" >adopts/specs/1_given.gw
TMPDIR=/nowhere run 3 -C adopts apply --database 'dbname=cli_plain user=cli_plain'
complains 'error[GW5014]'
complains 'createdb'
exit "$failures"
