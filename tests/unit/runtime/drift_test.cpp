// SPDX-License-Identifier: Apache-2.0
#include "runtime/drift.h"

#include <catch2/catch.hpp>

using namespace godwit;

TEST_CASE("two catalogs are compared by key") {
  const std::vector<CatalogRow> expected = {{{"s", "column", "s.u.a"}, "text"}, {{"s", "table", "s.t"}, ""}};
  const std::vector<CatalogRow> actual = {{{"s", "column", "s.u.a"}, "integer"}, {{"s", "view", "s.v"}, " select 1"}};
  const auto differences = compare(expected, actual);
  REQUIRE(differences.size() == 3);
  CHECK(describe(differences, "ledger") ==
        std::vector<std::string>{"~ column s.u.a differs: ledger `text`, database `integer`",
                                 "- table s.t is missing in the database", "+ view s.v is only in the database"});
  CHECK(compare(expected, expected).empty());
}

TEST_CASE("what belongs to a missing thing is told by its line") {
  const std::vector<CatalogRow> table = {{{"s", "column", "s.t.a"}, "text"},
                                         {{"s", "grant", "table s.t to app"}, "SELECT"},
                                         {{"s", "owner", "table s.t"}, "app"},
                                         {{"s", "table", "s.t"}, ""}};
  CHECK(describe(compare(table, {}), "ledger") == std::vector<std::string>{"- table s.t is missing in the database"});
  std::vector<CatalogRow> schema = table;
  schema.push_back({{"s", "schema", "s"}, ""});
  CHECK(describe(compare({}, schema), "ledger") == std::vector<std::string>{"+ schema s is only in the database"});
}

TEST_CASE("of a long definition the line that differs is shown") {
  const std::vector<CatalogRow> one = {{{"s", "function", "s.f()"}, "begin\n  return 1;\nend"}};
  const std::vector<CatalogRow> two = {{{"s", "function", "s.f()"}, "begin\n  return 2;\nend"}};
  CHECK(describe(compare(one, two), "ledger") ==
        std::vector<std::string>{"~ function s.f() differs: ledger `  return 1;`, database `  return 2;`"});
}

TEST_CASE("many lines are counted") {
  CHECK(joined({"a", "b", "c"}, 2) == "a\nb\n… and 1 more");
  CHECK(joined({"a"}, 2) == "a");
}
