-- godwit finalize 20250102000000_phones
-- A person may have several phone numbers
-- spec: specs/20250102000000_phones.gw
-- checksum: sha256:5a3300373858e54e72d8635c362e1420d7e227c983897eee4d46e20addf4eb6b
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:c8edbffe7e34e264d7eb03c56ab382597c259c86718f04d456c1aa3e9d6d68b5

-- [1/8] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/8] refuse when this is not applied
do $godwit$
declare is_state text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250102000000_phones';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_phones cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_phones cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/8] drop godwit_kept.moved_phones_877f0faf (specs/20250102000000_phones.gw:9)
drop table godwit_kept.moved_phones_877f0faf;

-- [4/8] drop the hidden column app.people.phone (specs/20250102000000_phones.gw:14)
--   locks app.people (access exclusive); instant
select godwit.drop_hidden_column('20250102000000_phones', 'app', 'people', '_gw_keep_phone');

-- [5/8] leave nothing empty behind
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

-- [6/8] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250102000000_phones';
insert into godwit.event (migration, what, detail)
select '20250102000000_phones', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [7/8] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_phones', 'message', 'finalized',
  'tables', array['app.people', 'app.phones']::text[])::text);

-- [8/8] commit
commit;
