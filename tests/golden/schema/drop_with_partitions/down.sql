-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:171954bb3c2b134f70339176b3f6ba2eed2728dacfd705144aca9b08a81ddf57
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:caeb0846cbe515bd82e3a464b2b778401b559f10760a6d79160d379a25cdc2d7

-- [1/9] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

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

-- [3/9] undo: drop schema older (20250102000000_after.gw:1)
-- create schema older
create schema older;

-- [4/9] undo: drop schema archive (20250102000000_after.gw:1)
-- create schema archive
create schema archive;

-- [5/9] undo: drop schema app (20250102000000_after.gw:1)
-- create schema app
create schema app;

-- [6/9] undo: keep table app.events (20250102000000_after.gw:2)
-- bring back table app.events
alter table godwit_kept_app_events_7e6eec85.events set schema app;
-- bring back partition app."events 2024"
alter table godwit_kept_app_events_7e6eec85."events 2024" set schema app;
-- bring back partition archive.e2023
alter table godwit_kept_archive_e2023_dd6f4c7d.e2023 set schema archive;
-- bring back partition archive.e2023_rest
alter table godwit_kept_archive_e2023_rest_6dee9bc8.e2023_rest set schema archive;
-- bring back partition older.e2023_1
alter table godwit_kept_older_e2023_1_4ad444de.e2023_1 set schema older;
-- bring back statistics app.of_both
alter statistics godwit_kept_app_events_7e6eec85.of_both set schema app;
-- leave nothing behind
drop schema godwit_kept_app_events_7e6eec85;
drop schema godwit_kept_archive_e2023_dd6f4c7d;
drop schema godwit_kept_archive_e2023_rest_6dee9bc8;
drop schema godwit_kept_older_e2023_1_4ad444de;

-- [7/9] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [8/9] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app."events 2024"', 'app.events', 'archive.e2023', 'archive.e2023_rest', 'older.e2023_1']::text[])::text);

-- [9/9] commit
commit;
