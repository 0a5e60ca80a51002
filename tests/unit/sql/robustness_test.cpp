// SPDX-License-Identifier: Apache-2.0
// Whatever a spec holds, the analysis answers: every place it names lies in the text, and nothing crashes.
#include "compiler/sql/statements.h"

#include "test_world.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

using namespace godwit;
using namespace godwit::tests;

namespace {

constexpr Form forms[] = {Form::expression,      Form::query,        Form::index_element, Form::exclude,
                          Form::trigger_events,  Form::trigger_rest, Form::statistics,    Form::partition_key,
                          Form::partition_bound, Form::routine,      Form::procedure};

bool places_hold(const sql::Analysis& analysis, const std::string& text) {
  for (const sql::Problem& problem : analysis.problems) {
    if (problem.begin > problem.end || problem.end > text.size()) return false;
  }
  const std::string& emitted = analysis.fragment.text;
  for (const Reference& reference : analysis.fragment.references) {
    if (reference.qualifier > reference.begin || reference.begin >= reference.end || reference.end > emitted.size())
      return false;
  }
  for (const sql::Call& call : analysis.calls) {
    if (call.begin > call.end || call.end > text.size()) return false;
  }
  return true;
}

const std::vector<std::string> seeds{
    "select c.id, o.name as \"N n\", count(*) over w from app.contacts c join organizations o using (user_id) where "
    "c.score > 1 window w as (order by c.id)",
    "with recursive t(a) as (select 1 union all select a + 1 from t) select * from t, lateral (select t.a) x order by "
    "1",
    "select array(select email from contacts), (pick('x')).email, tags[1:2], '{}'::jsonb -> 'a', $1, E'\\n' from "
    "contacts",
    "case when email like 'a%' escape '!' then channel('x') else email::channel end",
    "exists (select from events e where e.contact_id = contacts.id and e.at > now() - interval '1 day')",
    "using gist (email with =, (score + 1) with operator(pg_catalog.<>)) where (score > 0)",
    "before update of email, score or insert",
    "for each row when (old.email is distinct from new.email) execute function touch('a')",
    "(a channel default 'x', out b contacts[]) returns setof record language plpgsql set search_path = app as $$ "
    "declare v contacts; "
    "begin for v in select * from contacts loop v.email := lower(v.email); end loop; return query select 1; end $$",
    "(dependencies) on email, (lower(email))",
    "lower(email) collate \"C\" text_ops desc nulls last",
};

}  // namespace

TEST_CASE("cut, doubled and shuffled fragments are answered") {
  auto world = contacts_world();
  const auto table = around(world, "app", "contacts");
  std::mt19937 random(11);
  const std::vector<std::string> noise{
      "(",  ")", "'",       "\"", "$$", ",",      ".",     "*", ";",      "::", " as ",   " from ", " select ", "--",
      "/*", "é", " using ", "[",  "]",  " loop ", " end ", "=", " into ", ":=", " case ", "\n",     " null "};
  for (int round = 0; round < 1500; ++round) {
    std::string text = seeds[random() % seeds.size()];
    for (std::size_t edits = 1 + random() % 3; edits-- > 0;) {
      const std::size_t at = random() % (text.size() + 1);
      const std::size_t length = random() % 12;
      if (random() % 2 == 0) {
        text.erase(at, length);
      } else {
        text.insert(at, noise[random() % noise.size()]);
      }
    }
    INFO(text);
    world.extensions = round % 2 == 0;
    for (const Form form : forms) {
      const auto analysis = sql::analyze(form, text, world, table);
      CHECK(places_hold(analysis, text));
    }
    const auto type = sql::analyze_type(text, world);
    for (const sql::Problem& problem : type.problems) CHECK(problem.end <= text.size());
    (void)sql::parse_view(text, false);
    (void)sql::parse_materialized_view(text);
    (void)sql::parse_policy(text);
    (void)sql::parse_domain(text);
    (void)sql::parse_sequence(text);
    (void)sql::parse_publication(text);
    (void)sql::parse_parameters(text);
    (void)sql::parse_statistics(text);
    (void)sql::parse_routine(text, true);
    (void)sql::parse_trigger(text, text, true);
    (void)sql::analyze_body("plpgsql", "create function f() returns int language plpgsql as $q$" + text + "$q$", text,
                            world);
    (void)sql::analyze_body("sql", "create function f() returns int language sql as $q$" + text + "$q$", text, world);
  }
}

TEST_CASE("deep and long fragments are answered") {
  const auto world = contacts_world();
  const auto table = around(world, "app", "contacts");
  std::string sum = "score";
  for (int i = 0; i < 900; ++i) sum += " + score";
  CHECK(sql::analyze(Form::expression, sum, world, table).problems.empty());
  for (int i = 0; i < 50000; ++i) sum += " + score";
  CHECK(sql::analyze(Form::expression, sum, world, table).problems.size() == 1);
  std::string list = "score in (0";
  for (int i = 0; i < 20000; ++i) list += ", " + std::to_string(i);
  CHECK(sql::analyze(Form::expression, list + ")", world, table).problems.empty());
  std::string nested;
  for (int i = 0; i < 3000; ++i) nested += "(select ";
  (void)sql::analyze(Form::expression, nested, world, table);
  (void)sql::analyze(Form::expression, nested + "1" + std::string(3000, ')'), world, table);
  (void)sql::analyze_type(std::string(100000, '('), world);
  (void)sql::analyze(Form::query, std::string("select \0", 8), world);
}
