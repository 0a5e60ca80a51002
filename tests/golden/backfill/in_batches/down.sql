-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3bd375322ba7857bace1878b9a24fafb7257e9117a2161a5f64849140b656502
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- transactions: several
-- content: sha256:85f5b7e7ab4e830f32d29948a66ec04c4a0e4f26f645062531e591910326713d

-- [1/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/63] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/63] commit
commit;

-- [4/63] what has only begun
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun') as is_begun
\gset
\if :is_begun

-- [5/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [6/63] refuse when this is not the last migration, is final, or its window is closed
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

-- [7/63] lock what will change, in one fixed order
lock table app.contacts in access exclusive mode;
lock table app.organizations in access exclusive mode;

-- [8/63] a place for what has none in the old shape
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

-- [9/63] settle backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (access exclusive), app.organizations (access exclusive); scan
--   godwit_kept.filled_contacts_7c200a3c keeps old and new values, until finalize
-- what was written meanwhile
do $$
#variable_conflict use_column
begin
  perform godwit_kept.catch_up_contacts_55c37ab1();
exception when data_exception or integrity_constraint_violation or cardinality_violation
      or program_limit_exceeded or raise_exception then
  -- what was written does not fit: it stays as it is, and what the batches made of these rows goes
  if exists (select from godwit_kept.late_contacts_55c37ab1 where row_tenant is null) then  -- every row is concerned
    insert into godwit_kept.late_contacts_55c37ab1 select row_tenant, row_number from godwit_kept.filled_contacts_7c200a3c;
  end if;
  -- hold back trigger touch on app.contacts: it must not change rows that are only moved
  alter table app.contacts disable trigger touch;
  -- their old values
  with given_back as (
    update app.contacts as target
       set organization_id = kept.old_organization_id,
           visits = kept.old_visits
      from godwit_kept.filled_contacts_7c200a3c as kept
     where target.tenant = kept.row_tenant and target.number = kept.row_number
       and exists (select from godwit_kept.late_contacts_55c37ab1 as late where late.row_tenant = kept.row_tenant and late.row_number = kept.row_number)
       and not (target.organization_id is distinct from kept.new_organization_id
                or target.visits is distinct from kept.new_visits)
    returning kept.row_tenant, kept.row_number
  )
  delete from godwit_kept.filled_contacts_7c200a3c as kept
   using given_back
   where kept.row_tenant = given_back.row_tenant and kept.row_number = given_back.row_number;
  -- let trigger touch on app.contacts fire again
  alter table app.contacts enable trigger touch;

end $$;
-- nothing is noted any more
drop trigger _gw_note_contacts_55c37ab1 on app.contacts;
drop trigger _gw_all_note_contacts_55c37ab1 on app.contacts;
drop trigger _gw_all_note_contacts_55c37ab1 on app.organizations;
drop function godwit_kept.note_contacts_55c37ab1(), godwit_kept.batch_contacts_55c37ab1(integer), godwit_kept.catch_up_contacts_55c37ab1();
drop table godwit_kept.late_contacts_55c37ab1, godwit_kept.again_contacts_55c37ab1;

-- [10/63] undo: backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (share row exclusive); scan
-- note rows of app.contacts that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.contacts', 'app.contacts',
       jsonb_build_object('tenant', target.tenant, 'number', target.number), to_jsonb(target),
       'changed since'
  from app.contacts as target
  left join godwit_kept.filled_contacts_7c200a3c as kept on target.tenant = kept.row_tenant and target.number = kept.row_number
 where case when kept.row_tenant is not null then target.organization_id is distinct from kept.new_organization_id else target.organization_id is distinct from null end
    or (kept.row_tenant is not null and target.visits is distinct from kept.new_visits);
-- hold back trigger touch on app.contacts: it must not change rows that are only moved
alter table app.contacts disable trigger touch;
-- give app.contacts its old values back where nobody changed them since
update app.contacts as target
   set visits = case when target.visits is not distinct from kept.new_visits
              then kept.old_visits else target.visits end
  from godwit_kept.filled_contacts_7c200a3c as kept
 where target.tenant = kept.row_tenant
   and target.number = kept.row_number
   and ((target.visits is not distinct from kept.new_visits and target.visits is distinct from kept.old_visits));
-- let trigger touch on app.contacts fire again
alter table app.contacts enable trigger touch;
-- drop godwit_kept.filled_contacts_7c200a3c
drop table godwit_kept.filled_contacts_7c200a3c;

-- [11/63] undo: add column app.contacts.organization_id (20250102000000_after.gw:2)
--   locks app.contacts (access exclusive); instant
-- drop column app.contacts.organization_id
alter table app.contacts drop column organization_id;

-- [12/63] leave nothing empty behind
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

-- [13/63] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [14/63] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.contacts', 'app.organizations']::text[])::text);

-- [15/63] commit
commit;

-- [16/63] so far
\endif

-- [17/63] part 1 of 5: what the batches need
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = 0) as part_1
\gset
\if :part_1

-- [18/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [19/63] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = 0) then
    raise exception using errcode = 'GW001',
      message = 'part 1 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [20/63] lock what will change, in one fixed order
lock table app.contacts in share row exclusive mode;

-- [21/63] prepare the way back of backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (share row exclusive); scan
-- a place for the rows of which a value was changed since
create table godwit_kept.touched_contacts_55c37ab1 as
select row_tenant, row_number
  from godwit_kept.filled_contacts_7c200a3c
  with no data;
alter table godwit_kept.touched_contacts_55c37ab1 add primary key (row_tenant, row_number);
-- note which rows of app.contacts applications write from here on
create table godwit_kept.since_contacts_55c37ab1 as
select tenant as row_tenant, number as row_number
  from app.contacts
  with no data;
alter table godwit_kept.since_contacts_55c37ab1 replica identity full;
create function godwit_kept.note_here_contacts_55c37ab1() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.since_contacts_55c37ab1 (row_tenant, row_number) values (null, null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' then
      insert into godwit_kept.since_contacts_55c37ab1 (row_tenant, row_number) values (old.tenant, old.number);
    end if;
    if tg_op <> 'DELETE' then
      insert into godwit_kept.since_contacts_55c37ab1 (row_tenant, row_number) values (new.tenant, new.number);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_here_contacts_55c37ab1 after insert or update or delete on app.contacts
  for each row execute function godwit_kept.note_here_contacts_55c37ab1();
alter table app.contacts enable always trigger _gw_note_here_contacts_55c37ab1;
create trigger _gw_all_note_here_contacts_55c37ab1 after truncate on app.contacts
  for each statement execute function godwit_kept.note_here_contacts_55c37ab1();
alter table app.contacts enable always trigger _gw_all_note_here_contacts_55c37ab1;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, range, next_key, last_key, rows_expected)
with size as (
  select greatest(reltuples, 0)::bigint as of_table from pg_class where oid = 'app.contacts'::regclass
), bounds as (                      -- the values between which there are about as many rows each
  select histogram_bounds::text::integer[] as bound from pg_stats, size
   where (schemaname, tablename, attname) = ('app', 'contacts', 'tenant')
     and of_table >= 32000          -- a smaller table is one range
   order by inherited desc limit 1
), cuts as (
  select (select tenant from app.contacts order by tenant limit 1) as low
  union
  select bound[1 + (cardinality(bound) - 1) * part / 8]
    from bounds, generate_series(1, 7) as part
), ranges as (
  select row_number() over (order by low) as range, low, lead(low) over (order by low) as high,
         count(*) over () as parts
    from cuts
)
select '20250102000000_after', 'find what was changed since backfill app.contacts', range,
       (select array[tenant::text, number::text] from app.contacts where tenant >= low order by tenant, number limit 1),
       case when high is null then (select array[tenant::text, number::text] from app.contacts order by tenant desc, number desc limit 1)
            else (select array[tenant::text, number::text] from app.contacts where tenant < high order by tenant desc, number desc limit 1) end,
       of_table / parts
  from ranges, size;
-- one batch: the next rows by key, with their record and the place to go on from; null: none is left
create function godwit_kept.find_contacts_55c37ab1(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 app.contacts.tenant%type;
  v_high_1 app.contacts.tenant%type;
  v_last_1 app.contacts.tenant%type;
  v_low_2 app.contacts.number%type;
  v_high_2 app.contacts.number%type;
  v_last_2 app.contacts.number%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find what was changed since backfill app.contacts') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find what was changed since backfill app.contacts') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select tenant, number into v_high_1, v_high_2
    from app.contacts where (tenant, number) >= (v_low_1, v_low_2) and (tenant, number) <= (v_last_1, v_last_2)
   order by tenant, number offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1; v_high_2 := v_last_2;
    select count(*) into v_read from app.contacts where (tenant, number) >= (v_low_1, v_low_2) and (tenant, number) <= (v_last_1, v_last_2);
  end if;

  -- rows of which a value was changed since
  insert into godwit_kept.touched_contacts_55c37ab1 (row_tenant, row_number)
  select target.tenant, target.number
    from app.contacts as target
    left join godwit_kept.filled_contacts_7c200a3c as kept on target.tenant = kept.row_tenant and target.number = kept.row_number
   where (target.tenant, target.number) >= (v_low_1, v_low_2) and (target.tenant, target.number) <= (v_high_1, v_high_2)
     and (case when kept.row_tenant is not null then target.organization_id is distinct from kept.new_organization_id else target.organization_id is distinct from null end
          or (kept.row_tenant is not null and target.visits is distinct from kept.new_visits));
  get diagnostics v_written = row_count;

  select array[tenant::text, number::text] into v_next
    from app.contacts where (tenant, number) > (v_high_1, v_high_2) and (tenant, number) <= (v_last_1, v_last_2)
   order by tenant, number limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'find what was changed since backfill app.contacts') and range = v_range;
  return v_read;
end $godwit$;
create function godwit_kept.give_back_contacts_55c37ab1(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 godwit_kept.filled_contacts_7c200a3c.row_tenant%type;
  v_high_1 godwit_kept.filled_contacts_7c200a3c.row_tenant%type;
  v_last_1 godwit_kept.filled_contacts_7c200a3c.row_tenant%type;
  v_low_2 godwit_kept.filled_contacts_7c200a3c.row_number%type;
  v_high_2 godwit_kept.filled_contacts_7c200a3c.row_number%type;
  v_last_2 godwit_kept.filled_contacts_7c200a3c.row_number%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'give back what was before backfill app.contacts') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'give back what was before backfill app.contacts') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select row_tenant, row_number into v_high_1, v_high_2
    from godwit_kept.filled_contacts_7c200a3c where (row_tenant, row_number) >= (v_low_1, v_low_2) and (row_tenant, row_number) <= (v_last_1, v_last_2)
   order by row_tenant, row_number offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1; v_high_2 := v_last_2;
    select count(*) into v_read from godwit_kept.filled_contacts_7c200a3c where (row_tenant, row_number) >= (v_low_1, v_low_2) and (row_tenant, row_number) <= (v_last_1, v_last_2);
  end if;

  -- hold back trigger touch on app.contacts: it must not change rows that are only moved
  alter table app.contacts disable trigger touch;
  -- give app.contacts its old values back where nobody changed them since
  update app.contacts as target
     set visits = case when target.visits is not distinct from kept.new_visits
                then kept.old_visits else target.visits end
    from godwit_kept.filled_contacts_7c200a3c as kept
   where target.tenant = kept.row_tenant
     and target.number = kept.row_number
     and (kept.row_tenant, kept.row_number) >= (v_low_1, v_low_2) and (kept.row_tenant, kept.row_number) <= (v_high_1, v_high_2)
     and ((target.visits is not distinct from kept.new_visits and target.visits is distinct from kept.old_visits));
  get diagnostics v_written = row_count;
  -- let trigger touch on app.contacts fire again
  alter table app.contacts enable trigger touch;

  select array[row_tenant::text, row_number::text] into v_next
    from godwit_kept.filled_contacts_7c200a3c where (row_tenant, row_number) > (v_high_1, v_high_2) and (row_tenant, row_number) <= (v_last_1, v_last_2)
   order by row_tenant, row_number limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'give back what was before backfill app.contacts') and range = v_range;
  return v_read;
end $godwit$;

-- [22/63] part 1 is done
update godwit.migration set parts_done = -1 where id = '20250102000000_after';

-- [23/63] remember the catalog
select godwit.remember();

-- [24/63] commit
commit;

-- [25/63] so far
\endif

-- [26/63] part 2 of 5: where each row goes back to, each batch a transaction
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -1) as part_2
\gset
\if :part_2

-- [27/63] find what was changed since backfill app.contacts (20250102000000_after.gw:5)
--   batches of 2000 by godwit_kept.find_contacts_55c37ab1
do $$
begin
  while godwit_kept.find_contacts_55c37ab1(2000) is not null loop
    commit;
  end loop;
end $$;

-- [28/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [29/63] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -1) then
    raise exception using errcode = 'GW001',
      message = 'part 2 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [30/63] part 2 is done
update godwit.migration set parts_done = -2 where id = '20250102000000_after';

-- [31/63] commit
commit;

-- [32/63] so far
\endif

-- [33/63] part 3 of 5: the turn: the old shape, with what was written since
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -2) as part_3
\gset
\if :part_3

-- [34/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [35/63] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -2) then
    raise exception using errcode = 'GW001',
      message = 'part 3 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [36/63] lock what will change, in one fixed order
lock table app.contacts in access exclusive mode;
lock table app.organizations in access exclusive mode;

-- [37/63] a place for what has none in the old shape
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

-- [38/63] what found the places of backfill app.contacts goes (20250102000000_after.gw:5)
-- what looked for changed values goes
drop function godwit_kept.find_contacts_55c37ab1(integer);

-- [39/63] undo: add foreign key contacts_organization_id_fkey on app.contacts (20250102000000_after.gw:2)
--   locks app.contacts (access exclusive), app.organizations (access exclusive); instant
-- drop foreign key contacts_organization_id_fkey on app.contacts
alter table app.contacts drop constraint contacts_organization_id_fkey;

-- [40/63] carry back: backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (share row exclusive), godwit_kept.filled_contacts_7c200a3c (access share); scan
-- what was written since is looked at as well
insert into godwit_kept.touched_contacts_55c37ab1 (row_tenant, row_number)
select row_tenant, row_number from godwit_kept.since_contacts_55c37ab1 where not (row_tenant is null)
union
select tenant, number from app.contacts
 where exists (select from godwit_kept.since_contacts_55c37ab1 where row_tenant is null)
 on conflict do nothing;
-- note rows of app.contacts that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.contacts', 'app.contacts',
       jsonb_build_object('tenant', target.tenant, 'number', target.number), to_jsonb(target),
       'changed since'
  from app.contacts as target
  left join godwit_kept.filled_contacts_7c200a3c as kept on target.tenant = kept.row_tenant and target.number = kept.row_number
 where exists (select from godwit_kept.touched_contacts_55c37ab1 as touched where touched.row_tenant = target.tenant and touched.row_number = target.number)
   and (case when kept.row_tenant is not null then target.organization_id is distinct from kept.new_organization_id else target.organization_id is distinct from null end
    or (kept.row_tenant is not null and target.visits is distinct from kept.new_visits));
-- what is written from here on is looked at again
delete from godwit_kept.since_contacts_55c37ab1;
delete from godwit_kept.touched_contacts_55c37ab1;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, next_key, last_key, rows_expected)
select '20250102000000_after', 'give back what was before backfill app.contacts',
       (select array[row_tenant::text, row_number::text] from godwit_kept.filled_contacts_7c200a3c order by row_tenant, row_number limit 1),
       (select array[row_tenant::text, row_number::text] from godwit_kept.filled_contacts_7c200a3c order by row_tenant desc, row_number desc limit 1),
       (select greatest(reltuples, 0)::bigint from pg_class where oid = 'godwit_kept.filled_contacts_7c200a3c'::regclass);

-- [41/63] part 3 is done
update godwit.migration set parts_done = -3 where id = '20250102000000_after';

-- [42/63] remember the catalog
select godwit.remember();

-- [43/63] commit
commit;

-- [44/63] so far
\endif

-- [45/63] part 4 of 5: what is back goes from where it was, each batch a transaction
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -3) as part_4
\gset
\if :part_4

-- [46/63] give back what was before backfill app.contacts (20250102000000_after.gw:5)
--   batches of 2000 by godwit_kept.give_back_contacts_55c37ab1
do $$
begin
  while godwit_kept.give_back_contacts_55c37ab1(2000) is not null loop
    commit;
  end loop;
end $$;

-- [47/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [48/63] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -3) then
    raise exception using errcode = 'GW001',
      message = 'part 4 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [49/63] part 4 is done
update godwit.migration set parts_done = -4 where id = '20250102000000_after';

-- [50/63] commit
commit;

-- [51/63] so far
\endif

-- [52/63] part 5 of 5: the rest
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -4) as part_5
\gset
\if :part_5

-- [53/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [54/63] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -4) then
    raise exception using errcode = 'GW001',
      message = 'part 5 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [55/63] lock what will change, in one fixed order
lock table app.contacts in access exclusive mode;

-- [56/63] a place for what has none in the old shape
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

-- [57/63] undo: backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (access exclusive); scan
-- what was written since is looked at as well
insert into godwit_kept.touched_contacts_55c37ab1 (row_tenant, row_number)
select row_tenant, row_number from godwit_kept.since_contacts_55c37ab1 where not (row_tenant is null)
union
select tenant, number from app.contacts
 where exists (select from godwit_kept.since_contacts_55c37ab1 where row_tenant is null)
 on conflict do nothing;
-- note rows of app.contacts that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.contacts', 'app.contacts',
       jsonb_build_object('tenant', target.tenant, 'number', target.number), to_jsonb(target),
       'changed since'
  from app.contacts as target
  left join godwit_kept.filled_contacts_7c200a3c as kept on target.tenant = kept.row_tenant and target.number = kept.row_number
 where exists (select from godwit_kept.touched_contacts_55c37ab1 as touched where touched.row_tenant = target.tenant and touched.row_number = target.number)
   and (case when kept.row_tenant is not null then target.organization_id is distinct from kept.new_organization_id else target.organization_id is distinct from null end);
-- nothing is noted any more
drop trigger _gw_note_here_contacts_55c37ab1 on app.contacts;
drop trigger _gw_all_note_here_contacts_55c37ab1 on app.contacts;
drop function godwit_kept.note_here_contacts_55c37ab1();
drop table godwit_kept.since_contacts_55c37ab1, godwit_kept.touched_contacts_55c37ab1;
-- what gave back the old values goes
drop function godwit_kept.give_back_contacts_55c37ab1(integer);
-- drop godwit_kept.filled_contacts_7c200a3c
drop table godwit_kept.filled_contacts_7c200a3c;

-- [58/63] undo: add column app.contacts.organization_id (20250102000000_after.gw:2)
--   locks app.contacts (access exclusive); instant
-- drop column app.contacts.organization_id
alter table app.contacts drop column organization_id;

-- [59/63] leave nothing empty behind
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

-- [60/63] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [61/63] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.contacts', 'app.organizations']::text[])::text);

-- [62/63] commit
commit;

-- [63/63] so far
\endif
