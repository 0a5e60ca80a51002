-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:180aa509730ff1cf9e71a2d4bc41f53860ea4f064cd1970023dc3e1c954e3d9e
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:dbf851a8395f87af402602f39cab30540c7f013ac56212cbe1fb96f6476e46fa

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

-- [3/16] undo: create view app.open_invoices (20250102000000_after.gw:7)
--   locks app.open_invoices (access exclusive); instant
-- drop view app.open_invoices
drop view app.open_invoices;

-- [4/16] undo: create function app.invoices_of(text) (20250102000000_after.gw:8)
-- drop function app.invoices_of(text)
drop function app.invoices_of(text);

-- [5/16] undo: create foreign table app.invoices (20250102000000_after.gw:11)
--   locks app.invoices (access exclusive); instant
-- drop foreign table app.invoices
drop foreign table app.invoices;

-- [6/16] undo: create function app.is_code(text) (20250102000000_after.gw:5)
-- drop function app.is_code(text)
drop function app.is_code(text);

-- [7/16] undo: create foreign table app.empty (20250102000000_after.gw:27)
--   locks app.empty (access exclusive); instant
-- drop foreign table app.empty
drop foreign table app.empty;

-- [8/16] undo: create sequence app.numbers (20250102000000_after.gw:4)
--   locks app.numbers (access exclusive); instant
-- drop sequence app.numbers
drop sequence app.numbers;

-- [9/16] undo: create server billing (20250102000000_after.gw:29)
-- drop server billing
drop server billing;

-- [10/16] undo: create foreign data wrapper elsewhere (20250102000000_after.gw:30)
-- drop foreign data wrapper elsewhere
drop foreign data wrapper elsewhere;

-- [11/16] undo: create enum app.state (20250102000000_after.gw:2)
-- drop enum app.state
drop type app.state;

-- [12/16] undo: create collation app.german (20250102000000_after.gw:3)
-- drop collation app.german
drop collation app.german;

-- [13/16] undo: create schema app (20250102000000_after.gw:1)
-- drop schema app
drop schema app;

-- [14/16] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [15/16] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.invoices']::text[])::text);

-- [16/16] commit
commit;
