-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:01dc394dc4becb79b359c9e9e7f9df4af3d92498a59444af9e178ef79c509da6
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:7a8e069fad0f02cea137f8fd0567cc849efc1e0ceec4763d6c3d02559b81243b

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
lock table app.games in access exclusive mode;

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

-- [5/11] undo: add check constraint games_played_check on app.games (20250101000000_before.gw:5)
--   locks app.games (access exclusive); instant
-- drop check constraint games_played_check on app.games
alter table app.games drop constraint games_played_check;

-- [6/11] undo: change type of app.games.played (20250102000000_after.gw:1)
--   locks app.games (access exclusive); rewrite
-- convert back what was written to app.games.played since
do $$
#variable_conflict use_column
declare
  _gw_row tid;
  _gw_old timestamp without time zone;
  _gw_again date;
  _gw_same boolean;
begin
  for _gw_row in select ctid from app.games where played is distinct from _gw_made_played or _gw_keep_played is null loop
    begin
      select played into _gw_old from app.games where ctid = _gw_row;
      if _gw_old is null then
        raise not_null_violation using message = 'null in app.games.played';
      end if;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.games.played', 'app.games',
             jsonb_build_object('id', games.id), to_jsonb(games),
             'no way back: ' || sqlerrm
        from app.games where ctid = _gw_row;
      continue;
    end;
    begin
      _gw_again := _gw_old;
      select played is not distinct from _gw_again into _gw_same from app.games where ctid = _gw_row;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      _gw_same := false;
    end;
    if not _gw_same then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.games.played', 'app.games',
             jsonb_build_object('id', games.id), to_jsonb(games),
             'carried back only in part: the old type has no place for the rest'
        from app.games where ctid = _gw_row;
    end if;
    update app.games set _gw_keep_played = _gw_old where ctid = _gw_row;
  end loop;
end $$;
-- remove rows without a value for app.games.played
delete from app.games
 where games._gw_keep_played is null;
-- bring back the type of app.games.played
alter table app.games alter column played type timestamp without time zone using _gw_keep_played;
-- drop what was kept of app.games.played
alter table app.games
  drop column _gw_keep_played,
  drop column _gw_made_played;

-- [7/11] undo: drop check constraint games_played_check on app.games (20250101000000_before.gw:5)
--   locks app.games (access exclusive); scan
-- note what constraint games_played_check of app.games refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore check constraint games_played_check on app.games', 'app.games',
       jsonb_build_object('id', games.id), to_jsonb(games),
       'refused by check constraint games_played_check on app.games'
  from app.games
 where not (played > '2000-01-01');
-- remove what constraint games_played_check of app.games refuses
delete from app.games
 where not (played > '2000-01-01');
-- add check constraint games_played_check on app.games
alter table app.games
    add constraint games_played_check check (played > '2000-01-01');

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
  'tables', array['app.games']::text[])::text);

-- [11/11] commit
commit;
