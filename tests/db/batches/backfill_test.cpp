// SPDX-License-Identifier: Apache-2.0
// Backfills in batches: never applied twice to a row, and done again where an application wrote meanwhile.
#include "tests/db/batches/halfway.h"

using namespace godwit;
using namespace godwit::test;

namespace {

const std::string before =
    "schema app;\n"
    "table app.organizations { id integer primary key; name text not null; }\n"
    "table app.contacts { id integer primary key; company text; visits integer not null default 0; changes integer not "
    "null default 0;\n"
    "    trigger count before update for each row execute function app.count(); }\n"
    "function app.count() returns trigger language plpgsql as $$ begin new.changes := new.changes + 1; return new; end "
    "$$;";

const std::string after =
    "alter table app.contacts { organization_id integer references app.organizations (id); }\n"
    "backfill app.contacts c {\n"
    "    set   organization_id = o.id, visits = c.visits + 1;\n"
    "    from  app.organizations o;\n"
    "    where o.name = c.company;\n"
    "    batch 10;\n"
    "}";

const std::string sixty =
    "insert into app.organizations select g, 'o' || g from generate_series(1, 6) g;\n"
    "insert into app.contacts (id, company) select g, 'o' || g % 7 from generate_series(1, 60) g";

const std::string old_columns = "select id, company, visits, changes from app.contacts order by id";

}  // namespace

TEST_CASE("a backfill in batches is applied once to each row, and touches nothing else") {
  Halfway run(before, after, sixty);
  const std::string was = run.rows(old_columns);
  run.run(3);
  CHECK(run.database.value("select sum(visits) from app.contacts") != "0");
  SECTION("when it goes on") {
    run.finish();
    CHECK(run.database.value("select count(*) from app.contacts c left join app.organizations o on o.name = c.company "
                             "where c.organization_id is distinct from o.id or c.visits <> (o.id is not null)::int or "
                             "c.changes <> 0") == "0");
    run.check_no_watch();
  }
  run.back();
  CHECK(run.rows(old_columns) == was);
  run.check_no_watch();
}

TEST_CASE("rows written while a backfill runs are filled by what they say now") {
  Halfway run(before, after, sixty);
  run.run(3);
  run.database.exec(
      "update app.contacts set company = 'o6' where id in (1, 41);\n"  // another company: 41 has its turn yet
      "update app.contacts set company = null where id in (2, 42);\n"  // none
      "update app.contacts set organization_id = 5 where id = 3;\n"    // filled by an application, whose word it is
      "delete from app.contacts where id in (4, 44);\n"
      "insert into app.contacts (id, company) values (0, 'o1'), (100, 'o2');");
  SECTION("and what is read beside them does not change") {
    run.finish();
    CHECK(
        run.rows("select id, organization_id, visits from app.contacts where id in (0, 1, 2, 3, 41, 42, 100) order by "
                 "1") == "0 1 1 | 1 6 1 | 2 null 0 | 3 5 1 | 41 6 1 | 42 null 0 | 100 2 1");
    run.back();
    CHECK(run.rows("select id, visits from app.contacts where id in (0, 1, 2, 3, 41, 42, 100) order by 1") ==
          "0 0 | 1 0 | 2 0 | 3 0 | 41 0 | 42 0 | 100 0");
    CHECK(run.residue() == "3 changed since");
  }
  SECTION("and a table that is read beside them changes") {
    run.database.exec("update app.organizations set id = id + 10 where id = 2");
    run.finish();
    CHECK(run.database.value("select count(*) from app.contacts c left join app.organizations o on o.name = c.company "
                             "where c.organization_id is distinct from o.id or c.visits <> (o.id is not null)::int") ==
          "1");  // the one that an application filled
  }
}
