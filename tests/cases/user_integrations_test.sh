#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# user_integrations_test.sh [phased-]round|late|psql|finalize|large|killed: one part of the case, on the server that PG*
# names; `phased-`: with its moves in batches. ROWS: of large and killed, instead of their own number.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
project=$source_dir/specs/user-integrations
fixture=$project/fixture
migration=20250916000000_user_integrations
baseline=20250901000000_baseline

create() {  # create DB N [DIRTY]: a database that has the starting schema and its rows
  createdb -T template0 -E UTF8 "$1"
  file "$1" "$fixture/before.sql"
  file "$1" "$fixture/data.sql" -v n="$2" -v dirty="${3:-0}"
}

no_reserved_names() {
  local left
  left=$(sql -d "$1" -c "select attrelid::regclass || '.' || attname from pg_attribute where attname like '\_gw\_%' and not attisdropped
                         union all select nspname from pg_namespace where nspname = 'godwit_kept'")
  [[ -z $left ]] || fail "reserved names are left: $left"
}

part=${1#phased-}
if [[ $1 == phased-* ]]; then
  cp -r "$project" phased
  project=$scratch/phased
  rm -rf "$project/migrations"
  sed -i "s/^    requires postgres >= 15;/    transaction phased;\n&/" "$project/specs/$migration.gw"
  grep -q 'transaction phased' "$project/specs/$migration.gw" || fail 'the spec has no header to change'
fi

case $part in
round | large)
  n=1000
  [[ $part == round ]] || n=${ROWS:-100000}
  create there "$n"
  snapshot there before
  gw apply --database "$(url there)"
  grep -q "adopted $baseline" out || fail 'the baseline was not adopted'
  file there "$fixture/accept.sql"
  gw verify --full --database "$(url there)"
  gw apply --database "$(url there)"
  gw rollback --database "$(url there)"
  snapshot there after
  same before after 'the rollback left something else than was there before'
  no_reserved_names there
  ;;
late)
  create late 1000
  gw apply --database "$(url late)"
  file late "$fixture/late_writes.sql"
  gw rollback --dry-run --database "$(url late)"
  grep -q residue out || fail 'the dry run does not list the residue'
  [[ $(sql -d late -c "select count(*) from godwit.migration where id = '$migration' and state = 'applied'") == 1 ]] || fail 'the dry run changed the ledger'
  gw rollback --database "$(url late)"
  file late "$fixture/accept_late.sql"
  gw apply --database "$(url late)"
  # A go/no-go check stops the migration before anything changed.
  create dirty 1000 2
  cp -r "$project" strict
  sed -i "/unfinished Gmail flows/s/before warn/before fail/" strict/specs/$migration.gw
  grep -q 'before fail' strict/specs/$migration.gw || fail 'the spec has no threshold to make strict'
  project=$scratch/strict
  rm -rf strict/migrations
  snapshot dirty before
  refused 4 'unfinished' apply --database "$(url dirty)"
  snapshot dirty after
  same before after 'a failed check left something behind'
  ;;
psql)
  # The same specs through the runtime and through psql alone: the same database, the same ledger.
  gw compile --output "$scratch/sql"
  for way in runtime psql; do
    createdb -T template0 -E UTF8 "$way"
    file "$way" <(sed -n '1,/^end \$\$;/p' "$fixture/before.sql")   # the roles
    for step in up again down; do
      if [[ $way == psql ]]; then
        case $step in
        up) file psql sql/$baseline.up.sql; file psql "$fixture/data.sql" -v n=200; file psql sql/$migration.up.sql ;;
        again) ! psql -X -q -v ON_ERROR_STOP=1 -d psql -f sql/$migration.up.sql >/dev/null 2>err || fail 'psql ran an applied migration again' ;;
        down) file psql sql/$migration.down.sql ;;
        esac
      else
        case $step in
        up) gw apply --to $baseline --database "$(url runtime)"; file runtime "$fixture/data.sql" -v n=200; gw apply --database "$(url runtime)" ;;
        again) gw apply --database "$(url runtime)" ;;
        down) gw rollback --database "$(url runtime)" ;;
        esac
      fi
      snapshot "$way" snapshot
      # Rows that carry the time at which they were made are counted only.
      sed -E 's/^(dev.services|dev.user_integrations)\|([0-9]+)\|.*/\1|\2/' snapshot >"$way.$step.database"
      ledger "$way" >"$way.$step.ledger"
    done
  done
  for step in up again down; do
    same runtime.$step.database psql.$step.database "after $step psql left another database than the runtime"
    same runtime.$step.ledger psql.$step.ledger "after $step psql left another ledger than the runtime"
  done
  ;;
finalize)
  create final 1000
  gw apply --database "$(url final)"
  gw finalize $migration --database "$(url final)"
  no_reserved_names final
  file final "$fixture/accept.sql"
  refused 3 finalized rollback --database "$(url final)"
  # Leftovers of an earlier attempt are drift, named before anything runs.
  create leftover 100
  sql -d leftover -c 'create table dev.users_old (id text)'
  refused 3 users_old apply --database "$(url leftover)"
  create missing 100
  sql -d missing -c 'drop table ops.access_log'
  refused 3 access_log apply --database "$(url missing)"
  ;;
killed)
  # Killed again and again while people are served, whose tokens change and change back; no user trigger sees that.
  n=${ROWS:-30000}
  create killed "$n"
  cat >writes.sql <<'SQL'
\set id random(1000, :n)
begin;
set local session_replication_role = replica;
update dev.users set access_token = access_token || 'x' where user_no = :id;
update dev.users set access_token = left(access_token, -1) where user_no = :id;
commit;
SQL
  pgbench -n -D "n=$n" -f writes.sql -c 2 -T 3600 killed >writer 2>&1 &
  writer=$!
  kill_at_random() {
    local code attempt
    for attempt in 1 2 3 4 5 6; do
      code=0
      timeout -s KILL "$(awk -v n="$n" -v r=$((RANDOM % 6 + 3)) 'BEGIN { print r * n / 300000 }')" "$godwit" -C "$project" "$@" --wait --database "$(url killed)" >out 2>err || code=$?
      [[ $code -ne 0 ]] || return 0
      [[ $code -eq 137 ]] || { cat out err >&2; fail "$1 ended with $code before it was killed"; }
    done
  }
  kill_at_random apply
  # A writer that failed by itself would have proven nothing.
  kill -0 $writer || { cat writer >&2; fail 'the writer ended before it was told to'; }
  kill $writer
  wait $writer 2>/dev/null || true
  gw apply --wait --database "$(url killed)"
  file killed "$fixture/accept.sql"
  file killed "$fixture/late_writes.sql"
  # Down to the baseline, also when one of these had its end.
  kill_at_random rollback --to "$baseline"
  gw rollback --to "$baseline" --wait --database "$(url killed)"
  file killed "$fixture/accept_late.sql"
  ;;
*) fail "there is no part $1" ;;
esac
