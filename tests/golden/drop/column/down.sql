-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:877c7f901c635224dc56a6771ffd58f29aed506861533e611390763d2fd635d5
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:a01d812d4002fe87c3806556d939074c7bfb1c6f3730ea725bc12688d4690674

-- [1/13] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/13] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250102000000_after';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250102000000_after' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250102000000_after closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/13] lock what will change, in one fixed order
lock table app.users in access exclusive mode;

-- [4/13] a place for what has none in the old shape
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

-- [5/13] undo: hide column app.users.token (20250102000000_after.gw:1)
--   locks app.users (access exclusive); instant
-- bring back column app.users.token
alter table app.users rename column _gw_keep_token to token;

-- [6/13] undo: hide column app.users.secret (20250102000000_after.gw:1)
--   locks app.users (access exclusive); instant
-- bring back column app.users.secret
alter table app.users rename column _gw_keep_secret to secret;

-- [7/13] undo: drop index app.users_token (20250102000000_after.gw:1)
--   locks app.users (share); scan
-- create index app.users_token
create index users_token on app.users (token) where token is not null;

-- [8/13] undo: drop check constraint users_check on app.users (20250102000000_after.gw:1)
--   locks app.users (access exclusive); scan
-- stop when other tables refer to what constraint users_check of app.users refuses
do $$
#variable_conflict use_column
declare
  v_found bigint;
begin
  select count(*) into v_found
    from app.users
   where (not (secret <> token))
     and (exists (select from app.mail as child where child.owner = users.id));
  if v_found > 0 then
    raise exception 'what constraint users_check of app.users refuses: % rows written since cannot stay, and other tables refer to them', v_found
      using errcode = 'GW004', hint = 'change or remove these rows, then roll back again';
  end if;
end $$;
-- note what constraint users_check of app.users refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore check constraint users_check on app.users', 'app.users',
       jsonb_build_object('id', users.id), to_jsonb(users),
       'refused by check constraint users_check on app.users'
  from app.users
 where not (secret <> token);
-- remove what constraint users_check of app.users refuses
delete from app.users
 where not (secret <> token);
-- add check constraint users_check on app.users
alter table app.users
    add constraint users_check check (secret <> token);

-- [9/13] undo: drop unique constraint users_token_key on app.users (20250102000000_after.gw:1)
--   locks app.users (access exclusive); scan
-- stop when other tables refer to what users_token_key of app.users refuses
do $$
#variable_conflict use_column
declare
  v_found bigint;
begin
  select count(*) into v_found
    from app.users
   where (exists (select from app.users as earlier
                where earlier.token = users.token and (earlier.id) < (users.id)))
     and (exists (select from app.mail as child where child.owner = users.id));
  if v_found > 0 then
    raise exception 'what users_token_key of app.users refuses: % rows written since cannot stay, and other tables refer to them', v_found
      using errcode = 'GW004', hint = 'change or remove these rows, then roll back again';
  end if;
end $$;
-- note what users_token_key of app.users refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore unique constraint users_token_key on app.users', 'app.users',
       jsonb_build_object('id', users.id), to_jsonb(users),
       'refused by unique constraint users_token_key on app.users'
  from app.users
 where exists (select from app.users as earlier
                where earlier.token = users.token and (earlier.id) < (users.id));
-- remove what users_token_key of app.users refuses
delete from app.users
 where exists (select from app.users as earlier
                where earlier.token = users.token and (earlier.id) < (users.id));
-- add unique constraint users_token_key on app.users
alter table app.users
    add constraint users_token_key unique (token);

-- [10/13] leave nothing empty behind
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

-- [11/13] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [12/13] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.users']::text[])::text);

-- [13/13] commit
commit;
