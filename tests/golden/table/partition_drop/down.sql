-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:8c7e33e86fab07d61954df4d393c71aa069d4ec8ebf3f8734157eb7024a129d8
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:3b79b77ae7f34bcffcec2b3cfaf8b5ef7cc6ff7b6a7269cbbae524a9491dc307

-- [1/9] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/9] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/9] a place for what has none in the old shape
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

-- [4/9] undo: keep table app.e2025 (20250102000000_after.gw:1)
--   locks app.e2025 (access exclusive), app.events (share update exclusive); scan
-- bring back table app.e2025
alter table godwit_kept_app_e2025_6ee95e9b.e2025 set schema app;
-- bring back partition app.e2025_a
alter table godwit_kept_app_e2025_6ee95e9b.e2025_a set schema app;
-- bring back partition app.e2025_rest
alter table godwit_kept_app_e2025_6ee95e9b.e2025_rest set schema app;
-- note rows of app.e2025 whose app.people is gone
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore foreign key events_person_fkey on app.e2025', 'app.e2025',
       jsonb_build_object('id', e2025.id, 'at', e2025.at), to_jsonb(e2025),
       'refused by foreign key events_person_fkey on app.e2025'
  from app.e2025
 where e2025.person is not null
   and not exists (select from app.people as parent where parent.id = e2025.person);
-- remove rows of app.e2025 whose app.people is gone
delete from app.e2025
 where e2025.person is not null
   and not exists (select from app.people as parent where parent.id = e2025.person);
-- note and remove the rows of app.events_rest that belong to app.e2025
do $$
#variable_conflict use_column
declare
  v_bound text;
  v_referenced boolean;
begin
  create table godwit_kept.shape_e2025_34b69b1c (like app.events) partition by range (at);
  create table godwit_kept.bound_e2025_34b69b1c partition of godwit_kept.shape_e2025_34b69b1c for values from ('2025-01-01') to ('2026-01-01');
  v_bound := pg_get_partition_constraintdef('godwit_kept.bound_e2025_34b69b1c'::regclass);
  drop table godwit_kept.shape_e2025_34b69b1c;
  execute 'select exists (select from app.events_rest
 where (' || v_bound || ')' || '
   and not (not exists (select from app.marks as child where child.event = events_rest.id and child.at = events_rest.at)))' into v_referenced;
  if v_referenced then
    raise exception 'rows of app.events_rest belong to app.e2025, and other tables refer to them' using errcode = 'GW004',
      hint = 'change or remove these rows, then roll back again';
  end if;
  execute 'insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select ''20250102000000_after'', ''drop table app.e2025'', ''app.events_rest'',
       jsonb_build_object(''id'', leaving.id, ''at'', leaving.at), to_jsonb(leaving),
       ''written since to what belongs to a partition that is back''
  from app.events_rest as leaving
 where (' || v_bound || ')';
  execute 'delete from app.events_rest
 where (' || v_bound || ')';
end $$;
-- attach partition app.e2025 to app.events
alter table app.events attach partition app.e2025 for values from ('2025-01-01') to ('2026-01-01');
-- leave nothing behind
drop schema godwit_kept_app_e2025_6ee95e9b;

-- [5/9] undo: keep table app.e2024 (20250102000000_after.gw:1)
--   locks app.e2024 (access exclusive), app.events (share update exclusive); scan
-- bring back table app.e2024
alter table godwit_kept_app_e2024_9acaee11.e2024 set schema app;
-- note rows of app.e2024 whose app.people is gone
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore foreign key events_person_fkey on app.e2024', 'app.e2024',
       jsonb_build_object('id', e2024.id, 'at', e2024.at), to_jsonb(e2024),
       'refused by foreign key events_person_fkey on app.e2024'
  from app.e2024
 where e2024.person is not null
   and not exists (select from app.people as parent where parent.id = e2024.person);
-- remove rows of app.e2024 whose app.people is gone
delete from app.e2024
 where e2024.person is not null
   and not exists (select from app.people as parent where parent.id = e2024.person);
-- note and remove the rows of app.events_rest that belong to app.e2024
do $$
#variable_conflict use_column
declare
  v_bound text;
  v_referenced boolean;
begin
  create table godwit_kept.shape_e2024_34b69b1c (like app.events) partition by range (at);
  create table godwit_kept.bound_e2024_34b69b1c partition of godwit_kept.shape_e2024_34b69b1c for values from ('2024-01-01') to ('2025-01-01');
  v_bound := pg_get_partition_constraintdef('godwit_kept.bound_e2024_34b69b1c'::regclass);
  drop table godwit_kept.shape_e2024_34b69b1c;
  execute 'select exists (select from app.events_rest
 where (' || v_bound || ')' || '
   and not (not exists (select from app.marks as child where child.event = events_rest.id and child.at = events_rest.at)))' into v_referenced;
  if v_referenced then
    raise exception 'rows of app.events_rest belong to app.e2024, and other tables refer to them' using errcode = 'GW004',
      hint = 'change or remove these rows, then roll back again';
  end if;
  execute 'insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select ''20250102000000_after'', ''drop table app.e2024'', ''app.events_rest'',
       jsonb_build_object(''id'', leaving.id, ''at'', leaving.at), to_jsonb(leaving),
       ''written since to what belongs to a partition that is back''
  from app.events_rest as leaving
 where (' || v_bound || ')';
  execute 'delete from app.events_rest
 where (' || v_bound || ')';
end $$;
-- attach partition app.e2024 to app.events
alter table app.events attach partition app.e2024 for values from ('2024-01-01') to ('2025-01-01');
-- leave nothing behind
drop schema godwit_kept_app_e2024_9acaee11;

-- [6/9] leave nothing empty behind
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

-- [7/9] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [8/9] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.e2024', 'app.e2025', 'app.e2025_a', 'app.e2025_rest', 'app.events', 'app.people']::text[])::text);

-- [9/9] commit
commit;
