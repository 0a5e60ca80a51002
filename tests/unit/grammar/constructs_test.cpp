// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/grammar/parsing.h"

#include <catch2/catch.hpp>

using namespace godwit;
using test::Parsed;
using test::parsed;

namespace {

Parsed clean(std::string_view text) {
  Parsed out = parsed(text);
  INFO(text);
  CHECK(out.report().empty());
  return out;
}

}  // namespace

TEST_CASE("the header") {
  const Parsed out = clean(
      "migration 'T' { requires postgres >= 14; requires extension pgcrypto, citext; after 2025_A-b, x;\n"
      "transaction phased; lock timeout 500ms retry 3; rollback window 48h; search path app, \"Pub\"; baseline; }");
  const ast::Header& header = *out.file.header;
  CHECK(header.title->value == "T");
  CHECK(header.requires_postgres->value == 14);
  CHECK(header.required_extensions.at(1).name.text == "citext");
  CHECK(header.after.at(0).text == "2025_A-b");
  CHECK(header.transaction == ast::Transaction::phased);
  CHECK(header.lock_timeout->value == "500ms");
  CHECK(header.lock_retries->value == 3);
  CHECK(header.rollback_window->value == "48h");
  CHECK(header.search_path.at(1).text == "Pub");
  CHECK(header.baseline);
}

TEST_CASE("a header stands first and alone") {
  CHECK(parsed("schema a;\nmigration 'x' {}").report() == "GW1008 2:1 the header stands first in its file\n");
  CHECK(parsed("migration 'x' {}\nmigration 'y' {}").report() == "GW1008 2:1 a file has one header\n");
}

TEST_CASE("schemas, extensions, enums") {
  const Parsed out = clean(
      "schema app { owner to o; comment 'c'; grant usage to a, b; revoke create from c; }\n"
      "schema other;\nextension citext schema extensions version '1.6';\n"
      "enum app.e ('a', E'b\\'c');\nenum none ();");
  CHECK(out.get<ast::Schema>().items.size() == 4);
  CHECK(out.get<ast::Schema>(1).items.empty());
  CHECK(out.get<ast::Extension>(2).version->value == "1.6");
  CHECK(out.get<ast::Enum>(3).values.at(1).value == "b'c");
  CHECK(out.get<ast::Enum>(4).values.empty());
}

TEST_CASE("definitions keep PostgreSQL's text") {
  const auto definition = [](std::string_view text) { return clean(text).get<ast::Definition>(); };
  using Kind = ast::DefinitionKind;
  CHECK(definition("domain app.email text check (value ~ '@');").text.text == "text check (value ~ '@')");
  CHECK(definition("type app.a ( street text, city text );").text.text == "( street text, city text )");
  CHECK(definition("sequence s;").text.text.empty());
  CHECK(definition("function app.f() returns int language sql as $$ select 1; $$;").text.text ==
        "() returns int language sql as $$ select 1; $$");
  CHECK(definition("cast (a as b) with inout;").text.text == "(a as b) with inout");
  CHECK(definition("operator app.=== (leftarg = text);").name->name.text == "===");
  CHECK(definition("event trigger e on ddl_command_end execute function f();").kind == Kind::event_trigger);
  CHECK(definition("text search configuration app.en (copy = english);").text.text ==
        "configuration app.en (copy = english)");
  CHECK(definition("text search configuration en (copy = english)\n    mapping for word with a, b.c;").text.text ==
        "configuration en (copy = english)\n    mapping for word with a, b.c");
  CHECK(definition("default privileges in schema app grant select on tables to r;").kind == Kind::default_privileges);
  CHECK(definition("server s foreign data wrapper w;").kind == Kind::foreign_server);
  CHECK(definition("foreign data wrapper w handler f options (a 'b');").kind == Kind::foreign_data_wrapper);
  CHECK(definition("foreign data wrapper w;").text.text.empty());
  CHECK(definition("rule r as on insert to t do also (delete from a; delete from b);").kind == Kind::rule);
  CHECK(definition("collation c (locale = 'de');").kind == Kind::collation);
  CHECK(definition("publication p;").kind == Kind::publication);
  CHECK(definition("aggregate app.longest(text) (sfunc = f, stype = text);").text.text ==
        "(text) (sfunc = f, stype = text)");
}

TEST_CASE("a routine's atomic body may hold semicolons") {
  const Parsed out = clean(
      "function f(a int) returns int begin atomic\n  select case when a > 0 then 1 else 2 end;\n"
      "  select 1 as end;\nend;\nfunction g() returns int return 1;");
  CHECK(out.file.declarations.size() == 2);
  CHECK(out.get<ast::Definition>().text.text.ends_with("end"));
}

TEST_CASE("views and their blocks") {
  const Parsed out = clean(
      "materialized view app.m as select 1 as a { unique index on (a); owner to o; comment 'c'; "
      "grant select to r; with no data; }\nrecursive view r (n) as select 1;\nview v as select '{' as a;");
  const auto& view = out.get<ast::Definition>();
  CHECK(view.text.text == "as select 1 as a");
  CHECK(view.items.size() == 4);
  CHECK(view.no_data);
  CHECK(out.get<ast::Definition>(1).recursive);
  CHECK(out.get<ast::Definition>(2).text.text == "as select '{' as a");
}

TEST_CASE("grants name their objects") {
  const Parsed out = clean(
      "grant usage on schema app to a, b with grant option;\n"
      "revoke execute on function f(text), g() from public;\n"
      "grant select (a, b), update on t, app.u to r;\ngrant select on schema to r;\n"
      "grant select on all tables in schema app to r;\nrevoke grant option for all privileges on t from r;");
  CHECK(out.get<ast::Grant>(0).clause.grant_option);
  CHECK(out.get<ast::Grant>(0).objects.at(0).kind.text == "schema");
  const auto& functions = out.get<ast::Grant>(1).objects;
  CHECK(functions.at(0).arguments->text == "text");
  CHECK(functions.at(1).kind.text == "function");
  CHECK(functions.at(1).arguments->text.empty());
  CHECK(out.get<ast::Grant>(2).objects.at(1).kind.text == "table");
  CHECK(out.get<ast::Grant>(2).clause.privileges.at(0).columns.size() == 2);
  CHECK(out.get<ast::Grant>(3).objects.at(0).path.at(0).text == "schema");
  CHECK(out.get<ast::Grant>(4).objects.at(0).kind.text == "all tables in schema");
  CHECK(out.get<ast::Grant>(5).clause.privileges.at(0).name.text == "all");
}

TEST_CASE("comments and owners") {
  const Parsed out = clean(
      "comment on constraint c on app.t 'w';\ncomment on column s.t.c 'x';\n"
      "comment on materialized view v is 'y';\ncomment on cast (a as b) 'z';\n"
      "owner of function f() to r;\ncomment on operator app.=== (text, text) 'o';");
  CHECK(out.get<ast::Comment>(0).object.on->name.text == "t");
  CHECK(out.get<ast::Comment>(1).object.path.size() == 3);
  CHECK(out.get<ast::Comment>(2).object.kind.text == "materialized view");
  CHECK(out.get<ast::Comment>(3).object.arguments->text == "a as b");
  CHECK(out.get<ast::Owner>(4).role.text == "r");
  CHECK(out.get<ast::Comment>(5).object.path.at(1).text == "===");
}

TEST_CASE("renames") {
  const Parsed out = clean(
      "rename table app.deals -> opportunities { keep view deals; keep names; keep in step; }\n"
      "rename constraint t.c -> d;\nrename value app.stage 'won' -> 'closed';\n"
      "rename column value.value -> value;\nrename function f(integer) -> g;");
  const auto& table = out.get<ast::Rename>();
  CHECK(table.to.text == "opportunities");
  CHECK(table.keep_view->text == "deals");
  CHECK(table.keep_names);
  CHECK(table.keep_in_step);
  CHECK(out.get<ast::Rename>(1).object.path.size() == 2);
  CHECK(out.get<ast::RenameValue>(2).to.value == "closed");
  CHECK(out.get<ast::Rename>(3).to.text == "value");
  CHECK(out.get<ast::Rename>(4).object.arguments->text == "integer");
}

TEST_CASE("drops") {
  const Parsed out = clean(
      "drop column a.b, app.c.d keep archive;\ndrop table app.scratch irreversible;\ndrop view v;\n"
      "drop function f(integer), g();\ndrop type t;\ndrop index s.i;\ndrop schema s;\n"
      "drop value app.stage 'lost' using 'x';\ndrop value app.stage 'lost';\ndrop cast (a as b);\n"
      "drop table table_name, value;\ndrop constraint c on t;");
  CHECK(out.get<ast::Drop>().objects.at(1).path.size() == 3);
  CHECK(out.get<ast::Drop>().keep_archive);
  CHECK(out.get<ast::Drop>(1).irreversible);
  CHECK(out.get<ast::Drop>(3).objects.at(1).arguments->text.empty());
  CHECK(out.get<ast::Drop>(6).objects.at(0).kind.text == "schema");
  CHECK(out.get<ast::DropValue>(7).replacement->value == "x");
  CHECK_FALSE(out.get<ast::DropValue>(8).replacement);
  CHECK(out.get<ast::Drop>(9).objects.at(0).kind.text == "cast");
  CHECK(out.get<ast::Drop>(11).objects.at(0).on->name.text == "t");
}

TEST_CASE("change column and rebuild") {
  const Parsed out = clean(
      "change column app.t.c to double precision using c::float8 reverse using c::integer;\n"
      "rebuild table app.users keep old as users_old;");
  CHECK(out.get<ast::ChangeColumn>().table.schema->text == "app");
  CHECK(out.get<ast::ChangeColumn>().type.text == "double precision");
  CHECK(out.get<ast::ChangeColumn>().reverse_using->text == "c::integer");
  CHECK(out.get<ast::Rebuild>(1).keep_old_as->text == "users_old");
}

TEST_CASE("spans cover the declaration and the fragment exactly") {
  const Parsed out = clean("  table t { a int default  /* c */ 1 + 1  -- d\n ; }\n");
  CHECK(out.sources->text(out.get<ast::Table>().span).ends_with("; }"));
  const auto& value = *out.item<ast::Column>().default_value;
  CHECK(out.sources->text(value.span) == value.text);
  CHECK(value.text == "1 + 1");
}

TEST_CASE("a foreign table has a server, options, and the items of a table") {
  const Parsed out = clean(
      "foreign table a.t server s options (x 'y') { id int options (c 'd', e 'f') not null default options; }"
      "foreign table u server \"S\" { }");
  const auto& table = out.get<ast::ForeignTable>();
  CHECK(table.name.schema->text == "a");
  CHECK(table.server.text == "s");
  CHECK(table.options->text == "x 'y'");
  const auto& column = std::get<ast::Column>(table.items.at(0));
  CHECK(column.options->text == "c 'd', e 'f'");
  CHECK(column.default_value->text == "options");
  CHECK(out.get<ast::ForeignTable>(1).server.text == "S");
  CHECK_FALSE(out.get<ast::ForeignTable>(1).options);
}

TEST_CASE("the rules cannot loop") { CHECK(grammar::self_check() == 0); }
