// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/kinds/specs.h"

#include <catch2/catch.hpp>

using namespace godwit;
using tests::Specs;
using Codes = std::vector<std::string>;

TEST_CASE("collations that PostgreSQL would refuse") {
  const auto findings = [](const std::string& options) {
    return Specs().then("collation german (" + options + ");").findings();
  };
  CHECK(findings("provider = icu, locale = 'de-DE', deterministic = false").empty());
  CHECK(findings("lc_collate = 'C', lc_ctype = 'POSIX'").empty());
  CHECK(findings("locale = 'C', lc_ctype = 'C'") ==
        Codes{"GW1402 a collation has a `locale`, or `lc_collate` and `lc_ctype`, not both"});
  CHECK(findings("lc_ctype = 'C'") ==
        Codes{"GW1402 a collation needs its `locale`, or both `lc_collate` and `lc_ctype`"});
  CHECK(findings("locale = 'C', deterministic = false") ==
        Codes{"GW1402 only a collation of `icu` can be not deterministic"});
  CHECK(findings("provider = posix, locale = 'C'") == Codes{"GW1402 there is no provider `posix`"});
  CHECK(findings("locale = 'C', version = '1'") == Codes{"GW1402 a collation has no option `version`"});
  CHECK(findings("provider = builtin, locale = 'C'") ==
        Codes{"GW1403 the provider `builtin` needs PostgreSQL 17, and this migration must run on 13"});
  CHECK(Specs().then("collation german from \"C\";").codes() == Codes{"GW2005"});
}

TEST_CASE("what is bound to a collation keeps it from changing") {
  const auto changed = [](const std::string& user, const std::string& too = "") {
    return Specs()
        .then("collation german (locale = 'de_DE'); " + user)
        .then("collation german (locale = 'de_AT'); " + too)
        .codes();
  };
  CHECK(changed("table t { name text; index on (name collate german); }").empty());
  CHECK(changed("table t { name text collate german; }") == Codes{"GW2020"});
  CHECK(changed("table t { name text; partition by range (name collate german); }") == Codes{"GW2020"});
  CHECK(changed("domain d text collate german;").empty());
  CHECK(changed("domain d text collate german; table t { name d[]; }") == Codes{"GW2020"});
  CHECK(changed("type c (name text collate german); table t { name c; }") == Codes{"GW2020"});
  CHECK(changed("table t { name text; check (name collate german <> ''); }", "drop table t;") == Codes{"GW2020"});
  CHECK(
      Specs().then("collation c (locale = 'C'); table t { name text collate c; }").then("drop collation c;").codes() ==
      Codes{"GW2002"});
}
