-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:2f1c31ce50a44d886936730b007defda4d3a297131a3f352cc281e25cf1d9de9
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:6ee97cb75c76919b9f03bc3443527e60dc0c7434cab4261c5edaaa27d473b5ce

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

-- [3/13] undo: create server places (20250102000000_after.gw:2)
-- drop server places
drop server places;

-- [4/13] undo: change server files (20250102000000_after.gw:1)
-- change server files
alter server files version '1'
    options (drop dbname, drop "User name", set host 'there', add port '1', add "User name" 'x');

-- [5/13] undo: drop server places (20250102000000_after.gw:2)
-- create server places
create server places type 'a'
    foreign data wrapper "It's ""ours""";

-- [6/13] undo: drop comment on foreign server places (20250101000000_before.gw:8)
-- comment on foreign server places
comment on server places is 'As it was';

-- [7/13] undo: drop grant to reporting on foreign server places (20250102000000_after.gw:1)
-- grant to reporting on foreign server places
grant usage on foreign server places to reporting;

-- [8/13] undo: drop grant to app_backend on foreign server places (20250101000000_before.gw:7)
-- grant to app_backend on foreign server places
grant usage on foreign server places to app_backend;

-- [9/13] undo: drop owner of foreign server places (20250101000000_before.gw:9)
-- owner of foreign server places
alter server places owner to app_owner;

-- [10/13] undo: note the order of privileges on foreign server places (20250102000000_after.gw:1)
-- privileges on foreign server places in the order in which they were given
do $godwit$
begin
  perform godwit.order_privileges('20250102000000_after', 'foreign server places', null, srvacl)
    from pg_catalog.pg_foreign_server where oid = (select oid from pg_catalog.pg_foreign_server where srvname = 'places');
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
