-- godwit up 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:f72caba5a1f278b4e48cee4932529ac196013c8e7a94381aeddd364368d98ca3
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- postgres: 13
-- requires: 20250101000000_before
-- content: sha256:7084cb75ebd1fecc3b8d65d1ff9c4b707819c4e6721b14fb2c7165ad7cd2c113

-- [1/19] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/19] the ledger
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

-- [3/19] refuse when this has run already or comes too early
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

-- [4/19] go or no-go: move mail (20250102000000_after.gw:2)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*) filter (where token is not null)
    into v_total, v_qualifying
    from app.users;
  raise notice 'move mail: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [5/19] go or no-go: move phone (20250102000000_after.gw:9)
--   how many rows are to move
do $$
#variable_conflict use_column
declare
  v_total bigint;
  v_qualifying bigint;
begin
  select count(*),
         count(*) filter (where phone is not null)
    into v_total, v_qualifying
    from app.users;
  raise notice 'move phone: % of % rows are to move, % stay behind', v_qualifying, v_total, v_total - v_qualifying;
end $$;

-- [6/19] lock what will change, in one fixed order
lock table app.users in access exclusive mode;

-- [7/19] phase expand
savepoint godwit_expand;

-- [8/19] create table app.links (20250102000000_after.gw:1)
create table app.links (
    user_id integer not null,
    kind text not null,
    account text,
    token text,
    constraint links_user_id_kind_account_key unique (user_id, kind, account),
    constraint links_user_id_fkey foreign key (user_id) references app.users (id)
);

-- [9/19] phase move
savepoint godwit_move;

-- [10/19] move mail (20250102000000_after.gw:2)
--   locks app.links (row exclusive), app.users (access share); scan
--   godwit_kept.moved_mail_502965ae remembers which rows were moved, until finalize
--   sample 100: a defect in more than 4.51 % of rows would be seen with 99 % confidence
--   rollback: token := token
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep which rows of the source move, and where to
create table godwit_kept.moved_mail_502965ae as
select id as source_id,
       id as target_user_id,
       'mail'::text as target_kind,
       email as target_account
  from app.users
 where token is not null;
-- move mail into app.links, every row accounted for
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
  v_from_1 app.users.id%type;
  v_to_1 app.users.id%type;
begin
  select count(*) into v_total from app.users;
  select count(*) into v_qualifying from godwit_kept.moved_mail_502965ae;

  begin
    insert into app.links (user_id, kind, account, token)
    select id,
           'mail',
           email,
           token
      from app.users
     where token is not null;
    get diagnostics v_moved = row_count;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(v_qualifying / 2, 5000), 1);
    select users.id into v_from_1
      from app.users
     where token is not null
     order by users.id limit 1;
    while v_from_1 is not null loop
      select id into v_to_1
        from (select users.id from app.users
               where users.id >= v_from_1
                 and (token is not null)
               order by users.id limit v_at_once) as next
       order by id desc limit 1;
      begin
        with image as not materialized (
          select id as source_id,
                 id as put_user_id,
                 'mail'::text as put_kind,
                 email as put_account,
                 token as put_token
            from app.users
           where users.id >= v_from_1 and users.id <= v_to_1
             and (token is not null)
        ), kept as (
          insert into godwit_kept.moved_mail_502965ae (source_id, target_user_id, target_kind, target_account)
          select source_id, put_user_id, put_kind, put_account
            from image
        )
        insert into app.links (user_id, kind, account, token)
        select put_user_id,
               put_kind,
               put_account,
               put_token
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
         and (token is not null)
       order by users.id limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'move mail: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows, or set them aside with `reject up to …`; nothing was changed';
  end;

  if v_moved + v_there <> v_qualifying then
    raise exception 'move mail: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_moved, v_there using errcode = 'GW003',
      hint = 'somebody wrote to the source while it was read: run it again; nothing was changed';
  end if;
  raise notice 'move mail: % moved, % already there, % left behind, % in all',
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
  select count(*) into v_total from app.users;
  select count(*) into v_left from app.users
   where (token is not null) is not true
     and (code is not null);
  if v_left > 0 then
    select string_agg(k, ', ') into v_keys
      from (select id::text as k from app.users
             where (token is not null) is not true
             and (code is not null)
             order by id limit 10) as left_behind;
    raise warning 'move mail: unfinished flows: % of % rows (% per cent); keys %',
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
    from (select concat_ws(' ', image.put_user_id::text, image.put_kind::text, image.put_account::text) as row_key,
                 case when target.ctid is null then 'all of it'
                      else concat_ws(', ', case when target.user_id is distinct from image.put_user_id then 'user_id' end,
                                      case when target.kind is distinct from image.put_kind then 'kind' end,
                                      case when target.account is distinct from image.put_account then 'account' end,
                                      case when target.token is distinct from image.put_token then 'token' end) end as fields
            from (select * from (select image.* from (select id as source_id,
                                         id as put_user_id,
                                         'mail'::text as put_kind,
                                         email as put_account,
                                         token as put_token
                                    from app.users
                                   where token is not null) as image) as image
                   order by hashtextextended(concat_ws(' ', image.source_id::text), 0) limit 100) as image
            left join app.links as target
              on target.user_id = image.put_user_id
             and target.kind = image.put_kind
             and target.account = image.put_account) as sampled;
  if v_wrong > 0 then
    raise exception 'move mail: % sampled rows are not what they should be: %', v_wrong, v_which using errcode = 'GW003';
  end if;
  if v_sampled > 0 then
    raise notice 'move mail: % sampled rows are as they should be; a defect in more than % %% of rows would have been seen with 99 %% confidence',
      v_sampled, trunc(ceil(10000 * (1 - power(0.01, 1.0 / v_sampled)) - 0.0001) / 100, 2);
  end if;
end $$;

-- [11/19] move phone (20250102000000_after.gw:9)
--   locks app.links (row exclusive), app.users (access share); scan
--   godwit_kept.moved_phone_502965ae remembers which rows were moved, until finalize
--   rollback: phone := account
-- make sure that schema godwit_kept exists
do $godwit$
begin
  if to_regnamespace('godwit_kept') is null then
    create schema godwit_kept;
  end if;
end
$godwit$;
-- keep which rows of the source move, and where to
create table godwit_kept.moved_phone_502965ae as
select id as source_id,
       id as target_user_id,
       'phone'::text as target_kind,
       phone as target_account
  from app.users
 where phone is not null;
-- move phone into app.links, every row accounted for
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
  v_from_1 app.users.id%type;
  v_to_1 app.users.id%type;
begin
  select count(*) into v_total from app.users;
  select count(*) into v_qualifying from godwit_kept.moved_phone_502965ae;

  begin
    insert into app.links (user_id, kind, account)
    select id,
           'phone',
           phone
      from app.users
     where phone is not null;
    get diagnostics v_moved = row_count;
  exception when data_exception or integrity_constraint_violation or cardinality_violation
        or program_limit_exceeded or raise_exception then
    -- which rows the server refuses
    v_at_once := greatest(least(v_qualifying / 2, 5000), 1);
    select users.id into v_from_1
      from app.users
     where phone is not null
     order by users.id limit 1;
    while v_from_1 is not null loop
      select id into v_to_1
        from (select users.id from app.users
               where users.id >= v_from_1
                 and (phone is not null)
               order by users.id limit v_at_once) as next
       order by id desc limit 1;
      begin
        with image as not materialized (
          select id as source_id,
                 id as put_user_id,
                 'phone'::text as put_kind,
                 phone as put_account
            from app.users
           where users.id >= v_from_1 and users.id <= v_to_1
             and (phone is not null)
        ), kept as (
          insert into godwit_kept.moved_phone_502965ae (source_id, target_user_id, target_kind, target_account)
          select source_id, put_user_id, put_kind, put_account
            from image
        )
        insert into app.links (user_id, kind, account)
        select put_user_id,
               put_kind,
               put_account
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
         and (phone is not null)
       order by users.id limit 1;
    end loop;
    if v_rejected = 0 then
      raise;  -- none of them, alone
    end if;
    raise exception 'move phone: rows do not fit: %', v_keys
      using errcode = v_first_state, hint = 'mend these rows, or set them aside with `reject up to …`; nothing was changed';
  end;

  if v_moved + v_there <> v_qualifying then
    raise exception 'move phone: % rows qualify, but % were moved and % were already there',
      v_qualifying, v_moved, v_there using errcode = 'GW003',
      hint = 'somebody wrote to the source while it was read: run it again; nothing was changed';
  end if;
  raise notice 'move phone: % moved, % already there, % left behind, % in all',
    v_moved, v_there, v_total - v_qualifying, v_total;
end $$;

-- [12/19] phase contract
savepoint godwit_contract;

-- [13/19] hide column app.users.code (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
--   its values stay in place as _gw_keep_code until finalize
alter table app.users rename column code to _gw_keep_code;

-- [14/19] hide column app.users.phone (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
--   its values stay in place as _gw_keep_phone until finalize
alter table app.users rename column phone to _gw_keep_phone;

-- [15/19] hide column app.users.token (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
--   its values stay in place as _gw_keep_token until finalize
alter table app.users rename column token to _gw_keep_token;

-- [16/19] statistics for what was filled
analyze app.links;

-- [17/19] record the migration, with its way back
insert into godwit.migration (id, sequence, title, checksum, state, baseline, rollback_class, steps,
  window_until, down_sql, finalize_sql, verify_sql)
select '20250102000000_after', (select coalesce(max(sequence), 0) + 1 from godwit.migration), '', 'sha256:f72caba5a1f278b4e48cee4932529ac196013c8e7a94381aeddd364368d98ca3',
  case current_setting('godwit.adopting', true) when 'on' then 'adopted' else 'applied' end, false, 'exact while the window is open', 6,
  now() + interval '48h',
  $down$-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:f72caba5a1f278b4e48cee4932529ac196013c8e7a94381aeddd364368d98ca3
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:9a61467f25d9bfe0ce6ec3de906a1833c9c950d1066145169bf11a737a256a42

-- [1/14] open the transaction
begin;
set local lock_timeout = '3s';
set local search_path = public;
set local timezone = 'UTC';
set local row_security = off;

-- [2/14] refuse when this is not the last migration, is final, or its window is closed
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

-- [3/14] lock what will change, in one fixed order
lock table app.links in access exclusive mode;
lock table app.users in access exclusive mode;

-- [4/14] a place for what has none in the old shape
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

-- [5/14] undo: hide column app.users.token (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
-- bring back column app.users.token
alter table app.users rename column _gw_keep_token to token;

-- [6/14] undo: hide column app.users.phone (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
-- bring back column app.users.phone
alter table app.users rename column _gw_keep_phone to phone;

-- [7/14] undo: hide column app.users.code (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
-- bring back column app.users.code
alter table app.users rename column _gw_keep_code to code;

-- [8/14] undo: move phone (20250102000000_after.gw:9)
--   locks app.links (row exclusive), app.users (row exclusive); scan
-- find the place of each row of app.links in app.users
create table godwit_kept.back_phone_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         phone as old_phone,
         id as put_user_id,
         phone as put_account
    from app.users
),
target as (                         -- each row of this move, and what it says for the source
  select ctid,
         user_id,
         kind,
         account,
         account as new_phone
    from app.links
   where kind = 'phone'::text
)
select source.source_id,
       target.ctid as target_ctid,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.ctid) as place,
       case when target.account is not distinct from source.put_account
            then source.old_phone
            when kept.source_id is null and target.new_phone is null then source.old_phone
            else target.new_phone end
         as new_phone
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_phone_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account is not distinct from target.account;
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_phone_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set phone = null
  from godwit_kept.moved_phone_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_phone_502965ae as back where back.source_id = kept.source_id)
   and (source.phone is not null);
-- carry what was written since back into app.users
update app.users as source
   set phone = back.new_phone
  from godwit_kept.back_phone_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.phone is distinct from back.new_phone);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move phone', 'app.links',
       jsonb_build_object('user_id', target.user_id, 'kind', target.kind, 'account', target.account), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.links as target
  join godwit_kept.back_phone_502965ae as back on target.ctid = back.target_ctid and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           phone as put_account
      from app.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.kind is distinct from 'phone'::text
    or target.account is distinct from source.put_account
    or target.token is distinct from null;
-- remove from app.links what is back in app.users
delete from app.links as target
 using godwit_kept.back_phone_502965ae as back
 where back.place = 1
   and target.ctid = back.target_ctid;
-- drop godwit_kept.back_phone_502965ae
drop table godwit_kept.back_phone_502965ae;
-- drop godwit_kept.moved_phone_502965ae
drop table godwit_kept.moved_phone_502965ae;

-- [9/14] undo: move mail (20250102000000_after.gw:2)
--   locks app.links (row exclusive), app.users (row exclusive); scan
-- find the place of each row of app.links in app.users
create table godwit_kept.back_mail_502965ae as
with source as (                    -- each row of the source, and what the move would put for it
  select id as source_id,
         token as old_token,
         id as put_user_id,
         email as put_account,
         token as put_token
    from app.users
),
target as (                         -- each row of this move, and what it says for the source
  select ctid,
         user_id,
         account,
         kind,
         token,
         token as new_token
    from app.links
   where kind = 'mail'::text
)
select source.source_id,
       target.ctid as target_ctid,
       row_number() over (partition by source.source_id
                          order by (kept.source_id is not null) desc, target.user_id, target.account, target.ctid) as place,
       case when target.token is not distinct from source.put_token
            then source.old_token
            when kept.source_id is null and target.new_token is null then source.old_token
            else target.new_token end
         as new_token
  from source
  join target on target.user_id = source.source_id
  left join godwit_kept.moved_mail_502965ae as kept
    on kept.source_id = source.source_id
   and kept.target_user_id = target.user_id
   and kept.target_account = target.account
 where (kept.source_id is not null or target.account = source.put_account);
-- let it be updated where a publication takes in all tables
alter table godwit_kept.back_mail_502965ae replica identity full;
-- what was withdrawn since does not come back to life
update app.users as source
   set token = null
  from godwit_kept.moved_mail_502965ae as kept
 where source.id = kept.source_id
   and not exists (select from godwit_kept.back_mail_502965ae as back where back.source_id = kept.source_id)
   and (source.token is not null);
-- carry what was written since back into app.users
update app.users as source
   set token = back.new_token
  from godwit_kept.back_mail_502965ae as back
 where back.place = 1
   and source.id = back.source_id
   and (source.token is distinct from back.new_token);
-- note rows of which app.users holds only a part
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'move mail', 'app.links',
       jsonb_build_object('user_id', target.user_id, 'kind', target.kind, 'account', target.account), to_jsonb(target),
       'carried back only in part: the old shape has no place for the rest'
  from app.links as target
  join godwit_kept.back_mail_502965ae as back on target.ctid = back.target_ctid and back.place = 1
  join (
    select id as source_id,
           id as put_user_id,
           email as put_account,
           token as put_token
      from app.users
  ) as source on source.source_id = back.source_id
 where target.user_id is distinct from source.put_user_id
    or target.kind is distinct from 'mail'::text
    or target.account is distinct from source.put_account
    or target.token is distinct from source.put_token;
-- remove from app.links what is back in app.users
delete from app.links as target
 using godwit_kept.back_mail_502965ae as back
 where back.place = 1
   and target.ctid = back.target_ctid;
-- drop godwit_kept.back_mail_502965ae
drop table godwit_kept.back_mail_502965ae;
-- drop godwit_kept.moved_mail_502965ae
drop table godwit_kept.moved_mail_502965ae;

-- [10/14] undo: create table app.links (20250102000000_after.gw:1)
--   locks app.links (access exclusive); scan
-- note the rows that are left in app.links: the shape of before has no place for them
insert into godwit_kept.residue (migration, step, table_name, key, row_data, reason)
select '20250102000000_after', 'drop table app.links', 'app.links',
       jsonb_build_object('ctid', leaving.ctid::text), to_jsonb(leaving),
       'no place in the shape of before'
  from app.links as leaving;
-- drop table app.links
drop table app.links;

-- [11/14] leave nothing empty behind
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

-- [12/14] record the rollback
update godwit.migration set state = 'rolled_back', rolled_back_at = now(), parts_done = null where id = '20250102000000_after';
delete from godwit.hidden_column where migration = '20250102000000_after';
delete from godwit.checkpoint where migration = '20250102000000_after';
insert into godwit.event (migration, what, detail)
select '20250102000000_after', 'rolled back', jsonb_build_object('catalog rows changed', godwit.remember());

-- [13/14] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'rolled back',
  'tables', array['app.links', 'app.users']::text[])::text);

-- [14/14] commit
commit;
$down$,
  $finalize$-- godwit finalize 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:f72caba5a1f278b4e48cee4932529ac196013c8e7a94381aeddd364368d98ca3
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:3da14bec6530044f6abd1ba55b7d28744a7f8498493f71710bfb187aaf2332f7

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

-- [3/11] drop godwit_kept.moved_mail_502965ae (20250102000000_after.gw:2)
drop table godwit_kept.moved_mail_502965ae;

-- [4/11] drop godwit_kept.moved_phone_502965ae (20250102000000_after.gw:9)
drop table godwit_kept.moved_phone_502965ae;

-- [5/11] drop the hidden column app.users.code (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
select godwit.drop_hidden_column('20250102000000_after', 'app', 'users', '_gw_keep_code');

-- [6/11] drop the hidden column app.users.phone (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
select godwit.drop_hidden_column('20250102000000_after', 'app', 'users', '_gw_keep_phone');

-- [7/11] drop the hidden column app.users.token (20250102000000_after.gw:14)
--   locks app.users (access exclusive); instant
select godwit.drop_hidden_column('20250102000000_after', 'app', 'users', '_gw_keep_token');

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
  'tables', array['app.links', 'app.users']::text[])::text);

-- [11/11] commit
commit;
$finalize$,
  $verify$-- godwit verify 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:f72caba5a1f278b4e48cee4932529ac196013c8e7a94381aeddd364368d98ca3
-- rollback: exact while the window is open (48h)
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:1d52773a5842ba9c26c33837784bd69136fdaa84fbf8383c870bc9c62cad1bff

-- [1/12] table: as declared
select case when exists (select from pg_catalog.pg_class c where c.oid = to_regclass(d.name) and c.relkind in ('r', 'p')
      and c.relpersistence = d.persistence and c.relrowsecurity = d.row_security
      and c.relforcerowsecurity = d.row_security_forced)
    then 'PASS' else 'FAIL' end as result, 'table' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('table app.links', '20250102000000_after.gw:1', 'app.links', 'p', false, false)
  ) as d (object, place, name, persistence, row_security, row_security_forced);

-- [2/12] column: as declared
select case when exists (select from pg_catalog.pg_attribute a where a.attrelid = to_regclass(d.relation) and a.attname = d.name
      and not a.attisdropped and a.atttypid = to_regtype(d.type) and a.attnotnull = d.not_null
      and a.atthasdef = d.has_default and (a.attidentity <> '') = d.identity
      and (a.attgenerated <> '') = d.generated)
    then 'PASS' else 'FAIL' end as result, 'column' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('column app.links.account', '20250102000000_after.gw:1', 'app.links', 'account', 'text', false, false, false, false),
    ('column app.links.kind', '20250102000000_after.gw:1', 'app.links', 'kind', 'text', true, false, false, false),
    ('column app.links.token', '20250102000000_after.gw:1', 'app.links', 'token', 'text', false, false, false, false),
    ('column app.links.user_id', '20250102000000_after.gw:1', 'app.links', 'user_id', 'integer', true, false, false, false)
  ) as d (object, place, relation, name, type, not_null, has_default, identity, generated);

-- [3/12] unique constraint: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'u' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'unique constraint' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('unique constraint links_user_id_kind_account_key on app.links', '20250102000000_after.gw:1', 'app.links', 'links_user_id_kind_account_key', false, false, array['user_id', 'kind', 'account'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, columns);

-- [4/12] foreign key: as declared
select case when exists (select from pg_catalog.pg_constraint c where c.conrelid = to_regclass(d.relation) and c.conname = d.name
      and c.contype = 'f' and c.condeferrable = d.is_deferrable and c.condeferred = d.initially_deferred and c.confrelid = to_regclass(d.target)
      and c.convalidated = d.is_valid and c.confdeltype = d.on_delete and c.confupdtype = d.on_update
      and d.columns = array(select a.attname::text from unnest(c.conkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place)
      and d.target_columns = array(select a.attname::text from unnest(c.confkey) with ordinality k (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place))
    then 'PASS' else 'FAIL' end as result, 'foreign key' as kind, d.object, 'declared at ' || d.place as detail
  from (values
    ('foreign key links_user_id_fkey on app.links', '20250102000000_after.gw:1', 'app.links', 'links_user_id_fkey', false, false, 'app.users', true, 'a', 'a', array['user_id'], array['id'])
  ) as d (object, place, relation, name, is_deferrable, initially_deferred, target, is_valid, on_delete, on_update, columns, target_columns);

-- [5/12] where godwit_kept.moved_mail_502965ae is still there
select to_regclass('godwit_kept.moved_mail_502965ae') is not null as kept_1
\gset
\if :kept_1

-- [6/12] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [7/12] compare move mail (20250102000000_after.gw:2)
--   keys of: app.users
--   ranges by: id
--   needs godwit_kept.moved_mail_502965ae: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250102000000_after', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved; null: written since
  select users.id as source_id,
         case when age(users.xmin) >= (select since from applied) then hashtextextended(row(id, 'mail'::text, email, _gw_keep_token)::text, 0) end as given
    from app.users
   where true  -- or a range of users.id
     and exists (select from godwit_kept.moved_mail_502965ae as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = users.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.user_id, target.kind, target.account, target.token)::text, 0) end as held
    from godwit_kept.moved_mail_502965ae as kept
    left join source on source.source_id = kept.source_id
    left join app.links as target
      on target.user_id = kept.target_user_id
      and target.kind = kept.target_kind
      and target.account = kept.target_account
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
    from app.users
   where true  -- or a range of users.id
     and not exists (select from godwit_kept.moved_mail_502965ae as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = users.id)
     and (_gw_keep_token is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move mail' as object,
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

-- [8/12] so far
\endif

-- [9/12] where godwit_kept.moved_phone_502965ae is still there
select to_regclass('godwit_kept.moved_phone_502965ae') is not null as kept_2
\gset
\if :kept_2

-- [10/12] as the migration read them
set search_path = public;
set timezone = 'UTC';
set row_security = off;

-- [11/12] compare move phone (20250102000000_after.gw:9)
--   keys of: app.users
--   ranges by: id
--   needs godwit_kept.moved_phone_502965ae: what is recorded of the move until finalize
with applied as (                    -- the transaction that ended the migration
  select xmin as by, age(xmin) as since from godwit.event
   where (migration, what) = ('20250102000000_after', 'applied') order by id desc limit 1
), source as materialized (            -- what the source gives for each row that was moved
  select users.id as source_id,
         hashtextextended(row(id, 'phone'::text, _gw_keep_phone)::text, 0) as given
    from app.users
   where true  -- or a range of users.id
     and exists (select from godwit_kept.moved_phone_502965ae as recorded
             where true  -- or a range of recorded.source_id
               and recorded.source_id = users.id)
), found as materialized (             -- and what the target holds
  select kept.source_id,
         kept.xmin as put_in,
         source.source_id is not null as stands,
         source.given,
         target.ctid is not null as there,
         target.xmin as written_by,
         case when target.ctid is not null then hashtextextended(row(target.user_id, target.kind, target.account)::text, 0) end as held
    from godwit_kept.moved_phone_502965ae as kept
    left join source on source.source_id = kept.source_id
    left join app.links as target
      on target.user_id = kept.target_user_id
      and target.kind = kept.target_kind
      and target.account is not distinct from kept.target_account
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
    from app.users
   where true  -- or a range of users.id
     and not exists (select from godwit_kept.moved_phone_502965ae as recorded
                 where true  -- or a range of recorded.source_id
                   and recorded.source_id = users.id)
     and (_gw_keep_phone is not null)
)
select case when missing + differs = 0 then 'PASS' else 'FAIL' end as result, 'move' as kind,
       'move phone' as object,
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

-- [12/12] so far
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

-- [18/19] tell listeners
select pg_notify('godwit', json_build_object('event', 'migration_done', 'at', now(),
  'migration', '20250102000000_after', 'message', 'applied',
  'tables', array['app.links', 'app.users']::text[])::text);

-- [19/19] commit
commit;
