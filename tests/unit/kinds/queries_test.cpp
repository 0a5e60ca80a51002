// SPDX-License-Identifier: Apache-2.0
// Views, materialized views, functions, triggers, policies.
#include "tests/unit/kinds/specs.h"

#include <catch2/catch.hpp>

using namespace godwit;
using tests::key;
using tests::Specs;
using Codes = std::vector<std::string>;

namespace {

const ObjectKey view = key(Kind::view, "public", "v");
const std::string table = "table t { id int; name text; }\n";

}  // namespace

TEST_CASE("a view") {
  Specs specs;
  specs.then(table + "view v (a) with (security_barrier) as select id from t where id > 0;");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(view) ==
        "create view public.v (a) with (security_barrier = true) as\nselect id from public.t where id > 0");
  CHECK(specs.dropped(view) == "drop view public.v");
  const auto& object = *specs.catalog().get<View>(view);
  CHECK(object.output == std::vector<OutputColumn>{{"a", "integer"}});
  CHECK(Specs().then("view v with (security_invoker) as select 1 as a;", 14).codes() == Codes{"GW1403"});
}

TEST_CASE("a view is replaced where PostgreSQL takes it, and rebuilt where not") {
  Specs specs;
  specs.then(table + "view v as select id from t;").then("view v as select id, name from t;");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.altered(view) == "create or replace view public.v as\nselect id, name from public.t");
  CHECK(specs.altered_back(view) == "rebuild");
  specs.then("view v with (security_barrier) as select id, name from t;");
  CHECK(specs.altered(view) == "alter view public.v set (security_barrier = true)");
  CHECK(specs.altered_back(view) == "alter view public.v reset (security_barrier)");
}

TEST_CASE("views are declared in the order in which they read each other") {
  Specs specs;
  specs.then("view b as select a from v; view v as select id as a from t;" + table);
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.catalog().get<View>(key(Kind::view, "public", "b"))->output ==
        std::vector<OutputColumn>{{"a", "integer"}});
  CHECK(Specs().then("view a as select x from b; view b as select x from a;").codes() == Codes{"GW2003"});
  CHECK(Specs().then("view a as select x from a;").codes() == Codes{"GW2003"});
  CHECK(Specs().then(table + "view v as select id from t; view v as select id from t;").codes() == Codes{"GW1201"});
  CHECK(Specs().then(table + "view v as select id, name as id from t;").codes() == Codes{"GW1201"});
  CHECK(Specs().then(table + "view t as select 1 as a;").codes() == Codes{"GW1201"});
}

TEST_CASE("a recursive view") {
  Specs specs;
  specs.then("recursive view v (n) as select 1 union all select n + 1 from v where n < 10;");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(view) ==
        "create view public.v as\nwith recursive v (n) as (\nselect 1 union all select n + 1 from v where n < 10\n) "
        "select n from v");
}

TEST_CASE("a view keeps its column names when a column it reads is renamed") {
  Specs specs;
  specs.then(table + "view v as select id from t;").then("rename column t.id -> number;");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(view) == "create view public.v (id) as\nselect number from public.t");
}

TEST_CASE("a materialized view") {
  const ObjectKey totals = key(Kind::materialized_view, "public", "totals");
  Specs specs;
  specs.then(table +
             "materialized view totals with (fillfactor = 70) as select name, count(*) as n from t group by 1 { with "
             "no data; }");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(totals) ==
        "create materialized view public.totals with (fillfactor = 70) as\n"
        "select name, count(*) as n from public.t group by 1\nwith no data");
  specs.then("materialized view totals with (fillfactor = 80) as select name, count(*) as n from t group by 1;");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.altered(totals) == "alter materialized view public.totals set (fillfactor = 80)");
  specs.then("materialized view totals as select name from t;");
  CHECK(specs.altered(totals) == "rebuild");
}

TEST_CASE("a function") {
  const ObjectKey f = key(Kind::function, "public", "f", "integer, text");
  const std::string body = " returns bigint language sql as $$ select count(*) from t $$;";
  Specs specs;
  specs.then(table + "function f(a int, b text)" + body);
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(f) ==
        "create function public.f(a int, b text) returns bigint language sql as $$ select count(*) from t $$");
  CHECK(specs.dropped(f) == "drop function public.f(integer, text)");
  const auto& function = *specs.catalog().get<Function>(f);
  CHECK(function.result == "bigint");
  CHECK(function.parameters == 2);
  CHECK(function.required_parameters == 2);
  CHECK(std::find(function.body_references.begin(), function.body_references.end(), key(Kind::table, "public", "t")) !=
        function.body_references.end());
  CHECK(Specs()
            .then(table + "function f() returns int language sql as $$ select 1 $$; function f() returns int language "
                          "sql as $$ select 2 $$;")
            .codes() == Codes{"GW1201"});
}

TEST_CASE("a function is replaced where PostgreSQL takes it, and rebuilt where not") {
  const ObjectKey f = key(Kind::function, "public", "f", "integer");
  const auto alter = [&](const std::string& from, const std::string& to) {
    Specs specs;
    specs.then("function f" + from + ";").then("function f" + to + ";");
    REQUIRE(specs.findings() == Codes{});
    const std::string sql = specs.altered(f);
    return sql.substr(0, sql.find('('));
  };
  const std::string replaced = "create or replace function public.f";
  const std::string tail = " language sql as $$ select 1 $$", other = " language sql as $$ select 2 $$";
  CHECK(alter("(a int) returns int" + tail, "(a int) returns int" + other) == replaced);
  CHECK(alter("(int) returns int" + tail, "(a int) returns int" + tail) == replaced);
  CHECK(alter("(a int) returns int" + tail, "(a int = 1) returns int" + tail) == replaced);
  CHECK(alter("(a int = 1) returns int" + tail, "(a int) returns int" + tail) == "rebuild");
  CHECK(alter("(a int) returns int" + tail, "(b int) returns int" + tail) == "rebuild");
  CHECK(alter("(a int) returns int" + tail, "(a int) returns bigint" + tail) == "rebuild");
  CHECK(alter("(a int, out b int)" + tail, "(a int, out c int)" + tail) == "rebuild");
  CHECK(alter("(a int) returns table (x int)" + tail, "(a int) returns table (x int, y int)" + tail) == "rebuild");
}

TEST_CASE("function signatures name types and row types of the same file") {
  Specs specs;
  specs.then("function label(u t, c channel[]) returns setof v language sql as $$ select * from v $$;\n" + table +
             "enum channel ('a'); view v as select id from t;");
  REQUIRE(specs.findings() == Codes{});
  const ObjectKey label = key(Kind::function, "public", "label", "public.t, public.channel[]");
  CHECK(specs.created(label) ==
        "create function public.label(u public.t, c public.channel[]) returns setof public.v language sql as $$ select "
        "* from v $$");
}

TEST_CASE("secrets that everyone may read") {
  const std::string returns_token =
      "function f() returns table (access_token text) language sql as $$ select 'x' $$;\n";
  CHECK(Specs().then(returns_token).codes() == Codes{"GW3001"});
  CHECK(Specs().then(returns_token + "revoke all on function f() from public;").codes() == Codes{});
  CHECK(Specs()
            .then("table keys { api_key text; } function f() returns keys language sql as $$ select null::keys $$;")
            .codes() == Codes{"GW3001"});
  CHECK(Specs().then("function f(token text) returns int language sql as $$ select 1 $$;").codes() == Codes{});
  CHECK(Specs().then("function f() returns int language sql security definer as $$ select 1 $$;").codes() ==
        Codes{"GW3002"});
  CHECK(Specs()
            .then("function f() returns int language sql security definer set search_path = public as $$ select 1 $$;")
            .codes() == Codes{});
  CHECK(Specs().then("function f() returns int language sql return 1;", 13).codes() == Codes{"GW1403"});
}

TEST_CASE("a trigger") {
  const std::string function = "function f() returns trigger language plpgsql as $$ begin return new; end $$;\n";
  const ObjectKey trigger = key(Kind::trigger, "public", "t", "touch");
  Specs specs;
  specs.then(function +
             "table t { id int; name text;\n"
             "  trigger touch before update of name for each row when (old.name is distinct from new.name) execute "
             "function f(); }");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(trigger) ==
        "create trigger touch before update of name on public.t\n"
        "    for each row when (old.name is distinct from new.name) execute function public.f()");
  CHECK(specs.dropped(trigger) == "drop trigger touch on public.t");
  CHECK(Specs().then("table t { id int; trigger x before insert for each row execute function lost(); }").codes() ==
        Codes{"GW1205"});
  CHECK(Specs()
            .then("function g() returns int language sql as $$ select 1 $$;\n"
                  "table t { id int; trigger x before insert for each row execute function g(); }")
            .codes() == Codes{"GW1404"});
  CHECK(Specs()
            .then(function + "table t { id int; trigger x before update of lost for each row execute function f(); }")
            .codes() == Codes{"GW1204"});
}

TEST_CASE("a policy") {
  const ObjectKey policy = key(Kind::policy, "public", "t", "own");
  const auto with_policy = [](const std::string& text) {
    return "table t { id int; row level security; policy own " + text + "; }";
  };
  Specs specs;
  specs.then(with_policy("for update to app, reader using (id > 0) with check (id > 1)"));
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(policy) ==
        "create policy own on public.t for update to app, reader\n    using (id > 0)\n    with check (id > 1)");
  specs.then(with_policy("for update using (id > 0) with check (id > 2)"));
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.altered(policy) == "alter policy own on public.t to public\n    using (id > 0)\n    with check (id > 2)");
  specs.then(with_policy("for update using (id > 0)"));
  CHECK(specs.altered(policy) == "rebuild");
  CHECK(specs.altered_back(policy) ==
        "alter policy own on public.t to public\n    using (id > 0)\n    with check (id > 2)");
  CHECK(Specs().then("table t { id int; policy p using (id > 0); }").codes() == Codes{"GW2009"});
  CHECK(Specs().then(with_policy("for insert using (id > 0)")).codes() == Codes{"GW1402"});
  CHECK(Specs().then(with_policy("using (lost > 0)")).codes() == Codes{"GW1204"});
}

TEST_CASE("a value is renamed to a free name") {
  CHECK(Specs().then("enum e ('a', 'b');").then("rename value e 'a' -> 'b';").codes() == Codes{"GW2011"});
  CHECK(Specs().then("enum e ('a', 'b');").then("rename value e 'a' -> 'c'; enum e ('c', 'b');").codes() == Codes{});
}

TEST_CASE("what comes later is refused by name") {
  CHECK(Specs().then("text search parser p (start = a, gettoken = b, end = c, lextypes = d);").findings() ==
        Codes{"GW2005 a text search parser is not planned by this version of godwit"});
}

TEST_CASE("dynamic SQL that names what is renamed or dropped") {
  const std::string function =
      "function f() returns bigint language plpgsql as $$ declare n bigint; begin execute 'select count(name) from t' "
      "into n; "
      "return n; end $$;\n";
  CHECK(Specs().then(table + function).then("rename table t -> u;").codes() == Codes{"GW3004"});
  CHECK(Specs().then(table + function).then("drop column t.name;").codes() == Codes{"GW3004"});
  CHECK(Specs().then(table + function).then("drop column t.id;").codes() == Codes{});
}

TEST_CASE("a rename is carried into a function's signature, and into its body where the spec asks for it") {
  const std::string function =
      "function f(x t) returns setof t language sql as $$ select t.* from t where t.name = 'name' $$;\n";
  Specs specs;
  specs.then(table + function);
  const Object before = *specs.catalog().find(key(Kind::function, "public", "f", "public.t"));
  const ObjectKey new_key = key(Kind::function, "public", "f", "public.u");
  const kinds::Renames renames{{key(Kind::table, "public", "t"), key(Kind::table, "public", "u")},
                               {key(Kind::column, "public", "t", "name"), key(Kind::column, "public", "u", "label")},
                               {key(Kind::function, "public", "f", "public.t"), new_key}};
  const Object by_spec = kinds::renamed_object(before, renames, kinds::RenamedBy::spec);
  const Object by_server = kinds::renamed_object(before, renames, kinds::RenamedBy::server);
  CHECK(key_of(by_spec) == new_key);
  CHECK(std::get<Function>(by_spec).result == "setof public.u");
  const std::string head = "create function public.f(x public.u) returns setof public.u language sql as ";
  CHECK(kinds::create_object(by_spec, {}).front().sql == head + "$$ select u.* from u where u.label = 'name' $$");
  CHECK(kinds::create_object(by_server, {}).front().sql == head + "$$ select t.* from t where t.name = 'name' $$");
}
