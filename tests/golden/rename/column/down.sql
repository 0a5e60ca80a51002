-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3b98dfba6b9bc4cbdd37ad6f859e6fc482b7804574cc49c76345144a7bf3258c
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:b9ec27703a93423a12b29081e60a2bf4de10bbc750f352cfd2accdf558012ab7

-- [1/12] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

-- [2/12] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/12] lock what will change, in one fixed order
lock table app.deals in access exclusive mode;
lock table app.notes in access exclusive mode;

-- [4/12] undo: replace function app.deal_name(integer) (20250101000000_before.gw:5)
-- replace function app.deal_name(integer)
create or replace function app.deal_name(p integer) returns text language sql stable as $$ select name from app.deals where id = p $$;

-- [5/12] undo: rename foreign key notes_deal_id_fkey on app.notes to notes_about_fkey (20250102000000_after.gw:2)
--   locks app.notes (access exclusive); instant
-- rename foreign key notes_about_fkey on app.notes to notes_deal_id_fkey
alter table app.notes rename constraint notes_about_fkey to notes_deal_id_fkey;

-- [6/12] undo: rename check constraint deals_name_check on app.deals to deals_title_check (20250102000000_after.gw:1)
--   locks app.deals (access exclusive); instant
-- rename check constraint deals_title_check on app.deals to deals_name_check
alter table app.deals rename constraint deals_title_check to deals_name_check;

-- [7/12] undo: rename unique constraint deals_name_key on app.deals to deals_title_key (20250102000000_after.gw:1)
--   locks app.deals (access exclusive); instant
-- rename unique constraint deals_title_key on app.deals to deals_name_key
alter table app.deals rename constraint deals_title_key to deals_name_key;

-- [8/12] undo: rename column app.notes.deal_id to about (20250102000000_after.gw:2)
--   locks app.notes (access exclusive); instant
-- rename column app.notes.about to deal_id
alter table app.notes rename column about to deal_id;

-- [9/12] undo: rename column app.deals.name to title (20250102000000_after.gw:1)
--   locks app.deals (access exclusive); instant
-- rename column app.deals.title to name
alter table app.deals rename column title to name;

-- [10/12] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [11/12] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.deals', 'app.notes']::text[])::text);

-- [12/12] commit
commit;
