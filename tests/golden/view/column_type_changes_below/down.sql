-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:09b5823f8b5a8f5f4baa3665f053447b32fb05900d86b5afdb34ea4d3f60f8e7
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:55c4f98f7d7315462f7f095cef68b5630a8b66b34f989d0d8d2977192149262c

-- [1/16] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/16] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/16] lock what will change, in one fixed order
lock table app.people in access exclusive mode;

-- [4/16] a place for what has none in the old shape
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

-- [5/16] undo: create view app.name_count (20250101000000_before.gw:4)
--   locks app.name_count (access exclusive); instant
-- drop view app.name_count
drop view app.name_count;

-- [6/16] undo: create view app.names (20250101000000_before.gw:3)
--   locks app.names (access exclusive); instant
-- drop view app.names
drop view app.names;

-- [7/16] undo: change type of app.people.id (20250102000000_after.gw:1)
--   locks app.people (access exclusive); rewrite
-- note rows whose id does not fit integer
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore type of column app.people.id', 'app.people',
       jsonb_build_object('id', people.id), to_jsonb(people),
       'does not fit integer'
  from app.people
 where people.id not between -2147483648 and 2147483647;
-- remove rows whose id does not fit integer
delete from app.people
 where people.id not between -2147483648 and 2147483647;
-- change type of app.people.id
alter table app.people alter column id type integer;

-- [8/16] undo: drop view app.names (20250101000000_before.gw:3)
--   locks app.people (access share); instant
-- create view app.names
create view app.names as
select id, name from app.people;

-- [9/16] undo: drop view app.name_count (20250101000000_before.gw:4)
--   locks app.names (access share); instant
-- create view app.name_count
create view app.name_count as
select count(*) as names from app.names;

-- [10/16] undo: drop comment on view app.name_count (20250101000000_before.gw:4)
--   locks app.name_count (share update exclusive); instant
-- comment on view app.name_count
comment on view app.name_count is 'How many';

-- [11/16] undo: drop grant to reporting on view app.names (20250101000000_before.gw:3)
-- grant to reporting on view app.names
grant select on table app.names to reporting with grant option;

-- [12/16] undo: drop grant to app_backend on view app.name_count (20250101000000_before.gw:4)
-- grant to app_backend on view app.name_count
grant select on table app.name_count to app_backend;

-- [13/16] leave nothing empty behind
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

-- [14/16] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [15/16] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.people']::text[])::text);

-- [16/16] commit
commit;
