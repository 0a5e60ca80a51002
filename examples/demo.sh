#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# demo.sh [GODWIT]: one real migration, there and back, on a private PostgreSQL server that is gone afterwards.
# GODWIT is the built program; without it, the variable GODWIT, then build/release/cli/godwit.
set -euo pipefail
tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
godwit=$(realpath "${1:-${GODWIT:-$tree/build/release/cli/godwit}}")
project=$tree/specs/user-integrations
people=${DEMO_PEOPLE:-1000}
migration=20250916000000_user_integrations

die() {
  echo "demo.sh: $*" >&2
  exit 1
}
[[ -x $godwit ]] || die "there is no program $godwit; \`make demo\` builds it"

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold='' dim='' plain=''; fi
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
godwit() {
  printf '%s$ godwit %s%s\n' "$dim" "$*" "$plain"
  "$godwit" -C "$project" "$@" 2>&1
}
indent() { sed 's/^/    /'; }

# ---- a server of our own: a Unix socket in a temporary folder, no port, never root ---------------------------------------

for bin in "${GODWIT_DEMO_PG_BIN:-}" /usr/lib/postgresql/15/bin /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null || true)"; do
  [[ -n $bin && -x $bin/initdb && -x $bin/postgres ]] && break
done
[[ -x $bin/initdb ]] || die 'there is no PostgreSQL server (Debian package postgresql-15)'

folder=$(mktemp -d /tmp/godwit-demo.XXXXXX)
as=()
if [[ $(id -u) -eq 0 ]]; then
  user=$(id -un postgres 2>/dev/null || id -un nobody)
  as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups --)
  chown "$user" "$folder"
fi
clean_up() {
  cd /
  if [[ -e $folder/data/postmaster.pid ]]; then
    "${as[@]}" "$bin/pg_ctl" stop -D "$folder/data" -m immediate -w >/dev/null 2>&1 || true
  fi
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir "$folder/out"

start_server() {
  cd "$folder"
  "${as[@]}" "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C -N >/dev/null
  "${as[@]}" "$bin/pg_ctl" start -D "$folder/data" -l "$folder/data/server.log" -w \
    -o "-c listen_addresses= -c unix_socket_directories=$folder -c wal_level=logical -c fsync=off -c timezone=UTC" >/dev/null ||
    { cat "$folder/data/server.log" >&2; die 'the server did not start'; }
  unset "${!PG@}" DATABASE_URL GODWIT_DATABASE_URL
  export PGOPTIONS='-c client_min_messages=warning'
  export PGHOST=$folder PGUSER=postgres PGDATABASE=postgres PGTZ=UTC PATH=$bin:$PATH
  "$bin/createdb" mail
  export PGDATABASE=mail
}

sql() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }
table() { sql -P footer=off -c "$1" | sed '$d' | indent; }

# The columns of dev.users that an application sees, three lines at most.
columns() {
  sql -At -c "select string_agg(attname, ' ' order by attnum) from pg_attribute
               where attrelid = 'dev.users'::regclass and attnum > 0 and not attisdropped and attname !~ '^_gw'" |
    fold -s -w 110 | sed '2,$s/^/              /'
}

# Everything that a dump says about the schema, without what godwit keeps for itself.
dump() {
  pg_dump --schema-only --exclude-schema=godwit --exclude-schema=godwit_kept |
    grep -v -e '^--' -e '^$' -e '^\\restrict ' -e '^\\unrestrict '
}

# Every table with the number and a hash of its rows; people on whom the demonstration writes are left out.
rows() {
  sql -At -F ' ' <<'SQL'
select format('select %L, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) from %s t%s', c.oid::regclass, c.oid::regclass,
              case when c.oid = 'dev.users'::regclass then $$ where id not in ('u2', 'late-1')$$ end)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname in ('dev', 'ops') and c.relkind = 'r' order by 1 \gexec
SQL
}

# How many steps a script has.
steps() { grep -m1 -E '^-- \[+1/' "$1" | sed -E 's,^[^/]*/([0-9]+).*,\1,'; }

# step FILE PATTERN LINES: the first step of a script whose header matches, cut after some lines.
step() {
  awk -v pattern="$2" -v most="$3" '
    /^-- \[+[0-9]/ { if (on) exit; on = $0 ~ pattern }
    on && ++n <= most { print }
    on && n > most { print "…"; exit }' "$1" | indent
}

# ---- the demonstration ----------------------------------------------------------------------------------------------------

say '1. What somebody wrote: the credentials of four services leave the table of people'
sed -n '/^move /,/^}/p' "$project/specs/$migration.gw" | head -12 | indent
sed -n '/^drop column/,/;/p' "$project/specs/$migration.gw" | indent

say '2. What godwit makes of it: SQL to review, to run with psql alone, and to go back'
godwit compile --output "$folder/out" | sed '/^wrote /d'
(cd "$folder/out" && wc -l -- *) | sed '$d' | indent
up=$folder/out/$migration.up.sql down=$folder/out/$migration.down.sql
printf '\n  %s steps lead there, %s lead back. Some of them:\n' "$(steps "$up")" "$(steps "$down")"
printf '\n  %s.up.sql\n' "$migration"
step "$up" '[]] create table dev.user_integrations' 8
step "$up" '[]] move signal' 44
printf '\n  %s.down.sql\n' "$migration"
step "$down" 'undo: move signal' 30

say "3. A database as it is in production: $people people, the old shape, rows with the flaws that real rows have"
start_server
sql -f "$project/fixture/before.sql"
sql -v n="$people" -f "$project/fixture/data.sql"
dump >"$folder/schema.before"
rows >"$folder/rows.before"
columns_before=$(columns)
table "select id, email, left(access_token, 14) || '…' as access_token, left(access_token_2, 14) || '…' as access_token_2, telegram_id
         from dev.users where id in ('u1', 'u2', 'u5', 'u6') order by id"

say '4. Apply: the starting schema is recognised, the migration runs in one transaction'
godwit apply
godwit status

say '5. What changed'
printf '    columns of dev.users\n      before: %s\n      now:    %s\n\n' "$columns_before" "$(columns)"
table 'select service_id, count(*) as integrations from dev.user_integrations group by 1 order by 1'
table "select user_id, service_id, external_user_id, left(access_token, 14) || '…' as access_token
         from dev.user_integrations where user_id in ('u1', 'u2', 'u5', 'u6') order by 1, 2"

say '6. Life goes on: a token is refreshed, somebody new signs up and connects two services'
sql -c "select from dev.update_integration_tokens('u2', 'gmail', 'refreshed-after-the-migration', null)" >/dev/null
sql -c "insert into dev.users (id, email, name) values ('late-1', 'late-1@example.org', 'Late One')" \
  -c "select from dev.link_gmail('late-1', 'late-1@example.org', 'late-token', 'late-refresh')" \
  -c "select from dev.link_telegram('late-1', '999000111', 'late-sign-up')" >/dev/null
table "select user_id, service_id, access_token from dev.user_integrations where user_id in ('u2', 'late-1') order by 1, 2"

say '7. Roll back'
godwit rollback

say '8. The old shape is back, and what was written in between is in it'
table "select id, email, access_token, telegram_id from dev.users where id in ('u2', 'late-1') order by id"
dump >"$folder/schema.after"
diff -u "$folder/schema.before" "$folder/schema.after" || die 'the schema differs from before'
printf '    schema dump: %s lines, identical to before\n' "$(wc -l <"$folder/schema.after")"
rows >"$folder/rows.after"
diff -u "$folder/rows.before" "$folder/rows.after" || die 'rows that nobody touched differ from before'
printf '    rows of %s tables that nobody wrote to meanwhile: identical to before\n' "$(wc -l <"$folder/rows.after")"
[[ $(sql -At -c "select access_token from dev.users where id = 'u2'") == refreshed-after-the-migration ]] || die 'a late write was lost'
[[ $(sql -At -c "select telegram_id from dev.users where id = 'late-1'") == 999000111 ]] || die 'a late row was lost'
printf '    writes made after the migration: kept\n'
say 'Nothing is lost.'
