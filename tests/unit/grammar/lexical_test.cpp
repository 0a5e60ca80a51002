// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/grammar/parsing.h"

#include <catch2/catch.hpp>

using namespace godwit;
using test::Parsed;
using test::parsed;

namespace {

std::string text(const std::string& literal) {
  const Parsed out = parsed("comment on table t " + literal + ";");
  INFO(literal);
  CHECK(out.report().empty());
  return out.file.declarations.empty() ? "?" : out.get<ast::Comment>().text.value;
}

std::string name(const std::string& identifier) {
  const Parsed out = parsed("schema " + identifier + ";");
  INFO(identifier);
  CHECK(out.report().empty());
  return out.file.declarations.empty() ? "?" : out.get<ast::Schema>().name.text;
}

}  // namespace

TEST_CASE("string literals") {
  CHECK(text("'it''s'") == "it's");
  CHECK(text("'a\\b'") == "a\\b");
  CHECK(text("E'a\\tb\\n\\\\\\''''") == "a\tb\n\\''");
  CHECK(text("e'\\x41\\102\\u00e9\\U0001F600'") == "AB\xC3\xA9\xF0\x9F\x98\x80");
  CHECK(text("E'\\uD83D\\uDE00'") == "\xF0\x9F\x98\x80");
  CHECK(text("U&'d\\0061t\\+000061'") == "data");
  CHECK(text("U&'d!0061t!!' uescape '!'") == "dat!");
  CHECK(text("N'x'") == "x");
  CHECK(text("$$it's$$") == "it's");
  CHECK(text("$a$ $$ $b$ $a$") == " $$ $b$ ");
  CHECK(text("'two'\n  'parts'") == "twoparts");
  CHECK(text("'two' -- why\n 'parts'") == "twoparts");
  CHECK(text("'two\nlines'") == "two\nlines");
}

TEST_CASE("string literals that are not") {
  CHECK(parsed("comment on table t E'\\ud83d';").report() == "GW1001 1:20 the escapes of this string are not valid\n");
  CHECK(parsed("comment on table t E'\\xff';").report() == "GW1001 1:20 the escapes of this string are not valid\n");
  CHECK(parsed("comment on table t U&'\\00';").report() == "GW1001 1:20 the escapes of this string are not valid\n");
  CHECK(parsed("comment on table t B'1';").report() ==
        "GW1001 1:20 expected a string such as `'words'`, found a string\n");
  CHECK(parsed("comment on table t 'a' 'b';").report() == "GW1001 1:24 expected `;`, found a string\n");
}

TEST_CASE("identifiers") {
  CHECK(name("App_1$x") == "app_1$x");
  CHECK(name("\"App \"\"x\"\"\"") == "App \"x\"");
  CHECK(name("U&\"d\\0061ta\"") == "data");
  CHECK(name("\xC3\x84rger") == "\xC3\x84rger");
  CHECK(name(std::string(63, 'a')) == std::string(63, 'a'));
  const Parsed out = parsed("schema " + std::string(64, 'a') + ";\nschema b;");
  CHECK(out.report() == "GW1006 1:8 this name has 64 bytes, PostgreSQL keeps 63 of them | `" + std::string(63, 'a') +
                            "` is what fits\n");
  CHECK(out.file.declarations.size() == 2);
  CHECK(parsed("schema \"\";").report() == "GW1001 1:8 a name cannot be empty\n");
}

TEST_CASE("a reserved word needs quotes as a name, not after a dot") {
  CHECK(parsed("table user { }").report() ==
        "GW1001 1:7 expected a table's name, found `user` | `user` is reserved by PostgreSQL: as a name it stands in "
        "quotes, `\"user\"`\n");
  CHECK(parsed("table app.user { \"order\" text; }").report().empty());
  for (const char* word : {"check", "unique", "primary", "foreign", "constraint", "grant", "select"}) {
    CHECK(parsed("table t { " + std::string(word) + " text; }").diagnostics->error_count() == 1);
  }
}

TEST_CASE("quotes, comments and brackets hide what stands in them") {
  const Parsed out = parsed(
      "view v as select ';' as a, \"}\" as b, $x$ ; { $x$, E'\\';', /* ; /* } */ ; */ (select 1) -- ;\n , 2;\nschema "
      "s;");
  CHECK(out.report().empty());
  CHECK(out.file.declarations.size() == 2);
  CHECK(out.file.comments.empty());
}

TEST_CASE("comments outside fragments are listed with their place") {
  const Parsed out = parsed("-- first\nschema a;  -- behind\n/* own\n   line */ schema b; /* last */");
  REQUIRE(out.file.comments.size() == 4);
  CHECK(out.file.comments[0].text == "-- first");
  CHECK(out.file.comments[0].own_line);
  CHECK_FALSE(out.file.comments[1].own_line);
  CHECK(out.file.comments[2].own_line);
  CHECK(out.file.comments[2].text == "/* own\n   line */");
  CHECK_FALSE(out.file.comments[3].own_line);
}

TEST_CASE("a byte-order mark and CRLF are accepted") {
  const Parsed out = parsed("\xEF\xBB\xBF-- c\r\ntable t {\r\n    a int;\r\n    b text default 'x'\r\n;\r\n}\r\n");
  CHECK(out.report().empty());
  CHECK(out.get<ast::Table>().items.size() == 2);
  CHECK(out.file.comments.at(0).text == "-- c");
  CHECK(out.file.comments.at(0).own_line);
}

TEST_CASE("bytes that are no text") {
  const std::string not_utf8 =
      "this byte is not valid UTF-8 | save it as UTF-8; `iconv -f LATIN1 -t UTF-8` converts what older programs "
      "write\n";
  CHECK(
      parsed(std::string("schema a;\nschema \0b;", 19)).report() ==
      "GW1003 2:8 a NUL byte: the file is no text | save it as text in UTF-8; `iconv -f UTF-16 -t UTF-8` converts what "
      "some editors write\n");
  CHECK(parsed("schema \xFF;").report() == "GW1003 1:8 " + not_utf8);
  CHECK(parsed("-- \xC0\x80").report() == "GW1003 1:4 " + not_utf8);
  CHECK(parsed("-- \xED\xA0\x80").report() == "GW1003 1:4 " + not_utf8);
  CHECK(parsed("-- \xF4\x90\x80\x80").report() == "GW1003 1:4 " + not_utf8);
}

TEST_CASE("an empty file is a file") {
  CHECK(parsed("").report().empty());
  CHECK(parsed(" \n-- nothing\n").report().empty());
}
