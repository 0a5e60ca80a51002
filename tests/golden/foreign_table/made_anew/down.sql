-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:e3501fed7fa2d83b10820721d04734321f61426412915ae54e5ee8f88cc55a70
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:6dd41fc7cfb79b68c298e22aa4af48cc12a7fafd4292cca5a6e673ec22f3e459

-- [1/20] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/20] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/20] undo: create view app.open_invoices (20250101000000_before.gw:17)
--   locks app.open_invoices (access exclusive); instant
-- drop view app.open_invoices
drop view app.open_invoices;

-- [4/20] undo: create function app.all_invoices() (20250101000000_before.gw:19)
-- drop function app.all_invoices()
drop function app.all_invoices();

-- [5/20] undo: create foreign table app.invoices (20250102000000_after.gw:1)
--   locks app.invoices (access exclusive); instant
-- drop foreign table app.invoices
drop foreign table app.invoices;

-- [6/20] undo: create foreign table app.customers (20250102000000_after.gw:10)
--   locks app.customers (access exclusive); instant
-- drop foreign table app.customers
drop foreign table app.customers;

-- [7/20] undo: drop foreign table app.invoices (20250102000000_after.gw:1)
-- create foreign table app.invoices
create foreign table app.invoices (
    id bigint not null,
    total numeric,
    note text,
    constraint invoices_id_check check (id > 0)
)
    server billing
    options (table_name 'invoices');

-- [8/20] undo: drop comment on column app.invoices.id (20250102000000_after.gw:2)
--   locks app.invoices (share update exclusive); instant
-- comment on column app.invoices.id
comment on column app.invoices.id is 'Their number';

-- [9/20] undo: drop comment on foreign table app.invoices (20250102000000_after.gw:7)
--   locks app.invoices (share update exclusive); instant
-- comment on foreign table app.invoices
comment on foreign table app.invoices is 'What is billed';

-- [10/20] undo: drop foreign table app.customers (20250102000000_after.gw:10)
-- create foreign table app.customers
create foreign table app.customers (
    id bigint
)
    server billing;

-- [11/20] undo: drop view app.open_invoices (20250101000000_before.gw:17)
--   locks app.customers (access share), app.invoices (access share); instant
-- create view app.open_invoices
create view app.open_invoices as
select i.id, i.total from app.invoices i join app.customers c on c.id = i.id;

-- [12/20] undo: drop grant to reporting on view app.open_invoices (20250101000000_before.gw:18)
-- grant to reporting on view app.open_invoices
grant select on table app.open_invoices to reporting;

-- [13/20] undo: drop grant to reporting on foreign table app.invoices (20250102000000_after.gw:8)
-- grant to reporting on foreign table app.invoices
grant select, update (total) on table app.invoices to reporting;

-- [14/20] undo: drop grant to app_backend on foreign table app.invoices (20250102000000_after.gw:8)
-- grant to app_backend on foreign table app.invoices
grant select, update (total) on table app.invoices to app_backend;

-- [15/20] undo: drop owner of foreign table app.invoices (20250101000000_before.gw:11)
--   locks app.invoices (access exclusive); instant
-- owner of foreign table app.invoices
alter foreign table app.invoices owner to app_owner;

-- [16/20] undo: drop function app.all_invoices() (20250101000000_before.gw:19)
-- create function app.all_invoices()
create function app.all_invoices() returns setof app.invoices language sql stable as $$ select * from app.invoices $$;

-- [17/20] undo: note the order of privileges on foreign table app.invoices (20250102000000_after.gw:8)
-- privileges on foreign table app.invoices in the order in which they were given
do $godwit$
begin
  perform godwit.order_privileges('20250102000000_after', 'table app.invoices', oid, relacl)
    from pg_catalog.pg_class where oid = to_regclass('app.invoices');
end
$godwit$;

-- [18/20] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [19/20] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.invoices']::text[])::text);

-- [20/20] commit
commit;
