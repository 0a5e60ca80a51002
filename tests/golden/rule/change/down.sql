-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:6dce5e488789229b19ab6be245b03ac1ebaf3041bab30e0d38dc1fac520d0d49
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:52722a4f23296e0720a15124e1185a4db8c0efbccb07004398a00df589ee2ab0

-- [1/10] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

-- [2/10] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/10] lock what will change, in one fixed order
lock table app.people in access exclusive mode;

-- [4/10] undo: hide column app.people.nick (20250102000000_after.gw:4)
--   locks app.people (access exclusive); instant
-- bring back column app.people.nick
alter table app.people rename column _gw_keep_nick to nick;

-- [5/10] undo: replace rule note on app.people (20250102000000_after.gw:2)
--   locks app.log (row exclusive), app.people (access exclusive); instant
-- replace rule note on app.people
create or replace rule note as
    on update to app.people where new.full_name <> old.full_name do also insert into app.log values (old.id, old.nick);

-- [6/10] undo: replace rule keep on app.people (20250102000000_after.gw:3)
--   locks app.people (access exclusive); instant
-- replace rule keep on app.people
create or replace rule keep as
    on delete to app.people do instead nothing;

-- [7/10] undo: rename column app.people.name to full_name (20250102000000_after.gw:1)
--   locks app.people (access exclusive); instant
-- rename column app.people.full_name to name
alter table app.people rename column full_name to name;

-- [8/10] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [9/10] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.log', 'app.people']::text[])::text);

-- [10/10] commit
commit;
