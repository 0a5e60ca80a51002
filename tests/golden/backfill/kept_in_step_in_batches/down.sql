-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:9f41ec79830ca63fe514e3cd1a0e8fe29819134ccd05f8e06469a3677929577d
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:adcd661da82ccfff7f340942571348bb726b970506e893e95771c68d0106ddaf

-- [1/15] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

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
lock table app.people in access exclusive mode;

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

-- [5/15] what only the last part did
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied') as is_applied
\gset
\if :is_applied

-- [6/15] so far
\endif

-- [7/15] what has only begun
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun') as is_begun
\gset
\if :is_begun

-- [8/15] settle backfill app.people (20250102000000_after.gw:2)
--   locks app.people (access exclusive); scan
--   in step until finalize, whichever side is written: name := concat_ws(' ', given, family), given := split_part(name, ' ', 1), family := split_part(name, ' ', 2)
--   godwit_kept.filled_people_eddc3f7b keeps old and new values, until finalize
-- what was written meanwhile
do $$
#variable_conflict use_column
begin
  perform godwit_kept.catch_up_people_69d288dd();
exception when data_exception or integrity_constraint_violation or cardinality_violation
      or program_limit_exceeded or raise_exception then
  -- what was written does not fit: it stays as it is, and what the batches made of these rows goes
  if exists (select from godwit_kept.late_people_69d288dd where row_id is null) then  -- every row is concerned
    insert into godwit_kept.late_people_69d288dd select row_id from godwit_kept.filled_people_eddc3f7b;
  end if;
  -- nothing of this is carried over
  perform set_config('godwit.batch', 'on', true);
  -- their old values
  with given_back as (
    update app.people as target
       set name = kept.old_name
      from godwit_kept.filled_people_eddc3f7b as kept
     where target.id = kept.row_id
       and exists (select from godwit_kept.late_people_69d288dd as late where late.row_id = kept.row_id)
       and not (target.name is distinct from kept.new_name)
    returning kept.row_id
  )
  delete from godwit_kept.filled_people_eddc3f7b as kept
   using given_back
   where kept.row_id = given_back.row_id;

end $$;
-- nothing is noted any more
drop trigger _gw_note_people_69d288dd on app.people;
drop trigger _gw_all_note_people_69d288dd on app.people;
drop function godwit_kept.note_people_69d288dd(), godwit_kept.batch_people_69d288dd(integer), godwit_kept.catch_up_people_69d288dd();
drop table godwit_kept.late_people_69d288dd, godwit_kept.again_people_69d288dd;

-- [9/15] so far
\endif

-- [10/15] undo: backfill app.people (20250102000000_after.gw:2)
--   locks app.people (access exclusive); scan
-- keep app.people in step no more
drop trigger _gw_step_people_21bf857f on app.people;
drop function godwit_kept.step_people_21bf857f();
-- what lost stays in godwit_kept.conflict; without any the table goes
do $godwit$
declare conflicts bigint;
begin
  select count(*) into conflicts from godwit_kept.conflict
   where (migration, step) = ('20250102000000_after', 'backfill app.people (name)');
  if conflicts > 0 then
    raise warning using message = 'backfill app.people (name): ' || conflicts ||
      ' rows had both sides written at once: what lost is in godwit_kept.conflict';
  end if;
  if not exists (select from godwit_kept.conflict)
    and not exists (select from pg_proc where pronamespace = 'godwit_kept'::regnamespace
                                          and starts_with(proname, 'step_')) then
    drop table godwit_kept.conflict;
  end if;
end
$godwit$;
-- note rows of app.people that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.people as target
  left join godwit_kept.filled_people_eddc3f7b as kept on target.id = kept.row_id
  left join (select people.id as row_id,
                    concat_ws(' ', given, family) as new_name
               from app.people) as again on target.id = again.row_id
 where (case when kept.row_id is not null then target.name is distinct from kept.new_name else target.name is distinct from null end)
   and (target.name is distinct from again.new_name);
-- drop godwit_kept.filled_people_eddc3f7b
drop table godwit_kept.filled_people_eddc3f7b;

-- [11/15] undo: add column app.people.name (20250102000000_after.gw:1)
--   locks app.people (access exclusive); instant
-- drop column app.people.name
alter table app.people drop column name;

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
  'tables', array['app.people']::text[])::text);

-- [15/15] commit
commit;
