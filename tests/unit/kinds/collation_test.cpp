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
        Codes{"GW1403 the provider `builtin` needs PostgreSQL 17, and this migration must run on 15"});
  CHECK(Specs().then("collation german from \"C\";").codes() == Codes{"GW2005"});
}
