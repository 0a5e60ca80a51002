// SPDX-License-Identifier: Apache-2.0
// Backfills, seed rows, checks, and what becomes residue.
#include "tests/db/data/server.h"
#include "tests/support/data_project.h"

#include <catch2/catch.hpp>

namespace {

using namespace godwit;
using namespace godwit::test;

void run_all(Server& server, const Statements& statements) {
  server.begin();
  server.run(script(statements));
  server.commit();
}

Fragment plain(const std::string& text) { return {Form::expression, text, text, {}}; }

}  // namespace

TEST_CASE("a backfill gives back what nobody changed since") {
  Server server;
  Project project;
  project.table("app.deals", {{"id", "integer", true}, {"company", "text"}, {"stage", "text"}}, {"id"});
  project.table("app.companies", {{"name", "text", true}, {"code", "text"}}, {"name"});
  project.touch_trigger("app.deals", "touch");
  project.begin();
  project.table("app.deals", {{"id", "integer", true}, {"company", "text"}, {"stage", "text"}, {"code", "text"}},
                {"id"});
  data::Backfill backfill;
  backfill.table = Project::key("app.deals");
  backfill.alias = "d";
  backfill.set = {{"code", plain("c.code"), {}}, {"stage", plain("lower(d.stage)"), {}}};
  backfill.from = plain("app.companies c");
  backfill.where = plain("c.name = d.company");
  server.run(
      "create table app.deals (id integer primary key, company text, stage text, code text);"
      "create table app.companies (name text primary key, code text);"
      "create function app.touch() returns trigger language plpgsql as $$ begin new.company := 'touched'; return new; "
      "end $$;"
      "create trigger touch before update on app.deals for each row execute function app.touch();"
      "insert into app.companies values ('acme', 'A'), ('bolt', 'B');"
      "insert into app.deals values (1, 'acme', 'WON'), (2, 'bolt', 'LOST'), (3, 'none', 'OPEN')");
  const Step step = project.steps(backfill).front();
  run_all(server, step.up);
  const char* const all =
      "select string_agg(concat_ws(' ', id, company, stage, code), '; ' order by id) from app.deals";
  CHECK(server.text(all) == "1 acme won A; 2 bolt lost B; 3 none OPEN");
  CHECK(server.notices().find("backfill app.deals: 2 filled, 1 left as they were, 3 in all") != std::string::npos);
  server.run(
      "alter table app.deals disable trigger touch; update app.deals set stage = 'lost again' where id = 2;"
      "update app.deals set code = 'C' where id = 3; alter table app.deals enable trigger touch");
  run_all(server, step.down);
  CHECK(server.text(all) == "1 acme WON A; 2 bolt lost again B; 3 none OPEN C");
  CHECK(server.text(
            "select string_agg(key->>'id' || ' ' || reason, '; ' order by key->>'id') from godwit_kept.residue") ==
        "2 changed since; 3 changed since");
  CHECK(data::accounted_columns({backfill}, project.around()).contains(Project::column("app.deals", "code")));
}

TEST_CASE("a backfill that finds two values for a row stops") {
  Server server;
  Project project;
  project.table("app.deals", {{"id", "integer", true}, {"code", "text"}}, {"id"});
  project.begin();
  data::Backfill backfill;
  backfill.table = Project::key("app.deals");
  backfill.set = {{"code", plain("v.c"), {}}};
  backfill.from = plain("(values ('x'), ('y')) as v (c)");
  server.run("create table app.deals (id integer primary key, code text); insert into app.deals values (1, null)");
  CHECK(server.error(script(project.steps(backfill).front().up)).find("several rows fit one row") != std::string::npos);
}

TEST_CASE("seed rows are put in, brought up to date, and taken back exactly") {
  Server server;
  Project project;
  project.table("app.services", {{"id", "text", true}, {"name", "text", true}, {"on", "boolean", true, "true"}},
                {"id"});
  project.table("app.uses", {{"service", "text"}}, {});
  project.reference("app.uses", "uses_fkey", "service", "app.services", "id");
  project.begin();
  data::Rows rows;
  rows.table = Project::key("app.services");
  rows.key = {"id"};
  rows.columns = {"id", "name"};
  for (const char* name : {"gmail", "telegram", "signal", "late"}) {
    rows.values.push_back({plain("'" + std::string(name) + "'"), plain("'" + std::string(name) + " new'")});
  }
  server.run(
      "create table app.services (id text primary key, name text not null, \"on\" boolean not null default true);"
      "create table app.uses (service text references app.services);"
      "insert into app.services values ('gmail', 'old', false), ('signal', 'old', true)");
  const Step step = project.steps(rows).front();
  run_all(server, step.up);
  const char* const all = "select string_agg(concat_ws(' ', id, name, \"on\"), '; ' order by id) from app.services";
  CHECK(server.text(all) == "gmail gmail new f; late late new t; signal signal new t; telegram telegram new t");
  SECTION("without writes") {
    run_all(server, step.down);
    CHECK(server.text(all) == "gmail old f; signal old t");
  }
  SECTION("what was changed since stays, and so does what others refer to") {
    server.run("update app.services set name = 'mine' where id = 'signal'; insert into app.uses values ('late')");
    run_all(server, step.down);
    CHECK(server.text(all) == "gmail old f; late late new t; signal mine t");
    CHECK(server.text("select string_agg(key->>'id' || ' ' || reason, '; ') from godwit_kept.residue") ==
          "signal changed since");
  }
}

TEST_CASE("a seed row of a new table goes even when rows that are left refer to it") {
  Server server;
  Project project;
  project.begin();
  project.table("app.services", {{"id", "text", true}}, {"id"});
  project.table("app.uses", {{"id", "integer", true}, {"service", "text"}}, {"id"});
  project.reference("app.uses", "uses_fkey", "service", "app.services", "id");
  data::Rows rows;
  rows.table = Project::key("app.services");
  rows.key = rows.columns = {"id"};
  rows.values = {{plain("'gmail'")}, {plain("'signal'")}};
  server.run(
      "create table app.services (id text primary key);"
      "create table app.uses (id integer primary key, service text references app.services)");
  const Step step = project.steps(rows).front();
  run_all(server, step.up);
  server.run("insert into app.services values ('mine'); insert into app.uses values (1, 'signal'), (2, 'mine')");
  run_all(server, step.down);
  CHECK(server.text("select string_agg(id, ' ') from app.services") == "mine");
  CHECK(server.text("select string_agg(table_name || ' ' || (key->>'id'), ', ') from godwit_kept.residue") ==
        "app.uses 1");
}

TEST_CASE("checks say what they found; those of before are judged together") {
  Server server;
  Project project;
  project.table("app.users", {{"id", "integer", true}, {"email", "text"}}, {"id"});
  project.begin();
  server.run(
      "create table app.users (id integer primary key, email text); insert into app.users select i, nullif(i, 3)::text "
      "from generate_series(1, 20) i");
  const auto check = [&](const char* title, data::Check::Condition condition, data::Check::When when) {
    data::Check one;
    one.title = title;
    one.condition = condition;
    one.when = when;
    one.table = Project::key("app.users");
    one.alias = "users";
    one.where = project.expression("email is null", "app.users", true);
    return one;
  };
  const auto run = [&](const data::Check& one) { return script(project.steps(one).front().up); };
  data::Check none = check("no address", data::Check::Condition::none, data::Check::When::before);
  data::Check few = check("few without", data::Check::Condition::at_most, data::Check::When::before);
  few.amount = data::Amount{5, true, "5%"};
  CHECK(server.error(run(none) + run(few) + script(data::before_checks_verdict().up))
            .find("checks failed: \"no address\"; nothing was changed") != std::string::npos);
  CHECK(server.notices().find("check \"no address\" failed: found 1, limit 0; keys 3") != std::string::npos);
  CHECK(server.notices().find("check \"few without\" passed: found 1 of 20, limit 5%") != std::string::npos);
  none.warn = true;
  CHECK(server.error(run(none) + run(few) + script(data::before_checks_verdict().up)) == "");
  CHECK(server.notices().find("check \"no address\" does not hold: found 1, limit 0; keys 3") != std::string::npos);

  data::Check after = check("all have one", data::Check::Condition::none, data::Check::When::after);
  CHECK(server.error(run(after)).find("check \"all have one\" failed: found 1, limit 0; keys 3") != std::string::npos);
  data::Check many = check("many without", data::Check::Condition::at_least, data::Check::When::after);
  many.amount = data::Amount{2, false, "2"};
  CHECK(server.error(run(many)).find("found 1, limit at least 2") != std::string::npos);

  data::Check query;
  query.title = "twice";
  query.when = data::Check::When::after;
  query.alias = "d";
  query.query =
      project.query("select email is null as empty, count(*) from app.users group by 1 having count(*) > 1", false);
  CHECK(server.error(run(query)).find("check \"twice\" failed: found 1, limit 0; keys (f,19)") != std::string::npos);

  data::Check that;
  that.title = "block size";
  that.condition = data::Check::Condition::that;
  that.when = data::Check::When::after;
  that.where = plain("current_setting('block_size')::int = 1");
  CHECK(server.error(run(that)).find("check \"block size\" failed") != std::string::npos);

  data::Check unchanged;
  unchanged.title = "nobody lost";
  unchanged.condition = data::Check::Condition::unchanged;
  unchanged.query = project.query("select (select count(*) from app.users), (select max(id) from app.users)", true);
  const std::vector<Step> sides = project.steps(unchanged);
  REQUIRE(sides.size() == 2);
  CHECK(sides[0].phase == Phase::keep);
  CHECK(server.error(script(sides[0].up) + script(sides[1].up)) == "");
  CHECK(server.notices().find("passed: unchanged, (20,20)") != std::string::npos);
  CHECK(server.error(script(sides[0].up) + "delete from app.users where id = 7;" + script(sides[1].up))
            .find("it was (20,20), now it is (19,20)") != std::string::npos);
}

TEST_CASE("rows that a constraint of before refuses become residue, unless others refer to them") {
  Server server;
  Project project;
  project.table("app.people", {{"id", "integer", true}, {"code", "text", true}, {"mail", "text"}}, {"id"});
  project.table("app.notes", {{"id", "integer", true}, {"person", "integer"}}, {"id"});
  project.unique("app.people", "people_mail_key", {"mail"});
  project.check("app.people", "code_short", "length(code) < 4");
  project.reference("app.notes", "notes_fkey", "person", "app.people", "id");
  project.begin();
  server.run(
      "create table app.people (id integer primary key, code text, mail text);"
      "create table app.notes (id integer primary key, person integer);"
      "insert into app.people values (1, 'a', 'x'), (2, null, 'y'), (3, 'long code', 'z'), (4, 'd', 'x'), (5, 'e', "
      "null), (6, 'f', null);"
      "insert into app.notes values (1, 1), (2, 99), (3, null)");
  for (const ObjectKey& key :
       {Project::column("app.people", "code"), ObjectKey{Kind::check, "app", "people", "code_short", Kind::schema, {}},
        ObjectKey{Kind::unique, "app", "people", "people_mail_key", Kind::schema, {}},
        ObjectKey{Kind::foreign_key, "app", "notes", "notes_fkey", Kind::schema, {}}}) {
    run_all(server, data::violators_to_residue(*project.catalog.find(key), project.around()));
  }
  CHECK(server.text("select string_agg(id::text, ' ' order by id) from app.people") == "1 5 6");
  CHECK(server.text("select string_agg(id::text, ' ' order by id) from app.notes") == "1 3");
  CHECK(server.text("select string_agg(table_name || ' ' || (key->>'id'), ', ' order by table_name, key->>'id') from "
                    "godwit_kept.residue") == "app.notes 2, app.people 2, app.people 3, app.people 4");

  server.run("insert into app.people values (7, null, 'w'); insert into app.notes values (7, 7)");
  CHECK(server
            .error(script(data::violators_to_residue(*project.catalog.find(Project::column("app.people", "code")),
                                                     project.around())))
            .find("1 rows written since cannot stay, and other tables refer to them") != std::string::npos);
}

TEST_CASE("values of a column that goes again are noted when they are not the default") {
  Server server;
  Project project;
  project.table("app.people", {{"id", "integer", true}}, {"id"});
  project.begin();
  project.table("app.people",
                {{"id", "integer", true},
                 {"nick", "text"},
                 {"rank", "integer", true, "1"},
                 {"seen", "timestamp with time zone", true, "now()"}},
                {"id"});
  server.run(
      "create table app.people (id integer primary key, nick text, rank integer not null default 1, seen timestamptz "
      "not null default now());"
      "insert into app.people values (1, null, 1), (2, 'two', 1), (3, null, 9)");
  server.run(data::residue_table().sql);
  server.run(data::values_to_residue(Project::column("app.people", "nick"), project.around()).sql);
  server.run(data::values_to_residue(Project::column("app.people", "rank"), project.around()).sql);
  CHECK(data::values_to_residue(Project::column("app.people", "seen"), project.around()).sql.empty());
  CHECK(server.text(
            "select string_agg((key->>'id') || ' ' || reason, ', ' order by key->>'id') from godwit_kept.residue") ==
        "2 written since to column nick, 3 written since to column rank");
}
