-- godwit down 20250901000000_baseline
-- The mail assistant as it stands
-- spec: specs/20250901000000_baseline.gw
-- checksum: sha256:e57e22c46ad577b38265ac5a2e4e5d273dccf6958a9923f655beae016e6c59e8
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:f285b9126c19668c7d5dc6d74b090ca592418d34c660ccccfb2232d0b4c2c0b9

-- [1/31] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/31] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250901000000_baseline';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250901000000_baseline' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250901000000_baseline closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/31] lock what will change, in one fixed order
lock table dev.digests in access exclusive mode;
lock table dev.emails in access exclusive mode;
lock table dev.legacy_imports in access exclusive mode;
lock table dev.mail_aliases in access exclusive mode;
lock table dev.tasks in access exclusive mode;
lock table dev.user_settings in access exclusive mode;
lock table dev.users in access exclusive mode;
lock table ops.access_log in access exclusive mode;

-- [4/31] a place for what has none in the old shape
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

-- [5/31] undo: create trigger users_touch on dev.users (specs/20250901000000_baseline.gw:70)
--   locks dev.users (access exclusive); instant
-- drop trigger users_touch on dev.users
drop trigger users_touch on dev.users;

-- [6/31] undo: create materialized view dev.mv_user_mail (specs/20250901000000_baseline.gw:168)
--   locks dev.mv_user_mail (access exclusive); instant
-- drop materialized view dev.mv_user_mail
drop materialized view dev.mv_user_mail;

-- [7/31] undo: add table dev.users to publication app_changes (specs/20250901000000_baseline.gw:195)
--   locks dev.users (share update exclusive); instant
-- drop table dev.users from publication app_changes
alter publication app_changes drop table dev.users;

-- [8/31] undo: add table dev.emails to publication app_changes (specs/20250901000000_baseline.gw:195)
--   locks dev.emails (share update exclusive); instant
-- drop table dev.emails from publication app_changes
alter publication app_changes drop table dev.emails;

-- [9/31] undo: create publication app_changes (specs/20250901000000_baseline.gw:195)
-- drop publication app_changes
drop publication app_changes;

-- [10/31] undo: create view dev.v_people (specs/20250901000000_baseline.gw:164)
--   locks dev.v_people (access exclusive); instant
-- drop view dev.v_people
drop view dev.v_people;

-- [11/31] undo: create view dev.v_gmail_per_domain (specs/20250901000000_baseline.gw:158)
--   locks dev.v_gmail_per_domain (access exclusive); instant
-- drop view dev.v_gmail_per_domain
drop view dev.v_gmail_per_domain;

-- [12/31] undo: create view dev.v_gmail_users (specs/20250901000000_baseline.gw:151)
--   locks dev.v_gmail_users (access exclusive); instant
-- drop view dev.v_gmail_users
drop view dev.v_gmail_users;

-- [13/31] undo: create function dev.user_label(dev.users) (specs/20250901000000_baseline.gw:191)
-- drop function dev.user_label(dev.users)
drop function dev.user_label(dev.users);

-- [14/31] undo: create function dev.touch_updated_at() (specs/20250901000000_baseline.gw:18)
-- drop function dev.touch_updated_at()
drop function dev.touch_updated_at();

-- [15/31] undo: create function dev.get_gmail_token(text) (specs/20250901000000_baseline.gw:175)
-- drop function dev.get_gmail_token(text)
drop function dev.get_gmail_token(text);

-- [16/31] undo: create function dev.count_users() (specs/20250901000000_baseline.gw:184)
-- drop function dev.count_users()
drop function dev.count_users();

-- [17/31] undo: add foreign key legacy_imports_user_fkey on dev.legacy_imports (specs/20250901000000_baseline.gw:127)
--   locks dev.legacy_imports (access exclusive), dev.users (access exclusive); instant
-- drop foreign key legacy_imports_user_fkey on dev.legacy_imports
alter table dev.legacy_imports drop constraint legacy_imports_user_fkey;

-- [18/31] undo: create table ops.access_log (specs/20250901000000_baseline.gw:143)
--   locks ops.access_log (access exclusive); scan
-- note the rows that are left in ops.access_log: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table ops.access_log', 'ops.access_log',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from ops.access_log as leaving;
-- drop table ops.access_log
drop table ops.access_log;

-- [19/31] undo: create table dev.user_settings (specs/20250901000000_baseline.gw:108)
--   locks dev.user_settings (access exclusive); scan
-- note the rows that are left in dev.user_settings: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.user_settings', 'dev.user_settings',
       jsonb_build_object('user_id', leaving.user_id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.user_settings as leaving;
-- drop table dev.user_settings
drop table dev.user_settings;

-- [20/31] undo: create table dev.tasks (specs/20250901000000_baseline.gw:130)
--   locks dev.tasks (access exclusive); scan
-- note the rows that are left in dev.tasks: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.tasks', 'dev.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.tasks as leaving;
-- drop table dev.tasks
drop table dev.tasks;

-- [21/31] undo: create table dev.mail_aliases (specs/20250901000000_baseline.gw:116)
--   locks dev.mail_aliases (access exclusive); scan
-- note the rows that are left in dev.mail_aliases: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.mail_aliases', 'dev.mail_aliases',
       jsonb_build_object('alias', leaving.alias), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.mail_aliases as leaving;
-- drop table dev.mail_aliases
drop table dev.mail_aliases;

-- [22/31] undo: create table dev.emails (specs/20250901000000_baseline.gw:83)
--   locks dev.emails (access exclusive); scan
-- note the rows that are left in dev.emails: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.emails', 'dev.emails',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.emails as leaving;
-- drop table dev.emails
drop table dev.emails;

-- [23/31] undo: create table dev.digests (specs/20250901000000_baseline.gw:97)
--   locks dev.digests (access exclusive); scan
-- note the rows that are left in dev.digests: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.digests', 'dev.digests',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.digests as leaving;
-- drop table dev.digests
drop table dev.digests;

-- [24/31] undo: create table dev.users (specs/20250901000000_baseline.gw:26)
--   locks dev.users (access exclusive); scan
-- note the rows that are left in dev.users: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.users', 'dev.users',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.users as leaving;
-- drop table dev.users
drop table dev.users;

-- [25/31] undo: create table dev.legacy_imports (specs/20250901000000_baseline.gw:121)
--   locks dev.legacy_imports (access exclusive); scan
-- note the rows that are left in dev.legacy_imports: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.legacy_imports', 'dev.legacy_imports',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.legacy_imports as leaving;
-- drop table dev.legacy_imports
drop table dev.legacy_imports;

-- [26/31] undo: create schema ops (specs/20250901000000_baseline.gw:14)
-- drop schema ops
drop schema ops;

-- [27/31] undo: create schema dev (specs/20250901000000_baseline.gw:8)
-- drop schema dev
drop schema dev;

-- [28/31] leave nothing empty behind
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

-- [29/31] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250901000000_baseline';
delete from godwit.hidden_column where migration = '20250901000000_baseline';
delete from godwit.checkpoint where migration = '20250901000000_baseline';
insert into godwit.event (migration, what, detail)
select '20250901000000_baseline', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [30/31] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250901000000_baseline', 'message', 'rolled back',
  'tables', array['dev.digests', 'dev.emails', 'dev.legacy_imports', 'dev.mail_aliases', 'dev.tasks', 'dev.user_settings', 'dev.users', 'ops.access_log']::text[])::text);

-- [31/31] commit
commit;
