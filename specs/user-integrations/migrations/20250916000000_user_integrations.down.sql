-- godwit down 20250916000000_user_integrations
-- Credentials leave the users table
-- spec: specs/20250916000000_user_integrations.gw
-- checksum: sha256:46415dff27e5c7ac436d137f9c5f7e6d252e25e0859510ffe37663517d724014
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:bad77cf49ea27a12d36539817feb8a4d7db0c768c4deba3c929aa7639403d0c3

-- [1/56] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/56] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250916000000_user_integrations';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250916000000_user_integrations' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250916000000_user_integrations closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/56] lock what will change, in one fixed order
lock table dev.services in access exclusive mode;
lock table dev.user_integrations in access exclusive mode;
lock table dev.users in access exclusive mode;

-- [4/56] a place for what has none in the old shape
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
  if to_regclass('godwit_kept.residue') is null then
    create table godwit_kept.residue (
      migration text not null, step text not null, table_name text not null, key jsonb,
      row_data jsonb not null, reason text not null, noted_at timestamptz not null default now()
    );
    alter table godwit_kept.residue replica identity full;  -- a publication for all tables takes it in
  end if;
end
$godwit$;

-- [5/56] undo: hide column dev.users.refresh_token (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.refresh_token
alter table dev.users rename column _gw_keep_refresh_token to refresh_token;

-- [6/56] undo: hide column dev.users.refresh_expired (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.refresh_expired
alter table dev.users rename column _gw_keep_refresh_expired to refresh_expired;

-- [7/56] undo: hide column dev.users.client_id (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.client_id
alter table dev.users rename column _gw_keep_client_id to client_id;

-- [8/56] undo: hide column dev.users.access_token (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.access_token
alter table dev.users rename column _gw_keep_access_token to access_token;

-- [9/56] undo: replace view dev.v_gmail_users (specs/20250916000000_user_integrations.gw:349)
--   locks dev.users (access share), dev.v_gmail_users (access exclusive); instant
-- replace view dev.v_gmail_users
create or replace view dev.v_gmail_users as
select u.id, u.email, u.access_token is not null as connected, u.refresh_expired
      from dev.users u
     where u.access_token is not null or u.refresh_token is not null or u.client_id is not null;

-- [10/56] undo: hide column dev.users.client_secret (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.client_secret
alter table dev.users rename column _gw_keep_client_secret to client_secret;

-- [11/56] undo: replace function dev.get_gmail_token(text) (specs/20250916000000_user_integrations.gw:141)
-- replace function dev.get_gmail_token(text)
create or replace function dev.get_gmail_token(p_user_id text)
returns table (access_token text, refresh_token text, client_id text, client_secret text)
language sql stable security definer set search_path = dev, pg_temp as $$
    select u.access_token, u.refresh_token, u.client_id, u.client_secret from dev.users u where u.id = p_user_id
$$;

-- [12/56] undo: hide column dev.users.telegram_signup_token (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.telegram_signup_token
alter table dev.users rename column _gw_keep_telegram_signup_token to telegram_signup_token;

-- [13/56] undo: hide column dev.users.telegram_id (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.telegram_id
alter table dev.users rename column _gw_keep_telegram_id to telegram_id;

-- [14/56] undo: hide column dev.users.signal_source_uuid (specs/20250916000000_user_integrations.gw:346)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.signal_source_uuid
alter table dev.users rename column _gw_keep_signal_source_uuid to signal_source_uuid;

-- [15/56] undo: hide column dev.users.refresh_token_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.refresh_token_2
alter table dev.users rename column _gw_keep_refresh_token_2 to refresh_token_2;

-- [16/56] undo: hide column dev.users.refresh_expired_2 (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.refresh_expired_2
alter table dev.users rename column _gw_keep_refresh_expired_2 to refresh_expired_2;

-- [17/56] undo: hide column dev.users.granted_scopes_2 (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.granted_scopes_2
alter table dev.users rename column _gw_keep_granted_scopes_2 to granted_scopes_2;

-- [18/56] undo: hide column dev.users.granted_scopes (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.granted_scopes
alter table dev.users rename column _gw_keep_granted_scopes to granted_scopes;

-- [19/56] undo: hide column dev.users.client_secret_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.client_secret_2
alter table dev.users rename column _gw_keep_client_secret_2 to client_secret_2;

-- [20/56] undo: hide column dev.users.client_id_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.client_id_2
alter table dev.users rename column _gw_keep_client_id_2 to client_id_2;

-- [21/56] undo: hide column dev.users.auth_code_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.auth_code_2
alter table dev.users rename column _gw_keep_auth_code_2 to auth_code_2;

-- [22/56] undo: hide column dev.users.auth_code (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.auth_code
alter table dev.users rename column _gw_keep_auth_code to auth_code;

-- [23/56] undo: hide column dev.users.access_token_2 (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.access_token_2
alter table dev.users rename column _gw_keep_access_token_2 to access_token_2;

-- [24/56] undo: move telegram (specs/20250916000000_user_integrations.gw:321)
--   locks dev.user_integrations (row exclusive), dev.users (share row exclusive); scan
-- find the place of each row of dev.user_integrations in dev.users
create table godwit_kept.back_telegram_20356282 as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         telegram_id as old_telegram_id,
         telegram_signup_token as old_telegram_signup_token,
         id as put_user_id,
         telegram_id as put_external_user_id,
         case when exists (select from godwit_kept.moved_telegram_20356282 as recorded where recorded.source_id = users.id)
                 or (telegram_id is not null)
                then jsonb_strip_nulls(jsonb_build_object('signup_token', telegram_signup_token)) end as put_credentials
    from dev.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         service_id,
         external_user_id,
         is_active,
         credentials,
         case when is_active then external_user_id end as new_telegram_id,
         case when is_active then credentials ->> 'signup_token' end as new_telegram_signup_token
    from dev.user_integrations
   where service_id = 'telegram'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.external_user_id, target.id) as place,
       case when target.is_active is not distinct from true
            and target.external_user_id is not distinct from source.put_external_user_id
            then source.old_telegram_id
            when kept.source_id is null and target.new_telegram_id is null then source.old_telegram_id
            else target.new_telegram_id end
         as new_telegram_id,
       case when target.is_active is not distinct from true
            and target.credentials is not distinct from source.put_credentials
            then source.old_telegram_signup_token
            when kept.source_id is null and target.new_telegram_signup_token is null then source.old_telegram_signup_token
            else target.new_telegram_signup_token end
         as new_telegram_signup_token
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_telegram_20356282 as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_external_user_id is not distinct from target.external_user_id;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_telegram_20356282 replica identity full;
-- hold back trigger users_touch on dev.users: it must not change rows that are only moved
alter table dev.users disable trigger users_touch;
-- what was withdrawn since does not come back to life
update dev.users as source
   set telegram_id = null,
       telegram_signup_token = null
  from godwit_kept.moved_telegram_20356282 as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_telegram_20356282 as back where back.source_id = kept.source_id)
   and (source.telegram_id is not null
        or source.telegram_signup_token is not null);
-- leave out what users_telegram_id_key of dev.users refuses
update godwit_kept.back_telegram_20356282 as back set place = null
  from (select *, row_number() over (partition by v1 order by holds desc, source_id) as turn
          from (select case when back.place is null then source.telegram_id else back.new_telegram_id end as v1,
                       source.id as source_id,
                       back.place is null or (back.new_telegram_id is not distinct from source.telegram_id) as holds
                  from dev.users as source
                  left join godwit_kept.back_telegram_20356282 as back on source.id = back.source_id and back.place = 1) as held
         where v1 is not null) as held
 where held.source_id = back.source_id and back.place = 1 and held.turn > 1 and not held.holds;
-- carry what was written since back into dev.users
update dev.users as source
   set telegram_id = back.new_telegram_id,
       telegram_signup_token = back.new_telegram_signup_token
  from godwit_kept.back_telegram_20356282 as back
 where back.place = 1
   and source.id = back.source_id
   and (source.telegram_id is distinct from back.new_telegram_id
        or source.telegram_signup_token is distinct from back.new_telegram_signup_token);
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- let trigger users_touch on dev.users fire again
alter table dev.users enable trigger users_touch;
-- note rows of which dev.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'move telegram', 'dev.user_integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from dev.user_integrations as target
  join godwit_kept.back_telegram_20356282 as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           telegram_id as put_external_user_id,
           case when exists (select from godwit_kept.moved_telegram_20356282 as recorded where recorded.source_id = users.id)
                 or (telegram_id is not null)
                then jsonb_strip_nulls(jsonb_build_object('signup_token', telegram_signup_token)) end as put_credentials
      from dev.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'telegram'::text
    or target.external_user_id is distinct from source.put_external_user_id
    or target.access_token is distinct from null
    or target.refresh_token is distinct from null
    or target.client_id is distinct from null
    or target.client_secret is distinct from null
    or target.auth_code is distinct from null
    or target.granted_scopes is distinct from null
    or target.refresh_expired is distinct from false
    or target.credentials is distinct from source.put_credentials
    or target.is_active is distinct from true;
-- remove from dev.user_integrations what is back in dev.users
delete from dev.user_integrations as target
 using godwit_kept.back_telegram_20356282 as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_telegram_20356282
drop table godwit_kept.back_telegram_20356282;
-- drop godwit_kept.moved_telegram_20356282
drop table godwit_kept.moved_telegram_20356282;

-- [25/56] undo: move signal (specs/20250916000000_user_integrations.gw:334)
--   locks dev.user_integrations (row exclusive), dev.users (share row exclusive); scan
-- find the place of each row of dev.user_integrations in dev.users
create table godwit_kept.back_signal_20356282 as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         signal_source_uuid as old_signal_source_uuid,
         id as put_user_id,
         signal_source_uuid as put_external_user_id
    from dev.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         service_id,
         external_user_id,
         is_active,
         case when is_active then external_user_id end as new_signal_source_uuid
    from dev.user_integrations
   where service_id = 'signal'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.external_user_id, target.id) as place,
       case when target.is_active is not distinct from true
            and target.external_user_id is not distinct from source.put_external_user_id
            then source.old_signal_source_uuid
            when kept.source_id is null and target.new_signal_source_uuid is null then source.old_signal_source_uuid
            else target.new_signal_source_uuid end
         as new_signal_source_uuid
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_signal_20356282 as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_external_user_id is not distinct from target.external_user_id;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_signal_20356282 replica identity full;
-- hold back trigger users_touch on dev.users: it must not change rows that are only moved
alter table dev.users disable trigger users_touch;
-- what was withdrawn since does not come back to life
update dev.users as source
   set signal_source_uuid = null
  from godwit_kept.moved_signal_20356282 as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_signal_20356282 as back where back.source_id = kept.source_id)
   and (source.signal_source_uuid is not null);
-- leave out what users_signal_idx of dev.users refuses
update godwit_kept.back_signal_20356282 as back set place = null
  from (select *, row_number() over (partition by v1 order by holds desc, source_id) as turn
          from (select case when back.place is null then source.signal_source_uuid else back.new_signal_source_uuid end as v1,
                       source.id as source_id,
                       back.place is null or (back.new_signal_source_uuid is not distinct from source.signal_source_uuid) as holds
                  from dev.users as source
                  left join godwit_kept.back_signal_20356282 as back on source.id = back.source_id and back.place = 1) as held
         where v1 is not null) as held
 where held.source_id = back.source_id and back.place = 1 and held.turn > 1 and not held.holds;
-- carry what was written since back into dev.users
update dev.users as source
   set signal_source_uuid = back.new_signal_source_uuid
  from godwit_kept.back_signal_20356282 as back
 where back.place = 1
   and source.id = back.source_id
   and (source.signal_source_uuid is distinct from back.new_signal_source_uuid);
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- let trigger users_touch on dev.users fire again
alter table dev.users enable trigger users_touch;
-- note rows of which dev.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'move signal', 'dev.user_integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from dev.user_integrations as target
  join godwit_kept.back_signal_20356282 as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           signal_source_uuid as put_external_user_id
      from dev.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'signal'::text
    or target.external_user_id is distinct from source.put_external_user_id
    or target.access_token is distinct from null
    or target.refresh_token is distinct from null
    or target.client_id is distinct from null
    or target.client_secret is distinct from null
    or target.auth_code is distinct from null
    or target.granted_scopes is distinct from null
    or target.refresh_expired is distinct from false
    or target.credentials is distinct from '{}'
    or target.is_active is distinct from true;
-- remove from dev.user_integrations what is back in dev.users
delete from dev.user_integrations as target
 using godwit_kept.back_signal_20356282 as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_signal_20356282
drop table godwit_kept.back_signal_20356282;
-- drop godwit_kept.moved_signal_20356282
drop table godwit_kept.moved_signal_20356282;

-- [26/56] undo: move google_calendar (specs/20250916000000_user_integrations.gw:296)
--   locks dev.user_integrations (row exclusive), dev.users (share row exclusive); scan
-- find the place of each row of dev.user_integrations in dev.users
create table godwit_kept.back_google_calendar_20356282 as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         access_token_2 as old_access_token_2,
         refresh_token_2 as old_refresh_token_2,
         client_id_2 as old_client_id_2,
         client_secret_2 as old_client_secret_2,
         auth_code_2 as old_auth_code_2,
         granted_scopes_2 as old_granted_scopes_2,
         refresh_expired_2 as old_refresh_expired_2,
         id as put_user_id,
         email as put_external_user_id,
         access_token_2 as put_access_token,
         refresh_token_2 as put_refresh_token,
         client_id_2 as put_client_id,
         client_secret_2 as put_client_secret,
         auth_code_2 as put_auth_code,
         granted_scopes_2 as put_granted_scopes,
         coalesce(refresh_expired_2, false) as put_refresh_expired
    from dev.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         external_user_id,
         service_id,
         is_active,
         access_token,
         refresh_token,
         client_id,
         client_secret,
         auth_code,
         granted_scopes,
         refresh_expired,
         case when is_active then access_token end as new_access_token_2,
         case when is_active then refresh_token end as new_refresh_token_2,
         case when is_active then client_id end as new_client_id_2,
         case when is_active then client_secret end as new_client_secret_2,
         case when is_active then auth_code end as new_auth_code_2,
         case when is_active then granted_scopes end as new_granted_scopes_2,
         case when is_active then refresh_expired end as new_refresh_expired_2
    from dev.user_integrations
   where service_id = 'google_calendar'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.external_user_id, target.id) as place,
       case when target.is_active is not distinct from true
            and target.access_token is not distinct from source.put_access_token
            then source.old_access_token_2
            when kept.source_id is null and target.new_access_token_2 is null then source.old_access_token_2
            else target.new_access_token_2 end
         as new_access_token_2,
       case when target.is_active is not distinct from true
            and target.refresh_token is not distinct from source.put_refresh_token
            then source.old_refresh_token_2
            when kept.source_id is null and target.new_refresh_token_2 is null then source.old_refresh_token_2
            else target.new_refresh_token_2 end
         as new_refresh_token_2,
       case when target.is_active is not distinct from true
            and target.client_id is not distinct from source.put_client_id
            then source.old_client_id_2
            when kept.source_id is null and target.new_client_id_2 is null then source.old_client_id_2
            else target.new_client_id_2 end
         as new_client_id_2,
       case when target.is_active is not distinct from true
            and target.client_secret is not distinct from source.put_client_secret
            then source.old_client_secret_2
            when kept.source_id is null and target.new_client_secret_2 is null then source.old_client_secret_2
            else target.new_client_secret_2 end
         as new_client_secret_2,
       case when target.is_active is not distinct from true
            and target.auth_code is not distinct from source.put_auth_code
            then source.old_auth_code_2
            when kept.source_id is null and target.new_auth_code_2 is null then source.old_auth_code_2
            else target.new_auth_code_2 end
         as new_auth_code_2,
       case when target.is_active is not distinct from true
            and target.granted_scopes is not distinct from source.put_granted_scopes
            then source.old_granted_scopes_2
            when kept.source_id is null and target.new_granted_scopes_2 is null then source.old_granted_scopes_2
            else target.new_granted_scopes_2 end
         as new_granted_scopes_2,
       case when target.is_active is not distinct from true
            and target.refresh_expired is not distinct from source.put_refresh_expired
            then source.old_refresh_expired_2
            when kept.source_id is null and target.new_refresh_expired_2 is null then source.old_refresh_expired_2
            else target.new_refresh_expired_2 end
         as new_refresh_expired_2
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_google_calendar_20356282 as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_external_user_id = target.external_user_id
 where (kept.source_id is not null or target.external_user_id = source.put_external_user_id);
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_google_calendar_20356282 replica identity full;
-- hold back trigger users_touch on dev.users: it must not change rows that are only moved
alter table dev.users disable trigger users_touch;
-- what was withdrawn since does not come back to life
update dev.users as source
   set access_token_2 = null,
       refresh_token_2 = null,
       client_id_2 = null,
       client_secret_2 = null,
       auth_code_2 = null,
       granted_scopes_2 = null,
       refresh_expired_2 = null
  from godwit_kept.moved_google_calendar_20356282 as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_google_calendar_20356282 as back where back.source_id = kept.source_id)
   and (source.access_token_2 is not null
        or source.refresh_token_2 is not null
        or source.client_id_2 is not null
        or source.client_secret_2 is not null
        or source.auth_code_2 is not null
        or source.granted_scopes_2 is not null
        or source.refresh_expired_2 is not null);
-- carry what was written since back into dev.users
update dev.users as source
   set access_token_2 = back.new_access_token_2,
       refresh_token_2 = back.new_refresh_token_2,
       client_id_2 = back.new_client_id_2,
       client_secret_2 = back.new_client_secret_2,
       auth_code_2 = back.new_auth_code_2,
       granted_scopes_2 = back.new_granted_scopes_2,
       refresh_expired_2 = back.new_refresh_expired_2
  from godwit_kept.back_google_calendar_20356282 as back
 where back.place = 1
   and source.id = back.source_id
   and (source.access_token_2 is distinct from back.new_access_token_2
        or source.refresh_token_2 is distinct from back.new_refresh_token_2
        or source.client_id_2 is distinct from back.new_client_id_2
        or source.client_secret_2 is distinct from back.new_client_secret_2
        or source.auth_code_2 is distinct from back.new_auth_code_2
        or source.granted_scopes_2 is distinct from back.new_granted_scopes_2
        or source.refresh_expired_2 is distinct from back.new_refresh_expired_2);
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- let trigger users_touch on dev.users fire again
alter table dev.users enable trigger users_touch;
-- note rows of which dev.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'move google_calendar', 'dev.user_integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from dev.user_integrations as target
  join godwit_kept.back_google_calendar_20356282 as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           email as put_external_user_id,
           access_token_2 as put_access_token,
           refresh_token_2 as put_refresh_token,
           client_id_2 as put_client_id,
           client_secret_2 as put_client_secret,
           auth_code_2 as put_auth_code,
           granted_scopes_2 as put_granted_scopes,
           coalesce(refresh_expired_2, false) as put_refresh_expired
      from dev.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'google_calendar'::text
    or target.external_user_id is distinct from source.put_external_user_id
    or target.access_token is distinct from source.put_access_token
    or target.refresh_token is distinct from source.put_refresh_token
    or target.client_id is distinct from source.put_client_id
    or target.client_secret is distinct from source.put_client_secret
    or target.auth_code is distinct from source.put_auth_code
    or target.granted_scopes is distinct from source.put_granted_scopes
    or target.refresh_expired is distinct from source.put_refresh_expired
    or target.credentials is distinct from '{}'
    or target.is_active is distinct from true;
-- remove from dev.user_integrations what is back in dev.users
delete from dev.user_integrations as target
 using godwit_kept.back_google_calendar_20356282 as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_google_calendar_20356282
drop table godwit_kept.back_google_calendar_20356282;
-- drop godwit_kept.moved_google_calendar_20356282
drop table godwit_kept.moved_google_calendar_20356282;

-- [27/56] undo: move gmail (specs/20250916000000_user_integrations.gw:271)
--   locks dev.user_integrations (row exclusive), dev.users (share row exclusive); scan
-- find the place of each row of dev.user_integrations in dev.users
create table godwit_kept.back_gmail_20356282 as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         access_token as old_access_token,
         refresh_token as old_refresh_token,
         client_id as old_client_id,
         client_secret as old_client_secret,
         auth_code as old_auth_code,
         granted_scopes as old_granted_scopes,
         refresh_expired as old_refresh_expired,
         id as put_user_id,
         email as put_external_user_id,
         access_token as put_access_token,
         refresh_token as put_refresh_token,
         client_id as put_client_id,
         client_secret as put_client_secret,
         auth_code as put_auth_code,
         granted_scopes as put_granted_scopes,
         coalesce(refresh_expired, false) as put_refresh_expired
    from dev.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         external_user_id,
         service_id,
         is_active,
         access_token,
         refresh_token,
         client_id,
         client_secret,
         auth_code,
         granted_scopes,
         refresh_expired,
         case when is_active then access_token end as new_access_token,
         case when is_active then refresh_token end as new_refresh_token,
         case when is_active then client_id end as new_client_id,
         case when is_active then client_secret end as new_client_secret,
         case when is_active then auth_code end as new_auth_code,
         case when is_active then granted_scopes end as new_granted_scopes,
         case when is_active then refresh_expired end as new_refresh_expired
    from dev.user_integrations
   where service_id = 'gmail'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.external_user_id, target.id) as place,
       case when target.is_active is not distinct from true
            and target.access_token is not distinct from source.put_access_token
            then source.old_access_token
            when kept.source_id is null and target.new_access_token is null then source.old_access_token
            else target.new_access_token end
         as new_access_token,
       case when target.is_active is not distinct from true
            and target.refresh_token is not distinct from source.put_refresh_token
            then source.old_refresh_token
            when kept.source_id is null and target.new_refresh_token is null then source.old_refresh_token
            else target.new_refresh_token end
         as new_refresh_token,
       case when target.is_active is not distinct from true
            and target.client_id is not distinct from source.put_client_id
            then source.old_client_id
            when kept.source_id is null and target.new_client_id is null then source.old_client_id
            else target.new_client_id end
         as new_client_id,
       case when target.is_active is not distinct from true
            and target.client_secret is not distinct from source.put_client_secret
            then source.old_client_secret
            when kept.source_id is null and target.new_client_secret is null then source.old_client_secret
            else target.new_client_secret end
         as new_client_secret,
       case when target.is_active is not distinct from true
            and target.auth_code is not distinct from source.put_auth_code
            then source.old_auth_code
            when kept.source_id is null and target.new_auth_code is null then source.old_auth_code
            else target.new_auth_code end
         as new_auth_code,
       case when target.is_active is not distinct from true
            and target.granted_scopes is not distinct from source.put_granted_scopes
            then source.old_granted_scopes
            when kept.source_id is null and target.new_granted_scopes is null then source.old_granted_scopes
            else target.new_granted_scopes end
         as new_granted_scopes,
       case when target.is_active is not distinct from true
            and target.refresh_expired is not distinct from source.put_refresh_expired
            then source.old_refresh_expired
            when kept.source_id is null and target.new_refresh_expired is null then source.old_refresh_expired
            else target.new_refresh_expired end
         as new_refresh_expired
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_gmail_20356282 as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_external_user_id = target.external_user_id
 where (kept.source_id is not null or target.external_user_id = source.put_external_user_id);
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_gmail_20356282 replica identity full;
-- hold back trigger users_touch on dev.users: it must not change rows that are only moved
alter table dev.users disable trigger users_touch;
-- what was withdrawn since does not come back to life
update dev.users as source
   set access_token = null,
       refresh_token = null,
       client_id = null,
       client_secret = null,
       auth_code = null,
       granted_scopes = null,
       refresh_expired = null
  from godwit_kept.moved_gmail_20356282 as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_gmail_20356282 as back where back.source_id = kept.source_id)
   and (source.access_token is not null
        or source.refresh_token is not null
        or source.client_id is not null
        or source.client_secret is not null
        or source.auth_code is not null
        or source.granted_scopes is not null
        or source.refresh_expired is not null);
-- leave out what constraint users_secret_needs_client of dev.users refuses
update godwit_kept.back_gmail_20356282 as back set place = null
 where place = 1
   and exists (select from (select back.new_client_secret as client_secret, back.new_client_id as client_id
                              from dev.users as source
                             where source.id = back.source_id) as users
                where not (client_secret is null or client_id is not null));
-- carry what was written since back into dev.users
update dev.users as source
   set access_token = back.new_access_token,
       refresh_token = back.new_refresh_token,
       client_id = back.new_client_id,
       client_secret = back.new_client_secret,
       auth_code = back.new_auth_code,
       granted_scopes = back.new_granted_scopes,
       refresh_expired = back.new_refresh_expired
  from godwit_kept.back_gmail_20356282 as back
 where back.place = 1
   and source.id = back.source_id
   and (source.access_token is distinct from back.new_access_token
        or source.refresh_token is distinct from back.new_refresh_token
        or source.client_id is distinct from back.new_client_id
        or source.client_secret is distinct from back.new_client_secret
        or source.auth_code is distinct from back.new_auth_code
        or source.granted_scopes is distinct from back.new_granted_scopes
        or source.refresh_expired is distinct from back.new_refresh_expired);
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- let trigger users_touch on dev.users fire again
alter table dev.users enable trigger users_touch;
-- note rows of which dev.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'move gmail', 'dev.user_integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from dev.user_integrations as target
  join godwit_kept.back_gmail_20356282 as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           email as put_external_user_id,
           access_token as put_access_token,
           refresh_token as put_refresh_token,
           client_id as put_client_id,
           client_secret as put_client_secret,
           auth_code as put_auth_code,
           granted_scopes as put_granted_scopes,
           coalesce(refresh_expired, false) as put_refresh_expired
      from dev.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'gmail'::text
    or target.external_user_id is distinct from source.put_external_user_id
    or target.access_token is distinct from source.put_access_token
    or target.refresh_token is distinct from source.put_refresh_token
    or target.client_id is distinct from source.put_client_id
    or target.client_secret is distinct from source.put_client_secret
    or target.auth_code is distinct from source.put_auth_code
    or target.granted_scopes is distinct from source.put_granted_scopes
    or target.refresh_expired is distinct from source.put_refresh_expired
    or target.credentials is distinct from '{}'
    or target.is_active is distinct from true;
-- remove from dev.user_integrations what is back in dev.users
delete from dev.user_integrations as target
 using godwit_kept.back_gmail_20356282 as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_gmail_20356282
drop table godwit_kept.back_gmail_20356282;
-- drop godwit_kept.moved_gmail_20356282
drop table godwit_kept.moved_gmail_20356282;

-- [28/56] undo: rows dev.services (specs/20250916000000_user_integrations.gw:229)
--   locks dev.services (row exclusive), dev.user_integrations (row exclusive); scan
-- note the rows that are left in dev.user_integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'drop table dev.user_integrations', 'dev.user_integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.user_integrations as leaving
 where exists (select from dev.services as target, godwit_kept.seeded_services_df6384e9 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- remove these rows from dev.user_integrations
delete from dev.user_integrations as leaving
 where exists (select from dev.services as target, godwit_kept.seeded_services_df6384e9 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- take rows out of dev.services that nobody changed and nothing refers to
delete from dev.services as target
 using godwit_kept.seeded_services_df6384e9 as seed
 where target.id = seed.id
   and target.name is not distinct from seed.name
   and target.auth_type is not distinct from seed.auth_type
   and target.is_active is not distinct from true
   and not exists (select from dev.user_integrations as child where child.service_id = target.id);
-- drop godwit_kept.seeded_services_df6384e9
drop table godwit_kept.seeded_services_df6384e9;

-- [29/56] undo: create function dev.update_integration_tokens(text, text, text, text) (specs/20250916000000_user_integrations.gw:116)
-- drop function dev.update_integration_tokens(text, text, text, text)
drop function dev.update_integration_tokens(text, text, text, text);

-- [30/56] undo: create function dev.unlink_service_from_user(text, text, text) (specs/20250916000000_user_integrations.gw:75)
-- drop function dev.unlink_service_from_user(text, text, text)
drop function dev.unlink_service_from_user(text, text, text);

-- [31/56] undo: create function dev.remove_service_integration(text, text, text) (specs/20250916000000_user_integrations.gw:95)
-- drop function dev.remove_service_integration(text, text, text)
drop function dev.remove_service_integration(text, text, text);

-- [32/56] undo: create function dev.reactivate_service_integration(text, text, text) (specs/20250916000000_user_integrations.gw:85)
-- drop function dev.reactivate_service_integration(text, text, text)
drop function dev.reactivate_service_integration(text, text, text);

-- [33/56] undo: create function dev.link_whatsapp(text, text) (specs/20250916000000_user_integrations.gw:60)
-- drop function dev.link_whatsapp(text, text)
drop function dev.link_whatsapp(text, text);

-- [34/56] undo: create function dev.link_telegram(text, text, text) (specs/20250916000000_user_integrations.gw:49)
-- drop function dev.link_telegram(text, text, text)
drop function dev.link_telegram(text, text, text);

-- [35/56] undo: create function dev.link_signal(text, text) (specs/20250916000000_user_integrations.gw:55)
-- drop function dev.link_signal(text, text)
drop function dev.link_signal(text, text);

-- [36/56] undo: create function dev.link_google_calendar(text, text, text, text) (specs/20250916000000_user_integrations.gw:44)
-- drop function dev.link_google_calendar(text, text, text, text)
drop function dev.link_google_calendar(text, text, text, text);

-- [37/56] undo: create function dev.link_gmail(text, text, text, text) (specs/20250916000000_user_integrations.gw:39)
-- drop function dev.link_gmail(text, text, text, text)
drop function dev.link_gmail(text, text, text, text);

-- [38/56] undo: create function dev.bulk_link_services_to_user(text, jsonb) (specs/20250916000000_user_integrations.gw:65)
-- drop function dev.bulk_link_services_to_user(text, jsonb)
drop function dev.bulk_link_services_to_user(text, jsonb);

-- [39/56] undo: create function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb) (specs/20250916000000_user_integrations.gw:11)
-- drop function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)
drop function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb);

-- [40/56] undo: create function dev.get_valid_token(text, text) (specs/20250916000000_user_integrations.gw:131)
-- drop function dev.get_valid_token(text, text)
drop function dev.get_valid_token(text, text);

-- [41/56] undo: create function dev.get_user_with_integrations(text) (specs/20250916000000_user_integrations.gw:184)
-- drop function dev.get_user_with_integrations(text)
drop function dev.get_user_with_integrations(text);

-- [42/56] undo: create function dev.get_user_integration_stats() (specs/20250916000000_user_integrations.gw:165)
-- drop function dev.get_user_integration_stats()
drop function dev.get_user_integration_stats();

-- [43/56] undo: create function dev.get_calendar_token(text) (specs/20250916000000_user_integrations.gw:152)
-- drop function dev.get_calendar_token(text)
drop function dev.get_calendar_token(text);

-- [44/56] undo: create function dev.find_incomplete_integrations() (specs/20250916000000_user_integrations.gw:175)
-- drop function dev.find_incomplete_integrations()
drop function dev.find_incomplete_integrations();

-- [45/56] undo: create function dev.cleanup_orphaned_integrations() (specs/20250916000000_user_integrations.gw:105)
-- drop function dev.cleanup_orphaned_integrations()
drop function dev.cleanup_orphaned_integrations();

-- [46/56] undo: create table dev.user_integrations (specs/20250916000000_user_integrations.gw:238)
--   locks dev.user_integrations (access exclusive); scan
-- note the rows that are left in dev.user_integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'drop table dev.user_integrations', 'dev.user_integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.user_integrations as leaving;
-- drop table dev.user_integrations
drop table dev.user_integrations;

-- [47/56] undo: create table dev.services (specs/20250916000000_user_integrations.gw:217)
--   locks dev.services (access exclusive); scan
-- note the rows that are left in dev.services: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'drop table dev.services', 'dev.services',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.services as leaving;
-- drop table dev.services
drop table dev.services;

-- [48/56] undo: drop index dev.users_signup_token_idx (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (share); scan
-- create index dev.users_signup_token_idx
create index users_signup_token_idx on dev.users (telegram_signup_token) where telegram_signup_token is not null;

-- [49/56] undo: drop index dev.users_signal_idx (specs/20250916000000_user_integrations.gw:346)
--   locks dev.users (share); scan
-- create index dev.users_signal_idx
create unique index users_signal_idx on dev.users (signal_source_uuid) where signal_source_uuid is not null;

-- [50/56] undo: drop index dev.users_scopes_idx (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (share); scan
-- create index dev.users_scopes_idx
create index users_scopes_idx on dev.users using gin (granted_scopes);

-- [51/56] undo: drop check constraint users_secret_needs_client on dev.users (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); scan
-- stop when other tables refer to what constraint users_secret_needs_client of dev.users refuses
do $$
#variable_conflict use_column
declare
  v_found bigint;
begin
  select count(*) into v_found
    from dev.users
   where (not (client_secret is null or client_id is not null))
     and (exists (select from dev.digests as child where child.user_id = users.id)
          or exists (select from dev.emails as child where child.user_id = users.id)
          or exists (select from dev.legacy_imports as child where child.user_id = users.id)
          or exists (select from dev.mail_aliases as child where child.email = users.email)
          or exists (select from dev.user_settings as child where child.user_id = users.id)
          or exists (select from ops.access_log as child where child.user_id = users.id));
  if v_found > 0 then
    raise exception 'what constraint users_secret_needs_client of dev.users refuses: % rows written since cannot stay, and other tables refer to them', v_found
      using errcode = 'GW004', hint = 'change or remove these rows, then roll back again';
  end if;
end $$;
-- note what constraint users_secret_needs_client of dev.users refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'restore check constraint users_secret_needs_client on dev.users', 'dev.users',
       jsonb_build_object('id', users.id), to_jsonb(users),
       'refused by check constraint users_secret_needs_client on dev.users'
  from dev.users
 where not (client_secret is null or client_id is not null);
-- remove what constraint users_secret_needs_client of dev.users refuses
delete from dev.users
 where not (client_secret is null or client_id is not null);
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- add check constraint users_secret_needs_client on dev.users
alter table dev.users
    add constraint users_secret_needs_client check (client_secret is null or client_id is not null);

-- [52/56] undo: drop unique constraint users_telegram_id_key on dev.users (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); scan
-- stop when other tables refer to what users_telegram_id_key of dev.users refuses
do $$
#variable_conflict use_column
declare
  v_found bigint;
begin
  select count(*) into v_found
    from dev.users
   where (exists (select from dev.users as earlier
                where earlier.telegram_id = users.telegram_id and (earlier.id) < (users.id)))
     and (exists (select from dev.digests as child where child.user_id = users.id)
          or exists (select from dev.emails as child where child.user_id = users.id)
          or exists (select from dev.legacy_imports as child where child.user_id = users.id)
          or exists (select from dev.mail_aliases as child where child.email = users.email)
          or exists (select from dev.user_settings as child where child.user_id = users.id)
          or exists (select from ops.access_log as child where child.user_id = users.id));
  if v_found > 0 then
    raise exception 'what users_telegram_id_key of dev.users refuses: % rows written since cannot stay, and other tables refer to them', v_found
      using errcode = 'GW004', hint = 'change or remove these rows, then roll back again';
  end if;
end $$;
-- note what users_telegram_id_key of dev.users refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'restore unique constraint users_telegram_id_key on dev.users', 'dev.users',
       jsonb_build_object('id', users.id), to_jsonb(users),
       'refused by unique constraint users_telegram_id_key on dev.users'
  from dev.users
 where exists (select from dev.users as earlier
                where earlier.telegram_id = users.telegram_id and (earlier.id) < (users.id));
-- remove what users_telegram_id_key of dev.users refuses
delete from dev.users
 where exists (select from dev.users as earlier
                where earlier.telegram_id = users.telegram_id and (earlier.id) < (users.id));
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- add unique constraint users_telegram_id_key on dev.users
alter table dev.users
    add constraint users_telegram_id_key unique (telegram_id);

-- [53/56] leave nothing empty behind
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

-- [54/56] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250916000000_user_integrations';
delete from godwit.hidden_column where migration = '20250916000000_user_integrations';
delete from godwit.checkpoint where migration = '20250916000000_user_integrations';
insert into godwit.event (migration, what, detail)
select '20250916000000_user_integrations', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [55/56] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250916000000_user_integrations', 'message', 'rolled back',
  'tables', array['dev.services', 'dev.user_integrations', 'dev.users']::text[])::text);

-- [56/56] commit
commit;
