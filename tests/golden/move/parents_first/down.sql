-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:f967c03f0284fd80c18a5cf908518afbf5c29e25afd81c9f3be32c109ca2e01a
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:a034834d26b425c9148b00fe1f5e587110f9c15948968820f0b34a56e53d4e03

-- [1/13] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/13] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/13] lock what will change, in one fixed order
lock table app.people in access exclusive mode;
lock table app.phones in access exclusive mode;

-- [4/13] a place for what has none in the old shape
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

-- [5/13] undo: keep table app.users (20250102000000_after.gw:5)
-- bring back table app.users
alter table godwit_kept_app_users_59d9272c.users set schema app;
-- leave nothing behind
drop schema godwit_kept_app_users_59d9272c;

-- [6/13] undo: move phones (20250102000000_after.gw:1)
--   locks app.phones (row exclusive), app.users (row exclusive); scan
-- find the place of each row of app.phones in app.users
create table godwit_kept.back_phones_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         phone as old_phone,
         id as put_person_id,
         phone as put_number
    from app.users
),
target as (                         -- each row of this move, and what it says for the source
  select person_id,
         number,
         number as new_phone
    from app.phones
)
select source.source_id,
       target.person_id as target_person_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.person_id, target.person_id) as place,
       case when target.number is not distinct from source.put_number
            then source.old_phone
            when kept.source_id is null and target.new_phone is null then source.old_phone
            else target.new_phone end
         as new_phone
  from source
  join target on target.person_id = source.source_id
  left join godwit_kept.moved_phones_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_person_id = target.person_id;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_phones_502965ae replica identity full;
-- remove from app.users what was removed from app.phones since
delete from app.users as source
 using godwit_kept.moved_phones_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_phones_502965ae as back where back.source_id = kept.source_id);
-- carry what was written since back into app.users
update app.users as source
   set phone = back.new_phone
  from godwit_kept.back_phones_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.phone is distinct from back.new_phone);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move phones', 'app.phones',
       jsonb_build_object('person_id', target.person_id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.phones as target
  join godwit_kept.back_phones_502965ae as back on target.person_id = back.target_person_id and back.place = 1
  join (
    select id as source_id,
           id as put_person_id,
           phone as put_number
      from app.users
  ) as source on source.source_id = back.source_id
 where target.person_id is distinct from source.put_person_id
    or target.number is distinct from source.put_number;
-- remove from app.phones what is back in app.users
delete from app.phones as target
 using godwit_kept.back_phones_502965ae as back
 where back.place = 1
   and target.person_id = back.target_person_id;
-- drop godwit_kept.back_phones_502965ae
drop table godwit_kept.back_phones_502965ae;
-- drop godwit_kept.moved_phones_502965ae
drop table godwit_kept.moved_phones_502965ae;

-- [7/13] undo: move people (20250102000000_after.gw:2)
--   locks app.people (row exclusive), app.users (row exclusive); scan
-- find the place of each row of app.people in app.users
create table godwit_kept.back_people_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         email as old_email,
         id as put_id,
         email as put_email
    from app.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         email,
         email as new_email
    from app.people
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.id, target.id) as place,
       case when target.email is not distinct from source.put_email
            then source.old_email
            when kept.source_id is null and target.new_email is null then source.old_email
            else target.new_email end
         as new_email
  from source
  join target on target.id = source.source_id
  left join godwit_kept.moved_people_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_id = target.id;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_people_502965ae replica identity full;
-- remove from app.users what was removed from app.people since
delete from app.users as source
 using godwit_kept.moved_people_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_people_502965ae as back where back.source_id = kept.source_id);
-- leave out what app.users cannot hold: null in email
update godwit_kept.back_people_502965ae as back set place = null
 where place = 1 and back.new_email is null;
-- carry what was written since back into app.users
update app.users as source
   set email = back.new_email
  from godwit_kept.back_people_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.email is distinct from back.new_email);
-- what came since goes into app.users too
with target as (
  select id,
         email,
         email as new_email
    from app.people
),
late as (
  select target.*, target.id as target_id,
         row_number() over (partition by target.id order by target.id) as turn
    from target
   where not exists (select from app.users as source where source.id = target.id)
),
inserted as (
  insert into app.users (id, email)
  select late.id,
         late.new_email
    from late
   where late.turn = 1
     and late.id is not null
     and late.new_email is not null
  on conflict do nothing
  returning id
)
insert into godwit_kept.back_people_502965ae (source_id, target_id, place)
select inserted.id, late.target_id, 1
  from inserted
  join late on late.id = inserted.id and late.turn = 1;
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.people as target
  join godwit_kept.back_people_502965ae as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_id,
           email as put_email
      from app.users
  ) as source on source.source_id = back.source_id
 where target.id is distinct from source.put_id
    or target.email is distinct from source.put_email;
-- remove from app.people what is back in app.users
delete from app.people as target
 using godwit_kept.back_people_502965ae as back
 where back.place = 1
   and target.id = back.target_id
   and not exists (select from app.phones as child where child.person_id = target.id);
-- drop godwit_kept.back_people_502965ae
drop table godwit_kept.back_people_502965ae;
-- drop godwit_kept.moved_people_502965ae
drop table godwit_kept.moved_people_502965ae;

-- [8/13] undo: create table app.phones (20250102000000_after.gw:3)
--   locks app.phones (access exclusive); scan
-- note the rows that are left in app.phones: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.phones', 'app.phones',
       jsonb_build_object('person_id', leaving.person_id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.phones as leaving;
-- drop table app.phones
drop table app.phones;

-- [9/13] undo: create table app.people (20250102000000_after.gw:4)
--   locks app.people (access exclusive); scan
-- note the rows that are left in app.people: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.people', 'app.people',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.people as leaving;
-- drop table app.people
drop table app.people;

-- [10/13] leave nothing empty behind
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

-- [11/13] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [12/13] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.people', 'app.phones', 'app.users']::text[])::text);

-- [13/13] commit
commit;
