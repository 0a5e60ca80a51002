// SPDX-License-Identifier: Apache-2.0
// Rows that stop a move in one statement: the failure names them, nothing is half done, and once they are mended the
// same script goes through and its way back is exact.
#include "tests/db/data/applied.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <thread>

namespace {

using namespace godwit::test;

const std::string before =
    "schema app;\n"
    "table app.users { id integer primary key; email text; age text; }";

const std::string after =
    "table app.people { id integer primary key; email text not null; age integer check (age >= 0); unique (email); }\n"
    "move app.users -> app.people {\n"
    "    set id = id, email = email, age = age::integer;\n    key (id);\n    reverse set age = age::text;\n}\n"
    "drop column app.users.age;";

const std::string hundred = "insert into app.users select g, 'u' || g, g::text from generate_series(1, 100) g; ";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Bad {
  const char* what;
  const char* make;
  const char* said;  // behind `rows do not fit: `
  const char* mend;
};

}  // namespace

TEST_CASE("a move names the rows that stop it, and goes through when they are mended") {
  const auto bad = GENERATE(
      Bad{"a constraint", "update app.users set age = '-1' where id in (57, 60)",
          "57: new row for relation \"people\" violates check constraint \"people_age_check\" (23514); 60: ",
          "update app.users set age = '1' where id in (57, 60)"},
      Bad{"a key that is not unique", "update app.users set email = 'u3' where id in (50, 2)",
          "3: duplicate key value violates unique constraint \"people_email_key\": Key (email)=(u3) already exists. "
          "(23505); 50: ",
          "update app.users set email = 'v' || id where id in (50, 2)"},
      Bad{"null", "update app.users set email = null where id % 9 = 0",
          "9: null value in column \"email\" of relation \"people\" violates not-null constraint (23502); 18: ",
          "update app.users set email = 'w' || id where email is null"},
      Bad{"text that does not cast", "update app.users set age = 'old' where id = 100",
          "100: invalid input syntax for type integer: \"old\" (22P02)",
          "update app.users set age = '9' where id = 100"},
      Bad{"a trigger",
          "create function app.refuse() returns trigger language plpgsql as $$ begin raise exception 'not you'; end "
          "$$; "
          "create function app.on_people() returns event_trigger language plpgsql as $$ begin if "
          "to_regclass('app.people') "
          "is not null and not exists (select from pg_trigger where tgname = 'refuse') then create trigger refuse "
          "before "
          "insert on app.people for each row when (new.id = 7) execute function app.refuse(); end if; end $$; "
          "create event trigger on_people on ddl_command_end when tag in ('CREATE TABLE') execute function "
          "app.on_people()",
          "7: not you (P0001)", "drop event trigger on_people"});
  INFO(bad.what);
  Ready run(before, after, hundred + bad.make);
  const std::string was = run.rows("app.users");
  const std::string said = run.up_error();
  CHECK(has(said, std::string("move people: rows do not fit: ") + bad.said));
  CHECK(has(said, "mend these rows, or set them aside with `reject up to …`; nothing was changed"));
  CHECK(std::count(said.begin(), said.end(), ';') <= 10 + 1);  // ten rows, and the hint
  CHECK(run.rows("app.users") == was);
  CHECK(run.server.text("select to_regclass('app.people') is null and to_regclass('godwit_kept.rejected') is null") ==
        "t");

  run.server.run(bad.mend);
  const std::string mended = run.rows("app.users");
  run.up();
  CHECK(run.server.text("select count(*) from app.people") == "100");
  run.down();
  CHECK(run.rows("app.users") == mended);
  CHECK(run.residue() == "");
}

TEST_CASE("rows of a source with one key stop a move that updates, and are named") {
  Ready run(
      "schema app;\ntable app.users { id integer primary key; name text not null; }\n"
      "table app.names { name text primary key; id integer; }",
      "move app.users -> app.names { set name = name, id = id; key (name); on conflict update; }",
      "insert into app.users values (1, 'a'), (2, 'b'), (3, 'a'), (4, 'c'), (5, 'b')");
  CHECK(has(run.up_error(), "move names: several rows of the source have the same key (name): a; b"));
  run.server.run("update app.users set name = name || id");
  run.up();
  CHECK(run.server.text("select count(*) from app.names") == "5");
  run.down();
  CHECK(run.server.text("select count(*) from app.names") == "0");
}

TEST_CASE("a source that shrinks while it is read stops the move, and nothing is half done") {
  Ready run(
      "schema app;\ntable app.users { id integer primary key; name text; }\n"
      "function app.wait(id integer) returns integer language sql volatile as $$ select id from (select "
      "pg_advisory_xact_lock(77)) as held $$;",
      "table app.names { id integer primary key; name text; }\n"
      "move app.users -> app.names { set id = app.wait(id), name = name; key (id); reverse none; }",
      "insert into app.users select g, 'n' || g from generate_series(1, 20) g");
  Server other(Server::Use::beside);
  other.begin();
  other.run("select pg_advisory_xact_lock(77)");
  std::string said;
  std::thread move([&] { said = run.up_error(); });
  other.wait_for("select exists (select from pg_locks where locktype = 'advisory' and not granted)");
  other.run("delete from app.users where id > 15");
  other.commit();
  move.join();
  CHECK(has(said, "move names: 20 rows qualify, but 15 were moved and 0 were already there"));
  CHECK(has(said, "somebody wrote to the source while it was read: run it again; nothing was changed"));
  CHECK(run.server.text("select to_regclass('app.names') is null") == "t");
  run.up();
  CHECK(run.server.text("select count(*) from app.names") == "15");
}
