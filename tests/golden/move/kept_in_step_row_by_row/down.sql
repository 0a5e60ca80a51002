-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:1e46c75295f3eccd4c12505f2cf597872c6d9ec040e266c84299a0e63bdd84af
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:e6bc07f85734f67d28808868edf0dcd93ea8a2bb18bc40161efbe1ab359d8fef

-- [1/10] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/10] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/10] lock what will change, in one fixed order
lock table app.people in access exclusive mode;
lock table app.users in access exclusive mode;

-- [4/10] a place for what has none in the old shape
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

-- [5/10] undo: move people (20250102000000_after.gw:7)
--   locks app.people (access exclusive), app.users (access exclusive); scan
-- keep app.users in step no more
drop trigger _gw_step_people_11592e51 on app.users;
drop trigger "~gw_step_people_11592e51" on app.users;
drop function godwit_kept.step_people_11592e51();
-- keep app.people in step no more
drop trigger _gw_step_people_49c350ad on app.people;
drop trigger "~gw_step_people_49c350ad" on app.people;
drop function godwit_kept.step_people_49c350ad();
-- what lost stays in godwit_kept.conflict; without any the table goes
do $godwit$
declare conflicts bigint;
begin
  select count(*) into conflicts from godwit_kept.conflict
   where (migration, step) = ('20250102000000_after', 'move people');
  if conflicts > 0 then
    raise warning using message = 'move people: ' || conflicts ||
      ' rows had both sides written at once: what lost is in godwit_kept.conflict';
  end if;
  if not exists (select from godwit_kept.conflict)
    and not exists (select from pg_proc where pronamespace = 'godwit_kept'::regnamespace
                                          and starts_with(proname, 'step_')) then
    drop table godwit_kept.conflict;
  end if;
end
$godwit$;
-- remove from app.people what app.users says as well
delete from app.people as target
 using (select id as source_id,
               id as put_id,
               concat_ws(' ', given, family) as put_name,
               born as put_birth_date
          from app.users) as source
 where target.id = source.put_id
   and target.name is not distinct from source.put_name
   and target.birth_date is not distinct from source.put_birth_date;
-- drop godwit_kept.moved_people_502965ae
drop table godwit_kept.moved_people_502965ae;

-- [6/10] undo: create table app.people (20250102000000_after.gw:1)
--   locks app.people (access exclusive); scan
-- note the rows that are left in app.people: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.people', 'app.people',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.people as leaving;
-- drop table app.people
drop table app.people;

-- [7/10] leave nothing empty behind
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

-- [8/10] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [9/10] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.people', 'app.users']::text[])::text);

-- [10/10] commit
commit;
