// SPDX-License-Identifier: Apache-2.0
#include "compiler/data/text.h"

#include "compiler/data/copies.h"
#include "tests/support/data_project.h"

#include <catch2/catch.hpp>

namespace {

using namespace godwit;
using namespace godwit::data;
using namespace godwit::test;

bool constant(const std::string& text) { return constant_text({Form::expression, text, text, {}}); }

}  // namespace

TEST_CASE("an expression of literals alone is constant") {
  for (const char* text :
       {"'gmail'", "42", "-1.5e3", "null", "true", "'{}'::jsonb", "'a'::character varying(20)[]", "E'x'",
        "interval '1 day'", "timestamp with time zone '2020-01-01'", "'x'::app.kind", "'it''s'"}) {
    CAPTURE(text);
    CHECK(constant(text));
  }
  for (const char* text : {"now()", "current_date", "localtimestamp", "random(1)", "name", "date", "'a' || name",
                           "\"Name\"", "user", "$$x$$", "gen_random_uuid()", "'a'::text || upper('b')"}) {
    CAPTURE(text);
    CHECK_FALSE(constant(text));
  }
}

TEST_CASE("a hidden column's name is reserved, short enough and free") {
  CHECK(hidden_name("email", {}) == "_gw_keep_email");
  CHECK(hidden_name("email", {"_gw_keep_email"}) == "_gw_keep_email_2");
  CHECK(hidden_name("email", {"_gw_keep_email", "_gw_keep_email_2"}) == "_gw_keep_email_3");
  const std::string long_name(63, 'a');
  CHECK(hidden_name(long_name, {}).size() == 63);
  CHECK(hidden_name(long_name, {hidden_name(long_name, {})}).ends_with("_2"));
  std::string accents;
  for (int i = 0; i < 31; ++i) accents += "\xc3\xa9";
  const std::string cut = hidden_name(accents, {});
  CHECK(cut.size() <= 63);
  CHECK(cut.size() % 2 == 1);  // the reserved part has nine bytes: no character is cut in half
}

TEST_CASE("names in kept tables are quoted, short and different") {
  CHECK(labelled("old", "email") == "old_email");
  CHECK(labelled("old", "Email") == "\"old_Email\"");
  const std::string a = labelled("target", std::string(62, 'x') + 'a'),
                    b = labelled("target", std::string(62, 'x') + 'b');
  CHECK(a.size() <= 63);
  CHECK(a != b);
  Project project;
  const std::string kept = kept_table("moved", "gmail", project.around());
  CHECK(kept.starts_with("godwit_kept.moved_gmail_"));
  CHECK(kept == kept_table("moved", "gmail", project.around()));
  CHECK(kept != kept_table("moved", "gmail", project.around(), "salt"));
  project.id = "20250101000001_other";
  CHECK(kept != kept_table("moved", "gmail", project.around()));
}

TEST_CASE("a copy is seen for what it is") {
  Project project;
  project.table("app.users", {{"id", "integer", true}, {"email", "text"}, {"name", "text"}}, {"id"});
  const auto copy = [&](const char* text) {
    return copied_column(project.expression(text, "app.users", false), Project::key("app.users"));
  };
  REQUIRE(copy("email"));
  CHECK(copy("email")->plain);
  REQUIRE(copy("users.email"));
  CHECK(copy("users.email")->column == "email");
  REQUIRE(copy("coalesce(email, 'none')"));
  CHECK_FALSE(copy("coalesce(email, 'none')")->plain);
  REQUIRE(copy("COALESCE ( users.email , '' )"));
  CHECK_FALSE(copy("lower(email)"));
  CHECK_FALSE(copy("email || name"));
  CHECK_FALSE(copy("coalesce(email, name)"));
  CHECK_FALSE(copy("coalesce(email, now()::text)"));
  CHECK_FALSE(copy("'gmail'"));
  CHECK_FALSE(copy("(email)::varchar"));
}

TEST_CASE("a cast that would cut in silence is left to the assignment") {
  Project project;
  Column column;
  column.type.text = "character varying(12)";
  CHECK(as_type("'x'", {}, column, project.around()) == "'x'::character varying");
  CHECK(as_type("a || b", "text", column, project.around()) == "(a || b)::character varying");
  column.type.text = "character(3)[]";
  CHECK(as_type("c", {}, column, project.around()) == "c::bpchar[]");
  column.type.text = "numeric(5,2)";
  CHECK(as_type("c", "numeric(5,2)", column, project.around()) == "c");
}

TEST_CASE("types without equality are compared as text") {
  CHECK(differs("a", "b", "text") == "a is distinct from b");
  CHECK(differs("a", "b", "json") == "(a)::text is distinct from (b)::text");
  CHECK(same("a", "b", "json[]") == "(a)::text is not distinct from (b)::text");
}
