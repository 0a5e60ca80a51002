// SPDX-License-Identifier: Apache-2.0
// What steps are made of, without a server: order, kept tables, triggers, needs, remarks. What they do is in
// tests/db/data.
#include "tests/support/data_project.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace {

using namespace godwit;
using namespace godwit::test;

struct Tokens : Project {
  Tokens() {
    table("app.users", {{"id", "text", true}, {"email", "text", true}, {"token", "text"}, {"flag", "boolean"}}, {"id"});
    touch_trigger("app.users", "touch");
    begin();
    table("app.links", {{"user_id", "text", true}, {"service", "text", true}, {"account", "text"}, {"token", "text"}},
          {"user_id", "service"});
    drop_column("app.users", "token");
  }

  data::Move gmail() const {
    return move("gmail", "app.users", "app.links", "token is not null",
                {{"user_id", "id"}, {"service", "'gmail'"}, {"account", "email"}, {"token", "token"}},
                {"user_id", "service"});
  }
};

std::vector<std::string> titles(const Statements& statements) {
  std::vector<std::string> all;
  for (const Statement& statement : statements) all.push_back(statement.title);
  return all;
}

}  // namespace

TEST_CASE("a move keeps, moves, and goes back the other way round") {
  const Tokens project;
  const std::vector<Step> steps = project.steps(project.gmail());
  REQUIRE(steps.size() == 1);
  const Step& step = steps.front();
  CHECK(step.phase == Phase::move);
  CHECK(step.title == "move gmail");
  CHECK(step.keeps);
  CHECK(step.fills == std::vector<ObjectKey>{Project::key("app.links")});
  CHECK(std::find(step.uses_old.begin(), step.uses_old.end(), Project::column("app.users", "token")) !=
        step.uses_old.end());
  const std::string moved = step.finalize.front().sql.substr(std::string_view("drop table ").size());
  const std::string back = std::string(moved).replace(moved.find("moved"), 5, "back");
  CHECK(titles(step.up) == std::vector<std::string>{"make sure that schema godwit_kept exists",
                                                    "keep which rows of the source move, and where to",
                                                    "move gmail into app.links, every row accounted for"});
  CHECK(titles(step.down) ==
        std::vector<std::string>{
            "find the place of each row of app.links in app.users",
            "let it be updated where a publication takes in all tables",
            "hold back trigger touch on app.users: it must not change rows that are only moved",
            "what was withdrawn since does not come back to life", "carry what was written since back into app.users",
            "let trigger touch on app.users fire again", "make sure that godwit_kept.residue exists",
            "note rows of which app.users holds only a part", "remove from app.links what is back in app.users",
            "drop " + back, "drop " + moved});
  for (const Statement& statement : step.up) CHECK(statement.sql.back() != ';');
  CHECK(step == project.steps(project.gmail()).front());
}

TEST_CASE("a move that carries nothing back says so") {
  const Tokens project;
  data::Move move = project.gmail();
  move.no_reverse = true;
  const Step step = project.steps(move).front();
  CHECK(step.lossy);
  CHECK(script(step.down).find("update app.users") == std::string::npos);
}

TEST_CASE("a renamed source is read under its new name") {
  Tokens project;
  data::Move move = project.gmail();
  const auto rename = [&](const ObjectKey& from, const ObjectKey& to) { project.renames.emplace(from, to); };
  rename(Project::key("app.users"), Project::key("app.people"));
  for (const char* name : {"id", "email", "flag"})
    rename(Project::column("app.users", name), Project::column("app.people", name));
  rename(Project::column("app.users", "token"), Project::column("app.people", "token"));
  project.dropped = {Project::column("app.people", "token")};
  project.drop_table("app.users");
  project.dropped = {Project::column("app.people", "token")};
  project.table("app.people", {{"id", "text", true}, {"email", "text", true}, {"flag", "boolean"}}, {"id"});
  const Step step = project.steps(move).front();
  const std::string up = script(step.up), down = script(step.down);
  CHECK(up.find("from app.people") != std::string::npos);
  CHECK(up.find("app.users") == std::string::npos);
  CHECK(down.find("update app.people as source\n   set token = back.new_token") != std::string::npos);
  CHECK(down.find("app.users") == std::string::npos);
}

TEST_CASE("checks stand where they are evaluated") {
  Tokens project;
  data::Check check;
  check.title = "no empty token";
  check.table = Project::key("app.users");
  check.alias = "users";
  check.where = project.expression("token = ''", "app.users", true);
  check.when = data::Check::When::before;
  const Step before = project.steps(check).front();
  CHECK(before.phase == Phase::preflight);
  CHECK(before.title == "check before: no empty token");
  CHECK(before.down.empty());
  CHECK(before.up.front().sql.find("raise exception") == std::string::npos);
  CHECK(data::before_checks_verdict().up.front().sql.find("errcode = 'GW002'") != std::string::npos);
}

TEST_CASE("SQL written by hand has its own way back, or none") {
  const Tokens project;
  data::Escape escape{"partman", {Project::key("app.links")}, {}, " select 1; ", " select 2;\n", {}};
  const Step step = project.steps(escape).front();
  CHECK(script(step.up) == "select 1;\n");
  CHECK(script(step.down) == "select 2;\n");
  CHECK_FALSE(step.irreversible);
  escape.down.reset();
  CHECK(project.steps(escape).front().irreversible);
}
