// SPDX-License-Identifier: Apache-2.0
// Moves into tables that have rows already, from queries, from tables that go; what stays behind; what must not pass.
#include "tests/db/data/server.h"
#include "tests/support/data_project.h"

#include <catch2/catch.hpp>

namespace {

using namespace godwit;
using namespace godwit::test;

// People and a book of addresses that has rows of its own; the address leaves the table of people.
struct Addresses : Project {
  Addresses() {
    table("app.people", {{"id", "integer", true}, {"name", "text", true}, {"address", "text"}}, {"id"});
    table("app.book",
          {{"person", "integer", true}, {"kind", "text", true, "'home'"}, {"address", "text"}, {"note", "text"}},
          {"person", "kind"});
    touch_trigger("app.book", "touch");
    begin();
    drop_column("app.people", "address");
  }

  data::Move addresses(data::OnConflict on_conflict) const {
    data::Move all = move("addresses", "app.people", "app.book", "address is not null",
                          {{"person", "id"}, {"kind", "'home'"}, {"address", "address"}}, {"person", "kind"});
    all.on_conflict = on_conflict;
    all.sample = 10;
    return all;
  }

  static void set_up(Server& server) {
    server.run(R"(
      create table app.people (id integer primary key, name text not null, address text);
      create table app.book (person integer not null, kind text not null default 'home', address text, note text,
                             primary key (person, kind));
      create function app.touch() returns trigger language plpgsql as $$ begin new.note := 'touched'; return new; end $$;
      insert into app.people values (1, 'one', 'street 1'), (2, 'two', 'street 2'), (3, 'three', null), (4, 'four', 'street 4');
      insert into app.book values (1, 'home', 'stood here', 'old'), (1, 'work', 'office', null), (3, 'home', 'of three', null);
      create trigger touch before update on app.book for each row execute function app.touch();)");
  }
};

void run_all(Server& server, const Statements& statements) {
  server.begin();
  server.run(script(statements));
  server.commit();
}

std::string book(Server& server) {
  return server.text(
      "select string_agg(concat_ws(' ', person, kind, address, note), '; ' order by person, kind) from app.book");
}

std::string people(Server& server) {
  return server.text("select string_agg(concat_ws(' ', id, address), '; ' order by id) from app.people");
}

}  // namespace

TEST_CASE("a duplicate stops a move that does not say what to do about it") {
  Server server;
  const Addresses project;
  Addresses::set_up(server);
  const Step step = project.steps(project.addresses(data::OnConflict::fail)).front();
  CHECK(server.error(script(step.up)).find("duplicate key value") != std::string::npos);
  CHECK(book(server) == "1 home stood here old; 1 work office; 3 home of three");
}

TEST_CASE("skip leaves what stands there, and the way back touches neither") {
  Server server;
  const Addresses project;
  Addresses::set_up(server);
  const Step step = project.steps(project.addresses(data::OnConflict::skip)).front();
  run_all(server, step.up);
  CHECK(book(server) == "1 home stood here old; 1 work office; 2 home street 2; 3 home of three; 4 home street 4");
  CHECK(server.notices().find("addresses: 2 moved, 1 already there, 1 left behind, 4 in all") != std::string::npos);
  SECTION("without writes") {
    run_all(server, step.down);
    CHECK(book(server) == "1 home stood here old; 1 work office; 3 home of three");
    CHECK(people(server) == "1 street 1; 2 street 2; 3; 4 street 4");
  }
  SECTION("with writes: own rows are carried, rows that stood there are nobody's") {
    server.run("update app.book set address = 'new' where person in (1, 2, 3); delete from app.book where person = 4");
    run_all(server, step.down);
    CHECK(people(server) == "1 street 1; 2 new; 3; 4");
    CHECK(book(server) == "1 home new touched; 1 work new touched; 3 home new touched");
  }
  SECTION("with a late row") {
    server.run(
        "insert into app.people (id, name) values (9, 'nine'); insert into app.book values (9, 'home', 'street 9')");
    run_all(server, step.down);
    CHECK(people(server) == "1 street 1; 2 street 2; 3; 4 street 4; 9 street 9");
    CHECK(book(server) == "1 home stood here old; 1 work office; 3 home of three");
  }
}

TEST_CASE("update overwrites, and the way back gives the old values back unless they changed since") {
  Server server;
  const Addresses project;
  Addresses::set_up(server);
  const Step step = project.steps(project.addresses(data::OnConflict::update)).front();
  run_all(server, step.up);
  CHECK(book(server) == "1 home street 1 old; 1 work office; 2 home street 2; 3 home of three; 4 home street 4");
  CHECK(server.notices().find("2 moved, 1 already there (1 of them changed), 1 left behind") != std::string::npos);
  SECTION("without writes") {
    run_all(server, step.down);
    CHECK(book(server) == "1 home stood here old; 1 work office; 3 home of three");
    CHECK(people(server) == "1 street 1; 2 street 2; 3; 4 street 4");
  }
  SECTION("with writes") {
    server.run("update app.book set address = 'new' where person = 1 and kind = 'home'");
    run_all(server, step.down);
    CHECK(book(server) == "1 home new touched; 1 work office; 3 home of three");
    CHECK(people(server) == "1 new; 2 street 2; 3; 4 street 4");
  }
}

TEST_CASE("rows that the table takes for less than they are stop the move") {
  Server server;
  const Addresses project;
  Addresses::set_up(server);
  server.run(
      "create trigger swallow before insert on app.book for each row when (new.person = 4) execute function "
      "app.touch()");
  server.run("create or replace function app.touch() returns trigger language plpgsql as $$ begin return null; end $$");
  const Step step = project.steps(project.addresses(data::OnConflict::skip)).front();
  CHECK(server.error(script(step.up)).find("3 rows qualify, but 1 were moved and 1 were already there") !=
        std::string::npos);
}

TEST_CASE("a sample finds rows that are not what they should be") {
  Server server;
  const Addresses project;
  Addresses::set_up(server);
  server.run(
      "create or replace function app.bend() returns trigger language plpgsql as $$ begin new.address := 'bent'; "
      "return new; end $$");
  server.run("create trigger bend before insert on app.book for each row execute function app.bend()");
  const Step step = project.steps(project.addresses(data::OnConflict::skip)).front();
  CHECK(server.error(script(step.up)).find("2 home differs in address") != std::string::npos);
}

TEST_CASE("rest fail stops over its limit only") {
  Server server;
  const Addresses project;
  Addresses::set_up(server);
  data::Move move = project.addresses(data::OnConflict::skip);
  move.rest = {data::Rest::Action::fail, "people without an address", data::Amount{20, true, "20%"}, std::nullopt};
  CHECK(server.error(script(project.steps(move).front().up))
            .find("people without an address: 1 of 4 rows (25.00 per cent), more than 20%; keys 3") !=
        std::string::npos);
  move.rest.over = data::Amount{1, false, "1"};
  CHECK(server.error(script(project.steps(move).front().up)) == "");
}

TEST_CASE("what a query gives is moved, and taken back when nobody changed it") {
  Server server;
  Project project;
  project.table("app.orders", {{"id", "integer", true}, {"customer", "text"}}, {"id"});
  project.table("app.customers", {{"name", "text", true}, {"orders", "bigint"}, {"vip", "boolean", true, "false"}},
                {"name"});
  project.begin();
  data::Move move;
  move.name = "customers";
  move.alias = "c";
  move.query = project.query("select customer, count(*) as n from app.orders group by customer", true);
  move.target = Project::key("app.customers");
  const auto plain = [](const char* text) { return Fragment{Form::expression, text, text, {}}; };
  move.set = {{"name", plain("c.customer"), {}}, {"orders", plain("n"), {}}};
  move.where = plain("customer is not null");
  move.sample = 5;
  server.run(
      "create table app.orders (id integer primary key, customer text);"
      "create table app.customers (name text primary key, orders bigint, vip boolean not null default false);"
      "insert into app.orders values (1, 'a'), (2, 'a'), (3, 'b'), (4, null); insert into app.customers values ('old', "
      "7, true)");
  const Step step = project.steps(move).front();
  run_all(server, step.up);
  const char* const all = "select string_agg(concat_ws(' ', name, orders, vip), '; ' order by name) from app.customers";
  CHECK(server.text(all) == "a 2 f; b 1 f; old 7 t");
  server.run("update app.customers set vip = true where name = 'b'; insert into app.orders values (5, 'a')");
  run_all(server, step.down);
  CHECK(server.text(all) == "b 1 t; old 7 t");
}

TEST_CASE("a copy whose source stays is taken back when nobody changed it") {
  Server server;
  Project project;
  project.table("app.people", {{"id", "integer", true}, {"name", "text"}}, {"id"});
  project.begin();
  project.table("app.labels", {{"person", "integer", true}, {"label", "text"}}, {"person"});
  server.run(
      "create table app.people (id integer primary key, name text); insert into app.people values (1, 'one'), (2, "
      "'two');"
      "create table app.labels (person integer primary key, label text)");
  const Step step = project
                        .steps(project.move("labels", "app.people", "app.labels", "",
                                            {{"person", "id"}, {"label", "upper(name)"}}, {"person"}))
                        .front();
  run_all(server, step.up);
  server.run("update app.labels set label = 'own' where person = 2; insert into app.labels values (3, 'late')");
  run_all(server, step.down);
  CHECK(server.text("select string_agg(concat_ws(' ', person, label), '; ' order by person) from app.labels") ==
        "2 own; 3 late");
}

TEST_CASE("a table that goes comes back with what came and without what went in between") {
  Server server;
  Project project;
  project.table("app.old", {{"id", "integer", true}, {"mail", "text", true}, {"legacy", "text"}}, {"id"});
  project.begin();
  project.table("app.fresh", {{"number", "integer", true}, {"address", "text"}}, {"number"});
  data::Move move =
      project.move("everybody", "app.old", "app.fresh", "", {{"number", "id"}, {"address", "mail"}}, {"number"});
  project.drop_table("app.old");
  server.run(
      "create table app.old (id integer primary key, mail text not null, legacy text);"
      "insert into app.old values (1, 'a', 'x'), (2, 'b', 'y'), (3, 'c', null);"
      "create table app.fresh (number integer primary key, address text)");
  const Step step = project.steps(move).front();
  run_all(server, step.up);
  server.run(
      "delete from app.fresh where number = 1; update app.fresh set address = 'bb' where number = 2;"
      "insert into app.fresh values (4, 'd'), (5, null)");
  run_all(server, step.down);
  CHECK(server.text("select string_agg(concat_ws(' ', id, mail, legacy), '; ' order by id) from app.old") ==
        "2 bb y; 3 c; 4 d");
  CHECK(server.text("select string_agg(concat_ws(' ', number, address), '; ') from app.fresh") == "5");
}
