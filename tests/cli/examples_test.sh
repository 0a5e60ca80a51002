#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What README.md and examples/ show is what godwit does. Needs a server.
source "$(dirname "$0")/common.sh"
quickstart=$source_dir/examples/quickstart
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }

run 0 -C "$quickstart" fmt --check
run 0 -C "$quickstart" compile --check

# The README's spec and SQL stand in the quickstart project, line by line.
while IFS= read -r line; do
  [[ -z $line || $line == '…' ]] || grep -rqF -- "$line" "$quickstart/specs" "$quickstart/migrations" ||
    { called='README.md' wrong "nothing in examples/quickstart holds the README's line: $line"; }
done < <(sed -n '/^```\(sql\)\?$/,/^```$/p' "$source_dir/README.md" | grep -v '^```' | sed '/^make /d; /^godwit /d; /▶/d; /─/d')

# The README of the quickstart, step by step.
sql -d postgres -c 'drop database if exists cli_quickstart' -c 'create database cli_quickstart'
export PGDATABASE=cli_quickstart
run 0 -C "$quickstart" apply --to 20250101000000_people
sql -c "insert into app.people (name, phone) values ('Ada', '+44 20 0000 0000'), ('Alan', null)"
pg_dump -N godwit -N godwit_kept --schema-only | grep -v '^\\' >"$scratch/before"
run 0 -C "$quickstart" apply
[[ $(sql -c 'select * from app.phones') == '1|+44 20 0000 0000' ]] || wrong 'the number did not move'
[[ $(sql -c 'select full_name from app.people order by id' | paste -sd,) == 'Ada,Alan' ]] || wrong 'the column was not renamed'
sql -c "insert into app.people (full_name) values ('Grace')"
run 0 -C "$quickstart" rollback
[[ $(sql -c "select name || ' ' || coalesce(phone, '-') from app.people order by id" | paste -sd,) == 'Ada +44 20 0000 0000,Alan -,Grace -' ]] ||
  wrong 'the rollback lost something'
pg_dump -N godwit -N godwit_kept --schema-only | grep -v '^\\' | diff "$scratch/before" - || wrong 'the schema differs from before'

# The demonstration, on a small number of people.
if ! DEMO_PEOPLE=200 NO_COLOR=1 "$source_dir/examples/demo.sh" "$godwit" >"$out" 2>"$err"; then
  called='(examples/demo.sh)' wrong 'the demonstration failed'
fi
says 'identical to before'
says 'Nothing is lost.'
exit "$failures"
