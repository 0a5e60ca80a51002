-- godwit verify 20250102000000_phones
-- A person may have several phone numbers
-- spec: specs/20250102000000_phones.gw
-- checksum: sha256:5a3300373858e54e72d8635c362e1420d7e227c983897eee4d46e20addf4eb6b
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:6b0b185a52f930d340c8a0365629456e986ea32b2a40ae67a99943cbbf25146a

-- [1/8] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table app.phones', 'specs/20250102000000_phones.gw:4', 'app.phones', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [2/8] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column app.phones.number', 'specs/20250102000000_phones.gw:6', 'app.phones', 'number', 'text', true, false, false, false),
    ('column app.phones.person_id', 'specs/20250102000000_phones.gw:5', 'app.phones', 'person_id', 'bigint', true, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [3/8] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key phones_pkey on app.phones', 'specs/20250102000000_phones.gw:7', 'app.phones', 'phones_pkey', false, false, array['person_id', 'number'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [4/8] foreign key: as declared
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

-- [5/8] where godwit_kept.moved_phones_877f0faf is still there
select to_regclass('godwit_kept.moved_phones_877f0faf') is not null as kept_1
\gset
\if :kept_1

-- [6/8] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [7/8] compare move phones (specs/20250102000000_phones.gw:9)
--   keys of: app.people
--   ranges by: id
--   needs godwit_kept.moved_phones_877f0faf: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250102000000_phones', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved
  select people.id as source_id,
         hashtextextended(row(id, _gw_keep_phone)::text, 0) as given
    from app.people
   where true  -- or a range of people.id
     and exists (select from godwit_kept.moved_phones_877f0faf as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = people.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.person_id, target.number)::text, 0) end as held
    from godwit_kept.moved_phones_877f0faf as kept
    left join source on source.source_id = kept.source_id
    left join app.phones as target
      on target.person_id = kept.target_person_id
      and target.number = kept.target_number
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
  select people.id::text as row_key, row_number() over (order by people.id) as place
    from app.people
   where true  -- or a range of people.id
     and not exists (select from godwit_kept.moved_phones_877f0faf as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = people.id)
     and (_gw_keep_phone is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move phones' as object,
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

-- [8/8] so far
\endif
