-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:f57c7a8813e6cb68d8dabe611e04699921f9d2872f67376a40b63cb75f538584
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:f84a6b3fb6477308489a8cb6c81098f2773b8648ca912c06757dc97b3b7f845a

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
lock table app.people in access exclusive mode;

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

-- [5/13] undo: create trigger other on app.people (20250102000000_after.gw:3)
--   locks app.people (access exclusive); instant
-- drop trigger other on app.people
drop trigger other on app.people;

-- [6/13] undo: rows app.people (20250102000000_after.gw:6)
--   locks app.people (share row exclusive); scan
-- note rows of app.people that were changed since: they stay as they are
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'rows app.people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.people as target
  join godwit_kept.seeded_people_a43578fb as seed on target.id = seed.id
 where target.name is distinct from seed.name;
-- hold back trigger stays on app.people: it must not change rows that are only moved
alter table app.people disable trigger stays;
-- give rows of app.people their old values back
update app.people as target
   set name = stood.name
  from godwit_kept.seeded_people_a43578fb as seed, godwit_kept.stood_people_a43578fb as stood
 where target.id = seed.id
   and target.id = stood.id
   and target.name is not distinct from seed.name
   and (target.name is distinct from stood.name);
-- take rows out of app.people that nobody changed and nothing refers to
delete from app.people as target
 using godwit_kept.seeded_people_a43578fb as seed
 where target.id = seed.id
   and target.name is not distinct from seed.name
   and target.note is not distinct from null
   and not exists (select from godwit_kept.stood_people_a43578fb as stood where stood.id = target.id);
-- let trigger stays on app.people fire again
alter table app.people enable trigger stays;
-- drop godwit_kept.seeded_people_a43578fb
drop table godwit_kept.seeded_people_a43578fb;
-- drop godwit_kept.stood_people_a43578fb
drop table godwit_kept.stood_people_a43578fb;

-- [7/13] undo: backfill app.people (20250102000000_after.gw:5)
--   locks app.people (share row exclusive); scan
-- note rows of app.people that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.people as target
  left join godwit_kept.filled_people_14fc2969 as kept on target.id = kept.row_id
 where (kept.row_id is not null and target.note is distinct from kept.new_note);
-- hold back trigger stays on app.people: it must not change rows that are only moved
alter table app.people disable trigger stays;
-- give app.people its old values back where nobody changed them since
update app.people as target
   set note = case when target.note is not distinct from kept.new_note
              then kept.old_note else target.note end
  from godwit_kept.filled_people_14fc2969 as kept
 where target.id = kept.row_id
   and ((target.note is not distinct from kept.new_note and target.note is distinct from kept.old_note));
-- let trigger stays on app.people fire again
alter table app.people enable trigger stays;
-- drop godwit_kept.filled_people_14fc2969
drop table godwit_kept.filled_people_14fc2969;

-- [8/13] undo: drop trigger "touch it" on app.people (20250102000000_after.gw:2)
--   locks app.people (share row exclusive); instant
-- create trigger "touch it" on app.people
create trigger "touch it" before insert or update on app.people
    for each row execute function app.touch();

-- [9/13] undo: drop trigger other on app.people (20250102000000_after.gw:3)
--   locks app.people (share row exclusive); instant
-- create trigger other on app.people
create trigger other before insert or update on app.people
    for each row execute function app.touch();

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
  'tables', array['app.people']::text[])::text);

-- [13/13] commit
commit;
