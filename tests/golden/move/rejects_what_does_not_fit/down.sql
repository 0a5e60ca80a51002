-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:d44e4f3691f46fa496a23e562fee6615505d786d86e1e219b39f860c1dd348bb
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8bb119158be8892fb7b41ec137376ec8ac1ce7751c7eaf5ca2d79d127b0027b0

-- [1/14] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/14] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/14] lock what will change, in one fixed order
lock table app.people in access exclusive mode;
lock table app.users in access exclusive mode;

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

-- [5/14] undo: hide column app.users.score (20250102000000_after.gw:21)
--   locks app.users (access exclusive); instant
-- bring back column app.users.score
alter table app.users rename column _gw_keep_score to score;

-- [6/14] undo: hide column app.users.region (20250102000000_after.gw:21)
--   locks app.users (access exclusive); instant
-- bring back column app.users.region
alter table app.users rename column _gw_keep_region to region;

-- [7/14] undo: hide column app.users.name (20250102000000_after.gw:21)
--   locks app.users (access exclusive); instant
-- bring back column app.users.name
alter table app.users rename column _gw_keep_name to name;

-- [8/14] undo: hide column app.users.age (20250102000000_after.gw:21)
--   locks app.users (access exclusive); instant
-- bring back column app.users.age
alter table app.users rename column _gw_keep_age to age;

-- [9/14] undo: move people (20250102000000_after.gw:12)
--   locks app.people (row exclusive), app.users (row exclusive); scan
-- make sure that godwit_kept.rejected exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
  if to_regclass('godwit_kept.rejected') is null then
    create table godwit_kept.rejected (
      migration text not null, step text not null, table_name text not null, key jsonb not null,
      row_data jsonb not null, sqlstate text not null, reason text not null,
      noted_at timestamptz not null default now()
    );
    alter table godwit_kept.rejected replica identity full;  -- a publication for all tables takes it in
  end if;
end
$godwit$;
-- find the place of each row of app.people in app.users
create table godwit_kept.back_people_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         age as old_age,
         name as old_name,
         region as old_region,
         score as old_score,
         id as put_id,
         email as put_email,
         name::character varying as put_name,
         case when exists (select from godwit_kept.moved_people_502965ae as recorded where recorded.source_id = users.id)
                 or (email <> '')
                 and not exists (select from godwit_kept.rejected as refused where (refused.migration, refused.step, refused.key) =
                      ('20250102000000_after', 'move people', jsonb_build_object('id', users.id)))
                then age::integer end as put_age,
         region as put_region_id,
         case when exists (select from godwit_kept.moved_people_502965ae as recorded where recorded.source_id = users.id)
                 or (email <> '')
                 and not exists (select from godwit_kept.rejected as refused where (refused.migration, refused.step, refused.key) =
                      ('20250102000000_after', 'move people', jsonb_build_object('id', users.id)))
                then score::numeric(4,1) end as put_score
    from app.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         email,
         age,
         name,
         region_id,
         score,
         age::text as new_age,
         name::text as new_name,
         region_id as new_region,
         score::numeric as new_score
    from app.people
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.id, target.id) as place,
       case when target.age is not distinct from source.put_age
            then source.old_age
            when kept.source_id is null and target.new_age is null then source.old_age
            else target.new_age end
         as new_age,
       case when target.name is not distinct from source.put_name
            then source.old_name
            when kept.source_id is null and target.new_name is null then source.old_name
            else target.new_name end
         as new_name,
       case when target.region_id is not distinct from source.put_region_id
            then source.old_region
            when kept.source_id is null and target.new_region is null then source.old_region
            else target.new_region end
         as new_region,
       case when target.score is not distinct from source.put_score
            then source.old_score
            when kept.source_id is null and target.new_score is null then source.old_score
            else target.new_score end
         as new_score
  from source
  join target on target.id = source.source_id
  left join godwit_kept.moved_people_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_id = target.id
 where (kept.source_id is not null or target.email = source.put_email);
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_people_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set age = null,
       name = null,
       region = null,
       score = null
  from godwit_kept.moved_people_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_people_502965ae as back where back.source_id = kept.source_id)
   and (source.age is not null
        or source.name is not null
        or source.region is not null
        or source.score is not null);
-- carry what was written since back into app.users
update app.users as source
   set age = back.new_age,
       name = back.new_name,
       region = back.new_region,
       score = back.new_score
  from godwit_kept.back_people_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.age is distinct from back.new_age
        or source.name is distinct from back.new_name
        or source.region is distinct from back.new_region
        or source.score is distinct from back.new_score);
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
           email as put_email,
           name::character varying as put_name,
           case when exists (select from godwit_kept.moved_people_502965ae as recorded where recorded.source_id = users.id)
                 or (email <> '')
                 and not exists (select from godwit_kept.rejected as refused where (refused.migration, refused.step, refused.key) =
                      ('20250102000000_after', 'move people', jsonb_build_object('id', users.id)))
                then age::integer end as put_age,
           region as put_region_id,
           case when exists (select from godwit_kept.moved_people_502965ae as recorded where recorded.source_id = users.id)
                 or (email <> '')
                 and not exists (select from godwit_kept.rejected as refused where (refused.migration, refused.step, refused.key) =
                      ('20250102000000_after', 'move people', jsonb_build_object('id', users.id)))
                then score::numeric(4,1) end as put_score
      from app.users
  ) as source on source.source_id = back.source_id
 where target.id is distinct from source.put_id
    or target.email is distinct from source.put_email
    or target.name is distinct from source.put_name
    or target.age is distinct from source.put_age
    or target.region_id is distinct from source.put_region_id
    or target.score is distinct from source.put_score;
-- remove from app.people what is back in app.users
delete from app.people as target
 using godwit_kept.back_people_502965ae as back
 where back.place = 1
   and target.id = back.target_id;
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- drop godwit_kept.back_people_502965ae
drop table godwit_kept.back_people_502965ae;
-- drop godwit_kept.moved_people_502965ae
drop table godwit_kept.moved_people_502965ae;
-- forget which rows did not fit: they are as they were
do $godwit$
declare something boolean;
begin
  if to_regclass('godwit_kept.rejected') is not null then
    delete from godwit_kept.rejected where (migration, step) = ('20250102000000_after', 'move people');
    select exists (select from godwit_kept.rejected) into something;
    if not something then
      drop table godwit_kept.rejected;
    end if;
  end if;
end
$godwit$;

-- [10/14] undo: create table app.people (20250102000000_after.gw:1)
--   locks app.people (access exclusive); scan
-- note the rows that are left in app.people: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.people', 'app.people',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.people as leaving;
-- drop table app.people
drop table app.people;

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
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [13/14] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.people', 'app.users']::text[])::text);

-- [14/14] commit
commit;
