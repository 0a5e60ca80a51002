-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:67a145666bd8c314a244bdc6fb66a7cf4d7d4109c02b915b6d27bb4957f290b5
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:00f72d5c994374e7db0696adaabe263f1dfa0fbabfca56b35b3402e10deae4fb

-- [1/15] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/15] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250102000000_after';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250102000000_after' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250102000000_after closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/15] lock what will change, in one fixed order
lock table app.people in access exclusive mode;

-- [4/15] a place for what has none in the old shape
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
  if to_regclass('godwit_kept.residue') is null then
    create table godwit_kept.residue (
      migration text not null, step text not null, table_name text not null, key jsonb,
      row_data jsonb not null, reason text not null, noted_at timestamptz not null default now()
    );
    alter table godwit_kept.residue replica identity full;  -- a publication for all tables takes it in
  end if;
end
$godwit$;

-- [5/15] undo: drop enum app.size (20250102000000_after.gw:3)
-- create enum app.size
create type app.size as enum ('s', 'm');

-- [6/15] undo: archive and drop "Size", token, double of app.people (20250102000000_after.gw:2)
--   locks app.people (access exclusive); rewrite
-- add column app.people."Size"
alter table app.people add column "Size" app.size;
-- add column app.people.token
alter table app.people add column token text default 'none';
-- add column app.people.double
alter table app.people add column double integer generated always as (id * 2) stored;
-- give "Size", token of app.people back what they held
update app.people as target
   set "Size" = kept."Size"::app.size,
       token = kept.token
  from godwit_kept.archive_people_34b69b1c as kept
 where kept.id = target.id;
-- note values whose row is not there any more
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore "Size", token of app.people', 'app.people',
       jsonb_build_object('id', kept.id), to_jsonb(kept),
       'its row is gone, or has another key now'
  from godwit_kept.archive_people_34b69b1c as kept
 where not exists (select from app.people as target where kept.id = target.id);
-- note null in app.people."Size"
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore column app.people."Size"', 'app.people',
       jsonb_build_object('id', people.id), to_jsonb(people),
       'refused by column app.people."Size"'
  from app.people
 where people."Size" is null;
-- remove null in app.people."Size"
delete from app.people
 where people."Size" is null;
-- forbid null in app.people."Size"
alter table app.people alter column "Size" set not null;
-- drop godwit_kept.archive_people_34b69b1c
drop table godwit_kept.archive_people_34b69b1c;

-- [7/15] undo: revoke from reporting on table app.people (20250102000000_after.gw:1)
-- grant to reporting on table app.people
grant select (token) on table app.people to reporting;

-- [8/15] undo: add column app.people.age (20250102000000_after.gw:1)
--   locks app.people (access exclusive); scan
-- note the values written to app.people.age since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop column app.people.age', 'app.people',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column age'
  from app.people as leaving
 where leaving.age is distinct from null;
-- drop column app.people.age
alter table app.people drop column age;

-- [9/15] undo: drop comment on column app.people."Size" (20250102000000_after.gw:1)
--   locks app.people (share update exclusive); instant
-- comment on column app.people."Size"
comment on column app.people."Size" is 'Of shirts';

-- [10/15] undo: drop check constraint "people_Size_check" on app.people (20250102000000_after.gw:2)
--   locks app.people (access exclusive); scan
-- note what constraint "people_Size_check" of app.people refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore check constraint "people_Size_check" on app.people', 'app.people',
       jsonb_build_object('id', people.id), to_jsonb(people),
       'refused by check constraint "people_Size_check" on app.people'
  from app.people
 where not ("Size" <> 'm');
-- remove what constraint "people_Size_check" of app.people refuses
delete from app.people
 where not ("Size" <> 'm');
-- add check constraint "people_Size_check" on app.people
alter table app.people
    add constraint "people_Size_check" check ("Size" <> 'm');

-- [11/15] undo: drop unique constraint people_token_key on app.people (20250102000000_after.gw:2)
--   locks app.people (access exclusive); scan
-- note what people_token_key of app.people refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore unique constraint people_token_key on app.people', 'app.people',
       jsonb_build_object('id', people.id), to_jsonb(people),
       'refused by unique constraint people_token_key on app.people'
  from app.people
 where exists (select from app.people as earlier
                where earlier.token = people.token and (earlier.id) < (people.id));
-- remove what people_token_key of app.people refuses
delete from app.people
 where exists (select from app.people as earlier
                where earlier.token = people.token and (earlier.id) < (people.id));
-- add unique constraint people_token_key on app.people
alter table app.people
    add constraint people_token_key unique (token);

-- [12/15] leave nothing empty behind
do $godwit$
declare something boolean;
begin
  if to_regclass('godwit_kept.residue') is not null then
    select exists (select from godwit_kept.residue) into something;
    if not something then
      drop table godwit_kept.residue;
    end if;
  end if;
  if to_regnamespace('godwit_kept') is not null and not exists (
    select from pg_depend
    where refclassid = 'pg_namespace'::regclass and refobjid = to_regnamespace('godwit_kept')
      and deptype = 'n' and classid <> 'pg_default_acl'::regclass) then
    drop schema godwit_kept;
  end if;
end
$godwit$;

-- [13/15] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [14/15] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.people']::text[])::text);

-- [15/15] commit
commit;
