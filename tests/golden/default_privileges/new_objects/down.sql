-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:0bd2bf09d18df293accb80262d7db7d612dc88ec9bce42f7ea8802a57dbb220e
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:1eb0f9101d18e8f808ce93cdeb46b242224a3654c87a82c388422503c3e0b16e

-- [1/21] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/21] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/21] lock what will change, in one fixed order
lock table app."it's secret" in access exclusive mode;
lock table app.mine in access exclusive mode;
lock table app.parts in access exclusive mode;
lock table app.plain in access exclusive mode;
lock table other.plain in access exclusive mode;

-- [4/21] a place for what has none in the old shape
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

-- [5/21] undo: create materialized view app.many (20250102000000_after.gw:17)
--   locks app.many (access exclusive); instant
-- drop materialized view app.many
drop materialized view app.many;

-- [6/21] undo: create view app.ids (20250102000000_after.gw:16)
--   locks app.ids (access exclusive); instant
-- drop view app.ids
drop view app.ids;

-- [7/21] undo: create function app.two() (20250102000000_after.gw:20)
-- drop function app.two()
drop function app.two();

-- [8/21] undo: create function app.one() (20250102000000_after.gw:19)
-- drop function app.one()
drop function app.one();

-- [9/21] undo: create table other.plain (20250102000000_after.gw:10)
--   locks other.plain (access exclusive); scan
-- note the rows that are left in other.plain: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table other.plain', 'other.plain',
       jsonb_build_object('ctid', leaving.ctid::text), to_jsonb(leaving),
       'no place in the shape of before'
  from other.plain as leaving;
-- drop table other.plain
drop table other.plain;

-- [10/21] undo: create table app.plain (20250102000000_after.gw:2)
--   locks app.plain (access exclusive); scan
-- note the rows that are left in app.plain: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.plain', 'app.plain',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.plain as leaving;
-- drop table app.plain
drop table app.plain;

-- [11/21] undo: create table app.parts (20250102000000_after.gw:11)
--   locks app.parts (access exclusive); scan
-- note the rows that are left in app.parts: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.parts', 'app.parts',
       jsonb_build_object('ctid', leaving.ctid::text), to_jsonb(leaving),
       'no place in the shape of before'
  from app.parts as leaving;
-- drop table app.parts
drop table app.parts;

-- [12/21] undo: create table app.mine (20250102000000_after.gw:9)
--   locks app.mine (access exclusive); scan
-- note the rows that are left in app.mine: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.mine', 'app.mine',
       jsonb_build_object('ctid', leaving.ctid::text), to_jsonb(leaving),
       'no place in the shape of before'
  from app.mine as leaving;
-- drop table app.mine
drop table app.mine;

-- [13/21] undo: create table app."it's secret" (20250102000000_after.gw:3)
--   locks app."it's secret" (access exclusive); scan
-- note the rows that are left in app."it's secret": the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app."it''s secret"', 'app."it''s secret"',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app."it's secret" as leaving;
-- drop table app."it's secret"
drop table app."it's secret";

-- [14/21] undo: create sequence app.numbers (20250102000000_after.gw:18)
--   locks app.numbers (access exclusive); instant
-- drop sequence app.numbers
drop sequence app.numbers;

-- [15/21] undo: create domain app.score (20250102000000_after.gw:23)
-- drop domain app.score
drop domain app.score;

-- [16/21] undo: create enum app.mood (20250102000000_after.gw:22)
-- drop enum app.mood
drop type app.mood;

-- [17/21] undo: create schema third (20250102000000_after.gw:25)
-- drop schema third
drop schema third;

-- [18/21] leave nothing empty behind
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

-- [19/21] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [20/21] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app."it''s secret"', 'app.mine', 'app.parts', 'app.parts_2024', 'app.plain', 'other.plain']::text[])::text);

-- [21/21] commit
commit;
