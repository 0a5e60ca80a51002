-- godwit verify 20250830000000_baseline
-- The CRM before the suite
-- spec: specs/20250830000000_baseline.gw
-- checksum: sha256:c32763d815902690164245871f19dbb3920fe8206cd1c7aa2271b11d9cd4e169
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:c4a51c54d7cded4ac6090930455117af1b2a149929b15aeee1ae724ced3bbb0f

-- [1/13] schema: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'schema' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('schema auth', 'specs/20250830000000_baseline.gw:5', to_regnamespace('auth') is not null)
  ) as d (object, place, passed);

-- [2/13] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table auth.users', 'specs/20250830000000_baseline.gw:13', 'auth.users', 'p', false, false),
    ('table public.activities', 'specs/20250830000000_baseline.gw:18', 'public.activities', 'p', true, false),
    ('table public.companies', 'specs/20250830000000_baseline.gw:35', 'public.companies', 'p', true, false),
    ('table public.contacts', 'specs/20250830000000_baseline.gw:55', 'public.contacts', 'p', true, false),
    ('table public.deal_stages', 'specs/20250830000000_baseline.gw:76', 'public.deal_stages', 'p', false, false),
    ('table public.deals', 'specs/20250830000000_baseline.gw:85', 'public.deals', 'p', true, false),
    ('table public.meetings', 'specs/20250830000000_baseline.gw:109', 'public.meetings', 'p', true, false),
    ('table public.profiles', 'specs/20250830000000_baseline.gw:127', 'public.profiles', 'p', false, false),
    ('table public.tasks', 'specs/20250830000000_baseline.gw:136', 'public.tasks', 'p', true, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [3/13] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column auth.users.email', 'specs/20250830000000_baseline.gw:15', 'auth.users', 'email', 'text', true, false, false, false),
    ('column auth.users.id', 'specs/20250830000000_baseline.gw:14', 'auth.users', 'id', 'uuid', true, false, false, false),
    ('column public.activities.client_name', 'specs/20250830000000_baseline.gw:22', 'public.activities', 'client_name', 'text', false, false, false, false),
    ('column public.activities.created_at', 'specs/20250830000000_baseline.gw:26', 'public.activities', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.activities.date', 'specs/20250830000000_baseline.gw:25', 'public.activities', 'date', 'timestamp with time zone', true, false, false, false),
    ('column public.activities.deal_id', 'specs/20250830000000_baseline.gw:24', 'public.activities', 'deal_id', 'uuid', false, false, false, false),
    ('column public.activities.details', 'specs/20250830000000_baseline.gw:23', 'public.activities', 'details', 'text', false, false, false, false),
    ('column public.activities.id', 'specs/20250830000000_baseline.gw:19', 'public.activities', 'id', 'uuid', true, true, false, false),
    ('column public.activities.type', 'specs/20250830000000_baseline.gw:21', 'public.activities', 'type', 'text', true, false, false, false),
    ('column public.activities.user_id', 'specs/20250830000000_baseline.gw:20', 'public.activities', 'user_id', 'uuid', true, false, false, false),
    ('column public.companies.created_at', 'specs/20250830000000_baseline.gw:41', 'public.companies', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.companies.domain', 'specs/20250830000000_baseline.gw:38', 'public.companies', 'domain', 'text', false, false, false, false),
    ('column public.companies.id', 'specs/20250830000000_baseline.gw:36', 'public.companies', 'id', 'uuid', true, true, false, false),
    ('column public.companies.industry', 'specs/20250830000000_baseline.gw:39', 'public.companies', 'industry', 'text', false, false, false, false),
    ('column public.companies.name', 'specs/20250830000000_baseline.gw:37', 'public.companies', 'name', 'text', true, false, false, false),
    ('column public.companies.owner_id', 'specs/20250830000000_baseline.gw:40', 'public.companies', 'owner_id', 'uuid', false, false, false, false),
    ('column public.companies.updated_at', 'specs/20250830000000_baseline.gw:42', 'public.companies', 'updated_at', 'timestamp with time zone', true, true, false, false),
    ('column public.contacts.company_id', 'specs/20250830000000_baseline.gw:60', 'public.contacts', 'company_id', 'uuid', false, false, false, false),
    ('column public.contacts.created_at', 'specs/20250830000000_baseline.gw:62', 'public.contacts', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.contacts.email', 'specs/20250830000000_baseline.gw:59', 'public.contacts', 'email', 'text', false, false, false, false),
    ('column public.contacts.first_name', 'specs/20250830000000_baseline.gw:57', 'public.contacts', 'first_name', 'text', false, false, false, false),
    ('column public.contacts.id', 'specs/20250830000000_baseline.gw:56', 'public.contacts', 'id', 'uuid', true, true, false, false),
    ('column public.contacts.last_name', 'specs/20250830000000_baseline.gw:58', 'public.contacts', 'last_name', 'text', false, false, false, false),
    ('column public.contacts.owner_id', 'specs/20250830000000_baseline.gw:61', 'public.contacts', 'owner_id', 'uuid', false, false, false, false),
    ('column public.contacts.updated_at', 'specs/20250830000000_baseline.gw:63', 'public.contacts', 'updated_at', 'timestamp with time zone', true, true, false, false),
    ('column public.deal_stages.id', 'specs/20250830000000_baseline.gw:77', 'public.deal_stages', 'id', 'integer', true, false, false, false),
    ('column public.deal_stages.name', 'specs/20250830000000_baseline.gw:78', 'public.deal_stages', 'name', 'text', true, false, false, false),
    ('column public.deal_stages."position"', 'specs/20250830000000_baseline.gw:79', 'public.deal_stages', 'position', 'integer', true, false, false, false),
    ('column public.deals.company', 'specs/20250830000000_baseline.gw:88', 'public.deals', 'company', 'text', false, false, false, false),
    ('column public.deals.contact_email', 'specs/20250830000000_baseline.gw:90', 'public.deals', 'contact_email', 'text', false, false, false, false),
    ('column public.deals.contact_name', 'specs/20250830000000_baseline.gw:89', 'public.deals', 'contact_name', 'text', false, false, false, false),
    ('column public.deals.contact_phone', 'specs/20250830000000_baseline.gw:91', 'public.deals', 'contact_phone', 'text', false, false, false, false),
    ('column public.deals.created_at', 'specs/20250830000000_baseline.gw:97', 'public.deals', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.deals.expected_close_date', 'specs/20250830000000_baseline.gw:96', 'public.deals', 'expected_close_date', 'date', false, false, false, false),
    ('column public.deals.id', 'specs/20250830000000_baseline.gw:86', 'public.deals', 'id', 'uuid', true, true, false, false),
    ('column public.deals.name', 'specs/20250830000000_baseline.gw:87', 'public.deals', 'name', 'text', true, false, false, false),
    ('column public.deals.owner_id', 'specs/20250830000000_baseline.gw:95', 'public.deals', 'owner_id', 'uuid', true, false, false, false),
    ('column public.deals.stage_id', 'specs/20250830000000_baseline.gw:94', 'public.deals', 'stage_id', 'integer', false, false, false, false),
    ('column public.deals.status', 'specs/20250830000000_baseline.gw:93', 'public.deals', 'status', 'text', true, true, false, false),
    ('column public.deals.updated_at', 'specs/20250830000000_baseline.gw:98', 'public.deals', 'updated_at', 'timestamp with time zone', true, true, false, false),
    ('column public.deals.value', 'specs/20250830000000_baseline.gw:92', 'public.deals', 'value', 'numeric(12,2)', false, false, false, false),
    ('column public.meetings.attendee_emails', 'specs/20250830000000_baseline.gw:113', 'public.meetings', 'attendee_emails', 'text[]', true, true, false, false),
    ('column public.meetings.created_at', 'specs/20250830000000_baseline.gw:118', 'public.meetings', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.meetings.ended_at', 'specs/20250830000000_baseline.gw:115', 'public.meetings', 'ended_at', 'timestamp with time zone', false, false, false, false),
    ('column public.meetings.id', 'specs/20250830000000_baseline.gw:110', 'public.meetings', 'id', 'uuid', true, true, false, false),
    ('column public.meetings.owner_user_id', 'specs/20250830000000_baseline.gw:112', 'public.meetings', 'owner_user_id', 'uuid', true, false, false, false),
    ('column public.meetings.sentiment', 'specs/20250830000000_baseline.gw:117', 'public.meetings', 'sentiment', 'numeric', false, false, false, false),
    ('column public.meetings.started_at', 'specs/20250830000000_baseline.gw:114', 'public.meetings', 'started_at', 'timestamp with time zone', true, false, false, false),
    ('column public.meetings.summary', 'specs/20250830000000_baseline.gw:116', 'public.meetings', 'summary', 'text', false, false, false, false),
    ('column public.meetings.title', 'specs/20250830000000_baseline.gw:111', 'public.meetings', 'title', 'text', true, false, false, false),
    ('column public.profiles.full_name', 'specs/20250830000000_baseline.gw:129', 'public.profiles', 'full_name', 'text', true, false, false, false),
    ('column public.profiles.id', 'specs/20250830000000_baseline.gw:128', 'public.profiles', 'id', 'uuid', true, false, false, false),
    ('column public.profiles.is_admin', 'specs/20250830000000_baseline.gw:130', 'public.profiles', 'is_admin', 'boolean', false, true, false, false),
    ('column public.tasks.created_at', 'specs/20250830000000_baseline.gw:143', 'public.tasks', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.tasks.deal_id', 'specs/20250830000000_baseline.gw:140', 'public.tasks', 'deal_id', 'uuid', false, false, false, false),
    ('column public.tasks.done', 'specs/20250830000000_baseline.gw:142', 'public.tasks', 'done', 'boolean', true, true, false, false),
    ('column public.tasks.due_date', 'specs/20250830000000_baseline.gw:141', 'public.tasks', 'due_date', 'date', false, false, false, false),
    ('column public.tasks.id', 'specs/20250830000000_baseline.gw:137', 'public.tasks', 'id', 'uuid', true, true, false, false),
    ('column public.tasks.owner_id', 'specs/20250830000000_baseline.gw:139', 'public.tasks', 'owner_id', 'uuid', false, false, false, false),
    ('column public.tasks.title', 'specs/20250830000000_baseline.gw:138', 'public.tasks', 'title', 'text', true, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [4/13] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key users_pkey on auth.users', 'specs/20250830000000_baseline.gw:14', 'auth.users', 'users_pkey', false, false, array['id']),
    ('primary key activities_pkey on public.activities', 'specs/20250830000000_baseline.gw:19', 'public.activities', 'activities_pkey', false, false, array['id']),
    ('primary key companies_pkey on public.companies', 'specs/20250830000000_baseline.gw:36', 'public.companies', 'companies_pkey', false, false, array['id']),
    ('primary key contacts_pkey on public.contacts', 'specs/20250830000000_baseline.gw:56', 'public.contacts', 'contacts_pkey', false, false, array['id']),
    ('primary key deal_stages_pkey on public.deal_stages', 'specs/20250830000000_baseline.gw:77', 'public.deal_stages', 'deal_stages_pkey', false, false, array['id']),
    ('primary key deals_pkey on public.deals', 'specs/20250830000000_baseline.gw:86', 'public.deals', 'deals_pkey', false, false, array['id']),
    ('primary key meetings_pkey on public.meetings', 'specs/20250830000000_baseline.gw:110', 'public.meetings', 'meetings_pkey', false, false, array['id']),
    ('primary key profiles_pkey on public.profiles', 'specs/20250830000000_baseline.gw:128', 'public.profiles', 'profiles_pkey', false, false, array['id']),
    ('primary key tasks_pkey on public.tasks', 'specs/20250830000000_baseline.gw:137', 'public.tasks', 'tasks_pkey', false, false, array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [5/13] unique constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'u' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'unique constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('unique constraint users_email_key on auth.users', 'specs/20250830000000_baseline.gw:15', 'auth.users', 'users_email_key', false, false, array['email']),
    ('unique constraint deal_stages_name_key on public.deal_stages', 'specs/20250830000000_baseline.gw:78', 'public.deal_stages', 'deal_stages_name_key', false, false, array['name'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [6/13] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key activities_deal_id_fkey on public.activities', 'specs/20250830000000_baseline.gw:24', 'public.activities', 'activities_deal_id_fkey', false, false, 'public.deals', true, 'n', 'a', array['deal_id'], array['id']),
    ('foreign key activities_user_id_fkey on public.activities', 'specs/20250830000000_baseline.gw:20', 'public.activities', 'activities_user_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['user_id'], array['id']),
    ('foreign key companies_owner_id_fkey on public.companies', 'specs/20250830000000_baseline.gw:40', 'public.companies', 'companies_owner_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['owner_id'], array['id']),
    ('foreign key contacts_company_id_fkey on public.contacts', 'specs/20250830000000_baseline.gw:60', 'public.contacts', 'contacts_company_id_fkey', false, false, 'public.companies', true, 'n', 'a', array['company_id'], array['id']),
    ('foreign key contacts_owner_id_fkey on public.contacts', 'specs/20250830000000_baseline.gw:61', 'public.contacts', 'contacts_owner_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['owner_id'], array['id']),
    ('foreign key deals_owner_id_fkey on public.deals', 'specs/20250830000000_baseline.gw:95', 'public.deals', 'deals_owner_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['owner_id'], array['id']),
    ('foreign key deals_stage_id_fkey on public.deals', 'specs/20250830000000_baseline.gw:94', 'public.deals', 'deals_stage_id_fkey', false, false, 'public.deal_stages', true, 'a', 'a', array['stage_id'], array['id']),
    ('foreign key meetings_owner_user_id_fkey on public.meetings', 'specs/20250830000000_baseline.gw:112', 'public.meetings', 'meetings_owner_user_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['owner_user_id'], array['id']),
    ('foreign key profiles_id_fkey on public.profiles', 'specs/20250830000000_baseline.gw:128', 'public.profiles', 'profiles_id_fkey', false, false, 'auth.users', true, 'c', 'a', array['id'], array['id']),
    ('foreign key tasks_deal_id_fkey on public.tasks', 'specs/20250830000000_baseline.gw:140', 'public.tasks', 'tasks_deal_id_fkey', false, false, 'public.deals', true, 'c', 'a', array['deal_id'], array['id']),
    ('foreign key tasks_owner_id_fkey on public.tasks', 'specs/20250830000000_baseline.gw:139', 'public.tasks', 'tasks_owner_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['owner_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [7/13] function: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'function' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('function auth.uid()', 'specs/20250830000000_baseline.gw:152', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('auth.uid()') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'db2832cf51e717dde98b3b979b1465df5f81019d9800623e289b3224d0f54d57')),
    ('function public.set_updated_at()', 'specs/20250830000000_baseline.gw:154', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('public.set_updated_at()') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '9f6cb031942aae5c9a1983cdd586c955225ffe6c7ccba31e158318f82db4dd5f'))
  ) as d (object, place, passed);

-- [8/13] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view public.active_value', 'specs/20250830000000_baseline.gw:160', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.active_value') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['owner_id', 'value']::text[])),
    ('view public.deals_with_owner', 'specs/20250830000000_baseline.gw:170', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.deals_with_owner') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'name', 'company', 'contact_name', 'contact_email', 'contact_phone', 'value', 'status', 'stage_id', 'owner_id', 'expected_close_date', 'created_at', 'updated_at', 'owner_name']::text[]))
  ) as d (object, place, passed);

-- [9/13] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index public.companies_owner', 'specs/20250830000000_baseline.gw:44', 'public.companies', 'public.companies_owner', false, 1, false),
    ('index public.contacts_email_owner', 'specs/20250830000000_baseline.gw:65', 'public.contacts', 'public.contacts_email_owner', true, 2, true)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [10/13] trigger: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'trigger' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('trigger companies_updated on public.companies', 'specs/20250830000000_baseline.gw:46', exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass('public.companies') and t.tgname = 'companies_updated' and not t.tgisinternal and t.tgenabled <> 'D' and t.tgfoid = to_regprocedure('public.set_updated_at()'))),
    ('trigger contacts_updated on public.contacts', 'specs/20250830000000_baseline.gw:67', exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass('public.contacts') and t.tgname = 'contacts_updated' and not t.tgisinternal and t.tgenabled <> 'D' and t.tgfoid = to_regprocedure('public.set_updated_at()'))),
    ('trigger deals_updated on public.deals', 'specs/20250830000000_baseline.gw:100', exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass('public.deals') and t.tgname = 'deals_updated' and not t.tgisinternal and t.tgenabled <> 'D' and t.tgfoid = to_regprocedure('public.set_updated_at()')))
  ) as d (object, place, passed);

-- [11/13] policy: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'policy' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('policy own on public.activities', 'specs/20250830000000_baseline.gw:29', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.activities') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy own on public.companies', 'specs/20250830000000_baseline.gw:49', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.companies') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy own on public.contacts', 'specs/20250830000000_baseline.gw:70', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.contacts') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy own on public.deals', 'specs/20250830000000_baseline.gw:103', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.deals') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy own on public.meetings', 'specs/20250830000000_baseline.gw:121', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.meetings') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy own on public.tasks', 'specs/20250830000000_baseline.gw:146', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.tasks') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false))
  ) as d (object, place, passed);

-- [12/13] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to anon on schema auth', 'specs/20250830000000_baseline.gw:6', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('auth') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('anon') order by 1) @> array['USAGE']::text[])),
    ('grant to authenticated on schema auth', 'specs/20250830000000_baseline.gw:6', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('auth') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['USAGE']::text[])),
    ('grant to service_role on schema auth', 'specs/20250830000000_baseline.gw:6', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('auth') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['USAGE']::text[])),
    ('grant to anon on schema public', 'specs/20250830000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('public') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('anon') order by 1) @> array['USAGE']::text[])),
    ('grant to authenticated on schema public', 'specs/20250830000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('public') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['USAGE']::text[])),
    ('grant to service_role on schema public', 'specs/20250830000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('public') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['USAGE']::text[])),
    ('grant to authenticated on view public.active_value', 'specs/20250830000000_baseline.gw:166', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.active_value') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on view public.active_value', 'specs/20250830000000_baseline.gw:167', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.active_value') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.activities', 'specs/20250830000000_baseline.gw:31', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.activities') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.activities', 'specs/20250830000000_baseline.gw:32', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.activities') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.companies', 'specs/20250830000000_baseline.gw:51', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.companies') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.companies', 'specs/20250830000000_baseline.gw:52', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.companies') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.contacts', 'specs/20250830000000_baseline.gw:72', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.contacts') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.contacts', 'specs/20250830000000_baseline.gw:73', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.contacts') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.deal_stages', 'specs/20250830000000_baseline.gw:81', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deal_stages') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.deal_stages', 'specs/20250830000000_baseline.gw:82', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deal_stages') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.deals', 'specs/20250830000000_baseline.gw:105', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deals') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.deals', 'specs/20250830000000_baseline.gw:106', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deals') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on view public.deals_with_owner', 'specs/20250830000000_baseline.gw:187', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deals_with_owner') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on view public.deals_with_owner', 'specs/20250830000000_baseline.gw:188', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deals_with_owner') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.meetings', 'specs/20250830000000_baseline.gw:123', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.meetings') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.meetings', 'specs/20250830000000_baseline.gw:124', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.meetings') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.profiles', 'specs/20250830000000_baseline.gw:132', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.profiles') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.profiles', 'specs/20250830000000_baseline.gw:133', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.profiles') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.tasks', 'specs/20250830000000_baseline.gw:148', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.tasks') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.tasks', 'specs/20250830000000_baseline.gw:149', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.tasks') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[]))
  ) as d (object, place, passed);

-- [13/13] comment: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'comment' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('comment on column public.deals.company', 'specs/20250830000000_baseline.gw:88', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('public.deals') and attname = 'company' and col_description(attrelid, attnum) = 'Free text'))
  ) as d (object, place, passed);
