-- godwit down 20250831000002_relationships
-- Relationships between companies, deals, meetings and contacts
-- spec: specs/20250831000002_relationships.gw
-- checksum: sha256:1a2ab6814e1152bfc4e5580597c80649e374996ad6e9b5b461908fe681bc7e90
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8f9384cc98dbbd2e0f32f69e04c83242b9d88737a31c1249f676d14be0dff562

-- [1/23] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/23] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000002_relationships';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250831000002_relationships' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250831000002_relationships closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/23] lock what will change, in one fixed order
lock table public.activity_meetings in access exclusive mode;
lock table public.company_activities in access exclusive mode;
lock table public.contact_interactions in access exclusive mode;
lock table public.deal_meetings in access exclusive mode;
lock table public.deal_stakeholders in access exclusive mode;
lock table public.meeting_sequences in access exclusive mode;

-- [4/23] a place for what has none in the old shape
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

-- [5/23] undo: move deal_meetings (specs/20250831000002_relationships.gw:109)
--   locks public.deal_meetings (row exclusive); scan
-- remove from public.deal_meetings what was moved and nobody changed
delete from public.deal_meetings as target
 using godwit_kept.moved_deal_meetings_f0243bab as kept
 where target.deal_id = kept.target_deal_id
   and target.meeting_id = kept.target_meeting_id
   and target.impact_score is not distinct from kept.target_impact_score
   and target.outcome is not distinct from null
   and target.stage_before is not distinct from null
   and target.stage_after is not distinct from null;
-- drop godwit_kept.moved_deal_meetings_f0243bab
drop table godwit_kept.moved_deal_meetings_f0243bab;

-- [6/23] undo: move contact_interactions (specs/20250831000002_relationships.gw:116)
--   locks public.contact_interactions (row exclusive); scan
-- remove from public.contact_interactions what was moved and nobody changed
delete from public.contact_interactions as target
 using godwit_kept.moved_contact_interactions_f0243bab as kept,
       (
        select id as source_id,
               primary_contact_id as put_contact_id,
               id as put_meeting_id,
               case when exists (select from godwit_kept.moved_contact_interactions_f0243bab as recorded where recorded.source_id = m.id)
                 or (primary_contact_id is not null)
                then sentiment::numeric(3,2) end as put_sentiment_score,
               started_at as put_happened_at
          from public.meetings as m
       ) as source
 where source.source_id = kept.source_id
   and target.meeting_id = kept.target_meeting_id
   and target.contact_id = source.put_contact_id
   and target.kind = 'meeting'::text
   and target.meeting_id = source.put_meeting_id
   and target.activity_id is not distinct from null
   and target.engagement_score is not distinct from 0
   and target.sentiment_score is not distinct from source.put_sentiment_score
   and target.happened_at = source.put_happened_at;
-- drop godwit_kept.moved_contact_interactions_f0243bab
drop table godwit_kept.moved_contact_interactions_f0243bab;

-- [7/23] undo: move company_activities (specs/20250831000002_relationships.gw:104)
--   locks public.company_activities (row exclusive); scan
-- remove from public.company_activities what was moved and nobody changed
delete from public.company_activities as target
 using godwit_kept.moved_company_activities_f0243bab as kept
 where target.company_id = kept.target_company_id
   and target.activity_id = kept.target_activity_id
   and target.relationship_strength is not distinct from 0.5;
-- drop godwit_kept.moved_company_activities_f0243bab
drop table godwit_kept.moved_company_activities_f0243bab;

-- [8/23] undo: backfill public.activities (specs/20250831000002_relationships.gw:85)
--   locks public.activities (row exclusive); scan
-- note rows of public.activities that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'backfill public.activities', 'public.activities',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from public.activities as target
  left join godwit_kept.filled_activities_b1933828 as kept on target.id = kept.row_id
 where (kept.row_id is not null and target.company_id is distinct from kept.new_company_id);
-- give public.activities its old values back where nobody changed them since
update public.activities as target
   set company_id = case when target.company_id is not distinct from kept.new_company_id
              then kept.old_company_id else target.company_id end
  from godwit_kept.filled_activities_b1933828 as kept
 where target.id = kept.row_id
   and ((target.company_id is not distinct from kept.new_company_id and target.company_id is distinct from kept.old_company_id));
-- drop godwit_kept.filled_activities_b1933828
drop table godwit_kept.filled_activities_b1933828;

-- [9/23] undo: backfill public.meetings (specs/20250831000002_relationships.gw:94)
--   locks public.meetings (row exclusive); scan
-- note rows of public.meetings that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'backfill public.meetings', 'public.meetings',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from public.meetings as target
  left join godwit_kept.filled_meetings_ad0b76d1 as kept on target.id = kept.row_id
 where (kept.row_id is not null and target.primary_contact_id is distinct from kept.new_primary_contact_id)
    or (kept.row_id is not null and target.company_id is distinct from kept.new_company_id);
-- give public.meetings its old values back where nobody changed them since
update public.meetings as target
   set primary_contact_id = case when target.primary_contact_id is not distinct from kept.new_primary_contact_id
              then kept.old_primary_contact_id else target.primary_contact_id end,
       company_id = case when target.company_id is not distinct from kept.new_company_id
              then kept.old_company_id else target.company_id end
  from godwit_kept.filled_meetings_ad0b76d1 as kept
 where target.id = kept.row_id
   and ((target.primary_contact_id is not distinct from kept.new_primary_contact_id and target.primary_contact_id is distinct from kept.old_primary_contact_id)
        or (target.company_id is not distinct from kept.new_company_id and target.company_id is distinct from kept.old_company_id));
-- drop godwit_kept.filled_meetings_ad0b76d1
drop table godwit_kept.filled_meetings_ad0b76d1;

-- [10/23] undo: move deal_stakeholders (specs/20250831000002_relationships.gw:126)
--   locks public.deal_stakeholders (row exclusive); scan
-- remove from public.deal_stakeholders what was moved and nobody changed
delete from public.deal_stakeholders as target
 using godwit_kept.moved_deal_stakeholders_f0243bab as kept,
       (
        select id as source_id,
               id as put_deal_id,
               primary_contact_id as put_contact_id
          from public.deals as d
       ) as source
 where source.source_id = kept.source_id
   and target.deal_id = kept.target_deal_id
   and target.contact_id = kept.target_contact_id
   and target.deal_id = source.put_deal_id
   and target.contact_id = source.put_contact_id
   and target.role = 'primary'::text
   and target.influence_level is not distinct from 'unknown'
   and target.is_champion is not distinct from false;
-- drop godwit_kept.moved_deal_stakeholders_f0243bab
drop table godwit_kept.moved_deal_stakeholders_f0243bab;

-- [11/23] undo: create view public.meeting_effectiveness (specs/20250831000002_relationships.gw:163)
--   locks public.meeting_effectiveness (access exclusive); instant
-- drop view public.meeting_effectiveness
drop view public.meeting_effectiveness;

-- [12/23] undo: create function public.infer_meeting_deal_relationships() (specs/20250831000002_relationships.gw:132)
-- drop function public.infer_meeting_deal_relationships()
drop function public.infer_meeting_deal_relationships();

-- [13/23] undo: create function public.create_meeting_followups(uuid) (specs/20250831000002_relationships.gw:145)
-- drop function public.create_meeting_followups(uuid)
drop function public.create_meeting_followups(uuid);

-- [14/23] undo: create table public.meeting_sequences (specs/20250831000002_relationships.gw:41)
--   locks public.meeting_sequences (access exclusive); scan
-- note the rows that are left in public.meeting_sequences: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.meeting_sequences', 'public.meeting_sequences',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.meeting_sequences as leaving;
-- drop table public.meeting_sequences
drop table public.meeting_sequences;

-- [15/23] undo: create table public.deal_stakeholders (specs/20250831000002_relationships.gw:70)
--   locks public.deal_stakeholders (access exclusive); scan
-- note the rows that are left in public.deal_stakeholders: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.deal_stakeholders', 'public.deal_stakeholders',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.deal_stakeholders as leaving;
-- drop table public.deal_stakeholders
drop table public.deal_stakeholders;

-- [16/23] undo: create table public.deal_meetings (specs/20250831000002_relationships.gw:15)
--   locks public.deal_meetings (access exclusive); scan
-- note the rows that are left in public.deal_meetings: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.deal_meetings', 'public.deal_meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.deal_meetings as leaving;
-- drop table public.deal_meetings
drop table public.deal_meetings;

-- [17/23] undo: create table public.contact_interactions (specs/20250831000002_relationships.gw:54)
--   locks public.contact_interactions (access exclusive); scan
-- note the rows that are left in public.contact_interactions: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.contact_interactions', 'public.contact_interactions',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.contact_interactions as leaving;
-- drop table public.contact_interactions
drop table public.contact_interactions;

-- [18/23] undo: create table public.company_activities (specs/20250831000002_relationships.gw:4)
--   locks public.company_activities (access exclusive); scan
-- note the rows that are left in public.company_activities: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.company_activities', 'public.company_activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.company_activities as leaving;
-- drop table public.company_activities
drop table public.company_activities;

-- [19/23] undo: create table public.activity_meetings (specs/20250831000002_relationships.gw:30)
--   locks public.activity_meetings (access exclusive); scan
-- note the rows that are left in public.activity_meetings: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.activity_meetings', 'public.activity_meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.activity_meetings as leaving;
-- drop table public.activity_meetings
drop table public.activity_meetings;

-- [20/23] leave nothing empty behind
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

-- [21/23] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250831000002_relationships';
delete from godwit.hidden_column where migration = '20250831000002_relationships';
delete from godwit.checkpoint where migration = '20250831000002_relationships';
insert into godwit.event (migration, what, detail)
select '20250831000002_relationships', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [22/23] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000002_relationships', 'message', 'rolled back',
  'tables', array['public.activities', 'public.activity_meetings', 'public.company_activities', 'public.contact_interactions', 'public.deal_meetings', 'public.deal_stakeholders', 'public.meeting_sequences', 'public.meetings']::text[])::text);

-- [23/23] commit
commit;
