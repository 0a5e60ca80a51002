-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:9f7f851c059bb1b22e2f3cb85eb324a9630119ab0bfbd3dc9225f91db2720281
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:bc077ec84f6d05520d9493c6b49fb54c964af95861cd1efb34badb94b95ff943

-- [1/11] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

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
lock table app.first in access exclusive mode;
lock table app.parts in access exclusive mode;

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

-- [5/11] undo: detach partition app.first from app.parts (20250102000000_after.gw:2)
--   locks app.first (access exclusive), app.parts (share update exclusive); scan
-- note and remove the rows of app.first that are outside of its bound
do $$
#variable_conflict use_column
declare
  v_bound text;
begin
  create table godwit_kept.shape_first_34b69b1c (like app.parts) partition by range (id);
  create table godwit_kept.bound_first_34b69b1c partition of godwit_kept.shape_first_34b69b1c for values from (0) to (10);
  v_bound := pg_get_partition_constraintdef('godwit_kept.bound_first_34b69b1c'::regclass);
  if v_bound is not null then
    execute 'insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select ''20250102000000_after'', ''detach table app.first'', ''app.first'',
       jsonb_build_object(''id'', leaving.id), to_jsonb(leaving),
       ''written since to what is a partition again, outside of its bound''
  from app.first as leaving
 where (' || v_bound || ') is false';
    execute 'delete from app.first
 where (' || v_bound || ') is false';
  end if;
  drop table godwit_kept.shape_first_34b69b1c;
end $$;
-- attach partition app.first to app.parts
alter table app.parts attach partition app.first for values from (0) to (10);
-- give what app.first has of its table its names back
do $$
#variable_conflict use_column
declare
  _gw_part record;
begin
  for _gw_part in
    select is_index, case round when 1 then new_name else '_gw_name_' || place end as old_name,
           case round when 1 then '_gw_name_' || place else name end as new_name
      from godwit_kept.names_first_34b69b1c cross join generate_series(1, 2) as round
     where name <> new_name order by round, place
  loop
    if _gw_part.is_index then
      execute format('alter index app.%I rename to %I', _gw_part.old_name, _gw_part.new_name);
    else
      execute format('alter table app.first rename constraint %I to %I', _gw_part.old_name, _gw_part.new_name);
    end if;
  end loop;
end $$;
-- drop godwit_kept.names_first_34b69b1c
drop table godwit_kept.names_first_34b69b1c;

-- [6/11] undo: rename index app.parts_kind_idx to parts_sort_idx (20250102000000_after.gw:1)
--   locks app.parts_sort_idx (share update exclusive); instant
-- rename index app.parts_sort_idx to parts_kind_idx
alter index app.parts_sort_idx rename to parts_kind_idx;

-- [7/11] undo: rename column app.parts.kind to sort (20250102000000_after.gw:1)
--   locks app.parts (access exclusive); instant
-- rename column app.parts.sort to kind
alter table app.parts rename column sort to kind;

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
  'tables', array['app.first', 'app.parts']::text[])::text);

-- [11/11] commit
commit;
