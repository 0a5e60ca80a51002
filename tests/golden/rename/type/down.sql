-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:72629626e9ad5d5a409108847862ae0bb05b9d1dcca47252d61cb3993b3f841f
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8f81e5bb91e433571407dfa3f357582e9e514fe558b551dfa433efc1c06fee6c

-- [1/10] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;
set local check_function_bodies = off;  -- bodies come back before the old names do;

-- [2/10] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/10] undo: replace function app.next(app."Pha""se") (20250101000000_before.gw:9)
-- replace function app.next(app."Pha""se")
create or replace function app.next(p_stage app."Pha""se") returns app."Pha""se" language plpgsql as $$ declare s app.stage := p_stage; begin return case s when 'new'::app.stage then 'won'::app.stage else s end; end $$;

-- [4/10] undo: replace function app.at(app."Pha""se") (20250101000000_before.gw:8)
-- replace function app.at(app."Pha""se")
create or replace function app.at(p_stage app."Pha""se") returns setof app.deals language sql stable as $$ select * from app.deals where stage = p_stage and stage <> 'new'::app.stage $$;

-- [5/10] undo: rename composite type app.address to place (20250102000000_after.gw:3)
--   locks app.place (access exclusive); instant
-- rename composite type app.place to address
alter type app.place rename to address;

-- [6/10] undo: rename domain app.mail to e_mail (20250102000000_after.gw:2)
--   locks app.e_mail (access exclusive); instant
-- rename domain app.e_mail to mail
alter domain app.e_mail rename to mail;

-- [7/10] undo: rename enum app.stage to "Pha""se" (20250102000000_after.gw:1)
--   locks app."Pha""se" (access exclusive); instant
-- rename enum app."Pha""se" to stage
alter type app."Pha""se" rename to stage;

-- [8/10] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [9/10] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array[]::text[])::text);

-- [10/10] commit
commit;
