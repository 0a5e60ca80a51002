-- godwit verify 20250831000000_columns
-- Scores, JSON and arrays, and references
-- spec: specs/20250831000000_columns.gw
-- checksum: sha256:3c3471131dc4dabb7aa43c89dc03f1724f46f41d62ef0239b909902727b65d28
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:9c91e9fd883e3a84d346b49cb4417fbd91a208794361ea3b9f3200b2c03c791c

-- [1/6] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column public.activities.ai_summary', 'specs/20250831000000_columns.gw:85', 'public.activities', 'ai_summary', 'text', false, false, false, false),
    ('column public.activities.company_id', 'specs/20250831000000_columns.gw:81', 'public.activities', 'company_id', 'uuid', false, false, false, false),
    ('column public.activities.contact_id', 'specs/20250831000000_columns.gw:82', 'public.activities', 'contact_id', 'uuid', false, false, false, false),
    ('column public.activities.key_topics', 'specs/20250831000000_columns.gw:86', 'public.activities', 'key_topics', 'text[]', false, true, false, false),
    ('column public.activities.meeting_id', 'specs/20250831000000_columns.gw:83', 'public.activities', 'meeting_id', 'uuid', false, false, false, false),
    ('column public.activities.outcome', 'specs/20250831000000_columns.gw:87', 'public.activities', 'outcome', 'text', false, false, false, false),
    ('column public.activities.sentiment_score', 'specs/20250831000000_columns.gw:84', 'public.activities', 'sentiment_score', 'numeric(3,2)', false, false, false, false),
    ('column public.companies.address', 'specs/20250831000000_columns.gw:16', 'public.companies', 'address', 'jsonb', false, true, false, false),
    ('column public.companies.annual_revenue', 'specs/20250831000000_columns.gw:12', 'public.companies', 'annual_revenue', 'numeric(14,2)', false, false, false, false),
    ('column public.companies.data_quality_score', 'specs/20250831000000_columns.gw:7', 'public.companies', 'data_quality_score', 'numeric(3,2)', false, true, false, false),
    ('column public.companies.description', 'specs/20250831000000_columns.gw:17', 'public.companies', 'description', 'text', false, false, false, false),
    ('column public.companies.employee_count', 'specs/20250831000000_columns.gw:11', 'public.companies', 'employee_count', 'integer', false, false, false, false),
    ('column public.companies.engagement_score', 'specs/20250831000000_columns.gw:5', 'public.companies', 'engagement_score', 'numeric(5,2)', false, true, false, false),
    ('column public.companies.is_target_account', 'specs/20250831000000_columns.gw:10', 'public.companies', 'is_target_account', 'boolean', true, true, false, false),
    ('column public.companies.last_contact_at', 'specs/20250831000000_columns.gw:18', 'public.companies', 'last_contact_at', 'timestamp with time zone', false, false, false, false),
    ('column public.companies.lead_score', 'specs/20250831000000_columns.gw:6', 'public.companies', 'lead_score', 'numeric(5,2)', false, true, false, false),
    ('column public.companies.linkedin_url', 'specs/20250831000000_columns.gw:14', 'public.companies', 'linkedin_url', 'text', false, false, false, false),
    ('column public.companies.phone', 'specs/20250831000000_columns.gw:15', 'public.companies', 'phone', 'text', false, false, false, false),
    ('column public.companies.social_media_urls', 'specs/20250831000000_columns.gw:8', 'public.companies', 'social_media_urls', 'jsonb', false, true, false, false),
    ('column public.companies.technology_stack', 'specs/20250831000000_columns.gw:9', 'public.companies', 'technology_stack', 'text[]', false, true, false, false),
    ('column public.companies.website', 'specs/20250831000000_columns.gw:13', 'public.companies', 'website', 'text', false, false, false, false),
    ('column public.contacts.data_quality_score', 'specs/20250831000000_columns.gw:40', 'public.contacts', 'data_quality_score', 'numeric(3,2)', false, true, false, false),
    ('column public.contacts.decision_maker_score', 'specs/20250831000000_columns.gw:37', 'public.contacts', 'decision_maker_score', 'numeric(3,2)', false, true, false, false),
    ('column public.contacts.department', 'specs/20250831000000_columns.gw:35', 'public.contacts', 'department', 'text', false, false, false, false),
    ('column public.contacts.engagement_score', 'specs/20250831000000_columns.gw:38', 'public.contacts', 'engagement_score', 'numeric(5,2)', false, true, false, false),
    ('column public.contacts.interests', 'specs/20250831000000_columns.gw:43', 'public.contacts', 'interests', 'text[]', false, true, false, false),
    ('column public.contacts.is_primary', 'specs/20250831000000_columns.gw:45', 'public.contacts', 'is_primary', 'boolean', true, true, false, false),
    ('column public.contacts.last_interaction_at', 'specs/20250831000000_columns.gw:46', 'public.contacts', 'last_interaction_at', 'timestamp with time zone', false, false, false, false),
    ('column public.contacts.linkedin_url', 'specs/20250831000000_columns.gw:34', 'public.contacts', 'linkedin_url', 'text', false, false, false, false),
    ('column public.contacts.phone', 'specs/20250831000000_columns.gw:33', 'public.contacts', 'phone', 'text', false, false, false, false),
    ('column public.contacts.preferred_channel', 'specs/20250831000000_columns.gw:44', 'public.contacts', 'preferred_channel', 'text', false, false, false, false),
    ('column public.contacts.seniority', 'specs/20250831000000_columns.gw:36', 'public.contacts', 'seniority', 'text', false, false, false, false),
    ('column public.contacts.sentiment_score', 'specs/20250831000000_columns.gw:39', 'public.contacts', 'sentiment_score', 'numeric(3,2)', false, false, false, false),
    ('column public.contacts.skills', 'specs/20250831000000_columns.gw:42', 'public.contacts', 'skills', 'text[]', false, true, false, false),
    ('column public.contacts.social_media_urls', 'specs/20250831000000_columns.gw:41', 'public.contacts', 'social_media_urls', 'jsonb', false, true, false, false),
    ('column public.contacts.title', 'specs/20250831000000_columns.gw:32', 'public.contacts', 'title', 'text', false, false, false, false),
    ('column public.deals.company_id', 'specs/20250831000000_columns.gw:60', 'public.deals', 'company_id', 'uuid', false, false, false, false),
    ('column public.deals.competitor_analysis', 'specs/20250831000000_columns.gw:62', 'public.deals', 'competitor_analysis', 'jsonb', false, true, false, false),
    ('column public.deals.deal_intelligence_score', 'specs/20250831000000_columns.gw:65', 'public.deals', 'deal_intelligence_score', 'numeric(5,2)', false, true, false, false),
    ('column public.deals.engagement_score', 'specs/20250831000000_columns.gw:67', 'public.deals', 'engagement_score', 'numeric(5,2)', false, true, false, false),
    ('column public.deals.next_step', 'specs/20250831000000_columns.gw:68', 'public.deals', 'next_step', 'text', false, false, false, false),
    ('column public.deals.primary_contact_id', 'specs/20250831000000_columns.gw:61', 'public.deals', 'primary_contact_id', 'uuid', false, false, false, false),
    ('column public.deals.risk_factors', 'specs/20250831000000_columns.gw:64', 'public.deals', 'risk_factors', 'text[]', false, true, false, false),
    ('column public.deals.stakeholder_mapping', 'specs/20250831000000_columns.gw:63', 'public.deals', 'stakeholder_mapping', 'jsonb', false, true, false, false),
    ('column public.deals.win_probability_ai', 'specs/20250831000000_columns.gw:66', 'public.deals', 'win_probability_ai', 'numeric(3,2)', false, false, false, false),
    ('column public.meetings.company_id', 'specs/20250831000000_columns.gw:95', 'public.meetings', 'company_id', 'uuid', false, false, false, false),
    ('column public.meetings.effectiveness_score', 'specs/20250831000000_columns.gw:98', 'public.meetings', 'effectiveness_score', 'numeric(5,2)', false, true, false, false),
    ('column public.meetings.next_actions', 'specs/20250831000000_columns.gw:99', 'public.meetings', 'next_actions', 'jsonb', false, true, false, false),
    ('column public.meetings.outcome', 'specs/20250831000000_columns.gw:97', 'public.meetings', 'outcome', 'text', false, false, false, false),
    ('column public.meetings.primary_contact_id', 'specs/20250831000000_columns.gw:96', 'public.meetings', 'primary_contact_id', 'uuid', false, false, false, false),
    ('column public.meetings.talk_ratio', 'specs/20250831000000_columns.gw:100', 'public.meetings', 'talk_ratio', 'numeric(3,2)', false, false, false, false),
    ('column public.tasks.automation_source', 'specs/20250831000000_columns.gw:111', 'public.tasks', 'automation_source', 'text', false, false, false, false),
    ('column public.tasks.company_id', 'specs/20250831000000_columns.gw:107', 'public.tasks', 'company_id', 'uuid', false, false, false, false),
    ('column public.tasks.contact_id', 'specs/20250831000000_columns.gw:108', 'public.tasks', 'contact_id', 'uuid', false, false, false, false),
    ('column public.tasks.context_data', 'specs/20250831000000_columns.gw:110', 'public.tasks', 'context_data', 'jsonb', false, true, false, false),
    ('column public.tasks.meeting_id', 'specs/20250831000000_columns.gw:109', 'public.tasks', 'meeting_id', 'uuid', false, false, false, false),
    ('column public.tasks.priority_score', 'specs/20250831000000_columns.gw:112', 'public.tasks', 'priority_score', 'numeric(5,2)', false, true, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [2/6] check constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'c' and c.convalidated = d.is_valid)
    then 'PASS' else 'FAIL' end as result, 'check constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('check constraint activities_sentiment_score_check on public.activities', 'specs/20250831000000_columns.gw:84', 'public.activities', 'activities_sentiment_score_check', true),
    ('check constraint companies_data_quality_score_check on public.companies', 'specs/20250831000000_columns.gw:7', 'public.companies', 'companies_data_quality_score_check', true),
    ('check constraint companies_engagement_score_check on public.companies', 'specs/20250831000000_columns.gw:5', 'public.companies', 'companies_engagement_score_check', true),
    ('check constraint companies_lead_score_check on public.companies', 'specs/20250831000000_columns.gw:6', 'public.companies', 'companies_lead_score_check', true),
    ('check constraint contacts_data_quality_score_check on public.contacts', 'specs/20250831000000_columns.gw:40', 'public.contacts', 'contacts_data_quality_score_check', true),
    ('check constraint contacts_decision_maker_score_check on public.contacts', 'specs/20250831000000_columns.gw:37', 'public.contacts', 'contacts_decision_maker_score_check', true),
    ('check constraint contacts_engagement_score_check on public.contacts', 'specs/20250831000000_columns.gw:38', 'public.contacts', 'contacts_engagement_score_check', true),
    ('check constraint contacts_preferred_channel_check on public.contacts', 'specs/20250831000000_columns.gw:44', 'public.contacts', 'contacts_preferred_channel_check', true),
    ('check constraint contacts_sentiment_score_check on public.contacts', 'specs/20250831000000_columns.gw:39', 'public.contacts', 'contacts_sentiment_score_check', true),
    ('check constraint deals_deal_intelligence_score_check on public.deals', 'specs/20250831000000_columns.gw:65', 'public.deals', 'deals_deal_intelligence_score_check', true),
    ('check constraint deals_engagement_score_check on public.deals', 'specs/20250831000000_columns.gw:67', 'public.deals', 'deals_engagement_score_check', true),
    ('check constraint deals_win_probability_ai_check on public.deals', 'specs/20250831000000_columns.gw:66', 'public.deals', 'deals_win_probability_ai_check', true),
    ('check constraint meetings_effectiveness_score_check on public.meetings', 'specs/20250831000000_columns.gw:98', 'public.meetings', 'meetings_effectiveness_score_check', true),
    ('check constraint meetings_outcome_check on public.meetings', 'specs/20250831000000_columns.gw:97', 'public.meetings', 'meetings_outcome_check', true),
    ('check constraint meetings_talk_ratio_check on public.meetings', 'specs/20250831000000_columns.gw:100', 'public.meetings', 'meetings_talk_ratio_check', true),
    ('check constraint tasks_priority_score_check on public.tasks', 'specs/20250831000000_columns.gw:112', 'public.tasks', 'tasks_priority_score_check', true)
  ) as d (object, place, relation, name, is_valid);

-- [3/6] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key activities_company_id_fkey on public.activities', 'specs/20250831000000_columns.gw:81', 'public.activities', 'activities_company_id_fkey', false, false, 'public.companies', true, 'n', 'a', array['company_id'], array['id']),
    ('foreign key activities_contact_id_fkey on public.activities', 'specs/20250831000000_columns.gw:82', 'public.activities', 'activities_contact_id_fkey', false, false, 'public.contacts', true, 'n', 'a', array['contact_id'], array['id']),
    ('foreign key activities_meeting_id_fkey on public.activities', 'specs/20250831000000_columns.gw:83', 'public.activities', 'activities_meeting_id_fkey', false, false, 'public.meetings', true, 'n', 'a', array['meeting_id'], array['id']),
    ('foreign key deals_company_id_fkey on public.deals', 'specs/20250831000000_columns.gw:60', 'public.deals', 'deals_company_id_fkey', false, false, 'public.companies', true, 'n', 'a', array['company_id'], array['id']),
    ('foreign key deals_primary_contact_id_fkey on public.deals', 'specs/20250831000000_columns.gw:61', 'public.deals', 'deals_primary_contact_id_fkey', false, false, 'public.contacts', true, 'n', 'a', array['primary_contact_id'], array['id']),
    ('foreign key meetings_company_id_fkey on public.meetings', 'specs/20250831000000_columns.gw:95', 'public.meetings', 'meetings_company_id_fkey', false, false, 'public.companies', true, 'n', 'a', array['company_id'], array['id']),
    ('foreign key meetings_primary_contact_id_fkey on public.meetings', 'specs/20250831000000_columns.gw:96', 'public.meetings', 'meetings_primary_contact_id_fkey', false, false, 'public.contacts', true, 'n', 'a', array['primary_contact_id'], array['id']),
    ('foreign key tasks_company_id_fkey on public.tasks', 'specs/20250831000000_columns.gw:107', 'public.tasks', 'tasks_company_id_fkey', false, false, 'public.companies', true, 'n', 'a', array['company_id'], array['id']),
    ('foreign key tasks_contact_id_fkey on public.tasks', 'specs/20250831000000_columns.gw:108', 'public.tasks', 'tasks_contact_id_fkey', false, false, 'public.contacts', true, 'n', 'a', array['contact_id'], array['id']),
    ('foreign key tasks_meeting_id_fkey on public.tasks', 'specs/20250831000000_columns.gw:109', 'public.tasks', 'tasks_meeting_id_fkey', false, false, 'public.meetings', true, 'n', 'a', array['meeting_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [4/6] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view public.company_overview', 'specs/20250831000000_columns.gw:117', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.company_overview') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'name', 'domain', 'owner_id', 'engagement_score', 'lead_score', 'deals', 'active_value', 'contacts']::text[])),
    ('view public.contact_overview', 'specs/20250831000000_columns.gw:126', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.contact_overview') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'first_name', 'last_name', 'email', 'owner_id', 'company', 'engagement_score', 'deals']::text[])),
    ('view public.deal_overview', 'specs/20250831000000_columns.gw:134', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.deal_overview') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'name', 'status', 'value', 'owner_id', 'company', 'contact', 'deal_intelligence_score']::text[]))
  ) as d (object, place, passed);

-- [5/6] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index public.activities_company_id_idx', 'specs/20250831000000_columns.gw:88', 'public.activities', 'public.activities_company_id_idx', false, 1, false),
    ('index public.activities_contact_id_idx', 'specs/20250831000000_columns.gw:89', 'public.activities', 'public.activities_contact_id_idx', false, 1, false),
    ('index public.activities_meeting_id_idx', 'specs/20250831000000_columns.gw:90', 'public.activities', 'public.activities_meeting_id_idx', false, 1, false),
    ('index public.activities_user_id_date_idx', 'specs/20250831000000_columns.gw:91', 'public.activities', 'public.activities_user_id_date_idx', false, 2, false),
    ('index public.companies_domain_idx', 'specs/20250831000000_columns.gw:19', 'public.companies', 'public.companies_domain_idx', false, 1, false),
    ('index public.companies_employee_count_idx', 'specs/20250831000000_columns.gw:23', 'public.companies', 'public.companies_employee_count_idx', false, 1, false),
    ('index public.companies_engagement_score_idx', 'specs/20250831000000_columns.gw:21', 'public.companies', 'public.companies_engagement_score_idx', false, 1, false),
    ('index public.companies_expr_idx', 'specs/20250831000000_columns.gw:25', 'public.companies', 'public.companies_expr_idx', false, 1, false),
    ('index public.companies_industry_idx', 'specs/20250831000000_columns.gw:20', 'public.companies', 'public.companies_industry_idx', false, 1, false),
    ('index public.companies_last_contact_at_idx', 'specs/20250831000000_columns.gw:24', 'public.companies', 'public.companies_last_contact_at_idx', false, 1, false),
    ('index public.companies_lead_score_idx', 'specs/20250831000000_columns.gw:22', 'public.companies', 'public.companies_lead_score_idx', false, 1, false),
    ('index public.companies_owner_id_idx', 'specs/20250831000000_columns.gw:26', 'public.companies', 'public.companies_owner_id_idx', false, 1, true),
    ('index public.companies_social_media_urls_idx', 'specs/20250831000000_columns.gw:28', 'public.companies', 'public.companies_social_media_urls_idx', false, 1, false),
    ('index public.companies_technology_stack_idx', 'specs/20250831000000_columns.gw:27', 'public.companies', 'public.companies_technology_stack_idx', false, 1, false),
    ('index public.contacts_company_id_idx', 'specs/20250831000000_columns.gw:47', 'public.contacts', 'public.contacts_company_id_idx', false, 1, false),
    ('index public.contacts_company_id_idx1', 'specs/20250831000000_columns.gw:54', 'public.contacts', 'public.contacts_company_id_idx1', false, 1, true),
    ('index public.contacts_company_id_last_name_idx', 'specs/20250831000000_columns.gw:53', 'public.contacts', 'public.contacts_company_id_last_name_idx', false, 2, false),
    ('index public.contacts_decision_maker_score_idx', 'specs/20250831000000_columns.gw:51', 'public.contacts', 'public.contacts_decision_maker_score_idx', false, 1, false),
    ('index public.contacts_department_idx', 'specs/20250831000000_columns.gw:49', 'public.contacts', 'public.contacts_department_idx', false, 1, false),
    ('index public.contacts_engagement_score_idx', 'specs/20250831000000_columns.gw:50', 'public.contacts', 'public.contacts_engagement_score_idx', false, 1, false),
    ('index public.contacts_interests_idx', 'specs/20250831000000_columns.gw:56', 'public.contacts', 'public.contacts_interests_idx', false, 1, false),
    ('index public.contacts_last_interaction_at_idx', 'specs/20250831000000_columns.gw:52', 'public.contacts', 'public.contacts_last_interaction_at_idx', false, 1, false),
    ('index public.contacts_skills_idx', 'specs/20250831000000_columns.gw:55', 'public.contacts', 'public.contacts_skills_idx', false, 1, false),
    ('index public.contacts_title_idx', 'specs/20250831000000_columns.gw:48', 'public.contacts', 'public.contacts_title_idx', false, 1, false),
    ('index public.deals_company_id_idx', 'specs/20250831000000_columns.gw:69', 'public.deals', 'public.deals_company_id_idx', false, 1, false),
    ('index public.deals_deal_intelligence_score_idx', 'specs/20250831000000_columns.gw:74', 'public.deals', 'public.deals_deal_intelligence_score_idx', false, 1, false),
    ('index public.deals_expected_close_date_idx', 'specs/20250831000000_columns.gw:73', 'public.deals', 'public.deals_expected_close_date_idx', false, 1, false),
    ('index public.deals_expr_idx', 'specs/20250831000000_columns.gw:75', 'public.deals', 'public.deals_expr_idx', false, 1, true),
    ('index public.deals_expr_idx1', 'specs/20250831000000_columns.gw:76', 'public.deals', 'public.deals_expr_idx1', false, 1, true),
    ('index public.deals_owner_id_status_idx', 'specs/20250831000000_columns.gw:71', 'public.deals', 'public.deals_owner_id_status_idx', false, 2, false),
    ('index public.deals_primary_contact_id_idx', 'specs/20250831000000_columns.gw:70', 'public.deals', 'public.deals_primary_contact_id_idx', false, 1, false),
    ('index public.deals_risk_factors_idx', 'specs/20250831000000_columns.gw:77', 'public.deals', 'public.deals_risk_factors_idx', false, 1, false),
    ('index public.deals_stage_id_idx', 'specs/20250831000000_columns.gw:72', 'public.deals', 'public.deals_stage_id_idx', false, 1, false),
    ('index public.meetings_company_id_idx', 'specs/20250831000000_columns.gw:101', 'public.meetings', 'public.meetings_company_id_idx', false, 1, false),
    ('index public.meetings_owner_user_id_started_at_idx', 'specs/20250831000000_columns.gw:103', 'public.meetings', 'public.meetings_owner_user_id_started_at_idx', false, 2, false),
    ('index public.meetings_primary_contact_id_idx', 'specs/20250831000000_columns.gw:102', 'public.meetings', 'public.meetings_primary_contact_id_idx', false, 1, false),
    ('index public.tasks_context_data_idx', 'specs/20250831000000_columns.gw:114', 'public.tasks', 'public.tasks_context_data_idx', false, 1, false),
    ('index public.tasks_owner_id_due_date_idx', 'specs/20250831000000_columns.gw:113', 'public.tasks', 'public.tasks_owner_id_due_date_idx', false, 2, true)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [6/6] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to authenticated on view public.company_overview', 'specs/20250831000000_columns.gw:123', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.company_overview') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['SELECT']::text[])),
    ('grant to authenticated on view public.contact_overview', 'specs/20250831000000_columns.gw:131', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.contact_overview') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['SELECT']::text[])),
    ('grant to authenticated on view public.deal_overview', 'specs/20250831000000_columns.gw:139', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deal_overview') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['SELECT']::text[]))
  ) as d (object, place, passed);
