-- godwit up 20250831000003_security
-- Who sees what, and what is asked often
-- spec: specs/20250831000003_security.gw
-- checksum: sha256:259af4d3d9a39a459142c70c952647085ae6450d5dd318e3c1197677f05e66a8
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- postgres: 13
-- requires: 20250831000002_relationships
-- content: sha256:70f1d62c9840e683deafe54115d5af4d55b8a01cedfbeb1427f16f4424879a60

-- [1/62] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/62] the ledger
do $ledger$
begin
  if to_regclass('godwit.version') is not null then
    if (select ledger from godwit.version) > 2 then
      raise exception using errcode = 'GW001', message = 'the ledger was written by a newer godwit',
        hint = 'use a godwit at least as new as the one that applied the last migration';
    end if;
    if (select ledger from godwit.version) = 1 then
      alter table godwit.migration drop constraint migration_state_check, add constraint migration_state_check
        check (state in ('begun', 'applied', 'adopted', 'finalized', 'rolled_back')),
        add column parts_done integer;
      -- where the batches of a step stand in each range: the next one begins at next_key (null: none is left), the last ends at last_key
      create table godwit.checkpoint (
        migration text not null, step text not null, range integer not null default 1, next_key text[], last_key text[],
        rows_expected bigint not null, rows_read bigint not null default 0, rows_written bigint not null default 0,
        begun_at timestamptz not null default clock_timestamp(), reached_at timestamptz, finished_at timestamptz,
        primary key (migration, step, range)
      );
      update godwit.version set ledger = 2;
    end if;
    return;
  end if;

  create schema godwit;
  create table godwit.version (ledger integer not null, installed_at timestamptz not null default now());
  insert into godwit.version values (2);
  -- one row a migration; the artifacts that lead back and onward stand here, so that a rollback needs no files
  create table godwit.migration (
    id text primary key, sequence bigint not null unique, title text not null, checksum text not null,
    state text not null check (state in ('begun', 'applied', 'adopted', 'finalized', 'rolled_back')),
    baseline boolean not null, rollback_class text not null, steps integer not null,
    applied_at timestamptz not null default now(), applied_by text not null default session_user,
    window_until timestamptz, finalized_at timestamptz, rolled_back_at timestamptz,
    down_sql text not null, finalize_sql text not null, verify_sql text not null,
    parts_done integer  -- of a migration in several transactions
  );
  -- where the batches of a step stand in each range: the next one begins at next_key (null: none is left), the last ends at last_key
  create table godwit.checkpoint (
    migration text not null, step text not null, range integer not null default 1, next_key text[], last_key text[],
    rows_expected bigint not null, rows_read bigint not null default 0, rows_written bigint not null default 0,
    begun_at timestamptz not null default clock_timestamp(), reached_at timestamptz, finished_at timestamptz,
    primary key (migration, step, range)
  );
  -- append-only: who did what, when and from where
  create table godwit.event (
    id bigint generated always as identity primary key, at timestamptz not null default clock_timestamp(),
    migration text, what text not null, role text not null default session_user,
    client_address inet default inet_client_addr(), application text default current_setting('application_name'),
    detail jsonb not null default '{}'
  );
  create function godwit.keep_events() returns trigger language plpgsql as
    'begin raise exception ''godwit.event is append-only''; end';
  create trigger keep before update or delete or truncate on godwit.event
    for each statement execute function godwit.keep_events();
  -- who may run: a transaction of an older epoch cannot commit (the key is locked by each, a heartbeat leaves it alone)
  create table godwit.runner (
    epoch bigint primary key, pid integer, host text, application text,
    started_at timestamptz, heartbeat_at timestamptz
  );
  insert into godwit.runner (epoch) values (0);
  -- the catalog as the last recorded run left it, in the server's own words
  create table godwit.object (
    schema_name text collate "C" not null, kind text collate "C" not null, name text collate "C" not null,
    definition text collate "C" not null
  );
  alter table godwit.object replica identity full;  -- a publication for all tables takes it in

  -- what roles held, in the order in which it was given: PostgreSQL puts what is given again at the end
  create table godwit.noted_privileges (
    migration text not null, object text not null, column_name text, acl aclitem[] not null
  );
  alter table godwit.noted_privileges replica identity full;
  -- gives privileges on one object again, if they are those that were noted and only stand in another order; what a
  -- role holds on the whole comes first, for taking that away takes its columns' privileges too
  create function godwit.order_privileges(of_migration text, on_object text, relation oid, present aclitem[])
  returns void language plpgsql set search_path = pg_catalog as $privileges$
  declare noted record; holder record; held record; columns text; role_name text; other_order boolean := false;
  begin
    for noted in select n.acl, case when n.column_name is null then present else a.attacl end as acl_now
                 from godwit.noted_privileges n
                 left join pg_attribute a on a.attrelid = relation and a.attname = n.column_name
                 where n.migration = of_migration and n.object = on_object loop
      if array(select i::text from unnest(noted.acl_now) i order by 1) <> array(select i::text from unnest(noted.acl) i order by 1)
        or (select count(distinct e.grantor) from aclexplode(noted.acl) e) > 1 then
        other_order := false;  -- somebody else gave or took privileges since: theirs is the last word
        exit;
      end if;
      other_order := other_order or noted.acl_now::text <> noted.acl::text;
    end loop;
    for noted in select n.column_name, n.acl from godwit.noted_privileges n
                 where other_order and n.migration = of_migration and n.object = on_object
                 order by n.column_name nulls first loop
      columns := coalesce(' (' || quote_ident(noted.column_name) || ')', '');
      for holder in select e.grantee, min(i.place) from unnest(noted.acl) with ordinality i (item, place),
                    aclexplode(array[i.item]) e group by e.grantee order by 2 loop
        role_name := case when holder.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(holder.grantee)) end;
        execute format('revoke all%s on %s from %s', columns, on_object, role_name);
        for held in select e.privilege_type, e.is_grantable from aclexplode(noted.acl) e where e.grantee = holder.grantee loop
          execute format('grant %s%s on %s to %s%s', held.privilege_type, columns, on_object, role_name,
            case when held.is_grantable then ' with grant option' else '' end);
        end loop;
      end loop;
    end loop;
    delete from godwit.noted_privileges n where n.migration = of_migration and n.object = on_object;
  end
  $privileges$;

  -- the columns that migrations hid, wherever renames have taken their tables since
  create table godwit.hidden_column (
    migration text not null, table_schema text not null, table_name text not null, name text not null,
    relation regclass not null, primary key (migration, table_schema, table_name, name)
  );
  create function godwit.note_hidden_columns(by_migration text) returns void language sql set search_path = pg_catalog as
    'insert into godwit.hidden_column
     select by_migration, n.nspname, c.relname, a.attname, c.oid from pg_attribute a
     join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where a.attname like ''\_gw\_%'' and a.attinhcount = 0 and not a.attisdropped and c.relkind in (''r'', ''p'')
       and not exists (select from godwit.hidden_column h where h.relation = c.oid and h.name = a.attname)';
  create function godwit.drop_hidden_column(of_migration text, of_schema text, of_table text, hidden text)
  returns void language plpgsql set search_path = pg_catalog as $hidden$
  declare place regclass;
  begin
    delete from godwit.hidden_column h where (h.migration, h.table_schema, h.table_name, h.name) =
      (of_migration, of_schema, of_table, hidden) returning h.relation into place;
    if place is null then
      raise exception 'the ledger does not know where column % of table %.% is', hidden, of_schema, of_table;
    end if;
    if exists (select from pg_attribute a where a.attrelid = place and a.attname = hidden and not a.attisdropped) then
      execute format('alter table %s drop column %I', place, hidden);
    end if;
  end
  $hidden$;

  create function godwit.catalog() returns table (schema_name text, kind text, name text, definition text)
  language plpgsql stable rows 10000 set search_path = pg_catalog set jit = off as $catalog$
  #variable_conflict use_column
  begin
    return query
    with space as materialized (
      select * from pg_namespace
      where nspname !~ '^(pg_|godwit_kept(_|$))' and nspname not in ('information_schema', 'godwit')
    ), extended as materialized (
      select classid, objid from pg_depend where deptype = 'e' or (deptype = 'i' and classid = 'pg_proc'::regclass)
    ), relation as materialized (
      select c.*, n.nspname as space, format('%I.%I', n.nspname, c.relname) as fullname,
        case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
          when 'f' then 'foreign table' when 'i' then 'index' when 'I' then 'index'
          else 'table' end as word
      from pg_class c join space n on n.oid = c.relnamespace
      where c.relkind <> 't' and ('pg_class'::regclass, c.oid) not in (select classid, objid from extended)
    ), plain_type as materialized (
      select t.*, format('%I.%I', n.nspname, t.typname) as fullname, n.nspname as space
      from pg_type t join space n on n.oid = t.typnamespace
      where (t.typtype in ('e', 'd', 'r', 'b') and t.typelem = 0
          or t.typtype = 'c' and (select relkind from pg_class where oid = t.typrelid) = 'c')
        and ('pg_type'::regclass, t.oid) not in (select classid, objid from extended)
    ), thing (classid, objid, subid, space, kind, name, owner, acltype, acl, definition) as materialized (
      select 'pg_namespace'::regclass, n.oid, 0, n.nspname, 'schema', quote_ident(n.nspname), n.nspowner,
        'n'::"char", n.nspacl, ''
      from space n
      union all
      select 'pg_extension'::regclass, e.oid, 0, '', 'extension', quote_ident(extname), extowner, null, null,
        format('version %s schema %I', extversion, nspname)
      from pg_extension e join pg_namespace n on n.oid = extnamespace
      union all
      select 'pg_class'::regclass, c.oid, 0, c.space, c.word, c.fullname, c.relowner,
        (case c.relkind when 'S' then 's' else 'r' end)::"char", c.relacl,
        concat_ws(' ',
          case c.relpersistence when 'u' then 'unlogged' end,
          case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,
          'of ' || nullif(c.reloftype, 0)::regtype::text,
          'inherits ' || (select string_agg(inhparent::regclass::text, ', ' order by inhseqno)
                          from pg_inherits where inhrelid = c.oid),
          pg_get_expr(c.relpartbound, c.oid),
          case when c.relkind = 'p' then 'partition by ' || pg_get_partkeydef(c.oid) end,
          'server ' || (select quote_ident(srvname) from pg_foreign_server where oid = f.ftserver) || coalesce(f.ftoptions::text, ''),
          'using ' || (select nullif(amname, 'heap') from pg_am where oid = c.relam),
          'with ' || (select string_agg(o, ', ' order by o) from unnest(c.reloptions) o),
          'toast with ' || (select string_agg(o, ', ' order by o) from unnest(t.reloptions) o),
          'tablespace ' || (select spcname from pg_tablespace where oid = c.reltablespace),
          case when c.relrowsecurity then 'row level security' end,
          case when c.relforcerowsecurity then 'forced row level security' end,
          case when c.relkind in ('r', 'p') and c.relreplident <> 'd' then 'replica identity ' || c.relreplident::text end,
          case when c.relkind = 'S' then format('as %s start %s increment %s min %s max %s cache %s%s', seqtypid::regtype,
            seqstart, seqincrement, seqmin, seqmax, seqcache, case when seqcycle then ' cycle' end) end,
          (select case deptype when 'i' then 'identity of ' else 'owned by ' end || refobjid::regclass::text || '.' ||
                  (select quote_ident(attname) from pg_attribute where attrelid = refobjid and attnum = refobjsubid)
           from pg_depend where c.relkind = 'S' and classid = 'pg_class'::regclass and objid = c.oid
             and refclassid = 'pg_class'::regclass and refobjsubid > 0 and deptype in ('a', 'i')))
      from relation c left join pg_class t on t.oid = c.reltoastrelid left join pg_sequence s on s.seqrelid = c.oid
        left join pg_foreign_table f on f.ftrelid = c.oid
      where c.relkind not in ('i', 'I', 'c')
      union all
      select 'pg_class'::regclass, c.oid, a.attnum, c.space, 'column', c.fullname || '.' || quote_ident(a.attname), null,
        'c'::"char", a.attacl,
        case when c.relkind not in ('v', 'm') then concat_ws(' ', format_type(a.atttypid, a.atttypmod),
          case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation::text end,
          case when a.attnotnull then 'not null' end,
          case a.attgenerated when '' then 'default ' else 'generated ' || a.attgenerated::text || ' ' end ||
            pg_get_expr(d.adbin, d.adrelid),
          case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
          case when a.attstorage <> t.typstorage then 'storage ' || a.attstorage::text end,
          'compression ' || case when a.attlen = -1 then nullif(to_jsonb(a) ->> 'attcompression', '') end,
          case when a.attstattarget >= 0 then 'statistics ' || a.attstattarget::text end,
          'with ' || (select string_agg(o, ', ' order by o) from unnest(a.attoptions) o where o !~ '^pg_attver='),
          'options ' || array_to_string(a.attfdwoptions, ', ')) else 'default ' || pg_get_expr(d.adbin, d.adrelid) end
      from relation c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c') and a.attnum > 0 and not a.attisdropped
      union all
      select 'pg_class'::regclass, c.oid, 0, c.space, 'index', c.fullname, null, null, null,
        concat_ws(' ', pg_get_indexdef(c.oid),
          'tablespace ' || (select spcname from pg_tablespace where oid = c.reltablespace),
          case when not i.indisvalid then 'invalid' end, case when i.indisclustered then 'clustered' end,
          case when i.indisreplident then 'replica identity' end)
      from relation c join pg_index i on i.indexrelid = c.oid
      where not exists (select from pg_constraint where conindid = c.oid and contype in ('p', 'u', 'x'))
      union all
      select 'pg_constraint'::regclass, k.oid, 0, coalesce(c.space, t.space), 'constraint',
        coalesce(c.fullname, t.fullname) || '.' || quote_ident(conname), null, null, null,
        concat_ws(' ', pg_get_constraintdef(k.oid), 'with ' || array_to_string(x.reloptions, ', '),
          'tablespace ' || (select spcname from pg_tablespace where oid = x.reltablespace),
          case when i.indisclustered then 'clustered' end, case when i.indisreplident then 'replica identity' end)
      from pg_constraint k left join relation c on c.oid = k.conrelid
        left join plain_type t on t.oid = k.contypid
        left join pg_index i on i.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')
        left join pg_class x on x.oid = i.indexrelid
      where k.contype in ('c', 'f', 'p', 'u', 'x') and coalesce(c.oid, t.oid) is not null
        -- one to each partition of the table that is referred to: PostgreSQL numbers them anew when one comes back
        and not exists (select from pg_constraint o where o.oid = k.conparentid and o.conrelid = k.conrelid)
      union all
      select 'pg_proc'::regclass, p.oid, 0, n.nspname,
        case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
        format('%I.%I(%s)', n.nspname, proname, pg_get_function_identity_arguments(p.oid)), proowner, 'f'::"char", proacl,
        case when p.prokind <> 'a' then pg_get_functiondef(p.oid)
          else (to_jsonb(a) - 'aggfnoid' || jsonb_build_object('aggtranstype', aggtranstype::regtype,
            'aggmtranstype', aggmtranstype::regtype, 'aggsortop', aggsortop::regoperator, 'parallel', proparallel,
            'returns', prorettype::regtype))::text
        end
      from pg_proc p join space n on n.oid = pronamespace left join pg_aggregate a on a.aggfnoid = p.oid
      where ('pg_proc'::regclass, p.oid) not in (select classid, objid from extended)
      union all
      select 'pg_type'::regclass, t.oid, 0, t.space,
        case typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range' else 'type' end, t.fullname,
        typowner, 'T'::"char", typacl,
        concat_ws(' ', case when typtype = 'd' then format_type(typbasetype, typtypmod) end,
          case when typtype = 'd' and typcollation <> (select b.typcollation from pg_type b where b.oid = t.typbasetype) then 'collate ' || typcollation::regcollation::text end,
          case when typnotnull then 'not null' end, 'default ' || coalesce(pg_get_expr(typdefaultbin, 0), typdefault),
          (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid),
          (select concat_ws(' ', rngsubtype::regtype, rngcollation::regcollation, rngcanonical, rngsubdiff,
                            (select opcname from pg_opclass o where o.oid = rngsubopc),
                            (to_jsonb(g) ->> 'rngmultitypid')::oid::regtype)
           from pg_range g where rngtypid = t.oid),
          (select '(' || coalesce(string_agg(quote_ident(attname), ', ' order by attnum), '') || ')'
           from pg_attribute where t.typtype = 'c' and attrelid = t.typrelid and attnum > 0 and not attisdropped
           having t.typtype = 'c'),
          case when typtype = 'b' then concat_ws(' ', typinput, typoutput, typlen, typalign, typstorage) end)
      from plain_type t
      union all
      select 'pg_trigger'::regclass, t.oid, 0, c.space, 'trigger', c.fullname || '.' || quote_ident(tgname), null, null,
        null, concat_ws(' ', pg_get_triggerdef(t.oid), 'enabled ' || nullif(tgenabled, 'O')::text)
      from relation c join pg_trigger t on t.tgrelid = c.oid where not tgisinternal
      union all
      select 'pg_policy'::regclass, p.oid, 0, c.space, 'policy', c.fullname || '.' || quote_ident(polname), null, null,
        null, concat_ws(' ', case when polpermissive then 'permissive' else 'restrictive' end, 'for ' || polcmd::text,
          'to ' || (select string_agg(case r when 0 then 'public' else r::regrole::text end, ', ' order by r)
                    from unnest(polroles) r),
          'using ' || pg_get_expr(polqual, polrelid), 'with check ' || pg_get_expr(polwithcheck, polrelid))
      from relation c join pg_policy p on p.polrelid = c.oid
      union all
      select 'pg_rewrite'::regclass, r.oid, 0, c.space, 'rule', c.fullname || '.' || quote_ident(rulename), null, null,
        null, concat_ws(' ', pg_get_ruledef(r.oid), 'enabled ' || nullif(ev_enabled, 'O')::text)
      from relation c join pg_rewrite r on r.ev_class = c.oid where rulename <> '_RETURN'
      union all
      select 'pg_statistic_ext'::regclass, s.oid, 0, n.nspname, 'statistics', format('%I.%I', n.nspname, stxname), stxowner,
        null, null, concat_ws(' ', pg_get_statisticsobjdef(s.oid), case when stxstattarget >= 0 then stxstattarget end)
      from pg_statistic_ext s join space n on n.oid = stxnamespace
      union all
      select o.classid, o.oid, 0, n.nspname, i.type, i.identity, null, null, null, ''
      from (select 'pg_opclass'::regclass, oid, opcnamespace from pg_opclass
            union all select 'pg_opfamily'::regclass, oid, opfnamespace from pg_opfamily
            union all select 'pg_conversion'::regclass, oid, connamespace from pg_conversion
            union all select 'pg_ts_parser'::regclass, oid, prsnamespace from pg_ts_parser
            union all select 'pg_ts_template'::regclass, oid, tmplnamespace from pg_ts_template) o (classid, oid, space)
        join space n on n.oid = o.space, pg_identify_object(o.classid, o.oid, 0) i
      where (o.classid, o.oid) not in (select classid, objid from extended)
      union all
      select 'pg_foreign_data_wrapper'::regclass, w.oid, 0, '', 'foreign data wrapper', quote_ident(fdwname), fdwowner, 'F'::"char", fdwacl,
        concat_ws(' ', 'handler ' || nullif(fdwhandler, 0)::regproc, 'validator ' || nullif(fdwvalidator, 0)::regproc,
          (select string_agg(o, ', ' order by o) from unnest(fdwoptions) o))
      from pg_foreign_data_wrapper w where ('pg_foreign_data_wrapper'::regclass, w.oid) not in (select classid, objid from extended)
      union all
      select 'pg_foreign_server'::regclass, s.oid, 0, '', 'foreign server', quote_ident(srvname), srvowner, 'S'::"char", srvacl,
        concat_ws(' ', 'of ' || quote_ident(fdwname), 'type ' || quote_literal(srvtype), 'version ' || quote_literal(srvversion),
          'options ' || (select string_agg(o, ', ' order by o) from unnest(srvoptions) o))
      from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = srvfdw
      where ('pg_foreign_server'::regclass, s.oid) not in (select classid, objid from extended)
      union all
      -- without its options: one may be a password, and who looks may not see them
      select null, null, null, '', 'user mapping', format('for %s on %I', case umuser when 0 then 'public' else quote_ident(usename) end,
        srvname), null, null, null, ''
      from pg_user_mappings
      union all
      select 'pg_ts_dict'::regclass, d.oid, 0, n.nspname, 'text search dictionary', format('%I.%I', n.nspname, dictname), dictowner,
        null, null, concat_ws(' ', (select tmplnamespace::regnamespace || '.' || quote_ident(tmplname) from pg_ts_template t
                                    where t.oid = dicttemplate), dictinitoption)
      from pg_ts_dict d join space n on n.oid = dictnamespace
      where ('pg_ts_dict'::regclass, d.oid) not in (select classid, objid from extended)
      union all
      select 'pg_ts_config'::regclass, c.oid, 0, n.nspname, 'text search configuration', format('%I.%I', n.nspname, cfgname), cfgowner,
        null, null, (select prsnamespace::regnamespace || '.' || quote_ident(prsname) from pg_ts_parser p where p.oid = cfgparser) ||
          coalesce((select string_agg(format(', %s with %s', alias, dictionaries), '' order by alias)
            from (select t.alias, string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno) from pg_ts_config_map m
                  join ts_token_type(c.cfgparser) t on t.tokid = m.maptokentype where m.mapcfg = c.oid group by t.alias) x (alias, dictionaries)), '')
      from pg_ts_config c join space n on n.oid = cfgnamespace
      where ('pg_ts_config'::regclass, c.oid) not in (select classid, objid from extended)
      union all
      select 'pg_operator'::regclass, o.oid, 0, n.nspname, 'operator',
        format('%I.%s (%s, %s)', n.nspname, oprname, coalesce(nullif(oprleft, 0)::regtype::text, 'none'), oprright::regtype),
        oprowner, null, null,
        concat_ws(' ', nullif(oprcode::oid, 0)::regprocedure, 'commutator ' || nullif(oprcom, 0)::regoperator,
          'negator ' || nullif(oprnegate, 0)::regoperator, 'restrict ' || nullif(oprrest::oid, 0)::regproc,
          'join ' || nullif(oprjoin::oid, 0)::regproc, case when oprcanhash then 'hashes' end,
          case when oprcanmerge then 'merges' end)
      from pg_operator o join space n on n.oid = oprnamespace
      where ('pg_operator'::regclass, o.oid) not in (select classid, objid from extended)
      union all
      select 'pg_collation'::regclass, o.oid, 0, n.nspname, 'collation', format('%I.%I', n.nspname, collname), collowner,
        null, null, (jsonb_strip_nulls(to_jsonb(o)) - '{oid, collname, collnamespace, collowner, collversion}'::text[])::text
      from pg_collation o join space n on n.oid = collnamespace
      where ('pg_collation'::regclass, o.oid) not in (select classid, objid from extended)
      union all
      select 'pg_cast'::regclass, c.oid, 0, '', 'cast', format('(%s as %s)', castsource::regtype, casttarget::regtype), null,
        null, null, concat_ws(' ', castmethod, castcontext, nullif(castfunc, 0)::regprocedure)
      from pg_cast c
      where c.oid >= 16384 and ('pg_cast'::regclass, c.oid) not in (select classid, objid from pg_depend where deptype in ('e', 'i'))
      union all
      select 'pg_publication'::regclass, oid, 0, '', 'publication', quote_ident(pubname), pubowner, null, null,
        (to_jsonb(p) - '{oid, pubname, pubowner}'::text[])::text
      from pg_publication p
      union all
      select null, null, null, '', 'publication member', format('%I %I.%I', m.pubname, m.schemaname, m.tablename), null,
        null, null, (to_jsonb(m) - '{pubname, schemaname, tablename}'::text[])::text
      from pg_publication p join pg_publication_tables m using (pubname) where not p.puballtables
      union all
      select 'pg_event_trigger'::regclass, e.oid, 0, '', 'event trigger', quote_ident(evtname), evtowner, null, null,
        concat_ws(' ', evtevent, 'in ' || array_to_string(evttags, ', '), evtfoid::regprocedure, 'enabled ' || evtenabled::text)
      from pg_event_trigger e where ('pg_event_trigger'::regclass, oid) not in (select classid, objid from extended)
      union all
      select null, null, null, coalesce(n.nspname, ''), 'default privileges',
        concat_ws(' ', defaclrole::regrole, quote_ident(n.nspname), defaclobjtype), null,
        (case defaclobjtype when 'S' then 's' else defaclobjtype end)::"char", defaclacl, ''
      from pg_default_acl left join pg_namespace n on n.oid = defaclnamespace
    ), granted as (
      select t.space, t.kind, t.name, case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee,
        privilege_type || case when is_grantable then '*' else '' end collate "C" as privilege
      from thing t, aclexplode(coalesce(t.acl, acldefault(t.acltype, t.owner))) a
      where t.acl is not null or t.acltype <> 'c'
    )
    select space::text, kind, name, definition from thing where definition is not null
    union all
    select space::text, 'owner', kind || ' ' || name, owner::regrole::text from thing where owner is not null
    union all
    select space::text, 'grant', kind || ' ' || name || ' to ' || grantee, string_agg(distinct privilege, ', ' order by privilege)
    from granted group by space, kind, name, grantee
    union all
    select space::text, 'comment', kind || ' ' || name, description
    from thing join pg_description d on (d.classoid, d.objoid, d.objsubid) = (classid, objid, subid);
  end $catalog$;

  -- brings godwit.object up to date; returns how many of its rows are new or gone
  create function godwit.remember() returns bigint language sql
  set search_path = pg_catalog set jit = off set enable_nestloop = off as $remember$
    with live as materialized (select * from godwit.catalog()),
    gone as (
      delete from godwit.object o
      where not exists (select from live l where (l.schema_name, l.kind, l.name, l.definition)
                                               = (o.schema_name, o.kind, o.name, o.definition))
      returning 1
    ), come as (
      insert into godwit.object
      select * from live l
      where not exists (select from godwit.object o where (l.schema_name, l.kind, l.name, l.definition)
                                                        = (o.schema_name, o.kind, o.name, o.definition))
      returning 1
    )
    select (select count(*) from gone) + (select count(*) from come)
  $remember$;
end
$ledger$;

-- [3/62] refuse when this has run already or comes too early
do $godwit$
declare missing text;
begin
  if current_setting('server_version_num')::integer < 130000 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security needs PostgreSQL 13, this server is ' || current_setting('server_version'),
      hint = 'compile it for this server''s version (`requires postgres` in the spec), or upgrade the server';
  end if;
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if exists (select from godwit.migration where id = '20250831000003_security' and state <> 'rolled_back') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security is applied already',
      hint = 'nothing is to be done; to apply it anew roll it back first (`godwit rollback`, or its down artifact)';
  end if;
  select string_agg(id, ', ' order by n) into missing from unnest(array['20250831000002_relationships']::text[]) with ordinality as needed (id, n)
  where not exists (select from godwit.migration m where m.id = needed.id and m.state not in ('begun', 'rolled_back')
                    and m.parts_done is null);
  if missing is not null then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security comes after ' || missing || ', which is not applied',
      hint = 'apply that first';
  end if;
end
$godwit$;

-- [4/62] lock what will change, in one fixed order
lock table public.activities in share mode;
lock table public.activity_meetings in access exclusive mode;
lock table public.companies in share mode;
lock table public.company_activities in access exclusive mode;
lock table public.contact_interactions in access exclusive mode;
lock table public.contacts in share mode;
lock table public.deal_meetings in access exclusive mode;
lock table public.deal_stakeholders in access exclusive mode;
lock table public.deals in share mode;
lock table public.meeting_sequences in access exclusive mode;
lock table public.meetings in share mode;
lock table public.tasks in share mode;

-- [5/62] phase expand
savepoint godwit_expand;

-- [6/62] enable row level security on public.activity_meetings (specs/20250831000003_security.gw:20)
--   locks public.activity_meetings (access exclusive); instant
alter table public.activity_meetings enable row level security;

-- [7/62] enable row level security on public.company_activities (specs/20250831000003_security.gw:4)
--   locks public.company_activities (access exclusive); instant
alter table public.company_activities enable row level security;

-- [8/62] enable row level security on public.contact_interactions (specs/20250831000003_security.gw:36)
--   locks public.contact_interactions (access exclusive); instant
alter table public.contact_interactions enable row level security;

-- [9/62] enable row level security on public.deal_meetings (specs/20250831000003_security.gw:12)
--   locks public.deal_meetings (access exclusive); instant
alter table public.deal_meetings enable row level security;

-- [10/62] enable row level security on public.deal_stakeholders (specs/20250831000003_security.gw:44)
--   locks public.deal_stakeholders (access exclusive); instant
alter table public.deal_stakeholders enable row level security;

-- [11/62] enable row level security on public.meeting_sequences (specs/20250831000003_security.gw:28)
--   locks public.meeting_sequences (access exclusive); instant
alter table public.meeting_sequences enable row level security;

-- [12/62] create function public.calculate_company_engagement(uuid) (specs/20250831000003_security.gw:89)
create function public.calculate_company_engagement(company uuid) returns numeric language sql stable as $$
    select least(100, (select count(*) from public.company_activities ca where ca.company_id = company) * 5
                    + (select count(*) from public.deals d where d.company_id = calculate_company_engagement.company and d.status = 'active') * 10)::numeric
$$;

-- [13/62] create function public.get_dashboard(uuid) (specs/20250831000003_security.gw:94)
create function public.get_dashboard(owner uuid) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'deals', (select count(*) from public.deals d where d.owner_id = owner),
        'companies', (select count(*) from public.companies c where c.owner_id = owner),
        'contacts', (select count(*) from public.contacts k where k.owner_id = owner),
        'meetings', (select count(*) from public.meetings m where m.owner_user_id = owner))
$$;

-- [14/62] create function public.has_ai_feature(text) (specs/20250831000003_security.gw:102)
create function public.has_ai_feature(feature text) returns boolean language sql immutable as $$ select feature in ('summaries', 'scores') $$;

-- [15/62] phase validate
savepoint godwit_validate;

-- [16/62] create index public.activities_company_id_date_idx (specs/20250831000003_security.gw:77)
--   locks public.activities (share); scan
create index activities_company_id_date_idx on public.activities (company_id, date desc);

-- [17/62] create index public.activities_deal_id_date_idx (specs/20250831000003_security.gw:78)
--   locks public.activities (share); scan
create index activities_deal_id_date_idx on public.activities (deal_id, date desc) where deal_id is not null;

-- [18/62] create index public.activities_key_topics_idx (specs/20250831000003_security.gw:80)
--   locks public.activities (share); scan
create index activities_key_topics_idx on public.activities using gin (key_topics);

-- [19/62] create index public.activities_sentiment_score_idx (specs/20250831000003_security.gw:79)
--   locks public.activities (share); scan
create index activities_sentiment_score_idx on public.activities (sentiment_score) where sentiment_score is not null;

-- [20/62] create index public.companies_address_idx (specs/20250831000003_security.gw:54)
--   locks public.companies (share); scan
create index companies_address_idx on public.companies using gin (address);

-- [21/62] create index public.companies_owner_id_engagement_score_lead_score_is_target_ac_idx (specs/20250831000003_security.gw:53)
--   locks public.companies (share); scan
create index companies_owner_id_engagement_score_lead_score_is_target_ac_idx on public.companies (owner_id, engagement_score desc, lead_score desc, is_target_account) where owner_id is not null;

-- [22/62] create index public.contacts_company_id_decision_maker_score_idx (specs/20250831000003_security.gw:67)
--   locks public.contacts (share); scan
create index contacts_company_id_decision_maker_score_idx on public.contacts (company_id, decision_maker_score desc);

-- [23/62] create index public.contacts_owner_id_engagement_score_idx (specs/20250831000003_security.gw:66)
--   locks public.contacts (share); scan
create index contacts_owner_id_engagement_score_idx on public.contacts (owner_id, engagement_score desc);

-- [24/62] create index public.contacts_social_media_urls_idx (specs/20250831000003_security.gw:65)
--   locks public.contacts (share); scan
create index contacts_social_media_urls_idx on public.contacts using gin (social_media_urls);

-- [25/62] create index public.deals_competitor_analysis_idx (specs/20250831000003_security.gw:60)
--   locks public.deals (share); scan
create index deals_competitor_analysis_idx on public.deals using gin (competitor_analysis);

-- [26/62] create index public.deals_owner_id_deal_intelligence_score_win_probability_ai_idx (specs/20250831000003_security.gw:59)
--   locks public.deals (share); scan
create index deals_owner_id_deal_intelligence_score_win_probability_ai_idx on public.deals (owner_id, deal_intelligence_score desc, win_probability_ai desc nulls last) where status = 'active';

-- [27/62] create index public.deals_owner_id_status_stage_id_expected_close_date_idx (specs/20250831000003_security.gw:58)
--   locks public.deals (share); scan
create index deals_owner_id_status_stage_id_expected_close_date_idx on public.deals (owner_id, status, stage_id, expected_close_date) where status = 'active';

-- [28/62] create index public.deals_stakeholder_mapping_idx (specs/20250831000003_security.gw:61)
--   locks public.deals (share); scan
create index deals_stakeholder_mapping_idx on public.deals using gin (stakeholder_mapping);

-- [29/62] create index public.meetings_company_id_started_at_idx (specs/20250831000003_security.gw:72)
--   locks public.meetings (share); scan
create index meetings_company_id_started_at_idx on public.meetings (company_id, started_at desc);

-- [30/62] create index public.meetings_effectiveness_score_idx (specs/20250831000003_security.gw:73)
--   locks public.meetings (share); scan
create index meetings_effectiveness_score_idx on public.meetings (effectiveness_score desc);

-- [31/62] create index public.meetings_next_actions_idx (specs/20250831000003_security.gw:71)
--   locks public.meetings (share); scan
create index meetings_next_actions_idx on public.meetings using gin (next_actions);

-- [32/62] create index public.tasks_company_id_idx (specs/20250831000003_security.gw:84)
--   locks public.tasks (share); scan
create index tasks_company_id_idx on public.tasks (company_id) where not done;

-- [33/62] create index public.tasks_meeting_id_idx (specs/20250831000003_security.gw:85)
--   locks public.tasks (share); scan
create index tasks_meeting_id_idx on public.tasks (meeting_id) where meeting_id is not null;

-- [34/62] create index public.tasks_priority_score_idx (specs/20250831000003_security.gw:86)
--   locks public.tasks (share); scan
create index tasks_priority_score_idx on public.tasks (priority_score desc) where not done;

-- [35/62] phase contract
savepoint godwit_contract;

-- [36/62] create policy manage on public.activity_meetings (specs/20250831000003_security.gw:23)
--   locks public.activity_meetings (access exclusive); instant
create policy manage on public.activity_meetings to authenticated
    using (exists (select from public.activities a where a.id = activity_id and a.user_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin))
    with check (exists (select from public.activities a where a.id = activity_id and a.user_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [37/62] create policy see on public.activity_meetings (specs/20250831000003_security.gw:22)
--   locks public.activity_meetings (access exclusive); instant
create policy see on public.activity_meetings for select to authenticated
    using (exists (select from public.activities a where a.id = activity_id and a.user_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [38/62] create policy manage on public.company_activities (specs/20250831000003_security.gw:7)
--   locks public.company_activities (access exclusive); instant
create policy manage on public.company_activities to authenticated
    using (exists (select from public.companies c where c.id = company_id and c.owner_id = auth.uid()) or exists (select from public.activities a where a.id = activity_id and a.user_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin))
    with check (exists (select from public.companies c where c.id = company_id and c.owner_id = auth.uid()) or exists (select from public.activities a where a.id = activity_id and a.user_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [39/62] create policy see on public.company_activities (specs/20250831000003_security.gw:6)
--   locks public.company_activities (access exclusive); instant
create policy see on public.company_activities for select to authenticated
    using (exists (select from public.companies c where c.id = company_id and c.owner_id = auth.uid()) or exists (select from public.activities a where a.id = activity_id and a.user_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [40/62] create policy manage on public.contact_interactions (specs/20250831000003_security.gw:39)
--   locks public.contact_interactions (access exclusive); instant
create policy manage on public.contact_interactions to authenticated
    using (exists (select from public.contacts c where c.id = contact_id and c.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin))
    with check (exists (select from public.contacts c where c.id = contact_id and c.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [41/62] create policy see on public.contact_interactions (specs/20250831000003_security.gw:38)
--   locks public.contact_interactions (access exclusive); instant
create policy see on public.contact_interactions for select to authenticated
    using (exists (select from public.contacts c where c.id = contact_id and c.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [42/62] create policy manage on public.deal_meetings (specs/20250831000003_security.gw:15)
--   locks public.deal_meetings (access exclusive); instant
create policy manage on public.deal_meetings to authenticated
    using (exists (select from public.deals d where d.id = deal_id and d.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin))
    with check (exists (select from public.deals d where d.id = deal_id and d.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [43/62] create policy see on public.deal_meetings (specs/20250831000003_security.gw:14)
--   locks public.deal_meetings (access exclusive); instant
create policy see on public.deal_meetings for select to authenticated
    using (exists (select from public.deals d where d.id = deal_id and d.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [44/62] create policy manage on public.deal_stakeholders (specs/20250831000003_security.gw:47)
--   locks public.deal_stakeholders (access exclusive); instant
create policy manage on public.deal_stakeholders to authenticated
    using (exists (select from public.deals d where d.id = deal_id and d.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin))
    with check (exists (select from public.deals d where d.id = deal_id and d.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [45/62] create policy see on public.deal_stakeholders (specs/20250831000003_security.gw:46)
--   locks public.deal_stakeholders (access exclusive); instant
create policy see on public.deal_stakeholders for select to authenticated
    using (exists (select from public.deals d where d.id = deal_id and d.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [46/62] create policy manage on public.meeting_sequences (specs/20250831000003_security.gw:31)
--   locks public.meeting_sequences (access exclusive); instant
create policy manage on public.meeting_sequences to authenticated
    using (exists (select from public.deals d where d.id = deal_id and d.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin))
    with check (exists (select from public.deals d where d.id = deal_id and d.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [47/62] create policy see on public.meeting_sequences (specs/20250831000003_security.gw:30)
--   locks public.meeting_sequences (access exclusive); instant
create policy see on public.meeting_sequences for select to authenticated
    using (exists (select from public.deals d where d.id = deal_id and d.owner_id = auth.uid()) or exists (select from public.profiles p where p.id = auth.uid() and p.is_admin));

-- [48/62] grant to authenticated on table public.activity_meetings (specs/20250831000003_security.gw:24)
grant delete, insert, select, update on table public.activity_meetings to authenticated;

-- [49/62] grant to service_role on table public.activity_meetings (specs/20250831000003_security.gw:25)
grant delete, insert, references, select, trigger, truncate, update on table public.activity_meetings to service_role;

-- [50/62] grant to authenticated on table public.company_activities (specs/20250831000003_security.gw:8)
grant delete, insert, select, update on table public.company_activities to authenticated;

-- [51/62] grant to service_role on table public.company_activities (specs/20250831000003_security.gw:9)
grant delete, insert, references, select, trigger, truncate, update on table public.company_activities to service_role;

-- [52/62] grant to authenticated on table public.contact_interactions (specs/20250831000003_security.gw:40)
grant delete, insert, select, update on table public.contact_interactions to authenticated;

-- [53/62] grant to service_role on table public.contact_interactions (specs/20250831000003_security.gw:41)
grant delete, insert, references, select, trigger, truncate, update on table public.contact_interactions to service_role;

-- [54/62] grant to authenticated on table public.deal_meetings (specs/20250831000003_security.gw:16)
grant delete, insert, select, update on table public.deal_meetings to authenticated;

-- [55/62] grant to service_role on table public.deal_meetings (specs/20250831000003_security.gw:17)
grant delete, insert, references, select, trigger, truncate, update on table public.deal_meetings to service_role;

-- [56/62] grant to authenticated on table public.deal_stakeholders (specs/20250831000003_security.gw:48)
grant delete, insert, select, update on table public.deal_stakeholders to authenticated;

-- [57/62] grant to service_role on table public.deal_stakeholders (specs/20250831000003_security.gw:49)
grant delete, insert, references, select, trigger, truncate, update on table public.deal_stakeholders to service_role;

-- [58/62] grant to authenticated on table public.meeting_sequences (specs/20250831000003_security.gw:32)
grant delete, insert, select, update on table public.meeting_sequences to authenticated;

-- [59/62] grant to service_role on table public.meeting_sequences (specs/20250831000003_security.gw:33)
grant delete, insert, references, select, trigger, truncate, update on table public.meeting_sequences to service_role;

-- [60/62] record the migration, with its way back
insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,
  window_until, down_sql, finalize_sql, verify_sql)
select '20250831000003_security', (select coalesce(max(sequence), 0) + 1 from godwit.migration), 'Who sees what, and what is asked often', 'sha256:259af4d3d9a39a459142c70c952647085ae6450d5dd318e3c1197677f05e66a8',
  case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, false, 'exact', 52,
  now() + interval '14d',
  $down$-- godwit down 20250831000003_security
-- Who sees what, and what is asked often
-- spec: specs/20250831000003_security.gw
-- checksum: sha256:259af4d3d9a39a459142c70c952647085ae6450d5dd318e3c1197677f05e66a8
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:b91c5076ed9e9addb3a413c122354f8562f39cbc70496a4e98fd40b9619bae7d

-- [1/58] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/58] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000003_security';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250831000003_security' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250831000003_security closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/58] lock what will change, in one fixed order
lock table public.activities in access exclusive mode;
lock table public.activity_meetings in access exclusive mode;
lock table public.companies in access exclusive mode;
lock table public.company_activities in access exclusive mode;
lock table public.contact_interactions in access exclusive mode;
lock table public.contacts in access exclusive mode;
lock table public.deal_meetings in access exclusive mode;
lock table public.deal_stakeholders in access exclusive mode;
lock table public.deals in access exclusive mode;
lock table public.meeting_sequences in access exclusive mode;
lock table public.meetings in access exclusive mode;
lock table public.tasks in access exclusive mode;

-- [4/58] undo: grant to service_role on table public.meeting_sequences (specs/20250831000003_security.gw:33)
-- revoke from service_role on table public.meeting_sequences
revoke delete, insert, references, select, trigger, truncate, update on table public.meeting_sequences from service_role;

-- [5/58] undo: grant to authenticated on table public.meeting_sequences (specs/20250831000003_security.gw:32)
-- revoke from authenticated on table public.meeting_sequences
revoke delete, insert, select, update on table public.meeting_sequences from authenticated;

-- [6/58] undo: grant to service_role on table public.deal_stakeholders (specs/20250831000003_security.gw:49)
-- revoke from service_role on table public.deal_stakeholders
revoke delete, insert, references, select, trigger, truncate, update on table public.deal_stakeholders from service_role;

-- [7/58] undo: grant to authenticated on table public.deal_stakeholders (specs/20250831000003_security.gw:48)
-- revoke from authenticated on table public.deal_stakeholders
revoke delete, insert, select, update on table public.deal_stakeholders from authenticated;

-- [8/58] undo: grant to service_role on table public.deal_meetings (specs/20250831000003_security.gw:17)
-- revoke from service_role on table public.deal_meetings
revoke delete, insert, references, select, trigger, truncate, update on table public.deal_meetings from service_role;

-- [9/58] undo: grant to authenticated on table public.deal_meetings (specs/20250831000003_security.gw:16)
-- revoke from authenticated on table public.deal_meetings
revoke delete, insert, select, update on table public.deal_meetings from authenticated;

-- [10/58] undo: grant to service_role on table public.contact_interactions (specs/20250831000003_security.gw:41)
-- revoke from service_role on table public.contact_interactions
revoke delete, insert, references, select, trigger, truncate, update on table public.contact_interactions from service_role;

-- [11/58] undo: grant to authenticated on table public.contact_interactions (specs/20250831000003_security.gw:40)
-- revoke from authenticated on table public.contact_interactions
revoke delete, insert, select, update on table public.contact_interactions from authenticated;

-- [12/58] undo: grant to service_role on table public.company_activities (specs/20250831000003_security.gw:9)
-- revoke from service_role on table public.company_activities
revoke delete, insert, references, select, trigger, truncate, update on table public.company_activities from service_role;

-- [13/58] undo: grant to authenticated on table public.company_activities (specs/20250831000003_security.gw:8)
-- revoke from authenticated on table public.company_activities
revoke delete, insert, select, update on table public.company_activities from authenticated;

-- [14/58] undo: grant to service_role on table public.activity_meetings (specs/20250831000003_security.gw:25)
-- revoke from service_role on table public.activity_meetings
revoke delete, insert, references, select, trigger, truncate, update on table public.activity_meetings from service_role;

-- [15/58] undo: grant to authenticated on table public.activity_meetings (specs/20250831000003_security.gw:24)
-- revoke from authenticated on table public.activity_meetings
revoke delete, insert, select, update on table public.activity_meetings from authenticated;

-- [16/58] undo: create policy see on public.meeting_sequences (specs/20250831000003_security.gw:30)
--   locks public.meeting_sequences (access exclusive); instant
-- drop policy see on public.meeting_sequences
drop policy see on public.meeting_sequences;

-- [17/58] undo: create policy manage on public.meeting_sequences (specs/20250831000003_security.gw:31)
--   locks public.meeting_sequences (access exclusive); instant
-- drop policy manage on public.meeting_sequences
drop policy manage on public.meeting_sequences;

-- [18/58] undo: create policy see on public.deal_stakeholders (specs/20250831000003_security.gw:46)
--   locks public.deal_stakeholders (access exclusive); instant
-- drop policy see on public.deal_stakeholders
drop policy see on public.deal_stakeholders;

-- [19/58] undo: create policy manage on public.deal_stakeholders (specs/20250831000003_security.gw:47)
--   locks public.deal_stakeholders (access exclusive); instant
-- drop policy manage on public.deal_stakeholders
drop policy manage on public.deal_stakeholders;

-- [20/58] undo: create policy see on public.deal_meetings (specs/20250831000003_security.gw:14)
--   locks public.deal_meetings (access exclusive); instant
-- drop policy see on public.deal_meetings
drop policy see on public.deal_meetings;

-- [21/58] undo: create policy manage on public.deal_meetings (specs/20250831000003_security.gw:15)
--   locks public.deal_meetings (access exclusive); instant
-- drop policy manage on public.deal_meetings
drop policy manage on public.deal_meetings;

-- [22/58] undo: create policy see on public.contact_interactions (specs/20250831000003_security.gw:38)
--   locks public.contact_interactions (access exclusive); instant
-- drop policy see on public.contact_interactions
drop policy see on public.contact_interactions;

-- [23/58] undo: create policy manage on public.contact_interactions (specs/20250831000003_security.gw:39)
--   locks public.contact_interactions (access exclusive); instant
-- drop policy manage on public.contact_interactions
drop policy manage on public.contact_interactions;

-- [24/58] undo: create policy see on public.company_activities (specs/20250831000003_security.gw:6)
--   locks public.company_activities (access exclusive); instant
-- drop policy see on public.company_activities
drop policy see on public.company_activities;

-- [25/58] undo: create policy manage on public.company_activities (specs/20250831000003_security.gw:7)
--   locks public.company_activities (access exclusive); instant
-- drop policy manage on public.company_activities
drop policy manage on public.company_activities;

-- [26/58] undo: create policy see on public.activity_meetings (specs/20250831000003_security.gw:22)
--   locks public.activity_meetings (access exclusive); instant
-- drop policy see on public.activity_meetings
drop policy see on public.activity_meetings;

-- [27/58] undo: create policy manage on public.activity_meetings (specs/20250831000003_security.gw:23)
--   locks public.activity_meetings (access exclusive); instant
-- drop policy manage on public.activity_meetings
drop policy manage on public.activity_meetings;

-- [28/58] undo: create index public.tasks_priority_score_idx (specs/20250831000003_security.gw:86)
--   locks public.tasks (access exclusive); instant
-- drop index public.tasks_priority_score_idx
drop index public.tasks_priority_score_idx;

-- [29/58] undo: create index public.tasks_meeting_id_idx (specs/20250831000003_security.gw:85)
--   locks public.tasks (access exclusive); instant
-- drop index public.tasks_meeting_id_idx
drop index public.tasks_meeting_id_idx;

-- [30/58] undo: create index public.tasks_company_id_idx (specs/20250831000003_security.gw:84)
--   locks public.tasks (access exclusive); instant
-- drop index public.tasks_company_id_idx
drop index public.tasks_company_id_idx;

-- [31/58] undo: create index public.meetings_next_actions_idx (specs/20250831000003_security.gw:71)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_next_actions_idx
drop index public.meetings_next_actions_idx;

-- [32/58] undo: create index public.meetings_effectiveness_score_idx (specs/20250831000003_security.gw:73)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_effectiveness_score_idx
drop index public.meetings_effectiveness_score_idx;

-- [33/58] undo: create index public.meetings_company_id_started_at_idx (specs/20250831000003_security.gw:72)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_company_id_started_at_idx
drop index public.meetings_company_id_started_at_idx;

-- [34/58] undo: create index public.deals_stakeholder_mapping_idx (specs/20250831000003_security.gw:61)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_stakeholder_mapping_idx
drop index public.deals_stakeholder_mapping_idx;

-- [35/58] undo: create index public.deals_owner_id_status_stage_id_expected_close_date_idx (specs/20250831000003_security.gw:58)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_owner_id_status_stage_id_expected_close_date_idx
drop index public.deals_owner_id_status_stage_id_expected_close_date_idx;

-- [36/58] undo: create index public.deals_owner_id_deal_intelligence_score_win_probability_ai_idx (specs/20250831000003_security.gw:59)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_owner_id_deal_intelligence_score_win_probability_ai_idx
drop index public.deals_owner_id_deal_intelligence_score_win_probability_ai_idx;

-- [37/58] undo: create index public.deals_competitor_analysis_idx (specs/20250831000003_security.gw:60)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_competitor_analysis_idx
drop index public.deals_competitor_analysis_idx;

-- [38/58] undo: create index public.contacts_social_media_urls_idx (specs/20250831000003_security.gw:65)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_social_media_urls_idx
drop index public.contacts_social_media_urls_idx;

-- [39/58] undo: create index public.contacts_owner_id_engagement_score_idx (specs/20250831000003_security.gw:66)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_owner_id_engagement_score_idx
drop index public.contacts_owner_id_engagement_score_idx;

-- [40/58] undo: create index public.contacts_company_id_decision_maker_score_idx (specs/20250831000003_security.gw:67)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_company_id_decision_maker_score_idx
drop index public.contacts_company_id_decision_maker_score_idx;

-- [41/58] undo: create index public.companies_owner_id_engagement_score_lead_score_is_target_ac_idx (specs/20250831000003_security.gw:53)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_owner_id_engagement_score_lead_score_is_target_ac_idx
drop index public.companies_owner_id_engagement_score_lead_score_is_target_ac_idx;

-- [42/58] undo: create index public.companies_address_idx (specs/20250831000003_security.gw:54)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_address_idx
drop index public.companies_address_idx;

-- [43/58] undo: create index public.activities_sentiment_score_idx (specs/20250831000003_security.gw:79)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_sentiment_score_idx
drop index public.activities_sentiment_score_idx;

-- [44/58] undo: create index public.activities_key_topics_idx (specs/20250831000003_security.gw:80)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_key_topics_idx
drop index public.activities_key_topics_idx;

-- [45/58] undo: create index public.activities_deal_id_date_idx (specs/20250831000003_security.gw:78)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_deal_id_date_idx
drop index public.activities_deal_id_date_idx;

-- [46/58] undo: create index public.activities_company_id_date_idx (specs/20250831000003_security.gw:77)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_company_id_date_idx
drop index public.activities_company_id_date_idx;

-- [47/58] undo: create function public.has_ai_feature(text) (specs/20250831000003_security.gw:102)
-- drop function public.has_ai_feature(text)
drop function public.has_ai_feature(text);

-- [48/58] undo: create function public.get_dashboard(uuid) (specs/20250831000003_security.gw:94)
-- drop function public.get_dashboard(uuid)
drop function public.get_dashboard(uuid);

-- [49/58] undo: create function public.calculate_company_engagement(uuid) (specs/20250831000003_security.gw:89)
-- drop function public.calculate_company_engagement(uuid)
drop function public.calculate_company_engagement(uuid);

-- [50/58] undo: enable row level security on public.meeting_sequences (specs/20250831000003_security.gw:28)
--   locks public.meeting_sequences (access exclusive); instant
-- disable row level security on public.meeting_sequences
alter table public.meeting_sequences disable row level security;

-- [51/58] undo: enable row level security on public.deal_stakeholders (specs/20250831000003_security.gw:44)
--   locks public.deal_stakeholders (access exclusive); instant
-- disable row level security on public.deal_stakeholders
alter table public.deal_stakeholders disable row level security;

-- [52/58] undo: enable row level security on public.deal_meetings (specs/20250831000003_security.gw:12)
--   locks public.deal_meetings (access exclusive); instant
-- disable row level security on public.deal_meetings
alter table public.deal_meetings disable row level security;

-- [53/58] undo: enable row level security on public.contact_interactions (specs/20250831000003_security.gw:36)
--   locks public.contact_interactions (access exclusive); instant
-- disable row level security on public.contact_interactions
alter table public.contact_interactions disable row level security;

-- [54/58] undo: enable row level security on public.company_activities (specs/20250831000003_security.gw:4)
--   locks public.company_activities (access exclusive); instant
-- disable row level security on public.company_activities
alter table public.company_activities disable row level security;

-- [55/58] undo: enable row level security on public.activity_meetings (specs/20250831000003_security.gw:20)
--   locks public.activity_meetings (access exclusive); instant
-- disable row level security on public.activity_meetings
alter table public.activity_meetings disable row level security;

-- [56/58] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250831000003_security';
delete from godwit.hidden_column where migration = '20250831000003_security';
delete from godwit.checkpoint where migration = '20250831000003_security';
insert into godwit.event (migration, what, detail)
select '20250831000003_security', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [57/58] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000003_security', 'message', 'rolled back',
  'tables', array['public.activities', 'public.activity_meetings', 'public.companies', 'public.company_activities', 'public.contact_interactions', 'public.contacts', 'public.deal_meetings', 'public.deal_stakeholders', 'public.deals', 'public.meeting_sequences', 'public.meetings', 'public.tasks']::text[])::text);

-- [58/58] commit
commit;
$down$,
  $finalize$-- godwit finalize 20250831000003_security
-- Who sees what, and what is asked often
-- spec: specs/20250831000003_security.gw
-- checksum: sha256:259af4d3d9a39a459142c70c952647085ae6450d5dd318e3c1197677f05e66a8
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:aacf177cd8b1b9fa767a319207ae592f67dde63deb87f073dc2a998ab591d486

-- [1/5] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/5] refuse when this is not applied
do $godwit$
declare is_state text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000003_security';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000003_security cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/5] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250831000003_security';
insert into godwit.event (migration, what, detail)
select '20250831000003_security', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [4/5] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000003_security', 'message', 'finalized',
  'tables', array['public.activities', 'public.activity_meetings', 'public.companies', 'public.company_activities', 'public.contact_interactions', 'public.contacts', 'public.deal_meetings', 'public.deal_stakeholders', 'public.deals', 'public.meeting_sequences', 'public.meetings', 'public.tasks']::text[])::text);

-- [5/5] commit
commit;
$finalize$,
  $verify$-- godwit verify 20250831000003_security
-- Who sees what, and what is asked often
-- spec: specs/20250831000003_security.gw
-- checksum: sha256:259af4d3d9a39a459142c70c952647085ae6450d5dd318e3c1197677f05e66a8
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:5a5ecb3576230d637b9e8f9472bceedc456b725e572f34e5f8b37604cd9586ed

-- [1/5] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table public.activity_meetings', 'specs/20250831000003_security.gw:20', 'public.activity_meetings', 'p', true, false),
    ('table public.company_activities', 'specs/20250831000003_security.gw:4', 'public.company_activities', 'p', true, false),
    ('table public.contact_interactions', 'specs/20250831000003_security.gw:36', 'public.contact_interactions', 'p', true, false),
    ('table public.deal_meetings', 'specs/20250831000003_security.gw:12', 'public.deal_meetings', 'p', true, false),
    ('table public.deal_stakeholders', 'specs/20250831000003_security.gw:44', 'public.deal_stakeholders', 'p', true, false),
    ('table public.meeting_sequences', 'specs/20250831000003_security.gw:28', 'public.meeting_sequences', 'p', true, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [2/5] function: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'function' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('function public.calculate_company_engagement(uuid)', 'specs/20250831000003_security.gw:89', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('public.calculate_company_engagement(uuid)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '682d87a31812b8da25527ee9087e10012787122456ed1644766d358b9a24dc79')),
    ('function public.get_dashboard(uuid)', 'specs/20250831000003_security.gw:94', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('public.get_dashboard(uuid)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '9b86f873d44672fb5dd77727af23b931c4cde6ccc9887d4a5e383fc149582791')),
    ('function public.has_ai_feature(text)', 'specs/20250831000003_security.gw:102', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('public.has_ai_feature(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'i' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '356816231b9d826a2f1892f873d07e58fc3de86defc41cece3fec9bf2f5d9ca1'))
  ) as d (object, place, passed);

-- [3/5] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index public.activities_company_id_date_idx', 'specs/20250831000003_security.gw:77', 'public.activities', 'public.activities_company_id_date_idx', false, 2, false),
    ('index public.activities_deal_id_date_idx', 'specs/20250831000003_security.gw:78', 'public.activities', 'public.activities_deal_id_date_idx', false, 2, true),
    ('index public.activities_key_topics_idx', 'specs/20250831000003_security.gw:80', 'public.activities', 'public.activities_key_topics_idx', false, 1, false),
    ('index public.activities_sentiment_score_idx', 'specs/20250831000003_security.gw:79', 'public.activities', 'public.activities_sentiment_score_idx', false, 1, true),
    ('index public.companies_address_idx', 'specs/20250831000003_security.gw:54', 'public.companies', 'public.companies_address_idx', false, 1, false),
    ('index public.companies_owner_id_engagement_score_lead_score_is_target_ac_idx', 'specs/20250831000003_security.gw:53', 'public.companies', 'public.companies_owner_id_engagement_score_lead_score_is_target_ac_idx', false, 4, true),
    ('index public.contacts_company_id_decision_maker_score_idx', 'specs/20250831000003_security.gw:67', 'public.contacts', 'public.contacts_company_id_decision_maker_score_idx', false, 2, false),
    ('index public.contacts_owner_id_engagement_score_idx', 'specs/20250831000003_security.gw:66', 'public.contacts', 'public.contacts_owner_id_engagement_score_idx', false, 2, false),
    ('index public.contacts_social_media_urls_idx', 'specs/20250831000003_security.gw:65', 'public.contacts', 'public.contacts_social_media_urls_idx', false, 1, false),
    ('index public.deals_competitor_analysis_idx', 'specs/20250831000003_security.gw:60', 'public.deals', 'public.deals_competitor_analysis_idx', false, 1, false),
    ('index public.deals_owner_id_deal_intelligence_score_win_probability_ai_idx', 'specs/20250831000003_security.gw:59', 'public.deals', 'public.deals_owner_id_deal_intelligence_score_win_probability_ai_idx', false, 3, true),
    ('index public.deals_owner_id_status_stage_id_expected_close_date_idx', 'specs/20250831000003_security.gw:58', 'public.deals', 'public.deals_owner_id_status_stage_id_expected_close_date_idx', false, 4, true),
    ('index public.deals_stakeholder_mapping_idx', 'specs/20250831000003_security.gw:61', 'public.deals', 'public.deals_stakeholder_mapping_idx', false, 1, false),
    ('index public.meetings_company_id_started_at_idx', 'specs/20250831000003_security.gw:72', 'public.meetings', 'public.meetings_company_id_started_at_idx', false, 2, false),
    ('index public.meetings_effectiveness_score_idx', 'specs/20250831000003_security.gw:73', 'public.meetings', 'public.meetings_effectiveness_score_idx', false, 1, false),
    ('index public.meetings_next_actions_idx', 'specs/20250831000003_security.gw:71', 'public.meetings', 'public.meetings_next_actions_idx', false, 1, false),
    ('index public.tasks_company_id_idx', 'specs/20250831000003_security.gw:84', 'public.tasks', 'public.tasks_company_id_idx', false, 1, true),
    ('index public.tasks_meeting_id_idx', 'specs/20250831000003_security.gw:85', 'public.tasks', 'public.tasks_meeting_id_idx', false, 1, true),
    ('index public.tasks_priority_score_idx', 'specs/20250831000003_security.gw:86', 'public.tasks', 'public.tasks_priority_score_idx', false, 1, true)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [4/5] policy: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'policy' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('policy manage on public.activity_meetings', 'specs/20250831000003_security.gw:23', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.activity_meetings') and p.polname = 'manage' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = true)),
    ('policy see on public.activity_meetings', 'specs/20250831000003_security.gw:22', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.activity_meetings') and p.polname = 'see' and p.polcmd = 'r' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy manage on public.company_activities', 'specs/20250831000003_security.gw:7', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.company_activities') and p.polname = 'manage' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = true)),
    ('policy see on public.company_activities', 'specs/20250831000003_security.gw:6', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.company_activities') and p.polname = 'see' and p.polcmd = 'r' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy manage on public.contact_interactions', 'specs/20250831000003_security.gw:39', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.contact_interactions') and p.polname = 'manage' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = true)),
    ('policy see on public.contact_interactions', 'specs/20250831000003_security.gw:38', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.contact_interactions') and p.polname = 'see' and p.polcmd = 'r' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy manage on public.deal_meetings', 'specs/20250831000003_security.gw:15', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.deal_meetings') and p.polname = 'manage' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = true)),
    ('policy see on public.deal_meetings', 'specs/20250831000003_security.gw:14', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.deal_meetings') and p.polname = 'see' and p.polcmd = 'r' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy manage on public.deal_stakeholders', 'specs/20250831000003_security.gw:47', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.deal_stakeholders') and p.polname = 'manage' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = true)),
    ('policy see on public.deal_stakeholders', 'specs/20250831000003_security.gw:46', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.deal_stakeholders') and p.polname = 'see' and p.polcmd = 'r' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy manage on public.meeting_sequences', 'specs/20250831000003_security.gw:31', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.meeting_sequences') and p.polname = 'manage' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = true)),
    ('policy see on public.meeting_sequences', 'specs/20250831000003_security.gw:30', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.meeting_sequences') and p.polname = 'see' and p.polcmd = 'r' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false))
  ) as d (object, place, passed);

-- [5/5] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to authenticated on table public.activity_meetings', 'specs/20250831000003_security.gw:24', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.activity_meetings') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.activity_meetings', 'specs/20250831000003_security.gw:25', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.activity_meetings') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.company_activities', 'specs/20250831000003_security.gw:8', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.company_activities') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.company_activities', 'specs/20250831000003_security.gw:9', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.company_activities') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.contact_interactions', 'specs/20250831000003_security.gw:40', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.contact_interactions') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.contact_interactions', 'specs/20250831000003_security.gw:41', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.contact_interactions') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.deal_meetings', 'specs/20250831000003_security.gw:16', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deal_meetings') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.deal_meetings', 'specs/20250831000003_security.gw:17', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deal_meetings') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.deal_stakeholders', 'specs/20250831000003_security.gw:48', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deal_stakeholders') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.deal_stakeholders', 'specs/20250831000003_security.gw:49', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deal_stakeholders') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.meeting_sequences', 'specs/20250831000003_security.gw:32', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.meeting_sequences') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.meeting_sequences', 'specs/20250831000003_security.gw:33', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.meeting_sequences') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[]))
  ) as d (object, place, passed);
$verify$
on conflict (id) do update set (sequence, title, checksum, state, baseline, rollback_class, steps, applied_at,
  applied_by, window_until, finalized_at, rolled_back_at, down_sql, finalize_sql, verify_sql) =
  (excluded.sequence, excluded.title, excluded.checksum, excluded.state, excluded.baseline,
   excluded.rollback_class, excluded.steps, excluded.applied_at, excluded.applied_by,
   excluded.window_until, null, null, excluded.down_sql, excluded.finalize_sql, excluded.verify_sql);
insert into godwit.event (migration, what, detail)
select '20250831000003_security', case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, jsonb_build_object('catalog rows changed', godwit.remember());

-- [61/62] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000003_security', 'message', 'applied',
  'tables', array['public.activities', 'public.activity_meetings', 'public.companies', 'public.company_activities', 'public.contact_interactions', 'public.contacts', 'public.deal_meetings', 'public.deal_stakeholders', 'public.deals', 'public.meeting_sequences', 'public.meetings', 'public.tasks']::text[])::text);

-- [62/62] commit
commit;
