-- godwit finalize 20250831000000_columns
-- Scores, JSON and arrays, and references
-- spec: specs/20250831000000_columns.gw
-- checksum: sha256:3c3471131dc4dabb7aa43c89dc03f1724f46f41d62ef0239b909902727b65d28
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:15c07dfcac17bbd0285afb3d91307d065e8d3af9f4f4e091d9d4dbee63230fb1

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
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000000_columns';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/5] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250831000000_columns';
insert into godwit.event (migration, what, detail)
select '20250831000000_columns', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [4/5] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000000_columns', 'message', 'finalized',
  'tables', array['public.activities', 'public.companies', 'public.contacts', 'public.deals', 'public.meetings', 'public.tasks']::text[])::text);

-- [5/5] commit
commit;
