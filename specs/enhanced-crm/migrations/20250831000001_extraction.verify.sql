-- godwit verify 20250831000001_extraction
-- Companies and contacts out of the text of deals
-- spec: specs/20250831000001_extraction.gw
-- checksum: sha256:27193b77d317102a915e86935445ff94337e8a35b12c322064c39a37284dedfb
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:21d3d8e7585ee1f6ddb7f22cd68e46abb84838cc283b4e9737bc8801c227cf3d

-- [1/3] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view public.legacy_link_status', 'specs/20250831000001_extraction.gw:37', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.legacy_link_status') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['total', 'with_company', 'with_contact']::text[]))
  ) as d (object, place, passed);

-- [2/3] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to authenticated on view public.legacy_link_status', 'specs/20250831000001_extraction.gw:40', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.legacy_link_status') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['SELECT']::text[]))
  ) as d (object, place, passed);

-- [3/3] check after: every company that somebody typed is there (specs/20250831000001_extraction.gw:43)
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
