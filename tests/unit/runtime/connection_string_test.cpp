// SPDX-License-Identifier: Apache-2.0
#include "runtime/connection_string.h"

#include <catch2/catch.hpp>

using godwit::ConnectionString;

TEST_CASE("passwords are masked as written and as decoded") {
  const ConnectionString url("postgresql://me:p%40ss@host:5432/db?sslmode=require");
  CHECK(url.readable());
  CHECK(url.masked("no p%40ss, no p@ss, me") == "no ****, no ****, me");
  CHECK(url.has("sslmode"));
  CHECK_FALSE(url.has("connect_timeout"));
  const ConnectionString query("postgres:///db?host=/tmp&password=abc");
  CHECK(query.masked("abc") == "****");
  const ConnectionString keywords(R"(host = x password = 'it\'s' user=me)");
  CHECK(keywords.readable());
  CHECK(keywords.has("user"));
  CHECK(keywords.masked("it's it\\'s me") == "**** **** me");
  CHECK(ConnectionString("").readable());
  CHECK(ConnectionString("").masked("as it is") == "as it is");
}

TEST_CASE("strings that libpq would take apart in the wrong place are not readable") {
  for (const char* text : {"password=my secret", "secret", "password='open", "host=x =y", "postgresql://u:a/b@host/db",
                           "postgresql://u:a@b@host/db", "postgresql://u:a#b@host/db", "postgresql://host/db?secret",
                           "postgresql://u:a?b@host/db"}) {
    CAPTURE(text);
    CHECK_FALSE(ConnectionString(text).readable());
  }
  for (const char* text : {"postgresql://host/db", "postgresql://u@host/db", "postgresql://%2Ftmp/db", "postgres://",
                           "host=x  dbname = 'a b' "}) {
    CAPTURE(text);
    CHECK(ConnectionString(text).readable());
  }
}

TEST_CASE("an option is added where it belongs") {
  CHECK(ConnectionString("host=x").with("dbname", "it's").text() == "host=x dbname='it\\'s'");
  CHECK(ConnectionString("postgresql://host/db").with("dbname", "a b").text() == "postgresql://host/db?dbname=a%20b");
  CHECK(ConnectionString("postgresql://host/db?x=1").with("user", "u").text() == "postgresql://host/db?x=1&user=u");
}
