// SPDX-License-Identifier: Apache-2.0
// Aggregates, casts, operators and what belongs to them.
#include "runtime/inspect/reading.h"
#include "runtime/inspect/unexpressed.h"

namespace godwit::inspecting {

namespace {

Unexpressed aggregates() {
  return {"aggregate", "pg_proc", Group::functions, "an aggregate", R"(
select p.oid, n.nspname, p.proname || '(' || g.args || ')', 'aggregate ' || g.called,
  format('create aggregate %s (%s)', g.called, concat_ws(', ', 'sfunc = ' || a.aggtransfn,
    'stype = ' || format_type(a.aggtranstype, null), 'sspace = ' || nullif(a.aggtransspace, 0),
    'finalfunc = ' || nullif(a.aggfinalfn::oid, 0)::regproc, case when a.aggfinalextra then 'finalfunc_extra' end,
    case when a.aggfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end then 'finalfunc_modify = ' ||
      case a.aggfinalmodify when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end end,
    'combinefunc = ' || nullif(a.aggcombinefn::oid, 0)::regproc, 'serialfunc = ' || nullif(a.aggserialfn::oid, 0)::regproc,
    'deserialfunc = ' || nullif(a.aggdeserialfn::oid, 0)::regproc, 'initcond = ' || quote_literal(a.agginitval),
    'msfunc = ' || nullif(a.aggmtransfn::oid, 0)::regproc, 'minvfunc = ' || nullif(a.aggminvtransfn::oid, 0)::regproc,
    'mstype = ' || format_type(nullif(a.aggmtranstype, 0), null), 'msspace = ' || nullif(a.aggmtransspace, 0),
    'mfinalfunc = ' || nullif(a.aggmfinalfn::oid, 0)::regproc, case when a.aggmfinalextra then 'mfinalfunc_extra' end,
    case when a.aggmtransfn::oid <> 0 and a.aggmfinalmodify <> case a.aggkind when 'n' then 'r' else 'w' end
      then 'mfinalfunc_modify = ' || case a.aggmfinalmodify when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end end,
    'minitcond = ' || quote_literal(a.aggminitval),
    (select format('sortop = operator(%I.%s)', m.nspname, o.oprname) from pg_operator o
       join pg_namespace m on m.oid = o.oprnamespace where o.oid = a.aggsortop),
    case when a.aggkind = 'h' then 'hypothetical' end,
    case p.proparallel when 's' then 'parallel = safe' when 'r' then 'parallel = restricted' end)),
  'drop aggregate ' || g.called,
  format('aggregate %s%I(%s)', n.dotted, p.proname, coalesce(nullif(oidvectortypes(p.proargtypes), ''), '*'))
from pg_proc p join space n on n.oid = p.pronamespace join pg_aggregate a on a.aggfnoid = p.oid,
  lateral (select pg_get_function_arguments(p.oid)) f (arguments),
  lateral (select case when f.arguments = '' then '*' else f.arguments end) e (args),
  lateral (select e.args, n.dotted || quote_ident(p.proname) || '(' || e.args || ')') g (args, called)
where )" + not_of_extension("pg_proc", "p.oid"), true};
}

Unexpressed casts() {
  return {"cast", "pg_cast", Group::others, "a cast", R"(
select c.oid, '', g.called, 'cast ' || g.called,
  format('create cast %s %s%s', g.called, case c.castmethod when 'b' then 'without function' when 'i' then 'with inout'
    else 'with function ' || c.castfunc::regprocedure end,
    case c.castcontext when 'a' then ' as assignment' when 'i' then ' as implicit' else '' end),
  'drop cast ' || g.called
from pg_cast c, lateral (select format('(%s as %s)', format_type(c.castsource, null), format_type(c.casttarget, null))) g (called)
where c.oid >= 16384 and not exists (select from pg_depend d where d.classid = 'pg_cast'::regclass and d.objid = c.oid and d.deptype = 'i')
  and )" + not_of_extension("pg_cast", "c.oid"), true};
}

Unexpressed operators() {
  return {"operator", "pg_operator", Group::functions, "an operator", R"(
select o.oid, n.nspname, o.oprname || ' ' || g.types, 'operator ' || n.dotted || o.oprname || ' ' || g.types,
  format('create operator %s%s (%s)', n.dotted, o.oprname, concat_ws(', ', 'function = ' || o.oprcode,
    'leftarg = ' || format_type(nullif(o.oprleft, 0), null), 'rightarg = ' || format_type(nullif(o.oprright, 0), null),
    (select format('commutator = operator(%I.%s)', m.nspname, x.oprname) from pg_operator x
       join pg_namespace m on m.oid = x.oprnamespace where x.oid = o.oprcom),
    (select format('negator = operator(%I.%s)', m.nspname, x.oprname) from pg_operator x
       join pg_namespace m on m.oid = x.oprnamespace where x.oid = o.oprnegate),
    'restrict = ' || nullif(o.oprrest::oid, 0)::regproc, 'join = ' || nullif(o.oprjoin::oid, 0)::regproc,
    case when o.oprcanhash then 'hashes' end, case when o.oprcanmerge then 'merges' end)),
  'drop operator ' || n.dotted || o.oprname || ' ' || g.types
from pg_operator o join space n on n.oid = o.oprnamespace,
  lateral (select format('(%s, %s)', coalesce(format_type(nullif(o.oprleft, 0), null), 'none'),
    coalesce(format_type(nullif(o.oprright, 0), null), 'none'))) g (types)
where o.oprcode::oid <> 0 and )" + not_of_extension("pg_operator", "o.oid"),
          true};
}

Unexpressed operator_families() {
  // Members that belong to no class of the family.
  return {"operator family", "pg_opfamily", Group::functions, "an operator family", R"(
select f.oid, n.nspname, f.opfname, 'operator family ' || g.called,
  'create operator family ' || g.called || coalesce(E';\nalter operator family ' || g.called || ' add ' || m.list, ''),
  'drop operator family ' || g.called
from pg_opfamily f join space n on n.oid = f.opfnamespace join pg_am a on a.oid = f.opfmethod,
  lateral (select n.dotted || quote_ident(f.opfname) || ' using ' || quote_ident(a.amname)) g (called),
  lateral (select string_agg(line, ', ' order by line) from (
    select format('operator %s %s', amopstrategy, amopopr::regoperator) from pg_amop p where p.amopfamily = f.oid
      and exists (select from pg_depend d where d.classid = 'pg_amop'::regclass and d.objid = p.oid and d.refclassid = 'pg_opfamily'::regclass)
    union all
    select format('function %s (%s, %s) %s', amprocnum, format_type(amproclefttype, null), format_type(amprocrighttype, null), amproc::regprocedure)
      from pg_amproc p where p.amprocfamily = f.oid
      and exists (select from pg_depend d where d.classid = 'pg_amproc'::regclass and d.objid = p.oid and d.refclassid = 'pg_opfamily'::regclass)) x (line)) m (list)
where )" + not_of_extension("pg_opfamily", "f.oid")};
}

Unexpressed operator_classes() {
  return {"operator class", "pg_opclass", Group::functions, "an operator class", R"(
select c.oid, n.nspname, c.opcname, 'operator class ' || g.called,
  format('create operator class %s%sfor type %s using %I family %s as %s', n.dotted || quote_ident(c.opcname),
    case when c.opcdefault then ' default ' else ' ' end, format_type(c.opcintype, null), a.amname, f.called,
    concat_ws(', ', m.list, 'storage ' || format_type(nullif(c.opckeytype, 0), null))),
  'drop operator class ' || g.called
from pg_opclass c join space n on n.oid = c.opcnamespace join pg_am a on a.oid = c.opcmethod,
  lateral (select n.dotted || quote_ident(c.opcname) || ' using ' || quote_ident(a.amname)) g (called),
  lateral (select quote_ident(s.nspname) || '.' || quote_ident(y.opfname) from pg_opfamily y join pg_namespace s on s.oid = y.opfnamespace where y.oid = c.opcfamily) f (called),
  lateral (select string_agg(line, ', ' order by line) from (
    select format('operator %s %s%s', amopstrategy, amopopr::regoperator, (select ' for order by ' || quote_ident(s.nspname) || '.' || quote_ident(y.opfname)
        from pg_opfamily y join pg_namespace s on s.oid = y.opfnamespace where y.oid = p.amopsortfamily)) from pg_amop p
      where exists (select from pg_depend d where d.classid = 'pg_amop'::regclass and d.objid = p.oid and (d.refclassid, d.refobjid) = ('pg_opclass'::regclass, c.oid))
    union all
    select format('function %s (%s, %s) %s', amprocnum, format_type(amproclefttype, null), format_type(amprocrighttype, null), amproc::regprocedure)
      from pg_amproc p
      where exists (select from pg_depend d where d.classid = 'pg_amproc'::regclass and d.objid = p.oid and (d.refclassid, d.refobjid) = ('pg_opclass'::regclass, c.oid))) x (line)) m (list)
where )" + not_of_extension("pg_opclass", "c.oid")};
}

Unexpressed conversions() {
  return {"conversion", "pg_conversion", Group::functions, "a conversion", R"(
select c.oid, n.nspname, c.conname, 'conversion ' || n.dotted || quote_ident(c.conname),
  format('create %sconversion %s for %L to %L from %s', case when c.condefault then 'default ' else '' end,
    n.dotted || quote_ident(c.conname), pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc),
  'drop conversion ' || n.dotted || quote_ident(c.conname)
from pg_conversion c join space n on n.oid = c.connamespace
where )" + not_of_extension("pg_conversion", "c.oid")};
}

}  // namespace

std::vector<Unexpressed> unexpressed_routines(int) {
  return {aggregates(), casts(), operators(), operator_families(), operator_classes(), conversions()};
}

}  // namespace godwit::inspecting
