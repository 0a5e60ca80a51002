// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostics.h"

#include <catch2/catch.hpp>

using namespace godwit;

namespace {

constexpr Code wrong{"GW0001", Severity::error, "for tests"};
constexpr Code doubtful{"GW0002", Severity::warning, "for tests"};

}  // namespace

TEST_CASE("only errors count as errors") {
  Diagnostics diagnostics;
  CHECK(diagnostics.empty());
  diagnostics.add(doubtful, {0, 0, 1}, "hm");
  CHECK_FALSE(diagnostics.empty());
  CHECK_FALSE(diagnostics.has_errors());
  diagnostics.add(wrong, {0, 0, 1}, "no");
  CHECK(diagnostics.error_count() == 1);
}

TEST_CASE("diagnostics are sorted by place, then by arrival") {
  Diagnostics diagnostics;
  diagnostics.add(wrong, {1, 0, 1}, "third");
  diagnostics.add(wrong, {0, 5, 6}, "first");
  diagnostics.add(wrong, {0, 5, 6}, "second");
  const auto sorted = diagnostics.sorted();
  REQUIRE(sorted.size() == 3);
  CHECK(sorted[0].message == "first");
  CHECK(sorted[1].message == "second");
  CHECK(sorted[2].message == "third");
}

TEST_CASE("a report stays valid while others are added") {
  Diagnostics diagnostics;
  auto report = diagnostics.add(wrong, {0, 0, 1}, "`{}` of {}", "a", 3);
  for (int i = 0; i < 1000; ++i) diagnostics.add(wrong, {0, 9, 9}, "another");
  report.note({0, 2, 3}, "seen {}", "here").note("a fact").hint("write `{}`", "b");
  const Diagnostic first = diagnostics.sorted().front();
  CHECK(first.message == "`a` of 3");
  REQUIRE(first.notes.size() == 2);
  CHECK(first.notes[0].message == "seen here");
  CHECK(first.notes[0].span == Span{0, 2, 3});
  CHECK_FALSE(first.notes[1].span.has_value());
  CHECK(first.hint == "write `b`");
}
