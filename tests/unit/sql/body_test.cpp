// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/statements.h"

#include "test_world.h"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace godwit;
using namespace godwit::tests;

namespace {

sql::BodyAnalysis analyzed(const std::string& language, const std::string& body, const std::string& arguments = "()") {
  const std::string statement =
      "create function f" + arguments + " returns trigger language " + language + " as $b$" + body + "$b$";
  return sql::analyze_body(language, statement, body, contacts_world());
}

std::string names(const sql::BodyAnalysis& analysis) {
  std::string all;
  for (const ObjectKey& key : analysis.references) all += (all.empty() ? "" : ", ") + describe(key);
  return all;
}

std::string error(const std::string& language, const std::string& body) {
  const auto analysis = analyzed(language, body);
  return analysis.error ? analysis.error->first + " @ " + body.substr(analysis.error->second) : "";
}

}  // namespace

TEST_CASE("PL/pgSQL statements and the names in them") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"begin new.updated_at := now(); return new; end", ""},
      {"begin if exists (select 1 from events e where e.kind = 'a') then return null; end if; end",
       "table app.events, column app.events.kind"},
      {"begin insert into app.events (kind) values (new.kind) returning at into x; end",
       "table app.events, column app.events.at, column app.events.kind"},
      {"begin select email, score into strict a, b from contacts where id = old.id; end",
       "table app.contacts, column app.contacts.email, column app.contacts.id, column app.contacts.score"},
      {"begin update organizations set size = size + 1 where name = case when true then 'a' else 'b' end; end",
       "table app.organizations, column app.organizations.name, column app.organizations.size"},
      {"begin for r in select * from events order by at loop perform slug(r.kind); end loop; end",
       "table app.events, column app.events.at, column app.events.kind, function app.slug(text)"},
      {"begin for i in reverse 10..(select count(*) from events) by 2 loop continue when i > 3; end loop; end",
       "table app.events"},
      {"begin foreach x slice 1 in array array['a'::channel] loop null; end loop; end", "enum app.channel"},
      {"begin while exists (select from events) loop exit; end loop; end", "table app.events"},
      {"begin return query select id from active; end", "column app.active.id, view app.active"},
      {"begin return query execute 'select 1' using rank(1); end", "function app.rank(integer, text)"},
      {"begin execute format('drop %I', 'deals') into a, b using slug('x'), 2; end", "function app.slug(text)"},
      {"begin raise exception 'no %, %', (select name from organizations), 1 using errcode = 'P0001', hint = "
       "slug('x'); end",
       "table app.organizations, column app.organizations.name, function app.slug(text)"},
      {"begin case (select kind from events) when 'a', 'b' then truncate organizations; else null; end case; end",
       "table app.events, table app.organizations, column app.events.kind"},
      {"begin begin delete from events; exception when unique_violation or sqlstate '23505' then call touch(); end; "
       "end",
       "table app.events, function app.touch()"},
      {"<<outer>> declare v constant app.contacts.email%type not null := slug('a'); r contacts%rowtype; c channel[]; o "
       "alias for $1; begin end",
       "enum app.channel, table app.contacts, column app.contacts.email, function app.slug(text)"},
      {"declare c cursor (k int) for select id from contacts where score > k; begin open c(1); for r in c loop raise "
       "'%', r.id; end loop; end",
       "table app.contacts, column app.contacts.id, column app.contacts.score"},
      {"declare c refcursor; begin open c for select kind from events; fetch next from c into k; move c; close c; end",
       "table app.events, column app.events.kind"},
      {"begin get diagnostics n = row_count; assert (select true from events), 'x'; commit; rollback; null; end",
       "table app.events"},
      {"begin a[1] := (select kind from events); b.c = 2; end", "table app.events, column app.events.kind"},
      {"begin create temp table t as select id from contacts; insert into t select id from unknown_table; end",
       "table app.contacts, column app.contacts.id"},
      {"begin select nope, x.y, unknown(1) from nowhere; end", ""},
      {"begin perform 1 from contacts where email = kind; /* from events */ -- from events\n end",
       "table app.contacts, column app.contacts.email"},
      {"begin with n as (insert into events (kind) values ('a') returning kind) select kind into k from n; end",
       "table app.events, column app.events.kind"},
  };
  for (const auto& [body, expected] : rows) {
    INFO(body);
    const auto analysis = analyzed("plpgsql", body);
    CHECK(names(analysis) == expected);
    CHECK_FALSE(analysis.error.has_value());
  }
}

TEST_CASE("row variables carry the columns of what they hold") {
  CHECK(names(analyzed("plpgsql", "declare v contacts; begin v.email := 'x'; score := 1; end")) ==
        "table app.contacts, column app.contacts.email");
  CHECK(
      names(analyzed("plpgsql",
                     "declare r record; begin select kind as k, at into r from events; raise '%', r.at || r.k; end")) ==
      "table app.events, column app.events.at, column app.events.kind");
  CHECK(names(analyzed("sql", "select c.email, name from organizations", "(c contacts, name text)")) ==
        "table app.organizations, column app.contacts.email, column app.organizations.name");
}

TEST_CASE("SQL bodies") {
  CHECK(names(analyzed("sql", "insert into events (kind) values ($1); select id from contacts where user_id = who",
                       "(who uuid)")) ==
        "table app.contacts, table app.events, column app.contacts.id, column app.contacts.user_id, column "
        "app.events.kind");
  CHECK(error("sql", "select 1; selec 2") == "syntax error at or near \"selec\" @ selec 2");
  CHECK(names(analyzed("c", "obj_file")).empty());
}

TEST_CASE("what PostgreSQL's parser refuses in a body is an error at its place") {
  CHECK(error("plpgsql", "begin selec 1; end") == "syntax error at or near \"selec\" @ selec 1; end");
  CHECK(error("plpgsql", "begin x := 1 +; end") == "syntax error at end of input @ ; end");
  CHECK(error("plpgsql", "begin x := ; end") == "syntax error at or near \";\" @ ; end");
  CHECK(error("plpgsql", "begin if x the null; end if; end").starts_with("syntax error"));
  CHECK(error("plpgsql", "begin select 'open; end") ==
        "unterminated quoted string at or near \"'open; end\" @ 'open; end");
  CHECK(error("plpgsql", "begin return (select 1 from; end").starts_with("syntax error"));
  CHECK(error("plpgsql", "begin null end").starts_with("syntax error"));
  CHECK(error("plpgsql", "null").starts_with("syntax error"));
  // What libpg_query cannot know without a catalog is no error.
  CHECK(error("plpgsql", "declare r app.contacts%rowtype; begin r.id := 3; r.email := 'x'; return r; end").empty());
  CHECK(error("plpgsql", "declare r some.type; begin r := null; end").empty());
}

TEST_CASE("dynamic SQL is told with its place") {
  const std::string body =
      "begin execute 'drop table deals' using 1; for r in execute format('select %L', x) loop end loop; end";
  const auto analysis = analyzed("plpgsql", body);
  REQUIRE(analysis.dynamic.size() == 2);
  for (const auto& [text, place] : analysis.dynamic) CHECK(body.substr(place, text.size()) == text);
  CHECK(analysis.dynamic[0].first == "'drop table deals'");
  CHECK(analysis.dynamic[1].first == "format('select %L', x)");
}

TEST_CASE("a routine is one fragment: its signature qualified, its body untouched, all its names known by place") {
  const auto world = contacts_world();
  const std::string text =
      "(a channel, b contacts default null) returns setof organizations language sql stable as "
      "$$ select o.* from organizations o where o.user_id = b.user_id and name = slug('email') $$";
  const auto analysis = sql::analyze(Form::routine, text, world);
  CHECK(problems(analysis, text).empty());
  CHECK(analysis.fragment.text ==
        "(a app.channel, b app.contacts default null) returns setof app.organizations language sql stable as "
        "$$ select o.* from organizations o where o.user_id = b.user_id and name = slug('email') $$");
  CHECK(references(analysis.fragment) ==
        "app.channel=app.channel app.contacts=app.contacts app.organizations=app.organizations "
        "organizations=app.organizations "
        "o.user_id=app.organizations.user_id b.user_id=app.contacts.user_id name=app.organizations.name "
        "slug=app.slug(text)");

  std::map<ObjectKey, ObjectKey> renames;
  for (const Reference& reference : analysis.fragment.references) {
    if (reference.target.kind != Kind::table || reference.target.name != "organizations") continue;
    ObjectKey to = reference.target;
    to.name = "companies";
    renames[reference.target] = to;
  }
  const Fragment renamed = sql::renamed(analysis.fragment, renames);
  CHECK(renamed.text ==
        "(a app.channel, b app.contacts default null) returns setof app.companies language sql stable as "
        "$$ select o.* from companies o where o.user_id = b.user_id and name = slug('email') $$");
  CHECK(renamed.normal != analysis.fragment.normal);

  const std::string trigger =
      "() returns trigger language plpgsql as $$ begin new.email := lower(old.email); email := 1; return new; end $$";
  auto rows = around(world, "app", "contacts", "old");
  rows.push_back(around(world, "app", "contacts", "new").front());
  CHECK(references(sql::analyze(Form::routine, trigger, world, rows).fragment) ==
        "new.email=app.contacts.email old.email=app.contacts.email");

  const std::string bad = "(a nope) returns int language sql as 'select 1'";
  CHECK(problems(sql::analyze(Form::routine, bad, world), bad) == "GW1401 nope: type `nope` is not declared");
  const std::string body = "(x int) returns bigint return (select count(*) from contacts where score > x)";
  CHECK(sql::analyze(Form::routine, body, world).fragment.text ==
        "(x int) returns bigint return (select count(*) from app.contacts where score > x)");
}
