-- godwit up 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:c71a07711faa2e1a4872d8b93d53b8521fee382b6fdf3ecac8b87b6da1855c05
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- postgres: 13
-- requires: 20250101000000_before
-- content: sha256:45f01ffe1409aec20cfcbbf4de517713ab4042884788d837bce92654b60cdf76

-- [1/18] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/18] the ledger
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

-- [3/18] refuse when this has run already or comes too early
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

-- [4/18] check before: nobody is lost (20250102000000_after.gw:4)
--   locks app.births (access share); scan
do $$
#variable_conflict use_column
declare
  v_found bigint;
  v_total bigint;
  v_keys text;
begin
  select count(*) into v_found from app.births
   where id is null;
  if v_found > 0 then
    select string_agg(k, ', ') into v_keys
      from (select concat_ws(' ', births.id::text, births.at::text) as k
              from app.births
   where id is null
             order by births.id, births.at limit 10) as offending;
    raise warning 'check "nobody is lost" failed: found %, limit 0; keys %', v_found, v_keys;
    perform set_config('godwit.failed_checks',
      concat_ws(', ', nullif(current_setting('godwit.failed_checks', true), ''), '"nobody is lost"'), true);
  else
    raise notice 'check "nobody is lost" passed: found %, limit 0', v_found;
  end if;
end $$;

-- [5/18] go or no-go: every check before the first change has run
do $$
#variable_conflict use_column
begin
  if coalesce(current_setting('godwit.failed_checks', true), '') <> '' then
    raise exception 'checks failed: %; nothing was changed', current_setting('godwit.failed_checks')
      using errcode = 'GW002', hint = 'the warnings above say what each of them found';
  end if;
end $$;

-- [6/18] go or no-go: move people (20250102000000_after.gw:2)
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
    from app.births;
  raise notice 'move people: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [7/18] lock what will change, in one fixed order
lock table app.births in access exclusive mode;

-- [8/18] phase expand
savepoint godwit_expand;

-- [9/18] create table app.people (20250102000000_after.gw:1)
create table app.people (
    id integer not null,
    born date not null,
    name text,
    constraint people_pkey primary key (id, born)
);

-- [10/18] phase move
savepoint godwit_move;

-- [11/18] backfill app.births (20250102000000_after.gw:3)
--   locks app.births (row exclusive); scan
--   godwit_kept.filled_births_c6a6ff43 keeps old and new values, until finalize
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep the rows of app.births that change, with old and new values
create table godwit_kept.filled_births_c6a6ff43 as
select *
  from (select births.id as row_id,
               births.at as row_at,
               births.weight as old_weight,
               1 as new_weight
          from app.births) as filled
 where old_weight is distinct from new_weight;
-- fill app.births
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_changing bigint;
  v_changed bigint;
begin
  select count(*) into v_total from app.births;
  select count(*) into v_changing from godwit_kept.filled_births_c6a6ff43;
  if exists (select from godwit_kept.filled_births_c6a6ff43 group by row_id, row_at having count(*) > 1) then
    raise exception 'backfill app.births: several rows fit one row of the table, and which value it gets would be left to chance' using errcode = 'GW003';
  end if;

  update app.births as target
     set weight = kept.new_weight
    from godwit_kept.filled_births_c6a6ff43 as kept
   where target.id = kept.row_id
     and target.at = kept.row_at;
  get diagnostics v_changed = row_count;

  if v_changed <> v_changing then
    raise exception 'backfill app.births: % rows were to change, but % did', v_changing, v_changed using errcode = 'GW003';
  end if;
  raise notice 'backfill app.births: % filled, % left as they were, % in all', v_changed, v_total - v_changed, v_total;
end $$;

-- [12/18] move people (20250102000000_after.gw:2)
--   locks app.births (access share), app.people (row exclusive); scan
--   godwit_kept.moved_people_502965ae remembers which rows were moved, until finalize
--   rollback: name := name
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep which rows of the source move, and where to
create table godwit_kept.moved_people_502965ae as
select id as source_id,
       at as source_at,
       id as target_id,
       at as target_born
  from app.births;
-- move people into app.people, every row accounted for
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
  v_from_1 app.births.id%type;
  v_to_1 app.births.id%type;
  v_from_2 app.births.at%type;
  v_to_2 app.births.at%type;
begin
  select count(*) into v_total from app.births;
  select count(*) into v_qualifying from godwit_kept.moved_people_502965ae;

  begin
    insert into app.people (id, born, name)
    select id,
           at,
           name
      from app.births;
    get diagnostics v_moved = row_count;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(v_qualifying / 2, 5000), 1);
    select births.id, births.at into v_from_1, v_from_2
      from app.births
     order by births.id, births.at limit 1;
    while v_from_1 is not null loop
      select id, at into v_to_1, v_to_2
        from (select births.id, births.at from app.births
               where (births.id, births.at) >= (v_from_1, v_from_2)
               order by births.id, births.at limit v_at_once) as next
       order by id desc, at desc limit 1;
      begin
        with image as not materialized (
          select id as source_id,
                 at as source_at,
                 id as put_id,
                 at as put_born,
                 name as put_name
            from app.births
           where (births.id, births.at) >= (v_from_1, v_from_2) and (births.id, births.at) <= (v_to_1, v_to_2)
        ), kept as (
          insert into godwit_kept.moved_people_502965ae (source_id, source_at, target_id, target_born)
          select source_id, source_at, put_id, put_born
            from image
        )
        insert into app.people (id, born, name)
        select put_id,
               put_born,
               put_name
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
        v_keys := concat_ws('; ', v_keys, concat_ws(' ', v_to_1, v_to_2) || ': ' || left(v_reason, 200) || ' (' || v_state || ')');
        exit when v_rejected = 10;
      end;
      select births.id, births.at into v_from_1, v_from_2
        from app.births
       where (births.id, births.at) > (v_to_1, v_to_2)
       order by births.id, births.at limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'move people: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows, or set them aside with `reject up to …`; nothing was changed';
  end;

  if v_moved + v_there <> v_qualifying then
    raise exception 'move people: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_moved, v_there using errcode = 'GW003',
      hint = 'somebody wrote to the source while it was read: run it again; nothing was changed';
  end if;
  raise notice 'move people: % moved, % already there, % left behind, % in all',
    v_moved, v_there, v_total - v_qualifying, v_total;
end $$;

-- [13/18] phase contract
savepoint godwit_contract;

-- [14/18] hide column app.births.name (20250102000000_after.gw:5)
--   locks app.births (access exclusive); instant
--   its values stay in place as _gw_keep_name until finalize
alter table app.births rename column name to _gw_keep_name;

-- [15/18] statistics for what was filled
analyze app.births;
analyze app.people;

-- [16/18] record the migration, with its way back
insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,
  window_until, down_sql, finalize_sql, verify_sql)
select '20250102000000_after', (select coalesce(max(sequence), 0) + 1 from godwit.migration), '', 'sha256:c71a07711faa2e1a4872d8b93d53b8521fee382b6fdf3ecac8b87b6da1855c05',
  case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, false, 'exact while the window is open', 5,
  now() + interval '48h',
  $down$-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:c71a07711faa2e1a4872d8b93d53b8521fee382b6fdf3ecac8b87b6da1855c05
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:0fcc02790181efda817137ee0832bba9c25c426974dcb75c7b2eb56b9387fab1

-- [1/12] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/12] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/12] lock what will change, in one fixed order
lock table app.births in access exclusive mode;
lock table app.people in access exclusive mode;

-- [4/12] a place for what has none in the old shape
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

-- [5/12] undo: hide column app.births.name (20250102000000_after.gw:5)
--   locks app.births (access exclusive); instant
-- bring back column app.births.name
alter table app.births rename column _gw_keep_name to name;

-- [6/12] undo: move people (20250102000000_after.gw:2)
--   locks app.births (row exclusive), app.people (row exclusive); scan
-- find the place of each row of app.people in app.births
create table godwit_kept.back_people_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         at as source_at,
         name as old_name,
         id as put_id,
         at as put_born,
         name as put_name
    from app.births
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         born,
         name,
         name as new_name
    from app.people
)
select source.source_id,
       source.source_at,
       target.id as target_id,
       target.born as target_born,
       row_number() over (partition by source.source_id, source.source_at
                          order by (kept.source_id is not null) desc, target.id, target.born, target.id, target.born) as place,
       case when target.name is not distinct from source.put_name
            then source.old_name
            when kept.source_id is null and target.new_name is null then source.old_name
            else target.new_name end
         as new_name
  from source
  join target on target.id = source.source_id and target.born = source.source_at
  left join godwit_kept.moved_people_502965ae as kept
    on kept.source_id = source.source_id
   and kept.source_at = source.source_at
   and kept.target_id = target.id
   and kept.target_born = target.born;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_people_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.births as source
   set name = null
  from godwit_kept.moved_people_502965ae as kept
 where source.id = kept.source_id
   and source.at = kept.source_at
   and not exists (select from godwit_kept.back_people_502965ae as back where back.source_id = kept.source_id and back.source_at = kept.source_at)
   and (source.name is not null);
-- carry what was written since back into app.births
update app.births as source
   set name = back.new_name
  from godwit_kept.back_people_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and source.at = back.source_at
   and (source.name is distinct from back.new_name);
-- note rows of which app.births holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move people', 'app.people',
       jsonb_build_object('id', target.id, 'born', target.born), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.people as target
  join godwit_kept.back_people_502965ae as back on target.id = back.target_id and target.born = back.target_born and back.place = 1
  join (
    select id as source_id,
           at as source_at,
           id as put_id,
           at as put_born,
           name as put_name
      from app.births
  ) as source on source.source_id = back.source_id and source.source_at = back.source_at
 where target.id is distinct from source.put_id
    or target.born is distinct from source.put_born
    or target.name is distinct from source.put_name;
-- remove from app.people what is back in app.births
delete from app.people as target
 using godwit_kept.back_people_502965ae as back
 where back.place = 1
   and target.id = back.target_id
   and target.born = back.target_born;
-- drop godwit_kept.back_people_502965ae
drop table godwit_kept.back_people_502965ae;
-- drop godwit_kept.moved_people_502965ae
drop table godwit_kept.moved_people_502965ae;

-- [7/12] undo: backfill app.births (20250102000000_after.gw:3)
--   locks app.births (row exclusive); scan
-- note rows of app.births that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.births', 'app.births',
       jsonb_build_object('id', target.id, 'at', target.at), to_jsonb(target),
       'changed since'
  from app.births as target
  left join godwit_kept.filled_births_c6a6ff43 as kept on target.id = kept.row_id and target.at = kept.row_at
 where (kept.row_id is not null and target.weight is distinct from kept.new_weight);
-- give app.births its old values back where nobody changed them since
update app.births as target
   set weight = case when target.weight is not distinct from kept.new_weight
              then kept.old_weight else target.weight end
  from godwit_kept.filled_births_c6a6ff43 as kept
 where target.id = kept.row_id
   and target.at = kept.row_at
   and ((target.weight is not distinct from kept.new_weight and target.weight is distinct from kept.old_weight));
-- drop godwit_kept.filled_births_c6a6ff43
drop table godwit_kept.filled_births_c6a6ff43;

-- [8/12] undo: create table app.people (20250102000000_after.gw:1)
--   locks app.people (access exclusive); scan
-- note the rows that are left in app.people: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.people', 'app.people',
       jsonb_build_object('id', leaving.id, 'born', leaving.born), to_jsonb(leaving),
       'no place in the shape of before'
  from app.people as leaving;
-- drop table app.people
drop table app.people;

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

-- [10/12] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [11/12] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.births', 'app.people']::text[])::text);

-- [12/12] commit
commit;
$down$,
  $finalize$-- godwit finalize 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:c71a07711faa2e1a4872d8b93d53b8521fee382b6fdf3ecac8b87b6da1855c05
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:6dbbbec67c53cf22a9dc707f9ba15de7d6a9a303ac0b215057d1d44c252aaabe

-- [1/9] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/9] refuse when this is not applied
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

-- [3/9] drop godwit_kept.filled_births_c6a6ff43 (20250102000000_after.gw:3)
drop table godwit_kept.filled_births_c6a6ff43;

-- [4/9] drop godwit_kept.moved_people_502965ae (20250102000000_after.gw:2)
drop table godwit_kept.moved_people_502965ae;

-- [5/9] drop the hidden column app.births.name (20250102000000_after.gw:5)
--   locks app.births (access exclusive); instant
select godwit.drop_hidden_column('20250102000000_after', 'app', 'births', '_gw_keep_name');

-- [6/9] leave nothing empty behind
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

-- [7/9] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [8/9] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'finalized',
  'tables', array['app.births', 'app.people']::text[])::text);

-- [9/9] commit
commit;
$finalize$,
  $verify$-- godwit verify 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:c71a07711faa2e1a4872d8b93d53b8521fee382b6fdf3ecac8b87b6da1855c05
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:b8a21dd57f38d0719918ed1b37de1fc14d131cea93ba68c50e470139065727d5

-- [1/7] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table app.people', '20250102000000_after.gw:1', 'app.people', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [2/7] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column app.people.born', '20250102000000_after.gw:1', 'app.people', 'born', 'date', true, false, false, false),
    ('column app.people.id', '20250102000000_after.gw:1', 'app.people', 'id', 'integer', true, false, false, false),
    ('column app.people.name', '20250102000000_after.gw:1', 'app.people', 'name', 'text', false, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [3/7] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key people_pkey on app.people', '20250102000000_after.gw:1', 'app.people', 'people_pkey', false, false, array['id', 'born'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [4/7] where godwit_kept.moved_people_502965ae is still there
select to_regclass('godwit_kept.moved_people_502965ae') is not null as kept_1
\gset
\if :kept_1

-- [5/7] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [6/7] compare move people (20250102000000_after.gw:2)
--   keys of: app.births
--   ranges by: id, at
--   needs godwit_kept.moved_people_502965ae: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250102000000_after', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved
  select births.id as source_id,
         births.at as source_at,
         hashtextextended(row(id, at, _gw_keep_name)::text, 0) as given
    from app.births
   where true  -- or a range of births.id, births.at
     and exists (select from godwit_kept.moved_people_502965ae as recorded
             where true  -- or a range of recorded.source_id, recorded.source_at
               and recorded.source_id = births.id
               and recorded.source_at = births.at)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.source_at,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.id, target.born, target.name)::text, 0) end as held
    from godwit_kept.moved_people_502965ae as kept
    left join source on source.source_id = kept.source_id and source.source_at = kept.source_at
    left join app.people as target
      on target.id = kept.target_id
      and target.born = kept.target_born
   where true  -- or a range of kept.source_id, kept.source_at
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
  select concat_ws(' ', source_id, source_at) as row_key, verdict,
         row_number() over (partition by verdict order by source_id, source_at) as place
    from judged where verdict in ('missing', 'differs', 'changed')
), others as (                          -- rows that qualify and were not moved: written since
  select concat_ws(' ', births.id, births.at) as row_key, row_number() over (order by births.id, births.at) as place
    from app.births
   where true  -- or a range of births.id, births.at
     and not exists (select from godwit_kept.moved_people_502965ae as recorded
                 where true  -- or a range of recorded.source_id, recorded.source_at
                   and recorded.source_id = births.id
                   and recorded.source_at = births.at)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move people' as object,
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

-- [7/7] so far
\endif
$verify$
on conflict (id) do update set (sequence, title, checksum, state, baseline, rollback_class, steps, applied_at,
  applied_by, window_until, finalized_at, rolled_back_at, down_sql, finalize_sql, verify_sql) =
  (excluded.sequence, excluded.title, excluded.checksum, excluded.state, excluded.baseline,
   excluded.rollback_class, excluded.steps, excluded.applied_at, excluded.applied_by,
   excluded.window_until, null, null, excluded.down_sql, excluded.finalize_sql, excluded.verify_sql);
select godwit.note_hidden_columns('20250102000000_after');
insert into godwit.event (migration, what, detail)
select '20250102000000_after', case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, jsonb_build_object('catalog rows changed', godwit.remember());

-- [17/18] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'applied',
  'tables', array['app.births', 'app.people']::text[])::text);

-- [18/18] commit
commit;
