// SPDX-License-Identifier: Apache-2.0
// Servers that cannot be reached or used. No message ever holds the password.
#include "pooler.h"
#include "support.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

using namespace godwit;
using namespace godwit::test;

namespace {

RuntimeError failure(const std::string& connection) {
  const auto outcome = apply(connection, {compiled(table_sketch("m1", "a"))}, {}, {});
  REQUIRE(error_of(outcome) != nullptr);
  const RuntimeError error = *error_of(outcome);
  for (const std::string& text : {error.message, error.server_message, error.detail, error.hint}) {
    CHECK(text.find("s3cret") == std::string::npos);
  }
  CHECK_FALSE(error.hint.empty());
  return error;
}

}  // namespace

TEST_CASE("an unreachable server") {
  const RuntimeError error = failure("host=/tmp/no-such-folder user=me password=s3cret dbname=shop");
  CHECK(error.kind == RuntimeError::Kind::connection);
  CHECK(error.code == "GW5001");
  CHECK(error.message.find("cannot connect") == 0);
  CHECK(failure("postgresql://me:s3cret@127.0.0.1:1/shop").code == "GW5001");
}

TEST_CASE("a wrong password, a missing database, a missing role") {
  const Database database;
  const std::string role = "r_" + database.name();
  database.exec("create role " + role + " login password 'right';");
  // The private server trusts everyone; this line of pg_hba.conf asks this role for its password.
  const std::string hba = std::string(std::getenv("GODWIT_TEST_PGDATA")) + "/pg_hba.conf";
  std::ifstream in(hba);
  const std::string before((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::ofstream(hba) << "local all " << role << " scram-sha-256\n" << before;
  database.exec("select pg_reload_conf();");
  RuntimeError error;
  for (int tries = 0; tries < 50; ++tries) {  // the reload takes a moment
    error = failure(database.connection() + " user=" + role + " password=s3cret");
    if (error.message.find("password") != std::string::npos) break;
  }
  std::ofstream(hba) << before;
  database.exec("select pg_reload_conf(); drop role " + role + ";");
  CHECK(error.code == "GW5001");
  CHECK(error.message.find("password authentication failed") != std::string::npos);
  CHECK(error.hint.find("check user and password") == 0);

  CHECK(failure("dbname=nowhere password=s3cret").message.find("database \"nowhere\" does not exist") !=
        std::string::npos);
  CHECK(failure("user=nobody_here password=s3cret").hint.find("createuser") != std::string::npos);
}

TEST_CASE("a connection string that cannot be read is not quoted") {
  for (const char* text : {"password=my s3cret", "host=x password='s3cret", "postgresql://u:s3cret@1/@host/db",
                           "postgresql://u:p@s3cret@host:5432/db", "s3cret"}) {
    const RuntimeError error = failure(text);
    CHECK(error.code == "GW5002");
    CHECK(error.kind == RuntimeError::Kind::usage);
  }
}

TEST_CASE("missing privileges") {
  const Database database;
  const std::string role = "r_" + database.name();
  database.exec("create role " + role + " login;");
  const RuntimeError no_ledger = failure(database.connection() + " user=" + role);
  CHECK(no_ledger.code == "GW5005");
  CHECK(no_ledger.hint.find("grant create on database") != std::string::npos);
  REQUIRE(summary(apply(database.connection(), {compiled(table_sketch("m0", "z"))}, {}, {})) == "m0 applied");
  CHECK(failure(database.connection() + " user=" + role).code == "GW5005");

  const Database own;
  own.exec("grant create on database " + own.name() + " to " + role +
           "; create schema app_x; create table app_x.t (id int);");
  Sketch sketch = table_sketch("m1", "a");
  sketch.up.push_back({"alter app_x.t", "specs/m1.gw:8", {}, "alter table app_x.t add column c integer;"});
  const auto outcome = apply(own.connection() + " user=" + role, {compiled(sketch)}, {}, {});
  REQUIRE(error_of(outcome) != nullptr);
  CHECK(error_of(outcome)->code == "GW5005");
  CHECK(error_of(outcome)->place == "specs/m1.gw:8");
  own.exec("drop owned by " + role + ";");
  database.exec("drop role " + role + ";");
}

TEST_CASE("a server that takes no writes") {
  const Database database;
  database.exec("alter database " + database.name() + " set default_transaction_read_only = on;");
  CHECK(failure(database.connection()).code == "GW5006");
}

TEST_CASE("a pooler in transaction mode is noticed, and nothing stays behind in its server process") {
  const Database database;
  {
    const Pooler pooler(database.name());
    const RuntimeError error = failure(pooler.connection());
    CHECK(error.code == "GW5004");
    CHECK(error.kind == RuntimeError::Kind::refused);
    CHECK(database.value("select count(*) from pg_locks where locktype = 'advisory'") == "0");
    Session behind = std::move(*Session::open(ConnectionString(pooler.connection()), "test"));
    CHECK(behind.exec("select 1;"));
  }
  CHECK(database.value("select to_regnamespace('godwit') is null") == "t");
}
