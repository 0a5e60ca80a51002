// SPDX-License-Identifier: Apache-2.0
// A backfill in batches whose columns are kept in step: applications write either side before, between and after
// batches.
#include "tests/db/batches/halfway.h"

namespace {

using namespace godwit;
using namespace godwit::test;

constexpr const char* before = "schema app; table app.people { id integer primary key; given text; family text; }";
constexpr const char* after =
    "alter table app.people { name text not null; }\n"
    "backfill app.people { set name = concat_ws(' ', given, family); batch 2; keep in step; reverse set given = "
    "split_part(name, ' ', 1), family = split_part(name, ' ', 2); }";
constexpr const char* six =
    "insert into app.people values (1, 'A', 'a'), (2, 'B', 'b'), (3, 'C', 'c'), (4, 'D', 'd'), (5, 'E', 'e'), (6, 'F', "
    "'f')";

// One batch is done: 1 and 2. Rows of both kinds are written on either side, come, go, and pass it by.
constexpr const char* meanwhile =
    "update app.people set family = 'x' where id = 1; update app.people set name = 'Bob y' where id = 2;"
    "update app.people set name = 'Mary Ann c' where id = 3; update app.people set given = 'Dan' where id = 4;"
    "update app.people set id = 0 where id = 6; delete from app.people where id = 5;"
    "insert into app.people (id, name) values (7, 'G g'); insert into app.people (id, given, family) values (8, 'H', "
    "'h'); update app.people set given = 'old', name = 'new h' where id = 8";

}  // namespace

TEST_CASE("in step in batches: what is written meanwhile on either side stands, and every row is filled") {
  Halfway it(before, after, six);
  it.run(1);
  it.database.exec(meanwhile);
  it.finish();
  CHECK(it.rows("select * from app.people order by id") ==
        "0 F f F f | 1 A x A x | 2 Bob y Bob y | 3 Mary Ann Mary Ann c | 4 Dan d Dan d | 7 G g G g | 8 new h new h");
  CHECK(it.rows("select key, row_data ->> 'given' as lost from godwit_kept.conflict") == "{\"id\": 8} old");
  const auto known = status(it.database.connection(), it.migrations, false);
  REQUIRE(error_of(known) == nullptr);
  CHECK(std::get<Status>(known).migrations.back().conflicts ==
        std::vector<std::string>{"backfill app.people (name): 1 row of app.people had both sides written at once: see "
                                 "godwit_kept.conflict"});
  it.database.exec("update app.people set name = 'Z f' where id = 0; update app.people set family = 'z' where id = 1");
  CHECK(it.rows("select * from app.people where id < 2 order by id") == "0 Z f Z f | 1 A z A z");
  it.back();
  CHECK(it.rows("select * from app.people order by id") ==
        "0 Z f | 1 A z | 2 Bob y | 3 Mary Ann | 4 Dan d | 7 G g | 8 new h");
  CHECK(it.residue() == "3 changed since");
  it.check_no_watch();
}

TEST_CASE("in step in batches: taken back halfway, both sides' writes stay") {
  Halfway it(before, after, six);
  it.run(1);
  it.database.exec(meanwhile);
  it.back();
  CHECK(it.rows("select * from app.people order by id") ==
        "0 F f | 1 A x | 2 Bob y | 3 Mary Ann | 4 Dan d | 7 G g | 8 new h");
  it.check_no_watch();
}
