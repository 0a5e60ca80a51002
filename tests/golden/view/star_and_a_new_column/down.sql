-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:013c7fb0ed13529d994af6dc38ae248b8275d8ab94710d5e65ca41037c9bf31b
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:43299930a47a548e4dfed84ec8a3ababe48199b70790437988d5619ccbe67e63

-- [1/15] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

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
lock table app.t in access exclusive mode;

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

-- [5/15] undo: create view app.by_using (20250101000000_before.gw:16)
--   locks app.by_using (access exclusive); instant
-- drop view app.by_using
drop view app.by_using;

-- [6/15] undo: create view app.all_of_t (20250101000000_before.gw:14)
--   locks app.all_of_t (access exclusive); instant
-- drop view app.all_of_t
drop view app.all_of_t;

-- [7/15] undo: change type of app.t.n (20250102000000_after.gw:5)
--   locks app.t (access exclusive); rewrite
-- note rows whose n does not fit integer
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore type of column app.t.n', 'app.t',
       jsonb_build_object('id', t.id), to_jsonb(t),
       'does not fit integer'
  from app.t
 where t.n not between -2147483648 and 2147483647;
-- leave app.t.n empty in rows whose n does not fit integer
update app.t
   set n = null
 where t.n not between -2147483648 and 2147483647;
-- change type of app.t.n
alter table app.t alter column n type integer;

-- [8/15] undo: add column app.t.extra (20250102000000_after.gw:4)
--   locks app.t (access exclusive); scan
-- note the values written to app.t.extra since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop column app.t.extra', 'app.t',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column extra'
  from app.t as leaving
 where leaving.extra is distinct from null;
-- drop column app.t.extra
alter table app.t drop column extra;

-- [9/15] undo: drop view app.by_using (20250101000000_before.gw:16)
--   locks app.t (access share), app.u (access share); instant
-- create view app.by_using
create view app.by_using (id, note, title, n) as
select id, o.note, t.name, t.n from app.u as o join app.t using (id);

-- [10/15] undo: drop view app.all_of_t (20250101000000_before.gw:14)
--   locks app.t (access share); instant
-- create view app.all_of_t
create view app.all_of_t (id, title, n) as
select id, name, n from app.t where n > 0;

-- [11/15] undo: rename column app.t.title to name (20250102000000_after.gw:1)
--   locks app.t (access exclusive); instant
-- rename column app.t.name to title
alter table app.t rename column name to title;

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
  'tables', array['app.t']::text[])::text);

-- [15/15] commit
commit;
