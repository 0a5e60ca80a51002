-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:4dfe351c961814158e5fd8a79f71a4282e27571ae179e6fda92092577f710b5b
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:375e6367d3bf549baffc4f085484b71f39a77f4038672c95ea20b14e094c33d3

-- [1/13] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

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
lock table app."the ""spots""" in access exclusive mode;
lock table app.towns in access exclusive mode;

-- [4/13] undo: replace function app.named(integer) (20250101000000_before.gw:4)
-- replace function app.named(integer)
create or replace function app.named(p_id integer) returns text language sql stable as $$ select c.name from app.cities c where c.id = p_id $$;

-- [5/13] undo: rename check constraint places_name_check on app."the ""spots""" to "the ""spots""_called_check" (20250102000000_after.gw:1)
--   locks app."the ""spots""" (access exclusive), app.towns (access exclusive); instant
-- rename check constraint "the ""spots""_called_check" on app."the ""spots""" to places_name_check
alter table app."the ""spots""" rename constraint "the ""spots""_called_check" to places_name_check;

-- [6/13] undo: rename unique constraint cities_name_key on app.towns to towns_called_key (20250102000000_after.gw:3)
--   locks app.towns (access exclusive); instant
-- rename unique constraint towns_called_key on app.towns to cities_name_key
alter table app.towns rename constraint towns_called_key to cities_name_key;

-- [7/13] undo: rename primary key places_pkey on app."the ""spots""" to "the ""spots""_pkey" (20250102000000_after.gw:1)
--   locks app."the ""spots""" (access exclusive); instant
-- rename primary key "the ""spots""_pkey" on app."the ""spots""" to places_pkey
alter table app."the ""spots""" rename constraint "the ""spots""_pkey" to places_pkey;

-- [8/13] undo: rename column app."the ""spots""".name to called (20250102000000_after.gw:2)
--   locks app."the ""spots""" (access exclusive), app.towns (access exclusive); instant
-- rename column app."the ""spots""".called to name
alter table app."the ""spots""" rename column called to name;

-- [9/13] undo: rename table app.places to "the ""spots""" (20250102000000_after.gw:1)
--   locks app."the ""spots""" (access exclusive); instant
-- rename table app."the ""spots""" to places
alter table app."the ""spots""" rename to places;

-- [10/13] undo: rename table app.cities to towns (20250102000000_after.gw:3)
--   locks app.towns (access exclusive); instant
-- rename table app.towns to cities
alter table app.towns rename to cities;

-- [11/13] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [12/13] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app."the ""spots"""', 'app.cities', 'app.places', 'app.towns']::text[])::text);

-- [13/13] commit
commit;
