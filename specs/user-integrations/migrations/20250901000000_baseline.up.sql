-- godwit up 20250901000000_baseline
-- The mail assistant as it stands
-- spec: specs/20250901000000_baseline.gw
-- checksum: sha256:e57e22c46ad577b38265ac5a2e4e5d273dccf6958a9923f655beae016e6c59e8
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- postgres: 15
-- content: sha256:f33a92ca49c2f83ddc74591723e0d9ebaa54a7a298ef785709f3b0c257cde12d

-- [1/72] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/72] the ledger
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

-- [3/72] refuse when this has run already or comes too early
do $godwit$
begin
  if current_setting('server_version_num')::integer < 150000 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline needs PostgreSQL 15, this server is ' || current_setting('server_version'),
      hint = 'compile it for this server''s version (`requires postgres` in the spec), or upgrade the server';
  end if;
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if exists (select from godwit.migration where id = '20250901000000_baseline' and state <> 'rolled_back') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline is applied already',
      hint = 'nothing is to be done; to apply it anew roll it back first (`godwit rollback`, or its down artifact)';
  end if;
end
$godwit$;

-- [4/72] phase expand
savepoint godwit_expand;

-- [5/72] create schema dev (specs/20250901000000_baseline.gw:8)
create schema dev;

-- [6/72] create schema ops (specs/20250901000000_baseline.gw:14)
create schema ops;

-- [7/72] create table dev.legacy_imports (specs/20250901000000_baseline.gw:121)
create table dev.legacy_imports (
    id serial not null,
    user_id text,
    payload jsonb,
    constraint legacy_imports_pkey primary key (id)
);

-- [8/72] create table dev.users (specs/20250901000000_baseline.gw:26)
--   locks dev.users (access exclusive); instant
create table dev.users (
    id text not null,
    email text not null,
    name text,
    picture_url text,
    access_token text,
    refresh_token text,
    client_id text,
    client_secret text,
    auth_code text,
    granted_scopes text[],
    refresh_expired boolean,
    timezone text not null default 'UTC',
    access_token_2 text,
    refresh_token_2 text,
    client_id_2 text,
    client_secret_2 text,
    auth_code_2 text,
    granted_scopes_2 text[],
    refresh_expired_2 boolean default false,
    telegram_id text,
    telegram_signup_token text,
    signal_source_uuid text,
    locale character varying(12) collate "C" not null default 'en',
    preferences jsonb not null default '{}',
    referred_by text,
    user_no bigint not null generated by default as identity (start with 1000),
    is_active boolean not null default true,
    email_domain text generated always as (lower(split_part(email, '@', 2))) stored,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    constraint users_pkey primary key (id),
    constraint users_email_key unique (email),
    constraint users_telegram_id_key unique (telegram_id),
    constraint users_not_own_referrer check (referred_by is distinct from id),
    constraint users_secret_needs_client check (client_secret is null or client_id is not null),
    constraint users_referred_by_fkey foreign key (referred_by) references dev.users (id) on delete set null
) with (fillfactor = 85);
-- set storage of dev.users.preferences
alter table dev.users alter column preferences set storage external;
-- set statistics target of dev.users.email_domain
alter table dev.users alter column email_domain set statistics 500;

-- [9/72] create table dev.digests (specs/20250901000000_baseline.gw:97)
create table dev.digests (
    id bigint not null generated always as identity,
    user_id text not null,
    day date not null,
    body text not null default '',
    constraint digests_pkey primary key (id),
    constraint digests_user_id_day_key unique (user_id, day),
    constraint digests_user_id_fkey foreign key (user_id) references dev.users (id)
);

-- [10/72] create table dev.emails (specs/20250901000000_baseline.gw:83)
create table dev.emails (
    id text not null,
    user_id text not null,
    subject text,
    body text,
    received_at timestamp with time zone not null,
    constraint emails_pkey primary key (id),
    constraint emails_user_id_fkey foreign key (user_id) references dev.users (id) on delete cascade
);

-- [11/72] create table dev.mail_aliases (specs/20250901000000_baseline.gw:116)
create table dev.mail_aliases (
    alias text not null,
    email text not null,
    constraint mail_aliases_pkey primary key (alias),
    constraint alias_of_user foreign key (email) references dev.users (email) on update cascade on delete cascade
);

-- [12/72] create table dev.tasks (specs/20250901000000_baseline.gw:130)
create table dev.tasks (
    id text not null,
    user_id text not null,
    extracted_from_id text,
    title text not null,
    done boolean not null default false,
    constraint tasks_pkey primary key (id),
    constraint tasks_extracted_from_id_fkey foreign key (extracted_from_id) references dev.emails (id) on delete set null
);

-- [13/72] create table dev.user_settings (specs/20250901000000_baseline.gw:108)
create table dev.user_settings (
    user_id text not null,
    quiet_hours int4range,
    theme text not null default 'light',
    constraint user_settings_pkey primary key (user_id),
    constraint user_settings_user_id_fkey foreign key (user_id) references dev.users (id) on delete cascade deferrable initially deferred
);

-- [14/72] create table ops.access_log (specs/20250901000000_baseline.gw:143)
create table ops.access_log (
    id bigint not null generated always as identity,
    user_id text,
    at timestamp with time zone not null default now(),
    action text not null,
    constraint access_log_pkey primary key (id),
    constraint who foreign key (user_id) references dev.users (id) on delete set null
);

-- [15/72] add foreign key legacy_imports_user_fkey on dev.legacy_imports (specs/20250901000000_baseline.gw:127)
--   locks dev.legacy_imports (share row exclusive), dev.users (share row exclusive); instant
alter table dev.legacy_imports
    add constraint legacy_imports_user_fkey foreign key (user_id) references dev.users (id) not valid;

-- [16/72] create function dev.count_users() (specs/20250901000000_baseline.gw:184)
create function dev.count_users() returns bigint language plpgsql stable as $$
declare n bigint;
begin
    execute 'select count(*) from dev.users' into n;       -- dynamic SQL that names the table
    return n;
end $$;

-- [17/72] create function dev.get_gmail_token(text) (specs/20250901000000_baseline.gw:175)
create function dev.get_gmail_token(p_user_id text)
returns table (access_token text, refresh_token text, client_id text, client_secret text)
language sql stable security definer set search_path = dev, pg_temp as $$
    select u.access_token, u.refresh_token, u.client_id, u.client_secret from dev.users u where u.id = p_user_id
$$;

-- [18/72] create function dev.touch_updated_at() (specs/20250901000000_baseline.gw:18)
create function dev.touch_updated_at() returns trigger language plpgsql as $$
begin
    new.updated_at := now();
    return new;
end $$;

-- [19/72] create function dev.user_label(dev.users) (specs/20250901000000_baseline.gw:191)
create function dev.user_label(u dev.users) returns text language sql immutable as $$   -- takes the row type
    select coalesce(u.name, u.email)
$$;

-- [20/72] create view dev.v_gmail_users (specs/20250901000000_baseline.gw:151)
--   locks dev.users (access share); instant
create view dev.v_gmail_users as
select u.id, u.email, u.access_token is not null as connected, u.refresh_expired
      from dev.users u
     where u.access_token is not null or u.refresh_token is not null or u.client_id is not null;

-- [21/72] create view dev.v_gmail_per_domain (specs/20250901000000_baseline.gw:158)
--   locks dev.v_gmail_users (access share); instant
create view dev.v_gmail_per_domain as
select split_part(email, '@', 2) as domain, count(*) as users, count(*) filter (where connected) as connected
      from dev.v_gmail_users group by 1;

-- [22/72] create view dev.v_people (specs/20250901000000_baseline.gw:164)
--   locks dev.users (access share); instant
create view dev.v_people as
select id, email, name, timezone, locale, is_active, created_at from dev.users where is_active;

-- [23/72] create statistics dev.users_locale_stats (specs/20250901000000_baseline.gw:68)
--   locks dev.users (share update exclusive); instant
create statistics dev.users_locale_stats (dependencies) on locale, timezone from dev.users;

-- [24/72] create publication app_changes (specs/20250901000000_baseline.gw:195)
create publication app_changes;

-- [25/72] add table dev.emails to publication app_changes (specs/20250901000000_baseline.gw:195)
--   locks dev.emails (share update exclusive); instant
alter publication app_changes add table dev.emails;

-- [26/72] add table dev.users to publication app_changes (specs/20250901000000_baseline.gw:195)
--   locks dev.users (share update exclusive); instant
alter publication app_changes add table dev.users;

-- [27/72] owner of table dev.emails (specs/20250901000000_baseline.gw:93)
--   locks dev.emails (access exclusive); instant
alter table dev.emails owner to app_owner;

-- [28/72] owner of function dev.touch_updated_at() (specs/20250901000000_baseline.gw:23)
alter routine dev.touch_updated_at() owner to app_owner;

-- [29/72] owner of table dev.users (specs/20250901000000_baseline.gw:75)
--   locks dev.users (access exclusive); instant
alter table dev.users owner to app_owner;

-- [30/72] grant to app_backend on schema dev (specs/20250901000000_baseline.gw:10)
grant usage on schema dev to app_backend;

-- [31/72] grant to app_frontend on schema dev (specs/20250901000000_baseline.gw:10)
grant usage on schema dev to app_frontend;

-- [32/72] grant to app_owner on schema dev (specs/20250901000000_baseline.gw:11)
grant create, usage on schema dev to app_owner;

-- [33/72] grant to reporting on schema dev (specs/20250901000000_baseline.gw:10)
grant usage on schema dev to reporting;

-- [34/72] grant to app_owner on schema ops (specs/20250901000000_baseline.gw:15)
grant usage on schema ops to app_owner;

-- [35/72] grant to app_backend on table dev.digests (specs/20250901000000_baseline.gw:105)
grant delete, insert, select, update on table dev.digests to app_backend;

-- [36/72] grant to app_backend on table dev.emails (specs/20250901000000_baseline.gw:92)
grant delete, insert, select, update on table dev.emails to app_backend;

-- [37/72] grant to app_backend on function dev.get_gmail_token(text) (specs/20250901000000_baseline.gw:182)
grant execute on routine dev.get_gmail_token(text) to app_backend;

-- [38/72] revoke from public on function dev.get_gmail_token(text) (specs/20250901000000_baseline.gw:181)
revoke execute on routine dev.get_gmail_token(text) from public;

-- [39/72] grant to app_backend on table dev.tasks (specs/20250901000000_baseline.gw:140)
grant delete, insert, select, update on table dev.tasks to app_backend;

-- [40/72] grant to app_backend on table dev.user_settings (specs/20250901000000_baseline.gw:113)
grant delete, insert, select, update on table dev.user_settings to app_backend;

-- [41/72] grant to app_backend on table dev.users (specs/20250901000000_baseline.gw:73)
grant delete, insert, select, update on table dev.users to app_backend;

-- [42/72] grant to reporting on table dev.users (specs/20250901000000_baseline.gw:74)
grant select (email, id, is_active, locale, name, timezone) on table dev.users to reporting;

-- [43/72] grant to reporting on view dev.v_gmail_per_domain (specs/20250901000000_baseline.gw:161)
grant select on table dev.v_gmail_per_domain to reporting with grant option;

-- [44/72] grant to app_frontend on view dev.v_people (specs/20250901000000_baseline.gw:165)
grant select on table dev.v_people to app_frontend;

-- [45/72] grant to reporting on view dev.v_people (specs/20250901000000_baseline.gw:165)
grant select on table dev.v_people to reporting;

-- [46/72] comment on schema dev (specs/20250901000000_baseline.gw:9)
comment on schema dev is 'Mail assistant';

-- [47/72] comment on foreign key emails_user_id_fkey on dev.emails (specs/20250901000000_baseline.gw:95)
--   locks dev.emails (share update exclusive); instant
comment on constraint emails_user_id_fkey on dev.emails is 'Mail goes with its owner';

-- [48/72] comment on function dev.get_gmail_token(text) (specs/20250901000000_baseline.gw:180)
comment on routine dev.get_gmail_token(text) is 'Server side only: returns secrets';

-- [49/72] comment on table dev.users (specs/20250901000000_baseline.gw:76)
--   locks dev.users (share update exclusive); instant
comment on table dev.users is 'People who signed up';

-- [50/72] comment on column dev.users.access_token (specs/20250901000000_baseline.gw:31)
--   locks dev.users (share update exclusive); instant
comment on column dev.users.access_token is 'Gmail, plain text';

-- [51/72] comment on column dev.users.access_token_2 (specs/20250901000000_baseline.gw:39)
--   locks dev.users (share update exclusive); instant
comment on column dev.users.access_token_2 is 'Google Calendar, plain text';

-- [52/72] comment on column dev.users.preferences (specs/20250901000000_baseline.gw:50)
--   locks dev.users (share update exclusive); instant
comment on column dev.users.preferences is 'Client settings, free form';

-- [53/72] comment on column dev.users.telegram_id (specs/20250901000000_baseline.gw:46)
--   locks dev.users (share update exclusive); instant
comment on column dev.users.telegram_id is 'Numeric Telegram id as text';

-- [54/72] comment on check constraint users_not_own_referrer on dev.users (specs/20250901000000_baseline.gw:78)
--   locks dev.users (share update exclusive); instant
comment on constraint users_not_own_referrer on dev.users is 'Nobody invites themselves';

-- [55/72] comment on view dev.v_gmail_users (specs/20250901000000_baseline.gw:155)
--   locks dev.v_gmail_users (share update exclusive); instant
comment on view dev.v_gmail_users is 'Who has mail connected';

-- [56/72] phase validate
savepoint godwit_validate;

-- [57/72] create materialized view dev.mv_user_mail (specs/20250901000000_baseline.gw:168)
--   locks dev.emails (access share), dev.users (access share); instant
create materialized view dev.mv_user_mail as
select u.id as user_id, count(e.id) as mails, max(e.received_at) as last_mail
      from dev.users u left join dev.emails e on e.user_id = u.id group by u.id
with no data;

-- [58/72] create index dev.emails_user_received_idx (specs/20250901000000_baseline.gw:91)
--   locks dev.emails (share); scan
create index emails_user_received_idx on dev.emails (user_id, received_at desc);

-- [59/72] create index dev.mv_user_mail_user (specs/20250901000000_baseline.gw:171)
--   locks dev.mv_user_mail (share); scan
create unique index mv_user_mail_user on dev.mv_user_mail (user_id);

-- [60/72] create index dev.tasks_user_idx (specs/20250901000000_baseline.gw:139)
--   locks dev.tasks (share); scan
create index tasks_user_idx on dev.tasks (user_id) where not done;

-- [61/72] create index dev.users_created_idx (specs/20250901000000_baseline.gw:62)
--   locks dev.users (share); scan
create index users_created_idx on dev.users (created_at desc) where is_active;

-- [62/72] create index dev.users_lower_email_idx (specs/20250901000000_baseline.gw:63)
--   locks dev.users (share); scan
create index users_lower_email_idx on dev.users (lower(email));

-- [63/72] comment on index dev.users_lower_email_idx (specs/20250901000000_baseline.gw:79)
--   locks dev.users_lower_email_idx (share update exclusive); instant
comment on index dev.users_lower_email_idx is 'Sign-in by address, any case';

-- [64/72] create index dev.users_preferences_idx (specs/20250901000000_baseline.gw:66)
--   locks dev.users (share); scan
create index users_preferences_idx on dev.users using gin (preferences jsonb_path_ops);

-- [65/72] create index dev.users_scopes_idx (specs/20250901000000_baseline.gw:67)
--   locks dev.users (share); scan
create index users_scopes_idx on dev.users using gin (granted_scopes);

-- [66/72] create index dev.users_signal_idx (specs/20250901000000_baseline.gw:65)
--   locks dev.users (share); scan
create unique index users_signal_idx on dev.users (signal_source_uuid) where signal_source_uuid is not null;

-- [67/72] create index dev.users_signup_token_idx (specs/20250901000000_baseline.gw:64)
--   locks dev.users (share); scan
create index users_signup_token_idx on dev.users (telegram_signup_token) where telegram_signup_token is not null;

-- [68/72] create trigger users_touch on dev.users (specs/20250901000000_baseline.gw:70)
--   locks dev.users (share row exclusive); instant
create trigger users_touch before update on dev.users
    for each row execute function dev.touch_updated_at();

-- [69/72] comment on trigger users_touch on dev.users (specs/20250901000000_baseline.gw:80)
--   locks dev.users (share update exclusive); instant
comment on trigger users_touch on dev.users is 'Keeps updated_at honest';

-- [70/72] record the migration, with its way back
insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,
  window_until, down_sql, finalize_sql, verify_sql)
select '20250901000000_baseline', (select coalesce(max(sequence), 0) + 1 from godwit.migration), 'The mail assistant as it stands', 'sha256:e57e22c46ad577b38265ac5a2e4e5d273dccf6958a9923f655beae016e6c59e8',
  case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, true, 'exact', 64,
  now() + interval '14d',
  $down$-- godwit down 20250901000000_baseline
-- The mail assistant as it stands
-- spec: specs/20250901000000_baseline.gw
-- checksum: sha256:e57e22c46ad577b38265ac5a2e4e5d273dccf6958a9923f655beae016e6c59e8
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:f285b9126c19668c7d5dc6d74b090ca592418d34c660ccccfb2232d0b4c2c0b9

-- [1/31] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/31] refuse when this is not the last migration, is final, or its window is closed
do $godwit$
declare is_state text; last_id text; closes_at timestamptz; is_part integer;
begin
  if to_regclass('godwit.migration') is not null then
    -- against other runners, until this transaction ends
    lock table godwit.migration in share row exclusive mode;
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250901000000_baseline';
    select id into last_id from godwit.migration
    where state <> 'rolled_back' order by sequence desc limit 1;
  end if;
  if is_state is null or is_state = 'rolled_back' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline is not applied, there is nothing to roll back',
      hint = '`godwit status` (or `select id, state from godwit.migration`) shows what is applied';
  end if;
  if is_state = 'adopted' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline was adopted: what it states stood here before godwit',
      hint = 'an adopted baseline has no rollback';
  end if;
  if is_state = 'finalized' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline is finalized, what it kept is gone',
      hint = 'write a new migration that leads back';
  end if;
  if last_id <> '20250901000000_baseline' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline is not the last one applied, that is ' || last_id,
      hint = 'roll back the later ones first';
  end if;
  if closes_at < now() and is_part is null
    and current_setting('godwit.late_rollback', true) is distinct from 'on' then
    raise exception using errcode = 'GW001',
      message = 'the rollback window of migration 20250901000000_baseline closed at ' || to_char(closes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC',
      hint = 'to roll back all the same: `godwit rollback --late`; with psql, `set godwit.late_rollback = on;` first';
  end if;
end
$godwit$;

-- [3/31] lock what will change, in one fixed order
lock table dev.digests in access exclusive mode;
lock table dev.emails in access exclusive mode;
lock table dev.legacy_imports in access exclusive mode;
lock table dev.mail_aliases in access exclusive mode;
lock table dev.tasks in access exclusive mode;
lock table dev.user_settings in access exclusive mode;
lock table dev.users in access exclusive mode;
lock table ops.access_log in access exclusive mode;

-- [4/31] a place for what has none in the old shape
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

-- [5/31] undo: create trigger users_touch on dev.users (specs/20250901000000_baseline.gw:70)
--   locks dev.users (access exclusive); instant
-- drop trigger users_touch on dev.users
drop trigger users_touch on dev.users;

-- [6/31] undo: create materialized view dev.mv_user_mail (specs/20250901000000_baseline.gw:168)
--   locks dev.mv_user_mail (access exclusive); instant
-- drop materialized view dev.mv_user_mail
drop materialized view dev.mv_user_mail;

-- [7/31] undo: add table dev.users to publication app_changes (specs/20250901000000_baseline.gw:195)
--   locks dev.users (share update exclusive); instant
-- drop table dev.users from publication app_changes
alter publication app_changes drop table dev.users;

-- [8/31] undo: add table dev.emails to publication app_changes (specs/20250901000000_baseline.gw:195)
--   locks dev.emails (share update exclusive); instant
-- drop table dev.emails from publication app_changes
alter publication app_changes drop table dev.emails;

-- [9/31] undo: create publication app_changes (specs/20250901000000_baseline.gw:195)
-- drop publication app_changes
drop publication app_changes;

-- [10/31] undo: create view dev.v_people (specs/20250901000000_baseline.gw:164)
--   locks dev.v_people (access exclusive); instant
-- drop view dev.v_people
drop view dev.v_people;

-- [11/31] undo: create view dev.v_gmail_per_domain (specs/20250901000000_baseline.gw:158)
--   locks dev.v_gmail_per_domain (access exclusive); instant
-- drop view dev.v_gmail_per_domain
drop view dev.v_gmail_per_domain;

-- [12/31] undo: create view dev.v_gmail_users (specs/20250901000000_baseline.gw:151)
--   locks dev.v_gmail_users (access exclusive); instant
-- drop view dev.v_gmail_users
drop view dev.v_gmail_users;

-- [13/31] undo: create function dev.user_label(dev.users) (specs/20250901000000_baseline.gw:191)
-- drop function dev.user_label(dev.users)
drop function dev.user_label(dev.users);

-- [14/31] undo: create function dev.touch_updated_at() (specs/20250901000000_baseline.gw:18)
-- drop function dev.touch_updated_at()
drop function dev.touch_updated_at();

-- [15/31] undo: create function dev.get_gmail_token(text) (specs/20250901000000_baseline.gw:175)
-- drop function dev.get_gmail_token(text)
drop function dev.get_gmail_token(text);

-- [16/31] undo: create function dev.count_users() (specs/20250901000000_baseline.gw:184)
-- drop function dev.count_users()
drop function dev.count_users();

-- [17/31] undo: add foreign key legacy_imports_user_fkey on dev.legacy_imports (specs/20250901000000_baseline.gw:127)
--   locks dev.legacy_imports (access exclusive), dev.users (access exclusive); instant
-- drop foreign key legacy_imports_user_fkey on dev.legacy_imports
alter table dev.legacy_imports drop constraint legacy_imports_user_fkey;

-- [18/31] undo: create table ops.access_log (specs/20250901000000_baseline.gw:143)
--   locks ops.access_log (access exclusive); scan
-- note the rows that are left in ops.access_log: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table ops.access_log', 'ops.access_log',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from ops.access_log as leaving;
-- drop table ops.access_log
drop table ops.access_log;

-- [19/31] undo: create table dev.user_settings (specs/20250901000000_baseline.gw:108)
--   locks dev.user_settings (access exclusive); scan
-- note the rows that are left in dev.user_settings: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.user_settings', 'dev.user_settings',
       jsonb_build_object('user_id', leaving.user_id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.user_settings as leaving;
-- drop table dev.user_settings
drop table dev.user_settings;

-- [20/31] undo: create table dev.tasks (specs/20250901000000_baseline.gw:130)
--   locks dev.tasks (access exclusive); scan
-- note the rows that are left in dev.tasks: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.tasks', 'dev.tasks',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.tasks as leaving;
-- drop table dev.tasks
drop table dev.tasks;

-- [21/31] undo: create table dev.mail_aliases (specs/20250901000000_baseline.gw:116)
--   locks dev.mail_aliases (access exclusive); scan
-- note the rows that are left in dev.mail_aliases: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.mail_aliases', 'dev.mail_aliases',
       jsonb_build_object('alias', leaving.alias), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.mail_aliases as leaving;
-- drop table dev.mail_aliases
drop table dev.mail_aliases;

-- [22/31] undo: create table dev.emails (specs/20250901000000_baseline.gw:83)
--   locks dev.emails (access exclusive); scan
-- note the rows that are left in dev.emails: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.emails', 'dev.emails',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.emails as leaving;
-- drop table dev.emails
drop table dev.emails;

-- [23/31] undo: create table dev.digests (specs/20250901000000_baseline.gw:97)
--   locks dev.digests (access exclusive); scan
-- note the rows that are left in dev.digests: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.digests', 'dev.digests',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.digests as leaving;
-- drop table dev.digests
drop table dev.digests;

-- [24/31] undo: create table dev.users (specs/20250901000000_baseline.gw:26)
--   locks dev.users (access exclusive); scan
-- note the rows that are left in dev.users: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.users', 'dev.users',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.users as leaving;
-- drop table dev.users
drop table dev.users;

-- [25/31] undo: create table dev.legacy_imports (specs/20250901000000_baseline.gw:121)
--   locks dev.legacy_imports (access exclusive); scan
-- note the rows that are left in dev.legacy_imports: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250901000000_baseline', 'drop table dev.legacy_imports', 'dev.legacy_imports',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from dev.legacy_imports as leaving;
-- drop table dev.legacy_imports
drop table dev.legacy_imports;

-- [26/31] undo: create schema ops (specs/20250901000000_baseline.gw:14)
-- drop schema ops
drop schema ops;

-- [27/31] undo: create schema dev (specs/20250901000000_baseline.gw:8)
-- drop schema dev
drop schema dev;

-- [28/31] leave nothing empty behind
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

-- [29/31] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250901000000_baseline';
delete from godwit.hidden_column where migration = '20250901000000_baseline';
delete from godwit.checkpoint where migration = '20250901000000_baseline';
insert into godwit.event (migration, what, detail)
select '20250901000000_baseline', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [30/31] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250901000000_baseline', 'message', 'rolled back',
  'tables', array['dev.digests', 'dev.emails', 'dev.legacy_imports', 'dev.mail_aliases', 'dev.tasks', 'dev.user_settings', 'dev.users', 'ops.access_log']::text[])::text);

-- [31/31] commit
commit;
$down$,
  $finalize$-- godwit finalize 20250901000000_baseline
-- The mail assistant as it stands
-- spec: specs/20250901000000_baseline.gw
-- checksum: sha256:e57e22c46ad577b38265ac5a2e4e5d273dccf6958a9923f655beae016e6c59e8
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:71aa74e3afb0b3910ec8998ed6f17084efcfe3ca118813d9cf0238f9c6cf6f89

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
    select state, window_until, parts_done into is_state, closes_at, is_part from godwit.migration where id = '20250901000000_baseline';
  end if;
  if is_part < 0 then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline cannot be finalized, it is on its way back',
      hint = 'finish its rollback (`godwit rollback`, or its down artifact)';
  end if;
  if is_state is distinct from 'applied' then
    raise exception using errcode = 'GW001',
      message = 'migration 20250901000000_baseline cannot be finalized, it is ' || coalesce(replace(is_state, '_', ' '), 'not applied'),
      hint = 'only a migration that is applied, and neither finalized nor rolled back, has a window to close';
  end if;
end
$godwit$;

-- [3/5] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250901000000_baseline';
insert into godwit.event (migration, what, detail)
select '20250901000000_baseline', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [4/5] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250901000000_baseline', 'message', 'finalized',
  'tables', array['dev.digests', 'dev.emails', 'dev.legacy_imports', 'dev.mail_aliases', 'dev.tasks', 'dev.user_settings', 'dev.users', 'ops.access_log']::text[])::text);

-- [5/5] commit
commit;
$finalize$,
  $verify$-- godwit verify 20250901000000_baseline
-- The mail assistant as it stands
-- spec: specs/20250901000000_baseline.gw
-- checksum: sha256:e57e22c46ad577b38265ac5a2e4e5d273dccf6958a9923f655beae016e6c59e8
-- rollback: exact
-- baseline: yes
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:8fa8db1600dc3330decf195c73ec725eb78f63004a71ab27818320ca96abd0f6

-- [1/18] schema: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'schema' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('schema dev', 'specs/20250901000000_baseline.gw:8', to_regnamespace('dev') is not null),
    ('schema ops', 'specs/20250901000000_baseline.gw:14', to_regnamespace('ops') is not null)
  ) as d (object, place, passed);

-- [2/18] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table dev.digests', 'specs/20250901000000_baseline.gw:97', 'dev.digests', 'p', false, false),
    ('table dev.emails', 'specs/20250901000000_baseline.gw:83', 'dev.emails', 'p', false, false),
    ('table dev.legacy_imports', 'specs/20250901000000_baseline.gw:121', 'dev.legacy_imports', 'p', false, false),
    ('table dev.mail_aliases', 'specs/20250901000000_baseline.gw:116', 'dev.mail_aliases', 'p', false, false),
    ('table dev.tasks', 'specs/20250901000000_baseline.gw:130', 'dev.tasks', 'p', false, false),
    ('table dev.user_settings', 'specs/20250901000000_baseline.gw:108', 'dev.user_settings', 'p', false, false),
    ('table dev.users', 'specs/20250901000000_baseline.gw:26', 'dev.users', 'p', false, false),
    ('table ops.access_log', 'specs/20250901000000_baseline.gw:143', 'ops.access_log', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [3/18] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column dev.digests.body', 'specs/20250901000000_baseline.gw:101', 'dev.digests', 'body', 'text', true, true, false, false),
    ('column dev.digests.day', 'specs/20250901000000_baseline.gw:100', 'dev.digests', 'day', 'date', true, false, false, false),
    ('column dev.digests.id', 'specs/20250901000000_baseline.gw:98', 'dev.digests', 'id', 'bigint', true, false, true, false),
    ('column dev.digests.user_id', 'specs/20250901000000_baseline.gw:99', 'dev.digests', 'user_id', 'text', true, false, false, false),
    ('column dev.emails.body', 'specs/20250901000000_baseline.gw:87', 'dev.emails', 'body', 'text', false, false, false, false),
    ('column dev.emails.id', 'specs/20250901000000_baseline.gw:84', 'dev.emails', 'id', 'text', true, false, false, false),
    ('column dev.emails.received_at', 'specs/20250901000000_baseline.gw:88', 'dev.emails', 'received_at', 'timestamp with time zone', true, false, false, false),
    ('column dev.emails.subject', 'specs/20250901000000_baseline.gw:86', 'dev.emails', 'subject', 'text', false, false, false, false),
    ('column dev.emails.user_id', 'specs/20250901000000_baseline.gw:85', 'dev.emails', 'user_id', 'text', true, false, false, false),
    ('column dev.legacy_imports.id', 'specs/20250901000000_baseline.gw:122', 'dev.legacy_imports', 'id', 'integer', true, true, false, false),
    ('column dev.legacy_imports.payload', 'specs/20250901000000_baseline.gw:124', 'dev.legacy_imports', 'payload', 'jsonb', false, false, false, false),
    ('column dev.legacy_imports.user_id', 'specs/20250901000000_baseline.gw:123', 'dev.legacy_imports', 'user_id', 'text', false, false, false, false),
    ('column dev.mail_aliases.alias', 'specs/20250901000000_baseline.gw:117', 'dev.mail_aliases', 'alias', 'text', true, false, false, false),
    ('column dev.mail_aliases.email', 'specs/20250901000000_baseline.gw:118', 'dev.mail_aliases', 'email', 'text', true, false, false, false),
    ('column dev.tasks.done', 'specs/20250901000000_baseline.gw:135', 'dev.tasks', 'done', 'boolean', true, true, false, false),
    ('column dev.tasks.extracted_from_id', 'specs/20250901000000_baseline.gw:133', 'dev.tasks', 'extracted_from_id', 'text', false, false, false, false),
    ('column dev.tasks.id', 'specs/20250901000000_baseline.gw:131', 'dev.tasks', 'id', 'text', true, false, false, false),
    ('column dev.tasks.title', 'specs/20250901000000_baseline.gw:134', 'dev.tasks', 'title', 'text', true, false, false, false),
    ('column dev.tasks.user_id', 'specs/20250901000000_baseline.gw:132', 'dev.tasks', 'user_id', 'text', true, false, false, false),
    ('column dev.user_settings.quiet_hours', 'specs/20250901000000_baseline.gw:110', 'dev.user_settings', 'quiet_hours', 'int4range', false, false, false, false),
    ('column dev.user_settings.theme', 'specs/20250901000000_baseline.gw:111', 'dev.user_settings', 'theme', 'text', true, true, false, false),
    ('column dev.user_settings.user_id', 'specs/20250901000000_baseline.gw:109', 'dev.user_settings', 'user_id', 'text', true, false, false, false),
    ('column dev.users.access_token', 'specs/20250901000000_baseline.gw:31', 'dev.users', 'access_token', 'text', false, false, false, false),
    ('column dev.users.access_token_2', 'specs/20250901000000_baseline.gw:39', 'dev.users', 'access_token_2', 'text', false, false, false, false),
    ('column dev.users.auth_code', 'specs/20250901000000_baseline.gw:35', 'dev.users', 'auth_code', 'text', false, false, false, false),
    ('column dev.users.auth_code_2', 'specs/20250901000000_baseline.gw:43', 'dev.users', 'auth_code_2', 'text', false, false, false, false),
    ('column dev.users.client_id', 'specs/20250901000000_baseline.gw:33', 'dev.users', 'client_id', 'text', false, false, false, false),
    ('column dev.users.client_id_2', 'specs/20250901000000_baseline.gw:41', 'dev.users', 'client_id_2', 'text', false, false, false, false),
    ('column dev.users.client_secret', 'specs/20250901000000_baseline.gw:34', 'dev.users', 'client_secret', 'text', false, false, false, false),
    ('column dev.users.client_secret_2', 'specs/20250901000000_baseline.gw:42', 'dev.users', 'client_secret_2', 'text', false, false, false, false),
    ('column dev.users.created_at', 'specs/20250901000000_baseline.gw:55', 'dev.users', 'created_at', 'timestamp with time zone', true, true, false, false),
    ('column dev.users.email', 'specs/20250901000000_baseline.gw:28', 'dev.users', 'email', 'text', true, false, false, false),
    ('column dev.users.email_domain', 'specs/20250901000000_baseline.gw:54', 'dev.users', 'email_domain', 'text', false, true, false, true),
    ('column dev.users.granted_scopes', 'specs/20250901000000_baseline.gw:36', 'dev.users', 'granted_scopes', 'text[]', false, false, false, false),
    ('column dev.users.granted_scopes_2', 'specs/20250901000000_baseline.gw:44', 'dev.users', 'granted_scopes_2', 'text[]', false, false, false, false),
    ('column dev.users.id', 'specs/20250901000000_baseline.gw:27', 'dev.users', 'id', 'text', true, false, false, false),
    ('column dev.users.is_active', 'specs/20250901000000_baseline.gw:53', 'dev.users', 'is_active', 'boolean', true, true, false, false),
    ('column dev.users.locale', 'specs/20250901000000_baseline.gw:49', 'dev.users', 'locale', 'character varying(12)', true, true, false, false),
    ('column dev.users.name', 'specs/20250901000000_baseline.gw:29', 'dev.users', 'name', 'text', false, false, false, false),
    ('column dev.users.picture_url', 'specs/20250901000000_baseline.gw:30', 'dev.users', 'picture_url', 'text', false, false, false, false),
    ('column dev.users.preferences', 'specs/20250901000000_baseline.gw:50', 'dev.users', 'preferences', 'jsonb', true, true, false, false),
    ('column dev.users.referred_by', 'specs/20250901000000_baseline.gw:51', 'dev.users', 'referred_by', 'text', false, false, false, false),
    ('column dev.users.refresh_expired', 'specs/20250901000000_baseline.gw:37', 'dev.users', 'refresh_expired', 'boolean', false, false, false, false),
    ('column dev.users.refresh_expired_2', 'specs/20250901000000_baseline.gw:45', 'dev.users', 'refresh_expired_2', 'boolean', false, true, false, false),
    ('column dev.users.refresh_token', 'specs/20250901000000_baseline.gw:32', 'dev.users', 'refresh_token', 'text', false, false, false, false),
    ('column dev.users.refresh_token_2', 'specs/20250901000000_baseline.gw:40', 'dev.users', 'refresh_token_2', 'text', false, false, false, false),
    ('column dev.users.signal_source_uuid', 'specs/20250901000000_baseline.gw:48', 'dev.users', 'signal_source_uuid', 'text', false, false, false, false),
    ('column dev.users.telegram_id', 'specs/20250901000000_baseline.gw:46', 'dev.users', 'telegram_id', 'text', false, false, false, false),
    ('column dev.users.telegram_signup_token', 'specs/20250901000000_baseline.gw:47', 'dev.users', 'telegram_signup_token', 'text', false, false, false, false),
    ('column dev.users.timezone', 'specs/20250901000000_baseline.gw:38', 'dev.users', 'timezone', 'text', true, true, false, false),
    ('column dev.users.updated_at', 'specs/20250901000000_baseline.gw:56', 'dev.users', 'updated_at', 'timestamp with time zone', true, true, false, false),
    ('column dev.users.user_no', 'specs/20250901000000_baseline.gw:52', 'dev.users', 'user_no', 'bigint', true, false, true, false),
    ('column ops.access_log.action', 'specs/20250901000000_baseline.gw:147', 'ops.access_log', 'action', 'text', true, false, false, false),
    ('column ops.access_log.at', 'specs/20250901000000_baseline.gw:146', 'ops.access_log', 'at', 'timestamp with time zone', true, true, false, false),
    ('column ops.access_log.id', 'specs/20250901000000_baseline.gw:144', 'ops.access_log', 'id', 'bigint', true, false, true, false),
    ('column ops.access_log.user_id', 'specs/20250901000000_baseline.gw:145', 'ops.access_log', 'user_id', 'text', false, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [4/18] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key digests_pkey on dev.digests', 'specs/20250901000000_baseline.gw:98', 'dev.digests', 'digests_pkey', false, false, array['id']),
    ('primary key emails_pkey on dev.emails', 'specs/20250901000000_baseline.gw:84', 'dev.emails', 'emails_pkey', false, false, array['id']),
    ('primary key legacy_imports_pkey on dev.legacy_imports', 'specs/20250901000000_baseline.gw:122', 'dev.legacy_imports', 'legacy_imports_pkey', false, false, array['id']),
    ('primary key mail_aliases_pkey on dev.mail_aliases', 'specs/20250901000000_baseline.gw:117', 'dev.mail_aliases', 'mail_aliases_pkey', false, false, array['alias']),
    ('primary key tasks_pkey on dev.tasks', 'specs/20250901000000_baseline.gw:131', 'dev.tasks', 'tasks_pkey', false, false, array['id']),
    ('primary key user_settings_pkey on dev.user_settings', 'specs/20250901000000_baseline.gw:109', 'dev.user_settings', 'user_settings_pkey', false, false, array['user_id']),
    ('primary key users_pkey on dev.users', 'specs/20250901000000_baseline.gw:27', 'dev.users', 'users_pkey', false, false, array['id']),
    ('primary key access_log_pkey on ops.access_log', 'specs/20250901000000_baseline.gw:144', 'ops.access_log', 'access_log_pkey', false, false, array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [5/18] unique constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'u' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'unique constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('unique constraint digests_user_id_day_key on dev.digests', 'specs/20250901000000_baseline.gw:104', 'dev.digests', 'digests_user_id_day_key', false, false, array['user_id', 'day']),
    ('unique constraint users_email_key on dev.users', 'specs/20250901000000_baseline.gw:28', 'dev.users', 'users_email_key', false, false, array['email']),
    ('unique constraint users_telegram_id_key on dev.users', 'specs/20250901000000_baseline.gw:46', 'dev.users', 'users_telegram_id_key', false, false, array['telegram_id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [6/18] check constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'c' and c.convalidated = d.is_valid)
    then 'PASS' else 'FAIL' end as result, 'check constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('check constraint users_not_own_referrer on dev.users', 'specs/20250901000000_baseline.gw:59', 'dev.users', 'users_not_own_referrer', true),
    ('check constraint users_secret_needs_client on dev.users', 'specs/20250901000000_baseline.gw:60', 'dev.users', 'users_secret_needs_client', true)
  ) as d (object, place, relation, name, is_valid);

-- [7/18] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key digests_user_id_fkey on dev.digests', 'specs/20250901000000_baseline.gw:103', 'dev.digests', 'digests_user_id_fkey', false, false, 'dev.users', true, 'a', 'a', array['user_id'], array['id']),
    ('foreign key emails_user_id_fkey on dev.emails', 'specs/20250901000000_baseline.gw:90', 'dev.emails', 'emails_user_id_fkey', false, false, 'dev.users', true, 'c', 'a', array['user_id'], array['id']),
    ('foreign key legacy_imports_user_fkey on dev.legacy_imports', 'specs/20250901000000_baseline.gw:127', 'dev.legacy_imports', 'legacy_imports_user_fkey', false, false, 'dev.users', false, 'a', 'a', array['user_id'], array['id']),
    ('foreign key alias_of_user on dev.mail_aliases', 'specs/20250901000000_baseline.gw:118', 'dev.mail_aliases', 'alias_of_user', false, false, 'dev.users', true, 'c', 'c', array['email'], array['email']),
    ('foreign key tasks_extracted_from_id_fkey on dev.tasks', 'specs/20250901000000_baseline.gw:137', 'dev.tasks', 'tasks_extracted_from_id_fkey', false, false, 'dev.emails', true, 'n', 'a', array['extracted_from_id'], array['id']),
    ('foreign key user_settings_user_id_fkey on dev.user_settings', 'specs/20250901000000_baseline.gw:109', 'dev.user_settings', 'user_settings_user_id_fkey', true, true, 'dev.users', true, 'c', 'a', array['user_id'], array['id']),
    ('foreign key users_referred_by_fkey on dev.users', 'specs/20250901000000_baseline.gw:58', 'dev.users', 'users_referred_by_fkey', false, false, 'dev.users', true, 'n', 'a', array['referred_by'], array['id']),
    ('foreign key who on ops.access_log', 'specs/20250901000000_baseline.gw:145', 'ops.access_log', 'who', false, false, 'dev.users', true, 'n', 'a', array['user_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [8/18] function: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'function' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('function dev.count_users()', 'specs/20250901000000_baseline.gw:184', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.count_users()') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 's' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '443ec4f2742a76d4c8503b019499a113e03741d0f9738573c953a873cd325a46')),
    ('function dev.get_gmail_token(text)', 'specs/20250901000000_baseline.gw:175', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.get_gmail_token(text)') and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 's' and p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '16b7d53e7ed4af2af131ebd24ca752d86264a551356d574c654c5a1d887b56ac')),
    ('function dev.touch_updated_at()', 'specs/20250901000000_baseline.gw:18', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = to_regprocedure('dev.touch_updated_at()') and p.prokind = 'f' and l.lanname = 'plpgsql' and p.provolatile = 'v' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = '961884ede36208e95ee60b3f0ac36c0f31e63c0e15cf5780b8633dc029543ff0')),
    ('function dev.user_label(dev.users)', 'specs/20250901000000_baseline.gw:191', exists (select from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang where p.oid = (select oid from pg_catalog.pg_proc where pronamespace = to_regnamespace('dev') and proname = 'user_label' and array(select unnest(proargtypes)) = array[to_regtype('dev.users')]::oid[]) and p.prokind = 'f' and l.lanname = 'sql' and p.provolatile = 'i' and not p.prosecdef and encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex') = 'dfc1412d76c886ba09608fb40ac1aa81bab8e2f7fb8015cc6dc4e0d6a1150d0a'))
  ) as d (object, place, passed);

-- [9/18] view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('view dev.v_gmail_per_domain', 'specs/20250901000000_baseline.gw:158', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('dev.v_gmail_per_domain') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['domain', 'users', 'connected']::text[])),
    ('view dev.v_gmail_users', 'specs/20250901000000_baseline.gw:151', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('dev.v_gmail_users') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'email', 'connected', 'refresh_expired']::text[])),
    ('view dev.v_people', 'specs/20250901000000_baseline.gw:164', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('dev.v_people') and c.relkind = 'v' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['id', 'email', 'name', 'timezone', 'locale', 'is_active', 'created_at']::text[]))
  ) as d (object, place, passed);

-- [10/18] materialized view: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'materialized view' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('materialized view dev.mv_user_mail', 'specs/20250901000000_baseline.gw:168', exists (select from pg_catalog.pg_class c where c.oid = to_regclass('dev.mv_user_mail') and c.relkind = 'm' and array(select a.attname::text from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) = array['user_id', 'mails', 'last_mail']::text[]))
  ) as d (object, place, passed);

-- [11/18] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index dev.emails_user_received_idx', 'specs/20250901000000_baseline.gw:91', 'dev.emails', 'dev.emails_user_received_idx', false, 2, false),
    ('index dev.mv_user_mail_user', 'specs/20250901000000_baseline.gw:171', 'dev.mv_user_mail', 'dev.mv_user_mail_user', true, 1, false),
    ('index dev.tasks_user_idx', 'specs/20250901000000_baseline.gw:139', 'dev.tasks', 'dev.tasks_user_idx', false, 1, true),
    ('index dev.users_created_idx', 'specs/20250901000000_baseline.gw:62', 'dev.users', 'dev.users_created_idx', false, 1, true),
    ('index dev.users_lower_email_idx', 'specs/20250901000000_baseline.gw:63', 'dev.users', 'dev.users_lower_email_idx', false, 1, false),
    ('index dev.users_preferences_idx', 'specs/20250901000000_baseline.gw:66', 'dev.users', 'dev.users_preferences_idx', false, 1, false),
    ('index dev.users_scopes_idx', 'specs/20250901000000_baseline.gw:67', 'dev.users', 'dev.users_scopes_idx', false, 1, false),
    ('index dev.users_signal_idx', 'specs/20250901000000_baseline.gw:65', 'dev.users', 'dev.users_signal_idx', true, 1, true),
    ('index dev.users_signup_token_idx', 'specs/20250901000000_baseline.gw:64', 'dev.users', 'dev.users_signup_token_idx', false, 1, true)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [12/18] statistics: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'statistics' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('statistics dev.users_locale_stats', 'specs/20250901000000_baseline.gw:68', exists (select from pg_catalog.pg_statistic_ext where oid = (select oid from pg_catalog.pg_statistic_ext where stxnamespace = to_regnamespace('dev') and stxname = 'users_locale_stats') and stxrelid = to_regclass('dev.users')))
  ) as d (object, place, passed);

-- [13/18] trigger: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'trigger' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('trigger users_touch on dev.users', 'specs/20250901000000_baseline.gw:70', exists (select from pg_catalog.pg_trigger t where t.tgrelid = to_regclass('dev.users') and t.tgname = 'users_touch' and not t.tgisinternal and t.tgenabled <> 'D' and t.tgfoid = to_regprocedure('dev.touch_updated_at()')))
  ) as d (object, place, passed);

-- [14/18] publication: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'publication' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('publication app_changes', 'specs/20250901000000_baseline.gw:195', exists (select from pg_catalog.pg_publication where pubname = 'app_changes' and not puballtables))
  ) as d (object, place, passed);

-- [15/18] publication table: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'publication table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table dev.emails in publication app_changes', 'specs/20250901000000_baseline.gw:195', exists (select from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid where p.pubname = 'app_changes' and r.prrelid = to_regclass('dev.emails'))),
    ('table dev.users in publication app_changes', 'specs/20250901000000_baseline.gw:195', exists (select from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid where p.pubname = 'app_changes' and r.prrelid = to_regclass('dev.users')))
  ) as d (object, place, passed);

-- [16/18] owner: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'owner' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('owner of table dev.emails', 'specs/20250901000000_baseline.gw:93', exists (select from pg_catalog.pg_class where oid = to_regclass('dev.emails') and relowner = to_regrole('app_owner'))),
    ('owner of function dev.touch_updated_at()', 'specs/20250901000000_baseline.gw:23', exists (select from pg_catalog.pg_proc where oid = to_regprocedure('dev.touch_updated_at()') and proowner = to_regrole('app_owner'))),
    ('owner of table dev.users', 'specs/20250901000000_baseline.gw:75', exists (select from pg_catalog.pg_class where oid = to_regclass('dev.users') and relowner = to_regrole('app_owner')))
  ) as d (object, place, passed);

-- [17/18] grant: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'grant' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('grant to app_backend on schema dev', 'specs/20250901000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('dev') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['USAGE']::text[])),
    ('grant to app_frontend on schema dev', 'specs/20250901000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('dev') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('app_frontend') order by 1) @> array['USAGE']::text[])),
    ('grant to app_owner on schema dev', 'specs/20250901000000_baseline.gw:11', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('dev') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('app_owner') order by 1) @> array['CREATE', 'USAGE']::text[])),
    ('grant to reporting on schema dev', 'specs/20250901000000_baseline.gw:10', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('dev') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('reporting') order by 1) @> array['USAGE']::text[])),
    ('grant to app_owner on schema ops', 'specs/20250901000000_baseline.gw:15', exists (select from pg_catalog.pg_namespace o where o.oid = to_regnamespace('ops') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a where a.grantee = to_regrole('app_owner') order by 1) @> array['USAGE']::text[])),
    ('grant to app_backend on table dev.digests', 'specs/20250901000000_baseline.gw:105', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.digests') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to app_backend on table dev.emails', 'specs/20250901000000_baseline.gw:92', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.emails') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to app_backend on function dev.get_gmail_token(text)', 'specs/20250901000000_baseline.gw:182', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_gmail_token(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['EXECUTE']::text[])),
    ('grant to public on function dev.get_gmail_token(text)', 'specs/20250901000000_baseline.gw:181', exists (select from pg_catalog.pg_proc o where o.oid = to_regprocedure('dev.get_gmail_token(text)') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.proacl, acldefault('f', o.proowner))) a where a.grantee = 0 order by 1) = array[]::text[])),
    ('grant to app_backend on table dev.tasks', 'specs/20250901000000_baseline.gw:140', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.tasks') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to app_backend on table dev.user_settings', 'specs/20250901000000_baseline.gw:113', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.user_settings') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to app_backend on table dev.users', 'specs/20250901000000_baseline.gw:73', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.users') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_backend') order by 1) @> array['DELETE', 'INSERT', 'SELECT', 'UPDATE']::text[])),
    ('grant to reporting on table dev.users', 'specs/20250901000000_baseline.gw:74', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.users') and (select count(distinct c.attname) from pg_catalog.pg_attribute c, aclexplode(c.attacl) a where c.attrelid = o.oid and c.attname in ('email', 'id', 'is_active', 'locale', 'name', 'timezone') and a.grantee = to_regrole('reporting') and a.privilege_type = 'SELECT') = 6)),
    ('grant to reporting on view dev.v_gmail_per_domain', 'specs/20250901000000_baseline.gw:161', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.v_gmail_per_domain') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('reporting') order by 1) @> array['SELECT*']::text[])),
    ('grant to app_frontend on view dev.v_people', 'specs/20250901000000_baseline.gw:165', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.v_people') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('app_frontend') order by 1) @> array['SELECT']::text[])),
    ('grant to reporting on view dev.v_people', 'specs/20250901000000_baseline.gw:165', exists (select from pg_catalog.pg_class o where o.oid = to_regclass('dev.v_people') and array(select distinct (a.privilege_type || case when a.is_grantable then '*' else '' end) collate "C" from aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) a where a.grantee = to_regrole('reporting') order by 1) @> array['SELECT']::text[]))
  ) as d (object, place, passed);

-- [18/18] comment: as declared
select case when d.passed
    then 'PASS' else 'FAIL' end as result, 'comment' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('comment on schema dev', 'specs/20250901000000_baseline.gw:9', obj_description(to_regnamespace('dev'), 'pg_namespace') is not distinct from 'Mail assistant'),
    ('comment on foreign key emails_user_id_fkey on dev.emails', 'specs/20250901000000_baseline.gw:95', obj_description((select oid from pg_catalog.pg_constraint where conrelid = to_regclass('dev.emails') and conname = 'emails_user_id_fkey'), 'pg_constraint') is not distinct from 'Mail goes with its owner'),
    ('comment on function dev.get_gmail_token(text)', 'specs/20250901000000_baseline.gw:180', obj_description(to_regprocedure('dev.get_gmail_token(text)'), 'pg_proc') is not distinct from 'Server side only: returns secrets'),
    ('comment on table dev.users', 'specs/20250901000000_baseline.gw:76', obj_description(to_regclass('dev.users'), 'pg_class') is not distinct from 'People who signed up'),
    ('comment on column dev.users.access_token', 'specs/20250901000000_baseline.gw:31', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.users') and attname = 'access_token' and col_description(attrelid, attnum) = 'Gmail, plain text')),
    ('comment on column dev.users.access_token_2', 'specs/20250901000000_baseline.gw:39', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.users') and attname = 'access_token_2' and col_description(attrelid, attnum) = 'Google Calendar, plain text')),
    ('comment on column dev.users.preferences', 'specs/20250901000000_baseline.gw:50', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.users') and attname = 'preferences' and col_description(attrelid, attnum) = 'Client settings, free form')),
    ('comment on column dev.users.telegram_id', 'specs/20250901000000_baseline.gw:46', exists (select from pg_catalog.pg_attribute where attrelid = to_regclass('dev.users') and attname = 'telegram_id' and col_description(attrelid, attnum) = 'Numeric Telegram id as text')),
    ('comment on check constraint users_not_own_referrer on dev.users', 'specs/20250901000000_baseline.gw:78', obj_description((select oid from pg_catalog.pg_constraint where conrelid = to_regclass('dev.users') and conname = 'users_not_own_referrer'), 'pg_constraint') is not distinct from 'Nobody invites themselves'),
    ('comment on trigger users_touch on dev.users', 'specs/20250901000000_baseline.gw:80', obj_description((select oid from pg_catalog.pg_trigger where tgrelid = to_regclass('dev.users') and tgname = 'users_touch'), 'pg_trigger') is not distinct from 'Keeps updated_at honest'),
    ('comment on index dev.users_lower_email_idx', 'specs/20250901000000_baseline.gw:79', obj_description(to_regclass('dev.users_lower_email_idx'), 'pg_class') is not distinct from 'Sign-in by address, any case'),
    ('comment on view dev.v_gmail_users', 'specs/20250901000000_baseline.gw:155', obj_description(to_regclass('dev.v_gmail_users'), 'pg_class') is not distinct from 'Who has mail connected')
  ) as d (object, place, passed);
$verify$
on conflict (id) do update set (sequence, title, checksum, state, baseline, rollback_class, steps, applied_at,
  applied_by, window_until, finalized_at, rolled_back_at, down_sql, finalize_sql, verify_sql) =
  (excluded.sequence, excluded.title, excluded.checksum, excluded.state, excluded.baseline,
   excluded.rollback_class, excluded.steps, excluded.applied_at, excluded.applied_by,
   excluded.window_until, null, null, excluded.down_sql, excluded.finalize_sql, excluded.verify_sql);
insert into godwit.event (migration, what, detail)
select '20250901000000_baseline', case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, jsonb_build_object('catalog rows changed', godwit.remember());

-- [71/72] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250901000000_baseline', 'message', 'applied',
  'tables', array['dev.digests', 'dev.emails', 'dev.legacy_imports', 'dev.mail_aliases', 'dev.tasks', 'dev.user_settings', 'dev.users', 'ops.access_log']::text[])::text);

-- [72/72] commit
commit;
