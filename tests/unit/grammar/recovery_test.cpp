// SPDX-License-Identifier: Apache-2.0
// One typo gives one diagnostic, and what stands after it is still read.
#include "tests/unit/grammar/parsing.h"

#include <catch2/catch.hpp>

using namespace godwit;
using test::Parsed;
using test::parsed;

namespace {

/// The report of one wrong item between two right ones, both of which must be there.
std::string item_report(const std::string& wrong, const std::string& before = "table t {",
                        const std::string& good = "good text;") {
  const Parsed out = parsed(before + "\n    " + good + "\n    " + wrong + "\n    last_one text;\n}\nschema last;\n");
  INFO(wrong << "\n" << out.report());
  CHECK(out.diagnostics->error_count() == 1);
  REQUIRE(out.file.declarations.size() == 2);
  CHECK(std::holds_alternative<ast::Schema>(out.file.declarations.back()));
  const auto& items = out.get<ast::Table>().items;
  REQUIRE(items.size() >= 2);
  const auto* last = std::get_if<ast::Column>(&items.back());
  REQUIRE(last != nullptr);
  CHECK(last->name.text == "last_one");
  return out.report();
}

/// The same for a declaration.
std::string report(const std::string& wrong) {
  const Parsed out = parsed("schema first;\n" + wrong + "\nschema last;\n");
  INFO(wrong << "\n" << out.report());
  CHECK(out.diagnostics->error_count() == 1);
  REQUIRE(out.file.declarations.size() >= 2);
  const auto* last = std::get_if<ast::Schema>(&out.file.declarations.back());
  REQUIRE(last != nullptr);
  CHECK(last->name.text == "last");
  return out.report();
}

}  // namespace

TEST_CASE("a typo in a column") {
  CHECK(item_report("id uuid primry key;") ==
        "GW1001 3:13 expected a clause of the column or `;`, found `primry` | `primary` has a similar spelling\n");
  CHECK(item_report("id uuid not nul;") == "GW1001 3:13 expected a clause of the column or `;`, found `not`\n");
  CHECK(item_report("id;") == "GW1001 3:7 expected a type such as `text`, found `;`\n");
  CHECK(item_report("id int default ;") == "GW1001 3:20 expected an SQL expression, found `;`\n");
  CHECK(item_report("id int references;") == "GW1001 3:22 expected a table after `references`, found `;`\n");
  CHECK(item_report("id int references t on delete casacde;") ==
        "GW1001 3:35 expected `no action`, `restrict`, `cascade`, `set null` or `set default`, found `casacde` | "
        "`cascade` has a similar spelling\n");
  CHECK(item_report("id int generated always;") ==
        "GW1001 3:28 expected `always as (expression) stored`, `always as identity` or `by default as identity`, found "
        "`;`\n");
  CHECK(item_report("id int generated always as (1) stord;") ==
        "GW1001 3:36 expected `stored` or `virtual`, found `stord` | `stored` has a similar spelling\n");
}

TEST_CASE("a misspelt item reads as a column, the hint names the item") {
  CHECK(item_report("coment 'words';") ==
        "GW1001 3:12 expected a type such as `text`, found a string | `comment` has a spelling similar to `coment`\n");
  CHECK(
      item_report("polcy p for all to x;") ==
      "GW1001 3:13 expected a clause of the column or `;`, found `for` | `policy` has a spelling similar to `polcy`\n");
  CHECK(item_report("ownr to app;") ==
        "GW1001 3:10 expected a type such as `text`, found `to` | `owner` has a spelling similar to `ownr`\n");
}

TEST_CASE("a missing semicolon is reported where it is missing, and the next line is read") {
  CHECK(item_report("other text") == "GW1001 3:15 expected a clause of the column or `;` before the next line\n");
  CHECK(item_report("unique (good)") == "GW1001 3:18 expected `;` after the constraint before the next line\n");
  CHECK(item_report("comment 'words'") == "GW1001 3:20 expected `;` before the next line\n");
  CHECK(item_report("index on (good)") == "GW1001 3:20 expected an option of the index or `;` before the next line\n");
}

TEST_CASE("a typo in each item of a table") {
  CHECK(item_report("index on (good) wher good > 1;").find("`where` has a similar") != std::string::npos);
  item_report("unique (good, );");
  item_report("primary good;");
  item_report("constraint c chek (true);");
  item_report("foreign key good references t;");
  item_report("foreign key (good) reference t;");
  item_report("check (good > 0;");
  item_report("check good > 0;");
  item_report("row level security forced;");
  item_report("policy p for;;");
  item_report("trigger touch before update;");
  item_report("constraint trigger touch;");
  item_report("grant select app;");
  item_report("grant select to;");
  item_report("revoke select from;");
  item_report("owner to;");
  item_report("owner to select;");
  item_report("comment 'a' 'b';");
  item_report("with fillfactor = 70;");
  item_report("inherits (a, );");
  item_report("index on good;");
  item_report("index on ();");
  item_report("good numeric(5;");
  item_report("good numeric(5]) not null;");
  item_report("drop column c;", "alter table t {");
  item_report("user text;");
  item_report("'text';");
  item_report(";");
  item_report("a text { b text; }");
}

TEST_CASE("a typo in a nested partition") {
  const Parsed out = parsed(
      "table t {\n  partition p for values in (1) partition by list (b) {\n    partition q for values in (1);\n"
      "    partitoin r default;\n    partition s default;\n  }\n  a int;\n}\n");
  CHECK(out.report() ==
        "GW1001 4:5 expected `partition` or `}`, found `partitoin` | `partition` has a similar spelling\n");
  CHECK(out.item<ast::Partition>().partitions.size() == 2);
  CHECK(out.get<ast::Table>().items.size() == 2);
}

TEST_CASE("a typo in each declaration") {
  CHECK(report("tabel a { b int; }") ==
        "GW1001 2:1 expected a declaration, found `tabel` | `table` has a similar spelling\n");
  CHECK(report("rename tabl a -> b;").find("`table` has a similar spelling") != std::string::npos);
  CHECK(report("drop table a irrevers;").find("`irreversible` has a similar spelling") != std::string::npos);
  CHECK(report("drop table a irreversible").find("before the next") != std::string::npos);
  report("table a b int; }");
  report("table { b int; }");
  report("alter tabel a { b int; }");
  report("schema a { owner b; }");
  report("schema a.b;");
  report("extension citext versoin '1';");
  report("enum e ('a', b, 'c');");
  report("enum e 'a';");
  report("domain;");
  report("function f(a int returns int;");
  report("function app.f() returns int language sql as $$ select 1 $$");
  report("view v;");
  report("view v as select 1 { indx on (a); }");
  report("materialized veiw v as select 1;");
  report("operator;");
  report("cast;");
  report("rows a (id) { (id) : (1); }");
  report("rows a key (id) { (id) (1); }");
  report("rows a key (id) { (id) : (1; }");
  report("grant usage schema a to b;");
  report("grant usage on schema a b;");
  report("revoke usage on schema a to b;");
  report("comment on tabel a 'x';");
  report("comment on table a x;");
  report("owner of table a b;");
  report("rename table a b;");
  report("rename table a -> b { keep veiw c; }");
  report("rename value e 'a' 'b';");
  report("drop value e 'a' with 'b';");
  report("change column c to int;");
  report("change column t.c int;");
  report("rebuild a;");
  report("rebuild table a keep b;");
  report("check 'c' befor { none of t; }");
  report("check 'c' { nonee of t; }");
  report("check 'c' { at most of t; }");
  report("check 'c' { none of t; none of u; }");
  report("check c { none of t; }");
  report("sql 'x' { up 'select 1'; irreversible; }");
  report("sql 'x' aftr table t { up $$a$$; irreversible; }");
  report("create table a (b int);");
  report("}");
  report("select 1;");
}

TEST_CASE("a typo in a block of data") {
  const Parsed out = parsed("move a -> b {\n  set x = 1;\n  wher y;\n  key (x);\n}\nschema last;\n");
  CHECK(out.report() ==
        "GW1001 3:3 expected a clause of the move or `}`, found `wher` | `where` has a similar spelling\n");
  CHECK(out.get<ast::Move>().key.size() == 1);
  report("move a b { set x = 1; }");
  report("move a -> b { set x 1; }");
  report("move a -> b { set = 1; }");
  report("move a -> b { on conflict skipp; }");
  report("move a -> b { batch many; }");
  report("move a -> b { rest warning 'x'; }");
  report("move a -> b { reject 1%; }");
  report("move a -> b { reverse x = 1; }");
  report("move sqlite 'f' { al; }");
  report("backfill a { set x = ; }");
  report("extract a -> b { key x; }");
  report("extract a -> b { first created_at; }");
}

TEST_CASE("a typo in the header") {
  const Parsed out =
      parsed("migration 'x' {\n  requires postgre >= 14;\n  after a;\n  transactoin single;\n}\nschema s;\n");
  CHECK(out.diagnostics->error_count() == 2);
  CHECK(out.file.header->after.size() == 1);
  CHECK(out.file.declarations.size() == 1);
}

TEST_CASE("a brace that is missing costs one diagnostic") {
  const Parsed out = parsed("table a {\n    id int;\n\ntable b {\n    id int;\n}\nschema last;\n");
  CHECK(out.diagnostics->error_count() == 1);
  CHECK(out.file.declarations.size() == 3);
  const Parsed open = parsed("schema s;\ntable a {\n    id int;\n");
  CHECK(open.report() == "GW1002 2:9 this `{` is never closed\n");
  CHECK(open.get<ast::Table>(1).items.size() == 1);
}

TEST_CASE("a quote that is missing is reported at its opening") {
  const Parsed out =
      parsed("table t {\n    comment 'Title;\n    index on (a) where x = 'foo';\n    b text;\n}\nschema s;\n");
  CHECK(out.report() == "GW1002 2:13 this string is not closed on its line\n");
  CHECK(out.get<ast::Table>().items.size() == 2);
  CHECK(out.file.declarations.size() == 2);
  const Parsed last = parsed("schema a;\ncomment on table t 'x;\nschema b;\n");
  CHECK(last.report() == "GW1002 2:20 this string is never closed\n");
  CHECK(last.file.declarations.size() == 2);
  CHECK(parsed("schema a;\nfunction f() as $x$ select\n").report() ==
        "GW1002 2:17 this dollar quote is never closed\n");
  CHECK(parsed("schema \"a;\n").report() == "GW1002 1:8 this quoted name is never closed\n");
  CHECK(parsed("schema a; /* open\nschema b;\n").report() == "GW1002 1:11 this comment is never closed\n");
  CHECK(parsed("/* open\nschema b;\n").report() == "GW1002 1:1 this comment is never closed\n");
}

TEST_CASE("a file of nothing but mistakes ends early") {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "oops;\n";
  const Parsed out = parsed(text);
  CHECK(out.diagnostics->error_count() == 101);
}
