-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:9a42b82e14da4dc13f6e7ba409ec5ddf57b47533f7b9cbd52fd3bce167baccf6
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:470079ddf2fcedd2c4692121f18d6fe3ef8ad47102befcb22dc450c66e0fff75

-- [1/23] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/23] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/23] lock what will change, in one fixed order
lock table "My Schema"."Order Items" in access exclusive mode;

-- [4/23] a place for what has none in the old shape
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

-- [5/23] undo: change default privileges of reporting on tables in schema app (20250102000000_after.gw:4)
-- change default privileges of reporting on tables in schema app
do $godwit$
begin
  if not exists (select from pg_catalog.pg_default_acl e where e.defaclobjtype = 'r' and e.defaclnamespace = coalesce(to_regnamespace('app'), 0)
      and e.defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)) then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of reporting on tables in schema app are not those of this role',
      hint = 'go on as the role that applied the migration which set them';
  end if;
end
$godwit$;
alter default privileges in schema app
    revoke insert, select on tables from reporting;

-- [6/23] undo: change default privileges of app_backend on tables in schema app (20250102000000_after.gw:4)
-- change default privileges of app_backend on tables in schema app
do $godwit$
begin
  if not exists (select from pg_catalog.pg_default_acl e where e.defaclobjtype = 'r' and e.defaclnamespace = coalesce(to_regnamespace('app'), 0)
      and e.defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)) then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of app_backend on tables in schema app are not those of this role',
      hint = 'go on as the role that applied the migration which set them';
  end if;
end
$godwit$;
alter default privileges in schema app
    revoke insert, select on tables from app_backend;

-- [7/23] undo: change default privileges of app_backend on sequences in schema app (20250102000000_after.gw:5)
-- change default privileges of app_backend on sequences in schema app
do $godwit$
begin
  if not exists (select from pg_catalog.pg_default_acl e where e.defaclobjtype = 'S' and e.defaclnamespace = coalesce(to_regnamespace('app'), 0)
      and e.defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)) then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of app_backend on sequences in schema app are not those of this role',
      hint = 'go on as the role that applied the migration which set them';
  end if;
end
$godwit$;
alter default privileges in schema app
    revoke select, update, usage on sequences from app_backend;

-- [8/23] undo: change default privileges of public on tables in schema "My Schema" made by app_owner (20250102000000_after.gw:9)
-- change default privileges of public on tables in schema "My Schema" made by app_owner
alter default privileges for role app_owner in schema "My Schema"
    revoke delete, insert, references, select, trigger, truncate, update on tables from public;

-- [9/23] undo: change default privileges of reporting on tables in schema "My Schema" (20250102000000_after.gw:4)
-- change default privileges of reporting on tables in schema "My Schema"
do $godwit$
begin
  if not exists (select from pg_catalog.pg_default_acl e where e.defaclobjtype = 'r' and e.defaclnamespace = coalesce(to_regnamespace('"My Schema"'), 0)
      and e.defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)) then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of reporting on tables in schema "My Schema" are not those of this role',
      hint = 'go on as the role that applied the migration which set them';
  end if;
end
$godwit$;
alter default privileges in schema "My Schema"
    revoke insert, select on tables from reporting;

-- [10/23] undo: change default privileges of app_backend on tables in schema "My Schema" (20250102000000_after.gw:4)
-- change default privileges of app_backend on tables in schema "My Schema"
do $godwit$
begin
  if not exists (select from pg_catalog.pg_default_acl e where e.defaclobjtype = 'r' and e.defaclnamespace = coalesce(to_regnamespace('"My Schema"'), 0)
      and e.defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)) then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of app_backend on tables in schema "My Schema" are not those of this role',
      hint = 'go on as the role that applied the migration which set them';
  end if;
end
$godwit$;
alter default privileges in schema "My Schema"
    revoke insert, select on tables from app_backend;

-- [11/23] undo: change default privileges of app_backend on types (20250102000000_after.gw:7)
-- change default privileges of app_backend on types
do $godwit$
begin
  if not exists (select from pg_catalog.pg_default_acl e where e.defaclobjtype = 'T' and e.defaclnamespace = 0
      and e.defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)) then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of app_backend on types are not those of this role',
      hint = 'go on as the role that applied the migration which set them';
  end if;
end
$godwit$;
alter default privileges
    revoke usage on types from app_backend;

-- [12/23] undo: change default privileges of app_backend on schemas made by app_owner (20250102000000_after.gw:8)
-- change default privileges of app_backend on schemas made by app_owner
alter default privileges for role app_owner
    revoke usage on schemas from app_backend;

-- [13/23] undo: change default privileges of public on functions (20250102000000_after.gw:6)
-- change default privileges of public on functions
do $godwit$
begin
  if not exists (select from pg_catalog.pg_default_acl e where e.defaclobjtype = 'f' and e.defaclnamespace = 0
      and e.defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)) then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of public on functions are not those of this role',
      hint = 'go on as the role that applied the migration which set them';
  end if;
end
$godwit$;
alter default privileges
    grant execute on functions to public;

-- [14/23] undo: create materialized view app.ids (20250102000000_after.gw:13)
--   locks app.ids (access exclusive); instant
-- drop materialized view app.ids
drop materialized view app.ids;

-- [15/23] undo: create function app.one() (20250102000000_after.gw:11)
-- drop function app.one()
drop function app.one();

-- [16/23] undo: create table "My Schema"."Order Items" (20250102000000_after.gw:10)
--   locks "My Schema"."Order Items" (access exclusive); scan
-- note the rows that are left in "My Schema"."Order Items": the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table "My Schema"."Order Items"', '"My Schema"."Order Items"',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from "My Schema"."Order Items" as leaving;
-- drop table "My Schema"."Order Items"
drop table "My Schema"."Order Items";

-- [17/23] undo: create enum app.mood (20250102000000_after.gw:12)
-- drop enum app.mood
drop type app.mood;

-- [18/23] undo: create schema app (20250102000000_after.gw:1)
-- drop schema app
drop schema app;

-- [19/23] undo: create schema "My Schema" (20250102000000_after.gw:2)
-- drop schema "My Schema"
drop schema "My Schema";

-- [20/23] leave nothing empty behind
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

-- [21/23] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [22/23] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['"My Schema"."Order Items"']::text[])::text);

-- [23/23] commit
commit;
