-- godwit down 20250831000000_columns
-- Scores, JSON and arrays, and references
-- spec: specs/20250831000000_columns.gw
-- checksum: sha256:3c3471131dc4dabb7aa43c89dc03f1724f46f41d62ef0239b909902727b65d28
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:9420498b84830d105f18101bdc2c1cd84b516ca76d5a49d49ac1261c40669263

-- [1/132] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/132] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000000_columns';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250831000000_columns' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250831000000_columns closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/132] lock what will change, in one fixed order
lock table public.activities in access exclusive mode;
lock table public.companies in access exclusive mode;
lock table public.contacts in access exclusive mode;
lock table public.deals in access exclusive mode;
lock table public.meetings in access exclusive mode;
lock table public.tasks in access exclusive mode;

-- [4/132] a place for what has none in the old shape
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

-- [5/132] undo: create index public.tasks_owner_id_due_date_idx (specs/20250831000000_columns.gw:113)
--   locks public.tasks (access exclusive); instant
-- drop index public.tasks_owner_id_due_date_idx
drop index public.tasks_owner_id_due_date_idx;

-- [6/132] undo: create index public.tasks_context_data_idx (specs/20250831000000_columns.gw:114)
--   locks public.tasks (access exclusive); instant
-- drop index public.tasks_context_data_idx
drop index public.tasks_context_data_idx;

-- [7/132] undo: create index public.meetings_primary_contact_id_idx (specs/20250831000000_columns.gw:102)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_primary_contact_id_idx
drop index public.meetings_primary_contact_id_idx;

-- [8/132] undo: create index public.meetings_owner_user_id_started_at_idx (specs/20250831000000_columns.gw:103)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_owner_user_id_started_at_idx
drop index public.meetings_owner_user_id_started_at_idx;

-- [9/132] undo: create index public.meetings_company_id_idx (specs/20250831000000_columns.gw:101)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_company_id_idx
drop index public.meetings_company_id_idx;

-- [10/132] undo: create index public.deals_stage_id_idx (specs/20250831000000_columns.gw:72)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_stage_id_idx
drop index public.deals_stage_id_idx;

-- [11/132] undo: create index public.deals_risk_factors_idx (specs/20250831000000_columns.gw:77)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_risk_factors_idx
drop index public.deals_risk_factors_idx;

-- [12/132] undo: create index public.deals_primary_contact_id_idx (specs/20250831000000_columns.gw:70)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_primary_contact_id_idx
drop index public.deals_primary_contact_id_idx;

-- [13/132] undo: create index public.deals_owner_id_status_idx (specs/20250831000000_columns.gw:71)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_owner_id_status_idx
drop index public.deals_owner_id_status_idx;

-- [14/132] undo: create index public.deals_expr_idx1 (specs/20250831000000_columns.gw:76)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_expr_idx1
drop index public.deals_expr_idx1;

-- [15/132] undo: create index public.deals_expr_idx (specs/20250831000000_columns.gw:75)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_expr_idx
drop index public.deals_expr_idx;

-- [16/132] undo: create index public.deals_expected_close_date_idx (specs/20250831000000_columns.gw:73)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_expected_close_date_idx
drop index public.deals_expected_close_date_idx;

-- [17/132] undo: create index public.deals_deal_intelligence_score_idx (specs/20250831000000_columns.gw:74)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_deal_intelligence_score_idx
drop index public.deals_deal_intelligence_score_idx;

-- [18/132] undo: create index public.deals_company_id_idx (specs/20250831000000_columns.gw:69)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_company_id_idx
drop index public.deals_company_id_idx;

-- [19/132] undo: create index public.contacts_title_idx (specs/20250831000000_columns.gw:48)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_title_idx
drop index public.contacts_title_idx;

-- [20/132] undo: create index public.contacts_skills_idx (specs/20250831000000_columns.gw:55)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_skills_idx
drop index public.contacts_skills_idx;

-- [21/132] undo: create index public.contacts_last_interaction_at_idx (specs/20250831000000_columns.gw:52)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_last_interaction_at_idx
drop index public.contacts_last_interaction_at_idx;

-- [22/132] undo: create index public.contacts_interests_idx (specs/20250831000000_columns.gw:56)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_interests_idx
drop index public.contacts_interests_idx;

-- [23/132] undo: create index public.contacts_engagement_score_idx (specs/20250831000000_columns.gw:50)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_engagement_score_idx
drop index public.contacts_engagement_score_idx;

-- [24/132] undo: create index public.contacts_department_idx (specs/20250831000000_columns.gw:49)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_department_idx
drop index public.contacts_department_idx;

-- [25/132] undo: create index public.contacts_decision_maker_score_idx (specs/20250831000000_columns.gw:51)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_decision_maker_score_idx
drop index public.contacts_decision_maker_score_idx;

-- [26/132] undo: create index public.contacts_company_id_last_name_idx (specs/20250831000000_columns.gw:53)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_company_id_last_name_idx
drop index public.contacts_company_id_last_name_idx;

-- [27/132] undo: create index public.contacts_company_id_idx1 (specs/20250831000000_columns.gw:54)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_company_id_idx1
drop index public.contacts_company_id_idx1;

-- [28/132] undo: create index public.contacts_company_id_idx (specs/20250831000000_columns.gw:47)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_company_id_idx
drop index public.contacts_company_id_idx;

-- [29/132] undo: create index public.companies_technology_stack_idx (specs/20250831000000_columns.gw:27)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_technology_stack_idx
drop index public.companies_technology_stack_idx;

-- [30/132] undo: create index public.companies_social_media_urls_idx (specs/20250831000000_columns.gw:28)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_social_media_urls_idx
drop index public.companies_social_media_urls_idx;

-- [31/132] undo: create index public.companies_owner_id_idx (specs/20250831000000_columns.gw:26)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_owner_id_idx
drop index public.companies_owner_id_idx;

-- [32/132] undo: create index public.companies_lead_score_idx (specs/20250831000000_columns.gw:22)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_lead_score_idx
drop index public.companies_lead_score_idx;

-- [33/132] undo: create index public.companies_last_contact_at_idx (specs/20250831000000_columns.gw:24)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_last_contact_at_idx
drop index public.companies_last_contact_at_idx;

-- [34/132] undo: create index public.companies_industry_idx (specs/20250831000000_columns.gw:20)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_industry_idx
drop index public.companies_industry_idx;

-- [35/132] undo: create index public.companies_expr_idx (specs/20250831000000_columns.gw:25)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_expr_idx
drop index public.companies_expr_idx;

-- [36/132] undo: create index public.companies_engagement_score_idx (specs/20250831000000_columns.gw:21)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_engagement_score_idx
drop index public.companies_engagement_score_idx;

-- [37/132] undo: create index public.companies_employee_count_idx (specs/20250831000000_columns.gw:23)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_employee_count_idx
drop index public.companies_employee_count_idx;

-- [38/132] undo: create index public.companies_domain_idx (specs/20250831000000_columns.gw:19)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_domain_idx
drop index public.companies_domain_idx;

-- [39/132] undo: create index public.activities_user_id_date_idx (specs/20250831000000_columns.gw:91)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_user_id_date_idx
drop index public.activities_user_id_date_idx;

-- [40/132] undo: create index public.activities_meeting_id_idx (specs/20250831000000_columns.gw:90)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_meeting_id_idx
drop index public.activities_meeting_id_idx;

-- [41/132] undo: create index public.activities_contact_id_idx (specs/20250831000000_columns.gw:89)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_contact_id_idx
drop index public.activities_contact_id_idx;

-- [42/132] undo: create index public.activities_company_id_idx (specs/20250831000000_columns.gw:88)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_company_id_idx
drop index public.activities_company_id_idx;

-- [43/132] undo: add foreign key tasks_meeting_id_fkey on public.tasks (specs/20250831000000_columns.gw:109)
--   locks public.meetings (access exclusive), public.tasks (access exclusive); instant
-- drop foreign key tasks_meeting_id_fkey on public.tasks
alter table public.tasks drop constraint tasks_meeting_id_fkey;

-- [44/132] undo: add foreign key tasks_contact_id_fkey on public.tasks (specs/20250831000000_columns.gw:108)
--   locks public.contacts (access exclusive), public.tasks (access exclusive); instant
-- drop foreign key tasks_contact_id_fkey on public.tasks
alter table public.tasks drop constraint tasks_contact_id_fkey;

-- [45/132] undo: add foreign key tasks_company_id_fkey on public.tasks (specs/20250831000000_columns.gw:107)
--   locks public.companies (access exclusive), public.tasks (access exclusive); instant
-- drop foreign key tasks_company_id_fkey on public.tasks
alter table public.tasks drop constraint tasks_company_id_fkey;

-- [46/132] undo: add foreign key meetings_primary_contact_id_fkey on public.meetings (specs/20250831000000_columns.gw:96)
--   locks public.contacts (access exclusive), public.meetings (access exclusive); instant
-- drop foreign key meetings_primary_contact_id_fkey on public.meetings
alter table public.meetings drop constraint meetings_primary_contact_id_fkey;

-- [47/132] undo: add foreign key meetings_company_id_fkey on public.meetings (specs/20250831000000_columns.gw:95)
--   locks public.companies (access exclusive), public.meetings (access exclusive); instant
-- drop foreign key meetings_company_id_fkey on public.meetings
alter table public.meetings drop constraint meetings_company_id_fkey;

-- [48/132] undo: add foreign key deals_primary_contact_id_fkey on public.deals (specs/20250831000000_columns.gw:61)
--   locks public.contacts (access exclusive), public.deals (access exclusive); instant
-- drop foreign key deals_primary_contact_id_fkey on public.deals
alter table public.deals drop constraint deals_primary_contact_id_fkey;

-- [49/132] undo: add foreign key deals_company_id_fkey on public.deals (specs/20250831000000_columns.gw:60)
--   locks public.companies (access exclusive), public.deals (access exclusive); instant
-- drop foreign key deals_company_id_fkey on public.deals
alter table public.deals drop constraint deals_company_id_fkey;

-- [50/132] undo: add foreign key activities_meeting_id_fkey on public.activities (specs/20250831000000_columns.gw:83)
--   locks public.activities (access exclusive), public.meetings (access exclusive); instant
-- drop foreign key activities_meeting_id_fkey on public.activities
alter table public.activities drop constraint activities_meeting_id_fkey;

-- [51/132] undo: add foreign key activities_contact_id_fkey on public.activities (specs/20250831000000_columns.gw:82)
--   locks public.activities (access exclusive), public.contacts (access exclusive); instant
-- drop foreign key activities_contact_id_fkey on public.activities
alter table public.activities drop constraint activities_contact_id_fkey;

-- [52/132] undo: add foreign key activities_company_id_fkey on public.activities (specs/20250831000000_columns.gw:81)
--   locks public.activities (access exclusive), public.companies (access exclusive); instant
-- drop foreign key activities_company_id_fkey on public.activities
alter table public.activities drop constraint activities_company_id_fkey;

-- [53/132] undo: add check constraint tasks_priority_score_check on public.tasks (specs/20250831000000_columns.gw:112)
--   locks public.tasks (access exclusive); instant
-- drop check constraint tasks_priority_score_check on public.tasks
alter table public.tasks drop constraint tasks_priority_score_check;

-- [54/132] undo: add check constraint meetings_talk_ratio_check on public.meetings (specs/20250831000000_columns.gw:100)
--   locks public.meetings (access exclusive); instant
-- drop check constraint meetings_talk_ratio_check on public.meetings
alter table public.meetings drop constraint meetings_talk_ratio_check;

-- [55/132] undo: add check constraint meetings_outcome_check on public.meetings (specs/20250831000000_columns.gw:97)
--   locks public.meetings (access exclusive); instant
-- drop check constraint meetings_outcome_check on public.meetings
alter table public.meetings drop constraint meetings_outcome_check;

-- [56/132] undo: add check constraint meetings_effectiveness_score_check on public.meetings (specs/20250831000000_columns.gw:98)
--   locks public.meetings (access exclusive); instant
-- drop check constraint meetings_effectiveness_score_check on public.meetings
alter table public.meetings drop constraint meetings_effectiveness_score_check;

-- [57/132] undo: add check constraint deals_win_probability_ai_check on public.deals (specs/20250831000000_columns.gw:66)
--   locks public.deals (access exclusive); instant
-- drop check constraint deals_win_probability_ai_check on public.deals
alter table public.deals drop constraint deals_win_probability_ai_check;

-- [58/132] undo: add check constraint deals_engagement_score_check on public.deals (specs/20250831000000_columns.gw:67)
--   locks public.deals (access exclusive); instant
-- drop check constraint deals_engagement_score_check on public.deals
alter table public.deals drop constraint deals_engagement_score_check;

-- [59/132] undo: add check constraint deals_deal_intelligence_score_check on public.deals (specs/20250831000000_columns.gw:65)
--   locks public.deals (access exclusive); instant
-- drop check constraint deals_deal_intelligence_score_check on public.deals
alter table public.deals drop constraint deals_deal_intelligence_score_check;

-- [60/132] undo: add check constraint contacts_sentiment_score_check on public.contacts (specs/20250831000000_columns.gw:39)
--   locks public.contacts (access exclusive); instant
-- drop check constraint contacts_sentiment_score_check on public.contacts
alter table public.contacts drop constraint contacts_sentiment_score_check;

-- [61/132] undo: add check constraint contacts_preferred_channel_check on public.contacts (specs/20250831000000_columns.gw:44)
--   locks public.contacts (access exclusive); instant
-- drop check constraint contacts_preferred_channel_check on public.contacts
alter table public.contacts drop constraint contacts_preferred_channel_check;

-- [62/132] undo: add check constraint contacts_engagement_score_check on public.contacts (specs/20250831000000_columns.gw:38)
--   locks public.contacts (access exclusive); instant
-- drop check constraint contacts_engagement_score_check on public.contacts
alter table public.contacts drop constraint contacts_engagement_score_check;

-- [63/132] undo: add check constraint contacts_decision_maker_score_check on public.contacts (specs/20250831000000_columns.gw:37)
--   locks public.contacts (access exclusive); instant
-- drop check constraint contacts_decision_maker_score_check on public.contacts
alter table public.contacts drop constraint contacts_decision_maker_score_check;

-- [64/132] undo: add check constraint contacts_data_quality_score_check on public.contacts (specs/20250831000000_columns.gw:40)
--   locks public.contacts (access exclusive); instant
-- drop check constraint contacts_data_quality_score_check on public.contacts
alter table public.contacts drop constraint contacts_data_quality_score_check;

-- [65/132] undo: add check constraint companies_lead_score_check on public.companies (specs/20250831000000_columns.gw:6)
--   locks public.companies (access exclusive); instant
-- drop check constraint companies_lead_score_check on public.companies
alter table public.companies drop constraint companies_lead_score_check;

-- [66/132] undo: add check constraint companies_engagement_score_check on public.companies (specs/20250831000000_columns.gw:5)
--   locks public.companies (access exclusive); instant
-- drop check constraint companies_engagement_score_check on public.companies
alter table public.companies drop constraint companies_engagement_score_check;

-- [67/132] undo: add check constraint companies_data_quality_score_check on public.companies (specs/20250831000000_columns.gw:7)
--   locks public.companies (access exclusive); instant
-- drop check constraint companies_data_quality_score_check on public.companies
alter table public.companies drop constraint companies_data_quality_score_check;

-- [68/132] undo: add check constraint activities_sentiment_score_check on public.activities (specs/20250831000000_columns.gw:84)
--   locks public.activities (access exclusive); instant
-- drop check constraint activities_sentiment_score_check on public.activities
alter table public.activities drop constraint activities_sentiment_score_check;

-- [69/132] undo: create view public.deal_overview (specs/20250831000000_columns.gw:134)
--   locks public.deal_overview (access exclusive); instant
-- drop view public.deal_overview
drop view public.deal_overview;

-- [70/132] undo: create view public.contact_overview (specs/20250831000000_columns.gw:126)
--   locks public.contact_overview (access exclusive); instant
-- drop view public.contact_overview
drop view public.contact_overview;

-- [71/132] undo: create view public.company_overview (specs/20250831000000_columns.gw:117)
--   locks public.company_overview (access exclusive); instant
-- drop view public.company_overview
drop view public.company_overview;

-- [72/132] undo: add column public.tasks.priority_score (specs/20250831000000_columns.gw:112)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.priority_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.priority_score', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column priority_score'
  from public.tasks as leaving
 where leaving.priority_score is distinct from 0;
-- drop column public.tasks.priority_score
alter table public.tasks drop column priority_score;

-- [73/132] undo: add column public.tasks.automation_source (specs/20250831000000_columns.gw:111)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.automation_source since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.automation_source', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column automation_source'
  from public.tasks as leaving
 where leaving.automation_source is distinct from null;
-- drop column public.tasks.automation_source
alter table public.tasks drop column automation_source;

-- [74/132] undo: add column public.tasks.context_data (specs/20250831000000_columns.gw:110)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.context_data since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.context_data', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column context_data'
  from public.tasks as leaving
 where leaving.context_data is distinct from '{}';
-- drop column public.tasks.context_data
alter table public.tasks drop column context_data;

-- [75/132] undo: add column public.tasks.meeting_id (specs/20250831000000_columns.gw:109)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.meeting_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.meeting_id', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column meeting_id'
  from public.tasks as leaving
 where leaving.meeting_id is distinct from null;
-- drop column public.tasks.meeting_id
alter table public.tasks drop column meeting_id;

-- [76/132] undo: add column public.tasks.contact_id (specs/20250831000000_columns.gw:108)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.contact_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.contact_id', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column contact_id'
  from public.tasks as leaving
 where leaving.contact_id is distinct from null;
-- drop column public.tasks.contact_id
alter table public.tasks drop column contact_id;

-- [77/132] undo: add column public.tasks.company_id (specs/20250831000000_columns.gw:107)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.company_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.company_id', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column company_id'
  from public.tasks as leaving
 where leaving.company_id is distinct from null;
-- drop column public.tasks.company_id
alter table public.tasks drop column company_id;

-- [78/132] undo: add column public.meetings.talk_ratio (specs/20250831000000_columns.gw:100)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.talk_ratio since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.talk_ratio', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column talk_ratio'
  from public.meetings as leaving
 where leaving.talk_ratio is distinct from null;
-- drop column public.meetings.talk_ratio
alter table public.meetings drop column talk_ratio;

-- [79/132] undo: add column public.meetings.next_actions (specs/20250831000000_columns.gw:99)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.next_actions since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.next_actions', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column next_actions'
  from public.meetings as leaving
 where leaving.next_actions is distinct from '{}';
-- drop column public.meetings.next_actions
alter table public.meetings drop column next_actions;

-- [80/132] undo: add column public.meetings.effectiveness_score (specs/20250831000000_columns.gw:98)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.effectiveness_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.effectiveness_score', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column effectiveness_score'
  from public.meetings as leaving
 where leaving.effectiveness_score is distinct from 0;
-- drop column public.meetings.effectiveness_score
alter table public.meetings drop column effectiveness_score;

-- [81/132] undo: add column public.meetings.outcome (specs/20250831000000_columns.gw:97)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.outcome since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.outcome', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column outcome'
  from public.meetings as leaving
 where leaving.outcome is distinct from null;
-- drop column public.meetings.outcome
alter table public.meetings drop column outcome;

-- [82/132] undo: add column public.meetings.primary_contact_id (specs/20250831000000_columns.gw:96)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.primary_contact_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.primary_contact_id', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column primary_contact_id'
  from public.meetings as leaving
 where leaving.primary_contact_id is distinct from null;
-- drop column public.meetings.primary_contact_id
alter table public.meetings drop column primary_contact_id;

-- [83/132] undo: add column public.meetings.company_id (specs/20250831000000_columns.gw:95)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.company_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.company_id', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column company_id'
  from public.meetings as leaving
 where leaving.company_id is distinct from null;
-- drop column public.meetings.company_id
alter table public.meetings drop column company_id;

-- [84/132] undo: add column public.deals.next_step (specs/20250831000000_columns.gw:68)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.next_step since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.next_step', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column next_step'
  from public.deals as leaving
 where leaving.next_step is distinct from null;
-- drop column public.deals.next_step
alter table public.deals drop column next_step;

-- [85/132] undo: add column public.deals.engagement_score (specs/20250831000000_columns.gw:67)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.engagement_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.engagement_score', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column engagement_score'
  from public.deals as leaving
 where leaving.engagement_score is distinct from 0;
-- drop column public.deals.engagement_score
alter table public.deals drop column engagement_score;

-- [86/132] undo: add column public.deals.win_probability_ai (specs/20250831000000_columns.gw:66)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.win_probability_ai since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.win_probability_ai', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column win_probability_ai'
  from public.deals as leaving
 where leaving.win_probability_ai is distinct from null;
-- drop column public.deals.win_probability_ai
alter table public.deals drop column win_probability_ai;

-- [87/132] undo: add column public.deals.deal_intelligence_score (specs/20250831000000_columns.gw:65)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.deal_intelligence_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.deal_intelligence_score', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column deal_intelligence_score'
  from public.deals as leaving
 where leaving.deal_intelligence_score is distinct from 0;
-- drop column public.deals.deal_intelligence_score
alter table public.deals drop column deal_intelligence_score;

-- [88/132] undo: add column public.deals.risk_factors (specs/20250831000000_columns.gw:64)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.risk_factors since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.risk_factors', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column risk_factors'
  from public.deals as leaving
 where leaving.risk_factors is distinct from '{}';
-- drop column public.deals.risk_factors
alter table public.deals drop column risk_factors;

-- [89/132] undo: add column public.deals.stakeholder_mapping (specs/20250831000000_columns.gw:63)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.stakeholder_mapping since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.stakeholder_mapping', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column stakeholder_mapping'
  from public.deals as leaving
 where leaving.stakeholder_mapping is distinct from '{}';
-- drop column public.deals.stakeholder_mapping
alter table public.deals drop column stakeholder_mapping;

-- [90/132] undo: add column public.deals.competitor_analysis (specs/20250831000000_columns.gw:62)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.competitor_analysis since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.competitor_analysis', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column competitor_analysis'
  from public.deals as leaving
 where leaving.competitor_analysis is distinct from '{}';
-- drop column public.deals.competitor_analysis
alter table public.deals drop column competitor_analysis;

-- [91/132] undo: add column public.deals.primary_contact_id (specs/20250831000000_columns.gw:61)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.primary_contact_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.primary_contact_id', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column primary_contact_id'
  from public.deals as leaving
 where leaving.primary_contact_id is distinct from null;
-- drop column public.deals.primary_contact_id
alter table public.deals drop column primary_contact_id;

-- [92/132] undo: add column public.deals.company_id (specs/20250831000000_columns.gw:60)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.company_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.company_id', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column company_id'
  from public.deals as leaving
 where leaving.company_id is distinct from null;
-- drop column public.deals.company_id
alter table public.deals drop column company_id;

-- [93/132] undo: add column public.contacts.last_interaction_at (specs/20250831000000_columns.gw:46)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.last_interaction_at since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.last_interaction_at', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column last_interaction_at'
  from public.contacts as leaving
 where leaving.last_interaction_at is distinct from null;
-- drop column public.contacts.last_interaction_at
alter table public.contacts drop column last_interaction_at;

-- [94/132] undo: add column public.contacts.is_primary (specs/20250831000000_columns.gw:45)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.is_primary since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.is_primary', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column is_primary'
  from public.contacts as leaving
 where leaving.is_primary is distinct from false;
-- drop column public.contacts.is_primary
alter table public.contacts drop column is_primary;

-- [95/132] undo: add column public.contacts.preferred_channel (specs/20250831000000_columns.gw:44)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.preferred_channel since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.preferred_channel', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column preferred_channel'
  from public.contacts as leaving
 where leaving.preferred_channel is distinct from null;
-- drop column public.contacts.preferred_channel
alter table public.contacts drop column preferred_channel;

-- [96/132] undo: add column public.contacts.interests (specs/20250831000000_columns.gw:43)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.interests since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.interests', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column interests'
  from public.contacts as leaving
 where leaving.interests is distinct from '{}';
-- drop column public.contacts.interests
alter table public.contacts drop column interests;

-- [97/132] undo: add column public.contacts.skills (specs/20250831000000_columns.gw:42)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.skills since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.skills', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column skills'
  from public.contacts as leaving
 where leaving.skills is distinct from '{}';
-- drop column public.contacts.skills
alter table public.contacts drop column skills;

-- [98/132] undo: add column public.contacts.social_media_urls (specs/20250831000000_columns.gw:41)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.social_media_urls since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.social_media_urls', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column social_media_urls'
  from public.contacts as leaving
 where leaving.social_media_urls is distinct from '{}';
-- drop column public.contacts.social_media_urls
alter table public.contacts drop column social_media_urls;

-- [99/132] undo: add column public.contacts.data_quality_score (specs/20250831000000_columns.gw:40)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.data_quality_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.data_quality_score', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column data_quality_score'
  from public.contacts as leaving
 where leaving.data_quality_score is distinct from 0;
-- drop column public.contacts.data_quality_score
alter table public.contacts drop column data_quality_score;

-- [100/132] undo: add column public.contacts.sentiment_score (specs/20250831000000_columns.gw:39)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.sentiment_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.sentiment_score', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column sentiment_score'
  from public.contacts as leaving
 where leaving.sentiment_score is distinct from null;
-- drop column public.contacts.sentiment_score
alter table public.contacts drop column sentiment_score;

-- [101/132] undo: add column public.contacts.engagement_score (specs/20250831000000_columns.gw:38)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.engagement_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.engagement_score', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column engagement_score'
  from public.contacts as leaving
 where leaving.engagement_score is distinct from 0;
-- drop column public.contacts.engagement_score
alter table public.contacts drop column engagement_score;

-- [102/132] undo: add column public.contacts.decision_maker_score (specs/20250831000000_columns.gw:37)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.decision_maker_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.decision_maker_score', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column decision_maker_score'
  from public.contacts as leaving
 where leaving.decision_maker_score is distinct from 0;
-- drop column public.contacts.decision_maker_score
alter table public.contacts drop column decision_maker_score;

-- [103/132] undo: add column public.contacts.seniority (specs/20250831000000_columns.gw:36)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.seniority since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.seniority', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column seniority'
  from public.contacts as leaving
 where leaving.seniority is distinct from null;
-- drop column public.contacts.seniority
alter table public.contacts drop column seniority;

-- [104/132] undo: add column public.contacts.department (specs/20250831000000_columns.gw:35)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.department since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.department', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column department'
  from public.contacts as leaving
 where leaving.department is distinct from null;
-- drop column public.contacts.department
alter table public.contacts drop column department;

-- [105/132] undo: add column public.contacts.linkedin_url (specs/20250831000000_columns.gw:34)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.linkedin_url since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.linkedin_url', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column linkedin_url'
  from public.contacts as leaving
 where leaving.linkedin_url is distinct from null;
-- drop column public.contacts.linkedin_url
alter table public.contacts drop column linkedin_url;

-- [106/132] undo: add column public.contacts.phone (specs/20250831000000_columns.gw:33)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.phone since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.phone', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column phone'
  from public.contacts as leaving
 where leaving.phone is distinct from null;
-- drop column public.contacts.phone
alter table public.contacts drop column phone;

-- [107/132] undo: add column public.contacts.title (specs/20250831000000_columns.gw:32)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.title since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.title', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column title'
  from public.contacts as leaving
 where leaving.title is distinct from null;
-- drop column public.contacts.title
alter table public.contacts drop column title;

-- [108/132] undo: add column public.companies.last_contact_at (specs/20250831000000_columns.gw:18)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.last_contact_at since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.last_contact_at', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column last_contact_at'
  from public.companies as leaving
 where leaving.last_contact_at is distinct from null;
-- drop column public.companies.last_contact_at
alter table public.companies drop column last_contact_at;

-- [109/132] undo: add column public.companies.description (specs/20250831000000_columns.gw:17)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.description since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.description', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column description'
  from public.companies as leaving
 where leaving.description is distinct from null;
-- drop column public.companies.description
alter table public.companies drop column description;

-- [110/132] undo: add column public.companies.address (specs/20250831000000_columns.gw:16)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.address since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.address', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column address'
  from public.companies as leaving
 where leaving.address is distinct from '{}';
-- drop column public.companies.address
alter table public.companies drop column address;

-- [111/132] undo: add column public.companies.phone (specs/20250831000000_columns.gw:15)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.phone since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.phone', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column phone'
  from public.companies as leaving
 where leaving.phone is distinct from null;
-- drop column public.companies.phone
alter table public.companies drop column phone;

-- [112/132] undo: add column public.companies.linkedin_url (specs/20250831000000_columns.gw:14)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.linkedin_url since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.linkedin_url', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column linkedin_url'
  from public.companies as leaving
 where leaving.linkedin_url is distinct from null;
-- drop column public.companies.linkedin_url
alter table public.companies drop column linkedin_url;

-- [113/132] undo: add column public.companies.website (specs/20250831000000_columns.gw:13)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.website since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.website', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column website'
  from public.companies as leaving
 where leaving.website is distinct from null;
-- drop column public.companies.website
alter table public.companies drop column website;

-- [114/132] undo: add column public.companies.annual_revenue (specs/20250831000000_columns.gw:12)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.annual_revenue since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.annual_revenue', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column annual_revenue'
  from public.companies as leaving
 where leaving.annual_revenue is distinct from null;
-- drop column public.companies.annual_revenue
alter table public.companies drop column annual_revenue;

-- [115/132] undo: add column public.companies.employee_count (specs/20250831000000_columns.gw:11)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.employee_count since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.employee_count', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column employee_count'
  from public.companies as leaving
 where leaving.employee_count is distinct from null;
-- drop column public.companies.employee_count
alter table public.companies drop column employee_count;

-- [116/132] undo: add column public.companies.is_target_account (specs/20250831000000_columns.gw:10)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.is_target_account since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.is_target_account', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column is_target_account'
  from public.companies as leaving
 where leaving.is_target_account is distinct from false;
-- drop column public.companies.is_target_account
alter table public.companies drop column is_target_account;

-- [117/132] undo: add column public.companies.technology_stack (specs/20250831000000_columns.gw:9)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.technology_stack since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.technology_stack', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column technology_stack'
  from public.companies as leaving
 where leaving.technology_stack is distinct from '{}';
-- drop column public.companies.technology_stack
alter table public.companies drop column technology_stack;

-- [118/132] undo: add column public.companies.social_media_urls (specs/20250831000000_columns.gw:8)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.social_media_urls since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.social_media_urls', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column social_media_urls'
  from public.companies as leaving
 where leaving.social_media_urls is distinct from '{}';
-- drop column public.companies.social_media_urls
alter table public.companies drop column social_media_urls;

-- [119/132] undo: add column public.companies.data_quality_score (specs/20250831000000_columns.gw:7)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.data_quality_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.data_quality_score', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column data_quality_score'
  from public.companies as leaving
 where leaving.data_quality_score is distinct from 0;
-- drop column public.companies.data_quality_score
alter table public.companies drop column data_quality_score;

-- [120/132] undo: add column public.companies.lead_score (specs/20250831000000_columns.gw:6)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.lead_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.lead_score', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column lead_score'
  from public.companies as leaving
 where leaving.lead_score is distinct from 0;
-- drop column public.companies.lead_score
alter table public.companies drop column lead_score;

-- [121/132] undo: add column public.companies.engagement_score (specs/20250831000000_columns.gw:5)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.engagement_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.engagement_score', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column engagement_score'
  from public.companies as leaving
 where leaving.engagement_score is distinct from 0;
-- drop column public.companies.engagement_score
alter table public.companies drop column engagement_score;

-- [122/132] undo: add column public.activities.outcome (specs/20250831000000_columns.gw:87)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.outcome since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.outcome', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column outcome'
  from public.activities as leaving
 where leaving.outcome is distinct from null;
-- drop column public.activities.outcome
alter table public.activities drop column outcome;

-- [123/132] undo: add column public.activities.key_topics (specs/20250831000000_columns.gw:86)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.key_topics since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.key_topics', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column key_topics'
  from public.activities as leaving
 where leaving.key_topics is distinct from '{}';
-- drop column public.activities.key_topics
alter table public.activities drop column key_topics;

-- [124/132] undo: add column public.activities.ai_summary (specs/20250831000000_columns.gw:85)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.ai_summary since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.ai_summary', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column ai_summary'
  from public.activities as leaving
 where leaving.ai_summary is distinct from null;
-- drop column public.activities.ai_summary
alter table public.activities drop column ai_summary;

-- [125/132] undo: add column public.activities.sentiment_score (specs/20250831000000_columns.gw:84)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.sentiment_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.sentiment_score', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column sentiment_score'
  from public.activities as leaving
 where leaving.sentiment_score is distinct from null;
-- drop column public.activities.sentiment_score
alter table public.activities drop column sentiment_score;

-- [126/132] undo: add column public.activities.meeting_id (specs/20250831000000_columns.gw:83)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.meeting_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.meeting_id', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column meeting_id'
  from public.activities as leaving
 where leaving.meeting_id is distinct from null;
-- drop column public.activities.meeting_id
alter table public.activities drop column meeting_id;

-- [127/132] undo: add column public.activities.contact_id (specs/20250831000000_columns.gw:82)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.contact_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.contact_id', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column contact_id'
  from public.activities as leaving
 where leaving.contact_id is distinct from null;
-- drop column public.activities.contact_id
alter table public.activities drop column contact_id;

-- [128/132] undo: add column public.activities.company_id (specs/20250831000000_columns.gw:81)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.company_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.company_id', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column company_id'
  from public.activities as leaving
 where leaving.company_id is distinct from null;
-- drop column public.activities.company_id
alter table public.activities drop column company_id;

-- [129/132] leave nothing empty behind
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

-- [130/132] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250831000000_columns';
delete from godwit.hidden_column where migration = '20250831000000_columns';
delete from godwit.checkpoint where migration = '20250831000000_columns';
insert into godwit.event (migration, what, detail)
select '20250831000000_columns', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [131/132] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000000_columns', 'message', 'rolled back',
  'tables', array['public.activities', 'public.companies', 'public.contacts', 'public.deals', 'public.meetings', 'public.tasks']::text[])::text);

-- [132/132] commit
commit;
