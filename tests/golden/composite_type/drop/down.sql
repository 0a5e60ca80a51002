-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:11e3a2024e47e9733c8688c62d58c9008ed103f159433b5219240cf050df5b3d
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:7bc3d0222278b38f646a9b62f0c5f4c0f22a0530773c8c0bbb5fb1356c579444

-- [1/10] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

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

-- [3/10] undo: drop type app.address (20250102000000_after.gw:1)
-- create type app.address
create type app.address as (
    street text,
    city text
);

-- [4/10] undo: drop type app.place (20250102000000_after.gw:1)
-- create type app.place
create type app.place as (
    at app.address,
    name text
);

-- [5/10] undo: drop comment on composite type app.place (20250102000000_after.gw:1)
-- comment on composite type app.place
comment on type app.place is 'Somewhere';

-- [6/10] undo: drop grant to reporting on composite type app.place (20250102000000_after.gw:1)
-- grant to reporting on composite type app.place
grant usage on type app.place to reporting;

-- [7/10] undo: note the order of privileges on composite type app.place (20250102000000_after.gw:1)
-- privileges on composite type app.place in the order in which they were given
do $godwit$
begin
  perform godwit.order_privileges('20250102000000_after', 'type app.place', null, typacl)
    from pg_catalog.pg_type where oid = to_regtype('app.place');
end
$godwit$;

-- [8/10] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [9/10] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array[]::text[])::text);

-- [10/10] commit
commit;
