// SPDX-License-Identifier: Apache-2.0
#include "runtime/prove/snapshot.h"

#include "base/identifier.h"
#include "compiler/model/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace godwit {

namespace {

constexpr const char* tables_sql =
    "select (case c.relkind when 'p' then '' else 'only ' end) || format('%I.%I', n.nspname, c.relname),\n"
    "  format('%I.%I', n.nspname, c.relname)\n"
    "from pg_class c join pg_namespace n on n.oid = c.relnamespace\n"
    "where c.relkind in ('r', 'p', 'm') and not c.relispartition\n"
    "  and n.nspname !~ '^(pg_|information_schema$|godwit$|godwit_kept)'\n"
    "  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid\n"
    "    and d.deptype = 'e')\n"
    "  and (c.relkind <> 'm' or c.relispopulated)\n"
    "order by n.nspname collate \"C\", c.relname collate \"C\";";

bool is_reserved(const CatalogRow& row) {
  return row.key.schema == "godwit" || row.key.schema.starts_with("godwit_kept");
}

}  // namespace

std::uint64_t Snapshot::rows() const {
  std::uint64_t sum = 0;
  for (const auto& [name, table] : tables) sum += table.count;
  return sum;
}

Result<Snapshot, ServerError> take_snapshot(Session& session) {
  const auto has_ledger = session.exec("select to_regprocedure('godwit.catalog()') is not null;");
  if (!has_ledger) return unexpected(has_ledger.error());
  const std::string begin = "begin isolation level repeatable read;\nset local search_path = '';\n";
  if (auto begun = session.exec(has_ledger->is_true(0, 0) ? begin : begin + ledger::bootstrap_sql()); !begun) {
    (void)session.exec("rollback;");
    return unexpected(begun.error());
  }
  const auto ended = [&](const ServerError& error) {
    (void)session.exec("rollback;");
    return unexpected(error);
  };
  Snapshot snapshot;
  auto catalog = read_catalog(session);
  if (!catalog) return ended(catalog.error());
  for (CatalogRow& row : *catalog) {
    if (!is_reserved(row)) snapshot.catalog.push_back(std::move(row));
  }
  const auto tables = session.exec(tables_sql);
  if (!tables) return ended(tables.error());
  for (const auto& table : tables->rows) {
    const auto rows = session.exec(
        fmt::format("select coalesce(string_agg(hashtextextended(r::text, 0)::text, ' '), ''), "
                    "md5(coalesce(string_agg(r::text, chr(10) order by r::text collate \"C\"), '')) from {} as r;",
                    *table.front()));
    if (!rows) return ended(rows.error());
    TableRows read;
    read.digest = rows->text(0, 1);
    const char* at = rows->text(0, 0).c_str();
    for (char* end = nullptr; *at != '\0'; at = end) read.hashes.push_back(std::strtoll(at, &end, 10));
    std::sort(read.hashes.begin(), read.hashes.end());
    read.count = read.hashes.size();
    snapshot.tables.emplace(*table.back(), std::move(read));
  }
  (void)session.exec("rollback;");
  return snapshot;
}

Result<std::vector<std::string>, ServerError> reserved_leftovers(Session& session) {
  // Rows that did not fit, and what lost a conflict, stay until somebody has dealt with them.
  const auto rows = session.exec(
      "select 'schema ' || nspname from pg_namespace n where nspname like 'godwit\\_kept%'\n"
      "and not (nspname = 'godwit_kept' and exists (select from pg_class where relnamespace = n.oid)\n"
      "  and not exists (select from pg_class where relnamespace = n.oid and relkind = 'r' and relname not in "
      "('rejected', 'conflict')))\n"
      "union all\n"
      "select format('column %s.%s', attrelid::regclass, attname) from pg_attribute\n"
      "where attname like '\\_gw\\_%' and not attisdropped\n"
      "union all\n"
      "select format('trigger %I on %s', tgname, tgrelid::regclass) from pg_trigger where tgname ~ '^[_~]gw_'\n"
      "union all\n"
      "select format('type %s', t.oid::regtype) from pg_type t where typname like '\\_gw\\_%'\n"
      "order by 1;");
  if (!rows) return unexpected(rows.error());
  std::vector<std::string> names;
  for (const auto& row : rows->rows) names.push_back(*row.front());
  return names;
}

std::uint64_t rows_missing(const Snapshot& before, const Snapshot& now) {
  std::uint64_t missing = 0;
  for (const auto& [name, table] : before.tables) {
    const auto there = now.tables.find(name);
    if (there == now.tables.end()) {
      missing += table.count;
      continue;
    }
    std::vector<std::int64_t> gone;
    std::set_difference(table.hashes.begin(), table.hashes.end(), there->second.hashes.begin(),
                        there->second.hashes.end(), std::back_inserter(gone));
    missing += gone.size();
  }
  return missing;
}

std::vector<std::string> differences(const Snapshot& expected, const Snapshot& actual, bool counts_only) {
  std::vector<std::string> lines = describe(compare(expected.catalog, actual.catalog), "before");
  for (const auto& [name, before] : expected.tables) {
    const auto after = actual.tables.find(name);
    if (after == actual.tables.end()) continue;  // the catalog says so
    if (before.count != after->second.count) {
      lines.push_back(fmt::format("~ {} has {} rows, not {}", name, after->second.count, before.count));
    } else if (!counts_only && before.digest != after->second.digest) {
      lines.push_back(fmt::format("~ {} has other values in its {} rows", name, before.count));
    }
  }
  return lines;
}

}  // namespace godwit
