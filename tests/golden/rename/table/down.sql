-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:904fbce15a610623415e318056fd2d55332f5a27032cf70d08ad51cd3ade25cc
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:2feb54a1dd288bdafaa25feb1abf1568bbdd76efed69940f2125950722ebfa3c

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
lock table app.opportunities in access exclusive mode;

-- [4/13] undo: replace function app.deal_name(integer) (20250101000000_before.gw:5)
-- replace function app.deal_name(integer)
create or replace function app.deal_name(p integer) returns text language sql stable as $$ select name from app.deals where id = p $$;

-- [5/13] undo: rename index app.deals_org_idx to opportunities_org_idx (20250102000000_after.gw:1)
--   locks app.opportunities_org_idx (share update exclusive); instant
-- rename index app.opportunities_org_idx to deals_org_idx
alter index app.opportunities_org_idx rename to deals_org_idx;

-- [6/13] undo: rename check constraint deals_name_check on app.opportunities to opportunities_name_check (20250102000000_after.gw:1)
--   locks app.opportunities (access exclusive); instant
-- rename check constraint opportunities_name_check on app.opportunities to deals_name_check
alter table app.opportunities rename constraint opportunities_name_check to deals_name_check;

-- [7/13] undo: rename unique constraint deals_name_key on app.opportunities to opportunities_name_key (20250102000000_after.gw:1)
--   locks app.opportunities (access exclusive); instant
-- rename unique constraint opportunities_name_key on app.opportunities to deals_name_key
alter table app.opportunities rename constraint opportunities_name_key to deals_name_key;

-- [8/13] undo: rename primary key deals_pkey on app.opportunities to opportunities_pkey (20250102000000_after.gw:1)
--   locks app.opportunities (access exclusive); instant
-- rename primary key opportunities_pkey on app.opportunities to deals_pkey
alter table app.opportunities rename constraint opportunities_pkey to deals_pkey;

-- [9/13] undo: rename sequence app.deals_id_seq to opportunities_id_seq (20250102000000_after.gw:1)
--   locks app.opportunities_id_seq (access exclusive); instant
-- rename sequence app.opportunities_id_seq to deals_id_seq
alter sequence app.opportunities_id_seq rename to deals_id_seq;

-- [10/13] undo: rename table app.deals to opportunities (20250102000000_after.gw:1)
--   locks app.opportunities (access exclusive); instant
-- rename table app.opportunities to deals
alter table app.opportunities rename to deals;

-- [11/13] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [12/13] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.deals', 'app.opportunities']::text[])::text);

-- [13/13] commit
commit;
