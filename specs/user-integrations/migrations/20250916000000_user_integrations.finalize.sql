-- godwit finalize 20250916000000_user_integrations
-- Credentials leave the users table
-- spec: specs/20250916000000_user_integrations.gw
-- checksum: sha256:46415dff27e5c7ac436d137f9c5f7e6d252e25e0859510ffe37663517d724014
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:0a40c6a22dcaaa0facebd4133175efe101b2e8b700f1a82195c6679e4367f7cf

-- [1/28] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/28] refuse when this is not applied
do $godwit$
declare is_state text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250916000000_user_integrations';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/28] drop godwit_kept.seeded_services_df6384e9 (specs/20250916000000_user_integrations.gw:229)
drop table godwit_kept.seeded_services_df6384e9;

-- [4/28] drop godwit_kept.moved_gmail_20356282 (specs/20250916000000_user_integrations.gw:271)
drop table godwit_kept.moved_gmail_20356282;

-- [5/28] drop godwit_kept.moved_google_calendar_20356282 (specs/20250916000000_user_integrations.gw:296)
drop table godwit_kept.moved_google_calendar_20356282;

-- [6/28] drop godwit_kept.moved_signal_20356282 (specs/20250916000000_user_integrations.gw:334)
drop table godwit_kept.moved_signal_20356282;

-- [7/28] drop godwit_kept.moved_telegram_20356282 (specs/20250916000000_user_integrations.gw:321)
drop table godwit_kept.moved_telegram_20356282;

-- [8/28] drop the hidden column dev.users.access_token_2 (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_access_token_2');

-- [9/28] drop the hidden column dev.users.auth_code (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_auth_code');

-- [10/28] drop the hidden column dev.users.auth_code_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_auth_code_2');

-- [11/28] drop the hidden column dev.users.client_id_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_client_id_2');

-- [12/28] drop the hidden column dev.users.client_secret_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_client_secret_2');

-- [13/28] drop the hidden column dev.users.granted_scopes (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_granted_scopes');

-- [14/28] drop the hidden column dev.users.granted_scopes_2 (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_granted_scopes_2');

-- [15/28] drop the hidden column dev.users.refresh_expired_2 (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_refresh_expired_2');

-- [16/28] drop the hidden column dev.users.refresh_token_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_refresh_token_2');

-- [17/28] drop the hidden column dev.users.signal_source_uuid (specs/20250916000000_user_integrations.gw:346)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_signal_source_uuid');

-- [18/28] drop the hidden column dev.users.telegram_id (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_telegram_id');

-- [19/28] drop the hidden column dev.users.telegram_signup_token (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_telegram_signup_token');

-- [20/28] drop the hidden column dev.users.client_secret (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_client_secret');

-- [21/28] drop the hidden column dev.users.access_token (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_access_token');

-- [22/28] drop the hidden column dev.users.client_id (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_client_id');

-- [23/28] drop the hidden column dev.users.refresh_expired (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_refresh_expired');

-- [24/28] drop the hidden column dev.users.refresh_token (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_refresh_token');

-- [25/28] leave nothing empty behind
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

-- [26/28] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250916000000_user_integrations';
insert into godwit.event (migration, what, detail)
select '20250916000000_user_integrations', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [27/28] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250916000000_user_integrations', 'message', 'finalized',
  'tables', array['dev.services', 'dev.user_integrations', 'dev.users']::text[])::text);

-- [28/28] commit
commit;
