-- godwit finalize 20250901000000_baseline
-- The mail assistant as it stands
-- spec: specs/20250901000000_baseline.gw
-- checksum: sha256:e57e22c46ad577b38265ac5a2e4e5d273dccf6958a9923f655beae016e6c59e8
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:71aa74e3afb0b3910ec8998ed6f17084efcfe3ca118813d9cf0238f9c6cf6f89

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
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250901000000_baseline';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/5] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250901000000_baseline';
insert into godwit.event (migration, what, detail)
select '20250901000000_baseline', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [4/5] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250901000000_baseline', 'message', 'finalized',
  'tables', array['dev.digests', 'dev.emails', 'dev.legacy_imports', 'dev.mail_aliases', 'dev.tasks', 'dev.user_settings', 'dev.users', 'ops.access_log']::text[])::text);

-- [5/5] commit
commit;
