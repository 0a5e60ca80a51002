// SPDX-License-Identifier: Apache-2.0
// Rows written between `up` and `down` of compiled specs: what has a place in the shape of before is there after the
// rollback, the rest is residue, and no rollback dies of it.
#include "tests/db/data/applied.h"

#include <catch2/catch.hpp>

namespace {

using namespace godwit;
using namespace godwit::test;

}  // namespace

TEST_CASE("text becomes a number: what was written as text comes back letter by letter") {
  Applied it("schema app; table app.t { id integer primary key; c text not null; }",
             "change column app.t.c to integer;", "insert into app.t values (1, '007'), (2, ' 8 '), (3, '9')");
  it.server.run(
      "insert into app.t values (4, 10); update app.t set c = 11 where id = 2; delete from app.t where id = 3");
  it.down();
  CHECK(it.rows("app.t") == "1 007 | 2 11 | 4 10");
  CHECK(it.residue() == "");
}

TEST_CASE("a value set to what it had become counts as untouched, null stays null") {
  Applied it("schema app; table app.t { id integer primary key; c text; }",
             "change column app.t.c to integer using coalesce(c, '0')::integer;",
             "insert into app.t values (1, '007'), (2, null), (3, '5')");
  it.server.run(
      "update app.t set c = 7 where id = 1; insert into app.t values (4, 0), (5, null); update app.t set c = null "
      "where id = 3");
  it.down();
  CHECK(it.rows("app.t") == "1 007 | 2 null | 3 null | 4 0 | 5 null");
  CHECK(it.residue() == "3 carried back only in part: the old type has no place for the rest");
}

TEST_CASE("a label that the old enum lacks is residue, and holds nothing up") {
  const std::string enums = "schema app; enum app.channel ('mail', 'phone'); ";
  SECTION("where the column takes no null, a late row goes and a changed one gets its old value") {
    Applied it(enums + "table app.t { id integer primary key; c app.channel not null; }",
               "table app.t { id integer primary key; c text; }",
               "insert into app.t values (1, 'mail'), (2, 'phone'), (3, 'mail')");
    it.server.run(
        "insert into app.t values (4, 'fax'), (5, 'phone'), (6, null); update app.t set c = 'fax' where id = 2; update "
        "app.t set c = null where id = 3");
    it.down();
    CHECK(it.rows("app.t") == "1 mail | 2 phone | 3 mail | 5 phone");
    CHECK(it.residue() ==
          "2 no way back: invalid input value for enum app.channel: \"fax\"; 3 no way back: null in app.t.c; 4 no way "
          "back: invalid input value for enum app.channel: \"fax\"; 6 no way back: null in app.t.c");
  }
  SECTION("where it takes null, the row stays without a value") {
    Applied it(enums + "table app.t { id integer primary key; c app.channel; }",
               "alter table app.t { c text; } drop type app.channel;", "insert into app.t values (1, 'mail')");
    it.server.run("insert into app.t values (4, 'fax'), (5, null)");
    it.down();
    CHECK(it.rows("app.t") == "1 mail | 4 null | 5 null");
    CHECK(it.residue() == "4 no way back: invalid input value for enum app.channel: \"fax\"");
  }
}

TEST_CASE("values that an enum got since, and rows that hold them") {
  const std::string before =
      "schema app; enum app.stage ('new', 'won'); table app.t { id integer primary key; c "
      "app.stage not null; n app.stage; a app.stage[]; }";
  const std::string rows = "insert into app.t values (1, 'new', 'won', '{new,won}'), (2, 'won', null, null)";
  SECTION("added in place") {
    Applied it(before, "enum app.stage ('lead', 'new', 'won', 'lost');", rows);
    it.server.run(
        "insert into app.t values (3, 'lost', null, null), (4, 'new', 'lead', null), (5, 'won', 'won', '{lost,won}'); "
        "update app.t set c = 'won' where id = 1");
    it.down();
    CHECK(it.rows("app.t") == "1 won won [\"new\",\"won\"] | 2 won null null | 4 new null null | 5 won won null");
    CHECK(it.residue() == "3 does not fit app.stage; 4 does not fit app.stage; 5 does not fit app.stage[]");
  }
  SECTION("put in another order, which an index follows") {
    Applied it(before + "alter table app.t { index on (c); }", "enum app.stage ('won', 'new');", rows);
    CHECK(it.server.text("select string_agg(id::text, ' ' order by c) from app.t") == "2 1");
    it.server.run("insert into app.t values (3, 'new')");
    it.down();
    CHECK(it.server.text("select string_agg(id::text, ' ' order by c, id) from app.t") == "1 3 2");
    CHECK(it.residue() == "");
  }
  SECTION("dropped, with rows that held it and rows that were changed since") {
    Applied it(before, "drop value app.stage 'won' using 'new'; enum app.stage ('new', 'lost');", rows);
    CHECK(it.rollback_class() == RollbackClass::exact_while_window_open);
    CHECK(it.server.text("select string_agg(concat_ws(' ', id, c, n, a), ' | ' order by id) from app.t") ==
          "1 new new {new,new} | 2 new");
    it.server.run(
        "insert into app.t values (3, 'new', 'lost', null), (4, 'lost', null, null); update app.t set n = null where "
        "id = 1; update app.t set n = 'new' where id = 2");
    it.down();
    CHECK(it.rows("app.t") == "1 new null [\"new\",\"won\"] | 2 won new null | 3 new null null");
    CHECK(
        it.residue() ==
        "3 no way back: invalid input value for enum app.stage: \"lost\"; 4 no way back: invalid input value for enum "
        "app.stage: \"lost\"");
  }
  SECTION("dropped without another in its place: a row that holds it stops the migration") {
    CHECK_THROWS(Applied(before, "drop value app.stage 'won';", rows));
  }
}

TEST_CASE("a row without a place that other rows refer to stops the rollback before anything changes") {
  Applied it(
      "schema app; enum app.channel ('mail', 'phone'); table app.t { id integer primary key; c app.channel not null; }"
      "table app.u { id integer primary key; t integer references app.t; }",
      "change column app.t.c to text;", "insert into app.t values (1, 'mail'); insert into app.u values (1, 1)");
  it.server.run("insert into app.t values (2, 'fax'); insert into app.u values (2, 2)");
  CHECK_THROWS_WITH(it.down(), Catch::Contains("rows written since cannot stay, and other tables refer to them"));
  CHECK(it.rows("(select id, c from app.t)") == "1 mail | 2 fax");
}

TEST_CASE("the way back rounds, and says so") {
  Applied it("schema app; table app.t { id integer primary key; c numeric(6,2) not null; }",
             "change column app.t.c to numeric(12,4);", "insert into app.t values (1, 1.50)");
  it.server.run("insert into app.t values (2, 1.2345), (3, 1.25), (4, 12345678)");
  it.down();
  CHECK(it.rows("app.t") == "1 1.50 | 2 1.23 | 3 1.25");
  CHECK(it.residue() ==
        "2 carried back only in part: the old type has no place for the rest; 4 no way back: numeric field overflow");
}

TEST_CASE("triggers of users do not fire, dropped and changed ones included") {
  const std::string functions =
      "schema app; function app.f() returns trigger language plpgsql as $$ begin new.n := new.n + 1; return new; end "
      "$$;";
  Applied it(functions +
                 "table app.t { id integer primary key; n integer not null default 0; c varchar(9) not null;"
                 " trigger a before update for each row execute function app.f();"
                 " trigger b before update of c for each row execute function app.f();"
                 " trigger d before update or delete for each row execute function app.f(); }",
             "change column app.t.c to varchar(3); alter table app.t { drop trigger d; }",
             "insert into app.t (id, c) values (1, 'abc  '), (2, 'x')");
  it.server.run("insert into app.t (id, c) values (3, 'y'); update app.t set c = 'z' where id = 2");
  it.down();
  CHECK(it.rows("app.t") == "1 0 abc   | 2 2 z | 3 0 y");
  CHECK(it.server.text(
            "select string_agg(tgname::text || tgenabled::text, ' ' order by tgname) from pg_trigger where tgrelid = "
            "'app.t'::regclass") == "aO bO dO");
}

TEST_CASE("a conversion that gives another value each time is noted as what it gave") {
  Applied it("schema app; table app.t { id integer primary key; c text; }",
             "change column app.t.c to double precision using random();",
             "insert into app.t values (1, 'a'), (2, null)");
  it.down();
  CHECK(it.rows("app.t") == "1 a | 2 null");
}

TEST_CASE("types without equality are compared as text") {
  Applied it("schema app; table app.t { id integer primary key; c json; p point; x xml; }",
             "table app.t { id integer primary key; c jsonb; p text; x json using ('\"' || x::text || '\"')::json; }",
             R"(insert into app.t values (1, '{"b":1,  "a":2}', '(1,2)', '<a/>'))");
  it.server.run(R"(insert into app.t values (2, '{"z":1}', '(3,4)', null), (3, null, 'nowhere', '"no"'))");
  it.down();
  CHECK(it.rows("app.t") == R"(1 {"b":1,  "a":2} (1,2) <a/> | 2 {"z": 1} (3,4) null | 3 null null "no")");
}

TEST_CASE("rows moved out of a column read it as it was") {
  Applied it("schema app; table app.t { id integer primary key; c text; }",
             "table app.u { id integer primary key; c text; } move app.t -> app.u { set id = id, c = c; key (id); }"
             "change column app.t.c to integer;",
             "insert into app.t values (1, '007')");
  CHECK(it.rows("app.u") == "1 007");
  it.down();
  CHECK(it.rows("app.t") == "1 007");
}

TEST_CASE("values that a widened column got since and that do not fit before") {
  SECTION("null takes their place") {
    Applied it("schema app; table app.t { id integer primary key; c smallint; v varchar(3); n numeric(4,1); }",
               "table app.t { id integer primary key; c bigint; v text; n numeric; }",
               "insert into app.t values (1, 1, 'abc', 1.5)");
    it.server.run("insert into app.t values (2, 99999, 'abcd', 1.25), (3, 3, 'a', 99999), (4, 4, 'b', 2.5)");
    it.down();
    CHECK(it.rows("app.t") == "1 1 abc 1.5 | 2 null null null | 3 3 a null | 4 4 b 2.5");
  }
  SECTION("the row goes where the column takes none") {
    Applied it("schema app; table app.t { id integer primary key; c integer not null; }",
               "change column app.t.id to bigint; change column app.t.c to numeric;",
               "insert into app.t values (1, 1)");
    it.server.run("insert into app.t values (2, 1.5), (3000000000, 2), (4, 4)");
    it.down();
    CHECK(it.rows("app.t") == "1 1 | 4 4");
    CHECK(it.residue() == "2 does not fit integer; 3000000000 does not fit integer");
  }
}

TEST_CASE("dropped columns that were not null") {
  Applied it("schema app; table app.t { id integer primary key; c text not null; }", "drop column app.t.c;",
             "insert into app.t values (1, 'a')");
  it.server.run("insert into app.t values (2)");
  it.down();
  CHECK(it.rows("app.t") == "1 a");
  CHECK(it.residue() == "2 refused by column app.t.c");
}

TEST_CASE("archived columns are gone for `select *`, and come back with what they held") {
  const char* const before =
      "schema app; function app.f() returns trigger language plpgsql as $$ begin new.n := new.n + 1; return new; end "
      "$$;"
      "table app.t { id integer primary key; n integer not null default 0; a text not null; b text default 'later' "
      "unique; trigger f before update for each row execute function app.f(); }";
  const char* const rows = "insert into app.t values (1, 0, 'a1', 'b1'), (2, 0, 'a2', null), (3, 0, 'a3', 'b3')";
  SECTION("at the end of the table they come back in their places") {
    Applied it(before, "drop column app.t.b, app.t.a keep archive;", rows);
    CHECK(it.rows("app.t") == "1 0 | 2 0 | 3 0");
    it.server.run("delete from app.t where id = 3; update app.t set id = 20 where id = 2");
    it.server.run("insert into app.t values (4, 0)");
    it.down();
    CHECK(it.rows("app.t") == "1 0 a1 b1");
    CHECK(it.residue() ==
          "2 its row is gone, or has another key now; 20 refused by column app.t.a; 3 its row is gone, or has another "
          "key now; 4 refused by column app.t.a");
  }
  SECTION("elsewhere they come back at the end, which the plan calls lossy") {
    Applied it(before, "drop column app.t.n keep archive; drop function app.f(); alter table app.t { drop trigger f; }",
               rows);
    CHECK(it.rollback_class() == RollbackClass::lossy);
    it.server.run("insert into app.t values (4, 'a4', 'b4')");
    it.down();
    CHECK(it.rows("app.t") == "1 a1 b1 0 | 2 a2 null 0 | 3 a3 b3 0 | 4 a4 b4 0");
    CHECK(it.residue() == "");
  }
  SECTION("a later value that repeats an archived one is residue") {
    Applied it(before, "drop column app.t.b keep archive;", rows);
    it.server.run("insert into app.t values (4, 0, 'a4'), (5, 0, 'a5')");
    it.down();
    CHECK(it.rows("app.t") == "1 0 a1 b1 | 2 0 a2 null | 3 0 a3 b3 | 4 0 a4 later");
    CHECK(it.residue() == "5 refused by unique constraint t_b_key on app.t");
  }
}

TEST_CASE("rows move out of archived columns, and back into them") {
  Applied it("schema app; table app.t { id integer primary key; c text; }",
             "table app.u { id integer primary key; c text; } move app.t -> app.u { set id = id, c = c; key (id); }"
             "drop column app.t.c keep archive;",
             "insert into app.t values (1, 'a'), (2, 'b')");
  it.server.run("update app.u set c = 'new' where id = 2");
  it.down();
  CHECK(it.rows("app.t") == "1 a | 2 new");
}

TEST_CASE("a dropped sequence comes back with its last value, owner and grants") {
  Applied it(
      "schema app; sequence app.s start 5; sequence app.o owned by app.t.id;"
      "table app.t { id bigint primary key default nextval('app.o'); n bigint default nextval('app.s'); }",
      "drop sequence app.s, app.o; table app.t { id bigint primary key; n bigint; }",
      "insert into app.t default values; insert into app.t default values");
  CHECK(it.server.text("select count(*) from pg_class where relkind = 'S' and relnamespace = 'app'::regnamespace") ==
        "0");
  it.server.run("insert into app.t values (10, 10)");
  it.down();
  it.server.run("insert into app.t default values");
  CHECK(it.rows("app.t") == "1 5 | 2 6 | 3 7 | 10 10");
  CHECK(it.server.text("select pg_get_serial_sequence('app.t', 'id')") == "app.o");
}

TEST_CASE("extensions are dropped when they hold nothing, and come back as they were") {
  const char* const made = "schema app; schema ext; extension citext schema ext;";
  SECTION("version and schema are those of the server") {
    Applied it(made, "drop extension citext; drop schema ext;", "alter extension citext set schema app");
    const std::string version =
        it.server.text("select default_version from pg_available_extensions where name = 'citext'");
    CHECK(it.server.text("select count(*) from pg_extension where extname = 'citext'") == "0");
    it.down();
    CHECK(it.server.text("select extversion || ' ' || extnamespace::regnamespace from pg_extension where extname = "
                         "'citext'") == version + " app");
  }
  SECTION("one that something uses stays, and so does all else") {
    CHECK_THROWS_WITH(Applied(made, "drop extension citext;", "create table app.t (c ext.citext)"),
                      Catch::Contains("cannot drop extension citext because other objects depend on it"));
  }
  SECTION("a version without a way back is noted, and holds nothing up") {
    Applied it("schema app; extension citext schema app version '1.4'; table app.t { id integer primary key; }",
               "extension citext version '1.6'; drop column app.t.id;");
    CHECK(it.rollback_class() == RollbackClass::lossy);
    it.down();
    CHECK(it.server.text("select extversion from pg_extension where extname = 'citext'") == "1.6");
    CHECK(it.server.text("select reason from godwit_kept.residue") ==
          "the server has no script that leads back to version 1.4");
    CHECK(it.server.text("select count(id) from app.t") == "0");
  }
  SECTION("another schema is left again") {
    Applied it(made, "extension citext schema app;");
    CHECK(it.server.text("select extnamespace::regnamespace from pg_extension where extname = 'citext'") == "app");
    it.down();
    CHECK(it.server.text("select extnamespace::regnamespace from pg_extension where extname = 'citext'") == "ext");
  }
}

TEST_CASE("a publication for all tables takes in what is kept, and stops neither the rollback nor who clears residue") {
  Applied it(
      "schema app; table app.users { id integer primary key; token text check (token <> 'none'); }"
      "table app.tokens { id integer primary key; token text unique; } publication everything for all tables;",
      "move app.users -> app.tokens { where token is not null; set id = id, token = token; } "
      "drop column app.users.token; table app.later { id integer primary key; }",
      "insert into app.users values (1, 'a'), (2, null)");
  it.server.run("update app.tokens set token = 'b' where id = 1; insert into app.later values (7)");
  it.down();
  CHECK(it.rows("app.users") == "1 b | 2 null");
  CHECK(it.residue() == "7 no place in the shape of before");
  it.server.run("update godwit_kept.residue set reason = 'read'; delete from godwit_kept.residue");
  it.server.run("drop publication everything");
}

TEST_CASE("a table that is dropped, made anew and dropped again while both windows are open") {
  const std::string table = "table app.t { id bigserial primary key; name text unique; index by_name on (name); } ";
  const Compilation compiled = compile({{{"1_made.gw", "schema app; " + table},
                                         {"2_dropped.gw", "drop table app.t;"},
                                         {"3_anew.gw", table},
                                         {"4_dropped.gw", "drop table app.t;"}},
                                        {}});
  REQUIRE(compiled.ok);
  Server server;
  server.run("drop schema if exists app cascade; drop schema if exists godwit cascade");
  const auto& migrations = compiled.migrations;
  server.run(migrations[0].up_sql);
  server.run("insert into app.t (name) values ('first')");
  server.run(migrations[1].up_sql);
  server.run(migrations[2].up_sql);
  server.run("insert into app.t (name) values ('second')");
  server.run(migrations[3].up_sql);
  server.run(migrations[3].down_sql);
  CHECK(server.text("select id || name from app.t") == "1second");
  server.run(migrations[2].down_sql);
  server.run(migrations[1].down_sql);
  CHECK(server.text("select id || name from app.t") == "1first");
  CHECK(server.text("select count(*) from pg_namespace where nspname like 'godwit\\_kept\\_%'") == "0");
  server.run("drop schema godwit_kept cascade");
}

TEST_CASE("what is written to a new attribute of a composite type is residue, and the rest of the value stays") {
  Applied it(
      "schema app; type app.address (street text, city text);"
      "table app.t { id integer primary key; c app.address; many app.address[]; }",
      "type app.address (street text, city text, country text);",
      "insert into app.t values (1, row('a', 'b'), '{}'), (2, null, null)");
  it.server.run(
      "insert into app.t values (3, row('a', 'b', 'de'), null), (4, null, array[row('c', 'd', 'at')::app.address]);"
      "update app.t set c.city = 'x' where id = 1");
  it.down();
  CHECK(it.server.text("select string_agg(t::text, ' ' order by id) from app.t t") ==
        "(1,\"(a,x)\",{}) (2,,) (3,\"(a,b)\",) (4,,\"{\"\"(c,d)\"\"}\")");
  CHECK(it.residue() == "3 written since to column c; 4 written since to column many");
}

TEST_CASE("a partition that was a table meanwhile comes back with its rows, and takes back those of its bound") {
  const std::string log =
      "schema app; table app.log { id integer primary key; partition by range (id); "
      "partition log_1 for values from (0) to (10); partition log_rest default; }";
  Applied it(log, "alter table app.log { detach partition log_1; }", "insert into app.log values (1), (2), (20)");
  it.server.run("insert into app.log_1 values (3), (30); insert into app.log values (4), (21)");
  it.down();
  CHECK(it.rows("app.log") == "1 | 2 | 3 | 20 | 21");
  CHECK(it.rows("app.log_1") == "1 | 2 | 3");
  CHECK(it.residue() ==
        "30 written since to what is a partition again, outside of its bound; "
        "4 written since to what belongs to a partition that is back");
}

TEST_CASE("a partition leaves with the names of a table's indexes, and comes back with those it had") {
  Applied it(
      "schema app; table app.log { id integer primary key; note text; index on (note); index backwards on (note desc); "
      "partition by range (id); partition log_1 for values from (0) to (10); }",
      "alter table app.log { detach partition log_1; }",
      "alter index app.log_1_note_idx rename to aside; alter index app.log_1_note_idx1 rename to log_1_note_idx; "
      "alter index app.aside rename to log_1_note_idx1; alter index app.log_1_pkey rename to by_hand");
  const std::string names =
      "select string_agg(indexrelid::regclass || case when pg_get_indexdef(indexrelid) like '%DESC%' then ' desc' else "
      "'' end, ', ' order by indexrelid::regclass::text) from pg_index where indrelid = 'app.log_1'::regclass";
  const std::string after = it.server.text(names);
  it.down();
  CHECK(it.server.text(names) == "app.by_hand, app.log_1_note_idx, app.log_1_note_idx1 desc");
  CHECK(after == "app.log_1_note_idx desc, app.log_1_note_idx1, app.log_1_pkey");
}

TEST_CASE("a default partition that was a table meanwhile keeps what none of the others has") {
  Applied it(
      "schema app; table app.log { id integer primary key; partition by list (id); partition log_1 for values in (1); "
      "partition log_rest default; }",
      "alter table app.log { detach partition log_rest; }", "insert into app.log values (1), (2), (20)");
  it.server.run("insert into app.log_rest values (1), (3)");
  it.down();
  CHECK(it.rows("app.log") == "1 | 2 | 3 | 20");
  CHECK(it.residue() == "1 written since to what is a partition again, outside of its bound");
}

TEST_CASE("a table that was a partition meanwhile keeps all rows, and is held by what refers to them") {
  Applied it(
      "schema app; table app.log { id integer primary key; partition by range (id); } "
      "table app.old { id integer; } table app.marks { id integer references app.log; }",
      "alter table app.log { attach partition old for values from (0) to (10); }", "insert into app.old values (1)");
  it.server.run("insert into app.log values (2)");
  SECTION("rows that came through the partitioned table stay in it") {
    it.down();
    CHECK(it.rows("app.old") == "1 | 2");
    CHECK(it.rows("app.log").empty());
    CHECK(it.residue() == "");
  }
  SECTION("while others refer to them it stays where it is") {
    it.server.run("insert into app.marks values (2)");
    CHECK_THROWS_WITH(it.down(), Catch::Contains("other rows refer to rows of app.old as rows of app.log: 1"));
    CHECK(it.rows("app.log") == "1 | 2");
  }
}
