-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:c3a215cb8cf2f65570b79f7cc3069e5a3a119889f6997b5040a5df40429d0766
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:11a06ecf38e2caf8770f475aa00f1b47c9033a78f9a388ca802f77ab88e8efd0

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

-- [3/16] undo: comment on column app.customers.name (20250102000000_after.gw:8)
--   locks app.customers (share update exclusive); instant
-- comment on column app.customers.name
comment on column app.customers.name is null;

-- [4/16] undo: grant to reporting on foreign table app.invoices (20250102000000_after.gw:3)
-- revoke from reporting on foreign table app.invoices
revoke select (id) on table app.invoices from reporting;

-- [5/16] undo: grant to reporting on foreign table app.customers (20250102000000_after.gw:10)
-- revoke from reporting on foreign table app.customers
revoke select (name) on table app.customers from reporting;

-- [6/16] undo: create view app.names (20250102000000_after.gw:12)
--   locks app.names (access exclusive); instant
-- drop view app.names
drop view app.names;

-- [7/16] undo: create view app.listed (20250102000000_after.gw:5)
--   locks app.listed (access exclusive); instant
-- drop view app.listed
drop view app.listed;

-- [8/16] undo: drop check constraint invoices_total_check on app.invoices (20250102000000_after.gw:1)
--   locks app.invoices (access exclusive); instant
-- add column app.invoices.total
alter foreign table app.invoices add column total numeric not null default 0;
-- add column app.invoices.twice
alter foreign table app.invoices add column twice numeric options (x 'y') generated always as (total * 2) stored;
-- add check constraint invoices_total_check on app.invoices
alter foreign table app.invoices add constraint invoices_total_check check (total > 0);

-- [9/16] undo: add column app.customers.name (20250102000000_after.gw:6)
--   locks app.customers (access exclusive); instant
-- drop check constraint customers_size_check on app.customers
alter foreign table app.customers drop constraint customers_size_check;
-- drop column app.customers.size
alter foreign table app.customers drop column size;
-- drop column app.customers.name
alter foreign table app.customers drop column name;

-- [10/16] undo: comment on column app.invoices.total (20250102000000_after.gw:1)
--   locks app.invoices (share update exclusive); instant
-- comment on column app.invoices.total
comment on column app.invoices.total is 'In euros';

-- [11/16] undo: revoke from reporting on foreign table app.invoices (20250102000000_after.gw:3)
-- grant to reporting on foreign table app.invoices
grant select (id, total) on table app.invoices to reporting;

-- [12/16] undo: drop view app.names (20250102000000_after.gw:12)
--   locks app.customers (access share); instant
-- create view app.names
create view app.names as
select id from app.customers;

-- [13/16] undo: drop view app.listed (20250102000000_after.gw:5)
--   locks app.invoices (access share); instant
-- create view app.listed
create view app.listed as
select id, total from app.invoices;

-- [14/16] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [15/16] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.customers', 'app.invoices']::text[])::text);

-- [16/16] commit
commit;
