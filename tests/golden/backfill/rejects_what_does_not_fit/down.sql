-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:2bb8979ddffa44c1012a6b42272a1469612fcfa37dca2f86b13e5bcd512ef0ce
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:c2609ab051f57100a4dd71d05beb11a9774ef635e8ef9919bd8739bd3a1c1e79

-- [1/14] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/14] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/14] lock what will change, in one fixed order
lock table app.people in access exclusive mode;
lock table app.regions in access exclusive mode;

-- [4/14] a place for what has none in the old shape
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

-- [5/14] undo: hide column app.people.born (20250102000000_after.gw:17)
--   locks app.people (access exclusive); instant
-- bring back column app.people.born
alter table app.people rename column _gw_keep_born to born;

-- [6/14] undo: backfill app.people (20250102000000_after.gw:11)
--   locks app.people (access share); scan
-- make sure that godwit_kept.rejected exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
  if to_regclass('godwit_kept.rejected') is null then
    create table godwit_kept.rejected (
      migration text not null, step text not null, table_name text not null, key jsonb not null,
      row_data jsonb not null, sqlstate text not null, reason text not null,
      noted_at timestamptz not null default now()
    );
    alter table godwit_kept.rejected replica identity full;  -- a publication for all tables takes it in
  end if;
end
$godwit$;
-- note rows of app.people that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.people as target
  left join godwit_kept.filled_people_c5f9a3ef as kept on target.id = kept.row_id
 where case when kept.row_id is not null then target.region_id is distinct from kept.new_region_id else target.region_id is distinct from null end;
-- drop godwit_kept.filled_people_c5f9a3ef
drop table godwit_kept.filled_people_c5f9a3ef;
-- forget which rows did not fit: they are as they were
do $godwit$
declare something boolean;
begin
  if to_regclass('godwit_kept.rejected') is not null then
    delete from godwit_kept.rejected where (migration, step) = ('20250102000000_after', 'backfill app.people (region_id)');
    select exists (select from godwit_kept.rejected) into something;
    if not something then
      drop table godwit_kept.rejected;
    end if;
  end if;
end
$godwit$;

-- [7/14] undo: backfill app.people (20250102000000_after.gw:6)
--   locks app.people (row exclusive); scan
-- make sure that godwit_kept.rejected exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
  if to_regclass('godwit_kept.rejected') is null then
    create table godwit_kept.rejected (
      migration text not null, step text not null, table_name text not null, key jsonb not null,
      row_data jsonb not null, sqlstate text not null, reason text not null,
      noted_at timestamptz not null default now()
    );
    alter table godwit_kept.rejected replica identity full;  -- a publication for all tables takes it in
  end if;
end
$godwit$;
-- carry what was written since back into app.people
update app.people as p
   set born = birthday::text
 where exists (select from app.people as target
                 left join godwit_kept.filled_people_481db90c as kept on target.id = kept.row_id
                where p.id = target.id
                  and (case when kept.row_id is not null then target.birthday is distinct from kept.new_birthday else target.birthday is distinct from null end))
   and (p.born is distinct from birthday::text);
-- note rows of app.people that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.people as target
  left join godwit_kept.filled_people_481db90c as kept on target.id = kept.row_id
  left join (select p.id as row_id,
                    case when not exists (select from godwit_kept.rejected as refused where (refused.migration, refused.step, refused.key) =
                      ('20250102000000_after', 'backfill app.people (birthday)', jsonb_build_object('id', p.id)))
                    then p.born::date end as new_birthday
               from app.people as p) as again on target.id = again.row_id
 where (case when kept.row_id is not null then target.birthday is distinct from kept.new_birthday else target.birthday is distinct from null end)
   and (target.birthday is distinct from again.new_birthday);
-- drop godwit_kept.filled_people_481db90c
drop table godwit_kept.filled_people_481db90c;
-- forget which rows did not fit: they are as they were
do $godwit$
declare something boolean;
begin
  if to_regclass('godwit_kept.rejected') is not null then
    delete from godwit_kept.rejected where (migration, step) = ('20250102000000_after', 'backfill app.people (birthday)');
    select exists (select from godwit_kept.rejected) into something;
    if not something then
      drop table godwit_kept.rejected;
    end if;
  end if;
end
$godwit$;

-- [8/14] undo: add foreign key people_region_id_fkey on app.people (20250102000000_after.gw:3)
--   locks app.people (access exclusive), app.regions (access exclusive); instant
-- drop foreign key people_region_id_fkey on app.people
alter table app.people drop constraint people_region_id_fkey;

-- [9/14] undo: add column app.people.region_id (20250102000000_after.gw:3)
--   locks app.people (access exclusive); instant
-- drop column app.people.region_id
alter table app.people drop column region_id;

-- [10/14] undo: add column app.people.birthday (20250102000000_after.gw:2)
--   locks app.people (access exclusive); instant
-- drop column app.people.birthday
alter table app.people drop column birthday;

-- [11/14] leave nothing empty behind
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

-- [12/14] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [13/14] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.people', 'app.regions']::text[])::text);

-- [14/14] commit
commit;
