# SPDX-License-Identifier: Apache-2.0
# What the tests of the cases share: databases, snapshots that show any difference, and the ledger without its clocks.
# shellcheck shell=bash
set -euo pipefail
godwit=$(realpath "${GODWIT:?names the built program}")
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/godwit-case.XXXXXX")
trap 'cd /; rm -rf "$scratch"' EXIT
cd "$scratch"
export PGOPTIONS='-c client_min_messages=warning' PGTZ=UTC

fail() {
  echo "FAIL: $*" >&2
  exit 1
}

sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
file() { sql -d "$1" -f "$2" "${@:3}" >/dev/null; }
url() { echo "host=$PGHOST port=$PGPORT user=$PGUSER dbname=$1"; }
gw() { "$godwit" -C "$project" "$@" >"$scratch/out" 2>"$scratch/err" || { cat "$scratch/out" "$scratch/err" >&2; fail "godwit $*"; }; }
# refused CODE WORDS ARGUMENT…: godwit ends with CODE and says WORDS.
refused() {
  local code=0
  "$godwit" -C "$project" "${@:3}" >"$scratch/out" 2>"$scratch/err" || code=$?
  [[ $code -eq $1 ]] || { cat "$scratch/out" "$scratch/err" >&2; fail "godwit ${*:3}: exit code $code, expected $1"; }
  grep -qF -- "$2" "$scratch/out" "$scratch/err" || { cat "$scratch/out" "$scratch/err" >&2; fail "it does not say: $2"; }
}

# The schema as pg_dump prints it, owners, and each table's content as (rows, sum of hashes).
snapshot() {
  {
    pg_dump -d "$1" --schema-only --no-owner -N godwit -N godwit_kept | grep -v -e '^--' -e '^$' -e '^\\restrict ' -e '^\\unrestrict '
    sql -d "$1" <<'SQL'
select 'owner', c.oid::regclass::text, pg_get_userbyid(c.relowner) from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname !~ '^(pg_|information_schema$|godwit)' and c.relkind in ('r', 'p', 'v', 'm', 'S')
union all
select 'owner', p.oid::regprocedure::text, pg_get_userbyid(p.proowner) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
 where n.nspname !~ '^(pg_|information_schema$|godwit)'
 order by 1, 2;
select format('select %L, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from only %s t', c.oid::regclass, c.oid::regclass)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where (c.relkind = 'r' or c.relkind = 'm' and c.relispopulated) and n.nspname !~ '^(pg_|information_schema$|godwit)'
 order by c.oid::regclass::text collate "C" \gexec
SQL
  } >"$2"
}

same() { diff -u "$1" "$2" >"$scratch/diff" || { head -60 "$scratch/diff" >&2; fail "$3"; }; }

# All that the ledger says but for clocks, processes and who ran it.
ledger() {
  sql -d "$1" <<'SQL'
select id, sequence, title, checksum, state, baseline, rollback_class, steps, window_until - applied_at, finalized_at is null,
       rolled_back_at is null, md5(coalesce(down_sql, '')), md5(coalesce(finalize_sql, '')), md5(coalesce(verify_sql, ''))
  from godwit.migration order by sequence, id;
select migration, what from godwit.event order by at, migration;
select schema_name, kind, name, definition from godwit.object order by 1, 2, 3;
SQL
}
