-- godwit verify 20250101000000_people
-- People
-- spec: specs/20250101000000_people.gw
-- checksum: sha256:4b330632f3e84c2a40d4ba761e44b29d2afbab5bb19c928c830d8b17e8808058
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:6b94f01ee04d20f610290b9786d3990e901f2794d4fecb67d02e879bf6347c91

-- [1/7] schema: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (to_regnamespace('app') is not null, 'schema', 'schema app', 'declared at specs/20250101000000_people.gw:4')
  ) as declared (passed, kind, object, detail);

-- [2/7] table: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_class where oid = to_regclass('app.people') and relkind in ('r', 'p') and relpersistence = 'p' and not relrowsecurity and not relforcerowsecurity), 'table', 'table app.people', 'declared at specs/20250101000000_people.gw:6')
  ) as declared (passed, kind, object, detail);

-- [3/7] column: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('app.people') and a.attname = 'created_at' and not a.attisdropped and a.atttypid = to_regtype('timestamp with time zone') and a.attnotnull = true and a.atthasdef = true and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column app.people.created_at', 'declared at specs/20250101000000_people.gw:10'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('app.people') and a.attname = 'id' and not a.attisdropped and a.atttypid = to_regtype('bigint') and a.attnotnull = true and a.atthasdef = false and (a.attidentity <> '') = true and (a.attgenerated <> '') = false), 'column', 'column app.people.id', 'declared at specs/20250101000000_people.gw:7'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('app.people') and a.attname = 'name' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = true and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column app.people.name', 'declared at specs/20250101000000_people.gw:8'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('app.people') and a.attname = 'phone' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = false and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column app.people.phone', 'declared at specs/20250101000000_people.gw:9')
  ) as declared (passed, kind, object, detail);

-- [4/7] primary key: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass('app.people') and c.conname = 'people_pkey' and c.contype = 'p' and c.condeferrable = false and c.condeferred = false and (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k (number, place) join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) = array['id']), 'primary key', 'primary key people_pkey on app.people', 'declared at specs/20250101000000_people.gw:7')
  ) as declared (passed, kind, object, detail);

-- [5/7] check constraint: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass('app.people') and c.conname = 'people_name_check' and c.contype = 'c' and c.convalidated = true), 'check constraint', 'check constraint people_name_check on app.people', 'declared at specs/20250101000000_people.gw:8')
  ) as declared (passed, kind, object, detail);

-- [6/7] index: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid where c.oid = to_regclass('app.people_name_idx') and i.indrelid = to_regclass('app.people') and i.indisvalid and i.indisunique = false and i.indnkeyatts = 1 and (i.indpred is not null) = false), 'index', 'index app.people_name_idx', 'declared at specs/20250101000000_people.gw:12')
  ) as declared (passed, kind, object, detail);

-- [7/7] comment: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (obj_description(to_regclass('app.people'), 'pg_class') is not distinct from 'People that we know', 'comment', 'comment on table app.people', 'declared at specs/20250101000000_people.gw:13')
  ) as declared (passed, kind, object, detail);
