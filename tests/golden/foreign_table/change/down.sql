-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:bf7bd22a31d9da2ea1050dffc8e1173ebb0adb3a4e4cc432c776438a262540ee
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:1265b823015e5c478e116ca03eece907e5c73474a780db20c3914249a527b204

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

-- [3/13] undo: comment on column app.invoices.id (20250102000000_after.gw:2)
--   locks app.invoices (share update exclusive); instant
-- comment on column app.invoices.id
comment on column app.invoices.id is 'Their number';

-- [4/13] undo: comment on foreign table app.invoices (20250102000000_after.gw:7)
--   locks app.invoices (share update exclusive); instant
-- comment on foreign table app.invoices
comment on foreign table app.invoices is 'What is billed';

-- [5/13] undo: revoke from reporting on foreign table app.invoices (20250102000000_after.gw:8)
-- revoke from reporting on foreign table app.invoices
revoke select (state) on table app.invoices from reporting;
-- grant to reporting on foreign table app.invoices
grant select (total) on table app.invoices to reporting;

-- [6/13] undo: owner of foreign table app.invoices (20250102000000_after.gw:10)
--   locks app.invoices (access exclusive); instant
-- owner of foreign table app.invoices
alter foreign table app.invoices owner to app_owner;

-- [7/13] undo: drop check constraint invoices_total_check on app.invoices (20250102000000_after.gw:1)
--   locks app.invoices (access exclusive); instant
-- drop check constraint invoices_total_check on app.invoices
alter foreign table app.invoices drop constraint invoices_total_check;
-- drop check constraint not_zero on app.invoices
alter foreign table app.invoices drop constraint not_zero;
-- forbid null in app.invoices.id
alter foreign table app.invoices alter column id set not null;
-- change options of app.invoices.id
alter foreign table app.invoices alter column id options (drop z, add x 'y');
-- allow null in app.invoices.total
alter foreign table app.invoices alter column total drop not null;
-- set default of app.invoices.total
alter foreign table app.invoices alter column total set default 0;
-- drop default of app.invoices.state
alter foreign table app.invoices alter column state drop default;
-- change options of foreign table app.invoices
alter foreign table app.invoices options (drop d, drop b, drop a, add a '1', add b '2', add c '3');
-- add check constraint invoices_total_check on app.invoices
alter foreign table app.invoices add constraint invoices_total_check check (total >= 0);
-- add check constraint positive on app.invoices
alter foreign table app.invoices add constraint positive check (id > 0);

-- [8/13] undo: comment on column app.invoices.total (20250102000000_after.gw:1)
--   locks app.invoices (share update exclusive); instant
-- comment on column app.invoices.total
comment on column app.invoices.total is 'In euros';

-- [9/13] undo: revoke from app_backend on foreign table app.invoices (20250102000000_after.gw:1)
-- grant to app_backend on foreign table app.invoices
grant select on table app.invoices to app_backend;

-- [10/13] undo: note the order of privileges on foreign table app.invoices (20250102000000_after.gw:8)
-- privileges on foreign table app.invoices in the order in which they were given
do $godwit$
begin
  perform godwit.order_privileges('20250102000000_after', 'table app.invoices', oid, relacl)
    from pg_catalog.pg_class where oid = to_regclass('app.invoices');
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
  'tables', array['app.invoices']::text[])::text);

-- [13/13] commit
commit;
