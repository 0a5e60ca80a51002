-- godwit up 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3bd375322ba7857bace1878b9a24fafb7257e9117a2161a5f64849140b656502
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- postgres: 13
-- requires: 20250101000000_before
-- transactions: several
-- content: sha256:f4b23a47475b63b602acdccc8d4b4e8e0babdbc2de55fb84831be097247f2c87

-- [1/42] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/42] the ledger
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

-- [3/42] commit
commit;

-- [4/42] part 1 of 4: what only adds, and what the batches need
select not exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun') as part_1
\gset
\if :part_1

-- [5/42] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [6/42] refuse when this has run already or comes too early
do $godwit$
declare missing text;
begin
  if current_setting('server_version_num')::integer < 130000 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after needs PostgreSQL 13, this server is ' || current_setting('server_version'),
      hint = 'compile it for this server''s version (`requires postgres` in the spec), or upgrade the server';
  end if;
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if exists (select from godwit.migration where id = '20250102000000_after' and state <> 'rolled_back') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is applied already',
      hint = 'nothing is to be done; to apply it anew roll it back first (`godwit rollback`, or its down artifact)';
  end if;
  select string_agg(id, ', ' order by n) into missing from unnest(array['20250101000000_before']::text[]) with ordinality as needed (id, n)
  where not exists (select from godwit.migration m where m.id = needed.id and m.state not in ('begun', 'rolled_back')
                    and m.parts_done is null);
  if missing is not null then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after comes after ' || missing || ', which is not applied',
      hint = 'apply that first';
  end if;
end
$godwit$;

-- [7/42] lock what will change, in one fixed order
lock table app.contacts in access exclusive mode;
lock table app.organizations in share row exclusive mode;

-- [8/42] phase expand
savepoint godwit_expand;

-- [9/42] add column app.contacts.organization_id (20250102000000_after.gw:2)
--   locks app.contacts (access exclusive); instant
alter table app.contacts add column organization_id integer;

-- [10/42] prepare backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (share row exclusive), app.organizations (share row exclusive); scan
--   godwit_kept.filled_contacts_7c200a3c keeps old and new values, until finalize
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep the rows of app.contacts that change, with old and new values
create table godwit_kept.filled_contacts_7c200a3c as
select *
  from (select c.tenant as row_tenant,
               c.number as row_number,
               c.organization_id as old_organization_id,
               o.id as new_organization_id,
               c.visits as old_visits,
               c.visits + 1 as new_visits
          from app.contacts as c,
               app.organizations o
         where o.name = c.company) as filled
 where old_organization_id is distinct from new_organization_id
   or old_visits is distinct from new_visits
  with no data;
alter table godwit_kept.filled_contacts_7c200a3c replica identity full;
-- note which rows of app.contacts applications write from here on
create table godwit_kept.late_contacts_55c37ab1 as
select tenant as row_tenant, number as row_number
  from app.contacts
  with no data;
alter table godwit_kept.late_contacts_55c37ab1 replica identity full;
create function godwit_kept.note_contacts_55c37ab1() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.late_contacts_55c37ab1 (row_tenant, row_number) values (null, null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' then
      insert into godwit_kept.late_contacts_55c37ab1 (row_tenant, row_number) values (old.tenant, old.number);
    end if;
    if tg_op <> 'DELETE' then
      insert into godwit_kept.late_contacts_55c37ab1 (row_tenant, row_number) values (new.tenant, new.number);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_contacts_55c37ab1 after insert or update or delete on app.contacts
  for each row execute function godwit_kept.note_contacts_55c37ab1();
alter table app.contacts enable always trigger _gw_note_contacts_55c37ab1;
create trigger _gw_all_note_contacts_55c37ab1 after truncate on app.contacts
  for each statement execute function godwit_kept.note_contacts_55c37ab1();
alter table app.contacts enable always trigger _gw_all_note_contacts_55c37ab1;
create trigger _gw_all_note_contacts_55c37ab1 after insert or update or delete or truncate on app.organizations
  for each statement execute function godwit_kept.note_contacts_55c37ab1();
alter table app.organizations enable always trigger _gw_all_note_contacts_55c37ab1;
-- a place for each such row, once
create table godwit_kept.again_contacts_55c37ab1 as
select distinct row_tenant, row_number from godwit_kept.late_contacts_55c37ab1
  with no data;
alter table godwit_kept.again_contacts_55c37ab1 add primary key (row_tenant, row_number);
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, range, next_key, last_key, rows_expected)
with size as (
  select greatest(reltuples, 0)::bigint as of_table from pg_class where oid = 'app.contacts'::regclass
), bounds as (                      -- the values between which there are about as many rows each
  select histogram_bounds::text::integer[] as bound from pg_stats, size
   where (schemaname, tablename, attname) = ('app', 'contacts', 'tenant')
     and of_table >= 32000          -- a smaller table is one range
   order by inherited desc limit 1
), cuts as (
  select (select tenant from app.contacts order by tenant limit 1) as low
  union
  select bound[1 + (cardinality(bound) - 1) * part / 8]
    from bounds, generate_series(1, 7) as part
), ranges as (
  select row_number() over (order by low) as range, low, lead(low) over (order by low) as high,
         count(*) over () as parts
    from cuts
)
select '20250102000000_after', 'backfill app.contacts', range,
       (select array[tenant::text, number::text] from app.contacts where tenant >= low order by tenant, number limit 1),
       case when high is null then (select array[tenant::text, number::text] from app.contacts order by tenant desc, number desc limit 1)
            else (select array[tenant::text, number::text] from app.contacts where tenant < high order by tenant desc, number desc limit 1) end,
       of_table / parts
  from ranges, size;
-- one batch: the next rows by key, with their record and the place to go on from; null: none is left
create function godwit_kept.batch_contacts_55c37ab1(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 app.contacts.tenant%type;
  v_high_1 app.contacts.tenant%type;
  v_last_1 app.contacts.tenant%type;
  v_low_2 app.contacts.number%type;
  v_high_2 app.contacts.number%type;
  v_last_2 app.contacts.number%type;
  v_changing bigint;
  v_at_once bigint;
  v_done bigint := 0;
  v_rejected bigint := 0;
  v_state text;
  v_reason text;
  v_detail text;
  v_first_state text;
  v_keys text;
  v_from_1 app.contacts.tenant%type;
  v_to_1 app.contacts.tenant%type;
  v_from_2 app.contacts.number%type;
  v_to_2 app.contacts.number%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'backfill app.contacts') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'backfill app.contacts') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select tenant, number into v_high_1, v_high_2
    from app.contacts where (tenant, number) >= (v_low_1, v_low_2) and (tenant, number) <= (v_last_1, v_last_2)
   order by tenant, number offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1; v_high_2 := v_last_2;
    select count(*) into v_read from app.contacts where (tenant, number) >= (v_low_1, v_low_2) and (tenant, number) <= (v_last_1, v_last_2);
  end if;

  -- hold back trigger touch on app.contacts: it must not change rows that are only moved
  alter table app.contacts disable trigger touch;
  -- the rows, with old and new values
  begin
    with changing as materialized (
      select *
        from (select c.tenant as row_tenant,
                     c.number as row_number,
                     c.organization_id as old_organization_id,
                     o.id as new_organization_id,
                     c.visits as old_visits,
                     c.visits + 1 as new_visits
                from app.contacts as c,
                     app.organizations o
               where (c.tenant, c.number) >= (v_low_1, v_low_2) and (c.tenant, c.number) <= (v_high_1, v_high_2)
                 and (o.name = c.company)
                 for update of c) as filled
       where old_organization_id is distinct from new_organization_id
         or old_visits is distinct from new_visits
    ), kept as (
      insert into godwit_kept.filled_contacts_7c200a3c (row_tenant, row_number, old_organization_id, new_organization_id, old_visits, new_visits)
      select row_tenant, row_number, old_organization_id, new_organization_id, old_visits, new_visits
        from changing
    ), filled as (
      update app.contacts as target
         set organization_id = changing.new_organization_id,
             visits = changing.new_visits
        from changing
       where target.tenant = changing.row_tenant
         and target.number = changing.row_number
      returning 1
    )
    select (select count(*) from changing), (select count(*) from filled) into v_changing, v_written;
    if v_changing <> v_written then
      raise exception 'backfill app.contacts: several rows fit one row of the table, and which value it gets would be left to chance' using errcode = 'GW003';
    end if;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(batch_rows / 2, 5000), 1);
    select c.tenant, c.number into v_from_1, v_from_2
      from app.contacts as c
     where (c.tenant, c.number) >= (v_low_1, v_low_2) and (c.tenant, c.number) <= (v_high_1, v_high_2)
     order by c.tenant, c.number limit 1;
    while v_from_1 is not null loop
      select tenant, number into v_to_1, v_to_2
        from (select c.tenant, c.number from app.contacts as c
               where (c.tenant, c.number) >= (v_from_1, v_from_2)
                 and ((c.tenant, c.number) >= (v_low_1, v_low_2) and (c.tenant, c.number) <= (v_high_1, v_high_2))
               order by c.tenant, c.number limit v_at_once) as next
       order by tenant desc, number desc limit 1;
      begin
        with changing as materialized (
          select *
            from (select c.tenant as row_tenant,
                         c.number as row_number,
                         c.organization_id as old_organization_id,
                         o.id as new_organization_id,
                         c.visits as old_visits,
                         c.visits + 1 as new_visits
                    from app.contacts as c,
                         app.organizations o
                   where (c.tenant, c.number) >= (v_from_1, v_from_2) and (c.tenant, c.number) <= (v_to_1, v_to_2) and (c.tenant, c.number) >= (v_low_1, v_low_2) and (c.tenant, c.number) <= (v_high_1, v_high_2)
                     and (o.name = c.company)
                     for update of c) as filled
           where old_organization_id is distinct from new_organization_id
             or old_visits is distinct from new_visits
        ), kept as (
          insert into godwit_kept.filled_contacts_7c200a3c (row_tenant, row_number, old_organization_id, new_organization_id, old_visits, new_visits)
          select row_tenant, row_number, old_organization_id, new_organization_id, old_visits, new_visits
            from changing
        ), filled as (
          update app.contacts as target
             set organization_id = changing.new_organization_id,
                 visits = changing.new_visits
            from changing
           where target.tenant = changing.row_tenant
             and target.number = changing.row_number
          returning 1
        )
        select (select count(*) from changing), (select count(*) from filled) into v_changing, v_written;
        if v_changing <> v_written then
          raise exception 'backfill app.contacts: several rows fit one row of the table, and which value it gets would be left to chance' using errcode = 'GW003';
        end if;
        v_done := v_done + v_written;
        v_at_once := least(v_at_once * 2, 10000);
      exception when data_exception or integrity_constraint_violation or cardinality_violation
          or program_limit_exceeded or raise_exception then
        if v_at_once > 1 then
          v_at_once := least(v_at_once / 2, 5000);
          continue;
        end if;
        get stacked diagnostics v_state = returned_sqlstate, v_reason = message_text, v_detail = pg_exception_detail;
        if v_state in ('23503', '23505', '23P01') and v_detail <> '' then
          v_reason := v_reason || ': ' || v_detail;
        end if;
        v_rejected := v_rejected + 1;
        v_first_state := coalesce(v_first_state, v_state);
        v_keys := concat_ws('; ', v_keys, concat_ws(' ', v_to_1, v_to_2) || ': ' || left(v_reason, 200) || ' (' || v_state || ')');
        exit when v_rejected = 10;
      end;
      select c.tenant, c.number into v_from_1, v_from_2
        from app.contacts as c
       where (c.tenant, c.number) > (v_to_1, v_to_2)
         and ((c.tenant, c.number) >= (v_low_1, v_low_2) and (c.tenant, c.number) <= (v_high_1, v_high_2))
       order by c.tenant, c.number limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'backfill app.contacts: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows and run it again: it goes on behind the last batch';
  end;
  -- let trigger touch on app.contacts fire again
  alter table app.contacts enable trigger touch;

  select array[tenant::text, number::text] into v_next
    from app.contacts where (tenant, number) > (v_high_1, v_high_2) and (tenant, number) <= (v_last_1, v_last_2)
   order by tenant, number limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'backfill app.contacts') and range = v_range;
  return v_read;
end $godwit$;
-- what was written meanwhile, looked at again
create function godwit_kept.catch_up_contacts_55c37ab1() returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_late bigint;
  v_own bigint;
  v_changing bigint;
  v_written bigint;
begin
  if exists (select from godwit_kept.late_contacts_55c37ab1 where row_tenant is null) then  -- every row is concerned
    insert into godwit_kept.late_contacts_55c37ab1 select row_tenant, row_number from godwit_kept.filled_contacts_7c200a3c union select tenant, number from app.contacts;
    delete from godwit_kept.late_contacts_55c37ab1 where row_tenant is null;
  end if;
  analyze godwit_kept.late_contacts_55c37ab1;
  insert into godwit_kept.again_contacts_55c37ab1
  select distinct row_tenant, row_number from godwit_kept.late_contacts_55c37ab1;
  get diagnostics v_late = row_count;
  if v_late = 0 then
    return 0;
  end if;
  analyze godwit_kept.again_contacts_55c37ab1;
  if to_regclass('godwit_kept.by_row_filled_contacts_7c200a3c') is null then  -- taken back before all batches were done
    create unique index by_row_filled_contacts_7c200a3c on godwit_kept.filled_contacts_7c200a3c (row_tenant, row_number);
    analyze godwit_kept.filled_contacts_7c200a3c;
  end if;

  -- hold back trigger touch on app.contacts: it must not change rows that are only moved
  alter table app.contacts disable trigger touch;
  -- gone meanwhile
  delete from godwit_kept.filled_contacts_7c200a3c as kept
   using godwit_kept.again_contacts_55c37ab1 as again
   where kept.row_tenant = again.row_tenant and kept.row_number = again.row_number
     and not exists (select from app.contacts as target where target.tenant = kept.row_tenant and target.number = kept.row_number);
  -- what applications filled themselves stays
  select count(*) into v_own
    from godwit_kept.again_contacts_55c37ab1 as again
    join godwit_kept.filled_contacts_7c200a3c as kept on kept.row_tenant = again.row_tenant and kept.row_number = again.row_number
    join app.contacts as target on target.tenant = kept.row_tenant and target.number = kept.row_number
   where target.organization_id is distinct from kept.new_organization_id
      or target.visits is distinct from kept.new_visits;
  -- the rest gets its old values, to be filled and recorded anew
  with given_back as (
    update app.contacts as target
       set organization_id = kept.old_organization_id,
           visits = kept.old_visits
      from godwit_kept.again_contacts_55c37ab1 as again,
           godwit_kept.filled_contacts_7c200a3c as kept
     where kept.row_tenant = again.row_tenant and kept.row_number = again.row_number
       and target.tenant = kept.row_tenant and target.number = kept.row_number
       and not (target.organization_id is distinct from kept.new_organization_id
                or target.visits is distinct from kept.new_visits)
    returning kept.row_tenant, kept.row_number
  )
  delete from godwit_kept.filled_contacts_7c200a3c as kept
   using given_back
   where kept.row_tenant = given_back.row_tenant and kept.row_number = given_back.row_number;
  -- the rows, with old and new values
  with changing as materialized (
    select *
      from (select c.tenant as row_tenant,
                   c.number as row_number,
                   c.organization_id as old_organization_id,
                   o.id as new_organization_id,
                   c.visits as old_visits,
                   c.visits + 1 as new_visits
              from app.contacts as c,
                   app.organizations o
             where exists (select from godwit_kept.again_contacts_55c37ab1 as again where again.row_tenant = c.tenant and again.row_number = c.number)
               and not exists (select from godwit_kept.filled_contacts_7c200a3c as kept where kept.row_tenant = c.tenant and kept.row_number = c.number)
               and (o.name = c.company)
               for update of c) as filled
     where old_organization_id is distinct from new_organization_id
       or old_visits is distinct from new_visits
  ), kept as (
    insert into godwit_kept.filled_contacts_7c200a3c (row_tenant, row_number, old_organization_id, new_organization_id, old_visits, new_visits)
    select row_tenant, row_number, old_organization_id, new_organization_id, old_visits, new_visits
      from changing
  ), filled as (
    update app.contacts as target
       set organization_id = changing.new_organization_id,
           visits = changing.new_visits
      from changing
     where target.tenant = changing.row_tenant
       and target.number = changing.row_number
    returning 1
  )
  select (select count(*) from changing), (select count(*) from filled) into v_changing, v_written;
  if v_changing <> v_written then
    raise exception 'backfill app.contacts: several rows fit one row of the table, and which value it gets would be left to chance' using errcode = 'GW003';
  end if;
  -- let trigger touch on app.contacts fire again
  alter table app.contacts enable trigger touch;
  raise notice 'backfill app.contacts: % rows were written meanwhile and are as they should be, % of them filled by others', v_late, v_own;
  return v_late;
end $godwit$;

-- [11/42] record that it is begun, with its way back
insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,
  window_until, down_sql, finalize_sql, verify_sql)
select '20250102000000_after', (select coalesce(max(sequence), 0) + 1 from godwit.migration), '', 'sha256:3bd375322ba7857bace1878b9a24fafb7257e9117a2161a5f64849140b656502',
  'begun', false, 'exact while the window is open', 3,
  null,
  $down$-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3bd375322ba7857bace1878b9a24fafb7257e9117a2161a5f64849140b656502
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- transactions: several
-- content: sha256:85f5b7e7ab4e830f32d29948a66ec04c4a0e4f26f645062531e591910326713d

-- [1/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/63] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250102000000_after';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250102000000_after' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250102000000_after closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/63] commit
commit;

-- [4/63] what has only begun
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun') as is_begun
\gset
\if :is_begun

-- [5/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [6/63] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250102000000_after';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250102000000_after' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250102000000_after closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [7/63] lock what will change, in one fixed order
lock table app.contacts in access exclusive mode;
lock table app.organizations in access exclusive mode;

-- [8/63] a place for what has none in the old shape
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

-- [9/63] settle backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (access exclusive), app.organizations (access exclusive); scan
--   godwit_kept.filled_contacts_7c200a3c keeps old and new values, until finalize
-- what was written meanwhile
do $$
#variable_conflict use_column
begin
  perform godwit_kept.catch_up_contacts_55c37ab1();
exception when data_exception or integrity_constraint_violation or cardinality_violation
      or program_limit_exceeded or raise_exception then
  -- what was written does not fit: it stays as it is, and what the batches made of these rows goes
  if exists (select from godwit_kept.late_contacts_55c37ab1 where row_tenant is null) then  -- every row is concerned
    insert into godwit_kept.late_contacts_55c37ab1 select row_tenant, row_number from godwit_kept.filled_contacts_7c200a3c;
  end if;
  -- hold back trigger touch on app.contacts: it must not change rows that are only moved
  alter table app.contacts disable trigger touch;
  -- their old values
  with given_back as (
    update app.contacts as target
       set organization_id = kept.old_organization_id,
           visits = kept.old_visits
      from godwit_kept.filled_contacts_7c200a3c as kept
     where target.tenant = kept.row_tenant and target.number = kept.row_number
       and exists (select from godwit_kept.late_contacts_55c37ab1 as late where late.row_tenant = kept.row_tenant and late.row_number = kept.row_number)
       and not (target.organization_id is distinct from kept.new_organization_id
                or target.visits is distinct from kept.new_visits)
    returning kept.row_tenant, kept.row_number
  )
  delete from godwit_kept.filled_contacts_7c200a3c as kept
   using given_back
   where kept.row_tenant = given_back.row_tenant and kept.row_number = given_back.row_number;
  -- let trigger touch on app.contacts fire again
  alter table app.contacts enable trigger touch;

end $$;
-- nothing is noted any more
drop trigger _gw_note_contacts_55c37ab1 on app.contacts;
drop trigger _gw_all_note_contacts_55c37ab1 on app.contacts;
drop trigger _gw_all_note_contacts_55c37ab1 on app.organizations;
drop function godwit_kept.note_contacts_55c37ab1(), godwit_kept.batch_contacts_55c37ab1(integer), godwit_kept.catch_up_contacts_55c37ab1();
drop table godwit_kept.late_contacts_55c37ab1, godwit_kept.again_contacts_55c37ab1;

-- [10/63] undo: backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (share row exclusive); scan
-- note rows of app.contacts that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.contacts', 'app.contacts',
       jsonb_build_object('tenant', target.tenant, 'number', target.number), to_jsonb(target),
       'changed since'
  from app.contacts as target
  left join godwit_kept.filled_contacts_7c200a3c as kept on target.tenant = kept.row_tenant and target.number = kept.row_number
 where case when kept.row_tenant is not null then target.organization_id is distinct from kept.new_organization_id else target.organization_id is distinct from null end
    or (kept.row_tenant is not null and target.visits is distinct from kept.new_visits);
-- hold back trigger touch on app.contacts: it must not change rows that are only moved
alter table app.contacts disable trigger touch;
-- give app.contacts its old values back where nobody changed them since
update app.contacts as target
   set visits = case when target.visits is not distinct from kept.new_visits
              then kept.old_visits else target.visits end
  from godwit_kept.filled_contacts_7c200a3c as kept
 where target.tenant = kept.row_tenant
   and target.number = kept.row_number
   and ((target.visits is not distinct from kept.new_visits and target.visits is distinct from kept.old_visits));
-- let trigger touch on app.contacts fire again
alter table app.contacts enable trigger touch;
-- drop godwit_kept.filled_contacts_7c200a3c
drop table godwit_kept.filled_contacts_7c200a3c;

-- [11/63] undo: add column app.contacts.organization_id (20250102000000_after.gw:2)
--   locks app.contacts (access exclusive); instant
-- drop column app.contacts.organization_id
alter table app.contacts drop column organization_id;

-- [12/63] leave nothing empty behind
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

-- [13/63] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [14/63] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.contacts', 'app.organizations']::text[])::text);

-- [15/63] commit
commit;

-- [16/63] so far
\endif

-- [17/63] part 1 of 5: what the batches need
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = 0) as part_1
\gset
\if :part_1

-- [18/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [19/63] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = 0) then
    raise exception using errcode = 'GW001',
      message = 'part 1 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [20/63] lock what will change, in one fixed order
lock table app.contacts in share row exclusive mode;

-- [21/63] prepare the way back of backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (share row exclusive); scan
-- a place for the rows of which a value was changed since
create table godwit_kept.touched_contacts_55c37ab1 as
select row_tenant, row_number
  from godwit_kept.filled_contacts_7c200a3c
  with no data;
alter table godwit_kept.touched_contacts_55c37ab1 add primary key (row_tenant, row_number);
-- note which rows of app.contacts applications write from here on
create table godwit_kept.since_contacts_55c37ab1 as
select tenant as row_tenant, number as row_number
  from app.contacts
  with no data;
alter table godwit_kept.since_contacts_55c37ab1 replica identity full;
create function godwit_kept.note_here_contacts_55c37ab1() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.since_contacts_55c37ab1 (row_tenant, row_number) values (null, null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' then
      insert into godwit_kept.since_contacts_55c37ab1 (row_tenant, row_number) values (old.tenant, old.number);
    end if;
    if tg_op <> 'DELETE' then
      insert into godwit_kept.since_contacts_55c37ab1 (row_tenant, row_number) values (new.tenant, new.number);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_here_contacts_55c37ab1 after insert or update or delete on app.contacts
  for each row execute function godwit_kept.note_here_contacts_55c37ab1();
alter table app.contacts enable always trigger _gw_note_here_contacts_55c37ab1;
create trigger _gw_all_note_here_contacts_55c37ab1 after truncate on app.contacts
  for each statement execute function godwit_kept.note_here_contacts_55c37ab1();
alter table app.contacts enable always trigger _gw_all_note_here_contacts_55c37ab1;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, range, next_key, last_key, rows_expected)
with size as (
  select greatest(reltuples, 0)::bigint as of_table from pg_class where oid = 'app.contacts'::regclass
), bounds as (                      -- the values between which there are about as many rows each
  select histogram_bounds::text::integer[] as bound from pg_stats, size
   where (schemaname, tablename, attname) = ('app', 'contacts', 'tenant')
     and of_table >= 32000          -- a smaller table is one range
   order by inherited desc limit 1
), cuts as (
  select (select tenant from app.contacts order by tenant limit 1) as low
  union
  select bound[1 + (cardinality(bound) - 1) * part / 8]
    from bounds, generate_series(1, 7) as part
), ranges as (
  select row_number() over (order by low) as range, low, lead(low) over (order by low) as high,
         count(*) over () as parts
    from cuts
)
select '20250102000000_after', 'find what was changed since backfill app.contacts', range,
       (select array[tenant::text, number::text] from app.contacts where tenant >= low order by tenant, number limit 1),
       case when high is null then (select array[tenant::text, number::text] from app.contacts order by tenant desc, number desc limit 1)
            else (select array[tenant::text, number::text] from app.contacts where tenant < high order by tenant desc, number desc limit 1) end,
       of_table / parts
  from ranges, size;
-- one batch: the next rows by key, with their record and the place to go on from; null: none is left
create function godwit_kept.find_contacts_55c37ab1(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 app.contacts.tenant%type;
  v_high_1 app.contacts.tenant%type;
  v_last_1 app.contacts.tenant%type;
  v_low_2 app.contacts.number%type;
  v_high_2 app.contacts.number%type;
  v_last_2 app.contacts.number%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find what was changed since backfill app.contacts') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find what was changed since backfill app.contacts') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select tenant, number into v_high_1, v_high_2
    from app.contacts where (tenant, number) >= (v_low_1, v_low_2) and (tenant, number) <= (v_last_1, v_last_2)
   order by tenant, number offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1; v_high_2 := v_last_2;
    select count(*) into v_read from app.contacts where (tenant, number) >= (v_low_1, v_low_2) and (tenant, number) <= (v_last_1, v_last_2);
  end if;

  -- rows of which a value was changed since
  insert into godwit_kept.touched_contacts_55c37ab1 (row_tenant, row_number)
  select target.tenant, target.number
    from app.contacts as target
    left join godwit_kept.filled_contacts_7c200a3c as kept on target.tenant = kept.row_tenant and target.number = kept.row_number
   where (target.tenant, target.number) >= (v_low_1, v_low_2) and (target.tenant, target.number) <= (v_high_1, v_high_2)
     and (case when kept.row_tenant is not null then target.organization_id is distinct from kept.new_organization_id else target.organization_id is distinct from null end
          or (kept.row_tenant is not null and target.visits is distinct from kept.new_visits));
  get diagnostics v_written = row_count;

  select array[tenant::text, number::text] into v_next
    from app.contacts where (tenant, number) > (v_high_1, v_high_2) and (tenant, number) <= (v_last_1, v_last_2)
   order by tenant, number limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'find what was changed since backfill app.contacts') and range = v_range;
  return v_read;
end $godwit$;
create function godwit_kept.give_back_contacts_55c37ab1(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 godwit_kept.filled_contacts_7c200a3c.row_tenant%type;
  v_high_1 godwit_kept.filled_contacts_7c200a3c.row_tenant%type;
  v_last_1 godwit_kept.filled_contacts_7c200a3c.row_tenant%type;
  v_low_2 godwit_kept.filled_contacts_7c200a3c.row_number%type;
  v_high_2 godwit_kept.filled_contacts_7c200a3c.row_number%type;
  v_last_2 godwit_kept.filled_contacts_7c200a3c.row_number%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'give back what was before backfill app.contacts') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'give back what was before backfill app.contacts') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select row_tenant, row_number into v_high_1, v_high_2
    from godwit_kept.filled_contacts_7c200a3c where (row_tenant, row_number) >= (v_low_1, v_low_2) and (row_tenant, row_number) <= (v_last_1, v_last_2)
   order by row_tenant, row_number offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1; v_high_2 := v_last_2;
    select count(*) into v_read from godwit_kept.filled_contacts_7c200a3c where (row_tenant, row_number) >= (v_low_1, v_low_2) and (row_tenant, row_number) <= (v_last_1, v_last_2);
  end if;

  -- hold back trigger touch on app.contacts: it must not change rows that are only moved
  alter table app.contacts disable trigger touch;
  -- give app.contacts its old values back where nobody changed them since
  update app.contacts as target
     set visits = case when target.visits is not distinct from kept.new_visits
                then kept.old_visits else target.visits end
    from godwit_kept.filled_contacts_7c200a3c as kept
   where target.tenant = kept.row_tenant
     and target.number = kept.row_number
     and (kept.row_tenant, kept.row_number) >= (v_low_1, v_low_2) and (kept.row_tenant, kept.row_number) <= (v_high_1, v_high_2)
     and ((target.visits is not distinct from kept.new_visits and target.visits is distinct from kept.old_visits));
  get diagnostics v_written = row_count;
  -- let trigger touch on app.contacts fire again
  alter table app.contacts enable trigger touch;

  select array[row_tenant::text, row_number::text] into v_next
    from godwit_kept.filled_contacts_7c200a3c where (row_tenant, row_number) > (v_high_1, v_high_2) and (row_tenant, row_number) <= (v_last_1, v_last_2)
   order by row_tenant, row_number limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'give back what was before backfill app.contacts') and range = v_range;
  return v_read;
end $godwit$;

-- [22/63] part 1 is done
update godwit.migration set parts_done = -1 where id = '20250102000000_after';

-- [23/63] remember the catalog
select godwit.remember();

-- [24/63] commit
commit;

-- [25/63] so far
\endif

-- [26/63] part 2 of 5: where each row goes back to, each batch a transaction
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -1) as part_2
\gset
\if :part_2

-- [27/63] find what was changed since backfill app.contacts (20250102000000_after.gw:5)
--   batches of 2000 by godwit_kept.find_contacts_55c37ab1
do $$
begin
  while godwit_kept.find_contacts_55c37ab1(2000) is not null loop
    commit;
  end loop;
end $$;

-- [28/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [29/63] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -1) then
    raise exception using errcode = 'GW001',
      message = 'part 2 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [30/63] part 2 is done
update godwit.migration set parts_done = -2 where id = '20250102000000_after';

-- [31/63] commit
commit;

-- [32/63] so far
\endif

-- [33/63] part 3 of 5: the turn: the old shape, with what was written since
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -2) as part_3
\gset
\if :part_3

-- [34/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [35/63] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -2) then
    raise exception using errcode = 'GW001',
      message = 'part 3 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [36/63] lock what will change, in one fixed order
lock table app.contacts in access exclusive mode;
lock table app.organizations in access exclusive mode;

-- [37/63] a place for what has none in the old shape
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

-- [38/63] what found the places of backfill app.contacts goes (20250102000000_after.gw:5)
-- what looked for changed values goes
drop function godwit_kept.find_contacts_55c37ab1(integer);

-- [39/63] undo: add foreign key contacts_organization_id_fkey on app.contacts (20250102000000_after.gw:2)
--   locks app.contacts (access exclusive), app.organizations (access exclusive); instant
-- drop foreign key contacts_organization_id_fkey on app.contacts
alter table app.contacts drop constraint contacts_organization_id_fkey;

-- [40/63] carry back: backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (share row exclusive), godwit_kept.filled_contacts_7c200a3c (access share); scan
-- what was written since is looked at as well
insert into godwit_kept.touched_contacts_55c37ab1 (row_tenant, row_number)
select row_tenant, row_number from godwit_kept.since_contacts_55c37ab1 where not (row_tenant is null)
union
select tenant, number from app.contacts
 where exists (select from godwit_kept.since_contacts_55c37ab1 where row_tenant is null)
 on conflict do nothing;
-- note rows of app.contacts that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.contacts', 'app.contacts',
       jsonb_build_object('tenant', target.tenant, 'number', target.number), to_jsonb(target),
       'changed since'
  from app.contacts as target
  left join godwit_kept.filled_contacts_7c200a3c as kept on target.tenant = kept.row_tenant and target.number = kept.row_number
 where exists (select from godwit_kept.touched_contacts_55c37ab1 as touched where touched.row_tenant = target.tenant and touched.row_number = target.number)
   and (case when kept.row_tenant is not null then target.organization_id is distinct from kept.new_organization_id else target.organization_id is distinct from null end
    or (kept.row_tenant is not null and target.visits is distinct from kept.new_visits));
-- what is written from here on is looked at again
delete from godwit_kept.since_contacts_55c37ab1;
delete from godwit_kept.touched_contacts_55c37ab1;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, next_key, last_key, rows_expected)
select '20250102000000_after', 'give back what was before backfill app.contacts',
       (select array[row_tenant::text, row_number::text] from godwit_kept.filled_contacts_7c200a3c order by row_tenant, row_number limit 1),
       (select array[row_tenant::text, row_number::text] from godwit_kept.filled_contacts_7c200a3c order by row_tenant desc, row_number desc limit 1),
       (select greatest(reltuples, 0)::bigint from pg_class where oid = 'godwit_kept.filled_contacts_7c200a3c'::regclass);

-- [41/63] part 3 is done
update godwit.migration set parts_done = -3 where id = '20250102000000_after';

-- [42/63] remember the catalog
select godwit.remember();

-- [43/63] commit
commit;

-- [44/63] so far
\endif

-- [45/63] part 4 of 5: what is back goes from where it was, each batch a transaction
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -3) as part_4
\gset
\if :part_4

-- [46/63] give back what was before backfill app.contacts (20250102000000_after.gw:5)
--   batches of 2000 by godwit_kept.give_back_contacts_55c37ab1
do $$
begin
  while godwit_kept.give_back_contacts_55c37ab1(2000) is not null loop
    commit;
  end loop;
end $$;

-- [47/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [48/63] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -3) then
    raise exception using errcode = 'GW001',
      message = 'part 4 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [49/63] part 4 is done
update godwit.migration set parts_done = -4 where id = '20250102000000_after';

-- [50/63] commit
commit;

-- [51/63] so far
\endif

-- [52/63] part 5 of 5: the rest
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -4) as part_5
\gset
\if :part_5

-- [53/63] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [54/63] refuse when this part is not what comes next
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied'
                 and coalesce(parts_done, 0) = -4) then
    raise exception using errcode = 'GW001',
      message = 'part 5 of the way back of 20250102000000_after is not what comes next',
      hint = 'another runner is at work on it: `godwit status` shows where it stands';
  end if;
end
$godwit$;

-- [55/63] lock what will change, in one fixed order
lock table app.contacts in access exclusive mode;

-- [56/63] a place for what has none in the old shape
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

-- [57/63] undo: backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (access exclusive); scan
-- what was written since is looked at as well
insert into godwit_kept.touched_contacts_55c37ab1 (row_tenant, row_number)
select row_tenant, row_number from godwit_kept.since_contacts_55c37ab1 where not (row_tenant is null)
union
select tenant, number from app.contacts
 where exists (select from godwit_kept.since_contacts_55c37ab1 where row_tenant is null)
 on conflict do nothing;
-- note rows of app.contacts that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.contacts', 'app.contacts',
       jsonb_build_object('tenant', target.tenant, 'number', target.number), to_jsonb(target),
       'changed since'
  from app.contacts as target
  left join godwit_kept.filled_contacts_7c200a3c as kept on target.tenant = kept.row_tenant and target.number = kept.row_number
 where exists (select from godwit_kept.touched_contacts_55c37ab1 as touched where touched.row_tenant = target.tenant and touched.row_number = target.number)
   and (case when kept.row_tenant is not null then target.organization_id is distinct from kept.new_organization_id else target.organization_id is distinct from null end);
-- nothing is noted any more
drop trigger _gw_note_here_contacts_55c37ab1 on app.contacts;
drop trigger _gw_all_note_here_contacts_55c37ab1 on app.contacts;
drop function godwit_kept.note_here_contacts_55c37ab1();
drop table godwit_kept.since_contacts_55c37ab1, godwit_kept.touched_contacts_55c37ab1;
-- what gave back the old values goes
drop function godwit_kept.give_back_contacts_55c37ab1(integer);
-- drop godwit_kept.filled_contacts_7c200a3c
drop table godwit_kept.filled_contacts_7c200a3c;

-- [58/63] undo: add column app.contacts.organization_id (20250102000000_after.gw:2)
--   locks app.contacts (access exclusive); instant
-- drop column app.contacts.organization_id
alter table app.contacts drop column organization_id;

-- [59/63] leave nothing empty behind
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

-- [60/63] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [61/63] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.contacts', 'app.organizations']::text[])::text);

-- [62/63] commit
commit;

-- [63/63] so far
\endif
$down$,
  $finalize$-- godwit finalize 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3bd375322ba7857bace1878b9a24fafb7257e9117a2161a5f64849140b656502
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:38e8b59ac06a46626899cd0e6cc972e1bf1dd18cbc6ee1163eae8261a7fb3aec

-- [1/7] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/7] refuse when this is not applied
do $godwit$
declare is_state text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250102000000_after';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/7] drop godwit_kept.filled_contacts_7c200a3c (20250102000000_after.gw:5)
drop table godwit_kept.filled_contacts_7c200a3c;

-- [4/7] leave nothing empty behind
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

-- [5/7] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [6/7] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'finalized',
  'tables', array['app.contacts', 'app.organizations']::text[])::text);

-- [7/7] commit
commit;
$finalize$,
  $verify$-- godwit verify 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3bd375322ba7857bace1878b9a24fafb7257e9117a2161a5f64849140b656502
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:bba4f6f6d2be082f6ced6bcf2a604d6478d65833a7b2b7ff074652cdd2181969

-- [1/2] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column app.contacts.organization_id', '20250102000000_after.gw:2', 'app.contacts', 'organization_id', 'integer', false, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [2/2] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key contacts_organization_id_fkey on app.contacts', '20250102000000_after.gw:2', 'app.contacts', 'contacts_organization_id_fkey', false, false, 'app.organizations', true, 'a', 'a', array['organization_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);
$verify$
on conflict (id) do update set (sequence, title, checksum, state, baseline, rollback_class, steps, applied_at,
  applied_by, window_until, finalized_at, rolled_back_at, down_sql, finalize_sql, verify_sql) =
  (excluded.sequence, excluded.title, excluded.checksum, excluded.state, excluded.baseline,
   excluded.rollback_class, excluded.steps, excluded.applied_at, excluded.applied_by,
   excluded.window_until, null, null, excluded.down_sql, excluded.finalize_sql, excluded.verify_sql);
update godwit.migration set parts_done = 1 where id = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'begun', jsonb_build_object('catalog rows changed', godwit.remember());

-- [12/42] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_begun', 'at', now(),
  'migration', '20250102000000_after',
  'tables', array['app.contacts', 'app.organizations']::text[])::text);

-- [13/42] commit
commit;

-- [14/42] so far
\endif

-- [15/42] part 2 of 4: the rows, each batch a transaction
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and parts_done = 1) as part_2
\gset
\if :part_2

-- [16/42] backfill app.contacts (20250102000000_after.gw:5)
--   batches of 2000 by godwit_kept.batch_contacts_55c37ab1
--   godwit_kept.filled_contacts_7c200a3c keeps old and new values, until finalize
do $$
begin
  while godwit_kept.batch_contacts_55c37ab1(2000) is not null loop
    commit;
  end loop;
end $$;

-- [17/42] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [18/42] refuse when another version of the spec began this
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and checksum = 'sha256:3bd375322ba7857bace1878b9a24fafb7257e9117a2161a5f64849140b656502') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was begun by another version of its spec',
      hint = 'go on with the artifacts that it was begun with, or roll it back (`godwit rollback`) and apply it anew';
  end if;
end
$godwit$;

-- [19/42] part 2 is done
update godwit.migration set parts_done = 2 where id = '20250102000000_after';

-- [20/42] commit
commit;

-- [21/42] so far
\endif

-- [22/42] part 3 of 4: proof that nothing was lost, in one snapshot, and indexes of new tables
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and parts_done = 2) as part_3
\gset
\if :part_3

-- [23/42] open the transaction
begin;
set transaction isolation level repeatable read;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [24/42] refuse when another version of the spec began this
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and checksum = 'sha256:3bd375322ba7857bace1878b9a24fafb7257e9117a2161a5f64849140b656502') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was begun by another version of its spec',
      hint = 'go on with the artifacts that it was begun with, or roll it back (`godwit rollback`) and apply it anew';
  end if;
end
$godwit$;

-- [25/42] prove backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (access share); scan
--   godwit_kept.filled_contacts_7c200a3c keeps old and new values, until finalize
-- each row has one record, and is found by it
create unique index by_row_filled_contacts_7c200a3c on godwit_kept.filled_contacts_7c200a3c (row_tenant, row_number);
analyze godwit_kept.filled_contacts_7c200a3c;
-- every row accounted for
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_recorded bigint;
  v_written bigint;
begin
  select count(*) into v_total from app.contacts;
  select count(*) into v_recorded from godwit_kept.filled_contacts_7c200a3c;
  select sum(rows_written) into v_written from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'backfill app.contacts');
  if v_written <> v_recorded then
    raise exception 'backfill app.contacts: % rows were filled, % are recorded', v_written, v_recorded using errcode = 'GW003';
  end if;
  raise notice 'backfill app.contacts: % filled, % left as they were, % in all', v_written, v_total - v_written, v_total;
end $$;

-- [26/42] statistics for what was filled
analyze app.contacts;

-- [27/42] remember the catalog
select godwit.remember();

-- [28/42] part 3 is done
update godwit.migration set parts_done = 3 where id = '20250102000000_after';

-- [29/42] commit
commit;

-- [30/42] so far
\endif

-- [31/42] part 4 of 4: what was written meanwhile, and what ends the old shape
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and parts_done = 3) as part_4
\gset
\if :part_4

-- [32/42] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [33/42] refuse when another version of the spec began this
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and checksum = 'sha256:3bd375322ba7857bace1878b9a24fafb7257e9117a2161a5f64849140b656502') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was begun by another version of its spec',
      hint = 'go on with the artifacts that it was begun with, or roll it back (`godwit rollback`) and apply it anew';
  end if;
end
$godwit$;

-- [34/42] lock what will change, in one fixed order
lock table app.contacts in access exclusive mode;
lock table app.organizations in access exclusive mode;

-- [35/42] phase move
savepoint godwit_move;

-- [36/42] backfill app.contacts (20250102000000_after.gw:5)
--   locks app.contacts (access exclusive), app.organizations (access exclusive); scan
--   godwit_kept.filled_contacts_7c200a3c keeps old and new values, until finalize
-- what was written meanwhile
select godwit_kept.catch_up_contacts_55c37ab1();
-- nothing is noted any more
drop trigger _gw_note_contacts_55c37ab1 on app.contacts;
drop trigger _gw_all_note_contacts_55c37ab1 on app.contacts;
drop trigger _gw_all_note_contacts_55c37ab1 on app.organizations;
drop function godwit_kept.note_contacts_55c37ab1(), godwit_kept.batch_contacts_55c37ab1(integer), godwit_kept.catch_up_contacts_55c37ab1();
drop table godwit_kept.late_contacts_55c37ab1, godwit_kept.again_contacts_55c37ab1;

-- [37/42] phase validate
savepoint godwit_validate;

-- [38/42] add foreign key contacts_organization_id_fkey on app.contacts (20250102000000_after.gw:2)
--   locks app.contacts (share row exclusive), app.organizations (share row exclusive); scan
alter table app.contacts
    add constraint contacts_organization_id_fkey foreign key (organization_id) references app.organizations (id);

-- [39/42] record the migration, with its way back
update godwit.migration set state = 'applied', applied_at = now(), applied_by = session_user,
  window_until = now() + interval '48h', parts_done = null where id = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'applied', jsonb_build_object('catalog rows changed', godwit.remember());

-- [40/42] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'applied',
  'tables', array['app.contacts', 'app.organizations']::text[])::text);

-- [41/42] commit
commit;

-- [42/42] so far
\endif
