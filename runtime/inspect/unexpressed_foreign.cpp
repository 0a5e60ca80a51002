// SPDX-License-Identifier: Apache-2.0
// Foreign data: wrappers and servers. User mappings are listed only: their options may hold a password.
#include "runtime/inspect/reading.h"
#include "runtime/inspect/unexpressed.h"

namespace godwit::inspecting {

namespace {

std::string options(const std::string& list) { return "coalesce(' ' || " + foreign_options_sql(list) + ", '')"; }

Unexpressed wrappers() {
  return {"foreign data wrapper",
          "pg_foreign_data_wrapper",
          Group::extensions,
          "a foreign data wrapper",
          R"(
select w.oid, '', w.fdwname, 'foreign data wrapper ' || quote_ident(w.fdwname),
  format('create foreign data wrapper %I%s%s', w.fdwname, coalesce(' handler ' || nullif(w.fdwhandler, 0)::regproc, ''),
    coalesce(' validator ' || nullif(w.fdwvalidator, 0)::regproc, '')) || )" +
              options("w.fdwoptions") + R"(,
  format('drop foreign data wrapper %I', w.fdwname)
from pg_foreign_data_wrapper w
where )" + not_of_extension("pg_foreign_data_wrapper", "w.oid"),
          true};
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

}  // namespace

std::vector<Unexpressed> unexpressed_foreign(int) { return {wrappers(), servers(), user_mappings()}; }

}  // namespace godwit::inspecting
