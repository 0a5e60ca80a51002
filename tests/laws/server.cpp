// SPDX-License-Identifier: Apache-2.0
#include "tests/laws/server.h"

#include "tests/laws/world.h"
#include "tests/support/schema_dump.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace godwit::laws {

namespace {

constexpr const char* name = "laws";

constexpr const char* fill_sql = R"(
begin;
set local session_replication_role = replica;
do $$
declare
  t regclass;
  columns text;
  row_values text;
  has_rows boolean;
begin
  for t in
    select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^(pg_|information_schema|godwit)'
  loop
    execute format('select exists (select from %s)', t) into has_rows;
    continue when has_rows;
    for i in 1..3 loop
      select string_agg(quote_ident(attname), ', ' order by attnum),
             string_agg(case
               when not (attnotnull or y.typnotnull) and i = 3 and octet_length(attname) % 2 = 0 then 'null'
               when e.first is not null then quote_literal(e.first)
               when b.oid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype, 'float8'::regtype) then i::text
               when b.oid = 'bool'::regtype then 'true'
               when b.oid in ('date'::regtype, 'timestamptz'::regtype) then quote_literal('2024-01-0' || i)
               when b.oid = 'jsonb'::regtype then format('%L', format('{"i": %s}', i))
               when b.oid = 'uuid'::regtype then quote_literal('00000000-0000-0000-0000-00000000000' || i)
               when b.typtype = 'c' then quote_literal(format('(%s,v%s)', i, i))
               when b.typtype = 'r' then quote_literal(format('[%s,9)', i))
               when b.typcategory = 'A' and b.oid <> 'text[]'::regtype then quote_literal('{}')
               when b.oid = 'text[]'::regtype then quote_literal(format('{v%s}', i))
               else quote_literal('v' || i) end, ', ' order by attnum)
        into columns, row_values
        from pg_attribute a
        join pg_type y on y.oid = a.atttypid
        join pg_type b on b.oid = case y.typtype when 'd' then y.typbasetype else y.oid end
        left join lateral (select enumlabel as first from pg_enum where enumtypid = b.oid order by enumsortorder limit 1) e on true
       where a.attrelid = t and a.attnum > 0 and not a.attisdropped and a.attgenerated = '';
      continue when columns is null;
      execute format('insert into %s (%s) overriding system value values (%s)', t, columns, row_values);
    end loop;
  end loop;
end $$;
commit;
)";

constexpr const char* rows_sql = R"(
select format('select %L || x::text collate "C" as line from %s x order by line', c.oid::regclass || ': ', c.oid::regclass)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema|godwit)'
 order by c.oid::regclass::text collate "C" \gexec
)";

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

Database::Database() {
  std::string made = (std::filesystem::temp_directory_path() / "godwit-laws-XXXXXX").string();
  if (mkdtemp(made.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = made;
  for (const char* role : {"app_backend", "reporting"}) {
    run("psql -Xq -d postgres -c 'create role " + std::string(role) + "'");  // there already: that is as well
  }
  make_tablespace();
  run("dropdb --if-exists " + std::string(name));
  const Output created = run("createdb -T template0 " + std::string(name));
  if (!created.ok) throw std::runtime_error(created.text);
}

/// The server makes its folder, for it alone may enter it. There already: that is as well.
void Database::make_tablespace() const {
  const auto script = folder_ / "tablespace.sql";
  std::ofstream(script, std::ios::binary) << "select current_setting('data_directory') || '_of_" << tablespace
                                          << "' as folder \\gset\n"
                                             "select format('copy (select) to program %L', 'mkdir -p ' || :'folder'), "
                                             "'create tablespace "
                                          << tablespace << " location ' || quote_literal(:'folder') \\gexec\n";
  run("psql -Xq -d postgres -f " + script.string());
}

Database::~Database() {
  run("dropdb --force " + std::string(name));
  std::filesystem::remove_all(folder_);
}

Output Database::run(const std::string& command) const {
  const auto log = folder_ / "output";
  const int status = std::system((command + " >" + log.string() + " 2>&1").c_str());
  return {status == 0, read(log)};
}

Output Database::psql(const std::string& sql) const {
  const auto script = folder_ / "script.sql";
  std::ofstream(script, std::ios::binary) << sql;
  return run("psql -XqAt -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -d " + std::string(name) + " -f " + script.string());
}

Output Database::fill() const { return psql(fill_sql); }

std::string Database::snapshot() const {
  const Output rows = psql(rows_sql);
  if (!rows.ok) throw std::runtime_error(rows.text);
  std::string text;
  std::istringstream lines(test::schema_dump(name) + rows.text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && !line.starts_with("--")) text += line + '\n';
  }
  return text;
}

}  // namespace godwit::laws
