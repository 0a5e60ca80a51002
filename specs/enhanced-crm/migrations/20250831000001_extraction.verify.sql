-- godwit verify 20250831000001_extraction
-- Companies and contacts out of the text of deals
-- spec: specs/20250831000001_extraction.gw
-- checksum: sha256:27193b77d317102a915e86935445ff94337e8a35b12c322064c39a37284dedfb
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:840079ac137f8dad9a17e6d388432f6cb61ab71e8126d3070fe8b3dd5aa16f10

-- [1/11] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view public.legacy_link_status', 'specs/20250831000001_extraction.gw:37', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.legacy_link_status') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['total', 'with_company', 'with_contact']::text[]))
  ) as d (object, place, passed);

-- [2/11] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to authenticated on view public.legacy_link_status', 'specs/20250831000001_extraction.gw:40', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.legacy_link_status') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['SELECT']::text[]))
  ) as d (object, place, passed);

-- [3/11] check after: every company that somebody typed is there (specs/20250831000001_extraction.gw:43)
--   locks public.deals (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from public.deals
   where btrim(company) <> '' and company_id is null;
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select deals.id::text as k
              from public.deals
   where btrim(company) <> '' and company_id is null
             order by deals.id limit 10) as offending;
    raise exception 'check "every company that somebody typed is there" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "every company that somebody typed is there" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [4/11] where godwit_kept.moved_companies_4c3b39dc is still there
select to_regclass('godwit_kept.moved_companies_4c3b39dc') is not null as kept_1
\gset
\if :kept_1

-- [5/11] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [6/11] compare move companies (specs/20250831000001_extraction.gw:10)
--   needs godwit_kept.moved_companies_4c3b39dc: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250831000001_extraction', 'applied') order by id desc limit 1
), found as materialized (             -- and what the target holds
  select kept.target_id,
         kept.xmin as put_in,
         true as stands,
         hashtextextended(row(
             kept.target_id,
             kept.target_name,
             kept.target_domain,
             kept.target_owner_id)::text, 0) as given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.id, target.name, target.domain, target.owner_id)::text, 0) end as held
    from godwit_kept.moved_companies_4c3b39dc as kept
    left join public.companies as target
      on target.id = kept.target_id
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
  select target_id::text as row_key, verdict,
         row_number() over (partition by verdict order by target_id) as place
    from judged where verdict in ('missing', 'differs', 'changed')
), others as (
  select null as row_key, 1 as place where false
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move companies' as object,
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

-- [7/11] so far
\endif

-- [8/11] where godwit_kept.moved_deals_primary_contact_id_4c3b39dc is still there
select to_regclass('godwit_kept.moved_deals_primary_contact_id_4c3b39dc') is not null as kept_2
\gset
\if :kept_2

-- [9/11] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [10/11] compare extract deals_primary_contact_id (specs/20250831000001_extraction.gw:27)
--   needs godwit_kept.moved_deals_primary_contact_id_4c3b39dc: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250831000001_extraction', 'applied') order by id desc limit 1
), found as materialized (             -- and what the target holds
  select kept.target_email,
         kept.target_owner_id,
         kept.already_there,
         kept.xmin as put_in,
         true as stands,
         hashtextextended(row(
             kept.target_email,
             kept.target_owner_id,
             kept.target_first_name,
             kept.target_last_name,
             kept.target_company_id)::text, 0) as given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(
             target.email,
             target.owner_id,
             target.first_name,
             target.last_name,
             target.company_id)::text, 0) end as held
    from godwit_kept.moved_deals_primary_contact_id_4c3b39dc as kept
    left join public.contacts as target
      on target.email = kept.target_email
      and target.owner_id = kept.target_owner_id
   where true
), judged as (
  select found.*,
         case
              when already_there then 'already there'
              when not there and stands then 'missing'
              when not stands or given is null then 'changed'
              when given = held then 'same'
              when written_by = put_in
                or age(written_by) = (select max(age(written_by)) from found where age(written_by) < age(put_in)) then 'differs'
              else 'changed' end as verdict
    from found, applied
), unlike as (
  select concat_ws(' ', target_email, target_owner_id) as row_key, verdict,
         row_number() over (partition by verdict order by target_email, target_owner_id) as place
    from judged where verdict in ('missing', 'differs', 'changed')
), others as (
  select null as row_key, 1 as place where false
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'extract deals_primary_contact_id' as object,
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

-- [11/11] so far
\endif
