-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:e4a5cf19c2080f16182c01d43399b743d31d914885beb35d3c37a2a5d79fa750
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:7019fb62c062facb1121d955aa430171d44485f6bf8cb3c0ccbde55a0fab75d7

-- [1/13] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

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
lock table public.seat in access exclusive mode;

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

-- [5/13] undo: drop check constraint seat_sane on public.seat (20250102000000_after.gw:6)
--   locks public.seat (access exclusive); scan
-- note what constraint seat_sane of public.seat refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore check constraint seat_sane on public.seat', 'public.seat',
       jsonb_build_object('number', seat.number), to_jsonb(seat),
       'refused by check constraint seat_sane on public.seat'
  from public.seat
 where not (number < 1000);
-- remove what constraint seat_sane of public.seat refuses
delete from public.seat
 where not (number < 1000);
-- add check constraint seat_sane on public.seat
alter table public.seat
    add constraint seat_sane check (number < 1000);

-- [6/13] undo: drop unique constraint seat_twice on public.seat (20250102000000_after.gw:5)
--   locks public.seat (access exclusive); scan
-- note what seat_twice of public.seat refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore unique constraint seat_twice on public.seat', 'public.seat',
       jsonb_build_object('number', seat.number), to_jsonb(seat),
       'refused by unique constraint seat_twice on public.seat'
  from public.seat
 where exists (select from public.seat as earlier
                where earlier.number = seat.number and (earlier.number) < (seat.number));
-- remove what seat_twice of public.seat refuses
delete from public.seat
 where exists (select from public.seat as earlier
                where earlier.number = seat.number and (earlier.number) < (seat.number));
-- add unique constraint seat_twice on public.seat
alter table public.seat
    add constraint seat_twice unique (number);

-- [7/13] undo: rename column public.seat._gw_swap_1 to number (20250102000000_after.gw:1)
--   locks public.seat (access exclusive); instant
-- rename column public.seat.number to _gw_swap_1
alter table public.seat rename column number to _gw_swap_1;

-- [8/13] undo: rename column public.seat.number to id (20250102000000_after.gw:2)
--   locks public.seat (access exclusive); instant
-- rename column public.seat.id to number
alter table public.seat rename column id to number;

-- [9/13] undo: rename column public.seat.id to _gw_swap_1 (20250102000000_after.gw:1)
--   locks public.seat (access exclusive); instant
-- rename column public.seat._gw_swap_1 to id
alter table public.seat rename column _gw_swap_1 to id;

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
  'tables', array['public.seat']::text[])::text);

-- [13/13] commit
commit;
