// SPDX-License-Identifier: Apache-2.0
#include "tests/db/runtime/support.h"

#include <godwit/compile.h>
#include <godwit/prove.h>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace godwit;
using namespace godwit::test;

namespace {

std::vector<Migration> compiled_specs(const std::vector<SpecFile>& specs) {
  const Compilation compilation = compile({specs, {}});
  INFO(compilation.report(ReportFormat::text));
  REQUIRE(compilation.ok);
  std::vector<Migration> migrations;
  for (const CompiledMigration& one : compilation.migrations)
    migrations.push_back({one.id, one.up_sql, one.down_sql, one.finalize_sql, one.verify_sql});
  return migrations;
}

Proof proof_of(const std::string& connection, const std::vector<Migration>& migrations,
               const ProveOptions& options = {}) {
  const auto outcome = prove(connection, migrations, options, {});
  if (const auto* error = std::get_if<RuntimeError>(&outcome)) {
    INFO(error->message);
    REQUIRE(false);
  }
  return std::get<Proof>(outcome);
}

/// `proven the way back …: detail` of the claim that begins with `what`.
std::string claim_about(const MigrationProof& proof, const std::string& what) {
  for (const Claim& claim : proof.claims) {
    if (claim.what.find(what) != 0) continue;
    const std::string verdict = claim.verdict == Claim::Verdict::proven    ? "proven"
                                : claim.verdict == Claim::Verdict::refuted ? "refuted"
                                                                           : "not shown";
    return verdict + ": " + claim.detail;
  }
  return "no such claim";
}

const std::vector<SpecFile> people = {
    {"specs/1_people.gw", "schema app; table app.people { id integer primary key; name text not null; mail text; }"},
    {"specs/2_mails.gw",
     "table app.mails { id integer primary key references app.people; mail text not null; }"
     "move app.people -> app.mails { where mail is not null; set id = id, mail = mail; key (id); }"
     "drop column app.people.mail;"}};

int databases(const std::string& like) {
  const Database database;
  return std::stoi(database.value("select count(*) from pg_database where datname like '" + like + "'"));
}

}  // namespace

TEST_CASE("migrations are proven from nothing, with made rows, and nothing is left on the server") {
  const Database database;
  const Proof proof = proof_of(database.connection(), compiled_specs(people));
  REQUIRE(proof.migrations.size() == 2);
  CHECK(proof.holds());
  const MigrationProof& second = proof.migrations.back();
  CHECK(second.tables == 1);
  CHECK(second.rows == 10);
  CHECK(claim_about(second, "the way back gives back").find("proven: ") == 0);
  CHECK(claim_about(second, "cut off on its way up").find("proven: ") == 0);
  CHECK(claim_about(second, "cut off on its way down").find("proven: ") == 0);
  CHECK(claim_about(second, "applied again") == "proven: catalog and numbers of rows");
  CHECK_THAT(claim_about(second, "rows written in between"),
             Catch::StartsWith("not shown: ") && Catch::Contains("rows of before changed"));
  CHECK_THAT(claim_about(proof.migrations.front(), "rows written in between"), Catch::StartsWith("proven: "));
  CHECK(claim_about(second, "finalize") == "proven: ");
  CHECK(databases("godwit\\_prove%") == 0);
  CHECK(database.value("select count(*) from pg_namespace where nspname in ('app', 'godwit')") == "0");
}

TEST_CASE("a copy of a database is proven with its own rows, only what is pending there") {
  const Database database;
  std::vector<Migration> migrations = compiled_specs(people);
  REQUIRE(std::holds_alternative<RunReport>(apply(database.connection(), {migrations.front()}, {}, {})));
  database.exec("insert into app.people values (1, 'Ada', 'ada@example.org'), (2, 'Bob', null)");
  ProveOptions options;
  options.copies_database = true;
  SECTION("nobody is connected") {
    const Proof proof = proof_of(database.connection(), migrations, options);
    REQUIRE(proof.migrations.size() == 1);
    CHECK(proof.holds());
    CHECK(proof.migrations.front().rows == 2);
    CHECK(database.value("select string_agg(p::text, ' ' order by id) from app.people p") ==
          "(1,Ada,ada@example.org) (2,Bob,)");
  }
  SECTION("somebody is") {
    const Session session = open(database);
    const auto outcome = prove(database.connection(), migrations, options, {});
    const auto* error = std::get_if<RuntimeError>(&outcome);
    REQUIRE(error != nullptr);
    CHECK(error->sqlstate == "55006");
    CHECK(error->message.find("copying the database " + database.name()) != std::string::npos);
  }
  CHECK(databases("godwit\\_prove%") == 0);
}

TEST_CASE("a way back that is not one is refuted, with what differs") {
  const Database database;
  Sketch sketch = table_sketch("m1", "a");
  SECTION("it leaves something behind") {
    sketch.down.insert(sketch.down.begin(), {"a leftover", "", {}, "create table public.left_over (a integer);"});
  }
  SECTION("it fails") { sketch.down.insert(sketch.down.begin(), {"a mistake", "", {}, "select 1 / 0;"}); }
  ProveOptions options;
  options.boundaries = 0;
  const Proof proof = proof_of(database.connection(), {compiled(sketch)}, options);
  CHECK_FALSE(proof.holds());
  const std::string claim = claim_about(proof.migrations.front(), "the way back gives back");
  CHECK((claim.find("refuted: + table public.left_over is only in the database") == 0 ||
         claim.find("division by zero") != std::string::npos));
}

TEST_CASE("a way back that loses rows written in between is refuted") {
  const Database database;
  Sketch careless = table_sketch("m2", "b");
  careless.down.push_back({"a mistake", "", {}, "delete from app_a.a where id > 10;"});
  ProveOptions options;
  options.ids = {"m2"};
  options.boundaries = 0;
  const Proof proof = proof_of(database.connection(), {compiled(table_sketch("m1", "a")), compiled(careless)}, options);
  CHECK_FALSE(proof.holds());
  CHECK_THAT(claim_about(proof.migrations.front(), "the way back gives back"), Catch::StartsWith("proven: "));
  CHECK_THAT(claim_about(proof.migrations.front(), "rows written in between"),
             Catch::StartsWith("refuted: ") && Catch::Contains("rows are gone"));
}

TEST_CASE("work that a lost connection does not take back is refuted") {
  const Database database;
  Sketch sketch = table_sketch("m1", "a");
  sketch.down.insert(sketch.down.begin(), {{"less", "", {}, "alter table app_a.a add column b integer;"},
                                           {"a commit too many", "", {}, "commit; begin;"}});
  const Proof proof = proof_of(database.connection(), {compiled(sketch)});
  CHECK_FALSE(proof.holds());
  CHECK_THAT(claim_about(proof.migrations.front(), "cut off on its way down"),
             Catch::StartsWith("refuted: after `a commit too many`"));
}

TEST_CASE("what cannot be shown is said, and refutes nothing") {
  const Database database;
  SECTION("rows that a check of before stops") {
    std::vector<SpecFile> specs = people;
    specs.back().text += "check 'nobody is here' before { none of app.people; }";
    const Proof proof = proof_of(database.connection(), compiled_specs(specs));
    CHECK(proof.holds());
    CHECK(claim_about(proof.migrations.back(), "it applies to generated rows").find("not shown: ") == 0);
    CHECK(claim_about(proof.migrations.back(), "the way back gives back").find("proven: ") == 0);
  }
  SECTION("an irreversible migration") {
    const Proof proof =
        proof_of(database.connection(),
                 compiled_specs({people.front(), {"specs/2_drop.gw", "drop table app.people irreversible;"}}));
    CHECK(proof.holds());
    CHECK(claim_about(proof.migrations.back(), "the way back").find("not shown: the spec calls it irreversible") == 0);
  }
}

TEST_CASE("a migration that does not apply ends the proof") {
  const Database database;
  Sketch sketch = table_sketch("m1", "a");
  sketch.up.push_back({"a mistake", "specs/m1.gw:3", {}, "select 1 / 0;"});
  const Proof proof = proof_of(database.connection(), {compiled(sketch), compiled(table_sketch("m2", "b"))});
  REQUIRE(proof.migrations.size() == 1);
  CHECK(claim_about(proof.migrations.front(), "it applies").find("refuted: ") == 0);
}

TEST_CASE("single migrations are proven where they stand; unknown ones are refused") {
  const Database database;
  ProveOptions options;
  options.ids = {"2_mails"};
  const Proof proof = proof_of(database.connection(), compiled_specs(people), options);
  REQUIRE(proof.migrations.size() == 1);
  CHECK(proof.migrations.front().id == "2_mails");
  options.ids = {"3_nothing"};
  const auto outcome = prove(database.connection(), compiled_specs(people), options, {});
  REQUIRE(std::holds_alternative<RuntimeError>(outcome));
  CHECK(std::get<RuntimeError>(outcome).code == "GW5024");
}

TEST_CASE("roles that the specs name are made on a server of one's own") {
  const Database database;
  const auto specs = compiled_specs(
      {{"specs/1_a.gw",
        "schema app; table app.t { id integer primary key; grant select to \"prove role\"; owner to prove_owner; }"}});
  ProveOptions options;
  const Proof without = proof_of(database.connection(), specs, options);
  CHECK(claim_about(without.migrations.front(), "it applies").find("does not exist") != std::string::npos);
  options.creates_missing_roles = true;
  CHECK(proof_of(database.connection(), specs, options).holds());
  database.exec("drop role \"prove role\"; drop role prove_owner");
}
