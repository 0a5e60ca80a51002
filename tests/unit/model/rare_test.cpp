// SPDX-License-Identifier: Apache-2.0
#include "base/rare.h"

#include <catch2/catch.hpp>

#include <string>

using godwit::Rare;

TEST_CASE("a rare value is copied, not shared") {
  Rare<std::string> one(std::string("a"));
  Rare<std::string> other = one;
  *other += 'b';
  CHECK(*one == "a");
  CHECK(*other == "ab");
  one = other;
  other->clear();
  CHECK(*one == "ab");
}

TEST_CASE("rare values compare by value, and an empty one equals only an empty one") {
  const Rare<std::string> empty, a(std::string("a")), same(std::string("a")), b(std::string("b"));
  CHECK(empty == Rare<std::string>(std::nullopt));
  CHECK(a == same);
  CHECK_FALSE(a == b);
  CHECK_FALSE(a == empty);
  CHECK_FALSE(empty == a);
}

TEST_CASE("a rare value is made of an optional, assigned to itself, and reset") {
  Rare<std::string> value(std::optional<std::string>("a"));
  const Rare<std::string>& self = value;
  value = self;
  REQUIRE(value.has_value());
  CHECK(*value == "a");
  value.reset();
  CHECK_FALSE(value);
  CHECK_FALSE(Rare<std::string>(std::optional<std::string>()));
}
