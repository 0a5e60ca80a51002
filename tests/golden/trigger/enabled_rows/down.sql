-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:dc63abdb9454daf5680250a20bc477eb7312b87a07d8908484456fb08c9f6774
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:c9f45d083d4a0e0b3adc196b64c54a9808dff51ed2d1689c0bd4e4876b088978

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
lock table app.docs in share row exclusive mode;

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

-- [5/11] undo: disable trigger d_plain on app.docs (20250102000000_after.gw:3)
--   locks app.docs (share row exclusive); instant
-- enable trigger d_plain on app.docs
alter table app.docs enable trigger d_plain;

-- [6/11] undo: enable trigger a_off on app.docs (20250102000000_after.gw:4)
--   locks app.docs (share row exclusive); instant
-- disable trigger a_off on app.docs
alter table app.docs disable trigger a_off;

-- [7/11] undo: backfill app.docs (20250102000000_after.gw:1)
--   locks app.docs (share row exclusive); scan
-- note rows of app.docs that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.docs', 'app.docs',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.docs as target
  left join godwit_kept.filled_docs_d5bcab80 as kept on target.id = kept.row_id
 where (kept.row_id is not null and target.title is distinct from kept.new_title);
-- hold back trigger b_always on app.docs: it must not change rows that are only moved
alter table app.docs disable trigger b_always;
-- hold back trigger d_plain on app.docs: it must not change rows that are only moved
alter table app.docs disable trigger d_plain;
-- give app.docs its old values back where nobody changed them since
update app.docs as target
   set title = case when target.title is not distinct from kept.new_title
              then kept.old_title else target.title end
  from godwit_kept.filled_docs_d5bcab80 as kept
 where target.id = kept.row_id
   and ((target.title is not distinct from kept.new_title and target.title is distinct from kept.old_title));
-- let trigger b_always on app.docs fire again
alter table app.docs enable always trigger b_always;
-- let trigger d_plain on app.docs fire again
alter table app.docs enable trigger d_plain;
-- drop godwit_kept.filled_docs_d5bcab80
drop table godwit_kept.filled_docs_d5bcab80;

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
  'tables', array['app.docs']::text[])::text);

-- [11/11] commit
commit;
