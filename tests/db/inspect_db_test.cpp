// SPDX-License-Identifier: Apache-2.0
// What `godwit inspect` writes is the database it was read from: applied to an empty database it gives the same dump,
// and the database itself is adopted by it. Every golden case's outcome and the starting schemas of the cases are read.
#include "compiler/model/script.h"
#include "tests/support/expected_files.h"
#include "tests/support/golden_cases.h"
#include "tests/support/schema_dump.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace {
using namespace godwit;
using namespace godwit::test;
namespace fs = std::filesystem;

struct Output {
  int status = 0;
  std::string text;  // standard output and errors
};

/// A folder with a project, removed at the end of the program.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "godwit-inspect-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    fs::create_directories(folder_ / "specs");
  }

  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  ~Scratch() { fs::remove_all(folder_); }

  Output run(const std::string& command) const {
    const fs::path log = folder_ / "output";
    const int status = std::system((command + " >" + log.string() + " 2>&1").c_str());
    return {WEXITSTATUS(status), read_file(log).value_or("")};
  }

  Output godwit(const std::string& arguments) const {
    return run(std::string(std::getenv("GODWIT")) + " -C " + folder_.string() + ' ' + arguments);
  }

  Output psql(const std::string& database, const std::string& sql) const {
    write_file(folder_ / "script.sql", sql);
    return run("psql -XqAt -v ON_ERROR_STOP=1 -d " + database + " -f " + (folder_ / "script.sql").string());
  }

  fs::path spec() const { return folder_ / "specs" / "00000000000000_baseline.gw"; }

 private:
  fs::path folder_;
};

const Scratch& scratch() {
  static const Scratch folder;
  return folder;
}

void must(const Output& output, const std::string& what) {
  INFO(what << ":\n" << output.text);
  REQUIRE(output.status == 0);
}

/// A database that is dropped at the end of its test.
class Database {
 public:
  explicit Database(const std::string& name) : name_(name) {
    must(scratch().psql("postgres", "create database " + name_ + " template template0;"), "create database");
  }

  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  ~Database() { scratch().psql("postgres", "drop database " + name_ + " with (force);"); }

  void exec(const std::string& sql) const { must(scratch().psql(name_, sql), "psql"); }

  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

/// The dump, its privileges in one order: that in which they were given is not kept (docs/cli.md).
std::string dump_of(const Database& database) {
  std::istringstream lines(schema_dump(database.name()));
  std::string text;
  std::vector<std::string> privileges;
  const auto flush = [&] {
    std::sort(privileges.begin(), privileges.end());
    for (const std::string& line : privileges) text += line + '\n';
    privileges.clear();
  };
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("GRANT ") || line.starts_with("REVOKE ")) {
      privileges.push_back(line);
      continue;
    }
    flush();
    text += line + '\n';
  }
  flush();
  return text;
}

/// Inspects `source`, builds the spec elsewhere and compares.
void check_copy(const Database& source) {
  const Output read =
      scratch().godwit("inspect --force --output " + scratch().spec().string() + " --database dbname=" + source.name());
  INFO(read.text);
  REQUIRE(read.status == 0);
  INFO(read_file(scratch().spec()).value_or(""));
  const Database copy("inspected_copy");
  must(scratch().godwit("apply --database dbname=" + copy.name()), "applying what was read to an empty database");
  CHECK(unified_diff(dump_of(source), dump_of(copy), "schema of the copy") == "");
}

/// The same, and the source is adopted by what was read from it.
void check_round_trip(const Database& source) {
  check_copy(source);
  const Output adopted = scratch().godwit("apply --database dbname=" + source.name());
  INFO(adopted.text);
  CHECK(adopted.status == 0);
  CHECK(adopted.text.find("adopted 00000000000000_baseline") != std::string::npos);
}

void create_roles() {
  must(scratch().psql("postgres", R"(
do $$
declare r text;
begin
    foreach r in array array['app_owner', 'app_backend', 'app_frontend', 'reporting'] loop
        if not exists (select from pg_roles where rolname = r) then execute format('create role %I', r); end if;
    end loop;
end $$;)"),
       "roles");
}

constexpr const char* forget_godwit = R"(
set client_min_messages = warning;
drop schema if exists godwit cascade;
drop schema if exists godwit_kept cascade;
)";

}  // namespace

TEST_CASE("what golden cases leave is read and built again") {
  create_roles();
  for (const GoldenCase& golden : golden_cases()) {
    DYNAMIC_SECTION(golden.name) {
      const GoldenOutcome outcome = compile_case(golden);
      REQUIRE(outcome.after != nullptr);
      const auto needed = [](const CompiledMigration* migration) {
        if (migration == nullptr) return 0;
        return std::atoi(std::string(parse_script(migration->up_sql).value().fact("postgres")).c_str());
      };
      if (server_major() < std::max(needed(outcome.before), needed(outcome.after))) {
        SUCCEED("needs a newer server");
        continue;
      }
      const Database database("inspected");
      for (const CompiledMigration* migration : {outcome.before, outcome.after}) {
        if (migration == nullptr) continue;
        database.exec(migration->up_sql);
        database.exec(migration->finalize_sql);
      }
      database.exec(forget_godwit);
      check_copy(database);
    }
  }
}

TEST_CASE("every form that a spec has is read back") {
  create_roles();
  const Database database("inspected");
  const auto run = [&](const char* file) {
    database.exec(read_file(GODWIT_SOURCE_DIR "/tests/db/inspect/" + std::string(file)).value());
  };
  run("forms.sql");
  if (server_major() >= 15) run("forms_15.sql");
  if (server_major() >= 18) run("forms_18.sql");
  check_round_trip(database);
}

TEST_CASE("what a spec has no form for is carried as SQL") {
  create_roles();
  const Database database("inspected");
  database.exec(read_file(GODWIT_SOURCE_DIR "/tests/db/inspect/kinds.sql").value());
  check_round_trip(database);
}

TEST_CASE("a spec an area builds the same, and they are adopted together") {
  create_roles();
  for (const char* file : {"forms.sql", "kinds.sql", "areas.sql"}) {
    DYNAMIC_SECTION(file) {
      const Database database("inspected");
      database.exec(read_file(GODWIT_SOURCE_DIR "/tests/db/inspect/" + std::string(file)).value());
      const Scratch project;
      const std::string specs = project.spec().parent_path().string();
      const Output read =
          project.godwit("inspect --split area --output " + specs + " --database dbname=" + database.name());
      INFO(read.text);
      REQUIRE(read.status == 0);
      const Database copy("inspected_copy");
      must(project.godwit("apply --database dbname=" + copy.name()), "applying what was read to an empty database");
      CHECK(unified_diff(dump_of(database), dump_of(copy), "schema of the copy") == "");
      must(project.godwit("apply --database dbname=" + database.name()), "adopting what was read");
    }
  }
}

TEST_CASE("the starting schemas of the cases are read back") {
  std::size_t cases = 0;
  for (const auto& project : fs::directory_iterator(GODWIT_SOURCE_DIR "/specs")) {
    const auto before = read_file(project.path() / "fixture" / "before.sql");
    if (!before) continue;
    ++cases;
    DYNAMIC_SECTION(project.path().filename().string()) {
      const Database database("inspected");
      database.exec(*before);
      check_round_trip(database);
    }
  }
  CHECK(cases > 0);
}
