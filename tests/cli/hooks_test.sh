#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Hooks: what runs at which event, what it is given, and that none of them does a migration any harm.
source "$(dirname "$0")/common.sh"
make_project p
cd p || exit 2
people=20250101000000_people notes=20250102000000_notes
createdb cli_hooks
export PGDATABASE=cli_hooks

# Names and commands that cannot be right are told before anything happens.
run 2 apply --on migration_dnoe true
complains 'there is no event `migration_dnoe`'
complains 'did you mean `migration_done`'
run 2 apply --on never true
complains 'the events are connected, '
grep -oE '[a-z_]+(, |$)' < <(sed -n 's/.*the events are \(.*\), and .*/\1/p' "$err") | tr -d ', ' >names
[[ $(wc -l <names) -gt 15 ]] || wrong 'the events are not all listed'
while read -r name; do
  grep -q "^| .*\`$name\`.* |" "$source_dir/docs/events.md" || wrong "docs/events.md does not tell of $name"
done <names
run 2 apply --on migration_done
run 2 status --on migration_done true
complains 'has no flag `--on`'
refused() {  # TEXT OF godwit.toml, MESSAGE
  printf '%s\n' "$1" >godwit.toml
  run 2 apply
  complains "$2"
}
refused $'[hooks]\nmigration_dnoe = "true"' 'godwit.toml:2: there is no event `migration_dnoe`'
complains 'did you mean `migration_done`'
refused $'[hooks]\nbatch = 3' 'the hook of `batch` must be a shell command in quotes, or a list of them'
refused $'[hooks]\nbatch = ["true", 3]' 'the hook of `batch` must be a shell command'
refused $'[hooks]\ntime_limit = "long"' '`time_limit` must be a duration'
refused 'hooks = "x"' '`hooks` must be a table'
rm godwit.toml
[[ $(psql -AtXc "select to_regnamespace('godwit') is null") == t ]] || wrong 'something was applied'

# Each hook has its event on stdin; stdout stays the result's.
printf '[hooks]\nmigration_done = ["cat >>done.jsonl", "echo from a hook"]\n' >godwit.toml
run 0 apply --to "$people" --on '*' 'cat >>all.jsonl' --on migration_started 'jq -r .event >>started' --events events.jsonl --format json
json '.exit_code == 0'
complains 'from a hook'
jq -se 'length == 1 and .[0].event == "migration_done" and .[0].migration == "'$people'" and .[0].message == "applied"' \
  done.jsonl >/dev/null || wrong 'the hook of godwit.toml was not given its event'
jq -se 'all(.[]; .at | test("^20[0-9-]+T[0-9:.]+Z$"))' done.jsonl >/dev/null || wrong 'an event has no time'
cmp -s all.jsonl events.jsonl || wrong 'hooks and --events are told different things'
[[ $(cat started) == migration_started ]] || wrong 'the second hook did not run'

# A hook that fails, cannot be found, is killed, or hangs: a warning each, and the migration is applied.
printf '[hooks]\ntime_limit = "300ms"\n' >godwit.toml
# shellcheck disable=SC2016  # the hook's own shell is meant
run 0 apply --on migration_done 'exit 3' --on migration_done 'no-such-program postgresql://me:hunter2@db/app' --on migration_done 'kill -9 $$' \
  --on step_done 'sleep 60'
complains 'warning: the hook of migration_done (`exit 3`) failed with exit code 3'
complains 'warning: the hook of migration_done (`no-such-program postgresql://me:***@db/app`) failed with exit code 127'
complains 'was ended by signal 9'
complains 'warning: the hook of step_done (`sleep 60`) did not end within 0.3 s: it was killed, and is not run any more'
[[ $(grep -c 'did not end' "$err") -eq 1 ]] || wrong 'a hook that hung was called again'
says "applied $notes"
rm godwit.toml

# The way back and the end have hooks, too.
run 0 rollback --on migration_done 'jq -r .message >rolled_back'
[[ $(cat rolled_back) == 'rolled back' ]] || wrong 'rollback did not call its hook'
run 0 finalize --on migration_done 'jq -r .message >finalized' "$people"
[[ $(cat finalized) == finalized ]] || wrong 'finalize did not call its hook'

# A migration that fails says so to its hooks and to who listens, here without the server's words.
cat >specs/20250103000000_bad.gw <<'GW'
migration 'Bad' {
}

sql 'no' {
    up $$ do 'begin raise exception ''s3cret''; end' $$;
    down $$ select 1 $$;
}
GW
listen() {  # FILE: what is heard, when hang_up was called
  mkfifo commands
  PGAPPNAME=listener psql -AtXq <commands >"$1" 2>&1 &
  exec {listener}>commands
  echo 'listen godwit;' >&"$listener"
  until [[ $(psql -AtXc "select count(*) from pg_stat_activity where application_name = 'listener' and query ~ 'listen'") == 1 ]]; do
    sleep 0.05
  done
}
hang_up() {
  echo 'select 1;' >&"$listener"
  exec {listener}>&-
  wait
  rm commands
}
listen heard
run 4 apply --on migration_failed 'cat >failed'
jq -e '.event == "migration_failed" and .code == "GW5016" and (.message | test("s3cret")) and .migration == "20250103000000_bad"' \
  failed >/dev/null || wrong 'the hook was not told of the failure'
hang_up
heard=$(cat heard)
payload=$(sed -n 's/.*payload "\(.*\)" received.*/\1/p' heard | head -n 1)
jq -e '.event == "migration_done" and .migration == "'$notes'" and .message == "applied" and .at != null and
  .tables == ["app.notes"]' <<<"$payload" >/dev/null || wrong "no notification of what was applied: $heard"
[[ $heard == *'"event":"migration_failed"'*'"migration":"20250103000000_bad","code":"GW5016"}'* ]] ||
  wrong "no notification of the failure: $heard"
# As many tables as go into a payload, with names that need escapes, and more than that: all are meant then.
rm specs/20250103000000_bad.gw
for count in 230 900; do
  for ((n = 1; n <= count; ++n)); do echo "table app.\"T$count.$n\" { id integer; }"; done >"specs/2025010400${count}0_many.gw"
done
listen many
run 0 apply
hang_up
[[ $(grep -o '"tables" : \[[^]]*\]' many | grep -o 'T230' | wc -l) -eq 230 ]] || wrong "the payload does not name its tables"
[[ $(grep -c '"message" : "applied"}' many) -eq 1 ]] || wrong "there is no payload without tables: $(head -c 500 many)"
[[ $heard != *s3cret* ]] || wrong "the notification says too much: $heard"
exit "$failures"
