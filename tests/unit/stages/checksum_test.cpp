// SPDX-License-Identifier: Apache-2.0
#include "compiler/stages/checksum.h"

#include "grammar/parse.h"

#include <catch2/catch.hpp>

using namespace godwit;

namespace {

std::string sum(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const ast::File file = grammar::parse(sources, sources.add("a.gw", text), diagnostics);
  INFO(text);
  REQUIRE_FALSE(diagnostics.has_errors());
  return stages::checksum(file, sources);
}

const std::string plain = "table app.t {\n  id integer default 1 + 2;\n}\n";

}  // namespace

TEST_CASE("the checksum is the same for comments, layout and line ends") {
  CHECK(sum(plain).starts_with("sha256:"));
  CHECK(sum(plain).size() == std::string("sha256:").size() + 64);
  CHECK(sum("-- what it is for\n" + plain) == sum(plain));
  CHECK(sum("table app.t { id integer default 1 + 2; }") == sum(plain));
  CHECK(sum("table app.t {\r\n  id integer default 1 + 2;\r\n}\r\n") == sum(plain));
  CHECK(sum("table app.t {\n\n  id   integer\n    default 1 + 2; -- behind\n}\n") == sum(plain));
}

TEST_CASE("comments and white space inside SQL do not count") {
  CHECK(sum("table app.t { id integer default 1  +\n  2; }") == sum(plain));
  CHECK(sum("table app.t { id integer default 1 + -- one\n  2; }") == sum(plain));
  CHECK(sum("table app.t { id integer default 1 /* a /* b */ c */ + 2; }") == sum(plain));
}

TEST_CASE("each word counts, and so does their order") {
  CHECK(sum("table app.t { id integer default 1 + 3; }") != sum(plain));
  CHECK(sum("table app.t { id bigint default 1 + 2; }") != sum(plain));
  CHECK(sum("table app.t { ie integer default 1 + 2; }") != sum(plain));
  CHECK(sum("table app.t { id integer default 1 + 2; } table app.u { id integer; }") != sum(plain));
  CHECK(sum("table app.t { a integer; b integer; }") != sum("table app.t { b integer; a integer; }"));
}

TEST_CASE("quoted text counts byte for byte") {
  const auto with = [](const std::string& value) { return sum("table app.t { a text default " + value + "; }"); };
  CHECK(with("'a  b'") != with("'a b'"));
  CHECK(with("'a -- b'") != with("'a'"));
  CHECK(with("'it''s  a'") != with("'it''s a'"));
  CHECK(with("E'it\\'s  a'") != with("E'it\\'s a'"));
  CHECK(with("$$a  b$$") != with("$$a b$$"));
  CHECK(with("$q$a /* $$ */ b$q$") != with("$q$a  b$q$"));
  CHECK(sum("table app.t { \"a  b\" text; }") != sum("table app.t { \"a b\" text; }"));
}
