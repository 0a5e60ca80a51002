#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Batches that wait for a standby and for the archive, by settings and flags, as the owner and as a user who may see less.
source "$(dirname "$0")/common.sh"
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
until_true() {  # SECONDS, QUERY
  local end=$((SECONDS + $1))
  until [[ $(sql -c "$2") == t ]]; do
    [[ $SECONDS -lt $end ]] || { wrong "not true in time: $2"; return 1; }
    sleep 0.1
  done
}
# shellcheck disable=SC2086  # a prefix of several words
as_server() { (cd / && ${GODWIT_TEST_PG_AS:-env} "$@"); }

# Settings that make no sense.
mkdir -p p/specs
cd p || exit 2
refused() {  # TEXT OF godwit.toml, MESSAGE
  printf '%s\n' "$1" >godwit.toml
  run 2 apply
  complains "$2"
  rm godwit.toml
}
refused $'[throttle]\nreplication_lags = "1s"' 'did you mean `replication_lag`'
refused $'[throttle]\nreplication_lag = 3' '`replication_lag` must be a duration'
refused $'[throttle]\nreplication_bytes = "64 MB"' '`replication_bytes` must be a size in quotes'
refused $'[throttle]\narchive_files = "many"' '`archive_files` must be a number'
refused $'[batches]\nvacuum_every = -1' '`vacuum_every` must be a number, 0 or more'
refused 'throttle = 1' '`throttle` must be a table: `[throttle]`'
run 2 apply --replication-lag soon
complains '`--replication-lag` must be a duration'
run 2 apply --archive-files some
complains '`--archive-files` must be a number from 0 to 999999'

cat >specs/1_before.gw <<'GW'
schema app;
table app.a { id integer primary key; n integer; }
GW
cat >specs/2_after.gw <<'GW'
backfill app.a { set n = id; batch 500; }
GW
fresh() {
  sql -d postgres -c 'drop database if exists cli_throttle' -c 'create database cli_throttle'
  export PGDATABASE=cli_throttle
  run 0 apply --to 1_before
  sql -c 'insert into app.a select generate_series(1, 3000)'
}
waited() {  # EVENTS: it waited, and went on
  jq -se 'map(select(.event == "throttled" or .event == "unthrottled") | .event) == ["throttled", "unthrottled"]' "$1" \
    >/dev/null || wrong "$1: it did not wait once and go on"
}

# The archive: archive_command fails until somebody repairs it.
fresh
sql -c "alter system set archive_command = 'false'" -c 'select pg_reload_conf()' >/dev/null
for _ in 1 2 3; do sql -c 'select pg_logical_emit_message(true, $$x$$, $$y$$), pg_switch_wal()' >/dev/null; done
until_true 10 "select count(*) > 1 from pg_ls_archive_statusdir() where name like '%.ready'"
run 5 apply --archive-files 1 --for 2s
complains 'WAL files wait to be archived (limit: 1)'
[[ $(sql -c 'select rows_read from godwit.checkpoint') == 0 ]] || wrong 'a batch ran although the archive was behind'
printf '[throttle]\narchive_files = 1\n' >godwit.toml
run 0 apply --events archive.jsonl --on throttled \
  "psql -Xqc \"alter system set archive_command = 'true'\" -c 'select pg_reload_conf()' >/dev/null; sleep 1; psql -Xqc 'select pg_switch_wal()'"
waited archive.jsonl
rm godwit.toml
[[ $(sql -c 'select count(*) from app.a where n = id') == 3000 ]] || wrong 'rows are missing'

# A standby that replays nothing for a while.
standby=$(dirname "$GODWIT_TEST_PGDATA")/standby
as_server pg_basebackup -h "$PGHOST" -p "$PGPORT" -U "$PGUSER" -D "$standby" -R -c fast -X stream >"$scratch/standby.log" 2>&1
cat >"$scratch/standby.conf" <<CONF
port = 5499
listen_addresses = ''
unix_socket_directories = '$PGHOST'
max_prepared_transactions = 10
fsync = off
primary_conninfo = 'host=$PGHOST port=$PGPORT user=$PGUSER application_name=shadow'
recovery_min_apply_delay = '1h'
wal_receiver_status_interval = '1s'
CONF
as_server tee -a "$standby/postgresql.auto.conf" <"$scratch/standby.conf" >/dev/null
as_server pg_ctl -D "$standby" -l "$standby/log" -w start >>"$scratch/standby.log" 2>&1 || wrong "$(cat "$scratch/standby.log" "$standby/log")"
until_true 20 "select count(*) = 1 from pg_stat_replication where application_name = 'shadow' and state = 'streaming'"
cat >"$scratch/replays" <<'SH'
psql -X -q -p 5499 -d postgres -c "alter system set recovery_min_apply_delay = '$1'" -c 'select pg_reload_conf()' >/dev/null
SH
fresh
printf '[throttle]\nreplication_bytes = "1kB"\n' >godwit.toml
run 5 apply --for 2s
complains 'shadow is '
complains ' bytes behind (limit: 1024)'
printf '[throttle]\nreplication_lag = "1h"\n' >godwit.toml
[[ $(sql -c 'select rows_read from godwit.checkpoint') == 0 ]] || wrong 'a batch ran although the standby was behind'
# Who may not see how far standbys are is told so, once, and goes on.
sql -c "do 'begin create role blind superuser login; exception when duplicate_object then null; end'" -c 'alter role blind nosuperuser' \
  -c 'grant all on database cli_throttle to blind' -c 'alter schema app owner to blind' -c 'alter table app.a owner to blind' \
  -c "do \$\$ declare t record; begin
        for t in select oid::regclass as name from pg_class where relnamespace::regnamespace::text in ('godwit', 'godwit_kept') and relkind = 'r' loop
          execute format('alter table %s owner to blind', t.name);
        end loop;
        for t in select oid::regprocedure as name from pg_proc where pronamespace::regnamespace::text in ('godwit', 'godwit_kept') loop
          execute format('alter function %s owner to blind', t.name);
        end loop;
        alter schema godwit owner to blind; alter schema godwit_kept owner to blind;
      end \$\$" -c 'select godwit.remember()' >/dev/null
PGUSER=blind run 0 apply --replication-lag 1ms --events blind.jsonl
jq -se 'map(select(.event == "warning")) | length == 1 and (.[0].message | test("grant pg_monitor"))' blind.jsonl >/dev/null ||
  wrong 'there is no warning, or more than one'
[[ $(sql -c 'select count(*) from app.a where n = id') == 3000 ]] || wrong 'rows are missing'
sh "$scratch/replays" 0
until_true 20 'select replay_lsn = pg_current_wal_lsn() from pg_stat_replication'
sh "$scratch/replays" 1h
fresh
rm godwit.toml
until_true 20 'select replay_lag > $$1s$$ from pg_stat_replication'
run 0 apply --replication-lag 1s --events lag.jsonl --on throttled "sh $scratch/replays 0"
complains 's behind (limit: 1 s)'
waited lag.jsonl
as_server pg_ctl -D "$standby" -m immediate stop >/dev/null
exit "$failures"
