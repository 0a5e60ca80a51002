#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The commands that work on a database, from an empty one to a finalized migration and back.
source "$(dirname "$0")/common.sh"
make_project p
cd p || exit 2
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
fresh() {
  sql -d postgres -c "drop database if exists $1" -c "create database $1"
  export PGDATABASE=$1
}
has_table() { [[ $(sql -c "select to_regclass('$1') is not null") == t ]]; }
people=20250101000000_people notes=20250102000000_notes

fresh cli_life
run 0 status
says 'no migration was ever applied to this database'
says "pending  $people"
run 0 status --format json
json '.has_ledger == false and (.migrations | map(.state)) == ["pending", "pending"]'
run 0 plan --database "dbname=cli_life"
says "$people"
says "$notes"
run 0 check --database "dbname=cli_life"
run 0 apply --dry-run
says 'would apply'
! has_table app.people || wrong 'a dry run changed the database'

run 0 apply --to "$people"
says "applied $people"
has_table app.people && ! has_table app.notes || wrong '`--to` was not heeded'
run 0 apply --events events.jsonl --format json
json '.exit_code == 0 and (.migrations | map(select(.outcome == "applied") | .id)) == ["'"$notes"'"]'
jq -se 'length > 2 and all(.[]; .event != null)' events.jsonl >/dev/null || wrong 'events are not JSON lines'
jq -se 'map(.event) | index("migration_started") and index("migration_done")' events.jsonl >/dev/null || wrong 'events are missing'
has_table app.notes || wrong 'nothing was applied'
run 0 apply
says 'nothing to do'
run 0 apply --events - --format json
tail -n 1 "$out" | jq -e '.command == "apply"' >/dev/null || wrong 'the last line is not the result'
run 0 status
says "applied  $people"
run 0 status --format json
json '(.migrations | length) == 2 and all(.migrations[]; .state == "applied" and .changed == false)'
run 0 status --drift
says 'no drift'
run 0 verify
says ' 0 failed'
run 0 verify --format json
json '(.rows | length) > 0 and all(.rows[]; .passed)'
run 0 plan --database "dbname=cli_life"
says 'nothing is pending'

# The same through a URL, a variable, an environment.
url="postgresql://$PGUSER@/cli_life?host=$PGHOST&port=$PGPORT"
printf '[environments.here]\nurl_variable = "GODWIT_CLI_TEST_URL"\n' >godwit.toml
PGDATABASE=postgres run 0 status --database "$url"
says "applied  $people"
PGDATABASE=postgres DATABASE_URL=$url run 0 status
says "applied  $people"
PGDATABASE=postgres DATABASE_URL=nonsense GODWIT_DATABASE_URL=$url run 0 status
says "applied  $people"
PGDATABASE=postgres GODWIT_CLI_TEST_URL=$url run 0 status --env here
says "applied  $people"

# A change behind the ledger's back.
sql -c 'alter table app.notes add column surprise int'
run 1 status --drift
says 'surprise'
run 1 verify
sql -c 'alter table app.notes drop column surprise'

# Back and forth.
run 0 rollback --dry-run
has_table app.notes || wrong 'a dry run changed the database'
run 0 rollback
says "rolled back $notes"
! has_table app.notes || wrong 'nothing was rolled back'
run 0 apply
has_table app.notes || wrong 'a migration cannot be applied again'
run 0 rollback --to "$people" --format json
json '.migrations[0].id == "'"$notes"'"'
has_table app.people || wrong '`--to` rolled back too much'
run 0 apply -v
complains '[1/'
run 0 finalize "$notes"
says "finalized $notes"
run 3 rollback
complains 'error[GW5022]'
has_table app.notes || wrong 'a finalized migration was rolled back'

# What a migration hid is found by its finalize, wherever a later one has taken the table.
mkdir -p ../renamed/specs
cd ../renamed || exit 2
fresh cli_renamed
cat >specs/1_games.gw <<'GW'
schema app;
table app.games { id integer primary key; title text; score text; }
table app.plays { id integer primary key; note text; }
GW
cat >specs/2_changes.gw <<'GW'
drop column app.games.title, app.plays.note;
change column app.games.score to integer;
GW
cat >specs/3_names.gw <<'GW'
rename table app.games -> plays;
rename table app.plays -> games;
GW
run 0 apply
run 0 rollback
run 0 apply
run 0 finalize 2_changes
[[ $(sql -c "select string_agg(attname, ' ' order by attrelid::regclass::text, attnum) from pg_attribute
              where attrelid in ('app.games'::regclass, 'app.plays'::regclass) and attnum > 0 and not attisdropped") == 'id id score' ]] ||
  wrong 'finalize left hidden columns'
[[ $(sql -c 'select count(*) from godwit.hidden_column') == 0 ]] || wrong 'the ledger still knows hidden columns'
run 0 rollback
run 0 verify
cd ../p || exit 2

# Nothing to roll back, something unknown.
fresh cli_empty
code=0
"$godwit" rollback >"$out" 2>"$err" || code=$?
[[ $code -eq 0 || $code -eq 3 ]] || wrong "exit code $code"
run 2 apply --to 20250101000000_nobody
complains 'error[GW5024]'
complains '20250101000000_nobody'

# What fails leaves nothing and names the place.
fresh cli_fails
run 0 apply
sql -c "insert into app.people values (1, 'Ada'), (2, 'Ada')"
cat >specs/20250103000000_fails.gw <<'GW'
migration 'Fails' {
}

table app.tags {
    id bigint primary key;
}

alter table app.people {
    unique (name);
}
GW
run 4 apply
complains 'error[GW5016]'
complains 'specs/20250103000000_fails.gw:9'
complains '23505'
complains 'Key (name)=(Ada) is duplicated'
complains 'hint: '
! has_table app.tags || wrong 'a failed migration left something'
run 4 apply --format json
json '.exit_code == 4 and .error.code == "GW5016" and .error.migration == "20250103000000_fails" and .error.sqlstate == "23505"'
run 4 apply --format github
says '::error file=specs/20250103000000_fails.gw,line=9::'

# A check that does not pass: `check` finds it, `apply` stops at it.
cat >specs/20250103000000_fails.gw <<'GW'
migration 'Fails' {
}

table app.tags {
    id bigint primary key;
}

check 'nobody is called Ada' before {
    none of app.people where name = 'Ada';
}
GW
run 1 check --database dbname=cli_fails
complains 'error[GW5028]'
complains 'nobody is called Ada'
run 4 apply
complains 'error[GW5028]'
! has_table app.tags || wrong 'a failed migration left something'
rm specs/20250103000000_fails.gw
run 0 apply

# An artifact edited by hand does not run unseen.
fresh cli_edited
run 0 compile
sed -i 's/create table app.notes/create table app.notes /' "migrations/$notes.up.sql"
run 3 apply
complains 'error[GW5010]'
complains "migrations/$notes.up.sql\` differs from what the specs say"
complains '--allow-edited'
! has_table app.people || wrong 'something was applied'
run 0 apply --allow-edited
has_table app.notes || wrong '`--allow-edited` applied nothing'
run 0 compile

# A server for the length of a command.
PGHOST=/nowhere run 0 apply --database ephemeral
says "applied $people"
says 'private server that is gone now'
PGHOST=/nowhere run 0 status --database ephemeral
says "pending  $people"
exit "$failures"
