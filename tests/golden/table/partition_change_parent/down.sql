-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:f0d587a8ce4a04f6abd15733a534774f912c14ba3cb48e40f5cccc0634195a81
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:2ed439f94ef383659960444100e8584fb3f8153a1af03f37068371db57bc3a11

-- [1/21] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

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
lock table app.events in access exclusive mode;
lock table app.notes in access exclusive mode;
lock table app.people in access exclusive mode;

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

-- [5/21] undo: create policy all_of_them on app.events (20250102000000_after.gw:13)
--   locks app.events (access exclusive); instant
-- drop policy all_of_them on app.events
drop policy all_of_them on app.events;

-- [6/21] undo: create trigger touch on app.events (20250102000000_after.gw:11)
--   locks app.events (access exclusive); instant
-- drop trigger touch on app.events
drop trigger touch on app.events;

-- [7/21] undo: hide column app.events.gone (20250102000000_after.gw:2)
--   locks app.events (access exclusive); instant
-- bring back column app.events.gone
alter table app.events rename column _gw_keep_gone to gone;

-- [8/21] undo: create index app.events_more_at_idx (20250102000000_after.gw:10)
--   locks app.events (access exclusive); instant
-- drop index app.events_more_at_idx
drop index app.events_more_at_idx;

-- [9/21] undo: add foreign key events_person_fkey on app.events (20250102000000_after.gw:7)
--   locks app.events (access exclusive), app.people (access exclusive); instant
-- drop foreign key events_person_fkey on app.events
alter table app.events drop constraint events_person_fkey;

-- [10/21] undo: add check constraint events_small_check on app.events (20250102000000_after.gw:8)
--   locks app.events (access exclusive); instant
-- drop check constraint events_small_check on app.events
alter table app.events drop constraint events_small_check;

-- [11/21] undo: add unique constraint events_name_at_key on app.events (20250102000000_after.gw:9)
--   locks app.events (access exclusive); instant
-- drop unique constraint events_name_at_key on app.events
alter table app.events drop constraint events_name_at_key;

-- [12/21] undo: create function app.touched() (20250102000000_after.gw:3)
-- drop function app.touched()
drop function app.touched();

-- [13/21] undo: change type of app.events.small (20250102000000_after.gw:5)
--   locks app.events (access exclusive); rewrite
-- note rows whose small does not fit integer
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore type of column app.events.small', 'app.events',
       jsonb_build_object('id', events.id, 'at', events.at), to_jsonb(events),
       'does not fit integer'
  from app.events
 where events.small not between -2147483648 and 2147483647;
-- leave app.events.small empty in rows whose small does not fit integer
update app.events
   set small = null
 where events.small not between -2147483648 and 2147483647;
-- change type of app.events.small
alter table app.events alter column small type integer;

-- [14/21] undo: add column app.events.more (20250102000000_after.gw:6)
--   locks app.events (access exclusive); scan
-- note the values written to app.events.more since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop column app.events.more', 'app.events',
       jsonb_build_object('id', leaving.id, 'at', leaving.at), to_jsonb(leaving),
       'written since to column more'
  from app.events as leaving
 where leaving.more is distinct from 'm';
-- drop column app.events.more
alter table app.events drop column more;

-- [15/21] undo: create table app.notes (20250102000000_after.gw:15)
--   locks app.notes (access exclusive); scan
-- note the rows that are left in app.notes: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.notes', 'app.notes',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.notes as leaving;
-- drop table app.notes
drop table app.notes;

-- [16/21] undo: enable row level security on app.events (20250102000000_after.gw:4)
--   locks app.events (access exclusive); instant
-- disable row level security on app.events
alter table app.events disable row level security;

-- [17/21] undo: rename column app.events.old_name to name (20250102000000_after.gw:1)
--   locks app.events (access exclusive); instant
-- rename column app.events.name to old_name
alter table app.events rename column name to old_name;

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
  'tables', array['app.events', 'app.notes', 'app.people']::text[])::text);

-- [21/21] commit
commit;
