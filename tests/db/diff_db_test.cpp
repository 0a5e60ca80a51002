// SPDX-License-Identifier: Apache-2.0
// What `godwit diff` drafts between two databases makes the one into the other: for every golden case between what was
// there before it and what it leaves, and for every third of them also back (with GODWIT_DIFF_ALL, as `make
// test-matrix` runs it, for all).
#include "tests/db/scratch.h"
#include "tests/support/expected_files.h"
#include "tests/support/golden_cases.h"
#include "tests/support/schema_dump.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>

namespace {
using namespace godwit;
using namespace godwit::test;

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

/// Ways that no draft can go.
const std::map<std::string, std::string> without_a_way{
    {"extension/other_version_and_schema", "citext has no update path back to its older version"},
    {"rename/type", "a draft drops the type of the old name, of which a hidden column keeps values (GW2002)"},
    {"rename/table_keeping_names", "the new table wants the old one's names, which a replaced view holds (GW2003)"},
    {"unique/beside_primary_key", "a constraint that is carried as SQL wants the name that a dropped table has"}};

/// Drafts the spec and applies it to a copy of `from`, which is then like `to`.
void check_draft(const Database& from, const Database& to) {
  const auto baseline = scratch().spec("00000000000000_baseline.gw"), draft = scratch().spec("1_draft.gw");
  std::filesystem::remove(draft);
  must(scratch().godwit("inspect --force --output " + baseline.string() + " --database dbname=" + from.name()),
       "inspect");
  const Output drafted =
      scratch().godwit("diff dbname=" + from.name() + " dbname=" + to.name() + " --output " + draft.string());
  INFO(drafted.text);
  INFO(read_file(draft).value_or("(no draft)"));
  const std::string before = dump_of(from), after = dump_of(to);
  if (drafted.status == 0) {
    CHECK(unified_diff(before, after, "schemas that are said to be alike") == "");
    return;
  }
  REQUIRE(drafted.status == 1);
  for (const char* decision : {"by hand: ", "GW2016", "GW1403", "GW2005", "GW2020"}) {
    if (!has(drafted.text, decision)) continue;
    SUCCEED("a person has to decide");
    return;
  }
  const Database copy("drafted_copy");
  must(scratch().godwit("apply --allow-irreversible --database dbname=" + copy.name()), "applying the draft");
  must(scratch().godwit("finalize 1_draft --database dbname=" + copy.name()), "closing its window");
  CHECK(unified_diff(after, dump_of(copy), "schema after the draft") == "");
}

}  // namespace

TEST_CASE("a draft makes what golden cases found into what they leave, and back") {
  create_roles();
  std::size_t number = 0;
  for (const GoldenCase& golden : golden_cases()) {
    const bool also_back = number++ % 3 == 0 || std::getenv("GODWIT_DIFF_ALL") != nullptr;
    DYNAMIC_SECTION(golden.name) {
      const GoldenOutcome outcome = compile_case(golden);
      REQUIRE(outcome.after != nullptr);
      if (server_major() < needed_server(outcome)) {
        SUCCEED("needs a newer server");
        continue;
      }
      const Database old("diff_from"), now("diff_to");
      old.finalized(outcome.before);
      now.finalized(outcome.before);
      now.finalized(outcome.after);
      old.forget_godwit();
      now.forget_godwit();
      if (without_a_way.contains(golden.name)) {
        SUCCEED(without_a_way.at(golden.name));
        continue;
      }
      check_draft(old, now);
      if (also_back) check_draft(now, old);
    }
  }
}
