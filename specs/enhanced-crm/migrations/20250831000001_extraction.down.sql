-- godwit down 20250831000001_extraction
-- Companies and contacts out of the text of deals
-- spec: specs/20250831000001_extraction.gw
-- checksum: sha256:27193b77d317102a915e86935445ff94337e8a35b12c322064c39a37284dedfb
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:f38420ac347aee50e81055771b7fe77404a712304a6c9c072d28a28a51d70afc

-- [1/13] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/13] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000001_extraction';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000001_extraction is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000001_extraction was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000001_extraction is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250831000001_extraction' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000001_extraction is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250831000001_extraction closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/13] lock what will change, in one fixed order
lock table public.deals in share row exclusive mode;

-- [4/13] a place for what has none in the old shape
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

-- [5/13] undo: extract deals_primary_contact_id: the link (specs/20250831000001_extraction.gw:27)
--   locks public.deals (share row exclusive); scan
-- note rows of public.deals that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000001_extraction', 'extract deals_primary_contact_id: the link', 'public.deals',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from public.deals as target
  left join godwit_kept.filled_deals_f5f29d0d as kept on target.id = kept.row_id
 where (kept.row_id is not null and target.primary_contact_id is distinct from kept.new_primary_contact_id);
-- hold back trigger deals_updated on public.deals: it must not change rows that are only moved
alter table public.deals disable trigger deals_updated;
-- give public.deals its old values back where nobody changed them since
update public.deals as target
   set primary_contact_id = case when target.primary_contact_id is not distinct from kept.new_primary_contact_id
              then kept.old_primary_contact_id else target.primary_contact_id end
  from godwit_kept.filled_deals_f5f29d0d as kept
 where target.id = kept.row_id
   and ((target.primary_contact_id is not distinct from kept.new_primary_contact_id and target.primary_contact_id is distinct from kept.old_primary_contact_id));
-- let trigger deals_updated on public.deals fire again
alter table public.deals enable trigger deals_updated;
-- drop godwit_kept.filled_deals_f5f29d0d
drop table godwit_kept.filled_deals_f5f29d0d;

-- [6/13] undo: backfill public.deals (specs/20250831000001_extraction.gw:21)
--   locks public.deals (share row exclusive); scan
-- note rows of public.deals that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000001_extraction', 'backfill public.deals', 'public.deals',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from public.deals as target
  left join godwit_kept.filled_deals_5c6d0484 as kept on target.id = kept.row_id
 where (kept.row_id is not null and target.company_id is distinct from kept.new_company_id);
-- hold back trigger deals_updated on public.deals: it must not change rows that are only moved
alter table public.deals disable trigger deals_updated;
-- give public.deals its old values back where nobody changed them since
update public.deals as target
   set company_id = case when target.company_id is not distinct from kept.new_company_id
              then kept.old_company_id else target.company_id end
  from godwit_kept.filled_deals_5c6d0484 as kept
 where target.id = kept.row_id
   and ((target.company_id is not distinct from kept.new_company_id and target.company_id is distinct from kept.old_company_id));
-- let trigger deals_updated on public.deals fire again
alter table public.deals enable trigger deals_updated;
-- drop godwit_kept.filled_deals_5c6d0484
drop table godwit_kept.filled_deals_5c6d0484;

-- [7/13] undo: extract deals_primary_contact_id (specs/20250831000001_extraction.gw:27)
--   locks public.contacts (row exclusive); scan
-- remove from public.contacts what was moved and nobody changed
delete from public.contacts as target
 using godwit_kept.moved_deals_primary_contact_id_4c3b39dc as kept
 where not kept.already_there
   and target.first_name is not distinct from kept.target_first_name
   and target.last_name is not distinct from kept.target_last_name
   and target.email = kept.target_email
   and target.company_id is not distinct from kept.target_company_id
   and target.owner_id = kept.target_owner_id
   and target.title is not distinct from null
   and target.phone is not distinct from null
   and target.linkedin_url is not distinct from null
   and target.department is not distinct from null
   and target.seniority is not distinct from null
   and target.decision_maker_score is not distinct from 0
   and target.engagement_score is not distinct from 0
   and target.sentiment_score is not distinct from null
   and target.data_quality_score is not distinct from 0
   and target.social_media_urls is not distinct from '{}'
   and target.skills is not distinct from '{}'
   and target.interests is not distinct from '{}'
   and target.preferred_channel is not distinct from null
   and target.is_primary is not distinct from false
   and target.last_interaction_at is not distinct from null
   and not exists (select from public.activities as child where child.contact_id = target.id)
   and not exists (select from public.deals as child where child.primary_contact_id = target.id)
   and not exists (select from public.meetings as child where child.primary_contact_id = target.id)
   and not exists (select from public.tasks as child where child.contact_id = target.id);
-- drop godwit_kept.moved_deals_primary_contact_id_4c3b39dc
drop table godwit_kept.moved_deals_primary_contact_id_4c3b39dc;

-- [8/13] undo: move companies (specs/20250831000001_extraction.gw:10)
--   locks public.companies (row exclusive); scan
-- remove from public.companies what was moved and nobody changed
delete from public.companies as target
 using godwit_kept.moved_companies_4c3b39dc as kept
 where target.id = kept.target_id
   and target.name = kept.target_name
   and target.domain is not distinct from kept.target_domain
   and target.industry is not distinct from null
   and target.owner_id is not distinct from kept.target_owner_id
   and target.engagement_score is not distinct from 0
   and target.lead_score is not distinct from 0
   and target.data_quality_score is not distinct from 0
   and target.social_media_urls is not distinct from '{}'
   and target.technology_stack is not distinct from '{}'
   and target.is_target_account is not distinct from false
   and target.employee_count is not distinct from null
   and target.annual_revenue is not distinct from null
   and target.website is not distinct from null
   and target.linkedin_url is not distinct from null
   and target.phone is not distinct from null
   and target.address is not distinct from '{}'
   and target.description is not distinct from null
   and target.last_contact_at is not distinct from null
   and not exists (select from public.activities as child where child.company_id = target.id)
   and not exists (select from public.contacts as child where child.company_id = target.id)
   and not exists (select from public.deals as child where child.company_id = target.id)
   and not exists (select from public.meetings as child where child.company_id = target.id)
   and not exists (select from public.tasks as child where child.company_id = target.id);
-- drop godwit_kept.moved_companies_4c3b39dc
drop table godwit_kept.moved_companies_4c3b39dc;

-- [9/13] undo: create view public.legacy_link_status (specs/20250831000001_extraction.gw:37)
--   locks public.legacy_link_status (access exclusive); instant
-- drop view public.legacy_link_status
drop view public.legacy_link_status;

-- [10/13] leave nothing empty behind
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

-- [11/13] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250831000001_extraction';
delete from godwit.hidden_column where migration = '20250831000001_extraction';
delete from godwit.checkpoint where migration = '20250831000001_extraction';
insert into godwit.event (migration, what, detail)
select '20250831000001_extraction', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [12/13] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000001_extraction', 'message', 'rolled back',
  'tables', array['public.companies', 'public.contacts', 'public.deals']::text[])::text);

-- [13/13] commit
commit;
