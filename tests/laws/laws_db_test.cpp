// SPDX-License-Identifier: Apache-2.0
// Laws of what the artifacts do on a server: a rollback gives back schema and rows, from the end and from every step.
#include "tests/laws/laws.h"
#include "tests/laws/server.h"
#include "tests/laws/staged.h"
#include "tests/support/expected_files.h"

#include "compiler/model/ledger.h"
#include "compiler/model/script.h"

namespace {

using namespace godwit;
using namespace godwit::laws;

Compilation compiled(const SpecPair& pair) { return compile(request_of(text_of(pair.before), text_of(pair.after))); }

void must(const Output& output, const std::string& what) {
  if (!output.ok) RC_FAIL(what + ":\n" + output.text);
}

/// A part of a spec may name what it lacks in a function's body, or lack the partition of a row: no database to look
/// at.
void start_with(const Database& database, const SpecPair& pair, const CompiledMigration& before) {
  const Output up = database.psql(before.up_sql);
  RC_PRE(up.ok || pair.whole);
  must(up, "up of before");
  const Output filled = database.fill();
  RC_PRE(filled.ok || pair.whole);
  must(filled, "rows");
}

std::string joined(const Statements& statements) {
  std::string sql;
  for (const Statement& statement : statements) sql += statement.sql + ";\n";
  return sql;
}

/// What the artifact sets before it does anything.
std::string opening(const CompiledMigration& migration) {
  return parse_script(migration.up_sql).value().steps.front().sql;
}

}  // namespace

TEST_CASE("up and down give back schema and rows") {
  for_all("round trip", 12, [](const SpecPair& pair) {
    const Compilation compilation = compiled(pair);
    RC_PRE(compilation.ok);
    const CompiledMigration& after = compilation.migrations[1];
    const Database database;
    start_with(database, pair, compilation.migrations[0]);
    const std::string start = database.snapshot();
    for (const char* round : {"", ", again"}) {
      must(database.psql(after.up_sql), std::string("up") + round);
      const Output verified = database.psql(after.verify_sql);
      must(verified, std::string("verify") + round);
      if (verified.text.find("FAIL") != std::string::npos) RC_FAIL("verify:\n" + verified.text);
      must(database.psql(after.down_sql), std::string("down") + round);
      const std::string back = test::unified_diff(start, database.snapshot(), "after rollback");
      if (!back.empty()) RC_FAIL(back);
    }
  });
}

TEST_CASE("every prefix of a plan can be rolled back") {
  for_all("prefix", 4, [](const SpecPair& pair) {
    const Staged staged(text_of(pair.before), text_of(pair.after));
    const Compilation compilation = compiled(pair);
    RC_PRE(staged.ok && compilation.ok);
    const Database database;
    start_with(database, pair, compilation.migrations[0]);
    const std::string start = database.snapshot();
    const std::vector<Step>& steps = staged.plan.steps;
    for (std::size_t count = 1; count <= steps.size(); ++count) {
      // A rollback checks bodies late where it takes renames back (emit.cpp, open).
      std::string sql = opening(compilation.migrations[1]) + "\nset local check_function_bodies = off;" + '\n' +
                        ledger::kept_schema_sql() + ";\n" + ledger::residue_table_sql() + ";\n";
      for (std::size_t i = 0; i < count; ++i) sql += joined(steps[i].up);
      for (std::size_t i = count; i > 0; --i) sql += joined(steps[i - 1].down);
      must(database.psql(sql + "commit;\n"), "the first " + std::to_string(count) + " steps and back");
      const std::string back = test::unified_diff(start, database.snapshot(),
                                                  "after the first " + std::to_string(count) + " steps and back");
      if (!back.empty()) RC_FAIL(back);
    }
  });
}
