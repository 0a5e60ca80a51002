-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:f72caba5a1f278b4e48cee4932529ac196013c8e7a94381aeddd364368d98ca3
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:9a61467f25d9bfe0ce6ec3de906a1833c9c950d1066145169bf11a737a256a42

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
lock table app.links in access exclusive mode;
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

-- [5/14] undo: hide column app.users.token (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
-- bring back column app.users.token
alter table app.users rename column _gw_keep_token to token;

-- [6/14] undo: hide column app.users.phone (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
-- bring back column app.users.phone
alter table app.users rename column _gw_keep_phone to phone;

-- [7/14] undo: hide column app.users.code (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
-- bring back column app.users.code
alter table app.users rename column _gw_keep_code to code;

-- [8/14] undo: move phone (20250102000000_after.gw:9)
--   locks app.links (row exclusive), app.users (row exclusive); scan
-- find the place of each row of app.links in app.users
create table godwit_kept.back_phone_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         phone as old_phone,
         id as put_user_id,
         phone as put_account
    from app.users
),
target as (                         -- each row of this move, and what it says for the source
  select ctid,
         user_id,
         kind,
         account,
         account as new_phone
    from app.links
   where kind = 'phone'::text
)
select source.source_id,
       target.ctid as target_ctid,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.ctid) as place,
       case when target.account is not distinct from source.put_account
            then source.old_phone
            when kept.source_id is null and target.new_phone is null then source.old_phone
            else target.new_phone end
         as new_phone
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_phone_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account is not distinct from target.account;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_phone_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set phone = null
  from godwit_kept.moved_phone_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_phone_502965ae as back where back.source_id = kept.source_id)
   and (source.phone is not null);
-- carry what was written since back into app.users
update app.users as source
   set phone = back.new_phone
  from godwit_kept.back_phone_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.phone is distinct from back.new_phone);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move phone', 'app.links',
       jsonb_build_object('user_id', target.user_id, 'kind', target.kind, 'account', target.account), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.links as target
  join godwit_kept.back_phone_502965ae as back on target.ctid = back.target_ctid and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           phone as put_account
      from app.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.kind is distinct from 'phone'::text
    or target.account is distinct from source.put_account
    or target.token is distinct from null;
-- remove from app.links what is back in app.users
delete from app.links as target
 using godwit_kept.back_phone_502965ae as back
 where back.place = 1
   and target.ctid = back.target_ctid;
-- drop godwit_kept.back_phone_502965ae
drop table godwit_kept.back_phone_502965ae;
-- drop godwit_kept.moved_phone_502965ae
drop table godwit_kept.moved_phone_502965ae;

-- [9/14] undo: move mail (20250102000000_after.gw:2)
--   locks app.links (row exclusive), app.users (row exclusive); scan
-- find the place of each row of app.links in app.users
create table godwit_kept.back_mail_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         token as old_token,
         id as put_user_id,
         email as put_account,
         token as put_token
    from app.users
),
target as (                         -- each row of this move, and what it says for the source
  select ctid,
         user_id,
         account,
         kind,
         token,
         token as new_token
    from app.links
   where kind = 'mail'::text
)
select source.source_id,
       target.ctid as target_ctid,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.ctid) as place,
       case when target.token is not distinct from source.put_token
            then source.old_token
            when kept.source_id is null and target.new_token is null then source.old_token
            else target.new_token end
         as new_token
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_mail_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
 where (kept.source_id is not null or target.account = source.put_account);
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_mail_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set token = null
  from godwit_kept.moved_mail_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_mail_502965ae as back where back.source_id = kept.source_id)
   and (source.token is not null);
-- carry what was written since back into app.users
update app.users as source
   set token = back.new_token
  from godwit_kept.back_mail_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.token is distinct from back.new_token);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move mail', 'app.links',
       jsonb_build_object('user_id', target.user_id, 'kind', target.kind, 'account', target.account), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.links as target
  join godwit_kept.back_mail_502965ae as back on target.ctid = back.target_ctid and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           email as put_account,
           token as put_token
      from app.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.kind is distinct from 'mail'::text
    or target.account is distinct from source.put_account
    or target.token is distinct from source.put_token;
-- remove from app.links what is back in app.users
delete from app.links as target
 using godwit_kept.back_mail_502965ae as back
 where back.place = 1
   and target.ctid = back.target_ctid;
-- drop godwit_kept.back_mail_502965ae
drop table godwit_kept.back_mail_502965ae;
-- drop godwit_kept.moved_mail_502965ae
drop table godwit_kept.moved_mail_502965ae;

-- [10/14] undo: create table app.links (20250102000000_after.gw:1)
--   locks app.links (access exclusive); scan
-- note the rows that are left in app.links: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.links', 'app.links',
       jsonb_build_object('ctid', leaving.ctid::text), to_jsonb(leaving),
       'no place in the shape of before'
  from app.links as leaving;
-- drop table app.links
drop table app.links;

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
  'tables', array['app.links', 'app.users']::text[])::text);

-- [14/14] commit
commit;
