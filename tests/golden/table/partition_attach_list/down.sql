-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:cc69568da826303961f738a7309cda07248884f2ece25c20911e061eac3d1d8e
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:766f33eb50cd60bbf1c83fe4a0edc089d58855a983dcc3c4388e70ab3f9e1052

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
lock table app.more_b in access exclusive mode;
lock table app.parts in access exclusive mode;
lock table app.parts_a in access exclusive mode;
lock table app.parts_b in access exclusive mode;
lock table app.people in access exclusive mode;

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

-- [5/11] undo: attach partition app.parts_a to app.parts (20250102000000_after.gw:2)
--   locks app.parts (access exclusive), app.parts_a (access exclusive); instant
-- detach partition app.parts_a from app.parts
alter table app.parts detach partition app.parts_a;

-- [6/11] undo: attach partition app.more_b to app.parts_b (20250102000000_after.gw:3)
--   locks app.more_b (access exclusive), app.parts_b (access exclusive), app.people (access exclusive); instant
-- detach partition app.more_b from app.parts_b
alter table app.parts_b detach partition app.more_b;
-- drop foreign key parts_person_fkey on app.more_b
alter table app.more_b drop constraint parts_person_fkey;
-- drop unique constraint more_b_id_kind_key on app.more_b
alter table app.more_b drop constraint more_b_id_kind_key;

-- [7/11] undo: drop unique constraint more_b_kind_id_key on app.more_b (20250102000000_after.gw:1)
--   locks app.more_b (access exclusive); scan
-- note what more_b_kind_id_key of app.more_b refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore unique constraint more_b_kind_id_key on app.more_b', 'app.more_b',
       jsonb_build_object('kind', more_b.kind, 'id', more_b.id), to_jsonb(more_b),
       'refused by unique constraint more_b_kind_id_key on app.more_b'
  from app.more_b
 where exists (select from app.more_b as earlier
                where earlier.kind = more_b.kind and earlier.id = more_b.id and (earlier.kind, earlier.id) < (more_b.kind, more_b.id));
-- remove what more_b_kind_id_key of app.more_b refuses
delete from app.more_b
 where exists (select from app.more_b as earlier
                where earlier.kind = more_b.kind and earlier.id = more_b.id and (earlier.kind, earlier.id) < (more_b.kind, more_b.id));
-- add unique constraint more_b_kind_id_key on app.more_b
alter table app.more_b
    add constraint more_b_kind_id_key unique (kind, id);

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
  'tables', array['app.more_b', 'app.parts', 'app.parts_a', 'app.parts_b', 'app.people']::text[])::text);

-- [11/11] commit
commit;
