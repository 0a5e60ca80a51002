-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3467d217530dc72884ad79058479544e258cce077d05a61b8c98ebb8c019aad6
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:47037d119eb9d432c6fcf9e409da39c61102ccb4e8f4cdc133b768f3cb1a18a8

-- [1/14] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/14] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/14] undo: create view app.line (20250102000000_after.gw:2)
--   locks app.line (access exclusive); instant
-- drop view app.line
drop view app.line;

-- [4/14] undo: create function app.line(app.address) (20250101000000_before.gw:5)
-- drop function app.line(app.address)
drop function app.line(app.address);

-- [5/14] undo: create type app.address (20250102000000_after.gw:1)
-- drop type app.address
drop type app.address;

-- [6/14] undo: drop type app.address (20250102000000_after.gw:1)
-- create type app.address
create type app.address as (
    street character varying(20),
    city text
);

-- [7/14] undo: drop comment on composite type app.address (20250101000000_before.gw:3)
-- comment on composite type app.address
comment on type app.address is 'Where letters go';

-- [8/14] undo: drop grant to reporting on composite type app.address (20250101000000_before.gw:4)
-- grant to reporting on composite type app.address
grant usage on type app.address to reporting;

-- [9/14] undo: drop function app.line(app.address) (20250101000000_before.gw:5)
-- create function app.line(app.address)
create function app.line(a app.address) returns text language sql immutable as $$ select a.city $$;

-- [10/14] undo: drop view app.line (20250102000000_after.gw:2)
-- create view app.line
create view app.line as
select app.line(row('a', 'b')::app.address);

-- [11/14] undo: note the order of privileges on composite type app.address (20250101000000_before.gw:4)
-- privileges on composite type app.address in the order in which they were given
do $godwit$
begin
  perform godwit.order_privileges('20250102000000_after', 'type app.address', null, typacl)
    from pg_catalog.pg_type where oid = to_regtype('app.address');
end
$godwit$;

-- [12/14] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [13/14] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array[]::text[])::text);

-- [14/14] commit
commit;
