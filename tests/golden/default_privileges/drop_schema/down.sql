-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:353fe19633ef5eaecc59cced43977972dfb6e46c5a2025cf4707cf7f40ee72f1
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:105bf81f6aea721218428314d41ded3c58fb1724ac2b564d0d8f702842ab38bc

-- [1/10] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/10] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/10] undo: drop schema gone (20250102000000_after.gw:1)
-- create schema gone
create schema gone;

-- [4/10] undo: drop view gone.one (20250102000000_after.gw:2)
-- create view gone.one
create view gone.one as
select 1 as one;
-- revoke from reporting on view gone.one, against default privileges
revoke select on table gone.one from reporting;

-- [5/10] undo: drop grant to app_backend on view gone.one (20250102000000_after.gw:1)
-- grant to app_backend on view gone.one
grant select on table gone.one to app_backend;

-- [6/10] undo: change default privileges of public on tables in schema gone made by app_owner (20250102000000_after.gw:1)
-- change default privileges of public on tables in schema gone made by app_owner
do $godwit$
begin
  if current_user = 'app_owner' then
    raise exception using errcode = 'GW001',
      message = 'app_owner applies this migration: what godwit makes would get these default privileges unseen',
      hint = 'leave `for role app_owner` out: then they are those of the role that applies migrations';
  end if;
end
$godwit$;
alter default privileges for role app_owner in schema gone
    grant select on tables to public;

-- [7/10] undo: change default privileges of reporting on tables in schema gone (20250102000000_after.gw:1)
-- find the role whose the default privileges of reporting on tables in schema gone were
do $godwit$
begin
  if session_user <> (select m.applied_by from godwit.migration m where m.id = '20250102000000_after') then
    raise exception using errcode = 'GW001',
      message = 'the default privileges of reporting on tables in schema gone were those of the role that applied this migration',
      hint = 'roll it back as that role';
  end if;
end
$godwit$;
-- change default privileges of reporting on tables in schema gone
alter default privileges in schema gone
    grant select on tables to reporting;

-- [8/10] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [9/10] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array[]::text[])::text);

-- [10/10] commit
commit;
