// SPDX-License-Identifier: Apache-2.0
#include "compiler/sql/pg_query.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace godwit;

TEST_CASE("an error's place is counted in bytes") {
  const auto tree = sql::parse_tree("select 'ééé', foo bar baz");
  REQUIRE_FALSE(tree.has_value());
  CHECK(tree.error().message == "syntax error at or near \"baz\"");
  CHECK(tree.error().offset == std::string("select 'ééé', foo bar ").size());
  CHECK(sql::parse_tree("select 1 +").error().offset == 10);
  CHECK(sql::tokens("select 'open").error().offset == 7);
}

TEST_CASE("tokens are bytes of the text, with their kind") {
  const std::string text = "select \"A b\", 'é' || $x$y$x$, 1.5, /* c */ now() -- end";
  const auto tokens = sql::tokens(text);
  REQUIRE(tokens.has_value());
  using Kind = sql::Token::Kind;
  const std::vector<std::pair<std::string, Kind>> expected{
      {"select", Kind::keyword}, {"\"A b\"", Kind::identifier}, {",", Kind::symbol},       {"'é'", Kind::string},
      {"||", Kind::symbol},      {"$x$y$x$", Kind::string},     {",", Kind::symbol},       {"1.5", Kind::number},
      {",", Kind::symbol},       {"/* c */", Kind::comment},    {"now", Kind::identifier}, {"(", Kind::symbol},
      {")", Kind::symbol},       {"-- end", Kind::comment}};
  REQUIRE(tokens->size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const sql::Token& token = (*tokens)[i];
    CHECK(text.substr(token.begin, token.end - token.begin) == expected[i].first);
    CHECK(token.kind == expected[i].second);
  }
}

TEST_CASE("texts that differ in layout only are printed back the same") {
  CHECK(*sql::deparsed("select  CAST(a AS INT)/* x */ ,b") == *sql::deparsed("SELECT a::integer, b"));
  CHECK(*sql::deparsed("select a - -1") != *sql::deparsed("select a - 1"));
  CHECK_FALSE(sql::deparsed("selec 1").has_value());
}

TEST_CASE("what cannot be SQL is refused, never followed") {
  CHECK(sql::parse_tree(std::string("select \0 1", 10)).error().offset == 7);
  CHECK_FALSE(sql::parse_tree("select 'a\xff'").has_value());
  CHECK(sql::parse_tree("").has_value());

  std::string sum = "select 1";
  for (int i = 0; i < 200000; ++i) sum += "+1";
  CHECK_FALSE(sql::parse_tree(sum).has_value());
  CHECK_FALSE(sql::parse_tree("select " + std::string(100000, '(')).has_value());
  CHECK_FALSE(sql::parse_tree("select " + std::string(50000, '(') + "1" + std::string(50000, ')')).has_value());
  std::string nots = "select ";
  for (int i = 0; i < 50000; ++i) nots += "not ";
  CHECK_FALSE(sql::parse_tree(nots + "true").has_value());

  std::string list = "select 1";
  for (int i = 0; i < 50000; ++i) list += ",1";
  CHECK(sql::parse_tree(list).has_value());
}

TEST_CASE("broken texts never crash the parser") {
  std::mt19937 random(7);
  const std::vector<std::string> words{"select", "from", "(",    ")",      "'",        "\"",    "$$",    "$a$",
                                       ",",      ".",    "*",    "t",      "1",        "::",    "int",   "case",
                                       "when",   "end",  "--",   "/*",     "*/",       "\\",    "E'",    "U&'",
                                       "@",      "é",    "\xff", "as",     "with",     "join",  "using", "[",
                                       "]",      ";",    "\n",   "create", "function", "begin", "over",  "null"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t count = random() % 14; count-- > 0;)
      text += words[random() % words.size()] + (random() % 2 != 0 ? " " : "");
    (void)sql::parse_tree(text);
    (void)sql::tokens(text);
    (void)sql::deparsed(text);
    (void)sql::parse_plpgsql("create function f() returns int language plpgsql as $q$ begin " + text + " end $q$");
  }
}
