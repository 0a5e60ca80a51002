-- godwit finalize 20250830000000_baseline
-- The CRM before the suite
-- spec: specs/20250830000000_baseline.gw
-- checksum: sha256:c32763d815902690164245871f19dbb3920fe8206cd1c7aa2271b11d9cd4e169
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8d410653ecdcf7ace65f825785e4911c6ed98acf077c34d5764a3fa74ae16998

-- [1/5] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/5] refuse when this is not applied
do $godwit$
declare is_state text; closes_at timestamptz;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until into is_state, closes_at from godwit.migration where id = '20250830000000_baseline';
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
notify godwit, '{"migration": "20250830000000_baseline", "state": "finalized"}';

-- [5/5] commit
commit;
