-- godwit down 20250102000000_phones
-- A person may have several phone numbers
-- spec: specs/20250102000000_phones.gw
-- checksum: sha256:5a3300373858e54e72d8635c362e1420d7e227c983897eee4d46e20addf4eb6b
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:2f48e1991395937b7bda31eb9c9fff64fc21ac6b5add1147a57dc545841831e6

-- [1/14] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

-- [2/14] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250102000000_phones';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_phones is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_phones was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_phones is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250102000000_phones' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_phones is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250102000000_phones closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/14] lock what will change, in one fixed order
lock table app.people in access exclusive mode;
lock table app.phones in access exclusive mode;

-- [4/14] a place for what has none in the old shape
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

-- [5/14] undo: hide column app.people.phone (specs/20250102000000_phones.gw:14)
--   locks app.people (access exclusive); instant
-- bring back column app.people.phone
alter table app.people rename column _gw_keep_phone to phone;

-- [6/14] undo: move phones (specs/20250102000000_phones.gw:9)
--   locks app.people (row exclusive), app.phones (row exclusive); scan
-- find the place of each row of app.phones in app.people
create table godwit_kept.back_phones_877f0faf as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         phone as old_phone,
         id as put_person_id,
         phone as put_number
    from app.people
),
target as (                         -- each row of this move, and what it says for the source
  select person_id,
         number,
         number as new_phone
    from app.phones
)
select source.source_id,
       target.person_id as target_person_id,
       target.number as target_number,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.person_id, target.number, target.person_id, target.number) as place,
       case when target.number is not distinct from source.put_number
            then source.old_phone
            when kept.source_id is null and target.new_phone is null then source.old_phone
            else target.new_phone end
         as new_phone
  from source
  join target on target.person_id = source.source_id
  left join godwit_kept.moved_phones_877f0faf as kept
    on kept.source_id = source.source_id
   and kept.target_person_id = target.person_id
   and kept.target_number = target.number;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_phones_877f0faf replica identity full;
-- what was withdrawn since does not come back to life
update app.people as source
   set phone = null
  from godwit_kept.moved_phones_877f0faf as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_phones_877f0faf as back where back.source_id = kept.source_id)
   and (source.phone is not null);
-- carry what was written since back into app.people
update app.people as source
   set phone = back.new_phone
  from godwit_kept.back_phones_877f0faf as back
 where back.place = 1
   and source.id = back.source_id
   and (source.phone is distinct from back.new_phone);
-- note rows of which app.people holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_phones', 'move phones', 'app.phones',
       jsonb_build_object('person_id', target.person_id, 'number', target.number), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.phones as target
  join godwit_kept.back_phones_877f0faf as back on target.person_id = back.target_person_id and target.number = back.target_number and back.place = 1
  join (
    select id as source_id,
           id as put_person_id,
           phone as put_number
      from app.people
  ) as source on source.source_id = back.source_id
 where target.person_id is distinct from source.put_person_id
    or target.number is distinct from source.put_number;
-- remove from app.phones what is back in app.people
delete from app.phones as target
 using godwit_kept.back_phones_877f0faf as back
 where back.place = 1
   and target.person_id = back.target_person_id
   and target.number = back.target_number;
-- drop godwit_kept.back_phones_877f0faf
drop table godwit_kept.back_phones_877f0faf;
-- drop godwit_kept.moved_phones_877f0faf
drop table godwit_kept.moved_phones_877f0faf;

-- [7/14] undo: create table app.phones (specs/20250102000000_phones.gw:4)
--   locks app.phones (access exclusive); scan
-- note the rows that are left in app.phones: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_phones', 'drop table app.phones', 'app.phones',
       jsonb_build_object('person_id', leaving.person_id, 'number', leaving.number), to_jsonb(leaving),
       'no place in the shape of before'
  from app.phones as leaving;
-- drop table app.phones
drop table app.phones;

-- [8/14] undo: rename index app.people_name_idx to people_full_name_idx (specs/20250102000000_phones.gw:15)
--   locks app.people_full_name_idx (share update exclusive); instant
-- rename index app.people_full_name_idx to people_name_idx
alter index app.people_full_name_idx rename to people_name_idx;

-- [9/14] undo: rename check constraint people_name_check on app.people to people_full_name_check (specs/20250102000000_phones.gw:15)
--   locks app.people (access exclusive); instant
-- rename check constraint people_full_name_check on app.people to people_name_check
alter table app.people rename constraint people_full_name_check to people_name_check;

-- [10/14] undo: rename column app.people.name to full_name (specs/20250102000000_phones.gw:15)
--   locks app.people (access exclusive); instant
-- rename column app.people.full_name to name
alter table app.people rename column full_name to name;

-- [11/14] leave nothing empty behind
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

-- [12/14] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_phones';
delete from godwit.hidden_column where migration = '20250102000000_phones';
delete from godwit.checkpoint where migration = '20250102000000_phones';
insert into godwit.event (migration, what, detail)
select '20250102000000_phones', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [13/14] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_phones', 'message', 'rolled back',
  'tables', array['app.people', 'app.phones']::text[])::text);

-- [14/14] commit
commit;
