-- godwit up 20250831000002_relationships
-- Relationships between companies, deals, meetings and contacts
-- spec: specs/20250831000002_relationships.gw
-- checksum: sha256:1a2ab6814e1152bfc4e5580597c80649e374996ad6e9b5b461908fe681bc7e90
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- postgres: 13
-- requires: 20250831000001_extraction
-- content: sha256:269468c824965a7cc05adac6478342e98e58f00f9377d1f2cf9bf95a2cf28999

-- [1/47] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/47] the ledger
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

-- [3/47] refuse when this has run already or comes too early
do $godwit$
declare missing text;
begin
  if current_setting('server_version_num')::integer < 130000 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships needs PostgreSQL 13, this server is ' || current_setting('server_version'),
      hint = 'compile it for this server''s version (`requires postgres` in the spec), or upgrade the server';
  end if;
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if exists (select from godwit.migration where id = '20250831000002_relationships' and state <> 'rolled_back') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships is applied already',
      hint = 'nothing is to be done; to apply it anew roll it back first (`godwit rollback`, or its down artifact)';
  end if;
  select string_agg(id, ', ' order by n) into missing from unnest(array['20250831000001_extraction']::text[]) with ordinality as needed (id, n)
  where not exists (select from godwit.migration m where m.id = needed.id and m.state not in ('begun', 'rolled_back')
                    and m.parts_done is null);
  if missing is not null then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships comes after ' || missing || ', which is not applied',
      hint = 'apply that first';
  end if;
end
$godwit$;

-- [4/47] go or no-go: move deal_stakeholders (specs/20250831000002_relationships.gw:126)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*) filter (where primary_contact_id is not null)
    into v_total, v_qualifying
    from public.deals as d;
  raise notice 'move deal_stakeholders: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [5/47] go or no-go: move company_activities (specs/20250831000002_relationships.gw:104)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*)
    into v_total, v_qualifying
    from (select a.id, a.company_id from public.activities a where a.company_id is not null) as linked;
  raise notice 'move company_activities: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [6/47] go or no-go: move contact_interactions (specs/20250831000002_relationships.gw:116)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*) filter (where primary_contact_id is not null)
    into v_total, v_qualifying
    from public.meetings as m;
  raise notice 'move contact_interactions: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [7/47] go or no-go: move deal_meetings (specs/20250831000002_relationships.gw:109)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*)
    into v_total, v_qualifying
    from (select d.id as deal_id, m.id as meeting_id, m.sentiment
        from public.meetings m
        join public.deals d on d.company_id = m.company_id and d.owner_id = m.owner_user_id and d.status = 'active' and m.started_at >= d.created_at) as met;
  raise notice 'move deal_meetings: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [8/47] phase expand
savepoint godwit_expand;

-- [9/47] create table public.activity_meetings (specs/20250831000002_relationships.gw:30)
create table public.activity_meetings (
    id uuid not null default gen_random_uuid(),
    activity_id uuid not null,
    meeting_id uuid not null,
    relationship_type text not null default 'related',
    created_at timestamp with time zone not null default now(),
    constraint activity_meetings_pkey primary key (id),
    constraint activity_meetings_activity_id_meeting_id_key unique (activity_id, meeting_id),
    constraint activity_meetings_activity_id_fkey foreign key (activity_id) references public.activities (id) on delete cascade,
    constraint activity_meetings_meeting_id_fkey foreign key (meeting_id) references public.meetings (id) on delete cascade
);

-- [10/47] create table public.company_activities (specs/20250831000002_relationships.gw:4)
create table public.company_activities (
    id uuid not null default gen_random_uuid(),
    company_id uuid not null,
    activity_id uuid not null,
    relationship_strength numeric(3,2) not null default 0.5,
    created_at timestamp with time zone not null default now(),
    constraint company_activities_pkey primary key (id),
    constraint company_activities_company_id_activity_id_key unique (company_id, activity_id),
    constraint company_activities_relationship_strength_check check (relationship_strength between 0 and 1),
    constraint company_activities_activity_id_fkey foreign key (activity_id) references public.activities (id) on delete cascade,
    constraint company_activities_company_id_fkey foreign key (company_id) references public.companies (id) on delete cascade
);

-- [11/47] create table public.contact_interactions (specs/20250831000002_relationships.gw:54)
create table public.contact_interactions (
    id uuid not null default gen_random_uuid(),
    contact_id uuid not null,
    kind text not null,
    meeting_id uuid,
    activity_id uuid,
    engagement_score numeric(5,2) default 0,
    sentiment_score numeric(3,2),
    happened_at timestamp with time zone not null,
    created_at timestamp with time zone not null default now(),
    constraint contact_interactions_pkey primary key (id),
    constraint contact_interactions_engagement_score_check check (engagement_score between 0 and 100),
    constraint contact_interactions_sentiment_score_check check (sentiment_score between -1 and 1),
    constraint contact_interactions_activity_id_fkey foreign key (activity_id) references public.activities (id) on delete set null,
    constraint contact_interactions_contact_id_fkey foreign key (contact_id) references public.contacts (id) on delete cascade,
    constraint contact_interactions_meeting_id_fkey foreign key (meeting_id) references public.meetings (id) on delete set null
);

-- [12/47] create table public.deal_meetings (specs/20250831000002_relationships.gw:15)
create table public.deal_meetings (
    id uuid not null default gen_random_uuid(),
    deal_id uuid not null,
    meeting_id uuid not null,
    impact_score numeric(3,2),
    outcome text,
    stage_before integer,
    stage_after integer,
    created_at timestamp with time zone not null default now(),
    constraint deal_meetings_pkey primary key (id),
    constraint deal_meetings_deal_id_meeting_id_key unique (deal_id, meeting_id),
    constraint deal_meetings_impact_score_check check (impact_score between -1 and 1),
    constraint deal_meetings_deal_id_fkey foreign key (deal_id) references public.deals (id) on delete cascade,
    constraint deal_meetings_meeting_id_fkey foreign key (meeting_id) references public.meetings (id) on delete cascade,
    constraint deal_meetings_stage_after_fkey foreign key (stage_after) references public.deal_stages (id),
    constraint deal_meetings_stage_before_fkey foreign key (stage_before) references public.deal_stages (id)
);

-- [13/47] create table public.deal_stakeholders (specs/20250831000002_relationships.gw:70)
create table public.deal_stakeholders (
    id uuid not null default gen_random_uuid(),
    deal_id uuid not null,
    contact_id uuid not null,
    role text not null default 'other',
    influence_level text not null default 'unknown',
    is_champion boolean not null default false,
    created_at timestamp with time zone not null default now(),
    constraint deal_stakeholders_pkey primary key (id),
    constraint deal_stakeholders_deal_id_contact_id_key unique (deal_id, contact_id),
    constraint deal_stakeholders_influence_level_check check (influence_level in ('unknown', 'low', 'medium', 'high')),
    constraint deal_stakeholders_contact_id_fkey foreign key (contact_id) references public.contacts (id) on delete cascade,
    constraint deal_stakeholders_deal_id_fkey foreign key (deal_id) references public.deals (id) on delete cascade
);

-- [14/47] create table public.meeting_sequences (specs/20250831000002_relationships.gw:41)
create table public.meeting_sequences (
    id uuid not null default gen_random_uuid(),
    deal_id uuid not null,
    meeting_id uuid not null,
    "position" integer not null,
    completed boolean not null default false,
    created_at timestamp with time zone not null default now(),
    constraint meeting_sequences_pkey primary key (id),
    constraint meeting_sequences_deal_id_meeting_id_key unique (deal_id, meeting_id),
    constraint meeting_sequences_deal_id_fkey foreign key (deal_id) references public.deals (id) on delete cascade,
    constraint meeting_sequences_meeting_id_fkey foreign key (meeting_id) references public.meetings (id) on delete cascade
);

-- [15/47] create function public.create_meeting_followups(uuid) (specs/20250831000002_relationships.gw:145)
create function public.create_meeting_followups(meeting uuid) returns integer language plpgsql as $$
declare
    met public.meetings;
    added integer;
begin
    select * into met from public.meetings m where m.id = meeting;
    if not found or exists (select from public.tasks t where t.meeting_id = meeting) then
        return 0;
    end if;
    insert into public.tasks (title, owner_id, due_date, meeting_id, company_id, contact_id, context_data, automation_source)
    select f.title, met.owner_user_id, (met.started_at + f.after)::date, met.id, met.company_id, met.primary_contact_id,
           jsonb_build_object('meeting', met.title, 'kind', f.kind), 'meeting'
      from (values ('Send the minutes of ' || met.title, interval '1 day', 'minutes'),
                   ('Agree on the next step after ' || met.title, interval '7 days', 'next step')) as f (title, after, kind);
    get diagnostics added = row_count;
    return added;
end $$;

-- [16/47] create function public.infer_meeting_deal_relationships() (specs/20250831000002_relationships.gw:132)
create function public.infer_meeting_deal_relationships() returns integer language plpgsql as $$
declare
    added integer;
begin
    insert into public.deal_meetings (deal_id, meeting_id, impact_score)
    select d.id, m.id, m.sentiment
      from public.meetings m
      join public.deals d on d.company_id = m.company_id and d.owner_id = m.owner_user_id and d.status = 'active' and m.started_at >= d.created_at
    on conflict (deal_id, meeting_id) do nothing;
    get diagnostics added = row_count;
    return added;
end $$;

-- [17/47] create view public.meeting_effectiveness (specs/20250831000002_relationships.gw:163)
--   locks public.deal_meetings (access share), public.meetings (access share); instant
create view public.meeting_effectiveness as
select m.id, m.title, m.owner_user_id, m.company_id, m.sentiment, m.effectiveness_score, count(dm.id) as deals, avg(dm.impact_score) as impact
  from public.meetings m
  left join public.deal_meetings dm on dm.meeting_id = m.id
 group by m.id;

-- [18/47] grant to authenticated on view public.meeting_effectiveness (specs/20250831000002_relationships.gw:168)
grant select on table public.meeting_effectiveness to authenticated;

-- [19/47] phase move
savepoint godwit_move;

-- [20/47] move deal_stakeholders (specs/20250831000002_relationships.gw:126)
--   locks public.deal_stakeholders (row exclusive), public.deals (access share); scan
--   godwit_kept.moved_deal_stakeholders_f0243bab remembers which rows were moved, until finalize
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep which rows of the source move, and where to
create table godwit_kept.moved_deal_stakeholders_f0243bab as
select id as source_id,
       id as target_deal_id,
       primary_contact_id as target_contact_id
  from public.deals as d
 where primary_contact_id is not null;
-- move deal_stakeholders into public.deal_stakeholders, every row accounted for
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
  v_there bigint := 0;
  v_moved bigint;
  v_written bigint;
  v_at_once bigint;
  v_done bigint := 0;
  v_rejected bigint := 0;
  v_state text;
  v_reason text;
  v_detail text;
  v_first_state text;
  v_keys text;
  v_from_1 public.deals.id%type;
  v_to_1 public.deals.id%type;
begin
  select count(*) into v_total from public.deals as d;
  select count(*) into v_qualifying from godwit_kept.moved_deal_stakeholders_f0243bab;

  begin
    insert into public.deal_stakeholders (deal_id, contact_id, role)
    select id,
           primary_contact_id,
           'primary'
      from public.deals as d
     where primary_contact_id is not null;
    get diagnostics v_moved = row_count;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(v_qualifying / 2, 5000), 1);
    select d.id into v_from_1
      from public.deals as d
     where primary_contact_id is not null
     order by d.id limit 1;
    while v_from_1 is not null loop
      select id into v_to_1
        from (select d.id from public.deals as d
               where d.id >= v_from_1
                 and (primary_contact_id is not null)
               order by d.id limit v_at_once) as next
       order by id desc limit 1;
      begin
        with image as not materialized (
          select id as source_id,
                 id as put_deal_id,
                 primary_contact_id as put_contact_id,
                 'primary'::text as put_role
            from public.deals as d
           where d.id >= v_from_1 and d.id <= v_to_1
             and (primary_contact_id is not null)
        ), kept as (
          insert into godwit_kept.moved_deal_stakeholders_f0243bab (source_id, target_deal_id, target_contact_id)
          select source_id, put_deal_id, put_contact_id
            from image
        )
        insert into public.deal_stakeholders (deal_id, contact_id, role)
        select put_deal_id,
               put_contact_id,
               put_role
          from image;
        get diagnostics v_written = row_count;
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
        v_keys := concat_ws('; ', v_keys, concat_ws(' ', v_to_1) || ': ' || left(v_reason, 200) || ' (' || v_state || ')');
        exit when v_rejected = 10;
      end;
      select d.id into v_from_1
        from public.deals as d
       where d.id > v_to_1
         and (primary_contact_id is not null)
       order by d.id limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'move deal_stakeholders: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows, or set them aside with `reject up to …`; nothing was changed';
  end;

  if v_moved + v_there <> v_qualifying then
    raise exception 'move deal_stakeholders: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_moved, v_there using errcode = 'GW003',
      hint = 'somebody wrote to the source while it was read: run it again; nothing was changed';
  end if;
  raise notice 'move deal_stakeholders: % moved, % already there, % left behind, % in all',
    v_moved, v_there, v_total - v_qualifying, v_total;
end $$;

-- [21/47] backfill public.meetings (specs/20250831000002_relationships.gw:94)
--   locks public.meetings (row exclusive); scan
--   godwit_kept.filled_meetings_ad0b76d1 keeps old and new values, until finalize
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep the rows of public.meetings that change, with old and new values
create table godwit_kept.filled_meetings_ad0b76d1 as
select *
  from (select m.id as row_id,
               m.primary_contact_id as old_primary_contact_id,
               f.contact_id as new_primary_contact_id,
               m.company_id as old_company_id,
               f.company_id as new_company_id
          from public.meetings as m,
               (select distinct on (x.id) x.id, c.id as contact_id, c.company_id
             from public.meetings x
             cross join unnest(x.attendee_emails) as e (address)
             join public.contacts c on lower(c.email) = lower(e.address) and c.owner_id = x.owner_user_id
            order by x.id, c.created_at, c.id) as f
         where f.id = m.id) as filled
 where old_primary_contact_id is distinct from new_primary_contact_id
   or old_company_id is distinct from new_company_id;
-- fill public.meetings
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_changing bigint;
  v_changed bigint;
begin
  select count(*) into v_total from public.meetings;
  select count(*) into v_changing from godwit_kept.filled_meetings_ad0b76d1;
  if exists (select from godwit_kept.filled_meetings_ad0b76d1 group by row_id having count(*) > 1) then
    raise exception 'backfill public.meetings: several rows fit one row of the table, and which value it gets would be left to chance' using errcode = 'GW003';
  end if;

  update public.meetings as target
     set primary_contact_id = kept.new_primary_contact_id,
         company_id = kept.new_company_id
    from godwit_kept.filled_meetings_ad0b76d1 as kept
   where target.id = kept.row_id;
  get diagnostics v_changed = row_count;

  if v_changed <> v_changing then
    raise exception 'backfill public.meetings: % rows were to change, but % did', v_changing, v_changed using errcode = 'GW003';
  end if;
  raise notice 'backfill public.meetings: % filled, % left as they were, % in all', v_changed, v_total - v_changed, v_total;
end $$;

-- [22/47] backfill public.activities (specs/20250831000002_relationships.gw:85)
--   locks public.activities (row exclusive); scan
--   godwit_kept.filled_activities_b1933828 keeps old and new values, until finalize
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep the rows of public.activities that change, with old and new values
create table godwit_kept.filled_activities_b1933828 as
select *
  from (select a.id as row_id,
               a.company_id as old_company_id,
               coalesce(f.deal_company, f.named_company) as new_company_id
          from public.activities as a,
               (select x.id, d.company_id as deal_company, c.id as named_company
             from public.activities x
             left join public.deals d on d.id = x.deal_id
             left join public.companies c on lower(btrim(c.name)) = lower(btrim(x.client_name))) as f
         where f.id = a.id and coalesce(f.deal_company, f.named_company) is not null) as filled
 where old_company_id is distinct from new_company_id;
-- fill public.activities
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_changing bigint;
  v_changed bigint;
begin
  select count(*) into v_total from public.activities;
  select count(*) into v_changing from godwit_kept.filled_activities_b1933828;
  if exists (select from godwit_kept.filled_activities_b1933828 group by row_id having count(*) > 1) then
    raise exception 'backfill public.activities: several rows fit one row of the table, and which value it gets would be left to chance' using errcode = 'GW003';
  end if;

  update public.activities as target
     set company_id = kept.new_company_id
    from godwit_kept.filled_activities_b1933828 as kept
   where target.id = kept.row_id;
  get diagnostics v_changed = row_count;

  if v_changed <> v_changing then
    raise exception 'backfill public.activities: % rows were to change, but % did', v_changing, v_changed using errcode = 'GW003';
  end if;
  raise notice 'backfill public.activities: % filled, % left as they were, % in all', v_changed, v_total - v_changed, v_total;
end $$;

-- [23/47] move company_activities (specs/20250831000002_relationships.gw:104)
--   locks public.company_activities (row exclusive); scan
--   the source is a query: rollback removes what was moved and carries nothing back
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep which rows of the source move, and where to
create table godwit_kept.moved_company_activities_f0243bab as
select company_id as target_company_id,
       id as target_activity_id
  from (select a.id, a.company_id from public.activities a where a.company_id is not null) as linked;
-- move company_activities into public.company_activities, every row accounted for
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
  v_there bigint := 0;
  v_moved bigint;
begin
  select count(*) into v_total from (select a.id, a.company_id from public.activities a where a.company_id is not null) as linked;
  select count(*) into v_qualifying from godwit_kept.moved_company_activities_f0243bab;

  insert into public.company_activities (company_id, activity_id)
  select kept.target_company_id,
         kept.target_activity_id
    from godwit_kept.moved_company_activities_f0243bab as kept;
  get diagnostics v_moved = row_count;

  if v_moved + v_there <> v_qualifying then
    raise exception 'move company_activities: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_moved, v_there using errcode = 'GW003',
      hint = 'somebody wrote to the source while it was read: run it again; nothing was changed';
  end if;
  raise notice 'move company_activities: % moved, % already there, % left behind, % in all',
    v_moved, v_there, v_total - v_qualifying, v_total;
end $$;

-- [24/47] move contact_interactions (specs/20250831000002_relationships.gw:116)
--   locks public.contact_interactions (row exclusive), public.meetings (access share); scan
--   godwit_kept.moved_contact_interactions_f0243bab remembers which rows were moved, until finalize
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep which rows of the source move, and where to
create table godwit_kept.moved_contact_interactions_f0243bab as
select id as source_id,
       id as target_meeting_id
  from public.meetings as m
 where primary_contact_id is not null;
-- move contact_interactions into public.contact_interactions, every row accounted for
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
  v_there bigint := 0;
  v_moved bigint;
  v_written bigint;
  v_at_once bigint;
  v_done bigint := 0;
  v_rejected bigint := 0;
  v_state text;
  v_reason text;
  v_detail text;
  v_first_state text;
  v_keys text;
  v_from_1 public.meetings.id%type;
  v_to_1 public.meetings.id%type;
begin
  select count(*) into v_total from public.meetings as m;
  select count(*) into v_qualifying from godwit_kept.moved_contact_interactions_f0243bab;

  begin
    insert into public.contact_interactions (contact_id, kind, meeting_id, sentiment_score, happened_at)
    select primary_contact_id,
           'meeting',
           id,
           sentiment,
           started_at
      from public.meetings as m
     where primary_contact_id is not null;
    get diagnostics v_moved = row_count;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(v_qualifying / 2, 5000), 1);
    select m.id into v_from_1
      from public.meetings as m
     where primary_contact_id is not null
     order by m.id limit 1;
    while v_from_1 is not null loop
      select id into v_to_1
        from (select m.id from public.meetings as m
               where m.id >= v_from_1
                 and (primary_contact_id is not null)
               order by m.id limit v_at_once) as next
       order by id desc limit 1;
      begin
        with image as not materialized (
          select id as source_id,
                 primary_contact_id as put_contact_id,
                 'meeting'::text as put_kind,
                 id as put_meeting_id,
                 sentiment::numeric(3,2) as put_sentiment_score,
                 started_at as put_happened_at
            from public.meetings as m
           where m.id >= v_from_1 and m.id <= v_to_1
             and (primary_contact_id is not null)
        ), kept as (
          insert into godwit_kept.moved_contact_interactions_f0243bab (source_id, target_meeting_id)
          select source_id, put_meeting_id
            from image
        )
        insert into public.contact_interactions (contact_id, kind, meeting_id, sentiment_score, happened_at)
        select put_contact_id,
               put_kind,
               put_meeting_id,
               put_sentiment_score,
               put_happened_at
          from image;
        get diagnostics v_written = row_count;
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
        v_keys := concat_ws('; ', v_keys, concat_ws(' ', v_to_1) || ': ' || left(v_reason, 200) || ' (' || v_state || ')');
        exit when v_rejected = 10;
      end;
      select m.id into v_from_1
        from public.meetings as m
       where m.id > v_to_1
         and (primary_contact_id is not null)
       order by m.id limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'move contact_interactions: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows, or set them aside with `reject up to …`; nothing was changed';
  end;

  if v_moved + v_there <> v_qualifying then
    raise exception 'move contact_interactions: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_moved, v_there using errcode = 'GW003',
      hint = 'somebody wrote to the source while it was read: run it again; nothing was changed';
  end if;
  raise notice 'move contact_interactions: % moved, % already there, % left behind, % in all',
    v_moved, v_there, v_total - v_qualifying, v_total;
end $$;

-- [25/47] move deal_meetings (specs/20250831000002_relationships.gw:109)
--   locks public.deal_meetings (row exclusive); scan
--   the source is a query: rollback removes what was moved and carries nothing back
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep which rows of the source move, and where to
create table godwit_kept.moved_deal_meetings_f0243bab as
select deal_id as target_deal_id,
       meeting_id as target_meeting_id,
       sentiment::numeric(3,2) as target_impact_score
  from (select d.id as deal_id, m.id as meeting_id, m.sentiment
        from public.meetings m
        join public.deals d on d.company_id = m.company_id and d.owner_id = m.owner_user_id and d.status = 'active' and m.started_at >= d.created_at) as met;
-- move deal_meetings into public.deal_meetings, every row accounted for
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
  v_there bigint := 0;
  v_moved bigint;
begin
  select count(*) into v_total from (select d.id as deal_id, m.id as meeting_id, m.sentiment
        from public.meetings m
        join public.deals d on d.company_id = m.company_id and d.owner_id = m.owner_user_id and d.status = 'active' and m.started_at >= d.created_at) as met;
  select count(*) into v_qualifying from godwit_kept.moved_deal_meetings_f0243bab;

  insert into public.deal_meetings (deal_id, meeting_id, impact_score)
  select kept.target_deal_id,
         kept.target_meeting_id,
         kept.target_impact_score
    from godwit_kept.moved_deal_meetings_f0243bab as kept;
  get diagnostics v_moved = row_count;

  if v_moved + v_there <> v_qualifying then
    raise exception 'move deal_meetings: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_moved, v_there using errcode = 'GW003',
      hint = 'somebody wrote to the source while it was read: run it again; nothing was changed';
  end if;
  raise notice 'move deal_meetings: % moved, % already there, % left behind, % in all',
    v_moved, v_there, v_total - v_qualifying, v_total;
end $$;

-- [26/47] phase validate
savepoint godwit_validate;

-- [27/47] create index public.activity_meetings_meeting_id_idx (specs/20250831000002_relationships.gw:37)
--   locks public.activity_meetings (share); scan
create index activity_meetings_meeting_id_idx on public.activity_meetings (meeting_id);

-- [28/47] create index public.activity_meetings_relationship_type_idx (specs/20250831000002_relationships.gw:38)
--   locks public.activity_meetings (share); scan
create index activity_meetings_relationship_type_idx on public.activity_meetings (relationship_type);

-- [29/47] create index public.company_activities_activity_id_idx (specs/20250831000002_relationships.gw:11)
--   locks public.company_activities (share); scan
create index company_activities_activity_id_idx on public.company_activities (activity_id);

-- [30/47] create index public.company_activities_company_id_relationship_strength_idx (specs/20250831000002_relationships.gw:12)
--   locks public.company_activities (share); scan
create index company_activities_company_id_relationship_strength_idx on public.company_activities (company_id, relationship_strength desc);

-- [31/47] create index public.contact_interactions_activity_id_idx (specs/20250831000002_relationships.gw:66)
--   locks public.contact_interactions (share); scan
create index contact_interactions_activity_id_idx on public.contact_interactions (activity_id);

-- [32/47] create index public.contact_interactions_contact_id_happened_at_idx (specs/20250831000002_relationships.gw:64)
--   locks public.contact_interactions (share); scan
create index contact_interactions_contact_id_happened_at_idx on public.contact_interactions (contact_id, happened_at desc);

-- [33/47] create index public.contact_interactions_kind_happened_at_idx (specs/20250831000002_relationships.gw:67)
--   locks public.contact_interactions (share); scan
create index contact_interactions_kind_happened_at_idx on public.contact_interactions (kind, happened_at desc);

-- [34/47] create index public.contact_interactions_meeting_id_idx (specs/20250831000002_relationships.gw:65)
--   locks public.contact_interactions (share); scan
create index contact_interactions_meeting_id_idx on public.contact_interactions (meeting_id);

-- [35/47] create index public.deal_meetings_deal_id_created_at_idx (specs/20250831000002_relationships.gw:26)
--   locks public.deal_meetings (share); scan
create index deal_meetings_deal_id_created_at_idx on public.deal_meetings (deal_id, created_at desc);

-- [36/47] create index public.deal_meetings_impact_score_idx (specs/20250831000002_relationships.gw:27)
--   locks public.deal_meetings (share); scan
create index deal_meetings_impact_score_idx on public.deal_meetings (impact_score desc nulls last);

-- [37/47] create index public.deal_meetings_meeting_id_idx (specs/20250831000002_relationships.gw:25)
--   locks public.deal_meetings (share); scan
create index deal_meetings_meeting_id_idx on public.deal_meetings (meeting_id);

-- [38/47] create index public.deal_stakeholders_contact_id_idx (specs/20250831000002_relationships.gw:80)
--   locks public.deal_stakeholders (share); scan
create index deal_stakeholders_contact_id_idx on public.deal_stakeholders (contact_id);

-- [39/47] create index public.deal_stakeholders_deal_id_idx (specs/20250831000002_relationships.gw:82)
--   locks public.deal_stakeholders (share); scan
create index deal_stakeholders_deal_id_idx on public.deal_stakeholders (deal_id) where is_champion;

-- [40/47] create index public.deal_stakeholders_influence_level_idx (specs/20250831000002_relationships.gw:81)
--   locks public.deal_stakeholders (share); scan
create index deal_stakeholders_influence_level_idx on public.deal_stakeholders (influence_level);

-- [41/47] create index public.meeting_sequences_deal_id_idx (specs/20250831000002_relationships.gw:51)
--   locks public.meeting_sequences (share); scan
create index meeting_sequences_deal_id_idx on public.meeting_sequences (deal_id) where not completed;

-- [42/47] create index public.meeting_sequences_deal_id_position_idx (specs/20250831000002_relationships.gw:50)
--   locks public.meeting_sequences (share); scan
create index meeting_sequences_deal_id_position_idx on public.meeting_sequences (deal_id, position);

-- [43/47] create index public.meeting_sequences_meeting_id_idx (specs/20250831000002_relationships.gw:49)
--   locks public.meeting_sequences (share); scan
create index meeting_sequences_meeting_id_idx on public.meeting_sequences (meeting_id);

-- [44/47] statistics for what was filled
analyze public.activities;
analyze public.company_activities;
analyze public.contact_interactions;
analyze public.deal_meetings;
analyze public.deal_stakeholders;
analyze public.meetings;

-- [45/47] record the migration, with its way back
insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,
  window_until, down_sql, finalize_sql, verify_sql)
select '20250831000002_relationships', (select coalesce(max(sequence), 0) + 1 from godwit.migration), 'Relationships between companies, deals, meetings and contacts', 'sha256:1a2ab6814e1152bfc4e5580597c80649e374996ad6e9b5b461908fe681bc7e90',
  case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, false, 'exact while the window is open', 33,
  now() + interval '14d',
  $down$-- godwit down 20250831000002_relationships
-- Relationships between companies, deals, meetings and contacts
-- spec: specs/20250831000002_relationships.gw
-- checksum: sha256:1a2ab6814e1152bfc4e5580597c80649e374996ad6e9b5b461908fe681bc7e90
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8f9384cc98dbbd2e0f32f69e04c83242b9d88737a31c1249f676d14be0dff562

-- [1/23] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/23] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000002_relationships';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250831000002_relationships' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250831000002_relationships closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/23] lock what will change, in one fixed order
lock table public.activity_meetings in access exclusive mode;
lock table public.company_activities in access exclusive mode;
lock table public.contact_interactions in access exclusive mode;
lock table public.deal_meetings in access exclusive mode;
lock table public.deal_stakeholders in access exclusive mode;
lock table public.meeting_sequences in access exclusive mode;

-- [4/23] a place for what has none in the old shape
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

-- [5/23] undo: move deal_meetings (specs/20250831000002_relationships.gw:109)
--   locks public.deal_meetings (row exclusive); scan
-- remove from public.deal_meetings what was moved and nobody changed
delete from public.deal_meetings as target
 using godwit_kept.moved_deal_meetings_f0243bab as kept
 where target.deal_id = kept.target_deal_id
   and target.meeting_id = kept.target_meeting_id
   and target.impact_score is not distinct from kept.target_impact_score
   and target.outcome is not distinct from null
   and target.stage_before is not distinct from null
   and target.stage_after is not distinct from null;
-- drop godwit_kept.moved_deal_meetings_f0243bab
drop table godwit_kept.moved_deal_meetings_f0243bab;

-- [6/23] undo: move contact_interactions (specs/20250831000002_relationships.gw:116)
--   locks public.contact_interactions (row exclusive); scan
-- remove from public.contact_interactions what was moved and nobody changed
delete from public.contact_interactions as target
 using godwit_kept.moved_contact_interactions_f0243bab as kept,
       (
        select id as source_id,
               primary_contact_id as put_contact_id,
               id as put_meeting_id,
               case when exists (select from godwit_kept.moved_contact_interactions_f0243bab as recorded where recorded.source_id = m.id)
                 or (primary_contact_id is not null)
                then sentiment::numeric(3,2) end as put_sentiment_score,
               started_at as put_happened_at
          from public.meetings as m
       ) as source
 where source.source_id = kept.source_id
   and target.meeting_id = kept.target_meeting_id
   and target.contact_id = source.put_contact_id
   and target.kind = 'meeting'::text
   and target.meeting_id = source.put_meeting_id
   and target.activity_id is not distinct from null
   and target.engagement_score is not distinct from 0
   and target.sentiment_score is not distinct from source.put_sentiment_score
   and target.happened_at = source.put_happened_at;
-- drop godwit_kept.moved_contact_interactions_f0243bab
drop table godwit_kept.moved_contact_interactions_f0243bab;

-- [7/23] undo: move company_activities (specs/20250831000002_relationships.gw:104)
--   locks public.company_activities (row exclusive); scan
-- remove from public.company_activities what was moved and nobody changed
delete from public.company_activities as target
 using godwit_kept.moved_company_activities_f0243bab as kept
 where target.company_id = kept.target_company_id
   and target.activity_id = kept.target_activity_id
   and target.relationship_strength is not distinct from 0.5;
-- drop godwit_kept.moved_company_activities_f0243bab
drop table godwit_kept.moved_company_activities_f0243bab;

-- [8/23] undo: backfill public.activities (specs/20250831000002_relationships.gw:85)
--   locks public.activities (row exclusive); scan
-- note rows of public.activities that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'backfill public.activities', 'public.activities',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from public.activities as target
  left join godwit_kept.filled_activities_b1933828 as kept on target.id = kept.row_id
 where (kept.row_id is not null and target.company_id is distinct from kept.new_company_id);
-- give public.activities its old values back where nobody changed them since
update public.activities as target
   set company_id = case when target.company_id is not distinct from kept.new_company_id
              then kept.old_company_id else target.company_id end
  from godwit_kept.filled_activities_b1933828 as kept
 where target.id = kept.row_id
   and ((target.company_id is not distinct from kept.new_company_id and target.company_id is distinct from kept.old_company_id));
-- drop godwit_kept.filled_activities_b1933828
drop table godwit_kept.filled_activities_b1933828;

-- [9/23] undo: backfill public.meetings (specs/20250831000002_relationships.gw:94)
--   locks public.meetings (row exclusive); scan
-- note rows of public.meetings that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'backfill public.meetings', 'public.meetings',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from public.meetings as target
  left join godwit_kept.filled_meetings_ad0b76d1 as kept on target.id = kept.row_id
 where (kept.row_id is not null and target.primary_contact_id is distinct from kept.new_primary_contact_id)
    or (kept.row_id is not null and target.company_id is distinct from kept.new_company_id);
-- give public.meetings its old values back where nobody changed them since
update public.meetings as target
   set primary_contact_id = case when target.primary_contact_id is not distinct from kept.new_primary_contact_id
              then kept.old_primary_contact_id else target.primary_contact_id end,
       company_id = case when target.company_id is not distinct from kept.new_company_id
              then kept.old_company_id else target.company_id end
  from godwit_kept.filled_meetings_ad0b76d1 as kept
 where target.id = kept.row_id
   and ((target.primary_contact_id is not distinct from kept.new_primary_contact_id and target.primary_contact_id is distinct from kept.old_primary_contact_id)
        or (target.company_id is not distinct from kept.new_company_id and target.company_id is distinct from kept.old_company_id));
-- drop godwit_kept.filled_meetings_ad0b76d1
drop table godwit_kept.filled_meetings_ad0b76d1;

-- [10/23] undo: move deal_stakeholders (specs/20250831000002_relationships.gw:126)
--   locks public.deal_stakeholders (row exclusive); scan
-- remove from public.deal_stakeholders what was moved and nobody changed
delete from public.deal_stakeholders as target
 using godwit_kept.moved_deal_stakeholders_f0243bab as kept,
       (
        select id as source_id,
               id as put_deal_id,
               primary_contact_id as put_contact_id
          from public.deals as d
       ) as source
 where source.source_id = kept.source_id
   and target.deal_id = kept.target_deal_id
   and target.contact_id = kept.target_contact_id
   and target.deal_id = source.put_deal_id
   and target.contact_id = source.put_contact_id
   and target.role = 'primary'::text
   and target.influence_level is not distinct from 'unknown'
   and target.is_champion is not distinct from false;
-- drop godwit_kept.moved_deal_stakeholders_f0243bab
drop table godwit_kept.moved_deal_stakeholders_f0243bab;

-- [11/23] undo: create view public.meeting_effectiveness (specs/20250831000002_relationships.gw:163)
--   locks public.meeting_effectiveness (access exclusive); instant
-- drop view public.meeting_effectiveness
drop view public.meeting_effectiveness;

-- [12/23] undo: create function public.infer_meeting_deal_relationships() (specs/20250831000002_relationships.gw:132)
-- drop function public.infer_meeting_deal_relationships()
drop function public.infer_meeting_deal_relationships();

-- [13/23] undo: create function public.create_meeting_followups(uuid) (specs/20250831000002_relationships.gw:145)
-- drop function public.create_meeting_followups(uuid)
drop function public.create_meeting_followups(uuid);

-- [14/23] undo: create table public.meeting_sequences (specs/20250831000002_relationships.gw:41)
--   locks public.meeting_sequences (access exclusive); scan
-- note the rows that are left in public.meeting_sequences: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.meeting_sequences', 'public.meeting_sequences',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.meeting_sequences as leaving;
-- drop table public.meeting_sequences
drop table public.meeting_sequences;

-- [15/23] undo: create table public.deal_stakeholders (specs/20250831000002_relationships.gw:70)
--   locks public.deal_stakeholders (access exclusive); scan
-- note the rows that are left in public.deal_stakeholders: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.deal_stakeholders', 'public.deal_stakeholders',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.deal_stakeholders as leaving;
-- drop table public.deal_stakeholders
drop table public.deal_stakeholders;

-- [16/23] undo: create table public.deal_meetings (specs/20250831000002_relationships.gw:15)
--   locks public.deal_meetings (access exclusive); scan
-- note the rows that are left in public.deal_meetings: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.deal_meetings', 'public.deal_meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.deal_meetings as leaving;
-- drop table public.deal_meetings
drop table public.deal_meetings;

-- [17/23] undo: create table public.contact_interactions (specs/20250831000002_relationships.gw:54)
--   locks public.contact_interactions (access exclusive); scan
-- note the rows that are left in public.contact_interactions: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.contact_interactions', 'public.contact_interactions',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.contact_interactions as leaving;
-- drop table public.contact_interactions
drop table public.contact_interactions;

-- [18/23] undo: create table public.company_activities (specs/20250831000002_relationships.gw:4)
--   locks public.company_activities (access exclusive); scan
-- note the rows that are left in public.company_activities: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.company_activities', 'public.company_activities',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.company_activities as leaving;
-- drop table public.company_activities
drop table public.company_activities;

-- [19/23] undo: create table public.activity_meetings (specs/20250831000002_relationships.gw:30)
--   locks public.activity_meetings (access exclusive); scan
-- note the rows that are left in public.activity_meetings: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250831000002_relationships', 'drop table public.activity_meetings', 'public.activity_meetings',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from public.activity_meetings as leaving;
-- drop table public.activity_meetings
drop table public.activity_meetings;

-- [20/23] leave nothing empty behind
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

-- [21/23] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250831000002_relationships';
delete from godwit.hidden_column where migration = '20250831000002_relationships';
delete from godwit.checkpoint where migration = '20250831000002_relationships';
insert into godwit.event (migration, what, detail)
select '20250831000002_relationships', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [22/23] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000002_relationships', 'message', 'rolled back',
  'tables', array['public.activities', 'public.activity_meetings', 'public.company_activities', 'public.contact_interactions', 'public.deal_meetings', 'public.deal_stakeholders', 'public.meeting_sequences', 'public.meetings']::text[])::text);

-- [23/23] commit
commit;
$down$,
  $finalize$-- godwit finalize 20250831000002_relationships
-- Relationships between companies, deals, meetings and contacts
-- spec: specs/20250831000002_relationships.gw
-- checksum: sha256:1a2ab6814e1152bfc4e5580597c80649e374996ad6e9b5b461908fe681bc7e90
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:47e329989850834a4cf8cdfabb6b0ad01c7d454dcc3bacf635221992c008299e

-- [1/12] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/12] refuse when this is not applied
do $godwit$
declare is_state text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250831000002_relationships';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250831000002_relationships cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/12] drop godwit_kept.moved_deal_stakeholders_f0243bab (specs/20250831000002_relationships.gw:126)
drop table godwit_kept.moved_deal_stakeholders_f0243bab;

-- [4/12] drop godwit_kept.filled_meetings_ad0b76d1 (specs/20250831000002_relationships.gw:94)
drop table godwit_kept.filled_meetings_ad0b76d1;

-- [5/12] drop godwit_kept.filled_activities_b1933828 (specs/20250831000002_relationships.gw:85)
drop table godwit_kept.filled_activities_b1933828;

-- [6/12] drop godwit_kept.moved_company_activities_f0243bab (specs/20250831000002_relationships.gw:104)
drop table godwit_kept.moved_company_activities_f0243bab;

-- [7/12] drop godwit_kept.moved_contact_interactions_f0243bab (specs/20250831000002_relationships.gw:116)
drop table godwit_kept.moved_contact_interactions_f0243bab;

-- [8/12] drop godwit_kept.moved_deal_meetings_f0243bab (specs/20250831000002_relationships.gw:109)
drop table godwit_kept.moved_deal_meetings_f0243bab;

-- [9/12] leave nothing empty behind
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

-- [10/12] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250831000002_relationships';
insert into godwit.event (migration, what, detail)
select '20250831000002_relationships', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [11/12] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000002_relationships', 'message', 'finalized',
  'tables', array['public.activities', 'public.activity_meetings', 'public.company_activities', 'public.contact_interactions', 'public.deal_meetings', 'public.deal_stakeholders', 'public.meeting_sequences', 'public.meetings']::text[])::text);

-- [12/12] commit
commit;
$finalize$,
  $verify$-- godwit verify 20250831000002_relationships
-- Relationships between companies, deals, meetings and contacts
-- spec: specs/20250831000002_relationships.gw
-- checksum: sha256:1a2ab6814e1152bfc4e5580597c80649e374996ad6e9b5b461908fe681bc7e90
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:565f1cfeddb92c0efe29b0938cce61d3a4e25d670888f17ee36d5ecee8bc4830

-- [1/26] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table public.activity_meetings', 'specs/20250831000002_relationships.gw:30', 'public.activity_meetings', 'p', false, false),
    ('table public.company_activities', 'specs/20250831000002_relationships.gw:4', 'public.company_activities', 'p', false, false),
    ('table public.contact_interactions', 'specs/20250831000002_relationships.gw:54', 'public.contact_interactions', 'p', false, false),
    ('table public.deal_meetings', 'specs/20250831000002_relationships.gw:15', 'public.deal_meetings', 'p', false, false),
    ('table public.deal_stakeholders', 'specs/20250831000002_relationships.gw:70', 'public.deal_stakeholders', 'p', false, false),
    ('table public.meeting_sequences', 'specs/20250831000002_relationships.gw:41', 'public.meeting_sequences', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [2/26] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column public.activity_meetings.activity_id', 'specs/20250831000002_relationships.gw:32', 'public.activity_meetings', 'activity_id', 'uuid', true, false, false, false),
    ('column public.activity_meetings.created_at', 'specs/20250831000002_relationships.gw:35', 'public.activity_meetings', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.activity_meetings.id', 'specs/20250831000002_relationships.gw:31', 'public.activity_meetings', 'id', 'uuid', true, true, false, false),
    ('column public.activity_meetings.meeting_id', 'specs/20250831000002_relationships.gw:33', 'public.activity_meetings', 'meeting_id', 'uuid', true, false, false, false),
    ('column public.activity_meetings.relationship_type', 'specs/20250831000002_relationships.gw:34', 'public.activity_meetings', 'relationship_type', 'text', true, true, false, false),
    ('column public.company_activities.activity_id', 'specs/20250831000002_relationships.gw:7', 'public.company_activities', 'activity_id', 'uuid', true, false, false, false),
    ('column public.company_activities.company_id', 'specs/20250831000002_relationships.gw:6', 'public.company_activities', 'company_id', 'uuid', true, false, false, false),
    ('column public.company_activities.created_at', 'specs/20250831000002_relationships.gw:9', 'public.company_activities', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.company_activities.id', 'specs/20250831000002_relationships.gw:5', 'public.company_activities', 'id', 'uuid', true, true, false, false),
    ('column public.company_activities.relationship_strength', 'specs/20250831000002_relationships.gw:8', 'public.company_activities', 'relationship_strength', 'numeric(3,2)', true, true, false, false),
    ('column public.contact_interactions.activity_id', 'specs/20250831000002_relationships.gw:59', 'public.contact_interactions', 'activity_id', 'uuid', false, false, false, false),
    ('column public.contact_interactions.contact_id', 'specs/20250831000002_relationships.gw:56', 'public.contact_interactions', 'contact_id', 'uuid', true, false, false, false),
    ('column public.contact_interactions.created_at', 'specs/20250831000002_relationships.gw:63', 'public.contact_interactions', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.contact_interactions.engagement_score', 'specs/20250831000002_relationships.gw:60', 'public.contact_interactions', 'engagement_score', 'numeric(5,2)', false, true, false, false),
    ('column public.contact_interactions.happened_at', 'specs/20250831000002_relationships.gw:62', 'public.contact_interactions', 'happened_at', 'timestamp with time zone', true, false, false, false),
    ('column public.contact_interactions.id', 'specs/20250831000002_relationships.gw:55', 'public.contact_interactions', 'id', 'uuid', true, true, false, false),
    ('column public.contact_interactions.kind', 'specs/20250831000002_relationships.gw:57', 'public.contact_interactions', 'kind', 'text', true, false, false, false),
    ('column public.contact_interactions.meeting_id', 'specs/20250831000002_relationships.gw:58', 'public.contact_interactions', 'meeting_id', 'uuid', false, false, false, false),
    ('column public.contact_interactions.sentiment_score', 'specs/20250831000002_relationships.gw:61', 'public.contact_interactions', 'sentiment_score', 'numeric(3,2)', false, false, false, false),
    ('column public.deal_meetings.created_at', 'specs/20250831000002_relationships.gw:23', 'public.deal_meetings', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.deal_meetings.deal_id', 'specs/20250831000002_relationships.gw:17', 'public.deal_meetings', 'deal_id', 'uuid', true, false, false, false),
    ('column public.deal_meetings.id', 'specs/20250831000002_relationships.gw:16', 'public.deal_meetings', 'id', 'uuid', true, true, false, false),
    ('column public.deal_meetings.impact_score', 'specs/20250831000002_relationships.gw:19', 'public.deal_meetings', 'impact_score', 'numeric(3,2)', false, false, false, false),
    ('column public.deal_meetings.meeting_id', 'specs/20250831000002_relationships.gw:18', 'public.deal_meetings', 'meeting_id', 'uuid', true, false, false, false),
    ('column public.deal_meetings.outcome', 'specs/20250831000002_relationships.gw:20', 'public.deal_meetings', 'outcome', 'text', false, false, false, false),
    ('column public.deal_meetings.stage_after', 'specs/20250831000002_relationships.gw:22', 'public.deal_meetings', 'stage_after', 'integer', false, false, false, false),
    ('column public.deal_meetings.stage_before', 'specs/20250831000002_relationships.gw:21', 'public.deal_meetings', 'stage_before', 'integer', false, false, false, false),
    ('column public.deal_stakeholders.contact_id', 'specs/20250831000002_relationships.gw:73', 'public.deal_stakeholders', 'contact_id', 'uuid', true, false, false, false),
    ('column public.deal_stakeholders.created_at', 'specs/20250831000002_relationships.gw:78', 'public.deal_stakeholders', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.deal_stakeholders.deal_id', 'specs/20250831000002_relationships.gw:72', 'public.deal_stakeholders', 'deal_id', 'uuid', true, false, false, false),
    ('column public.deal_stakeholders.id', 'specs/20250831000002_relationships.gw:71', 'public.deal_stakeholders', 'id', 'uuid', true, true, false, false),
    ('column public.deal_stakeholders.influence_level', 'specs/20250831000002_relationships.gw:75', 'public.deal_stakeholders', 'influence_level', 'text', true, true, false, false),
    ('column public.deal_stakeholders.is_champion', 'specs/20250831000002_relationships.gw:77', 'public.deal_stakeholders', 'is_champion', 'boolean', true, true, false, false),
    ('column public.deal_stakeholders.role', 'specs/20250831000002_relationships.gw:74', 'public.deal_stakeholders', 'role', 'text', true, true, false, false),
    ('column public.meeting_sequences.completed', 'specs/20250831000002_relationships.gw:46', 'public.meeting_sequences', 'completed', 'boolean', true, true, false, false),
    ('column public.meeting_sequences.created_at', 'specs/20250831000002_relationships.gw:47', 'public.meeting_sequences', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column public.meeting_sequences.deal_id', 'specs/20250831000002_relationships.gw:43', 'public.meeting_sequences', 'deal_id', 'uuid', true, false, false, false),
    ('column public.meeting_sequences.id', 'specs/20250831000002_relationships.gw:42', 'public.meeting_sequences', 'id', 'uuid', true, true, false, false),
    ('column public.meeting_sequences.meeting_id', 'specs/20250831000002_relationships.gw:44', 'public.meeting_sequences', 'meeting_id', 'uuid', true, false, false, false),
    ('column public.meeting_sequences."position"', 'specs/20250831000002_relationships.gw:45', 'public.meeting_sequences', 'position', 'integer', true, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [3/26] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key activity_meetings_pkey on public.activity_meetings', 'specs/20250831000002_relationships.gw:31', 'public.activity_meetings', 'activity_meetings_pkey', false, false, array['id']),
    ('primary key company_activities_pkey on public.company_activities', 'specs/20250831000002_relationships.gw:5', 'public.company_activities', 'company_activities_pkey', false, false, array['id']),
    ('primary key contact_interactions_pkey on public.contact_interactions', 'specs/20250831000002_relationships.gw:55', 'public.contact_interactions', 'contact_interactions_pkey', false, false, array['id']),
    ('primary key deal_meetings_pkey on public.deal_meetings', 'specs/20250831000002_relationships.gw:16', 'public.deal_meetings', 'deal_meetings_pkey', false, false, array['id']),
    ('primary key deal_stakeholders_pkey on public.deal_stakeholders', 'specs/20250831000002_relationships.gw:71', 'public.deal_stakeholders', 'deal_stakeholders_pkey', false, false, array['id']),
    ('primary key meeting_sequences_pkey on public.meeting_sequences', 'specs/20250831000002_relationships.gw:42', 'public.meeting_sequences', 'meeting_sequences_pkey', false, false, array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [4/26] unique constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'u' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'unique constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('unique constraint activity_meetings_activity_id_meeting_id_key on public.activity_meetings', 'specs/20250831000002_relationships.gw:36', 'public.activity_meetings', 'activity_meetings_activity_id_meeting_id_key', false, false, array['activity_id', 'meeting_id']),
    ('unique constraint company_activities_company_id_activity_id_key on public.company_activities', 'specs/20250831000002_relationships.gw:10', 'public.company_activities', 'company_activities_company_id_activity_id_key', false, false, array['company_id', 'activity_id']),
    ('unique constraint deal_meetings_deal_id_meeting_id_key on public.deal_meetings', 'specs/20250831000002_relationships.gw:24', 'public.deal_meetings', 'deal_meetings_deal_id_meeting_id_key', false, false, array['deal_id', 'meeting_id']),
    ('unique constraint deal_stakeholders_deal_id_contact_id_key on public.deal_stakeholders', 'specs/20250831000002_relationships.gw:79', 'public.deal_stakeholders', 'deal_stakeholders_deal_id_contact_id_key', false, false, array['deal_id', 'contact_id']),
    ('unique constraint meeting_sequences_deal_id_meeting_id_key on public.meeting_sequences', 'specs/20250831000002_relationships.gw:48', 'public.meeting_sequences', 'meeting_sequences_deal_id_meeting_id_key', false, false, array['deal_id', 'meeting_id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [5/26] check constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'c' and c.convalidated = d.is_valid)
    then 'PASS' else 'FAIL' end as result, 'check constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('check constraint company_activities_relationship_strength_check on public.company_activities', 'specs/20250831000002_relationships.gw:8', 'public.company_activities', 'company_activities_relationship_strength_check', true),
    ('check constraint contact_interactions_engagement_score_check on public.contact_interactions', 'specs/20250831000002_relationships.gw:60', 'public.contact_interactions', 'contact_interactions_engagement_score_check', true),
    ('check constraint contact_interactions_sentiment_score_check on public.contact_interactions', 'specs/20250831000002_relationships.gw:61', 'public.contact_interactions', 'contact_interactions_sentiment_score_check', true),
    ('check constraint deal_meetings_impact_score_check on public.deal_meetings', 'specs/20250831000002_relationships.gw:19', 'public.deal_meetings', 'deal_meetings_impact_score_check', true),
    ('check constraint deal_stakeholders_influence_level_check on public.deal_stakeholders', 'specs/20250831000002_relationships.gw:76', 'public.deal_stakeholders', 'deal_stakeholders_influence_level_check', true)
  ) as d (object, place, relation, name, is_valid);

-- [6/26] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key activity_meetings_activity_id_fkey on public.activity_meetings', 'specs/20250831000002_relationships.gw:32', 'public.activity_meetings', 'activity_meetings_activity_id_fkey', false, false, 'public.activities', true, 'c', 'a', array['activity_id'], array['id']),
    ('foreign key activity_meetings_meeting_id_fkey on public.activity_meetings', 'specs/20250831000002_relationships.gw:33', 'public.activity_meetings', 'activity_meetings_meeting_id_fkey', false, false, 'public.meetings', true, 'c', 'a', array['meeting_id'], array['id']),
    ('foreign key company_activities_activity_id_fkey on public.company_activities', 'specs/20250831000002_relationships.gw:7', 'public.company_activities', 'company_activities_activity_id_fkey', false, false, 'public.activities', true, 'c', 'a', array['activity_id'], array['id']),
    ('foreign key company_activities_company_id_fkey on public.company_activities', 'specs/20250831000002_relationships.gw:6', 'public.company_activities', 'company_activities_company_id_fkey', false, false, 'public.companies', true, 'c', 'a', array['company_id'], array['id']),
    ('foreign key contact_interactions_activity_id_fkey on public.contact_interactions', 'specs/20250831000002_relationships.gw:59', 'public.contact_interactions', 'contact_interactions_activity_id_fkey', false, false, 'public.activities', true, 'n', 'a', array['activity_id'], array['id']),
    ('foreign key contact_interactions_contact_id_fkey on public.contact_interactions', 'specs/20250831000002_relationships.gw:56', 'public.contact_interactions', 'contact_interactions_contact_id_fkey', false, false, 'public.contacts', true, 'c', 'a', array['contact_id'], array['id']),
    ('foreign key contact_interactions_meeting_id_fkey on public.contact_interactions', 'specs/20250831000002_relationships.gw:58', 'public.contact_interactions', 'contact_interactions_meeting_id_fkey', false, false, 'public.meetings', true, 'n', 'a', array['meeting_id'], array['id']),
    ('foreign key deal_meetings_deal_id_fkey on public.deal_meetings', 'specs/20250831000002_relationships.gw:17', 'public.deal_meetings', 'deal_meetings_deal_id_fkey', false, false, 'public.deals', true, 'c', 'a', array['deal_id'], array['id']),
    ('foreign key deal_meetings_meeting_id_fkey on public.deal_meetings', 'specs/20250831000002_relationships.gw:18', 'public.deal_meetings', 'deal_meetings_meeting_id_fkey', false, false, 'public.meetings', true, 'c', 'a', array['meeting_id'], array['id']),
    ('foreign key deal_meetings_stage_after_fkey on public.deal_meetings', 'specs/20250831000002_relationships.gw:22', 'public.deal_meetings', 'deal_meetings_stage_after_fkey', false, false, 'public.deal_stages', true, 'a', 'a', array['stage_after'], array['id']),
    ('foreign key deal_meetings_stage_before_fkey on public.deal_meetings', 'specs/20250831000002_relationships.gw:21', 'public.deal_meetings', 'deal_meetings_stage_before_fkey', false, false, 'public.deal_stages', true, 'a', 'a', array['stage_before'], array['id']),
    ('foreign key deal_stakeholders_contact_id_fkey on public.deal_stakeholders', 'specs/20250831000002_relationships.gw:73', 'public.deal_stakeholders', 'deal_stakeholders_contact_id_fkey', false, false, 'public.contacts', true, 'c', 'a', array['contact_id'], array['id']),
    ('foreign key deal_stakeholders_deal_id_fkey on public.deal_stakeholders', 'specs/20250831000002_relationships.gw:72', 'public.deal_stakeholders', 'deal_stakeholders_deal_id_fkey', false, false, 'public.deals', true, 'c', 'a', array['deal_id'], array['id']),
    ('foreign key meeting_sequences_deal_id_fkey on public.meeting_sequences', 'specs/20250831000002_relationships.gw:43', 'public.meeting_sequences', 'meeting_sequences_deal_id_fkey', false, false, 'public.deals', true, 'c', 'a', array['deal_id'], array['id']),
    ('foreign key meeting_sequences_meeting_id_fkey on public.meeting_sequences', 'specs/20250831000002_relationships.gw:44', 'public.meeting_sequences', 'meeting_sequences_meeting_id_fkey', false, false, 'public.meetings', true, 'c', 'a', array['meeting_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [7/26] function: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'function' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('function public.create_meeting_followups(uuid)', 'specs/20250831000002_relationships.gw:145', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('public.create_meeting_followups(uuid)') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'ced05fde12b5609de6cd876c42f4daef40e90cb8dfbfa4760e18dd7f59da1f7b')),
    ('function public.infer_meeting_deal_relationships()', 'specs/20250831000002_relationships.gw:132', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('public.infer_meeting_deal_relationships()') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '737b29afeed2fad98b6bfdaccf93b459028c89420d580b28d1fe10203b2b9f6d'))
  ) as d (object, place, passed);

-- [8/26] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view public.meeting_effectiveness', 'specs/20250831000002_relationships.gw:163', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('public.meeting_effectiveness') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'title', 'owner_user_id', 'company_id', 'sentiment', 'effectiveness_score', 'deals', 'impact']::text[]))
  ) as d (object, place, passed);

-- [9/26] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index public.activity_meetings_meeting_id_idx', 'specs/20250831000002_relationships.gw:37', 'public.activity_meetings', 'public.activity_meetings_meeting_id_idx', false, 1, false),
    ('index public.activity_meetings_relationship_type_idx', 'specs/20250831000002_relationships.gw:38', 'public.activity_meetings', 'public.activity_meetings_relationship_type_idx', false, 1, false),
    ('index public.company_activities_activity_id_idx', 'specs/20250831000002_relationships.gw:11', 'public.company_activities', 'public.company_activities_activity_id_idx', false, 1, false),
    ('index public.company_activities_company_id_relationship_strength_idx', 'specs/20250831000002_relationships.gw:12', 'public.company_activities', 'public.company_activities_company_id_relationship_strength_idx', false, 2, false),
    ('index public.contact_interactions_activity_id_idx', 'specs/20250831000002_relationships.gw:66', 'public.contact_interactions', 'public.contact_interactions_activity_id_idx', false, 1, false),
    ('index public.contact_interactions_contact_id_happened_at_idx', 'specs/20250831000002_relationships.gw:64', 'public.contact_interactions', 'public.contact_interactions_contact_id_happened_at_idx', false, 2, false),
    ('index public.contact_interactions_kind_happened_at_idx', 'specs/20250831000002_relationships.gw:67', 'public.contact_interactions', 'public.contact_interactions_kind_happened_at_idx', false, 2, false),
    ('index public.contact_interactions_meeting_id_idx', 'specs/20250831000002_relationships.gw:65', 'public.contact_interactions', 'public.contact_interactions_meeting_id_idx', false, 1, false),
    ('index public.deal_meetings_deal_id_created_at_idx', 'specs/20250831000002_relationships.gw:26', 'public.deal_meetings', 'public.deal_meetings_deal_id_created_at_idx', false, 2, false),
    ('index public.deal_meetings_impact_score_idx', 'specs/20250831000002_relationships.gw:27', 'public.deal_meetings', 'public.deal_meetings_impact_score_idx', false, 1, false),
    ('index public.deal_meetings_meeting_id_idx', 'specs/20250831000002_relationships.gw:25', 'public.deal_meetings', 'public.deal_meetings_meeting_id_idx', false, 1, false),
    ('index public.deal_stakeholders_contact_id_idx', 'specs/20250831000002_relationships.gw:80', 'public.deal_stakeholders', 'public.deal_stakeholders_contact_id_idx', false, 1, false),
    ('index public.deal_stakeholders_deal_id_idx', 'specs/20250831000002_relationships.gw:82', 'public.deal_stakeholders', 'public.deal_stakeholders_deal_id_idx', false, 1, true),
    ('index public.deal_stakeholders_influence_level_idx', 'specs/20250831000002_relationships.gw:81', 'public.deal_stakeholders', 'public.deal_stakeholders_influence_level_idx', false, 1, false),
    ('index public.meeting_sequences_deal_id_idx', 'specs/20250831000002_relationships.gw:51', 'public.meeting_sequences', 'public.meeting_sequences_deal_id_idx', false, 1, true),
    ('index public.meeting_sequences_deal_id_position_idx', 'specs/20250831000002_relationships.gw:50', 'public.meeting_sequences', 'public.meeting_sequences_deal_id_position_idx', false, 2, false),
    ('index public.meeting_sequences_meeting_id_idx', 'specs/20250831000002_relationships.gw:49', 'public.meeting_sequences', 'public.meeting_sequences_meeting_id_idx', false, 1, false)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [10/26] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to authenticated on view public.meeting_effectiveness', 'specs/20250831000002_relationships.gw:168', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('public.meeting_effectiveness') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('authenticated') order by 1) @> array['SELECT']::text[]))
  ) as d (object, place, passed);

-- [11/26] where godwit_kept.moved_deal_stakeholders_f0243bab is still there
select to_regclass('godwit_kept.moved_deal_stakeholders_f0243bab') is not null as kept_1
\gset
\if :kept_1

-- [12/26] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [13/26] compare move deal_stakeholders (specs/20250831000002_relationships.gw:126)
--   keys of: public.deals
--   ranges by: id
--   needs godwit_kept.moved_deal_stakeholders_f0243bab: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250831000002_relationships', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved; null: written since
  select d.id as source_id,
         case when age(d.xmin) >= (select since from applied) then hashtextextended(row(id, primary_contact_id, 'primary'::text)::text, 0) end as given
    from public.deals as d
   where true  -- or a range of d.id
     and exists (select from godwit_kept.moved_deal_stakeholders_f0243bab as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = d.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.deal_id, target.contact_id, target.role)::text, 0) end as held
    from godwit_kept.moved_deal_stakeholders_f0243bab as kept
    left join source on source.source_id = kept.source_id
    left join public.deal_stakeholders as target
      on target.deal_id = kept.target_deal_id
      and target.contact_id = kept.target_contact_id
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
  select d.id::text as row_key, row_number() over (order by d.id) as place
    from public.deals as d
   where true  -- or a range of d.id
     and not exists (select from godwit_kept.moved_deal_stakeholders_f0243bab as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = d.id)
     and (primary_contact_id is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move deal_stakeholders' as object,
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

-- [14/26] so far
\endif

-- [15/26] where godwit_kept.moved_company_activities_f0243bab is still there
select to_regclass('godwit_kept.moved_company_activities_f0243bab') is not null as kept_2
\gset
\if :kept_2

-- [16/26] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [17/26] compare move company_activities (specs/20250831000002_relationships.gw:104)
--   needs godwit_kept.moved_company_activities_f0243bab: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250831000002_relationships', 'applied') order by id desc limit 1
), found as materialized (             -- and what the target holds
  select kept.target_company_id,
         kept.target_activity_id,
         kept.xmin as put_in,
         true as stands,
         hashtextextended(row(kept.target_company_id, kept.target_activity_id)::text, 0) as given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.company_id, target.activity_id)::text, 0) end as held
    from godwit_kept.moved_company_activities_f0243bab as kept
    left join public.company_activities as target
      on target.company_id = kept.target_company_id
      and target.activity_id = kept.target_activity_id
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
  select concat_ws(' ', target_company_id, target_activity_id) as row_key, verdict,
         row_number() over (partition by verdict order by target_company_id, target_activity_id) as place
    from judged where verdict in ('missing', 'differs', 'changed')
), others as (
  select null as row_key, 1 as place where false
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move company_activities' as object,
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

-- [18/26] so far
\endif

-- [19/26] where godwit_kept.moved_contact_interactions_f0243bab is still there
select to_regclass('godwit_kept.moved_contact_interactions_f0243bab') is not null as kept_3
\gset
\if :kept_3

-- [20/26] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [21/26] compare move contact_interactions (specs/20250831000002_relationships.gw:116)
--   keys of: public.meetings
--   ranges by: id
--   needs godwit_kept.moved_contact_interactions_f0243bab: what is recorded of the move until finalize
--   not compared: contact_id (column public.meetings.primary_contact_id is changed as well)
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250831000002_relationships', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved; null: written since
  select m.id as source_id,
         case when age(m.xmin) >= (select since from applied) then hashtextextended(row('meeting'::text, id, sentiment::numeric(3,2), started_at)::text, 0) end as given
    from public.meetings as m
   where true  -- or a range of m.id
     and exists (select from godwit_kept.moved_contact_interactions_f0243bab as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = m.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(
             target.kind,
             target.meeting_id,
             target.sentiment_score,
             target.happened_at)::text, 0) end as held
    from godwit_kept.moved_contact_interactions_f0243bab as kept
    left join source on source.source_id = kept.source_id
    left join public.contact_interactions as target
      on target.meeting_id = kept.target_meeting_id
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
), others as (
  select null as row_key, 1 as place where false
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move contact_interactions' as object,
       concat_ws('; ', 'missing: ' || missing_keys, 'different: ' || differing_keys,
                 'changed since: ' || changed_keys, 'written to the source since: ' || other_keys) as detail,
       moved, same, already_there, missing, differs, changed, others, source_sum, target_sum,
       missing_keys, differing_keys, changed_keys, other_keys, false as kept_source, 'contact_id (column public.meetings.primary_contact_id is changed as well)' as left_out
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

-- [22/26] so far
\endif

-- [23/26] where godwit_kept.moved_deal_meetings_f0243bab is still there
select to_regclass('godwit_kept.moved_deal_meetings_f0243bab') is not null as kept_4
\gset
\if :kept_4

-- [24/26] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [25/26] compare move deal_meetings (specs/20250831000002_relationships.gw:109)
--   needs godwit_kept.moved_deal_meetings_f0243bab: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250831000002_relationships', 'applied') order by id desc limit 1
), found as materialized (             -- and what the target holds
  select kept.target_deal_id,
         kept.target_meeting_id,
         kept.xmin as put_in,
         true as stands,
         hashtextextended(row(
             kept.target_deal_id,
             kept.target_meeting_id,
             kept.target_impact_score)::text, 0) as given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.deal_id, target.meeting_id, target.impact_score)::text, 0) end as held
    from godwit_kept.moved_deal_meetings_f0243bab as kept
    left join public.deal_meetings as target
      on target.deal_id = kept.target_deal_id
      and target.meeting_id = kept.target_meeting_id
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
  select concat_ws(' ', target_deal_id, target_meeting_id) as row_key, verdict,
         row_number() over (partition by verdict order by target_deal_id, target_meeting_id) as place
    from judged where verdict in ('missing', 'differs', 'changed')
), others as (
  select null as row_key, 1 as place where false
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move deal_meetings' as object,
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

-- [26/26] so far
\endif
$verify$
on conflict (id) do update set (sequence, title, checksum, state, baseline, rollback_class, steps, applied_at,
  applied_by, window_until, finalized_at, rolled_back_at, down_sql, finalize_sql, verify_sql) =
  (excluded.sequence, excluded.title, excluded.checksum, excluded.state, excluded.baseline,
   excluded.rollback_class, excluded.steps, excluded.applied_at, excluded.applied_by,
   excluded.window_until, null, null, excluded.down_sql, excluded.finalize_sql, excluded.verify_sql);
insert into godwit.event (migration, what, detail)
select '20250831000002_relationships', case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, jsonb_build_object('catalog rows changed', godwit.remember());

-- [46/47] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250831000002_relationships', 'message', 'applied',
  'tables', array['public.activities', 'public.activity_meetings', 'public.company_activities', 'public.contact_interactions', 'public.deal_meetings', 'public.deal_stakeholders', 'public.meeting_sequences', 'public.meetings']::text[])::text);

-- [47/47] commit
commit;
