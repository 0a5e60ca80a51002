-- godwit verify 20250102000000_phones
-- A person may have several phone numbers
-- spec: specs/20250102000000_phones.gw
-- checksum: sha256:5a3300373858e54e72d8635c362e1420d7e227c983897eee4d46e20addf4eb6b
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:697976f02800804d4e199b360ea8308c0d474096866542cc09e2291c7376edfa

-- [1/4] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table app.phones', 'specs/20250102000000_phones.gw:4', 'app.phones', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [2/4] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column app.phones.number', 'specs/20250102000000_phones.gw:6', 'app.phones', 'number', 'text', true, false, false, false),
    ('column app.phones.person_id', 'specs/20250102000000_phones.gw:5', 'app.phones', 'person_id', 'bigint', true, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [3/4] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key phones_pkey on app.phones', 'specs/20250102000000_phones.gw:7', 'app.phones', 'phones_pkey', false, false, array['person_id', 'number'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [4/4] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key phones_person_id_fkey on app.phones', 'specs/20250102000000_phones.gw:5', 'app.phones', 'phones_person_id_fkey', false, false, 'app.people', true, 'c', 'a', array['person_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);
