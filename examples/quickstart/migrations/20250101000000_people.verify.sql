-- godwit verify 20250101000000_people
-- People
-- spec: specs/20250101000000_people.gw
-- checksum: sha256:4b330632f3e84c2a40d4ba761e44b29d2afbab5bb19c928c830d8b17e8808058
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:51578af6cdd35e0b15ec9cdef5660269f6dd726ae27c763155db7c2274680681

-- [1/7] schema: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'schema' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('schema app', 'specs/20250101000000_people.gw:4', to_regnamespace('app') is not null)
  ) as d (object, place, passed);

-- [2/7] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table app.people', 'specs/20250101000000_people.gw:6', 'app.people', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [3/7] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column app.people.created_at', 'specs/20250101000000_people.gw:10', 'app.people', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column app.people.id', 'specs/20250101000000_people.gw:7', 'app.people', 'id', 'bigint', true, false, true, false),
    ('column app.people.name', 'specs/20250101000000_people.gw:8', 'app.people', 'name', 'text', true, false, false, false),
    ('column app.people.phone', 'specs/20250101000000_people.gw:9', 'app.people', 'phone', 'text', false, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [4/7] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key people_pkey on app.people', 'specs/20250101000000_people.gw:7', 'app.people', 'people_pkey', false, false, array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [5/7] check constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'c' and c.convalidated = d.is_valid)
    then 'PASS' else 'FAIL' end as result, 'check constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('check constraint people_name_check on app.people', 'specs/20250101000000_people.gw:8', 'app.people', 'people_name_check', true)
  ) as d (object, place, relation, name, is_valid);

-- [6/7] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index app.people_name_idx', 'specs/20250101000000_people.gw:12', 'app.people', 'app.people_name_idx', false, 1, false)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [7/7] comment: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'comment' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('comment on table app.people', 'specs/20250101000000_people.gw:13', obj_description(to_regclass('app.people'), 'pg_class') is not distinct from 'People that we know')
  ) as d (object, place, passed);
