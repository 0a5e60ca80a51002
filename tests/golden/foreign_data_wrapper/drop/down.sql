-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:48c0803b7cf86a2a3d5e1d23955751f64e1643022a5bd0d85b74070a62445ce8
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:71e74adbf3eb73611421eb1b74548134a144b77b2db97c271c248b42898451a8

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

-- [3/13] undo: drop function app.check_options(text[], oid) (20250102000000_after.gw:4)
-- create function app.check_options(text[], oid)
create function app.check_options(text[], oid) returns boolean language sql as $$ select true $$;

-- [4/13] undo: drop foreign data wrapper elsewhere (20250102000000_after.gw:3)
-- create foreign data wrapper elsewhere
create foreign data wrapper elsewhere validator app.check_options
    options (b '1', a '2');

-- [5/13] undo: drop comment on foreign data wrapper elsewhere (20250102000000_after.gw:1)
-- comment on foreign data wrapper elsewhere
comment on foreign data wrapper elsewhere is 'There';

-- [6/13] undo: drop grant to reporting on foreign data wrapper elsewhere (20250102000000_after.gw:1)
-- grant to reporting on foreign data wrapper elsewhere
grant usage on foreign data wrapper elsewhere to reporting with grant option;

-- [7/13] undo: drop grant to app_backend on foreign data wrapper elsewhere (20250102000000_after.gw:1)
-- grant to app_backend on foreign data wrapper elsewhere
grant usage on foreign data wrapper elsewhere to app_backend with grant option;

-- [8/13] undo: drop server there (20250102000000_after.gw:2)
-- create server there
create server there
    foreign data wrapper elsewhere
    options (b '1', a '2');

-- [9/13] undo: drop foreign table app.far (20250102000000_after.gw:1)
-- create foreign table app.far
create foreign table app.far (
    id integer
)
    server there;

-- [10/13] undo: note the order of privileges on foreign data wrapper elsewhere (20250102000000_after.gw:1)
-- privileges on foreign data wrapper elsewhere in the order in which they were given
do $godwit$
begin
  perform godwit.order_privileges('20250102000000_after', 'foreign data wrapper elsewhere', null, fdwacl)
    from pg_catalog.pg_foreign_data_wrapper where oid = (select oid from pg_catalog.pg_foreign_data_wrapper where fdwname = 'elsewhere');
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
