// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL refuses in an expression although its names are known, and what only looks like it.
#include "compiler/sql/analyze.h"
#include "test_world.h"

#include <catch2/catch.hpp>

using namespace godwit;
using godwit::tests::around;
using godwit::tests::contacts_world;
using godwit::tests::problems;
using godwit::tests::TestWorld;

namespace {

TestWorld channels() {
  TestWorld world = contacts_world();
  world.enumeration("app", "channel", {"email", "phone"});
  return world;
}

std::string said(const std::string& text, const TestWorld& world) {
  return problems(sql::analyze(Form::expression, text, world, around(world, "app", "contacts")), text);
}

}  // namespace

TEST_CASE("expressions that PostgreSQL takes") {
  const TestWorld world = channels();
  for (const char* text : {"score + 1 > '2.5'",
                           "email || score",
                           "1 || email",
                           "~ organization_id & 3",
                           "score ^ 2 > 1",
                           "channel = 'email' and channel in ('phone')",
                           "channel > 'email' or channel is null",
                           "case channel when 'email' then 1 else score end + 1",
                           "case when score > 1 then 'a' else email end || 'x'",
                           "coalesce(score, 0) + greatest(1, organization_id, score)",
                           "coalesce(channel, 'email') = 'phone'",
                           "tags[1] || tags[1][2]",
                           "tags @> '{a}' and tags || 'x'::text = array['a', email]",
                           "(tags || array['a'])[1] = email",
                           "'a' = any (tags) and email <> all (array['a', 'b'])",
                           "metadata -> 'a' ->> 'b' = 'x' and metadata @> '{}' and metadata ? 'a'",
                           "(metadata ->> 'n')::integer + 1 > 2",
                           "metadata['a']['b'] = '1'",
                           "created_at > now() - interval '1 day'",
                           "created_at - '1 day'::interval < now()",
                           "created_at::date - 1 > '2020-01-01'",
                           "created_at between '2020-01-01' and now()",
                           "(id, email) = (select id, email from auth.users limit 1)",
                           "(id, email) in (select id, email from auth.users)",
                           "row(id, email) is not null and contacts is not null",
                           "id = any (select id from auth.users)",
                           "array(select id from auth.users) is not null",
                           "not score > 1",
                           "(score > 1 or null) is not true",
                           "'t' and true",
                           "to_tsvector(email) @@ (to_tsquery('a') && to_tsquery('b'))",
                           "(pick('a')).email || 'x'",
                           "contacts.display_name like 'a%' escape '!'",
                           "nullif(score, 0) > 1",
                           "sum(score) over () > 1",
                           "count(*) filter (where score > 1) > 1",
                           "(select max(score) from contacts) > 1",
                           "left(email, 2) || substring(email from 1 for 2)",
                           "rank(1, email) + 1 > 2",
                           "null = null",
                           "score::text || ''",
                           "cast(email as app.channel) = channel",
                           "email::app.channel::text"}) {
    INFO(text);
    CHECK(said(text, world) == "");
  }
}

TEST_CASE("expressions that PostgreSQL refuses") {
  const TestWorld world = channels();
  const std::string cast = " [a cast makes one of the other: `value::type`]";
  const std::vector<std::pair<std::string, std::string>> rows{
      {"email + 1", "GW1404 +: no operator `+` stands between `text` and `integer`" + cast},
      {"score === 1", "GW1205 ===: PostgreSQL has no operator `===`"},
      {"- email", "GW1404 -: no operator `-` takes `text`"},
      {"score > 'many'", "GW1404 'many': 'many' is no number: type `numeric` cannot read it"},
      {"'many' < score", "GW1404 'many': 'many' is no number: type `numeric` cannot read it"},
      {"channel = 'mail'", "GW1404 'mail': `app.channel` has no value 'mail' [it has 'email']"},
      {"channel in ('email', 'fax')", "GW1404 'fax': `app.channel` has no value 'fax' [it has 'email', 'phone']"},
      {"id::integer", "GW1404 ::: PostgreSQL has no cast from `uuid` to `integer`"},
      {"'x'::integer", "GW1404 'x': 'x' is no integer: type `integer` cannot read it"},
      {"score and true", "GW1404 score: what `and` joins must be boolean, and this is `numeric(5,2)`"},
      {"email or true", "GW1404 email: what `or` joins must be boolean, and this is `text`"},
      {"not score", "GW1404 score: what `not` denies must be boolean, and this is `numeric(5,2)`"},
      {"score is true",
       "GW1404 score: what `is true` and the like ask about must be boolean, and this is `numeric(5,2)`"},
      {"case when score then 1 end", "GW1404 score: a `when` must be boolean, and this is `numeric(5,2)`"},
      {"case when true then 1 else created_at end",
       "GW1404 created_at: a `case` gives one type, and these are `integer` and `timestamp with time zone`" + cast},
      {"coalesce(score, id)", "GW1404 id: `coalesce` gives one type, and these are `numeric(5,2)` and `uuid`" + cast},
      {"array[1, id]", "GW1404 id: an array gives one type, and these are `integer` and `uuid`" + cast},
      {"lower(score)",
       "GW1205 lower: no function `lower` takes (numeric(5,2)) [a cast makes the type that it takes: "
       "`value::type`]"},
      {"email[1]", "GW1404 email: `text` is no array: it has no elements"},
      {"(score).x", "GW1404 score: `numeric(5,2)` has no fields, and `x` asks for one"},
      {"(select id, email from auth.users) is null", "GW1404 id: this subquery gives 2 columns where 1 is wanted"},
      {"id in (select id, email from auth.users)", "GW1404 id: this subquery gives 2 columns where 1 is wanted"},
      {"(id, email) in (select id from auth.users)", "GW1404 id: this subquery gives 1 column where 2 are wanted"},
      {"(id, email) = (select id from auth.users)", "GW1404 id: this subquery gives 1 column where 2 are wanted"},
      {"max(sum(score))", "GW2007 max: an aggregate cannot hold another [a subquery can hold the inner one]"},
      {"$1 = 1", "GW2007 $1: there is no parameter $1 here"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    CHECK(said(text, world) == expected);
  }
}

TEST_CASE("where an extension may have brought anything, types are not judged") {
  TestWorld world = channels();
  world.extensions = true;
  for (const char* text : {"email + 1", "score === 1", "channel = 'mail'", "id::integer", "lower(score)", "email[1]",
                           "case when true then 1 else created_at end", "not score", "(score).x"}) {
    INFO(text);
    CHECK(said(text, world) == "");
  }
}
