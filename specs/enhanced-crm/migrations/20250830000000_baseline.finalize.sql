-- godwit finalize 20250830000000_baseline
-- The CRM before the suite
-- spec: specs/20250830000000_baseline.gw
-- checksum: sha256:c32763d815902690164245871f19dbb3920fe8206cd1c7aa2271b11d9cd4e169
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:3e0af5243970f978e8a57dd073e8f82388b84b012277f83ff3ee265df87b62c0

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
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250830000000_baseline';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/5] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250830000000_baseline';
insert into godwit.event (migration, what, detail)
select '20250830000000_baseline', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [4/5] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250830000000_baseline', 'message', 'finalized',
  'tables', array['auth.users', 'public.activities', 'public.companies', 'public.contacts', 'public.deal_stages', 'public.deals', 'public.meetings', 'public.profiles', 'public.tasks']::text[])::text);

-- [5/5] commit
commit;
