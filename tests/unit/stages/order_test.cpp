// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/order.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

using namespace godwit;
using stages::Edge;
using stages::Order;

namespace {

using Positions = std::vector<std::size_t>;

Step step(Phase phase, const std::string& title) {
  Step x;
  x.phase = phase;
  x.title = title;
  return x;
}

Step step(const std::string& title) { return step(Phase::expand, title); }

std::string titles(const std::vector<Step>& steps, const Order& order) {
  std::string out;
  for (const std::size_t at : order.sequence) out += (out.empty() ? "" : " ") + steps[at].title;
  return out;
}

}  // namespace

TEST_CASE("what is needed goes first, whatever its name and phase") {
  const std::vector<Step> steps{step("a"), step("b"), step(Phase::after, "c")};
  const Order order = stages::order(steps, {{2, 1, false}, {1, 0, false}});
  CHECK(titles(steps, order) == "c b a");
  CHECK(order.cycle.empty());
  CHECK_FALSE(order.broke_soft_edges);
}

TEST_CASE("steps that are free to go stand by phase, then subject, then title") {
  Step table = step("z");
  table.subject = {Kind::table, "app", "a", {}, Kind::schema, {}};
  Step view = step("a");
  view.subject = {Kind::view, "app", "a", {}, Kind::schema, {}};
  const std::vector<Step> steps{step(Phase::move, "y"), view, table, step("b"), step("a")};
  CHECK(titles(steps, stages::order(steps, {})) == "a b z a y");
}

TEST_CASE("the order in which steps are listed says nothing") {
  const std::vector<std::string> names{"a", "b", "c", "d"};
  // c before a, d before b
  Positions places{0, 1, 2, 3};
  do {
    std::vector<Step> steps(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) steps[places[i]] = step(names[i]);
    const Order order = stages::order(steps, {{places[2], places[0], false}, {places[3], places[1], true}});
    CHECK(titles(steps, order) == "c a d b");
  } while (std::next_permutation(places.begin(), places.end()));
}

TEST_CASE("soft edges hold as long as there is a way to hold them") {
  const std::vector<Step> steps{step("a"), step("b")};
  const Order order = stages::order(steps, {{1, 0, true}});
  CHECK(titles(steps, order) == "b a");
  CHECK_FALSE(order.broke_soft_edges);
}

TEST_CASE("soft edges are dropped when they close a cycle, hard ones are not") {
  const std::vector<Step> steps{step("a"), step("b"), step("c")};
  const Order order = stages::order(steps, {{1, 0, false}, {0, 1, true}, {2, 1, false}});
  CHECK(titles(steps, order) == "c b a");
  CHECK(order.broke_soft_edges);
  CHECK(order.cycle.empty());
}

TEST_CASE("a circle is opened where it is, and soft edges elsewhere hold") {
  // a and b wait softly for each other, c waits for b, d for c; e waits softly for f.
  const std::vector<Step> steps{step("d"), step("c"), step("b"), step("a"), step("e"), step("f")};
  const Order order = stages::order(steps, {{3, 2, true}, {2, 3, true}, {2, 1, true}, {1, 0, true}, {5, 4, true}});
  CHECK(titles(steps, order) == "f e a b c d");
  CHECK(order.broke_soft_edges);
}

TEST_CASE("a cycle of hard edges is named, without what only waits for it") {
  const std::vector<Step> steps{step("waits"), step("a"), step("free"), step("b"), step("c")};
  const Order order = stages::order(steps, {{1, 3, false}, {3, 4, false}, {4, 1, false}, {4, 0, false}, {2, 1, false}});
  CHECK(titles(steps, order) == "free");
  Positions cycle = order.cycle;
  std::sort(cycle.begin(), cycle.end());
  CHECK(cycle == Positions{1, 3, 4});
}
