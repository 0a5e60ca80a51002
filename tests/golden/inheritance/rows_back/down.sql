-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:e7dcea62bc9c2dae74939164cdc9ca8209528fde2e8b10b7a5440325ab98bb30
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:ad055d6003c2b0804b5bcb99c426072b643fe14b28617cf8160fbaefa4aab9c3

-- [1/13] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/13] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/13] lock what will change, in one fixed order
lock table app.cities in access exclusive mode;
lock table app.places in access exclusive mode;

-- [4/13] a place for what has none in the old shape
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

-- [5/13] undo: allow null in app.places.name (20250102000000_after.gw:1)
--   locks app.cities (access exclusive), app.places (access exclusive); scan
-- note null in app.places.name
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore column app.places.name', 'app.places',
       jsonb_build_object('id', places.id), to_jsonb(places),
       'refused by column app.places.name'
  from app.places
 where places.name is null;
-- remove null in app.places.name
delete from app.places
 where places.name is null;
-- forbid null in app.cities.name
alter table app.cities alter column name set not null;
-- forbid null in app.places.name
alter table app.places alter column name set not null;

-- [6/13] undo: add column app.places.more (20250102000000_after.gw:1)
--   locks app.cities (access exclusive), app.places (access exclusive); scan
-- note the values written to app.places.more since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop column app.places.more', 'app.places',
       jsonb_build_object('ctid', leaving.ctid::text), to_jsonb(leaving),
       'written since to column more'
  from app.places as leaving
 where leaving.more is distinct from null;
-- drop column app.places.more
alter table app.places drop column more;
-- drop column app.cities.more
alter table app.cities drop column more;

-- [7/13] undo: drop check constraint places_size_check on app.places (20250102000000_after.gw:1)
--   locks app.cities (access exclusive), app.places (access exclusive); scan
-- note what constraint places_size_check of app.places refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore check constraint places_size_check on app.places', 'app.places',
       jsonb_build_object('id', places.id), to_jsonb(places),
       'refused by check constraint places_size_check on app.places'
  from app.places
 where not (size > 0);
-- remove what constraint places_size_check of app.places refuses
delete from app.places
 where not (size > 0);
-- add check constraint places_size_check on app.cities
alter table app.cities
    add constraint places_size_check check (size > 0);
-- add check constraint places_size_check on app.places
alter table app.places
    add constraint places_size_check check (size > 0);

-- [8/13] undo: drop unique constraint places_name_key on app.places (20250102000000_after.gw:1)
--   locks app.places (access exclusive); scan
-- note what places_name_key of app.places refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore unique constraint places_name_key on app.places', 'app.places',
       jsonb_build_object('id', places.id), to_jsonb(places),
       'refused by unique constraint places_name_key on app.places'
  from only app.places
 where exists (select from only app.places as earlier
                where earlier.name = places.name and (earlier.id) < (places.id));
-- remove what places_name_key of app.places refuses
delete from only app.places
 where exists (select from only app.places as earlier
                where earlier.name = places.name and (earlier.id) < (places.id));
-- add unique constraint places_name_key on app.places
alter table app.places
    add constraint places_name_key unique (name);

-- [9/13] undo: drop primary key places_pkey on app.places (20250102000000_after.gw:1)
--   locks app.places (access exclusive); scan
-- note what primary key places_pkey of app.places refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore primary key places_pkey on app.places', 'app.places',
       jsonb_build_object('id', places.id), to_jsonb(places),
       'refused by primary key places_pkey on app.places'
  from only app.places
 where places.id is null
   or exists (select from only app.places as earlier
                where earlier.id = places.id and earlier.ctid < places.ctid);
-- remove what primary key places_pkey of app.places refuses
delete from only app.places
 where places.id is null
   or exists (select from only app.places as earlier
                where earlier.id = places.id and earlier.ctid < places.ctid);
-- add primary key places_pkey on app.places
alter table app.places
    add constraint places_pkey primary key (id);

-- [10/13] leave nothing empty behind
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

-- [11/13] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [12/13] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.cities', 'app.places']::text[])::text);

-- [13/13] commit
commit;
