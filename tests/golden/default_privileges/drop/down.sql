-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:44ec6863000c44d6e5f3804b419bfa658208ece43365659c935ba551c0c09294
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:45587563d7e8067cbf80f76d3b1d7defa77b568148f3c78371eee4a08935c8ab

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

-- [3/9] undo: change default privileges of app_backend on tables in schema "it's" (20250102000000_after.gw:1)
-- find the role whose the default privileges of app_backend on tables in schema "it's" were
do $godwit$
begin
  if session_user <> (select m.applied_by from godwit.migration m where m.id = '20250102000000_after') then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of app_backend on tables in schema "it''s" were those of the role that applied this migration',
      hint = 'roll it back as that role';
  end if;
end
$godwit$;
-- change default privileges of app_backend on tables in schema "it's"
alter default privileges in schema "it's"
    grant delete, insert, references, select, trigger, truncate, update on tables to app_backend;

-- [4/9] undo: change default privileges of public on sequences in schema "it's" made by app_owner (20250102000000_after.gw:1)
-- change default privileges of public on sequences in schema "it's" made by app_owner
do $godwit$
begin
  if current_user = 'app_owner' then
    raise exception using errcode = 'GW001',
      message = 'app_owner applies this migration: what godwit makes would get these default privileges unseen',
      hint = 'leave `for role app_owner` out: then they are those of the role that applies migrations';
  end if;
end
$godwit$;
alter default privileges for role app_owner in schema "it's"
    grant usage on sequences to public;

-- [5/9] undo: change default privileges of reporting on functions (20250102000000_after.gw:1)
-- find the role whose the default privileges of reporting on functions were
do $godwit$
begin
  if session_user <> (select m.applied_by from godwit.migration m where m.id = '20250102000000_after') then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of reporting on functions were those of the role that applied this migration',
      hint = 'roll it back as that role';
  end if;
end
$godwit$;
-- change default privileges of reporting on functions
alter default privileges
    grant execute on functions to reporting with grant option;

-- [6/9] undo: change default privileges of public on functions (20250102000000_after.gw:1)
-- find the role whose the default privileges of public on functions were
do $godwit$
begin
  if session_user <> (select m.applied_by from godwit.migration m where m.id = '20250102000000_after') then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of public on functions were those of the role that applied this migration',
      hint = 'roll it back as that role';
  end if;
end
$godwit$;
-- change default privileges of public on functions
alter default privileges
    revoke execute on functions from public;

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
