// SPDX-License-Identifier: Apache-2.0
// Input made to hurt: it must be refused in linear time and bounded stack.
#include "tests/unit/grammar/parsing.h"

#include <catch2/catch.hpp>

using namespace godwit;
using test::Parsed;
using test::parsed;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string out;
  out.reserve(bytes + piece.size());
  while (out.size() < bytes) out += piece;
  return out;
}

/// Parses (a text that costs more than its size would not come back in time) and returns the first code.
std::string first_code(const std::string& text) {
  const Parsed out = parsed(text);
  CHECK(out.diagnostics->error_count() <= 101);
  return out.diagnostics->empty() ? "" : std::string(out.diagnostics->sorted().front().code.id);
}

}  // namespace

TEST_CASE("brackets may nest 200 deep") {
  const auto nested = [](std::size_t depth) {
    return "view v as select " + std::string(depth, '(') + "1" + std::string(depth, ')') + ";";
  };
  CHECK(parsed(nested(200)).report().empty());
  CHECK(parsed(nested(201)).report() ==
        "GW1005 1:218 brackets are nested deeper than 200 | write it in fewer levels, or put a part of it into a "
        "function "
        "or a view of its own\n");
  const auto in_table = [](std::size_t depth) {
    return "table t { a int default " + std::string(depth, '(') + "1" + std::string(depth, ')') + "; }";
  };
  CHECK(parsed(in_table(199)).report().empty());
  CHECK(first_code(in_table(200)) == "GW1005");
}

TEST_CASE("nested partitions are bounded too") {
  std::string text = "table t { ";
  for (int i = 0; i < 5000; ++i) text += "partition p for values in (1) { ";
  CHECK(first_code(text) == "GW1005");
}

TEST_CASE("megabytes of anything") {
  const std::size_t size = 8 * mebibyte;
  CHECK(first_code(std::string(64 * mebibyte, '(')) == "GW1001");
  CHECK(first_code("view v as select " + std::string(size, '(')) == "GW1005");
  CHECK(first_code(std::string(size, '{')) == "GW1001");
  CHECK(first_code(std::string(size, 'a')) == "GW1001");
  CHECK(first_code(std::string(size, '\'')) == "GW1001");
  CHECK(first_code(std::string(size, ';')) == "GW1001");
  CHECK(first_code(repeated("/*", size)) == "GW1002");
  CHECK(first_code(repeated("table t {", size)) == "GW1001");
  CHECK(first_code("view v as select " + repeated("1+", size) + "1;").empty());
}

TEST_CASE("many quotes that are never closed") {
  CHECK(first_code(repeated("$a", 8 * mebibyte)) == "GW1001");
  std::string tags;
  for (int i = 0; i < 300000; ++i) tags += "schema $t" + std::to_string(i) + "$;\n";
  CHECK_FALSE(first_code(tags).empty());
  CHECK_FALSE(first_code(repeated("comment on table t E'x\\';\n", 4 * mebibyte)).empty());
}

TEST_CASE("a file over 64 MiB is refused") {
  CHECK(first_code(std::string(64 * mebibyte + 1, ' ')) == "GW1004");
  CHECK(first_code(std::string(64 * mebibyte, ' ')).empty());
}

TEST_CASE("lists of any length are no nesting") {
  CHECK(first_code("enum e (" + repeated("'a', ", mebibyte) + "'b');").empty());
  CHECK(first_code("drop table " + repeated("a, ", mebibyte) + "b;").empty());
  CHECK(first_code("rows t key (a) { (a) : " + repeated("(1), ", mebibyte) + "(2); }").empty());
}
