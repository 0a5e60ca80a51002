// SPDX-License-Identifier: Apache-2.0
// Owners, grants, comments.
#include "tests/unit/kinds/specs.h"

#include "compiler/kinds/privileges.h"

#include <catch2/catch.hpp>

using namespace godwit;
using tests::key;
using tests::Specs;
using Codes = std::vector<std::string>;

namespace {

const ObjectKey table = key(Kind::table, "public", "t");

ObjectKey grant_to(const std::string& role, const ObjectKey& target = table) {
  return satellite_of(Kind::grant, target, role);
}

}  // namespace

TEST_CASE("grants on a table add up") {
  Specs specs;
  specs.then(
      "table t { id int; name text; grant select, insert to app; grant update (name, id) to app with grant option; }\n"
      "grant delete on table t to app;");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(grant_to("app")) ==
        "grant delete, insert, select on table public.t to app;\n"
        "grant update (id, name) on table public.t to app with grant option");
  CHECK(specs.dropped(grant_to("app")) ==
        "revoke delete, insert, select, update (id, name) on table public.t from app");
}

TEST_CASE("a whole table states all grants on it, a later grant adds to them") {
  Specs specs;
  specs.then("table t { id int; grant select, insert to app; }").then("table t { id int; grant select to app; }");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.altered(grant_to("app")) == "revoke insert on table public.t from app");
  CHECK(specs.altered_back(grant_to("app")) == "grant insert on table public.t to app");
  specs.then("grant truncate on table t to app with grant option;");
  CHECK(specs.altered(grant_to("app")) == "grant truncate on table public.t to app with grant option");
  specs.then("revoke grant option for truncate on table t from app;");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.altered(grant_to("app")) == "revoke grant option for truncate on table public.t from app");
}

TEST_CASE("revoking a right on the table gives back those on its columns that stay") {
  Specs specs;
  specs.then("table t { id int; grant select to app; grant select (id) to app; }")
      .then("table t { id int; grant select (id) to app; }");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.altered(grant_to("app")) ==
        "revoke select on table public.t from app;\ngrant select (id) on table public.t to app");
}

TEST_CASE("PUBLIC may execute a function until that is revoked") {
  const ObjectKey f = key(Kind::function, "public", "f", "");
  const std::string text = "function f() returns int language sql as $$ select 1 $$;\n";
  Specs specs;
  specs.then(text + "revoke all on function f() from public;");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.created(grant_to("public", f)) == "revoke execute on routine public.f() from public");
  CHECK(specs.dropped(grant_to("public", f)) == "grant execute on routine public.f() to public");
  specs.then("grant execute on function f() to public;");
  CHECK(specs.catalog().find(grant_to("public", f)) == nullptr);
  specs.then("revoke all on function f() from public; grant execute on function f() to public;");
  CHECK(specs.findings() == Codes{});
  CHECK(specs.catalog().find(grant_to("public", f)) == nullptr);
}

TEST_CASE("mistakes in grants") {
  CHECK(Specs().then("table t { id int; grant execute to app; }").codes() == Codes{"GW1402"});
  CHECK(Specs().then("table t { id int; grant select (lost) to app; }").codes() == Codes{"GW1204"});
  CHECK(Specs().then("table t { id int; grant delete (id) to app; }").codes() == Codes{"GW1402"});
  CHECK(Specs().then("table t { id int; } revoke select on table t from app;").codes() == Codes{"GW2004"});
  CHECK(Specs().then("table t { id int; } revoke all on table t from public;").codes() == Codes{});
  CHECK(Specs().then("grant select on table lost to app;").codes() == Codes{"GW1206"});
}

TEST_CASE("owners") {
  Specs specs;
  specs.then("table t { id int; owner to app; } table u { id int; }");
  REQUIRE(specs.findings() == Codes{});
  const ObjectKey owner = satellite_of(Kind::owner, table);
  CHECK(specs.created(owner) == "alter table public.t owner to app");
  CHECK(specs.dropped(owner).empty());
  specs.then("owner of table t to \"Other\";");
  REQUIRE(specs.findings() == Codes{});
  CHECK(specs.altered(owner) == "alter table public.t owner to \"Other\"");
  CHECK(specs.altered_back(owner) == "alter table public.t owner to app");
  specs.then("owner of table u to app;");
  CHECK(specs.codes() == Codes{"GW2013"});
}

TEST_CASE("comments on parts, declared before them in the file") {
  Specs specs;
  specs.then(
      "comment on trigger touch on t 'Stamps'; comment on constraint positive on t 'Above zero'; comment on column "
      "t.id 'It''s';\n"
      "function f() returns trigger language plpgsql as $$ begin return new; end $$;\n"
      "table t { id int; constraint positive check (id > 0); trigger touch before update for each row execute function "
      "f(); }");
  REQUIRE(specs.findings() == Codes{});
  const auto comment = [&](Kind kind, const std::string& part) {
    return specs.created(satellite_of(Kind::comment, key(kind, "public", "t", part)));
  };
  CHECK(comment(Kind::trigger, "touch") == "comment on trigger touch on public.t is 'Stamps'");
  CHECK(comment(Kind::check, "positive") == "comment on constraint positive on public.t is 'Above zero'");
  CHECK(comment(Kind::column, "id") == "comment on column public.t.id is 'It''s'");
  CHECK(Specs().then("table t { id int; comment 'a'; } comment on table t 'b';").codes() == Codes{"GW1201"});
}

TEST_CASE("privileges as sets") {
  using kinds::privileges_of;
  using kinds::set_of;
  const std::vector<Privilege> privileges{
      {"select", {}, false}, {"select", {"a", "b"}, true}, {"update", {"a"}, false}};
  CHECK(privileges_of(set_of(privileges)) == privileges);
  CHECK(kinds::privilege_list(privileges) == "select, select (a, b), update (a)");
}
