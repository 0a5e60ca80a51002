// SPDX-License-Identifier: Apache-2.0
#include "compiler/model/catalog.h"

#include "compiler/kinds/contract.h"

#include <catch2/catch.hpp>

using namespace godwit;

namespace {

const ObjectKey app{Kind::schema, {}, "app", {}, Kind::schema, {}};
const ObjectKey people{Kind::table, "app", "people", {}, Kind::schema, {}};

ObjectKey in_people(Kind kind, const std::string& name) { return {kind, "app", "people", name, Kind::schema, {}}; }

Column column(const std::string& name, int ordinal) {
  Column x;
  x.schema = "app";
  x.table = "people";
  x.name = name;
  x.type.text = "integer";
  x.ordinal.value = ordinal;
  return x;
}

Unique unique(const std::string& table, const std::string& name) {
  Unique x;
  x.schema = "app";
  x.table = table;
  x.name = name;
  x.columns = {"a"};
  return x;
}

Catalog with_people() {
  Catalog catalog(kinds::facts());
  Schema schema;
  schema.name = "app";
  catalog.put(schema);
  Table table;
  table.schema = "app";
  table.name = "people";
  catalog.put(table);
  return catalog;
}

std::vector<std::string> names(const std::vector<ObjectKey>& keys) {
  std::vector<std::string> out;
  for (const ObjectKey& key : keys) out.push_back(key.part);
  return out;
}

}  // namespace

TEST_CASE("children stand in the order of their ordinals, then of their keys") {
  Catalog catalog = with_people();
  catalog.put(column("z", 1));
  catalog.put(unique("people", "of_a"));
  catalog.put(column("a", 2));
  CHECK(names(catalog.children(people)) == std::vector<std::string>{"of_a", "z", "a"});
  CHECK(catalog.last_ordinal(people) == 2);
  catalog.erase(in_people(Kind::column, "a"));
  CHECK(names(catalog.children(people)) == std::vector<std::string>{"of_a", "z"});
  CHECK(catalog.last_ordinal(people) == 1);
  CHECK(catalog.last_ordinal(app) == 0);
}

TEST_CASE("an object is found by its key and only as what it is") {
  Catalog catalog = with_people();
  CHECK(catalog.get<Table>(people) != nullptr);
  CHECK(catalog.get<Column>(people) == nullptr);
  CHECK(catalog.find(in_people(Kind::column, "a")) == nullptr);
  CHECK(catalog.has(Kind::table));
  CHECK_FALSE(catalog.has(Kind::column));
  catalog.erase(people);
  CHECK_FALSE(catalog.has(Kind::table));
  CHECK(catalog.size() == 1);
}

TEST_CASE("the journal remembers what stood there when it began") {
  Catalog catalog = with_people();
  catalog.put(column("kept", 1));
  catalog.put(column("dropped", 2));
  catalog.begin_journal();
  catalog.erase(in_people(Kind::column, "dropped"));
  catalog.put(column("added", 3));
  Column changed = column("kept", 1);
  changed.not_null = true;
  catalog.put(changed);
  changed.statistics = 100;
  catalog.put(changed);

  CHECK(catalog.touched().size() == 3);
  CHECK(names(catalog.children(people)) == std::vector<std::string>{"kept", "added"});
  CHECK(names(catalog.children_before(people)) == std::vector<std::string>{"kept", "dropped"});
  CHECK(catalog.before(in_people(Kind::column, "added")) == nullptr);
  CHECK_FALSE(std::get<Column>(*catalog.before(in_people(Kind::column, "kept"))).not_null);
}

TEST_CASE("who needs an object is known, before and after") {
  Catalog catalog = with_people();
  catalog.put(column("a", 1));
  catalog.put(unique("people", "of_a"));
  catalog.begin_journal();
  CHECK(names(catalog.dependents(in_people(Kind::column, "a"))) == std::vector<std::string>{"of_a"});
  catalog.erase(in_people(Kind::unique, "of_a"));
  CHECK(catalog.dependents(in_people(Kind::column, "a")).empty());
  CHECK(names(catalog.dependents_before(in_people(Kind::column, "a"))) == std::vector<std::string>{"of_a"});
}

TEST_CASE("constraints are found by the name of their index, whatever their table") {
  Catalog catalog = with_people();
  catalog.put(unique("people", "once"));
  catalog.put(unique("places", "once"));
  CHECK(catalog.constraints_named("app", "once").size() == 2);
  catalog.erase(in_people(Kind::unique, "once"));
  CHECK(catalog.constraints_named("app", "once").size() == 1);
  CHECK(catalog.constraints_named("app", "never").empty());
}
