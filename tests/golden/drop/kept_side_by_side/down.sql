-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:6c118469ae9fc1e5f53ff38521402e4ddf157eb94a542bc5164819fd55a15859
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:d84db9dfa15851f9fc74e899bf63d99229cfaf190bae0b379034bf1105c96b79

-- [1/18] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/18] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/18] lock what will change, in one fixed order
lock table app."users of today" in access exclusive mode;
lock table auth.other in access exclusive mode;

-- [4/18] a place for what has none in the old shape
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

-- [5/18] undo: create index app.by_email (20250102000000_after.gw:5)
--   locks app."users of today" (access exclusive); instant
-- drop index app.by_email
drop index app.by_email;

-- [6/18] undo: keep table app.users (20250102000000_after.gw:1)
-- bring back table app.users
alter table godwit_kept_app_users_59d9272c.users set schema app;
-- bring back statistics app."app users"
alter statistics godwit_kept_app_users_59d9272c."app users" set schema app;
-- leave nothing behind
drop schema godwit_kept_app_users_59d9272c;

-- [7/18] undo: create statistics auth."app users" (20250102000000_after.gw:7)
--   locks auth.other (share update exclusive); instant
-- drop statistics auth."app users"
drop statistics auth."app users";

-- [8/18] undo: keep table auth.users (20250102000000_after.gw:1)
-- bring back table auth.users
alter table godwit_kept_auth_users_10ac19a9.users set schema auth;
-- bring back statistics auth."app users"
alter statistics godwit_kept_auth_users_10ac19a9."app users" set schema auth;
-- leave nothing behind
drop schema godwit_kept_auth_users_10ac19a9;

-- [9/18] undo: keep table a__b.c (20250102000000_after.gw:1)
-- bring back table a__b.c
alter table godwit_kept_a__b_c_7d07fad1.c set schema a__b;
-- leave nothing behind
drop schema godwit_kept_a__b_c_7d07fad1;

-- [10/18] undo: keep table a.b__c (20250102000000_after.gw:1)
-- bring back table a.b__c
alter table godwit_kept_a_b__c_8226a692.b__c set schema a;
-- leave nothing behind
drop schema godwit_kept_a_b__c_8226a692;

-- [11/18] undo: keep sequence auth.numbers (20250102000000_after.gw:2)
-- bring back sequence auth.numbers
alter sequence godwit_kept_auth_numbers_327c6720.numbers set schema auth;
-- leave nothing behind
drop schema godwit_kept_auth_numbers_327c6720;

-- [12/18] undo: keep sequence app.numbers (20250102000000_after.gw:2)
-- bring back sequence app.numbers
alter sequence godwit_kept_app_numbers_f23e0b67.numbers set schema app;
-- leave nothing behind
drop schema godwit_kept_app_numbers_f23e0b67;

-- [13/18] undo: create table auth.other (20250102000000_after.gw:7)
--   locks auth.other (access exclusive); scan
-- note the rows that are left in auth.other: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table auth.other', 'auth.other',
       jsonb_build_object('ctid', leaving.ctid::text), to_jsonb(leaving),
       'no place in the shape of before'
  from auth.other as leaving;
-- drop table auth.other
drop table auth.other;

-- [14/18] undo: create table app."users of today" (20250102000000_after.gw:3)
--   locks app."users of today" (access exclusive); scan
-- note the rows that are left in app."users of today": the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app."users of today"', 'app."users of today"',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app."users of today" as leaving;
-- drop table app."users of today"
drop table app."users of today";

-- [15/18] leave nothing empty behind
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

-- [16/18] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [17/18] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['a.b__c', 'a__b.c', 'app."users of today"', 'app.users', 'auth.other', 'auth.users']::text[])::text);

-- [18/18] commit
commit;
