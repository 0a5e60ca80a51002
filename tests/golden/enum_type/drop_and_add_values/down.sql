-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:d467ef0a500e1113f81a66337269c1c8ea0f14e0fed0ff07eddc42216d5eaa37
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8c854dbddd20fffc5011c7d22b6a57e7c8d178bcd68ac6b52f2548fe8bc055db

-- [1/12] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

-- [2/12] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/12] lock what will change, in one fixed order
lock table app.opportunities in access exclusive mode;

-- [4/12] a place for what has none in the old shape
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

-- [5/12] undo: add column app.opportunities.note (20250102000000_after.gw:8)
--   locks app.opportunities (access exclusive); scan
-- note the values written to app.opportunities.note since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop column app.opportunities.note', 'app.opportunities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column note'
  from app.opportunities as leaving
 where leaving.note is distinct from null;
-- drop column app.opportunities.note
alter table app.opportunities drop column note;

-- [6/12] undo: change the values of enum app.stage (20250102000000_after.gw:3)
--   locks app.opportunities (access exclusive); rewrite
-- set the old enum app.stage aside
alter type app.stage rename to _gw_old_stage;
-- create enum app.stage
create type app.stage as enum ('new', 'open', 'won');
-- convert back what was written to app.opportunities.closed since
do $$
#variable_conflict use_column
declare
  _gw_row tid;
  _gw_old text;
  _gw_again text;
  _gw_same boolean;
begin
  for _gw_row in select ctid from app.opportunities where closed::text is distinct from _gw_made_closed loop
    begin
      select closed::text into _gw_old from app.opportunities where ctid = _gw_row;
      perform _gw_old::app.stage;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.opportunities.closed', 'app.opportunities',
             jsonb_build_object('id', opportunities.id), to_jsonb(opportunities),
             'no way back: ' || sqlerrm
        from app.opportunities where ctid = _gw_row;
      continue;
    end;
    begin
      select ((case _gw_old::text when 'open' then 'new' when 'won' then 'closed' else _gw_old::text end)::app.stage)::text into _gw_again from app.opportunities where ctid = _gw_row;
      select closed::text is not distinct from _gw_again into _gw_same from app.opportunities where ctid = _gw_row;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      _gw_same := false;
    end;
    if not _gw_same then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.opportunities.closed', 'app.opportunities',
             jsonb_build_object('id', opportunities.id), to_jsonb(opportunities),
             'carried back only in part: the old type has no place for the rest'
        from app.opportunities where ctid = _gw_row;
    end if;
    update app.opportunities set _gw_keep_closed = _gw_old where ctid = _gw_row;
  end loop;
end $$;
-- bring back the type of app.opportunities.closed
alter table app.opportunities alter column closed type app.stage using _gw_keep_closed::app.stage;
-- drop what was kept of app.opportunities.closed
alter table app.opportunities
  drop column _gw_keep_closed,
  drop column _gw_made_closed;
-- drop default of app.opportunities.past
alter table app.opportunities alter column past drop default;
-- convert back what was written to app.opportunities.past since
do $$
#variable_conflict use_column
declare
  _gw_row tid;
  _gw_old text[];
  _gw_again text[];
  _gw_same boolean;
begin
  for _gw_row in select ctid from app.opportunities where past::text[] is distinct from _gw_made_past or _gw_keep_past is null loop
    begin
      select past::text[] into _gw_old from app.opportunities where ctid = _gw_row;
      perform _gw_old::app.stage[];
      if _gw_old is null then
        raise not_null_violation using message = 'null in app.opportunities.past';
      end if;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.opportunities.past', 'app.opportunities',
             jsonb_build_object('id', opportunities.id), to_jsonb(opportunities),
             'no way back: ' || sqlerrm
        from app.opportunities where ctid = _gw_row;
      continue;
    end;
    begin
      select (array_replace(array_replace(_gw_old::text[], 'open', 'new'), 'won', 'closed')::app.stage[])::text[] into _gw_again from app.opportunities where ctid = _gw_row;
      select past::text[] is not distinct from _gw_again into _gw_same from app.opportunities where ctid = _gw_row;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      _gw_same := false;
    end;
    if not _gw_same then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.opportunities.past', 'app.opportunities',
             jsonb_build_object('id', opportunities.id), to_jsonb(opportunities),
             'carried back only in part: the old type has no place for the rest'
        from app.opportunities where ctid = _gw_row;
    end if;
    update app.opportunities set _gw_keep_past = _gw_old where ctid = _gw_row;
  end loop;
end $$;
-- remove rows without a value for app.opportunities.past
delete from app.opportunities
 where opportunities._gw_keep_past is null;
-- bring back the type of app.opportunities.past
alter table app.opportunities alter column past type app.stage[] using _gw_keep_past::app.stage[];
-- drop what was kept of app.opportunities.past
alter table app.opportunities
  drop column _gw_keep_past,
  drop column _gw_made_past;
-- set default of app.opportunities.past
alter table app.opportunities alter column past set default '{}';
-- convert back what was written to app.opportunities.stage since
do $$
#variable_conflict use_column
declare
  _gw_row tid;
  _gw_old text;
  _gw_again text;
  _gw_same boolean;
begin
  for _gw_row in select ctid from app.opportunities where stage::text is distinct from _gw_made_stage or _gw_keep_stage is null loop
    begin
      select stage::text into _gw_old from app.opportunities where ctid = _gw_row;
      perform _gw_old::app.stage;
      if _gw_old is null then
        raise not_null_violation using message = 'null in app.opportunities.stage';
      end if;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.opportunities.stage', 'app.opportunities',
             jsonb_build_object('id', opportunities.id), to_jsonb(opportunities),
             'no way back: ' || sqlerrm
        from app.opportunities where ctid = _gw_row;
      continue;
    end;
    begin
      select ((case _gw_old::text when 'open' then 'new' when 'won' then 'closed' else _gw_old::text end)::app.stage)::text into _gw_again from app.opportunities where ctid = _gw_row;
      select stage::text is not distinct from _gw_again into _gw_same from app.opportunities where ctid = _gw_row;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      _gw_same := false;
    end;
    if not _gw_same then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.opportunities.stage', 'app.opportunities',
             jsonb_build_object('id', opportunities.id), to_jsonb(opportunities),
             'carried back only in part: the old type has no place for the rest'
        from app.opportunities where ctid = _gw_row;
    end if;
    update app.opportunities set _gw_keep_stage = _gw_old where ctid = _gw_row;
  end loop;
end $$;
-- remove rows without a value for app.opportunities.stage
delete from app.opportunities
 where opportunities._gw_keep_stage is null;
-- bring back the type of app.opportunities.stage
alter table app.opportunities alter column stage type app.stage using _gw_keep_stage::app.stage;
-- drop what was kept of app.opportunities.stage
alter table app.opportunities
  drop column _gw_keep_stage,
  drop column _gw_made_stage;
-- set default of app.opportunities.stage
alter table app.opportunities alter column stage set default 'new';
-- forbid null in app.opportunities.stage
alter table app.opportunities alter column stage set not null;
-- drop the old enum app.stage
drop type app._gw_old_stage;

-- [7/12] undo: rename primary key deals_pkey on app.opportunities to opportunities_pkey (20250102000000_after.gw:5)
--   locks app.opportunities (access exclusive); instant
-- rename primary key opportunities_pkey on app.opportunities to deals_pkey
alter table app.opportunities rename constraint opportunities_pkey to deals_pkey;

-- [8/12] undo: rename table app.deals to opportunities (20250102000000_after.gw:5)
--   locks app.opportunities (access exclusive); instant
-- rename table app.opportunities to deals
alter table app.opportunities rename to deals;

-- [9/12] leave nothing empty behind
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

-- [10/12] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [11/12] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.deals', 'app.opportunities']::text[])::text);

-- [12/12] commit
commit;
