// SPDX-License-Identifier: Apache-2.0
#include "compiler/data/in_step.h"

#include "base/identifier.h"
#include "compiler/model/ledger.h"
#include "compiler/model/script.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace godwit::data {

namespace {

// A function that runs with its owner's rights looks names up where nobody else can put any: in pg_catalog, and where
// extensions and operators of the specs are. Everything else is written with its schema.
std::string safe_path(const Surroundings& around) {
  std::set<std::string> schemas;
  for (const ObjectKey& key : around.catalog.keys()) {
    if (key.kind == Kind::operator_) schemas.insert(key.schema);
    const auto* extension = around.catalog.get<Extension>(key);
    if (extension != nullptr) schemas.insert(extension->schema.empty() ? "public" : extension->schema);
  }
  schemas.erase("pg_catalog");
  std::string path = "pg_catalog";
  for (const std::string& schema : schemas) path += ", " + quoted(schema);
  return path + ", pg_temp";
}

}  // namespace

InStep in_step_names(const std::string& name, const Surroundings& around, std::string_view salt) {
  // Trigger and function have one name, but for the first letters.
  constexpr std::string_view reserved = "_gw_";
  constexpr std::size_t hash = 9;
  const std::string told_apart = around.migration + '\n' + name + '\n' + std::string(salt);
  const std::string full = "step_" + name;
  const std::string mark = sha256(told_apart).substr(0, hash - 1);
  const std::string bare = std::string(truncated(full, max_identifier_bytes - reserved.size() - hash)) + '_' + mark;
  return {quoted("godwit_kept", bare), quoted(std::string(reserved) + bare), quoted("~gw_" + bare),
          "godwit.side_" + mark};
}

std::string in_step_function(const std::string& function, const std::string& declarations, const std::string& body,
                             const Surroundings& around) {
  return fmt::format(
      "create function {}() returns trigger language plpgsql security definer\n"
      "set search_path = {} set timezone = 'UTC' set row_security = off\n"
      "set datestyle = 'ISO' set intervalstyle = 'postgres' set extra_float_digits = 1 as {}",
      function, safe_path(around),
      dollar_quoted("\n#variable_conflict use_column\n" +
                        (declarations.empty() ? std::string{} : "declare\n" + declarations + "\n") + "begin\n" + body +
                        "\nend ",
                    "godwit"));
}

std::string starts_in_step(const ObjectKey& table) {
  return fmt::format("keep {} in step with what is written from here on, until finalize", table_sql(table));
}

Statement in_step_trigger(const std::string& trigger, const std::string& call, const std::string& when,
                          const ObjectKey& table) {
  return {starts_in_step(table),
          fmt::format("create trigger {0} {1} on {2}\n  for each {3} execute function {4};\n"
                      "alter table {2} enable always trigger {0}",
                      trigger, when, table_sql(table), when.ends_with("truncate") ? "statement" : "row", call),
          {{table, Lock::share_row_exclusive}},
          Work::instant};
}

Statements end_in_step(const std::string& function, const Names& triggers, const ObjectKey& table) {
  const std::string title = fmt::format("keep {} in step no more", table_sql(table));
  Statements all;
  for (const std::string& trigger : triggers) {
    all.push_back({title,
                   fmt::format("drop trigger {} on {}", trigger, table_sql(table)),
                   {{table, Lock::access_exclusive}},
                   Work::instant});
  }
  all.push_back({title, fmt::format("drop function {}()", function), {}, Work::instant});
  return all;
}

Statement conflict_table() {
  return {"make sure that godwit_kept.conflict exists", unclosed(ledger::conflict_table_sql()), {}, Work::instant};
}

Statement settle_conflicts(const std::string& step, const Surroundings& around) {
  return {"what lost stays in godwit_kept.conflict; without any the table goes",
          unclosed(ledger::settle_conflicts_sql(around.migration, step)),
          {},
          Work::instant};
}

}  // namespace godwit::data
