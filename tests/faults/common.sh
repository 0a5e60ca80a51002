# SPDX-License-Identifier: Apache-2.0
# What the tests that break things share. GODWIT_FAULT is the program that stands between godwit and the server.
# shellcheck shell=bash
source "$(dirname "${BASH_SOURCE[0]}")/../cli/common.sh"
fault=$(realpath "${GODWIT_FAULT:?names the built program}")
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
fresh() { sql -d postgres -c "drop database if exists $1 with (force)" -c "create database $1 template $2"; }

dump() { pg_dump "$@" --restrict-key=godwit 2>/dev/null || pg_dump "$@"; }

# All that stands in the database, but for times, epochs and who did it.
state() {
  dump "$1" -N godwit
  sql -d "$1" -c "select to_regnamespace('godwit')"
  if [[ $(sql -d "$1" -c "select to_regclass('godwit.migration') is not null") == t ]]; then
    sql -d "$1" -c 'select id, sequence, state, checksum, md5(down_sql) from godwit.migration order by id' \
      -c 'select what, migration, detail from godwit.event order by id' \
      -c "select md5(string_agg(o::text, ' ' order by o::text)) from godwit.object o"
  fi
}

# A server process whose client is gone ends by itself; until then nobody can tell what it leaves.
until_alone() {
  for _ in {1..400}; do
    [[ $(sql -d postgres -c "select count(*) from pg_stat_activity where datname = 'broken'") != 0 ]] || return
    sleep 0.05
  done
  wrong 'server processes of the broken run are still there'
}

# ---- ways to break a run, beside those that `fault` has itself ----------------------------------------------------------

# From here on the server's disk is full whenever a file says so.
on_small_disk() {
  local folder
  folder=$(dirname "$GODWIT_TEST_PGDATA")
  disk_full=$folder/disk-is-full
  install -m 0755 "${GODWIT_FULL_DISK_LIBRARY:?names the built library}" "$folder/full_disk.so"
  pg_ctl="$GODWIT_TEST_PG_AS env LD_PRELOAD=$folder/full_disk.so GODWIT_FULL_DISK=$disk_full $GODWIT_TEST_PG_BIN/pg_ctl -D $GODWIT_TEST_PGDATA -l $GODWIT_TEST_PGDATA/server.log -w"
  (cd / && $pg_ctl -m fast restart >/dev/null 2>&1) || wrong 'the server did not start anew'
  # Locks that others hold: as many as nobody has are taken, in one order; whoever wants them waits. Then, to make a circle,
  # those that somebody has.
  cat >"$scratch/hold.sql" <<'SQL'
set deadlock_timeout = '1min';
set lock_timeout = '3s';
do $$
declare
  v_table text;
  v_wanted text[] := '{}';
begin
  for v_table in
    select c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and (n.nspname in ('app', 'godwit_kept') or (n.nspname, c.relname) in (('godwit', 'checkpoint'), ('godwit', 'migration')))
     order by 1
  loop
    begin
      execute format('lock table %s in access exclusive mode nowait', v_table);
    exception when others then
      v_wanted := v_wanted || v_table;
    end;
  end loop;
  foreach v_table in array case when current_setting('godwit_test.circle') = 'on' then v_wanted else '{}' end loop
    begin
      execute format('lock table %s in access exclusive mode', v_table);
    exception when others then
      exit;
    end;
  end loop;
  perform pg_sleep(current_setting('godwit_test.seconds')::numeric);
end $$;
SQL
}

hold() { echo "PGOPTIONS='-c client_min_messages=error -c godwit_test.circle=$1 -c godwit_test.seconds=$2' psql -Xqd broken -f $scratch/hold.sql >/dev/null 2>&1 & sleep 0.15"; }

# how_to_break WHAT: sets `how`, what `fault` is told; `expected`, the codes with which the run may end; `options`, more
# PGOPTIONS of the run. The first four are the program's end, lost connections, and a run of another kind.
how_to_break() {
  how=(--what "$1") expected='0 4 5' options=''
  case $1 in
    kill) expected=137 ;;
    cut) ;;
    full) how=(--what run --run "touch $disk_full") ;;
    lock_timeout) how=(--what run --run "$(hold off 0.8)") options='-c lock_timeout=300ms' ;;
    statement_timeout) how=(--what run --run "$(hold off 0.8)") options='-c statement_timeout=200ms' ;;
    deadlock) how=(--what run --run "$(hold on 0)") options='-c deadlock_timeout=100ms' ;;
    *) return 1 ;;
  esac
}

# What the server said of it, counted: a way that breaks nothing would prove nothing.
no_room=0 no_lock=0 no_time=0 circles=0
count_refusals() {
  ! grep -q 'No space left on device' "$err" || no_room=$((no_room + 1))
  ! grep -q 'lock timeout' "$err" || no_lock=$((no_lock + 1))
  ! grep -q 'statement timeout' "$err" || no_time=$((no_time + 1))
  ! grep -q 'deadlock detected' "$err" || circles=$((circles + 1))
}
tell_refusals() {
  echo "of these: disk full $no_room, lock timeout $no_lock, statement timeout $no_time, deadlock $circles"
  [[ $no_room -gt 0 && $no_lock -gt 0 && $no_time -gt 0 && $circles -gt 0 ||
    ($sweep != all && $((no_room + no_lock + no_time + circles)) -gt 1) ]] || wrong 'a way to break it breaks nothing'
}
