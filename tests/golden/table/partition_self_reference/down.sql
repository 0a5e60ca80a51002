-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:ad8ab8b0d90a49a7d1d00a34f478111e259698eab830031d39d97faedf3fe5b4
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:e642ee641cdea7f8df542e964cfdd6a8c101ca9e1a9921976763e32379dd6cba

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
lock table app.events in access exclusive mode;
lock table app.events_1 in access exclusive mode;
lock table app.events_2 in access exclusive mode;
lock table app.events_3 in access exclusive mode;

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

-- [5/11] undo: attach partition app.events_3 to app.events (20250102000000_after.gw:4)
--   locks app.events (access exclusive), app.events_3 (access exclusive); scan
-- stop when other rows refer to rows of app.events_3
do $$
#variable_conflict use_column
declare
  v_found bigint;
begin
  select count(*) into v_found
    from app.events_3 as leaving
   where exists (select from app.events_2 as child where child.cause = leaving.id)
      or exists (select from app.events as child where child.cause = leaving.id)
      or exists (select from app.events_1 as child where child.cause = leaving.id);
  if v_found > 0 then
    raise exception 'other rows refer to rows of app.events_3 as rows of app.events: %', v_found
      using errcode = 'GW004', hint = 'change or remove what refers to them, then roll back again';
  end if;
end $$;
-- detach partition app.events_3 from app.events
alter table app.events detach partition app.events_3;
-- drop foreign key events_cause_fkey on app.events_3
alter table app.events_3 drop constraint if exists events_cause_fkey;

-- [6/11] undo: attach partition app.events_2 to app.events (20250102000000_after.gw:3)
--   locks app.events (access exclusive), app.events_2 (access exclusive); scan
-- stop when other rows refer to rows of app.events_2
do $$
#variable_conflict use_column
declare
  v_found bigint;
begin
  select count(*) into v_found
    from app.events_2 as leaving
   where exists (select from app.events_2 as child where child.cause = leaving.id)
      or exists (select from app.events as child where child.cause = leaving.id)
      or exists (select from app.events_1 as child where child.cause = leaving.id);
  if v_found > 0 then
    raise exception 'other rows refer to rows of app.events_2 as rows of app.events: %', v_found
      using errcode = 'GW004', hint = 'change or remove what refers to them, then roll back again';
  end if;
end $$;
-- detach partition app.events_2 from app.events
alter table app.events detach partition app.events_2;
-- put back foreign key events_2_cause_fkey on app.events_2, which PostgreSQL before 15 forgets at the detach
do $$
#variable_conflict use_column
begin
  if not exists (select from pg_catalog.pg_constraint
                  where conrelid = 'app.events_2'::regclass and conname = 'events_2_cause_fkey') then
    alter table app.events_2
        add constraint events_2_cause_fkey foreign key (cause) references app.events (id) on delete cascade;
  end if;
end $$;

-- [7/11] undo: detach partition app.events_1 from app.events (20250102000000_after.gw:2)
--   locks app.events (share update exclusive), app.events_1 (access exclusive); scan
-- note and remove the rows of app.events_1 that are outside of its bound
do $$
#variable_conflict use_column
declare
  v_bound text;
begin
  create table godwit_kept.shape_events_1_34b69b1c (like app.events) partition by range (id);
  create table godwit_kept.bound_events_1_34b69b1c partition of godwit_kept.shape_events_1_34b69b1c for values from (1000) to (2000);
  v_bound := pg_get_partition_constraintdef('godwit_kept.bound_events_1_34b69b1c'::regclass);
  if v_bound is not null then
    execute 'insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select ''20250102000000_after'', ''detach table app.events_1'', ''app.events_1'',
       jsonb_build_object(''id'', leaving.id), to_jsonb(leaving),
       ''written since to what is a partition again, outside of its bound''
  from app.events_1 as leaving
 where (' || v_bound || ') is false';
    execute 'delete from app.events_1
 where (' || v_bound || ') is false';
  end if;
  drop table godwit_kept.shape_events_1_34b69b1c;
end $$;
-- attach partition app.events_1 to app.events
alter table app.events attach partition app.events_1 for values from (1000) to (2000);
-- give what app.events_1 has of its table its names back
do $$
#variable_conflict use_column
declare
  _gw_part record;
begin
  for _gw_part in
    select is_index, case round when 1 then new_name else '_gw_name_' || place end as old_name,
           case round when 1 then '_gw_name_' || place else name end as new_name
      from godwit_kept.names_events_1_34b69b1c cross join generate_series(1, 2) as round
     where name <> new_name order by round, place
  loop
    if _gw_part.is_index then
      execute format('alter index app.%I rename to %I', _gw_part.old_name, _gw_part.new_name);
    else
      execute format('alter table app.events_1 rename constraint %I to %I', _gw_part.old_name, _gw_part.new_name);
    end if;
  end loop;
end $$;
-- drop godwit_kept.names_events_1_34b69b1c
drop table godwit_kept.names_events_1_34b69b1c;

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
  'tables', array['app.events', 'app.events_1', 'app.events_2', 'app.events_3']::text[])::text);

-- [11/11] commit
commit;
