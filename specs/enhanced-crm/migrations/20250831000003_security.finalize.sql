-- godwit finalize 20250831000003_security
-- Who sees what, and what is asked often
-- spec: specs/20250831000003_security.gw
-- checksum: sha256:259af4d3d9a39a459142c70c952647085ae6450d5dd318e3c1197677f05e66a8
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:aacf177cd8b1b9fa767a319207ae592f67dde63deb87f073dc2a998ab591d486

-- [1/5] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/5] refuse when this is not applied
do $godwit$
declare is_state text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000003_security';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/5] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250831000003_security';
insert into godwit.event (migration, what, detail)
select '20250831000003_security', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [4/5] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000003_security', 'message', 'finalized',
  'tables', array['public.activities', 'public.activity_meetings', 'public.companies', 'public.company_activities', 'public.contact_interactions', 'public.contacts', 'public.deal_meetings', 'public.deal_stakeholders', 'public.deals', 'public.meeting_sequences', 'public.meetings', 'public.tasks']::text[])::text);

-- [5/5] commit
commit;
