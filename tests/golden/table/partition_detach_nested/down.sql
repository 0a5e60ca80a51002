-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:07e4c62e984ebeaa87315c156fc6ad372887312708cc28550b4d7571ce425ac2
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:b103d86747ac47441d40467f907620e162f51e3b5acce21513151afd64d33a6a

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
lock table app.e2024 in access exclusive mode;
lock table app.events in access exclusive mode;
lock table app.odd_of_2025 in access exclusive mode;

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

-- [5/12] undo: detach partition app.odd_of_2025 from app.e2025 (20250102000000_after.gw:4)
--   locks app.e2025 (share update exclusive), app.odd_of_2025 (access exclusive); scan
-- note and remove the rows of app.odd_of_2025 that are outside of its bound
do $$
#variable_conflict use_column
declare
  v_bound text;
begin
  create table godwit_kept.shape_odd_of_2025_34b69b1c (like app.e2025) partition by hash (id);
  create table godwit_kept.bound_odd_of_2025_34b69b1c partition of godwit_kept.shape_odd_of_2025_34b69b1c for values with (modulus 2, remainder 1);
  v_bound := pg_get_partition_constraintdef('godwit_kept.bound_odd_of_2025_34b69b1c'::regclass);
  v_bound := concat_ws(' and ', v_bound, pg_get_partition_constraintdef('app.e2025'::regclass));
  if v_bound is not null then
    execute 'insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select ''20250102000000_after'', ''detach table app.odd_of_2025'', ''app.odd_of_2025'',
       jsonb_build_object(''id'', leaving.id, ''at'', leaving.at, ''remark'', leaving.remark), to_jsonb(leaving),
       ''written since to what is a partition again, outside of its bound''
  from app.odd_of_2025 as leaving
 where (' || v_bound || ') is false';
    execute 'delete from app.odd_of_2025
 where (' || v_bound || ') is false';
  end if;
  drop table godwit_kept.shape_odd_of_2025_34b69b1c;
end $$;
-- attach partition app.odd_of_2025 to app.e2025
alter table app.e2025 attach partition app.odd_of_2025 for values with (modulus 2, remainder 1);
-- give what app.odd_of_2025 has of its table its names back
do $$
#variable_conflict use_column
declare
  _gw_part record;
begin
  for _gw_part in
    select is_index, case round when 1 then new_name else '_gw_name_' || place end as old_name,
           case round when 1 then '_gw_name_' || place else name end as new_name
      from godwit_kept.names_odd_of_2025_34b69b1c cross join generate_series(1, 2) as round
     where name <> new_name order by round, place
  loop
    if _gw_part.is_index then
      execute format('alter index app.%I rename to %I', _gw_part.old_name, _gw_part.new_name);
    else
      execute format('alter table app.odd_of_2025 rename constraint %I to %I', _gw_part.old_name, _gw_part.new_name);
    end if;
  end loop;
end $$;
-- drop godwit_kept.names_odd_of_2025_34b69b1c
drop table godwit_kept.names_odd_of_2025_34b69b1c;

-- [6/12] undo: detach partition app.e2024 from app.events (20250102000000_after.gw:3)
--   locks app.e2024 (access exclusive), app.events (share update exclusive); scan
-- note and remove the rows of app.e2024 that are outside of its bound
do $$
#variable_conflict use_column
declare
  v_bound text;
begin
  create table godwit_kept.shape_e2024_34b69b1c (like app.events) partition by range (at);
  create table godwit_kept.bound_e2024_34b69b1c partition of godwit_kept.shape_e2024_34b69b1c for values from ('2024-01-01') to ('2025-01-01');
  v_bound := pg_get_partition_constraintdef('godwit_kept.bound_e2024_34b69b1c'::regclass);
  if v_bound is not null then
    execute 'insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select ''20250102000000_after'', ''detach table app.e2024'', ''app.e2024'',
       jsonb_build_object(''id'', leaving.id, ''at'', leaving.at, ''remark'', leaving.remark), to_jsonb(leaving),
       ''written since to what is a partition again, outside of its bound''
  from app.e2024 as leaving
 where (' || v_bound || ') is false';
    execute 'delete from app.e2024
 where (' || v_bound || ') is false';
  end if;
  drop table godwit_kept.shape_e2024_34b69b1c;
end $$;
-- attach partition app.e2024 to app.events
alter table app.events attach partition app.e2024 for values from ('2024-01-01') to ('2025-01-01');
-- give the partitions below app.e2024 the identity of their table, which PostgreSQL 17 and later forget
do $$
#variable_conflict use_column
declare
  _gw_part record;
begin
  for _gw_part in
    select p.relid, p.parentrelid, pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bound
      from pg_catalog.pg_partition_tree('app.e2024') p join pg_catalog.pg_class c on c.oid = p.relid
     where p.level > 0 order by p.level
  loop
    if exists (select from pg_catalog.pg_attribute a
                 join pg_catalog.pg_attribute b on b.attname = a.attname and not b.attisdropped
                where a.attrelid = _gw_part.parentrelid and a.attidentity <> ''
                  and b.attrelid = _gw_part.relid and b.attidentity = '') then
      execute format('alter table %s detach partition %s', _gw_part.parentrelid, _gw_part.relid);
      execute format('alter table %s attach partition %s %s', _gw_part.parentrelid, _gw_part.relid, _gw_part.bound);
    end if;
  end loop;
end $$;
-- give what app.e2024 has of its table its names back
do $$
#variable_conflict use_column
declare
  _gw_part record;
begin
  for _gw_part in
    select is_index, case round when 1 then new_name else '_gw_name_' || place end as old_name,
           case round when 1 then '_gw_name_' || place else name end as new_name
      from godwit_kept.names_e2024_34b69b1c cross join generate_series(1, 2) as round
     where name <> new_name order by round, place
  loop
    if _gw_part.is_index then
      execute format('alter index app.%I rename to %I', _gw_part.old_name, _gw_part.new_name);
    else
      execute format('alter table app.e2024 rename constraint %I to %I', _gw_part.old_name, _gw_part.new_name);
    end if;
  end loop;
end $$;
-- drop godwit_kept.names_e2024_34b69b1c
drop table godwit_kept.names_e2024_34b69b1c;

-- [7/12] undo: rename column app.events.note to remark (20250102000000_after.gw:1)
--   locks app.events (access exclusive); instant
-- rename column app.events.remark to note
alter table app.events rename column remark to note;

-- [8/12] undo: rename table app.e2025_1 to odd_of_2025 (20250102000000_after.gw:2)
--   locks app.odd_of_2025 (access exclusive); instant
-- rename table app.odd_of_2025 to e2025_1
alter table app.odd_of_2025 rename to e2025_1;

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
  'tables', array['app.e2024', 'app.e2025', 'app.e2025_1', 'app.events', 'app.odd_of_2025']::text[])::text);

-- [12/12] commit
commit;
