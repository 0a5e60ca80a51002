-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:fa19bd1b5347d81c479387cb05cd899d0d948f65e94ca948adabfdba51b4a72c
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:e6961ab8d5f1a59ed1c5205a4031b194ee81e3e7a555dfbc4a420d074fe1dca4

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

-- [3/13] lock what will change, in one fixed order
lock table app.tickets in access exclusive mode;

-- [4/13] undo: keep sequence app.gone (20250102000000_after.gw:1)
-- bring back sequence app.gone
alter sequence godwit_kept_app_gone_e34a9e27.gone set schema app;
-- leave nothing behind
drop schema godwit_kept_app_gone_e34a9e27;

-- [5/13] undo: hide column app.tickets.old (20250102000000_after.gw:2)
--   locks app.tickets (access exclusive); instant
-- bring back column app.tickets.old
alter table app.tickets rename column _gw_keep_old to old;

-- [6/13] undo: keep table app.notes (20250102000000_after.gw:3)
-- bring back table app.notes
alter table godwit_kept_app_notes_2659113e.notes set schema app;
-- leave nothing behind
drop schema godwit_kept_app_notes_2659113e;

-- [7/13] undo: keep sequence app.invoice_no (20250102000000_after.gw:1)
-- bring back sequence app.invoice_no
alter sequence godwit_kept_app_invoice_no_c22dfd06.invoice_no set schema app;
-- leave nothing behind
drop schema godwit_kept_app_invoice_no_c22dfd06;

-- [8/13] undo: keep sequence app."Ticket no" (20250102000000_after.gw:1)
--   locks app."Ticket no" (share row exclusive); instant
-- bring back sequence app."Ticket no"
alter sequence "godwit_kept_app_Ticket no_993c72bc"."Ticket no" set schema app;
-- alter sequence app."Ticket no"
alter sequence app."Ticket no" owned by app.tickets.no;
-- leave nothing behind
drop schema "godwit_kept_app_Ticket no_993c72bc";

-- [9/13] undo: drop default of app.tickets.no (20250102000000_after.gw:4)
--   locks app.tickets (access exclusive); instant
-- set default of app.tickets.no
alter table app.tickets alter column no set default nextval('app."Ticket no"');

-- [10/13] undo: drop default of app.tickets.invoice (20250102000000_after.gw:4)
--   locks app.tickets (access exclusive); instant
-- set default of app.tickets.invoice
alter table app.tickets alter column invoice set default nextval('app.invoice_no');

-- [11/13] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [12/13] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.notes', 'app.tickets']::text[])::text);

-- [13/13] commit
commit;
