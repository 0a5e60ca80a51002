// SPDX-License-Identifier: Apache-2.0
#include "base/identifier.h"

#include <catch2/catch.hpp>

using namespace godwit;

TEST_CASE("an identifier is quoted when, and only when, PostgreSQL needs it") {
  CHECK(quoted("contacts") == "contacts");
  CHECK(quoted("_x1$") == "_x1$");
  CHECK(quoted("comment") == "comment");
  CHECK(quoted("Contacts") == "\"Contacts\"");
  CHECK(quoted("1st") == "\"1st\"");
  CHECK(quoted("two words") == "\"two words\"");
  CHECK(quoted("a\"b") == "\"a\"\"b\"");
  CHECK(quoted("\xC3\xA9t\xC3\xA9") == "\"\xC3\xA9t\xC3\xA9\"");
  CHECK(quoted("") == "\"\"");
}

TEST_CASE("keywords are quoted unless every supported server takes them bare") {
  for (const char* word : {"user", "all", "with", "integer", "left", "json_table", "system_user", "merge_action"}) {
    CHECK(quoted(word) == '"' + std::string(word) + '"');
  }
  for (const char* word : {"index", "owner", "value", "name", "type", "year"}) CHECK(quoted(word) == word);
}

TEST_CASE("a qualified name quotes each part") {
  CHECK(quoted("app", "user") == "app.\"user\"");
  CHECK(quoted("App", "t") == "\"App\".t");
  CHECK(quoted("", "t") == "t");
}

TEST_CASE("literals survive quotes and backslashes") {
  CHECK(literal("") == "''");
  CHECK(literal("it's") == "'it''s'");
  CHECK(literal("C:\\dir's") == "E'C:\\\\dir''s'");
}

TEST_CASE("the tag of a dollar quote does not occur in the text") {
  CHECK(dollar_quoted("select 1") == "$$select 1$$");
  CHECK(dollar_quoted("do $$ x $$") == "$body$do $$ x $$$body$");
  CHECK(dollar_quoted("costs 5$") == "$body$costs 5$$body$");
  CHECK(dollar_quoted("$$ $body$") == "$body2$$$ $body$$body2$");
  CHECK(dollar_quoted("x", "f") == "$f$x$f$");
  CHECK(dollar_quoted("$f$", "f") == "$f1$$f$$f1$");
}

TEST_CASE("folding touches ASCII letters alone") { CHECK(folded("MyTable_\xC3\x89") == "mytable_\xC3\x89"); }

TEST_CASE("a text is cut between characters") {
  CHECK(truncated("abc", 5) == "abc");
  CHECK(truncated("abc", 2) == "ab");
  CHECK(truncated("a\xC3\xA9", 2) == "a");
  CHECK(truncated("\xC3\xA9", 1).empty());
}

TEST_CASE("the closest name is offered when it is likely meant") {
  const std::vector<std::string> names{"orders", "customers", "Invoices"};
  CHECK(closest("customer", names) == "customers");
  CHECK(closest("cusotmers", names) == "customers");
  CHECK(closest("invoices", names) == "Invoices");
  CHECK(closest("ORDERS", names) == "orders");
  CHECK_FALSE(closest("shipments", names).has_value());
  CHECK_FALSE(closest("x", {"y"}).has_value());
  CHECK_FALSE(closest("x", {}).has_value());
}

TEST_CASE("between equally close names the first in the alphabet is offered") {
  CHECK(closest("cat", {"cut", "bat"}) == "bat");
  CHECK(closest("cat", {"bat", "cut"}) == "bat");
}

// Expected names are those of a server (PostgreSQL 15).
TEST_CASE("default names are those of PostgreSQL") {
  CHECK(default_object_name("contacts", "", "pkey") == "contacts_pkey");
  CHECK(default_object_name("contacts", "user_id_display_name", "key") == "contacts_user_id_display_name_key");
  const std::string long_table(63, 't');
  const std::string long_column(63, 'c');
  CHECK(default_object_name(long_table, "", "pkey") == std::string(58, 't') + "_pkey");
  CHECK(default_object_name(long_table, "id", "key") == std::string(56, 't') + "_id_key");
  CHECK(default_object_name("short", long_column, "fkey") == "short_" + std::string(52, 'c') + "_fkey");
  CHECK(default_object_name(long_table, long_column, "idx") ==
        std::string(29, 't') + '_' + std::string(29, 'c') + "_idx");
  std::string accents;
  for (int i = 0; i < 31; ++i) accents += "\xC3\xA9";
  CHECK(default_object_name("a" + accents, "", "pkey") == ("a" + accents).substr(0, 57) + "_pkey");
}
