-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3bd375322ba7857bace1878b9a24fafb7257e9117a2161a5f64849140b656502
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:7e45cc8ca9a4c66648ed10d7d82464d598631cbcfc3b0e8c5d514e0ab2a6821f

-- [1/16] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/16] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/16] lock what will change, in one fixed order
lock table app.contacts in access exclusive mode;
lock table app.organizations in access exclusive mode;

-- [4/16] a place for what has none in the old shape
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

-- [5/16] what only the last part did
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied') as is_applied
\gset
\if :is_applied

-- [6/16] undo: add foreign key contacts_organization_id_fkey on app.contacts (20250102000000_after.gw:2)
--   locks app.contacts (access exclusive), app.organizations (access exclusive); instant
-- drop foreign key contacts_organization_id_fkey on app.contacts
alter table app.contacts drop constraint contacts_organization_id_fkey;

-- [7/16] so far
\endif

-- [8/16] what has only begun
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun') as is_begun
\gset
\if :is_begun

-- [9/16] settle backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (access exclusive), app.organizations (access exclusive); scan
--   godwit_kept.filled_contacts_7c200a3c keeps old and new values, until finalize
-- what was written meanwhile
do $$
#variable_conflict use_column
begin
  perform godwit_kept.catch_up_contacts_55c37ab1();
exception when data_exception or integrity_constraint_violation or cardinality_violation
      or program_limit_exceeded or raise_exception then
  -- what was written does not fit: it stays as it is, and what the batches made of these rows goes
  if exists (select from godwit_kept.late_contacts_55c37ab1 where row_tenant is null) then  -- every row is concerned
    insert into godwit_kept.late_contacts_55c37ab1 select row_tenant, row_number from godwit_kept.filled_contacts_7c200a3c;
  end if;
  -- hold back trigger touch on app.contacts: it must not change rows that are only moved
  alter table app.contacts disable trigger touch;
  -- their old values
  with given_back as (
    update app.contacts as target
       set organization_id = kept.old_organization_id,
           visits = kept.old_visits
      from godwit_kept.filled_contacts_7c200a3c as kept
     where target.tenant = kept.row_tenant and target.number = kept.row_number
       and exists (select from godwit_kept.late_contacts_55c37ab1 as late where late.row_tenant = kept.row_tenant and late.row_number = kept.row_number)
       and not (target.organization_id is distinct from kept.new_organization_id
                or target.visits is distinct from kept.new_visits)
    returning kept.row_tenant, kept.row_number
  )
  delete from godwit_kept.filled_contacts_7c200a3c as kept
   using given_back
   where kept.row_tenant = given_back.row_tenant and kept.row_number = given_back.row_number;
  -- let trigger touch on app.contacts fire again
  alter table app.contacts enable trigger touch;

end $$;
-- nothing is noted any more
drop trigger _gw_note_contacts_55c37ab1 on app.contacts;
drop trigger _gw_all_note_contacts_55c37ab1 on app.contacts;
drop trigger _gw_all_note_contacts_55c37ab1 on app.organizations;
drop function godwit_kept.note_contacts_55c37ab1(), godwit_kept.batch_contacts_55c37ab1(integer), godwit_kept.catch_up_contacts_55c37ab1();
drop table godwit_kept.late_contacts_55c37ab1, godwit_kept.again_contacts_55c37ab1;

-- [10/16] so far
\endif

-- [11/16] undo: backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (share row exclusive); scan
-- note rows of app.contacts that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.contacts', 'app.contacts',
       jsonb_build_object('tenant', target.tenant, 'number', target.number), to_jsonb(target),
       'changed since'
  from app.contacts as target
  left join godwit_kept.filled_contacts_7c200a3c as kept on target.tenant = kept.row_tenant and target.number = kept.row_number
 where case when kept.row_tenant is not null then target.organization_id is distinct from kept.new_organization_id else target.organization_id is distinct from null end
    or (kept.row_tenant is not null and target.visits is distinct from kept.new_visits);
-- hold back trigger touch on app.contacts: it must not change rows that are only moved
alter table app.contacts disable trigger touch;
-- give app.contacts its old values back where nobody changed them since
update app.contacts as target
   set visits = case when target.visits is not distinct from kept.new_visits
              then kept.old_visits else target.visits end
  from godwit_kept.filled_contacts_7c200a3c as kept
 where target.tenant = kept.row_tenant
   and target.number = kept.row_number
   and ((target.visits is not distinct from kept.new_visits and target.visits is distinct from kept.old_visits));
-- let trigger touch on app.contacts fire again
alter table app.contacts enable trigger touch;
-- drop godwit_kept.filled_contacts_7c200a3c
drop table godwit_kept.filled_contacts_7c200a3c;

-- [12/16] undo: add column app.contacts.organization_id (20250102000000_after.gw:2)
--   locks app.contacts (access exclusive); instant
-- drop column app.contacts.organization_id
alter table app.contacts drop column organization_id;

-- [13/16] leave nothing empty behind
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

-- [14/16] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [15/16] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.contacts', 'app.organizations']::text[])::text);

-- [16/16] commit
commit;
