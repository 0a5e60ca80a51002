// SPDX-License-Identifier: Apache-2.0
// The promise of the golden cases, kept by a real server and psql alone: `up` runs and `verify` passes, `down` gives
// back the very dump and rows of before, a second `up` and `finalize` leave nothing reserved behind.
#include "tests/support/expected_files.h"
#include "tests/support/golden_cases.h"
#include "tests/support/schema_dump.h"

#include <catch2/catch.hpp>

namespace {
using namespace godwit;
using namespace godwit::test;
namespace fs = std::filesystem;

struct Output {
  bool ok = false;
  std::string text;  // standard output and errors
};

/// A folder for the scripts and outputs of this program, removed at its end.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "godwit-golden-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
  }

  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  ~Scratch() { fs::remove_all(folder_); }

  Output run(const std::string& command) const {
    const fs::path log = folder_ / "output";
    const int status = std::system((command + " >" + log.string() + " 2>&1").c_str());
    return {status == 0, read_file(log).value_or("")};
  }

  Output psql(const std::string& database, const std::string& sql) const {
    write_file(folder_ / "script.sql", sql);
    return run("psql -XqAt -v ON_ERROR_STOP=1 -d " + database + " -f " + (folder_ / "script.sql").string());
  }

 private:
  fs::path folder_;
};

const Scratch& scratch() {
  static const Scratch folder;
  return folder;
}

/// A database for one case, dropped after it.
class Database {
 public:
  explicit Database(const std::string& name) : name_(name) {
    const Output made = scratch().psql("postgres", "create database " + name_ + " template template0;");
    if (!made.ok) throw std::runtime_error(made.text);
  }

  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  ~Database() { scratch().psql("postgres", "drop database " + name_ + " with (force);"); }

  Output psql(const std::string& sql) const { return scratch().psql(name_, sql); }

  std::string schema() const { return schema_dump(name_); }

  /// Every row of every table, godwit's own left out, in an order that does not depend on where it lies.
  std::string rows() const {
    const Output found = psql(R"(
select format('select %L || x::text collate "C" as line from %s x order by line', c.oid::regclass || ': ', c.oid::regclass)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'm') and c.relispopulated
   and n.nspname not in ('pg_catalog', 'information_schema', 'godwit') and n.nspname not like 'godwit\_kept%'
 order by c.oid::regclass::text \gexec
)");
    CHECK(found.ok);
    return found.text;
  }

 private:
  std::string name_;
};

void must(const Output& output, const char* what) {
  INFO(what << ":\n" << output.text);
  REQUIRE(output.ok);
}

void verify(const Database& database, const CompiledMigration& migration) {
  const Output verified = database.psql(migration.verify_sql);
  INFO("verify:\n" << verified.text);
  CHECK(verified.ok);
  CHECK(verified.text.find("FAIL") == std::string::npos);
}

/// Rows that were set aside outlive finalize, until somebody has dealt with them. An empty table would not.
constexpr const char* take_rejected = R"(
do $$
declare found bigint;
begin
    if to_regclass('godwit_kept.rejected') is not null then
        select count(*) into strict found from godwit_kept.rejected;
        assert found > 0, 'an empty table of rejected rows is left';
        drop table godwit_kept.rejected;
        drop schema godwit_kept;
    end if;
end $$;)";

/// Names that only godwit gives: hidden columns and the schema of kept rows.
constexpr const char* reserved_names = R"(
select 'column ' || attrelid::regclass || '.' || attname from pg_attribute
 where attname like '\_gw\_%' and not attisdropped and attrelid::regclass::text not like 'godwit%'
union all
select 'trigger ' || tgname from pg_trigger where tgname ~ '^[_~]gw_'
union all
select 'schema ' || nspname from pg_namespace where nspname like 'godwit\_kept%';
)";

/// What a lossy rollback notes stays until somebody has read it.
constexpr const char* forget_residue = R"(
select 'delete from godwit_kept.residue' where to_regclass('godwit_kept.residue') is not null \gexec
)";

void create_roles() {
  static const bool once = [] {
    must(scratch().psql("postgres", R"(
do $$
declare r text;
begin
    foreach r in array array['app_owner', 'app_backend', 'app_frontend', 'reporting'] loop
        if not exists (select from pg_roles where rolname = r) then execute format('create role %I', r); end if;
    end loop;
end $$;)"),
         "roles");
    return true;
  }();
  static_cast<void>(once);
}

}  // namespace

TEST_CASE("golden cases on a server") {
  create_roles();
  for (const GoldenCase& golden : golden_cases()) {
    DYNAMIC_SECTION(golden.name) {
      const GoldenOutcome outcome = compile_case(golden);
      INFO(outcome.compilation.report(ReportFormat::text));
      REQUIRE(outcome.after != nullptr);
      const CompiledMigration& after = *outcome.after;

      const Database database("golden");
      if (server_major() < needed_server(outcome)) {
        const CompiledMigration& too_new = server_major() < needed_server(&after) ? after : *outcome.before;
        const Output refused = database.psql(too_new.up_sql);
        CHECK_FALSE(refused.ok);
        CHECK(refused.text.find("needs PostgreSQL") != std::string::npos);
        continue;
      }
      if (outcome.before != nullptr) {
        must(database.psql(outcome.before->up_sql), "before.up.sql");
        must(database.psql(outcome.before->finalize_sql), "before.finalize.sql");
      }
      const std::string schema = database.schema();
      const std::string rows = database.rows();

      must(database.psql(after.up_sql), "up.sql");
      verify(database, after);
      if (after.rollback_class == RollbackClass::impossible) {
        const Output refused = database.psql(after.down_sql);
        INFO(refused.text);
        CHECK_FALSE(refused.ok);
      } else {
        const std::string migrated = database.schema();
        must(database.psql(after.down_sql), "down.sql");
        CHECK(unified_diff(schema, database.schema(), "schema after rollback") == "");
        if (after.rollback_class != RollbackClass::lossy) {
          CHECK(unified_diff(rows, database.rows(), "rows after rollback") == "");
        } else {
          must(database.psql(forget_residue), "residue");
        }
        must(database.psql(after.up_sql), "up.sql, again");
        CHECK(unified_diff(migrated, database.schema(), "schema after the second up") == "");
      }

      must(database.psql(after.finalize_sql), "finalize.sql");
      verify(database, after);
      must(database.psql(take_rejected), "rejected rows, taken by hand");
      CHECK(database.psql(reserved_names).text == "");
      const Output late = database.psql(after.down_sql);
      INFO("down.sql after finalize:\n" << late.text);
      CHECK_FALSE(late.ok);
    }
  }
}
