-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:c27c955fd46b66da4d9332b891f94579892495afe1b7f6c55379fc6b8c4e3f7f
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:1a081d244f4a8e5a60f10aadcb54c59ff0b18c72919103d574557e408974d993

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

-- [4/11] undo: create view app.scores (20250101000000_before.gw:3)
--   locks app.scores (access exclusive); instant
-- drop view app.scores
drop view app.scores;

-- [5/11] undo: create index app.by_score (20250102000000_after.gw:4)
--   locks app.games (access exclusive); instant
-- drop index app.by_score
drop index app.by_score;

-- [6/11] undo: change type of app.games.score (20250102000000_after.gw:2)
--   locks app.games (access exclusive); rewrite
-- drop default of app.games.score
alter table app.games alter column score drop default;
-- bring back the type of app.games.score
alter table app.games alter column score type text using case when score is not distinct from _gw_made_score then _gw_keep_score else score::text end;
-- drop what was kept of app.games.score
alter table app.games
  drop column _gw_keep_score,
  drop column _gw_made_score;
-- set default of app.games.score
alter table app.games alter column score set default '0';

-- [7/11] undo: drop index app.by_score (20250102000000_after.gw:3)
--   locks app.games (share); scan
-- create index app.by_score
create index by_score on app.games (score) where score <> '';

-- [8/11] undo: drop view app.scores (20250101000000_before.gw:3)
--   locks app.games (access share); instant
-- create view app.scores
create view app.scores as
select id, score from app.games;

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
