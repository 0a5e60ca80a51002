-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3b5062be01c5acc973536858bd995b8e9edc2d7ea80f688b9794c2579806d701
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8f8ae610a300e67004de7eecde9e232ae6e5e4086afecf2500286e3edc355745

-- [1/21] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/21] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until into is_state, closes_at from godwit.migration where id = '20250102000000_after';
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
  if closes_at < now() and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250102000000_after closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/21] lock what will change, in one fixed order
lock table app.integrations in access exclusive mode;
lock table app.services in access exclusive mode;
lock table app.users in access exclusive mode;

-- [4/21] a place for what has none in the old shape
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

-- [5/21] what only the last part did
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied') as is_applied
\gset
\if :is_applied

-- [6/21] undo: hide column app.users.chat (20250102000000_after.gw:35)
--   locks app.users (access exclusive); instant
-- bring back column app.users.chat
alter table app.users rename column _gw_keep_chat to chat;

-- [7/21] undo: hide column app.users.access_token (20250102000000_after.gw:35)
--   locks app.users (access exclusive); instant
-- bring back column app.users.access_token
alter table app.users rename column _gw_keep_access_token to access_token;

-- [8/21] so far
\endif

-- [9/21] what has only begun
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun') as is_begun
\gset
\if :is_begun

-- [10/21] settle move telegram (20250102000000_after.gw:27)
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

-- [11/21] settle move gmail (20250102000000_after.gw:19)
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

-- [12/21] so far
\endif

-- [13/21] undo: move telegram (20250102000000_after.gw:27)
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

-- [14/21] undo: move gmail (20250102000000_after.gw:19)
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

-- [15/21] undo: rows app.services (20250102000000_after.gw:6)
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

-- [16/21] undo: create table app.integrations (20250102000000_after.gw:8)
--   locks app.integrations (access exclusive); scan
-- note the rows that are left in app.integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.integrations', 'app.integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.integrations as leaving;
-- drop table app.integrations
drop table app.integrations;

-- [17/21] undo: create table app.services (20250102000000_after.gw:1)
--   locks app.services (access exclusive); scan
-- note the rows that are left in app.services: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.services', 'app.services',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.services as leaving;
-- drop table app.services
drop table app.services;

-- [18/21] leave nothing empty behind
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

-- [19/21] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now() where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [20/21] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.integrations', 'app.services', 'app.users']::text[])::text);

-- [21/21] commit
commit;
