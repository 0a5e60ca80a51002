-- godwit verify 20250916000000_user_integrations
-- Credentials leave the users table
-- spec: specs/20250916000000_user_integrations.gw
-- checksum: sha256:46415dff27e5c7ac436d137f9c5f7e6d252e25e0859510ffe37663517d724014
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:00a152019e48256d7983dffd0bdd19d4397e413839a81b4f78b523f22c95e703

-- [1/34] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table dev.services', 'specs/20250916000000_user_integrations.gw:217', 'dev.services', 'p', false, false),
    ('table dev.user_integrations', 'specs/20250916000000_user_integrations.gw:238', 'dev.user_integrations', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [2/34] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column dev.services.auth_type', 'specs/20250916000000_user_integrations.gw:220', 'dev.services', 'auth_type', 'text', true, false, false, false),
    ('column dev.services.created_at', 'specs/20250916000000_user_integrations.gw:222', 'dev.services', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column dev.services.id', 'specs/20250916000000_user_integrations.gw:218', 'dev.services', 'id', 'text', true, false, false, false),
    ('column dev.services.is_active', 'specs/20250916000000_user_integrations.gw:221', 'dev.services', 'is_active', 'boolean', true, true, false, false),
    ('column dev.services.name', 'specs/20250916000000_user_integrations.gw:219', 'dev.services', 'name', 'text', true, false, false, false),
    ('column dev.user_integrations.access_token', 'specs/20250916000000_user_integrations.gw:243', 'dev.user_integrations', 'access_token', 'text', false, false, false, false),
    ('column dev.user_integrations.auth_code', 'specs/20250916000000_user_integrations.gw:247', 'dev.user_integrations', 'auth_code', 'text', false, false, false, false),
    ('column dev.user_integrations.client_id', 'specs/20250916000000_user_integrations.gw:245', 'dev.user_integrations', 'client_id', 'text', false, false, false, false),
    ('column dev.user_integrations.client_secret', 'specs/20250916000000_user_integrations.gw:246', 'dev.user_integrations', 'client_secret', 'text', false, false, false, false),
    ('column dev.user_integrations.credentials', 'specs/20250916000000_user_integrations.gw:250', 'dev.user_integrations', 'credentials', 'jsonb', true, true, false, false),
    ('column dev.user_integrations.external_user_id', 'specs/20250916000000_user_integrations.gw:242', 'dev.user_integrations', 'external_user_id', 'text', false, false, false, false),
    ('column dev.user_integrations.granted_scopes', 'specs/20250916000000_user_integrations.gw:248', 'dev.user_integrations', 'granted_scopes', 'text[]', false, false, false, false),
    ('column dev.user_integrations.id', 'specs/20250916000000_user_integrations.gw:239', 'dev.user_integrations', 'id', 'bigint', true, false, true, false),
    ('column dev.user_integrations.is_active', 'specs/20250916000000_user_integrations.gw:251', 'dev.user_integrations', 'is_active', 'boolean', true, true, false, false),
    ('column dev.user_integrations.linked_at', 'specs/20250916000000_user_integrations.gw:252', 'dev.user_integrations', 'linked_at', 'timestamp with time zone', true, true, false, false),
    ('column dev.user_integrations.refresh_expired', 'specs/20250916000000_user_integrations.gw:249', 'dev.user_integrations', 'refresh_expired', 'boolean', true, true, false, false),
    ('column dev.user_integrations.refresh_token', 'specs/20250916000000_user_integrations.gw:244', 'dev.user_integrations', 'refresh_token', 'text', false, false, false, false),
    ('column dev.user_integrations.service_id', 'specs/20250916000000_user_integrations.gw:241', 'dev.user_integrations', 'service_id', 'text', true, false, false, false),
    ('column dev.user_integrations.updated_at', 'specs/20250916000000_user_integrations.gw:253', 'dev.user_integrations', 'updated_at', 'timestamp with time zone', true, true, false, false),
    ('column dev.user_integrations.user_id', 'specs/20250916000000_user_integrations.gw:240', 'dev.user_integrations', 'user_id', 'text', true, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [3/34] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key services_pkey on dev.services', 'specs/20250916000000_user_integrations.gw:218', 'dev.services', 'services_pkey', false, false, array['id']),
    ('primary key user_integrations_pkey on dev.user_integrations', 'specs/20250916000000_user_integrations.gw:239', 'dev.user_integrations', 'user_integrations_pkey', false, false, array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [4/34] unique constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'u' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'unique constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('unique constraint user_integrations_user_id_service_id_external_user_id_key on dev.user_integrations', 'specs/20250916000000_user_integrations.gw:255', 'dev.user_integrations', 'user_integrations_user_id_service_id_external_user_id_key', false, false, array['user_id', 'service_id', 'external_user_id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [5/34] check constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'c' and c.convalidated = d.is_valid)
    then 'PASS' else 'FAIL' end as result, 'check constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('check constraint services_auth_type_check on dev.services', 'specs/20250916000000_user_integrations.gw:220', 'dev.services', 'services_auth_type_check', true)
  ) as d (object, place, relation, name, is_valid);

-- [6/34] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key user_integrations_service_id_fkey on dev.user_integrations', 'specs/20250916000000_user_integrations.gw:241', 'dev.user_integrations', 'user_integrations_service_id_fkey', false, false, 'dev.services', true, 'a', 'a', array['service_id'], array['id']),
    ('foreign key user_integrations_user_id_fkey on dev.user_integrations', 'specs/20250916000000_user_integrations.gw:240', 'dev.user_integrations', 'user_integrations_user_id_fkey', false, false, 'dev.users', true, 'c', 'a', array['user_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [7/34] function: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'function' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('function dev.bulk_link_services_to_user(text, jsonb)', 'specs/20250916000000_user_integrations.gw:65', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.bulk_link_services_to_user(text, jsonb)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'c0e1c69de22893f90f424c8cac098c19d466f65a2027909e98435b09bfcbc731')),
    ('function dev.cleanup_orphaned_integrations()', 'specs/20250916000000_user_integrations.gw:105', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.cleanup_orphaned_integrations()') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'b8a20f1b07d9f10682ef0aabc2277ebd1b0b3c3abcbe7543d8a669a5a97ba0fe')),
    ('function dev.find_incomplete_integrations()', 'specs/20250916000000_user_integrations.gw:175', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.find_incomplete_integrations()') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'b5cdd9d79b1bf500fb4416f7a06723feb95c41e818409612526653b847bf10ec')),
    ('function dev.get_calendar_token(text)', 'specs/20250916000000_user_integrations.gw:152', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_calendar_token(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'ccaaf009bf0056fd62e5ccb54e8c79ee1ac82c4bda231b0014c1318c89ae33ac')),
    ('function dev.get_gmail_token(text)', 'specs/20250916000000_user_integrations.gw:141', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_gmail_token(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '1882340f879fd9f3904727413175496b89351da4849bcdce6b4118b14fdb5a13')),
    ('function dev.get_user_integration_stats()', 'specs/20250916000000_user_integrations.gw:165', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_user_integration_stats()') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '32d21e50509ea2f4e3968579db6ed428cfb34c8524d119e84b59b8de8f5bc1ac')),
    ('function dev.get_user_with_integrations(text)', 'specs/20250916000000_user_integrations.gw:184', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_user_with_integrations(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'a94bb61ce1100a1e6560015c791474896b684b9d5097d0252f4e3e19e5b46b81')),
    ('function dev.get_valid_token(text, text)', 'specs/20250916000000_user_integrations.gw:131', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_valid_token(text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '5a9a806293d2da5bf81a46392664d1af006fb720679f58d1b70862383bbf4b71')),
    ('function dev.link_gmail(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:39', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_gmail(text, text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '41a25c1abe58727b66c7dbe6df3aa9112b638566bb2040d0e70177283914267f')),
    ('function dev.link_google_calendar(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:44', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_google_calendar(text, text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '9ca37b53c02381ed40b1d8b8ae9da4f15c993e1cc1f23666cc2d778ef1132552')),
    ('function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)', 'specs/20250916000000_user_integrations.gw:11', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'fa45c22110c6e081c1c48734ed769703fdd3ec4fbf184ded038963ded1acc0ce')),
    ('function dev.link_signal(text, text)', 'specs/20250916000000_user_integrations.gw:55', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_signal(text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '610d0f7b1386208bdec76c0e1bece68efe1fd5050d3f92f3a46572290147d190')),
    ('function dev.link_telegram(text, text, text)', 'specs/20250916000000_user_integrations.gw:49', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_telegram(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '94f8eb2c7d7290ce021df8af89f1cdbf57d94f94edb9d910b3d6bed40a5023ee')),
    ('function dev.link_whatsapp(text, text)', 'specs/20250916000000_user_integrations.gw:60', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_whatsapp(text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'd7122682602da1d7aafa0f59f148a4a88100cf2683c9d92b485fe16ba2af835b')),
    ('function dev.reactivate_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:85', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.reactivate_service_integration(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'ec97532cf41d60e0151f1e01f1cff7fd7079777a21401d668c6294655a758c90')),
    ('function dev.remove_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:95', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.remove_service_integration(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '92e903fdf676cafedd047d06e171c7848d6eb7a4b12cb3b9d36665fa2005809a')),
    ('function dev.unlink_service_from_user(text, text, text)', 'specs/20250916000000_user_integrations.gw:75', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.unlink_service_from_user(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'd74485e745596aa70aeaff06e212b266e35e17eb000ffac0ae13f6f2c727f6f9')),
    ('function dev.update_integration_tokens(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:116', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.update_integration_tokens(text, text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '5a4300b5ad8c8180262d2d5c9fc180f377ebb8957ee448ac766baa8aacad3134'))
  ) as d (object, place, passed);

-- [8/34] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view dev.v_gmail_users', 'specs/20250916000000_user_integrations.gw:349', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('dev.v_gmail_users') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'email', 'connected', 'refresh_expired']::text[]))
  ) as d (object, place, passed);

-- [9/34] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index dev.user_integrations_one_owner', 'specs/20250916000000_user_integrations.gw:258', 'dev.user_integrations', 'dev.user_integrations_one_owner', true, 2, true),
    ('index dev.user_integrations_service_id_idx', 'specs/20250916000000_user_integrations.gw:256', 'dev.user_integrations', 'dev.user_integrations_service_id_idx', false, 1, false)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [10/34] trigger: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'trigger' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('trigger user_integrations_touch on dev.user_integrations', 'specs/20250916000000_user_integrations.gw:261', exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass('dev.user_integrations') and t.tgname = 'user_integrations_touch' and not t.tgisinternal and t.tgenabled <> 'D' and t.tgfoid = to_regprocedure('dev.touch_updated_at()')))
  ) as d (object, place, passed);

-- [11/34] owner: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'owner' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('owner of table dev.services', 'specs/20250916000000_user_integrations.gw:224', exists (select from pg_catalog.pg_class where oid = to_regclass('dev.services') and relowner = to_regrole('app_owner'))),
    ('owner of table dev.user_integrations', 'specs/20250916000000_user_integrations.gw:263', exists (select from pg_catalog.pg_class where oid = to_regclass('dev.user_integrations') and relowner = to_regrole('app_owner')))
  ) as d (object, place, passed);

-- [12/34] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to app_backend on function dev.bulk_link_services_to_user(text, jsonb)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.bulk_link_services_to_user(text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.bulk_link_services_to_user(text, jsonb)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.bulk_link_services_to_user(text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.cleanup_orphaned_integrations()', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.cleanup_orphaned_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.cleanup_orphaned_integrations()', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.cleanup_orphaned_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.find_incomplete_integrations()', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.find_incomplete_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.find_incomplete_integrations()', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.find_incomplete_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.get_calendar_token(text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_calendar_token(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.get_calendar_token(text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_calendar_token(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.get_user_integration_stats()', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_integration_stats()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.get_user_integration_stats()', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_integration_stats()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.get_user_with_integrations(text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_with_integrations(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.get_user_with_integrations(text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_with_integrations(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.get_valid_token(text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_valid_token(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.get_valid_token(text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_valid_token(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_gmail(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_gmail(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_gmail(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_gmail(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_google_calendar(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_google_calendar(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_google_calendar(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_google_calendar(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_signal(text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_signal(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_signal(text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_signal(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_telegram(text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_telegram(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_telegram(text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_telegram(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_whatsapp(text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_whatsapp(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_whatsapp(text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_whatsapp(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.reactivate_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.reactivate_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.reactivate_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.reactivate_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.remove_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.remove_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.remove_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.remove_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on table dev.services', 'specs/20250916000000_user_integrations.gw:225', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.services') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['SELECT']::text[])),
    ('grant to app_backend on function dev.unlink_service_from_user(text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.unlink_service_from_user(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.unlink_service_from_user(text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.unlink_service_from_user(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.update_integration_tokens(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.update_integration_tokens(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.update_integration_tokens(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.update_integration_tokens(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on table dev.user_integrations', 'specs/20250916000000_user_integrations.gw:264', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.user_integrations') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[]))
  ) as d (object, place, passed);

-- [13/34] comment: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'comment' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('comment on function dev.get_calendar_token(text)', 'specs/20250916000000_user_integrations.gw:211', obj_description(to_regprocedure('dev.get_calendar_token(text)'), 'pg_proc') is not distinct from 'Server side only: returns secrets'),
    ('comment on function dev.get_user_with_integrations(text)', 'specs/20250916000000_user_integrations.gw:213', obj_description(to_regprocedure('dev.get_user_with_integrations(text)'), 'pg_proc') is not distinct from 'Server side only: returns secrets'),
    ('comment on function dev.get_valid_token(text, text)', 'specs/20250916000000_user_integrations.gw:212', obj_description(to_regprocedure('dev.get_valid_token(text, text)'), 'pg_proc') is not distinct from 'Server side only: returns secrets'),
    ('comment on table dev.services', 'specs/20250916000000_user_integrations.gw:226', obj_description(to_regclass('dev.services'), 'pg_class') is not distinct from 'Outside services that people can connect'),
    ('comment on table dev.user_integrations', 'specs/20250916000000_user_integrations.gw:265', obj_description(to_regclass('dev.user_integrations'), 'pg_class') is not distinct from 'One row per person, service and account; holds secrets'),
    ('comment on column dev.user_integrations.access_token', 'specs/20250916000000_user_integrations.gw:243', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'access_token' and col_description(attrelid, attnum) = 'Plain text, as it was in users')),
    ('comment on column dev.user_integrations.client_secret', 'specs/20250916000000_user_integrations.gw:246', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'client_secret' and col_description(attrelid, attnum) = 'Plain text, as it was in users')),
    ('comment on column dev.user_integrations.credentials', 'specs/20250916000000_user_integrations.gw:250', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'credentials' and col_description(attrelid, attnum) = 'What only some services have, such as signup_token')),
    ('comment on column dev.user_integrations.external_user_id', 'specs/20250916000000_user_integrations.gw:242', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'external_user_id' and col_description(attrelid, attnum) = 'The account at the service: address, id, uuid or phone number')),
    ('comment on column dev.user_integrations.is_active', 'specs/20250916000000_user_integrations.gw:251', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'is_active' and col_description(attrelid, attnum) = 'False: unlinked, kept for reactivation')),
    ('comment on column dev.user_integrations.refresh_token', 'specs/20250916000000_user_integrations.gw:244', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'refresh_token' and col_description(attrelid, attnum) = 'Plain text, as it was in users'))
  ) as d (object, place, passed);

-- [14/34] check after: integrations without a person (specs/20250916000000_user_integrations.gw:377)
--   locks dev.user_integrations (access share), dev.users (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations as i
   where not exists (select from dev.users u where u.id = i.user_id);
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select i.id::text as k
              from dev.user_integrations as i
   where not exists (select from dev.users u where u.id = i.user_id)
             order by i.id limit 10) as offending;
    raise exception 'check "integrations without a person" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "integrations without a person" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [15/34] check after: integrations without a service (specs/20250916000000_user_integrations.gw:380)
--   locks dev.services (access share), dev.user_integrations (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations as i
   where not exists (select from dev.services s where s.id = i.service_id);
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select i.id::text as k
              from dev.user_integrations as i
   where not exists (select from dev.services s where s.id = i.service_id)
             order by i.id limit 10) as offending;
    raise exception 'check "integrations without a service" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "integrations without a service" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [16/34] check after: nobody uses WhatsApp yet (specs/20250916000000_user_integrations.gw:384)
--   locks dev.user_integrations (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations
   where service_id = 'whatsapp';
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select user_integrations.id::text as k
              from dev.user_integrations
   where service_id = 'whatsapp'
             order by user_integrations.id limit 10) as offending;
    raise exception 'check "nobody uses WhatsApp yet" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "nobody uses WhatsApp yet" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [17/34] check after: null sign-up tokens (specs/20250916000000_user_integrations.gw:383)
--   locks dev.user_integrations (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations
   where credentials @> '{"signup_token": null}';
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select user_integrations.id::text as k
              from dev.user_integrations
   where credentials @> '{"signup_token": null}'
             order by user_integrations.id limit 10) as offending;
    raise exception 'check "null sign-up tokens" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "null sign-up tokens" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [18/34] check after: the five services (specs/20250916000000_user_integrations.gw:385)
--   locks dev.services (access share); scan
do $$
#variable_conflict use_column
begin
  if ((select count(*) from dev.services) = 5) is true then
    raise notice 'check "the five services" passed';
  else
    raise exception 'check "the five services" failed' using errcode = 'GW002';
  end if;
end $$;

-- [19/34] where godwit_kept.moved_gmail_20356282 is still there
select to_regclass('godwit_kept.moved_gmail_20356282') is not null as kept_1
\gset
\if :kept_1

-- [20/34] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [21/34] compare move gmail (specs/20250916000000_user_integrations.gw:271)
--   keys of: dev.users
--   ranges by: id
--   needs godwit_kept.moved_gmail_20356282: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250916000000_user_integrations', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved; null: written since
  select users.id as source_id,
         case when age(users.xmin) >= (select since from applied) then hashtextextended(row(
             id,
             'gmail'::text,
             email,
             _gw_keep_access_token,
             _gw_keep_refresh_token,
             _gw_keep_client_id,
             _gw_keep_client_secret,
             _gw_keep_auth_code,
             _gw_keep_granted_scopes,
             coalesce(_gw_keep_refresh_expired, false))::text, 0) end as given
    from dev.users
   where true  -- or a range of users.id
     and exists (select from godwit_kept.moved_gmail_20356282 as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = users.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(
             target.user_id,
             target.service_id,
             target.external_user_id,
             target.access_token,
             target.refresh_token,
             target.client_id,
             target.client_secret,
             target.auth_code,
             target.granted_scopes,
             target.refresh_expired)::text, 0) end as held
    from godwit_kept.moved_gmail_20356282 as kept
    left join source on source.source_id = kept.source_id
    left join dev.user_integrations as target
      on target.user_id = kept.target_user_id
      and target.service_id = kept.target_service_id
      and target.external_user_id = kept.target_external_user_id
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
  select users.id::text as row_key, row_number() over (order by users.id) as place
    from dev.users
   where true  -- or a range of users.id
     and not exists (select from godwit_kept.moved_gmail_20356282 as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = users.id)
     and (_gw_keep_access_token is not null or _gw_keep_refresh_token is not null or _gw_keep_client_id is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move gmail' as object,
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

-- [22/34] so far
\endif

-- [23/34] where godwit_kept.moved_google_calendar_20356282 is still there
select to_regclass('godwit_kept.moved_google_calendar_20356282') is not null as kept_2
\gset
\if :kept_2

-- [24/34] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [25/34] compare move google_calendar (specs/20250916000000_user_integrations.gw:296)
--   keys of: dev.users
--   ranges by: id
--   needs godwit_kept.moved_google_calendar_20356282: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250916000000_user_integrations', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved; null: written since
  select users.id as source_id,
         case when age(users.xmin) >= (select since from applied) then hashtextextended(row(
             id,
             'google_calendar'::text,
             email,
             _gw_keep_access_token_2,
             _gw_keep_refresh_token_2,
             _gw_keep_client_id_2,
             _gw_keep_client_secret_2,
             _gw_keep_auth_code_2,
             _gw_keep_granted_scopes_2,
             coalesce(_gw_keep_refresh_expired_2, false))::text, 0) end as given
    from dev.users
   where true  -- or a range of users.id
     and exists (select from godwit_kept.moved_google_calendar_20356282 as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = users.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(
             target.user_id,
             target.service_id,
             target.external_user_id,
             target.access_token,
             target.refresh_token,
             target.client_id,
             target.client_secret,
             target.auth_code,
             target.granted_scopes,
             target.refresh_expired)::text, 0) end as held
    from godwit_kept.moved_google_calendar_20356282 as kept
    left join source on source.source_id = kept.source_id
    left join dev.user_integrations as target
      on target.user_id = kept.target_user_id
      and target.service_id = kept.target_service_id
      and target.external_user_id = kept.target_external_user_id
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
  select users.id::text as row_key, row_number() over (order by users.id) as place
    from dev.users
   where true  -- or a range of users.id
     and not exists (select from godwit_kept.moved_google_calendar_20356282 as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = users.id)
     and (_gw_keep_access_token_2 is not null or _gw_keep_refresh_token_2 is not null or _gw_keep_client_id_2 is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move google_calendar' as object,
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

-- [26/34] so far
\endif

-- [27/34] where godwit_kept.moved_signal_20356282 is still there
select to_regclass('godwit_kept.moved_signal_20356282') is not null as kept_3
\gset
\if :kept_3

-- [28/34] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [29/34] compare move signal (specs/20250916000000_user_integrations.gw:334)
--   keys of: dev.users
--   ranges by: id
--   needs godwit_kept.moved_signal_20356282: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250916000000_user_integrations', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved
  select users.id as source_id,
         hashtextextended(row(id, 'signal'::text, _gw_keep_signal_source_uuid)::text, 0) as given
    from dev.users
   where true  -- or a range of users.id
     and exists (select from godwit_kept.moved_signal_20356282 as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = users.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.user_id, target.service_id, target.external_user_id)::text, 0) end as held
    from godwit_kept.moved_signal_20356282 as kept
    left join source on source.source_id = kept.source_id
    left join dev.user_integrations as target
      on target.user_id = kept.target_user_id
      and target.service_id = kept.target_service_id
      and target.external_user_id is not distinct from kept.target_external_user_id
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
  select users.id::text as row_key, row_number() over (order by users.id) as place
    from dev.users
   where true  -- or a range of users.id
     and not exists (select from godwit_kept.moved_signal_20356282 as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = users.id)
     and (_gw_keep_signal_source_uuid is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move signal' as object,
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

-- [30/34] so far
\endif

-- [31/34] where godwit_kept.moved_telegram_20356282 is still there
select to_regclass('godwit_kept.moved_telegram_20356282') is not null as kept_4
\gset
\if :kept_4

-- [32/34] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [33/34] compare move telegram (specs/20250916000000_user_integrations.gw:321)
--   keys of: dev.users
--   ranges by: id
--   needs godwit_kept.moved_telegram_20356282: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250916000000_user_integrations', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved
  select users.id as source_id,
         hashtextextended(row(
             id,
             'telegram'::text,
             _gw_keep_telegram_id,
             jsonb_strip_nulls(jsonb_build_object('signup_token', _gw_keep_telegram_signup_token)))::text, 0) as given
    from dev.users
   where true  -- or a range of users.id
     and exists (select from godwit_kept.moved_telegram_20356282 as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = users.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(
             target.user_id,
             target.service_id,
             target.external_user_id,
             target.credentials)::text, 0) end as held
    from godwit_kept.moved_telegram_20356282 as kept
    left join source on source.source_id = kept.source_id
    left join dev.user_integrations as target
      on target.user_id = kept.target_user_id
      and target.service_id = kept.target_service_id
      and target.external_user_id is not distinct from kept.target_external_user_id
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
  select users.id::text as row_key, row_number() over (order by users.id) as place
    from dev.users
   where true  -- or a range of users.id
     and not exists (select from godwit_kept.moved_telegram_20356282 as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = users.id)
     and (_gw_keep_telegram_id is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move telegram' as object,
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

-- [34/34] so far
\endif
