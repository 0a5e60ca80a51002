-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:b90cc5eaf70a1dbfb7586274a6c50b22532e76bf0d7bb63065cd92fc14ea3f2f
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:025911dba84350b2b752d0dea50106dd48286b0c1b1ed1800188c273e4c35b3f

-- [1/15] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/15] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/15] lock what will change, in one fixed order
lock table app.companies in access exclusive mode;
lock table app.deals in access exclusive mode;

-- [4/15] a place for what has none in the old shape
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

-- [5/15] undo: hide column app.deals.company (20250102000000_after.gw:15)
--   locks app.deals (access exclusive); instant
-- bring back column app.deals.company
alter table app.deals rename column _gw_keep_company to company;

-- [6/15] undo: add foreign key deals_company_id_fkey on app.deals (20250102000000_after.gw:7)
--   locks app.companies (access exclusive), app.deals (access exclusive); instant
-- drop foreign key deals_company_id_fkey on app.deals
alter table app.deals drop constraint deals_company_id_fkey;

-- [7/15] undo: extract deals_company_id: the link (20250102000000_after.gw:9)
--   locks app.deals (row exclusive); scan
-- carry what was written since back into app.deals
update app.deals as linked
   set company = (select found.key_name from (select name as key_name, id as link_company_id from app.companies) as found where found.link_company_id = linked.company_id)
 where exists (select from app.deals as target
                 left join godwit_kept.filled_deals_e02b1619 as kept on target.id = kept.row_id
                where linked.id = target.id
                  and (kept.row_id is not null
                   or target.company_id is not null))
   and ((select found.key_name from (select name as key_name, id as link_company_id from app.companies) as found where found.link_company_id = linked.company_id) is distinct from (trim(company)))
   and ((select found.key_name from (select name as key_name, id as link_company_id from app.companies) as found where found.link_company_id = linked.company_id)) is not null
   and (linked.company is distinct from (select found.key_name from (select name as key_name, id as link_company_id from app.companies) as found where found.link_company_id = linked.company_id));
-- note rows of app.deals that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'extract deals_company_id: the link', 'app.deals',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.deals as target
  left join godwit_kept.filled_deals_e02b1619 as kept on target.id = kept.row_id
  left join (select linked.id as row_id,
                    found.link_company_id as new_company_id
               from app.deals as linked,
               (select id as row_id, trim(company) as key_name
                  from app.deals
                  where (trim(company)) is not null) as wanted,
               (select name as key_name, id as link_company_id from app.companies) as found
              where linked.id = wanted.row_id and found.key_name = wanted.key_name) as again on target.id = again.row_id
 where (case when kept.row_id is not null then target.company_id is distinct from kept.new_company_id else target.company_id is distinct from null end)
   and (target.company_id is distinct from again.new_company_id);
-- drop godwit_kept.filled_deals_e02b1619
drop table godwit_kept.filled_deals_e02b1619;

-- [8/15] undo: extract deals_company_id (20250102000000_after.gw:9)
--   locks app.companies (row exclusive); scan
-- remove from app.companies what was moved and nobody changed
delete from app.companies as target
 using godwit_kept.moved_deals_company_id_502965ae as kept
 where not kept.already_there
   and target.name = kept.target_name
   and target.domain is not distinct from kept.target_domain;
-- drop godwit_kept.moved_deals_company_id_502965ae
drop table godwit_kept.moved_deals_company_id_502965ae;

-- [9/15] undo: add column app.deals.company_id (20250102000000_after.gw:7)
--   locks app.deals (access exclusive); instant
-- drop column app.deals.company_id
alter table app.deals drop column company_id;

-- [10/15] undo: create table app.companies (20250102000000_after.gw:1)
--   locks app.companies (access exclusive); scan
-- note the rows that are left in app.companies: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.companies', 'app.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.companies as leaving;
-- drop table app.companies
drop table app.companies;

-- [11/15] undo: let new rows leave app.deals.company empty (20250102000000_after.gw:15)
--   locks app.deals (access exclusive); scan
-- note null in app.deals.company
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore column app.deals.company', 'app.deals',
       jsonb_build_object('id', deals.id), to_jsonb(deals),
       'refused by column app.deals.company'
  from app.deals
 where deals.company is null;
-- remove null in app.deals.company
delete from app.deals
 where deals.company is null;
-- forbid null in app.deals.company
alter table app.deals alter column company set not null;

-- [12/15] leave nothing empty behind
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

-- [13/15] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [14/15] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.companies', 'app.deals']::text[])::text);

-- [15/15] commit
commit;
