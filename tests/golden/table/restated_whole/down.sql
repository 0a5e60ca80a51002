-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:39234ac29feee15f58bcc3c53264a36cf7f11709f976b6e2122812385ce161db
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:2aaa04f1efef77e47c50315735b52f05c19c6c4d8df3b8ecd1ca7b75a18ca06f

-- [1/18] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/18] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/18] lock what will change, in one fixed order
lock table app.contacts in access exclusive mode;

-- [4/18] a place for what has none in the old shape
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

-- [5/18] undo: comment on table app.contacts (20250102000000_after.gw:9)
--   locks app.contacts (share update exclusive); instant
-- comment on table app.contacts
comment on table app.contacts is null;

-- [6/18] undo: grant to app_backend on table app.contacts (20250102000000_after.gw:8)
-- revoke from app_backend on table app.contacts
revoke insert, select on table app.contacts from app_backend;

-- [7/18] undo: create index app.contacts_mail (20250102000000_after.gw:7)
--   locks app.contacts (access exclusive); instant
-- drop index app.contacts_mail
drop index app.contacts_mail;

-- [8/18] undo: add check constraint contacts_name_check on app.contacts (20250102000000_after.gw:3)
--   locks app.contacts (access exclusive); instant
-- drop check constraint contacts_name_check on app.contacts
alter table app.contacts drop constraint contacts_name_check;

-- [9/18] undo: drop default of app.contacts.name (20250102000000_after.gw:3)
--   locks app.contacts (access exclusive); instant
-- allow null in app.contacts.name
alter table app.contacts alter column name drop not null;
-- set default of app.contacts.name
alter table app.contacts alter column name set default 'nobody';

-- [10/18] undo: add column app.contacts.phone (20250102000000_after.gw:5)
--   locks app.contacts (access exclusive); scan
-- note the values written to app.contacts.phone since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop column app.contacts.phone', 'app.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column phone'
  from app.contacts as leaving
 where leaving.phone is distinct from null;
-- drop column app.contacts.phone
alter table app.contacts drop column phone;

-- [11/18] undo: comment on column app.contacts.name (20250102000000_after.gw:1)
--   locks app.contacts (share update exclusive); instant
-- comment on column app.contacts.name
comment on column app.contacts.name is 'Old words';

-- [12/18] undo: revoke from reporting on table app.contacts (20250102000000_after.gw:1)
-- grant to reporting on table app.contacts
grant select on table app.contacts to reporting;

-- [13/18] undo: drop index app.contacts_name (20250102000000_after.gw:1)
--   locks app.contacts (share); scan
-- create index app.contacts_name
create index contacts_name on app.contacts (name);

-- [14/18] undo: drop unique constraint contacts_mail_key on app.contacts (20250102000000_after.gw:1)
--   locks app.contacts (access exclusive); scan
-- note what contacts_mail_key of app.contacts refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'restore unique constraint contacts_mail_key on app.contacts', 'app.contacts',
       jsonb_build_object('id', contacts.id), to_jsonb(contacts),
       'refused by unique constraint contacts_mail_key on app.contacts'
  from app.contacts
 where exists (select from app.contacts as earlier
                where earlier.mail = contacts.mail and (earlier.id) < (contacts.id));
-- remove what contacts_mail_key of app.contacts refuses
delete from app.contacts
 where exists (select from app.contacts as earlier
                where earlier.mail = contacts.mail and (earlier.id) < (contacts.id));
-- add unique constraint contacts_mail_key on app.contacts
alter table app.contacts
    add constraint contacts_mail_key unique (mail);

-- [15/18] leave nothing empty behind
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

-- [16/18] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [17/18] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.contacts']::text[])::text);

-- [18/18] commit
commit;
