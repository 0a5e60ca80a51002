#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# verify --full: every row that was moved is there, and what is not is named; in ranges, and on from where a killed run
# was. Rows that were written since are no loss.
source "$(dirname "$0")/common.sh"
sql() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
mkdir -p p/specs && cd p || exit 2
cat >specs/20250101000000_before.gw <<'GW'
schema app;

table app.people {
    id     bigint primary key;
    name   text   not null;
    phone  text;
    mail   text;
}

table app."Big Orders" {
    "order no" integer;
    part       text;
    amount     numeric(10,3);
    primary key ("order no", part);
}

table app.visits {
    id   bigint primary key;
    page text;
}
GW
cat >specs/20250102000000_after.gw <<'GW'
table app.phones {
    people_id bigint        not null;
    number    character(12) not null;
    moved_at  timestamptz   not null;
    primary key (people_id);
}

table app.mails {
    people_id bigint primary key;
    mail      text;
    name      text;
}

table app."Sold: it's" {
    "nr."   bigint;
    part    text;
    "a sum" numeric(10,2);
    primary key ("nr.", part);
}

table app.numbers {
    id     bigint primary key;
    number integer;
}

table app.pages {
    page text;
}

move app.people p -> app.phones {
    where phone is not null;
    set   people_id = p.id, number = phone, moved_at = now();
    batch 20;
}

move app.people -> app.mails {
    where mail is not null;
    set   people_id = id, mail = lower(mail), name = name;
    reverse none;
}

move app.people -> app.numbers {
    set         id = id, number = mail::integer;
    reject up to 90%;
    reverse none;
}

move app."Big Orders" o -> app."Sold: it's" named "big 'one'" {
    set "nr." = o."order no", part = part, "a sum" = amount;
}

move app.visits -> app.pages {
    set page = page;
    reverse none;
}

drop column app.people.phone;
drop table app."Big Orders";
GW
before=20250101000000_before after=20250102000000_after
sql -d postgres -c 'create database kept'
export PGDATABASE=kept
run 3 verify --full
complains 'error[GW5021]'
run 0 apply --to "$before"
run 0 verify --full
says 'there is nothing to compare'
sql -c "insert into app.people select n, 'P' || n, nullif('+' || n % 4, '+0'), nullif('M' || n % 3, 'M0') from generate_series(1, 70) n" \
  -c "update app.people set mail = id where id > 60" \
  -c "insert into app.\"Big Orders\" select n, 'p''s ' || n, n / 7.0 from generate_series(1, 50) n" \
  -c "insert into app.visits select n, 'page ' || n % 5 from generate_series(1, 40) n"
PGOPTIONS='' run 0 apply --dry-run --format json
json '.migrations[0].notices | any(. == "move phones: 53 of 70 rows are to move, 17 stay behind")'
PGOPTIONS='' run 0 apply --format json
json '.migrations[1].notices | any(. == "move phones: 53 of 70 rows are to move, 17 stay behind")'
json '.migrations[1].notices | any(. == "move phones: 53 moved, 0 already there, 17 left behind, 70 in all")'
run 3 verify --full 20250103000000_never
complains 'is not applied to this database'
run 2 verify "$after"
complains 'requires --full'

# All is there, in one range and in many.
run 0 verify --full
says 'PASS  move phones: 53 rows moved, 53 as the source gives them; not compared: moved_at (another value each time)'
says "PASS  move big 'one': 50 rows moved, 50 as the source gives them"
says 'PASS  move mails: 50 rows moved, 50 as the source gives them'
says 'PASS  move numbers: 30 rows moved, 30 as the source gives them'
says 'PASS  move pages: 40 rows moved, 40 as the source gives them'
run 0 verify --full "$after" --strict --range 7 --format json
json '.exit_code == 0 and (.moves | length) == 5 and all(.moves[]; .result == "pass" and .done and .source_sum == .target_sum)'
json '.moves[] | select(.move == "move phones") | .ranges == 11 and .same == 53'
json 'has("rows") | not'
# The artifact says the same to psql.
run 0 compile
psql -Xq -v ON_ERROR_STOP=1 -f "migrations/$after.verify.sql" >"$out" 2>"$err" || wrong 'psql does not run it'
says 'move phones'
says_not 'FAIL'

# What is written since is no loss: of the target, of the source, new rows of both.
sql -c "update app.mails set mail = 'new' where people_id = 4" -c "update app.people set mail = 'late' where id = 5" \
  -c "insert into app.people values (1000, 'New', null, 'fresh')" -c "insert into app.mails values (1001, 'other')" \
  -c "delete from app.people where id = 70" \
  -c "delete from app.mails where people_id = 70"
run 0 verify --full
says 'PASS  move mails: 50 rows moved, 47 as the source gives them, 3 changed since, 1 not moved'
says 'changed since: 4, 5, 70; written to the source since: 1000'
run 1 verify --full --strict
says 'FAIL  move mails: 50 rows moved, 47 as the source gives them, 3 changed since, 1 not moved'

# A row is gone, a row is wrong (and its record says that the move wrote it so), and they are named, ten of a range.
record() { sql -c "select format('godwit_kept.%I', relname) from pg_class where relnamespace = 'godwit_kept'::regnamespace and relname like 'moved\_$1%'"; }
phones=$(record phones) orders=$(record big)
sql -c 'delete from app.phones where people_id in (7, 9)' -c "delete from app.phones where people_id > 30 and people_id < 50"
sql -c "begin; update app.\"Sold: it's\" set \"a sum\" = 3 where \"nr.\" = 11; update $orders set \"source_order no\" = 11 where \"source_order no\" = 11; commit" \
  -c "begin; update app.phones set number = '+0' where people_id = 2; update $phones set source_id = 2 where source_id = 2; commit"
run 1 verify --full --range 15
says 'FAIL  move phones: 53 rows moved, 35 as the source gives them, 1 changed since, 16 missing, 1 different'
says 'up to key 15: missing: 7, 9; different: 2'
says 'behind key 30 up to key 45: missing: 31, 33, 34, 35, 37, 38, 39, 41, 42, 43'
says_not '43, 45'
says "FAIL  move big 'one': 50 rows moved, 49 as the source gives them, 1 different"
says "up to key 15 p's 15: different: 11 p's 11"
run 1 verify --full "$after" --format json
json '.exit_code == 1 and (.moves[] | select(.move == "move phones") | .result == "fail" and .missing == 16 and .different == 1)'
json '.moves[] | select(.move == "move phones") | .source_sum != .target_sum'
sql -c 'create table app.spare as table app.pages' -c "delete from app.pages where ctid = (select min(ctid) from app.pages)"
run 1 verify --full
says 'FAIL  move pages: 40 rows moved, 39 as the source gives them, 1 missing'
sql -c 'drop table app.spare'

# Killed at one query after the other it goes on, and says the same in the end.
"$godwit" verify --full "$after" --range 10 >"$scratch/whole" 2>/dev/null
resumed=0
for at in 9 14 19 24 29 34; do
  rm -f progress.json
  "${GODWIT_FAULT:?names the built program}" --at "$at" --when during --what kill -- \
    "$godwit" verify --full "$after" --range 10 --progress progress.json >"$out" 2>"$err"
  run 1 verify --full "$after" --range 10 --progress progress.json
  ! grep -q 'goes on behind key' "$err" || resumed=$((resumed + 1))
  cmp -s "$out" "$scratch/whole" || { wrong "killed at query $at it says something else"; diff "$out" "$scratch/whole"; }
  [[ ! -e progress.json ]] || wrong 'the file outlives the run that ended'
done
[[ $resumed -gt 2 ]] || wrong "only $resumed runs went on"
echo '{' >progress.json
run 2 verify --full --progress progress.json
complains 'is not a file that `verify --progress` wrote'

# What the migration kept is gone, or has another name: nothing can be compared, and it says so.
sql -c 'alter table app.phones rename to telephones'
run 1 verify --full
says 'NONE  move phones: not compared: what it reads is not as the migration left it: relation "app.phones" does not exist'
sql -c 'alter table app.telephones rename to phones'
run 0 finalize "$after"
run 0 verify --full "$after"
says 'NONE  move phones: not compared: what it recorded is gone: the migration is final'
run 1 verify --full "$after" --strict
exit "$failures"
