// SPDX-License-Identifier: Apache-2.0
#include "tests/db/scratch.h"

#include "tests/support/expected_files.h"
#include "tests/support/schema_dump.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <utility>
#include <vector>

namespace godwit::test {

namespace fs = std::filesystem;

Scratch::Scratch() {
  std::string name = (fs::temp_directory_path() / "godwit-scratch-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  fs::create_directories(folder_ / "specs");
}

Scratch::~Scratch() { fs::remove_all(folder_); }

Output Scratch::run(const std::string& command) const {
  const fs::path log = folder_ / "output";
  const int status = std::system((command + " >" + log.string() + " 2>&1").c_str());
  return {WEXITSTATUS(status), read_file(log).value_or("")};
}

Output Scratch::godwit(const std::string& arguments) const {
  return run(std::string(std::getenv("GODWIT")) + " -C " + folder_.string() + ' ' + arguments);
}

Output Scratch::psql(const std::string& database, const std::string& sql) const {
  write_file(folder_ / "script.sql", sql);
  return run("psql -XqAt -v ON_ERROR_STOP=1 -d " + database + " -f " + (folder_ / "script.sql").string());
}

const Scratch& scratch() {
  static const Scratch folder;
  return folder;
}

void must(const Output& output, const std::string& what) {
  INFO(what << ":\n" << output.text);
  REQUIRE(output.status == 0);
}

Database::Database(std::string name) : name_(std::move(name)) {
  must(scratch().psql("postgres", "create database " + name_ + " template template0;"), "create database");
}

Database::~Database() { scratch().psql("postgres", "drop database " + name_ + " with (force);"); }

void Database::exec(const std::string& sql) const { must(scratch().psql(name_, sql), "psql"); }

void Database::finalized(const CompiledMigration* migration) const {
  if (migration == nullptr) return;
  exec(migration->up_sql);
  exec(migration->finalize_sql);
}

void Database::forget_godwit() const {
  exec(R"(
set client_min_messages = warning;
drop schema if exists godwit cascade;
drop schema if exists godwit_kept cascade;
)");
}

namespace {

/// `{b=r/a,c=w/a}` of a listing (schema_dump.h) with its entries in one order.
std::string with_sorted_acl(const std::string& line) {
  const std::size_t open = line.find("|{"), close = line.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return line;
  std::istringstream list(line.substr(open + 2, close - open - 2));
  std::vector<std::string> entries;
  for (std::string entry; std::getline(list, entry, ',');) entries.push_back(entry);
  const auto is_grant = [](const std::string& entry) { return entry.find('=') != std::string::npos; };
  if (!std::all_of(entries.begin(), entries.end(), is_grant)) return line;
  std::sort(entries.begin(), entries.end());
  std::string sorted;
  for (const std::string& entry : entries) sorted += (sorted.empty() ? "" : ",") + entry;
  return line.substr(0, open + 2) + sorted + line.substr(close);
}

}  // namespace

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
    text += with_sorted_acl(line) + '\n';
  }
  flush();
  return text;
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

}  // namespace godwit::test
