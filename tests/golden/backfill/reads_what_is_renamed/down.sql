-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:b6e12c0b2ef41d0e52046e03597f9dce544222d65fe66c96b8dae4186f06704e
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:61cd118294f4ebc317d1ffd3b43b1b66b5cf78d87574f05dff26ad40cd20b603

-- [1/34] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

-- [2/34] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/34] lock what will change, in one fixed order
lock table app.groups in access exclusive mode;
lock table app.people in access exclusive mode;
lock table app.swap_a in access exclusive mode;
lock table app.swap_b in access exclusive mode;

-- [4/34] a place for what has none in the old shape
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

-- [5/34] undo: hide column app.groups.lead (20250102000000_after.gw:9)
--   locks app.groups (access exclusive); instant
-- bring back column app.groups.lead
alter table app.groups rename column _gw_keep_lead to lead;

-- [6/34] undo: backfill app.people (20250102000000_after.gw:20)
--   locks app.people (access share); scan
-- note rows of app.people that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.people as target
  left join godwit_kept.filled_people_841ea7c0 as kept on target.id = kept.row_id
 where case when kept.row_id is not null then target.u is distinct from kept.new_u else target.u is distinct from null end;
-- drop godwit_kept.filled_people_841ea7c0
drop table godwit_kept.filled_people_841ea7c0;

-- [7/34] undo: backfill app.people (20250102000000_after.gw:18)
--   locks app.people (access share); scan
-- note rows of app.people that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.people as target
  left join godwit_kept.filled_people_2391bebd as kept on target.id = kept.row_id
 where case when kept.row_id is not null then target.s is distinct from kept.new_s else target.s is distinct from null end;
-- drop godwit_kept.filled_people_2391bebd
drop table godwit_kept.filled_people_2391bebd;

-- [8/34] undo: backfill app.people (20250102000000_after.gw:13)
--   locks app.people (access share); scan
-- note rows of app.people that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.people as target
  left join godwit_kept.filled_people_1e3e10f3 as kept on target.id = kept.row_id
 where case when kept.row_id is not null then target.z is distinct from kept.new_z else target.z is distinct from null end;
-- drop godwit_kept.filled_people_1e3e10f3
drop table godwit_kept.filled_people_1e3e10f3;

-- [9/34] undo: backfill app.people (20250102000000_after.gw:12)
--   locks app.people (access share); scan
-- note rows of app.people that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.people as target
  left join godwit_kept.filled_people_d9229f90 as kept on target.id = kept.row_id
 where case when kept.row_id is not null then target.x is distinct from kept.new_x else target.x is distinct from null end
    or case when kept.row_id is not null then target.y is distinct from kept.new_y else target.y is distinct from null end;
-- drop godwit_kept.filled_people_d9229f90
drop table godwit_kept.filled_people_d9229f90;

-- [10/34] undo: backfill app.groups (20250102000000_after.gw:19)
--   locks app.groups (access share); scan
-- note rows of app.groups that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.groups', 'app.groups',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.groups as target
  left join godwit_kept.filled_groups_8a58783c as kept on target.id = kept.row_id
 where case when kept.row_id is not null then target.extra is distinct from kept.new_extra else target.extra is distinct from 'new' end;
-- drop godwit_kept.filled_groups_8a58783c
drop table godwit_kept.filled_groups_8a58783c;

-- [11/34] undo: add column app.people.u (20250102000000_after.gw:10)
--   locks app.people (access exclusive); instant
-- drop column app.people.u
alter table app.people drop column u;

-- [12/34] undo: add column app.people.s (20250102000000_after.gw:10)
--   locks app.people (access exclusive); instant
-- drop column app.people.s
alter table app.people drop column s;

-- [13/34] undo: add column app.people.z (20250102000000_after.gw:10)
--   locks app.people (access exclusive); instant
-- drop column app.people.z
alter table app.people drop column z;

-- [14/34] undo: add column app.people.y (20250102000000_after.gw:10)
--   locks app.people (access exclusive); instant
-- drop column app.people.y
alter table app.people drop column y;

-- [15/34] undo: add column app.people.x (20250102000000_after.gw:10)
--   locks app.people (access exclusive); instant
-- drop column app.people.x
alter table app.people drop column x;

-- [16/34] undo: add column app.groups.extra (20250102000000_after.gw:11)
--   locks app.groups (access exclusive); instant
-- drop column app.groups.extra
alter table app.groups drop column extra;

-- [17/34] undo: rename primary key _gw_swap_2 on app.swap_b to swap_b_pkey (20250102000000_after.gw:7)
--   locks app.swap_b (access exclusive); instant
-- rename primary key swap_b_pkey on app.swap_b to _gw_swap_2
alter table app.swap_b rename constraint swap_b_pkey to _gw_swap_2;

-- [18/34] undo: rename primary key swap_b_pkey on app.swap_a to swap_a_pkey (20250102000000_after.gw:8)
--   locks app.swap_a (access exclusive); instant
-- rename primary key swap_a_pkey on app.swap_a to swap_b_pkey
alter table app.swap_a rename constraint swap_a_pkey to swap_b_pkey;

-- [19/34] undo: rename primary key swap_a_pkey on app.swap_b to _gw_swap_2 (20250102000000_after.gw:7)
--   locks app.swap_b (access exclusive); instant
-- rename primary key _gw_swap_2 on app.swap_b to swap_a_pkey
alter table app.swap_b rename constraint _gw_swap_2 to swap_a_pkey;

-- [20/34] undo: rename column app.people._gw_swap_1 to b (20250102000000_after.gw:3)
--   locks app.people (access exclusive); instant
-- rename column app.people.b to _gw_swap_1
alter table app.people rename column b to _gw_swap_1;

-- [21/34] undo: rename column app.people.b to a (20250102000000_after.gw:4)
--   locks app.people (access exclusive); instant
-- rename column app.people.a to b
alter table app.people rename column a to b;

-- [22/34] undo: rename column app.people.a to _gw_swap_1 (20250102000000_after.gw:3)
--   locks app.people (access exclusive); instant
-- rename column app.people._gw_swap_1 to a
alter table app.people rename column _gw_swap_1 to a;

-- [23/34] undo: rename primary key teams_pkey on app.groups to groups_pkey (20250102000000_after.gw:5)
--   locks app.groups (access exclusive); instant
-- rename primary key groups_pkey on app.groups to teams_pkey
alter table app.groups rename constraint groups_pkey to teams_pkey;

-- [24/34] undo: rename column app.groups.title to label (20250102000000_after.gw:6)
--   locks app.groups (access exclusive); instant
-- rename column app.groups.label to title
alter table app.groups rename column label to title;

-- [25/34] undo: rename column app.people.name to full_name (20250102000000_after.gw:1)
--   locks app.people (access exclusive); instant
-- rename column app.people.full_name to name
alter table app.people rename column full_name to name;

-- [26/34] undo: rename column app.people."First name" to "Vörname" (20250102000000_after.gw:2)
--   locks app.people (access exclusive); instant
-- rename column app.people."Vörname" to "First name"
alter table app.people rename column "Vörname" to "First name";

-- [27/34] undo: rename table app._gw_swap_1 to swap_b (20250102000000_after.gw:7)
--   locks app.swap_b (access exclusive); instant
-- rename table app.swap_b to _gw_swap_1
alter table app.swap_b rename to _gw_swap_1;

-- [28/34] undo: rename table app.swap_b to swap_a (20250102000000_after.gw:8)
--   locks app.swap_a (access exclusive); instant
-- rename table app.swap_a to swap_b
alter table app.swap_a rename to swap_b;

-- [29/34] undo: rename table app.swap_a to _gw_swap_1 (20250102000000_after.gw:7)
--   locks app._gw_swap_1 (access exclusive); instant
-- rename table app._gw_swap_1 to swap_a
alter table app._gw_swap_1 rename to swap_a;

-- [30/34] undo: rename table app.teams to groups (20250102000000_after.gw:5)
--   locks app.groups (access exclusive); instant
-- rename table app.groups to teams
alter table app.groups rename to teams;

-- [31/34] leave nothing empty behind
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

-- [32/34] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [33/34] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app._gw_swap_1', 'app.groups', 'app.people', 'app.swap_a', 'app.swap_b', 'app.teams']::text[])::text);

-- [34/34] commit
commit;
