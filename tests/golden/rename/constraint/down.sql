-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:72c9baa80c79714398f3040ead5de823d8f25af6b21a49f58c4b390d09cc5a61
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:b2567637126ceba881c8285e1c5fe1c48e74a49612ef65903ef30da13dc66050

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
lock table app.notes in access exclusive mode;
lock table app.people in access exclusive mode;

-- [4/12] undo: rename foreign key people_boss_fkey on app.people to boss_exists (20250102000000_after.gw:4)
--   locks app.people (access exclusive); instant
-- rename foreign key boss_exists on app.people to people_boss_fkey
alter table app.people rename constraint boss_exists to people_boss_fkey;

-- [5/12] undo: rename check constraint people_name_check on app.people to named (20250102000000_after.gw:3)
--   locks app.people (access exclusive); instant
-- rename check constraint named on app.people to people_name_check
alter table app.people rename constraint named to people_name_check;

-- [6/12] undo: rename check constraint "It's ""odd""" on app.notes to even (20250102000000_after.gw:5)
--   locks app.notes (access exclusive); instant
-- rename check constraint even on app.notes to "It's ""odd"""
alter table app.notes rename constraint even to "It's ""odd""";

-- [7/12] undo: rename unique constraint people_mail_key on app.people to mails (20250102000000_after.gw:2)
--   locks app.people (access exclusive); instant
-- rename unique constraint mails on app.people to people_mail_key
alter table app.people rename constraint mails to people_mail_key;

-- [8/12] undo: rename primary key people_pkey on app.people to "the ""key""" (20250102000000_after.gw:1)
--   locks app.people (access exclusive); instant
-- rename primary key "the ""key""" on app.people to people_pkey
alter table app.people rename constraint "the ""key""" to people_pkey;

-- [9/12] undo: rename column app.people.name to called (20250102000000_after.gw:6)
--   locks app.people (access exclusive); instant
-- rename column app.people.called to name
alter table app.people rename column called to name;

-- [10/12] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [11/12] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.notes', 'app.people']::text[])::text);

-- [12/12] commit
commit;
