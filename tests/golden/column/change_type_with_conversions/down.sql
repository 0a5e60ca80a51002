-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:29f5d7dc54f82a6f3c9ff57d431410701534ce9399bf3a2e6666dd108556a334
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:a396fdcd7773e27fed307deca3c287b0a1f682d6593122f91ed2bb27b39f9267

-- [1/16] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

-- [2/16] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/16] lock what will change, in one fixed order
lock table app.packages in access exclusive mode;

-- [4/16] a place for what has none in the old shape
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

-- [5/16] undo: hide column app.packages.unit (20250102000000_after.gw:8)
--   locks app.packages (access exclusive); instant
-- bring back column app.packages.unit
alter table app.packages rename column _gw_keep_unit to unit;

-- [6/16] undo: forbid null in app.packages.grams (20250102000000_after.gw:4)
--   locks app.packages (access exclusive); instant
-- allow null in app.packages.grams
alter table app.packages alter column grams drop not null;

-- [7/16] undo: change type of app.packages.note (20250102000000_after.gw:6)
--   locks app.packages (access exclusive); rewrite
-- convert back what was written to app.packages.note since
do $$
#variable_conflict use_column
declare
  _gw_row tid;
  _gw_old text;
  _gw_again uuid;
  _gw_same boolean;
begin
  for _gw_row in select ctid from app.packages where note is distinct from _gw_made_note or _gw_keep_note is null loop
    begin
      select note into _gw_old from app.packages where ctid = _gw_row;
      if _gw_old is null then
        raise not_null_violation using message = 'null in app.packages.note';
      end if;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.packages.note', 'app.packages',
             jsonb_build_object('id', packages.id), to_jsonb(packages),
             'no way back: ' || sqlerrm
        from app.packages where ctid = _gw_row;
      continue;
    end;
    begin
      select md5(_gw_old)::uuid into _gw_again from app.packages where ctid = _gw_row;
      select note is not distinct from _gw_again into _gw_same from app.packages where ctid = _gw_row;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      _gw_same := false;
    end;
    if not _gw_same then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.packages.note', 'app.packages',
             jsonb_build_object('id', packages.id), to_jsonb(packages),
             'carried back only in part: the old type has no place for the rest'
        from app.packages where ctid = _gw_row;
    end if;
    update app.packages set _gw_keep_note = _gw_old where ctid = _gw_row;
  end loop;
end $$;
-- remove rows without a value for app.packages.note
delete from app.packages
 where packages._gw_keep_note is null;
-- bring back the type of app.packages.note
alter table app.packages alter column note type text using _gw_keep_note;
-- drop what was kept of app.packages.note
alter table app.packages
  drop column _gw_keep_note,
  drop column _gw_made_note;
-- set default of app.packages.note
alter table app.packages alter column note set default 'none';
-- forbid null in app.packages.note
alter table app.packages alter column note set not null;

-- [8/16] undo: change type of app.packages.grams (20250102000000_after.gw:4)
--   locks app.packages (access exclusive); rewrite
-- convert back what was written to app.packages.grams since
do $$
#variable_conflict use_column
declare
  _gw_row tid;
  _gw_old text;
  _gw_again integer;
  _gw_same boolean;
begin
  for _gw_row in select ctid from app.packages where grams is distinct from _gw_made_grams loop
    begin
      select (grams::numeric / 1000)::text into _gw_old from app.packages where ctid = _gw_row;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.packages.grams', 'app.packages',
             jsonb_build_object('id', packages.id), to_jsonb(packages),
             'no way back: ' || sqlerrm
        from app.packages where ctid = _gw_row;
      continue;
    end;
    begin
      select (coalesce(_gw_old, '0')::numeric * case unit when 'kg' then 1000 else 1 end)::integer into _gw_again from app.packages where ctid = _gw_row;
      select grams is not distinct from _gw_again into _gw_same from app.packages where ctid = _gw_row;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      _gw_same := false;
    end;
    if not _gw_same then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.packages.grams', 'app.packages',
             jsonb_build_object('id', packages.id), to_jsonb(packages),
             'carried back only in part: the old type has no place for the rest'
        from app.packages where ctid = _gw_row;
    end if;
    update app.packages set _gw_keep_grams = _gw_old where ctid = _gw_row;
  end loop;
end $$;
-- bring back the type of app.packages.grams
alter table app.packages alter column grams type text using _gw_keep_grams;
-- drop what was kept of app.packages.grams
alter table app.packages
  drop column _gw_keep_grams,
  drop column _gw_made_grams;

-- [9/16] undo: let new rows leave app.packages.unit empty (20250102000000_after.gw:8)
--   locks app.packages (access exclusive); scan
-- note null in app.packages.unit
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore column app.packages.unit', 'app.packages',
       jsonb_build_object('id', packages.id), to_jsonb(packages),
       'refused by column app.packages.unit'
  from app.packages
 where packages.unit is null;
-- remove null in app.packages.unit
delete from app.packages
 where packages.unit is null;
-- forbid null in app.packages.unit
alter table app.packages alter column unit set not null;

-- [10/16] undo: rename primary key parcels_pkey on app.packages to packages_pkey (20250102000000_after.gw:1)
--   locks app.packages (access exclusive); instant
-- rename primary key packages_pkey on app.packages to parcels_pkey
alter table app.packages rename constraint packages_pkey to parcels_pkey;

-- [11/16] undo: rename column app.packages.weight to grams (20250102000000_after.gw:2)
--   locks app.packages (access exclusive); instant
-- rename column app.packages.grams to weight
alter table app.packages rename column grams to weight;

-- [12/16] undo: rename table app.parcels to packages (20250102000000_after.gw:1)
--   locks app.packages (access exclusive); instant
-- rename table app.packages to parcels
alter table app.packages rename to parcels;

-- [13/16] leave nothing empty behind
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

-- [14/16] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [15/16] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.packages', 'app.parcels']::text[])::text);

-- [16/16] commit
commit;
