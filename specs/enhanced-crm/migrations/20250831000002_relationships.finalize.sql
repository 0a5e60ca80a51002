-- godwit finalize 20250831000002_relationships
-- Relationships between companies, deals, meetings and contacts
-- spec: specs/20250831000002_relationships.gw
-- checksum: sha256:1a2ab6814e1152bfc4e5580597c80649e374996ad6e9b5b461908fe681bc7e90
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:47e329989850834a4cf8cdfabb6b0ad01c7d454dcc3bacf635221992c008299e

-- [1/12] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/12] refuse when this is not applied
do $godwit$
declare is_state text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000002_relationships';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/12] drop godwit_kept.moved_deal_stakeholders_f0243bab (specs/20250831000002_relationships.gw:126)
drop table godwit_kept.moved_deal_stakeholders_f0243bab;

-- [4/12] drop godwit_kept.filled_meetings_ad0b76d1 (specs/20250831000002_relationships.gw:94)
drop table godwit_kept.filled_meetings_ad0b76d1;

-- [5/12] drop godwit_kept.filled_activities_b1933828 (specs/20250831000002_relationships.gw:85)
drop table godwit_kept.filled_activities_b1933828;

-- [6/12] drop godwit_kept.moved_company_activities_f0243bab (specs/20250831000002_relationships.gw:104)
drop table godwit_kept.moved_company_activities_f0243bab;

-- [7/12] drop godwit_kept.moved_contact_interactions_f0243bab (specs/20250831000002_relationships.gw:116)
drop table godwit_kept.moved_contact_interactions_f0243bab;

-- [8/12] drop godwit_kept.moved_deal_meetings_f0243bab (specs/20250831000002_relationships.gw:109)
drop table godwit_kept.moved_deal_meetings_f0243bab;

-- [9/12] leave nothing empty behind
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

-- [10/12] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250831000002_relationships';
insert into godwit.event (migration, what, detail)
select '20250831000002_relationships', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [11/12] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000002_relationships', 'message', 'finalized',
  'tables', array['public.activities', 'public.activity_meetings', 'public.company_activities', 'public.contact_interactions', 'public.deal_meetings', 'public.deal_stakeholders', 'public.meeting_sequences', 'public.meetings']::text[])::text);

-- [12/12] commit
commit;
