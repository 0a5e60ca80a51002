// SPDX-License-Identifier: Apache-2.0
// Foreign data: wrappers, servers, tables. User mappings are listed only: their options may hold a password.
#include "runtime/inspect/reading.h"
#include "runtime/inspect/unexpressed.h"

namespace godwit::inspecting {

namespace {

/// ` options (a 'x', b 'y')` of `text[]`.
std::string options(const std::string& list) {
  return "coalesce(' options (' || (select string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), "
         "', ')"
         " from pg_options_to_table(" +
         list + ")) || ')', '')";
}

Unexpressed wrappers() {
  return {"foreign data wrapper", "pg_foreign_data_wrapper", Group::extensions, "a foreign data wrapper", R"(
select w.oid, '', w.fdwname, 'foreign data wrapper ' || quote_ident(w.fdwname),
  format('create foreign data wrapper %I%s%s', w.fdwname, coalesce(' handler ' || nullif(w.fdwhandler, 0)::regproc, ''),
    coalesce(' validator ' || nullif(w.fdwvalidator, 0)::regproc, '')) || )" + options("w.fdwoptions") + R"(,
  format('drop foreign data wrapper %I', w.fdwname)
from pg_foreign_data_wrapper w
where )" + not_of_extension("pg_foreign_data_wrapper", "w.oid")};
}

Unexpressed servers() {
  return {"foreign server",
          "pg_foreign_server",
          Group::types,
          "a foreign server",
          R"(
select s.oid, '', s.srvname, 'server ' || quote_ident(s.srvname),
  format('create server %I%s%s foreign data wrapper %I', s.srvname, ' type ' || quote_literal(s.srvtype),
    ' version ' || quote_literal(s.srvversion), w.fdwname) || )" +
              options("s.srvoptions") + R"(,
  format('drop server %I', s.srvname)
from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw
where )" + not_of_extension("pg_foreign_server", "s.oid"),
          true};
}

Unexpressed user_mappings() {
  return {"user mapping", "pg_user_mapping", Group::others, "its options may hold a password", R"(
select m.umid, '', format('for %s server %I', case m.umuser when 0 then 'public' else quote_ident(m.usename) end, m.srvname), null, null, null
from pg_user_mappings m)"};
}

Unexpressed tables() {
  return {"foreign table", "pg_class", Group::tables, "a foreign table",
          R"(
select c.oid, n.nspname, c.relname, 'foreign table ' || c.oid::regclass,
  format(E'create foreign table %s (%s) server %I', c.oid::regclass, (
    select string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || )" +
              options("a.attfdwoptions") + R"( ||
      case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation else '' end ||
      case when a.attnotnull then ' not null' else '' end ||
      case when a.attgenerated <> '' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
        else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end, ', ' order by a.attnum)
    from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), s.srvname) || )" +
              options("f.ftoptions") + R"(,
  'drop foreign table ' || c.oid::regclass
from pg_class c join space n on n.oid = c.relnamespace join pg_foreign_table f on f.ftrelid = c.oid join pg_foreign_server s on s.oid = f.ftserver
where not c.relispartition and )" +
              not_of_extension("pg_class", "c.oid")};
}

Unexpressed partitions() {
  return {"foreign table", "pg_class", Group::tables, "a foreign table that is a partition", R"(
select c.oid, n.nspname, c.oid::regclass::text, null, null, null
from pg_class c join space n on n.oid = c.relnamespace where c.relkind = 'f' and c.relispartition)"};
}

}  // namespace

std::vector<Unexpressed> unexpressed_foreign(int) {
  return {wrappers(), servers(), user_mappings(), tables(), partitions()};
}

}  // namespace godwit::inspecting
