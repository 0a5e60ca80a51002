-- godwit finalize 20250831000001_extraction
-- Companies and contacts out of the text of deals
-- spec: specs/20250831000001_extraction.gw
-- checksum: sha256:27193b77d317102a915e86935445ff94337e8a35b12c322064c39a37284dedfb
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:e97e85402c43807bff653aeab043550404c6c1dd5e0dd219c8f0129bf3f90a8e

-- [1/10] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/10] refuse when this is not applied
do $godwit$
declare is_state text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000001_extraction';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000001_extraction cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000001_extraction cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/10] drop godwit_kept.moved_companies_4c3b39dc (specs/20250831000001_extraction.gw:10)
drop table godwit_kept.moved_companies_4c3b39dc;

-- [4/10] drop godwit_kept.moved_deals_primary_contact_id_4c3b39dc (specs/20250831000001_extraction.gw:27)
drop table godwit_kept.moved_deals_primary_contact_id_4c3b39dc;

-- [5/10] drop godwit_kept.filled_deals_5c6d0484 (specs/20250831000001_extraction.gw:21)
drop table godwit_kept.filled_deals_5c6d0484;

-- [6/10] drop godwit_kept.filled_deals_f5f29d0d (specs/20250831000001_extraction.gw:27)
drop table godwit_kept.filled_deals_f5f29d0d;

-- [7/10] leave nothing empty behind
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

-- [8/10] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250831000001_extraction';
insert into godwit.event (migration, what, detail)
select '20250831000001_extraction', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [9/10] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000001_extraction', 'message', 'finalized',
  'tables', array['public.companies', 'public.contacts', 'public.deals']::text[])::text);

-- [10/10] commit
commit;
