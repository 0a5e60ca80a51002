-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:9e3a6257a276edd63e9d0c062f6613201b5c3c791eb3f3aaab8243ce72867d87
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:47f1371245e0b738bf9cfc94905c4b052741b5b0be2109d762596042a5b9ede6

-- [1/11] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/11] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/11] undo: create view app.busy (20250101000000_before.gw:9)
--   locks app.busy (access exclusive); instant
-- drop view app.busy
drop view app.busy;

-- [4/11] undo: create materialized view app.totals (20250102000000_after.gw:1)
--   locks app.totals (access exclusive); instant
-- drop materialized view app.totals
drop materialized view app.totals;

-- [5/11] undo: drop materialized view app.totals (20250102000000_after.gw:1)
--   locks app.mail (access share); scan
-- create materialized view app.totals
create materialized view app.totals as
select owner, count(*) as mails from app.mail group by owner;

-- [6/11] undo: drop grant to reporting on materialized view app.totals (20250102000000_after.gw:5)
-- grant to reporting on materialized view app.totals
grant select on table app.totals to reporting;

-- [7/11] undo: drop index app.totals_owner (20250102000000_after.gw:3)
--   locks app.totals (share); scan
-- create index app.totals_owner
create unique index totals_owner on app.totals (owner);

-- [8/11] undo: drop view app.busy (20250101000000_before.gw:9)
--   locks app.totals (access share); instant
-- create view app.busy
create view app.busy as
select owner from app.totals where mails > 1;

-- [9/11] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [10/11] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array[]::text[])::text);

-- [11/11] commit
commit;
