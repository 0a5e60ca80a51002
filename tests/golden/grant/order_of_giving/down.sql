-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:d6b87b0ad64fb89916df940f55ecc37895a0fe318aba46268b72685e17357d7a
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:09318aa7db0a7d1a59b97bae4724e1eb1274f0a6117e0cb5ba6e32d6f25fff71

-- [1/16] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/16] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/16] lock what will change, in one fixed order
lock table app.notes in access exclusive mode;

-- [4/16] undo: revoke from public on function app.one() (20250102000000_after.gw:3)
-- grant to public on function app.one()
grant execute on routine app.one() to public;

-- [5/16] undo: create view app.titles (20250101000000_before.gw:12)
--   locks app.titles (access exclusive); instant
-- drop view app.titles
drop view app.titles;

-- [6/16] undo: change type of app.notes.title (20250102000000_after.gw:6)
--   locks app.notes (access exclusive); rewrite
-- change type of app.notes.title
alter table app.notes alter column title type text;

-- [7/16] undo: drop view app.titles (20250101000000_before.gw:12)
--   locks app.notes (access share); instant
-- create view app.titles
create view app.titles as
select title from app.notes;

-- [8/16] undo: drop grant to reporting on view app.titles (20250101000000_before.gw:14)
-- grant to reporting on view app.titles
grant select on table app.titles to reporting with grant option;

-- [9/16] undo: drop grant to app_backend on view app.titles (20250101000000_before.gw:13)
-- grant to app_backend on view app.titles
grant select on table app.titles to app_backend;

-- [10/16] undo: revoke from app_backend on table app.notes (20250102000000_after.gw:1)
-- grant to app_backend on table app.notes
grant insert (body, title), select on table app.notes to app_backend;

-- [11/16] undo: note the order of privileges on view app.titles (20250101000000_before.gw:14)
-- privileges on view app.titles in the order in which they were given
do $godwit$
begin
  perform godwit.order_privileges('20250102000000_after', 'table app.titles', oid, relacl)
    from pg_catalog.pg_class where oid = to_regclass('app.titles');
end
$godwit$;

-- [12/16] undo: note the order of privileges on function app.one() (20250102000000_after.gw:3)
-- privileges on function app.one() in the order in which they were given
do $godwit$
begin
  perform godwit.order_privileges('20250102000000_after', 'routine app.one()', null, proacl)
    from pg_catalog.pg_proc where oid = to_regprocedure('app.one()');
end
$godwit$;

-- [13/16] undo: note the order of privileges on table app.notes (20250102000000_after.gw:1)
-- privileges on table app.notes in the order in which they were given
do $godwit$
begin
  perform godwit.order_privileges('20250102000000_after', 'table app.notes', oid, relacl)
    from pg_catalog.pg_class where oid = to_regclass('app.notes');
end
$godwit$;

-- [14/16] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [15/16] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.notes']::text[])::text);

-- [16/16] commit
commit;
