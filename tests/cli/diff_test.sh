#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# godwit diff: what it takes for a side, what it drafts, and what it leaves to a person.
source "$(dirname "$0")/common.sh"
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
mkdir -p p/specs other
cd p || exit 2
cat >specs/1_people.gw <<'GW'
schema app;
enum app.mood ('sad', 'ok', 'happy');
table app.people {
    id    bigint generated always as identity primary key;
    name  text not null;
    email text unique;
    mood  app.mood;
    index on (name);
    comment 'Everybody we know';
}
table app.letters { id serial primary key; sender bigint references app.people; words text default ''; }
table app.old { id integer primary key; a text; }
view app.names as select id, name from app.people;
GW

run 0 diff specs specs
says 'the specs and the specs do not differ'

cat >to.sql <<'SQL'
\restrict token
create schema app;
create type app.mood as enum ('sad', 'glad', 'happy');
create table app.people (id bigint generated always as identity primary key, full_name text, email text, mood app.mood,
                         "Is active" boolean not null default true);
create index on app.people ("Is active");
comment on column app.people."Is active" is 'still here';
create table app.letters (id serial primary key, sender bigint references app.people on delete cascade, words text);
create table app.newer (id integer primary key, a text);
COPY app.newer (id, a) FROM stdin;
1	it's no SQL; \\ at all
\.
create view app.names as select id, full_name from app.people;
grant select, insert (email) on app.people to somebody_unknown;
create rule keep as on delete to app.letters do instead nothing;
create text search parser app.words (start = pg_catalog.prsd_start, gettoken = pg_catalog.prsd_nexttoken, end = pg_catalog.prsd_end, lextypes = pg_catalog.prsd_lextype);
\unrestrict token
SQL
run 1 diff specs to.sql
says '-- What makes the specs into to.sql'
says "drop value app.mood 'ok';"
says 'drop column app.people.name;'
says '--   rename column app.people.name -> full_name;'
says "\"Is active\" boolean not null default true comment 'still here';"
says 'drop index app.people_name_idx;'
says 'drop constraint people_email_key on app.people;'
says "comment on table app.people '';"
says 'grant insert (email), select on table app.people to somebody_unknown;'
says '--   rename table app.old -> newer;'
says 'drop table app.old;'
says 'rule keep as on delete to app.letters do instead nothing;'
says "sql '01 text search parser app.words'"
complains 'was the column app.people.name renamed to full_name?'
complains 'was the table app.old renamed to newer?'

# A draft is a spec: with it, nothing differs any more.
run 1 diff specs to.sql --output specs/2_draft.gw
says 'wrote specs/2_draft.gw'
run 2 diff specs to.sql --output specs/2_draft.gw
complains '`specs/2_draft.gw` exists'
run 0 fmt --check specs/2_draft.gw
run 0 check
run 1 diff specs to.sql
says 'the columns of table app.people stand in another order'
says_not 'drop '
rm specs/2_draft.gw

# A decision that is left is told by the compiler.
sed -i 's/full_name text,/full_name text not null,/' to.sql
run 1 diff specs to.sql
complains 'GW2016'
complains 'the draft does not compile before that is decided'
echo 'alter view app.names owner to somebody_unknown;' >>to.sql
run 1 diff specs to.sql
says 'owner of view app.names to somebody_unknown;'
complains 'GW2013'
run 1 diff --format json specs to.sql
json '.differs and (.questions | length) == 2 and (.by_hand | length) == 1 and (.spec | contains("drop table app.old"))'

# Two databases, the project's own, and a folder of specs.
psql -Xq -d postgres -c 'drop database if exists cli_diff with (force)' -c 'create database cli_diff'
run 0 apply --database dbname=cli_diff
run 0 diff --database dbname=cli_diff
sql -d cli_diff -c 'alter table app.people add nickname text' -c 'drop view app.names'
run 1 diff --database dbname=cli_diff
says 'nickname text;'
says 'drop view app.names;'
run 1 diff database specs --database dbname=cli_diff
says 'drop column app.people.nickname;'
says 'view app.names as'
cp specs/1_people.gw ../other
run 0 diff specs ../other
run 1 diff ../other dbname=cli_diff
says '-- What makes the specs in ../other into database cli_diff'

# What cannot be read.
run 2 diff specs nothing
complains '`nothing` is nothing that can be compared'
run 2 diff specs nothing.sql
run 2 diff specs to.sql database specs
printf 'create table t (a integer);\n\\connect other\n' >psql.sql
run 2 diff specs psql.sql
complains 'psql.sql:2: `\connect other` is a command of psql'
printf 'create table t (a integer);\n\ncreate table t (b integer);\n' >twice.sql
run 4 diff specs twice.sql
complains 'relation "t" already exists'
complains 'twice.sql:3'
run 4 diff specs 'host=/nowhere dbname=x password=very-secret'
nowhere 'very-secret'
echo 'table app.people {' >specs/3_broken.gw
run 1 diff specs to.sql
complains 'the specs do not compile'
exit "$failures"
