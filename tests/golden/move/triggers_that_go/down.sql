-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:e3ec4f23f0cf58f095b6c895d7a7ec17da869df615d05455b6294eb2a171a1bd
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:f27c35df7dbce4a4c5dcbbb3d2f7c3b29979c2ce55f000d07fa2de3977eb053d

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
lock table app.half in access exclusive mode;
lock table app.people in share row exclusive mode;

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

-- [5/14] undo: hide column app.half.token (20250102000000_after.gw:4)
--   locks app.half (access exclusive); instant
-- bring back column app.half.token
alter table app.half rename column _gw_keep_token to token;

-- [6/14] undo: keep table app.old_people (20250102000000_after.gw:3)
-- bring back table app.old_people
alter table godwit_kept_app_old_people_8e462c91.old_people set schema app;
-- leave nothing behind
drop schema godwit_kept_app_old_people_8e462c91;

-- [7/14] undo: move tokens (20250102000000_after.gw:2)
--   locks app.half (share row exclusive), app.tokens (row exclusive); scan
-- find the place of each row of app.tokens in app.half
create table godwit_kept.back_tokens_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         token as old_token,
         id as put_id,
         token as put_token
    from app.half
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         token,
         token as new_token
    from app.tokens
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.id, target.id) as place,
       case when target.token is not distinct from source.put_token
            then source.old_token
            when kept.source_id is null and target.new_token is null then source.old_token
            else target.new_token end
         as new_token
  from source
  join target on target.id = source.source_id
  left join godwit_kept.moved_tokens_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_id = target.id
 where (kept.source_id is not null or not exists (select from godwit_kept.stood_tokens_502965ae as stood where stood.id = target.id));
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_tokens_502965ae replica identity full;
-- hold back trigger stays on app.half: it must not change rows that are only moved
alter table app.half disable trigger stays;
-- what was withdrawn since does not come back to life
update app.half as source
   set token = null
  from godwit_kept.moved_tokens_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_tokens_502965ae as back where back.source_id = kept.source_id)
   and (source.token is not null);
-- carry what was written since back into app.half
update app.half as source
   set token = back.new_token
  from godwit_kept.back_tokens_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.token is distinct from back.new_token);
-- let trigger stays on app.half fire again
alter table app.half enable trigger stays;
-- note rows of which app.half holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move tokens', 'app.tokens',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.tokens as target
  join godwit_kept.back_tokens_502965ae as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_id,
           token as put_token
      from app.half
  ) as source on source.source_id = back.source_id
 where target.id is distinct from source.put_id
    or target.token is distinct from source.put_token;
-- remove from app.tokens what is back in app.half
delete from app.tokens as target
 using godwit_kept.back_tokens_502965ae as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_tokens_502965ae
drop table godwit_kept.back_tokens_502965ae;
-- drop godwit_kept.moved_tokens_502965ae
drop table godwit_kept.moved_tokens_502965ae;
-- drop godwit_kept.stood_tokens_502965ae
drop table godwit_kept.stood_tokens_502965ae;

-- [8/14] undo: move people (20250102000000_after.gw:1)
--   locks app.old_people (share row exclusive), app.people (row exclusive); scan
-- find the place of each row of app.people in app.old_people
create table godwit_kept.back_people_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         name as old_name,
         note as old_note,
         id as put_id,
         name as put_name,
         note as put_note
    from app.old_people
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         name,
         note,
         name as new_name,
         note as new_note
    from app.people
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.id, target.id) as place,
       case when target.name is not distinct from source.put_name
            then source.old_name
            when kept.source_id is null and target.new_name is null then source.old_name
            else target.new_name end
         as new_name,
       case when target.note is not distinct from source.put_note
            then source.old_note
            when kept.source_id is null and target.new_note is null then source.old_note
            else target.new_note end
         as new_note
  from source
  join target on target.id = source.source_id
  left join godwit_kept.moved_people_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_id = target.id
 where (kept.source_id is not null or not exists (select from godwit_kept.stood_people_502965ae as stood where stood.id = target.id));
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_people_502965ae replica identity full;
-- hold back trigger touch on app.old_people: it must not change rows that are only moved
alter table app.old_people disable trigger touch;
-- remove from app.old_people what was removed from app.people since
delete from app.old_people as source
 using godwit_kept.moved_people_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_people_502965ae as back where back.source_id = kept.source_id);
-- carry what was written since back into app.old_people
update app.old_people as source
   set name = back.new_name,
       note = back.new_note
  from godwit_kept.back_people_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.name is distinct from back.new_name
        or source.note is distinct from back.new_note);
-- what came since goes into app.old_people too
with target as (
  select id,
         name,
         note,
         name as new_name,
         note as new_note
    from app.people
),
late as (
  select target.*, target.id as target_id,
         row_number() over (partition by target.id order by target.id) as turn
    from target
   where not exists (select from app.old_people as source where source.id = target.id)
     and not exists (select from godwit_kept.stood_people_502965ae as stood where stood.id = target.id)
),
inserted as (
  insert into app.old_people (id, name, note)
  select late.id,
         late.new_name,
         late.new_note
    from late
   where late.turn = 1
     and late.id is not null
  on conflict do nothing
  returning id
)
insert into godwit_kept.back_people_502965ae (source_id, target_id, place)
select inserted.id, late.target_id, 1
  from inserted
  join late on late.id = inserted.id and late.turn = 1;
-- let trigger touch on app.old_people fire again
alter table app.old_people enable trigger touch;
-- note rows of which app.old_people holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.people as target
  join godwit_kept.back_people_502965ae as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_id,
           name as put_name,
           note as put_note
      from app.old_people
  ) as source on source.source_id = back.source_id
 where target.id is distinct from source.put_id
    or target.name is distinct from source.put_name
    or target.note is distinct from source.put_note;
-- remove from app.people what is back in app.old_people
delete from app.people as target
 using godwit_kept.back_people_502965ae as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_people_502965ae
drop table godwit_kept.back_people_502965ae;
-- drop godwit_kept.moved_people_502965ae
drop table godwit_kept.moved_people_502965ae;
-- drop godwit_kept.stood_people_502965ae
drop table godwit_kept.stood_people_502965ae;

-- [9/14] undo: drop trigger leaving on app.people (20250102000000_after.gw:6)
--   locks app.people (share row exclusive); instant
-- create trigger leaving on app.people
create trigger leaving before insert or update or delete on app.people
    for each row execute function app.touch();

-- [10/14] undo: drop trigger leaving on app.half (20250102000000_after.gw:5)
--   locks app.half (share row exclusive); instant
-- create trigger leaving on app.half
create trigger leaving before insert or update on app.half
    for each row execute function app.touch();

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
  'tables', array['app.half', 'app.old_people', 'app.people', 'app.tokens']::text[])::text);

-- [14/14] commit
commit;
