-- godwit verify 20250102000000_phones
-- A person may have several phone numbers
-- spec: specs/20250102000000_phones.gw
-- checksum: sha256:5a3300373858e54e72d8635c362e1420d7e227c983897eee4d46e20addf4eb6b
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:d626a01dbdf6cdf8647b11128b93b579b4644e4c56dd3f94c85303e0ba8a53ff

-- [1/4] table: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_class where oid = to_regclass('app.phones') and relkind in ('r', 'p') and relpersistence = 'p' and not relrowsecurity and not relforcerowsecurity), 'table', 'table app.phones', 'declared at specs/20250102000000_phones.gw:4')
  ) as declared (passed, kind, object, detail);

-- [2/4] column: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('app.phones') and a.attname = 'number' and not a.attisdropped and a.atttypid = to_regtype('text') and a.attnotnull = true and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column app.phones.number', 'declared at specs/20250102000000_phones.gw:6'),
    (exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass('app.phones') and a.attname = 'person_id' and not a.attisdropped and a.atttypid = to_regtype('bigint') and a.attnotnull = true and a.atthasdef = false and (a.attidentity <> '') = false and (a.attgenerated <> '') = false), 'column', 'column app.phones.person_id', 'declared at specs/20250102000000_phones.gw:5')
  ) as declared (passed, kind, object, detail);

-- [3/4] primary key: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass('app.phones') and c.conname = 'phones_pkey' and c.contype = 'p' and c.condeferrable = false and c.condeferred = false and (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k (number, place) join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) = array['person_id', 'number']), 'primary key', 'primary key phones_pkey on app.phones', 'declared at specs/20250102000000_phones.gw:7')
  ) as declared (passed, kind, object, detail);

-- [4/4] foreign key: as declared
select case when passed then 'PASS' else 'FAIL' end as result, kind, object, detail
  from (values
    (exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass('app.phones') and c.conname = 'phones_person_id_fkey' and c.contype = 'f' and c.confrelid = to_regclass('app.people') and c.convalidated = true and c.confdeltype = 'c' and c.confupdtype = 'a' and c.condeferrable = false and c.condeferred = false and (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality k (number, place) join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number) = array['person_id'] and (select array_agg(a.attname::text order by k.place) from unnest(c.confkey) with ordinality k (number, place) join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number) = array['id']), 'foreign key', 'foreign key phones_person_id_fkey on app.phones', 'declared at specs/20250102000000_phones.gw:5')
  ) as declared (passed, kind, object, detail);
