// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/edges.h"

#include "compiler/kinds/contract.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace godwit;
using stages::Edge;

namespace {

const ObjectKey app = schema_key("app");
const ObjectKey people{Kind::table, "app", "people", {}, Kind::schema, {}};
const ObjectKey phones{Kind::table, "app", "phones", {}, Kind::schema, {}};

Table table(const ObjectKey& key) {
  Table x;
  x.schema = key.schema;
  x.name = key.name;
  return x;
}

ForeignKey phones_to_people() {
  ForeignKey x;
  x.schema = "app";
  x.table = "phones";
  x.name = "of";
  x.columns = {"person"};
  x.target = people;
  x.target_columns = {"id"};
  return x;
}

Catalog world() {
  Catalog catalog(kinds::facts());
  Schema schema;
  schema.name = "app";
  catalog.put(schema);
  catalog.put(table(people));
  catalog.put(table(phones));
  catalog.put(phones_to_people());
  return catalog;
}

Step making(const ObjectKey& key) {
  Step x;
  x.makes = {key};
  return x;
}

Step unmaking(const ObjectKey& key) {
  Step x;
  x.unmakes = {key};
  return x;
}

Step filling(const ObjectKey& key) {
  Step x;
  x.phase = Phase::move;
  x.fills = {key};
  return x;
}

bool has(const std::vector<Edge>& edges, const Edge& edge) {
  return std::find(edges.begin(), edges.end(), edge) != edges.end();
}

std::vector<Edge> edges(const std::vector<Step>& steps, const std::map<ObjectKey, ObjectPtr>& before = {}) {
  return stages::edges_between(steps, world(), before);
}

}  // namespace

TEST_CASE("an object is made after what it needs and what it belongs to") {
  const ObjectKey reference = key(phones_to_people());
  const auto found = edges({making(reference), making(phones), making(people), making(app)});
  CHECK(has(found, {1, 0, false}));
  CHECK(has(found, {2, 0, false}));
  CHECK(has(found, {3, 1, false}));
  CHECK(has(found, {3, 2, false}));
  CHECK_FALSE(has(found, {1, 2, false}));
}

TEST_CASE("an object goes before what it needed goes") {
  const ObjectKey reference = key(phones_to_people());
  const std::map<ObjectKey, ObjectPtr> before{{reference, std::make_shared<Object>(phones_to_people())}};
  CHECK(has(edges({unmaking(people), unmaking(reference)}, before), {1, 0, false}));
}

TEST_CASE("a name is free before it is taken again") {
  CHECK(has(edges({making(people), unmaking(people)}), {1, 0, false}));
}

TEST_CASE("rows of parents come before rows of children, and that may be broken") {
  CHECK(edges({filling(phones), filling(people)}) == std::vector<Edge>{{1, 0, true}});
}

TEST_CASE("a reference added to a table that is there comes after the rows moved into it") {
  const ObjectKey reference = key(phones_to_people());
  CHECK(edges({making(reference), filling(phones)}) == std::vector<Edge>{{1, 0, true}});
  CHECK_FALSE(has(edges({making(reference), filling(phones), making(phones)}), {1, 0, true}));
}

TEST_CASE("what reads an old object comes before its end") {
  Step reader;
  reader.uses_old = {people};
  CHECK(edges({unmaking(people), reader}) == std::vector<Edge>{{1, 0, false}});
}

TEST_CASE("what a step precedes waits for it, and a chain keeps its order") {
  Step first;
  first.precedes = {people};
  CHECK(edges({making(people), first}) == std::vector<Edge>{{1, 0, false}});
  Step second;
  second.follows_previous = true;
  CHECK(edges({Step{}, second}) == std::vector<Edge>{{0, 1, false}});
}

TEST_CASE("an edge is listed once") {
  Step needy;
  needy.needs = {{people, false}, {people, false}};
  CHECK(edges({making(people), needy}) == std::vector<Edge>{{0, 1, false}});
}
