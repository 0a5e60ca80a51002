-- godwit finalize 20250101000000_people
-- People
-- spec: specs/20250101000000_people.gw
-- checksum: sha256:4b330632f3e84c2a40d4ba761e44b29d2afbab5bb19c928c830d8b17e8808058
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:a36495b9ed744db49f29c9839d6edee2603b88d85c5923898782a727533f956d

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
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250101000000_people';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250101000000_people cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250101000000_people cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/5] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250101000000_people';
insert into godwit.event (migration, what, detail)
select '20250101000000_people', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [4/5] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250101000000_people', 'message', 'finalized',
  'tables', array['app.people']::text[])::text);

-- [5/5] commit
commit;
