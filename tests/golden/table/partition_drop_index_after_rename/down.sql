-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:da914bd5a11a70caeb1ccacf600d63eb83254793741a2b69f2c2d731475f5339
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:a2bf5802f73d4f7e8fe1abac5eedb484baa85b43427e43a18bb6a1d7efb8f639

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
lock table app.events in access exclusive mode;

-- [4/12] a place for what has none in the old shape
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
  if to_regclass('godwit_kept.residue') is null then
    create table godwit_kept.residue (
      migration text not null, step text not null, table_name text not null, key jsonb,
      row_data jsonb not null, reason text not null, noted_at timestamptz not null default now()
    );
    alter table godwit_kept.residue replica identity full;  -- a publication for all tables takes it in
  end if;
end
$godwit$;

-- [5/12] undo: drop index app.events_by_note (20250102000000_after.gw:3)
--   locks app.events (share); scan
-- create index app.events_by_note
create index events_by_note on app.events (remark);
-- give the partitions' indexes below app.events_by_note their names back
do $$
#variable_conflict use_column
declare
  _gw_index record;
begin
  for _gw_index in
    select n.nspname as schema_name, x.relname as name, kept.index_name as old_name
      from pg_catalog.pg_partition_tree('app.events_by_note') p
      join pg_catalog.pg_index i on i.indexrelid = p.relid
      join pg_catalog.pg_class x on x.oid = i.indexrelid
      join pg_catalog.pg_class t on t.oid = i.indrelid
      join pg_catalog.pg_namespace n on n.oid = t.relnamespace
      join godwit_kept.index_names_events_by_note_d1f243d4 kept on kept.schema_name = n.nspname and kept.partition_name = t.relname
     where p.level > 0 and x.relname <> kept.index_name
  loop
    execute format('alter index %I.%I rename to %I', _gw_index.schema_name, _gw_index.name, _gw_index.old_name);
  end loop;
end $$;
-- drop godwit_kept.index_names_events_by_note_d1f243d4
drop table godwit_kept.index_names_events_by_note_d1f243d4;

-- [6/12] undo: drop unique constraint events_id_at_remark_key on app.events (20250102000000_after.gw:4)
--   locks app.events (access exclusive); scan
-- note what events_id_at_remark_key of app.events refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore unique constraint events_id_at_remark_key on app.events', 'app.events',
       jsonb_build_object('id', events.id, 'at', events.at), to_jsonb(events),
       'refused by unique constraint events_id_at_remark_key on app.events'
  from app.events
 where exists (select from app.events as earlier
                where earlier.id = events.id and earlier.at = events.at and earlier.remark = events.remark and (earlier.id, earlier.at) < (events.id, events.at));
-- remove what events_id_at_remark_key of app.events refuses
delete from app.events
 where exists (select from app.events as earlier
                where earlier.id = events.id and earlier.at = events.at and earlier.remark = events.remark and (earlier.id, earlier.at) < (events.id, events.at));
-- add unique constraint events_id_at_remark_key on app.events
alter table app.events
    add constraint events_id_at_remark_key unique (id, at, remark);
-- give the partitions' indexes below app.events_id_at_remark_key their names back
do $$
#variable_conflict use_column
declare
  _gw_index record;
begin
  for _gw_index in
    select n.nspname as schema_name, x.relname as name, kept.index_name as old_name
      from pg_catalog.pg_partition_tree('app.events_id_at_remark_key') p
      join pg_catalog.pg_index i on i.indexrelid = p.relid
      join pg_catalog.pg_class x on x.oid = i.indexrelid
      join pg_catalog.pg_class t on t.oid = i.indrelid
      join pg_catalog.pg_namespace n on n.oid = t.relnamespace
      join godwit_kept.index_names_events_id_at_remark_key_d1f243d4 kept on kept.schema_name = n.nspname and kept.partition_name = t.relname
     where p.level > 0 and x.relname <> kept.index_name
  loop
    execute format('alter index %I.%I rename to %I', _gw_index.schema_name, _gw_index.name, _gw_index.old_name);
  end loop;
end $$;
-- drop godwit_kept.index_names_events_id_at_remark_key_d1f243d4
drop table godwit_kept.index_names_events_id_at_remark_key_d1f243d4;

-- [7/12] undo: rename unique constraint events_id_at_note_key on app.events to events_id_at_remark_key (20250102000000_after.gw:1)
--   locks app.events (access exclusive); instant
-- rename unique constraint events_id_at_remark_key on app.events to events_id_at_note_key
alter table app.events rename constraint events_id_at_remark_key to events_id_at_note_key;

-- [8/12] undo: rename column app.events.note to remark (20250102000000_after.gw:1)
--   locks app.events (access exclusive); instant
-- rename column app.events.remark to note
alter table app.events rename column remark to note;

-- [9/12] leave nothing empty behind
do $godwit$
declare something boolean;
begin
  if to_regclass('godwit_kept.residue') is not null then
    select exists (select from godwit_kept.residue) into something;
    if not something then
      drop table godwit_kept.residue;
    end if;
  end if;
  if to_regnamespace('godwit_kept') is not null and not exists (
    select from pg_depend
    where refclassid = 'pg_namespace'::regclass and refobjid = to_regnamespace('godwit_kept')
      and deptype = 'n' and classid <> 'pg_default_acl'::regclass) then
    drop schema godwit_kept;
  end if;
end
$godwit$;

-- [10/12] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [11/12] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.events']::text[])::text);

-- [12/12] commit
commit;
