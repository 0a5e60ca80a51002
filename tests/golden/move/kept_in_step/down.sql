-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:1212bba5cf69d5679eb1767045d0fb464cea07d8781f19f55640c21df3bb6dee
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:ab92255b8ff4bc164f9f0b584fa427e416d6fe5396c30e1dd46e1cd256252f88

-- [1/11] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/11] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/11] lock what will change, in one fixed order
lock table app.links in access exclusive mode;
lock table app.users in access exclusive mode;

-- [4/11] a place for what has none in the old shape
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

-- [5/11] undo: move phone (20250102000000_after.gw:16)
--   locks app.links (access exclusive), app.users (access exclusive); scan
-- keep app.users in step no more
drop trigger _gw_step_phone_e036350f on app.users;
drop trigger "~gw_step_phone_e036350f" on app.users;
drop function godwit_kept.step_phone_e036350f();
-- keep app.links in step no more
drop trigger _gw_step_phone_9e57809d on app.links;
drop trigger "~gw_step_phone_9e57809d" on app.links;
drop function godwit_kept.step_phone_9e57809d();
-- what lost stays in godwit_kept.conflict; without any the table goes
do $godwit$
declare conflicts bigint;
begin
  select count(*) into conflicts from godwit_kept.conflict
   where (migration, step) = ('20250102000000_after', 'move phone');
  if conflicts > 0 then
    raise warning using message = 'move phone: ' || conflicts ||
      ' rows had both sides written at once: what lost is in godwit_kept.conflict';
  end if;
  if not exists (select from godwit_kept.conflict)
    and not exists (select from pg_proc where pronamespace = 'godwit_kept'::regnamespace
                                          and starts_with(proname, 'step_')) then
    drop table godwit_kept.conflict;
  end if;
end
$godwit$;
-- remove from app.links what app.users says as well
delete from app.links as target
 using (select id as source_id,
               id as put_user_id,
               'phone'::text as put_kind,
               phone as put_account
          from app.users
         where phone is not null) as source
 where target.user_id = source.put_user_id
   and target.kind = source.put_kind
   and target.account = source.put_account
   and target.token is not distinct from null
   and target.active is not distinct from true;
-- drop godwit_kept.moved_phone_502965ae
drop table godwit_kept.moved_phone_502965ae;

-- [6/11] undo: move mail (20250102000000_after.gw:9)
--   locks app.links (access exclusive), app.users (access exclusive); scan
-- keep app.users in step no more
drop trigger _gw_step_mail_4b387dba on app.users;
drop trigger "~gw_step_mail_4b387dba" on app.users;
drop function godwit_kept.step_mail_4b387dba();
-- keep app.links in step no more
drop trigger _gw_step_mail_944d20df on app.links;
drop trigger "~gw_step_mail_944d20df" on app.links;
drop function godwit_kept.step_mail_944d20df();
-- what lost stays in godwit_kept.conflict; without any the table goes
do $godwit$
declare conflicts bigint;
begin
  select count(*) into conflicts from godwit_kept.conflict
   where (migration, step) = ('20250102000000_after', 'move mail');
  if conflicts > 0 then
    raise warning using message = 'move mail: ' || conflicts ||
      ' rows had both sides written at once: what lost is in godwit_kept.conflict';
  end if;
  if not exists (select from godwit_kept.conflict)
    and not exists (select from pg_proc where pronamespace = 'godwit_kept'::regnamespace
                                          and starts_with(proname, 'step_')) then
    drop table godwit_kept.conflict;
  end if;
end
$godwit$;
-- remove from app.links what app.users says as well
delete from app.links as target
 using (select id as source_id,
               id as put_user_id,
               'mail'::text as put_kind,
               u.email as put_account,
               token as put_token
          from app.users as u
         where token is not null) as source
 where target.user_id = source.put_user_id
   and target.kind = source.put_kind
   and target.account = source.put_account
   and target.token is not distinct from source.put_token
   and target.active is not distinct from true;
-- drop godwit_kept.moved_mail_502965ae
drop table godwit_kept.moved_mail_502965ae;

-- [7/11] undo: create table app.links (20250102000000_after.gw:1)
--   locks app.links (access exclusive); scan
-- note the rows that are left in app.links: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.links', 'app.links',
       jsonb_build_object('user_id', leaving.user_id, 'kind', leaving.kind, 'account', leaving.account), to_jsonb(leaving),
       'no place in the shape of before'
  from app.links as leaving;
-- drop table app.links
drop table app.links;

-- [8/11] leave nothing empty behind
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

-- [9/11] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [10/11] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.links', 'app.users']::text[])::text);

-- [11/11] commit
commit;
