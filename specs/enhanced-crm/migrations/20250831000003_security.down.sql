-- godwit down 20250831000003_security
-- Who sees what, and what is asked often
-- spec: specs/20250831000003_security.gw
-- checksum: sha256:259af4d3d9a39a459142c70c952647085ae6450d5dd318e3c1197677f05e66a8
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:b91c5076ed9e9addb3a413c122354f8562f39cbc70496a4e98fd40b9619bae7d

-- [1/58] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/58] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000003_security';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250831000003_security' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250831000003_security closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/58] lock what will change, in one fixed order
lock table public.activities in access exclusive mode;
lock table public.activity_meetings in access exclusive mode;
lock table public.companies in access exclusive mode;
lock table public.company_activities in access exclusive mode;
lock table public.contact_interactions in access exclusive mode;
lock table public.contacts in access exclusive mode;
lock table public.deal_meetings in access exclusive mode;
lock table public.deal_stakeholders in access exclusive mode;
lock table public.deals in access exclusive mode;
lock table public.meeting_sequences in access exclusive mode;
lock table public.meetings in access exclusive mode;
lock table public.tasks in access exclusive mode;

-- [4/58] undo: grant to service_role on table public.meeting_sequences (specs/20250831000003_security.gw:33)
-- revoke from service_role on table public.meeting_sequences
revoke delete, insert, references, select, trigger, truncate, update on table public.meeting_sequences from service_role;

-- [5/58] undo: grant to authenticated on table public.meeting_sequences (specs/20250831000003_security.gw:32)
-- revoke from authenticated on table public.meeting_sequences
revoke delete, insert, select, update on table public.meeting_sequences from authenticated;

-- [6/58] undo: grant to service_role on table public.deal_stakeholders (specs/20250831000003_security.gw:49)
-- revoke from service_role on table public.deal_stakeholders
revoke delete, insert, references, select, trigger, truncate, update on table public.deal_stakeholders from service_role;

-- [7/58] undo: grant to authenticated on table public.deal_stakeholders (specs/20250831000003_security.gw:48)
-- revoke from authenticated on table public.deal_stakeholders
revoke delete, insert, select, update on table public.deal_stakeholders from authenticated;

-- [8/58] undo: grant to service_role on table public.deal_meetings (specs/20250831000003_security.gw:17)
-- revoke from service_role on table public.deal_meetings
revoke delete, insert, references, select, trigger, truncate, update on table public.deal_meetings from service_role;

-- [9/58] undo: grant to authenticated on table public.deal_meetings (specs/20250831000003_security.gw:16)
-- revoke from authenticated on table public.deal_meetings
revoke delete, insert, select, update on table public.deal_meetings from authenticated;

-- [10/58] undo: grant to service_role on table public.contact_interactions (specs/20250831000003_security.gw:41)
-- revoke from service_role on table public.contact_interactions
revoke delete, insert, references, select, trigger, truncate, update on table public.contact_interactions from service_role;

-- [11/58] undo: grant to authenticated on table public.contact_interactions (specs/20250831000003_security.gw:40)
-- revoke from authenticated on table public.contact_interactions
revoke delete, insert, select, update on table public.contact_interactions from authenticated;

-- [12/58] undo: grant to service_role on table public.company_activities (specs/20250831000003_security.gw:9)
-- revoke from service_role on table public.company_activities
revoke delete, insert, references, select, trigger, truncate, update on table public.company_activities from service_role;

-- [13/58] undo: grant to authenticated on table public.company_activities (specs/20250831000003_security.gw:8)
-- revoke from authenticated on table public.company_activities
revoke delete, insert, select, update on table public.company_activities from authenticated;

-- [14/58] undo: grant to service_role on table public.activity_meetings (specs/20250831000003_security.gw:25)
-- revoke from service_role on table public.activity_meetings
revoke delete, insert, references, select, trigger, truncate, update on table public.activity_meetings from service_role;

-- [15/58] undo: grant to authenticated on table public.activity_meetings (specs/20250831000003_security.gw:24)
-- revoke from authenticated on table public.activity_meetings
revoke delete, insert, select, update on table public.activity_meetings from authenticated;

-- [16/58] undo: create policy see on public.meeting_sequences (specs/20250831000003_security.gw:30)
--   locks public.meeting_sequences (access exclusive); instant
-- drop policy see on public.meeting_sequences
drop policy see on public.meeting_sequences;

-- [17/58] undo: create policy manage on public.meeting_sequences (specs/20250831000003_security.gw:31)
--   locks public.meeting_sequences (access exclusive); instant
-- drop policy manage on public.meeting_sequences
drop policy manage on public.meeting_sequences;

-- [18/58] undo: create policy see on public.deal_stakeholders (specs/20250831000003_security.gw:46)
--   locks public.deal_stakeholders (access exclusive); instant
-- drop policy see on public.deal_stakeholders
drop policy see on public.deal_stakeholders;

-- [19/58] undo: create policy manage on public.deal_stakeholders (specs/20250831000003_security.gw:47)
--   locks public.deal_stakeholders (access exclusive); instant
-- drop policy manage on public.deal_stakeholders
drop policy manage on public.deal_stakeholders;

-- [20/58] undo: create policy see on public.deal_meetings (specs/20250831000003_security.gw:14)
--   locks public.deal_meetings (access exclusive); instant
-- drop policy see on public.deal_meetings
drop policy see on public.deal_meetings;

-- [21/58] undo: create policy manage on public.deal_meetings (specs/20250831000003_security.gw:15)
--   locks public.deal_meetings (access exclusive); instant
-- drop policy manage on public.deal_meetings
drop policy manage on public.deal_meetings;

-- [22/58] undo: create policy see on public.contact_interactions (specs/20250831000003_security.gw:38)
--   locks public.contact_interactions (access exclusive); instant
-- drop policy see on public.contact_interactions
drop policy see on public.contact_interactions;

-- [23/58] undo: create policy manage on public.contact_interactions (specs/20250831000003_security.gw:39)
--   locks public.contact_interactions (access exclusive); instant
-- drop policy manage on public.contact_interactions
drop policy manage on public.contact_interactions;

-- [24/58] undo: create policy see on public.company_activities (specs/20250831000003_security.gw:6)
--   locks public.company_activities (access exclusive); instant
-- drop policy see on public.company_activities
drop policy see on public.company_activities;

-- [25/58] undo: create policy manage on public.company_activities (specs/20250831000003_security.gw:7)
--   locks public.company_activities (access exclusive); instant
-- drop policy manage on public.company_activities
drop policy manage on public.company_activities;

-- [26/58] undo: create policy see on public.activity_meetings (specs/20250831000003_security.gw:22)
--   locks public.activity_meetings (access exclusive); instant
-- drop policy see on public.activity_meetings
drop policy see on public.activity_meetings;

-- [27/58] undo: create policy manage on public.activity_meetings (specs/20250831000003_security.gw:23)
--   locks public.activity_meetings (access exclusive); instant
-- drop policy manage on public.activity_meetings
drop policy manage on public.activity_meetings;

-- [28/58] undo: create index public.tasks_priority_score_idx (specs/20250831000003_security.gw:86)
--   locks public.tasks (access exclusive); instant
-- drop index public.tasks_priority_score_idx
drop index public.tasks_priority_score_idx;

-- [29/58] undo: create index public.tasks_meeting_id_idx (specs/20250831000003_security.gw:85)
--   locks public.tasks (access exclusive); instant
-- drop index public.tasks_meeting_id_idx
drop index public.tasks_meeting_id_idx;

-- [30/58] undo: create index public.tasks_company_id_idx (specs/20250831000003_security.gw:84)
--   locks public.tasks (access exclusive); instant
-- drop index public.tasks_company_id_idx
drop index public.tasks_company_id_idx;

-- [31/58] undo: create index public.meetings_next_actions_idx (specs/20250831000003_security.gw:71)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_next_actions_idx
drop index public.meetings_next_actions_idx;

-- [32/58] undo: create index public.meetings_effectiveness_score_idx (specs/20250831000003_security.gw:73)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_effectiveness_score_idx
drop index public.meetings_effectiveness_score_idx;

-- [33/58] undo: create index public.meetings_company_id_started_at_idx (specs/20250831000003_security.gw:72)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_company_id_started_at_idx
drop index public.meetings_company_id_started_at_idx;

-- [34/58] undo: create index public.deals_stakeholder_mapping_idx (specs/20250831000003_security.gw:61)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_stakeholder_mapping_idx
drop index public.deals_stakeholder_mapping_idx;

-- [35/58] undo: create index public.deals_owner_id_status_stage_id_expected_close_date_idx (specs/20250831000003_security.gw:58)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_owner_id_status_stage_id_expected_close_date_idx
drop index public.deals_owner_id_status_stage_id_expected_close_date_idx;

-- [36/58] undo: create index public.deals_owner_id_deal_intelligence_score_win_probability_ai_idx (specs/20250831000003_security.gw:59)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_owner_id_deal_intelligence_score_win_probability_ai_idx
drop index public.deals_owner_id_deal_intelligence_score_win_probability_ai_idx;

-- [37/58] undo: create index public.deals_competitor_analysis_idx (specs/20250831000003_security.gw:60)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_competitor_analysis_idx
drop index public.deals_competitor_analysis_idx;

-- [38/58] undo: create index public.contacts_social_media_urls_idx (specs/20250831000003_security.gw:65)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_social_media_urls_idx
drop index public.contacts_social_media_urls_idx;

-- [39/58] undo: create index public.contacts_owner_id_engagement_score_idx (specs/20250831000003_security.gw:66)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_owner_id_engagement_score_idx
drop index public.contacts_owner_id_engagement_score_idx;

-- [40/58] undo: create index public.contacts_company_id_decision_maker_score_idx (specs/20250831000003_security.gw:67)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_company_id_decision_maker_score_idx
drop index public.contacts_company_id_decision_maker_score_idx;

-- [41/58] undo: create index public.companies_owner_id_engagement_score_lead_score_is_target_ac_idx (specs/20250831000003_security.gw:53)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_owner_id_engagement_score_lead_score_is_target_ac_idx
drop index public.companies_owner_id_engagement_score_lead_score_is_target_ac_idx;

-- [42/58] undo: create index public.companies_address_idx (specs/20250831000003_security.gw:54)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_address_idx
drop index public.companies_address_idx;

-- [43/58] undo: create index public.activities_sentiment_score_idx (specs/20250831000003_security.gw:79)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_sentiment_score_idx
drop index public.activities_sentiment_score_idx;

-- [44/58] undo: create index public.activities_key_topics_idx (specs/20250831000003_security.gw:80)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_key_topics_idx
drop index public.activities_key_topics_idx;

-- [45/58] undo: create index public.activities_deal_id_date_idx (specs/20250831000003_security.gw:78)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_deal_id_date_idx
drop index public.activities_deal_id_date_idx;

-- [46/58] undo: create index public.activities_company_id_date_idx (specs/20250831000003_security.gw:77)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_company_id_date_idx
drop index public.activities_company_id_date_idx;

-- [47/58] undo: create function public.has_ai_feature(text) (specs/20250831000003_security.gw:102)
-- drop function public.has_ai_feature(text)
drop function public.has_ai_feature(text);

-- [48/58] undo: create function public.get_dashboard(uuid) (specs/20250831000003_security.gw:94)
-- drop function public.get_dashboard(uuid)
drop function public.get_dashboard(uuid);

-- [49/58] undo: create function public.calculate_company_engagement(uuid) (specs/20250831000003_security.gw:89)
-- drop function public.calculate_company_engagement(uuid)
drop function public.calculate_company_engagement(uuid);

-- [50/58] undo: enable row level security on public.meeting_sequences (specs/20250831000003_security.gw:28)
--   locks public.meeting_sequences (access exclusive); instant
-- disable row level security on public.meeting_sequences
alter table public.meeting_sequences disable row level security;

-- [51/58] undo: enable row level security on public.deal_stakeholders (specs/20250831000003_security.gw:44)
--   locks public.deal_stakeholders (access exclusive); instant
-- disable row level security on public.deal_stakeholders
alter table public.deal_stakeholders disable row level security;

-- [52/58] undo: enable row level security on public.deal_meetings (specs/20250831000003_security.gw:12)
--   locks public.deal_meetings (access exclusive); instant
-- disable row level security on public.deal_meetings
alter table public.deal_meetings disable row level security;

-- [53/58] undo: enable row level security on public.contact_interactions (specs/20250831000003_security.gw:36)
--   locks public.contact_interactions (access exclusive); instant
-- disable row level security on public.contact_interactions
alter table public.contact_interactions disable row level security;

-- [54/58] undo: enable row level security on public.company_activities (specs/20250831000003_security.gw:4)
--   locks public.company_activities (access exclusive); instant
-- disable row level security on public.company_activities
alter table public.company_activities disable row level security;

-- [55/58] undo: enable row level security on public.activity_meetings (specs/20250831000003_security.gw:20)
--   locks public.activity_meetings (access exclusive); instant
-- disable row level security on public.activity_meetings
alter table public.activity_meetings disable row level security;

-- [56/58] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250831000003_security';
delete from godwit.hidden_column where migration = '20250831000003_security';
delete from godwit.checkpoint where migration = '20250831000003_security';
insert into godwit.event (migration, what, detail)
select '20250831000003_security', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [57/58] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000003_security', 'message', 'rolled back',
  'tables', array['public.activities', 'public.activity_meetings', 'public.companies', 'public.company_activities', 'public.contact_interactions', 'public.contacts', 'public.deal_meetings', 'public.deal_stakeholders', 'public.deals', 'public.meeting_sequences', 'public.meetings', 'public.tasks']::text[])::text);

-- [58/58] commit
commit;
