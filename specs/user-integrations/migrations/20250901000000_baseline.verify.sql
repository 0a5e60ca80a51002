-- godwit verify 20250901000000_baseline
-- The mail assistant as it stands
-- spec: specs/20250901000000_baseline.gw
-- checksum: sha256:e57e22c46ad577b38265ac5a2e4e5d273dccf6958a9923f655beae016e6c59e8
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8fa8db1600dc3330decf195c73ec725eb78f63004a71ab27818320ca96abd0f6

-- [1/18] schema: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'schema' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('schema dev', 'specs/20250901000000_baseline.gw:8', to_regnamespace('dev') is not null),
    ('schema ops', 'specs/20250901000000_baseline.gw:14', to_regnamespace('ops') is not null)
  ) as d (object, place, passed);

-- [2/18] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table dev.digests', 'specs/20250901000000_baseline.gw:97', 'dev.digests', 'p', false, false),
    ('table dev.emails', 'specs/20250901000000_baseline.gw:83', 'dev.emails', 'p', false, false),
    ('table dev.legacy_imports', 'specs/20250901000000_baseline.gw:121', 'dev.legacy_imports', 'p', false, false),
    ('table dev.mail_aliases', 'specs/20250901000000_baseline.gw:116', 'dev.mail_aliases', 'p', false, false),
    ('table dev.tasks', 'specs/20250901000000_baseline.gw:130', 'dev.tasks', 'p', false, false),
    ('table dev.user_settings', 'specs/20250901000000_baseline.gw:108', 'dev.user_settings', 'p', false, false),
    ('table dev.users', 'specs/20250901000000_baseline.gw:26', 'dev.users', 'p', false, false),
    ('table ops.access_log', 'specs/20250901000000_baseline.gw:143', 'ops.access_log', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [3/18] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column dev.digests.body', 'specs/20250901000000_baseline.gw:101', 'dev.digests', 'body', 'text', true, true, false, false),
    ('column dev.digests.day', 'specs/20250901000000_baseline.gw:100', 'dev.digests', 'day', 'date', true, false, false, false),
    ('column dev.digests.id', 'specs/20250901000000_baseline.gw:98', 'dev.digests', 'id', 'bigint', true, false, true, false),
    ('column dev.digests.user_id', 'specs/20250901000000_baseline.gw:99', 'dev.digests', 'user_id', 'text', true, false, false, false),
    ('column dev.emails.body', 'specs/20250901000000_baseline.gw:87', 'dev.emails', 'body', 'text', false, false, false, false),
    ('column dev.emails.id', 'specs/20250901000000_baseline.gw:84', 'dev.emails', 'id', 'text', true, false, false, false),
    ('column dev.emails.received_at', 'specs/20250901000000_baseline.gw:88', 'dev.emails', 'received_at', 'timestamp with time zone', true, false, false, false),
    ('column dev.emails.subject', 'specs/20250901000000_baseline.gw:86', 'dev.emails', 'subject', 'text', false, false, false, false),
    ('column dev.emails.user_id', 'specs/20250901000000_baseline.gw:85', 'dev.emails', 'user_id', 'text', true, false, false, false),
    ('column dev.legacy_imports.id', 'specs/20250901000000_baseline.gw:122', 'dev.legacy_imports', 'id', 'integer', true, true, false, false),
    ('column dev.legacy_imports.payload', 'specs/20250901000000_baseline.gw:124', 'dev.legacy_imports', 'payload', 'jsonb', false, false, false, false),
    ('column dev.legacy_imports.user_id', 'specs/20250901000000_baseline.gw:123', 'dev.legacy_imports', 'user_id', 'text', false, false, false, false),
    ('column dev.mail_aliases.alias', 'specs/20250901000000_baseline.gw:117', 'dev.mail_aliases', 'alias', 'text', true, false, false, false),
    ('column dev.mail_aliases.email', 'specs/20250901000000_baseline.gw:118', 'dev.mail_aliases', 'email', 'text', true, false, false, false),
    ('column dev.tasks.done', 'specs/20250901000000_baseline.gw:135', 'dev.tasks', 'done', 'boolean', true, true, false, false),
    ('column dev.tasks.extracted_from_id', 'specs/20250901000000_baseline.gw:133', 'dev.tasks', 'extracted_from_id', 'text', false, false, false, false),
    ('column dev.tasks.id', 'specs/20250901000000_baseline.gw:131', 'dev.tasks', 'id', 'text', true, false, false, false),
    ('column dev.tasks.title', 'specs/20250901000000_baseline.gw:134', 'dev.tasks', 'title', 'text', true, false, false, false),
    ('column dev.tasks.user_id', 'specs/20250901000000_baseline.gw:132', 'dev.tasks', 'user_id', 'text', true, false, false, false),
    ('column dev.user_settings.quiet_hours', 'specs/20250901000000_baseline.gw:110', 'dev.user_settings', 'quiet_hours', 'int4range', false, false, false, false),
    ('column dev.user_settings.theme', 'specs/20250901000000_baseline.gw:111', 'dev.user_settings', 'theme', 'text', true, true, false, false),
    ('column dev.user_settings.user_id', 'specs/20250901000000_baseline.gw:109', 'dev.user_settings', 'user_id', 'text', true, false, false, false),
    ('column dev.users.access_token', 'specs/20250901000000_baseline.gw:31', 'dev.users', 'access_token', 'text', false, false, false, false),
    ('column dev.users.access_token_2', 'specs/20250901000000_baseline.gw:39', 'dev.users', 'access_token_2', 'text', false, false, false, false),
    ('column dev.users.auth_code', 'specs/20250901000000_baseline.gw:35', 'dev.users', 'auth_code', 'text', false, false, false, false),
    ('column dev.users.auth_code_2', 'specs/20250901000000_baseline.gw:43', 'dev.users', 'auth_code_2', 'text', false, false, false, false),
    ('column dev.users.client_id', 'specs/20250901000000_baseline.gw:33', 'dev.users', 'client_id', 'text', false, false, false, false),
    ('column dev.users.client_id_2', 'specs/20250901000000_baseline.gw:41', 'dev.users', 'client_id_2', 'text', false, false, false, false),
    ('column dev.users.client_secret', 'specs/20250901000000_baseline.gw:34', 'dev.users', 'client_secret', 'text', false, false, false, false),
    ('column dev.users.client_secret_2', 'specs/20250901000000_baseline.gw:42', 'dev.users', 'client_secret_2', 'text', false, false, false, false),
    ('column dev.users.created_at', 'specs/20250901000000_baseline.gw:55', 'dev.users', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column dev.users.email', 'specs/20250901000000_baseline.gw:28', 'dev.users', 'email', 'text', true, false, false, false),
    ('column dev.users.email_domain', 'specs/20250901000000_baseline.gw:54', 'dev.users', 'email_domain', 'text', false, true, false, true),
    ('column dev.users.granted_scopes', 'specs/20250901000000_baseline.gw:36', 'dev.users', 'granted_scopes', 'text[]', false, false, false, false),
    ('column dev.users.granted_scopes_2', 'specs/20250901000000_baseline.gw:44', 'dev.users', 'granted_scopes_2', 'text[]', false, false, false, false),
    ('column dev.users.id', 'specs/20250901000000_baseline.gw:27', 'dev.users', 'id', 'text', true, false, false, false),
    ('column dev.users.is_active', 'specs/20250901000000_baseline.gw:53', 'dev.users', 'is_active', 'boolean', true, true, false, false),
    ('column dev.users.locale', 'specs/20250901000000_baseline.gw:49', 'dev.users', 'locale', 'character varying(12)', true, true, false, false),
    ('column dev.users.name', 'specs/20250901000000_baseline.gw:29', 'dev.users', 'name', 'text', false, false, false, false),
    ('column dev.users.picture_url', 'specs/20250901000000_baseline.gw:30', 'dev.users', 'picture_url', 'text', false, false, false, false),
    ('column dev.users.preferences', 'specs/20250901000000_baseline.gw:50', 'dev.users', 'preferences', 'jsonb', true, true, false, false),
    ('column dev.users.referred_by', 'specs/20250901000000_baseline.gw:51', 'dev.users', 'referred_by', 'text', false, false, false, false),
    ('column dev.users.refresh_expired', 'specs/20250901000000_baseline.gw:37', 'dev.users', 'refresh_expired', 'boolean', false, false, false, false),
    ('column dev.users.refresh_expired_2', 'specs/20250901000000_baseline.gw:45', 'dev.users', 'refresh_expired_2', 'boolean', false, true, false, false),
    ('column dev.users.refresh_token', 'specs/20250901000000_baseline.gw:32', 'dev.users', 'refresh_token', 'text', false, false, false, false),
    ('column dev.users.refresh_token_2', 'specs/20250901000000_baseline.gw:40', 'dev.users', 'refresh_token_2', 'text', false, false, false, false),
    ('column dev.users.signal_source_uuid', 'specs/20250901000000_baseline.gw:48', 'dev.users', 'signal_source_uuid', 'text', false, false, false, false),
    ('column dev.users.telegram_id', 'specs/20250901000000_baseline.gw:46', 'dev.users', 'telegram_id', 'text', false, false, false, false),
    ('column dev.users.telegram_signup_token', 'specs/20250901000000_baseline.gw:47', 'dev.users', 'telegram_signup_token', 'text', false, false, false, false),
    ('column dev.users.timezone', 'specs/20250901000000_baseline.gw:38', 'dev.users', 'timezone', 'text', true, true, false, false),
    ('column dev.users.updated_at', 'specs/20250901000000_baseline.gw:56', 'dev.users', 'updated_at', 'timestamp with time zone', true, true, false, false),
    ('column dev.users.user_no', 'specs/20250901000000_baseline.gw:52', 'dev.users', 'user_no', 'bigint', true, false, true, false),
    ('column ops.access_log.action', 'specs/20250901000000_baseline.gw:147', 'ops.access_log', 'action', 'text', true, false, false, false),
    ('column ops.access_log.at', 'specs/20250901000000_baseline.gw:146', 'ops.access_log', 'at', 'timestamp with time zone', true, true, false, false),
    ('column ops.access_log.id', 'specs/20250901000000_baseline.gw:144', 'ops.access_log', 'id', 'bigint', true, false, true, false),
    ('column ops.access_log.user_id', 'specs/20250901000000_baseline.gw:145', 'ops.access_log', 'user_id', 'text', false, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [4/18] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key digests_pkey on dev.digests', 'specs/20250901000000_baseline.gw:98', 'dev.digests', 'digests_pkey', false, false, array['id']),
    ('primary key emails_pkey on dev.emails', 'specs/20250901000000_baseline.gw:84', 'dev.emails', 'emails_pkey', false, false, array['id']),
    ('primary key legacy_imports_pkey on dev.legacy_imports', 'specs/20250901000000_baseline.gw:122', 'dev.legacy_imports', 'legacy_imports_pkey', false, false, array['id']),
    ('primary key mail_aliases_pkey on dev.mail_aliases', 'specs/20250901000000_baseline.gw:117', 'dev.mail_aliases', 'mail_aliases_pkey', false, false, array['alias']),
    ('primary key tasks_pkey on dev.tasks', 'specs/20250901000000_baseline.gw:131', 'dev.tasks', 'tasks_pkey', false, false, array['id']),
    ('primary key user_settings_pkey on dev.user_settings', 'specs/20250901000000_baseline.gw:109', 'dev.user_settings', 'user_settings_pkey', false, false, array['user_id']),
    ('primary key users_pkey on dev.users', 'specs/20250901000000_baseline.gw:27', 'dev.users', 'users_pkey', false, false, array['id']),
    ('primary key access_log_pkey on ops.access_log', 'specs/20250901000000_baseline.gw:144', 'ops.access_log', 'access_log_pkey', false, false, array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [5/18] unique constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'u' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'unique constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('unique constraint digests_user_id_day_key on dev.digests', 'specs/20250901000000_baseline.gw:104', 'dev.digests', 'digests_user_id_day_key', false, false, array['user_id', 'day']),
    ('unique constraint users_email_key on dev.users', 'specs/20250901000000_baseline.gw:28', 'dev.users', 'users_email_key', false, false, array['email']),
    ('unique constraint users_telegram_id_key on dev.users', 'specs/20250901000000_baseline.gw:46', 'dev.users', 'users_telegram_id_key', false, false, array['telegram_id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [6/18] check constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'c' and c.convalidated = d.is_valid)
    then 'PASS' else 'FAIL' end as result, 'check constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('check constraint users_not_own_referrer on dev.users', 'specs/20250901000000_baseline.gw:59', 'dev.users', 'users_not_own_referrer', true),
    ('check constraint users_secret_needs_client on dev.users', 'specs/20250901000000_baseline.gw:60', 'dev.users', 'users_secret_needs_client', true)
  ) as d (object, place, relation, name, is_valid);

-- [7/18] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key digests_user_id_fkey on dev.digests', 'specs/20250901000000_baseline.gw:103', 'dev.digests', 'digests_user_id_fkey', false, false, 'dev.users', true, 'a', 'a', array['user_id'], array['id']),
    ('foreign key emails_user_id_fkey on dev.emails', 'specs/20250901000000_baseline.gw:90', 'dev.emails', 'emails_user_id_fkey', false, false, 'dev.users', true, 'c', 'a', array['user_id'], array['id']),
    ('foreign key legacy_imports_user_fkey on dev.legacy_imports', 'specs/20250901000000_baseline.gw:127', 'dev.legacy_imports', 'legacy_imports_user_fkey', false, false, 'dev.users', false, 'a', 'a', array['user_id'], array['id']),
    ('foreign key alias_of_user on dev.mail_aliases', 'specs/20250901000000_baseline.gw:118', 'dev.mail_aliases', 'alias_of_user', false, false, 'dev.users', true, 'c', 'c', array['email'], array['email']),
    ('foreign key tasks_extracted_from_id_fkey on dev.tasks', 'specs/20250901000000_baseline.gw:137', 'dev.tasks', 'tasks_extracted_from_id_fkey', false, false, 'dev.emails', true, 'n', 'a', array['extracted_from_id'], array['id']),
    ('foreign key user_settings_user_id_fkey on dev.user_settings', 'specs/20250901000000_baseline.gw:109', 'dev.user_settings', 'user_settings_user_id_fkey', true, true, 'dev.users', true, 'c', 'a', array['user_id'], array['id']),
    ('foreign key users_referred_by_fkey on dev.users', 'specs/20250901000000_baseline.gw:58', 'dev.users', 'users_referred_by_fkey', false, false, 'dev.users', true, 'n', 'a', array['referred_by'], array['id']),
    ('foreign key who on ops.access_log', 'specs/20250901000000_baseline.gw:145', 'ops.access_log', 'who', false, false, 'dev.users', true, 'n', 'a', array['user_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [8/18] function: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'function' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('function dev.count_users()', 'specs/20250901000000_baseline.gw:184', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.count_users()') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '443ec4f2742a76d4c8503b019499a113e03741d0f9738573c953a873cd325a46')),
    ('function dev.get_gmail_token(text)', 'specs/20250901000000_baseline.gw:175', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_gmail_token(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '16b7d53e7ed4af2af131ebd24ca752d86264a551356d574c654c5a1d887b56ac')),
    ('function dev.touch_updated_at()', 'specs/20250901000000_baseline.gw:18', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.touch_updated_at()') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '961884ede36208e95ee60b3f0ac36c0f31e63c0e15cf5780b8633dc029543ff0')),
    ('function dev.user_label(dev.users)', 'specs/20250901000000_baseline.gw:191', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = (select oid from pg_catalog.pg_proc where pronamespace = to_regnamespace('dev') and proname = 'user_label' and array(select unnest(proargtypes)) = array[to_regtype('dev.users')]::oid[]) and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'i' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'dfc1412d76c886ba09608fb40ac1aa81bab8e2f7fb8015cc6dc4e0d6a1150d0a'))
  ) as d (object, place, passed);

-- [9/18] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view dev.v_gmail_per_domain', 'specs/20250901000000_baseline.gw:158', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('dev.v_gmail_per_domain') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['domain', 'users', 'connected']::text[])),
    ('view dev.v_gmail_users', 'specs/20250901000000_baseline.gw:151', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('dev.v_gmail_users') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'email', 'connected', 'refresh_expired']::text[])),
    ('view dev.v_people', 'specs/20250901000000_baseline.gw:164', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('dev.v_people') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'email', 'name', 'timezone', 'locale', 'is_active', 'created_at']::text[]))
  ) as d (object, place, passed);

-- [10/18] materialized view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'materialized view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('materialized view dev.mv_user_mail', 'specs/20250901000000_baseline.gw:168', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('dev.mv_user_mail') and c.relkind = 'm' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['user_id', 'mails', 'last_mail']::text[]))
  ) as d (object, place, passed);

-- [11/18] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index dev.emails_user_received_idx', 'specs/20250901000000_baseline.gw:91', 'dev.emails', 'dev.emails_user_received_idx', false, 2, false),
    ('index dev.mv_user_mail_user', 'specs/20250901000000_baseline.gw:171', 'dev.mv_user_mail', 'dev.mv_user_mail_user', true, 1, false),
    ('index dev.tasks_user_idx', 'specs/20250901000000_baseline.gw:139', 'dev.tasks', 'dev.tasks_user_idx', false, 1, true),
    ('index dev.users_created_idx', 'specs/20250901000000_baseline.gw:62', 'dev.users', 'dev.users_created_idx', false, 1, true),
    ('index dev.users_lower_email_idx', 'specs/20250901000000_baseline.gw:63', 'dev.users', 'dev.users_lower_email_idx', false, 1, false),
    ('index dev.users_preferences_idx', 'specs/20250901000000_baseline.gw:66', 'dev.users', 'dev.users_preferences_idx', false, 1, false),
    ('index dev.users_scopes_idx', 'specs/20250901000000_baseline.gw:67', 'dev.users', 'dev.users_scopes_idx', false, 1, false),
    ('index dev.users_signal_idx', 'specs/20250901000000_baseline.gw:65', 'dev.users', 'dev.users_signal_idx', true, 1, true),
    ('index dev.users_signup_token_idx', 'specs/20250901000000_baseline.gw:64', 'dev.users', 'dev.users_signup_token_idx', false, 1, true)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [12/18] statistics: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'statistics' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('statistics dev.users_locale_stats', 'specs/20250901000000_baseline.gw:68', exists (select from pg_catalog.pg_statistic_ext where oid = (select oid from pg_catalog.pg_statistic_ext where stxnamespace = to_regnamespace('dev') and stxname = 'users_locale_stats') and stxrelid = to_regclass('dev.users')))
  ) as d (object, place, passed);

-- [13/18] trigger: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'trigger' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('trigger users_touch on dev.users', 'specs/20250901000000_baseline.gw:70', exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass('dev.users') and t.tgname = 'users_touch' and not t.tgisinternal and t.tgenabled <> 'D' and t.tgfoid = to_regprocedure('dev.touch_updated_at()')))
  ) as d (object, place, passed);

-- [14/18] publication: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'publication' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('publication app_changes', 'specs/20250901000000_baseline.gw:195', exists (select from pg_catalog.pg_publication where pubname = 'app_changes' and not puballtables))
  ) as d (object, place, passed);

-- [15/18] publication table: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'publication table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table dev.emails in publication app_changes', 'specs/20250901000000_baseline.gw:195', exists (select from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid where p.pubname = 'app_changes' and r.prrelid = to_regclass('dev.emails'))),
    ('table dev.users in publication app_changes', 'specs/20250901000000_baseline.gw:195', exists (select from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid where p.pubname = 'app_changes' and r.prrelid = to_regclass('dev.users')))
  ) as d (object, place, passed);

-- [16/18] owner: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'owner' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('owner of table dev.emails', 'specs/20250901000000_baseline.gw:93', exists (select from pg_catalog.pg_class where oid = to_regclass('dev.emails') and relowner = to_regrole('app_owner'))),
    ('owner of function dev.touch_updated_at()', 'specs/20250901000000_baseline.gw:23', exists (select from pg_catalog.pg_proc where oid = to_regprocedure('dev.touch_updated_at()') and proowner = to_regrole('app_owner'))),
    ('owner of table dev.users', 'specs/20250901000000_baseline.gw:75', exists (select from pg_catalog.pg_class where oid = to_regclass('dev.users') and relowner = to_regrole('app_owner')))
  ) as d (object, place, passed);

-- [17/18] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to app_backend on schema dev', 'specs/20250901000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('dev') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['USAGE']::text[])),
    ('grant to app_frontend on schema dev', 'specs/20250901000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('dev') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('app_frontend') order by 1) @> array['USAGE']::text[])),
    ('grant to app_owner on schema dev', 'specs/20250901000000_baseline.gw:11', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('dev') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('app_owner') order by 1) @> array['CREATE', 'USAGE']::text[])),
    ('grant to reporting on schema dev', 'specs/20250901000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('dev') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('reporting') order by 1) @> array['USAGE']::text[])),
    ('grant to app_owner on schema ops', 'specs/20250901000000_baseline.gw:15', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('ops') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('app_owner') order by 1) @> array['USAGE']::text[])),
    ('grant to app_backend on table dev.digests', 'specs/20250901000000_baseline.gw:105', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.digests') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to app_backend on table dev.emails', 'specs/20250901000000_baseline.gw:92', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.emails') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to app_backend on function dev.get_gmail_token(text)', 'specs/20250901000000_baseline.gw:182', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_gmail_token(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.get_gmail_token(text)', 'specs/20250901000000_baseline.gw:181', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_gmail_token(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on table dev.tasks', 'specs/20250901000000_baseline.gw:140', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.tasks') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to app_backend on table dev.user_settings', 'specs/20250901000000_baseline.gw:113', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.user_settings') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to app_backend on table dev.users', 'specs/20250901000000_baseline.gw:73', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.users') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to reporting on table dev.users', 'specs/20250901000000_baseline.gw:74', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.users') and (select count(distinct c.attname) from pg_catalog.pg_attribute c, aclexplode(c.attacl) a where c.attrelid = o.oid and c.attname in ('email', 'id', 'is_active', 'locale', 'name', 'timezone') and a.grantee = to_regrole('reporting') and a.privilege_type = 'SELECT') = 6)),
    ('grant to reporting on view dev.v_gmail_per_domain', 'specs/20250901000000_baseline.gw:161', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.v_gmail_per_domain') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('reporting') order by 1) @> array['SELECT*']::text[])),
    ('grant to app_frontend on view dev.v_people', 'specs/20250901000000_baseline.gw:165', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.v_people') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_frontend') order by 1) @> array['SELECT']::text[])),
    ('grant to reporting on view dev.v_people', 'specs/20250901000000_baseline.gw:165', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.v_people') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('reporting') order by 1) @> array['SELECT']::text[]))
  ) as d (object, place, passed);

-- [18/18] comment: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'comment' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('comment on schema dev', 'specs/20250901000000_baseline.gw:9', obj_description(to_regnamespace('dev'), 'pg_namespace') is not distinct from 'Mail assistant'),
    ('comment on foreign key emails_user_id_fkey on dev.emails', 'specs/20250901000000_baseline.gw:95', obj_description((select oid from pg_catalog.pg_constraint where conrelid = to_regclass('dev.emails') and conname = 'emails_user_id_fkey'), 'pg_constraint') is not distinct from 'Mail goes with its owner'),
    ('comment on function dev.get_gmail_token(text)', 'specs/20250901000000_baseline.gw:180', obj_description(to_regprocedure('dev.get_gmail_token(text)'), 'pg_proc') is not distinct from 'Server side only: returns secrets'),
    ('comment on table dev.users', 'specs/20250901000000_baseline.gw:76', obj_description(to_regclass('dev.users'), 'pg_class') is not distinct from 'People who signed up'),
    ('comment on column dev.users.access_token', 'specs/20250901000000_baseline.gw:31', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.users') and attname = 'access_token' and col_description(attrelid, attnum) = 'Gmail, plain text')),
    ('comment on column dev.users.access_token_2', 'specs/20250901000000_baseline.gw:39', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.users') and attname = 'access_token_2' and col_description(attrelid, attnum) = 'Google Calendar, plain text')),
    ('comment on column dev.users.preferences', 'specs/20250901000000_baseline.gw:50', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.users') and attname = 'preferences' and col_description(attrelid, attnum) = 'Client settings, free form')),
    ('comment on column dev.users.telegram_id', 'specs/20250901000000_baseline.gw:46', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.users') and attname = 'telegram_id' and col_description(attrelid, attnum) = 'Numeric Telegram id as text')),
    ('comment on check constraint users_not_own_referrer on dev.users', 'specs/20250901000000_baseline.gw:78', obj_description((select oid from pg_catalog.pg_constraint where conrelid = to_regclass('dev.users') and conname = 'users_not_own_referrer'), 'pg_constraint') is not distinct from 'Nobody invites themselves'),
    ('comment on trigger users_touch on dev.users', 'specs/20250901000000_baseline.gw:80', obj_description((select oid from pg_catalog.pg_trigger where tgrelid = to_regclass('dev.users') and tgname = 'users_touch'), 'pg_trigger') is not distinct from 'Keeps updated_at honest'),
    ('comment on index dev.users_lower_email_idx', 'specs/20250901000000_baseline.gw:79', obj_description(to_regclass('dev.users_lower_email_idx'), 'pg_class') is not distinct from 'Sign-in by address, any case'),
    ('comment on view dev.v_gmail_users', 'specs/20250901000000_baseline.gw:155', obj_description(to_regclass('dev.v_gmail_users'), 'pg_class') is not distinct from 'Who has mail connected')
  ) as d (object, place, passed);
