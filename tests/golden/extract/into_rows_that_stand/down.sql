-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:7615076297b10b4ea4c19ffab35f21a3f97657fb40504d1d66577f9d265d3861
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:90e6043daecfa29dda4f7be43945d4ae0f7a9a1c1b2809695499c5c075f1a817

-- [1/15] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

-- [2/15] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/15] lock what will change, in one fixed order
lock table app.areas in access exclusive mode;
lock table app.calls in access exclusive mode;

-- [4/15] a place for what has none in the old shape
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

-- [5/15] undo: add foreign key calls_area_fkey on app.calls (20250102000000_after.gw:2)
--   locks app.areas (access exclusive), app.calls (access exclusive); instant
-- drop foreign key calls_area_fkey on app.calls
alter table app.calls drop constraint calls_area_fkey;

-- [6/15] undo: extract Calls_area: the link (20250102000000_after.gw:4)
--   locks app.calls (access share); scan
-- note rows of app.calls that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'extract Calls_area: the link', 'app.calls',
       jsonb_build_object('Caller Id', target."Caller Id", 'at', target.at), to_jsonb(target),
       'changed since'
  from app.calls as target
  left join godwit_kept.filled_calls_013bf0ea as kept on target."Caller Id" = kept."row_Caller Id" and target.at = kept.row_at
 where case when kept."row_Caller Id" is not null then target.area is distinct from kept.new_area else target.area is distinct from null end;
-- drop godwit_kept.filled_calls_013bf0ea
drop table godwit_kept.filled_calls_013bf0ea;

-- [7/15] undo: extract Calls_area (20250102000000_after.gw:4)
--   locks app.areas (row exclusive); scan
-- remove from app.areas what was moved and nobody changed
delete from app.areas as target
 using godwit_kept."moved_Calls_area_502965ae" as kept
 where not kept.already_there
   and target.code = kept.target_code
   and target.first_call is not distinct from kept.target_first_call;
-- drop godwit_kept."moved_Calls_area_502965ae"
drop table godwit_kept."moved_Calls_area_502965ae";

-- [8/15] undo: add column app.calls.area (20250102000000_after.gw:2)
--   locks app.calls (access exclusive); instant
-- drop column app.calls.area
alter table app.calls drop column area;

-- [9/15] undo: rename primary key "Calls_pkey" on app.calls to calls_pkey (20250102000000_after.gw:11)
--   locks app.calls (access exclusive); instant
-- rename primary key calls_pkey on app.calls to "Calls_pkey"
alter table app.calls rename constraint calls_pkey to "Calls_pkey";

-- [10/15] undo: rename column app.areas."first call" to first_call (20250102000000_after.gw:12)
--   locks app.areas (access exclusive); instant
-- rename column app.areas.first_call to "first call"
alter table app.areas rename column first_call to "first call";

-- [11/15] undo: rename table app."Calls" to calls (20250102000000_after.gw:11)
--   locks app.calls (access exclusive); instant
-- rename table app.calls to "Calls"
alter table app.calls rename to "Calls";

-- [12/15] leave nothing empty behind
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

-- [13/15] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [14/15] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app."Calls"', 'app.areas', 'app.calls']::text[])::text);

-- [15/15] commit
commit;
