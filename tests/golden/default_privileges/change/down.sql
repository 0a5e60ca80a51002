-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:60bc226b524a597ab200b9877e31602cf8214417c83b3fdfb89ec690a82c38ab
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:a9ed447bc1b6b586ef329b6928badec3ca067a3b47e11be9d8711910851d5ae0

-- [1/9] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/9] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/9] undo: change default privileges of app_backend on tables in schema app (20250102000000_after.gw:2)
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
    revoke insert, update on tables from app_backend;
alter default privileges in schema app
    grant select on tables to app_backend;

-- [4/9] undo: change default privileges of app_backend on sequences in schema app made by app_owner (20250102000000_after.gw:4)
-- change default privileges of app_backend on sequences in schema app made by app_owner
alter default privileges for role app_owner in schema app
    revoke select on sequences from app_backend;
alter default privileges for role app_owner in schema app
    grant update on sequences to app_backend with grant option;

-- [5/9] undo: change default privileges of reporting on functions (20250102000000_after.gw:5)
-- change default privileges of reporting on functions
do $godwit$
begin
  if not exists (select from pg_catalog.pg_default_acl e where e.defaclobjtype = 'f' and e.defaclnamespace = 0
      and e.defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)) then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of reporting on functions are not those of this role',
      hint = 'go on as the role that applied the migration which set them';
  end if;
end
$godwit$;
alter default privileges
    revoke execute on functions from reporting;

-- [6/9] undo: change default privileges of reporting on tables in schema app (20250102000000_after.gw:1)
-- find the role whose the default privileges of reporting on tables in schema app were
do $godwit$
begin
  if session_user <> (select m.applied_by from godwit.migration m where m.id = '20250102000000_after') then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of reporting on tables in schema app were those of the role that applied this migration',
      hint = 'roll it back as that role';
  end if;
end
$godwit$;
-- change default privileges of reporting on tables in schema app
alter default privileges in schema app
    grant select on tables to reporting;

-- [7/9] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [8/9] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array[]::text[])::text);

-- [9/9] commit
commit;
