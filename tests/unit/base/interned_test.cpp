// SPDX-License-Identifier: Apache-2.0
#include "base/interned.h"

#include <catch2/catch.hpp>

#include <thread>
#include <vector>

using namespace godwit;

TEST_CASE("equal texts are one, and are ordered by their bytes") {
  const Interned a("contacts"), b(std::string("con") + "tacts"), c("orders");
  CHECK(a == b);
  CHECK(&a.str() == &b.str());
  CHECK(a.hash() == b.hash());
  CHECK(a < c);
  CHECK(c > b);
  CHECK(a != c);
  CHECK(Interned().empty());
  CHECK(Interned() == Interned(""));
  CHECK(a + "_id" == "contacts_id");
  CHECK("my " + a == "my contacts");
}

TEST_CASE("texts may be interned by several threads at once") {
  std::vector<std::vector<Interned>> made(4);
  std::vector<std::thread> threads;
  for (auto& texts : made) {
    threads.emplace_back([&texts] {
      for (int i = 0; i < 2000; ++i) texts.emplace_back("name " + std::to_string(i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& texts : made) CHECK(texts == made.front());
}
