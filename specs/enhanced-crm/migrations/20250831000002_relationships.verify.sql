-- godwit verify 20250831000002_relationships
-- Relationships between companies, deals, meetings and contacts
-- spec: specs/20250831000002_relationships.gw
-- checksum: sha256:1a2ab6814e1152bfc4e5580597c80649e374996ad6e9b5b461908fe681bc7e90
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:565f1cfeddb92c0efe29b0938cce61d3a4e25d670888f17ee36d5ecee8bc4830

-- [1/26] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table public.activity_meetings', 'specs/20250831000002_relationships.gw:30', 'public.activity_meetings', 'p', false, false),
    ('table public.company_activities', 'specs/20250831000002_relationships.gw:4', 'public.company_activities', 'p', false, false),
    ('table public.contact_interactions', 'specs/20250831000002_relationships.gw:54', 'public.contact_interactions', 'p', false, false),
    ('table public.deal_meetings', 'specs/20250831000002_relationships.gw:15', 'public.deal_meetings', 'p', false, false),
    ('table public.deal_stakeholders', 'specs/20250831000002_relationships.gw:70', 'public.deal_stakeholders', 'p', false, false),
    ('table public.meeting_sequences', 'specs/20250831000002_relationships.gw:41', 'public.meeting_sequences', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [2/26] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column public.activity_meetings.activity_id', 'specs/20250831000002_relationships.gw:32', 'public.activity_meetings', 'activity_id', 'uuid', true, false, false, false),
    ('column public.activity_meetings.created_at', 'specs/20250831000002_relationships.gw:35', 'public.activity_meetings', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.activity_meetings.id', 'specs/20250831000002_relationships.gw:31', 'public.activity_meetings', 'id', 'uuid', true, true, false, false),
    ('column public.activity_meetings.meeting_id', 'specs/20250831000002_relationships.gw:33', 'public.activity_meetings', 'meeting_id', 'uuid', true, false, false, false),
    ('column public.activity_meetings.relationship_type', 'specs/20250831000002_relationships.gw:34', 'public.activity_meetings', 'relationship_type', 'text', true, true, false, false),
    ('column public.company_activities.activity_id', 'specs/20250831000002_relationships.gw:7', 'public.company_activities', 'activity_id', 'uuid', true, false, false, false),
    ('column public.company_activities.company_id', 'specs/20250831000002_relationships.gw:6', 'public.company_activities', 'company_id', 'uuid', true, false, false, false),
    ('column public.company_activities.created_at', 'specs/20250831000002_relationships.gw:9', 'public.company_activities', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.company_activities.id', 'specs/20250831000002_relationships.gw:5', 'public.company_activities', 'id', 'uuid', true, true, false, false),
    ('column public.company_activities.relationship_strength', 'specs/20250831000002_relationships.gw:8', 'public.company_activities', 'relationship_strength', 'numeric(3,2)', true, true, false, false),
    ('column public.contact_interactions.activity_id', 'specs/20250831000002_relationships.gw:59', 'public.contact_interactions', 'activity_id', 'uuid', false, false, false, false),
    ('column public.contact_interactions.contact_id', 'specs/20250831000002_relationships.gw:56', 'public.contact_interactions', 'contact_id', 'uuid', true, false, false, false),
    ('column public.contact_interactions.created_at', 'specs/20250831000002_relationships.gw:63', 'public.contact_interactions', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.contact_interactions.engagement_score', 'specs/20250831000002_relationships.gw:60', 'public.contact_interactions', 'engagement_score', 'numeric(5,2)', false, true, false, false),
    ('column public.contact_interactions.happened_at', 'specs/20250831000002_relationships.gw:62', 'public.contact_interactions', 'happened_at', 'timestamp with time zone', true, false, false, false),
    ('column public.contact_interactions.id', 'specs/20250831000002_relationships.gw:55', 'public.contact_interactions', 'id', 'uuid', true, true, false, false),
    ('column public.contact_interactions.kind', 'specs/20250831000002_relationships.gw:57', 'public.contact_interactions', 'kind', 'text', true, false, false, false),
    ('column public.contact_interactions.meeting_id', 'specs/20250831000002_relationships.gw:58', 'public.contact_interactions', 'meeting_id', 'uuid', false, false, false, false),
    ('column public.contact_interactions.sentiment_score', 'specs/20250831000002_relationships.gw:61', 'public.contact_interactions', 'sentiment_score', 'numeric(3,2)', false, false, false, false),
    ('column public.deal_meetings.created_at', 'specs/20250831000002_relationships.gw:23', 'public.deal_meetings', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.deal_meetings.deal_id', 'specs/20250831000002_relationships.gw:17', 'public.deal_meetings', 'deal_id', 'uuid', true, false, false, false),
    ('column public.deal_meetings.id', 'specs/20250831000002_relationships.gw:16', 'public.deal_meetings', 'id', 'uuid', true, true, false, false),
    ('column public.deal_meetings.impact_score', 'specs/20250831000002_relationships.gw:19', 'public.deal_meetings', 'impact_score', 'numeric(3,2)', false, false, false, false),
    ('column public.deal_meetings.meeting_id', 'specs/20250831000002_relationships.gw:18', 'public.deal_meetings', 'meeting_id', 'uuid', true, false, false, false),
    ('column public.deal_meetings.outcome', 'specs/20250831000002_relationships.gw:20', 'public.deal_meetings', 'outcome', 'text', false, false, false, false),
    ('column public.deal_meetings.stage_after', 'specs/20250831000002_relationships.gw:22', 'public.deal_meetings', 'stage_after', 'integer', false, false, false, false),
    ('column public.deal_meetings.stage_before', 'specs/20250831000002_relationships.gw:21', 'public.deal_meetings', 'stage_before', 'integer', false, false, false, false),
    ('column public.deal_stakeholders.contact_id', 'specs/20250831000002_relationships.gw:73', 'public.deal_stakeholders', 'contact_id', 'uuid', true, false, false, false),
    ('column public.deal_stakeholders.created_at', 'specs/20250831000002_relationships.gw:78', 'public.deal_stakeholders', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.deal_stakeholders.deal_id', 'specs/20250831000002_relationships.gw:72', 'public.deal_stakeholders', 'deal_id', 'uuid', true, false, false, false),
    ('column public.deal_stakeholders.id', 'specs/20250831000002_relationships.gw:71', 'public.deal_stakeholders', 'id', 'uuid', true, true, false, false),
    ('column public.deal_stakeholders.influence_level', 'specs/20250831000002_relationships.gw:75', 'public.deal_stakeholders', 'influence_level', 'text', true, true, false, false),
    ('column public.deal_stakeholders.is_champion', 'specs/20250831000002_relationships.gw:77', 'public.deal_stakeholders', 'is_champion', 'boolean', true, true, false, false),
    ('column public.deal_stakeholders.role', 'specs/20250831000002_relationships.gw:74', 'public.deal_stakeholders', 'role', 'text', true, true, false, false),
    ('column public.meeting_sequences.completed', 'specs/20250831000002_relationships.gw:46', 'public.meeting_sequences', 'completed', 'boolean', true, true, false, false),
    ('column public.meeting_sequences.created_at', 'specs/20250831000002_relationships.gw:47', 'public.meeting_sequences', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.meeting_sequences.deal_id', 'specs/20250831000002_relationships.gw:43', 'public.meeting_sequences', 'deal_id', 'uuid', true, false, false, false),
    ('column public.meeting_sequences.id', 'specs/20250831000002_relationships.gw:42', 'public.meeting_sequences', 'id', 'uuid', true, true, false, false),
    ('column public.meeting_sequences.meeting_id', 'specs/20250831000002_relationships.gw:44', 'public.meeting_sequences', 'meeting_id', 'uuid', true, false, false, false),
    ('column public.meeting_sequences."position"', 'specs/20250831000002_relationships.gw:45', 'public.meeting_sequences', 'position', 'integer', true, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [3/26] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key activity_meetings_pkey on public.activity_meetings', 'specs/20250831000002_relationships.gw:31', 'public.activity_meetings', 'activity_meetings_pkey', false, false, array['id']),
    ('primary key company_activities_pkey on public.company_activities', 'specs/20250831000002_relationships.gw:5', 'public.company_activities', 'company_activities_pkey', false, false, array['id']),
    ('primary key contact_interactions_pkey on public.contact_interactions', 'specs/20250831000002_relationships.gw:55', 'public.contact_interactions', 'contact_interactions_pkey', false, false, array['id']),
    ('primary key deal_meetings_pkey on public.deal_meetings', 'specs/20250831000002_relationships.gw:16', 'public.deal_meetings', 'deal_meetings_pkey', false, false, array['id']),
    ('primary key deal_stakeholders_pkey on public.deal_stakeholders', 'specs/20250831000002_relationships.gw:71', 'public.deal_stakeholders', 'deal_stakeholders_pkey', false, false, array['id']),
    ('primary key meeting_sequences_pkey on public.meeting_sequences', 'specs/20250831000002_relationships.gw:42', 'public.meeting_sequences', 'meeting_sequences_pkey', false, false, array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [4/26] unique constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'u' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'unique constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('unique constraint activity_meetings_activity_id_meeting_id_key on public.activity_meetings', 'specs/20250831000002_relationships.gw:36', 'public.activity_meetings', 'activity_meetings_activity_id_meeting_id_key', false, false, array['activity_id', 'meeting_id']),
    ('unique constraint company_activities_company_id_activity_id_key on public.company_activities', 'specs/20250831000002_relationships.gw:10', 'public.company_activities', 'company_activities_company_id_activity_id_key', false, false, array['company_id', 'activity_id']),
    ('unique constraint deal_meetings_deal_id_meeting_id_key on public.deal_meetings', 'specs/20250831000002_relationships.gw:24', 'public.deal_meetings', 'deal_meetings_deal_id_meeting_id_key', false, false, array['deal_id', 'meeting_id']),
    ('unique constraint deal_stakeholders_deal_id_contact_id_key on public.deal_stakeholders', 'specs/20250831000002_relationships.gw:79', 'public.deal_stakeholders', 'deal_stakeholders_deal_id_contact_id_key', false, false, array['deal_id', 'contact_id']),
    ('unique constraint meeting_sequences_deal_id_meeting_id_key on public.meeting_sequences', 'specs/20250831000002_relationships.gw:48', 'public.meeting_sequences', 'meeting_sequences_deal_id_meeting_id_key', false, false, array['deal_id', 'meeting_id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [5/26] check constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'c' and c.convalidated = d.is_valid)
    then 'PASS' else 'FAIL' end as result, 'check constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('check constraint company_activities_relationship_strength_check on public.company_activities', 'specs/20250831000002_relationships.gw:8', 'public.company_activities', 'company_activities_relationship_strength_check', true),
    ('check constraint contact_interactions_engagement_score_check on public.contact_interactions', 'specs/20250831000002_relationships.gw:60', 'public.contact_interactions', 'contact_interactions_engagement_score_check', true),
    ('check constraint contact_interactions_sentiment_score_check on public.contact_interactions', 'specs/20250831000002_relationships.gw:61', 'public.contact_interactions', 'contact_interactions_sentiment_score_check', true),
    ('check constraint deal_meetings_impact_score_check on public.deal_meetings', 'specs/20250831000002_relationships.gw:19', 'public.deal_meetings', 'deal_meetings_impact_score_check', true),
    ('check constraint deal_stakeholders_influence_level_check on public.deal_stakeholders', 'specs/20250831000002_relationships.gw:76', 'public.deal_stakeholders', 'deal_stakeholders_influence_level_check', true)
  ) as d (object, place, relation, name, is_valid);

-- [6/26] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key activity_meetings_activity_id_fkey on public.activity_meetings', 'specs/20250831000002_relationships.gw:32', 'public.activity_meetings', 'activity_meetings_activity_id_fkey', false, false, 'public.activities', true, 'c', 'a', array['activity_id'], array['id']),
    ('foreign key activity_meetings_meeting_id_fkey on public.activity_meetings', 'specs/20250831000002_relationships.gw:33', 'public.activity_meetings', 'activity_meetings_meeting_id_fkey', false, false, 'public.meetings', true, 'c', 'a', array['meeting_id'], array['id']),
    ('foreign key company_activities_activity_id_fkey on public.company_activities', 'specs/20250831000002_relationships.gw:7', 'public.company_activities', 'company_activities_activity_id_fkey', false, false, 'public.activities', true, 'c', 'a', array['activity_id'], array['id']),
    ('foreign key company_activities_company_id_fkey on public.company_activities', 'specs/20250831000002_relationships.gw:6', 'public.company_activities', 'company_activities_company_id_fkey', false, false, 'public.companies', true, 'c', 'a', array['company_id'], array['id']),
    ('foreign key contact_interactions_activity_id_fkey on public.contact_interactions', 'specs/20250831000002_relationships.gw:59', 'public.contact_interactions', 'contact_interactions_activity_id_fkey', false, false, 'public.activities', true, 'n', 'a', array['activity_id'], array['id']),
    ('foreign key contact_interactions_contact_id_fkey on public.contact_interactions', 'specs/20250831000002_relationships.gw:56', 'public.contact_interactions', 'contact_interactions_contact_id_fkey', false, false, 'public.contacts', true, 'c', 'a', array['contact_id'], array['id']),
    ('foreign key contact_interactions_meeting_id_fkey on public.contact_interactions', 'specs/20250831000002_relationships.gw:58', 'public.contact_interactions', 'contact_interactions_meeting_id_fkey', false, false, 'public.meetings', true, 'n', 'a', array['meeting_id'], array['id']),
    ('foreign key deal_meetings_deal_id_fkey on public.deal_meetings', 'specs/20250831000002_relationships.gw:17', 'public.deal_meetings', 'deal_meetings_deal_id_fkey', false, false, 'public.deals', true, 'c', 'a', array['deal_id'], array['id']),
    ('foreign key deal_meetings_meeting_id_fkey on public.deal_meetings', 'specs/20250831000002_relationships.gw:18', 'public.deal_meetings', 'deal_meetings_meeting_id_fkey', false, false, 'public.meetings', true, 'c', 'a', array['meeting_id'], array['id']),
    ('foreign key deal_meetings_stage_after_fkey on public.deal_meetings', 'specs/20250831000002_relationships.gw:22', 'public.deal_meetings', 'deal_meetings_stage_after_fkey', false, false, 'public.deal_stages', true, 'a', 'a', array['stage_after'], array['id']),
    ('foreign key deal_meetings_stage_before_fkey on public.deal_meetings', 'specs/20250831000002_relationships.gw:21', 'public.deal_meetings', 'deal_meetings_stage_before_fkey', false, false, 'public.deal_stages', true, 'a', 'a', array['stage_before'], array['id']),
    ('foreign key deal_stakeholders_contact_id_fkey on public.deal_stakeholders', 'specs/20250831000002_relationships.gw:73', 'public.deal_stakeholders', 'deal_stakeholders_contact_id_fkey', false, false, 'public.contacts', true, 'c', 'a', array['contact_id'], array['id']),
    ('foreign key deal_stakeholders_deal_id_fkey on public.deal_stakeholders', 'specs/20250831000002_relationships.gw:72', 'public.deal_stakeholders', 'deal_stakeholders_deal_id_fkey', false, false, 'public.deals', true, 'c', 'a', array['deal_id'], array['id']),
    ('foreign key meeting_sequences_deal_id_fkey on public.meeting_sequences', 'specs/20250831000002_relationships.gw:43', 'public.meeting_sequences', 'meeting_sequences_deal_id_fkey', false, false, 'public.deals', true, 'c', 'a', array['deal_id'], array['id']),
    ('foreign key meeting_sequences_meeting_id_fkey on public.meeting_sequences', 'specs/20250831000002_relationships.gw:44', 'public.meeting_sequences', 'meeting_sequences_meeting_id_fkey', false, false, 'public.meetings', true, 'c', 'a', array['meeting_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [7/26] function: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'function' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('function public.create_meeting_followups(uuid)', 'specs/20250831000002_relationships.gw:145', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('public.create_meeting_followups(uuid)') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'ced05fde12b5609de6cd876c42f4daef40e90cb8dfbfa4760e18dd7f59da1f7b')),
    ('function public.infer_meeting_deal_relationships()', 'specs/20250831000002_relationships.gw:132', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('public.infer_meeting_deal_relationships()') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '737b29afeed2fad98b6bfdaccf93b459028c89420d580b28d1fe10203b2b9f6d'))
  ) as d (object, place, passed);

-- [8/26] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view public.meeting_effectiveness', 'specs/20250831000002_relationships.gw:163', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.meeting_effectiveness') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'title', 'owner_user_id', 'company_id', 'sentiment', 'effectiveness_score', 'deals', 'impact']::text[]))
  ) as d (object, place, passed);

-- [9/26] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index public.activity_meetings_meeting_id_idx', 'specs/20250831000002_relationships.gw:37', 'public.activity_meetings', 'public.activity_meetings_meeting_id_idx', false, 1, false),
    ('index public.activity_meetings_relationship_type_idx', 'specs/20250831000002_relationships.gw:38', 'public.activity_meetings', 'public.activity_meetings_relationship_type_idx', false, 1, false),
    ('index public.company_activities_activity_id_idx', 'specs/20250831000002_relationships.gw:11', 'public.company_activities', 'public.company_activities_activity_id_idx', false, 1, false),
    ('index public.company_activities_company_id_relationship_strength_idx', 'specs/20250831000002_relationships.gw:12', 'public.company_activities', 'public.company_activities_company_id_relationship_strength_idx', false, 2, false),
    ('index public.contact_interactions_activity_id_idx', 'specs/20250831000002_relationships.gw:66', 'public.contact_interactions', 'public.contact_interactions_activity_id_idx', false, 1, false),
    ('index public.contact_interactions_contact_id_happened_at_idx', 'specs/20250831000002_relationships.gw:64', 'public.contact_interactions', 'public.contact_interactions_contact_id_happened_at_idx', false, 2, false),
    ('index public.contact_interactions_kind_happened_at_idx', 'specs/20250831000002_relationships.gw:67', 'public.contact_interactions', 'public.contact_interactions_kind_happened_at_idx', false, 2, false),
    ('index public.contact_interactions_meeting_id_idx', 'specs/20250831000002_relationships.gw:65', 'public.contact_interactions', 'public.contact_interactions_meeting_id_idx', false, 1, false),
    ('index public.deal_meetings_deal_id_created_at_idx', 'specs/20250831000002_relationships.gw:26', 'public.deal_meetings', 'public.deal_meetings_deal_id_created_at_idx', false, 2, false),
    ('index public.deal_meetings_impact_score_idx', 'specs/20250831000002_relationships.gw:27', 'public.deal_meetings', 'public.deal_meetings_impact_score_idx', false, 1, false),
    ('index public.deal_meetings_meeting_id_idx', 'specs/20250831000002_relationships.gw:25', 'public.deal_meetings', 'public.deal_meetings_meeting_id_idx', false, 1, false),
    ('index public.deal_stakeholders_contact_id_idx', 'specs/20250831000002_relationships.gw:80', 'public.deal_stakeholders', 'public.deal_stakeholders_contact_id_idx', false, 1, false),
    ('index public.deal_stakeholders_deal_id_idx', 'specs/20250831000002_relationships.gw:82', 'public.deal_stakeholders', 'public.deal_stakeholders_deal_id_idx', false, 1, true),
    ('index public.deal_stakeholders_influence_level_idx', 'specs/20250831000002_relationships.gw:81', 'public.deal_stakeholders', 'public.deal_stakeholders_influence_level_idx', false, 1, false),
    ('index public.meeting_sequences_deal_id_idx', 'specs/20250831000002_relationships.gw:51', 'public.meeting_sequences', 'public.meeting_sequences_deal_id_idx', false, 1, true),
    ('index public.meeting_sequences_deal_id_position_idx', 'specs/20250831000002_relationships.gw:50', 'public.meeting_sequences', 'public.meeting_sequences_deal_id_position_idx', false, 2, false),
    ('index public.meeting_sequences_meeting_id_idx', 'specs/20250831000002_relationships.gw:49', 'public.meeting_sequences', 'public.meeting_sequences_meeting_id_idx', false, 1, false)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [10/26] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to authenticated on view public.meeting_effectiveness', 'specs/20250831000002_relationships.gw:168', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.meeting_effectiveness') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['SELECT']::text[]))
  ) as d (object, place, passed);

-- [11/26] where godwit_kept.moved_deal_stakeholders_f0243bab is still there
select to_regclass('godwit_kept.moved_deal_stakeholders_f0243bab') is not null as kept_1
\gset
\if :kept_1

-- [12/26] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [13/26] compare move deal_stakeholders (specs/20250831000002_relationships.gw:126)
--   keys of: public.deals
--   ranges by: id
--   needs godwit_kept.moved_deal_stakeholders_f0243bab: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250831000002_relationships', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved; null: written since
  select d.id as source_id,
         case when age(d.xmin) >= (select since from applied) then hashtextextended(row(id, primary_contact_id, 'primary'::text)::text, 0) end as given
    from public.deals as d
   where true  -- or a range of d.id
     and exists (select from godwit_kept.moved_deal_stakeholders_f0243bab as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = d.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.deal_id, target.contact_id, target.role)::text, 0) end as held
    from godwit_kept.moved_deal_stakeholders_f0243bab as kept
    left join source on source.source_id = kept.source_id
    left join public.deal_stakeholders as target
      on target.deal_id = kept.target_deal_id
      and target.contact_id = kept.target_contact_id
   where true  -- or a range of kept.source_id
), judged as (
  select found.*,
         case
              when not there and stands then 'missing'
              when not stands or given is null then 'changed'
              when given = held then 'same'
              when written_by = put_in
                or age(written_by) = (select max(age(written_by)) from found where age(written_by) < age(put_in)) then 'differs'
              else 'changed' end as verdict
    from found, applied
), unlike as (
  select source_id::text as row_key, verdict,
         row_number() over (partition by verdict order by source_id) as place
    from judged where verdict in ('missing', 'differs', 'changed')
), others as (                          -- rows that qualify and were not moved: written since
  select d.id::text as row_key, row_number() over (order by d.id) as place
    from public.deals as d
   where true  -- or a range of d.id
     and not exists (select from godwit_kept.moved_deal_stakeholders_f0243bab as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = d.id)
     and (primary_contact_id is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move deal_stakeholders' as object,
       concat_ws('; ', 'missing: ' || missing_keys, 'different: ' || differing_keys,
                 'changed since: ' || changed_keys, 'written to the source since: ' || other_keys) as detail,
       moved, same, already_there, missing, differs, changed, others, source_sum, target_sum,
       missing_keys, differing_keys, changed_keys, other_keys, false as kept_source, '' as left_out
  from (select count(*) as moved,
               count(*) filter (where verdict = 'same') as same,
               count(*) filter (where verdict = 'already there') as already_there,
               count(*) filter (where verdict = 'missing') as missing,
               count(*) filter (where verdict = 'differs') as differs,
               count(*) filter (where verdict = 'changed') as changed,
               coalesce(sum(given::numeric) filter (where verdict in ('same', 'differs')), 0) as source_sum,
               coalesce(sum(held::numeric) filter (where verdict in ('same', 'differs')), 0) as target_sum
          from judged) as counted,
       (select string_agg(row_key, ', ' order by place) filter (where verdict = 'missing' and place <= 10) as missing_keys,
               string_agg(row_key, ', ' order by place) filter (where verdict = 'differs' and place <= 10) as differing_keys,
               string_agg(row_key, ', ' order by place) filter (where verdict = 'changed' and place <= 10) as changed_keys
          from unlike) as named,
       (select count(*) as others, string_agg(row_key, ', ' order by place) filter (where place <= 10) as other_keys
          from others) as apart;

-- [14/26] so far
\endif

-- [15/26] where godwit_kept.moved_company_activities_f0243bab is still there
select to_regclass('godwit_kept.moved_company_activities_f0243bab') is not null as kept_2
\gset
\if :kept_2

-- [16/26] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [17/26] compare move company_activities (specs/20250831000002_relationships.gw:104)
--   needs godwit_kept.moved_company_activities_f0243bab: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250831000002_relationships', 'applied') order by id desc limit 1
), found as materialized (             -- and what the target holds
  select kept.target_company_id,
         kept.target_activity_id,
         kept.xmin as put_in,
         true as stands,
         hashtextextended(row(kept.target_company_id, kept.target_activity_id)::text, 0) as given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.company_id, target.activity_id)::text, 0) end as held
    from godwit_kept.moved_company_activities_f0243bab as kept
    left join public.company_activities as target
      on target.company_id = kept.target_company_id
      and target.activity_id = kept.target_activity_id
   where true
), judged as (
  select found.*,
         case
              when not there and stands then 'missing'
              when not stands or given is null then 'changed'
              when given = held then 'same'
              when written_by = put_in
                or age(written_by) = (select max(age(written_by)) from found where age(written_by) < age(put_in)) then 'differs'
              else 'changed' end as verdict
    from found, applied
), unlike as (
  select concat_ws(' ', target_company_id, target_activity_id) as row_key, verdict,
         row_number() over (partition by verdict order by target_company_id, target_activity_id) as place
    from judged where verdict in ('missing', 'differs', 'changed')
), others as (
  select null as row_key, 1 as place where false
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move company_activities' as object,
       concat_ws('; ', 'missing: ' || missing_keys, 'different: ' || differing_keys,
                 'changed since: ' || changed_keys, 'written to the source since: ' || other_keys) as detail,
       moved, same, already_there, missing, differs, changed, others, source_sum, target_sum,
       missing_keys, differing_keys, changed_keys, other_keys, false as kept_source, '' as left_out
  from (select count(*) as moved,
               count(*) filter (where verdict = 'same') as same,
               count(*) filter (where verdict = 'already there') as already_there,
               count(*) filter (where verdict = 'missing') as missing,
               count(*) filter (where verdict = 'differs') as differs,
               count(*) filter (where verdict = 'changed') as changed,
               coalesce(sum(given::numeric) filter (where verdict in ('same', 'differs')), 0) as source_sum,
               coalesce(sum(held::numeric) filter (where verdict in ('same', 'differs')), 0) as target_sum
          from judged) as counted,
       (select string_agg(row_key, ', ' order by place) filter (where verdict = 'missing' and place <= 10) as missing_keys,
               string_agg(row_key, ', ' order by place) filter (where verdict = 'differs' and place <= 10) as differing_keys,
               string_agg(row_key, ', ' order by place) filter (where verdict = 'changed' and place <= 10) as changed_keys
          from unlike) as named,
       (select count(*) as others, string_agg(row_key, ', ' order by place) filter (where place <= 10) as other_keys
          from others) as apart;

-- [18/26] so far
\endif

-- [19/26] where godwit_kept.moved_contact_interactions_f0243bab is still there
select to_regclass('godwit_kept.moved_contact_interactions_f0243bab') is not null as kept_3
\gset
\if :kept_3

-- [20/26] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [21/26] compare move contact_interactions (specs/20250831000002_relationships.gw:116)
--   keys of: public.meetings
--   ranges by: id
--   needs godwit_kept.moved_contact_interactions_f0243bab: what is recorded of the move until finalize
--   not compared: contact_id (column public.meetings.primary_contact_id is changed as well)
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250831000002_relationships', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved; null: written since
  select m.id as source_id,
         case when age(m.xmin) >= (select since from applied) then hashtextextended(row('meeting'::text, id, sentiment::numeric(3,2), started_at)::text, 0) end as given
    from public.meetings as m
   where true  -- or a range of m.id
     and exists (select from godwit_kept.moved_contact_interactions_f0243bab as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = m.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(
             target.kind,
             target.meeting_id,
             target.sentiment_score,
             target.happened_at)::text, 0) end as held
    from godwit_kept.moved_contact_interactions_f0243bab as kept
    left join source on source.source_id = kept.source_id
    left join public.contact_interactions as target
      on target.meeting_id = kept.target_meeting_id
   where true  -- or a range of kept.source_id
), judged as (
  select found.*,
         case
              when not there and stands then 'missing'
              when not stands or given is null then 'changed'
              when given = held then 'same'
              when written_by = put_in
                or age(written_by) = (select max(age(written_by)) from found where age(written_by) < age(put_in)) then 'differs'
              else 'changed' end as verdict
    from found, applied
), unlike as (
  select source_id::text as row_key, verdict,
         row_number() over (partition by verdict order by source_id) as place
    from judged where verdict in ('missing', 'differs', 'changed')
), others as (
  select null as row_key, 1 as place where false
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move contact_interactions' as object,
       concat_ws('; ', 'missing: ' || missing_keys, 'different: ' || differing_keys,
                 'changed since: ' || changed_keys, 'written to the source since: ' || other_keys) as detail,
       moved, same, already_there, missing, differs, changed, others, source_sum, target_sum,
       missing_keys, differing_keys, changed_keys, other_keys, false as kept_source, 'contact_id (column public.meetings.primary_contact_id is changed as well)' as left_out
  from (select count(*) as moved,
               count(*) filter (where verdict = 'same') as same,
               count(*) filter (where verdict = 'already there') as already_there,
               count(*) filter (where verdict = 'missing') as missing,
               count(*) filter (where verdict = 'differs') as differs,
               count(*) filter (where verdict = 'changed') as changed,
               coalesce(sum(given::numeric) filter (where verdict in ('same', 'differs')), 0) as source_sum,
               coalesce(sum(held::numeric) filter (where verdict in ('same', 'differs')), 0) as target_sum
          from judged) as counted,
       (select string_agg(row_key, ', ' order by place) filter (where verdict = 'missing' and place <= 10) as missing_keys,
               string_agg(row_key, ', ' order by place) filter (where verdict = 'differs' and place <= 10) as differing_keys,
               string_agg(row_key, ', ' order by place) filter (where verdict = 'changed' and place <= 10) as changed_keys
          from unlike) as named,
       (select count(*) as others, string_agg(row_key, ', ' order by place) filter (where place <= 10) as other_keys
          from others) as apart;

-- [22/26] so far
\endif

-- [23/26] where godwit_kept.moved_deal_meetings_f0243bab is still there
select to_regclass('godwit_kept.moved_deal_meetings_f0243bab') is not null as kept_4
\gset
\if :kept_4

-- [24/26] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [25/26] compare move deal_meetings (specs/20250831000002_relationships.gw:109)
--   needs godwit_kept.moved_deal_meetings_f0243bab: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250831000002_relationships', 'applied') order by id desc limit 1
), found as materialized (             -- and what the target holds
  select kept.target_deal_id,
         kept.target_meeting_id,
         kept.xmin as put_in,
         true as stands,
         hashtextextended(row(
             kept.target_deal_id,
             kept.target_meeting_id,
             kept.target_impact_score)::text, 0) as given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.deal_id, target.meeting_id, target.impact_score)::text, 0) end as held
    from godwit_kept.moved_deal_meetings_f0243bab as kept
    left join public.deal_meetings as target
      on target.deal_id = kept.target_deal_id
      and target.meeting_id = kept.target_meeting_id
   where true
), judged as (
  select found.*,
         case
              when not there and stands then 'missing'
              when not stands or given is null then 'changed'
              when given = held then 'same'
              when written_by = put_in
                or age(written_by) = (select max(age(written_by)) from found where age(written_by) < age(put_in)) then 'differs'
              else 'changed' end as verdict
    from found, applied
), unlike as (
  select concat_ws(' ', target_deal_id, target_meeting_id) as row_key, verdict,
         row_number() over (partition by verdict order by target_deal_id, target_meeting_id) as place
    from judged where verdict in ('missing', 'differs', 'changed')
), others as (
  select null as row_key, 1 as place where false
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move deal_meetings' as object,
       concat_ws('; ', 'missing: ' || missing_keys, 'different: ' || differing_keys,
                 'changed since: ' || changed_keys, 'written to the source since: ' || other_keys) as detail,
       moved, same, already_there, missing, differs, changed, others, source_sum, target_sum,
       missing_keys, differing_keys, changed_keys, other_keys, false as kept_source, '' as left_out
  from (select count(*) as moved,
               count(*) filter (where verdict = 'same') as same,
               count(*) filter (where verdict = 'already there') as already_there,
               count(*) filter (where verdict = 'missing') as missing,
               count(*) filter (where verdict = 'differs') as differs,
               count(*) filter (where verdict = 'changed') as changed,
               coalesce(sum(given::numeric) filter (where verdict in ('same', 'differs')), 0) as source_sum,
               coalesce(sum(held::numeric) filter (where verdict in ('same', 'differs')), 0) as target_sum
          from judged) as counted,
       (select string_agg(row_key, ', ' order by place) filter (where verdict = 'missing' and place <= 10) as missing_keys,
               string_agg(row_key, ', ' order by place) filter (where verdict = 'differs' and place <= 10) as differing_keys,
               string_agg(row_key, ', ' order by place) filter (where verdict = 'changed' and place <= 10) as changed_keys
          from unlike) as named,
       (select count(*) as others, string_agg(row_key, ', ' order by place) filter (where place <= 10) as other_keys
          from others) as apart;

-- [26/26] so far
\endif
