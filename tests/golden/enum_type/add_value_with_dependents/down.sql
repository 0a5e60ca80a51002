-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:2d2d4cadccddafdbd409e6d92c4a5dfc207cec9d152f0e8acba2841d3bc0dc12
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:58361362b92b1a7c68a3c662e33e9fb07b385dc11e8e4a652f377828d4955223

-- [1/19] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/19] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/19] lock what will change, in one fixed order
lock table app.deals in access exclusive mode;

-- [4/19] a place for what has none in the old shape
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

-- [5/19] undo: create trigger stamp on app.deals (20250101000000_before.gw:16)
--   locks app.deals (access exclusive); instant
-- drop trigger stamp on app.deals
drop trigger stamp on app.deals;

-- [6/19] undo: create view app.won (20250101000000_before.gw:20)
--   locks app.won (access exclusive); instant
-- drop view app.won
drop view app.won;

-- [7/19] undo: create function app.next(app.stage) (20250101000000_before.gw:19)
-- drop function app.next(app.stage)
drop function app.next(app.stage);

-- [8/19] undo: create index app.deals_open (20250101000000_before.gw:15)
--   locks app.deals (access exclusive); instant
-- drop index app.deals_open
drop index app.deals_open;

-- [9/19] undo: add check constraint closed_is_an_end on app.deals (20250101000000_before.gw:13)
--   locks app.deals (access exclusive); instant
-- drop check constraint closed_is_an_end on app.deals
alter table app.deals drop constraint closed_is_an_end;

-- [10/19] undo: change the values of enum app.stage (20250102000000_after.gw:1)
--   locks app.deals (access exclusive); rewrite
-- note rows whose closed does not fit app.stage
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore type of column app.deals.closed', 'app.deals',
       jsonb_build_object('id', deals.id), to_jsonb(deals),
       'does not fit app.stage'
  from app.deals
 where deals.closed::text in ('lost');
-- leave app.deals.closed empty in rows whose closed does not fit app.stage
update app.deals
   set closed = null
 where deals.closed::text in ('lost');
-- note rows whose past does not fit app.stage[]
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore type of column app.deals.past', 'app.deals',
       jsonb_build_object('id', deals.id), to_jsonb(deals),
       'does not fit app.stage[]'
  from app.deals
 where deals.past::text[] && array['lost']::text[];
-- remove rows whose past does not fit app.stage[]
delete from app.deals
 where deals.past::text[] && array['lost']::text[];
-- note rows whose stage does not fit app.stage
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore type of column app.deals.stage', 'app.deals',
       jsonb_build_object('id', deals.id), to_jsonb(deals),
       'does not fit app.stage'
  from app.deals
 where deals.stage::text in ('lost');
-- remove rows whose stage does not fit app.stage
delete from app.deals
 where deals.stage::text in ('lost');
-- set the old enum app.stage aside
alter type app.stage rename to _gw_old_stage;
-- create enum app.stage
create type app.stage as enum ('new', 'open', 'won');
-- owner of enum app.stage
alter type app.stage owner to pg_monitor;
-- comment on enum app.stage
comment on type app.stage is 'How far a deal is';
-- write app.deals again, value by value
alter table app.deals
  alter column closed type app.stage using closed::text::app.stage,
  alter column past drop default,
  alter column past type app.stage[] using past::text[]::app.stage[],
  alter column past set default '{}',
  alter column stage drop default,
  alter column stage type app.stage using stage::text::app.stage,
  alter column stage set default 'new';
-- drop the old enum app.stage
drop type app._gw_old_stage;

-- [11/19] undo: drop trigger stamp on app.deals (20250101000000_before.gw:16)
--   locks app.deals (share row exclusive); instant
-- create trigger stamp on app.deals
create trigger stamp before update of stage on app.deals
    for each row when (new.stage = 'won') execute function app.stamp();

-- [12/19] undo: drop index app.deals_open (20250101000000_before.gw:15)
--   locks app.deals (share); scan
-- create index app.deals_open
create index deals_open on app.deals (id) where stage = 'open';

-- [13/19] undo: drop view app.won (20250101000000_before.gw:20)
--   locks app.deals (access share); instant
-- create view app.won
create view app.won as
select id, stage from app.deals where stage = 'won';

-- [14/19] undo: drop function app.next(app.stage) (20250101000000_before.gw:19)
-- create function app.next(app.stage)
create function app.next(stage app.stage) returns app.stage language sql immutable as $$ select stage $$;

-- [15/19] undo: drop check constraint closed_is_an_end on app.deals (20250101000000_before.gw:13)
--   locks app.deals (access exclusive); scan
-- note what constraint closed_is_an_end of app.deals refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore check constraint closed_is_an_end on app.deals', 'app.deals',
       jsonb_build_object('id', deals.id), to_jsonb(deals),
       'refused by check constraint closed_is_an_end on app.deals'
  from app.deals
 where not (closed <> 'new');
-- remove what constraint closed_is_an_end of app.deals refuses
delete from app.deals
 where not (closed <> 'new');
-- add check constraint closed_is_an_end on app.deals
alter table app.deals
    add constraint closed_is_an_end check (closed <> 'new');

-- [16/19] leave nothing empty behind
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

-- [17/19] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [18/19] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.deals']::text[])::text);

-- [19/19] commit
commit;
