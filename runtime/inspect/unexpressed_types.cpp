// SPDX-License-Identifier: Apache-2.0
// Composite and range types, collations; base types are listed only.
#include "runtime/inspect/reading.h"
#include "runtime/inspect/unexpressed.h"

namespace godwit::inspecting {

namespace {

Unexpressed composite_types() {
  return {"composite type",
          "pg_class",
          Group::types,
          "a composite type",
          R"(
select c.oid, n.nspname, c.relname, 'type ' || c.oid::regclass,
  format('create type %s as (%s)', c.oid::regclass, (
    select string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ||
      case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation else '' end,
      ', ' order by a.attnum)
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)),
  'drop type ' || c.oid::regclass
from pg_class c join space n on n.oid = c.relnamespace
where c.relkind = 'c' and )" +
              not_of_extension("pg_type", "c.reltype"),
          true};
}

Unexpressed range_types(int major) {
  const std::string multirange =
      major >= 14 ? ", 'multirange_type_name = ' || (select quote_ident(m.nspname) || '.' || quote_ident(y.typname)"
                    " from pg_type y join pg_namespace m on m.oid = y.typnamespace where y.oid = r.rngmultitypid)"
                  : "";
  return {"range type",
          "pg_type",
          Group::types,
          "a range type",
          R"(
select t.oid, n.nspname, t.typname, 'type ' || t.oid::regtype,
  format('create type %s as range (%s)', t.oid::regtype, concat_ws(', ', 'subtype = ' || format_type(r.rngsubtype, null),
    'subtype_opclass = ' || (select quote_ident(m.nspname) || '.' || quote_ident(o.opcname) from pg_opclass o
       join pg_namespace m on m.oid = o.opcnamespace where o.oid = r.rngsubopc and not o.opcdefault),
    'collation = ' || (select r.rngcollation::regcollation from pg_type b
       where b.oid = r.rngsubtype and r.rngcollation <> 0 and r.rngcollation <> b.typcollation),
    'canonical = ' || nullif(r.rngcanonical::oid, 0)::regproc,
    'subtype_diff = ' || nullif(r.rngsubdiff::oid, 0)::regproc)" +
              multirange + R"()),
  'drop type ' || t.oid::regtype
from pg_range r join pg_type t on t.oid = r.rngtypid join space n on n.oid = t.typnamespace
where )" + not_of_extension("pg_type", "t.oid"),
          true};
}

Unexpressed base_types() {
  return {"base type", "pg_type", Group::types, "its functions and it need each other", R"(
select t.oid, n.nspname, t.oid::regtype::text, null, null, null
from pg_type t join space n on n.oid = t.typnamespace
where t.typtype in ('b', 'p') and t.typelem = 0 and )" + not_of_extension("pg_type", "t.oid")};
}

Unexpressed collations(int major) {
  // Where the locale stands: collcollate up to 14 and for libc, colliculocale in 15 and 16, colllocale from 17 on.
  const std::string icu = major >= 17 ? "o.colllocale" : major >= 15 ? "o.colliculocale" : "null";
  const std::string rules = major >= 16 ? "'rules = ' || quote_literal(o.collicurules)," : "";
  return {"collation",
          "pg_collation",
          Group::types,
          "a collation",
          R"(
select o.oid, n.nspname, o.collname, 'collation ' || o.oid::regcollation,
  format('create collation %s (%s)', o.oid::regcollation, concat_ws(', ',
    'provider = ' || case o.collprovider when 'c' then 'libc' when 'i' then 'icu' when 'b' then 'builtin' end,
    'locale = ' || quote_literal(coalesce()" +
              icu + R"(, case when o.collcollate = o.collctype then o.collcollate end)),
    case when o.collcollate <> o.collctype then 'lc_collate = ' || quote_literal(o.collcollate) || ', lc_ctype = ' || quote_literal(o.collctype) end,
    )" + rules +
              R"( case when not o.collisdeterministic then 'deterministic = false' end)),
  'drop collation ' || o.oid::regcollation
from pg_collation o join space n on n.oid = o.collnamespace
where )" + not_of_extension("pg_collation", "o.oid"),
          true};
}

}  // namespace

std::vector<Unexpressed> unexpressed_types(int major) {
  return {composite_types(), range_types(major), base_types(), collations(major)};
}

}  // namespace godwit::inspecting
