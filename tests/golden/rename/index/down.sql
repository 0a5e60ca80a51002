-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:2b2b42c411f4c6794f258e8cf6b9f9f46c66cd48ee5a96369ebdda6fb151c2b1
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:910dd650e001aad3c12658c3fb593a1247ab4c6376f05bf2a4829b61e890d420

-- [1/9] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

-- [2/9] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/9] undo: rename index app._gw_swap_1 to people_by_name (20250102000000_after.gw:2)
--   locks app.people_by_name (share update exclusive); instant
-- rename index app.people_by_name to _gw_swap_1
alter index app.people_by_name rename to _gw_swap_1;

-- [4/9] undo: rename index app.people_by_name to "Odd ""idx""" (20250102000000_after.gw:1)
--   locks app."Odd ""idx""" (share update exclusive); instant
-- rename index app."Odd ""idx""" to people_by_name
alter index app."Odd ""idx""" rename to people_by_name;

-- [5/9] undo: rename index app."Odd ""idx""" to _gw_swap_1 (20250102000000_after.gw:2)
--   locks app._gw_swap_1 (share update exclusive); instant
-- rename index app._gw_swap_1 to "Odd ""idx"""
alter index app._gw_swap_1 rename to "Odd ""idx""";

-- [6/9] undo: rename index app.people_mail_idx to by_mail (20250102000000_after.gw:3)
--   locks app.by_mail (share update exclusive); instant
-- rename index app.by_mail to people_mail_idx
alter index app.by_mail rename to people_mail_idx;

-- [7/9] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [8/9] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array[]::text[])::text);

-- [9/9] commit
commit;
