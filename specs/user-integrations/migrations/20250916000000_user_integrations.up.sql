-- godwit up 20250916000000_user_integrations
-- Credentials leave the users table
-- spec: specs/20250916000000_user_integrations.gw
-- checksum: sha256:46415dff27e5c7ac436d137f9c5f7e6d252e25e0859510ffe37663517d724014
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- postgres: 15
-- requires: 20250901000000_baseline
-- content: sha256:72d4c2ce130b161411803d11fae229c799f504537f15a10aa15751b9b1ffdf12

-- [1/137] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/137] the ledger
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

-- [3/137] refuse when this has run already or comes too early
do $godwit$
declare missing text;
begin
  if current_setting('server_version_num')::integer < 150000 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations needs PostgreSQL 15, this server is ' || current_setting('server_version'),
      hint = 'compile it for this server''s version (`requires postgres` in the spec), or upgrade the server';
  end if;
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if exists (select from godwit.migration where id = '20250916000000_user_integrations' and state <> 'rolled_back') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations is applied already',
      hint = 'nothing is to be done; to apply it anew roll it back first (`godwit rollback`, or its down artifact)';
  end if;
  select string_agg(id, ', ' order by n) into missing from unnest(array['20250901000000_baseline']::text[]) with ordinality as needed (id, n)
  where not exists (select from godwit.migration m where m.id = needed.id and m.state not in ('begun', 'rolled_back')
                    and m.parts_done is null);
  if missing is not null then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations comes after ' || missing || ', which is not applied',
      hint = 'apply that first';
  end if;
end
$godwit$;

-- [4/137] check before: addresses that differ by case (specs/20250916000000_user_integrations.gw:359)
--   locks dev.users (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from (select lower(email) as address from dev.users group by 1 having count(*) > 1) as d;
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select d::text as k
              from (select lower(email) as address from dev.users group by 1 having count(*) > 1) as d
             order by 1 limit 10) as offending;
    raise warning 'check "addresses that differ by case" does not hold: found %, limit 0; keys %', v_found, v_keys;
  else
    raise notice 'check "addresses that differ by case" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [5/137] check before: addresses used twice (specs/20250916000000_user_integrations.gw:358)
--   locks dev.users (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from (select email from dev.users group by 1 having count(*) > 1) as d;
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select d::text as k
              from (select email from dev.users group by 1 having count(*) > 1) as d
             order by 1 limit 10) as offending;
    raise warning 'check "addresses used twice" failed: found %, limit 0; keys %', v_found, v_keys;
    perform set_config('godwit.failed_checks',
      concat_ws(', ', nullif(current_setting('godwit.failed_checks', true), ''), '"addresses used twice"'), true);
  else
    raise notice 'check "addresses used twice" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [6/137] check before: malformed addresses (specs/20250916000000_user_integrations.gw:362)
--   locks dev.users (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.users
   where email !~ '^[^@[:space:]]+@[^@[:space:]]+$';
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select users.id::text as k
              from dev.users
   where email !~ '^[^@[:space:]]+@[^@[:space:]]+$'
             order by users.id limit 10) as offending;
    raise warning 'check "malformed addresses" does not hold: found %, limit 0; keys %', v_found, v_keys;
  else
    raise notice 'check "malformed addresses" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [7/137] check before: people without an address (specs/20250916000000_user_integrations.gw:357)
--   locks dev.users (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.users
   where email is null;
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select users.id::text as k
              from dev.users
   where email is null
             order by users.id limit 10) as offending;
    raise warning 'check "people without an address" failed: found %, limit 0; keys %', v_found, v_keys;
    perform set_config('godwit.failed_checks',
      concat_ws(', ', nullif(current_setting('godwit.failed_checks', true), ''), '"people without an address"'), true);
  else
    raise notice 'check "people without an address" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [8/137] check before: tasks of unknown people (specs/20250916000000_user_integrations.gw:371)
--   locks dev.tasks (access share), dev.users (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.tasks as t
   where not exists (select from dev.users u where u.id = t.user_id);
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select t.id::text as k
              from dev.tasks as t
   where not exists (select from dev.users u where u.id = t.user_id)
             order by t.id limit 10) as offending;
    raise warning 'check "tasks of unknown people" does not hold: found %, limit 0; keys %', v_found, v_keys;
  else
    raise notice 'check "tasks of unknown people" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [9/137] check before: unfinished Gmail flows (specs/20250916000000_user_integrations.gw:363)
--   locks dev.users (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.users
   where access_token is null and refresh_token is null and client_id is null
                                and (auth_code is not null or granted_scopes is not null);
  select count(*) into v_total from dev.users;
  if v_found * 100.0 > v_total * 1 then
    select string_agg(k, ', ') into v_keys
      from (select users.id::text as k
              from dev.users
   where access_token is null and refresh_token is null and client_id is null
                                and (auth_code is not null or granted_scopes is not null)
             order by users.id limit 10) as offending;
    raise warning 'check "unfinished Gmail flows" does not hold: found % of %, limit 1%%; keys %', v_found, v_total, v_keys;
  else
    raise notice 'check "unfinished Gmail flows" passed: found % of %, limit 1%%', v_found, v_total;
  end if;
end $$;

-- [10/137] check before: unfinished calendar flows (specs/20250916000000_user_integrations.gw:367)
--   locks dev.users (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.users
   where access_token_2 is null and refresh_token_2 is null and client_id_2 is null
                                and (auth_code_2 is not null or granted_scopes_2 is not null);
  select count(*) into v_total from dev.users;
  if v_found * 100.0 > v_total * 1 then
    select string_agg(k, ', ') into v_keys
      from (select users.id::text as k
              from dev.users
   where access_token_2 is null and refresh_token_2 is null and client_id_2 is null
                                and (auth_code_2 is not null or granted_scopes_2 is not null)
             order by users.id limit 10) as offending;
    raise warning 'check "unfinished calendar flows" does not hold: found % of %, limit 1%%; keys %', v_found, v_total, v_keys;
  else
    raise notice 'check "unfinished calendar flows" passed: found % of %, limit 1%%', v_found, v_total;
  end if;
end $$;

-- [11/137] go or no-go: every check before the first change has run
do $$
#variable_conflict use_column
begin
  if coalesce(current_setting('godwit.failed_checks', true), '') <> '' then
    raise exception 'checks failed: %; nothing was changed', current_setting('godwit.failed_checks')
      using errcode = 'GW002', hint = 'the warnings above say what each of them found';
  end if;
end $$;

-- [12/137] go or no-go: move gmail (specs/20250916000000_user_integrations.gw:271)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*) filter (where access_token is not null or refresh_token is not null or client_id is not null)
    into v_total, v_qualifying
    from dev.users;
  raise notice 'move gmail: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [13/137] go or no-go: move google_calendar (specs/20250916000000_user_integrations.gw:296)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*) filter (where access_token_2 is not null or refresh_token_2 is not null or client_id_2 is not null)
    into v_total, v_qualifying
    from dev.users;
  raise notice 'move google_calendar: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [14/137] go or no-go: move signal (specs/20250916000000_user_integrations.gw:334)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*) filter (where signal_source_uuid is not null)
    into v_total, v_qualifying
    from dev.users;
  raise notice 'move signal: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [15/137] go or no-go: move telegram (specs/20250916000000_user_integrations.gw:321)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*) filter (where telegram_id is not null)
    into v_total, v_qualifying
    from dev.users;
  raise notice 'move telegram: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [16/137] lock what will change, in one fixed order
lock table dev.users in access exclusive mode;

-- [17/137] phase keep
savepoint godwit_keep;

-- [18/137] check before: no other table lost a row (specs/20250916000000_user_integrations.gw:394)
--   locks dev.digests (access share), dev.emails (access share), dev.legacy_imports (access share), dev.mail_aliases (access share), dev.tasks (access share), dev.user_settings (access share), ops.access_log (access share); scan
--   the value is compared with the one after the migration
select set_config('godwit.unchanged_08eb22c5', (select coalesce(string_agg(rows::text, ' ' order by rows::text), '')
    from (select (select count(*) from dev.emails), (select count(*) from dev.digests), (select count(*) from dev.user_settings),
                          (select count(*) from dev.mail_aliases), (select count(*) from dev.legacy_imports),
                          (select count(*) from dev.tasks), (select count(*) from ops.access_log)) as rows), true);

-- [19/137] check before: nobody lost, renumbered or touched (specs/20250916000000_user_integrations.gw:386)
--   locks dev.users (access share); scan
--   the value is compared with the one after the migration
select set_config('godwit.unchanged_5a941c1d', (select coalesce(string_agg(rows::text, ' ' order by rows::text), '')
    from (select count(*), sum(hashtextextended(concat_ws('|', id, email, name, user_no, referred_by, is_active, created_at, updated_at), 0))
                     from dev.users) as rows), true);

-- [20/137] check before: who has mail connected (specs/20250916000000_user_integrations.gw:390)
--   locks dev.v_gmail_users (access share); scan
--   the value is compared with the one after the migration
select set_config('godwit.unchanged_343b939b', (select coalesce(string_agg(rows::text, ' ' order by rows::text), '')
    from (select count(*), sum(hashtextextended(concat_ws('|', id, email, connected, coalesce(refresh_expired, false)), 0))
                     from dev.v_gmail_users) as rows), true);

-- [21/137] drop unique constraint users_telegram_id_key on dev.users (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
alter table dev.users drop constraint users_telegram_id_key;

-- [22/137] drop check constraint users_secret_needs_client on dev.users (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
alter table dev.users drop constraint users_secret_needs_client;

-- [23/137] drop index dev.users_scopes_idx (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
drop index dev.users_scopes_idx;

-- [24/137] drop index dev.users_signal_idx (specs/20250916000000_user_integrations.gw:346)
--   locks dev.users (access exclusive); instant
drop index dev.users_signal_idx;

-- [25/137] drop index dev.users_signup_token_idx (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
drop index dev.users_signup_token_idx;

-- [26/137] phase expand
savepoint godwit_expand;

-- [27/137] create table dev.services (specs/20250916000000_user_integrations.gw:217)
create table dev.services (
    id text not null,
    name text not null,
    auth_type text not null,
    is_active boolean not null default true,
    created_at timestamp with time zone not null default now(),
    constraint services_pkey primary key (id),
    constraint services_auth_type_check check (auth_type in ('oauth2', 'token', 'uuid', 'phone'))
);

-- [28/137] create table dev.user_integrations (specs/20250916000000_user_integrations.gw:238)
create table dev.user_integrations (
    id bigint not null generated always as identity,
    user_id text not null,
    service_id text not null,
    external_user_id text,
    access_token text,
    refresh_token text,
    client_id text,
    client_secret text,
    auth_code text,
    granted_scopes text[],
    refresh_expired boolean not null default false,
    credentials jsonb not null default '{}',
    is_active boolean not null default true,
    linked_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    constraint user_integrations_pkey primary key (id),
    constraint user_integrations_user_id_service_id_external_user_id_key unique nulls not distinct (user_id, service_id, external_user_id),
    constraint user_integrations_service_id_fkey foreign key (service_id) references dev.services (id),
    constraint user_integrations_user_id_fkey foreign key (user_id) references dev.users (id) on delete cascade
);

-- [29/137] create function dev.cleanup_orphaned_integrations() (specs/20250916000000_user_integrations.gw:105)
create function dev.cleanup_orphaned_integrations()
returns integer language sql as $$
    with gone as (
        delete from dev.user_integrations i
         where not exists (select from dev.users u where u.id = i.user_id)
        returning 1)
    select count(*)::integer from gone
$$;

-- [30/137] create function dev.find_incomplete_integrations() (specs/20250916000000_user_integrations.gw:175)
create function dev.find_incomplete_integrations()
returns table (user_id text, service_id text, external_user_id text, lacks_access_token boolean, lacks_refresh_token boolean)
language sql stable as $$
    select i.user_id, i.service_id, i.external_user_id, i.access_token is null, i.refresh_token is null
      from dev.user_integrations i join dev.services s on s.id = i.service_id
     where s.auth_type = 'oauth2' and i.is_active and (i.access_token is null or i.refresh_token is null)
     order by i.user_id, i.service_id, i.external_user_id
$$;

-- [31/137] create function dev.get_calendar_token(text) (specs/20250916000000_user_integrations.gw:152)
create function dev.get_calendar_token(p_user_id text)
returns table (access_token text, refresh_token text, client_id text, client_secret text)
language sql stable security definer set search_path = dev, pg_temp as $$
    select i.access_token, i.refresh_token, i.client_id, i.client_secret
      from dev.users u
      left join dev.user_integrations i on i.user_id = u.id and i.service_id = 'google_calendar' and i.is_active
     where u.id = p_user_id
     order by (i.external_user_id is not distinct from u.email) desc, i.linked_at desc, i.id desc
     limit 1
$$;

-- [32/137] create function dev.get_user_integration_stats() (specs/20250916000000_user_integrations.gw:165)
create function dev.get_user_integration_stats()
returns table (service_id text, total bigint, active bigint, inactive bigint, people bigint)
language sql stable as $$
    select s.id, count(i.id), count(i.id) filter (where i.is_active), count(i.id) filter (where not i.is_active),
           count(distinct i.user_id)
      from dev.services s left join dev.user_integrations i on i.service_id = s.id
     group by s.id
     order by s.id
$$;

-- [33/137] create function dev.get_user_with_integrations(text) (specs/20250916000000_user_integrations.gw:184)
create function dev.get_user_with_integrations(p_user_id text)
returns jsonb language sql stable as $$
    select jsonb_build_object(
               'id', u.id, 'email', u.email, 'name', u.name, 'timezone', u.timezone, 'locale', u.locale,
               'is_active', u.is_active,
               'integrations', coalesce((select jsonb_agg(to_jsonb(i) - 'user_id' order by i.service_id, i.id)
                                           from dev.user_integrations i where i.user_id = u.id), '[]'))
      from dev.users u where u.id = p_user_id
$$;

-- [34/137] create function dev.get_valid_token(text, text) (specs/20250916000000_user_integrations.gw:131)
create function dev.get_valid_token(p_user_id text, p_service_id text)
returns table (access_token text, refresh_token text, client_secret text)
language sql stable as $$
    select i.access_token, i.refresh_token, i.client_secret
      from dev.user_integrations i join dev.users u on u.id = i.user_id
     where i.user_id = p_user_id and i.service_id = p_service_id and i.is_active
     order by (i.external_user_id is not distinct from u.email) desc, i.linked_at desc, i.id desc
$$;

-- [35/137] create function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb) (specs/20250916000000_user_integrations.gw:11)
create function dev.link_service_to_user(
    p_user_id text, p_service_id text, p_external_user_id text, p_access_token text, p_refresh_token text,
    p_client_id text, p_client_secret text, p_credentials jsonb)
returns bigint language plpgsql as $$
declare
    v_id bigint;
begin
    if not exists (select from dev.users u where u.id = p_user_id) then
        raise exception 'there is no person %', p_user_id using errcode = 'invalid_parameter_value';
    end if;
    if not exists (select from dev.services s where s.id = p_service_id and s.is_active) then
        raise exception 'there is no active service %', p_service_id using errcode = 'invalid_parameter_value';
    end if;
    insert into dev.user_integrations as i
           (user_id, service_id, external_user_id, access_token, refresh_token, client_id, client_secret, credentials)
    values (p_user_id, p_service_id, p_external_user_id, p_access_token, p_refresh_token, p_client_id, p_client_secret,
            coalesce(p_credentials, '{}'))
    on conflict (user_id, service_id, external_user_id) do update
       set access_token  = coalesce(excluded.access_token, i.access_token),
           refresh_token = coalesce(excluded.refresh_token, i.refresh_token),
           client_id     = coalesce(excluded.client_id, i.client_id),
           client_secret = coalesce(excluded.client_secret, i.client_secret),
           credentials   = i.credentials || excluded.credentials,
           is_active     = true
    returning i.id into v_id;
    return v_id;
end $$;

-- [36/137] create function dev.bulk_link_services_to_user(text, jsonb) (specs/20250916000000_user_integrations.gw:65)
create function dev.bulk_link_services_to_user(p_user_id text, p_services jsonb)
returns integer language sql as $$
    select count(dev.link_service_to_user(p_user_id, s.service_id, s.external_user_id, s.access_token, s.refresh_token,
                                          null, null, '{}'))::integer
      from jsonb_to_recordset(p_services)
           as s (service_id text, external_user_id text, access_token text, refresh_token text)
$$;

-- [37/137] create function dev.link_gmail(text, text, text, text) (specs/20250916000000_user_integrations.gw:39)
create function dev.link_gmail(p_user_id text, p_account text, p_access_token text, p_refresh_token text)
returns bigint language sql as $$
    select dev.link_service_to_user(p_user_id, 'gmail', p_account, p_access_token, p_refresh_token, null, null, '{}')
$$;

-- [38/137] create function dev.link_google_calendar(text, text, text, text) (specs/20250916000000_user_integrations.gw:44)
create function dev.link_google_calendar(p_user_id text, p_account text, p_access_token text, p_refresh_token text)
returns bigint language sql as $$
    select dev.link_service_to_user(p_user_id, 'google_calendar', p_account, p_access_token, p_refresh_token, null, null, '{}')
$$;

-- [39/137] create function dev.link_signal(text, text) (specs/20250916000000_user_integrations.gw:55)
create function dev.link_signal(p_user_id text, p_uuid text)
returns bigint language sql as $$
    select dev.link_service_to_user(p_user_id, 'signal', p_uuid, null, null, null, null, '{}')
$$;

-- [40/137] create function dev.link_telegram(text, text, text) (specs/20250916000000_user_integrations.gw:49)
create function dev.link_telegram(p_user_id text, p_telegram_id text, p_signup_token text)
returns bigint language sql as $$
    select dev.link_service_to_user(p_user_id, 'telegram', p_telegram_id, null, null, null, null,
                                    jsonb_strip_nulls(jsonb_build_object('signup_token', p_signup_token)))
$$;

-- [41/137] create function dev.link_whatsapp(text, text) (specs/20250916000000_user_integrations.gw:60)
create function dev.link_whatsapp(p_user_id text, p_phone text)
returns bigint language sql as $$
    select dev.link_service_to_user(p_user_id, 'whatsapp', p_phone, null, null, null, null, '{}')
$$;

-- [42/137] create function dev.reactivate_service_integration(text, text, text) (specs/20250916000000_user_integrations.gw:85)
create function dev.reactivate_service_integration(p_user_id text, p_service_id text, p_account text)
returns integer language sql as $$
    with changed as (
        update dev.user_integrations i set is_active = true
         where i.user_id = p_user_id and i.service_id = p_service_id and not i.is_active
           and (p_account is null or i.external_user_id = p_account)
        returning 1)
    select count(*)::integer from changed
$$;

-- [43/137] create function dev.remove_service_integration(text, text, text) (specs/20250916000000_user_integrations.gw:95)
create function dev.remove_service_integration(p_user_id text, p_service_id text, p_account text)
returns integer language sql as $$
    with gone as (
        delete from dev.user_integrations i
         where i.user_id = p_user_id and i.service_id = p_service_id
           and (p_account is null or i.external_user_id = p_account)
        returning 1)
    select count(*)::integer from gone
$$;

-- [44/137] create function dev.unlink_service_from_user(text, text, text) (specs/20250916000000_user_integrations.gw:75)
create function dev.unlink_service_from_user(p_user_id text, p_service_id text, p_account text)
returns integer language sql as $$
    with changed as (
        update dev.user_integrations i set is_active = false
         where i.user_id = p_user_id and i.service_id = p_service_id and i.is_active
           and (p_account is null or i.external_user_id = p_account)
        returning 1)
    select count(*)::integer from changed
$$;

-- [45/137] create function dev.update_integration_tokens(text, text, text, text) (specs/20250916000000_user_integrations.gw:116)
create function dev.update_integration_tokens(p_user_id text, p_service_id text, p_access_token text, p_refresh_token text)
returns integer language sql as $$
    with changed as (
        update dev.user_integrations i
           set access_token  = p_access_token,
               refresh_token = coalesce(p_refresh_token, i.refresh_token)
         where i.id = (select c.id
                         from dev.user_integrations c join dev.users u on u.id = c.user_id
                        where c.user_id = p_user_id and c.service_id = p_service_id and c.is_active
                        order by (c.external_user_id is not distinct from u.email) desc, c.linked_at desc, c.id desc
                        limit 1)
        returning 1)
    select count(*)::integer from changed
$$;

-- [46/137] owner of table dev.services (specs/20250916000000_user_integrations.gw:224)
--   locks dev.services (access exclusive); instant
alter table dev.services owner to app_owner;

-- [47/137] owner of table dev.user_integrations (specs/20250916000000_user_integrations.gw:263)
--   locks dev.user_integrations (access exclusive); instant
alter table dev.user_integrations owner to app_owner;

-- [48/137] grant to app_backend on function dev.bulk_link_services_to_user(text, jsonb) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.bulk_link_services_to_user(text, jsonb) to app_backend;

-- [49/137] revoke from public on function dev.bulk_link_services_to_user(text, jsonb) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.bulk_link_services_to_user(text, jsonb) from public;

-- [50/137] grant to app_backend on function dev.cleanup_orphaned_integrations() (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.cleanup_orphaned_integrations() to app_backend;

-- [51/137] revoke from public on function dev.cleanup_orphaned_integrations() (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.cleanup_orphaned_integrations() from public;

-- [52/137] grant to app_backend on function dev.find_incomplete_integrations() (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.find_incomplete_integrations() to app_backend;

-- [53/137] revoke from public on function dev.find_incomplete_integrations() (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.find_incomplete_integrations() from public;

-- [54/137] grant to app_backend on function dev.get_calendar_token(text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.get_calendar_token(text) to app_backend;

-- [55/137] revoke from public on function dev.get_calendar_token(text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.get_calendar_token(text) from public;

-- [56/137] grant to app_backend on function dev.get_user_integration_stats() (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.get_user_integration_stats() to app_backend;

-- [57/137] revoke from public on function dev.get_user_integration_stats() (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.get_user_integration_stats() from public;

-- [58/137] grant to app_backend on function dev.get_user_with_integrations(text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.get_user_with_integrations(text) to app_backend;

-- [59/137] revoke from public on function dev.get_user_with_integrations(text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.get_user_with_integrations(text) from public;

-- [60/137] grant to app_backend on function dev.get_valid_token(text, text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.get_valid_token(text, text) to app_backend;

-- [61/137] revoke from public on function dev.get_valid_token(text, text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.get_valid_token(text, text) from public;

-- [62/137] grant to app_backend on function dev.link_gmail(text, text, text, text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.link_gmail(text, text, text, text) to app_backend;

-- [63/137] revoke from public on function dev.link_gmail(text, text, text, text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.link_gmail(text, text, text, text) from public;

-- [64/137] grant to app_backend on function dev.link_google_calendar(text, text, text, text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.link_google_calendar(text, text, text, text) to app_backend;

-- [65/137] revoke from public on function dev.link_google_calendar(text, text, text, text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.link_google_calendar(text, text, text, text) from public;

-- [66/137] grant to app_backend on function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.link_service_to_user(text, text, text, text, text, text, text, jsonb) to app_backend;

-- [67/137] revoke from public on function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.link_service_to_user(text, text, text, text, text, text, text, jsonb) from public;

-- [68/137] grant to app_backend on function dev.link_signal(text, text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.link_signal(text, text) to app_backend;

-- [69/137] revoke from public on function dev.link_signal(text, text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.link_signal(text, text) from public;

-- [70/137] grant to app_backend on function dev.link_telegram(text, text, text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.link_telegram(text, text, text) to app_backend;

-- [71/137] revoke from public on function dev.link_telegram(text, text, text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.link_telegram(text, text, text) from public;

-- [72/137] grant to app_backend on function dev.link_whatsapp(text, text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.link_whatsapp(text, text) to app_backend;

-- [73/137] revoke from public on function dev.link_whatsapp(text, text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.link_whatsapp(text, text) from public;

-- [74/137] grant to app_backend on function dev.reactivate_service_integration(text, text, text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.reactivate_service_integration(text, text, text) to app_backend;

-- [75/137] revoke from public on function dev.reactivate_service_integration(text, text, text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.reactivate_service_integration(text, text, text) from public;

-- [76/137] grant to app_backend on function dev.remove_service_integration(text, text, text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.remove_service_integration(text, text, text) to app_backend;

-- [77/137] revoke from public on function dev.remove_service_integration(text, text, text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.remove_service_integration(text, text, text) from public;

-- [78/137] grant to app_backend on table dev.services (specs/20250916000000_user_integrations.gw:225)
grant select on table dev.services to app_backend;

-- [79/137] grant to app_backend on function dev.unlink_service_from_user(text, text, text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.unlink_service_from_user(text, text, text) to app_backend;

-- [80/137] revoke from public on function dev.unlink_service_from_user(text, text, text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.unlink_service_from_user(text, text, text) from public;

-- [81/137] grant to app_backend on function dev.update_integration_tokens(text, text, text, text) (specs/20250916000000_user_integrations.gw:203)
grant execute on routine dev.update_integration_tokens(text, text, text, text) to app_backend;

-- [82/137] revoke from public on function dev.update_integration_tokens(text, text, text, text) (specs/20250916000000_user_integrations.gw:195)
revoke execute on routine dev.update_integration_tokens(text, text, text, text) from public;

-- [83/137] grant to app_backend on table dev.user_integrations (specs/20250916000000_user_integrations.gw:264)
grant delete, insert, select, update on table dev.user_integrations to app_backend;

-- [84/137] comment on function dev.get_calendar_token(text) (specs/20250916000000_user_integrations.gw:211)
comment on routine dev.get_calendar_token(text) is 'Server side only: returns secrets';

-- [85/137] comment on function dev.get_user_with_integrations(text) (specs/20250916000000_user_integrations.gw:213)
comment on routine dev.get_user_with_integrations(text) is 'Server side only: returns secrets';

-- [86/137] comment on function dev.get_valid_token(text, text) (specs/20250916000000_user_integrations.gw:212)
comment on routine dev.get_valid_token(text, text) is 'Server side only: returns secrets';

-- [87/137] comment on table dev.services (specs/20250916000000_user_integrations.gw:226)
--   locks dev.services (share update exclusive); instant
comment on table dev.services is 'Outside services that people can connect';

-- [88/137] comment on table dev.user_integrations (specs/20250916000000_user_integrations.gw:265)
--   locks dev.user_integrations (share update exclusive); instant
comment on table dev.user_integrations is 'One row per person, service and account; holds secrets';

-- [89/137] comment on column dev.user_integrations.access_token (specs/20250916000000_user_integrations.gw:243)
--   locks dev.user_integrations (share update exclusive); instant
comment on column dev.user_integrations.access_token is 'Plain text, as it was in users';

-- [90/137] comment on column dev.user_integrations.client_secret (specs/20250916000000_user_integrations.gw:246)
--   locks dev.user_integrations (share update exclusive); instant
comment on column dev.user_integrations.client_secret is 'Plain text, as it was in users';

-- [91/137] comment on column dev.user_integrations.credentials (specs/20250916000000_user_integrations.gw:250)
--   locks dev.user_integrations (share update exclusive); instant
comment on column dev.user_integrations.credentials is 'What only some services have, such as signup_token';

-- [92/137] comment on column dev.user_integrations.external_user_id (specs/20250916000000_user_integrations.gw:242)
--   locks dev.user_integrations (share update exclusive); instant
comment on column dev.user_integrations.external_user_id is 'The account at the service: address, id, uuid or phone number';

-- [93/137] comment on column dev.user_integrations.is_active (specs/20250916000000_user_integrations.gw:251)
--   locks dev.user_integrations (share update exclusive); instant
comment on column dev.user_integrations.is_active is 'False: unlinked, kept for reactivation';

-- [94/137] comment on column dev.user_integrations.refresh_token (specs/20250916000000_user_integrations.gw:244)
--   locks dev.user_integrations (share update exclusive); instant
comment on column dev.user_integrations.refresh_token is 'Plain text, as it was in users';

-- [95/137] phase move
savepoint godwit_move;

-- [96/137] rows dev.services (specs/20250916000000_user_integrations.gw:229)
--   locks dev.services (row exclusive); scan
--   godwit_kept.seeded_services_df6384e9 keeps the rows as declared, until finalize
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep the rows as declared for dev.services
create table godwit_kept.seeded_services_df6384e9 as
select *
  from (values
        ('gmail'::text, 'Gmail'::text, 'oauth2'::text),
        ('google_calendar', 'Google Calendar', 'oauth2'),
        ('telegram', 'Telegram', 'token'),
        ('signal', 'Signal', 'uuid'),
        ('whatsapp', 'WhatsApp', 'phone')) as seed (id, name, auth_type);
-- bring rows of dev.services that differ up to date
update dev.services as target
   set name = seed.name,
       auth_type = seed.auth_type
  from godwit_kept.seeded_services_df6384e9 as seed
 where target.id = seed.id
   and (target.name is distinct from seed.name
        or target.auth_type is distinct from seed.auth_type);
-- put rows into dev.services that are not there
insert into dev.services (id, name, auth_type)
select seed.id, seed.name, seed.auth_type
  from godwit_kept.seeded_services_df6384e9 as seed
 where not exists (select from dev.services as target
                    where target.id = seed.id);

-- [97/137] move gmail (specs/20250916000000_user_integrations.gw:271)
--   locks dev.user_integrations (row exclusive), dev.users (access share); scan
--   godwit_kept.moved_gmail_20356282 remembers which rows were moved, until finalize
--   sample 100: a defect in more than 4.51 % of rows would be seen with 99 % confidence
--   rollback: access_token := case when is_active then access_token end
--   rollback: refresh_token := case when is_active then refresh_token end
--   rollback: client_id := case when is_active then client_id end
--   rollback: client_secret := case when is_active then client_secret end
--   rollback: auth_code := case when is_active then auth_code end
--   rollback: granted_scopes := case when is_active then granted_scopes end
--   rollback: refresh_expired := case when is_active then refresh_expired end
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep which rows of the source move, and where to
create table godwit_kept.moved_gmail_20356282 as
select id as source_id,
       id as target_user_id,
       'gmail'::text as target_service_id,
       email as target_external_user_id
  from dev.users
 where access_token is not null or refresh_token is not null or client_id is not null;
-- move gmail into dev.user_integrations, every row accounted for
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
  v_from_1 dev.users.id%type;
  v_to_1 dev.users.id%type;
begin
  select count(*) into v_total from dev.users;
  select count(*) into v_qualifying from godwit_kept.moved_gmail_20356282;

  begin
    insert into dev.user_integrations (user_id, service_id, external_user_id, access_token, refresh_token, client_id, client_secret, auth_code, granted_scopes, refresh_expired)
    select id,
           'gmail',
           email,
           access_token,
           refresh_token,
           client_id,
           client_secret,
           auth_code,
           granted_scopes,
           coalesce(refresh_expired, false)
      from dev.users
     where access_token is not null or refresh_token is not null or client_id is not null;
    get diagnostics v_moved = row_count;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(v_qualifying / 2, 5000), 1);
    select users.id into v_from_1
      from dev.users
     where access_token is not null or refresh_token is not null or client_id is not null
     order by users.id limit 1;
    while v_from_1 is not null loop
      select id into v_to_1
        from (select users.id from dev.users
               where users.id >= v_from_1
                 and (access_token is not null or refresh_token is not null or client_id is not null)
               order by users.id limit v_at_once) as next
       order by id desc limit 1;
      begin
        with image as not materialized (
          select id as source_id,
                 id as put_user_id,
                 'gmail'::text as put_service_id,
                 email as put_external_user_id,
                 access_token as put_access_token,
                 refresh_token as put_refresh_token,
                 client_id as put_client_id,
                 client_secret as put_client_secret,
                 auth_code as put_auth_code,
                 granted_scopes as put_granted_scopes,
                 coalesce(refresh_expired, false) as put_refresh_expired
            from dev.users
           where users.id >= v_from_1 and users.id <= v_to_1
             and (access_token is not null or refresh_token is not null or client_id is not null)
        ), kept as (
          insert into godwit_kept.moved_gmail_20356282 (source_id, target_user_id, target_service_id, target_external_user_id)
          select source_id, put_user_id, put_service_id, put_external_user_id
            from image
        )
        insert into dev.user_integrations (user_id, service_id, external_user_id, access_token, refresh_token, client_id, client_secret, auth_code, granted_scopes, refresh_expired)
        select put_user_id,
               put_service_id,
               put_external_user_id,
               put_access_token,
               put_refresh_token,
               put_client_id,
               put_client_secret,
               put_auth_code,
               put_granted_scopes,
               put_refresh_expired
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
      select users.id into v_from_1
        from dev.users
       where users.id > v_to_1
         and (access_token is not null or refresh_token is not null or client_id is not null)
       order by users.id limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'move gmail: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows, or set them aside with `reject up to …`; nothing was changed';
  end;

  if v_moved + v_there <> v_qualifying then
    raise exception 'move gmail: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_moved, v_there using errcode = 'GW003',
      hint = 'somebody wrote to the source while it was read: run it again; nothing was changed';
  end if;
  raise notice 'move gmail: % moved, % already there, % left behind, % in all',
    v_moved, v_there, v_total - v_qualifying, v_total;
end $$;
-- warn when rows are left behind
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_left bigint;
  v_keys text;
begin
  select count(*) into v_total from dev.users;
  select count(*) into v_left from dev.users
   where (access_token is not null or refresh_token is not null or client_id is not null) is not true
     and (auth_code is not null or granted_scopes is not null);
  if v_left > 0 then
    select string_agg(k, ', ') into v_keys
      from (select id::text as k from dev.users
             where (access_token is not null or refresh_token is not null or client_id is not null) is not true
             and (auth_code is not null or granted_scopes is not null)
             order by id limit 10) as left_behind;
    raise warning 'move gmail: unfinished Gmail flows stay in the hidden columns: % of % rows (% per cent); keys %',
      v_left, v_total, round(v_left * 100.0 / greatest(v_total, 1), 2), v_keys;
  end if;
end $$;
-- compare 100 rows, chosen at random but always the same, field by field: would see a defect in more than 4.51 % of rows with 99 % confidence
do $$
#variable_conflict use_column
declare
  v_sampled bigint;
  v_wrong bigint;
  v_which text;
begin
  select count(*), count(*) filter (where fields <> ''),
         min(row_key || ' differs in ' || fields) filter (where fields <> '')
    into v_sampled, v_wrong, v_which
    from (select concat_ws(' ', image.put_user_id::text, image.put_service_id::text, image.put_external_user_id::text) as row_key,
                 case when target.ctid is null then 'all of it'
                      else concat_ws(', ', case when target.user_id is distinct from image.put_user_id then 'user_id' end,
                                      case when target.service_id is distinct from image.put_service_id then 'service_id' end,
                                      case when target.external_user_id is distinct from image.put_external_user_id then 'external_user_id' end,
                                      case when target.access_token is distinct from image.put_access_token then 'access_token' end,
                                      case when target.refresh_token is distinct from image.put_refresh_token then 'refresh_token' end,
                                      case when target.client_id is distinct from image.put_client_id then 'client_id' end,
                                      case when target.client_secret is distinct from image.put_client_secret then 'client_secret' end,
                                      case when target.auth_code is distinct from image.put_auth_code then 'auth_code' end,
                                      case when target.granted_scopes is distinct from image.put_granted_scopes then 'granted_scopes' end,
                                      case when target.refresh_expired is distinct from image.put_refresh_expired then 'refresh_expired' end) end as fields
            from (select * from (select image.* from (select id as source_id,
                                         id as put_user_id,
                                         'gmail'::text as put_service_id,
                                         email as put_external_user_id,
                                         access_token as put_access_token,
                                         refresh_token as put_refresh_token,
                                         client_id as put_client_id,
                                         client_secret as put_client_secret,
                                         auth_code as put_auth_code,
                                         granted_scopes as put_granted_scopes,
                                         coalesce(refresh_expired, false) as put_refresh_expired
                                    from dev.users
                                   where access_token is not null or refresh_token is not null or client_id is not null) as image) as image
                   order by hashtextextended(concat_ws(' ', image.source_id::text), 0) limit 100) as image
            left join dev.user_integrations as target
              on target.user_id = image.put_user_id
             and target.service_id = image.put_service_id
             and target.external_user_id = image.put_external_user_id) as sampled;
  if v_wrong > 0 then
    raise exception 'move gmail: % sampled rows are not what they should be: %', v_wrong, v_which using errcode = 'GW003';
  end if;
  if v_sampled > 0 then
    raise notice 'move gmail: % sampled rows are as they should be; a defect in more than % %% of rows would have been seen with 99 %% confidence',
      v_sampled, trunc(ceil(10000 * (1 - power(0.01, 1.0 / v_sampled)) - 0.0001) / 100, 2);
  end if;
end $$;

-- [98/137] move google_calendar (specs/20250916000000_user_integrations.gw:296)
--   locks dev.user_integrations (row exclusive), dev.users (access share); scan
--   godwit_kept.moved_google_calendar_20356282 remembers which rows were moved, until finalize
--   sample 100: a defect in more than 4.51 % of rows would be seen with 99 % confidence
--   rollback: access_token_2 := case when is_active then access_token end
--   rollback: refresh_token_2 := case when is_active then refresh_token end
--   rollback: client_id_2 := case when is_active then client_id end
--   rollback: client_secret_2 := case when is_active then client_secret end
--   rollback: auth_code_2 := case when is_active then auth_code end
--   rollback: granted_scopes_2 := case when is_active then granted_scopes end
--   rollback: refresh_expired_2 := case when is_active then refresh_expired end
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep which rows of the source move, and where to
create table godwit_kept.moved_google_calendar_20356282 as
select id as source_id,
       id as target_user_id,
       'google_calendar'::text as target_service_id,
       email as target_external_user_id
  from dev.users
 where access_token_2 is not null or refresh_token_2 is not null or client_id_2 is not null;
-- move google_calendar into dev.user_integrations, every row accounted for
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
  v_from_1 dev.users.id%type;
  v_to_1 dev.users.id%type;
begin
  select count(*) into v_total from dev.users;
  select count(*) into v_qualifying from godwit_kept.moved_google_calendar_20356282;

  begin
    insert into dev.user_integrations (user_id, service_id, external_user_id, access_token, refresh_token, client_id, client_secret, auth_code, granted_scopes, refresh_expired)
    select id,
           'google_calendar',
           email,
           access_token_2,
           refresh_token_2,
           client_id_2,
           client_secret_2,
           auth_code_2,
           granted_scopes_2,
           coalesce(refresh_expired_2, false)
      from dev.users
     where access_token_2 is not null or refresh_token_2 is not null or client_id_2 is not null;
    get diagnostics v_moved = row_count;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(v_qualifying / 2, 5000), 1);
    select users.id into v_from_1
      from dev.users
     where access_token_2 is not null or refresh_token_2 is not null or client_id_2 is not null
     order by users.id limit 1;
    while v_from_1 is not null loop
      select id into v_to_1
        from (select users.id from dev.users
               where users.id >= v_from_1
                 and (access_token_2 is not null or refresh_token_2 is not null or client_id_2 is not null)
               order by users.id limit v_at_once) as next
       order by id desc limit 1;
      begin
        with image as not materialized (
          select id as source_id,
                 id as put_user_id,
                 'google_calendar'::text as put_service_id,
                 email as put_external_user_id,
                 access_token_2 as put_access_token,
                 refresh_token_2 as put_refresh_token,
                 client_id_2 as put_client_id,
                 client_secret_2 as put_client_secret,
                 auth_code_2 as put_auth_code,
                 granted_scopes_2 as put_granted_scopes,
                 coalesce(refresh_expired_2, false) as put_refresh_expired
            from dev.users
           where users.id >= v_from_1 and users.id <= v_to_1
             and (access_token_2 is not null or refresh_token_2 is not null or client_id_2 is not null)
        ), kept as (
          insert into godwit_kept.moved_google_calendar_20356282 (source_id, target_user_id, target_service_id, target_external_user_id)
          select source_id, put_user_id, put_service_id, put_external_user_id
            from image
        )
        insert into dev.user_integrations (user_id, service_id, external_user_id, access_token, refresh_token, client_id, client_secret, auth_code, granted_scopes, refresh_expired)
        select put_user_id,
               put_service_id,
               put_external_user_id,
               put_access_token,
               put_refresh_token,
               put_client_id,
               put_client_secret,
               put_auth_code,
               put_granted_scopes,
               put_refresh_expired
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
      select users.id into v_from_1
        from dev.users
       where users.id > v_to_1
         and (access_token_2 is not null or refresh_token_2 is not null or client_id_2 is not null)
       order by users.id limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'move google_calendar: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows, or set them aside with `reject up to …`; nothing was changed';
  end;

  if v_moved + v_there <> v_qualifying then
    raise exception 'move google_calendar: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_moved, v_there using errcode = 'GW003',
      hint = 'somebody wrote to the source while it was read: run it again; nothing was changed';
  end if;
  raise notice 'move google_calendar: % moved, % already there, % left behind, % in all',
    v_moved, v_there, v_total - v_qualifying, v_total;
end $$;
-- warn when rows are left behind
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_left bigint;
  v_keys text;
begin
  select count(*) into v_total from dev.users;
  select count(*) into v_left from dev.users
   where (access_token_2 is not null or refresh_token_2 is not null or client_id_2 is not null) is not true
     and (auth_code_2 is not null or granted_scopes_2 is not null);
  if v_left > 0 then
    select string_agg(k, ', ') into v_keys
      from (select id::text as k from dev.users
             where (access_token_2 is not null or refresh_token_2 is not null or client_id_2 is not null) is not true
             and (auth_code_2 is not null or granted_scopes_2 is not null)
             order by id limit 10) as left_behind;
    raise warning 'move google_calendar: unfinished calendar flows stay in the hidden columns: % of % rows (% per cent); keys %',
      v_left, v_total, round(v_left * 100.0 / greatest(v_total, 1), 2), v_keys;
  end if;
end $$;
-- compare 100 rows, chosen at random but always the same, field by field: would see a defect in more than 4.51 % of rows with 99 % confidence
do $$
#variable_conflict use_column
declare
  v_sampled bigint;
  v_wrong bigint;
  v_which text;
begin
  select count(*), count(*) filter (where fields <> ''),
         min(row_key || ' differs in ' || fields) filter (where fields <> '')
    into v_sampled, v_wrong, v_which
    from (select concat_ws(' ', image.put_user_id::text, image.put_service_id::text, image.put_external_user_id::text) as row_key,
                 case when target.ctid is null then 'all of it'
                      else concat_ws(', ', case when target.user_id is distinct from image.put_user_id then 'user_id' end,
                                      case when target.service_id is distinct from image.put_service_id then 'service_id' end,
                                      case when target.external_user_id is distinct from image.put_external_user_id then 'external_user_id' end,
                                      case when target.access_token is distinct from image.put_access_token then 'access_token' end,
                                      case when target.refresh_token is distinct from image.put_refresh_token then 'refresh_token' end,
                                      case when target.client_id is distinct from image.put_client_id then 'client_id' end,
                                      case when target.client_secret is distinct from image.put_client_secret then 'client_secret' end,
                                      case when target.auth_code is distinct from image.put_auth_code then 'auth_code' end,
                                      case when target.granted_scopes is distinct from image.put_granted_scopes then 'granted_scopes' end,
                                      case when target.refresh_expired is distinct from image.put_refresh_expired then 'refresh_expired' end) end as fields
            from (select * from (select image.* from (select id as source_id,
                                         id as put_user_id,
                                         'google_calendar'::text as put_service_id,
                                         email as put_external_user_id,
                                         access_token_2 as put_access_token,
                                         refresh_token_2 as put_refresh_token,
                                         client_id_2 as put_client_id,
                                         client_secret_2 as put_client_secret,
                                         auth_code_2 as put_auth_code,
                                         granted_scopes_2 as put_granted_scopes,
                                         coalesce(refresh_expired_2, false) as put_refresh_expired
                                    from dev.users
                                   where access_token_2 is not null or refresh_token_2 is not null or client_id_2 is not null) as image) as image
                   order by hashtextextended(concat_ws(' ', image.source_id::text), 0) limit 100) as image
            left join dev.user_integrations as target
              on target.user_id = image.put_user_id
             and target.service_id = image.put_service_id
             and target.external_user_id = image.put_external_user_id) as sampled;
  if v_wrong > 0 then
    raise exception 'move google_calendar: % sampled rows are not what they should be: %', v_wrong, v_which using errcode = 'GW003';
  end if;
  if v_sampled > 0 then
    raise notice 'move google_calendar: % sampled rows are as they should be; a defect in more than % %% of rows would have been seen with 99 %% confidence',
      v_sampled, trunc(ceil(10000 * (1 - power(0.01, 1.0 / v_sampled)) - 0.0001) / 100, 2);
  end if;
end $$;

-- [99/137] move signal (specs/20250916000000_user_integrations.gw:334)
--   locks dev.user_integrations (row exclusive), dev.users (access share); scan
--   godwit_kept.moved_signal_20356282 remembers which rows were moved, until finalize
--   sample 100: a defect in more than 4.51 % of rows would be seen with 99 % confidence
--   rollback: signal_source_uuid := case when is_active then external_user_id end
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep which rows of the source move, and where to
create table godwit_kept.moved_signal_20356282 as
select id as source_id,
       id as target_user_id,
       'signal'::text as target_service_id,
       signal_source_uuid as target_external_user_id
  from dev.users
 where signal_source_uuid is not null;
-- move signal into dev.user_integrations, every row accounted for
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
  v_from_1 dev.users.id%type;
  v_to_1 dev.users.id%type;
begin
  select count(*) into v_total from dev.users;
  select count(*) into v_qualifying from godwit_kept.moved_signal_20356282;

  begin
    insert into dev.user_integrations (user_id, service_id, external_user_id)
    select id,
           'signal',
           signal_source_uuid
      from dev.users
     where signal_source_uuid is not null;
    get diagnostics v_moved = row_count;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(v_qualifying / 2, 5000), 1);
    select users.id into v_from_1
      from dev.users
     where signal_source_uuid is not null
     order by users.id limit 1;
    while v_from_1 is not null loop
      select id into v_to_1
        from (select users.id from dev.users
               where users.id >= v_from_1
                 and (signal_source_uuid is not null)
               order by users.id limit v_at_once) as next
       order by id desc limit 1;
      begin
        with image as not materialized (
          select id as source_id,
                 id as put_user_id,
                 'signal'::text as put_service_id,
                 signal_source_uuid as put_external_user_id
            from dev.users
           where users.id >= v_from_1 and users.id <= v_to_1
             and (signal_source_uuid is not null)
        ), kept as (
          insert into godwit_kept.moved_signal_20356282 (source_id, target_user_id, target_service_id, target_external_user_id)
          select source_id, put_user_id, put_service_id, put_external_user_id
            from image
        )
        insert into dev.user_integrations (user_id, service_id, external_user_id)
        select put_user_id,
               put_service_id,
               put_external_user_id
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
      select users.id into v_from_1
        from dev.users
       where users.id > v_to_1
         and (signal_source_uuid is not null)
       order by users.id limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'move signal: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows, or set them aside with `reject up to …`; nothing was changed';
  end;

  if v_moved + v_there <> v_qualifying then
    raise exception 'move signal: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_moved, v_there using errcode = 'GW003',
      hint = 'somebody wrote to the source while it was read: run it again; nothing was changed';
  end if;
  raise notice 'move signal: % moved, % already there, % left behind, % in all',
    v_moved, v_there, v_total - v_qualifying, v_total;
end $$;
-- compare 100 rows, chosen at random but always the same, field by field: would see a defect in more than 4.51 % of rows with 99 % confidence
do $$
#variable_conflict use_column
declare
  v_sampled bigint;
  v_wrong bigint;
  v_which text;
begin
  select count(*), count(*) filter (where fields <> ''),
         min(row_key || ' differs in ' || fields) filter (where fields <> '')
    into v_sampled, v_wrong, v_which
    from (select concat_ws(' ', image.put_user_id::text, image.put_service_id::text, image.put_external_user_id::text) as row_key,
                 case when target.ctid is null then 'all of it'
                      else concat_ws(', ', case when target.user_id is distinct from image.put_user_id then 'user_id' end,
                                      case when target.service_id is distinct from image.put_service_id then 'service_id' end,
                                      case when target.external_user_id is distinct from image.put_external_user_id then 'external_user_id' end) end as fields
            from (select * from (select image.* from (select id as source_id,
                                         id as put_user_id,
                                         'signal'::text as put_service_id,
                                         signal_source_uuid as put_external_user_id
                                    from dev.users
                                   where signal_source_uuid is not null) as image) as image
                   order by hashtextextended(concat_ws(' ', image.source_id::text), 0) limit 100) as image
            left join dev.user_integrations as target
              on target.user_id = image.put_user_id
             and target.service_id = image.put_service_id
             and target.external_user_id is not distinct from image.put_external_user_id) as sampled;
  if v_wrong > 0 then
    raise exception 'move signal: % sampled rows are not what they should be: %', v_wrong, v_which using errcode = 'GW003';
  end if;
  if v_sampled > 0 then
    raise notice 'move signal: % sampled rows are as they should be; a defect in more than % %% of rows would have been seen with 99 %% confidence',
      v_sampled, trunc(ceil(10000 * (1 - power(0.01, 1.0 / v_sampled)) - 0.0001) / 100, 2);
  end if;
end $$;

-- [100/137] move telegram (specs/20250916000000_user_integrations.gw:321)
--   locks dev.user_integrations (row exclusive), dev.users (access share); scan
--   godwit_kept.moved_telegram_20356282 remembers which rows were moved, until finalize
--   sample 100: a defect in more than 4.51 % of rows would be seen with 99 % confidence
--   rollback: telegram_id := case when is_active then external_user_id end
--   rollback: telegram_signup_token := case when is_active then credentials ->> 'signup_token' end
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep which rows of the source move, and where to
create table godwit_kept.moved_telegram_20356282 as
select id as source_id,
       id as target_user_id,
       'telegram'::text as target_service_id,
       telegram_id as target_external_user_id
  from dev.users
 where telegram_id is not null;
-- move telegram into dev.user_integrations, every row accounted for
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
  v_from_1 dev.users.id%type;
  v_to_1 dev.users.id%type;
begin
  select count(*) into v_total from dev.users;
  select count(*) into v_qualifying from godwit_kept.moved_telegram_20356282;

  begin
    insert into dev.user_integrations (user_id, service_id, external_user_id, credentials)
    select id,
           'telegram',
           telegram_id,
           jsonb_strip_nulls(jsonb_build_object('signup_token', telegram_signup_token))
      from dev.users
     where telegram_id is not null;
    get diagnostics v_moved = row_count;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(v_qualifying / 2, 5000), 1);
    select users.id into v_from_1
      from dev.users
     where telegram_id is not null
     order by users.id limit 1;
    while v_from_1 is not null loop
      select id into v_to_1
        from (select users.id from dev.users
               where users.id >= v_from_1
                 and (telegram_id is not null)
               order by users.id limit v_at_once) as next
       order by id desc limit 1;
      begin
        with image as not materialized (
          select id as source_id,
                 id as put_user_id,
                 'telegram'::text as put_service_id,
                 telegram_id as put_external_user_id,
                 jsonb_strip_nulls(jsonb_build_object('signup_token', telegram_signup_token)) as put_credentials
            from dev.users
           where users.id >= v_from_1 and users.id <= v_to_1
             and (telegram_id is not null)
        ), kept as (
          insert into godwit_kept.moved_telegram_20356282 (source_id, target_user_id, target_service_id, target_external_user_id)
          select source_id, put_user_id, put_service_id, put_external_user_id
            from image
        )
        insert into dev.user_integrations (user_id, service_id, external_user_id, credentials)
        select put_user_id,
               put_service_id,
               put_external_user_id,
               put_credentials
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
      select users.id into v_from_1
        from dev.users
       where users.id > v_to_1
         and (telegram_id is not null)
       order by users.id limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'move telegram: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows, or set them aside with `reject up to …`; nothing was changed';
  end;

  if v_moved + v_there <> v_qualifying then
    raise exception 'move telegram: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_moved, v_there using errcode = 'GW003',
      hint = 'somebody wrote to the source while it was read: run it again; nothing was changed';
  end if;
  raise notice 'move telegram: % moved, % already there, % left behind, % in all',
    v_moved, v_there, v_total - v_qualifying, v_total;
end $$;
-- warn when rows are left behind
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_left bigint;
  v_keys text;
begin
  select count(*) into v_total from dev.users;
  select count(*) into v_left from dev.users
   where (telegram_id is not null) is not true
     and (telegram_signup_token is not null);
  if v_left > 0 then
    select string_agg(k, ', ') into v_keys
      from (select id::text as k from dev.users
             where (telegram_id is not null) is not true
             and (telegram_signup_token is not null)
             order by id limit 10) as left_behind;
    raise warning 'move telegram: sign-up tokens without an account stay in the hidden column: % of % rows (% per cent); keys %',
      v_left, v_total, round(v_left * 100.0 / greatest(v_total, 1), 2), v_keys;
  end if;
end $$;
-- compare 100 rows, chosen at random but always the same, field by field: would see a defect in more than 4.51 % of rows with 99 % confidence
do $$
#variable_conflict use_column
declare
  v_sampled bigint;
  v_wrong bigint;
  v_which text;
begin
  select count(*), count(*) filter (where fields <> ''),
         min(row_key || ' differs in ' || fields) filter (where fields <> '')
    into v_sampled, v_wrong, v_which
    from (select concat_ws(' ', image.put_user_id::text, image.put_service_id::text, image.put_external_user_id::text) as row_key,
                 case when target.ctid is null then 'all of it'
                      else concat_ws(', ', case when target.user_id is distinct from image.put_user_id then 'user_id' end,
                                      case when target.service_id is distinct from image.put_service_id then 'service_id' end,
                                      case when target.external_user_id is distinct from image.put_external_user_id then 'external_user_id' end,
                                      case when target.credentials is distinct from image.put_credentials then 'credentials' end) end as fields
            from (select * from (select image.* from (select id as source_id,
                                         id as put_user_id,
                                         'telegram'::text as put_service_id,
                                         telegram_id as put_external_user_id,
                                         jsonb_strip_nulls(jsonb_build_object('signup_token', telegram_signup_token)) as put_credentials
                                    from dev.users
                                   where telegram_id is not null) as image) as image
                   order by hashtextextended(concat_ws(' ', image.source_id::text), 0) limit 100) as image
            left join dev.user_integrations as target
              on target.user_id = image.put_user_id
             and target.service_id = image.put_service_id
             and target.external_user_id is not distinct from image.put_external_user_id) as sampled;
  if v_wrong > 0 then
    raise exception 'move telegram: % sampled rows are not what they should be: %', v_wrong, v_which using errcode = 'GW003';
  end if;
  if v_sampled > 0 then
    raise notice 'move telegram: % sampled rows are as they should be; a defect in more than % %% of rows would have been seen with 99 %% confidence',
      v_sampled, trunc(ceil(10000 * (1 - power(0.01, 1.0 / v_sampled)) - 0.0001) / 100, 2);
  end if;
end $$;

-- [101/137] phase validate
savepoint godwit_validate;

-- [102/137] create index dev.user_integrations_one_owner (specs/20250916000000_user_integrations.gw:258)
--   locks dev.user_integrations (share); scan
create unique index user_integrations_one_owner on dev.user_integrations (service_id, external_user_id) where is_active and service_id in ('telegram', 'signal');

-- [103/137] create index dev.user_integrations_service_id_idx (specs/20250916000000_user_integrations.gw:256)
--   locks dev.user_integrations (share); scan
create index user_integrations_service_id_idx on dev.user_integrations (service_id);

-- [104/137] create trigger user_integrations_touch on dev.user_integrations (specs/20250916000000_user_integrations.gw:261)
--   locks dev.user_integrations (share row exclusive); instant
create trigger user_integrations_touch before update on dev.user_integrations
    for each row execute function dev.touch_updated_at();

-- [105/137] phase contract
savepoint godwit_contract;

-- [106/137] hide column dev.users.access_token_2 (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_access_token_2 until finalize
alter table dev.users rename column access_token_2 to _gw_keep_access_token_2;

-- [107/137] hide column dev.users.auth_code (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_auth_code until finalize
alter table dev.users rename column auth_code to _gw_keep_auth_code;

-- [108/137] hide column dev.users.auth_code_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_auth_code_2 until finalize
alter table dev.users rename column auth_code_2 to _gw_keep_auth_code_2;

-- [109/137] hide column dev.users.client_id_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_client_id_2 until finalize
alter table dev.users rename column client_id_2 to _gw_keep_client_id_2;

-- [110/137] hide column dev.users.client_secret_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_client_secret_2 until finalize
alter table dev.users rename column client_secret_2 to _gw_keep_client_secret_2;

-- [111/137] hide column dev.users.granted_scopes (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_granted_scopes until finalize
alter table dev.users rename column granted_scopes to _gw_keep_granted_scopes;

-- [112/137] hide column dev.users.granted_scopes_2 (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_granted_scopes_2 until finalize
alter table dev.users rename column granted_scopes_2 to _gw_keep_granted_scopes_2;

-- [113/137] hide column dev.users.refresh_expired_2 (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_refresh_expired_2 until finalize
alter table dev.users rename column refresh_expired_2 to _gw_keep_refresh_expired_2;

-- [114/137] hide column dev.users.refresh_token_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_refresh_token_2 until finalize
alter table dev.users rename column refresh_token_2 to _gw_keep_refresh_token_2;

-- [115/137] hide column dev.users.signal_source_uuid (specs/20250916000000_user_integrations.gw:346)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_signal_source_uuid until finalize
alter table dev.users rename column signal_source_uuid to _gw_keep_signal_source_uuid;

-- [116/137] hide column dev.users.telegram_id (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_telegram_id until finalize
alter table dev.users rename column telegram_id to _gw_keep_telegram_id;

-- [117/137] hide column dev.users.telegram_signup_token (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_telegram_signup_token until finalize
alter table dev.users rename column telegram_signup_token to _gw_keep_telegram_signup_token;

-- [118/137] replace function dev.get_gmail_token(text) (specs/20250916000000_user_integrations.gw:141)
create or replace function dev.get_gmail_token(p_user_id text)
returns table (access_token text, refresh_token text, client_id text, client_secret text)
language sql stable security definer set search_path = dev, pg_temp as $$
    select i.access_token, i.refresh_token, i.client_id, i.client_secret
      from dev.users u
      left join dev.user_integrations i on i.user_id = u.id and i.service_id = 'gmail' and i.is_active
     where u.id = p_user_id
     order by (i.external_user_id is not distinct from u.email) desc, i.linked_at desc, i.id desc
     limit 1
$$;

-- [119/137] hide column dev.users.client_secret (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_client_secret until finalize
alter table dev.users rename column client_secret to _gw_keep_client_secret;

-- [120/137] replace view dev.v_gmail_users (specs/20250916000000_user_integrations.gw:349)
--   locks dev.user_integrations (access share), dev.users (access share), dev.v_gmail_users (access exclusive); instant
create or replace view dev.v_gmail_users as
select u.id, u.email, bool_or(i.access_token is not null) as connected, bool_or(i.refresh_expired) as refresh_expired
      from dev.users u join dev.user_integrations i on i.user_id = u.id
     where i.service_id = 'gmail' and i.is_active
     group by u.id, u.email;

-- [121/137] hide column dev.users.access_token (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_access_token until finalize
alter table dev.users rename column access_token to _gw_keep_access_token;

-- [122/137] hide column dev.users.client_id (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_client_id until finalize
alter table dev.users rename column client_id to _gw_keep_client_id;

-- [123/137] hide column dev.users.refresh_expired (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_refresh_expired until finalize
alter table dev.users rename column refresh_expired to _gw_keep_refresh_expired;

-- [124/137] hide column dev.users.refresh_token (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
--   its values stay in place as _gw_keep_refresh_token until finalize
alter table dev.users rename column refresh_token to _gw_keep_refresh_token;

-- [125/137] phase after
savepoint godwit_after;

-- [126/137] check after: integrations without a person (specs/20250916000000_user_integrations.gw:377)
--   locks dev.user_integrations (access share), dev.users (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations as i
   where not exists (select from dev.users u where u.id = i.user_id);
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select i.id::text as k
              from dev.user_integrations as i
   where not exists (select from dev.users u where u.id = i.user_id)
             order by i.id limit 10) as offending;
    raise exception 'check "integrations without a person" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "integrations without a person" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [127/137] check after: integrations without a service (specs/20250916000000_user_integrations.gw:380)
--   locks dev.services (access share), dev.user_integrations (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations as i
   where not exists (select from dev.services s where s.id = i.service_id);
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select i.id::text as k
              from dev.user_integrations as i
   where not exists (select from dev.services s where s.id = i.service_id)
             order by i.id limit 10) as offending;
    raise exception 'check "integrations without a service" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "integrations without a service" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [128/137] check after: no other table lost a row (specs/20250916000000_user_integrations.gw:394)
--   locks dev.digests (access share), dev.emails (access share), dev.legacy_imports (access share), dev.mail_aliases (access share), dev.tasks (access share), dev.user_settings (access share), ops.access_log (access share); scan
do $$
#variable_conflict use_column
declare
  v_before text;
  v_after text;
begin
  v_before := current_setting('godwit.unchanged_08eb22c5', true);
  v_after := (select coalesce(string_agg(rows::text, ' ' order by rows::text), '')
    from (select (select count(*) from dev.emails), (select count(*) from dev.digests), (select count(*) from dev.user_settings),
                          (select count(*) from dev.mail_aliases), (select count(*) from dev.legacy_imports),
                          (select count(*) from dev.tasks), (select count(*) from ops.access_log)) as rows);
  if v_after is distinct from v_before then
    raise exception 'check "no other table lost a row" failed: it was %, now it is %', v_before, v_after using errcode = 'GW002';
  else
    raise notice 'check "no other table lost a row" passed: unchanged, %', v_after;
  end if;
end $$;

-- [129/137] check after: nobody lost, renumbered or touched (specs/20250916000000_user_integrations.gw:386)
--   locks dev.users (access share); scan
do $$
#variable_conflict use_column
declare
  v_before text;
  v_after text;
begin
  v_before := current_setting('godwit.unchanged_5a941c1d', true);
  v_after := (select coalesce(string_agg(rows::text, ' ' order by rows::text), '')
    from (select count(*), sum(hashtextextended(concat_ws('|', id, email, name, user_no, referred_by, is_active, created_at, updated_at), 0))
                     from dev.users) as rows);
  if v_after is distinct from v_before then
    raise exception 'check "nobody lost, renumbered or touched" failed: it was %, now it is %', v_before, v_after using errcode = 'GW002';
  else
    raise notice 'check "nobody lost, renumbered or touched" passed: unchanged, %', v_after;
  end if;
end $$;

-- [130/137] check after: nobody uses WhatsApp yet (specs/20250916000000_user_integrations.gw:384)
--   locks dev.user_integrations (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations
   where service_id = 'whatsapp';
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select user_integrations.id::text as k
              from dev.user_integrations
   where service_id = 'whatsapp'
             order by user_integrations.id limit 10) as offending;
    raise exception 'check "nobody uses WhatsApp yet" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "nobody uses WhatsApp yet" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [131/137] check after: null sign-up tokens (specs/20250916000000_user_integrations.gw:383)
--   locks dev.user_integrations (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations
   where credentials @> '{"signup_token": null}';
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select user_integrations.id::text as k
              from dev.user_integrations
   where credentials @> '{"signup_token": null}'
             order by user_integrations.id limit 10) as offending;
    raise exception 'check "null sign-up tokens" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "null sign-up tokens" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [132/137] check after: the five services (specs/20250916000000_user_integrations.gw:385)
--   locks dev.services (access share); scan
do $$
#variable_conflict use_column
begin
  if ((select count(*) from dev.services) = 5) is true then
    raise notice 'check "the five services" passed';
  else
    raise exception 'check "the five services" failed' using errcode = 'GW002';
  end if;
end $$;

-- [133/137] check after: who has mail connected (specs/20250916000000_user_integrations.gw:390)
--   locks dev.v_gmail_users (access share); scan
do $$
#variable_conflict use_column
declare
  v_before text;
  v_after text;
begin
  v_before := current_setting('godwit.unchanged_343b939b', true);
  v_after := (select coalesce(string_agg(rows::text, ' ' order by rows::text), '')
    from (select count(*), sum(hashtextextended(concat_ws('|', id, email, connected, coalesce(refresh_expired, false)), 0))
                     from dev.v_gmail_users) as rows);
  if v_after is distinct from v_before then
    raise exception 'check "who has mail connected" failed: it was %, now it is %', v_before, v_after using errcode = 'GW002';
  else
    raise notice 'check "who has mail connected" passed: unchanged, %', v_after;
  end if;
end $$;

-- [134/137] statistics for what was filled
analyze dev.services;
analyze dev.user_integrations;

-- [135/137] record the migration, with its way back
insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,
  window_until, down_sql, finalize_sql, verify_sql)
select '20250916000000_user_integrations', (select coalesce(max(sequence), 0) + 1 from godwit.migration), 'Credentials leave the users table', 'sha256:46415dff27e5c7ac436d137f9c5f7e6d252e25e0859510ffe37663517d724014',
  case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, false, 'exact while the window is open', 118,
  now() + interval '14d',
  $down$-- godwit down 20250916000000_user_integrations
-- Credentials leave the users table
-- spec: specs/20250916000000_user_integrations.gw
-- checksum: sha256:46415dff27e5c7ac436d137f9c5f7e6d252e25e0859510ffe37663517d724014
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:bad77cf49ea27a12d36539817feb8a4d7db0c768c4deba3c929aa7639403d0c3

-- [1/56] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/56] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250916000000_user_integrations';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250916000000_user_integrations' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250916000000_user_integrations closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/56] lock what will change, in one fixed order
lock table dev.services in access exclusive mode;
lock table dev.user_integrations in access exclusive mode;
lock table dev.users in access exclusive mode;

-- [4/56] a place for what has none in the old shape
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

-- [5/56] undo: hide column dev.users.refresh_token (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.refresh_token
alter table dev.users rename column _gw_keep_refresh_token to refresh_token;

-- [6/56] undo: hide column dev.users.refresh_expired (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.refresh_expired
alter table dev.users rename column _gw_keep_refresh_expired to refresh_expired;

-- [7/56] undo: hide column dev.users.client_id (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.client_id
alter table dev.users rename column _gw_keep_client_id to client_id;

-- [8/56] undo: hide column dev.users.access_token (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.access_token
alter table dev.users rename column _gw_keep_access_token to access_token;

-- [9/56] undo: replace view dev.v_gmail_users (specs/20250916000000_user_integrations.gw:349)
--   locks dev.users (access share), dev.v_gmail_users (access exclusive); instant
-- replace view dev.v_gmail_users
create or replace view dev.v_gmail_users as
select u.id, u.email, u.access_token is not null as connected, u.refresh_expired
      from dev.users u
     where u.access_token is not null or u.refresh_token is not null or u.client_id is not null;

-- [10/56] undo: hide column dev.users.client_secret (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.client_secret
alter table dev.users rename column _gw_keep_client_secret to client_secret;

-- [11/56] undo: replace function dev.get_gmail_token(text) (specs/20250916000000_user_integrations.gw:141)
-- replace function dev.get_gmail_token(text)
create or replace function dev.get_gmail_token(p_user_id text)
returns table (access_token text, refresh_token text, client_id text, client_secret text)
language sql stable security definer set search_path = dev, pg_temp as $$
    select u.access_token, u.refresh_token, u.client_id, u.client_secret from dev.users u where u.id = p_user_id
$$;

-- [12/56] undo: hide column dev.users.telegram_signup_token (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.telegram_signup_token
alter table dev.users rename column _gw_keep_telegram_signup_token to telegram_signup_token;

-- [13/56] undo: hide column dev.users.telegram_id (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.telegram_id
alter table dev.users rename column _gw_keep_telegram_id to telegram_id;

-- [14/56] undo: hide column dev.users.signal_source_uuid (specs/20250916000000_user_integrations.gw:346)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.signal_source_uuid
alter table dev.users rename column _gw_keep_signal_source_uuid to signal_source_uuid;

-- [15/56] undo: hide column dev.users.refresh_token_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.refresh_token_2
alter table dev.users rename column _gw_keep_refresh_token_2 to refresh_token_2;

-- [16/56] undo: hide column dev.users.refresh_expired_2 (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.refresh_expired_2
alter table dev.users rename column _gw_keep_refresh_expired_2 to refresh_expired_2;

-- [17/56] undo: hide column dev.users.granted_scopes_2 (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.granted_scopes_2
alter table dev.users rename column _gw_keep_granted_scopes_2 to granted_scopes_2;

-- [18/56] undo: hide column dev.users.granted_scopes (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.granted_scopes
alter table dev.users rename column _gw_keep_granted_scopes to granted_scopes;

-- [19/56] undo: hide column dev.users.client_secret_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.client_secret_2
alter table dev.users rename column _gw_keep_client_secret_2 to client_secret_2;

-- [20/56] undo: hide column dev.users.client_id_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.client_id_2
alter table dev.users rename column _gw_keep_client_id_2 to client_id_2;

-- [21/56] undo: hide column dev.users.auth_code_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.auth_code_2
alter table dev.users rename column _gw_keep_auth_code_2 to auth_code_2;

-- [22/56] undo: hide column dev.users.auth_code (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.auth_code
alter table dev.users rename column _gw_keep_auth_code to auth_code;

-- [23/56] undo: hide column dev.users.access_token_2 (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
-- bring back column dev.users.access_token_2
alter table dev.users rename column _gw_keep_access_token_2 to access_token_2;

-- [24/56] undo: move telegram (specs/20250916000000_user_integrations.gw:321)
--   locks dev.user_integrations (row exclusive), dev.users (share row exclusive); scan
-- find the place of each row of dev.user_integrations in dev.users
create table godwit_kept.back_telegram_20356282 as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         telegram_id as old_telegram_id,
         telegram_signup_token as old_telegram_signup_token,
         id as put_user_id,
         telegram_id as put_external_user_id,
         case when exists (select from godwit_kept.moved_telegram_20356282 as recorded where recorded.source_id = users.id)
                 or (telegram_id is not null)
                then jsonb_strip_nulls(jsonb_build_object('signup_token', telegram_signup_token)) end as put_credentials
    from dev.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         service_id,
         external_user_id,
         is_active,
         credentials,
         case when is_active then external_user_id end as new_telegram_id,
         case when is_active then credentials ->> 'signup_token' end as new_telegram_signup_token
    from dev.user_integrations
   where service_id = 'telegram'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.external_user_id, target.id) as place,
       case when target.is_active is not distinct from true
            and target.external_user_id is not distinct from source.put_external_user_id
            then source.old_telegram_id
            when kept.source_id is null and target.new_telegram_id is null then source.old_telegram_id
            else target.new_telegram_id end
         as new_telegram_id,
       case when target.is_active is not distinct from true
            and target.credentials is not distinct from source.put_credentials
            then source.old_telegram_signup_token
            when kept.source_id is null and target.new_telegram_signup_token is null then source.old_telegram_signup_token
            else target.new_telegram_signup_token end
         as new_telegram_signup_token
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_telegram_20356282 as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_external_user_id is not distinct from target.external_user_id;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_telegram_20356282 replica identity full;
-- hold back trigger users_touch on dev.users: it must not change rows that are only moved
alter table dev.users disable trigger users_touch;
-- what was withdrawn since does not come back to life
update dev.users as source
   set telegram_id = null,
       telegram_signup_token = null
  from godwit_kept.moved_telegram_20356282 as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_telegram_20356282 as back where back.source_id = kept.source_id)
   and (source.telegram_id is not null
        or source.telegram_signup_token is not null);
-- leave out what users_telegram_id_key of dev.users refuses
update godwit_kept.back_telegram_20356282 as back set place = null
  from (select *, row_number() over (partition by v1 order by holds desc, source_id) as turn
          from (select case when back.place is null then source.telegram_id else back.new_telegram_id end as v1,
                       source.id as source_id,
                       back.place is null or (back.new_telegram_id is not distinct from source.telegram_id) as holds
                  from dev.users as source
                  left join godwit_kept.back_telegram_20356282 as back on source.id = back.source_id and back.place = 1) as held
         where v1 is not null) as held
 where held.source_id = back.source_id and back.place = 1 and held.turn > 1 and not held.holds;
-- carry what was written since back into dev.users
update dev.users as source
   set telegram_id = back.new_telegram_id,
       telegram_signup_token = back.new_telegram_signup_token
  from godwit_kept.back_telegram_20356282 as back
 where back.place = 1
   and source.id = back.source_id
   and (source.telegram_id is distinct from back.new_telegram_id
        or source.telegram_signup_token is distinct from back.new_telegram_signup_token);
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- let trigger users_touch on dev.users fire again
alter table dev.users enable trigger users_touch;
-- note rows of which dev.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'move telegram', 'dev.user_integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from dev.user_integrations as target
  join godwit_kept.back_telegram_20356282 as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           telegram_id as put_external_user_id,
           case when exists (select from godwit_kept.moved_telegram_20356282 as recorded where recorded.source_id = users.id)
                 or (telegram_id is not null)
                then jsonb_strip_nulls(jsonb_build_object('signup_token', telegram_signup_token)) end as put_credentials
      from dev.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'telegram'::text
    or target.external_user_id is distinct from source.put_external_user_id
    or target.access_token is distinct from null
    or target.refresh_token is distinct from null
    or target.client_id is distinct from null
    or target.client_secret is distinct from null
    or target.auth_code is distinct from null
    or target.granted_scopes is distinct from null
    or target.refresh_expired is distinct from false
    or target.credentials is distinct from source.put_credentials
    or target.is_active is distinct from true;
-- remove from dev.user_integrations what is back in dev.users
delete from dev.user_integrations as target
 using godwit_kept.back_telegram_20356282 as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_telegram_20356282
drop table godwit_kept.back_telegram_20356282;
-- drop godwit_kept.moved_telegram_20356282
drop table godwit_kept.moved_telegram_20356282;

-- [25/56] undo: move signal (specs/20250916000000_user_integrations.gw:334)
--   locks dev.user_integrations (row exclusive), dev.users (share row exclusive); scan
-- find the place of each row of dev.user_integrations in dev.users
create table godwit_kept.back_signal_20356282 as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         signal_source_uuid as old_signal_source_uuid,
         id as put_user_id,
         signal_source_uuid as put_external_user_id
    from dev.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         service_id,
         external_user_id,
         is_active,
         case when is_active then external_user_id end as new_signal_source_uuid
    from dev.user_integrations
   where service_id = 'signal'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.external_user_id, target.id) as place,
       case when target.is_active is not distinct from true
            and target.external_user_id is not distinct from source.put_external_user_id
            then source.old_signal_source_uuid
            when kept.source_id is null and target.new_signal_source_uuid is null then source.old_signal_source_uuid
            else target.new_signal_source_uuid end
         as new_signal_source_uuid
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_signal_20356282 as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_external_user_id is not distinct from target.external_user_id;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_signal_20356282 replica identity full;
-- hold back trigger users_touch on dev.users: it must not change rows that are only moved
alter table dev.users disable trigger users_touch;
-- what was withdrawn since does not come back to life
update dev.users as source
   set signal_source_uuid = null
  from godwit_kept.moved_signal_20356282 as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_signal_20356282 as back where back.source_id = kept.source_id)
   and (source.signal_source_uuid is not null);
-- leave out what users_signal_idx of dev.users refuses
update godwit_kept.back_signal_20356282 as back set place = null
  from (select *, row_number() over (partition by v1 order by holds desc, source_id) as turn
          from (select case when back.place is null then source.signal_source_uuid else back.new_signal_source_uuid end as v1,
                       source.id as source_id,
                       back.place is null or (back.new_signal_source_uuid is not distinct from source.signal_source_uuid) as holds
                  from dev.users as source
                  left join godwit_kept.back_signal_20356282 as back on source.id = back.source_id and back.place = 1) as held
         where v1 is not null) as held
 where held.source_id = back.source_id and back.place = 1 and held.turn > 1 and not held.holds;
-- carry what was written since back into dev.users
update dev.users as source
   set signal_source_uuid = back.new_signal_source_uuid
  from godwit_kept.back_signal_20356282 as back
 where back.place = 1
   and source.id = back.source_id
   and (source.signal_source_uuid is distinct from back.new_signal_source_uuid);
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- let trigger users_touch on dev.users fire again
alter table dev.users enable trigger users_touch;
-- note rows of which dev.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'move signal', 'dev.user_integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from dev.user_integrations as target
  join godwit_kept.back_signal_20356282 as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           signal_source_uuid as put_external_user_id
      from dev.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'signal'::text
    or target.external_user_id is distinct from source.put_external_user_id
    or target.access_token is distinct from null
    or target.refresh_token is distinct from null
    or target.client_id is distinct from null
    or target.client_secret is distinct from null
    or target.auth_code is distinct from null
    or target.granted_scopes is distinct from null
    or target.refresh_expired is distinct from false
    or target.credentials is distinct from '{}'
    or target.is_active is distinct from true;
-- remove from dev.user_integrations what is back in dev.users
delete from dev.user_integrations as target
 using godwit_kept.back_signal_20356282 as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_signal_20356282
drop table godwit_kept.back_signal_20356282;
-- drop godwit_kept.moved_signal_20356282
drop table godwit_kept.moved_signal_20356282;

-- [26/56] undo: move google_calendar (specs/20250916000000_user_integrations.gw:296)
--   locks dev.user_integrations (row exclusive), dev.users (share row exclusive); scan
-- find the place of each row of dev.user_integrations in dev.users
create table godwit_kept.back_google_calendar_20356282 as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         access_token_2 as old_access_token_2,
         refresh_token_2 as old_refresh_token_2,
         client_id_2 as old_client_id_2,
         client_secret_2 as old_client_secret_2,
         auth_code_2 as old_auth_code_2,
         granted_scopes_2 as old_granted_scopes_2,
         refresh_expired_2 as old_refresh_expired_2,
         id as put_user_id,
         email as put_external_user_id,
         access_token_2 as put_access_token,
         refresh_token_2 as put_refresh_token,
         client_id_2 as put_client_id,
         client_secret_2 as put_client_secret,
         auth_code_2 as put_auth_code,
         granted_scopes_2 as put_granted_scopes,
         coalesce(refresh_expired_2, false) as put_refresh_expired
    from dev.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         external_user_id,
         service_id,
         is_active,
         access_token,
         refresh_token,
         client_id,
         client_secret,
         auth_code,
         granted_scopes,
         refresh_expired,
         case when is_active then access_token end as new_access_token_2,
         case when is_active then refresh_token end as new_refresh_token_2,
         case when is_active then client_id end as new_client_id_2,
         case when is_active then client_secret end as new_client_secret_2,
         case when is_active then auth_code end as new_auth_code_2,
         case when is_active then granted_scopes end as new_granted_scopes_2,
         case when is_active then refresh_expired end as new_refresh_expired_2
    from dev.user_integrations
   where service_id = 'google_calendar'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.external_user_id, target.id) as place,
       case when target.is_active is not distinct from true
            and target.access_token is not distinct from source.put_access_token
            then source.old_access_token_2
            when kept.source_id is null and target.new_access_token_2 is null then source.old_access_token_2
            else target.new_access_token_2 end
         as new_access_token_2,
       case when target.is_active is not distinct from true
            and target.refresh_token is not distinct from source.put_refresh_token
            then source.old_refresh_token_2
            when kept.source_id is null and target.new_refresh_token_2 is null then source.old_refresh_token_2
            else target.new_refresh_token_2 end
         as new_refresh_token_2,
       case when target.is_active is not distinct from true
            and target.client_id is not distinct from source.put_client_id
            then source.old_client_id_2
            when kept.source_id is null and target.new_client_id_2 is null then source.old_client_id_2
            else target.new_client_id_2 end
         as new_client_id_2,
       case when target.is_active is not distinct from true
            and target.client_secret is not distinct from source.put_client_secret
            then source.old_client_secret_2
            when kept.source_id is null and target.new_client_secret_2 is null then source.old_client_secret_2
            else target.new_client_secret_2 end
         as new_client_secret_2,
       case when target.is_active is not distinct from true
            and target.auth_code is not distinct from source.put_auth_code
            then source.old_auth_code_2
            when kept.source_id is null and target.new_auth_code_2 is null then source.old_auth_code_2
            else target.new_auth_code_2 end
         as new_auth_code_2,
       case when target.is_active is not distinct from true
            and target.granted_scopes is not distinct from source.put_granted_scopes
            then source.old_granted_scopes_2
            when kept.source_id is null and target.new_granted_scopes_2 is null then source.old_granted_scopes_2
            else target.new_granted_scopes_2 end
         as new_granted_scopes_2,
       case when target.is_active is not distinct from true
            and target.refresh_expired is not distinct from source.put_refresh_expired
            then source.old_refresh_expired_2
            when kept.source_id is null and target.new_refresh_expired_2 is null then source.old_refresh_expired_2
            else target.new_refresh_expired_2 end
         as new_refresh_expired_2
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_google_calendar_20356282 as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_external_user_id = target.external_user_id
 where (kept.source_id is not null or target.external_user_id = source.put_external_user_id);
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_google_calendar_20356282 replica identity full;
-- hold back trigger users_touch on dev.users: it must not change rows that are only moved
alter table dev.users disable trigger users_touch;
-- what was withdrawn since does not come back to life
update dev.users as source
   set access_token_2 = null,
       refresh_token_2 = null,
       client_id_2 = null,
       client_secret_2 = null,
       auth_code_2 = null,
       granted_scopes_2 = null,
       refresh_expired_2 = null
  from godwit_kept.moved_google_calendar_20356282 as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_google_calendar_20356282 as back where back.source_id = kept.source_id)
   and (source.access_token_2 is not null
        or source.refresh_token_2 is not null
        or source.client_id_2 is not null
        or source.client_secret_2 is not null
        or source.auth_code_2 is not null
        or source.granted_scopes_2 is not null
        or source.refresh_expired_2 is not null);
-- carry what was written since back into dev.users
update dev.users as source
   set access_token_2 = back.new_access_token_2,
       refresh_token_2 = back.new_refresh_token_2,
       client_id_2 = back.new_client_id_2,
       client_secret_2 = back.new_client_secret_2,
       auth_code_2 = back.new_auth_code_2,
       granted_scopes_2 = back.new_granted_scopes_2,
       refresh_expired_2 = back.new_refresh_expired_2
  from godwit_kept.back_google_calendar_20356282 as back
 where back.place = 1
   and source.id = back.source_id
   and (source.access_token_2 is distinct from back.new_access_token_2
        or source.refresh_token_2 is distinct from back.new_refresh_token_2
        or source.client_id_2 is distinct from back.new_client_id_2
        or source.client_secret_2 is distinct from back.new_client_secret_2
        or source.auth_code_2 is distinct from back.new_auth_code_2
        or source.granted_scopes_2 is distinct from back.new_granted_scopes_2
        or source.refresh_expired_2 is distinct from back.new_refresh_expired_2);
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- let trigger users_touch on dev.users fire again
alter table dev.users enable trigger users_touch;
-- note rows of which dev.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'move google_calendar', 'dev.user_integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from dev.user_integrations as target
  join godwit_kept.back_google_calendar_20356282 as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           email as put_external_user_id,
           access_token_2 as put_access_token,
           refresh_token_2 as put_refresh_token,
           client_id_2 as put_client_id,
           client_secret_2 as put_client_secret,
           auth_code_2 as put_auth_code,
           granted_scopes_2 as put_granted_scopes,
           coalesce(refresh_expired_2, false) as put_refresh_expired
      from dev.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'google_calendar'::text
    or target.external_user_id is distinct from source.put_external_user_id
    or target.access_token is distinct from source.put_access_token
    or target.refresh_token is distinct from source.put_refresh_token
    or target.client_id is distinct from source.put_client_id
    or target.client_secret is distinct from source.put_client_secret
    or target.auth_code is distinct from source.put_auth_code
    or target.granted_scopes is distinct from source.put_granted_scopes
    or target.refresh_expired is distinct from source.put_refresh_expired
    or target.credentials is distinct from '{}'
    or target.is_active is distinct from true;
-- remove from dev.user_integrations what is back in dev.users
delete from dev.user_integrations as target
 using godwit_kept.back_google_calendar_20356282 as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_google_calendar_20356282
drop table godwit_kept.back_google_calendar_20356282;
-- drop godwit_kept.moved_google_calendar_20356282
drop table godwit_kept.moved_google_calendar_20356282;

-- [27/56] undo: move gmail (specs/20250916000000_user_integrations.gw:271)
--   locks dev.user_integrations (row exclusive), dev.users (share row exclusive); scan
-- find the place of each row of dev.user_integrations in dev.users
create table godwit_kept.back_gmail_20356282 as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         access_token as old_access_token,
         refresh_token as old_refresh_token,
         client_id as old_client_id,
         client_secret as old_client_secret,
         auth_code as old_auth_code,
         granted_scopes as old_granted_scopes,
         refresh_expired as old_refresh_expired,
         id as put_user_id,
         email as put_external_user_id,
         access_token as put_access_token,
         refresh_token as put_refresh_token,
         client_id as put_client_id,
         client_secret as put_client_secret,
         auth_code as put_auth_code,
         granted_scopes as put_granted_scopes,
         coalesce(refresh_expired, false) as put_refresh_expired
    from dev.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         external_user_id,
         service_id,
         is_active,
         access_token,
         refresh_token,
         client_id,
         client_secret,
         auth_code,
         granted_scopes,
         refresh_expired,
         case when is_active then access_token end as new_access_token,
         case when is_active then refresh_token end as new_refresh_token,
         case when is_active then client_id end as new_client_id,
         case when is_active then client_secret end as new_client_secret,
         case when is_active then auth_code end as new_auth_code,
         case when is_active then granted_scopes end as new_granted_scopes,
         case when is_active then refresh_expired end as new_refresh_expired
    from dev.user_integrations
   where service_id = 'gmail'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.external_user_id, target.id) as place,
       case when target.is_active is not distinct from true
            and target.access_token is not distinct from source.put_access_token
            then source.old_access_token
            when kept.source_id is null and target.new_access_token is null then source.old_access_token
            else target.new_access_token end
         as new_access_token,
       case when target.is_active is not distinct from true
            and target.refresh_token is not distinct from source.put_refresh_token
            then source.old_refresh_token
            when kept.source_id is null and target.new_refresh_token is null then source.old_refresh_token
            else target.new_refresh_token end
         as new_refresh_token,
       case when target.is_active is not distinct from true
            and target.client_id is not distinct from source.put_client_id
            then source.old_client_id
            when kept.source_id is null and target.new_client_id is null then source.old_client_id
            else target.new_client_id end
         as new_client_id,
       case when target.is_active is not distinct from true
            and target.client_secret is not distinct from source.put_client_secret
            then source.old_client_secret
            when kept.source_id is null and target.new_client_secret is null then source.old_client_secret
            else target.new_client_secret end
         as new_client_secret,
       case when target.is_active is not distinct from true
            and target.auth_code is not distinct from source.put_auth_code
            then source.old_auth_code
            when kept.source_id is null and target.new_auth_code is null then source.old_auth_code
            else target.new_auth_code end
         as new_auth_code,
       case when target.is_active is not distinct from true
            and target.granted_scopes is not distinct from source.put_granted_scopes
            then source.old_granted_scopes
            when kept.source_id is null and target.new_granted_scopes is null then source.old_granted_scopes
            else target.new_granted_scopes end
         as new_granted_scopes,
       case when target.is_active is not distinct from true
            and target.refresh_expired is not distinct from source.put_refresh_expired
            then source.old_refresh_expired
            when kept.source_id is null and target.new_refresh_expired is null then source.old_refresh_expired
            else target.new_refresh_expired end
         as new_refresh_expired
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_gmail_20356282 as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_external_user_id = target.external_user_id
 where (kept.source_id is not null or target.external_user_id = source.put_external_user_id);
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_gmail_20356282 replica identity full;
-- hold back trigger users_touch on dev.users: it must not change rows that are only moved
alter table dev.users disable trigger users_touch;
-- what was withdrawn since does not come back to life
update dev.users as source
   set access_token = null,
       refresh_token = null,
       client_id = null,
       client_secret = null,
       auth_code = null,
       granted_scopes = null,
       refresh_expired = null
  from godwit_kept.moved_gmail_20356282 as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_gmail_20356282 as back where back.source_id = kept.source_id)
   and (source.access_token is not null
        or source.refresh_token is not null
        or source.client_id is not null
        or source.client_secret is not null
        or source.auth_code is not null
        or source.granted_scopes is not null
        or source.refresh_expired is not null);
-- leave out what constraint users_secret_needs_client of dev.users refuses
update godwit_kept.back_gmail_20356282 as back set place = null
 where place = 1
   and exists (select from (select back.new_client_secret as client_secret, back.new_client_id as client_id
                              from dev.users as source
                             where source.id = back.source_id) as users
                where not (client_secret is null or client_id is not null));
-- carry what was written since back into dev.users
update dev.users as source
   set access_token = back.new_access_token,
       refresh_token = back.new_refresh_token,
       client_id = back.new_client_id,
       client_secret = back.new_client_secret,
       auth_code = back.new_auth_code,
       granted_scopes = back.new_granted_scopes,
       refresh_expired = back.new_refresh_expired
  from godwit_kept.back_gmail_20356282 as back
 where back.place = 1
   and source.id = back.source_id
   and (source.access_token is distinct from back.new_access_token
        or source.refresh_token is distinct from back.new_refresh_token
        or source.client_id is distinct from back.new_client_id
        or source.client_secret is distinct from back.new_client_secret
        or source.auth_code is distinct from back.new_auth_code
        or source.granted_scopes is distinct from back.new_granted_scopes
        or source.refresh_expired is distinct from back.new_refresh_expired);
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- let trigger users_touch on dev.users fire again
alter table dev.users enable trigger users_touch;
-- note rows of which dev.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'move gmail', 'dev.user_integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from dev.user_integrations as target
  join godwit_kept.back_gmail_20356282 as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           email as put_external_user_id,
           access_token as put_access_token,
           refresh_token as put_refresh_token,
           client_id as put_client_id,
           client_secret as put_client_secret,
           auth_code as put_auth_code,
           granted_scopes as put_granted_scopes,
           coalesce(refresh_expired, false) as put_refresh_expired
      from dev.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'gmail'::text
    or target.external_user_id is distinct from source.put_external_user_id
    or target.access_token is distinct from source.put_access_token
    or target.refresh_token is distinct from source.put_refresh_token
    or target.client_id is distinct from source.put_client_id
    or target.client_secret is distinct from source.put_client_secret
    or target.auth_code is distinct from source.put_auth_code
    or target.granted_scopes is distinct from source.put_granted_scopes
    or target.refresh_expired is distinct from source.put_refresh_expired
    or target.credentials is distinct from '{}'
    or target.is_active is distinct from true;
-- remove from dev.user_integrations what is back in dev.users
delete from dev.user_integrations as target
 using godwit_kept.back_gmail_20356282 as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_gmail_20356282
drop table godwit_kept.back_gmail_20356282;
-- drop godwit_kept.moved_gmail_20356282
drop table godwit_kept.moved_gmail_20356282;

-- [28/56] undo: rows dev.services (specs/20250916000000_user_integrations.gw:229)
--   locks dev.services (row exclusive), dev.user_integrations (row exclusive); scan
-- note the rows that are left in dev.user_integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'drop table dev.user_integrations', 'dev.user_integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.user_integrations as leaving
 where exists (select from dev.services as target, godwit_kept.seeded_services_df6384e9 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- remove these rows from dev.user_integrations
delete from dev.user_integrations as leaving
 where exists (select from dev.services as target, godwit_kept.seeded_services_df6384e9 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- take rows out of dev.services that nobody changed and nothing refers to
delete from dev.services as target
 using godwit_kept.seeded_services_df6384e9 as seed
 where target.id = seed.id
   and target.name is not distinct from seed.name
   and target.auth_type is not distinct from seed.auth_type
   and target.is_active is not distinct from true
   and not exists (select from dev.user_integrations as child where child.service_id = target.id);
-- drop godwit_kept.seeded_services_df6384e9
drop table godwit_kept.seeded_services_df6384e9;

-- [29/56] undo: create function dev.update_integration_tokens(text, text, text, text) (specs/20250916000000_user_integrations.gw:116)
-- drop function dev.update_integration_tokens(text, text, text, text)
drop function dev.update_integration_tokens(text, text, text, text);

-- [30/56] undo: create function dev.unlink_service_from_user(text, text, text) (specs/20250916000000_user_integrations.gw:75)
-- drop function dev.unlink_service_from_user(text, text, text)
drop function dev.unlink_service_from_user(text, text, text);

-- [31/56] undo: create function dev.remove_service_integration(text, text, text) (specs/20250916000000_user_integrations.gw:95)
-- drop function dev.remove_service_integration(text, text, text)
drop function dev.remove_service_integration(text, text, text);

-- [32/56] undo: create function dev.reactivate_service_integration(text, text, text) (specs/20250916000000_user_integrations.gw:85)
-- drop function dev.reactivate_service_integration(text, text, text)
drop function dev.reactivate_service_integration(text, text, text);

-- [33/56] undo: create function dev.link_whatsapp(text, text) (specs/20250916000000_user_integrations.gw:60)
-- drop function dev.link_whatsapp(text, text)
drop function dev.link_whatsapp(text, text);

-- [34/56] undo: create function dev.link_telegram(text, text, text) (specs/20250916000000_user_integrations.gw:49)
-- drop function dev.link_telegram(text, text, text)
drop function dev.link_telegram(text, text, text);

-- [35/56] undo: create function dev.link_signal(text, text) (specs/20250916000000_user_integrations.gw:55)
-- drop function dev.link_signal(text, text)
drop function dev.link_signal(text, text);

-- [36/56] undo: create function dev.link_google_calendar(text, text, text, text) (specs/20250916000000_user_integrations.gw:44)
-- drop function dev.link_google_calendar(text, text, text, text)
drop function dev.link_google_calendar(text, text, text, text);

-- [37/56] undo: create function dev.link_gmail(text, text, text, text) (specs/20250916000000_user_integrations.gw:39)
-- drop function dev.link_gmail(text, text, text, text)
drop function dev.link_gmail(text, text, text, text);

-- [38/56] undo: create function dev.bulk_link_services_to_user(text, jsonb) (specs/20250916000000_user_integrations.gw:65)
-- drop function dev.bulk_link_services_to_user(text, jsonb)
drop function dev.bulk_link_services_to_user(text, jsonb);

-- [39/56] undo: create function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb) (specs/20250916000000_user_integrations.gw:11)
-- drop function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)
drop function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb);

-- [40/56] undo: create function dev.get_valid_token(text, text) (specs/20250916000000_user_integrations.gw:131)
-- drop function dev.get_valid_token(text, text)
drop function dev.get_valid_token(text, text);

-- [41/56] undo: create function dev.get_user_with_integrations(text) (specs/20250916000000_user_integrations.gw:184)
-- drop function dev.get_user_with_integrations(text)
drop function dev.get_user_with_integrations(text);

-- [42/56] undo: create function dev.get_user_integration_stats() (specs/20250916000000_user_integrations.gw:165)
-- drop function dev.get_user_integration_stats()
drop function dev.get_user_integration_stats();

-- [43/56] undo: create function dev.get_calendar_token(text) (specs/20250916000000_user_integrations.gw:152)
-- drop function dev.get_calendar_token(text)
drop function dev.get_calendar_token(text);

-- [44/56] undo: create function dev.find_incomplete_integrations() (specs/20250916000000_user_integrations.gw:175)
-- drop function dev.find_incomplete_integrations()
drop function dev.find_incomplete_integrations();

-- [45/56] undo: create function dev.cleanup_orphaned_integrations() (specs/20250916000000_user_integrations.gw:105)
-- drop function dev.cleanup_orphaned_integrations()
drop function dev.cleanup_orphaned_integrations();

-- [46/56] undo: create table dev.user_integrations (specs/20250916000000_user_integrations.gw:238)
--   locks dev.user_integrations (access exclusive); scan
-- note the rows that are left in dev.user_integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'drop table dev.user_integrations', 'dev.user_integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.user_integrations as leaving;
-- drop table dev.user_integrations
drop table dev.user_integrations;

-- [47/56] undo: create table dev.services (specs/20250916000000_user_integrations.gw:217)
--   locks dev.services (access exclusive); scan
-- note the rows that are left in dev.services: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'drop table dev.services', 'dev.services',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.services as leaving;
-- drop table dev.services
drop table dev.services;

-- [48/56] undo: drop index dev.users_signup_token_idx (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (share); scan
-- create index dev.users_signup_token_idx
create index users_signup_token_idx on dev.users (telegram_signup_token) where telegram_signup_token is not null;

-- [49/56] undo: drop index dev.users_signal_idx (specs/20250916000000_user_integrations.gw:346)
--   locks dev.users (share); scan
-- create index dev.users_signal_idx
create unique index users_signal_idx on dev.users (signal_source_uuid) where signal_source_uuid is not null;

-- [50/56] undo: drop index dev.users_scopes_idx (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (share); scan
-- create index dev.users_scopes_idx
create index users_scopes_idx on dev.users using gin (granted_scopes);

-- [51/56] undo: drop check constraint users_secret_needs_client on dev.users (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); scan
-- stop when other tables refer to what constraint users_secret_needs_client of dev.users refuses
do $$
#variable_conflict use_column
declare
  v_found bigint;
begin
  select count(*) into v_found
    from dev.users
   where (not (client_secret is null or client_id is not null))
     and (exists (select from dev.digests as child where child.user_id = users.id)
          or exists (select from dev.emails as child where child.user_id = users.id)
          or exists (select from dev.legacy_imports as child where child.user_id = users.id)
          or exists (select from dev.mail_aliases as child where child.email = users.email)
          or exists (select from dev.user_settings as child where child.user_id = users.id)
          or exists (select from ops.access_log as child where child.user_id = users.id));
  if v_found > 0 then
    raise exception 'what constraint users_secret_needs_client of dev.users refuses: % rows written since cannot stay, and other tables refer to them', v_found
      using errcode = 'GW004', hint = 'change or remove these rows, then roll back again';
  end if;
end $$;
-- note what constraint users_secret_needs_client of dev.users refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'restore check constraint users_secret_needs_client on dev.users', 'dev.users',
       jsonb_build_object('id', users.id), to_jsonb(users),
       'refused by check constraint users_secret_needs_client on dev.users'
  from dev.users
 where not (client_secret is null or client_id is not null);
-- remove what constraint users_secret_needs_client of dev.users refuses
delete from dev.users
 where not (client_secret is null or client_id is not null);
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- add check constraint users_secret_needs_client on dev.users
alter table dev.users
    add constraint users_secret_needs_client check (client_secret is null or client_id is not null);

-- [52/56] undo: drop unique constraint users_telegram_id_key on dev.users (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); scan
-- stop when other tables refer to what users_telegram_id_key of dev.users refuses
do $$
#variable_conflict use_column
declare
  v_found bigint;
begin
  select count(*) into v_found
    from dev.users
   where (exists (select from dev.users as earlier
                where earlier.telegram_id = users.telegram_id and (earlier.id) < (users.id)))
     and (exists (select from dev.digests as child where child.user_id = users.id)
          or exists (select from dev.emails as child where child.user_id = users.id)
          or exists (select from dev.legacy_imports as child where child.user_id = users.id)
          or exists (select from dev.mail_aliases as child where child.email = users.email)
          or exists (select from dev.user_settings as child where child.user_id = users.id)
          or exists (select from ops.access_log as child where child.user_id = users.id));
  if v_found > 0 then
    raise exception 'what users_telegram_id_key of dev.users refuses: % rows written since cannot stay, and other tables refer to them', v_found
      using errcode = 'GW004', hint = 'change or remove these rows, then roll back again';
  end if;
end $$;
-- note what users_telegram_id_key of dev.users refuses
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250916000000_user_integrations', 'restore unique constraint users_telegram_id_key on dev.users', 'dev.users',
       jsonb_build_object('id', users.id), to_jsonb(users),
       'refused by unique constraint users_telegram_id_key on dev.users'
  from dev.users
 where exists (select from dev.users as earlier
                where earlier.telegram_id = users.telegram_id and (earlier.id) < (users.id));
-- remove what users_telegram_id_key of dev.users refuses
delete from dev.users
 where exists (select from dev.users as earlier
                where earlier.telegram_id = users.telegram_id and (earlier.id) < (users.id));
-- check deferred constraints now: a table with pending checks cannot be altered
set constraints all immediate;
-- add unique constraint users_telegram_id_key on dev.users
alter table dev.users
    add constraint users_telegram_id_key unique (telegram_id);

-- [53/56] leave nothing empty behind
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

-- [54/56] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250916000000_user_integrations';
delete from godwit.hidden_column where migration = '20250916000000_user_integrations';
delete from godwit.checkpoint where migration = '20250916000000_user_integrations';
insert into godwit.event (migration, what, detail)
select '20250916000000_user_integrations', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [55/56] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250916000000_user_integrations', 'message', 'rolled back',
  'tables', array['dev.services', 'dev.user_integrations', 'dev.users']::text[])::text);

-- [56/56] commit
commit;
$down$,
  $finalize$-- godwit finalize 20250916000000_user_integrations
-- Credentials leave the users table
-- spec: specs/20250916000000_user_integrations.gw
-- checksum: sha256:46415dff27e5c7ac436d137f9c5f7e6d252e25e0859510ffe37663517d724014
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:0a40c6a22dcaaa0facebd4133175efe101b2e8b700f1a82195c6679e4367f7cf

-- [1/28] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/28] refuse when this is not applied
do $godwit$
declare is_state text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250916000000_user_integrations';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250916000000_user_integrations cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/28] drop godwit_kept.seeded_services_df6384e9 (specs/20250916000000_user_integrations.gw:229)
drop table godwit_kept.seeded_services_df6384e9;

-- [4/28] drop godwit_kept.moved_gmail_20356282 (specs/20250916000000_user_integrations.gw:271)
drop table godwit_kept.moved_gmail_20356282;

-- [5/28] drop godwit_kept.moved_google_calendar_20356282 (specs/20250916000000_user_integrations.gw:296)
drop table godwit_kept.moved_google_calendar_20356282;

-- [6/28] drop godwit_kept.moved_signal_20356282 (specs/20250916000000_user_integrations.gw:334)
drop table godwit_kept.moved_signal_20356282;

-- [7/28] drop godwit_kept.moved_telegram_20356282 (specs/20250916000000_user_integrations.gw:321)
drop table godwit_kept.moved_telegram_20356282;

-- [8/28] drop the hidden column dev.users.access_token_2 (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_access_token_2');

-- [9/28] drop the hidden column dev.users.auth_code (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_auth_code');

-- [10/28] drop the hidden column dev.users.auth_code_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_auth_code_2');

-- [11/28] drop the hidden column dev.users.client_id_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_client_id_2');

-- [12/28] drop the hidden column dev.users.client_secret_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_client_secret_2');

-- [13/28] drop the hidden column dev.users.granted_scopes (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_granted_scopes');

-- [14/28] drop the hidden column dev.users.granted_scopes_2 (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_granted_scopes_2');

-- [15/28] drop the hidden column dev.users.refresh_expired_2 (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_refresh_expired_2');

-- [16/28] drop the hidden column dev.users.refresh_token_2 (specs/20250916000000_user_integrations.gw:344)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_refresh_token_2');

-- [17/28] drop the hidden column dev.users.signal_source_uuid (specs/20250916000000_user_integrations.gw:346)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_signal_source_uuid');

-- [18/28] drop the hidden column dev.users.telegram_id (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_telegram_id');

-- [19/28] drop the hidden column dev.users.telegram_signup_token (specs/20250916000000_user_integrations.gw:345)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_telegram_signup_token');

-- [20/28] drop the hidden column dev.users.client_secret (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_client_secret');

-- [21/28] drop the hidden column dev.users.access_token (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_access_token');

-- [22/28] drop the hidden column dev.users.client_id (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_client_id');

-- [23/28] drop the hidden column dev.users.refresh_expired (specs/20250916000000_user_integrations.gw:343)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_refresh_expired');

-- [24/28] drop the hidden column dev.users.refresh_token (specs/20250916000000_user_integrations.gw:342)
--   locks dev.users (access exclusive); instant
select godwit.drop_hidden_column('20250916000000_user_integrations', 'dev', 'users', '_gw_keep_refresh_token');

-- [25/28] leave nothing empty behind
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

-- [26/28] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250916000000_user_integrations';
insert into godwit.event (migration, what, detail)
select '20250916000000_user_integrations', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [27/28] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250916000000_user_integrations', 'message', 'finalized',
  'tables', array['dev.services', 'dev.user_integrations', 'dev.users']::text[])::text);

-- [28/28] commit
commit;
$finalize$,
  $verify$-- godwit verify 20250916000000_user_integrations
-- Credentials leave the users table
-- spec: specs/20250916000000_user_integrations.gw
-- checksum: sha256:46415dff27e5c7ac436d137f9c5f7e6d252e25e0859510ffe37663517d724014
-- rollback: exact while the window is open (14d)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:00a152019e48256d7983dffd0bdd19d4397e413839a81b4f78b523f22c95e703

-- [1/34] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table dev.services', 'specs/20250916000000_user_integrations.gw:217', 'dev.services', 'p', false, false),
    ('table dev.user_integrations', 'specs/20250916000000_user_integrations.gw:238', 'dev.user_integrations', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [2/34] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column dev.services.auth_type', 'specs/20250916000000_user_integrations.gw:220', 'dev.services', 'auth_type', 'text', true, false, false, false),
    ('column dev.services.created_at', 'specs/20250916000000_user_integrations.gw:222', 'dev.services', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column dev.services.id', 'specs/20250916000000_user_integrations.gw:218', 'dev.services', 'id', 'text', true, false, false, false),
    ('column dev.services.is_active', 'specs/20250916000000_user_integrations.gw:221', 'dev.services', 'is_active', 'boolean', true, true, false, false),
    ('column dev.services.name', 'specs/20250916000000_user_integrations.gw:219', 'dev.services', 'name', 'text', true, false, false, false),
    ('column dev.user_integrations.access_token', 'specs/20250916000000_user_integrations.gw:243', 'dev.user_integrations', 'access_token', 'text', false, false, false, false),
    ('column dev.user_integrations.auth_code', 'specs/20250916000000_user_integrations.gw:247', 'dev.user_integrations', 'auth_code', 'text', false, false, false, false),
    ('column dev.user_integrations.client_id', 'specs/20250916000000_user_integrations.gw:245', 'dev.user_integrations', 'client_id', 'text', false, false, false, false),
    ('column dev.user_integrations.client_secret', 'specs/20250916000000_user_integrations.gw:246', 'dev.user_integrations', 'client_secret', 'text', false, false, false, false),
    ('column dev.user_integrations.credentials', 'specs/20250916000000_user_integrations.gw:250', 'dev.user_integrations', 'credentials', 'jsonb', true, true, false, false),
    ('column dev.user_integrations.external_user_id', 'specs/20250916000000_user_integrations.gw:242', 'dev.user_integrations', 'external_user_id', 'text', false, false, false, false),
    ('column dev.user_integrations.granted_scopes', 'specs/20250916000000_user_integrations.gw:248', 'dev.user_integrations', 'granted_scopes', 'text[]', false, false, false, false),
    ('column dev.user_integrations.id', 'specs/20250916000000_user_integrations.gw:239', 'dev.user_integrations', 'id', 'bigint', true, false, true, false),
    ('column dev.user_integrations.is_active', 'specs/20250916000000_user_integrations.gw:251', 'dev.user_integrations', 'is_active', 'boolean', true, true, false, false),
    ('column dev.user_integrations.linked_at', 'specs/20250916000000_user_integrations.gw:252', 'dev.user_integrations', 'linked_at', 'timestamp with time zone', true, true, false, false),
    ('column dev.user_integrations.refresh_expired', 'specs/20250916000000_user_integrations.gw:249', 'dev.user_integrations', 'refresh_expired', 'boolean', true, true, false, false),
    ('column dev.user_integrations.refresh_token', 'specs/20250916000000_user_integrations.gw:244', 'dev.user_integrations', 'refresh_token', 'text', false, false, false, false),
    ('column dev.user_integrations.service_id', 'specs/20250916000000_user_integrations.gw:241', 'dev.user_integrations', 'service_id', 'text', true, false, false, false),
    ('column dev.user_integrations.updated_at', 'specs/20250916000000_user_integrations.gw:253', 'dev.user_integrations', 'updated_at', 'timestamp with time zone', true, true, false, false),
    ('column dev.user_integrations.user_id', 'specs/20250916000000_user_integrations.gw:240', 'dev.user_integrations', 'user_id', 'text', true, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [3/34] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key services_pkey on dev.services', 'specs/20250916000000_user_integrations.gw:218', 'dev.services', 'services_pkey', false, false, array['id']),
    ('primary key user_integrations_pkey on dev.user_integrations', 'specs/20250916000000_user_integrations.gw:239', 'dev.user_integrations', 'user_integrations_pkey', false, false, array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [4/34] unique constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'u' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'unique constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('unique constraint user_integrations_user_id_service_id_external_user_id_key on dev.user_integrations', 'specs/20250916000000_user_integrations.gw:255', 'dev.user_integrations', 'user_integrations_user_id_service_id_external_user_id_key', false, false, array['user_id', 'service_id', 'external_user_id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [5/34] check constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'c' and c.convalidated = d.is_valid)
    then 'PASS' else 'FAIL' end as result, 'check constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('check constraint services_auth_type_check on dev.services', 'specs/20250916000000_user_integrations.gw:220', 'dev.services', 'services_auth_type_check', true)
  ) as d (object, place, relation, name, is_valid);

-- [6/34] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key user_integrations_service_id_fkey on dev.user_integrations', 'specs/20250916000000_user_integrations.gw:241', 'dev.user_integrations', 'user_integrations_service_id_fkey', false, false, 'dev.services', true, 'a', 'a', array['service_id'], array['id']),
    ('foreign key user_integrations_user_id_fkey on dev.user_integrations', 'specs/20250916000000_user_integrations.gw:240', 'dev.user_integrations', 'user_integrations_user_id_fkey', false, false, 'dev.users', true, 'c', 'a', array['user_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [7/34] function: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'function' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('function dev.bulk_link_services_to_user(text, jsonb)', 'specs/20250916000000_user_integrations.gw:65', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.bulk_link_services_to_user(text, jsonb)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'c0e1c69de22893f90f424c8cac098c19d466f65a2027909e98435b09bfcbc731')),
    ('function dev.cleanup_orphaned_integrations()', 'specs/20250916000000_user_integrations.gw:105', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.cleanup_orphaned_integrations()') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'b8a20f1b07d9f10682ef0aabc2277ebd1b0b3c3abcbe7543d8a669a5a97ba0fe')),
    ('function dev.find_incomplete_integrations()', 'specs/20250916000000_user_integrations.gw:175', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.find_incomplete_integrations()') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'b5cdd9d79b1bf500fb4416f7a06723feb95c41e818409612526653b847bf10ec')),
    ('function dev.get_calendar_token(text)', 'specs/20250916000000_user_integrations.gw:152', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_calendar_token(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'ccaaf009bf0056fd62e5ccb54e8c79ee1ac82c4bda231b0014c1318c89ae33ac')),
    ('function dev.get_gmail_token(text)', 'specs/20250916000000_user_integrations.gw:141', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_gmail_token(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '1882340f879fd9f3904727413175496b89351da4849bcdce6b4118b14fdb5a13')),
    ('function dev.get_user_integration_stats()', 'specs/20250916000000_user_integrations.gw:165', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_user_integration_stats()') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '32d21e50509ea2f4e3968579db6ed428cfb34c8524d119e84b59b8de8f5bc1ac')),
    ('function dev.get_user_with_integrations(text)', 'specs/20250916000000_user_integrations.gw:184', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_user_with_integrations(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'a94bb61ce1100a1e6560015c791474896b684b9d5097d0252f4e3e19e5b46b81')),
    ('function dev.get_valid_token(text, text)', 'specs/20250916000000_user_integrations.gw:131', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_valid_token(text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '5a9a806293d2da5bf81a46392664d1af006fb720679f58d1b70862383bbf4b71')),
    ('function dev.link_gmail(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:39', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_gmail(text, text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '41a25c1abe58727b66c7dbe6df3aa9112b638566bb2040d0e70177283914267f')),
    ('function dev.link_google_calendar(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:44', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_google_calendar(text, text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '9ca37b53c02381ed40b1d8b8ae9da4f15c993e1cc1f23666cc2d778ef1132552')),
    ('function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)', 'specs/20250916000000_user_integrations.gw:11', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'fa45c22110c6e081c1c48734ed769703fdd3ec4fbf184ded038963ded1acc0ce')),
    ('function dev.link_signal(text, text)', 'specs/20250916000000_user_integrations.gw:55', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_signal(text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '610d0f7b1386208bdec76c0e1bece68efe1fd5050d3f92f3a46572290147d190')),
    ('function dev.link_telegram(text, text, text)', 'specs/20250916000000_user_integrations.gw:49', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_telegram(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '94f8eb2c7d7290ce021df8af89f1cdbf57d94f94edb9d910b3d6bed40a5023ee')),
    ('function dev.link_whatsapp(text, text)', 'specs/20250916000000_user_integrations.gw:60', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.link_whatsapp(text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'd7122682602da1d7aafa0f59f148a4a88100cf2683c9d92b485fe16ba2af835b')),
    ('function dev.reactivate_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:85', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.reactivate_service_integration(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'ec97532cf41d60e0151f1e01f1cff7fd7079777a21401d668c6294655a758c90')),
    ('function dev.remove_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:95', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.remove_service_integration(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '92e903fdf676cafedd047d06e171c7848d6eb7a4b12cb3b9d36665fa2005809a')),
    ('function dev.unlink_service_from_user(text, text, text)', 'specs/20250916000000_user_integrations.gw:75', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.unlink_service_from_user(text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'd74485e745596aa70aeaff06e212b266e35e17eb000ffac0ae13f6f2c727f6f9')),
    ('function dev.update_integration_tokens(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:116', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.update_integration_tokens(text, text, text, text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '5a4300b5ad8c8180262d2d5c9fc180f377ebb8957ee448ac766baa8aacad3134'))
  ) as d (object, place, passed);

-- [8/34] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view dev.v_gmail_users', 'specs/20250916000000_user_integrations.gw:349', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('dev.v_gmail_users') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'email', 'connected', 'refresh_expired']::text[]))
  ) as d (object, place, passed);

-- [9/34] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index dev.user_integrations_one_owner', 'specs/20250916000000_user_integrations.gw:258', 'dev.user_integrations', 'dev.user_integrations_one_owner', true, 2, true),
    ('index dev.user_integrations_service_id_idx', 'specs/20250916000000_user_integrations.gw:256', 'dev.user_integrations', 'dev.user_integrations_service_id_idx', false, 1, false)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [10/34] trigger: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'trigger' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('trigger user_integrations_touch on dev.user_integrations', 'specs/20250916000000_user_integrations.gw:261', exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass('dev.user_integrations') and t.tgname = 'user_integrations_touch' and not t.tgisinternal and t.tgenabled <> 'D' and t.tgfoid = to_regprocedure('dev.touch_updated_at()')))
  ) as d (object, place, passed);

-- [11/34] owner: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'owner' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('owner of table dev.services', 'specs/20250916000000_user_integrations.gw:224', exists (select from pg_catalog.pg_class where oid = to_regclass('dev.services') and relowner = to_regrole('app_owner'))),
    ('owner of table dev.user_integrations', 'specs/20250916000000_user_integrations.gw:263', exists (select from pg_catalog.pg_class where oid = to_regclass('dev.user_integrations') and relowner = to_regrole('app_owner')))
  ) as d (object, place, passed);

-- [12/34] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to app_backend on function dev.bulk_link_services_to_user(text, jsonb)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.bulk_link_services_to_user(text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.bulk_link_services_to_user(text, jsonb)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.bulk_link_services_to_user(text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.cleanup_orphaned_integrations()', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.cleanup_orphaned_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.cleanup_orphaned_integrations()', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.cleanup_orphaned_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.find_incomplete_integrations()', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.find_incomplete_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.find_incomplete_integrations()', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.find_incomplete_integrations()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.get_calendar_token(text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_calendar_token(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.get_calendar_token(text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_calendar_token(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.get_user_integration_stats()', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_integration_stats()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.get_user_integration_stats()', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_integration_stats()') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.get_user_with_integrations(text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_with_integrations(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.get_user_with_integrations(text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_user_with_integrations(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.get_valid_token(text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_valid_token(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.get_valid_token(text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_valid_token(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_gmail(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_gmail(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_gmail(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_gmail(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_google_calendar(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_google_calendar(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_google_calendar(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_google_calendar(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_service_to_user(text, text, text, text, text, text, text, jsonb)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_signal(text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_signal(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_signal(text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_signal(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_telegram(text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_telegram(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_telegram(text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_telegram(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.link_whatsapp(text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_whatsapp(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.link_whatsapp(text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.link_whatsapp(text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.reactivate_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.reactivate_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.reactivate_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.reactivate_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.remove_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.remove_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.remove_service_integration(text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.remove_service_integration(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on table dev.services', 'specs/20250916000000_user_integrations.gw:225', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.services') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['SELECT']::text[])),
    ('grant to app_backend on function dev.unlink_service_from_user(text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.unlink_service_from_user(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.unlink_service_from_user(text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.unlink_service_from_user(text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on function dev.update_integration_tokens(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:203', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.update_integration_tokens(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.update_integration_tokens(text, text, text, text)', 'specs/20250916000000_user_integrations.gw:195', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.update_integration_tokens(text, text, text, text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on table dev.user_integrations', 'specs/20250916000000_user_integrations.gw:264', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.user_integrations') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[]))
  ) as d (object, place, passed);

-- [13/34] comment: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'comment' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('comment on function dev.get_calendar_token(text)', 'specs/20250916000000_user_integrations.gw:211', obj_description(to_regprocedure('dev.get_calendar_token(text)'), 'pg_proc') is not distinct from 'Server side only: returns secrets'),
    ('comment on function dev.get_user_with_integrations(text)', 'specs/20250916000000_user_integrations.gw:213', obj_description(to_regprocedure('dev.get_user_with_integrations(text)'), 'pg_proc') is not distinct from 'Server side only: returns secrets'),
    ('comment on function dev.get_valid_token(text, text)', 'specs/20250916000000_user_integrations.gw:212', obj_description(to_regprocedure('dev.get_valid_token(text, text)'), 'pg_proc') is not distinct from 'Server side only: returns secrets'),
    ('comment on table dev.services', 'specs/20250916000000_user_integrations.gw:226', obj_description(to_regclass('dev.services'), 'pg_class') is not distinct from 'Outside services that people can connect'),
    ('comment on table dev.user_integrations', 'specs/20250916000000_user_integrations.gw:265', obj_description(to_regclass('dev.user_integrations'), 'pg_class') is not distinct from 'One row per person, service and account; holds secrets'),
    ('comment on column dev.user_integrations.access_token', 'specs/20250916000000_user_integrations.gw:243', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'access_token' and col_description(attrelid, attnum) = 'Plain text, as it was in users')),
    ('comment on column dev.user_integrations.client_secret', 'specs/20250916000000_user_integrations.gw:246', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'client_secret' and col_description(attrelid, attnum) = 'Plain text, as it was in users')),
    ('comment on column dev.user_integrations.credentials', 'specs/20250916000000_user_integrations.gw:250', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'credentials' and col_description(attrelid, attnum) = 'What only some services have, such as signup_token')),
    ('comment on column dev.user_integrations.external_user_id', 'specs/20250916000000_user_integrations.gw:242', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'external_user_id' and col_description(attrelid, attnum) = 'The account at the service: address, id, uuid or phone number')),
    ('comment on column dev.user_integrations.is_active', 'specs/20250916000000_user_integrations.gw:251', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'is_active' and col_description(attrelid, attnum) = 'False: unlinked, kept for reactivation')),
    ('comment on column dev.user_integrations.refresh_token', 'specs/20250916000000_user_integrations.gw:244', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.user_integrations') and attname = 'refresh_token' and col_description(attrelid, attnum) = 'Plain text, as it was in users'))
  ) as d (object, place, passed);

-- [14/34] check after: integrations without a person (specs/20250916000000_user_integrations.gw:377)
--   locks dev.user_integrations (access share), dev.users (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations as i
   where not exists (select from dev.users u where u.id = i.user_id);
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select i.id::text as k
              from dev.user_integrations as i
   where not exists (select from dev.users u where u.id = i.user_id)
             order by i.id limit 10) as offending;
    raise exception 'check "integrations without a person" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "integrations without a person" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [15/34] check after: integrations without a service (specs/20250916000000_user_integrations.gw:380)
--   locks dev.services (access share), dev.user_integrations (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations as i
   where not exists (select from dev.services s where s.id = i.service_id);
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select i.id::text as k
              from dev.user_integrations as i
   where not exists (select from dev.services s where s.id = i.service_id)
             order by i.id limit 10) as offending;
    raise exception 'check "integrations without a service" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "integrations without a service" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [16/34] check after: nobody uses WhatsApp yet (specs/20250916000000_user_integrations.gw:384)
--   locks dev.user_integrations (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations
   where service_id = 'whatsapp';
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select user_integrations.id::text as k
              from dev.user_integrations
   where service_id = 'whatsapp'
             order by user_integrations.id limit 10) as offending;
    raise exception 'check "nobody uses WhatsApp yet" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "nobody uses WhatsApp yet" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [17/34] check after: null sign-up tokens (specs/20250916000000_user_integrations.gw:383)
--   locks dev.user_integrations (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from dev.user_integrations
   where credentials @> '{"signup_token": null}';
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select user_integrations.id::text as k
              from dev.user_integrations
   where credentials @> '{"signup_token": null}'
             order by user_integrations.id limit 10) as offending;
    raise exception 'check "null sign-up tokens" failed: found %, limit 0; keys %', v_found, v_keys using errcode = 'GW002';
  else
    raise notice 'check "null sign-up tokens" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [18/34] check after: the five services (specs/20250916000000_user_integrations.gw:385)
--   locks dev.services (access share); scan
do $$
#variable_conflict use_column
begin
  if ((select count(*) from dev.services) = 5) is true then
    raise notice 'check "the five services" passed';
  else
    raise exception 'check "the five services" failed' using errcode = 'GW002';
  end if;
end $$;

-- [19/34] where godwit_kept.moved_gmail_20356282 is still there
select to_regclass('godwit_kept.moved_gmail_20356282') is not null as kept_1
\gset
\if :kept_1

-- [20/34] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [21/34] compare move gmail (specs/20250916000000_user_integrations.gw:271)
--   keys of: dev.users
--   ranges by: id
--   needs godwit_kept.moved_gmail_20356282: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250916000000_user_integrations', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved; null: written since
  select users.id as source_id,
         case when age(users.xmin) >= (select since from applied) then hashtextextended(row(
             id,
             'gmail'::text,
             email,
             _gw_keep_access_token,
             _gw_keep_refresh_token,
             _gw_keep_client_id,
             _gw_keep_client_secret,
             _gw_keep_auth_code,
             _gw_keep_granted_scopes,
             coalesce(_gw_keep_refresh_expired, false))::text, 0) end as given
    from dev.users
   where true  -- or a range of users.id
     and exists (select from godwit_kept.moved_gmail_20356282 as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = users.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(
             target.user_id,
             target.service_id,
             target.external_user_id,
             target.access_token,
             target.refresh_token,
             target.client_id,
             target.client_secret,
             target.auth_code,
             target.granted_scopes,
             target.refresh_expired)::text, 0) end as held
    from godwit_kept.moved_gmail_20356282 as kept
    left join source on source.source_id = kept.source_id
    left join dev.user_integrations as target
      on target.user_id = kept.target_user_id
      and target.service_id = kept.target_service_id
      and target.external_user_id = kept.target_external_user_id
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
  select users.id::text as row_key, row_number() over (order by users.id) as place
    from dev.users
   where true  -- or a range of users.id
     and not exists (select from godwit_kept.moved_gmail_20356282 as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = users.id)
     and (_gw_keep_access_token is not null or _gw_keep_refresh_token is not null or _gw_keep_client_id is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move gmail' as object,
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

-- [22/34] so far
\endif

-- [23/34] where godwit_kept.moved_google_calendar_20356282 is still there
select to_regclass('godwit_kept.moved_google_calendar_20356282') is not null as kept_2
\gset
\if :kept_2

-- [24/34] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [25/34] compare move google_calendar (specs/20250916000000_user_integrations.gw:296)
--   keys of: dev.users
--   ranges by: id
--   needs godwit_kept.moved_google_calendar_20356282: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250916000000_user_integrations', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved; null: written since
  select users.id as source_id,
         case when age(users.xmin) >= (select since from applied) then hashtextextended(row(
             id,
             'google_calendar'::text,
             email,
             _gw_keep_access_token_2,
             _gw_keep_refresh_token_2,
             _gw_keep_client_id_2,
             _gw_keep_client_secret_2,
             _gw_keep_auth_code_2,
             _gw_keep_granted_scopes_2,
             coalesce(_gw_keep_refresh_expired_2, false))::text, 0) end as given
    from dev.users
   where true  -- or a range of users.id
     and exists (select from godwit_kept.moved_google_calendar_20356282 as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = users.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(
             target.user_id,
             target.service_id,
             target.external_user_id,
             target.access_token,
             target.refresh_token,
             target.client_id,
             target.client_secret,
             target.auth_code,
             target.granted_scopes,
             target.refresh_expired)::text, 0) end as held
    from godwit_kept.moved_google_calendar_20356282 as kept
    left join source on source.source_id = kept.source_id
    left join dev.user_integrations as target
      on target.user_id = kept.target_user_id
      and target.service_id = kept.target_service_id
      and target.external_user_id = kept.target_external_user_id
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
  select users.id::text as row_key, row_number() over (order by users.id) as place
    from dev.users
   where true  -- or a range of users.id
     and not exists (select from godwit_kept.moved_google_calendar_20356282 as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = users.id)
     and (_gw_keep_access_token_2 is not null or _gw_keep_refresh_token_2 is not null or _gw_keep_client_id_2 is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move google_calendar' as object,
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

-- [26/34] so far
\endif

-- [27/34] where godwit_kept.moved_signal_20356282 is still there
select to_regclass('godwit_kept.moved_signal_20356282') is not null as kept_3
\gset
\if :kept_3

-- [28/34] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [29/34] compare move signal (specs/20250916000000_user_integrations.gw:334)
--   keys of: dev.users
--   ranges by: id
--   needs godwit_kept.moved_signal_20356282: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250916000000_user_integrations', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved
  select users.id as source_id,
         hashtextextended(row(id, 'signal'::text, _gw_keep_signal_source_uuid)::text, 0) as given
    from dev.users
   where true  -- or a range of users.id
     and exists (select from godwit_kept.moved_signal_20356282 as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = users.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.user_id, target.service_id, target.external_user_id)::text, 0) end as held
    from godwit_kept.moved_signal_20356282 as kept
    left join source on source.source_id = kept.source_id
    left join dev.user_integrations as target
      on target.user_id = kept.target_user_id
      and target.service_id = kept.target_service_id
      and target.external_user_id is not distinct from kept.target_external_user_id
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
  select users.id::text as row_key, row_number() over (order by users.id) as place
    from dev.users
   where true  -- or a range of users.id
     and not exists (select from godwit_kept.moved_signal_20356282 as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = users.id)
     and (_gw_keep_signal_source_uuid is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move signal' as object,
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

-- [30/34] so far
\endif

-- [31/34] where godwit_kept.moved_telegram_20356282 is still there
select to_regclass('godwit_kept.moved_telegram_20356282') is not null as kept_4
\gset
\if :kept_4

-- [32/34] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [33/34] compare move telegram (specs/20250916000000_user_integrations.gw:321)
--   keys of: dev.users
--   ranges by: id
--   needs godwit_kept.moved_telegram_20356282: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250916000000_user_integrations', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved
  select users.id as source_id,
         hashtextextended(row(
             id,
             'telegram'::text,
             _gw_keep_telegram_id,
             jsonb_strip_nulls(jsonb_build_object('signup_token', _gw_keep_telegram_signup_token)))::text, 0) as given
    from dev.users
   where true  -- or a range of users.id
     and exists (select from godwit_kept.moved_telegram_20356282 as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = users.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(
             target.user_id,
             target.service_id,
             target.external_user_id,
             target.credentials)::text, 0) end as held
    from godwit_kept.moved_telegram_20356282 as kept
    left join source on source.source_id = kept.source_id
    left join dev.user_integrations as target
      on target.user_id = kept.target_user_id
      and target.service_id = kept.target_service_id
      and target.external_user_id is not distinct from kept.target_external_user_id
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
  select users.id::text as row_key, row_number() over (order by users.id) as place
    from dev.users
   where true  -- or a range of users.id
     and not exists (select from godwit_kept.moved_telegram_20356282 as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = users.id)
     and (_gw_keep_telegram_id is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move telegram' as object,
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

-- [34/34] so far
\endif
$verify$
on conflict (id) do update set (sequence, title, checksum, state, baseline, rollback_class, steps, applied_at,
  applied_by, window_until, finalized_at, rolled_back_at, down_sql, finalize_sql, verify_sql) =
  (excluded.sequence, excluded.title, excluded.checksum, excluded.state, excluded.baseline,
   excluded.rollback_class, excluded.steps, excluded.applied_at, excluded.applied_by,
   excluded.window_until, null, null, excluded.down_sql, excluded.finalize_sql, excluded.verify_sql);
select godwit.note_hidden_columns('20250916000000_user_integrations');
insert into godwit.event (migration, what, detail)
select '20250916000000_user_integrations', case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, jsonb_build_object('catalog rows changed', godwit.remember());

-- [136/137] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250916000000_user_integrations', 'message', 'applied',
  'tables', array['dev.services', 'dev.user_integrations', 'dev.users']::text[])::text);

-- [137/137] commit
commit;
