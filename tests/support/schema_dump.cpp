// SPDX-License-Identifier: Apache-2.0
#include "tests/support/schema_dump.h"

#include "compiler/model/ledger.h"
#include "tests/support/expected_files.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>

namespace godwit::test {

namespace {

std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error(command);
  std::array<char, 4096> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) text += buffer.data();
  if (pclose(pipe) != 0) throw std::runtime_error(command + ":\n" + text);
  return text;
}

int pg_dump_major() {
  static const int major = std::atoi(output_of("pg_dump --version | grep -oE '[0-9]+' | head -1").c_str());
  return major;
}

/// Like a dump it says neither which version of an extension is installed nor which privileges are the default ones.
constexpr const char* listing = R"(
select kind, name, case kind when 'extension' then '' else definition end from godwit.catalog() order by 1, 2, 3;
select attrelid::regclass, attname, row_number() over (partition by attrelid order by attnum), attacl, attstattarget,
       attstorage, atttypid::regtype, atttypmod
  from pg_attribute a join pg_class c on c.oid = attrelid
 where attnum > 0 and not attisdropped and relkind in ('r', 'p', 'v', 'm', 'f')
   and relnamespace::regnamespace::text !~ '^(pg_|information_schema|godwit)'
 order by attrelid::regclass::text, attnum;
select oid::regclass, relacl, relowner::regrole, reloptions
  from pg_class
 where relnamespace::regnamespace::text !~ '^(pg_|information_schema|godwit)'
   and relacl is not null and array(select unnest(relacl)::text order by 1)
       <> array(select unnest(acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))::text order by 1)
   and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = oid and deptype = 'e')
 order by oid::regclass::text;
select oid::regprocedure, proacl, proowner::regrole
  from pg_proc
 where pronamespace::regnamespace::text !~ '^(pg_|information_schema|godwit)'
   and proacl is not null and array(select unnest(proacl)::text order by 1)
       <> array(select unnest(acldefault('f', proowner))::text order by 1)
   and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = oid and deptype = 'e')
 order by oid::regprocedure::text;
)";

/// The ledger knows how to list a catalog; a database without one has it for the time of the question.
std::string listed(const std::string& database) {
  std::string file = (std::filesystem::temp_directory_path() / "godwit-listing-XXXXXX").string();
  const int made = mkstemp(file.data());
  if (made < 0) throw std::runtime_error("no temporary file");
  write_file(
      file, "set client_min_messages = warning;\nbegin;\n" + ledger::bootstrap_sql() + ";\n" + listing + "rollback;\n");
  std::string text = output_of("psql -XqAt -v ON_ERROR_STOP=1 -d " + database + " -f " + file);
  std::filesystem::remove(file);
  return text;
}

}  // namespace

int server_major() {
  static const int major = std::atoi(
      output_of("psql -d postgres -XqAtc \"select current_setting('server_version_num')::integer / 10000\"").c_str());
  return major;
}

std::string schema_dump(const std::string& database) {
  if (server_major() > pg_dump_major()) return listed(database);
  std::istringstream lines(output_of("pg_dump --schema-only -N godwit -N 'godwit_kept*' -d " + database));
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ")) text += line + '\n';
  }
  return text;
}

}  // namespace godwit::test
