-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:7ca0a69367a49ddf2b6fcccd778d7300095fba72e2a646b6e81e5139865a1787
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8903e8a29aa4cdb9e4280fc0cd6453bf90e96844a5d2ca900bf00d8b3b542d8e

-- [1/15] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/15] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/15] lock what will change, in one fixed order
lock table app.owners in access exclusive mode;
lock table app.things in access exclusive mode;

-- [4/15] a place for what has none in the old shape
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

-- [5/15] undo: add foreign key things_owner_fkey on app.things (20250101000000_before.gw:3)
--   locks app.owners (access exclusive), app.things (access exclusive); instant
-- drop foreign key things_owner_fkey on app.things
alter table app.things drop constraint things_owner_fkey;

-- [6/15] undo: change type of app.things.twice (20250102000000_after.gw:5)
--   locks app.things (access exclusive); rewrite
-- change type of app.things.twice
alter table app.things alter column twice type integer;

-- [7/15] undo: change type of app.things.owner (20250102000000_after.gw:2)
--   locks app.things (access exclusive); rewrite
-- bring back the type of app.things.owner
alter table app.things alter column owner type text using case when owner is not distinct from _gw_made_owner then _gw_keep_owner else owner::text end;
-- drop what was kept of app.things.owner
alter table app.things
  drop column _gw_keep_owner,
  drop column _gw_made_owner;

-- [8/15] undo: change type of app.things.n (20250102000000_after.gw:4)
--   locks app.things (access exclusive); rewrite
-- note rows whose n does not fit integer
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore type of column app.things.n', 'app.things',
       jsonb_build_object('id', things.id), to_jsonb(things),
       'does not fit integer'
  from app.things
 where things.n not between -2147483648 and 2147483647;
-- remove rows whose n does not fit integer
delete from app.things
 where things.n not between -2147483648 and 2147483647;
-- change type of app.things.n
alter table app.things alter column n type integer;

-- [9/15] undo: change type of app.things.id (20250102000000_after.gw:3)
--   locks app.things (access exclusive); rewrite
-- note rows whose id does not fit integer
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore type of column app.things.id', 'app.things',
       jsonb_build_object('id', things.id), to_jsonb(things),
       'does not fit integer'
  from app.things
 where things.id not between -2147483648 and 2147483647;
-- remove rows whose id does not fit integer
delete from app.things
 where things.id not between -2147483648 and 2147483647;
-- change type of app.things.id
alter table app.things alter column id type integer;
-- change type of sequence app.things_id_seq
alter sequence app.things_id_seq as integer;

-- [10/15] undo: change type of app.owners.id (20250102000000_after.gw:1)
--   locks app.owners (access exclusive); rewrite
-- bring back the type of app.owners.id
alter table app.owners alter column id type text using case when id is not distinct from _gw_made_id then _gw_keep_id else id::text end;
-- drop what was kept of app.owners.id
alter table app.owners
  drop column _gw_keep_id,
  drop column _gw_made_id;

-- [11/15] undo: drop foreign key things_owner_fkey on app.things (20250101000000_before.gw:3)
--   locks app.owners (share row exclusive), app.things (share row exclusive); scan
-- note rows of app.things whose app.owners is gone
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore foreign key things_owner_fkey on app.things', 'app.things',
       jsonb_build_object('id', things.id), to_jsonb(things),
       'refused by foreign key things_owner_fkey on app.things'
  from app.things
 where things.owner is not null
   and not exists (select from app.owners as parent where parent.id = things.owner);
-- remove rows of app.things whose app.owners is gone
delete from app.things
 where things.owner is not null
   and not exists (select from app.owners as parent where parent.id = things.owner);
-- add foreign key things_owner_fkey on app.things
alter table app.things
    add constraint things_owner_fkey foreign key (owner) references app.owners (id);

-- [12/15] leave nothing empty behind
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

-- [13/15] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [14/15] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.owners', 'app.things']::text[])::text);

-- [15/15] commit
commit;
