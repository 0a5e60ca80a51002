-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:aef989c58ebcef333a2a69f59648f0c051f3d7a70f4e74d1c934d5affd2d3323
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:d3c20b3b839c4a20b39891c271353747b23259354286c8aaac5074a4b7aecb3d

-- [1/21] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/21] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/21] lock what will change, in one fixed order
lock table app.capitals in access exclusive mode;
lock table app.cities in access exclusive mode;
lock table app.places in access exclusive mode;

-- [4/21] a place for what has none in the old shape
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

-- [5/21] undo: create view app.named (20250101000000_before.gw:11)
--   locks app.named (access exclusive); instant
-- drop view app.named
drop view app.named;

-- [6/21] undo: hide column app.places.gone (20250102000000_after.gw:9)
--   locks app.capitals (access exclusive), app.cities (access exclusive), app.places (access exclusive); instant
-- bring back column app.places.gone
alter table app.places rename column _gw_keep_gone to gone;

-- [7/21] undo: create index app.cities_added_idx (20250102000000_after.gw:10)
--   locks app.cities (access exclusive); instant
-- drop index app.cities_added_idx
drop index app.cities_added_idx;

-- [8/21] undo: add check constraint places_checked_check on app.places (20250102000000_after.gw:5)
--   locks app.capitals (access exclusive), app.cities (access exclusive), app.places (access exclusive); instant
-- drop check constraint places_checked_check on app.places
alter table app.places drop constraint places_checked_check;
-- drop check constraint places_checked_check on app.cities
alter table app.cities drop constraint places_checked_check;
-- drop check constraint places_checked_check on app.capitals
alter table app.capitals drop constraint places_checked_check;

-- [9/21] undo: add check constraint places_added_check on app.places (20250102000000_after.gw:6)
--   locks app.capitals (access exclusive), app.cities (access exclusive), app.places (access exclusive); instant
-- drop check constraint places_added_check on app.places
alter table app.places drop constraint places_added_check;
-- drop check constraint places_added_check on app.cities
alter table app.cities drop constraint places_added_check;
-- drop check constraint places_added_check on app.capitals
alter table app.capitals drop constraint places_added_check;

-- [10/21] undo: change type of app.places.name (20250102000000_after.gw:3)
--   locks app.capitals (access exclusive), app.cities (access exclusive), app.places (access exclusive); rewrite
-- allow null in app.places.name
alter table app.places alter column name drop not null;
-- allow null in app.cities.name
alter table app.cities alter column name drop not null;
-- allow null in app.capitals.name
alter table app.capitals alter column name drop not null;
-- note rows whose name does not fit character varying(20)
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore type of column app.places.name', 'app.places',
       jsonb_build_object('id', places.id), to_jsonb(places),
       'does not fit character varying(20)'
  from app.places
 where char_length(places.name) > 20;
-- leave app.places.name empty in rows whose name does not fit character varying(20)
update app.places
   set name = null
 where char_length(places.name) > 20;
-- change type of app.places.name
alter table app.places alter column name type character varying(20);

-- [11/21] undo: add column app.places.of_it (20250102000000_after.gw:7)
--   locks app.capitals (access exclusive), app.cities (access exclusive), app.places (access exclusive); instant
-- drop column app.places.of_it
alter table app.places drop column of_it;
-- drop column app.cities.of_it
alter table app.cities drop column of_it;
-- drop column app.capitals.of_it
alter table app.capitals drop column of_it;

-- [12/21] undo: set default of app.places.size (20250102000000_after.gw:4)
--   locks app.capitals (access exclusive), app.cities (access exclusive), app.places (access exclusive); instant
-- set default of app.places.size
alter table app.places alter column size set default 1;
-- set default of app.capitals.size
alter table app.capitals alter column size set default 5;

-- [13/21] undo: add column app.places.added (20250102000000_after.gw:6)
--   locks app.capitals (access exclusive), app.cities (access exclusive), app.places (access exclusive); scan
-- note the values written to app.places.added since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop column app.places.added', 'app.places',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column added'
  from app.places as leaving
 where leaving.added is distinct from 'new';
-- drop column app.places.added
alter table app.places drop column added;
-- drop column app.cities.added
alter table app.cities drop column added;
-- drop column app.capitals.added
alter table app.capitals drop column added;

-- [14/21] undo: drop index app.cities_gone_idx (20250102000000_after.gw:1)
--   locks app.cities (share); scan
-- create index app.cities_gone_idx
create index cities_gone_idx on app.cities (gone);

-- [15/21] undo: drop view app.named (20250101000000_before.gw:11)
--   locks app.cities (access share); instant
-- create view app.named
create view app.named as
select name from app.cities;

-- [16/21] undo: drop check constraint places_checked_check on app.places (20250102000000_after.gw:5)
--   locks app.capitals (access exclusive), app.cities (access exclusive), app.places (access exclusive); scan
-- note what constraint places_checked_check of app.places refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore check constraint places_checked_check on app.places', 'app.places',
       jsonb_build_object('id', places.id), to_jsonb(places),
       'refused by check constraint places_checked_check on app.places'
  from app.places
 where not (checked > 0);
-- remove what constraint places_checked_check of app.places refuses
delete from app.places
 where not (checked > 0);
-- add check constraint places_checked_check on app.capitals
alter table app.capitals
    add constraint places_checked_check check (checked > 0);
-- add check constraint places_checked_check on app.cities
alter table app.cities
    add constraint places_checked_check check (checked > 0);
-- add check constraint places_checked_check on app.places
alter table app.places
    add constraint places_checked_check check (checked > 0);

-- [17/21] undo: let new rows leave app.places.gone empty (20250102000000_after.gw:9)
--   locks app.capitals (access exclusive), app.cities (access exclusive), app.places (access exclusive); scan
-- note null in app.places.gone
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore column app.places.gone', 'app.places',
       jsonb_build_object('id', places.id), to_jsonb(places),
       'refused by column app.places.gone'
  from app.places
 where places.gone is null;
-- remove null in app.places.gone
delete from app.places
 where places.gone is null;
-- forbid null in app.places.gone
alter table app.places alter column gone set not null;

-- [18/21] leave nothing empty behind
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

-- [19/21] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [20/21] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.capitals', 'app.cities', 'app.places']::text[])::text);

-- [21/21] commit
commit;
