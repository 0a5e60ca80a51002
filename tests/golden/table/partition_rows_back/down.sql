-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:c71a07711faa2e1a4872d8b93d53b8521fee382b6fdf3ecac8b87b6da1855c05
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:0fcc02790181efda817137ee0832bba9c25c426974dcb75c7b2eb56b9387fab1

-- [1/12] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

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
lock table app.births in access exclusive mode;
lock table app.people in access exclusive mode;

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

-- [5/12] undo: hide column app.births.name (20250102000000_after.gw:5)
--   locks app.births (access exclusive); instant
-- bring back column app.births.name
alter table app.births rename column _gw_keep_name to name;

-- [6/12] undo: move people (20250102000000_after.gw:2)
--   locks app.births (row exclusive), app.people (row exclusive); scan
-- find the place of each row of app.people in app.births
create table godwit_kept.back_people_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         at as source_at,
         name as old_name,
         id as put_id,
         at as put_born,
         name as put_name
    from app.births
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         born,
         name,
         name as new_name
    from app.people
)
select source.source_id,
       source.source_at,
       target.id as target_id,
       target.born as target_born,
       row_number() over (partition by source.source_id, source.source_at
                          order by (kept.source_id is not null) desc, target.id, target.born, target.id, target.born) as place,
       case when target.name is not distinct from source.put_name
            then source.old_name
            when kept.source_id is null and target.new_name is null then source.old_name
            else target.new_name end
         as new_name
  from source
  join target on target.id = source.source_id and target.born = source.source_at
  left join godwit_kept.moved_people_502965ae as kept
    on kept.source_id = source.source_id
   and kept.source_at = source.source_at
   and kept.target_id = target.id
   and kept.target_born = target.born;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_people_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.births as source
   set name = null
  from godwit_kept.moved_people_502965ae as kept
 where source.id = kept.source_id
   and source.at = kept.source_at
   and not exists (select from godwit_kept.back_people_502965ae as back where back.source_id = kept.source_id and back.source_at = kept.source_at)
   and (source.name is not null);
-- carry what was written since back into app.births
update app.births as source
   set name = back.new_name
  from godwit_kept.back_people_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and source.at = back.source_at
   and (source.name is distinct from back.new_name);
-- note rows of which app.births holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move people', 'app.people',
       jsonb_build_object('id', target.id, 'born', target.born), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.people as target
  join godwit_kept.back_people_502965ae as back on target.id = back.target_id and target.born = back.target_born and back.place = 1
  join (
    select id as source_id,
           at as source_at,
           id as put_id,
           at as put_born,
           name as put_name
      from app.births
  ) as source on source.source_id = back.source_id and source.source_at = back.source_at
 where target.id is distinct from source.put_id
    or target.born is distinct from source.put_born
    or target.name is distinct from source.put_name;
-- remove from app.people what is back in app.births
delete from app.people as target
 using godwit_kept.back_people_502965ae as back
 where back.place = 1
   and target.id = back.target_id
   and target.born = back.target_born;
-- drop godwit_kept.back_people_502965ae
drop table godwit_kept.back_people_502965ae;
-- drop godwit_kept.moved_people_502965ae
drop table godwit_kept.moved_people_502965ae;

-- [7/12] undo: backfill app.births (20250102000000_after.gw:3)
--   locks app.births (row exclusive); scan
-- note rows of app.births that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.births', 'app.births',
       jsonb_build_object('id', target.id, 'at', target.at), to_jsonb(target),
       'changed since'
  from app.births as target
  left join godwit_kept.filled_births_c6a6ff43 as kept on target.id = kept.row_id and target.at = kept.row_at
 where (kept.row_id is not null and target.weight is distinct from kept.new_weight);
-- give app.births its old values back where nobody changed them since
update app.births as target
   set weight = case when target.weight is not distinct from kept.new_weight
              then kept.old_weight else target.weight end
  from godwit_kept.filled_births_c6a6ff43 as kept
 where target.id = kept.row_id
   and target.at = kept.row_at
   and ((target.weight is not distinct from kept.new_weight and target.weight is distinct from kept.old_weight));
-- drop godwit_kept.filled_births_c6a6ff43
drop table godwit_kept.filled_births_c6a6ff43;

-- [8/12] undo: create table app.people (20250102000000_after.gw:1)
--   locks app.people (access exclusive); scan
-- note the rows that are left in app.people: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.people', 'app.people',
       jsonb_build_object('id', leaving.id, 'born', leaving.born), to_jsonb(leaving),
       'no place in the shape of before'
  from app.people as leaving;
-- drop table app.people
drop table app.people;

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
  'tables', array['app.births', 'app.people']::text[])::text);

-- [12/12] commit
commit;
