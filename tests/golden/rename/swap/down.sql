-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:eb484853b222f96dbd33915eaae6aac03bb4840d47c7c7a9a37a9a0029fb8841
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:46aa9d02129d566d1156792f8bb3409124fe8b64ee57300af7e68198df73f16b

-- [1/12] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

-- [2/12] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/12] lock what will change, in one fixed order
lock table app.docs in access exclusive mode;
lock table app.old_docs in access exclusive mode;

-- [4/12] undo: rename primary key _gw_swap_1 on app.old_docs to old_docs_pkey (20250102000000_after.gw:1)
--   locks app.old_docs (access exclusive); instant
-- rename primary key old_docs_pkey on app.old_docs to _gw_swap_1
alter table app.old_docs rename constraint old_docs_pkey to _gw_swap_1;

-- [5/12] undo: rename primary key old_docs_pkey on app.docs to docs_pkey (20250102000000_after.gw:2)
--   locks app.docs (access exclusive); instant
-- rename primary key docs_pkey on app.docs to old_docs_pkey
alter table app.docs rename constraint docs_pkey to old_docs_pkey;

-- [6/12] undo: rename primary key docs_pkey on app.old_docs to _gw_swap_1 (20250102000000_after.gw:1)
--   locks app.old_docs (access exclusive); instant
-- rename primary key _gw_swap_1 on app.old_docs to docs_pkey
alter table app.old_docs rename constraint _gw_swap_1 to docs_pkey;

-- [7/12] undo: rename table app._gw_swap_1 to old_docs (20250102000000_after.gw:1)
--   locks app.old_docs (access exclusive); instant
-- rename table app.old_docs to _gw_swap_1
alter table app.old_docs rename to _gw_swap_1;

-- [8/12] undo: rename table app.old_docs to docs (20250102000000_after.gw:2)
--   locks app.docs (access exclusive); instant
-- rename table app.docs to old_docs
alter table app.docs rename to old_docs;

-- [9/12] undo: rename table app.docs to _gw_swap_1 (20250102000000_after.gw:1)
--   locks app._gw_swap_1 (access exclusive); instant
-- rename table app._gw_swap_1 to docs
alter table app._gw_swap_1 rename to docs;

-- [10/12] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [11/12] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app._gw_swap_1', 'app.docs', 'app.old_docs']::text[])::text);

-- [12/12] commit
commit;
