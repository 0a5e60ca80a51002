-- godwit up 20250831000000_columns
-- Scores, JSON and arrays, and references
-- spec: specs/20250831000000_columns.gw
-- checksum: sha256:3c3471131dc4dabb7aa43c89dc03f1724f46f41d62ef0239b909902727b65d28
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- postgres: 13
-- requires: 20250830000000_baseline
-- content: sha256:2ea470499d03aeeeee196088323a928b156056864defd1eea87a23d94d84eb4f

-- [1/136] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/136] the ledger
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

-- [3/136] refuse when this has run already or comes too early
do $godwit$
declare missing text;
begin
  if current_setting('server_version_num')::integer < 130000 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns needs PostgreSQL 13, this server is ' || current_setting('server_version'),
      hint = 'compile it for this server''s version (`requires postgres` in the spec), or upgrade the server';
  end if;
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if exists (select from godwit.migration where id = '20250831000000_columns' and state <> 'rolled_back') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns is applied already',
      hint = 'nothing is to be done; to apply it anew roll it back first (`godwit rollback`, or its down artifact)';
  end if;
  select string_agg(id, ', ' order by n) into missing from unnest(array['20250830000000_baseline']::text[]) with ordinality as needed (id, n)
  where not exists (select from godwit.migration m where m.id = needed.id and m.state not in ('begun', 'rolled_back')
                    and m.parts_done is null);
  if missing is not null then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns comes after ' || missing || ', which is not applied',
      hint = 'apply that first';
  end if;
end
$godwit$;

-- [4/136] lock what will change, in one fixed order
lock table public.activities in access exclusive mode;
lock table public.companies in access exclusive mode;
lock table public.contacts in access exclusive mode;
lock table public.deals in access exclusive mode;
lock table public.meetings in access exclusive mode;
lock table public.tasks in access exclusive mode;

-- [5/136] phase expand
savepoint godwit_expand;

-- [6/136] add column public.activities.company_id (specs/20250831000000_columns.gw:81)
--   locks public.activities (access exclusive); instant
alter table public.activities add column company_id uuid;

-- [7/136] add column public.activities.contact_id (specs/20250831000000_columns.gw:82)
--   locks public.activities (access exclusive); instant
alter table public.activities add column contact_id uuid;

-- [8/136] add column public.activities.meeting_id (specs/20250831000000_columns.gw:83)
--   locks public.activities (access exclusive); instant
alter table public.activities add column meeting_id uuid;

-- [9/136] add column public.activities.sentiment_score (specs/20250831000000_columns.gw:84)
--   locks public.activities (access exclusive); instant
alter table public.activities add column sentiment_score numeric(3,2);

-- [10/136] add column public.activities.ai_summary (specs/20250831000000_columns.gw:85)
--   locks public.activities (access exclusive); instant
alter table public.activities add column ai_summary text;

-- [11/136] add column public.activities.key_topics (specs/20250831000000_columns.gw:86)
--   locks public.activities (access exclusive); instant
alter table public.activities add column key_topics text[] default '{}';

-- [12/136] add column public.activities.outcome (specs/20250831000000_columns.gw:87)
--   locks public.activities (access exclusive); instant
alter table public.activities add column outcome text;

-- [13/136] add column public.companies.engagement_score (specs/20250831000000_columns.gw:5)
--   locks public.companies (access exclusive); instant
alter table public.companies add column engagement_score numeric(5,2) default 0;

-- [14/136] add column public.companies.lead_score (specs/20250831000000_columns.gw:6)
--   locks public.companies (access exclusive); instant
alter table public.companies add column lead_score numeric(5,2) default 0;

-- [15/136] add column public.companies.data_quality_score (specs/20250831000000_columns.gw:7)
--   locks public.companies (access exclusive); instant
alter table public.companies add column data_quality_score numeric(3,2) default 0;

-- [16/136] add column public.companies.social_media_urls (specs/20250831000000_columns.gw:8)
--   locks public.companies (access exclusive); instant
alter table public.companies add column social_media_urls jsonb default '{}';

-- [17/136] add column public.companies.technology_stack (specs/20250831000000_columns.gw:9)
--   locks public.companies (access exclusive); instant
alter table public.companies add column technology_stack text[] default '{}';

-- [18/136] add column public.companies.is_target_account (specs/20250831000000_columns.gw:10)
--   locks public.companies (access exclusive); instant
alter table public.companies add column is_target_account boolean not null default false;

-- [19/136] add column public.companies.employee_count (specs/20250831000000_columns.gw:11)
--   locks public.companies (access exclusive); instant
alter table public.companies add column employee_count integer;

-- [20/136] add column public.companies.annual_revenue (specs/20250831000000_columns.gw:12)
--   locks public.companies (access exclusive); instant
alter table public.companies add column annual_revenue numeric(14,2);

-- [21/136] add column public.companies.website (specs/20250831000000_columns.gw:13)
--   locks public.companies (access exclusive); instant
alter table public.companies add column website text;

-- [22/136] add column public.companies.linkedin_url (specs/20250831000000_columns.gw:14)
--   locks public.companies (access exclusive); instant
alter table public.companies add column linkedin_url text;

-- [23/136] add column public.companies.phone (specs/20250831000000_columns.gw:15)
--   locks public.companies (access exclusive); instant
alter table public.companies add column phone text;

-- [24/136] add column public.companies.address (specs/20250831000000_columns.gw:16)
--   locks public.companies (access exclusive); instant
alter table public.companies add column address jsonb default '{}';

-- [25/136] add column public.companies.description (specs/20250831000000_columns.gw:17)
--   locks public.companies (access exclusive); instant
alter table public.companies add column description text;

-- [26/136] add column public.companies.last_contact_at (specs/20250831000000_columns.gw:18)
--   locks public.companies (access exclusive); instant
alter table public.companies add column last_contact_at timestamp with time zone;

-- [27/136] add column public.contacts.title (specs/20250831000000_columns.gw:32)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column title text;

-- [28/136] add column public.contacts.phone (specs/20250831000000_columns.gw:33)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column phone text;

-- [29/136] add column public.contacts.linkedin_url (specs/20250831000000_columns.gw:34)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column linkedin_url text;

-- [30/136] add column public.contacts.department (specs/20250831000000_columns.gw:35)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column department text;

-- [31/136] add column public.contacts.seniority (specs/20250831000000_columns.gw:36)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column seniority text;

-- [32/136] add column public.contacts.decision_maker_score (specs/20250831000000_columns.gw:37)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column decision_maker_score numeric(3,2) default 0;

-- [33/136] add column public.contacts.engagement_score (specs/20250831000000_columns.gw:38)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column engagement_score numeric(5,2) default 0;

-- [34/136] add column public.contacts.sentiment_score (specs/20250831000000_columns.gw:39)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column sentiment_score numeric(3,2);

-- [35/136] add column public.contacts.data_quality_score (specs/20250831000000_columns.gw:40)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column data_quality_score numeric(3,2) default 0;

-- [36/136] add column public.contacts.social_media_urls (specs/20250831000000_columns.gw:41)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column social_media_urls jsonb default '{}';

-- [37/136] add column public.contacts.skills (specs/20250831000000_columns.gw:42)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column skills text[] default '{}';

-- [38/136] add column public.contacts.interests (specs/20250831000000_columns.gw:43)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column interests text[] default '{}';

-- [39/136] add column public.contacts.preferred_channel (specs/20250831000000_columns.gw:44)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column preferred_channel text;

-- [40/136] add column public.contacts.is_primary (specs/20250831000000_columns.gw:45)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column is_primary boolean not null default false;

-- [41/136] add column public.contacts.last_interaction_at (specs/20250831000000_columns.gw:46)
--   locks public.contacts (access exclusive); instant
alter table public.contacts add column last_interaction_at timestamp with time zone;

-- [42/136] add column public.deals.company_id (specs/20250831000000_columns.gw:60)
--   locks public.deals (access exclusive); instant
alter table public.deals add column company_id uuid;

-- [43/136] add column public.deals.primary_contact_id (specs/20250831000000_columns.gw:61)
--   locks public.deals (access exclusive); instant
alter table public.deals add column primary_contact_id uuid;

-- [44/136] add column public.deals.competitor_analysis (specs/20250831000000_columns.gw:62)
--   locks public.deals (access exclusive); instant
alter table public.deals add column competitor_analysis jsonb default '{}';

-- [45/136] add column public.deals.stakeholder_mapping (specs/20250831000000_columns.gw:63)
--   locks public.deals (access exclusive); instant
alter table public.deals add column stakeholder_mapping jsonb default '{}';

-- [46/136] add column public.deals.risk_factors (specs/20250831000000_columns.gw:64)
--   locks public.deals (access exclusive); instant
alter table public.deals add column risk_factors text[] default '{}';

-- [47/136] add column public.deals.deal_intelligence_score (specs/20250831000000_columns.gw:65)
--   locks public.deals (access exclusive); instant
alter table public.deals add column deal_intelligence_score numeric(5,2) default 0;

-- [48/136] add column public.deals.win_probability_ai (specs/20250831000000_columns.gw:66)
--   locks public.deals (access exclusive); instant
alter table public.deals add column win_probability_ai numeric(3,2);

-- [49/136] add column public.deals.engagement_score (specs/20250831000000_columns.gw:67)
--   locks public.deals (access exclusive); instant
alter table public.deals add column engagement_score numeric(5,2) default 0;

-- [50/136] add column public.deals.next_step (specs/20250831000000_columns.gw:68)
--   locks public.deals (access exclusive); instant
alter table public.deals add column next_step text;

-- [51/136] add column public.meetings.company_id (specs/20250831000000_columns.gw:95)
--   locks public.meetings (access exclusive); instant
alter table public.meetings add column company_id uuid;

-- [52/136] add column public.meetings.primary_contact_id (specs/20250831000000_columns.gw:96)
--   locks public.meetings (access exclusive); instant
alter table public.meetings add column primary_contact_id uuid;

-- [53/136] add column public.meetings.outcome (specs/20250831000000_columns.gw:97)
--   locks public.meetings (access exclusive); instant
alter table public.meetings add column outcome text;

-- [54/136] add column public.meetings.effectiveness_score (specs/20250831000000_columns.gw:98)
--   locks public.meetings (access exclusive); instant
alter table public.meetings add column effectiveness_score numeric(5,2) default 0;

-- [55/136] add column public.meetings.next_actions (specs/20250831000000_columns.gw:99)
--   locks public.meetings (access exclusive); instant
alter table public.meetings add column next_actions jsonb default '{}';

-- [56/136] add column public.meetings.talk_ratio (specs/20250831000000_columns.gw:100)
--   locks public.meetings (access exclusive); instant
alter table public.meetings add column talk_ratio numeric(3,2);

-- [57/136] add column public.tasks.company_id (specs/20250831000000_columns.gw:107)
--   locks public.tasks (access exclusive); instant
alter table public.tasks add column company_id uuid;

-- [58/136] add column public.tasks.contact_id (specs/20250831000000_columns.gw:108)
--   locks public.tasks (access exclusive); instant
alter table public.tasks add column contact_id uuid;

-- [59/136] add column public.tasks.meeting_id (specs/20250831000000_columns.gw:109)
--   locks public.tasks (access exclusive); instant
alter table public.tasks add column meeting_id uuid;

-- [60/136] add column public.tasks.context_data (specs/20250831000000_columns.gw:110)
--   locks public.tasks (access exclusive); instant
alter table public.tasks add column context_data jsonb default '{}';

-- [61/136] add column public.tasks.automation_source (specs/20250831000000_columns.gw:111)
--   locks public.tasks (access exclusive); instant
alter table public.tasks add column automation_source text;

-- [62/136] add column public.tasks.priority_score (specs/20250831000000_columns.gw:112)
--   locks public.tasks (access exclusive); instant
alter table public.tasks add column priority_score numeric(5,2) default 0;

-- [63/136] create view public.company_overview (specs/20250831000000_columns.gw:117)
--   locks public.companies (access share), public.contacts (access share), public.deals (access share); instant
create view public.company_overview as
select c.id, c.name, c.domain, c.owner_id, c.engagement_score, c.lead_score,
       (select count(*) from public.deals d where d.company_id = c.id) as deals,
       (select coalesce(sum(d.value), 0) from public.deals d where d.company_id = c.id and d.status = 'active') as active_value,
       (select count(*) from public.contacts k where k.company_id = c.id) as contacts
  from public.companies c;

-- [64/136] create view public.contact_overview (specs/20250831000000_columns.gw:126)
--   locks public.companies (access share), public.contacts (access share), public.deals (access share); instant
create view public.contact_overview as
select k.id, k.first_name, k.last_name, k.email, k.owner_id, c.name as company, k.engagement_score,
       (select count(*) from public.deals d where d.primary_contact_id = k.id) as deals
  from public.contacts k
  left join public.companies c on c.id = k.company_id;

-- [65/136] create view public.deal_overview (specs/20250831000000_columns.gw:134)
--   locks public.companies (access share), public.contacts (access share), public.deals (access share); instant
create view public.deal_overview as
select d.id, d.name, d.status, d.value, d.owner_id, c.name as company, k.email as contact, d.deal_intelligence_score
  from public.deals d
  left join public.companies c on c.id = d.company_id
  left join public.contacts k on k.id = d.primary_contact_id;

-- [66/136] grant to authenticated on view public.company_overview (specs/20250831000000_columns.gw:123)
grant select on table public.company_overview to authenticated;

-- [67/136] grant to authenticated on view public.contact_overview (specs/20250831000000_columns.gw:131)
grant select on table public.contact_overview to authenticated;

-- [68/136] grant to authenticated on view public.deal_overview (specs/20250831000000_columns.gw:139)
grant select on table public.deal_overview to authenticated;

-- [69/136] phase validate
savepoint godwit_validate;

-- [70/136] add check constraint activities_sentiment_score_check on public.activities (specs/20250831000000_columns.gw:84)
--   locks public.activities (access exclusive); scan
alter table public.activities
    add constraint activities_sentiment_score_check check (sentiment_score between -1 and 1);

-- [71/136] add check constraint companies_data_quality_score_check on public.companies (specs/20250831000000_columns.gw:7)
--   locks public.companies (access exclusive); scan
alter table public.companies
    add constraint companies_data_quality_score_check check (data_quality_score between 0 and 1);

-- [72/136] add check constraint companies_engagement_score_check on public.companies (specs/20250831000000_columns.gw:5)
--   locks public.companies (access exclusive); scan
alter table public.companies
    add constraint companies_engagement_score_check check (engagement_score between 0 and 100);

-- [73/136] add check constraint companies_lead_score_check on public.companies (specs/20250831000000_columns.gw:6)
--   locks public.companies (access exclusive); scan
alter table public.companies
    add constraint companies_lead_score_check check (lead_score between 0 and 100);

-- [74/136] add check constraint contacts_data_quality_score_check on public.contacts (specs/20250831000000_columns.gw:40)
--   locks public.contacts (access exclusive); scan
alter table public.contacts
    add constraint contacts_data_quality_score_check check (data_quality_score between 0 and 1);

-- [75/136] add check constraint contacts_decision_maker_score_check on public.contacts (specs/20250831000000_columns.gw:37)
--   locks public.contacts (access exclusive); scan
alter table public.contacts
    add constraint contacts_decision_maker_score_check check (decision_maker_score between 0 and 1);

-- [76/136] add check constraint contacts_engagement_score_check on public.contacts (specs/20250831000000_columns.gw:38)
--   locks public.contacts (access exclusive); scan
alter table public.contacts
    add constraint contacts_engagement_score_check check (engagement_score between 0 and 100);

-- [77/136] add check constraint contacts_preferred_channel_check on public.contacts (specs/20250831000000_columns.gw:44)
--   locks public.contacts (access exclusive); scan
alter table public.contacts
    add constraint contacts_preferred_channel_check check (preferred_channel in ('email', 'phone', 'chat'));

-- [78/136] add check constraint contacts_sentiment_score_check on public.contacts (specs/20250831000000_columns.gw:39)
--   locks public.contacts (access exclusive); scan
alter table public.contacts
    add constraint contacts_sentiment_score_check check (sentiment_score between -1 and 1);

-- [79/136] add check constraint deals_deal_intelligence_score_check on public.deals (specs/20250831000000_columns.gw:65)
--   locks public.deals (access exclusive); scan
alter table public.deals
    add constraint deals_deal_intelligence_score_check check (deal_intelligence_score between 0 and 100);

-- [80/136] add check constraint deals_engagement_score_check on public.deals (specs/20250831000000_columns.gw:67)
--   locks public.deals (access exclusive); scan
alter table public.deals
    add constraint deals_engagement_score_check check (engagement_score between 0 and 100);

-- [81/136] add check constraint deals_win_probability_ai_check on public.deals (specs/20250831000000_columns.gw:66)
--   locks public.deals (access exclusive); scan
alter table public.deals
    add constraint deals_win_probability_ai_check check (win_probability_ai between 0 and 1);

-- [82/136] add check constraint meetings_effectiveness_score_check on public.meetings (specs/20250831000000_columns.gw:98)
--   locks public.meetings (access exclusive); scan
alter table public.meetings
    add constraint meetings_effectiveness_score_check check (effectiveness_score between 0 and 100);

-- [83/136] add check constraint meetings_outcome_check on public.meetings (specs/20250831000000_columns.gw:97)
--   locks public.meetings (access exclusive); scan
alter table public.meetings
    add constraint meetings_outcome_check check (outcome in ('positive', 'neutral', 'negative'));

-- [84/136] add check constraint meetings_talk_ratio_check on public.meetings (specs/20250831000000_columns.gw:100)
--   locks public.meetings (access exclusive); scan
alter table public.meetings
    add constraint meetings_talk_ratio_check check (talk_ratio between 0 and 1);

-- [85/136] add check constraint tasks_priority_score_check on public.tasks (specs/20250831000000_columns.gw:112)
--   locks public.tasks (access exclusive); scan
alter table public.tasks
    add constraint tasks_priority_score_check check (priority_score between 0 and 100);

-- [86/136] add foreign key activities_company_id_fkey on public.activities (specs/20250831000000_columns.gw:81)
--   locks public.activities (share row exclusive), public.companies (share row exclusive); scan
alter table public.activities
    add constraint activities_company_id_fkey foreign key (company_id) references public.companies (id) on delete set null;

-- [87/136] add foreign key activities_contact_id_fkey on public.activities (specs/20250831000000_columns.gw:82)
--   locks public.activities (share row exclusive), public.contacts (share row exclusive); scan
alter table public.activities
    add constraint activities_contact_id_fkey foreign key (contact_id) references public.contacts (id) on delete set null;

-- [88/136] add foreign key activities_meeting_id_fkey on public.activities (specs/20250831000000_columns.gw:83)
--   locks public.activities (share row exclusive), public.meetings (share row exclusive); scan
alter table public.activities
    add constraint activities_meeting_id_fkey foreign key (meeting_id) references public.meetings (id) on delete set null;

-- [89/136] add foreign key deals_company_id_fkey on public.deals (specs/20250831000000_columns.gw:60)
--   locks public.companies (share row exclusive), public.deals (share row exclusive); scan
alter table public.deals
    add constraint deals_company_id_fkey foreign key (company_id) references public.companies (id) on delete set null;

-- [90/136] add foreign key deals_primary_contact_id_fkey on public.deals (specs/20250831000000_columns.gw:61)
--   locks public.contacts (share row exclusive), public.deals (share row exclusive); scan
alter table public.deals
    add constraint deals_primary_contact_id_fkey foreign key (primary_contact_id) references public.contacts (id) on delete set null;

-- [91/136] add foreign key meetings_company_id_fkey on public.meetings (specs/20250831000000_columns.gw:95)
--   locks public.companies (share row exclusive), public.meetings (share row exclusive); scan
alter table public.meetings
    add constraint meetings_company_id_fkey foreign key (company_id) references public.companies (id) on delete set null;

-- [92/136] add foreign key meetings_primary_contact_id_fkey on public.meetings (specs/20250831000000_columns.gw:96)
--   locks public.contacts (share row exclusive), public.meetings (share row exclusive); scan
alter table public.meetings
    add constraint meetings_primary_contact_id_fkey foreign key (primary_contact_id) references public.contacts (id) on delete set null;

-- [93/136] add foreign key tasks_company_id_fkey on public.tasks (specs/20250831000000_columns.gw:107)
--   locks public.companies (share row exclusive), public.tasks (share row exclusive); scan
alter table public.tasks
    add constraint tasks_company_id_fkey foreign key (company_id) references public.companies (id) on delete set null;

-- [94/136] add foreign key tasks_contact_id_fkey on public.tasks (specs/20250831000000_columns.gw:108)
--   locks public.contacts (share row exclusive), public.tasks (share row exclusive); scan
alter table public.tasks
    add constraint tasks_contact_id_fkey foreign key (contact_id) references public.contacts (id) on delete set null;

-- [95/136] add foreign key tasks_meeting_id_fkey on public.tasks (specs/20250831000000_columns.gw:109)
--   locks public.meetings (share row exclusive), public.tasks (share row exclusive); scan
alter table public.tasks
    add constraint tasks_meeting_id_fkey foreign key (meeting_id) references public.meetings (id) on delete set null;

-- [96/136] create index public.activities_company_id_idx (specs/20250831000000_columns.gw:88)
--   locks public.activities (share); scan
create index activities_company_id_idx on public.activities (company_id);

-- [97/136] create index public.activities_contact_id_idx (specs/20250831000000_columns.gw:89)
--   locks public.activities (share); scan
create index activities_contact_id_idx on public.activities (contact_id);

-- [98/136] create index public.activities_meeting_id_idx (specs/20250831000000_columns.gw:90)
--   locks public.activities (share); scan
create index activities_meeting_id_idx on public.activities (meeting_id);

-- [99/136] create index public.activities_user_id_date_idx (specs/20250831000000_columns.gw:91)
--   locks public.activities (share); scan
create index activities_user_id_date_idx on public.activities (user_id, date desc);

-- [100/136] create index public.companies_domain_idx (specs/20250831000000_columns.gw:19)
--   locks public.companies (share); scan
create index companies_domain_idx on public.companies (domain);

-- [101/136] create index public.companies_employee_count_idx (specs/20250831000000_columns.gw:23)
--   locks public.companies (share); scan
create index companies_employee_count_idx on public.companies (employee_count);

-- [102/136] create index public.companies_engagement_score_idx (specs/20250831000000_columns.gw:21)
--   locks public.companies (share); scan
create index companies_engagement_score_idx on public.companies (engagement_score desc);

-- [103/136] create index public.companies_expr_idx (specs/20250831000000_columns.gw:25)
--   locks public.companies (share); scan
create index companies_expr_idx on public.companies (lower(btrim(name)));

-- [104/136] create index public.companies_industry_idx (specs/20250831000000_columns.gw:20)
--   locks public.companies (share); scan
create index companies_industry_idx on public.companies (industry);

-- [105/136] create index public.companies_last_contact_at_idx (specs/20250831000000_columns.gw:24)
--   locks public.companies (share); scan
create index companies_last_contact_at_idx on public.companies (last_contact_at desc);

-- [106/136] create index public.companies_lead_score_idx (specs/20250831000000_columns.gw:22)
--   locks public.companies (share); scan
create index companies_lead_score_idx on public.companies (lead_score desc);

-- [107/136] create index public.companies_owner_id_idx (specs/20250831000000_columns.gw:26)
--   locks public.companies (share); scan
create index companies_owner_id_idx on public.companies (owner_id) where is_target_account;

-- [108/136] create index public.companies_social_media_urls_idx (specs/20250831000000_columns.gw:28)
--   locks public.companies (share); scan
create index companies_social_media_urls_idx on public.companies using gin (social_media_urls);

-- [109/136] create index public.companies_technology_stack_idx (specs/20250831000000_columns.gw:27)
--   locks public.companies (share); scan
create index companies_technology_stack_idx on public.companies using gin (technology_stack);

-- [110/136] create index public.contacts_company_id_idx (specs/20250831000000_columns.gw:47)
--   locks public.contacts (share); scan
create index contacts_company_id_idx on public.contacts (company_id);

-- [111/136] create index public.contacts_company_id_idx1 (specs/20250831000000_columns.gw:54)
--   locks public.contacts (share); scan
create index contacts_company_id_idx1 on public.contacts (company_id) where is_primary;

-- [112/136] create index public.contacts_company_id_last_name_idx (specs/20250831000000_columns.gw:53)
--   locks public.contacts (share); scan
create index contacts_company_id_last_name_idx on public.contacts (company_id, last_name);

-- [113/136] create index public.contacts_decision_maker_score_idx (specs/20250831000000_columns.gw:51)
--   locks public.contacts (share); scan
create index contacts_decision_maker_score_idx on public.contacts (decision_maker_score desc);

-- [114/136] create index public.contacts_department_idx (specs/20250831000000_columns.gw:49)
--   locks public.contacts (share); scan
create index contacts_department_idx on public.contacts (department);

-- [115/136] create index public.contacts_engagement_score_idx (specs/20250831000000_columns.gw:50)
--   locks public.contacts (share); scan
create index contacts_engagement_score_idx on public.contacts (engagement_score desc);

-- [116/136] create index public.contacts_interests_idx (specs/20250831000000_columns.gw:56)
--   locks public.contacts (share); scan
create index contacts_interests_idx on public.contacts using gin (interests);

-- [117/136] create index public.contacts_last_interaction_at_idx (specs/20250831000000_columns.gw:52)
--   locks public.contacts (share); scan
create index contacts_last_interaction_at_idx on public.contacts (last_interaction_at desc);

-- [118/136] create index public.contacts_skills_idx (specs/20250831000000_columns.gw:55)
--   locks public.contacts (share); scan
create index contacts_skills_idx on public.contacts using gin (skills);

-- [119/136] create index public.contacts_title_idx (specs/20250831000000_columns.gw:48)
--   locks public.contacts (share); scan
create index contacts_title_idx on public.contacts (title);

-- [120/136] create index public.deals_company_id_idx (specs/20250831000000_columns.gw:69)
--   locks public.deals (share); scan
create index deals_company_id_idx on public.deals (company_id);

-- [121/136] create index public.deals_deal_intelligence_score_idx (specs/20250831000000_columns.gw:74)
--   locks public.deals (share); scan
create index deals_deal_intelligence_score_idx on public.deals (deal_intelligence_score desc);

-- [122/136] create index public.deals_expected_close_date_idx (specs/20250831000000_columns.gw:73)
--   locks public.deals (share); scan
create index deals_expected_close_date_idx on public.deals (expected_close_date);

-- [123/136] create index public.deals_expr_idx (specs/20250831000000_columns.gw:75)
--   locks public.deals (share); scan
create index deals_expr_idx on public.deals (lower(btrim(company))) where company is not null;

-- [124/136] create index public.deals_expr_idx1 (specs/20250831000000_columns.gw:76)
--   locks public.deals (share); scan
create index deals_expr_idx1 on public.deals (lower(contact_email)) where contact_email is not null;

-- [125/136] create index public.deals_owner_id_status_idx (specs/20250831000000_columns.gw:71)
--   locks public.deals (share); scan
create index deals_owner_id_status_idx on public.deals (owner_id, status);

-- [126/136] create index public.deals_primary_contact_id_idx (specs/20250831000000_columns.gw:70)
--   locks public.deals (share); scan
create index deals_primary_contact_id_idx on public.deals (primary_contact_id);

-- [127/136] create index public.deals_risk_factors_idx (specs/20250831000000_columns.gw:77)
--   locks public.deals (share); scan
create index deals_risk_factors_idx on public.deals using gin (risk_factors);

-- [128/136] create index public.deals_stage_id_idx (specs/20250831000000_columns.gw:72)
--   locks public.deals (share); scan
create index deals_stage_id_idx on public.deals (stage_id);

-- [129/136] create index public.meetings_company_id_idx (specs/20250831000000_columns.gw:101)
--   locks public.meetings (share); scan
create index meetings_company_id_idx on public.meetings (company_id);

-- [130/136] create index public.meetings_owner_user_id_started_at_idx (specs/20250831000000_columns.gw:103)
--   locks public.meetings (share); scan
create index meetings_owner_user_id_started_at_idx on public.meetings (owner_user_id, started_at desc);

-- [131/136] create index public.meetings_primary_contact_id_idx (specs/20250831000000_columns.gw:102)
--   locks public.meetings (share); scan
create index meetings_primary_contact_id_idx on public.meetings (primary_contact_id);

-- [132/136] create index public.tasks_context_data_idx (specs/20250831000000_columns.gw:114)
--   locks public.tasks (share); scan
create index tasks_context_data_idx on public.tasks using gin (context_data);

-- [133/136] create index public.tasks_owner_id_due_date_idx (specs/20250831000000_columns.gw:113)
--   locks public.tasks (share); scan
create index tasks_owner_id_due_date_idx on public.tasks (owner_id, due_date) where not done;

-- [134/136] record the migration, with its way back
insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,
  window_until, down_sql, finalize_sql, verify_sql)
select '20250831000000_columns', (select coalesce(max(sequence), 0) + 1 from godwit.migration), 'Scores, JSON and arrays, and references', 'sha256:3c3471131dc4dabb7aa43c89dc03f1724f46f41d62ef0239b909902727b65d28',
  case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, false, 'exact', 127,
  now() + interval '14d',
  $down$-- godwit down 20250831000000_columns
-- Scores, JSON and arrays, and references
-- spec: specs/20250831000000_columns.gw
-- checksum: sha256:3c3471131dc4dabb7aa43c89dc03f1724f46f41d62ef0239b909902727b65d28
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:9420498b84830d105f18101bdc2c1cd84b516ca76d5a49d49ac1261c40669263

-- [1/132] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/132] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000000_columns';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250831000000_columns' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250831000000_columns closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/132] lock what will change, in one fixed order
lock table public.activities in access exclusive mode;
lock table public.companies in access exclusive mode;
lock table public.contacts in access exclusive mode;
lock table public.deals in access exclusive mode;
lock table public.meetings in access exclusive mode;
lock table public.tasks in access exclusive mode;

-- [4/132] a place for what has none in the old shape
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

-- [5/132] undo: create index public.tasks_owner_id_due_date_idx (specs/20250831000000_columns.gw:113)
--   locks public.tasks (access exclusive); instant
-- drop index public.tasks_owner_id_due_date_idx
drop index public.tasks_owner_id_due_date_idx;

-- [6/132] undo: create index public.tasks_context_data_idx (specs/20250831000000_columns.gw:114)
--   locks public.tasks (access exclusive); instant
-- drop index public.tasks_context_data_idx
drop index public.tasks_context_data_idx;

-- [7/132] undo: create index public.meetings_primary_contact_id_idx (specs/20250831000000_columns.gw:102)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_primary_contact_id_idx
drop index public.meetings_primary_contact_id_idx;

-- [8/132] undo: create index public.meetings_owner_user_id_started_at_idx (specs/20250831000000_columns.gw:103)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_owner_user_id_started_at_idx
drop index public.meetings_owner_user_id_started_at_idx;

-- [9/132] undo: create index public.meetings_company_id_idx (specs/20250831000000_columns.gw:101)
--   locks public.meetings (access exclusive); instant
-- drop index public.meetings_company_id_idx
drop index public.meetings_company_id_idx;

-- [10/132] undo: create index public.deals_stage_id_idx (specs/20250831000000_columns.gw:72)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_stage_id_idx
drop index public.deals_stage_id_idx;

-- [11/132] undo: create index public.deals_risk_factors_idx (specs/20250831000000_columns.gw:77)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_risk_factors_idx
drop index public.deals_risk_factors_idx;

-- [12/132] undo: create index public.deals_primary_contact_id_idx (specs/20250831000000_columns.gw:70)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_primary_contact_id_idx
drop index public.deals_primary_contact_id_idx;

-- [13/132] undo: create index public.deals_owner_id_status_idx (specs/20250831000000_columns.gw:71)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_owner_id_status_idx
drop index public.deals_owner_id_status_idx;

-- [14/132] undo: create index public.deals_expr_idx1 (specs/20250831000000_columns.gw:76)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_expr_idx1
drop index public.deals_expr_idx1;

-- [15/132] undo: create index public.deals_expr_idx (specs/20250831000000_columns.gw:75)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_expr_idx
drop index public.deals_expr_idx;

-- [16/132] undo: create index public.deals_expected_close_date_idx (specs/20250831000000_columns.gw:73)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_expected_close_date_idx
drop index public.deals_expected_close_date_idx;

-- [17/132] undo: create index public.deals_deal_intelligence_score_idx (specs/20250831000000_columns.gw:74)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_deal_intelligence_score_idx
drop index public.deals_deal_intelligence_score_idx;

-- [18/132] undo: create index public.deals_company_id_idx (specs/20250831000000_columns.gw:69)
--   locks public.deals (access exclusive); instant
-- drop index public.deals_company_id_idx
drop index public.deals_company_id_idx;

-- [19/132] undo: create index public.contacts_title_idx (specs/20250831000000_columns.gw:48)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_title_idx
drop index public.contacts_title_idx;

-- [20/132] undo: create index public.contacts_skills_idx (specs/20250831000000_columns.gw:55)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_skills_idx
drop index public.contacts_skills_idx;

-- [21/132] undo: create index public.contacts_last_interaction_at_idx (specs/20250831000000_columns.gw:52)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_last_interaction_at_idx
drop index public.contacts_last_interaction_at_idx;

-- [22/132] undo: create index public.contacts_interests_idx (specs/20250831000000_columns.gw:56)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_interests_idx
drop index public.contacts_interests_idx;

-- [23/132] undo: create index public.contacts_engagement_score_idx (specs/20250831000000_columns.gw:50)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_engagement_score_idx
drop index public.contacts_engagement_score_idx;

-- [24/132] undo: create index public.contacts_department_idx (specs/20250831000000_columns.gw:49)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_department_idx
drop index public.contacts_department_idx;

-- [25/132] undo: create index public.contacts_decision_maker_score_idx (specs/20250831000000_columns.gw:51)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_decision_maker_score_idx
drop index public.contacts_decision_maker_score_idx;

-- [26/132] undo: create index public.contacts_company_id_last_name_idx (specs/20250831000000_columns.gw:53)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_company_id_last_name_idx
drop index public.contacts_company_id_last_name_idx;

-- [27/132] undo: create index public.contacts_company_id_idx1 (specs/20250831000000_columns.gw:54)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_company_id_idx1
drop index public.contacts_company_id_idx1;

-- [28/132] undo: create index public.contacts_company_id_idx (specs/20250831000000_columns.gw:47)
--   locks public.contacts (access exclusive); instant
-- drop index public.contacts_company_id_idx
drop index public.contacts_company_id_idx;

-- [29/132] undo: create index public.companies_technology_stack_idx (specs/20250831000000_columns.gw:27)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_technology_stack_idx
drop index public.companies_technology_stack_idx;

-- [30/132] undo: create index public.companies_social_media_urls_idx (specs/20250831000000_columns.gw:28)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_social_media_urls_idx
drop index public.companies_social_media_urls_idx;

-- [31/132] undo: create index public.companies_owner_id_idx (specs/20250831000000_columns.gw:26)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_owner_id_idx
drop index public.companies_owner_id_idx;

-- [32/132] undo: create index public.companies_lead_score_idx (specs/20250831000000_columns.gw:22)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_lead_score_idx
drop index public.companies_lead_score_idx;

-- [33/132] undo: create index public.companies_last_contact_at_idx (specs/20250831000000_columns.gw:24)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_last_contact_at_idx
drop index public.companies_last_contact_at_idx;

-- [34/132] undo: create index public.companies_industry_idx (specs/20250831000000_columns.gw:20)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_industry_idx
drop index public.companies_industry_idx;

-- [35/132] undo: create index public.companies_expr_idx (specs/20250831000000_columns.gw:25)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_expr_idx
drop index public.companies_expr_idx;

-- [36/132] undo: create index public.companies_engagement_score_idx (specs/20250831000000_columns.gw:21)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_engagement_score_idx
drop index public.companies_engagement_score_idx;

-- [37/132] undo: create index public.companies_employee_count_idx (specs/20250831000000_columns.gw:23)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_employee_count_idx
drop index public.companies_employee_count_idx;

-- [38/132] undo: create index public.companies_domain_idx (specs/20250831000000_columns.gw:19)
--   locks public.companies (access exclusive); instant
-- drop index public.companies_domain_idx
drop index public.companies_domain_idx;

-- [39/132] undo: create index public.activities_user_id_date_idx (specs/20250831000000_columns.gw:91)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_user_id_date_idx
drop index public.activities_user_id_date_idx;

-- [40/132] undo: create index public.activities_meeting_id_idx (specs/20250831000000_columns.gw:90)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_meeting_id_idx
drop index public.activities_meeting_id_idx;

-- [41/132] undo: create index public.activities_contact_id_idx (specs/20250831000000_columns.gw:89)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_contact_id_idx
drop index public.activities_contact_id_idx;

-- [42/132] undo: create index public.activities_company_id_idx (specs/20250831000000_columns.gw:88)
--   locks public.activities (access exclusive); instant
-- drop index public.activities_company_id_idx
drop index public.activities_company_id_idx;

-- [43/132] undo: add foreign key tasks_meeting_id_fkey on public.tasks (specs/20250831000000_columns.gw:109)
--   locks public.meetings (access exclusive), public.tasks (access exclusive); instant
-- drop foreign key tasks_meeting_id_fkey on public.tasks
alter table public.tasks drop constraint tasks_meeting_id_fkey;

-- [44/132] undo: add foreign key tasks_contact_id_fkey on public.tasks (specs/20250831000000_columns.gw:108)
--   locks public.contacts (access exclusive), public.tasks (access exclusive); instant
-- drop foreign key tasks_contact_id_fkey on public.tasks
alter table public.tasks drop constraint tasks_contact_id_fkey;

-- [45/132] undo: add foreign key tasks_company_id_fkey on public.tasks (specs/20250831000000_columns.gw:107)
--   locks public.companies (access exclusive), public.tasks (access exclusive); instant
-- drop foreign key tasks_company_id_fkey on public.tasks
alter table public.tasks drop constraint tasks_company_id_fkey;

-- [46/132] undo: add foreign key meetings_primary_contact_id_fkey on public.meetings (specs/20250831000000_columns.gw:96)
--   locks public.contacts (access exclusive), public.meetings (access exclusive); instant
-- drop foreign key meetings_primary_contact_id_fkey on public.meetings
alter table public.meetings drop constraint meetings_primary_contact_id_fkey;

-- [47/132] undo: add foreign key meetings_company_id_fkey on public.meetings (specs/20250831000000_columns.gw:95)
--   locks public.companies (access exclusive), public.meetings (access exclusive); instant
-- drop foreign key meetings_company_id_fkey on public.meetings
alter table public.meetings drop constraint meetings_company_id_fkey;

-- [48/132] undo: add foreign key deals_primary_contact_id_fkey on public.deals (specs/20250831000000_columns.gw:61)
--   locks public.contacts (access exclusive), public.deals (access exclusive); instant
-- drop foreign key deals_primary_contact_id_fkey on public.deals
alter table public.deals drop constraint deals_primary_contact_id_fkey;

-- [49/132] undo: add foreign key deals_company_id_fkey on public.deals (specs/20250831000000_columns.gw:60)
--   locks public.companies (access exclusive), public.deals (access exclusive); instant
-- drop foreign key deals_company_id_fkey on public.deals
alter table public.deals drop constraint deals_company_id_fkey;

-- [50/132] undo: add foreign key activities_meeting_id_fkey on public.activities (specs/20250831000000_columns.gw:83)
--   locks public.activities (access exclusive), public.meetings (access exclusive); instant
-- drop foreign key activities_meeting_id_fkey on public.activities
alter table public.activities drop constraint activities_meeting_id_fkey;

-- [51/132] undo: add foreign key activities_contact_id_fkey on public.activities (specs/20250831000000_columns.gw:82)
--   locks public.activities (access exclusive), public.contacts (access exclusive); instant
-- drop foreign key activities_contact_id_fkey on public.activities
alter table public.activities drop constraint activities_contact_id_fkey;

-- [52/132] undo: add foreign key activities_company_id_fkey on public.activities (specs/20250831000000_columns.gw:81)
--   locks public.activities (access exclusive), public.companies (access exclusive); instant
-- drop foreign key activities_company_id_fkey on public.activities
alter table public.activities drop constraint activities_company_id_fkey;

-- [53/132] undo: add check constraint tasks_priority_score_check on public.tasks (specs/20250831000000_columns.gw:112)
--   locks public.tasks (access exclusive); instant
-- drop check constraint tasks_priority_score_check on public.tasks
alter table public.tasks drop constraint tasks_priority_score_check;

-- [54/132] undo: add check constraint meetings_talk_ratio_check on public.meetings (specs/20250831000000_columns.gw:100)
--   locks public.meetings (access exclusive); instant
-- drop check constraint meetings_talk_ratio_check on public.meetings
alter table public.meetings drop constraint meetings_talk_ratio_check;

-- [55/132] undo: add check constraint meetings_outcome_check on public.meetings (specs/20250831000000_columns.gw:97)
--   locks public.meetings (access exclusive); instant
-- drop check constraint meetings_outcome_check on public.meetings
alter table public.meetings drop constraint meetings_outcome_check;

-- [56/132] undo: add check constraint meetings_effectiveness_score_check on public.meetings (specs/20250831000000_columns.gw:98)
--   locks public.meetings (access exclusive); instant
-- drop check constraint meetings_effectiveness_score_check on public.meetings
alter table public.meetings drop constraint meetings_effectiveness_score_check;

-- [57/132] undo: add check constraint deals_win_probability_ai_check on public.deals (specs/20250831000000_columns.gw:66)
--   locks public.deals (access exclusive); instant
-- drop check constraint deals_win_probability_ai_check on public.deals
alter table public.deals drop constraint deals_win_probability_ai_check;

-- [58/132] undo: add check constraint deals_engagement_score_check on public.deals (specs/20250831000000_columns.gw:67)
--   locks public.deals (access exclusive); instant
-- drop check constraint deals_engagement_score_check on public.deals
alter table public.deals drop constraint deals_engagement_score_check;

-- [59/132] undo: add check constraint deals_deal_intelligence_score_check on public.deals (specs/20250831000000_columns.gw:65)
--   locks public.deals (access exclusive); instant
-- drop check constraint deals_deal_intelligence_score_check on public.deals
alter table public.deals drop constraint deals_deal_intelligence_score_check;

-- [60/132] undo: add check constraint contacts_sentiment_score_check on public.contacts (specs/20250831000000_columns.gw:39)
--   locks public.contacts (access exclusive); instant
-- drop check constraint contacts_sentiment_score_check on public.contacts
alter table public.contacts drop constraint contacts_sentiment_score_check;

-- [61/132] undo: add check constraint contacts_preferred_channel_check on public.contacts (specs/20250831000000_columns.gw:44)
--   locks public.contacts (access exclusive); instant
-- drop check constraint contacts_preferred_channel_check on public.contacts
alter table public.contacts drop constraint contacts_preferred_channel_check;

-- [62/132] undo: add check constraint contacts_engagement_score_check on public.contacts (specs/20250831000000_columns.gw:38)
--   locks public.contacts (access exclusive); instant
-- drop check constraint contacts_engagement_score_check on public.contacts
alter table public.contacts drop constraint contacts_engagement_score_check;

-- [63/132] undo: add check constraint contacts_decision_maker_score_check on public.contacts (specs/20250831000000_columns.gw:37)
--   locks public.contacts (access exclusive); instant
-- drop check constraint contacts_decision_maker_score_check on public.contacts
alter table public.contacts drop constraint contacts_decision_maker_score_check;

-- [64/132] undo: add check constraint contacts_data_quality_score_check on public.contacts (specs/20250831000000_columns.gw:40)
--   locks public.contacts (access exclusive); instant
-- drop check constraint contacts_data_quality_score_check on public.contacts
alter table public.contacts drop constraint contacts_data_quality_score_check;

-- [65/132] undo: add check constraint companies_lead_score_check on public.companies (specs/20250831000000_columns.gw:6)
--   locks public.companies (access exclusive); instant
-- drop check constraint companies_lead_score_check on public.companies
alter table public.companies drop constraint companies_lead_score_check;

-- [66/132] undo: add check constraint companies_engagement_score_check on public.companies (specs/20250831000000_columns.gw:5)
--   locks public.companies (access exclusive); instant
-- drop check constraint companies_engagement_score_check on public.companies
alter table public.companies drop constraint companies_engagement_score_check;

-- [67/132] undo: add check constraint companies_data_quality_score_check on public.companies (specs/20250831000000_columns.gw:7)
--   locks public.companies (access exclusive); instant
-- drop check constraint companies_data_quality_score_check on public.companies
alter table public.companies drop constraint companies_data_quality_score_check;

-- [68/132] undo: add check constraint activities_sentiment_score_check on public.activities (specs/20250831000000_columns.gw:84)
--   locks public.activities (access exclusive); instant
-- drop check constraint activities_sentiment_score_check on public.activities
alter table public.activities drop constraint activities_sentiment_score_check;

-- [69/132] undo: create view public.deal_overview (specs/20250831000000_columns.gw:134)
--   locks public.deal_overview (access exclusive); instant
-- drop view public.deal_overview
drop view public.deal_overview;

-- [70/132] undo: create view public.contact_overview (specs/20250831000000_columns.gw:126)
--   locks public.contact_overview (access exclusive); instant
-- drop view public.contact_overview
drop view public.contact_overview;

-- [71/132] undo: create view public.company_overview (specs/20250831000000_columns.gw:117)
--   locks public.company_overview (access exclusive); instant
-- drop view public.company_overview
drop view public.company_overview;

-- [72/132] undo: add column public.tasks.priority_score (specs/20250831000000_columns.gw:112)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.priority_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.priority_score', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column priority_score'
  from public.tasks as leaving
 where leaving.priority_score is distinct from 0;
-- drop column public.tasks.priority_score
alter table public.tasks drop column priority_score;

-- [73/132] undo: add column public.tasks.automation_source (specs/20250831000000_columns.gw:111)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.automation_source since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.automation_source', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column automation_source'
  from public.tasks as leaving
 where leaving.automation_source is distinct from null;
-- drop column public.tasks.automation_source
alter table public.tasks drop column automation_source;

-- [74/132] undo: add column public.tasks.context_data (specs/20250831000000_columns.gw:110)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.context_data since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.context_data', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column context_data'
  from public.tasks as leaving
 where leaving.context_data is distinct from '{}';
-- drop column public.tasks.context_data
alter table public.tasks drop column context_data;

-- [75/132] undo: add column public.tasks.meeting_id (specs/20250831000000_columns.gw:109)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.meeting_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.meeting_id', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column meeting_id'
  from public.tasks as leaving
 where leaving.meeting_id is distinct from null;
-- drop column public.tasks.meeting_id
alter table public.tasks drop column meeting_id;

-- [76/132] undo: add column public.tasks.contact_id (specs/20250831000000_columns.gw:108)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.contact_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.contact_id', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column contact_id'
  from public.tasks as leaving
 where leaving.contact_id is distinct from null;
-- drop column public.tasks.contact_id
alter table public.tasks drop column contact_id;

-- [77/132] undo: add column public.tasks.company_id (specs/20250831000000_columns.gw:107)
--   locks public.tasks (access exclusive); scan
-- note the values written to public.tasks.company_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.tasks.company_id', 'public.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column company_id'
  from public.tasks as leaving
 where leaving.company_id is distinct from null;
-- drop column public.tasks.company_id
alter table public.tasks drop column company_id;

-- [78/132] undo: add column public.meetings.talk_ratio (specs/20250831000000_columns.gw:100)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.talk_ratio since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.talk_ratio', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column talk_ratio'
  from public.meetings as leaving
 where leaving.talk_ratio is distinct from null;
-- drop column public.meetings.talk_ratio
alter table public.meetings drop column talk_ratio;

-- [79/132] undo: add column public.meetings.next_actions (specs/20250831000000_columns.gw:99)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.next_actions since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.next_actions', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column next_actions'
  from public.meetings as leaving
 where leaving.next_actions is distinct from '{}';
-- drop column public.meetings.next_actions
alter table public.meetings drop column next_actions;

-- [80/132] undo: add column public.meetings.effectiveness_score (specs/20250831000000_columns.gw:98)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.effectiveness_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.effectiveness_score', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column effectiveness_score'
  from public.meetings as leaving
 where leaving.effectiveness_score is distinct from 0;
-- drop column public.meetings.effectiveness_score
alter table public.meetings drop column effectiveness_score;

-- [81/132] undo: add column public.meetings.outcome (specs/20250831000000_columns.gw:97)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.outcome since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.outcome', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column outcome'
  from public.meetings as leaving
 where leaving.outcome is distinct from null;
-- drop column public.meetings.outcome
alter table public.meetings drop column outcome;

-- [82/132] undo: add column public.meetings.primary_contact_id (specs/20250831000000_columns.gw:96)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.primary_contact_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.primary_contact_id', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column primary_contact_id'
  from public.meetings as leaving
 where leaving.primary_contact_id is distinct from null;
-- drop column public.meetings.primary_contact_id
alter table public.meetings drop column primary_contact_id;

-- [83/132] undo: add column public.meetings.company_id (specs/20250831000000_columns.gw:95)
--   locks public.meetings (access exclusive); scan
-- note the values written to public.meetings.company_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.meetings.company_id', 'public.meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column company_id'
  from public.meetings as leaving
 where leaving.company_id is distinct from null;
-- drop column public.meetings.company_id
alter table public.meetings drop column company_id;

-- [84/132] undo: add column public.deals.next_step (specs/20250831000000_columns.gw:68)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.next_step since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.next_step', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column next_step'
  from public.deals as leaving
 where leaving.next_step is distinct from null;
-- drop column public.deals.next_step
alter table public.deals drop column next_step;

-- [85/132] undo: add column public.deals.engagement_score (specs/20250831000000_columns.gw:67)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.engagement_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.engagement_score', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column engagement_score'
  from public.deals as leaving
 where leaving.engagement_score is distinct from 0;
-- drop column public.deals.engagement_score
alter table public.deals drop column engagement_score;

-- [86/132] undo: add column public.deals.win_probability_ai (specs/20250831000000_columns.gw:66)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.win_probability_ai since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.win_probability_ai', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column win_probability_ai'
  from public.deals as leaving
 where leaving.win_probability_ai is distinct from null;
-- drop column public.deals.win_probability_ai
alter table public.deals drop column win_probability_ai;

-- [87/132] undo: add column public.deals.deal_intelligence_score (specs/20250831000000_columns.gw:65)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.deal_intelligence_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.deal_intelligence_score', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column deal_intelligence_score'
  from public.deals as leaving
 where leaving.deal_intelligence_score is distinct from 0;
-- drop column public.deals.deal_intelligence_score
alter table public.deals drop column deal_intelligence_score;

-- [88/132] undo: add column public.deals.risk_factors (specs/20250831000000_columns.gw:64)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.risk_factors since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.risk_factors', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column risk_factors'
  from public.deals as leaving
 where leaving.risk_factors is distinct from '{}';
-- drop column public.deals.risk_factors
alter table public.deals drop column risk_factors;

-- [89/132] undo: add column public.deals.stakeholder_mapping (specs/20250831000000_columns.gw:63)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.stakeholder_mapping since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.stakeholder_mapping', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column stakeholder_mapping'
  from public.deals as leaving
 where leaving.stakeholder_mapping is distinct from '{}';
-- drop column public.deals.stakeholder_mapping
alter table public.deals drop column stakeholder_mapping;

-- [90/132] undo: add column public.deals.competitor_analysis (specs/20250831000000_columns.gw:62)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.competitor_analysis since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.competitor_analysis', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column competitor_analysis'
  from public.deals as leaving
 where leaving.competitor_analysis is distinct from '{}';
-- drop column public.deals.competitor_analysis
alter table public.deals drop column competitor_analysis;

-- [91/132] undo: add column public.deals.primary_contact_id (specs/20250831000000_columns.gw:61)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.primary_contact_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.primary_contact_id', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column primary_contact_id'
  from public.deals as leaving
 where leaving.primary_contact_id is distinct from null;
-- drop column public.deals.primary_contact_id
alter table public.deals drop column primary_contact_id;

-- [92/132] undo: add column public.deals.company_id (specs/20250831000000_columns.gw:60)
--   locks public.deals (access exclusive); scan
-- note the values written to public.deals.company_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.deals.company_id', 'public.deals',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column company_id'
  from public.deals as leaving
 where leaving.company_id is distinct from null;
-- drop column public.deals.company_id
alter table public.deals drop column company_id;

-- [93/132] undo: add column public.contacts.last_interaction_at (specs/20250831000000_columns.gw:46)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.last_interaction_at since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.last_interaction_at', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column last_interaction_at'
  from public.contacts as leaving
 where leaving.last_interaction_at is distinct from null;
-- drop column public.contacts.last_interaction_at
alter table public.contacts drop column last_interaction_at;

-- [94/132] undo: add column public.contacts.is_primary (specs/20250831000000_columns.gw:45)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.is_primary since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.is_primary', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column is_primary'
  from public.contacts as leaving
 where leaving.is_primary is distinct from false;
-- drop column public.contacts.is_primary
alter table public.contacts drop column is_primary;

-- [95/132] undo: add column public.contacts.preferred_channel (specs/20250831000000_columns.gw:44)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.preferred_channel since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.preferred_channel', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column preferred_channel'
  from public.contacts as leaving
 where leaving.preferred_channel is distinct from null;
-- drop column public.contacts.preferred_channel
alter table public.contacts drop column preferred_channel;

-- [96/132] undo: add column public.contacts.interests (specs/20250831000000_columns.gw:43)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.interests since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.interests', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column interests'
  from public.contacts as leaving
 where leaving.interests is distinct from '{}';
-- drop column public.contacts.interests
alter table public.contacts drop column interests;

-- [97/132] undo: add column public.contacts.skills (specs/20250831000000_columns.gw:42)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.skills since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.skills', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column skills'
  from public.contacts as leaving
 where leaving.skills is distinct from '{}';
-- drop column public.contacts.skills
alter table public.contacts drop column skills;

-- [98/132] undo: add column public.contacts.social_media_urls (specs/20250831000000_columns.gw:41)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.social_media_urls since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.social_media_urls', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column social_media_urls'
  from public.contacts as leaving
 where leaving.social_media_urls is distinct from '{}';
-- drop column public.contacts.social_media_urls
alter table public.contacts drop column social_media_urls;

-- [99/132] undo: add column public.contacts.data_quality_score (specs/20250831000000_columns.gw:40)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.data_quality_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.data_quality_score', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column data_quality_score'
  from public.contacts as leaving
 where leaving.data_quality_score is distinct from 0;
-- drop column public.contacts.data_quality_score
alter table public.contacts drop column data_quality_score;

-- [100/132] undo: add column public.contacts.sentiment_score (specs/20250831000000_columns.gw:39)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.sentiment_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.sentiment_score', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column sentiment_score'
  from public.contacts as leaving
 where leaving.sentiment_score is distinct from null;
-- drop column public.contacts.sentiment_score
alter table public.contacts drop column sentiment_score;

-- [101/132] undo: add column public.contacts.engagement_score (specs/20250831000000_columns.gw:38)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.engagement_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.engagement_score', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column engagement_score'
  from public.contacts as leaving
 where leaving.engagement_score is distinct from 0;
-- drop column public.contacts.engagement_score
alter table public.contacts drop column engagement_score;

-- [102/132] undo: add column public.contacts.decision_maker_score (specs/20250831000000_columns.gw:37)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.decision_maker_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.decision_maker_score', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column decision_maker_score'
  from public.contacts as leaving
 where leaving.decision_maker_score is distinct from 0;
-- drop column public.contacts.decision_maker_score
alter table public.contacts drop column decision_maker_score;

-- [103/132] undo: add column public.contacts.seniority (specs/20250831000000_columns.gw:36)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.seniority since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.seniority', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column seniority'
  from public.contacts as leaving
 where leaving.seniority is distinct from null;
-- drop column public.contacts.seniority
alter table public.contacts drop column seniority;

-- [104/132] undo: add column public.contacts.department (specs/20250831000000_columns.gw:35)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.department since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.department', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column department'
  from public.contacts as leaving
 where leaving.department is distinct from null;
-- drop column public.contacts.department
alter table public.contacts drop column department;

-- [105/132] undo: add column public.contacts.linkedin_url (specs/20250831000000_columns.gw:34)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.linkedin_url since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.linkedin_url', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column linkedin_url'
  from public.contacts as leaving
 where leaving.linkedin_url is distinct from null;
-- drop column public.contacts.linkedin_url
alter table public.contacts drop column linkedin_url;

-- [106/132] undo: add column public.contacts.phone (specs/20250831000000_columns.gw:33)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.phone since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.phone', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column phone'
  from public.contacts as leaving
 where leaving.phone is distinct from null;
-- drop column public.contacts.phone
alter table public.contacts drop column phone;

-- [107/132] undo: add column public.contacts.title (specs/20250831000000_columns.gw:32)
--   locks public.contacts (access exclusive); scan
-- note the values written to public.contacts.title since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.contacts.title', 'public.contacts',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column title'
  from public.contacts as leaving
 where leaving.title is distinct from null;
-- drop column public.contacts.title
alter table public.contacts drop column title;

-- [108/132] undo: add column public.companies.last_contact_at (specs/20250831000000_columns.gw:18)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.last_contact_at since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.last_contact_at', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column last_contact_at'
  from public.companies as leaving
 where leaving.last_contact_at is distinct from null;
-- drop column public.companies.last_contact_at
alter table public.companies drop column last_contact_at;

-- [109/132] undo: add column public.companies.description (specs/20250831000000_columns.gw:17)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.description since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.description', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column description'
  from public.companies as leaving
 where leaving.description is distinct from null;
-- drop column public.companies.description
alter table public.companies drop column description;

-- [110/132] undo: add column public.companies.address (specs/20250831000000_columns.gw:16)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.address since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.address', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column address'
  from public.companies as leaving
 where leaving.address is distinct from '{}';
-- drop column public.companies.address
alter table public.companies drop column address;

-- [111/132] undo: add column public.companies.phone (specs/20250831000000_columns.gw:15)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.phone since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.phone', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column phone'
  from public.companies as leaving
 where leaving.phone is distinct from null;
-- drop column public.companies.phone
alter table public.companies drop column phone;

-- [112/132] undo: add column public.companies.linkedin_url (specs/20250831000000_columns.gw:14)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.linkedin_url since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.linkedin_url', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column linkedin_url'
  from public.companies as leaving
 where leaving.linkedin_url is distinct from null;
-- drop column public.companies.linkedin_url
alter table public.companies drop column linkedin_url;

-- [113/132] undo: add column public.companies.website (specs/20250831000000_columns.gw:13)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.website since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.website', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column website'
  from public.companies as leaving
 where leaving.website is distinct from null;
-- drop column public.companies.website
alter table public.companies drop column website;

-- [114/132] undo: add column public.companies.annual_revenue (specs/20250831000000_columns.gw:12)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.annual_revenue since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.annual_revenue', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column annual_revenue'
  from public.companies as leaving
 where leaving.annual_revenue is distinct from null;
-- drop column public.companies.annual_revenue
alter table public.companies drop column annual_revenue;

-- [115/132] undo: add column public.companies.employee_count (specs/20250831000000_columns.gw:11)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.employee_count since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.employee_count', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column employee_count'
  from public.companies as leaving
 where leaving.employee_count is distinct from null;
-- drop column public.companies.employee_count
alter table public.companies drop column employee_count;

-- [116/132] undo: add column public.companies.is_target_account (specs/20250831000000_columns.gw:10)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.is_target_account since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.is_target_account', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column is_target_account'
  from public.companies as leaving
 where leaving.is_target_account is distinct from false;
-- drop column public.companies.is_target_account
alter table public.companies drop column is_target_account;

-- [117/132] undo: add column public.companies.technology_stack (specs/20250831000000_columns.gw:9)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.technology_stack since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.technology_stack', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column technology_stack'
  from public.companies as leaving
 where leaving.technology_stack is distinct from '{}';
-- drop column public.companies.technology_stack
alter table public.companies drop column technology_stack;

-- [118/132] undo: add column public.companies.social_media_urls (specs/20250831000000_columns.gw:8)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.social_media_urls since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.social_media_urls', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column social_media_urls'
  from public.companies as leaving
 where leaving.social_media_urls is distinct from '{}';
-- drop column public.companies.social_media_urls
alter table public.companies drop column social_media_urls;

-- [119/132] undo: add column public.companies.data_quality_score (specs/20250831000000_columns.gw:7)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.data_quality_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.data_quality_score', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column data_quality_score'
  from public.companies as leaving
 where leaving.data_quality_score is distinct from 0;
-- drop column public.companies.data_quality_score
alter table public.companies drop column data_quality_score;

-- [120/132] undo: add column public.companies.lead_score (specs/20250831000000_columns.gw:6)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.lead_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.lead_score', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column lead_score'
  from public.companies as leaving
 where leaving.lead_score is distinct from 0;
-- drop column public.companies.lead_score
alter table public.companies drop column lead_score;

-- [121/132] undo: add column public.companies.engagement_score (specs/20250831000000_columns.gw:5)
--   locks public.companies (access exclusive); scan
-- note the values written to public.companies.engagement_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.companies.engagement_score', 'public.companies',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column engagement_score'
  from public.companies as leaving
 where leaving.engagement_score is distinct from 0;
-- drop column public.companies.engagement_score
alter table public.companies drop column engagement_score;

-- [122/132] undo: add column public.activities.outcome (specs/20250831000000_columns.gw:87)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.outcome since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.outcome', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column outcome'
  from public.activities as leaving
 where leaving.outcome is distinct from null;
-- drop column public.activities.outcome
alter table public.activities drop column outcome;

-- [123/132] undo: add column public.activities.key_topics (specs/20250831000000_columns.gw:86)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.key_topics since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.key_topics', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column key_topics'
  from public.activities as leaving
 where leaving.key_topics is distinct from '{}';
-- drop column public.activities.key_topics
alter table public.activities drop column key_topics;

-- [124/132] undo: add column public.activities.ai_summary (specs/20250831000000_columns.gw:85)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.ai_summary since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.ai_summary', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column ai_summary'
  from public.activities as leaving
 where leaving.ai_summary is distinct from null;
-- drop column public.activities.ai_summary
alter table public.activities drop column ai_summary;

-- [125/132] undo: add column public.activities.sentiment_score (specs/20250831000000_columns.gw:84)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.sentiment_score since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.sentiment_score', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column sentiment_score'
  from public.activities as leaving
 where leaving.sentiment_score is distinct from null;
-- drop column public.activities.sentiment_score
alter table public.activities drop column sentiment_score;

-- [126/132] undo: add column public.activities.meeting_id (specs/20250831000000_columns.gw:83)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.meeting_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.meeting_id', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column meeting_id'
  from public.activities as leaving
 where leaving.meeting_id is distinct from null;
-- drop column public.activities.meeting_id
alter table public.activities drop column meeting_id;

-- [127/132] undo: add column public.activities.contact_id (specs/20250831000000_columns.gw:82)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.contact_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.contact_id', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column contact_id'
  from public.activities as leaving
 where leaving.contact_id is distinct from null;
-- drop column public.activities.contact_id
alter table public.activities drop column contact_id;

-- [128/132] undo: add column public.activities.company_id (specs/20250831000000_columns.gw:81)
--   locks public.activities (access exclusive); scan
-- note the values written to public.activities.company_id since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000000_columns', 'drop column public.activities.company_id', 'public.activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'written since to column company_id'
  from public.activities as leaving
 where leaving.company_id is distinct from null;
-- drop column public.activities.company_id
alter table public.activities drop column company_id;

-- [129/132] leave nothing empty behind
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

-- [130/132] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250831000000_columns';
delete from godwit.hidden_column where migration = '20250831000000_columns';
delete from godwit.checkpoint where migration = '20250831000000_columns';
insert into godwit.event (migration, what, detail)
select '20250831000000_columns', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [131/132] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000000_columns', 'message', 'rolled back',
  'tables', array['public.activities', 'public.companies', 'public.contacts', 'public.deals', 'public.meetings', 'public.tasks']::text[])::text);

-- [132/132] commit
commit;
$down$,
  $finalize$-- godwit finalize 20250831000000_columns
-- Scores, JSON and arrays, and references
-- spec: specs/20250831000000_columns.gw
-- checksum: sha256:3c3471131dc4dabb7aa43c89dc03f1724f46f41d62ef0239b909902727b65d28
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:15c07dfcac17bbd0285afb3d91307d065e8d3af9f4f4e091d9d4dbee63230fb1

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
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000000_columns';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000000_columns cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/5] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250831000000_columns';
insert into godwit.event (migration, what, detail)
select '20250831000000_columns', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [4/5] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000000_columns', 'message', 'finalized',
  'tables', array['public.activities', 'public.companies', 'public.contacts', 'public.deals', 'public.meetings', 'public.tasks']::text[])::text);

-- [5/5] commit
commit;
$finalize$,
  $verify$-- godwit verify 20250831000000_columns
-- Scores, JSON and arrays, and references
-- spec: specs/20250831000000_columns.gw
-- checksum: sha256:3c3471131dc4dabb7aa43c89dc03f1724f46f41d62ef0239b909902727b65d28
-- rollback: exact
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:9c91e9fd883e3a84d346b49cb4417fbd91a208794361ea3b9f3200b2c03c791c

-- [1/6] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column public.activities.ai_summary', 'specs/20250831000000_columns.gw:85', 'public.activities', 'ai_summary', 'text', false, false, false, false),
    ('column public.activities.company_id', 'specs/20250831000000_columns.gw:81', 'public.activities', 'company_id', 'uuid', false, false, false, false),
    ('column public.activities.contact_id', 'specs/20250831000000_columns.gw:82', 'public.activities', 'contact_id', 'uuid', false, false, false, false),
    ('column public.activities.key_topics', 'specs/20250831000000_columns.gw:86', 'public.activities', 'key_topics', 'text[]', false, true, false, false),
    ('column public.activities.meeting_id', 'specs/20250831000000_columns.gw:83', 'public.activities', 'meeting_id', 'uuid', false, false, false, false),
    ('column public.activities.outcome', 'specs/20250831000000_columns.gw:87', 'public.activities', 'outcome', 'text', false, false, false, false),
    ('column public.activities.sentiment_score', 'specs/20250831000000_columns.gw:84', 'public.activities', 'sentiment_score', 'numeric(3,2)', false, false, false, false),
    ('column public.companies.address', 'specs/20250831000000_columns.gw:16', 'public.companies', 'address', 'jsonb', false, true, false, false),
    ('column public.companies.annual_revenue', 'specs/20250831000000_columns.gw:12', 'public.companies', 'annual_revenue', 'numeric(14,2)', false, false, false, false),
    ('column public.companies.data_quality_score', 'specs/20250831000000_columns.gw:7', 'public.companies', 'data_quality_score', 'numeric(3,2)', false, true, false, false),
    ('column public.companies.description', 'specs/20250831000000_columns.gw:17', 'public.companies', 'description', 'text', false, false, false, false),
    ('column public.companies.employee_count', 'specs/20250831000000_columns.gw:11', 'public.companies', 'employee_count', 'integer', false, false, false, false),
    ('column public.companies.engagement_score', 'specs/20250831000000_columns.gw:5', 'public.companies', 'engagement_score', 'numeric(5,2)', false, true, false, false),
    ('column public.companies.is_target_account', 'specs/20250831000000_columns.gw:10', 'public.companies', 'is_target_account', 'boolean', true, true, false, false),
    ('column public.companies.last_contact_at', 'specs/20250831000000_columns.gw:18', 'public.companies', 'last_contact_at', 'timestamp with time zone', false, false, false, false),
    ('column public.companies.lead_score', 'specs/20250831000000_columns.gw:6', 'public.companies', 'lead_score', 'numeric(5,2)', false, true, false, false),
    ('column public.companies.linkedin_url', 'specs/20250831000000_columns.gw:14', 'public.companies', 'linkedin_url', 'text', false, false, false, false),
    ('column public.companies.phone', 'specs/20250831000000_columns.gw:15', 'public.companies', 'phone', 'text', false, false, false, false),
    ('column public.companies.social_media_urls', 'specs/20250831000000_columns.gw:8', 'public.companies', 'social_media_urls', 'jsonb', false, true, false, false),
    ('column public.companies.technology_stack', 'specs/20250831000000_columns.gw:9', 'public.companies', 'technology_stack', 'text[]', false, true, false, false),
    ('column public.companies.website', 'specs/20250831000000_columns.gw:13', 'public.companies', 'website', 'text', false, false, false, false),
    ('column public.contacts.data_quality_score', 'specs/20250831000000_columns.gw:40', 'public.contacts', 'data_quality_score', 'numeric(3,2)', false, true, false, false),
    ('column public.contacts.decision_maker_score', 'specs/20250831000000_columns.gw:37', 'public.contacts', 'decision_maker_score', 'numeric(3,2)', false, true, false, false),
    ('column public.contacts.department', 'specs/20250831000000_columns.gw:35', 'public.contacts', 'department', 'text', false, false, false, false),
    ('column public.contacts.engagement_score', 'specs/20250831000000_columns.gw:38', 'public.contacts', 'engagement_score', 'numeric(5,2)', false, true, false, false),
    ('column public.contacts.interests', 'specs/20250831000000_columns.gw:43', 'public.contacts', 'interests', 'text[]', false, true, false, false),
    ('column public.contacts.is_primary', 'specs/20250831000000_columns.gw:45', 'public.contacts', 'is_primary', 'boolean', true, true, false, false),
    ('column public.contacts.last_interaction_at', 'specs/20250831000000_columns.gw:46', 'public.contacts', 'last_interaction_at', 'timestamp with time zone', false, false, false, false),
    ('column public.contacts.linkedin_url', 'specs/20250831000000_columns.gw:34', 'public.contacts', 'linkedin_url', 'text', false, false, false, false),
    ('column public.contacts.phone', 'specs/20250831000000_columns.gw:33', 'public.contacts', 'phone', 'text', false, false, false, false),
    ('column public.contacts.preferred_channel', 'specs/20250831000000_columns.gw:44', 'public.contacts', 'preferred_channel', 'text', false, false, false, false),
    ('column public.contacts.seniority', 'specs/20250831000000_columns.gw:36', 'public.contacts', 'seniority', 'text', false, false, false, false),
    ('column public.contacts.sentiment_score', 'specs/20250831000000_columns.gw:39', 'public.contacts', 'sentiment_score', 'numeric(3,2)', false, false, false, false),
    ('column public.contacts.skills', 'specs/20250831000000_columns.gw:42', 'public.contacts', 'skills', 'text[]', false, true, false, false),
    ('column public.contacts.social_media_urls', 'specs/20250831000000_columns.gw:41', 'public.contacts', 'social_media_urls', 'jsonb', false, true, false, false),
    ('column public.contacts.title', 'specs/20250831000000_columns.gw:32', 'public.contacts', 'title', 'text', false, false, false, false),
    ('column public.deals.company_id', 'specs/20250831000000_columns.gw:60', 'public.deals', 'company_id', 'uuid', false, false, false, false),
    ('column public.deals.competitor_analysis', 'specs/20250831000000_columns.gw:62', 'public.deals', 'competitor_analysis', 'jsonb', false, true, false, false),
    ('column public.deals.deal_intelligence_score', 'specs/20250831000000_columns.gw:65', 'public.deals', 'deal_intelligence_score', 'numeric(5,2)', false, true, false, false),
    ('column public.deals.engagement_score', 'specs/20250831000000_columns.gw:67', 'public.deals', 'engagement_score', 'numeric(5,2)', false, true, false, false),
    ('column public.deals.next_step', 'specs/20250831000000_columns.gw:68', 'public.deals', 'next_step', 'text', false, false, false, false),
    ('column public.deals.primary_contact_id', 'specs/20250831000000_columns.gw:61', 'public.deals', 'primary_contact_id', 'uuid', false, false, false, false),
    ('column public.deals.risk_factors', 'specs/20250831000000_columns.gw:64', 'public.deals', 'risk_factors', 'text[]', false, true, false, false),
    ('column public.deals.stakeholder_mapping', 'specs/20250831000000_columns.gw:63', 'public.deals', 'stakeholder_mapping', 'jsonb', false, true, false, false),
    ('column public.deals.win_probability_ai', 'specs/20250831000000_columns.gw:66', 'public.deals', 'win_probability_ai', 'numeric(3,2)', false, false, false, false),
    ('column public.meetings.company_id', 'specs/20250831000000_columns.gw:95', 'public.meetings', 'company_id', 'uuid', false, false, false, false),
    ('column public.meetings.effectiveness_score', 'specs/20250831000000_columns.gw:98', 'public.meetings', 'effectiveness_score', 'numeric(5,2)', false, true, false, false),
    ('column public.meetings.next_actions', 'specs/20250831000000_columns.gw:99', 'public.meetings', 'next_actions', 'jsonb', false, true, false, false),
    ('column public.meetings.outcome', 'specs/20250831000000_columns.gw:97', 'public.meetings', 'outcome', 'text', false, false, false, false),
    ('column public.meetings.primary_contact_id', 'specs/20250831000000_columns.gw:96', 'public.meetings', 'primary_contact_id', 'uuid', false, false, false, false),
    ('column public.meetings.talk_ratio', 'specs/20250831000000_columns.gw:100', 'public.meetings', 'talk_ratio', 'numeric(3,2)', false, false, false, false),
    ('column public.tasks.automation_source', 'specs/20250831000000_columns.gw:111', 'public.tasks', 'automation_source', 'text', false, false, false, false),
    ('column public.tasks.company_id', 'specs/20250831000000_columns.gw:107', 'public.tasks', 'company_id', 'uuid', false, false, false, false),
    ('column public.tasks.contact_id', 'specs/20250831000000_columns.gw:108', 'public.tasks', 'contact_id', 'uuid', false, false, false, false),
    ('column public.tasks.context_data', 'specs/20250831000000_columns.gw:110', 'public.tasks', 'context_data', 'jsonb', false, true, false, false),
    ('column public.tasks.meeting_id', 'specs/20250831000000_columns.gw:109', 'public.tasks', 'meeting_id', 'uuid', false, false, false, false),
    ('column public.tasks.priority_score', 'specs/20250831000000_columns.gw:112', 'public.tasks', 'priority_score', 'numeric(5,2)', false, true, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [2/6] check constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'c' and c.convalidated = d.is_valid)
    then 'PASS' else 'FAIL' end as result, 'check constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('check constraint activities_sentiment_score_check on public.activities', 'specs/20250831000000_columns.gw:84', 'public.activities', 'activities_sentiment_score_check', true),
    ('check constraint companies_data_quality_score_check on public.companies', 'specs/20250831000000_columns.gw:7', 'public.companies', 'companies_data_quality_score_check', true),
    ('check constraint companies_engagement_score_check on public.companies', 'specs/20250831000000_columns.gw:5', 'public.companies', 'companies_engagement_score_check', true),
    ('check constraint companies_lead_score_check on public.companies', 'specs/20250831000000_columns.gw:6', 'public.companies', 'companies_lead_score_check', true),
    ('check constraint contacts_data_quality_score_check on public.contacts', 'specs/20250831000000_columns.gw:40', 'public.contacts', 'contacts_data_quality_score_check', true),
    ('check constraint contacts_decision_maker_score_check on public.contacts', 'specs/20250831000000_columns.gw:37', 'public.contacts', 'contacts_decision_maker_score_check', true),
    ('check constraint contacts_engagement_score_check on public.contacts', 'specs/20250831000000_columns.gw:38', 'public.contacts', 'contacts_engagement_score_check', true),
    ('check constraint contacts_preferred_channel_check on public.contacts', 'specs/20250831000000_columns.gw:44', 'public.contacts', 'contacts_preferred_channel_check', true),
    ('check constraint contacts_sentiment_score_check on public.contacts', 'specs/20250831000000_columns.gw:39', 'public.contacts', 'contacts_sentiment_score_check', true),
    ('check constraint deals_deal_intelligence_score_check on public.deals', 'specs/20250831000000_columns.gw:65', 'public.deals', 'deals_deal_intelligence_score_check', true),
    ('check constraint deals_engagement_score_check on public.deals', 'specs/20250831000000_columns.gw:67', 'public.deals', 'deals_engagement_score_check', true),
    ('check constraint deals_win_probability_ai_check on public.deals', 'specs/20250831000000_columns.gw:66', 'public.deals', 'deals_win_probability_ai_check', true),
    ('check constraint meetings_effectiveness_score_check on public.meetings', 'specs/20250831000000_columns.gw:98', 'public.meetings', 'meetings_effectiveness_score_check', true),
    ('check constraint meetings_outcome_check on public.meetings', 'specs/20250831000000_columns.gw:97', 'public.meetings', 'meetings_outcome_check', true),
    ('check constraint meetings_talk_ratio_check on public.meetings', 'specs/20250831000000_columns.gw:100', 'public.meetings', 'meetings_talk_ratio_check', true),
    ('check constraint tasks_priority_score_check on public.tasks', 'specs/20250831000000_columns.gw:112', 'public.tasks', 'tasks_priority_score_check', true)
  ) as d (object, place, relation, name, is_valid);

-- [3/6] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key activities_company_id_fkey on public.activities', 'specs/20250831000000_columns.gw:81', 'public.activities', 'activities_company_id_fkey', false, false, 'public.companies', true, 'n', 'a', array['company_id'], array['id']),
    ('foreign key activities_contact_id_fkey on public.activities', 'specs/20250831000000_columns.gw:82', 'public.activities', 'activities_contact_id_fkey', false, false, 'public.contacts', true, 'n', 'a', array['contact_id'], array['id']),
    ('foreign key activities_meeting_id_fkey on public.activities', 'specs/20250831000000_columns.gw:83', 'public.activities', 'activities_meeting_id_fkey', false, false, 'public.meetings', true, 'n', 'a', array['meeting_id'], array['id']),
    ('foreign key deals_company_id_fkey on public.deals', 'specs/20250831000000_columns.gw:60', 'public.deals', 'deals_company_id_fkey', false, false, 'public.companies', true, 'n', 'a', array['company_id'], array['id']),
    ('foreign key deals_primary_contact_id_fkey on public.deals', 'specs/20250831000000_columns.gw:61', 'public.deals', 'deals_primary_contact_id_fkey', false, false, 'public.contacts', true, 'n', 'a', array['primary_contact_id'], array['id']),
    ('foreign key meetings_company_id_fkey on public.meetings', 'specs/20250831000000_columns.gw:95', 'public.meetings', 'meetings_company_id_fkey', false, false, 'public.companies', true, 'n', 'a', array['company_id'], array['id']),
    ('foreign key meetings_primary_contact_id_fkey on public.meetings', 'specs/20250831000000_columns.gw:96', 'public.meetings', 'meetings_primary_contact_id_fkey', false, false, 'public.contacts', true, 'n', 'a', array['primary_contact_id'], array['id']),
    ('foreign key tasks_company_id_fkey on public.tasks', 'specs/20250831000000_columns.gw:107', 'public.tasks', 'tasks_company_id_fkey', false, false, 'public.companies', true, 'n', 'a', array['company_id'], array['id']),
    ('foreign key tasks_contact_id_fkey on public.tasks', 'specs/20250831000000_columns.gw:108', 'public.tasks', 'tasks_contact_id_fkey', false, false, 'public.contacts', true, 'n', 'a', array['contact_id'], array['id']),
    ('foreign key tasks_meeting_id_fkey on public.tasks', 'specs/20250831000000_columns.gw:109', 'public.tasks', 'tasks_meeting_id_fkey', false, false, 'public.meetings', true, 'n', 'a', array['meeting_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [4/6] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view public.company_overview', 'specs/20250831000000_columns.gw:117', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.company_overview') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'name', 'domain', 'owner_id', 'engagement_score', 'lead_score', 'deals', 'active_value', 'contacts']::text[])),
    ('view public.contact_overview', 'specs/20250831000000_columns.gw:126', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.contact_overview') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'first_name', 'last_name', 'email', 'owner_id', 'company', 'engagement_score', 'deals']::text[])),
    ('view public.deal_overview', 'specs/20250831000000_columns.gw:134', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.deal_overview') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'name', 'status', 'value', 'owner_id', 'company', 'contact', 'deal_intelligence_score']::text[]))
  ) as d (object, place, passed);

-- [5/6] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index public.activities_company_id_idx', 'specs/20250831000000_columns.gw:88', 'public.activities', 'public.activities_company_id_idx', false, 1, false),
    ('index public.activities_contact_id_idx', 'specs/20250831000000_columns.gw:89', 'public.activities', 'public.activities_contact_id_idx', false, 1, false),
    ('index public.activities_meeting_id_idx', 'specs/20250831000000_columns.gw:90', 'public.activities', 'public.activities_meeting_id_idx', false, 1, false),
    ('index public.activities_user_id_date_idx', 'specs/20250831000000_columns.gw:91', 'public.activities', 'public.activities_user_id_date_idx', false, 2, false),
    ('index public.companies_domain_idx', 'specs/20250831000000_columns.gw:19', 'public.companies', 'public.companies_domain_idx', false, 1, false),
    ('index public.companies_employee_count_idx', 'specs/20250831000000_columns.gw:23', 'public.companies', 'public.companies_employee_count_idx', false, 1, false),
    ('index public.companies_engagement_score_idx', 'specs/20250831000000_columns.gw:21', 'public.companies', 'public.companies_engagement_score_idx', false, 1, false),
    ('index public.companies_expr_idx', 'specs/20250831000000_columns.gw:25', 'public.companies', 'public.companies_expr_idx', false, 1, false),
    ('index public.companies_industry_idx', 'specs/20250831000000_columns.gw:20', 'public.companies', 'public.companies_industry_idx', false, 1, false),
    ('index public.companies_last_contact_at_idx', 'specs/20250831000000_columns.gw:24', 'public.companies', 'public.companies_last_contact_at_idx', false, 1, false),
    ('index public.companies_lead_score_idx', 'specs/20250831000000_columns.gw:22', 'public.companies', 'public.companies_lead_score_idx', false, 1, false),
    ('index public.companies_owner_id_idx', 'specs/20250831000000_columns.gw:26', 'public.companies', 'public.companies_owner_id_idx', false, 1, true),
    ('index public.companies_social_media_urls_idx', 'specs/20250831000000_columns.gw:28', 'public.companies', 'public.companies_social_media_urls_idx', false, 1, false),
    ('index public.companies_technology_stack_idx', 'specs/20250831000000_columns.gw:27', 'public.companies', 'public.companies_technology_stack_idx', false, 1, false),
    ('index public.contacts_company_id_idx', 'specs/20250831000000_columns.gw:47', 'public.contacts', 'public.contacts_company_id_idx', false, 1, false),
    ('index public.contacts_company_id_idx1', 'specs/20250831000000_columns.gw:54', 'public.contacts', 'public.contacts_company_id_idx1', false, 1, true),
    ('index public.contacts_company_id_last_name_idx', 'specs/20250831000000_columns.gw:53', 'public.contacts', 'public.contacts_company_id_last_name_idx', false, 2, false),
    ('index public.contacts_decision_maker_score_idx', 'specs/20250831000000_columns.gw:51', 'public.contacts', 'public.contacts_decision_maker_score_idx', false, 1, false),
    ('index public.contacts_department_idx', 'specs/20250831000000_columns.gw:49', 'public.contacts', 'public.contacts_department_idx', false, 1, false),
    ('index public.contacts_engagement_score_idx', 'specs/20250831000000_columns.gw:50', 'public.contacts', 'public.contacts_engagement_score_idx', false, 1, false),
    ('index public.contacts_interests_idx', 'specs/20250831000000_columns.gw:56', 'public.contacts', 'public.contacts_interests_idx', false, 1, false),
    ('index public.contacts_last_interaction_at_idx', 'specs/20250831000000_columns.gw:52', 'public.contacts', 'public.contacts_last_interaction_at_idx', false, 1, false),
    ('index public.contacts_skills_idx', 'specs/20250831000000_columns.gw:55', 'public.contacts', 'public.contacts_skills_idx', false, 1, false),
    ('index public.contacts_title_idx', 'specs/20250831000000_columns.gw:48', 'public.contacts', 'public.contacts_title_idx', false, 1, false),
    ('index public.deals_company_id_idx', 'specs/20250831000000_columns.gw:69', 'public.deals', 'public.deals_company_id_idx', false, 1, false),
    ('index public.deals_deal_intelligence_score_idx', 'specs/20250831000000_columns.gw:74', 'public.deals', 'public.deals_deal_intelligence_score_idx', false, 1, false),
    ('index public.deals_expected_close_date_idx', 'specs/20250831000000_columns.gw:73', 'public.deals', 'public.deals_expected_close_date_idx', false, 1, false),
    ('index public.deals_expr_idx', 'specs/20250831000000_columns.gw:75', 'public.deals', 'public.deals_expr_idx', false, 1, true),
    ('index public.deals_expr_idx1', 'specs/20250831000000_columns.gw:76', 'public.deals', 'public.deals_expr_idx1', false, 1, true),
    ('index public.deals_owner_id_status_idx', 'specs/20250831000000_columns.gw:71', 'public.deals', 'public.deals_owner_id_status_idx', false, 2, false),
    ('index public.deals_primary_contact_id_idx', 'specs/20250831000000_columns.gw:70', 'public.deals', 'public.deals_primary_contact_id_idx', false, 1, false),
    ('index public.deals_risk_factors_idx', 'specs/20250831000000_columns.gw:77', 'public.deals', 'public.deals_risk_factors_idx', false, 1, false),
    ('index public.deals_stage_id_idx', 'specs/20250831000000_columns.gw:72', 'public.deals', 'public.deals_stage_id_idx', false, 1, false),
    ('index public.meetings_company_id_idx', 'specs/20250831000000_columns.gw:101', 'public.meetings', 'public.meetings_company_id_idx', false, 1, false),
    ('index public.meetings_owner_user_id_started_at_idx', 'specs/20250831000000_columns.gw:103', 'public.meetings', 'public.meetings_owner_user_id_started_at_idx', false, 2, false),
    ('index public.meetings_primary_contact_id_idx', 'specs/20250831000000_columns.gw:102', 'public.meetings', 'public.meetings_primary_contact_id_idx', false, 1, false),
    ('index public.tasks_context_data_idx', 'specs/20250831000000_columns.gw:114', 'public.tasks', 'public.tasks_context_data_idx', false, 1, false),
    ('index public.tasks_owner_id_due_date_idx', 'specs/20250831000000_columns.gw:113', 'public.tasks', 'public.tasks_owner_id_due_date_idx', false, 2, true)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [6/6] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to authenticated on view public.company_overview', 'specs/20250831000000_columns.gw:123', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.company_overview') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['SELECT']::text[])),
    ('grant to authenticated on view public.contact_overview', 'specs/20250831000000_columns.gw:131', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.contact_overview') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['SELECT']::text[])),
    ('grant to authenticated on view public.deal_overview', 'specs/20250831000000_columns.gw:139', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.deal_overview') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['SELECT']::text[]))
  ) as d (object, place, passed);
$verify$
on conflict (id) do update set (sequence, title, checksum, state, baseline, rollback_class, steps, applied_at,
  applied_by, window_until, finalized_at, rolled_back_at, down_sql, finalize_sql, verify_sql) =
  (excluded.sequence, excluded.title, excluded.checksum, excluded.state, excluded.baseline,
   excluded.rollback_class, excluded.steps, excluded.applied_at, excluded.applied_by,
   excluded.window_until, null, null, excluded.down_sql, excluded.finalize_sql, excluded.verify_sql);
insert into godwit.event (migration, what, detail)
select '20250831000000_columns', case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, jsonb_build_object('catalog rows changed', godwit.remember());

-- [135/136] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000000_columns', 'message', 'applied',
  'tables', array['public.activities', 'public.companies', 'public.contacts', 'public.deals', 'public.meetings', 'public.tasks']::text[])::text);

-- [136/136] commit
commit;
