-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:7a694f898673180a3a5af5983852ae922372e6ca3b940719650aaf9900f53ca4
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:5bd87ec7a2547eeda13abe4b700bf0704fe0fd758040410958c4f8131d5260ce

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
lock table app.days in access exclusive mode;

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

-- [5/23] undo: create view app.ids_of_ids (20250101000000_before.gw:4)
--   locks app.ids_of_ids (access exclusive); instant
-- drop view app.ids_of_ids
drop view app.ids_of_ids;

-- [6/23] undo: create view app.ids (20250102000000_after.gw:2)
--   locks app.ids (access exclusive); instant
-- drop view app.ids
drop view app.ids;

-- [7/23] undo: create function app.one() (20250102000000_after.gw:4)
-- drop function app.one()
drop function app.one();

-- [8/23] undo: create materialized view app.many (20250102000000_after.gw:3)
--   locks app.many (access exclusive); instant
-- drop materialized view app.many
drop materialized view app.many;

-- [9/23] undo: change the values of enum app.mood (20250102000000_after.gw:6)
--   locks app.days (access exclusive); rewrite
-- set the old enum app.mood aside
alter type app.mood rename to _gw_old_mood;
-- create enum app.mood
create type app.mood as enum ('good', 'bad');
-- grant to public on enum app.mood, against default privileges
grant usage on type app.mood to public;
-- revoke from reporting on enum app.mood, against default privileges
revoke usage on type app.mood from reporting;
-- convert back what was written to app.days.mood since
do $$
#variable_conflict use_column
declare
  _gw_row tid;
  _gw_old text;
  _gw_again text;
  _gw_same boolean;
begin
  for _gw_row in select ctid from app.days where mood::text is distinct from _gw_made_mood loop
    begin
      select mood::text into _gw_old from app.days where ctid = _gw_row;
      perform _gw_old::app.mood;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.days.mood', 'app.days',
             jsonb_build_object('ctid', days.ctid::text), to_jsonb(days),
             'no way back: ' || sqlerrm
        from app.days where ctid = _gw_row;
      continue;
    end;
    begin
      select ((case _gw_old::text when 'good' then 'fine' else _gw_old::text end)::app.mood)::text into _gw_again from app.days where ctid = _gw_row;
      select mood::text is not distinct from _gw_again into _gw_same from app.days where ctid = _gw_row;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      _gw_same := false;
    end;
    if not _gw_same then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.days.mood', 'app.days',
             jsonb_build_object('ctid', days.ctid::text), to_jsonb(days),
             'carried back only in part: the old type has no place for the rest'
        from app.days where ctid = _gw_row;
    end if;
    update app.days set _gw_keep_mood = _gw_old where ctid = _gw_row;
  end loop;
end $$;
-- bring back the type of app.days.mood
alter table app.days alter column mood type app.mood using _gw_keep_mood::app.mood;
-- drop what was kept of app.days.mood
alter table app.days
  drop column _gw_keep_mood,
  drop column _gw_made_mood;
-- drop the old enum app.mood
drop type app._gw_old_mood;

-- [10/23] undo: drop view app.ids (20250102000000_after.gw:2)
--   locks app.items (access share); instant
-- create view app.ids
create view app.ids as
select id, kind from app.items;
-- revoke from app_backend on view app.ids, against default privileges
revoke insert, select on table app.ids from app_backend;
-- revoke from reporting on view app.ids, against default privileges
revoke select on table app.ids from reporting;

-- [11/23] undo: drop grant to reporting on view app.ids (20250102000000_after.gw:2)
-- grant to reporting on view app.ids
grant insert on table app.ids to reporting;

-- [12/23] undo: drop grant to app_frontend on view app.ids (20250102000000_after.gw:2)
-- grant to app_frontend on view app.ids
grant select on table app.ids to app_frontend;

-- [13/23] undo: change default privileges of reporting on tables in schema app (20250102000000_after.gw:1)
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
    grant select on tables to reporting with grant option;

-- [14/23] undo: change default privileges of public on functions (20250102000000_after.gw:1)
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

-- [15/23] undo: drop materialized view app.many (20250102000000_after.gw:3)
-- create materialized view app.many
create materialized view app.many as
select 1 as one;
-- revoke from app_backend on materialized view app.many, against default privileges
revoke insert, select on table app.many from app_backend;
-- revoke from reporting on materialized view app.many, against default privileges
revoke select on table app.many from reporting;

-- [16/23] undo: drop view app.ids_of_ids (20250101000000_before.gw:4)
--   locks app.ids (access share); instant
-- create view app.ids_of_ids
create view app.ids_of_ids as
select id from app.ids;
-- revoke from app_backend on view app.ids_of_ids, against default privileges
revoke insert, select on table app.ids_of_ids from app_backend;
-- revoke from reporting on view app.ids_of_ids, against default privileges
revoke select on table app.ids_of_ids from reporting;

-- [17/23] undo: note the order of privileges on view app.ids (20250102000000_after.gw:2)
-- privileges on view app.ids in the order in which they were given
do $godwit$
begin
  perform godwit.order_privileges('20250102000000_after', 'table app.ids', oid, relacl)
    from pg_catalog.pg_class where oid = to_regclass('app.ids');
end
$godwit$;

-- [18/23] undo: drop function app.one() (20250102000000_after.gw:4)
-- create function app.one()
create function app.one() returns integer language sql as $$ select 1 $$;
-- revoke from app_frontend on function app.one(), against default privileges
revoke execute on routine app.one() from app_frontend;
-- grant to public on function app.one(), against default privileges
grant execute on routine app.one() to public;

-- [19/23] undo: drop function app.gone(integer) (20250102000000_after.gw:5)
-- create function app.gone(integer)
create function app.gone(integer) returns integer language sql as $$ select 1 $$;
-- revoke from app_frontend on function app.gone(integer), against default privileges
revoke execute on routine app.gone(integer) from app_frontend;
-- grant to public on function app.gone(integer), against default privileges
grant execute on routine app.gone(integer) to public;

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
  'tables', array['app.days']::text[])::text);

-- [23/23] commit
commit;
