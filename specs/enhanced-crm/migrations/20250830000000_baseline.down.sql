-- godwit down 20250830000000_baseline
-- The CRM before the suite
-- spec: specs/20250830000000_baseline.gw
-- checksum: sha256:c32763d815902690164245871f19dbb3920fe8206cd1c7aa2271b11d9cd4e169
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:bf8511f7a1bf18a2cad3993fd26d3d5e8485ebad20fe47301c83501ecea43796

-- [1/34] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/34] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250830000000_baseline';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250830000000_baseline' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250830000000_baseline closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/34] lock what will change, in one fixed order
lock table auth.users in access exclusive mode;
lock table public.activities in access exclusive mode;
lock table public.companies in access exclusive mode;
lock table public.contacts in access exclusive mode;
lock table public.deal_stages in access exclusive mode;
lock table public.deals in access exclusive mode;
lock table public.meetings in access exclusive mode;
lock table public.profiles in access exclusive mode;
lock table public.tasks in access exclusive mode;

-- [4/34] a place for what has none in the old shape
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

-- [5/34] undo: grant to service_role on schema public (specs/20250830000000_baseline.gw:10)
-- revoke from service_role on schema public
revoke usage on schema public from service_role;

-- [6/34] undo: grant to authenticated on schema public (specs/20250830000000_baseline.gw:10)
-- revoke from authenticated on schema public
revoke usage on schema public from authenticated;

-- [7/34] undo: grant to anon on schema public (specs/20250830000000_baseline.gw:10)
-- revoke from anon on schema public
revoke usage on schema public from anon;

-- [8/34] undo: create trigger deals_updated on public.deals (specs/20250830000000_baseline.gw:100)
--   locks public.deals (access exclusive); instant
-- drop trigger deals_updated on public.deals
drop trigger deals_updated on public.deals;

-- [9/34] undo: create trigger contacts_updated on public.contacts (specs/20250830000000_baseline.gw:67)
--   locks public.contacts (access exclusive); instant
-- drop trigger contacts_updated on public.contacts
drop trigger contacts_updated on public.contacts;

-- [10/34] undo: create trigger companies_updated on public.companies (specs/20250830000000_baseline.gw:46)
--   locks public.companies (access exclusive); instant
-- drop trigger companies_updated on public.companies
drop trigger companies_updated on public.companies;

-- [11/34] undo: create policy own on public.tasks (specs/20250830000000_baseline.gw:146)
--   locks public.tasks (access exclusive); instant
-- drop policy own on public.tasks
drop policy own on public.tasks;

-- [12/34] undo: create policy own on public.meetings (specs/20250830000000_baseline.gw:121)
--   locks public.meetings (access exclusive); instant
-- drop policy own on public.meetings
drop policy own on public.meetings;

-- [13/34] undo: create policy own on public.deals (specs/20250830000000_baseline.gw:103)
--   locks public.deals (access exclusive); instant
-- drop policy own on public.deals
drop policy own on public.deals;

-- [14/34] undo: create policy own on public.contacts (specs/20250830000000_baseline.gw:70)
--   locks public.contacts (access exclusive); instant
-- drop policy own on public.contacts
drop policy own on public.contacts;

-- [15/34] undo: create policy own on public.companies (specs/20250830000000_baseline.gw:49)
--   locks public.companies (access exclusive); instant
-- drop policy own on public.companies
drop policy own on public.companies;

-- [16/34] undo: create policy own on public.activities (specs/20250830000000_baseline.gw:29)
--   locks public.activities (access exclusive); instant
-- drop policy own on public.activities
drop policy own on public.activities;

-- [17/34] undo: create view public.active_value (specs/20250830000000_baseline.gw:160)
--   locks public.active_value (access exclusive); instant
-- drop view public.active_value
drop view public.active_value;

-- [18/34] undo: create view public.deals_with_owner (specs/20250830000000_baseline.gw:170)
--   locks public.deals_with_owner (access exclusive); instant
-- drop view public.deals_with_owner
drop view public.deals_with_owner;

-- [19/34] undo: create function public.set_updated_at() (specs/20250830000000_baseline.gw:154)
-- drop function public.set_updated_at()
drop function public.set_updated_at();

-- [20/34] undo: create function auth.uid() (specs/20250830000000_baseline.gw:152)
-- drop function auth.uid()
drop function auth.uid();

-- [21/34] undo: create table public.tasks (specs/20250830000000_baseline.gw:136)
--   locks public.tasks (access exclusive); scan
-- note the rows that are left in public.tasks: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.tasks', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.tasks as leaving;
-- drop table public.tasks
drop table public.tasks;

-- [22/34] undo: create table public.meetings (specs/20250830000000_baseline.gw:109)
--   locks public.meetings (access exclusive); scan
-- note the rows that are left in public.meetings: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.meetings', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.meetings as leaving;
-- drop table public.meetings
drop table public.meetings;

-- [23/34] undo: create table public.activities (specs/20250830000000_baseline.gw:18)
--   locks public.activities (access exclusive); scan
-- note the rows that are left in public.activities: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.activities', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.activities as leaving;
-- drop table public.activities
drop table public.activities;

-- [24/34] undo: create table public.deals (specs/20250830000000_baseline.gw:85)
--   locks public.deals (access exclusive); scan
-- note the rows that are left in public.deals: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.deals', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.deals as leaving;
-- drop table public.deals
drop table public.deals;

-- [25/34] undo: create table public.contacts (specs/20250830000000_baseline.gw:55)
--   locks public.contacts (access exclusive); scan
-- note the rows that are left in public.contacts: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.contacts', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.contacts as leaving;
-- drop table public.contacts
drop table public.contacts;

-- [26/34] undo: create table public.companies (specs/20250830000000_baseline.gw:35)
--   locks public.companies (access exclusive); scan
-- note the rows that are left in public.companies: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.companies', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.companies as leaving;
-- drop table public.companies
drop table public.companies;

-- [27/34] undo: create table public.profiles (specs/20250830000000_baseline.gw:127)
--   locks public.profiles (access exclusive); scan
-- note the rows that are left in public.profiles: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.profiles', 'public.profiles',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.profiles as leaving;
-- drop table public.profiles
drop table public.profiles;

-- [28/34] undo: create table public.deal_stages (specs/20250830000000_baseline.gw:76)
--   locks public.deal_stages (access exclusive); scan
-- note the rows that are left in public.deal_stages: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.deal_stages', 'public.deal_stages',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.deal_stages as leaving;
-- drop table public.deal_stages
drop table public.deal_stages;

-- [29/34] undo: create table auth.users (specs/20250830000000_baseline.gw:13)
--   locks auth.users (access exclusive); scan
-- note the rows that are left in auth.users: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table auth.users', 'auth.users',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from auth.users as leaving;
-- drop table auth.users
drop table auth.users;

-- [30/34] undo: create schema auth (specs/20250830000000_baseline.gw:5)
-- drop schema auth
drop schema auth;

-- [31/34] leave nothing empty behind
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

-- [32/34] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250830000000_baseline';
delete from godwit.hidden_column where migration = '20250830000000_baseline';
delete from godwit.checkpoint where migration = '20250830000000_baseline';
insert into godwit.event (migration, what, detail)
select '20250830000000_baseline', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [33/34] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250830000000_baseline', 'message', 'rolled back',
  'tables', array['auth.users', 'public.activities', 'public.companies', 'public.contacts', 'public.deal_stages', 'public.deals', 'public.meetings', 'public.profiles', 'public.tasks']::text[])::text);

-- [34/34] commit
commit;
