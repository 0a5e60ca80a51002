#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --maintenance and --drain as one types them, and a kill -9 in between: nobody is held off by a run that is gone.
source "$(dirname "$0")/common.sh"
mkdir -p p/specs
cd p || exit 2
cat >specs/1_before.gw <<'GW'
schema app;
table app.a { id integer primary key; n integer; }
GW
cat >specs/2_after.gw <<'GW'
backfill app.a { set n = id; batch 500; }
GW
run 2 apply --within 3s
complains '`--within` is about the sessions that `--drain` waits for'
complains '`--drain ROLE`'
run 2 apply --terminate
complains '`--terminate` is about'
run 2 apply --drain x --within soon
complains '`--within` must be a duration'
run 2 rollback --maintenance
complains 'has no flag `--maintenance`'

sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
createdb cli_maintenance
export PGDATABASE=cli_maintenance
run 0 apply --to 1_before
sql -c 'insert into app.a select generate_series(1, 3000)'
run 2 apply --drain nobody_here
complains 'error[GW5031]: there is no role `nobody_here`'

# A session that does not end.
mkfifo commands
PGAPPNAME='a long report' psql -Xq <commands >/dev/null 2>&1 &
exec {report}>commands
echo 'begin; select count(*) from app.a;' >&"$report"
idle="select count(*) = 1 from pg_stat_activity where application_name = 'a long report' and state = 'idle in transaction'"
until [[ $(sql -c "$idle") == t ]]; do sleep 0.05; done
run 3 apply --maintenance --drain "$PGUSER" --within 200ms
complains 'error[GW5031]: a transaction of role `postgres` did not end within 0.2 s'
complains 'a long report'
complains '`--terminate`'
[[ $(sql -c "select count(*) from godwit.migration") == 1 ]] || wrong 'something was begun'

# Then it is ended, and the run holds off writers for as long as it lives.
"$godwit" apply --maintenance --drain "$PGUSER" --within 200ms --terminate --throttle-query "select 'for ever'" \
  --events killed.jsonl >"$out" 2>"$err" </dev/null &
runner=$!
until grep -q throttled killed.jsonl 2>/dev/null; do
  kill -0 "$runner" || { wrong 'the run ended'; break; }
  sleep 0.05
done
jq -se 'map(select(.event == "warning") | .message | test("ended process .*a long report")) == [true]' killed.jsonl >/dev/null ||
  wrong 'nobody is told of the session that was ended'
exec {report}>&-
writes() { sql -c 'begin' -c 'update app.a set n = n where id = 1' -c 'rollback' 2>&1; }
said=$(writes)
[[ $said == *'table app.a takes no writes: godwit is applying migrations'* ]] || wrong "a writer was let in: $said"
[[ $(sql -c 'select count(*) from app.a') == 3000 ]] || wrong 'a reader was held off'
kill -9 "$runner"
wait "$runner" 2>/dev/null
for _ in {1..100}; do
  said=$(writes)
  [[ -n $said ]] || break
  sleep 0.05
done
[[ -z $said ]] || wrong "a run that is gone holds off writers: $said"
[[ $(sql -c "select count(*) from pg_trigger where tgname = '_gw_maintenance'") == 1 ]] || wrong 'this was not what a killed run leaves'
run 0 apply
run 0 status --drift
[[ $(sql -c 'select count(*) from app.a where n = id') == 3000 ]] || wrong 'rows are missing'
[[ $(sql -c "select to_regnamespace('godwit_kept_maintenance') is null") == t ]] || wrong 'something of the maintenance is left'
exit "$failures"
