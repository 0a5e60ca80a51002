// SPDX-License-Identifier: Apache-2.0
#include "base/source.h"

#include <catch2/catch.hpp>

using godwit::Position;
using godwit::Source;
using godwit::SourceSet;

TEST_CASE("a position counts lines and characters from one") {
  const Source source("a.gw", "one\n\xC3\xA9t\xC3\xA9 x\n");
  CHECK(source.position(0) == Position{1, 1});
  CHECK(source.position(3) == Position{1, 4});
  CHECK(source.position(4) == Position{2, 1});
  CHECK(source.position(10) == Position{2, 5});
  CHECK(source.position(12) == Position{3, 1});
  CHECK(source.position(99) == Position{3, 1});
}

TEST_CASE("a line comes without its line end, whatever that is") {
  const Source source("a.gw", "unix\ndos\r\n\nlast");
  CHECK(source.line(1) == "unix");
  CHECK(source.line(2) == "dos");
  CHECK(source.line(3).empty());
  CHECK(source.line(4) == "last");
  CHECK(source.line(0).empty());
  CHECK(source.line(5).empty());
}

TEST_CASE("a set describes and reads spans of its sources") {
  SourceSet sources;
  sources.add("a.gw", "first");
  const auto file = sources.add("dir/b.gw", "x\n  table t;");
  CHECK(sources.size() == 2);
  CHECK(sources.describe({file, 4, 9}) == "dir/b.gw:2:3");
  CHECK(sources.text({file, 4, 9}) == "table");
}
