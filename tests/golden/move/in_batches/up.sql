-- godwit up 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3b5062be01c5acc973536858bd995b8e9edc2d7ea80f688b9794c2579806d701
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- postgres: 13
-- requires: 20250101000000_before
-- transactions: several
-- content: sha256:0aa02542e0a6da932eb562bcf7527888d002644ade038d13591435a49acc00b9

-- [1/55] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/55] the ledger
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

-- [3/55] commit
commit;

-- [4/55] part 1 of 4: what only adds, and what the batches need
select not exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun') as part_1
\gset
\if :part_1

-- [5/55] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [6/55] refuse when this has run already or comes too early
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

-- [7/55] go or no-go: move gmail (20250102000000_after.gw:19)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*) filter (where access_token is not null)
    into v_total, v_qualifying
    from app.users;
  raise notice 'move gmail: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [8/55] go or no-go: move telegram (20250102000000_after.gw:27)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*) filter (where u.chat is not null)
    into v_total, v_qualifying
    from app.users as u;
  raise notice 'move telegram: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [9/55] lock what will change, in one fixed order
lock table app.users in share row exclusive mode;

-- [10/55] phase expand
savepoint godwit_expand;

-- [11/55] create table app.services (20250102000000_after.gw:1)
create table app.services (
    id text not null,
    name text not null,
    constraint services_pkey primary key (id)
);

-- [12/55] create table app.integrations (20250102000000_after.gw:8)
create table app.integrations (
    id bigint not null generated always as identity,
    user_id bigint not null,
    service_id text not null,
    account text not null,
    access_token text,
    constraint integrations_pkey primary key (id),
    constraint integrations_user_id_service_id_account_key unique (user_id, service_id, account),
    constraint integrations_service_id_fkey foreign key (service_id) references app.services (id),
    constraint integrations_user_id_fkey foreign key (user_id) references app.users (id) on delete cascade
);

-- [13/55] phase move
savepoint godwit_move;

-- [14/55] rows app.services (20250102000000_after.gw:6)
--   locks app.services (row exclusive); scan
--   godwit_kept.seeded_services_40f1cbc1 keeps the rows as declared, until finalize
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep the rows as declared for app.services
create table godwit_kept.seeded_services_40f1cbc1 as
select *
  from (values
        ('gmail'::text, 'Gmail'::text),
        ('telegram', 'Telegram')) as seed (id, name);
-- bring rows of app.services that differ up to date
update app.services as target
   set name = seed.name
  from godwit_kept.seeded_services_40f1cbc1 as seed
 where target.id = seed.id
   and (target.name is distinct from seed.name);
-- put rows into app.services that are not there
insert into app.services (id, name)
select seed.id, seed.name
  from godwit_kept.seeded_services_40f1cbc1 as seed
 where not exists (select from app.services as target
                    where target.id = seed.id);

-- [15/55] prepare move gmail (20250102000000_after.gw:19)
--   locks app.users (share row exclusive); scan
--   godwit_kept.moved_gmail_502965ae remembers which rows were moved, until finalize
--   sample 10: a defect in more than 36.91 % of rows would be seen with 99 % confidence
--   rollback: access_token := access_token
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- make sure that godwit_kept.residue exists
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
-- keep which rows of the source move, and where to
create table godwit_kept.moved_gmail_502965ae as
select id as source_id,
       id as target_user_id,
       'gmail'::text as target_service_id,
       email as target_account
  from app.users
 where access_token is not null
  with no data;
alter table godwit_kept.moved_gmail_502965ae add column put_in xid;
alter table godwit_kept.moved_gmail_502965ae replica identity full;
-- note which rows of app.users applications write from here on
create table godwit_kept.late_gmail_502965ae as
select id as source_id
  from app.users
  with no data;
alter table godwit_kept.late_gmail_502965ae replica identity full;
create function godwit_kept.note_gmail_502965ae() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.late_gmail_502965ae (source_id) values (null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' then
      insert into godwit_kept.late_gmail_502965ae (source_id) values (old.id);
    end if;
    if tg_op <> 'DELETE' then
      insert into godwit_kept.late_gmail_502965ae (source_id) values (new.id);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_gmail_502965ae after insert or update or delete on app.users
  for each row execute function godwit_kept.note_gmail_502965ae();
alter table app.users enable always trigger _gw_note_gmail_502965ae;
create trigger _gw_all_note_gmail_502965ae after truncate on app.users
  for each statement execute function godwit_kept.note_gmail_502965ae();
alter table app.users enable always trigger _gw_all_note_gmail_502965ae;
-- a place for each such row, once
create table godwit_kept.again_gmail_502965ae as
select late.source_id,
       image.source_id is not null as qualifies,
       image.put_user_id,
       image.put_service_id,
       image.put_account,
       image.put_access_token
  from (select distinct source_id from godwit_kept.late_gmail_502965ae) as late
  left join (select id as source_id,
                    id as put_user_id,
                    'gmail'::text as put_service_id,
                    email as put_account,
                    access_token as put_access_token
               from app.users
              where access_token is not null) as image on image.source_id = late.source_id
  with no data;
alter table godwit_kept.again_gmail_502965ae add primary key (source_id);
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, range, next_key, last_key, rows_expected)
with size as (
  select greatest(reltuples, 0)::bigint as of_table from pg_class where oid = 'app.users'::regclass
), bounds as (                      -- the values between which there are about as many rows each
  select histogram_bounds::text::bigint[] as bound from pg_stats, size
   where (schemaname, tablename, attname) = ('app', 'users', 'id')
     and of_table >= 16000          -- a smaller table is one range
   order by inherited desc limit 1
), cuts as (
  select (select id from app.users order by id limit 1) as low
  union
  select bound[1 + (cardinality(bound) - 1) * part / 8]
    from bounds, generate_series(1, 7) as part
), ranges as (
  select row_number() over (order by low) as range, low, lead(low) over (order by low) as high,
         count(*) over () as parts
    from cuts
)
select '20250102000000_after', 'move gmail', range,
       (select array[id::text] from app.users where id >= low order by id limit 1),
       case when high is null then (select array[id::text] from app.users order by id desc limit 1)
            else (select array[id::text] from app.users where id < high order by id desc limit 1) end,
       of_table / parts
  from ranges, size;
-- one batch: the next rows by key, with their record and the place to go on from; null: none is left
create function godwit_kept.batch_gmail_502965ae(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 app.users.id%type;
  v_high_1 app.users.id%type;
  v_last_1 app.users.id%type;
  v_put_in xid;
  v_at_once bigint;
  v_done bigint := 0;
  v_rejected bigint := 0;
  v_state text;
  v_reason text;
  v_detail text;
  v_first_state text;
  v_keys text;
  v_from_1 app.users.id%type;
  v_to_1 app.users.id%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'move gmail') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'move gmail') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select id into v_high_1
    from app.users where id >= v_low_1 and id <= v_last_1
   order by id offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1;
    select count(*) into v_read from app.users where id >= v_low_1 and id <= v_last_1;
  end if;

  -- the rows, and which they were
  begin
    update godwit.checkpoint set reached_at = reached_at
     where (migration, step, range) = ('20250102000000_after', 'move gmail', v_range) returning xmin into v_put_in;
    with image as not materialized (
      select id as source_id,
             id as put_user_id,
             'gmail'::text as put_service_id,
             email as put_account,
             access_token as put_access_token
        from app.users
       where users.id >= v_low_1 and users.id <= v_high_1
         and (access_token is not null)
         for key share
    ), kept as (
      insert into godwit_kept.moved_gmail_502965ae (source_id, target_user_id, target_service_id, target_account, put_in)
      select source_id, put_user_id, put_service_id, put_account, v_put_in
        from image
    )
    insert into app.integrations (user_id, service_id, account, access_token)
    select put_user_id,
           put_service_id,
           put_account,
           put_access_token
      from image;
    get diagnostics v_written = row_count;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(batch_rows / 2, 5000), 1);
    select users.id into v_from_1
      from app.users
     where users.id >= v_low_1 and users.id <= v_high_1
       and (access_token is not null)
     order by users.id limit 1;
    while v_from_1 is not null loop
      select id into v_to_1
        from (select users.id from app.users
               where users.id >= v_from_1
                 and (users.id >= v_low_1 and users.id <= v_high_1
         and (access_token is not null))
               order by users.id limit v_at_once) as next
       order by id desc limit 1;
      begin
        with image as not materialized (
          select id as source_id,
                 id as put_user_id,
                 'gmail'::text as put_service_id,
                 email as put_account,
                 access_token as put_access_token
            from app.users
           where users.id >= v_from_1 and users.id <= v_to_1 and users.id >= v_low_1 and users.id <= v_high_1
             and (access_token is not null)
        ), kept as (
          insert into godwit_kept.moved_gmail_502965ae (source_id, target_user_id, target_service_id, target_account, put_in)
          select source_id, put_user_id, put_service_id, put_account, v_put_in
            from image
        )
        insert into app.integrations (user_id, service_id, account, access_token)
        select put_user_id,
               put_service_id,
               put_account,
               put_access_token
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
        from app.users
       where users.id > v_to_1
         and (users.id >= v_low_1 and users.id <= v_high_1
         and (access_token is not null))
       order by users.id limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'move gmail: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows and run it again: it goes on behind the last batch';
  end;

  select array[id::text] into v_next
    from app.users where id > v_high_1 and id <= v_last_1
   order by id limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'move gmail') and range = v_range;
  return v_read;
end $godwit$;
-- what was written meanwhile, looked at again
create function godwit_kept.catch_up_gmail_502965ae() returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_late bigint;
  v_conflicts bigint;
  v_qualifying bigint;
  v_kept bigint;
begin
  if exists (select from godwit_kept.late_gmail_502965ae where source_id is null) then  -- every row is concerned
    insert into godwit_kept.late_gmail_502965ae select source_id from godwit_kept.moved_gmail_502965ae union select id from app.users;
    delete from godwit_kept.late_gmail_502965ae where source_id is null;
  end if;
  analyze godwit_kept.late_gmail_502965ae;
  insert into godwit_kept.again_gmail_502965ae
  select late.source_id,
         image.source_id is not null as qualifies,
         image.put_user_id,
         image.put_service_id,
         image.put_account,
         image.put_access_token
    from (select distinct source_id from godwit_kept.late_gmail_502965ae) as late
    left join (select id as source_id,
                      id as put_user_id,
                      'gmail'::text as put_service_id,
                      email as put_account,
                      access_token as put_access_token
                 from app.users
                where access_token is not null) as image on image.source_id = late.source_id;
  get diagnostics v_late = row_count;
  if v_late = 0 then
    return 0;
  end if;
  analyze godwit_kept.again_gmail_502965ae;
  if to_regclass('godwit_kept.by_row_moved_gmail_502965ae') is null then  -- taken back before all batches were done
    create unique index by_row_moved_gmail_502965ae on godwit_kept.moved_gmail_502965ae (source_id);
    analyze godwit_kept.moved_gmail_502965ae;
  end if;

  -- rows that were changed on both sides: the source's values win, the target's are noted
  insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
  select '20250102000000_after', 'move gmail', 'app.integrations',
         jsonb_build_object('id', target.id), to_jsonb(target),
         'changed on both sides while rows were moved in batches'
    from app.integrations as target,
         godwit_kept.again_gmail_502965ae as again,
         godwit_kept.moved_gmail_502965ae as kept
   where kept.source_id = again.source_id
     and target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and target.xmin <> kept.put_in
     and (not again.qualifies
          or target.user_id is distinct from again.put_user_id
          or target.service_id is distinct from again.put_service_id
          or target.account is distinct from again.put_account
          or target.access_token is distinct from again.put_access_token);
  get diagnostics v_conflicts = row_count;
  if v_conflicts > 0 then
    raise warning 'move gmail: % rows were changed on both sides meanwhile; the target''s values are in godwit_kept.residue', v_conflicts;
  end if;
  -- gone from the source, or no longer to be moved
  delete from app.integrations as target
   using godwit_kept.again_gmail_502965ae as again,
         godwit_kept.moved_gmail_502965ae as kept
   where kept.source_id = again.source_id
     and target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and not again.qualifies;
  -- and its record; the same where the target has lost the row
  delete from godwit_kept.moved_gmail_502965ae as kept
   using godwit_kept.again_gmail_502965ae as again
   where kept.source_id = again.source_id
     and (not again.qualifies
          or not exists (select from app.integrations as target where target.user_id = kept.target_user_id and target.service_id = kept.target_service_id and target.account = kept.target_account));
  -- changed in the source
  update app.integrations as target
     set user_id = again.put_user_id,
         service_id = again.put_service_id,
         account = again.put_account,
         access_token = again.put_access_token
    from godwit_kept.again_gmail_502965ae as again,
         godwit_kept.moved_gmail_502965ae as kept
   where kept.source_id = again.source_id
     and target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and again.qualifies
     and (target.user_id is distinct from again.put_user_id
          or target.service_id is distinct from again.put_service_id
          or target.account is distinct from again.put_account
          or target.access_token is distinct from again.put_access_token);
  -- and their records
  update godwit_kept.moved_gmail_502965ae as kept
     set target_user_id = again.put_user_id,
         target_account = again.put_account
    from godwit_kept.again_gmail_502965ae as again
   where kept.source_id = again.source_id
     and again.qualifies
     and (kept.target_user_id is distinct from again.put_user_id
          or kept.target_account is distinct from again.put_account);
  -- new in the source
  with image as not materialized (
    select source_id, put_user_id, put_service_id, put_account, put_access_token
      from godwit_kept.again_gmail_502965ae as again
     where qualifies
       and not exists (select from godwit_kept.moved_gmail_502965ae as kept where kept.source_id = again.source_id)
  ), kept as (
    insert into godwit_kept.moved_gmail_502965ae (source_id, target_user_id, target_service_id, target_account, put_in)
    select source_id, put_user_id, put_service_id, put_account, pg_current_xact_id()::xid
      from image
  )
  insert into app.integrations (user_id, service_id, account, access_token)
  select put_user_id,
         put_service_id,
         put_account,
         put_access_token
    from image;

  select count(*) into v_qualifying from godwit_kept.again_gmail_502965ae where qualifies;
  select count(*) into v_kept from godwit_kept.again_gmail_502965ae as again join godwit_kept.moved_gmail_502965ae as kept on kept.source_id = again.source_id
   where exists (select from app.integrations as target where target.user_id = kept.target_user_id and target.service_id = kept.target_service_id and target.account = kept.target_account);
  if v_qualifying <> v_kept then
    raise exception 'move gmail: of the rows written meanwhile % qualify, but % are moved or already there', v_qualifying, v_kept using errcode = 'GW003';
  end if;
  raise notice 'move gmail: % rows were written meanwhile, and are as they should be', v_late;
  return v_late;
end $godwit$;

-- [16/55] prepare move telegram (20250102000000_after.gw:27)
--   locks app.users (share row exclusive); scan
--   godwit_kept.moved_telegram_502965ae remembers which rows were moved, until finalize
--   rollback: chat := account
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- make sure that godwit_kept.residue exists
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
-- keep which rows of the source move, and where to
create table godwit_kept.moved_telegram_502965ae as
select image.*,
       exists (select from app.integrations as target
                where target.user_id = image.target_user_id
                  and target.service_id = image.target_service_id
                  and target.account = image.target_account)
       or row_number() over (partition by image.target_user_id, image.target_service_id, image.target_account order by image.source_id) > 1 as already_there
  from (select id as source_id,
               u.id as target_user_id,
               'telegram'::text as target_service_id,
               u.chat as target_account
          from app.users as u
         where u.chat is not null) as image
  with no data;
alter table godwit_kept.moved_telegram_502965ae add column put_in xid;
alter table godwit_kept.moved_telegram_502965ae replica identity full;
-- note which rows of app.users applications write from here on
create table godwit_kept.late_telegram_502965ae as
select id as source_id
  from app.users
  with no data;
alter table godwit_kept.late_telegram_502965ae replica identity full;
create function godwit_kept.note_telegram_502965ae() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.late_telegram_502965ae (source_id) values (null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' then
      insert into godwit_kept.late_telegram_502965ae (source_id) values (old.id);
    end if;
    if tg_op <> 'DELETE' then
      insert into godwit_kept.late_telegram_502965ae (source_id) values (new.id);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_telegram_502965ae after insert or update or delete on app.users
  for each row execute function godwit_kept.note_telegram_502965ae();
alter table app.users enable always trigger _gw_note_telegram_502965ae;
create trigger _gw_all_note_telegram_502965ae after truncate on app.users
  for each statement execute function godwit_kept.note_telegram_502965ae();
alter table app.users enable always trigger _gw_all_note_telegram_502965ae;
-- a place for each such row, once
create table godwit_kept.again_telegram_502965ae as
select late.source_id,
       image.source_id is not null as qualifies,
       image.put_user_id,
       image.put_service_id,
       image.put_account
  from (select distinct source_id from godwit_kept.late_telegram_502965ae) as late
  left join (select id as source_id,
                    u.id as put_user_id,
                    'telegram'::text as put_service_id,
                    u.chat as put_account
               from app.users as u
              where u.chat is not null) as image on image.source_id = late.source_id
  with no data;
alter table godwit_kept.again_telegram_502965ae add primary key (source_id);
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, next_key, last_key, rows_expected)
select '20250102000000_after', 'move telegram',
       (select array[email::text] from app.users order by email limit 1),
       (select array[email::text] from app.users order by email desc limit 1),
       (select greatest(reltuples, 0)::bigint from pg_class where oid = 'app.users'::regclass);
-- one batch: the next rows by key, with their record and the place to go on from; null: none is left
create function godwit_kept.batch_telegram_502965ae(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 app.users.email%type;
  v_high_1 app.users.email%type;
  v_last_1 app.users.email%type;
  v_put_in xid;
  v_at_once bigint;
  v_done bigint := 0;
  v_rejected bigint := 0;
  v_state text;
  v_reason text;
  v_detail text;
  v_first_state text;
  v_keys text;
  v_from_1 app.users.id%type;
  v_to_1 app.users.id%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'move telegram') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'move telegram') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select email into v_high_1
    from app.users where email >= v_low_1 and email <= v_last_1
   order by email offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1;
    select count(*) into v_read from app.users where email >= v_low_1 and email <= v_last_1;
  end if;

  -- the rows, and which they were
  begin
    update godwit.checkpoint set reached_at = reached_at
     where (migration, step, range) = ('20250102000000_after', 'move telegram', v_range) returning xmin into v_put_in;
    with image as materialized (
      select image.*,
             exists (select from app.integrations as target
                      where target.user_id = image.put_user_id
                        and target.service_id = image.put_service_id
                        and target.account = image.put_account)
             or row_number() over (partition by image.put_user_id, image.put_service_id, image.put_account order by image.source_id) > 1 as already_there
        from (select id as source_id,
                     u.id as put_user_id,
                     'telegram'::text as put_service_id,
                     u.chat as put_account
                from app.users as u
               where u.email >= v_low_1 and u.email <= v_high_1
                 and (u.chat is not null)
                 for key share) as image
    ), kept as (
      insert into godwit_kept.moved_telegram_502965ae (source_id, target_user_id, target_service_id, target_account, already_there, put_in)
      select source_id, put_user_id, put_service_id, put_account, already_there, v_put_in
        from image
    )
    insert into app.integrations (user_id, service_id, account)
    select put_user_id,
           put_service_id,
           put_account
      from image
     where not already_there;
    get diagnostics v_written = row_count;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(batch_rows / 2, 5000), 1);
    select u.id into v_from_1
      from app.users as u
     where u.email >= v_low_1 and u.email <= v_high_1
       and (u.chat is not null)
     order by u.id limit 1;
    while v_from_1 is not null loop
      select id into v_to_1
        from (select u.id from app.users as u
               where u.id >= v_from_1
                 and (u.email >= v_low_1 and u.email <= v_high_1
         and (u.chat is not null))
               order by u.id limit v_at_once) as next
       order by id desc limit 1;
      begin
        with image as materialized (
          select image.*,
                 exists (select from app.integrations as target
                          where target.user_id = image.put_user_id
                            and target.service_id = image.put_service_id
                            and target.account = image.put_account)
                 or row_number() over (partition by image.put_user_id, image.put_service_id, image.put_account order by image.source_id) > 1 as already_there
            from (select id as source_id,
                         u.id as put_user_id,
                         'telegram'::text as put_service_id,
                         u.chat as put_account
                    from app.users as u
                   where u.id >= v_from_1 and u.id <= v_to_1 and u.email >= v_low_1 and u.email <= v_high_1
                     and (u.chat is not null)) as image
        ), kept as (
          insert into godwit_kept.moved_telegram_502965ae (source_id, target_user_id, target_service_id, target_account, already_there, put_in)
          select source_id, put_user_id, put_service_id, put_account, already_there, v_put_in
            from image
        )
        insert into app.integrations (user_id, service_id, account)
        select put_user_id,
               put_service_id,
               put_account
          from image
         where not already_there;
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
      select u.id into v_from_1
        from app.users as u
       where u.id > v_to_1
         and (u.email >= v_low_1 and u.email <= v_high_1
         and (u.chat is not null))
       order by u.id limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'move telegram: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows and run it again: it goes on behind the last batch';
  end;

  select array[email::text] into v_next
    from app.users where email > v_high_1 and email <= v_last_1
   order by email limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'move telegram') and range = v_range;
  return v_read;
end $godwit$;
-- what was written meanwhile, looked at again
create function godwit_kept.catch_up_telegram_502965ae() returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_late bigint;
  v_conflicts bigint;
  v_qualifying bigint;
  v_kept bigint;
begin
  if exists (select from godwit_kept.late_telegram_502965ae where source_id is null) then  -- every row is concerned
    insert into godwit_kept.late_telegram_502965ae select source_id from godwit_kept.moved_telegram_502965ae union select id from app.users;
    delete from godwit_kept.late_telegram_502965ae where source_id is null;
  end if;
  analyze godwit_kept.late_telegram_502965ae;
  insert into godwit_kept.again_telegram_502965ae
  select late.source_id,
         image.source_id is not null as qualifies,
         image.put_user_id,
         image.put_service_id,
         image.put_account
    from (select distinct source_id from godwit_kept.late_telegram_502965ae) as late
    left join (select id as source_id,
                      u.id as put_user_id,
                      'telegram'::text as put_service_id,
                      u.chat as put_account
                 from app.users as u
                where u.chat is not null) as image on image.source_id = late.source_id;
  get diagnostics v_late = row_count;
  if v_late = 0 then
    return 0;
  end if;
  analyze godwit_kept.again_telegram_502965ae;
  if to_regclass('godwit_kept.by_row_moved_telegram_502965ae') is null then  -- taken back before all batches were done
    create unique index by_row_moved_telegram_502965ae on godwit_kept.moved_telegram_502965ae (source_id);
    analyze godwit_kept.moved_telegram_502965ae;
  end if;

  -- rows that were changed on both sides: the source's values win, the target's are noted
  insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
  select '20250102000000_after', 'move telegram', 'app.integrations',
         jsonb_build_object('id', target.id), to_jsonb(target),
         'changed on both sides while rows were moved in batches'
    from app.integrations as target,
         godwit_kept.again_telegram_502965ae as again,
         godwit_kept.moved_telegram_502965ae as kept
   where kept.source_id = again.source_id
     and target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and not kept.already_there
     and target.xmin <> kept.put_in
     and (not again.qualifies
          or target.user_id is distinct from again.put_user_id
          or target.service_id is distinct from again.put_service_id
          or target.account is distinct from again.put_account);
  get diagnostics v_conflicts = row_count;
  if v_conflicts > 0 then
    raise warning 'move telegram: % rows were changed on both sides meanwhile; the target''s values are in godwit_kept.residue', v_conflicts;
  end if;
  -- gone from the source, or no longer to be moved
  delete from app.integrations as target
   using godwit_kept.again_telegram_502965ae as again,
         godwit_kept.moved_telegram_502965ae as kept
   where kept.source_id = again.source_id
     and target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and not kept.already_there
     and not again.qualifies;
  -- and its record; the same where the target has lost the row
  delete from godwit_kept.moved_telegram_502965ae as kept
   using godwit_kept.again_telegram_502965ae as again
   where kept.source_id = again.source_id
     and (not again.qualifies
          or kept.already_there or not exists (select from app.integrations as target where target.user_id = kept.target_user_id and target.service_id = kept.target_service_id and target.account = kept.target_account));
  -- changed in the source
  update app.integrations as target
     set user_id = again.put_user_id,
         service_id = again.put_service_id,
         account = again.put_account
    from godwit_kept.again_telegram_502965ae as again,
         godwit_kept.moved_telegram_502965ae as kept
   where kept.source_id = again.source_id
     and target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and not kept.already_there
     and again.qualifies
     and (target.user_id is distinct from again.put_user_id
          or target.service_id is distinct from again.put_service_id
          or target.account is distinct from again.put_account);
  -- and their records
  update godwit_kept.moved_telegram_502965ae as kept
     set target_user_id = again.put_user_id,
         target_account = again.put_account
    from godwit_kept.again_telegram_502965ae as again
   where kept.source_id = again.source_id
     and again.qualifies
     and (kept.target_user_id is distinct from again.put_user_id
          or kept.target_account is distinct from again.put_account);
  -- new in the source
  with image as materialized (
    select image.*,
           exists (select from app.integrations as target
                    where target.user_id = image.put_user_id
                      and target.service_id = image.put_service_id
                      and target.account = image.put_account)
           or row_number() over (partition by image.put_user_id, image.put_service_id, image.put_account order by image.source_id) > 1 as already_there
      from (select source_id, put_user_id, put_service_id, put_account
              from godwit_kept.again_telegram_502965ae as again
             where qualifies
               and not exists (select from godwit_kept.moved_telegram_502965ae as kept where kept.source_id = again.source_id)) as image
  ), kept as (
    insert into godwit_kept.moved_telegram_502965ae (source_id, target_user_id, target_service_id, target_account, already_there, put_in)
    select source_id, put_user_id, put_service_id, put_account, already_there, pg_current_xact_id()::xid
      from image
  )
  insert into app.integrations (user_id, service_id, account)
  select put_user_id,
         put_service_id,
         put_account
    from image
   where not already_there;

  select count(*) into v_qualifying from godwit_kept.again_telegram_502965ae where qualifies;
  select count(*) into v_kept from godwit_kept.again_telegram_502965ae as again join godwit_kept.moved_telegram_502965ae as kept on kept.source_id = again.source_id
   where exists (select from app.integrations as target where target.user_id = kept.target_user_id and target.service_id = kept.target_service_id and target.account = kept.target_account);
  if v_qualifying <> v_kept then
    raise exception 'move telegram: of the rows written meanwhile % qualify, but % are moved or already there', v_qualifying, v_kept using errcode = 'GW003';
  end if;
  raise notice 'move telegram: % rows were written meanwhile, and are as they should be', v_late;
  return v_late;
end $godwit$;

-- [17/55] record that it is begun, with its way back
insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,
  window_until, down_sql, finalize_sql, verify_sql)
select '20250102000000_after', (select coalesce(max(sequence), 0) + 1 from godwit.migration), '', 'sha256:3b5062be01c5acc973536858bd995b8e9edc2d7ea80f688b9794c2579806d701',
  'begun', false, 'exact while the window is open', 8,
  null,
  $down$-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3b5062be01c5acc973536858bd995b8e9edc2d7ea80f688b9794c2579806d701
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- transactions: several
-- content: sha256:be77d6f4775412d56a2d2803f843f27d81a78e1d1a43b785ad43de0e3b8a8888

-- [1/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/76] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/76] commit
commit;

-- [4/76] what has only begun
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun') as is_begun
\gset
\if :is_begun

-- [5/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [6/76] refuse when this is not the last migration, is final, or its window is closed
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

-- [7/76] lock what will change, in one fixed order
lock table app.integrations in access exclusive mode;
lock table app.services in access exclusive mode;
lock table app.users in access exclusive mode;

-- [8/76] a place for what has none in the old shape
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

-- [9/76] settle move telegram (20250102000000_after.gw:27)
--   locks app.integrations (row exclusive), app.users (access exclusive); scan
--   godwit_kept.moved_telegram_502965ae remembers which rows were moved, until finalize
--   rollback: chat := account
-- what was written meanwhile
do $$
#variable_conflict use_column
begin
  perform godwit_kept.catch_up_telegram_502965ae();
exception when data_exception or integrity_constraint_violation or cardinality_violation
      or program_limit_exceeded or raise_exception then
  -- what was written does not fit: it stays as it is, and what the batches made of these rows goes
  if exists (select from godwit_kept.late_telegram_502965ae where source_id is null) then  -- every row is concerned
    insert into godwit_kept.late_telegram_502965ae select source_id from godwit_kept.moved_telegram_502965ae;
  end if;
  -- changed since on both sides
  insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
  select '20250102000000_after', 'move telegram', 'app.integrations',
         jsonb_build_object('id', target.id), to_jsonb(target),
         'changed on both sides while rows were moved in batches'
    from app.integrations as target,
         godwit_kept.moved_telegram_502965ae as kept
   where target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and not kept.already_there
     and exists (select from godwit_kept.late_telegram_502965ae as late where late.source_id = kept.source_id)
     and target.xmin <> kept.put_in;
  -- their rows of the target
  delete from app.integrations as target
   using godwit_kept.moved_telegram_502965ae as kept
   where target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and not kept.already_there
     and exists (select from godwit_kept.late_telegram_502965ae as late where late.source_id = kept.source_id);
  -- and the record of them
  delete from godwit_kept.moved_telegram_502965ae as kept
   where exists (select from godwit_kept.late_telegram_502965ae as late where late.source_id = kept.source_id);

end $$;
-- nothing is noted any more
drop trigger _gw_note_telegram_502965ae on app.users;
drop trigger _gw_all_note_telegram_502965ae on app.users;
drop function godwit_kept.note_telegram_502965ae(), godwit_kept.batch_telegram_502965ae(integer), godwit_kept.catch_up_telegram_502965ae();
drop table godwit_kept.late_telegram_502965ae, godwit_kept.again_telegram_502965ae;
-- the record needs no more than that
alter table godwit_kept.moved_telegram_502965ae drop column put_in;

-- [10/76] settle move gmail (20250102000000_after.gw:19)
--   locks app.integrations (row exclusive), app.users (access exclusive); scan
--   godwit_kept.moved_gmail_502965ae remembers which rows were moved, until finalize
--   sample 10: a defect in more than 36.91 % of rows would be seen with 99 % confidence
--   rollback: access_token := access_token
-- what was written meanwhile
do $$
#variable_conflict use_column
begin
  perform godwit_kept.catch_up_gmail_502965ae();
exception when data_exception or integrity_constraint_violation or cardinality_violation
      or program_limit_exceeded or raise_exception then
  -- what was written does not fit: it stays as it is, and what the batches made of these rows goes
  if exists (select from godwit_kept.late_gmail_502965ae where source_id is null) then  -- every row is concerned
    insert into godwit_kept.late_gmail_502965ae select source_id from godwit_kept.moved_gmail_502965ae;
  end if;
  -- changed since on both sides
  insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
  select '20250102000000_after', 'move gmail', 'app.integrations',
         jsonb_build_object('id', target.id), to_jsonb(target),
         'changed on both sides while rows were moved in batches'
    from app.integrations as target,
         godwit_kept.moved_gmail_502965ae as kept
   where target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id = kept.source_id)
     and target.xmin <> kept.put_in;
  -- their rows of the target
  delete from app.integrations as target
   using godwit_kept.moved_gmail_502965ae as kept
   where target.user_id = kept.target_user_id
     and target.service_id = kept.target_service_id
     and target.account = kept.target_account
     and exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id = kept.source_id);
  -- and the record of them
  delete from godwit_kept.moved_gmail_502965ae as kept
   where exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id = kept.source_id);

end $$;
-- nothing is noted any more
drop trigger _gw_note_gmail_502965ae on app.users;
drop trigger _gw_all_note_gmail_502965ae on app.users;
drop function godwit_kept.note_gmail_502965ae(), godwit_kept.batch_gmail_502965ae(integer), godwit_kept.catch_up_gmail_502965ae();
drop table godwit_kept.late_gmail_502965ae, godwit_kept.again_gmail_502965ae;
-- the record needs no more than that
alter table godwit_kept.moved_gmail_502965ae drop column put_in;

-- [11/76] undo: move telegram (20250102000000_after.gw:27)
--   locks app.integrations (row exclusive), app.users (row exclusive); scan
-- find the place of each row of app.integrations in app.users
create table godwit_kept.back_telegram_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         chat as old_chat,
         u.id as put_user_id,
         u.chat as put_account
    from app.users as u
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         service_id,
         account,
         account as new_chat
    from app.integrations
   where service_id = 'telegram'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.account is not distinct from source.put_account
            then source.old_chat
            when kept.source_id is null and target.new_chat is null then source.old_chat
            else target.new_chat end
         as new_chat
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_telegram_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
   and not kept.already_there
 where not exists (select from godwit_kept.moved_telegram_502965ae as there where source.source_id = there.source_id and there.already_there);
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_telegram_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set chat = null
  from godwit_kept.moved_telegram_502965ae as kept
 where source.id = kept.source_id
   and not kept.already_there
   and not exists (select from godwit_kept.back_telegram_502965ae as back where back.source_id = kept.source_id)
   and (source.chat is not null);
-- carry what was written since back into app.users
update app.users as source
   set chat = back.new_chat
  from godwit_kept.back_telegram_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.chat is distinct from back.new_chat);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move telegram', 'app.integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.integrations as target
  join godwit_kept.back_telegram_502965ae as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           u.id as put_user_id,
           u.chat as put_account
      from app.users as u
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'telegram'::text
    or target.account is distinct from source.put_account
    or target.access_token is distinct from null;
-- remove from app.integrations what is back in app.users
delete from app.integrations as target
 using godwit_kept.back_telegram_502965ae as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_telegram_502965ae
drop table godwit_kept.back_telegram_502965ae;
-- drop godwit_kept.moved_telegram_502965ae
drop table godwit_kept.moved_telegram_502965ae;

-- [12/76] undo: move gmail (20250102000000_after.gw:19)
--   locks app.integrations (row exclusive), app.users (row exclusive); scan
-- find the place of each row of app.integrations in app.users
create table godwit_kept.back_gmail_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         access_token as old_access_token,
         id as put_user_id,
         email as put_account,
         access_token as put_access_token
    from app.users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         account,
         service_id,
         access_token,
         access_token as new_access_token
    from app.integrations
   where service_id = 'gmail'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.access_token is not distinct from source.put_access_token
            then source.old_access_token
            when kept.source_id is null and target.new_access_token is null then source.old_access_token
            else target.new_access_token end
         as new_access_token
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_gmail_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
 where (kept.source_id is not null or target.account = source.put_account);
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_gmail_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set access_token = null
  from godwit_kept.moved_gmail_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_gmail_502965ae as back where back.source_id = kept.source_id)
   and (source.access_token is not null);
-- carry what was written since back into app.users
update app.users as source
   set access_token = back.new_access_token
  from godwit_kept.back_gmail_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.access_token is distinct from back.new_access_token);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move gmail', 'app.integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.integrations as target
  join godwit_kept.back_gmail_502965ae as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           email as put_account,
           access_token as put_access_token
      from app.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'gmail'::text
    or target.account is distinct from source.put_account
    or target.access_token is distinct from source.put_access_token;
-- remove from app.integrations what is back in app.users
delete from app.integrations as target
 using godwit_kept.back_gmail_502965ae as back
 where back.place = 1
   and target.id = back.target_id;
-- drop godwit_kept.back_gmail_502965ae
drop table godwit_kept.back_gmail_502965ae;
-- drop godwit_kept.moved_gmail_502965ae
drop table godwit_kept.moved_gmail_502965ae;

-- [13/76] undo: rows app.services (20250102000000_after.gw:6)
--   locks app.integrations (row exclusive), app.services (row exclusive); scan
-- note the rows that are left in app.integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.integrations', 'app.integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.integrations as leaving
 where exists (select from app.services as target, godwit_kept.seeded_services_40f1cbc1 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- remove these rows from app.integrations
delete from app.integrations as leaving
 where exists (select from app.services as target, godwit_kept.seeded_services_40f1cbc1 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- take rows out of app.services that nobody changed and nothing refers to
delete from app.services as target
 using godwit_kept.seeded_services_40f1cbc1 as seed
 where target.id = seed.id
   and target.name is not distinct from seed.name
   and not exists (select from app.integrations as child where child.service_id = target.id);
-- drop godwit_kept.seeded_services_40f1cbc1
drop table godwit_kept.seeded_services_40f1cbc1;

-- [14/76] undo: create table app.integrations (20250102000000_after.gw:8)
--   locks app.integrations (access exclusive); scan
-- note the rows that are left in app.integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.integrations', 'app.integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.integrations as leaving;
-- drop table app.integrations
drop table app.integrations;

-- [15/76] undo: create table app.services (20250102000000_after.gw:1)
--   locks app.services (access exclusive); scan
-- note the rows that are left in app.services: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.services', 'app.services',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.services as leaving;
-- drop table app.services
drop table app.services;

-- [16/76] leave nothing empty behind
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

-- [17/76] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [18/76] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.integrations', 'app.services', 'app.users']::text[])::text);

-- [19/76] commit
commit;

-- [20/76] so far
\endif

-- [21/76] part 1 of 5: what the batches need
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = 0) as part_1
\gset
\if :part_1

-- [22/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [23/76] refuse when this part is not what comes next
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

-- [24/76] lock what will change, in one fixed order
lock table app.integrations in share row exclusive mode;
lock table app.users in share row exclusive mode;

-- [25/76] prepare the way back of move telegram (20250102000000_after.gw:27)
--   locks app.integrations (share row exclusive), app.users (share row exclusive); scan
-- app.users with the columns of before, some of which are hidden still
create view godwit_kept.before_telegram_502965ae as
select id,
       email,
       _gw_keep_access_token as access_token,
       _gw_keep_chat as chat
  from app.users;
-- a place for what is found: which row of app.integrations goes back to which of app.users
create table godwit_kept.back_telegram_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         chat as old_chat,
         u.id as put_user_id,
         u.chat as put_account
    from godwit_kept.before_telegram_502965ae as u
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         service_id,
         account,
         account as new_chat
    from app.integrations
   where service_id = 'telegram'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.account is not distinct from source.put_account
            then source.old_chat
            when kept.source_id is null and target.new_chat is null then source.old_chat
            else target.new_chat end
         as new_chat
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_telegram_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
   and not kept.already_there
 where not exists (select from godwit_kept.moved_telegram_502965ae as there where source.source_id = there.source_id and there.already_there)
  with no data;
alter table godwit_kept.back_telegram_502965ae add primary key (source_id, target_id);
-- and for those that say more than what was put there
create table godwit_kept.touched_telegram_502965ae as
select source_id
  from godwit_kept.moved_telegram_502965ae
  with no data;
alter table godwit_kept.touched_telegram_502965ae add primary key (source_id);
-- note which rows of app.users applications write from here on
create table godwit_kept.since_telegram_502965ae as
select id as source_id
  from app.users
  with no data;
alter table godwit_kept.since_telegram_502965ae replica identity full;
create function godwit_kept.note_here_telegram_502965ae() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.since_telegram_502965ae (source_id) values (null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' then
      insert into godwit_kept.since_telegram_502965ae (source_id) values (old.id);
    end if;
    if tg_op <> 'DELETE' then
      insert into godwit_kept.since_telegram_502965ae (source_id) values (new.id);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_here_telegram_502965ae after insert or update or delete on app.users
  for each row execute function godwit_kept.note_here_telegram_502965ae();
alter table app.users enable always trigger _gw_note_here_telegram_502965ae;
create trigger _gw_all_note_here_telegram_502965ae after truncate on app.users
  for each statement execute function godwit_kept.note_here_telegram_502965ae();
alter table app.users enable always trigger _gw_all_note_here_telegram_502965ae;
-- and which are written to app.integrations
create function godwit_kept.note_there_telegram_502965ae() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.since_telegram_502965ae (source_id) values (null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' and old.user_id is not null then
      insert into godwit_kept.since_telegram_502965ae (source_id) values (old.user_id);
    end if;
    if tg_op <> 'DELETE' and new.user_id is not null then
      insert into godwit_kept.since_telegram_502965ae (source_id) values (new.user_id);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_there_telegram_502965ae after insert or update or delete on app.integrations
  for each row execute function godwit_kept.note_there_telegram_502965ae();
alter table app.integrations enable always trigger _gw_note_there_telegram_502965ae;
create trigger _gw_all_note_there_telegram_502965ae after truncate on app.integrations
  for each statement execute function godwit_kept.note_there_telegram_502965ae();
alter table app.integrations enable always trigger _gw_all_note_there_telegram_502965ae;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, range, next_key, last_key, rows_expected)
with size as (
  select greatest(reltuples, 0)::bigint as of_table from pg_class where oid = 'app.users'::regclass
), bounds as (                      -- the values between which there are about as many rows each
  select histogram_bounds::text::bigint[] as bound from pg_stats, size
   where (schemaname, tablename, attname) = ('app', 'users', 'id')
     and of_table >= 8000          -- a smaller table is one range
   order by inherited desc limit 1
), cuts as (
  select (select id from app.users order by id limit 1) as low
  union
  select bound[1 + (cardinality(bound) - 1) * part / 8]
    from bounds, generate_series(1, 7) as part
), ranges as (
  select row_number() over (order by low) as range, low, lead(low) over (order by low) as high,
         count(*) over () as parts
    from cuts
)
select '20250102000000_after', 'find the places of move telegram', range,
       (select array[id::text] from app.users where id >= low order by id limit 1),
       case when high is null then (select array[id::text] from app.users order by id desc limit 1)
            else (select array[id::text] from app.users where id < high order by id desc limit 1) end,
       of_table / parts
  from ranges, size;
-- one batch: the next rows by key, with their record and the place to go on from; null: none is left
create function godwit_kept.find_telegram_502965ae(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 app.users.id%type;
  v_high_1 app.users.id%type;
  v_last_1 app.users.id%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find the places of move telegram') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find the places of move telegram') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select id into v_high_1
    from app.users where id >= v_low_1 and id <= v_last_1
   order by id offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1;
    select count(*) into v_read from app.users where id >= v_low_1 and id <= v_last_1;
  end if;

  -- where each row goes back to
  insert into godwit_kept.back_telegram_502965ae
  with source as (                    -- each row of the source, and what the move would put for it
    select id as source_id,
           chat as old_chat,
           u.id as put_user_id,
           u.chat as put_account
      from godwit_kept.before_telegram_502965ae as u
     where u.id >= v_low_1 and u.id <= v_high_1
  ),
  target as (                         -- each row of this move, and what it says for the source
    select id,
           user_id,
           service_id,
           account,
           account as new_chat
      from app.integrations
     where service_id = 'telegram'::text
  )
  select source.source_id,
         target.id as target_id,
         row_number() over (partition by source.source_id
                            order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
         case when target.account is not distinct from source.put_account
              then source.old_chat
              when kept.source_id is null and target.new_chat is null then source.old_chat
              else target.new_chat end
           as new_chat
    from source
    join target on target.user_id = source.source_id
    left join godwit_kept.moved_telegram_502965ae as kept
      on kept.source_id = source.source_id
     and kept.target_user_id = target.user_id
     and kept.target_account = target.account
     and not kept.already_there
   where not exists (select from godwit_kept.moved_telegram_502965ae as there where source.source_id = there.source_id and there.already_there);
  get diagnostics v_written = row_count;
  -- and which of them say more than what was put there
  insert into godwit_kept.touched_telegram_502965ae (source_id)
  select kept.source_id
    from godwit_kept.moved_telegram_502965ae as kept
   where kept.source_id >= v_low_1 and kept.source_id <= v_high_1
     and not kept.already_there
     and not exists (select from godwit_kept.back_telegram_502965ae as back where back.source_id = kept.source_id)
  union
  select back.source_id
    from godwit_kept.back_telegram_502965ae as back
    join (
      select id as source_id,
             chat as old_chat,
             u.id as put_user_id,
             u.chat as put_account
        from godwit_kept.before_telegram_502965ae as u
       where u.id >= v_low_1 and u.id <= v_high_1
    ) as source on source.source_id = back.source_id
    join app.integrations as target on target.id = back.target_id
   where back.source_id >= v_low_1 and back.source_id <= v_high_1
     and back.place = 1
     and (source.old_chat is distinct from back.new_chat
          or target.user_id is distinct from source.put_user_id
          or target.service_id is distinct from 'telegram'::text
          or target.account is distinct from source.put_account
          or target.access_token is distinct from null);

  select array[id::text] into v_next
    from app.users where id > v_high_1 and id <= v_last_1
   order by id limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'find the places of move telegram') and range = v_range;
  return v_read;
end $godwit$;
create function godwit_kept.remove_telegram_502965ae(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 godwit_kept.back_telegram_502965ae.source_id%type;
  v_high_1 godwit_kept.back_telegram_502965ae.source_id%type;
  v_last_1 godwit_kept.back_telegram_502965ae.source_id%type;
  v_low_2 godwit_kept.back_telegram_502965ae.target_id%type;
  v_high_2 godwit_kept.back_telegram_502965ae.target_id%type;
  v_last_2 godwit_kept.back_telegram_502965ae.target_id%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'remove what came with move telegram') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'remove what came with move telegram') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select source_id, target_id into v_high_1, v_high_2
    from godwit_kept.back_telegram_502965ae where (source_id, target_id) >= (v_low_1, v_low_2) and (source_id, target_id) <= (v_last_1, v_last_2)
   order by source_id, target_id offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1; v_high_2 := v_last_2;
    select count(*) into v_read from godwit_kept.back_telegram_502965ae where (source_id, target_id) >= (v_low_1, v_low_2) and (source_id, target_id) <= (v_last_1, v_last_2);
  end if;

  -- remove from app.integrations what is back in app.users
  delete from app.integrations as target
   using godwit_kept.back_telegram_502965ae as back
   where back.place = 1
     and target.id = back.target_id
     and (back.source_id, back.target_id) >= (v_low_1, v_low_2) and (back.source_id, back.target_id) <= (v_high_1, v_high_2)
     and not exists (select from godwit_kept.since_telegram_502965ae as late where late.source_id = back.source_id);
  get diagnostics v_written = row_count;

  select array[source_id::text, target_id::text] into v_next
    from godwit_kept.back_telegram_502965ae where (source_id, target_id) > (v_high_1, v_high_2) and (source_id, target_id) <= (v_last_1, v_last_2)
   order by source_id, target_id limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'remove what came with move telegram') and range = v_range;
  return v_read;
end $godwit$;

-- [26/76] prepare the way back of move gmail (20250102000000_after.gw:19)
--   locks app.integrations (share row exclusive), app.users (share row exclusive); scan
-- app.users with the columns of before, some of which are hidden still
create view godwit_kept.before_gmail_502965ae as
select id,
       email,
       _gw_keep_access_token as access_token,
       _gw_keep_chat as chat
  from app.users;
-- a place for what is found: which row of app.integrations goes back to which of app.users
create table godwit_kept.back_gmail_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         access_token as old_access_token,
         id as put_user_id,
         email as put_account,
         access_token as put_access_token
    from godwit_kept.before_gmail_502965ae as users
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         account,
         service_id,
         access_token,
         access_token as new_access_token
    from app.integrations
   where service_id = 'gmail'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.access_token is not distinct from source.put_access_token
            then source.old_access_token
            when kept.source_id is null and target.new_access_token is null then source.old_access_token
            else target.new_access_token end
         as new_access_token
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_gmail_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
 where (kept.source_id is not null or target.account = source.put_account)
  with no data;
alter table godwit_kept.back_gmail_502965ae add primary key (source_id, target_id);
-- and for those that say more than what was put there
create table godwit_kept.touched_gmail_502965ae as
select source_id
  from godwit_kept.moved_gmail_502965ae
  with no data;
alter table godwit_kept.touched_gmail_502965ae add primary key (source_id);
-- note which rows of app.users applications write from here on
create table godwit_kept.since_gmail_502965ae as
select id as source_id
  from app.users
  with no data;
alter table godwit_kept.since_gmail_502965ae replica identity full;
create function godwit_kept.note_here_gmail_502965ae() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.since_gmail_502965ae (source_id) values (null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' then
      insert into godwit_kept.since_gmail_502965ae (source_id) values (old.id);
    end if;
    if tg_op <> 'DELETE' then
      insert into godwit_kept.since_gmail_502965ae (source_id) values (new.id);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_here_gmail_502965ae after insert or update or delete on app.users
  for each row execute function godwit_kept.note_here_gmail_502965ae();
alter table app.users enable always trigger _gw_note_here_gmail_502965ae;
create trigger _gw_all_note_here_gmail_502965ae after truncate on app.users
  for each statement execute function godwit_kept.note_here_gmail_502965ae();
alter table app.users enable always trigger _gw_all_note_here_gmail_502965ae;
-- and which are written to app.integrations
create function godwit_kept.note_there_gmail_502965ae() returns trigger language plpgsql security definer
set search_path = pg_catalog as $godwit$
begin
  if current_setting('godwit.batch', true) = 'on' then
    return null;  -- a batch of godwit's own, whose turn came before
  elsif tg_level = 'STATEMENT' then
    insert into godwit_kept.since_gmail_502965ae (source_id) values (null);  -- every row is concerned
  elsif tg_op = 'UPDATE' and old *= new then
    return null;
  else
    if tg_op <> 'INSERT' and old.user_id is not null then
      insert into godwit_kept.since_gmail_502965ae (source_id) values (old.user_id);
    end if;
    if tg_op <> 'DELETE' and new.user_id is not null then
      insert into godwit_kept.since_gmail_502965ae (source_id) values (new.user_id);
    end if;
  end if;
  return null;
end $godwit$;
create trigger _gw_note_there_gmail_502965ae after insert or update or delete on app.integrations
  for each row execute function godwit_kept.note_there_gmail_502965ae();
alter table app.integrations enable always trigger _gw_note_there_gmail_502965ae;
create trigger _gw_all_note_there_gmail_502965ae after truncate on app.integrations
  for each statement execute function godwit_kept.note_there_gmail_502965ae();
alter table app.integrations enable always trigger _gw_all_note_there_gmail_502965ae;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, range, next_key, last_key, rows_expected)
with size as (
  select greatest(reltuples, 0)::bigint as of_table from pg_class where oid = 'app.users'::regclass
), bounds as (                      -- the values between which there are about as many rows each
  select histogram_bounds::text::bigint[] as bound from pg_stats, size
   where (schemaname, tablename, attname) = ('app', 'users', 'id')
     and of_table >= 16000          -- a smaller table is one range
   order by inherited desc limit 1
), cuts as (
  select (select id from app.users order by id limit 1) as low
  union
  select bound[1 + (cardinality(bound) - 1) * part / 8]
    from bounds, generate_series(1, 7) as part
), ranges as (
  select row_number() over (order by low) as range, low, lead(low) over (order by low) as high,
         count(*) over () as parts
    from cuts
)
select '20250102000000_after', 'find the places of move gmail', range,
       (select array[id::text] from app.users where id >= low order by id limit 1),
       case when high is null then (select array[id::text] from app.users order by id desc limit 1)
            else (select array[id::text] from app.users where id < high order by id desc limit 1) end,
       of_table / parts
  from ranges, size;
-- one batch: the next rows by key, with their record and the place to go on from; null: none is left
create function godwit_kept.find_gmail_502965ae(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 app.users.id%type;
  v_high_1 app.users.id%type;
  v_last_1 app.users.id%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find the places of move gmail') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1] into v_range, v_low_1, v_last_1
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'find the places of move gmail') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select id into v_high_1
    from app.users where id >= v_low_1 and id <= v_last_1
   order by id offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1;
    select count(*) into v_read from app.users where id >= v_low_1 and id <= v_last_1;
  end if;

  -- where each row goes back to
  insert into godwit_kept.back_gmail_502965ae
  with source as (                    -- each row of the source, and what the move would put for it
    select id as source_id,
           access_token as old_access_token,
           id as put_user_id,
           email as put_account,
           access_token as put_access_token
      from godwit_kept.before_gmail_502965ae as users
     where users.id >= v_low_1 and users.id <= v_high_1
  ),
  target as (                         -- each row of this move, and what it says for the source
    select id,
           user_id,
           account,
           service_id,
           access_token,
           access_token as new_access_token
      from app.integrations
     where service_id = 'gmail'::text
  )
  select source.source_id,
         target.id as target_id,
         row_number() over (partition by source.source_id
                            order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
         case when target.access_token is not distinct from source.put_access_token
              then source.old_access_token
              when kept.source_id is null and target.new_access_token is null then source.old_access_token
              else target.new_access_token end
           as new_access_token
    from source
    join target on target.user_id = source.source_id
    left join godwit_kept.moved_gmail_502965ae as kept
      on kept.source_id = source.source_id
     and kept.target_user_id = target.user_id
     and kept.target_account = target.account
   where (kept.source_id is not null or target.account = source.put_account);
  get diagnostics v_written = row_count;
  -- and which of them say more than what was put there
  insert into godwit_kept.touched_gmail_502965ae (source_id)
  select kept.source_id
    from godwit_kept.moved_gmail_502965ae as kept
   where kept.source_id >= v_low_1 and kept.source_id <= v_high_1
     and not exists (select from godwit_kept.back_gmail_502965ae as back where back.source_id = kept.source_id)
  union
  select back.source_id
    from godwit_kept.back_gmail_502965ae as back
    join (
      select id as source_id,
             access_token as old_access_token,
             id as put_user_id,
             email as put_account,
             access_token as put_access_token
        from godwit_kept.before_gmail_502965ae as users
       where users.id >= v_low_1 and users.id <= v_high_1
    ) as source on source.source_id = back.source_id
    join app.integrations as target on target.id = back.target_id
   where back.source_id >= v_low_1 and back.source_id <= v_high_1
     and back.place = 1
     and (source.old_access_token is distinct from back.new_access_token
          or target.user_id is distinct from source.put_user_id
          or target.service_id is distinct from 'gmail'::text
          or target.account is distinct from source.put_account
          or target.access_token is distinct from source.put_access_token);

  select array[id::text] into v_next
    from app.users where id > v_high_1 and id <= v_last_1
   order by id limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'find the places of move gmail') and range = v_range;
  return v_read;
end $godwit$;
create function godwit_kept.remove_gmail_502965ae(batch_rows integer) returns bigint language plpgsql
set search_path from current set timezone from current set row_security from current
set lock_timeout from current set datestyle = 'ISO' set extra_float_digits = 3 set work_mem = '64MB' as $godwit$
#variable_conflict use_column
declare
  v_range integer;
  v_next text[];
  v_read bigint := batch_rows;
  v_written bigint := 0;
  v_low_1 godwit_kept.back_gmail_502965ae.source_id%type;
  v_high_1 godwit_kept.back_gmail_502965ae.source_id%type;
  v_last_1 godwit_kept.back_gmail_502965ae.source_id%type;
  v_low_2 godwit_kept.back_gmail_502965ae.target_id%type;
  v_high_2 godwit_kept.back_gmail_502965ae.target_id%type;
  v_last_2 godwit_kept.back_gmail_502965ae.target_id%type;
begin
  perform set_config('godwit.batch', 'on', true);
  -- a range that is not done: one in which nobody else is at work, if there is any
  select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
    from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'remove what came with move gmail') and next_key is not null
   order by range limit 1 for update skip locked;
  if v_range is null then
    select range, next_key[1], last_key[1], next_key[2], last_key[2] into v_range, v_low_1, v_last_1, v_low_2, v_last_2
      from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'remove what came with move gmail') and next_key is not null
     order by range limit 1 for update;
  end if;
  if v_range is null then
    return null;
  end if;
  select source_id, target_id into v_high_1, v_high_2
    from godwit_kept.back_gmail_502965ae where (source_id, target_id) >= (v_low_1, v_low_2) and (source_id, target_id) <= (v_last_1, v_last_2)
   order by source_id, target_id offset batch_rows - 1 limit 1;
  if not found then  -- the last ones
    v_high_1 := v_last_1; v_high_2 := v_last_2;
    select count(*) into v_read from godwit_kept.back_gmail_502965ae where (source_id, target_id) >= (v_low_1, v_low_2) and (source_id, target_id) <= (v_last_1, v_last_2);
  end if;

  -- remove from app.integrations what is back in app.users
  delete from app.integrations as target
   using godwit_kept.back_gmail_502965ae as back
   where back.place = 1
     and target.id = back.target_id
     and (back.source_id, back.target_id) >= (v_low_1, v_low_2) and (back.source_id, back.target_id) <= (v_high_1, v_high_2)
     and not exists (select from godwit_kept.since_gmail_502965ae as late where late.source_id = back.source_id);
  get diagnostics v_written = row_count;

  select array[source_id::text, target_id::text] into v_next
    from godwit_kept.back_gmail_502965ae where (source_id, target_id) > (v_high_1, v_high_2) and (source_id, target_id) <= (v_last_1, v_last_2)
   order by source_id, target_id limit 1;
  update godwit.checkpoint
     set next_key = v_next, rows_read = rows_read + v_read, rows_written = rows_written + v_written,
         reached_at = clock_timestamp(), finished_at = case when v_next is null then clock_timestamp() end
   where (migration, step) = ('20250102000000_after', 'remove what came with move gmail') and range = v_range;
  return v_read;
end $godwit$;

-- [27/76] part 1 is done
update godwit.migration set parts_done = -1 where id = '20250102000000_after';

-- [28/76] remember the catalog
select godwit.remember();

-- [29/76] commit
commit;

-- [30/76] so far
\endif

-- [31/76] part 2 of 5: where each row goes back to, each batch a transaction
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -1) as part_2
\gset
\if :part_2

-- [32/76] find the places of move telegram (20250102000000_after.gw:27)
--   batches of 500 by godwit_kept.find_telegram_502965ae
do $$
begin
  while godwit_kept.find_telegram_502965ae(500) is not null loop
    commit;
  end loop;
end $$;

-- [33/76] find the places of move gmail (20250102000000_after.gw:19)
--   batches of 1000 by godwit_kept.find_gmail_502965ae
do $$
begin
  while godwit_kept.find_gmail_502965ae(1000) is not null loop
    commit;
  end loop;
end $$;

-- [34/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [35/76] refuse when this part is not what comes next
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

-- [36/76] part 2 is done
update godwit.migration set parts_done = -2 where id = '20250102000000_after';

-- [37/76] commit
commit;

-- [38/76] so far
\endif

-- [39/76] part 3 of 5: the turn: the old shape, with what was written since
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -2) as part_3
\gset
\if :part_3

-- [40/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [41/76] refuse when this part is not what comes next
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

-- [42/76] lock what will change, in one fixed order
lock table app.integrations in share row exclusive mode;
lock table app.users in access exclusive mode;

-- [43/76] a place for what has none in the old shape
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

-- [44/76] what found the places of move telegram goes (20250102000000_after.gw:27)
-- what looked at the new shape goes
drop function godwit_kept.find_telegram_502965ae(integer);
drop view godwit_kept.before_telegram_502965ae;

-- [45/76] what found the places of move gmail goes (20250102000000_after.gw:19)
-- what looked at the new shape goes
drop function godwit_kept.find_gmail_502965ae(integer);
drop view godwit_kept.before_gmail_502965ae;

-- [46/76] undo: hide column app.users.chat (20250102000000_after.gw:35)
--   locks app.users (access exclusive); instant
-- bring back column app.users.chat
alter table app.users rename column _gw_keep_chat to chat;

-- [47/76] undo: hide column app.users.access_token (20250102000000_after.gw:35)
--   locks app.users (access exclusive); instant
-- bring back column app.users.access_token
alter table app.users rename column _gw_keep_access_token to access_token;

-- [48/76] carry back: move telegram (20250102000000_after.gw:27)
--   locks app.integrations (share row exclusive), app.users (access exclusive), godwit_kept.back_telegram_502965ae (access share); scan
-- when every row is concerned
insert into godwit_kept.since_telegram_502965ae (source_id)
select id from app.users
 where exists (select from godwit_kept.since_telegram_502965ae where source_id is null);
delete from godwit_kept.since_telegram_502965ae where source_id is null;
-- what was written since is found again
delete from godwit_kept.back_telegram_502965ae as back
 using godwit_kept.since_telegram_502965ae as late
 where back.source_id = late.source_id;
insert into godwit_kept.back_telegram_502965ae
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         chat as old_chat,
         u.id as put_user_id,
         u.chat as put_account
    from app.users as u
   where exists (select from godwit_kept.since_telegram_502965ae as late where late.source_id = u.id)
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         service_id,
         account,
         account as new_chat
    from app.integrations
   where service_id = 'telegram'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.account is not distinct from source.put_account
            then source.old_chat
            when kept.source_id is null and target.new_chat is null then source.old_chat
            else target.new_chat end
         as new_chat
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_telegram_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
   and not kept.already_there
 where not exists (select from godwit_kept.moved_telegram_502965ae as there where source.source_id = there.source_id and there.already_there);
insert into godwit_kept.touched_telegram_502965ae (source_id)
select distinct source_id from godwit_kept.since_telegram_502965ae
 on conflict do nothing;
-- only these are looked at, the others hold what the move put there
create table godwit_kept.touched_moved_telegram_502965ae as
select one.*
  from godwit_kept.moved_telegram_502965ae as one
  join godwit_kept.touched_telegram_502965ae as touched on one.source_id = touched.source_id;
alter table godwit_kept.touched_moved_telegram_502965ae replica identity full;
create table godwit_kept.touched_back_telegram_502965ae as
select one.*
  from godwit_kept.back_telegram_502965ae as one
  join godwit_kept.touched_telegram_502965ae as touched on one.source_id = touched.source_id;
alter table godwit_kept.touched_back_telegram_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set chat = null
  from godwit_kept.touched_moved_telegram_502965ae as kept
 where source.id = kept.source_id
   and not kept.already_there
   and not exists (select from godwit_kept.touched_back_telegram_502965ae as back where back.source_id = kept.source_id)
   and (source.chat is not null);
-- carry what was written since back into app.users
update app.users as source
   set chat = back.new_chat
  from godwit_kept.touched_back_telegram_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.chat is distinct from back.new_chat);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move telegram', 'app.integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.integrations as target
  join godwit_kept.touched_back_telegram_502965ae as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           u.id as put_user_id,
           u.chat as put_account
      from app.users as u
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'telegram'::text
    or target.account is distinct from source.put_account
    or target.access_token is distinct from null;
-- what the old shape has no place for stays where it is
update godwit_kept.back_telegram_502965ae as back
   set place = null
  from godwit_kept.touched_back_telegram_502965ae as few
 where back.source_id = few.source_id
   and back.target_id = few.target_id
   and few.place is null;
-- nothing is noted any more
drop trigger _gw_note_here_telegram_502965ae on app.users;
drop trigger _gw_all_note_here_telegram_502965ae on app.users;
drop function godwit_kept.note_here_telegram_502965ae();
drop table godwit_kept.touched_telegram_502965ae, godwit_kept.touched_moved_telegram_502965ae, godwit_kept.touched_back_telegram_502965ae;
delete from godwit_kept.since_telegram_502965ae;
-- statistics for the batches that remove it
analyze godwit_kept.back_telegram_502965ae;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, next_key, last_key, rows_expected)
select '20250102000000_after', 'remove what came with move telegram',
       (select array[source_id::text, target_id::text] from godwit_kept.back_telegram_502965ae order by source_id, target_id limit 1),
       (select array[source_id::text, target_id::text] from godwit_kept.back_telegram_502965ae order by source_id desc, target_id desc limit 1),
       (select greatest(reltuples, 0)::bigint from pg_class where oid = 'godwit_kept.back_telegram_502965ae'::regclass);

-- [49/76] carry back: move gmail (20250102000000_after.gw:19)
--   locks app.integrations (share row exclusive), app.users (access exclusive), godwit_kept.back_gmail_502965ae (access share); scan
-- when every row is concerned
insert into godwit_kept.since_gmail_502965ae (source_id)
select id from app.users
 where exists (select from godwit_kept.since_gmail_502965ae where source_id is null);
delete from godwit_kept.since_gmail_502965ae where source_id is null;
-- what was written since is found again
delete from godwit_kept.back_gmail_502965ae as back
 using godwit_kept.since_gmail_502965ae as late
 where back.source_id = late.source_id;
insert into godwit_kept.back_gmail_502965ae
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         access_token as old_access_token,
         id as put_user_id,
         email as put_account,
         access_token as put_access_token
    from app.users
   where exists (select from godwit_kept.since_gmail_502965ae as late where late.source_id = users.id)
),
target as (                         -- each row of this move, and what it says for the source
  select id,
         user_id,
         account,
         service_id,
         access_token,
         access_token as new_access_token
    from app.integrations
   where service_id = 'gmail'::text
)
select source.source_id,
       target.id as target_id,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.id) as place,
       case when target.access_token is not distinct from source.put_access_token
            then source.old_access_token
            when kept.source_id is null and target.new_access_token is null then source.old_access_token
            else target.new_access_token end
         as new_access_token
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_gmail_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
 where (kept.source_id is not null or target.account = source.put_account);
insert into godwit_kept.touched_gmail_502965ae (source_id)
select distinct source_id from godwit_kept.since_gmail_502965ae
 on conflict do nothing;
-- only these are looked at, the others hold what the move put there
create table godwit_kept.touched_moved_gmail_502965ae as
select one.*
  from godwit_kept.moved_gmail_502965ae as one
  join godwit_kept.touched_gmail_502965ae as touched on one.source_id = touched.source_id;
alter table godwit_kept.touched_moved_gmail_502965ae replica identity full;
create table godwit_kept.touched_back_gmail_502965ae as
select one.*
  from godwit_kept.back_gmail_502965ae as one
  join godwit_kept.touched_gmail_502965ae as touched on one.source_id = touched.source_id;
alter table godwit_kept.touched_back_gmail_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set access_token = null
  from godwit_kept.touched_moved_gmail_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.touched_back_gmail_502965ae as back where back.source_id = kept.source_id)
   and (source.access_token is not null);
-- carry what was written since back into app.users
update app.users as source
   set access_token = back.new_access_token
  from godwit_kept.touched_back_gmail_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.access_token is distinct from back.new_access_token);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move gmail', 'app.integrations',
       jsonb_build_object('id', target.id), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.integrations as target
  join godwit_kept.touched_back_gmail_502965ae as back on target.id = back.target_id and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           email as put_account,
           access_token as put_access_token
      from app.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.service_id is distinct from 'gmail'::text
    or target.account is distinct from source.put_account
    or target.access_token is distinct from source.put_access_token;
-- what the old shape has no place for stays where it is
update godwit_kept.back_gmail_502965ae as back
   set place = null
  from godwit_kept.touched_back_gmail_502965ae as few
 where back.source_id = few.source_id
   and back.target_id = few.target_id
   and few.place is null;
-- nothing is noted any more
drop trigger _gw_note_here_gmail_502965ae on app.users;
drop trigger _gw_all_note_here_gmail_502965ae on app.users;
drop function godwit_kept.note_here_gmail_502965ae();
drop table godwit_kept.touched_gmail_502965ae, godwit_kept.touched_moved_gmail_502965ae, godwit_kept.touched_back_gmail_502965ae;
delete from godwit_kept.since_gmail_502965ae;
-- statistics for the batches that remove it
analyze godwit_kept.back_gmail_502965ae;
-- where the batches begin and end
insert into godwit.checkpoint (migration, step, next_key, last_key, rows_expected)
select '20250102000000_after', 'remove what came with move gmail',
       (select array[source_id::text, target_id::text] from godwit_kept.back_gmail_502965ae order by source_id, target_id limit 1),
       (select array[source_id::text, target_id::text] from godwit_kept.back_gmail_502965ae order by source_id desc, target_id desc limit 1),
       (select greatest(reltuples, 0)::bigint from pg_class where oid = 'godwit_kept.back_gmail_502965ae'::regclass);

-- [50/76] part 3 is done
update godwit.migration set parts_done = -3 where id = '20250102000000_after';

-- [51/76] remember the catalog
select godwit.remember();

-- [52/76] commit
commit;

-- [53/76] so far
\endif

-- [54/76] part 4 of 5: what is back goes from where it was, each batch a transaction
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -3) as part_4
\gset
\if :part_4

-- [55/76] remove what came with move telegram (20250102000000_after.gw:27)
--   batches of 500 by godwit_kept.remove_telegram_502965ae
do $$
begin
  while godwit_kept.remove_telegram_502965ae(500) is not null loop
    commit;
  end loop;
end $$;

-- [56/76] remove what came with move gmail (20250102000000_after.gw:19)
--   batches of 1000 by godwit_kept.remove_gmail_502965ae
do $$
begin
  while godwit_kept.remove_gmail_502965ae(1000) is not null loop
    commit;
  end loop;
end $$;

-- [57/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [58/76] refuse when this part is not what comes next
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

-- [59/76] part 4 is done
update godwit.migration set parts_done = -4 where id = '20250102000000_after';

-- [60/76] commit
commit;

-- [61/76] so far
\endif

-- [62/76] part 5 of 5: the rest
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'applied' and coalesce(parts_done, 0) = -4) as part_5
\gset
\if :part_5

-- [63/76] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [64/76] refuse when this part is not what comes next
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

-- [65/76] lock what will change, in one fixed order
lock table app.integrations in access exclusive mode;
lock table app.services in access exclusive mode;

-- [66/76] a place for what has none in the old shape
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

-- [67/76] undo: move telegram (20250102000000_after.gw:27)
--   locks app.integrations (access exclusive); instant
-- nothing is noted any more
drop trigger _gw_note_there_telegram_502965ae on app.integrations;
drop trigger _gw_all_note_there_telegram_502965ae on app.integrations;
drop function godwit_kept.note_there_telegram_502965ae(), godwit_kept.remove_telegram_502965ae(integer);
drop table godwit_kept.since_telegram_502965ae, godwit_kept.back_telegram_502965ae;
-- drop godwit_kept.moved_telegram_502965ae
drop table godwit_kept.moved_telegram_502965ae;

-- [68/76] undo: move gmail (20250102000000_after.gw:19)
--   locks app.integrations (access exclusive); instant
-- nothing is noted any more
drop trigger _gw_note_there_gmail_502965ae on app.integrations;
drop trigger _gw_all_note_there_gmail_502965ae on app.integrations;
drop function godwit_kept.note_there_gmail_502965ae(), godwit_kept.remove_gmail_502965ae(integer);
drop table godwit_kept.since_gmail_502965ae, godwit_kept.back_gmail_502965ae;
-- drop godwit_kept.moved_gmail_502965ae
drop table godwit_kept.moved_gmail_502965ae;

-- [69/76] undo: rows app.services (20250102000000_after.gw:6)
--   locks app.integrations (row exclusive), app.services (row exclusive); scan
-- note the rows that are left in app.integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.integrations', 'app.integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.integrations as leaving
 where exists (select from app.services as target, godwit_kept.seeded_services_40f1cbc1 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- remove these rows from app.integrations
delete from app.integrations as leaving
 where exists (select from app.services as target, godwit_kept.seeded_services_40f1cbc1 as seed
                where target.id = seed.id
                  and target.id = leaving.service_id);
-- take rows out of app.services that nobody changed and nothing refers to
delete from app.services as target
 using godwit_kept.seeded_services_40f1cbc1 as seed
 where target.id = seed.id
   and target.name is not distinct from seed.name
   and not exists (select from app.integrations as child where child.service_id = target.id);
-- drop godwit_kept.seeded_services_40f1cbc1
drop table godwit_kept.seeded_services_40f1cbc1;

-- [70/76] undo: create table app.integrations (20250102000000_after.gw:8)
--   locks app.integrations (access exclusive); scan
-- note the rows that are left in app.integrations: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.integrations', 'app.integrations',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.integrations as leaving;
-- drop table app.integrations
drop table app.integrations;

-- [71/76] undo: create table app.services (20250102000000_after.gw:1)
--   locks app.services (access exclusive); scan
-- note the rows that are left in app.services: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.services', 'app.services',
       jsonb_build_object('id', leaving.id), to_jsonb(leaving),
       'no place in the shape of before'
  from app.services as leaving;
-- drop table app.services
drop table app.services;

-- [72/76] leave nothing empty behind
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

-- [73/76] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [74/76] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.integrations', 'app.services', 'app.users']::text[])::text);

-- [75/76] commit
commit;

-- [76/76] so far
\endif
$down$,
  $finalize$-- godwit finalize 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3b5062be01c5acc973536858bd995b8e9edc2d7ea80f688b9794c2579806d701
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:1fbb6b30464c2f0ae5b4bd384d2e9eafe96304e87db39859d733e8f7a7236c64

-- [1/11] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/11] refuse when this is not applied
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

-- [3/11] drop godwit_kept.seeded_services_40f1cbc1 (20250102000000_after.gw:6)
drop table godwit_kept.seeded_services_40f1cbc1;

-- [4/11] drop godwit_kept.moved_gmail_502965ae (20250102000000_after.gw:19)
drop table godwit_kept.moved_gmail_502965ae;

-- [5/11] drop godwit_kept.moved_telegram_502965ae (20250102000000_after.gw:27)
drop table godwit_kept.moved_telegram_502965ae;

-- [6/11] drop the hidden column app.users.access_token (20250102000000_after.gw:35)
--   locks app.users (access exclusive); instant
select godwit.drop_hidden_column('20250102000000_after', 'app', 'users', '_gw_keep_access_token');

-- [7/11] drop the hidden column app.users.chat (20250102000000_after.gw:35)
--   locks app.users (access exclusive); instant
select godwit.drop_hidden_column('20250102000000_after', 'app', 'users', '_gw_keep_chat');

-- [8/11] leave nothing empty behind
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

-- [9/11] record that the window is closed
update godwit.migration set state = 'finalized', finalized_at = now() where id = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'finalized', jsonb_build_object('catalog rows changed', godwit.remember());

-- [10/11] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'finalized',
  'tables', array['app.integrations', 'app.services', 'app.users']::text[])::text);

-- [11/11] commit
commit;
$finalize$,
  $verify$-- godwit verify 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:3b5062be01c5acc973536858bd995b8e9edc2d7ea80f688b9794c2579806d701
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:eb4049fbee277c2a79954e972d54a6d33932963179bc44bdaad1cec67c9f041d

-- [1/14] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table app.integrations', '20250102000000_after.gw:8', 'app.integrations', 'p', false, false),
    ('table app.services', '20250102000000_after.gw:1', 'app.services', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [2/14] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column app.integrations.access_token', '20250102000000_after.gw:13', 'app.integrations', 'access_token', 'text', false, false, false, false),
    ('column app.integrations.account', '20250102000000_after.gw:12', 'app.integrations', 'account', 'text', true, false, false, false),
    ('column app.integrations.id', '20250102000000_after.gw:9', 'app.integrations', 'id', 'bigint', true, false, true, false),
    ('column app.integrations.service_id', '20250102000000_after.gw:11', 'app.integrations', 'service_id', 'text', true, false, false, false),
    ('column app.integrations.user_id', '20250102000000_after.gw:10', 'app.integrations', 'user_id', 'bigint', true, false, false, false),
    ('column app.services.id', '20250102000000_after.gw:2', 'app.services', 'id', 'text', true, false, false, false),
    ('column app.services.name', '20250102000000_after.gw:3', 'app.services', 'name', 'text', true, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [3/14] primary key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'p' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'primary key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('primary key integrations_pkey on app.integrations', '20250102000000_after.gw:9', 'app.integrations', 'integrations_pkey', false, false, array['id']),
    ('primary key services_pkey on app.services', '20250102000000_after.gw:2', 'app.services', 'services_pkey', false, false, array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [4/14] unique constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'u' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'unique constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('unique constraint integrations_user_id_service_id_account_key on app.integrations', '20250102000000_after.gw:15', 'app.integrations', 'integrations_user_id_service_id_account_key', false, false, array['user_id', 'service_id', 'account'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [5/14] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key integrations_service_id_fkey on app.integrations', '20250102000000_after.gw:11', 'app.integrations', 'integrations_service_id_fkey', false, false, 'app.services', true, 'a', 'a', array['service_id'], array['id']),
    ('foreign key integrations_user_id_fkey on app.integrations', '20250102000000_after.gw:10', 'app.integrations', 'integrations_user_id_fkey', false, false, 'app.users', true, 'c', 'a', array['user_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [6/14] index: as declared
select case when exists (select from pg_catalog.pg_index i where i.indexrelid = to_regclass(d.name)
      and i.indrelid = to_regclass(d.relation) and i.indisvalid and i.indisunique = d.is_unique
      and i.indnkeyatts = d.elements and (i.indpred is not null) = d.is_partial)
    then 'PASS' else 'FAIL' end as result, 'index' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('index app.integrations_service_id_idx', '20250102000000_after.gw:16', 'app.integrations', 'app.integrations_service_id_idx', false, 1, false)
  ) as d (object, place, relation, name, is_unique, elements, is_partial);

-- [7/14] where godwit_kept.moved_gmail_502965ae is still there
select to_regclass('godwit_kept.moved_gmail_502965ae') is not null as kept_1
\gset
\if :kept_1

-- [8/14] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [9/14] compare move gmail (20250102000000_after.gw:19)
--   keys of: app.users
--   ranges by: id
--   needs godwit_kept.moved_gmail_502965ae: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250102000000_after', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved; null: written since
  select users.id as source_id,
         case when age(users.xmin) >= (select since from applied) then hashtextextended(row(id, 'gmail'::text, email, _gw_keep_access_token)::text, 0) end as given
    from app.users
   where true  -- or a range of users.id
     and exists (select from godwit_kept.moved_gmail_502965ae as recorded
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
             target.account,
             target.access_token)::text, 0) end as held
    from godwit_kept.moved_gmail_502965ae as kept
    left join source on source.source_id = kept.source_id
    left join app.integrations as target
      on target.user_id = kept.target_user_id
      and target.service_id = kept.target_service_id
      and target.account = kept.target_account
   where true  -- or a range of kept.source_id
), judged as (
  select found.*,
         case
              when not there and stands then 'missing'
              when not stands or given is null then 'changed'
              when given = held then 'same'
              when written_by in (put_in, applied.by) then 'differs'
              else 'changed' end as verdict
    from found, applied
), unlike as (
  select source_id::text as row_key, verdict,
         row_number() over (partition by verdict order by source_id) as place
    from judged where verdict in ('missing', 'differs', 'changed')
), others as (                          -- rows that qualify and were not moved: written since
  select users.id::text as row_key, row_number() over (order by users.id) as place
    from app.users
   where true  -- or a range of users.id
     and not exists (select from godwit_kept.moved_gmail_502965ae as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = users.id)
     and (_gw_keep_access_token is not null)
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

-- [10/14] so far
\endif

-- [11/14] where godwit_kept.moved_telegram_502965ae is still there
select to_regclass('godwit_kept.moved_telegram_502965ae') is not null as kept_2
\gset
\if :kept_2

-- [12/14] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [13/14] compare move telegram (20250102000000_after.gw:27)
--   keys of: app.users
--   ranges by: id
--   needs godwit_kept.moved_telegram_502965ae: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250102000000_after', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved
  select u.id as source_id,
         hashtextextended(row(u.id, 'telegram'::text, u._gw_keep_chat)::text, 0) as given
    from app.users as u
   where true  -- or a range of u.id
     and exists (select from godwit_kept.moved_telegram_502965ae as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = u.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.already_there,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.user_id, target.service_id, target.account)::text, 0) end as held
    from godwit_kept.moved_telegram_502965ae as kept
    left join source on source.source_id = kept.source_id
    left join app.integrations as target
      on target.user_id = kept.target_user_id
      and target.service_id = kept.target_service_id
      and target.account = kept.target_account
   where true  -- or a range of kept.source_id
), judged as (
  select found.*,
         case
              when already_there then 'already there'
              when not there and stands then 'missing'
              when not stands or given is null then 'changed'
              when given = held then 'same'
              when written_by in (put_in, applied.by) then 'differs'
              else 'changed' end as verdict
    from found, applied
), unlike as (
  select source_id::text as row_key, verdict,
         row_number() over (partition by verdict order by source_id) as place
    from judged where verdict in ('missing', 'differs', 'changed')
), others as (                          -- rows that qualify and were not moved: written since
  select u.id::text as row_key, row_number() over (order by u.id) as place
    from app.users as u
   where true  -- or a range of u.id
     and not exists (select from godwit_kept.moved_telegram_502965ae as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = u.id)
     and (u._gw_keep_chat is not null)
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

-- [14/14] so far
\endif
$verify$
on conflict (id) do update set (sequence, title, checksum, state, baseline, rollback_class, steps, applied_at,
  applied_by, window_until, finalized_at, rolled_back_at, down_sql, finalize_sql, verify_sql) =
  (excluded.sequence, excluded.title, excluded.checksum, excluded.state, excluded.baseline,
   excluded.rollback_class, excluded.steps, excluded.applied_at, excluded.applied_by,
   excluded.window_until, null, null, excluded.down_sql, excluded.finalize_sql, excluded.verify_sql);
update godwit.migration set parts_done = 1 where id = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'begun', jsonb_build_object('catalog rows changed', godwit.remember());

-- [18/55] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_begun', 'at', now(),
  'migration', '20250102000000_after',
  'tables', array['app.integrations', 'app.services', 'app.users']::text[])::text);

-- [19/55] commit
commit;

-- [20/55] so far
\endif

-- [21/55] part 2 of 4: the rows, each batch a transaction
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and parts_done = 1) as part_2
\gset
\if :part_2

-- [22/55] move gmail (20250102000000_after.gw:19)
--   batches of 1000 by godwit_kept.batch_gmail_502965ae
--   godwit_kept.moved_gmail_502965ae remembers which rows were moved, until finalize
--   sample 10: a defect in more than 36.91 % of rows would be seen with 99 % confidence
--   rollback: access_token := access_token
do $$
begin
  while godwit_kept.batch_gmail_502965ae(1000) is not null loop
    commit;
  end loop;
end $$;

-- [23/55] move telegram (20250102000000_after.gw:27)
--   batches of 500 by godwit_kept.batch_telegram_502965ae
--   godwit_kept.moved_telegram_502965ae remembers which rows were moved, until finalize
--   rollback: chat := account
do $$
begin
  while godwit_kept.batch_telegram_502965ae(500) is not null loop
    commit;
  end loop;
end $$;

-- [24/55] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [25/55] refuse when another version of the spec began this
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and checksum = 'sha256:3b5062be01c5acc973536858bd995b8e9edc2d7ea80f688b9794c2579806d701') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was begun by another version of its spec',
      hint = 'go on with the artifacts that it was begun with, or roll it back (`godwit rollback`) and apply it anew';
  end if;
end
$godwit$;

-- [26/55] part 2 is done
update godwit.migration set parts_done = 2 where id = '20250102000000_after';

-- [27/55] commit
commit;

-- [28/55] so far
\endif

-- [29/55] part 3 of 4: proof that nothing was lost, in one snapshot, and indexes of new tables
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and parts_done = 2) as part_3
\gset
\if :part_3

-- [30/55] open the transaction
begin;
set transaction isolation level repeatable read;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [31/55] refuse when another version of the spec began this
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and checksum = 'sha256:3b5062be01c5acc973536858bd995b8e9edc2d7ea80f688b9794c2579806d701') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was begun by another version of its spec',
      hint = 'go on with the artifacts that it was begun with, or roll it back (`godwit rollback`) and apply it anew';
  end if;
end
$godwit$;

-- [32/55] phase validate
savepoint godwit_validate;

-- [33/55] create index app.integrations_service_id_idx (20250102000000_after.gw:16)
--   locks app.integrations (share); scan
create index integrations_service_id_idx on app.integrations (service_id);

-- [34/55] prove move gmail (20250102000000_after.gw:19)
--   locks app.integrations (access share), app.users (access share); scan
--   godwit_kept.moved_gmail_502965ae remembers which rows were moved, until finalize
--   sample 10: a defect in more than 36.91 % of rows would be seen with 99 % confidence
--   rollback: access_token := access_token
-- each row has one record, and is found by it
create unique index by_row_moved_gmail_502965ae on godwit_kept.moved_gmail_502965ae (source_id);
analyze godwit_kept.moved_gmail_502965ae;
-- every row accounted for
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
  v_kept bigint;
  v_there bigint;
  v_written bigint;
  v_recorded bigint;
begin
  select count(*),
         count(*) filter (where access_token is not null) into v_total, v_qualifying
    from app.users
   where not exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id = users.id)
   and not exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id is null);
  select count(*), 0 into v_kept, v_there
    from godwit_kept.moved_gmail_502965ae as kept
   where not exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id = kept.source_id)
   and not exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id is null);
  if v_qualifying <> v_kept then
    raise exception 'move gmail: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_kept - v_there, v_there using errcode = 'GW003';
  end if;
  select sum(rows_written) into v_written from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'move gmail');
  select count(*) into v_recorded from godwit_kept.moved_gmail_502965ae;
  if v_written <> v_recorded then
    raise exception 'move gmail: % rows were moved, % are recorded', v_written, v_recorded using errcode = 'GW003';
  end if;
  raise notice 'move gmail: % moved, % already there, % left behind, % in all',
    v_kept - v_there, v_there, v_total - v_qualifying, v_total;
end $$;
-- compare 10 rows, chosen at random but always the same, field by field: would see a defect in more than 36.91 % of rows with 99 % confidence
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
    from (select concat_ws(' ', image.put_user_id::text, image.put_service_id::text, image.put_account::text) as row_key,
                 case when target.ctid is null then 'all of it'
                      else concat_ws(', ', case when target.user_id is distinct from image.put_user_id then 'user_id' end,
                                      case when target.service_id is distinct from image.put_service_id then 'service_id' end,
                                      case when target.account is distinct from image.put_account then 'account' end,
                                      case when target.access_token is distinct from image.put_access_token then 'access_token' end) end as fields
            from (select * from (select image.*, kept.put_in from (select id as source_id,
                                         id as put_user_id,
                                         'gmail'::text as put_service_id,
                                         email as put_account,
                                         access_token as put_access_token
                                    from app.users
                                   where not exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id = users.id)
                                     and not exists (select from godwit_kept.late_gmail_502965ae as late where late.source_id is null)
                                     and (access_token is not null)) as image
                join godwit_kept.moved_gmail_502965ae as kept on kept.source_id = image.source_id) as image
                   order by hashtextextended(concat_ws(' ', image.source_id::text), 0) limit 10) as image
            join app.integrations as target
              on target.user_id = image.put_user_id
             and target.service_id = image.put_service_id
             and target.account = image.put_account
             and target.xmin = image.put_in) as sampled;
  if v_wrong > 0 then
    raise exception 'move gmail: % sampled rows are not what they should be: %', v_wrong, v_which using errcode = 'GW003';
  end if;
  if v_sampled > 0 then
    raise notice 'move gmail: % sampled rows are as they should be; a defect in more than % %% of rows would have been seen with 99 %% confidence',
      v_sampled, trunc(ceil(10000 * (1 - power(0.01, 1.0 / v_sampled)) - 0.0001) / 100, 2);
  end if;
end $$;

-- [35/55] prove move telegram (20250102000000_after.gw:27)
--   locks app.users (access share); scan
--   godwit_kept.moved_telegram_502965ae remembers which rows were moved, until finalize
--   rollback: chat := account
-- each row has one record, and is found by it
create unique index by_row_moved_telegram_502965ae on godwit_kept.moved_telegram_502965ae (source_id);
analyze godwit_kept.moved_telegram_502965ae;
-- every row accounted for
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
  v_kept bigint;
  v_there bigint;
  v_written bigint;
  v_recorded bigint;
begin
  select count(*),
         count(*) filter (where u.chat is not null) into v_total, v_qualifying
    from app.users as u
   where not exists (select from godwit_kept.late_telegram_502965ae as late where late.source_id = u.id)
   and not exists (select from godwit_kept.late_telegram_502965ae as late where late.source_id is null);
  select count(*), count(*) filter (where already_there) into v_kept, v_there
    from godwit_kept.moved_telegram_502965ae as kept
   where not exists (select from godwit_kept.late_telegram_502965ae as late where late.source_id = kept.source_id)
   and not exists (select from godwit_kept.late_telegram_502965ae as late where late.source_id is null);
  if v_qualifying <> v_kept then
    raise exception 'move telegram: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_kept - v_there, v_there using errcode = 'GW003';
  end if;
  select sum(rows_written) into v_written from godwit.checkpoint where (migration, step) = ('20250102000000_after', 'move telegram');
  select count(*) into v_recorded from godwit_kept.moved_telegram_502965ae where not already_there;
  if v_written <> v_recorded then
    raise exception 'move telegram: % rows were moved, % are recorded', v_written, v_recorded using errcode = 'GW003';
  end if;
  raise notice 'move telegram: % moved, % already there, % left behind, % in all',
    v_kept - v_there, v_there, v_total - v_qualifying, v_total;
end $$;

-- [36/55] statistics for what was filled
analyze app.integrations;

-- [37/55] remember the catalog
select godwit.remember();

-- [38/55] part 3 is done
update godwit.migration set parts_done = 3 where id = '20250102000000_after';

-- [39/55] commit
commit;

-- [40/55] so far
\endif

-- [41/55] part 4 of 4: what was written meanwhile, and what ends the old shape
select exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and parts_done = 3) as part_4
\gset
\if :part_4

-- [42/55] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [43/55] refuse when another version of the spec began this
do $godwit$
begin
  -- against other runners, until this transaction ends
  lock table godwit.migration in share row exclusive mode;
  if not exists (select from godwit.migration where id = '20250102000000_after' and state = 'begun' and checksum = 'sha256:3b5062be01c5acc973536858bd995b8e9edc2d7ea80f688b9794c2579806d701') then
    raise exception using errcode = 'GW001',
      message = 'migration 20250102000000_after was begun by another version of its spec',
      hint = 'go on with the artifacts that it was begun with, or roll it back (`godwit rollback`) and apply it anew';
  end if;
end
$godwit$;

-- [44/55] lock what will change, in one fixed order
lock table app.users in access exclusive mode;

-- [45/55] phase move
savepoint godwit_move;

-- [46/55] move gmail (20250102000000_after.gw:19)
--   locks app.integrations (row exclusive), app.users (access exclusive); scan
--   godwit_kept.moved_gmail_502965ae remembers which rows were moved, until finalize
--   sample 10: a defect in more than 36.91 % of rows would be seen with 99 % confidence
--   rollback: access_token := access_token
-- what was written meanwhile
select godwit_kept.catch_up_gmail_502965ae();
-- nothing is noted any more
drop trigger _gw_note_gmail_502965ae on app.users;
drop trigger _gw_all_note_gmail_502965ae on app.users;
drop function godwit_kept.note_gmail_502965ae(), godwit_kept.batch_gmail_502965ae(integer), godwit_kept.catch_up_gmail_502965ae();
drop table godwit_kept.late_gmail_502965ae, godwit_kept.again_gmail_502965ae;
-- the record needs no more than that
alter table godwit_kept.moved_gmail_502965ae drop column put_in;

-- [47/55] move telegram (20250102000000_after.gw:27)
--   locks app.integrations (row exclusive), app.users (access exclusive); scan
--   godwit_kept.moved_telegram_502965ae remembers which rows were moved, until finalize
--   rollback: chat := account
-- what was written meanwhile
select godwit_kept.catch_up_telegram_502965ae();
-- nothing is noted any more
drop trigger _gw_note_telegram_502965ae on app.users;
drop trigger _gw_all_note_telegram_502965ae on app.users;
drop function godwit_kept.note_telegram_502965ae(), godwit_kept.batch_telegram_502965ae(integer), godwit_kept.catch_up_telegram_502965ae();
drop table godwit_kept.late_telegram_502965ae, godwit_kept.again_telegram_502965ae;
-- the record needs no more than that
alter table godwit_kept.moved_telegram_502965ae drop column put_in;

-- [48/55] phase contract
savepoint godwit_contract;

-- [49/55] hide column app.users.access_token (20250102000000_after.gw:35)
--   locks app.users (access exclusive); instant
--   its values stay in place as _gw_keep_access_token until finalize
alter table app.users rename column access_token to _gw_keep_access_token;

-- [50/55] hide column app.users.chat (20250102000000_after.gw:35)
--   locks app.users (access exclusive); instant
--   its values stay in place as _gw_keep_chat until finalize
alter table app.users rename column chat to _gw_keep_chat;

-- [51/55] statistics for what was filled
analyze app.services;

-- [52/55] record the migration, with its way back
update godwit.migration set state = 'applied', applied_at = now(), applied_by = session_user,
  window_until = now() + interval '48h', parts_done = null where id = '20250102000000_after';
select godwit.note_hidden_columns('20250102000000_after');
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'applied', jsonb_build_object('catalog rows changed', godwit.remember());

-- [53/55] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'applied',
  'tables', array['app.integrations', 'app.services', 'app.users']::text[])::text);

-- [54/55] commit
commit;

-- [55/55] so far
\endif
