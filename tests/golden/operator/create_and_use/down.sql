-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:c0e80ea19cc7aabf87f1d4d8df5e36f8e8eec16e170fcb6b753370c9e70e0206
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8de61022e49d8a11b6b11191b7cce38955fd44d69bf1ad4427c588369799c525

-- [1/25] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = app, public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/25] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/25] lock what will change, in one fixed order
lock table app.prices in access exclusive mode;

-- [4/25] a place for what has none in the old shape
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

-- [5/25] undo: create index app.prices_expr_expr_idx (20250102000000_after.gw:26)
--   locks app.prices (access exclusive); instant
-- drop index app.prices_expr_expr_idx
drop index app.prices_expr_expr_idx;

-- [6/25] undo: create view app.sums (20250102000000_after.gw:28)
--   locks app.sums (access exclusive); instant
-- drop view app.sums
drop view app.sums;

-- [7/25] undo: create table app.prices (20250102000000_after.gw:21)
--   locks app.prices (access exclusive); scan
-- note the rows that are left in app.prices: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.prices', 'app.prices',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.prices as leaving;
-- drop table app.prices
drop table app.prices;

-- [8/25] undo: create operator app.@@@ (none, app.money2) (20250102000000_after.gw:11)
-- drop operator app.@@@ (none, app.money2)
drop operator app.@@@ (none, app.money2);

-- [9/25] undo: create operator app.!== (app.money2, app.money2) (20250102000000_after.gw:7)
-- drop operator app.!== (app.money2, app.money2)
drop operator app.!== (app.money2, app.money2);

-- [10/25] undo: create function app.differ(app.money2, app.money2) (20250102000000_after.gw:16)
-- drop function app.differ(app.money2, app.money2)
drop function app.differ(app.money2, app.money2);

-- [11/25] undo: create operator app.=== (app.money2, app.money2) (20250102000000_after.gw:6)
-- drop operator app.=== (app.money2, app.money2)
drop operator app.=== (app.money2, app.money2);

-- [12/25] undo: create operator app.<# (integer, app.money2) (20250102000000_after.gw:8)
-- drop operator app.<# (integer, app.money2)
drop operator app.<# (integer, app.money2);

-- [13/25] undo: create operator app.+ (app.money2, app.money2) (20250102000000_after.gw:10)
-- drop operator app.+ (app.money2, app.money2)
drop operator app.+ (app.money2, app.money2);

-- [14/25] undo: create operator app.#> (app.money2, integer) (20250102000000_after.gw:9)
-- drop operator app.#> (app.money2, integer)
drop operator app.#> (app.money2, integer);

-- [15/25] undo: create function app.same(app.money2, app.money2) (20250102000000_after.gw:15)
-- drop function app.same(app.money2, app.money2)
drop function app.same(app.money2, app.money2);

-- [16/25] undo: create function app.plus(app.money2, app.money2) (20250102000000_after.gw:19)
-- drop function app.plus(app.money2, app.money2)
drop function app.plus(app.money2, app.money2);

-- [17/25] undo: create function app.more(app.money2, integer) (20250102000000_after.gw:18)
-- drop function app.more(app.money2, integer)
drop function app.more(app.money2, integer);

-- [18/25] undo: create function app.less(integer, app.money2) (20250102000000_after.gw:17)
-- drop function app.less(integer, app.money2)
drop function app.less(integer, app.money2);

-- [19/25] undo: create function app.amount_of(app.money2) (20250102000000_after.gw:20)
-- drop function app.amount_of(app.money2)
drop function app.amount_of(app.money2);

-- [20/25] undo: create type app.money2 (20250102000000_after.gw:5)
-- drop type app.money2
drop type app.money2;

-- [21/25] undo: create schema app (20250102000000_after.gw:4)
-- drop schema app
drop schema app;

-- [22/25] leave nothing empty behind
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

-- [23/25] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [24/25] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.prices']::text[])::text);

-- [25/25] commit
commit;
