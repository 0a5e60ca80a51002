-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:5651811815726bd129f57e408f3287f9a34119ef6bc17f82abb2857d5012d457
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:a93970357a432e7fde2cf1f45e35af937fc72f3e8afa183b9b26fce07f6571b6

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
lock table app.another_2024 in access exclusive mode;
lock table app.another_rest in access exclusive mode;
lock table app.e2024 in access exclusive mode;
lock table app.events in access exclusive mode;
lock table app.events_rest in access exclusive mode;

-- [4/13] a place for what has none in the old shape
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

-- [5/13] undo: attach partition app.another_rest to app.events (20250102000000_after.gw:6)
--   locks app.another_rest (access exclusive), app.events (access exclusive); instant
-- detach partition app.another_rest from app.events
alter table app.events detach partition app.another_rest;
-- drop primary key another_rest_pkey on app.another_rest
alter table app.another_rest drop constraint another_rest_pkey;

-- [6/13] undo: attach partition app.another_2024 to app.events (20250102000000_after.gw:7)
--   locks app.another_2024 (access exclusive), app.events (access exclusive); instant
-- detach partition app.another_2024 from app.events
alter table app.events detach partition app.another_2024;
-- drop primary key another_2024_pkey on app.another_2024
alter table app.another_2024 drop constraint another_2024_pkey;

-- [7/13] undo: detach partition app.events_rest from app.events (20250102000000_after.gw:8)
--   locks app.events (share update exclusive), app.events_rest (access exclusive); scan
-- note and remove the rows of app.events_rest that are outside of its bound
do $$
#variable_conflict use_column
declare
  v_bound text;
begin
  create table godwit_kept.shape_events_rest_34b69b1c (like app.events) partition by range (at);
  create table godwit_kept.bound_e2024_34b69b1c partition of godwit_kept.shape_events_rest_34b69b1c for values from ('2024-01-01') to ('2025-01-01');
  create table godwit_kept.bound_events_rest_34b69b1c partition of godwit_kept.shape_events_rest_34b69b1c default;
  v_bound := pg_get_partition_constraintdef('godwit_kept.bound_events_rest_34b69b1c'::regclass);
  if v_bound is not null then
    execute 'insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select ''20250102000000_after'', ''detach table app.events_rest'', ''app.events_rest'',
       jsonb_build_object(''id'', leaving.id, ''at'', leaving.at), to_jsonb(leaving),
       ''written since to what is a partition again, outside of its bound''
  from app.events_rest as leaving
 where (' || v_bound || ') is false';
    execute 'delete from app.events_rest
 where (' || v_bound || ') is false';
  end if;
  drop table godwit_kept.shape_events_rest_34b69b1c;
end $$;
-- attach partition app.events_rest to app.events
alter table app.events attach partition app.events_rest default;
-- give what app.events_rest has of its table its names back
do $$
#variable_conflict use_column
declare
  _gw_part record;
begin
  for _gw_part in
    select is_index, case round when 1 then new_name else '_gw_name_' || place end as old_name,
           case round when 1 then '_gw_name_' || place else name end as new_name
      from godwit_kept.names_events_rest_34b69b1c cross join generate_series(1, 2) as round
     where name <> new_name order by round, place
  loop
    if _gw_part.is_index then
      execute format('alter index app.%I rename to %I', _gw_part.old_name, _gw_part.new_name);
    else
      execute format('alter table app.events_rest rename constraint %I to %I', _gw_part.old_name, _gw_part.new_name);
    end if;
  end loop;
end $$;
-- drop godwit_kept.names_events_rest_34b69b1c
drop table godwit_kept.names_events_rest_34b69b1c;

-- [8/13] undo: detach partition app.e2024 from app.events (20250102000000_after.gw:9)
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
       jsonb_build_object(''id'', leaving.id, ''at'', leaving.at), to_jsonb(leaving),
       ''written since to what is a partition again, outside of its bound''
  from app.e2024 as leaving
 where (' || v_bound || ') is false';
    execute 'delete from app.e2024
 where (' || v_bound || ') is false';
  end if;
  drop table godwit_kept.shape_e2024_34b69b1c;
end $$;
-- note and remove the rows of app.events_rest that belong to app.e2024
do $$
#variable_conflict use_column
declare
  v_bound text;
begin
  create table godwit_kept.shape_e2024_34b69b1c (like app.events) partition by range (at);
  create table godwit_kept.bound_e2024_34b69b1c partition of godwit_kept.shape_e2024_34b69b1c for values from ('2024-01-01') to ('2025-01-01');
  v_bound := pg_get_partition_constraintdef('godwit_kept.bound_e2024_34b69b1c'::regclass);
  drop table godwit_kept.shape_e2024_34b69b1c;
  execute 'insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select ''20250102000000_after'', ''detach table app.e2024'', ''app.events_rest'',
       jsonb_build_object(''id'', leaving.id, ''at'', leaving.at), to_jsonb(leaving),
       ''written since to what belongs to a partition that is back''
  from app.events_rest as leaving
 where (' || v_bound || ')';
  execute 'delete from app.events_rest
 where (' || v_bound || ')';
end $$;
-- attach partition app.e2024 to app.events
alter table app.events attach partition app.e2024 for values from ('2024-01-01') to ('2025-01-01');
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

-- [9/13] undo: create table app.another_2024 (20250102000000_after.gw:1)
--   locks app.another_2024 (access exclusive); scan
-- note the rows that are left in app.another_2024: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.another_2024', 'app.another_2024',
       jsonb_build_object('ctid', leaving.ctid::text), to_jsonb(leaving),
       'no place in the shape of before'
  from app.another_2024 as leaving;
-- drop table app.another_2024
drop table app.another_2024;

-- [10/13] leave nothing empty behind
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

-- [11/13] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [12/13] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.another_2024', 'app.another_rest', 'app.e2024', 'app.events', 'app.events_rest']::text[])::text);

-- [13/13] commit
commit;
