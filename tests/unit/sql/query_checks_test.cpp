// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL refuses in the build of a query, and what only looks like it.
#include "compiler/sql/analyze.h"
#include "test_world.h"

#include <catch2/catch.hpp>

using namespace godwit;
using godwit::tests::contacts_world;
using godwit::tests::problems;
using godwit::tests::TestWorld;

namespace {

std::string said(const std::string& text, const TestWorld& world) {
  return problems(sql::analyze(Form::query, text, world), text);
}

}  // namespace

TEST_CASE("queries that PostgreSQL takes, however they look") {
  TestWorld world = contacts_world();
  world.table("auth", "organizations", {{"id", "bigint"}});
  for (const char* text :
       {"select 1 from app.organizations, auth.organizations",
        "select 1 from contacts a, contacts b",
        "select tables.table_name from auth.organizations, information_schema.tables",
        "select j.id from (contacts a join events b on true) as j, contacts a",
        "select id from contacts union select id from active union select null",
        "select 'x', 1 union all select email, score from contacts",
        "values (1, 'a'), (null, email_of())",
        "select email, count(*) from contacts group by email",
        "select count(*), 'x', now() from contacts",
        "select count(*), (select max(id) from organizations) from contacts",
        "select sum(count(*)) over (), email from contacts group by 2",
        "select (select count(c.score)) from contacts c group by c.id",
        "select (select max(o.size + c.score) from organizations o) from contacts c",
        "select c.id, x.n from contacts c, lateral (select count(*) as n, max(c.score) from events) x",
        "select count(*) from contacts having count(*) > 1",
        "select email from contacts order by 1, score, lower(email)",
        "select distinct on (email) email as e, id from contacts order by e, id",
        "select distinct on (t.email) t.display_name as email, t.email as k from contacts t order by k",
        "select distinct on (lower(email)) id from contacts order by lower(email), id",
        "select id from contacts c for update of c",
        "select id from contacts limit '10' offset 1",
        "select sum(score) over w from contacts window v as (order by id), w as (v)",
        "select a, b from unnest(array[1], array['x']) as u(a, b)",
        "select 1 having true",
        "with x as (update contacts set (email, score) = (select name, size from organizations limit 1) returning id) "
        "select id from x"}) {
    INFO(text);
    world.function("app", "email_of", "", "text");
    CHECK(said(text, world) == "");
  }
}

TEST_CASE("queries that PostgreSQL refuses by their build") {
  const TestWorld world = contacts_world();
  const std::string cast = " [a cast makes one of the other: `value::type`]";
  const std::vector<std::pair<std::string, std::string>> rows{
      {"select 1 from contacts, contacts",
       "GW1201 contacts: `contacts` stands twice in this `from` [give one of them another alias]"},
      {"select 1 from contacts a, events a",
       "GW1201 events: `a` stands twice in this `from` [give one of them another "
       "alias]"},
      {"select id from contacts union select id, email from active",
       "GW1404 id: this query gives 2 columns, and the one before it 1 [both give the same number of columns]"},
      {"select id from contacts union select size from organizations",
       "GW1404 size: column 1 is `integer` here, and `uuid` in the query before" + cast},
      {"values (1, 2), (3)", "GW1404 3: this row has 1 value, and the first one 2"},
      {"select id from contacts order by 2", "GW1402 2: `order by` names column 2, and the query gives 1"},
      {"select count(*) from contacts group by 0", "GW1402 0: `group by` names column 0, and the query gives 1"},
      {"select distinct on (email) id from contacts order by id",
       "GW1402 id: `order by` begins with what `distinct on` names, and this is not among it [order by the columns of "
       "`distinct on` first]"},
      {"select id from contacts for update of events", "GW1203 events: `events` is no table or alias of this query"},
      {"select email, count(*) from contacts",
       "GW2007 email: beside an aggregate a column stands in `group by` or in an aggregate of its own [write `group "
       "by`, "
       "or `max(…)` around it]"},
      {"select id from contacts where count(*) > 1",
       "GW2007 count: an aggregate cannot stand in `where` [`having` looks at groups; a subquery can count first]"},
      {"select id from contacts where row_number() over () > 1",
       "GW2007 row_number: a window function cannot stand in `where` [a subquery can number the rows first]"},
      {"select 1 from contacts group by sum(score)",
       "GW2007 sum: an aggregate cannot stand in `group by` [`having` looks at groups; a subquery can count first]"},
      {"select 1 from contacts c join events e on max(e.at) > c.created_at",
       "GW2007 max: an aggregate cannot stand in `on` [`having` looks at groups; a subquery can count first]"},
      {"select id from contacts where score", "GW1404 score: a `where` must be boolean, and this is `numeric(5,2)`"},
      {"select id from contacts having 1", "GW1404 1: a `having` must be boolean, and this is `integer`"},
      {"select count(*) filter (where 1) from contacts", "GW1404 1: a `filter` must be boolean, and this is `integer`"},
      {"select sum(score) over w from contacts",
       "GW1206 w: this query has no window `w` [write `window … as (…)` behind its conditions]"},
      {"select id from contacts limit 'many'", "GW1404 'many': 'many' is no integer: type `bigint` cannot read it"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    CHECK(said(text, world) == expected);
  }
}

TEST_CASE("a call that may be an extension's aggregate leaves columns beside aggregates alone") {
  TestWorld world = contacts_world();
  world.extensions = true;
  CHECK(said("select count(*), first_of(email) from contacts", world) == "");
}

TEST_CASE("a data change in a query is told by its place") {
  const TestWorld world = contacts_world();
  const std::string text = "with x as (select 1), y as (delete from events returning kind) select kind from y";
  const auto changing = sql::analyze(Form::query, text, world);
  REQUIRE(changing.data_change.has_value());
  CHECK(text.substr(*changing.data_change).starts_with("y as (delete"));
  CHECK_FALSE(sql::analyze(Form::query, "with x as (select 1) select 1 from x", world).data_change.has_value());
}
