-- godwit up 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:9f41ec79830ca63fe514e3cd1a0e8fe29819134ccd05f8e06469a3677929577d
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- postgres: 13
-- requires: 20250101000000_before
-- transactions: several
-- content: sha256:ea41588f6a0734f984e46f1ed9118dddd5896d79c673fd26b0412d3980c500db

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
lock table app.people in access exclusive mode;

-- [8/42] phase expand
savepoint godwit_expand;

-- [9/42] add column app.people.name (20250102000000_after.gw:1)
--   locks app.people (access exclusive); instant
alter table app.people add column name text;

-- [10/42] prepare backfill app.people (20250102000000_after.gw:2)
--   locks app.people (share row exclusive); scan
--   in step until finalize, whichever side is written: name := concat_ws(' ', given, family), given := split_part(name, ' ', 1), family := split_part(name, ' ', 2)
--   godwit_kept.filled_people_eddc3f7b keeps old and new values, until finalize
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep the rows of app.people that change, with old and new values
create table godwit_kept.filled_people_eddc3f7b as
select *
  from (select people.id as row_id,
               people.name as old_name,
               concat_ws(' ', given, family) as new_name
          from app.people) as filled
 where old_name is distinct from new_name
  with no data;
alter table godwit_kept.filled_people_eddc3f7b replica identity full;
-- note which rows of app.people applications write from here on
create table godwit_kept.late_people_69d288dd as
select id as row_id
  from app.people
  with no data;
alter table godwit_kept.late_people_69d288dd replica identity full;
create function godwit_kept.note_people_69d288dd() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.late_people_69d288dd (row_id) values (null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' then
      insert into godwit_kept.late_people_69d288dd (row_id) values (old.id);
    end if;
    if tg_op <> 'DELETE' then
      insert into godwit_kept.late_people_69d288dd (row_id) values (new.id);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_people_69d288dd after insert or update or delete on app.people
  for each row execute function godwit_kept.note_people_69d288dd();
alter table app.people enable always trigger _gw_note_people_69d288dd;
create trigger _gw_all_note_people_69d288dd after truncate on app.people
  for each statement execute function godwit_kept.note_people_69d288dd();
alter table app.people enable always trigger _gw_all_note_people_69d288dd;
-- a place for each such row, once
create table godwit_kept.again_people_69d288dd as
select distinct row_id from godwit_kept.late_people_69d288dd
  with no data;
alter table godwit_kept.again_people_69d288dd add primary key (row_id);
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, range, next_key, last_key, rows_expected)
with size as (
  select greatest(reltuples, 0)::bigint as of_table from pg_class where oid = 'app.people'::regclass
), bounds as (                      -- the values between which there are about as many rows each
  select histogram_bounds::text::bigint[] as bound from pg_stats, size
   where (schemaname, tablename, attname) = ('app', 'people', 'id')
     and of_table >= 32          -- a smaller table is one range
   order by inherited desc limit 1
), cuts as (
  select (select id from app.people order by id limit 1) as low
  union
  select bound[1 + (cardinality(bound) - 1) * part / 8]
    from bounds, generate_series(1, 7) as part
), ranges as (
  select row_number() over (order by low) as range, low, lead(low) over (order by low) as high,
         count(*) over () as parts
    from cuts
)
select '20250102000000_after', 'backfill app.people', range,
       (select array[id::text] from app.people where id >= low order by id limit 1),
       case when high is null then (select array[id::text] from app.people order by id desc limit 1)
            else (select array[id::text] from app.people where id < high order by id desc limit 1) end,
       of_table / parts
  from ranges, size;
-- make sure that godwit_kept.conflict exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
  if to_regclass('godwit_kept.conflict') is null then
    create table godwit_kept.conflict (
      migration text not null, step text not null, table_name text not null, key jsonb not null,
      row_data jsonb not null, reason text not null, noted_at timestamptz not null default now()
    );
    alter table godwit_kept.conflict replica identity full;  -- a publication for all tables takes it in
  end if;
end
$godwit$;
-- keep app.people in step with what is written from here on, until finalize
create function godwit_kept.step_people_21bf857f() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp set timezone = 'UTC' set row_security = off
set datestyle = 'ISO' set intervalstyle = 'postgres' set extra_float_digits = 1 as $godwit$
#variable_conflict use_column
declare
  v_new boolean;  -- the new columns were written
  v_old boolean;  -- those were that they come from
  v_says boolean := false;  -- and these say something about them
  put_name text;
  back_given text;
  back_family text;
begin
  if current_setting('godwit.batch', true) = 'on' then
    return new;  -- godwit's own
  elsif tg_op = 'INSERT' then
    v_new := new.name is not null;
    v_old := not v_new or new.given is not null
                       or new.family is not null;
  else
    v_new := new.name is distinct from old.name;
    v_old := new.given is distinct from old.given
             or new.family is distinct from old.family;
  end if;
  if v_old then  -- what the old columns say
    select concat_ws(' ', given, family)
      into put_name
      from (select new.*) as people;
    v_says := found;
  end if;

  if v_says and not v_new then
    new.name := put_name;
  elsif v_new and (not v_says or new.name is distinct from put_name) then
    select split_part(name, ' ', 1),
           split_part(name, ' ', 2)
      into back_given, back_family
      from (select new.*) as people;
    if v_says and (new.given is distinct from back_given
                   or new.family is distinct from coalesce(back_family, new.family)) then  -- they were written as well, and disagree
      insert into godwit_kept.conflict (migration, step, table_name, key, row_data, reason)
      values ('20250102000000_after', 'backfill app.people (name)', 'app.people',
              jsonb_build_object('id', new.id), to_jsonb(new),
              'both sides written at once: the new columns won');
    end if;
    new.given := back_given;
    new.family := coalesce(back_family, new.family);
  end if;
  return new;
end $godwit$;
create trigger _gw_step_people_21bf857f before insert or update on app.people
  for each row execute function godwit_kept.step_people_21bf857f();
alter table app.people enable always trigger _gw_step_people_21bf857f;
-- one batch: the next rows by key, with their record and the place to go on from; null: none is left
create function godwit_kept.batch_people_69d288dd(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 app.people.id%type;
  v_high_1 app.people.id%type;
  v_last_1 app.people.id%type;
  v_changing bigint;
  v_at_once bigint;
  v_done bigint := 0;
  v_rejected bigint := 0;
  v_state text;
  v_reason text;
  v_detail text;
  v_first_state text;
  v_keys text;
  v_from_1 app.people.id%type;
  v_to_1 app.people.id%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'backfill app.people') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'backfill app.people') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select id into v_high_1
    from app.people where id >= v_low_1 and id <= v_last_1
   order by id offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1;
    select count(*) into v_read from app.people where id >= v_low_1 and id <= v_last_1;
  end if;

  -- the rows, with old and new values
  begin
    with changing as materialized (
      select *
        from (select people.id as row_id,
                     people.name as old_name,
                     concat_ws(' ', given, family) as new_name
                from app.people
               where people.id >= v_low_1 and people.id <= v_high_1
                 and people.name is null
                 for update of people) as filled
       where old_name is distinct from new_name
    ), kept as (
      insert into godwit_kept.filled_people_eddc3f7b (row_id, old_name, new_name)
      select row_id, old_name, new_name
        from changing
    ), filled as (
      update app.people as target
         set name = changing.new_name
        from changing
       where target.id = changing.row_id
      returning 1
    )
    select (select count(*) from changing), (select count(*) from filled) into v_changing, v_written;
    if v_changing <> v_written then
      raise exception 'backfill app.people: several rows fit one row of the table, and which value it gets would be left to chance' using errcode = 'GW003';
    end if;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(batch_rows / 2, 5000), 1);
    select people.id into v_from_1
      from app.people
     where people.id >= v_low_1 and people.id <= v_high_1
               and people.name is null
     order by people.id limit 1;
    while v_from_1 is not null loop
      select id into v_to_1
        from (select people.id from app.people
               where people.id >= v_from_1
                 and (people.id >= v_low_1 and people.id <= v_high_1
                 and people.name is null)
               order by people.id limit v_at_once) as next
       order by id desc limit 1;
      begin
        with changing as materialized (
          select *
            from (select people.id as row_id,
                         people.name as old_name,
                         concat_ws(' ', given, family) as new_name
                    from app.people
                   where people.id >= v_from_1 and people.id <= v_to_1 and people.id >= v_low_1 and people.id <= v_high_1
                     and people.name is null
                     for update of people) as filled
           where old_name is distinct from new_name
        ), kept as (
          insert into godwit_kept.filled_people_eddc3f7b (row_id, old_name, new_name)
          select row_id, old_name, new_name
            from changing
        ), filled as (
          update app.people as target
             set name = changing.new_name
            from changing
           where target.id = changing.row_id
          returning 1
        )
        select (select count(*) from changing), (select count(*) from filled) into v_changing, v_written;
        if v_changing <> v_written then
          raise exception 'backfill app.people: several rows fit one row of the table, and which value it gets would be left to chance' using errcode = 'GW003';
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
        v_keys := concat_ws('; ', v_keys, concat_ws(' ', v_to_1) || ': ' || left(v_reason, 200) || ' (' || v_state || ')');
        exit when v_rejected = 10;
      end;
      select people.id into v_from_1
        from app.people
       where people.id > v_to_1
         and (people.id >= v_low_1 and people.id <= v_high_1
                 and people.name is null)
       order by people.id limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'backfill app.people: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows and run it again: it goes on behind the last batch';
  end;

  select array[id::text] into v_next
    from app.people where id > v_high_1 and id <= v_last_1
   order by id limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'backfill app.people') and range = v_range;
  return v_read;
end $godwit$;
-- what was written meanwhile, looked at again
create function godwit_kept.catch_up_people_69d288dd() returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_late bigint;
  v_own bigint;
  v_changing bigint;
  v_written bigint;
begin
  if exists (select from godwit_kept.late_people_69d288dd where row_id is null) then  -- every row is concerned
    insert into godwit_kept.late_people_69d288dd select row_id from godwit_kept.filled_people_eddc3f7b union select id from app.people;
    delete from godwit_kept.late_people_69d288dd where row_id is null;
  end if;
  analyze godwit_kept.late_people_69d288dd;
  insert into godwit_kept.again_people_69d288dd
  select distinct row_id from godwit_kept.late_people_69d288dd;
  get diagnostics v_late = row_count;
  if v_late = 0 then
    return 0;
  end if;
  analyze godwit_kept.again_people_69d288dd;
  if to_regclass('godwit_kept.by_row_filled_people_eddc3f7b') is null then  -- taken back before all batches were done
    create unique index by_row_filled_people_eddc3f7b on godwit_kept.filled_people_eddc3f7b (row_id);
    analyze godwit_kept.filled_people_eddc3f7b;
  end if;

  -- nothing of this is carried over
  perform set_config('godwit.batch', 'on', true);
  -- gone meanwhile
  delete from godwit_kept.filled_people_eddc3f7b as kept
   using godwit_kept.again_people_69d288dd as again
   where kept.row_id = again.row_id
     and not exists (select from app.people as target where target.id = kept.row_id);
  -- what applications filled themselves stays
  select count(*) into v_own
    from godwit_kept.again_people_69d288dd as again
    join godwit_kept.filled_people_eddc3f7b as kept on kept.row_id = again.row_id
    join app.people as target on target.id = kept.row_id
   where target.name is distinct from kept.new_name;
  -- the rest gets its old values, to be filled and recorded anew
  with given_back as (
    update app.people as target
       set name = kept.old_name
      from godwit_kept.again_people_69d288dd as again,
           godwit_kept.filled_people_eddc3f7b as kept
     where kept.row_id = again.row_id
       and target.id = kept.row_id
       and not (target.name is distinct from kept.new_name)
    returning kept.row_id
  )
  delete from godwit_kept.filled_people_eddc3f7b as kept
   using given_back
   where kept.row_id = given_back.row_id;
  -- the rows, with old and new values
  with changing as materialized (
    select *
      from (select people.id as row_id,
                   people.name as old_name,
                   concat_ws(' ', given, family) as new_name
              from app.people
             where exists (select from godwit_kept.again_people_69d288dd as again where again.row_id = people.id)
               and not exists (select from godwit_kept.filled_people_eddc3f7b as kept where kept.row_id = people.id)
               and people.name is null
               for update of people) as filled
     where old_name is distinct from new_name
  ), kept as (
    insert into godwit_kept.filled_people_eddc3f7b (row_id, old_name, new_name)
    select row_id, old_name, new_name
      from changing
  ), filled as (
    update app.people as target
       set name = changing.new_name
      from changing
     where target.id = changing.row_id
    returning 1
  )
  select (select count(*) from changing), (select count(*) from filled) into v_changing, v_written;
  if v_changing <> v_written then
    raise exception 'backfill app.people: several rows fit one row of the table, and which value it gets would be left to chance' using errcode = 'GW003';
  end if;
  -- and from here on it is again
  perform set_config('godwit.batch', '', true);
  raise notice 'backfill app.people: % rows were written meanwhile and are as they should be, % of them filled by others', v_late, v_own;
  return v_late;
end $godwit$;

-- [11/42] record that it is begun, with its way back
insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,
  window_until, down_sql, finalize_sql, verify_sql)
select '20250102000000_after', (select coalesce(max(sequence), 0) + 1 from godwit.migration), '', 'sha256:9f41ec79830ca63fe514e3cd1a0e8fe29819134ccd05f8e06469a3677929577d',
  'begun', false, 'exact while the window is open', 3,
  null,
  $down$-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:9f41ec79830ca63fe514e3cd1a0e8fe29819134ccd05f8e06469a3677929577d
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:adcd661da82ccfff7f340942571348bb726b970506e893e95771c68d0106ddaf

-- [1/15] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/15] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/15] lock what will change, in one fixed order
lock table app.people in access exclusive mode;

-- [4/15] a place for what has none in the old shape
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

-- [5/15] what only the last part did
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied') as is_applied
\gset
\if :is_applied

-- [6/15] so far
\endif

-- [7/15] what has only begun
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun') as is_begun
\gset
\if :is_begun

-- [8/15] settle backfill app.people (20250102000000_after.gw:2)
--   locks app.people (access exclusive); scan
--   in step until finalize, whichever side is written: name := concat_ws(' ', given, family), given := split_part(name, ' ', 1), family := split_part(name, ' ', 2)
--   godwit_kept.filled_people_eddc3f7b keeps old and new values, until finalize
-- what was written meanwhile
do $$
#variable_conflict use_column
begin
  perform godwit_kept.catch_up_people_69d288dd();
exception when data_exception or integrity_constraint_violation or cardinality_violation
      or program_limit_exceeded or raise_exception then
  -- what was written does not fit: it stays as it is, and what the batches made of these rows goes
  if exists (select from godwit_kept.late_people_69d288dd where row_id is null) then  -- every row is concerned
    insert into godwit_kept.late_people_69d288dd select row_id from godwit_kept.filled_people_eddc3f7b;
  end if;
  -- nothing of this is carried over
  perform set_config('godwit.batch', 'on', true);
  -- their old values
  with given_back as (
    update app.people as target
       set name = kept.old_name
      from godwit_kept.filled_people_eddc3f7b as kept
     where target.id = kept.row_id
       and exists (select from godwit_kept.late_people_69d288dd as late where late.row_id = kept.row_id)
       and not (target.name is distinct from kept.new_name)
    returning kept.row_id
  )
  delete from godwit_kept.filled_people_eddc3f7b as kept
   using given_back
   where kept.row_id = given_back.row_id;

end $$;
-- nothing is noted any more
drop trigger _gw_note_people_69d288dd on app.people;
drop trigger _gw_all_note_people_69d288dd on app.people;
drop function godwit_kept.note_people_69d288dd(), godwit_kept.batch_people_69d288dd(integer), godwit_kept.catch_up_people_69d288dd();
drop table godwit_kept.late_people_69d288dd, godwit_kept.again_people_69d288dd;

-- [9/15] so far
\endif

-- [10/15] undo: backfill app.people (20250102000000_after.gw:2)
--   locks app.people (access exclusive); scan
-- keep app.people in step no more
drop trigger _gw_step_people_21bf857f on app.people;
drop function godwit_kept.step_people_21bf857f();
-- what lost stays in godwit_kept.conflict; without any the table goes
do $godwit$
declare conflicts bigint;
begin
  select count(*) into conflicts from godwit_kept.conflict
   where (migration, step) = ('20250102000000_after', 'backfill app.people (name)');
  if conflicts > 0 then
    raise warning using message = 'backfill app.people (name): ' || conflicts ||
      ' rows had both sides written at once: what lost is in godwit_kept.conflict';
  end if;
  if not exists (select from godwit_kept.conflict)
    and not exists (select from pg_proc where pronamespace = 'godwit_kept'::regnamespace
                                          and starts_with(proname, 'step_')) then
    drop table godwit_kept.conflict;
  end if;
end
$godwit$;
-- note rows of app.people that were changed since
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'backfill app.people', 'app.people',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'changed since'
  from app.people as target
  left join godwit_kept.filled_people_eddc3f7b as kept on target.id = kept.row_id
  left join (select people.id as row_id,
                    concat_ws(' ', given, family) as new_name
               from app.people) as again on target.id = again.row_id
 where (case when kept.row_id is not null then target.name is distinct from kept.new_name else target.name is distinct from null end)
   and (target.name is distinct from again.new_name);
-- drop godwit_kept.filled_people_eddc3f7b
drop table godwit_kept.filled_people_eddc3f7b;

-- [11/15] undo: add column app.people.name (20250102000000_after.gw:1)
--   locks app.people (access exclusive); instant
-- drop column app.people.name
alter table app.people drop column name;

-- [12/15] leave nothing empty behind
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

-- [13/15] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [14/15] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.people']::text[])::text);

-- [15/15] commit
commit;
$down$,
  $finalize$-- godwit finalize 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:9f41ec79830ca63fe514e3cd1a0e8fe29819134ccd05f8e06469a3677929577d
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:618392d060d5b90db84bc9d202933a4095dcfb06c3f02526e75683bed2d9df14

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

-- [3/7] keep app.people in step no more (20250102000000_after.gw:2)
--   locks app.people (access exclusive); instant
drop trigger _gw_step_people_21bf857f on app.people;
drop function godwit_kept.step_people_21bf857f();
-- what lost stays in godwit_kept.conflict; without any the table goes
do $godwit$
declare conflicts bigint;
begin
  select count(*) into conflicts from godwit_kept.conflict
   where (migration, step) = ('20250102000000_after', 'backfill app.people (name)');
  if conflicts > 0 then
    raise warning using message = 'backfill app.people (name): ' || conflicts ||
      ' rows had both sides written at once: what lost is in godwit_kept.conflict';
  end if;
  if not exists (select from godwit_kept.conflict)
    and not exists (select from pg_proc where pronamespace = 'godwit_kept'::regnamespace
                                          and starts_with(proname, 'step_')) then
    drop table godwit_kept.conflict;
  end if;
end
$godwit$;
-- drop godwit_kept.filled_people_eddc3f7b
drop table godwit_kept.filled_people_eddc3f7b;

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
  'tables', array['app.people']::text[])::text);

-- [7/7] commit
commit;
$finalize$,
  $verify$-- godwit verify 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:9f41ec79830ca63fe514e3cd1a0e8fe29819134ccd05f8e06469a3677929577d
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:72d3fdacba151b6615521ec567f1c42b5646676c00bfdbe434d65ad8bdf39a95

-- [1/1] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column app.people.name', '20250102000000_after.gw:1', 'app.people', 'name', 'text', true, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);
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
  'tables', array['app.people']::text[])::text);

-- [13/42] commit
commit;

-- [14/42] so far
\endif

-- [15/42] part 2 of 4: the rows, each batch a transaction
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and parts_done = 1) as part_2
\gset
\if :part_2

-- [16/42] backfill app.people (20250102000000_after.gw:2)
--   batches of 2 by godwit_kept.batch_people_69d288dd
--   in step until finalize, whichever side is written: name := concat_ws(' ', given, family), given := split_part(name, ' ', 1), family := split_part(name, ' ', 2)
--   godwit_kept.filled_people_eddc3f7b keeps old and new values, until finalize
do $$
begin
  while godwit_kept.batch_people_69d288dd(2) is not null loop
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
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and checksum = 'sha256:9f41ec79830ca63fe514e3cd1a0e8fe29819134ccd05f8e06469a3677929577d') then
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
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and checksum = 'sha256:9f41ec79830ca63fe514e3cd1a0e8fe29819134ccd05f8e06469a3677929577d') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was begun by another version of its spec',
      hint = 'go on with the artifacts that it was begun with, or roll it back (`godwit rollback`) and apply it anew';
  end if;
end
$godwit$;

-- [25/42] prove backfill app.people (20250102000000_after.gw:2)
--   locks app.people (access share); scan
--   in step until finalize, whichever side is written: name := concat_ws(' ', given, family), given := split_part(name, ' ', 1), family := split_part(name, ' ', 2)
--   godwit_kept.filled_people_eddc3f7b keeps old and new values, until finalize
-- each row has one record, and is found by it
create unique index by_row_filled_people_eddc3f7b on godwit_kept.filled_people_eddc3f7b (row_id);
analyze godwit_kept.filled_people_eddc3f7b;
-- every row accounted for
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_recorded bigint;
  v_written bigint;
begin
  select count(*) into v_total from app.people;
  select count(*) into v_recorded from godwit_kept.filled_people_eddc3f7b;
  select sum(rows_written) into v_written from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'backfill app.people');
  if v_written <> v_recorded then
    raise exception 'backfill app.people: % rows were filled, % are recorded', v_written, v_recorded using errcode = 'GW003';
  end if;
  raise notice 'backfill app.people: % filled, % left as they were, % in all', v_written, v_total - v_written, v_total;
end $$;

-- [26/42] statistics for what was filled
analyze app.people;

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
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and checksum = 'sha256:9f41ec79830ca63fe514e3cd1a0e8fe29819134ccd05f8e06469a3677929577d') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was begun by another version of its spec',
      hint = 'go on with the artifacts that it was begun with, or roll it back (`godwit rollback`) and apply it anew';
  end if;
end
$godwit$;

-- [34/42] lock what will change, in one fixed order
lock table app.people in access exclusive mode;

-- [35/42] phase move
savepoint godwit_move;

-- [36/42] backfill app.people (20250102000000_after.gw:2)
--   locks app.people (access exclusive); scan
--   in step until finalize, whichever side is written: name := concat_ws(' ', given, family), given := split_part(name, ' ', 1), family := split_part(name, ' ', 2)
--   godwit_kept.filled_people_eddc3f7b keeps old and new values, until finalize
-- what was written meanwhile
select godwit_kept.catch_up_people_69d288dd();
-- nothing is noted any more
drop trigger _gw_note_people_69d288dd on app.people;
drop trigger _gw_all_note_people_69d288dd on app.people;
drop function godwit_kept.note_people_69d288dd(), godwit_kept.batch_people_69d288dd(integer), godwit_kept.catch_up_people_69d288dd();
drop table godwit_kept.late_people_69d288dd, godwit_kept.again_people_69d288dd;

-- [37/42] phase validate
savepoint godwit_validate;

-- [38/42] forbid null in app.people.name (20250102000000_after.gw:1)
--   locks app.people (access exclusive); scan
alter table app.people alter column name set not null;

-- [39/42] record the migration, with its way back
update godwit.migration set state = 'applied', applied_at = now(), applied_by = session_user,
  window_until = now() + interval '48h', parts_done = null where id = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'applied', jsonb_build_object('catalog rows changed', godwit.remember());

-- [40/42] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'applied',
  'tables', array['app.people']::text[])::text);

-- [41/42] commit
commit;

-- [42/42] so far
\endif
