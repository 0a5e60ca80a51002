// SPDX-License-Identifier: Apache-2.0
#include "runtime/errors.h"

#include "runtime/script_run.h"

#include <catch2/catch.hpp>

using namespace godwit;

TEST_CASE("the server's words are taken apart") {
  const ServerError error = read_server_error(
      "ERROR:  duplicate key\nsecond line\nLINE 1: insert …\n        ^\nDETAIL:  Key (id)=(1)\nHINT:  do "
      "this\nCONTEXT:  a\nb\n",
      "23505");
  CHECK(error.message == "duplicate key\nsecond line");
  CHECK(error.detail == "Key (id)=(1)");
  CHECK(error.hint == "do this");
  CHECK(error.context == "a\nb");
  CHECK(error.sqlstate == "23505");
  const ServerError verbose = read_server_error(
      "ERROR:  40P01: deadlock detected\nDETAIL:  a\nHINT:  b\nSCHEMA NAME:  s\nLOCATION:  DeadLockReport, "
      "deadlock.c:1150\n",
      "");
  CHECK(verbose.sqlstate == "40P01");
  CHECK(verbose.message == "deadlock detected");
  CHECK(verbose.detail == "a");
  CHECK(verbose.hint == "b");
}

TEST_CASE("a server that speaks another language is understood by its SQLSTATE") {
  const ServerError german = read_server_error(
      "FEHLER:  42501: keine Berechtigung für Schema app\nLINE 1: create …\nLOCATION:  aclcheck_error, aclchk.c:3652\n",
      "");
  CHECK(german.sqlstate == "42501");
  CHECK(german.message == "keine Berechtigung für Schema app");
  const ServerError chinese = read_server_error("错误:  42P01: 关系 \"t\" 不存在\n", "");
  CHECK(chinese.sqlstate == "42P01");
  CHECK(chinese.message == "关系 \"t\" 不存在");
  // No SQLSTATE: nothing is cut off.
  CHECK(read_server_error("ERROR:  note:  this and that", "P0001").message == "note:  this and that");
  CHECK(read_server_error("note:  this and that", "").message == "note:  this and that");
  const RuntimeError refused = connection_error(
      ConnectionString("dbname=app"),
      {"",
       "connection to server at \"db\", port 5432 failed: FATAL:  Passwort-Authentifizierung für Benutzer »me« "
       "fehlgeschlagen",
       "", "", "", true});
  CHECK(refused.hint == "the server answered and refused: check user, password and database");
}

TEST_CASE("servers older than 13 are refused") {
  CHECK_FALSE(refuse_old_server(130000));
  CHECK_FALSE(refuse_old_server(180004));
  const auto twelve = refuse_old_server(120005);
  REQUIRE(twelve);
  CHECK(twelve->code == "GW5003");
  CHECK(twelve->kind == RuntimeError::Kind::refused);
  CHECK(twelve->message == "the server is PostgreSQL 12.5, godwit needs 13 or newer");
  CHECK_FALSE(twelve->hint.empty());
  CHECK(refuse_old_server(90624)->message.find("9.6") != std::string::npos);
}

TEST_CASE("a failed step keeps its place and gets a way out") {
  const Script script{"up", "m1", "", {}, {}};
  const ScriptStep step{"create table app.t", "specs/m1.gw:4", {}, "create table app.t ();"};
  const ServerError taken{"42P07", "relation \"t\" already exists", "", "", "", false};
  const RuntimeError error = step_error(script, step, taken);
  CHECK(error.code == "GW5016");
  CHECK(error.message == "create table app.t: relation \"t\" already exists");
  CHECK(error.hint == "nothing was changed; see specs/m1.gw:4");
  CHECK(step_error(script, step, {"42501", "permission denied", "", "", "", false}).code == "GW5005");
  CHECK(step_error(script, step, {"GW001", "window closed", "", "wait", "", false}).kind ==
        RuntimeError::Kind::refused);
  CHECK(step_error(script, {"check before: x", "", {}, ""}, {"P0001", "3 rows", "", "", "", false}).code == "GW5028");
}

TEST_CASE("long statements are cut") {
  CHECK(excerpt("a\nb") == "a\nb");
  CHECK(excerpt("1\n2\n3\n4\n5\n6") == "1\n2\n3\n4\n5\n…");
}
