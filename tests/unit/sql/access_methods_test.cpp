// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/access_methods.h"
#include "test_world.h"

#include <catch2/catch.hpp>

using namespace godwit;

TEST_CASE("what the index methods can do") {
  REQUIRE(sql::access_method("btree") != nullptr);
  CHECK(sql::access_method("btree")->unique);
  CHECK(sql::access_method("btree")->ordered);
  REQUIRE(sql::access_method("hash") != nullptr);
  CHECK_FALSE(sql::access_method("hash")->several_columns);
  CHECK(sql::access_method("hash")->excludes);
  REQUIRE(sql::access_method("gin") != nullptr);
  CHECK_FALSE(sql::access_method("gin")->excludes);
  CHECK_FALSE(sql::access_method("gin")->includes);
  CHECK(sql::access_method("gist")->includes);
  CHECK(sql::access_method("spgist")->includes);
  CHECK(sql::access_method("bitmap") == nullptr);
  for (const std::string& name : sql::access_method_names()) CHECK(sql::access_method(name) != nullptr);
}

TEST_CASE("operator classes by method and type") {
  tests::TestWorld world;
  world.type("app", "mood");
  world.type("app", "email", Kind::domain, "text");
  world.type("app", "address", Kind::composite_type);
  const auto fault = [&](const char* method, std::vector<std::string> name, const char* type) {
    return sql::class_fault(method, name, type, world);
  };
  CHECK(fault("btree", {}, "integer") == "");
  CHECK(fault("btree", {}, "app.mood") == "");
  CHECK(fault("btree", {}, "app.email") == "");
  CHECK(fault("btree", {}, "app.address") == "");
  CHECK(fault("btree", {}, "integer[]") == "");
  CHECK(fault("btree", {"text_pattern_ops"}, "text") == "");
  CHECK(fault("btree", {"pg_catalog", "text_pattern_ops"}, "character varying(5)") == "");
  CHECK(fault("btree", {"app", "my_ops"}, "integer") == "");
  CHECK(fault("gin", {}, "jsonb") == "");
  CHECK(fault("gin", {"jsonb_path_ops"}, "jsonb") == "");
  CHECK(fault("gin", {}, "text[]") == "");
  CHECK(fault("gist", {}, "int4range") == "");
  CHECK(fault("brin", {}, "timestamp with time zone") == "");
  CHECK(fault("my_method", {}, "integer") == "");

  CHECK(fault("btree", {}, "json") == "type `json` has no default operator class for btree");
  CHECK(fault("gin", {}, "text") == "type `text` has no default operator class for gin");
  CHECK(fault("gist", {}, "integer") == "type `integer` has no default operator class for gist");
  CHECK(fault("btree", {"text_pattern_ops"}, "integer") ==
        "operator class `text_pattern_ops` is not for type `integer`");
  CHECK(fault("gin", {"text_pattern_ops"}, "text") == "gin has no operator class `text_pattern_ops`");

  world.extensions = true;
  CHECK(fault("gin", {"gin_trgm_ops"}, "text") == "");
  CHECK(fault("gist", {}, "integer") == "");
}
