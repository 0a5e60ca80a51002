-- godwit up 20250830000000_baseline
-- The CRM before the suite
-- spec: specs/20250830000000_baseline.gw
-- checksum: sha256:c32763d815902690164245871f19dbb3920fe8206cd1c7aa2271b11d9cd4e169
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- postgres: 13
-- content: sha256:35b4e0f6ec755bd92c28d9aefae78870a1c8d929180f0b140c55ebe870511be8

-- [1/61] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/61] the ledger
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

-- [3/61] refuse when this has run already or comes too early
do $godwit$
begin
  if current_setting('server_version_num')::integer < 130000 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline needs PostgreSQL 13, this server is ' || current_setting('server_version'),
      hint = 'compile it for this server''s version (`requires postgres` in the spec), or upgrade the server';
  end if;
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if exists (select from godwit.migration where id = '20250830000000_baseline' and state <> 'rolled_back') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline is applied already',
      hint = 'nothing is to be done; to apply it anew roll it back first (`godwit rollback`, or its down artifact)';
  end if;
end
$godwit$;

-- [4/61] phase expand
savepoint godwit_expand;

-- [5/61] create schema auth (specs/20250830000000_baseline.gw:5)
create schema auth;

-- [6/61] create table auth.users (specs/20250830000000_baseline.gw:13)
create table auth.users (
    id uuid not null,
    email text not null,
    constraint users_pkey primary key (id),
    constraint users_email_key unique (email)
);

-- [7/61] create table public.deal_stages (specs/20250830000000_baseline.gw:76)
create table public.deal_stages (
    id integer not null,
    name text not null,
    "position" integer not null,
    constraint deal_stages_pkey primary key (id),
    constraint deal_stages_name_key unique (name)
);

-- [8/61] create table public.profiles (specs/20250830000000_baseline.gw:127)
create table public.profiles (
    id uuid not null,
    full_name text not null,
    is_admin boolean default false,
    constraint profiles_pkey primary key (id),
    constraint profiles_id_fkey foreign key (id) references auth.users (id) on delete cascade
);

-- [9/61] create table public.companies (specs/20250830000000_baseline.gw:35)
--   locks public.companies (access exclusive); instant
create table public.companies (
    id uuid not null default gen_random_uuid(),
    name text not null,
    domain text,
    industry text,
    owner_id uuid,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    constraint companies_pkey primary key (id),
    constraint companies_owner_id_fkey foreign key (owner_id) references public.profiles (id)
);
-- enable row level security on public.companies
alter table public.companies enable row level security;

-- [10/61] create table public.contacts (specs/20250830000000_baseline.gw:55)
--   locks public.contacts (access exclusive); instant
create table public.contacts (
    id uuid not null default gen_random_uuid(),
    first_name text,
    last_name text,
    email text,
    company_id uuid,
    owner_id uuid,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    constraint contacts_pkey primary key (id),
    constraint contacts_company_id_fkey foreign key (company_id) references public.companies (id) on delete set null,
    constraint contacts_owner_id_fkey foreign key (owner_id) references public.profiles (id)
);
-- enable row level security on public.contacts
alter table public.contacts enable row level security;

-- [11/61] create table public.deals (specs/20250830000000_baseline.gw:85)
--   locks public.deals (access exclusive); instant
create table public.deals (
    id uuid not null default gen_random_uuid(),
    name text not null,
    company text,
    contact_name text,
    contact_email text,
    contact_phone text,
    value numeric(12,2),
    status text not null default 'active',
    stage_id integer,
    owner_id uuid not null,
    expected_close_date date,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    constraint deals_pkey primary key (id),
    constraint deals_owner_id_fkey foreign key (owner_id) references public.profiles (id),
    constraint deals_stage_id_fkey foreign key (stage_id) references public.deal_stages (id)
);
-- enable row level security on public.deals
alter table public.deals enable row level security;

-- [12/61] create table public.activities (specs/20250830000000_baseline.gw:18)
--   locks public.activities (access exclusive); instant
create table public.activities (
    id uuid not null default gen_random_uuid(),
    user_id uuid not null,
    type text not null,
    client_name text,
    details text,
    deal_id uuid,
    date timestamp with time zone not null,
    created_at timestamp with time zone not null default now(),
    constraint activities_pkey primary key (id),
    constraint activities_deal_id_fkey foreign key (deal_id) references public.deals (id) on delete set null,
    constraint activities_user_id_fkey foreign key (user_id) references public.profiles (id)
);
-- enable row level security on public.activities
alter table public.activities enable row level security;

-- [13/61] create table public.meetings (specs/20250830000000_baseline.gw:109)
--   locks public.meetings (access exclusive); instant
create table public.meetings (
    id uuid not null default gen_random_uuid(),
    title text not null,
    owner_user_id uuid not null,
    attendee_emails text[] not null default '{}',
    started_at timestamp with time zone not null,
    ended_at timestamp with time zone,
    summary text,
    sentiment numeric,
    created_at timestamp with time zone not null default now(),
    constraint meetings_pkey primary key (id),
    constraint meetings_owner_user_id_fkey foreign key (owner_user_id) references public.profiles (id)
);
-- enable row level security on public.meetings
alter table public.meetings enable row level security;

-- [14/61] create table public.tasks (specs/20250830000000_baseline.gw:136)
--   locks public.tasks (access exclusive); instant
create table public.tasks (
    id uuid not null default gen_random_uuid(),
    title text not null,
    owner_id uuid,
    deal_id uuid,
    due_date date,
    done boolean not null default false,
    created_at timestamp with time zone not null default now(),
    constraint tasks_pkey primary key (id),
    constraint tasks_deal_id_fkey foreign key (deal_id) references public.deals (id) on delete cascade,
    constraint tasks_owner_id_fkey foreign key (owner_id) references public.profiles (id)
);
-- enable row level security on public.tasks
alter table public.tasks enable row level security;

-- [15/61] create function auth.uid() (specs/20250830000000_baseline.gw:152)
create function auth.uid() returns uuid language sql stable as $$ select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;

-- [16/61] create function public.set_updated_at() (specs/20250830000000_baseline.gw:154)
create function public.set_updated_at() returns trigger language plpgsql as $$
begin
    new.updated_at := clock_timestamp();
    return new;
end $$;

-- [17/61] create view public.deals_with_owner (specs/20250830000000_baseline.gw:170)
--   locks public.deals (access share), public.profiles (access share); instant
create view public.deals_with_owner as
select d.id,
    d.name,
    d.company,
    d.contact_name,
    d.contact_email,
    d.contact_phone,
    d.value,
    d.status,
    d.stage_id,
    d.owner_id,
    d.expected_close_date,
    d.created_at,
    d.updated_at,
    p.full_name as owner_name
   from public.deals d
     join public.profiles p on p.id = d.owner_id;

-- [18/61] create view public.active_value (specs/20250830000000_baseline.gw:160)
--   locks public.deals_with_owner (access share); instant
create view public.active_value as
select deals_with_owner.owner_id,
    sum(deals_with_owner.value) as value
   from public.deals_with_owner
  where deals_with_owner.status = 'active'::text
  group by deals_with_owner.owner_id;

-- [19/61] create policy own on public.activities (specs/20250830000000_baseline.gw:29)
--   locks public.activities (access exclusive); instant
create policy own on public.activities to authenticated
    using (user_id = auth.uid());

-- [20/61] create policy own on public.companies (specs/20250830000000_baseline.gw:49)
--   locks public.companies (access exclusive); instant
create policy own on public.companies to authenticated
    using (owner_id = auth.uid() or (exists (select from public.profiles p where p.id = auth.uid() and p.is_admin)));

-- [21/61] create policy own on public.contacts (specs/20250830000000_baseline.gw:70)
--   locks public.contacts (access exclusive); instant
create policy own on public.contacts to authenticated
    using (owner_id = auth.uid() or (exists (select from public.profiles p where p.id = auth.uid() and p.is_admin)));

-- [22/61] create policy own on public.deals (specs/20250830000000_baseline.gw:103)
--   locks public.deals (access exclusive); instant
create policy own on public.deals to authenticated
    using (owner_id = auth.uid() or (exists (select from public.profiles p where p.id = auth.uid() and p.is_admin)));

-- [23/61] create policy own on public.meetings (specs/20250830000000_baseline.gw:121)
--   locks public.meetings (access exclusive); instant
create policy own on public.meetings to authenticated
    using (owner_user_id = auth.uid());

-- [24/61] create policy own on public.tasks (specs/20250830000000_baseline.gw:146)
--   locks public.tasks (access exclusive); instant
create policy own on public.tasks to authenticated
    using (owner_id = auth.uid());

-- [25/61] grant to anon on schema auth (specs/20250830000000_baseline.gw:6)
grant usage on schema auth to anon;

-- [26/61] grant to authenticated on schema auth (specs/20250830000000_baseline.gw:6)
grant usage on schema auth to authenticated;

-- [27/61] grant to service_role on schema auth (specs/20250830000000_baseline.gw:6)
grant usage on schema auth to service_role;

-- [28/61] grant to authenticated on view public.active_value (specs/20250830000000_baseline.gw:166)
grant delete, insert, select, update on table public.active_value to authenticated;

-- [29/61] grant to service_role on view public.active_value (specs/20250830000000_baseline.gw:167)
grant delete, insert, references, select, trigger, truncate, update on table public.active_value to service_role;

-- [30/61] grant to authenticated on table public.activities (specs/20250830000000_baseline.gw:31)
grant delete, insert, select, update on table public.activities to authenticated;

-- [31/61] grant to service_role on table public.activities (specs/20250830000000_baseline.gw:32)
grant delete, insert, references, select, trigger, truncate, update on table public.activities to service_role;

-- [32/61] grant to authenticated on table public.companies (specs/20250830000000_baseline.gw:51)
grant delete, insert, select, update on table public.companies to authenticated;

-- [33/61] grant to service_role on table public.companies (specs/20250830000000_baseline.gw:52)
grant delete, insert, references, select, trigger, truncate, update on table public.companies to service_role;

-- [34/61] grant to authenticated on table public.contacts (specs/20250830000000_baseline.gw:72)
grant delete, insert, select, update on table public.contacts to authenticated;

-- [35/61] grant to service_role on table public.contacts (specs/20250830000000_baseline.gw:73)
grant delete, insert, references, select, trigger, truncate, update on table public.contacts to service_role;

-- [36/61] grant to authenticated on table public.deal_stages (specs/20250830000000_baseline.gw:81)
grant delete, insert, select, update on table public.deal_stages to authenticated;

-- [37/61] grant to service_role on table public.deal_stages (specs/20250830000000_baseline.gw:82)
grant delete, insert, references, select, trigger, truncate, update on table public.deal_stages to service_role;

-- [38/61] grant to authenticated on table public.deals (specs/20250830000000_baseline.gw:105)
grant delete, insert, select, update on table public.deals to authenticated;

-- [39/61] grant to service_role on table public.deals (specs/20250830000000_baseline.gw:106)
grant delete, insert, references, select, trigger, truncate, update on table public.deals to service_role;

-- [40/61] grant to authenticated on view public.deals_with_owner (specs/20250830000000_baseline.gw:187)
grant delete, insert, select, update on table public.deals_with_owner to authenticated;

-- [41/61] grant to service_role on view public.deals_with_owner (specs/20250830000000_baseline.gw:188)
grant delete, insert, references, select, trigger, truncate, update on table public.deals_with_owner to service_role;

-- [42/61] grant to authenticated on table public.meetings (specs/20250830000000_baseline.gw:123)
grant delete, insert, select, update on table public.meetings to authenticated;

-- [43/61] grant to service_role on table public.meetings (specs/20250830000000_baseline.gw:124)
grant delete, insert, references, select, trigger, truncate, update on table public.meetings to service_role;

-- [44/61] grant to authenticated on table public.profiles (specs/20250830000000_baseline.gw:132)
grant delete, insert, select, update on table public.profiles to authenticated;

-- [45/61] grant to service_role on table public.profiles (specs/20250830000000_baseline.gw:133)
grant delete, insert, references, select, trigger, truncate, update on table public.profiles to service_role;

-- [46/61] grant to authenticated on table public.tasks (specs/20250830000000_baseline.gw:148)
grant delete, insert, select, update on table public.tasks to authenticated;

-- [47/61] grant to service_role on table public.tasks (specs/20250830000000_baseline.gw:149)
grant delete, insert, references, select, trigger, truncate, update on table public.tasks to service_role;

-- [48/61] comment on column public.deals.company (specs/20250830000000_baseline.gw:88)
--   locks public.deals (share update exclusive); instant
comment on column public.deals.company is 'Free text';

-- [49/61] phase validate
savepoint godwit_validate;

-- [50/61] create index public.companies_owner (specs/20250830000000_baseline.gw:44)
--   locks public.companies (share); scan
create index companies_owner on public.companies (owner_id);

-- [51/61] create index public.contacts_email_owner (specs/20250830000000_baseline.gw:65)
--   locks public.contacts (share); scan
create unique index contacts_email_owner on public.contacts (lower(email), owner_id) where email is not null;

-- [52/61] create trigger companies_updated on public.companies (specs/20250830000000_baseline.gw:46)
--   locks public.companies (share row exclusive); instant
create trigger companies_updated before update on public.companies
    for each row execute function public.set_updated_at();

-- [53/61] create trigger contacts_updated on public.contacts (specs/20250830000000_baseline.gw:67)
--   locks public.contacts (share row exclusive); instant
create trigger contacts_updated before update on public.contacts
    for each row execute function public.set_updated_at();

-- [54/61] create trigger deals_updated on public.deals (specs/20250830000000_baseline.gw:100)
--   locks public.deals (share row exclusive); instant
create trigger deals_updated before update on public.deals
    for each row execute function public.set_updated_at();

-- [55/61] phase contract
savepoint godwit_contract;

-- [56/61] grant to anon on schema public (specs/20250830000000_baseline.gw:10)
grant usage on schema public to anon;

-- [57/61] grant to authenticated on schema public (specs/20250830000000_baseline.gw:10)
grant usage on schema public to authenticated;

-- [58/61] grant to service_role on schema public (specs/20250830000000_baseline.gw:10)
grant usage on schema public to service_role;

-- [59/61] record the migration, with its way back
insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,
  window_until, down_sql, finalize_sql, verify_sql)
select '20250830000000_baseline', (select coalesce(max(sequence), 0) + 1 from godwit.migration), 'The CRM before the suite', 'sha256:c32763d815902690164245871f19dbb3920fe8206cd1c7aa2271b11d9cd4e169',
  case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, true, 'exact', 52,
  now() + interval '14d',
  $down$-- godwit down 20250830000000_baseline
-- The CRM before the suite
-- spec: specs/20250830000000_baseline.gw
-- checksum: sha256:c32763d815902690164245871f19dbb3920fe8206cd1c7aa2271b11d9cd4e169
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:bf8511f7a1bf18a2cad3993fd26d3d5e8485ebad20fe47301c83501ecea43796

-- [1/34] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/34] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250830000000_baseline';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250830000000_baseline' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250830000000_baseline closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/34] lock what will change, in one fixed order
lock table auth.users in access exclusive mode;
lock table public.activities in access exclusive mode;
lock table public.companies in access exclusive mode;
lock table public.contacts in access exclusive mode;
lock table public.deal_stages in access exclusive mode;
lock table public.deals in access exclusive mode;
lock table public.meetings in access exclusive mode;
lock table public.profiles in access exclusive mode;
lock table public.tasks in access exclusive mode;

-- [4/34] a place for what has none in the old shape
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
  if to_regclass('godwit_kept.residue') is null then
    create table godwit_kept.residue (
      migration text not null, step text not null, table_name text not null, key jsonb,
      row_data jsonb not null, reason text not null, noted_at timestamptz not null default now()
    );
    alter table godwit_kept.residue replica identity full;  -- a publication for all tables takes it in
  end if;
end
$godwit$;

-- [5/34] undo: grant to service_role on schema public (specs/20250830000000_baseline.gw:10)
-- revoke from service_role on schema public
revoke usage on schema public from service_role;

-- [6/34] undo: grant to authenticated on schema public (specs/20250830000000_baseline.gw:10)
-- revoke from authenticated on schema public
revoke usage on schema public from authenticated;

-- [7/34] undo: grant to anon on schema public (specs/20250830000000_baseline.gw:10)
-- revoke from anon on schema public
revoke usage on schema public from anon;

-- [8/34] undo: create trigger deals_updated on public.deals (specs/20250830000000_baseline.gw:100)
--   locks public.deals (access exclusive); instant
-- drop trigger deals_updated on public.deals
drop trigger deals_updated on public.deals;

-- [9/34] undo: create trigger contacts_updated on public.contacts (specs/20250830000000_baseline.gw:67)
--   locks public.contacts (access exclusive); instant
-- drop trigger contacts_updated on public.contacts
drop trigger contacts_updated on public.contacts;

-- [10/34] undo: create trigger companies_updated on public.companies (specs/20250830000000_baseline.gw:46)
--   locks public.companies (access exclusive); instant
-- drop trigger companies_updated on public.companies
drop trigger companies_updated on public.companies;

-- [11/34] undo: create policy own on public.tasks (specs/20250830000000_baseline.gw:146)
--   locks public.tasks (access exclusive); instant
-- drop policy own on public.tasks
drop policy own on public.tasks;

-- [12/34] undo: create policy own on public.meetings (specs/20250830000000_baseline.gw:121)
--   locks public.meetings (access exclusive); instant
-- drop policy own on public.meetings
drop policy own on public.meetings;

-- [13/34] undo: create policy own on public.deals (specs/20250830000000_baseline.gw:103)
--   locks public.deals (access exclusive); instant
-- drop policy own on public.deals
drop policy own on public.deals;

-- [14/34] undo: create policy own on public.contacts (specs/20250830000000_baseline.gw:70)
--   locks public.contacts (access exclusive); instant
-- drop policy own on public.contacts
drop policy own on public.contacts;

-- [15/34] undo: create policy own on public.companies (specs/20250830000000_baseline.gw:49)
--   locks public.companies (access exclusive); instant
-- drop policy own on public.companies
drop policy own on public.companies;

-- [16/34] undo: create policy own on public.activities (specs/20250830000000_baseline.gw:29)
--   locks public.activities (access exclusive); instant
-- drop policy own on public.activities
drop policy own on public.activities;

-- [17/34] undo: create view public.active_value (specs/20250830000000_baseline.gw:160)
--   locks public.active_value (access exclusive); instant
-- drop view public.active_value
drop view public.active_value;

-- [18/34] undo: create view public.deals_with_owner (specs/20250830000000_baseline.gw:170)
--   locks public.deals_with_owner (access exclusive); instant
-- drop view public.deals_with_owner
drop view public.deals_with_owner;

-- [19/34] undo: create function public.set_updated_at() (specs/20250830000000_baseline.gw:154)
-- drop function public.set_updated_at()
drop function public.set_updated_at();

-- [20/34] undo: create function auth.uid() (specs/20250830000000_baseline.gw:152)
-- drop function auth.uid()
drop function auth.uid();

-- [21/34] undo: create table public.tasks (specs/20250830000000_baseline.gw:136)
--   locks public.tasks (access exclusive); scan
-- note the rows that are left in public.tasks: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.tasks', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.tasks as leaving;
-- drop table public.tasks
drop table public.tasks;

-- [22/34] undo: create table public.meetings (specs/20250830000000_baseline.gw:109)
--   locks public.meetings (access exclusive); scan
-- note the rows that are left in public.meetings: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.meetings', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.meetings as leaving;
-- drop table public.meetings
drop table public.meetings;

-- [23/34] undo: create table public.activities (specs/20250830000000_baseline.gw:18)
--   locks public.activities (access exclusive); scan
-- note the rows that are left in public.activities: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.activities', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.activities as leaving;
-- drop table public.activities
drop table public.activities;

-- [24/34] undo: create table public.deals (specs/20250830000000_baseline.gw:85)
--   locks public.deals (access exclusive); scan
-- note the rows that are left in public.deals: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.deals', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.deals as leaving;
-- drop table public.deals
drop table public.deals;

-- [25/34] undo: create table public.contacts (specs/20250830000000_baseline.gw:55)
--   locks public.contacts (access exclusive); scan
-- note the rows that are left in public.contacts: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.contacts', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.contacts as leaving;
-- drop table public.contacts
drop table public.contacts;

-- [26/34] undo: create table public.companies (specs/20250830000000_baseline.gw:35)
--   locks public.companies (access exclusive); scan
-- note the rows that are left in public.companies: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.companies', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.companies as leaving;
-- drop table public.companies
drop table public.companies;

-- [27/34] undo: create table public.profiles (specs/20250830000000_baseline.gw:127)
--   locks public.profiles (access exclusive); scan
-- note the rows that are left in public.profiles: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.profiles', 'public.profiles',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.profiles as leaving;
-- drop table public.profiles
drop table public.profiles;

-- [28/34] undo: create table public.deal_stages (specs/20250830000000_baseline.gw:76)
--   locks public.deal_stages (access exclusive); scan
-- note the rows that are left in public.deal_stages: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table public.deal_stages', 'public.deal_stages',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.deal_stages as leaving;
-- drop table public.deal_stages
drop table public.deal_stages;

-- [29/34] undo: create table auth.users (specs/20250830000000_baseline.gw:13)
--   locks auth.users (access exclusive); scan
-- note the rows that are left in auth.users: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250830000000_baseline', 'drop table auth.users', 'auth.users',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from auth.users as leaving;
-- drop table auth.users
drop table auth.users;

-- [30/34] undo: create schema auth (specs/20250830000000_baseline.gw:5)
-- drop schema auth
drop schema auth;

-- [31/34] leave nothing empty behind
do $godwit$
declare something boolean;
begin
  if to_regclass('godwit_kept.residue') is not null then
    select exists (select from godwit_kept.residue) into something;
    if not something then
      drop table godwit_kept.residue;
    end if;
  end if;
  if to_regnamespace('godwit_kept') is not null and not exists (
    select from pg_depend
    where refclassid = 'pg_namespace'::regclass and refobjid = to_regnamespace('godwit_kept')
      and deptype = 'n' and classid <> 'pg_default_acl'::regclass) then
    drop schema godwit_kept;
  end if;
end
$godwit$;

-- [32/34] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250830000000_baseline';
delete from godwit.hidden_column where migration = '20250830000000_baseline';
delete from godwit.checkpoint where migration = '20250830000000_baseline';
insert into godwit.event (migration, what, detail)
select '20250830000000_baseline', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [33/34] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250830000000_baseline', 'message', 'rolled back',
  'tables', array['auth.users', 'public.activities', 'public.companies', 'public.contacts', 'public.deal_stages', 'public.deals', 'public.meetings', 'public.profiles', 'public.tasks']::text[])::text);

-- [34/34] commit
commit;
$down$,
  $finalize$-- godwit finalize 20250830000000_baseline
-- The CRM before the suite
-- spec: specs/20250830000000_baseline.gw
-- checksum: sha256:c32763d815902690164245871f19dbb3920fe8206cd1c7aa2271b11d9cd4e169
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:3e0af5243970f978e8a57dd073e8f82388b84b012277f83ff3ee265df87b62c0

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
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250830000000_baseline';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250830000000_baseline cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/5] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250830000000_baseline';
insert into godwit.event (migration, what, detail)
select '20250830000000_baseline', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [4/5] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250830000000_baseline', 'message', 'finalized',
  'tables', array['auth.users', 'public.activities', 'public.companies', 'public.contacts', 'public.deal_stages', 'public.deals', 'public.meetings', 'public.profiles', 'public.tasks']::text[])::text);

-- [5/5] commit
commit;
$finalize$,
  $verify$-- godwit verify 20250830000000_baseline
-- The CRM before the suite
-- spec: specs/20250830000000_baseline.gw
-- checksum: sha256:c32763d815902690164245871f19dbb3920fe8206cd1c7aa2271b11d9cd4e169
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:c4a51c54d7cded4ac6090930455117af1b2a149929b15aeee1ae724ced3bbb0f

-- [1/13] schema: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'schema' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('schema auth', 'specs/20250830000000_baseline.gw:5', to_regnamespace('auth') is not null)
  ) as d (object, place, passed);

-- [2/13] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table auth.users', 'specs/20250830000000_baseline.gw:13', 'auth.users', 'p', false, false),
    ('table public.activities', 'specs/20250830000000_baseline.gw:18', 'public.activities', 'p', true, false),
    ('table public.companies', 'specs/20250830000000_baseline.gw:35', 'public.companies', 'p', true, false),
    ('table public.contacts', 'specs/20250830000000_baseline.gw:55', 'public.contacts', 'p', true, false),
    ('table public.deal_stages', 'specs/20250830000000_baseline.gw:76', 'public.deal_stages', 'p', false, false),
    ('table public.deals', 'specs/20250830000000_baseline.gw:85', 'public.deals', 'p', true, false),
    ('table public.meetings', 'specs/20250830000000_baseline.gw:109', 'public.meetings', 'p', true, false),
    ('table public.profiles', 'specs/20250830000000_baseline.gw:127', 'public.profiles', 'p', false, false),
    ('table public.tasks', 'specs/20250830000000_baseline.gw:136', 'public.tasks', 'p', true, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [3/13] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column auth.users.email', 'specs/20250830000000_baseline.gw:15', 'auth.users', 'email', 'text', true, false, false, false),
    ('column auth.users.id', 'specs/20250830000000_baseline.gw:14', 'auth.users', 'id', 'uuid', true, false, false, false),
    ('column public.activities.client_name', 'specs/20250830000000_baseline.gw:22', 'public.activities', 'client_name', 'text', false, false, false, false),
    ('column public.activities.created_at', 'specs/20250830000000_baseline.gw:26', 'public.activities', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.activities.date', 'specs/20250830000000_baseline.gw:25', 'public.activities', 'date', 'timestamp with time zone', true, false, false, false),
    ('column public.activities.deal_id', 'specs/20250830000000_baseline.gw:24', 'public.activities', 'deal_id', 'uuid', false, false, false, false),
    ('column public.activities.details', 'specs/20250830000000_baseline.gw:23', 'public.activities', 'details', 'text', false, false, false, false),
    ('column public.activities.id', 'specs/20250830000000_baseline.gw:19', 'public.activities', 'id', 'uuid', true, true, false, false),
    ('column public.activities.type', 'specs/20250830000000_baseline.gw:21', 'public.activities', 'type', 'text', true, false, false, false),
    ('column public.activities.user_id', 'specs/20250830000000_baseline.gw:20', 'public.activities', 'user_id', 'uuid', true, false, false, false),
    ('column public.companies.created_at', 'specs/20250830000000_baseline.gw:41', 'public.companies', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.companies.domain', 'specs/20250830000000_baseline.gw:38', 'public.companies', 'domain', 'text', false, false, false, false),
    ('column public.companies.id', 'specs/20250830000000_baseline.gw:36', 'public.companies', 'id', 'uuid', true, true, false, false),
    ('column public.companies.industry', 'specs/20250830000000_baseline.gw:39', 'public.companies', 'industry', 'text', false, false, false, false),
    ('column public.companies.name', 'specs/20250830000000_baseline.gw:37', 'public.companies', 'name', 'text', true, false, false, false),
    ('column public.companies.owner_id', 'specs/20250830000000_baseline.gw:40', 'public.companies', 'owner_id', 'uuid', false, false, false, false),
    ('column public.companies.updated_at', 'specs/20250830000000_baseline.gw:42', 'public.companies', 'updated_at', 'timestamp with time zone', true, true, false, false),
    ('column public.contacts.company_id', 'specs/20250830000000_baseline.gw:60', 'public.contacts', 'company_id', 'uuid', false, false, false, false),
    ('column public.contacts.created_at', 'specs/20250830000000_baseline.gw:62', 'public.contacts', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.contacts.email', 'specs/20250830000000_baseline.gw:59', 'public.contacts', 'email', 'text', false, false, false, false),
    ('column public.contacts.first_name', 'specs/20250830000000_baseline.gw:57', 'public.contacts', 'first_name', 'text', false, false, false, false),
    ('column public.contacts.id', 'specs/20250830000000_baseline.gw:56', 'public.contacts', 'id', 'uuid', true, true, false, false),
    ('column public.contacts.last_name', 'specs/20250830000000_baseline.gw:58', 'public.contacts', 'last_name', 'text', false, false, false, false),
    ('column public.contacts.owner_id', 'specs/20250830000000_baseline.gw:61', 'public.contacts', 'owner_id', 'uuid', false, false, false, false),
    ('column public.contacts.updated_at', 'specs/20250830000000_baseline.gw:63', 'public.contacts', 'updated_at', 'timestamp with time zone', true, true, false, false),
    ('column public.deal_stages.id', 'specs/20250830000000_baseline.gw:77', 'public.deal_stages', 'id', 'integer', true, false, false, false),
    ('column public.deal_stages.name', 'specs/20250830000000_baseline.gw:78', 'public.deal_stages', 'name', 'text', true, false, false, false),
    ('column public.deal_stages."position"', 'specs/20250830000000_baseline.gw:79', 'public.deal_stages', 'position', 'integer', true, false, false, false),
    ('column public.deals.company', 'specs/20250830000000_baseline.gw:88', 'public.deals', 'company', 'text', false, false, false, false),
    ('column public.deals.contact_email', 'specs/20250830000000_baseline.gw:90', 'public.deals', 'contact_email', 'text', false, false, false, false),
    ('column public.deals.contact_name', 'specs/20250830000000_baseline.gw:89', 'public.deals', 'contact_name', 'text', false, false, false, false),
    ('column public.deals.contact_phone', 'specs/20250830000000_baseline.gw:91', 'public.deals', 'contact_phone', 'text', false, false, false, false),
    ('column public.deals.created_at', 'specs/20250830000000_baseline.gw:97', 'public.deals', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.deals.expected_close_date', 'specs/20250830000000_baseline.gw:96', 'public.deals', 'expected_close_date', 'date', false, false, false, false),
    ('column public.deals.id', 'specs/20250830000000_baseline.gw:86', 'public.deals', 'id', 'uuid', true, true, false, false),
    ('column public.deals.name', 'specs/20250830000000_baseline.gw:87', 'public.deals', 'name', 'text', true, false, false, false),
    ('column public.deals.owner_id', 'specs/20250830000000_baseline.gw:95', 'public.deals', 'owner_id', 'uuid', true, false, false, false),
    ('column public.deals.stage_id', 'specs/20250830000000_baseline.gw:94', 'public.deals', 'stage_id', 'integer', false, false, false, false),
    ('column public.deals.status', 'specs/20250830000000_baseline.gw:93', 'public.deals', 'status', 'text', true, true, false, false),
    ('column public.deals.updated_at', 'specs/20250830000000_baseline.gw:98', 'public.deals', 'updated_at', 'timestamp with time zone', true, true, false, false),
    ('column public.deals.value', 'specs/20250830000000_baseline.gw:92', 'public.deals', 'value', 'numeric(12,2)', false, false, false, false),
    ('column public.meetings.attendee_emails', 'specs/20250830000000_baseline.gw:113', 'public.meetings', 'attendee_emails', 'text[]', true, true, false, false),
    ('column public.meetings.created_at', 'specs/20250830000000_baseline.gw:118', 'public.meetings', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.meetings.ended_at', 'specs/20250830000000_baseline.gw:115', 'public.meetings', 'ended_at', 'timestamp with time zone', false, false, false, false),
    ('column public.meetings.id', 'specs/20250830000000_baseline.gw:110', 'public.meetings', 'id', 'uuid', true, true, false, false),
    ('column public.meetings.owner_user_id', 'specs/20250830000000_baseline.gw:112', 'public.meetings', 'owner_user_id', 'uuid', true, false, false, false),
    ('column public.meetings.sentiment', 'specs/20250830000000_baseline.gw:117', 'public.meetings', 'sentiment', 'numeric', false, false, false, false),
    ('column public.meetings.started_at', 'specs/20250830000000_baseline.gw:114', 'public.meetings', 'started_at', 'timestamp with time zone', true, false, false, false),
    ('column public.meetings.summary', 'specs/20250830000000_baseline.gw:116', 'public.meetings', 'summary', 'text', false, false, false, false),
    ('column public.meetings.title', 'specs/20250830000000_baseline.gw:111', 'public.meetings', 'title', 'text', true, false, false, false),
    ('column public.profiles.full_name', 'specs/20250830000000_baseline.gw:129', 'public.profiles', 'full_name', 'text', true, false, false, false),
    ('column public.profiles.id', 'specs/20250830000000_baseline.gw:128', 'public.profiles', 'id', 'uuid', true, false, false, false),
    ('column public.profiles.is_admin', 'specs/20250830000000_baseline.gw:130', 'public.profiles', 'is_admin', 'boolean', false, true, false, false),
    ('column public.tasks.created_at', 'specs/20250830000000_baseline.gw:143', 'public.tasks', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.tasks.deal_id', 'specs/20250830000000_baseline.gw:140', 'public.tasks', 'deal_id', 'uuid', false, false, false, false),
    ('column public.tasks.done', 'specs/20250830000000_baseline.gw:142', 'public.tasks', 'done', 'boolean', true, true, false, false),
    ('column public.tasks.due_date', 'specs/20250830000000_baseline.gw:141', 'public.tasks', 'due_date', 'date', false, false, false, false),
    ('column public.tasks.id', 'specs/20250830000000_baseline.gw:137', 'public.tasks', 'id', 'uuid', true, true, false, false),
    ('column public.tasks.owner_id', 'specs/20250830000000_baseline.gw:139', 'public.tasks', 'owner_id', 'uuid', false, false, false, false),
    ('column public.tasks.title', 'specs/20250830000000_baseline.gw:138', 'public.tasks', 'title', 'text', true, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [4/13] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key users_pkey on auth.users', 'specs/20250830000000_baseline.gw:14', 'auth.users', 'users_pkey', false, false, array['id']),
    ('primary key activities_pkey on public.activities', 'specs/20250830000000_baseline.gw:19', 'public.activities', 'activities_pkey', false, false, array['id']),
    ('primary key companies_pkey on public.companies', 'specs/20250830000000_baseline.gw:36', 'public.companies', 'companies_pkey', false, false, array['id']),
    ('primary key contacts_pkey on public.contacts', 'specs/20250830000000_baseline.gw:56', 'public.contacts', 'contacts_pkey', false, false, array['id']),
    ('primary key deal_stages_pkey on public.deal_stages', 'specs/20250830000000_baseline.gw:77', 'public.deal_stages', 'deal_stages_pkey', false, false, array['id']),
    ('primary key deals_pkey on public.deals', 'specs/20250830000000_baseline.gw:86', 'public.deals', 'deals_pkey', false, false, array['id']),
    ('primary key meetings_pkey on public.meetings', 'specs/20250830000000_baseline.gw:110', 'public.meetings', 'meetings_pkey', false, false, array['id']),
    ('primary key profiles_pkey on public.profiles', 'specs/20250830000000_baseline.gw:128', 'public.profiles', 'profiles_pkey', false, false, array['id']),
    ('primary key tasks_pkey on public.tasks', 'specs/20250830000000_baseline.gw:137', 'public.tasks', 'tasks_pkey', false, false, array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [5/13] unique constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'u' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'unique constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('unique constraint users_email_key on auth.users', 'specs/20250830000000_baseline.gw:15', 'auth.users', 'users_email_key', false, false, array['email']),
    ('unique constraint deal_stages_name_key on public.deal_stages', 'specs/20250830000000_baseline.gw:78', 'public.deal_stages', 'deal_stages_name_key', false, false, array['name'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [6/13] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key activities_deal_id_fkey on public.activities', 'specs/20250830000000_baseline.gw:24', 'public.activities', 'activities_deal_id_fkey', false, false, 'public.deals', true, 'n', 'a', array['deal_id'], array['id']),
    ('foreign key activities_user_id_fkey on public.activities', 'specs/20250830000000_baseline.gw:20', 'public.activities', 'activities_user_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['user_id'], array['id']),
    ('foreign key companies_owner_id_fkey on public.companies', 'specs/20250830000000_baseline.gw:40', 'public.companies', 'companies_owner_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['owner_id'], array['id']),
    ('foreign key contacts_company_id_fkey on public.contacts', 'specs/20250830000000_baseline.gw:60', 'public.contacts', 'contacts_company_id_fkey', false, false, 'public.companies', true, 'n', 'a', array['company_id'], array['id']),
    ('foreign key contacts_owner_id_fkey on public.contacts', 'specs/20250830000000_baseline.gw:61', 'public.contacts', 'contacts_owner_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['owner_id'], array['id']),
    ('foreign key deals_owner_id_fkey on public.deals', 'specs/20250830000000_baseline.gw:95', 'public.deals', 'deals_owner_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['owner_id'], array['id']),
    ('foreign key deals_stage_id_fkey on public.deals', 'specs/20250830000000_baseline.gw:94', 'public.deals', 'deals_stage_id_fkey', false, false, 'public.deal_stages', true, 'a', 'a', array['stage_id'], array['id']),
    ('foreign key meetings_owner_user_id_fkey on public.meetings', 'specs/20250830000000_baseline.gw:112', 'public.meetings', 'meetings_owner_user_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['owner_user_id'], array['id']),
    ('foreign key profiles_id_fkey on public.profiles', 'specs/20250830000000_baseline.gw:128', 'public.profiles', 'profiles_id_fkey', false, false, 'auth.users', true, 'c', 'a', array['id'], array['id']),
    ('foreign key tasks_deal_id_fkey on public.tasks', 'specs/20250830000000_baseline.gw:140', 'public.tasks', 'tasks_deal_id_fkey', false, false, 'public.deals', true, 'c', 'a', array['deal_id'], array['id']),
    ('foreign key tasks_owner_id_fkey on public.tasks', 'specs/20250830000000_baseline.gw:139', 'public.tasks', 'tasks_owner_id_fkey', false, false, 'public.profiles', true, 'a', 'a', array['owner_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [7/13] function: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'function' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('function auth.uid()', 'specs/20250830000000_baseline.gw:152', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('auth.uid()') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'db2832cf51e717dde98b3b979b1465df5f81019d9800623e289b3224d0f54d57')),
    ('function public.set_updated_at()', 'specs/20250830000000_baseline.gw:154', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('public.set_updated_at()') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '9f6cb031942aae5c9a1983cdd586c955225ffe6c7ccba31e158318f82db4dd5f'))
  ) as d (object, place, passed);

-- [8/13] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view public.active_value', 'specs/20250830000000_baseline.gw:160', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.active_value') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['owner_id', 'value']::text[])),
    ('view public.deals_with_owner', 'specs/20250830000000_baseline.gw:170', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.deals_with_owner') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'name', 'company', 'contact_name', 'contact_email', 'contact_phone', 'value', 'status', 'stage_id', 'owner_id', 'expected_close_date', 'created_at', 'updated_at', 'owner_name']::text[]))
  ) as d (object, place, passed);

-- [9/13] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index public.companies_owner', 'specs/20250830000000_baseline.gw:44', 'public.companies', 'public.companies_owner', false, 1, false),
    ('index public.contacts_email_owner', 'specs/20250830000000_baseline.gw:65', 'public.contacts', 'public.contacts_email_owner', true, 2, true)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [10/13] trigger: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'trigger' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('trigger companies_updated on public.companies', 'specs/20250830000000_baseline.gw:46', exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass('public.companies') and t.tgname = 'companies_updated' and not t.tgisinternal and t.tgenabled <> 'D' and t.tgfoid = to_regprocedure('public.set_updated_at()'))),
    ('trigger contacts_updated on public.contacts', 'specs/20250830000000_baseline.gw:67', exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass('public.contacts') and t.tgname = 'contacts_updated' and not t.tgisinternal and t.tgenabled <> 'D' and t.tgfoid = to_regprocedure('public.set_updated_at()'))),
    ('trigger deals_updated on public.deals', 'specs/20250830000000_baseline.gw:100', exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass('public.deals') and t.tgname = 'deals_updated' and not t.tgisinternal and t.tgenabled <> 'D' and t.tgfoid = to_regprocedure('public.set_updated_at()')))
  ) as d (object, place, passed);

-- [11/13] policy: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'policy' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('policy own on public.activities', 'specs/20250830000000_baseline.gw:29', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.activities') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy own on public.companies', 'specs/20250830000000_baseline.gw:49', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.companies') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy own on public.contacts', 'specs/20250830000000_baseline.gw:70', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.contacts') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy own on public.deals', 'specs/20250830000000_baseline.gw:103', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.deals') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy own on public.meetings', 'specs/20250830000000_baseline.gw:121', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.meetings') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false)),
    ('policy own on public.tasks', 'specs/20250830000000_baseline.gw:146', exists (select from pg_catalog.pg_policy p where p.polrelid = to_regclass('public.tasks') and p.polname = 'own' and p.polcmd = '*' and p.polpermissive and array(select unnest(p.polroles) order by 1) = array(select r::oid from (select to_regrole(unnest(array['authenticated']::text[]))) named (r) order by 1) and (p.polqual is not null) = true and (p.polwithcheck is not null) = false))
  ) as d (object, place, passed);

-- [12/13] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to anon on schema auth', 'specs/20250830000000_baseline.gw:6', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('auth') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('anon') order by 1) @> array['USAGE']::text[])),
    ('grant to authenticated on schema auth', 'specs/20250830000000_baseline.gw:6', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('auth') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['USAGE']::text[])),
    ('grant to service_role on schema auth', 'specs/20250830000000_baseline.gw:6', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('auth') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['USAGE']::text[])),
    ('grant to anon on schema public', 'specs/20250830000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('public') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('anon') order by 1) @> array['USAGE']::text[])),
    ('grant to authenticated on schema public', 'specs/20250830000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('public') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['USAGE']::text[])),
    ('grant to service_role on schema public', 'specs/20250830000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('public') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['USAGE']::text[])),
    ('grant to authenticated on view public.active_value', 'specs/20250830000000_baseline.gw:166', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.active_value') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on view public.active_value', 'specs/20250830000000_baseline.gw:167', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.active_value') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.activities', 'specs/20250830000000_baseline.gw:31', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.activities') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.activities', 'specs/20250830000000_baseline.gw:32', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.activities') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.companies', 'specs/20250830000000_baseline.gw:51', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.companies') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.companies', 'specs/20250830000000_baseline.gw:52', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.companies') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.contacts', 'specs/20250830000000_baseline.gw:72', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.contacts') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.contacts', 'specs/20250830000000_baseline.gw:73', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.contacts') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.deal_stages', 'specs/20250830000000_baseline.gw:81', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deal_stages') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.deal_stages', 'specs/20250830000000_baseline.gw:82', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deal_stages') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.deals', 'specs/20250830000000_baseline.gw:105', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deals') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.deals', 'specs/20250830000000_baseline.gw:106', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deals') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on view public.deals_with_owner', 'specs/20250830000000_baseline.gw:187', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deals_with_owner') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on view public.deals_with_owner', 'specs/20250830000000_baseline.gw:188', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deals_with_owner') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.meetings', 'specs/20250830000000_baseline.gw:123', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.meetings') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.meetings', 'specs/20250830000000_baseline.gw:124', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.meetings') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.profiles', 'specs/20250830000000_baseline.gw:132', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.profiles') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.profiles', 'specs/20250830000000_baseline.gw:133', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.profiles') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[])),
    ('grant to authenticated on table public.tasks', 'specs/20250830000000_baseline.gw:148', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.tasks') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to service_role on table public.tasks', 'specs/20250830000000_baseline.gw:149', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.tasks') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('service_role') order by 1) @> array['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']::text[]))
  ) as d (object, place, passed);

-- [13/13] comment: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'comment' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('comment on column public.deals.company', 'specs/20250830000000_baseline.gw:88', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('public.deals') and attname = 'company' and col_description(attrelid, attnum) = 'Free text'))
  ) as d (object, place, passed);
$verify$
on conflict (id) do update set (sequence, title, checksum, state, baseline, rollback_class, steps, applied_at,
  applied_by, window_until, finalized_at, rolled_back_at, down_sql, finalize_sql, verify_sql) =
  (excluded.sequence, excluded.title, excluded.checksum, excluded.state, excluded.baseline,
   excluded.rollback_class, excluded.steps, excluded.applied_at, excluded.applied_by,
   excluded.window_until, null, null, excluded.down_sql, excluded.finalize_sql, excluded.verify_sql);
insert into godwit.event (migration, what, detail)
select '20250830000000_baseline', case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, jsonb_build_object('catalog rows changed', godwit.remember());

-- [60/61] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250830000000_baseline', 'message', 'applied',
  'tables', array['auth.users', 'public.activities', 'public.companies', 'public.contacts', 'public.deal_stages', 'public.deals', 'public.meetings', 'public.profiles', 'public.tasks']::text[])::text);

-- [61/61] commit
commit;
