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
