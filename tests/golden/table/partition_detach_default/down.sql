-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:30c967ef19a220909cb08898506c78ff72f3097d4525762862052258a7d5650b
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:6b624079234c94174dcdc22f49f37877df6ccabefaa6ad51594d91ca31854f77

-- [1/11] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/11] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/11] lock what will change, in one fixed order
lock table app.parts in access exclusive mode;
lock table app.parts_n in access exclusive mode;
lock table app.parts_rest in access exclusive mode;

-- [4/11] a place for what has none in the old shape
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

-- [5/11] undo: detach partition app.parts_rest from app.parts (20250102000000_after.gw:3)
--   locks app.parts (share update exclusive), app.parts_rest (access exclusive); scan
-- drop hidden columns of app.parts_rest that a finalize has dropped in app.parts
do $$
#variable_conflict use_column
declare
  _gw_column record;
begin
  for _gw_column in
    select a.attname as name from pg_catalog.pg_attribute a
     where a.attrelid = 'app.parts_rest'::regclass and a.attname like '\_gw\_%' and not a.attisdropped
       and not exists (select from pg_catalog.pg_attribute p where p.attrelid = 'app.parts'::regclass
                          and p.attname = a.attname and not p.attisdropped)
  loop
    execute format('alter table app.parts_rest drop column %I', _gw_column.name);
  end loop;
end $$;
-- note and remove the rows of app.parts_rest that are outside of its bound
do $$
#variable_conflict use_column
declare
  v_bound text;
begin
  create table godwit_kept.shape_parts_rest_34b69b1c (like app.parts) partition by list (kind);
  create table godwit_kept.bound_parts_a_34b69b1c partition of godwit_kept.shape_parts_rest_34b69b1c for values in ('a', 'b');
  create table godwit_kept.bound_parts_n_34b69b1c partition of godwit_kept.shape_parts_rest_34b69b1c for values in (null);
  create table godwit_kept.bound_parts_rest_34b69b1c partition of godwit_kept.shape_parts_rest_34b69b1c default;
  v_bound := pg_get_partition_constraintdef('godwit_kept.bound_parts_rest_34b69b1c'::regclass);
  if v_bound is not null then
    execute 'insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select ''20250102000000_after'', ''detach table app.parts_rest'', ''app.parts_rest'',
       jsonb_build_object(''ctid'', leaving.ctid::text), to_jsonb(leaving),
       ''written since to what is a partition again, outside of its bound''
  from app.parts_rest as leaving
 where (' || v_bound || ') is false';
    execute 'delete from app.parts_rest
 where (' || v_bound || ') is false';
  end if;
  drop table godwit_kept.shape_parts_rest_34b69b1c;
end $$;
-- attach partition app.parts_rest to app.parts
alter table app.parts attach partition app.parts_rest default;
-- give what app.parts_rest has of its table its names back
do $$
#variable_conflict use_column
declare
  _gw_part record;
begin
  for _gw_part in
    select is_index, case round when 1 then new_name else '_gw_name_' || place end as old_name,
           case round when 1 then '_gw_name_' || place else name end as new_name
      from godwit_kept.names_parts_rest_34b69b1c cross join generate_series(1, 2) as round
     where name <> new_name order by round, place
  loop
    if _gw_part.is_index then
      execute format('alter index app.%I rename to %I', _gw_part.old_name, _gw_part.new_name);
    else
      execute format('alter table app.parts_rest rename constraint %I to %I', _gw_part.old_name, _gw_part.new_name);
    end if;
  end loop;
end $$;
-- drop godwit_kept.names_parts_rest_34b69b1c
drop table godwit_kept.names_parts_rest_34b69b1c;

-- [6/11] undo: detach partition app.parts_n from app.parts (20250102000000_after.gw:4)
--   locks app.parts (share update exclusive), app.parts_n (access exclusive); scan
-- drop hidden columns of app.parts_n that a finalize has dropped in app.parts
do $$
#variable_conflict use_column
declare
  _gw_column record;
begin
  for _gw_column in
    select a.attname as name from pg_catalog.pg_attribute a
     where a.attrelid = 'app.parts_n'::regclass and a.attname like '\_gw\_%' and not a.attisdropped
       and not exists (select from pg_catalog.pg_attribute p where p.attrelid = 'app.parts'::regclass
                          and p.attname = a.attname and not p.attisdropped)
  loop
    execute format('alter table app.parts_n drop column %I', _gw_column.name);
  end loop;
end $$;
-- note and remove the rows of app.parts_n that are outside of its bound
do $$
#variable_conflict use_column
declare
  v_bound text;
begin
  create table godwit_kept.shape_parts_n_34b69b1c (like app.parts) partition by list (kind);
  create table godwit_kept.bound_parts_n_34b69b1c partition of godwit_kept.shape_parts_n_34b69b1c for values in (null);
  v_bound := pg_get_partition_constraintdef('godwit_kept.bound_parts_n_34b69b1c'::regclass);
  if v_bound is not null then
    execute 'insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select ''20250102000000_after'', ''detach table app.parts_n'', ''app.parts_n'',
       jsonb_build_object(''ctid'', leaving.ctid::text), to_jsonb(leaving),
       ''written since to what is a partition again, outside of its bound''
  from app.parts_n as leaving
 where (' || v_bound || ') is false';
    execute 'delete from app.parts_n
 where (' || v_bound || ') is false';
  end if;
  drop table godwit_kept.shape_parts_n_34b69b1c;
end $$;
-- note and remove the rows of app.parts_rest that belong to app.parts_n
do $$
#variable_conflict use_column
declare
  v_bound text;
begin
  create table godwit_kept.shape_parts_n_34b69b1c (like app.parts) partition by list (kind);
  create table godwit_kept.bound_parts_n_34b69b1c partition of godwit_kept.shape_parts_n_34b69b1c for values in (null);
  v_bound := pg_get_partition_constraintdef('godwit_kept.bound_parts_n_34b69b1c'::regclass);
  drop table godwit_kept.shape_parts_n_34b69b1c;
  execute 'insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select ''20250102000000_after'', ''detach table app.parts_n'', ''app.parts_rest'',
       jsonb_build_object(''ctid'', leaving.ctid::text), to_jsonb(leaving),
       ''written since to what belongs to a partition that is back''
  from app.parts_rest as leaving
 where (' || v_bound || ')';
  execute 'delete from app.parts_rest
 where (' || v_bound || ')';
end $$;
-- attach partition app.parts_n to app.parts
alter table app.parts attach partition app.parts_n for values in (null);
-- give what app.parts_n has of its table its names back
do $$
#variable_conflict use_column
declare
  _gw_part record;
begin
  for _gw_part in
    select is_index, case round when 1 then new_name else '_gw_name_' || place end as old_name,
           case round when 1 then '_gw_name_' || place else name end as new_name
      from godwit_kept.names_parts_n_34b69b1c cross join generate_series(1, 2) as round
     where name <> new_name order by round, place
  loop
    if _gw_part.is_index then
      execute format('alter index app.%I rename to %I', _gw_part.old_name, _gw_part.new_name);
    else
      execute format('alter table app.parts_n rename constraint %I to %I', _gw_part.old_name, _gw_part.new_name);
    end if;
  end loop;
end $$;
-- drop godwit_kept.names_parts_n_34b69b1c
drop table godwit_kept.names_parts_n_34b69b1c;

-- [7/11] undo: hide column app.parts.dropped (20250102000000_after.gw:1)
--   locks app.parts (access exclusive); instant
-- bring back column app.parts.dropped
alter table app.parts rename column _gw_keep_dropped to dropped;

-- [8/11] leave nothing empty behind
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

-- [9/11] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [10/11] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.parts', 'app.parts_n', 'app.parts_rest']::text[])::text);

-- [11/11] commit
commit;
