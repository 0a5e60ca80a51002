-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:9a63f835b26422972571714243ca2b2b6a872de40ef52fff456063961cfd475f
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:0983524e27b4d9e33e3a771309b082000342ebccdb42ea1e8b8272e04f262eea

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
lock table app.births in access exclusive mode;

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

-- [5/13] undo: keep table app.people (20250102000000_after.gw:15)
-- bring back table app.people
alter table godwit_kept_app_people_d83054b6.people set schema app;
-- leave nothing behind
drop schema godwit_kept_app_people_d83054b6;

-- [6/13] undo: rows app.births (20250102000000_after.gw:11)
--   locks app.births (row exclusive); scan
-- take rows out of app.births that nobody changed and nothing refers to
delete from app.births as target
 using godwit_kept.seeded_births_be778ab2 as seed
 where target.id = seed.id
   and target.at = seed.at
   and target.name is not distinct from seed.name
   and target.weight is not distinct from null;
-- drop godwit_kept.seeded_births_be778ab2
drop table godwit_kept.seeded_births_be778ab2;

-- [7/13] undo: move births (20250102000000_after.gw:12)
--   locks app.births (row exclusive), app.people (row exclusive); scan
-- find the place of each row of app.births in app.people
create table godwit_kept.back_births_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         born as old_born,
         name as old_name,
         id as put_id,
         born as put_at,
         name as put_name
    from app.people
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         at,
         name,
         at as new_born,
         name as new_name
    from app.births
)
select source.source_id,
       target.id as target_id,
       target.at as target_at,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.id, target.at, target.id, target.at) as place,
       case when target.at is not distinct from source.put_at
            then source.old_born
            when kept.source_id is null and target.new_born is null then source.old_born
            else target.new_born end
         as new_born,
       case when target.name is not distinct from source.put_name
            then source.old_name
            when kept.source_id is null and target.new_name is null then source.old_name
            else target.new_name end
         as new_name
  from source
  join target on target.id = source.source_id
  left join godwit_kept.moved_births_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_id = target.id
   and kept.target_at = target.at;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_births_502965ae replica identity full;
-- remove from app.people what was removed from app.births since
delete from app.people as source
 using godwit_kept.moved_births_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_births_502965ae as back where back.source_id = kept.source_id);
-- leave out what app.people cannot hold: null in born
update godwit_kept.back_births_502965ae as back set place = null
 where place = 1 and back.new_born is null;
-- carry what was written since back into app.people
update app.people as source
   set born = back.new_born,
       name = back.new_name
  from godwit_kept.back_births_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.born is distinct from back.new_born
        or source.name is distinct from back.new_name);
-- what came since goes into app.people too
with target as (
  select id,
         at,
         name,
         at as new_born,
         name as new_name
    from app.births
),
late as (
  select target.*, target.id as target_id, target.at as target_at,
         row_number() over (partition by target.id order by target.id, target.at) as turn
    from target
   where not exists (select from app.people as source where source.id = target.id)
),
inserted as (
  insert into app.people (id, born, name)
  select late.id,
         late.new_born,
         late.new_name
    from late
   where late.turn = 1
     and late.id is not null
     and late.new_born is not null
  on conflict do nothing
  returning id
)
insert into godwit_kept.back_births_502965ae (source_id, target_id, target_at, place)
select inserted.id, late.target_id, late.target_at, 1
  from inserted
  join late on late.id = inserted.id and late.turn = 1;
-- note rows of which app.people holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move births', 'app.births',
       jsonb_build_object('id', target.id, 'at', target.at), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.births as target
  join godwit_kept.back_births_502965ae as back on target.id = back.target_id and target.at = back.target_at and back.place = 1
  join (
    select id as source_id,
           id as put_id,
           born as put_at,
           name as put_name
      from app.people
  ) as source on source.source_id = back.source_id
 where target.id is distinct from source.put_id
    or target.at is distinct from source.put_at
    or target.name is distinct from source.put_name
    or target.weight is distinct from null;
-- remove from app.births what is back in app.people
delete from app.births as target
 using godwit_kept.back_births_502965ae as back
 where back.place = 1
   and target.id = back.target_id
   and target.at = back.target_at;
-- drop godwit_kept.back_births_502965ae
drop table godwit_kept.back_births_502965ae;
-- drop godwit_kept.moved_births_502965ae
drop table godwit_kept.moved_births_502965ae;

-- [8/13] undo: backfill app.births (20250102000000_after.gw:13)
--   locks app.births (access share); scan
-- note rows of app.births that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.births', 'app.births',
       jsonb_build_object('id', target.id, 'at', target.at), to_jsonb(target),
       'changed since'
  from app.births as target
  left join godwit_kept.filled_births_cb4d9953 as kept on target.id = kept.row_id and target.at = kept.row_at
 where case when kept.row_id is not null then target.weight is distinct from kept.new_weight else target.weight is distinct from null end;
-- drop godwit_kept.filled_births_cb4d9953
drop table godwit_kept.filled_births_cb4d9953;

-- [9/13] undo: create table app.births (20250102000000_after.gw:1)
--   locks app.births (access exclusive); scan
-- note the rows that are left in app.births: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.births', 'app.births',
       jsonb_build_object('id', leaving.id, 'at', leaving.at), to_jsonb(leaving),
       'no place in the shape of before'
  from app.births as leaving;
-- drop table app.births
drop table app.births;

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
  'tables', array['app.b1900', 'app.b_rest', 'app.births', 'app.people']::text[])::text);

-- [13/13] commit
commit;
