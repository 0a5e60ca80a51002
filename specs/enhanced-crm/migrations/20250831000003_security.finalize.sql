-- godwit finalize 20250831000003_security
-- Who sees what, and what is asked often
-- spec: specs/20250831000003_security.gw
-- checksum: sha256:259af4d3d9a39a459142c70c952647085ae6450d5dd318e3c1197677f05e66a8
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8d6120db2ae55e5bee3c6e5e3189f25b0ddfa4b0e0bc897e235171fd01c83fe6

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
    select state, window_until into is_state, closes_at from godwit.migration where id = '20250831000003_security';
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
notify godwit, '{"migration": "20250831000003_security", "state": "finalized"}';

-- [5/5] commit
commit;
