// SPDX-License-Identifier: Apache-2.0
#include "test_world.h"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace godwit;
using namespace godwit::tests;

TEST_CASE("queries: emitted text and output columns") {
  const auto world = contacts_world();
  const std::vector<std::tuple<std::string, std::string, std::string>> rows{
      {"select id, email as mail from contacts", "select id, email as mail from app.contacts", "id uuid, mail text"},
      {"table organizations", "table app.organizations", "id bigint, user_id uuid, name text, size integer"},
      {"select c.*, 1 from active c", "select c.*, 1 from app.active c", "id uuid, email text, ?column? integer"},
      {"select * from organizations join events on true", "select * from app.organizations join app.events on true",
       "id bigint, user_id uuid, name text, size integer, contact_id uuid, at timestamp with time zone, kind text"},
      {"select * from active join auth.users using (email)", "select * from app.active join auth.users using (email)",
       "email text, id uuid, id uuid, Odd Name text"},
      {"select * from active natural join auth.users", "select * from app.active natural join auth.users",
       "id uuid, email text, Odd Name text"},
      {"select j.* from (active a join auth.users u using (id)) as j",
       "select j.* from (app.active a join auth.users u using (id)) as j",
       "id uuid, email text, email character varying(255), Odd Name text"},
      {"select count(*), sum(score), max(score), min(email), avg(size), lower(max(email)), bool_or(true), "
       "array_agg(email) "
       "from contacts, organizations",
       "",
       "count bigint, sum numeric, max numeric, min text, avg numeric, lower text, bool_or boolean, array_agg text[]"},
      {"select 1, 1.5, 9999999999, 'x', null, true, current_date, now()", "",
       "?column? integer, ?column? numeric, ?column? bigint, ?column? text, ?column? text, ?column? boolean, "
       "current_date date, "
       "now timestamp with time zone"},
      {"select id::text, cast(1 as bigint), (select 2), exists (select 1), array(select id from events), nullif(1, 2), "
       "coalesce(null, 'a'), greatest(1, 2), row(1), case when true then id end, array[1], (id) from active",
       "", ""},
      {"select row_number() over w, id from active window w as (order by email)", "", "row_number bigint, id uuid"},
      {"values (1, 'a'), (2.5, null)", "", "column1 numeric, column2 text"},
      {"select email from contacts union all select name from organizations order by email",
       "select email from app.contacts union all select name from app.organizations order by email", "email text"},
      {"select x.a, x.b from (values (1, 'a')) as x(a, b)", "", "a integer, b text"},
      {"with recursive t(n) as (select 1 union all select n + 1 from t where n < 9) select n from t", "", "n integer"},
      {"with t as (select id, email from contacts) select t.id, mail from t as t(id, mail)",
       "with t as (select id, email from app.contacts) select t.id, mail from t as t(id, mail)", "id uuid, mail text"},
      {"with contacts as (select 1 as n) select n from contacts", "", "n integer"},
      {"with a as (select 1 as n), b as (select n + 1 as m from a) select m from b, lateral (select m * 2 as k) x", "",
       "m integer"},
      {"select g from generate_series(1, 3) g", "", "g integer"},
      {"select n, o from unnest(array['a']) with ordinality as u(n, o)", "", "n text, o bigint"},
      {"select a.email from all_contacts() a", "select a.email from app.all_contacts() a", "email text"},
      {"select x.k from json_to_record('{}') as x(k int, v channel)",
       "select x.k from json_to_record('{}') as x(k int, v app.channel)", "k integer"},
      {"select key from jsonb_each('{}')", "", "key ?"},
      {"select relname from pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace", "", "relname ?"},
      {"select table_name from information_schema.tables", "", "table_name ?"},
      {"select c.id from contacts c tablesample system (10) for update of c",
       "select c.id from app.contacts c tablesample system (10) for update of c", "id uuid"},
      {"select distinct on (user_id) id from contacts order by user_id, created_at desc limit 1 offset 2",
       "select distinct on (user_id) id from app.contacts order by user_id, created_at desc limit 1 offset 2",
       "id uuid"},
      {"select user_id, count(*) as n from contacts group by rollup (user_id) having count(*) > 1 order by n",
       "select user_id, count(*) as n from app.contacts group by rollup (user_id) having count(*) > 1 order by n",
       "user_id uuid, n bigint"},
      {"select lower(email) as l from contacts group by l", "select lower(email) as l from app.contacts group by l",
       "l text"},
      {"select c from contacts c", "select c from app.contacts c", "c app.contacts"},
      {"select \"Odd Name\" from auth.users", "", "Odd Name text"},
      {"select 1 from contacts c where exists (select from events where contact_id = c.id and at > c.created_at)",
       "select 1 from app.contacts c where exists (select from app.events where contact_id = c.id and at > "
       "c.created_at)",
       "?column? integer"},
      {"select a.id from contacts a, organizations b join events e on e.kind = name where a.id = e.contact_id",
       "select a.id from app.contacts a, app.organizations b join app.events e on e.kind = name where a.id = "
       "e.contact_id",
       "id uuid"},
      {"select contacts.ctid, xmin, tableoid from contacts", "select contacts.ctid, xmin, tableoid from app.contacts",
       "ctid tid, xmin xid, tableoid oid"},
  };
  for (const auto& [text, emitted, columns] : rows) {
    INFO(text);
    const auto analysis = sql::analyze(Form::query, text, world);
    CHECK(problems(analysis, text) == "");
    if (!emitted.empty()) CHECK(analysis.fragment.text == emitted);
    if (!columns.empty()) CHECK(output(analysis) == columns);
  }
}

TEST_CASE("output columns are named as PostgreSQL names them") {
  const auto world = contacts_world();
  const std::string text =
      "select id::text, cast(1 as bigint), (select 2), (select email), exists (select 1), array(select 1), nullif(1, "
      "2), "
      "coalesce(null, 'a'), greatest(1, 2), least(1), row(1), case when true then id end, case when true then 1 else "
      "score end, "
      "array[1], tags[1], (pick('a')).email, email collate \"C\", extract(year from now()), trim(email), current_user, "
      "grouping(id), -1, email || 'a', xmlelement(name a), now() at time zone 'utc', true, '1'::int::text from "
      "contacts";
  const auto analysis = sql::analyze(Form::query, text, world);
  CHECK(problems(analysis, text) == "");
  std::string names;
  for (const OutputColumn& column : analysis.output) names += column.name + " ";
  CHECK(names ==
        "id int8 ?column? email exists array nullif coalesce greatest least row case score array tags email email "
        "extract "
        "btrim "
        "current_user grouping ?column? ?column? xmlelement timezone ?column? text ");
}

TEST_CASE("references of a query are exact and in order") {
  const auto world = contacts_world();
  const std::vector<std::pair<std::string, std::string>> rows{
      {"select c.id, email from contacts c", "c.id=app.contacts.id email=app.contacts.email app.contacts=app.contacts"},
      {"select contacts.id from contacts where contacts is not null",
       "contacts=app.contacts contacts.id=app.contacts.id app.contacts=app.contacts contacts=app.contacts"},
      {"select app.contacts.id from app.contacts",
       "app.contacts=app.contacts app.contacts.id=app.contacts.id app.contacts=app.contacts"},
      {"select id from app.active", "id=app.active.id app.active=app.active"},
      {"select x.email from (select email from contacts) x",
       "x.email=app.contacts.email email=app.contacts.email app.contacts=app.contacts"},
      {"select x.email from (select email as email from contacts) x",
       "email=app.contacts.email app.contacts=app.contacts"},
      {"select x.e from (select email as e from contacts) x", "email=app.contacts.email app.contacts=app.contacts"},
      {"select * from organizations o join contacts using (user_id)",
       "app.organizations=app.organizations app.contacts=app.contacts user_id=app.contacts.user_id "
       "user_id=app.organizations.user_id"},
      {"select 1 from organizations join (select 1 as size from events join auth.users on id = contact_id) s using "
       "(size)",
       "app.organizations=app.organizations app.events=app.events auth.users=auth.users id=auth.users.id "
       "contact_id=app.events.contact_id size=app.organizations.size"},
      {"select 1 from contacts for update of contacts", "app.contacts=app.contacts contacts=app.contacts"},
      {"with x as (insert into contacts as k (email, score) select name, size from organizations on conflict "
       "(lower(email), id) "
       "where score > 1 do update set score = excluded.score + k.score returning id) select id from x",
       "app.contacts=app.contacts email=app.contacts.email score=app.contacts.score name=app.organizations.name "
       "size=app.organizations.size app.organizations=app.organizations email=app.contacts.email id=app.contacts.id "
       "score=app.contacts.score score=app.contacts.score excluded.score=app.contacts.score k.score=app.contacts.score "
       "id=app.contacts.id id=app.contacts.id"},
      {"with x as (update contacts set (email, score) = (select name, size from organizations o where o.id = "
       "organization_id)) select 1",
       "app.contacts=app.contacts email=app.contacts.email score=app.contacts.score name=app.organizations.name "
       "size=app.organizations.size app.organizations=app.organizations o.id=app.organizations.id "
       "organization_id=app.contacts.organization_id"},
      {"with x as (delete from events using contacts c where contact_id = c.id returning events.*) select kind from x",
       "app.events=app.events app.contacts=app.contacts contact_id=app.events.contact_id c.id=app.contacts.id "
       "events=app.events kind=app.events.kind"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    const auto analysis = sql::analyze(Form::query, text, world);
    CHECK(problems(analysis, text) == "");
    CHECK(references(analysis.fragment) == expected);
    for (std::size_t i = 1; i < analysis.fragment.references.size(); ++i) {
      CHECK(analysis.fragment.references[i - 1].begin <= analysis.fragment.references[i].begin);
    }
  }
}

TEST_CASE("queries that PostgreSQL refuses") {
  const auto world = contacts_world();
  const std::vector<std::pair<std::string, std::string>> rows{
      {"select id from contacts, organizations",
       "GW1207 id: column `id` is ambiguous: `contacts` and `organizations` have it [write `contacts.id`]"},
      {"select nope from contacts", "GW1204 nope: `app.contacts` has no column `nope`"},
      {"select nope from contacts, organizations", "GW1204 nope: there is no column `nope` here"},
      {"select k.nope from contacts k", "GW1204 nope: `k` has no column `nope`"},
      {"select contacts.id from contacts k", "GW1203 contacts: `contacts` is no table or alias of this query"},
      {"select t.nope from (select email as nop from contacts) t",
       "GW1204 nope: `t` has no column `nope` [it has a column `nop`]"},
      {"select 1 from contacts c, (select c.id) s",
       "GW1203 c: `c` cannot be read in this part of FROM [write `lateral` before the subquery]"},
      {"select 1 from app.contcts",
       "GW1203 app.contcts: table `app.contcts` is not declared [`app.contacts` is declared and has a similar name]"},
      {"select 1 from nos.contacts", "GW1202 nos: schema `nos` is not declared"},
      {"select 1 from active join auth.users using (nope)", "GW1204 nope: `app.active` has no column `nope`"},
      {"with x as (insert into contacts (nope) values (1)) select 1",
       "GW1204 nope: `app.contacts` has no column `nope`"},
      {"with x as (update contacts set nope = 1) select 1", "GW1204 nope: `app.contacts` has no column `nope`"},
      {"select id from contacts order by nope", "GW1204 nope: `app.contacts` has no column `nope`"},
      {"delete from contacts", "GW4001 delete: a query is expected"},
      {"select 1; select 2", "GW4001 ;: syntax error at or near `;`"},
      {"select 1 into x", "GW4001 select: a query is expected"},
      {"select 1 form contacts", "GW4001 contacts: syntax error at or near `contacts`"},
      {"", "GW4001 : syntax error at end of input"},
      {"-- nothing", "GW4001 : syntax error at end of input"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    CHECK(problems(sql::analyze(Form::query, text, world), text).substr(0, expected.size()) == expected);
  }
}

TEST_CASE("renames touch the exact tokens and nothing else") {
  const auto world = contacts_world();
  const auto key = [](Kind kind, const std::string& schema, const std::string& name, const std::string& part = "") {
    ObjectKey one;
    one.kind = kind;
    one.schema = schema;
    one.name = name;
    one.part = part;
    return one;
  };
  const std::map<ObjectKey, ObjectKey> renames{
      {key(Kind::table, "app", "contacts"), key(Kind::table, "app", "People")},
      {key(Kind::column, "app", "contacts", "email"), key(Kind::column, "app", "People", "mail")},
      {key(Kind::column, "app", "contacts", "id"), key(Kind::column, "app", "People", "id")},
      {key(Kind::function, "app", "slug", "text"), key(Kind::function, "util", "slugged", "text")},
      {key(Kind::enum_type, "app", "channel"), key(Kind::enum_type, "app", "medium")}};
  const std::vector<std::pair<std::string, std::string>> rows{
      {"select c.email, 'email' /* email */ from contacts c",
       "select c.mail, 'email' /* email */ from app.\"People\" c"},
      {"select contacts.email, contacts . id from contacts",
       "select \"People\".mail, \"People\" . id from app.\"People\""},
      {"select app.contacts.email from app.contacts", "select app.\"People\".mail from app.\"People\""},
      {"select slug(email)::channel from contacts", "select util.slugged(mail)::app.medium from app.\"People\""},
      {"select x.email from (select email from contacts) x", "select x.mail from (select mail from app.\"People\") x"},
      {"select name from organizations", "select name from app.organizations"},
  };
  for (const auto& [text, expected] : rows) {
    INFO(text);
    const auto fragment = sql::analyze(Form::query, text, world).fragment;
    const Fragment renamed = sql::renamed(fragment, renames);
    CHECK(renamed.text == expected);
    for (const Reference& reference : renamed.references) {
      const std::string word = renamed.text.substr(reference.begin, reference.end - reference.begin);
      CHECK(word.find(reference.target.kind == Kind::column ? reference.target.part : reference.target.name) !=
            std::string::npos);
    }
    std::map<ObjectKey, ObjectKey> back;
    for (const auto& [from, to] : renames) back.emplace(to, from);
    CHECK(sql::renamed(renamed, back) == fragment);
    CHECK(sql::renamed(renamed, back).references == fragment.references);
    CHECK(sql::renamed(renamed, back).text == fragment.text);
  }
}

TEST_CASE("columns can be spelled over other names") {
  const auto world = contacts_world();
  const auto table = around(world, "app", "contacts");
  const auto spelled = [&](const std::string& text) {
    const auto fragment = sql::analyze(Form::expression, text, world, table).fragment;
    return sql::respelled(fragment, [](const Reference& reference) -> std::optional<std::string> {
      if (reference.target.part == "score") return std::nullopt;
      return "s.\"" + reference.target.part + "\"";
    });
  };
  CHECK(spelled("coalesce(email, display_name) || 'email'") == "coalesce(s.\"email\", s.\"display_name\") || 'email'");
  CHECK(spelled("contacts.email = app . contacts . display_name and score > 1") ==
        "s.\"email\" = s.\"display_name\" and score > 1");
  CHECK(spelled("email") == "s.\"email\"");
  const std::string sum = sql::analyze(Form::expression, "app.contacts.score + 1", world, table).fragment.text;
  CHECK(sum == "app.contacts.score + 1");
}

TEST_CASE("a table's own name is followed when it is passed as the alias") {
  const auto world = contacts_world();
  const auto table = around(world, "app", "contacts", "contacts");
  for (const char* text : {"contacts.email is not null", "contacts.email is not null or not contacts.score > 1"}) {
    INFO(text);
    const auto analysis = sql::analyze(Form::expression, text, world, table);
    REQUIRE_FALSE(analysis.fragment.references.empty());
    CHECK(analysis.fragment.references.front().target.kind == Kind::table);
  }
}
