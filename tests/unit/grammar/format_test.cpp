// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/grammar/parsing.h"
#include "tests/unit/grammar/same_ast.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

using namespace godwit;
using test::Parsed;
using test::parsed;

namespace {

/// The text in canonical layout; checks that it means the same and that formatting it again changes nothing.
std::string formatted(const std::string& text) {
  const Parsed once = parsed(text);
  INFO(text);
  CHECK(once.report().empty());
  const std::string out = once.formatted();
  const Parsed again = parsed(out);
  INFO(out);
  CHECK(again.report().empty());
  CHECK(test::same(once.file.header, again.file.header));
  CHECK(test::same(once.file.declarations, again.file.declarations));
  CHECK(once.file.comments.size() == again.file.comments.size());
  CHECK(again.formatted() == out);
  return out;
}

/// Already in canonical layout.
void stays(const std::string& text) { CHECK(formatted(text) == text); }

}  // namespace

TEST_CASE("every example of the language is formatted once and for all") {
  std::ifstream in(GODWIT_SOURCE_DIR "/tests/unit/grammar/language.gw", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  REQUIRE(text.size() > 5000);
  const std::string out = formatted(text);
  CHECK(out.ends_with("}\n") == false);
  CHECK(out.ends_with(";\n"));
}

TEST_CASE("same compares every field") {
  const auto column = [](const char* text) { return parsed(text).item<ast::Column>(); };
  CHECK(test::same(column("table t { a int; }"), column("table  t {  a   int ; }")));
  CHECK_FALSE(test::same(column("table t { a int; }"), column("table t { a int comment 'c'; }")));
  CHECK_FALSE(test::same(column("table t { a int check (a > 0); }"), column("table t { a int check (a > 1); }")));
  CHECK(test::detail::field_count<ast::Column>() == 17);
  CHECK(test::detail::field_count<ast::Move>() == 15);
}

TEST_CASE("columns are aligned, groups and comments stay") {
  CHECK(formatted("TABLE  App.T{\n\n\nID   BIGINT Primary Key;\n"
                  "display_name text NOT NULL  default 'x';  -- behind\n\n\n\n-- before\n/* two */\nindex on(id);}\n"
                  "-- the end") ==
        "table app.t {\n"
        "    id           BIGINT primary key;\n"
        "    display_name text   not null default 'x';  -- behind\n"
        "\n"
        "    -- before\n"
        "    /* two */\n"
        "    index on (id);\n"
        "}\n"
        "-- the end\n");
}

TEST_CASE("a comment inside an item moves behind it") {
  CHECK(formatted("table t { a /* why */ int; -- one\n b int; }") ==
        "table t {\n    a int;  /* why */  -- one\n    b int;\n}\n");
  CHECK(formatted("drop table a, -- one\n b; -- two\n") == "drop table a, b;  -- one\n-- two\n");
}

TEST_CASE("fragments are printed as written") {
  stays("function app.f() returns int\n    language sql\n  as $$\n  select 1;   \n$$;\n");
  stays("view v as\n    select a,  -- one\n           b\n    from t;\n");
  stays("table t {\n    a int check (a > 0\n        and a < 10);\n}\n");
}

TEST_CASE("identifiers are quoted when needed") {
  stays(
      "table \"App\".\"order\" {\n    \"User\"   text;\n    \"table\"  text;\n    comment  text;\n"
      "    \"policy\" p    using (a);\n}\n");
  stays("table t {\n    \"policy\" p;\n}\n");
  CHECK(formatted("schema \"app\";") == "schema app;\n");
  CHECK(formatted("table t { tablespace fast null; }") == "table t {\n    \"tablespace\" fast;\n}\n");
}

TEST_CASE("one layout for each declaration") {
  stays(
      "migration 'x' {\n    requires postgres >= 14;\n\n    after 2025_a, \"b c\";\n    lock timeout 3s retry "
      "10;\n}\n");
  stays("schema app;\nschema b {\n    owner to c;\n}\n");
  stays("rename table a -> b { keep view a; keep names; }\n");
  stays("drop function f(integer), g(), procedure p();\n");
  stays("drop table a, table view keep archive irreversible;\n");
  stays("drop cast (a as b);\n");
  stays("comment on operator app.=== (text, text) 'x';\n");
  stays("revoke grant option for select (a), all on table t, schema s from public, \"Role\";\n");
  stays("rows t key (a) {\n    (a, b) :\n        (1, 2),  -- one\n        (3, 4);\n}\n");
  stays("move (select 1 as a) as q -> t {\n    set     a = a;\n    reverse none;\n}\n");
  stays("backfill a {\n    set    b = c;\n    reject up to 0.1%;\n}\n");
  stays("move a -> b {\n    on conflict update;\n    key    (a);\n    reject up to 0.1%;\n    keep in step;\n}\n");
  stays("check 'x' after warn { at least 3 of t u where a; }\n");
  stays("sql 'x' after table t, u before view v {\n    up $$\nselect 1;\n$$;\n    irreversible;\n}\n");
  stays("change column a.b.c to text reverse using c::int using c::text;\n");
  stays("recursive view r (n) as select 1;\n");
  stays("materialized view m as select 1 {\n    index on (a);\n    with no data;\n}\n");
  stays("operator app.=== (leftarg = text);\n");
  stays("foreign data wrapper w validator f options (a 'b');\n");
  stays(
      "foreign table a.t server s options (a 'b') {\n    id   int  options (c 'd') not null;\n    name text;\n\n"
      "    check (id > 0);\n}\nforeign table u server s {\n}\n");
  CHECK(formatted("migration { };") == "migration {\n}\n");
}

TEST_CASE("long lists go one to a line") {
  const std::string out = formatted("backfill t { set " + std::string(40, 'a') + " = 1, " + std::string(40, 'b') +
                                    " = 2, " + std::string(40, 'c') + " = 3; }");
  CHECK(out == "backfill t {\n    set " + std::string(40, 'a') + " = 1,\n        " + std::string(40, 'b') +
                   " = 2,\n        " + std::string(40, 'c') + " = 3;\n}\n");
}

TEST_CASE("lists that are too wide go on in the next line") {
  const std::string a = "app." + std::string(40, 'a');
  const std::string b = "app." + std::string(40, 'b');
  const std::string c = "app." + std::string(40, 'c');
  CHECK(formatted("drop column " + a + ".x, " + b + ".x, " + c + ".x;") ==
        "drop column " + a + ".x, " + b + ".x,\n    " + c + ".x;\n");
  CHECK(formatted("grant execute on function " + a + "(integer, text), " + b + "(), " + c + "() to public;") ==
        "grant execute on function " + a + "(integer, text),\n    " + b + "(), " + c + "() to public;\n");
  CHECK(formatted("revoke all on table " + a + ", " + b + " from one, two, three, four;") ==
        "revoke all on table " + a + ", " + b + " from one,\n    two, three, four;\n");
  CHECK(formatted("table t { grant select (" + a.substr(4) + ", " + b.substr(4) + "), insert to " + c.substr(4) +
                  "; unique (" + a.substr(4) + ", " + b.substr(4) + ", " + c.substr(4) + "); }") ==
        "table t {\n    grant select (" + a.substr(4) + ", " + b.substr(4) + "), insert\n        to " + c.substr(4) +
            ";\n    unique (" + a.substr(4) + ", " + b.substr(4) + ",\n        " + c.substr(4) + ");\n}\n");
  CHECK(formatted("rows t key (a) { (a, b): (1, '" + std::string(60, 'x') + "', '" + std::string(60, 'y') + "'); }") ==
        "rows t key (a) {\n    (a, b) :\n        (1, '" + std::string(60, 'x') + "',\n            '" +
            std::string(60, 'y') + "');\n}\n");
}

TEST_CASE("a line ends where a clause begins rather than in a list before it") {
  const std::string wide(60, 'x');
  stays("table t {\n    constraint fk_of_the_owner foreign key (a, b)\n        references " + wide +
        " (a, b) on delete set null (a)\n        on update cascade;\n}\n");
  stays("table t {\n    unique index on (a, b, c) include (d, e) nulls not distinct\n        where " + wide +
        " and more and more and more and more and more;\n}\n");
  stays("table t {\n    a text not null default '" + wide + "'\n        comment '" + wide + "';\n}\n");
}

TEST_CASE("a line is full at 120 characters, not bytes") {
  const std::string umlauts = [] {
    std::string out;
    for (int i = 0; i < 30; ++i) out += "\xc3\xa4";
    return out;
  }();
  const std::string drop = "drop table \"" + umlauts + "\", \"b" + umlauts + "\", ";
  stays(drop + std::string(39, 'c') + ";\n");
  CHECK(formatted(drop + std::string(40, 'c') + ";") ==
        drop.substr(0, drop.size() - 1) + "\n    " + std::string(40, 'c') + ";\n");
}

TEST_CASE("a check is one line when that is not too wide") {
  const std::string wide(80, 'x');
  stays("check 'y' before warn { none of t where " + wide.substr(3) + "; }\n");
  stays("check 'y' before warn {\n    none of t where " + wide.substr(2) + ";\n}\n");
  stays("check 'y' {\n    unchanged (select a\n                 from t);\n}\n");
  stays("check 'y' after {\n    -- why\n    that (" + wide + wide + ");  -- how\n    -- when\n}\n");
  CHECK(formatted("check 'y' {\n  none of t; -- why\n}") == "check 'y' { none of t; }  -- why\n");
  CHECK(formatted("check 'y' { /* one */ at most /* two */ 1% of (select 1,\n2) as q; }") ==
        "check 'y' {\n    at most 1% of (select 1,\n2) as q;  /* one */  /* two */\n}\n");
}

TEST_CASE("what stands line under line is aligned") {
  const std::string wide(100, 'x');
  stays("backfill t {\n    set a    = " + wide + ",\n        long = 1;\n}\n");
  stays("rows t key (a) {\n    (a, b, c) :\n        ('one',   1,   true),\n        ('three', 300, false);\n}\n");
  stays("rows t key (a) {\n    (a, b) :\n        ('one', 1),\n        ('two\nlines', 2);\n}\n");
}
