// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/partition.h"

#include "base/identifier.h"
#include "compiler/data/text.h"

#include <fmt/core.h>

namespace godwit::kinds {

namespace {

/// The foreign keys that a partition has of the table at its root: once it stands alone they would go on binding what
/// is kept, as those of a dropped table would.
std::vector<ForeignKey> foreign_keys_of(const Table& partition, const data::Surroundings& around) {
  std::vector<ForeignKey> keys;
  for (const ObjectKey& child : around.catalog.children(around.catalog.root_of(partition.partition_of->table))) {
    const auto* found = around.catalog.get<ForeignKey>(child);
    if (found == nullptr) continue;
    keys.push_back(*found);
    keys.back().schema = partition.schema;
    keys.back().table = partition.name;
  }
  return keys;
}

std::optional<Table> default_beside(const Table& partition, const data::Surroundings& around) {
  for (const ObjectKey& child : around.catalog.children(partition.partition_of->table)) {
    const auto* other = around.catalog.get<Table>(child);
    if (other != nullptr && is_default_bound(other->partition_of->bound)) return *other;
  }
  return std::nullopt;
}

/// PostgreSQL says which rows a bound means only of a partition that has it: an empty one beside shows it.
Statements clear_default(const Table& partition, const Table& in_default, const data::Surroundings& around) {
  const ObjectKey& parent = partition.partition_of->table;
  const ObjectKey root = around.catalog.root_of(parent), other = key(in_default);
  const auto* shell = around.catalog.get<Table>(parent);
  const std::string name = quoted(partition.schema, partition.name), from = quoted(other.schema, other.name);
  const std::string stand_in = data::kept_table("shape", partition.name, around, partition.schema);
  const std::string empty = data::kept_table("bound", partition.name, around, partition.schema);
  const auto with_bound = [](const std::string& before) {
    return literal(before + "\n where (") + " || v_bound || ')'";
  };
  std::string body = fmt::format(
      "  create table {0} (like {1}) partition by {2};\n"
      "  create table {3} partition of {0} {4};\n"
      "  v_bound := pg_get_partition_constraintdef({5}::regclass);\n"
      "  drop table {0};\n",
      stand_in, quoted(parent.schema, parent.name), shell->partition_key->text, empty,
      partition.partition_of->bound.text, literal(empty));
  const std::vector<std::string> free = data::not_referenced(root, quoted(other.name), around);
  if (!free.empty()) {
    body += fmt::format(
        "  execute {} || {} into v_referenced;\n"
        "  if v_referenced then\n"
        "    raise exception {} using errcode = 'GW004',\n"
        "      hint = 'change or remove these rows, then roll back again';\n"
        "  end if;\n",
        with_bound("select exists (select from " + from), literal("\n   and not (" + joined(free, " and ") + "))"),
        data::raise_text("rows of " + from + " belong to " + name + ", and other tables refer to them"));
  }
  const std::string residue = data::to_residue(
      other, "leaving", data::row_key_now(other, around), "drop " + describe(key(partition)),
      literal("written since to what belongs to a partition that is back"), from + " as leaving", around);
  body += fmt::format("  execute {};\n  execute {};", with_bound(residue), with_bound("delete from " + from));
  Statement clear{fmt::format("note and remove the rows of {} that belong to {}", from, name),
                  data::block(free.empty() ? "  v_bound text;" : "  v_bound text;\n  v_referenced boolean;", body),
                  {{root, Lock::row_exclusive}},
                  Work::scan};
  Statements all{data::residue_table()};
  for (Statement& statement : data::without_triggers({std::move(clear)}, root, {false, false, true}, around))
    all.push_back(std::move(statement));
  return all;
}

}  // namespace

std::string strategy_of(const Fragment& partition_key) {
  const std::size_t end = partition_key.text.find_first_of(" \t\r\n(");
  return folded(partition_key.text.substr(0, end));
}

std::vector<std::string> partition_key_elements(const Fragment& partition_key) {
  const std::string& text = partition_key.text;
  std::vector<std::string> elements;
  int depth = 0;
  bool in_quotes = false, in_name = false;
  for (std::size_t i = text.find('('); i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'' && !in_name) in_quotes = !in_quotes;
    if (c == '"' && !in_quotes) in_name = !in_name;
    const bool plain = !in_quotes && !in_name;
    if (plain && (c == ')' || c == ']')) --depth;
    if (plain && depth == 1 && c == ',') {
      elements.emplace_back();
    } else if (depth >= 1) {
      elements.back() += c;
    }
    if (plain && (c == '(' || c == '[') && ++depth == 1) elements.emplace_back();
  }
  for (std::string& element : elements) {
    const std::size_t begin = element.find_first_not_of(" \t\r\n");
    const std::size_t end = element.find_last_not_of(" \t\r\n");
    element = begin == std::string::npos ? "" : element.substr(begin, end - begin + 1);
  }
  return elements;
}

bool is_default_bound(const Fragment& bound) { return folded(bound.text.substr(0, 7)) == "default"; }

Statements detach_partition(const Table& partition, const data::Surroundings& around) {
  const ObjectKey& parent = partition.partition_of->table;
  const std::string name = quoted(partition.schema, partition.name), table = quoted(parent.schema, parent.name);
  Statements all{{fmt::format("detach partition {} from {}", name, table),
                  fmt::format("alter table {} detach partition {}", table, name),
                  {{parent, Lock::access_exclusive}, {key(partition), Lock::access_exclusive}},
                  Work::instant}};
  for (const ForeignKey& foreign : foreign_keys_of(partition, around)) {
    all.push_back({fmt::format("let {} refer to nothing while it is kept", name),
                   fmt::format("alter table {} drop constraint {}", name, quoted(foreign.name)),
                   {{key(partition), Lock::access_exclusive}, {foreign.target, Lock::access_exclusive}},
                   Work::instant});
  }
  return all;
}

Statements attach_partition(const Table& partition, const data::Surroundings& around) {
  const ObjectKey& parent = partition.partition_of->table;
  const std::string name = quoted(partition.schema, partition.name), table = quoted(parent.schema, parent.name);
  Statements all;
  for (const ForeignKey& foreign : foreign_keys_of(partition, around)) {
    for (Statement& statement : data::violators_to_residue(foreign, around)) all.push_back(std::move(statement));
  }
  if (const auto beside = default_beside(partition, around)) {
    for (Statement& statement : clear_default(partition, *beside, around)) all.push_back(std::move(statement));
  }
  all.push_back({fmt::format("attach partition {} to {}", name, table),
                 fmt::format("alter table {} attach partition {} {}", table, name, partition.partition_of->bound.text),
                 {{parent, Lock::share_update_exclusive}, {key(partition), Lock::access_exclusive}},
                 Work::scan});
  return all;
}

}  // namespace godwit::kinds
