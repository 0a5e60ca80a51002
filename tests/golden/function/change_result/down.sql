-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:ed820bae97be9fbfae535b2b21e06afe70f5eea2d2444d8f3990ea31bff2783b
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:dc035dd11e2e27f0333e8a0c19abc318bbcff7145e78ae2a4a6b4ec563eabcfc

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

-- [3/13] undo: create view app.labels (20250101000000_before.gw:10)
--   locks app.labels (access exclusive); instant
-- drop view app.labels
drop view app.labels;

-- [4/13] undo: create function app.label(integer) (20250102000000_after.gw:1)
-- drop function app.label(integer)
drop function app.label(integer);

-- [5/13] undo: drop function app.label(integer) (20250102000000_after.gw:1)
-- create function app.label(integer)
create function app.label(p_id integer) returns text language plpgsql stable as $$
begin
    return (select name from app.people where id = p_id);
end $$;

-- [6/13] undo: drop comment on function app.label(integer) (20250101000000_before.gw:7)
-- comment on function app.label(integer)
comment on routine app.label(integer) is 'What to call somebody';

-- [7/13] undo: drop grant to public on function app.label(integer) (20250101000000_before.gw:8)
-- revoke from public on function app.label(integer)
revoke execute on routine app.label(integer) from public;

-- [8/13] undo: drop grant to app_backend on function app.label(integer) (20250101000000_before.gw:9)
-- grant to app_backend on function app.label(integer)
grant execute on routine app.label(integer) to app_backend;

-- [9/13] undo: drop view app.labels (20250101000000_before.gw:10)
--   locks app.people (access share); instant
-- create view app.labels
create view app.labels as
select id, app.label(id) as label from app.people;

-- [10/13] undo: note the order of privileges on function app.label(integer) (20250101000000_before.gw:8)
-- privileges on function app.label(integer) in the order in which they were given
do $godwit$
begin
  perform godwit.order_privileges('20250102000000_after', 'routine app.label(integer)', null, proacl)
    from pg_catalog.pg_proc where oid = to_regprocedure('app.label(integer)');
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
  'tables', array[]::text[])::text);

-- [13/13] commit
commit;
