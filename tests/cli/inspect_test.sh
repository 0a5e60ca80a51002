#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# godwit inspect: where it writes, what it lists, and databases that cannot be written down whole.
source "$(dirname "$0")/common.sh"
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
fresh() {
  sql -d postgres -c "drop database if exists $1 with (force)" -c "create database $1"
  export PGDATABASE=$1
}
mkdir -p p/specs
cd p || exit 2
baseline=specs/00000000000000_baseline.gw

fresh cli_inspect
sql -c 'create schema app' -c 'create table app.people (id integer primary key, name text not null)' \
  -c "create index on app.people (name)" -c "create function app.one() returns integer language sql as 'select 1'"
run 0 inspect
silent
says 'baseline;'
says 'table app.people {'
says 'id   integer primary key;'
says 'index on (name);'
says 'function app.one() returns integer language sql as $$select 1$$;'
run 0 inspect --output "$baseline"
says "wrote $baseline"
run 2 inspect --output "$baseline"
complains "\`$baseline\` exists"
complains '--force'
run 0 inspect --output "$baseline" --force
run 0 inspect --output specs --force
run 0 fmt --check
run 0 check
run 0 apply
says 'adopted 00000000000000_baseline'
run 0 verify
run 0 inspect --format json
json '.not_carried == [] and .as_sql == [] and .server_version >= 130000 and (.spec | contains("table app.people"))'

run 2 inspect --split table --output specs
complains '`--split` takes schema or area, not `table`'
run 2 inspect --split area --output one.gw
complains '`--split area` writes several files'
run 2 inspect --split schema
complains 'a folder'
run 4 inspect --database 'host=/nowhere dbname=x'
run 2 inspect --forse
complains '--force'

# What a spec has no form for is SQL, in the file and listed.
sql -c 'create text search parser app.own (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)' \
  -c 'create text search configuration app.plain (parser = app.own)' -c "create table app.words (
  word text, found tsvector generated always as (to_tsvector('app.plain', word)) stored)"
run 0 inspect
says 'text search parser app.own'
says 'create text search configuration app.plain'
says '-- Carried as SQL'
complains 'carried as SQL: text search parser app.own: a text search'
complains 'carried as SQL: table app.words: it needs what is carried as SQL'
run 0 inspect --format json
json '[.as_sql[] | .kind] | sort == ["table", "text search configuration", "text search parser"]'

# An index whose building failed cannot be made again as it is.
fresh cli_inspect_invalid
sql -c 'create table t (a integer)' -c 'insert into t values (1), (1)'
sql -c 'create unique index concurrently broken on t (a)' 2>/dev/null && wrong 'the index is valid'
run 1 inspect --output "$baseline" --force
complains 'not carried: index public.broken: it is invalid'
holds "$baseline" '--   index public.broken: it is invalid'
run 3 apply
complains 'index public.broken is only in the database'

# A view that the server itself cannot spell out does not hide the others.
fresh cli_inspect_view
sql -c 'create function f() returns integer language sql as $$ select 1 $$' -c 'create view whole as select 1 as one' \
  -c 'create view broken as select f() as one' -c 'set allow_system_table_mods = on' \
  -c "delete from pg_depend where refobjid = 'f()'::regprocedure" -c 'drop function f()'
run 1 inspect
says 'view public.whole as'
complains 'not carried: view public.broken: cache lookup failed'
nowhere 'view public.broken as'

# A role that may read only part of the catalog.
fresh cli_inspect_role
sql -c 'create table t (a integer primary key)' -c 'create policy p on t' -c 'drop role if exists cli_reader' -c 'create role cli_reader login' \
  -c 'revoke select on pg_policy from public'
run 1 inspect --database "dbname=$PGDATABASE user=cli_reader"
complains 'not carried: all policies: permission denied for table pg_policy'
says 'a integer primary key;'
says 'owner to postgres;'
sql -c 'grant select on pg_policy to public'

# Objects of an extension are the extension's; a password is never written down.
fresh cli_inspect_extension
sql -c 'create schema ext' -c 'create extension citext schema ext' -c 'create extension postgres_fdw' \
  -c 'create table t (c ext.citext)' -c "create server far foreign data wrapper postgres_fdw options (host 'far')" \
  -c "create user mapping for postgres server far options (user 'u', password 'sesame')"
run 1 inspect
says 'extension citext schema ext;'
says 'c ext.citext;'
says 'server far foreign data wrapper postgres_fdw'
says_not 'citext_eq'
complains 'not carried: user mapping for postgres server far: its options may hold a password'
nowhere sesame

# Columns that godwit keeps for a rollback are not the database's own.
fresh cli_inspect_kept
sql -c 'create table t (a integer, _gw_b_1 text)'
run 1 inspect
complains 'not carried: column public.t._gw_b_1'
says_not '_gw_b_1 text'

# One spec a schema: adopted together, and built in their order on an empty database.
fresh cli_inspect_split
sql -c 'create schema zoo' -c 'create schema app' -c 'create extension hstore schema zoo' \
  -c "create type zoo.kind as enum ('a')" -c 'create table zoo.animals (id integer primary key, kind zoo.kind, tags zoo.hstore)' \
  -c 'create table app.owners (id integer primary key references zoo.animals)' -c 'create text search parser app.own (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)' \
  -c 'create publication feed for table app.owners, zoo.animals'
mkdir split
run 0 inspect --split schema --output split/specs
says 'wrote split/specs/00000000000001_baseline_zoo.gw'
says 'wrote split/specs/00000000000002_baseline_app.gw'
says 'wrote split/specs/00000000000003_baseline_database.gw'
holds split/specs/00000000000001_baseline_zoo.gw 'extension hstore schema zoo;'
holds split/specs/00000000000002_baseline_app.gw "sql '1 text search parser app.own'"
holds split/specs/00000000000003_baseline_database.gw 'publication feed for table app.owners, zoo.animals;'
run 0 -C split apply
says 'adopted 00000000000001_baseline_zoo'
says 'adopted 00000000000003_baseline_database'
fresh cli_inspect_split_copy
run 0 -C split apply
says 'applied 00000000000003_baseline_database'
fresh cli_inspect_ring
sql -c 'create schema a' -c 'create schema b' -c 'create table a.x (id integer primary key, y integer)' \
  -c 'create table b.y (id integer primary key references a.x)' -c 'alter table a.x add foreign key (y) references b.y'
run 0 inspect --split schema --output ring
complains 'one spec is written: the schemas a, b need each other'
says 'wrote ring/00000000000000_baseline.gw'

# One spec an area: the tables that refer to each other, with what only they use; what they share comes first.
fresh cli_inspect_areas
sql -f "$(dirname "$0")/../db/inspect/areas.sql"
mkdir areas
run 0 inspect --split area --output areas/specs
for spec in 01_baseline_app 02_baseline_app_notes 03_baseline_app_orders 04_baseline_app_people 05_baseline_app_ring_a \
  06_baseline_app_rest 07_baseline_zoo 08_baseline_zoo_animals 09_baseline_database; do
  says "wrote areas/specs/000000000000$spec.gw"
done
[[ $(ls areas/specs | wc -l) -eq 9 ]] || wrong "other specs: $(ls areas/specs)"
exit "$failures"
