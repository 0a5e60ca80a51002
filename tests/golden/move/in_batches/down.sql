-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3b5062be01c5acc973536858bd995b8e9edc2d7ea80f688b9794c2579806d701
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- transactions: several
-- content: sha256:be77d6f4775412d56a2d2803f843f27d81a78e1d1a43b785ad43de0e3b8a8888

-- [1/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/76] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/76] commit
commit;

-- [4/76] what has only begun
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun') as is_begun
\gset
\if :is_begun

-- [5/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [6/76] refuse when this is not the last migration, is final, or its window is closed
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

-- [7/76] lock what will change, in one fixed order
lock table app.integrations in access exclusive mode;
lock table app.services in access exclusive mode;
lock table app.users in access exclusive mode;

-- [8/76] a place for what has none in the old shape
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

-- [9/76] settle move telegram (20250102000000_after.gw:27)
--   locks app.integrations (row exclusive), app.users (access exclusive); scan
--   godwit_kept.moved_telegram_502965ae remembers which rows were moved, until finalize
--   rollback: chat := account
-- what was written meanwhile
do $$
#variable_conflict use_column
begin
  perform godwit_kept.catch_up_telegram_502965ae();
exception when data_exception or integrity_constraint_violation or cardinality_violation
      or program_limit_exceeded or raise_exception then
  -- what was written does not fit: it stays as it is, and what the batches made of these rows goes
  if exists (select from godwit_kept.late_telegram_502965ae where source_id is null) then  -- every row is concerned
    insert into godwit_kept.late_telegram_502965ae select source_id from godwit_kept.moved_telegram_502965ae;
  end if;
  -- changed since on both sides
  insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
  select '20250102000000_after', 'move telegram', 'app.integrations',
         jsonb_build_object('id', target.id), to_jsonb(target),
         'changed on both sides while rows were moved in batches'
    from app.integrations as target,
         godwit_kept.moved_telegram_502965ae as kept
   where target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and not kept.already_there
     and exists (select from godwit_kept.late_telegram_502965ae as late where late.source_id = kept.source_id)
     and target.xmin <> kept.put_in;
  -- their rows of the target
  delete from app.integrations as target
   using godwit_kept.moved_telegram_502965ae as kept
   where target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and not kept.already_there
     and exists (select from godwit_kept.late_telegram_502965ae as late where late.source_id = kept.source_id);
  -- and the record of them
  delete from godwit_kept.moved_telegram_502965ae as kept
   where exists (select from godwit_kept.late_telegram_502965ae as late where late.source_id = kept.source_id);

end $$;
-- nothing is noted any more
drop trigger _gw_note_telegram_502965ae on app.users;
drop trigger _gw_all_note_telegram_502965ae on app.users;
drop function godwit_kept.note_telegram_502965ae(), godwit_kept.batch_telegram_502965ae(integer), godwit_kept.catch_up_telegram_502965ae();
drop table godwit_kept.late_telegram_502965ae, godwit_kept.again_telegram_502965ae;
-- the record needs no more than that
alter table godwit_kept.moved_telegram_502965ae drop column put_in;

-- [10/76] settle move gmail (20250102000000_after.gw:19)
--   locks app.integrations (row exclusive), app.users (access exclusive); scan
--   godwit_kept.moved_gmail_502965ae remembers which rows were moved, until finalize
--   sample 10: a defect in more than 36.91 % of rows would be seen with 99 % confidence
--   rollback: access_token := access_token
-- what was written meanwhile
do $$
#variable_conflict use_column
begin
  perform godwit_kept.catch_up_gmail_502965ae();
exception when data_exception or integrity_constraint_violation or cardinality_violation
      or program_limit_exceeded or raise_exception then
  -- what was written does not fit: it stays as it is, and what the batches made of these rows goes
  if exists (select from godwit_kept.late_gmail_502965ae where source_id is null) then  -- every row is concerned
    insert into godwit_kept.late_gmail_502965ae select source_id from godwit_kept.moved_gmail_502965ae;
  end if;
  -- changed since on both sides
  insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
  select '20250102000000_after', 'move gmail', 'app.integrations',
         jsonb_build_object('id', target.id), to_jsonb(target),
         'changed on both sides while rows were moved in batches'
    from app.integrations as target,
         godwit_kept.moved_gmail_502965ae as kept
   where target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id = kept.source_id)
     and target.xmin <> kept.put_in;
  -- their rows of the target
  delete from app.integrations as target
   using godwit_kept.moved_gmail_502965ae as kept
   where target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id = kept.source_id);
  -- and the record of them
  delete from godwit_kept.moved_gmail_502965ae as kept
   where exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id = kept.source_id);

end $$;
-- nothing is noted any more
drop trigger _gw_note_gmail_502965ae on app.users;
drop trigger _gw_all_note_gmail_502965ae on app.users;
drop function godwit_kept.note_gmail_502965ae(), godwit_kept.batch_gmail_502965ae(integer), godwit_kept.catch_up_gmail_502965ae();
drop table godwit_kept.late_gmail_502965ae, godwit_kept.again_gmail_502965ae;
-- the record needs no more than that
alter table godwit_kept.moved_gmail_502965ae drop column put_in;

-- [11/76] undo: move telegram (20250102000000_after.gw:27)
--   locks app.integrations (row exclusive), app.users (row exclusive); scan
-- find the place of each row of app.integrations in app.users
create table godwit_kept.back_telegram_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         chat as old_chat,
         u.id as put_user_id,
         u.chat as put_account
    from app.users as u
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         service_id,
         account,
         account as new_chat
    from app.integrations
   where service_id = 'telegram'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.account is not distinct from source.put_account
            then source.old_chat
            when kept.source_id is null and target.new_chat is null then source.old_chat
            else target.new_chat end
         as new_chat
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_telegram_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
   and not kept.already_there
 where not exists (select from godwit_kept.moved_telegram_502965ae as there where source.source_id = there.source_id and there.already_there);
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_telegram_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set chat = null
  from godwit_kept.moved_telegram_502965ae as kept
 where source.id = kept.source_id
   and not kept.already_there
   and not exists (select from godwit_kept.back_telegram_502965ae as back where back.source_id = kept.source_id)
   and (source.chat is not null);
-- carry what was written since back into app.users
update app.users as source
   set chat = back.new_chat
  from godwit_kept.back_telegram_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.chat is distinct from back.new_chat);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move telegram', 'app.integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.integrations as target
  join godwit_kept.back_telegram_502965ae as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           u.id as put_user_id,
           u.chat as put_account
      from app.users as u
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'telegram'::text
    or target.account is distinct from source.put_account
    or target.access_token is distinct from null;
-- remove from app.integrations what is back in app.users
delete from app.integrations as target
 using godwit_kept.back_telegram_502965ae as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_telegram_502965ae
drop table godwit_kept.back_telegram_502965ae;
-- drop godwit_kept.moved_telegram_502965ae
drop table godwit_kept.moved_telegram_502965ae;

-- [12/76] undo: move gmail (20250102000000_after.gw:19)
--   locks app.integrations (row exclusive), app.users (row exclusive); scan
-- find the place of each row of app.integrations in app.users
create table godwit_kept.back_gmail_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         access_token as old_access_token,
         id as put_user_id,
         email as put_account,
         access_token as put_access_token
    from app.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         account,
         service_id,
         access_token,
         access_token as new_access_token
    from app.integrations
   where service_id = 'gmail'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.access_token is not distinct from source.put_access_token
            then source.old_access_token
            when kept.source_id is null and target.new_access_token is null then source.old_access_token
            else target.new_access_token end
         as new_access_token
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_gmail_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
 where (kept.source_id is not null or target.account = source.put_account);
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_gmail_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set access_token = null
  from godwit_kept.moved_gmail_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_gmail_502965ae as back where back.source_id = kept.source_id)
   and (source.access_token is not null);
-- carry what was written since back into app.users
update app.users as source
   set access_token = back.new_access_token
  from godwit_kept.back_gmail_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.access_token is distinct from back.new_access_token);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move gmail', 'app.integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.integrations as target
  join godwit_kept.back_gmail_502965ae as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           email as put_account,
           access_token as put_access_token
      from app.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'gmail'::text
    or target.account is distinct from source.put_account
    or target.access_token is distinct from source.put_access_token;
-- remove from app.integrations what is back in app.users
delete from app.integrations as target
 using godwit_kept.back_gmail_502965ae as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_gmail_502965ae
drop table godwit_kept.back_gmail_502965ae;
-- drop godwit_kept.moved_gmail_502965ae
drop table godwit_kept.moved_gmail_502965ae;

-- [13/76] undo: rows app.services (20250102000000_after.gw:6)
--   locks app.integrations (row exclusive), app.services (row exclusive); scan
-- note the rows that are left in app.integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.integrations', 'app.integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.integrations as leaving
 where exists (select from app.services as target, godwit_kept.seeded_services_40f1cbc1 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- remove these rows from app.integrations
delete from app.integrations as leaving
 where exists (select from app.services as target, godwit_kept.seeded_services_40f1cbc1 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- take rows out of app.services that nobody changed and nothing refers to
delete from app.services as target
 using godwit_kept.seeded_services_40f1cbc1 as seed
 where target.id = seed.id
   and target.name is not distinct from seed.name
   and not exists (select from app.integrations as child where child.service_id = target.id);
-- drop godwit_kept.seeded_services_40f1cbc1
drop table godwit_kept.seeded_services_40f1cbc1;

-- [14/76] undo: create table app.integrations (20250102000000_after.gw:8)
--   locks app.integrations (access exclusive); scan
-- note the rows that are left in app.integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.integrations', 'app.integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.integrations as leaving;
-- drop table app.integrations
drop table app.integrations;

-- [15/76] undo: create table app.services (20250102000000_after.gw:1)
--   locks app.services (access exclusive); scan
-- note the rows that are left in app.services: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.services', 'app.services',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.services as leaving;
-- drop table app.services
drop table app.services;

-- [16/76] leave nothing empty behind
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

-- [17/76] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [18/76] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.integrations', 'app.services', 'app.users']::text[])::text);

-- [19/76] commit
commit;

-- [20/76] so far
\endif

-- [21/76] part 1 of 5: what the batches need
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = 0) as part_1
\gset
\if :part_1

-- [22/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [23/76] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = 0) then
    raise exception using errcode = 'GW001',
      message = 'part 1 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [24/76] lock what will change, in one fixed order
lock table app.integrations in share row exclusive mode;
lock table app.users in share row exclusive mode;

-- [25/76] prepare the way back of move telegram (20250102000000_after.gw:27)
--   locks app.integrations (share row exclusive), app.users (share row exclusive); scan
-- app.users with the columns of before, some of which are hidden still
create view godwit_kept.before_telegram_502965ae as
select id,
       email,
       _gw_keep_access_token as access_token,
       _gw_keep_chat as chat
  from app.users;
-- a place for what is found: which row of app.integrations goes back to which of app.users
create table godwit_kept.back_telegram_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         chat as old_chat,
         u.id as put_user_id,
         u.chat as put_account
    from godwit_kept.before_telegram_502965ae as u
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         service_id,
         account,
         account as new_chat
    from app.integrations
   where service_id = 'telegram'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.account is not distinct from source.put_account
            then source.old_chat
            when kept.source_id is null and target.new_chat is null then source.old_chat
            else target.new_chat end
         as new_chat
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_telegram_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
   and not kept.already_there
 where not exists (select from godwit_kept.moved_telegram_502965ae as there where source.source_id = there.source_id and there.already_there)
  with no data;
alter table godwit_kept.back_telegram_502965ae add primary key (source_id, target_id);
-- and for those that say more than what was put there
create table godwit_kept.touched_telegram_502965ae as
select source_id
  from godwit_kept.moved_telegram_502965ae
  with no data;
alter table godwit_kept.touched_telegram_502965ae add primary key (source_id);
-- note which rows of app.users applications write from here on
create table godwit_kept.since_telegram_502965ae as
select id as source_id
  from app.users
  with no data;
alter table godwit_kept.since_telegram_502965ae replica identity full;
create function godwit_kept.note_here_telegram_502965ae() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.since_telegram_502965ae (source_id) values (null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' then
      insert into godwit_kept.since_telegram_502965ae (source_id) values (old.id);
    end if;
    if tg_op <> 'DELETE' then
      insert into godwit_kept.since_telegram_502965ae (source_id) values (new.id);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_here_telegram_502965ae after insert or update or delete on app.users
  for each row execute function godwit_kept.note_here_telegram_502965ae();
alter table app.users enable always trigger _gw_note_here_telegram_502965ae;
create trigger _gw_all_note_here_telegram_502965ae after truncate on app.users
  for each statement execute function godwit_kept.note_here_telegram_502965ae();
alter table app.users enable always trigger _gw_all_note_here_telegram_502965ae;
-- and which are written to app.integrations
create function godwit_kept.note_there_telegram_502965ae() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.since_telegram_502965ae (source_id) values (null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' and old.user_id is not null then
      insert into godwit_kept.since_telegram_502965ae (source_id) values (old.user_id);
    end if;
    if tg_op <> 'DELETE' and new.user_id is not null then
      insert into godwit_kept.since_telegram_502965ae (source_id) values (new.user_id);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_there_telegram_502965ae after insert or update or delete on app.integrations
  for each row execute function godwit_kept.note_there_telegram_502965ae();
alter table app.integrations enable always trigger _gw_note_there_telegram_502965ae;
create trigger _gw_all_note_there_telegram_502965ae after truncate on app.integrations
  for each statement execute function godwit_kept.note_there_telegram_502965ae();
alter table app.integrations enable always trigger _gw_all_note_there_telegram_502965ae;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, range, next_key, last_key, rows_expected)
with size as (
  select greatest(reltuples, 0)::bigint as of_table from pg_class where oid = 'app.users'::regclass
), bounds as (                      -- the values between which there are about as many rows each
  select histogram_bounds::text::bigint[] as bound from pg_stats, size
   where (schemaname, tablename, attname) = ('app', 'users', 'id')
     and of_table >= 8000          -- a smaller table is one range
   order by inherited desc limit 1
), cuts as (
  select (select id from app.users order by id limit 1) as low
  union
  select bound[1 + (cardinality(bound) - 1) * part / 8]
    from bounds, generate_series(1, 7) as part
), ranges as (
  select row_number() over (order by low) as range, low, lead(low) over (order by low) as high,
         count(*) over () as parts
    from cuts
)
select '20250102000000_after', 'find the places of move telegram', range,
       (select array[id::text] from app.users where id >= low order by id limit 1),
       case when high is null then (select array[id::text] from app.users order by id desc limit 1)
            else (select array[id::text] from app.users where id < high order by id desc limit 1) end,
       of_table / parts
  from ranges, size;
-- one batch: the next rows by key, with their record and the place to go on from; null: none is left
create function godwit_kept.find_telegram_502965ae(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 app.users.id%type;
  v_high_1 app.users.id%type;
  v_last_1 app.users.id%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find the places of move telegram') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find the places of move telegram') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select id into v_high_1
    from app.users where id >= v_low_1 and id <= v_last_1
   order by id offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1;
    select count(*) into v_read from app.users where id >= v_low_1 and id <= v_last_1;
  end if;

  -- where each row goes back to
  insert into godwit_kept.back_telegram_502965ae
  with source as (                    -- each row of the source, and what the move would put for it
    select id as source_id,
           chat as old_chat,
           u.id as put_user_id,
           u.chat as put_account
      from godwit_kept.before_telegram_502965ae as u
     where u.id >= v_low_1 and u.id <= v_high_1
  ),
  target as (                         -- each row of this move, and what it says for the source
    select id,
           user_id,
           service_id,
           account,
           account as new_chat
      from app.integrations
     where service_id = 'telegram'::text
  )
  select source.source_id,
         target.id as target_id,
         row_number() over (partition by source.source_id
                            order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
         case when target.account is not distinct from source.put_account
              then source.old_chat
              when kept.source_id is null and target.new_chat is null then source.old_chat
              else target.new_chat end
           as new_chat
    from source
    join target on target.user_id = source.source_id
    left join godwit_kept.moved_telegram_502965ae as kept
      on kept.source_id = source.source_id
     and kept.target_user_id = target.user_id
     and kept.target_account = target.account
     and not kept.already_there
   where not exists (select from godwit_kept.moved_telegram_502965ae as there where source.source_id = there.source_id and there.already_there);
  get diagnostics v_written = row_count;
  -- and which of them say more than what was put there
  insert into godwit_kept.touched_telegram_502965ae (source_id)
  select kept.source_id
    from godwit_kept.moved_telegram_502965ae as kept
   where kept.source_id >= v_low_1 and kept.source_id <= v_high_1
     and not kept.already_there
     and not exists (select from godwit_kept.back_telegram_502965ae as back where back.source_id = kept.source_id)
  union
  select back.source_id
    from godwit_kept.back_telegram_502965ae as back
    join (
      select id as source_id,
             chat as old_chat,
             u.id as put_user_id,
             u.chat as put_account
        from godwit_kept.before_telegram_502965ae as u
       where u.id >= v_low_1 and u.id <= v_high_1
    ) as source on source.source_id = back.source_id
    join app.integrations as target on target.id = back.target_id
   where back.source_id >= v_low_1 and back.source_id <= v_high_1
     and back.place = 1
     and (source.old_chat is distinct from back.new_chat
          or target.user_id is distinct from source.put_user_id
          or target.service_id is distinct from 'telegram'::text
          or target.account is distinct from source.put_account
          or target.access_token is distinct from null);

  select array[id::text] into v_next
    from app.users where id > v_high_1 and id <= v_last_1
   order by id limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'find the places of move telegram') and range = v_range;
  return v_read;
end $godwit$;
create function godwit_kept.remove_telegram_502965ae(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 godwit_kept.back_telegram_502965ae.source_id%type;
  v_high_1 godwit_kept.back_telegram_502965ae.source_id%type;
  v_last_1 godwit_kept.back_telegram_502965ae.source_id%type;
  v_low_2 godwit_kept.back_telegram_502965ae.target_id%type;
  v_high_2 godwit_kept.back_telegram_502965ae.target_id%type;
  v_last_2 godwit_kept.back_telegram_502965ae.target_id%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'remove what came with move telegram') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'remove what came with move telegram') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select source_id, target_id into v_high_1, v_high_2
    from godwit_kept.back_telegram_502965ae where (source_id, target_id) >= (v_low_1, v_low_2) and (source_id, target_id) <= (v_last_1, v_last_2)
   order by source_id, target_id offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1; v_high_2 := v_last_2;
    select count(*) into v_read from godwit_kept.back_telegram_502965ae where (source_id, target_id) >= (v_low_1, v_low_2) and (source_id, target_id) <= (v_last_1, v_last_2);
  end if;

  -- remove from app.integrations what is back in app.users
  delete from app.integrations as target
   using godwit_kept.back_telegram_502965ae as back
   where back.place = 1
     and target.id = back.target_id
     and (back.source_id, back.target_id) >= (v_low_1, v_low_2) and (back.source_id, back.target_id) <= (v_high_1, v_high_2)
     and not exists (select from godwit_kept.since_telegram_502965ae as late where late.source_id = back.source_id);
  get diagnostics v_written = row_count;

  select array[source_id::text, target_id::text] into v_next
    from godwit_kept.back_telegram_502965ae where (source_id, target_id) > (v_high_1, v_high_2) and (source_id, target_id) <= (v_last_1, v_last_2)
   order by source_id, target_id limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'remove what came with move telegram') and range = v_range;
  return v_read;
end $godwit$;

-- [26/76] prepare the way back of move gmail (20250102000000_after.gw:19)
--   locks app.integrations (share row exclusive), app.users (share row exclusive); scan
-- app.users with the columns of before, some of which are hidden still
create view godwit_kept.before_gmail_502965ae as
select id,
       email,
       _gw_keep_access_token as access_token,
       _gw_keep_chat as chat
  from app.users;
-- a place for what is found: which row of app.integrations goes back to which of app.users
create table godwit_kept.back_gmail_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         access_token as old_access_token,
         id as put_user_id,
         email as put_account,
         access_token as put_access_token
    from godwit_kept.before_gmail_502965ae as users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         account,
         service_id,
         access_token,
         access_token as new_access_token
    from app.integrations
   where service_id = 'gmail'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.access_token is not distinct from source.put_access_token
            then source.old_access_token
            when kept.source_id is null and target.new_access_token is null then source.old_access_token
            else target.new_access_token end
         as new_access_token
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_gmail_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
 where (kept.source_id is not null or target.account = source.put_account)
  with no data;
alter table godwit_kept.back_gmail_502965ae add primary key (source_id, target_id);
-- and for those that say more than what was put there
create table godwit_kept.touched_gmail_502965ae as
select source_id
  from godwit_kept.moved_gmail_502965ae
  with no data;
alter table godwit_kept.touched_gmail_502965ae add primary key (source_id);
-- note which rows of app.users applications write from here on
create table godwit_kept.since_gmail_502965ae as
select id as source_id
  from app.users
  with no data;
alter table godwit_kept.since_gmail_502965ae replica identity full;
create function godwit_kept.note_here_gmail_502965ae() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.since_gmail_502965ae (source_id) values (null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' then
      insert into godwit_kept.since_gmail_502965ae (source_id) values (old.id);
    end if;
    if tg_op <> 'DELETE' then
      insert into godwit_kept.since_gmail_502965ae (source_id) values (new.id);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_here_gmail_502965ae after insert or update or delete on app.users
  for each row execute function godwit_kept.note_here_gmail_502965ae();
alter table app.users enable always trigger _gw_note_here_gmail_502965ae;
create trigger _gw_all_note_here_gmail_502965ae after truncate on app.users
  for each statement execute function godwit_kept.note_here_gmail_502965ae();
alter table app.users enable always trigger _gw_all_note_here_gmail_502965ae;
-- and which are written to app.integrations
create function godwit_kept.note_there_gmail_502965ae() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.since_gmail_502965ae (source_id) values (null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' and old.user_id is not null then
      insert into godwit_kept.since_gmail_502965ae (source_id) values (old.user_id);
    end if;
    if tg_op <> 'DELETE' and new.user_id is not null then
      insert into godwit_kept.since_gmail_502965ae (source_id) values (new.user_id);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_there_gmail_502965ae after insert or update or delete on app.integrations
  for each row execute function godwit_kept.note_there_gmail_502965ae();
alter table app.integrations enable always trigger _gw_note_there_gmail_502965ae;
create trigger _gw_all_note_there_gmail_502965ae after truncate on app.integrations
  for each statement execute function godwit_kept.note_there_gmail_502965ae();
alter table app.integrations enable always trigger _gw_all_note_there_gmail_502965ae;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, range, next_key, last_key, rows_expected)
with size as (
  select greatest(reltuples, 0)::bigint as of_table from pg_class where oid = 'app.users'::regclass
), bounds as (                      -- the values between which there are about as many rows each
  select histogram_bounds::text::bigint[] as bound from pg_stats, size
   where (schemaname, tablename, attname) = ('app', 'users', 'id')
     and of_table >= 16000          -- a smaller table is one range
   order by inherited desc limit 1
), cuts as (
  select (select id from app.users order by id limit 1) as low
  union
  select bound[1 + (cardinality(bound) - 1) * part / 8]
    from bounds, generate_series(1, 7) as part
), ranges as (
  select row_number() over (order by low) as range, low, lead(low) over (order by low) as high,
         count(*) over () as parts
    from cuts
)
select '20250102000000_after', 'find the places of move gmail', range,
       (select array[id::text] from app.users where id >= low order by id limit 1),
       case when high is null then (select array[id::text] from app.users order by id desc limit 1)
            else (select array[id::text] from app.users where id < high order by id desc limit 1) end,
       of_table / parts
  from ranges, size;
-- one batch: the next rows by key, with their record and the place to go on from; null: none is left
create function godwit_kept.find_gmail_502965ae(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 app.users.id%type;
  v_high_1 app.users.id%type;
  v_last_1 app.users.id%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find the places of move gmail') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find the places of move gmail') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select id into v_high_1
    from app.users where id >= v_low_1 and id <= v_last_1
   order by id offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1;
    select count(*) into v_read from app.users where id >= v_low_1 and id <= v_last_1;
  end if;

  -- where each row goes back to
  insert into godwit_kept.back_gmail_502965ae
  with source as (                    -- each row of the source, and what the move would put for it
    select id as source_id,
           access_token as old_access_token,
           id as put_user_id,
           email as put_account,
           access_token as put_access_token
      from godwit_kept.before_gmail_502965ae as users
     where users.id >= v_low_1 and users.id <= v_high_1
  ),
  target as (                         -- each row of this move, and what it says for the source
    select id,
           user_id,
           account,
           service_id,
           access_token,
           access_token as new_access_token
      from app.integrations
     where service_id = 'gmail'::text
  )
  select source.source_id,
         target.id as target_id,
         row_number() over (partition by source.source_id
                            order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
         case when target.access_token is not distinct from source.put_access_token
              then source.old_access_token
              when kept.source_id is null and target.new_access_token is null then source.old_access_token
              else target.new_access_token end
           as new_access_token
    from source
    join target on target.user_id = source.source_id
    left join godwit_kept.moved_gmail_502965ae as kept
      on kept.source_id = source.source_id
     and kept.target_user_id = target.user_id
     and kept.target_account = target.account
   where (kept.source_id is not null or target.account = source.put_account);
  get diagnostics v_written = row_count;
  -- and which of them say more than what was put there
  insert into godwit_kept.touched_gmail_502965ae (source_id)
  select kept.source_id
    from godwit_kept.moved_gmail_502965ae as kept
   where kept.source_id >= v_low_1 and kept.source_id <= v_high_1
     and not exists (select from godwit_kept.back_gmail_502965ae as back where back.source_id = kept.source_id)
  union
  select back.source_id
    from godwit_kept.back_gmail_502965ae as back
    join (
      select id as source_id,
             access_token as old_access_token,
             id as put_user_id,
             email as put_account,
             access_token as put_access_token
        from godwit_kept.before_gmail_502965ae as users
       where users.id >= v_low_1 and users.id <= v_high_1
    ) as source on source.source_id = back.source_id
    join app.integrations as target on target.id = back.target_id
   where back.source_id >= v_low_1 and back.source_id <= v_high_1
     and back.place = 1
     and (source.old_access_token is distinct from back.new_access_token
          or target.user_id is distinct from source.put_user_id
          or target.service_id is distinct from 'gmail'::text
          or target.account is distinct from source.put_account
          or target.access_token is distinct from source.put_access_token);

  select array[id::text] into v_next
    from app.users where id > v_high_1 and id <= v_last_1
   order by id limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'find the places of move gmail') and range = v_range;
  return v_read;
end $godwit$;
create function godwit_kept.remove_gmail_502965ae(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 godwit_kept.back_gmail_502965ae.source_id%type;
  v_high_1 godwit_kept.back_gmail_502965ae.source_id%type;
  v_last_1 godwit_kept.back_gmail_502965ae.source_id%type;
  v_low_2 godwit_kept.back_gmail_502965ae.target_id%type;
  v_high_2 godwit_kept.back_gmail_502965ae.target_id%type;
  v_last_2 godwit_kept.back_gmail_502965ae.target_id%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'remove what came with move gmail') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'remove what came with move gmail') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select source_id, target_id into v_high_1, v_high_2
    from godwit_kept.back_gmail_502965ae where (source_id, target_id) >= (v_low_1, v_low_2) and (source_id, target_id) <= (v_last_1, v_last_2)
   order by source_id, target_id offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1; v_high_2 := v_last_2;
    select count(*) into v_read from godwit_kept.back_gmail_502965ae where (source_id, target_id) >= (v_low_1, v_low_2) and (source_id, target_id) <= (v_last_1, v_last_2);
  end if;

  -- remove from app.integrations what is back in app.users
  delete from app.integrations as target
   using godwit_kept.back_gmail_502965ae as back
   where back.place = 1
     and target.id = back.target_id
     and (back.source_id, back.target_id) >= (v_low_1, v_low_2) and (back.source_id, back.target_id) <= (v_high_1, v_high_2)
     and not exists (select from godwit_kept.since_gmail_502965ae as late where late.source_id = back.source_id);
  get diagnostics v_written = row_count;

  select array[source_id::text, target_id::text] into v_next
    from godwit_kept.back_gmail_502965ae where (source_id, target_id) > (v_high_1, v_high_2) and (source_id, target_id) <= (v_last_1, v_last_2)
   order by source_id, target_id limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'remove what came with move gmail') and range = v_range;
  return v_read;
end $godwit$;

-- [27/76] part 1 is done
update godwit.migration set parts_done = -1 where id = '20250102000000_after';

-- [28/76] remember the catalog
select godwit.remember();

-- [29/76] commit
commit;

-- [30/76] so far
\endif

-- [31/76] part 2 of 5: where each row goes back to, each batch a transaction
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -1) as part_2
\gset
\if :part_2

-- [32/76] find the places of move telegram (20250102000000_after.gw:27)
--   batches of 500 by godwit_kept.find_telegram_502965ae
do $$
begin
  while godwit_kept.find_telegram_502965ae(500) is not null loop
    commit;
  end loop;
end $$;

-- [33/76] find the places of move gmail (20250102000000_after.gw:19)
--   batches of 1000 by godwit_kept.find_gmail_502965ae
do $$
begin
  while godwit_kept.find_gmail_502965ae(1000) is not null loop
    commit;
  end loop;
end $$;

-- [34/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [35/76] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -1) then
    raise exception using errcode = 'GW001',
      message = 'part 2 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [36/76] part 2 is done
update godwit.migration set parts_done = -2 where id = '20250102000000_after';

-- [37/76] commit
commit;

-- [38/76] so far
\endif

-- [39/76] part 3 of 5: the turn: the old shape, with what was written since
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -2) as part_3
\gset
\if :part_3

-- [40/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [41/76] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -2) then
    raise exception using errcode = 'GW001',
      message = 'part 3 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [42/76] lock what will change, in one fixed order
lock table app.integrations in share row exclusive mode;
lock table app.users in access exclusive mode;

-- [43/76] a place for what has none in the old shape
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

-- [44/76] what found the places of move telegram goes (20250102000000_after.gw:27)
-- what looked at the new shape goes
drop function godwit_kept.find_telegram_502965ae(integer);
drop view godwit_kept.before_telegram_502965ae;

-- [45/76] what found the places of move gmail goes (20250102000000_after.gw:19)
-- what looked at the new shape goes
drop function godwit_kept.find_gmail_502965ae(integer);
drop view godwit_kept.before_gmail_502965ae;

-- [46/76] undo: hide column app.users.chat (20250102000000_after.gw:35)
--   locks app.users (access exclusive); instant
-- bring back column app.users.chat
alter table app.users rename column _gw_keep_chat to chat;

-- [47/76] undo: hide column app.users.access_token (20250102000000_after.gw:35)
--   locks app.users (access exclusive); instant
-- bring back column app.users.access_token
alter table app.users rename column _gw_keep_access_token to access_token;

-- [48/76] carry back: move telegram (20250102000000_after.gw:27)
--   locks app.integrations (share row exclusive), app.users (access exclusive), godwit_kept.back_telegram_502965ae (access share); scan
-- when every row is concerned
insert into godwit_kept.since_telegram_502965ae (source_id)
select id from app.users
 where exists (select from godwit_kept.since_telegram_502965ae where source_id is null);
delete from godwit_kept.since_telegram_502965ae where source_id is null;
-- what was written since is found again
delete from godwit_kept.back_telegram_502965ae as back
 using godwit_kept.since_telegram_502965ae as late
 where back.source_id = late.source_id;
insert into godwit_kept.back_telegram_502965ae
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         chat as old_chat,
         u.id as put_user_id,
         u.chat as put_account
    from app.users as u
   where exists (select from godwit_kept.since_telegram_502965ae as late where late.source_id = u.id)
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         service_id,
         account,
         account as new_chat
    from app.integrations
   where service_id = 'telegram'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.account is not distinct from source.put_account
            then source.old_chat
            when kept.source_id is null and target.new_chat is null then source.old_chat
            else target.new_chat end
         as new_chat
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_telegram_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
   and not kept.already_there
 where not exists (select from godwit_kept.moved_telegram_502965ae as there where source.source_id = there.source_id and there.already_there);
insert into godwit_kept.touched_telegram_502965ae (source_id)
select distinct source_id from godwit_kept.since_telegram_502965ae
 on conflict do nothing;
-- only these are looked at, the others hold what the move put there
create table godwit_kept.touched_moved_telegram_502965ae as
select one.*
  from godwit_kept.moved_telegram_502965ae as one
  join godwit_kept.touched_telegram_502965ae as touched on one.source_id = touched.source_id;
alter table godwit_kept.touched_moved_telegram_502965ae replica identity full;
create table godwit_kept.touched_back_telegram_502965ae as
select one.*
  from godwit_kept.back_telegram_502965ae as one
  join godwit_kept.touched_telegram_502965ae as touched on one.source_id = touched.source_id;
alter table godwit_kept.touched_back_telegram_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set chat = null
  from godwit_kept.touched_moved_telegram_502965ae as kept
 where source.id = kept.source_id
   and not kept.already_there
   and not exists (select from godwit_kept.touched_back_telegram_502965ae as back where back.source_id = kept.source_id)
   and (source.chat is not null);
-- carry what was written since back into app.users
update app.users as source
   set chat = back.new_chat
  from godwit_kept.touched_back_telegram_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.chat is distinct from back.new_chat);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move telegram', 'app.integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.integrations as target
  join godwit_kept.touched_back_telegram_502965ae as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           u.id as put_user_id,
           u.chat as put_account
      from app.users as u
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'telegram'::text
    or target.account is distinct from source.put_account
    or target.access_token is distinct from null;
-- what the old shape has no place for stays where it is
update godwit_kept.back_telegram_502965ae as back
   set place = null
  from godwit_kept.touched_back_telegram_502965ae as few
 where back.source_id = few.source_id
   and back.target_id = few.target_id
   and few.place is null;
-- nothing is noted any more
drop trigger _gw_note_here_telegram_502965ae on app.users;
drop trigger _gw_all_note_here_telegram_502965ae on app.users;
drop function godwit_kept.note_here_telegram_502965ae();
drop table godwit_kept.touched_telegram_502965ae, godwit_kept.touched_moved_telegram_502965ae, godwit_kept.touched_back_telegram_502965ae;
delete from godwit_kept.since_telegram_502965ae;
-- statistics for the batches that remove it
analyze godwit_kept.back_telegram_502965ae;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, next_key, last_key, rows_expected)
select '20250102000000_after', 'remove what came with move telegram',
       (select array[source_id::text, target_id::text] from godwit_kept.back_telegram_502965ae order by source_id, target_id limit 1),
       (select array[source_id::text, target_id::text] from godwit_kept.back_telegram_502965ae order by source_id desc, target_id desc limit 1),
       (select greatest(reltuples, 0)::bigint from pg_class where oid = 'godwit_kept.back_telegram_502965ae'::regclass);

-- [49/76] carry back: move gmail (20250102000000_after.gw:19)
--   locks app.integrations (share row exclusive), app.users (access exclusive), godwit_kept.back_gmail_502965ae (access share); scan
-- when every row is concerned
insert into godwit_kept.since_gmail_502965ae (source_id)
select id from app.users
 where exists (select from godwit_kept.since_gmail_502965ae where source_id is null);
delete from godwit_kept.since_gmail_502965ae where source_id is null;
-- what was written since is found again
delete from godwit_kept.back_gmail_502965ae as back
 using godwit_kept.since_gmail_502965ae as late
 where back.source_id = late.source_id;
insert into godwit_kept.back_gmail_502965ae
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         access_token as old_access_token,
         id as put_user_id,
         email as put_account,
         access_token as put_access_token
    from app.users
   where exists (select from godwit_kept.since_gmail_502965ae as late where late.source_id = users.id)
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         account,
         service_id,
         access_token,
         access_token as new_access_token
    from app.integrations
   where service_id = 'gmail'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.access_token is not distinct from source.put_access_token
            then source.old_access_token
            when kept.source_id is null and target.new_access_token is null then source.old_access_token
            else target.new_access_token end
         as new_access_token
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_gmail_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
 where (kept.source_id is not null or target.account = source.put_account);
insert into godwit_kept.touched_gmail_502965ae (source_id)
select distinct source_id from godwit_kept.since_gmail_502965ae
 on conflict do nothing;
-- only these are looked at, the others hold what the move put there
create table godwit_kept.touched_moved_gmail_502965ae as
select one.*
  from godwit_kept.moved_gmail_502965ae as one
  join godwit_kept.touched_gmail_502965ae as touched on one.source_id = touched.source_id;
alter table godwit_kept.touched_moved_gmail_502965ae replica identity full;
create table godwit_kept.touched_back_gmail_502965ae as
select one.*
  from godwit_kept.back_gmail_502965ae as one
  join godwit_kept.touched_gmail_502965ae as touched on one.source_id = touched.source_id;
alter table godwit_kept.touched_back_gmail_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set access_token = null
  from godwit_kept.touched_moved_gmail_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.touched_back_gmail_502965ae as back where back.source_id = kept.source_id)
   and (source.access_token is not null);
-- carry what was written since back into app.users
update app.users as source
   set access_token = back.new_access_token
  from godwit_kept.touched_back_gmail_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.access_token is distinct from back.new_access_token);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move gmail', 'app.integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.integrations as target
  join godwit_kept.touched_back_gmail_502965ae as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           email as put_account,
           access_token as put_access_token
      from app.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'gmail'::text
    or target.account is distinct from source.put_account
    or target.access_token is distinct from source.put_access_token;
-- what the old shape has no place for stays where it is
update godwit_kept.back_gmail_502965ae as back
   set place = null
  from godwit_kept.touched_back_gmail_502965ae as few
 where back.source_id = few.source_id
   and back.target_id = few.target_id
   and few.place is null;
-- nothing is noted any more
drop trigger _gw_note_here_gmail_502965ae on app.users;
drop trigger _gw_all_note_here_gmail_502965ae on app.users;
drop function godwit_kept.note_here_gmail_502965ae();
drop table godwit_kept.touched_gmail_502965ae, godwit_kept.touched_moved_gmail_502965ae, godwit_kept.touched_back_gmail_502965ae;
delete from godwit_kept.since_gmail_502965ae;
-- statistics for the batches that remove it
analyze godwit_kept.back_gmail_502965ae;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, next_key, last_key, rows_expected)
select '20250102000000_after', 'remove what came with move gmail',
       (select array[source_id::text, target_id::text] from godwit_kept.back_gmail_502965ae order by source_id, target_id limit 1),
       (select array[source_id::text, target_id::text] from godwit_kept.back_gmail_502965ae order by source_id desc, target_id desc limit 1),
       (select greatest(reltuples, 0)::bigint from pg_class where oid = 'godwit_kept.back_gmail_502965ae'::regclass);

-- [50/76] part 3 is done
update godwit.migration set parts_done = -3 where id = '20250102000000_after';

-- [51/76] remember the catalog
select godwit.remember();

-- [52/76] commit
commit;

-- [53/76] so far
\endif

-- [54/76] part 4 of 5: what is back goes from where it was, each batch a transaction
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -3) as part_4
\gset
\if :part_4

-- [55/76] remove what came with move telegram (20250102000000_after.gw:27)
--   batches of 500 by godwit_kept.remove_telegram_502965ae
do $$
begin
  while godwit_kept.remove_telegram_502965ae(500) is not null loop
    commit;
  end loop;
end $$;

-- [56/76] remove what came with move gmail (20250102000000_after.gw:19)
--   batches of 1000 by godwit_kept.remove_gmail_502965ae
do $$
begin
  while godwit_kept.remove_gmail_502965ae(1000) is not null loop
    commit;
  end loop;
end $$;

-- [57/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [58/76] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -3) then
    raise exception using errcode = 'GW001',
      message = 'part 4 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [59/76] part 4 is done
update godwit.migration set parts_done = -4 where id = '20250102000000_after';

-- [60/76] commit
commit;

-- [61/76] so far
\endif

-- [62/76] part 5 of 5: the rest
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -4) as part_5
\gset
\if :part_5

-- [63/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [64/76] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -4) then
    raise exception using errcode = 'GW001',
      message = 'part 5 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [65/76] lock what will change, in one fixed order
lock table app.integrations in access exclusive mode;
lock table app.services in access exclusive mode;

-- [66/76] a place for what has none in the old shape
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

-- [67/76] undo: move telegram (20250102000000_after.gw:27)
--   locks app.integrations (access exclusive); instant
-- nothing is noted any more
drop trigger _gw_note_there_telegram_502965ae on app.integrations;
drop trigger _gw_all_note_there_telegram_502965ae on app.integrations;
drop function godwit_kept.note_there_telegram_502965ae(), godwit_kept.remove_telegram_502965ae(integer);
drop table godwit_kept.since_telegram_502965ae, godwit_kept.back_telegram_502965ae;
-- drop godwit_kept.moved_telegram_502965ae
drop table godwit_kept.moved_telegram_502965ae;

-- [68/76] undo: move gmail (20250102000000_after.gw:19)
--   locks app.integrations (access exclusive); instant
-- nothing is noted any more
drop trigger _gw_note_there_gmail_502965ae on app.integrations;
drop trigger _gw_all_note_there_gmail_502965ae on app.integrations;
drop function godwit_kept.note_there_gmail_502965ae(), godwit_kept.remove_gmail_502965ae(integer);
drop table godwit_kept.since_gmail_502965ae, godwit_kept.back_gmail_502965ae;
-- drop godwit_kept.moved_gmail_502965ae
drop table godwit_kept.moved_gmail_502965ae;

-- [69/76] undo: rows app.services (20250102000000_after.gw:6)
--   locks app.integrations (row exclusive), app.services (row exclusive); scan
-- note the rows that are left in app.integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.integrations', 'app.integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.integrations as leaving
 where exists (select from app.services as target, godwit_kept.seeded_services_40f1cbc1 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- remove these rows from app.integrations
delete from app.integrations as leaving
 where exists (select from app.services as target, godwit_kept.seeded_services_40f1cbc1 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- take rows out of app.services that nobody changed and nothing refers to
delete from app.services as target
 using godwit_kept.seeded_services_40f1cbc1 as seed
 where target.id = seed.id
   and target.name is not distinct from seed.name
   and not exists (select from app.integrations as child where child.service_id = target.id);
-- drop godwit_kept.seeded_services_40f1cbc1
drop table godwit_kept.seeded_services_40f1cbc1;

-- [70/76] undo: create table app.integrations (20250102000000_after.gw:8)
--   locks app.integrations (access exclusive); scan
-- note the rows that are left in app.integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.integrations', 'app.integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.integrations as leaving;
-- drop table app.integrations
drop table app.integrations;

-- [71/76] undo: create table app.services (20250102000000_after.gw:1)
--   locks app.services (access exclusive); scan
-- note the rows that are left in app.services: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.services', 'app.services',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.services as leaving;
-- drop table app.services
drop table app.services;

-- [72/76] leave nothing empty behind
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

-- [73/76] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [74/76] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.integrations', 'app.services', 'app.users']::text[])::text);

-- [75/76] commit
commit;

-- [76/76] so far
\endif
