-- godwit verify 20250916000000_user_integrations
-- Credentials leave the users table
-- spec: specs/20250916000000_user_integrations.gw
-- checksum: sha256:46415dff27e5c7ac436d137f9c5f7e6d252e25e0859510ffe37663517d724014
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:c12cd46e14ddc80bbc083ed37a7cca2434b0ba7af867368b6bb4cf8e9d41c207

-- [1/18] table: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_class where oid = to_regclass('dev.services') and relkind in ('r', 'p') and relpersistence = 'p' and not relrowsecurity and not relforcerowsecurity), 'table', 'table dev.services', 'declared at specs/20250916000000_user_integrations.gw:217'),
    (exists (select from pg_catalog.pg_class where oid = to_regclass('dev.user_integrations') and relkind in ('r', 'p') and relpersistence = 'p' and not relrowsecurity and not relforcerowsecurity), 'table', 'table dev.user_integrations', 'declared at specs/20250916000000_user_integrations.gw:238')
  ) as declared (passed, kind, object, detail);

-- [2/18] column: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.services') and a.attname = 'auth_type' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = true and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.services.auth_type', 'declared at specs/20250916000000_user_integrations.gw:220'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.services') and a.attname = 'created_at' and not a.attisdropped and a.atttypid = to_regtype('timestamp with time zone') and a.attnotnull = true and a.atthasdef = true and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.services.created_at', 'declared at specs/20250916000000_user_integrations.gw:222'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.services') and a.attname = 'id' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = true and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.services.id', 'declared at specs/20250916000000_user_integrations.gw:218'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.services') and a.attname = 'is_active' and not a.attisdropped and a.atttypid = to_regtype('boolean') and a.attnotnull = true and a.atthasdef = true and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.services.is_active', 'declared at specs/20250916000000_user_integrations.gw:221'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.services') and a.attname = 'name' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = true and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.services.name', 'declared at specs/20250916000000_user_integrations.gw:219'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'access_token' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = false and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.access_token', 'declared at specs/20250916000000_user_integrations.gw:243'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'auth_code' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = false and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.auth_code', 'declared at specs/20250916000000_user_integrations.gw:247'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'client_id' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = false and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.client_id', 'declared at specs/20250916000000_user_integrations.gw:245'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'client_secret' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = false and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.client_secret', 'declared at specs/20250916000000_user_integrations.gw:246'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'credentials' and not a.attisdropped and a.atttypid = to_regtype('jsonb') and a.attnotnull = true and a.atthasdef = true and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.credentials', 'declared at specs/20250916000000_user_integrations.gw:250'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'external_user_id' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = false and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.external_user_id', 'declared at specs/20250916000000_user_integrations.gw:242'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'granted_scopes' and not a.attisdropped and a.atttypid = to_regtype('text[]') and a.attnotnull = false and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.granted_scopes', 'declared at specs/20250916000000_user_integrations.gw:248'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'id' and not a.attisdropped and a.atttypid = to_regtype('bigint') and a.attnotnull = true and a.atthasdef = false and (a.attidentity <> '') = true and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.id', 'declared at specs/20250916000000_user_integrations.gw:239'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'is_active' and not a.attisdropped and a.atttypid = to_regtype('boolean') and a.attnotnull = true and a.atthasdef = true and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.is_active', 'declared at specs/20250916000000_user_integrations.gw:251'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'linked_at' and not a.attisdropped and a.atttypid = to_regtype('timestamp with time zone') and a.attnotnull = true and a.atthasdef = true and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.linked_at', 'declared at specs/20250916000000_user_integrations.gw:252'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'refresh_expired' and not a.attisdropped and a.atttypid = to_regtype('boolean') and a.attnotnull = true and a.atthasdef = true and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.refresh_expired', 'declared at specs/20250916000000_user_integrations.gw:249'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'refresh_token' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = false and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.refresh_token', 'declared at specs/20250916000000_user_integrations.gw:244'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'service_id' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = true and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.service_id', 'declared at specs/20250916000000_user_integrations.gw:241'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'updated_at' and not a.attisdropped and a.atttypid = to_regtype('timestamp with time zone') and a.attnotnull = true and a.atthasdef = true and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.updated_at', 'declared at specs/20250916000000_user_integrations.gw:253'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('dev.user_integrations') and a.attname = 'user_id' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = true and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column dev.user_integrations.user_id', 'declared at specs/20250916000000_user_integrations.gw:240')
  ) as declared (passed, kind, object, detail);

-- [3/18] primary key: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass('dev.services') and c.conname = 'services_pkey' and c.contype = 'p' and c.condeferrable = false and c.condeferred = false and (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k (number, place) join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) = array['id']), 'primary key', 'primary key services_pkey on dev.services', 'declared at specs/20250916000000_user_integrations.gw:218'),
    (exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass('dev.user_integrations') and c.conname = 'user_integrations_pkey' and c.contype = 'p' and c.condeferrable = false and c.condeferred = false and (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k (number, place) join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) = array['id']), 'primary key', 'primary key user_integrations_pkey on dev.user_integrations', 'declared at specs/20250916000000_user_integrations.gw:239')
  ) as declared (passed, kind, object, detail);

-- [4/18] unique constraint: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass('dev.user_integrations') and c.conname = 'user_integrations_user_id_service_id_external_user_id_key' and c.contype = 'u' and c.condeferrable = false and c.condeferred = false and (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k (number, place) join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) = array['user_id', 'service_id', 'external_user_id']), 'unique constraint', 'unique constraint user_integrations_user_id_service_id_external_user_id_key on dev.user_integrations', 'declared at specs/20250916000000_user_integrations.gw:255')
  ) as declared (passed, kind, object, detail);

-- [5/18] check constraint: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass('dev.services') and c.conname = 'services_auth_type_check' and c.contype = 'c' and c.convalidated = true), 'check constraint', 'check constraint services_auth_type_check on dev.services', 'declared at specs/20250916000000_user_integrations.gw:220')
  ) as declared (passed, kind, object, detail);

-- [6/18] foreign key: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass('dev.user_integrations') and c.conname = 'user_integrations_service_id_fkey' and c.contype = 'f' and c.confrelid = to_regclass('dev.services') and c.convalidated = true and c.confdeltype = 'a' and c.confupdtype = 'a' and c.condeferrable = false and c.condeferred = false and (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k (number, place) join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) = array['service_id'] and (select array_agg(a.attname::text order by k.place) from unnest(c.confkey) with ordinality k (number, place) join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number) = array['id']), 'foreign key', 'foreign key user_integrations_service_id_fkey on dev.user_integrations', 'declared at specs/20250916000000_user_integrations.gw:241'),
    (exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass('dev.user_integrations') and c.conname = 'user_integrations_user_id_fkey' and c.contype = 'f' and c.confrelid = to_regclass('dev.users') and c.convalidated = true and c.confdeltype = 'c' and c.confupdtype = 'a' and c.condeferrable = false and c.condeferred = false and (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k (number, place) join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) = array['user_id'] and (select array_agg(a.attname::text order by k.place) from unnest(c.confkey) with ordinality k (number, place) join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number) = array['id']), 'foreign key', 'foreign key user_integrations_user_id_fkey on dev.user_integrations', 'declared at specs/20250916000000_user_integrations.gw:240')
  ) as declared (passed, kind, object, detail);

-- [7/18] function: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.bulk_link_services_to_user(text, jsonb)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'c0e1c69de22893f90f424c8cac098c19d466f65a2027909e98435b09bfcbc731'), 'function', 'function dev.bulk_link_services_to_user(text, jsonb)', 'declared at specs/20250916000000_user_integrations.gw:65'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.cleanup_orphaned_integrations()') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'b8a20f1b07d9f10682ef0aabc2277ebd1b0b3c3abcbe7543d8a669a5a97ba0fe'), 'function', 'function dev.cleanup_orphaned_integrations()', 'declared at specs/20250916000000_user_integrations.gw:105'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.find_incomplete_integrations()') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'b5cdd9d79b1bf500fb4416f7a06723feb95c41e818409612526653b847bf10ec'), 'function', 'function dev.find_incomplete_integrations()', 'declared at specs/20250916000000_user_integrations.gw:175'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_calendar_token(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'ccaaf009bf0056fd62e5ccb54e8c79ee1ac82c4bda231b0014c1318c89ae33ac'), 'function', 'function dev.get_calendar_token(text)', 'declared at specs/20250916000000_user_integrations.gw:152'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_gmail_token(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '1882340f879fd9f3904727413175496b89351da4849bcdce6b4118b14fdb5a13'), 'function', 'function dev.get_gmail_token(text)', 'declared at specs/20250916000000_user_integrations.gw:141'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_user_integration_stats()') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '32d21e50509ea2f4e3968579db6ed428cfb34c8524d119e84b59b8de8f5bc1ac'), 'function', 'function dev.get_user_integration_stats()', 'declared at specs/20250916000000_user_integrations.gw:165'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_user_with_integrations(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'a94bb61ce1100a1e6560015c791474896b684b9d5097d0252f4e3e19e5b46b81'), 'function', 'function dev.get_user_with_integrations(text)', 'declared at specs/20250916000000_user_integrations.gw:184'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_valid_token(text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '5a9a806293d2da5bf81a46392664d1af006fb720679f58d1b70862383bbf4b71'), 'function', 'function dev.get_valid_token(text, text)', 'declared at specs/20250916000000_user_integrations.gw:131'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_gmail(text, text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '41a25c1abe58727b66c7dbe6df3aa9112b638566bb2040d0e70177283914267f'), 'function', 'function dev.link_gmail(text, text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:39'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_google_calendar(text, text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '9ca37b53c02381ed40b1d8b8ae9da4f15c993e1cc1f23666cc2d778ef1132552'), 'function', 'function dev.link_google_calendar(text, text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:44'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'fa45c22110c6e081c1c48734ed769703fdd3ec4fbf184ded038963ded1acc0ce'), 'function', 'function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)', 'declared at specs/20250916000000_user_integrations.gw:11'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_signal(text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '610d0f7b1386208bdec76c0e1bece68efe1fd5050d3f92f3a46572290147d190'), 'function', 'function dev.link_signal(text, text)', 'declared at specs/20250916000000_user_integrations.gw:55'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_telegram(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '94f8eb2c7d7290ce021df8af89f1cdbf57d94f94edb9d910b3d6bed40a5023ee'), 'function', 'function dev.link_telegram(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:49'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_whatsapp(text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'd7122682602da1d7aafa0f59f148a4a88100cf2683c9d92b485fe16ba2af835b'), 'function', 'function dev.link_whatsapp(text, text)', 'declared at specs/20250916000000_user_integrations.gw:60'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.reactivate_service_integration(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'ec97532cf41d60e0151f1e01f1cff7fd7079777a21401d668c6294655a758c90'), 'function', 'function dev.reactivate_service_integration(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:85'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.remove_service_integration(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '92e903fdf676cafedd047d06e171c7848d6eb7a4b12cb3b9d36665fa2005809a'), 'function', 'function dev.remove_service_integration(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:95'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.unlink_service_from_user(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'd74485e745596aa70aeaff06e212b266e35e17eb000ffac0ae13f6f2c727f6f9'), 'function', 'function dev.unlink_service_from_user(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:75'),
    (exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.update_integration_tokens(text, text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '5a4300b5ad8c8180262d2d5c9fc180f377ebb8957ee448ac766baa8aacad3134'), 'function', 'function dev.update_integration_tokens(text, text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:116')
  ) as declared (passed, kind, object, detail);

-- [8/18] view: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_class c where c.oid = to_regclass('dev.v_gmail_users') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'email', 'connected', 'refresh_expired']::text[]), 'view', 'view dev.v_gmail_users', 'declared at specs/20250916000000_user_integrations.gw:349')
  ) as declared (passed, kind, object, detail);

-- [9/18] index: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid where c.oid = to_regclass('dev.user_integrations_one_owner') and i.indrelid = to_regclass('dev.user_integrations') and i.indisvalid and i.indisunique = true and i.indnkeyatts = 2 and (i.indpred is not null) = true), 'index', 'index dev.user_integrations_one_owner', 'declared at specs/20250916000000_user_integrations.gw:258'),
    (exists (select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid where c.oid = to_regclass('dev.user_integrations_service_id_idx') and i.indrelid = to_regclass('dev.user_integrations') and i.indisvalid and i.indisunique = false and i.indnkeyatts = 1 and (i.indpred is not null) = false), 'index', 'index dev.user_integrations_service_id_idx', 'declared at specs/20250916000000_user_integrations.gw:256')
  ) as declared (passed, kind, object, detail);

-- [10/18] trigger: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass('dev.user_integrations') and t.tgname = 'user_integrations_touch' and not t.tgisinternal and t.tgenabled <> 'D' and t.tgfoid = to_regprocedure('dev.touch_updated_at()')), 'trigger', 'trigger user_integrations_touch on dev.user_integrations', 'declared at specs/20250916000000_user_integrations.gw:261')
  ) as declared (passed, kind, object, detail);

-- [11/18] owner: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_class where oid = to_regclass('dev.services') and relowner = to_regrole('app_owner')), 'owner', 'owner of table dev.services', 'declared at specs/20250916000000_user_integrations.gw:224'),
    (exists (select from pg_catalog.pg_class where oid = to_regclass('dev.user_integrations') and relowner = to_regrole('app_owner')), 'owner', 'owner of table dev.user_integrations', 'declared at specs/20250916000000_user_integrations.gw:263')
  ) as declared (passed, kind, object, detail);

-- [12/18] grant: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.bulk_link_services_to_user(text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.bulk_link_services_to_user(text, jsonb)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.bulk_link_services_to_user(text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.bulk_link_services_to_user(text, jsonb)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.cleanup_orphaned_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.cleanup_orphaned_integrations()', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.cleanup_orphaned_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.cleanup_orphaned_integrations()', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.find_incomplete_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.find_incomplete_integrations()', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.find_incomplete_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.find_incomplete_integrations()', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_calendar_token(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.get_calendar_token(text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_calendar_token(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.get_calendar_token(text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_integration_stats()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.get_user_integration_stats()', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_integration_stats()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.get_user_integration_stats()', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_with_integrations(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.get_user_with_integrations(text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_with_integrations(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.get_user_with_integrations(text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_valid_token(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.get_valid_token(text, text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_valid_token(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.get_valid_token(text, text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_gmail(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.link_gmail(text, text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_gmail(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.link_gmail(text, text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_google_calendar(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.link_google_calendar(text, text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_google_calendar(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.link_google_calendar(text, text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_signal(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.link_signal(text, text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_signal(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.link_signal(text, text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_telegram(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.link_telegram(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_telegram(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.link_telegram(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_whatsapp(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.link_whatsapp(text, text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_whatsapp(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.link_whatsapp(text, text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.reactivate_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.reactivate_service_integration(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.reactivate_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.reactivate_service_integration(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.remove_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.remove_service_integration(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.remove_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.remove_service_integration(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.services') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['SELECT']::text[]), 'grant', 'grant to app_backend on table dev.services', 'declared at specs/20250916000000_user_integrations.gw:225'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.unlink_service_from_user(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.unlink_service_from_user(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.unlink_service_from_user(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.unlink_service_from_user(text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.update_integration_tokens(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[]), 'grant', 'grant to app_backend on function dev.update_integration_tokens(text, text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:203'),
    (exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.update_integration_tokens(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[]), 'grant', 'grant to public on function dev.update_integration_tokens(text, text, text, text)', 'declared at specs/20250916000000_user_integrations.gw:195'),
    (exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.user_integrations') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[]), 'grant', 'grant to app_backend on table dev.user_integrations', 'declared at specs/20250916000000_user_integrations.gw:264')
  ) as declared (passed, kind, object, detail);

-- [13/18] comment: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (obj_description(to_regprocedure('dev.get_calendar_token(text)'), 'pg_proc') is not distinct from 'Server side only: returns secrets', 'comment', 'comment on function dev.get_calendar_token(text)', 'declared at specs/20250916000000_user_integrations.gw:211'),
    (obj_description(to_regprocedure('dev.get_user_with_integrations(text)'), 'pg_proc') is not distinct from 'Server side only: returns secrets', 'comment', 'comment on function dev.get_user_with_integrations(text)', 'declared at specs/20250916000000_user_integrations.gw:213'),
    (obj_description(to_regprocedure('dev.get_valid_token(text, text)'), 'pg_proc') is not distinct from 'Server side only: returns secrets', 'comment', 'comment on function dev.get_valid_token(text, text)', 'declared at specs/20250916000000_user_integrations.gw:212'),
    (obj_description(to_regclass('dev.services'), 'pg_class') is not distinct from 'Outside services that people can connect', 'comment', 'comment on table dev.services', 'declared at specs/20250916000000_user_integrations.gw:226'),
    (obj_description(to_regclass('dev.user_integrations'), 'pg_class') is not distinct from 'One row per person, service and account; holds secrets', 'comment', 'comment on table dev.user_integrations', 'declared at specs/20250916000000_user_integrations.gw:265'),
    (exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'access_token' and col_description(attrelid, attnum) = 'Plain text, as it was in users'), 'comment', 'comment on column dev.user_integrations.access_token', 'declared at specs/20250916000000_user_integrations.gw:243'),
    (exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'client_secret' and col_description(attrelid, attnum) = 'Plain text, as it was in users'), 'comment', 'comment on column dev.user_integrations.client_secret', 'declared at specs/20250916000000_user_integrations.gw:246'),
    (exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'credentials' and col_description(attrelid, attnum) = 'What only some services have, such as signup_token'), 'comment', 'comment on column dev.user_integrations.credentials', 'declared at specs/20250916000000_user_integrations.gw:250'),
    (exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'external_user_id' and col_description(attrelid, attnum) = 'The account at the service: address, id, uuid or phone number'), 'comment', 'comment on column dev.user_integrations.external_user_id', 'declared at specs/20250916000000_user_integrations.gw:242'),
    (exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'is_active' and col_description(attrelid, attnum) = 'False: unlinked, kept for reactivation'), 'comment', 'comment on column dev.user_integrations.is_active', 'declared at specs/20250916000000_user_integrations.gw:251'),
    (exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'refresh_token' and col_description(attrelid, attnum) = 'Plain text, as it was in users'), 'comment', 'comment on column dev.user_integrations.refresh_token', 'declared at specs/20250916000000_user_integrations.gw:244')
  ) as declared (passed, kind, object, detail);

-- [14/18] check after: integrations without a person (specs/20250916000000_user_integrations.gw:377)
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

-- [15/18] check after: integrations without a service (specs/20250916000000_user_integrations.gw:380)
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

-- [16/18] check after: nobody uses WhatsApp yet (specs/20250916000000_user_integrations.gw:384)
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

-- [17/18] check after: null sign-up tokens (specs/20250916000000_user_integrations.gw:383)
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

-- [18/18] check after: the five services (specs/20250916000000_user_integrations.gw:385)
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
