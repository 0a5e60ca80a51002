-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:fcdc014654bc5c292614b6c6a10153b100a1f84b058421a4557f0a58875954b6
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:d0c5f988d5ad0c1897217799bbc0cc538054629d8ccaba365d10be7ba111b49a

-- [1/12] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/12] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/12] lock what will change, in one fixed order
lock table app.people in access exclusive mode;

-- [4/12] a place for what has none in the old shape
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

-- [5/12] undo: drop domain app.word (20250102000000_after.gw:3)
-- create domain app.word
create domain app.word as text
    constraint word_check check (value <> '');

-- [6/12] undo: change type of app.people.name (20250102000000_after.gw:1)
--   locks app.people (access exclusive); rewrite
-- convert back what was written to app.people.name since
do $$
#variable_conflict use_column
declare
  _gw_row tid;
  _gw_old text;
  _gw_again character varying(3);
  _gw_same boolean;
begin
  for _gw_row in select ctid from app.people where name is distinct from _gw_made_name or _gw_keep_name is null loop
    begin
      select name::text into _gw_old from app.people where ctid = _gw_row;
      perform _gw_old::app.word;
      if _gw_old is null then
        raise not_null_violation using message = 'null in app.people.name';
      end if;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.people.name', 'app.people',
             jsonb_build_object('id', people.id), to_jsonb(people),
             'no way back: ' || sqlerrm
        from app.people where ctid = _gw_row;
      continue;
    end;
    begin
      _gw_again := _gw_old;
      select name is not distinct from _gw_again into _gw_same from app.people where ctid = _gw_row;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      _gw_same := false;
    end;
    if not _gw_same then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.people.name', 'app.people',
             jsonb_build_object('id', people.id), to_jsonb(people),
             'carried back only in part: the old type has no place for the rest'
        from app.people where ctid = _gw_row;
    end if;
    update app.people set _gw_keep_name = _gw_old where ctid = _gw_row;
  end loop;
end $$;
-- remove rows without a value for app.people.name
delete from app.people
 where people._gw_keep_name is null;
-- bring back the type of app.people.name
alter table app.people alter column name type app.word using _gw_keep_name::app.word;
-- drop what was kept of app.people.name
alter table app.people
  drop column _gw_keep_name,
  drop column _gw_made_name;

-- [7/12] undo: drop enum app.channel (20250102000000_after.gw:2)
-- create enum app.channel
create type app.channel as enum ('mail', 'phone');

-- [8/12] undo: change type of app.people.channel (20250102000000_after.gw:1)
--   locks app.people (access exclusive); rewrite
-- convert back what was written to app.people.channel since
do $$
#variable_conflict use_column
declare
  _gw_row tid;
  _gw_old text;
  _gw_again text;
  _gw_same boolean;
begin
  for _gw_row in select ctid from app.people where channel is distinct from _gw_made_channel or _gw_keep_channel is null loop
    begin
      select channel::text into _gw_old from app.people where ctid = _gw_row;
      perform _gw_old::app.channel;
      if _gw_old is null then
        raise not_null_violation using message = 'null in app.people.channel';
      end if;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.people.channel', 'app.people',
             jsonb_build_object('id', people.id), to_jsonb(people),
             'no way back: ' || sqlerrm
        from app.people where ctid = _gw_row;
      continue;
    end;
    begin
      _gw_again := _gw_old;
      select channel is not distinct from _gw_again into _gw_same from app.people where ctid = _gw_row;
    exception when data_exception or integrity_constraint_violation or cannot_coerce or
             datatype_mismatch or raise_exception then
      _gw_same := false;
    end;
    if not _gw_same then
      insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
      select '20250102000000_after', 'restore type of column app.people.channel', 'app.people',
             jsonb_build_object('id', people.id), to_jsonb(people),
             'carried back only in part: the old type has no place for the rest'
        from app.people where ctid = _gw_row;
    end if;
    update app.people set _gw_keep_channel = _gw_old where ctid = _gw_row;
  end loop;
end $$;
-- remove rows without a value for app.people.channel
delete from app.people
 where people._gw_keep_channel is null;
-- bring back the type of app.people.channel
alter table app.people alter column channel type app.channel using _gw_keep_channel::app.channel;
-- drop what was kept of app.people.channel
alter table app.people
  drop column _gw_keep_channel,
  drop column _gw_made_channel;
-- forbid null in app.people.channel
alter table app.people alter column channel set not null;

-- [9/12] leave nothing empty behind
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

-- [10/12] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [11/12] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.people']::text[])::text);

-- [12/12] commit
commit;
