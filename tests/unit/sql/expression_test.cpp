// SPDX-License-Identifier: Apache-2.0
#include "test_world.h"

#include <catch2/catch.hpp>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace godwit;
using namespace godwit::tests;

TEST_CASE("expressions over a table: emitted text, references, type") {
  const auto world = contacts_world();
  const auto table = around(world, "app", "contacts");
  const std::vector<std::tuple<std::string, std::string, std::string, std::string>> rows{
      {"score between 0 and 100", "score between 0 and 100", "score=app.contacts.score", "boolean"},
      {"contacts.email", "contacts.email", "contacts=app.contacts contacts.email=app.contacts.email", "text"},
      {"app.contacts.email", "app.contacts.email", "app.contacts=app.contacts app.contacts.email=app.contacts.email",
       "text"},
      {"slug(email) || 'x'", "app.slug(email) || 'x'", "app.slug=app.slug(text) email=app.contacts.email", "text"},
      {"rank(1)", "app.rank(1)", "app.rank=app.rank(integer, text)", "integer"},
      {"auth . uid ( )", "auth . uid ( )", "auth . uid=auth.uid()", "uuid"},
      {"email::channel", "email::app.channel", "email=app.contacts.email app.channel=app.channel", "app.channel"},
      {"cast('x' as /* c */ email)", "cast('x' as /* c */ app.email)", "app.email=app.email", "app.email"},
      {"channel('email')", "app.channel('email')", "app.channel=app.channel", "app.channel"},
      {"tags[1]", "tags[1]", "tags=app.contacts.tags", "text"},
      {"(pick('x')).email", "(app.pick('x')).email", "app.pick=app.pick(text)", "text"},
      {"metadata ->> 'a'", "metadata ->> 'a'", "metadata=app.contacts.metadata", "text"},
      {"metadata -> 'a' -> 'b'", "metadata -> 'a' -> 'b'", "metadata=app.contacts.metadata", "jsonb"},
      {"created_at + interval '1 day'", "created_at + interval '1 day'", "created_at=app.contacts.created_at",
       "timestamp with time zone"},
      {"created_at::date - 1", "created_at::date - 1", "created_at=app.contacts.created_at", "date"},
      {"coalesce(score, 0)", "coalesce(score, 0)", "score=app.contacts.score", "numeric"},
      {"case when score > 1 then 'a' else 'b' end", "case when score > 1 then 'a' else 'b' end",
       "score=app.contacts.score", "text"},
      {"greatest(organization_id, 1)", "greatest(organization_id, 1)", "organization_id=app.contacts.organization_id",
       "bigint"},
      {"array[email, 'x']", "array[email, 'x']", "email=app.contacts.email", "text[]"},
      {"email in ('a', 'b') and not tags @> array['c']", "email in ('a', 'b') and not tags @> array['c']",
       "email=app.contacts.email tags=app.contacts.tags", "boolean"},
      {"email is not null", "email is not null", "email=app.contacts.email", "boolean"},
      {"extract(year from created_at)", "extract(year from created_at)", "created_at=app.contacts.created_at",
       "numeric"},
      {"trim(both from email)", "trim(both from email)", "email=app.contacts.email", "text"},
      {"position('a' in email)", "position('a' in email)", "email=app.contacts.email", "integer"},
      {"email like 'a' escape 'b'", "email like 'a' escape 'b'", "email=app.contacts.email", "boolean"},
      {"created_at at time zone 'utc'", "created_at at time zone 'utc'", "created_at=app.contacts.created_at",
       "timestamp without time zone"},
      {"email collate \"C\"", "email collate \"C\"", "email=app.contacts.email", "text"},
      {"-score", "-score", "score=app.contacts.score", "numeric"},
      {"current_user = email", "current_user = email", "email=app.contacts.email", "boolean"},
      {"ctid", "ctid", "", "tid"},
      {"exists (select from organizations o where o.user_id = contacts.user_id)",
       "exists (select from app.organizations o where o.user_id = contacts.user_id)",
       "app.organizations=app.organizations o.user_id=app.organizations.user_id contacts=app.contacts "
       "contacts.user_id=app.contacts.user_id",
       "boolean"},
      {"(select name from organizations where id = organization_id)",
       "(select name from app.organizations where id = organization_id)",
       "name=app.organizations.name app.organizations=app.organizations id=app.organizations.id "
       "organization_id=app.contacts.organization_id",
       "text"},
  };
  for (const auto& [text, emitted, expected, type] : rows) {
    INFO(text);
    const auto analysis = sql::analyze(Form::expression, text, world, table);
    CHECK(problems(analysis, text).empty());
    CHECK(analysis.fragment.text == emitted);
    CHECK(references(analysis.fragment) == expected);
    CHECK(analysis.type == type);
  }
}

TEST_CASE("names that mean nothing are problems at the narrowest place") {
  const auto world = contacts_world();
  const auto table = around(world, "app", "contacts");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"emial is null", "GW1204 emial: `app.contacts` has no column `emial` [there is a column `email`]"},
      {"contacts.emial is null", "GW1204 emial: `app.contacts` has no column `emial` [it has a column `email`]"},
      {"contact.email is null", "GW1203 contact: `contact` is no table or alias of this query [`contacts` is one]"},
      {"lowerr(email)", "GW1205 lowerr: function `lowerr` is not declared [PostgreSQL has `lower`]"},
      {"app.slugs(email)",
       "GW1205 app.slugs: function `app.slugs` is not declared [`app.slug` is declared and has a similar name]"},
      {"slug(email, 1)", "GW1205 slug: no function `slug` takes 2 arguments [`app.slug(text)` is declared]"},
      {"length()", "GW1205 length: no function `length` takes no arguments"},
      {"nosuch.f(1)", "GW1202 nosuch: schema `nosuch` is not declared"},
      {"email::chanel", "GW1401 chanel: type `chanel` is not declared [`app.channel` is a type with a similar name]"},
      {"exists (select 1 from organisations)",
       "GW1203 organisations: table `organisations` is not declared [`app.organizations` is declared and has a similar "
       "name]"},
      {"score > 1 +", "GW4001 : syntax error at end of input"},
      {"score >> > 1 )", "GW4001 >: syntax error at or near `>`"},
      {"1, 2", "GW4001 2: one expression is expected, not a list"},
      {"1 from app.contacts", "GW4001 1: one expression is expected"},
      {"1 as x", "GW4001 1: one expression is expected"},
      {"*", "GW4001 *: one expression is expected"},
      {"", "GW4001 : an expression is expected"},
      {"1; drop table app.contacts", "GW4001 ;: syntax error at or near `;`"},
      {"'open", "GW4001 : unterminated quoted string at or near `'open`"},
      {std::string(70, 'x') + " is null",
       "GW1006 " + std::string(70, 'x') + ": identifier of 70 bytes, PostgreSQL keeps 63"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    CHECK(problems(sql::analyze(Form::expression, text, world, table), text).find(expected) != std::string::npos);
  }
}

TEST_CASE("an ambiguous column is told with its tables") {
  const auto world = contacts_world();
  auto both = around(world, "app", "contacts", "old");
  both.push_back(around(world, "app", "contacts", "new").front());
  CHECK(problems(sql::analyze(Form::expression, "email is null", world, both), "email is null") ==
        "GW1207 email: column `email` is ambiguous: `old` and `new` have it [write `old.email`]");
  const std::string text = "old.email is distinct from new.email and old is distinct from new";
  const auto analysis = sql::analyze(Form::expression, text, world, both);
  CHECK(analysis.problems.empty());
  CHECK(references(analysis.fragment) == "old.email=app.contacts.email new.email=app.contacts.email");
}

TEST_CASE("calls tell how volatile they are") {
  const auto world = contacts_world();
  const auto table = around(world, "app", "contacts");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"lower(email)", ""},
      {"to_tsvector('english', email)", ""},
      {"to_tsvector(email)", "to_tsvector s"},
      {"now()", "now s"},
      {"random()", "random v"},
      {"current_timestamp", "current_timestamp s"},
      {"date_trunc('day', created_at)", "date_trunc s"},
      {"date_trunc('day', created_at::timestamp)", "::timestamp s"},
      {"cast(created_at as date) = date '2026-01-01'", "cast s"},
      {"created_at :: timestamp without time zone", ":: timestamp s"},
      {"'2026-01-01'::date", ""},
      {"score::text", ""},
      {"extract(year from created_at)", "extract s"},
      {"slug(email)", ""},
      {"app.rank(1, 'a')", "app.rank s"},
      {"auth.uid() = user_id", "auth.uid s"},
      {"concat(email, 'x')", "concat s"},
      {"uuidv7()", "uuidv7 v"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    const auto analysis = sql::analyze(Form::expression, text, world, table);
    CHECK(problems(analysis, text).empty());
    std::string calls;
    for (const sql::Call& call : analysis.calls) {
      calls += call.name + " " + call.volatility;
      CHECK(text.substr(call.begin, call.end - call.begin).starts_with(call.name.substr(0, call.name.find('('))));
    }
    CHECK(calls == expected);
  }
}

TEST_CASE("subqueries, aggregates, window and set-returning functions are found where they stand") {
  const auto world = contacts_world();
  const auto table = around(world, "app", "contacts");
  const auto at = [&](const std::string& text) {
    const auto analysis = sql::analyze(Form::expression, text, world, table);
    CHECK(problems(analysis, text).empty());
    std::string found;
    if (analysis.subquery) found += "subquery " + text.substr(*analysis.subquery, 1);
    if (analysis.aggregate) found += "aggregate " + text.substr(*analysis.aggregate, 3);
    if (analysis.window) found += "window " + text.substr(*analysis.window, 3);
    if (analysis.set_returning) found += "set " + text.substr(*analysis.set_returning, 3);
    return found;
  };
  CHECK(at("1 < (select count(*) from app.events)") == "subquery (");
  CHECK(at("score > 1 and count(*) > 2") == "aggregate cou");
  CHECK(at("sum(score) filter (where score > 1) > 2") == "aggregate sum");
  CHECK(at("1 + row_number() over (order by email)") == "window row");
  CHECK(at("sum(score) over (partition by user_id)") == "window sum");
  CHECK(at("unnest(tags)") == "set unn");
  CHECK(at("lower(email)").empty());
}

TEST_CASE("a constant names nothing and calls nothing") {
  const auto world = contacts_world();
  const auto table = around(world, "app", "contacts");
  for (const char* text :
       {"1", "-1.5", "'x'", "true", "null", "'a'::app.channel", "array[1, 2]", "1 + 2", "row(1, 'a')"}) {
    INFO(text);
    CHECK(sql::analyze(Form::expression, text, world, table).constant);
  }
  for (const char* text : {"email", "now()", "current_date", "(select 1)", "lower('a')"}) {
    INFO(text);
    CHECK_FALSE(sql::analyze(Form::expression, text, world, table).constant);
  }
}

// A comment in front keeps the parser in the game: both answers must agree.
TEST_CASE("plain fragments need no parser and mean the same") {
  const auto world = contacts_world();
  const auto table = around(world, "app", "contacts");
  const std::vector<std::pair<Form, std::string>> rows{
      {Form::expression, "0"},
      {Form::expression, "-3"},
      {Form::expression, "1.50"},
      {Form::expression, "''"},
      {Form::expression, "'it''s'"},
      {Form::expression, "'{}'"},
      {Form::expression, "'{}'::jsonb"},
      {Form::expression, "'{}'::text[]"},
      {Form::expression, "'x'::text"},
      {Form::expression, "TRUE"},
      {Form::expression, "false"},
      {Form::expression, "NULL"},
      {Form::expression, "now()"},
      {Form::expression, "gen_random_uuid()"},
      {Form::expression, "CURRENT_TIMESTAMP"},
      {Form::expression, "current_date"},
      {Form::expression, "current_user"},
      {Form::expression, "localtimestamp"},
      {Form::expression, "pi()"},
      {Form::expression, "email"},
      {Form::expression, "clock_timestamp()"},
      {Form::index_element, "email"},
      {Form::index_element, "created_at desc"},
      {Form::index_element, "email asc"},
      {Form::index_element, "email desc nulls last"},
      {Form::index_element, "email nulls first"},
      {Form::expression, "length(display_name) > 0"},
      {Form::expression, "LENGTH ( display_name )>0"},
      {Form::expression, "score between 0 and 100"},
      {Form::expression, "email in ('a', 'b')"},
      {Form::expression, "email is not null and score > 1.5 and contacts.user_id = auth.uid()"},
      {Form::expression, "email is null or lower(email) = email"},
      {Form::expression, "email != 'it''s'"},
      {Form::expression, "email ~ '@'"},
      {Form::expression, "metadata @> '{}'::jsonb"},
      {Form::expression, "metadata ->> 'a'"},
      {Form::expression, "email || 'x'"},
      {Form::expression, "split_part(email, '@', 2)"},
      {Form::expression, "lower(split_part(email, '@', 2)) <> ''"},
      {Form::expression, "app.rank(1, email) > 3"},
      {Form::expression, "to_tsvector('english', display_name)"},
      {Form::expression, "date_trunc('day', created_at)"},
      {Form::expression, "auth.uid() = user_id"},
      {Form::expression, "score > -1"},
      {Form::expression, "score>1 or score<-3"},
      {Form::expression, "score + 1 > 3"},
      {Form::expression, "(score > 1)"},
      {Form::expression, "not (score > 1)"},
      {Form::expression, "score > 1 and email is null or score < 0"},
      {Form::expression, "score not in (1, 2)"},
      {Form::expression, "date '2020-01-01' < created_at"},
      {Form::expression, "coalesce(score, 0) >= 0"},
      {Form::expression, "email = e'x' and email like 'a%'"},
      {Form::expression, "score > 1 is true"},
      {Form::expression, "max(score) > 1"},
      {Form::index_element, "lower(email)"},
      {Form::index_element, "app.slug(email)"},
      {Form::index_element, "lower(email) desc"},
  };
  for (const auto& [form, text] : rows) {
    INFO(text);
    const auto fast = sql::analyze(form, text, world, table);
    const auto slow = sql::analyze(form, "/**/" + text, world, table);
    CHECK(slow.problems.empty());
    CHECK(fast.fragment.text == text);
    CHECK(fast.fragment.normal == slow.fragment.normal);
    CHECK(fast.type == slow.type);
    CHECK(fast.constant == slow.constant);
    CHECK(references(fast.fragment) == references(slow.fragment));
    REQUIRE(fast.calls.size() == slow.calls.size());
    for (std::size_t i = 0; i < fast.calls.size(); ++i) {
      CHECK(fast.calls[i].name == slow.calls[i].name);
      CHECK(fast.calls[i].volatility == slow.calls[i].volatility);
      CHECK(fast.calls[i].end + 4 == slow.calls[i].end);
    }
  }
}

TEST_CASE("layout and comments are no part of a fragment's meaning") {
  const auto world = contacts_world();
  const auto table = around(world, "app", "contacts");
  const auto normal = [&](const std::string& text) {
    return sql::analyze(Form::expression, text, world, table).fragment.normal;
  };
  CHECK(normal("slug( email )||'x' -- c") == normal("app.slug(email) || 'x'"));
  CHECK(normal("SCORE != 1") == normal("score <> 1"));
  CHECK(normal("cast(score as int)") == normal("score::integer"));
  CHECK(normal("score = -3") != normal("score = 3"));
  CHECK(normal("'A'") != normal("'a'"));
}

TEST_CASE("index elements, exclusions, triggers and statistics name columns of their table") {
  const auto world = contacts_world();
  const auto table = around(world, "app", "contacts");
  auto rows = around(world, "app", "contacts", "old");
  rows.push_back(around(world, "app", "contacts", "new").front());

  struct Case {
    Form form;
    std::string text, emitted, expected;
  };

  const std::vector<Case> cases{
      {Form::index_element, "lower(email) desc", "", "email=app.contacts.email"},
      {Form::index_element, "slug(email)", "app.slug(email)", "app.slug=app.slug(text) email=app.contacts.email"},
      {Form::index_element, "(score + 1)", "", "score=app.contacts.score"},
      {Form::index_element, "email collate \"C\" text_pattern_ops", "", "email=app.contacts.email"},
      {Form::exclude, "using gist (email with =, (score + 1) with <>, tags with &&) where (slug(email) is not null)",
       "using gist (email with =, (score + 1) with <>, tags with &&) where (app.slug(email) is not null)",
       "email=app.contacts.email score=app.contacts.score tags=app.contacts.tags app.slug=app.slug(text) "
       "email=app.contacts.email"},
      {Form::trigger_events, "before update of email, \"score\" or insert", "",
       "email=app.contacts.email \"score\"=app.contacts.score"},
      {Form::trigger_events, "after insert or delete", "", ""},
      {Form::trigger_rest, "for each row when (old.email is distinct from new.email) execute function touch()",
       "for each row when (old.email is distinct from new.email) execute function app.touch()",
       "old.email=app.contacts.email new.email=app.contacts.email app.touch=app.touch()"},
      {Form::trigger_rest, "deferrable initially deferred for each row execute procedure app.touch()", "",
       "app.touch=app.touch()"},
      {Form::trigger_rest, "referencing new table as n for each statement execute function touch('a')",
       "referencing new table as n for each statement execute function app.touch('a')", "app.touch=app.touch()"},
      {Form::trigger_rest, "execute function f()", "", ""},
      {Form::statistics, "(dependencies) on email, (slug(email)), score",
       "(dependencies) on email, (app.slug(email)), score",
       "email=app.contacts.email app.slug=app.slug(text) email=app.contacts.email score=app.contacts.score"},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    const bool trigger = one.form == Form::trigger_rest;
    TestWorld here = world;
    here.extensions = one.form == Form::exclude;  // gist over plain types is an extension's
    const auto analysis = sql::analyze(one.form, one.text, here, trigger ? rows : table);
    if (one.text.find(" f()") == std::string::npos) CHECK(problems(analysis, one.text).empty());
    CHECK(analysis.fragment.text == (one.emitted.empty() ? one.text : one.emitted));
    CHECK(references(analysis.fragment) == one.expected);
  }
  CHECK(problems(sql::analyze(Form::trigger_events, "update of emial", world, table), "update of emial")
            .starts_with("GW4001"));
  CHECK(problems(sql::analyze(Form::trigger_events, "before update of emial", world, table), "before update of emial")
            .starts_with("GW1204 emial:"));
  CHECK(problems(sql::analyze(Form::index_element, "email, id", world, table), "email, id") ==
        "GW4001 email: one index element is expected");
  CHECK(problems(sql::analyze(Form::index_element, "a) where (b", world, table), "a) where (b") ==
        "GW4001 a: one index element is expected");
  CHECK(problems(sql::analyze(Form::trigger_rest, "execute function app.tuch()", world, table),
                 "execute function app.tuch()") ==
        "GW1205 app.tuch: function `app.tuch` is not declared [`app.touch` is declared and has a similar name]");
}

TEST_CASE("a relation without a name gives columns that are no objects") {
  const auto world = contacts_world();
  sql::Visible value;
  value.relation.columns = {{"value", "text"}};
  const auto analysis = sql::analyze(Form::expression, "VALUE ~ '@'", world, {value});
  CHECK(analysis.problems.empty());
  CHECK(analysis.fragment.references.empty());
  CHECK(analysis.type == "boolean");
}

TEST_CASE("with extensions an unknown function may be theirs") {
  auto world = contacts_world();
  world.extensions = true;
  const auto table = around(world, "app", "contacts");
  for (const char* text : {"similarity(email, 'x') > 1", "cron.schedule('x')", "app.unknown(1)", "email::citext"}) {
    INFO(text);
    CHECK(sql::analyze(Form::expression, text, world, table).problems.empty());
  }
}
