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

/// PostgreSQL says which rows a bound means only of a partition that has it: an empty one beside shows it.
struct BoundShown {
  std::string show, forget;  // lines of a block: `v_bound` is what rows of the partition satisfy
};

BoundShown shown_bound(const Table& partition, const data::Surroundings& around) {
  const ObjectKey& parent = partition.partition_of->table;
  const auto* shell = around.catalog.get<Table>(parent);
  const std::string stand_in = data::kept_table("shape", partition.name, around, partition.schema);
  const auto empty = [&](const Table& one) { return data::kept_table("bound", one.name, around, one.schema); };
  const auto make = [&](const Table& one) {
    return fmt::format("  create table {} partition of {} {};\n", empty(one), stand_in, one.partition_of->bound.text);
  };
  BoundShown shown;
  shown.show = fmt::format("  create table {} (like {}) partition by {};\n", stand_in,
                           quoted(parent.schema, parent.name), shell->partition_key->text);
  if (is_default_bound(partition.partition_of->bound)) {  // it has what the others leave
    for (const ObjectKey& child : around.catalog.children(parent)) {
      const auto* other = around.catalog.get<Table>(child);
      if (other != nullptr && child != key(partition)) shown.show += make(*other);
    }
  }
  shown.show += make(partition) +
                fmt::format("  v_bound := pg_get_partition_constraintdef({}::regclass);\n", literal(empty(partition)));
  shown.forget = fmt::format("  drop table {};\n", stand_in);
  return shown;
}

/// Rows that went to the default partition meanwhile.
Statements clear_default(const Table& partition, const Table& in_default, const std::string& done,
                         const data::Surroundings& around) {
  const ObjectKey& parent = partition.partition_of->table;
  const ObjectKey root = around.catalog.root_of(parent), other = key(in_default);
  const std::string name = quoted(partition.schema, partition.name), from = quoted(other.schema, other.name);
  const auto with_bound = [](const std::string& before) {
    return literal(before + "\n where (") + " || v_bound || ')'";
  };
  const BoundShown bound = shown_bound(partition, around);
  std::string body = bound.show + bound.forget;
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
      other, "leaving", data::row_key_now(other, around), done + ' ' + describe(key(partition)),
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

std::optional<Table> default_beside(const Table& partition, const data::Surroundings& around) {
  for (const ObjectKey& child : around.catalog.children(partition.partition_of->table)) {
    const auto* other = around.catalog.get<Table>(child);
    if (other != nullptr && child != key(partition) && is_default_bound(other->partition_of->bound)) return *other;
  }
  return std::nullopt;
}

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

Statement detached(const ObjectKey& partition, const ObjectKey& parent) {
  const std::string name = quoted(partition.schema, partition.name), table = quoted(parent.schema, parent.name);
  return {fmt::format("detach partition {} from {}", name, table),
          fmt::format("alter table {} detach partition {}", table, name),
          {{parent, Lock::access_exclusive}, {partition, Lock::access_exclusive}},
          Work::instant};
}

Statement attached(const ObjectKey& partition, const ObjectKey& parent, const Fragment& bound) {
  const std::string name = quoted(partition.schema, partition.name), table = quoted(parent.schema, parent.name);
  return {fmt::format("attach partition {} to {}", name, table),
          fmt::format("alter table {} attach partition {} {}", table, name, bound.text),
          {{parent, Lock::share_update_exclusive}, {partition, Lock::access_exclusive}},
          Work::scan};
}

Statements identity_below(const ObjectKey& partition, const ObjectKey& parent, const data::Surroundings& around) {
  const auto is_table = [](const ObjectKey& child) { return child.kind == Kind::table; };
  const auto now = around.catalog.children(partition),
             before = around.catalog.children_before(data::then(partition, around));
  if (std::none_of(now.begin(), now.end(), is_table) && std::none_of(before.begin(), before.end(), is_table)) return {};
  const auto columns = around.catalog.children(around.catalog.root_of(parent));
  const bool counts = std::any_of(columns.begin(), columns.end(), [&](const ObjectKey& child) {
    const Column* column = around.catalog.get<Column>(child);
    return column != nullptr && column->identity;
  });
  if (!counts) return {};
  const std::string name = quoted(partition.schema, partition.name);
  const std::string body = fmt::format(
      "  for _gw_part in\n"
      "    select p.relid, p.parentrelid, pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bound\n"
      "      from pg_catalog.pg_partition_tree({}) p join pg_catalog.pg_class c on c.oid = p.relid\n"
      "     where p.level > 0 order by p.level\n"
      "  loop\n"
      "    if exists (select from pg_catalog.pg_attribute a\n"
      "                 join pg_catalog.pg_attribute b on b.attname = a.attname and not b.attisdropped\n"
      "                where a.attrelid = _gw_part.parentrelid and a.attidentity <> ''\n"
      "                  and b.attrelid = _gw_part.relid and b.attidentity = '') then\n"
      "      execute format('alter table %s detach partition %s', _gw_part.parentrelid, _gw_part.relid);\n"
      "      execute format('alter table %s attach partition %s %s', _gw_part.parentrelid, _gw_part.relid, "
      "_gw_part.bound);\n"
      "    end if;\n"
      "  end loop;",
      literal(name));
  return {{"give the partitions below " + name + " the identity of their table, which PostgreSQL 17 and later forget",
           data::block("  _gw_part record;", body),
           {},
           Work::scan}};
}

Statements take_away_partition(const Table& partition, const data::Surroundings& around) {
  const std::string name = quoted(partition.schema, partition.name);
  Statements all{detached(key(partition), partition.partition_of->table)};
  const ObjectKey root = around.catalog.root_of(partition.partition_of->table);
  for (const ForeignKey& foreign : foreign_keys_of(partition, around)) {
    const bool may_be_gone = foreign.target == root;  // PostgreSQL before 15 forgets it at the detach
    all.push_back({fmt::format("let {} refer to nothing while it is kept", name),
                   fmt::format("alter table {} drop constraint {}{}", name, may_be_gone ? "if exists " : "",
                               quoted(foreign.name)),
                   {{key(partition), Lock::access_exclusive}, {foreign.target, Lock::access_exclusive}},
                   Work::instant});
  }
  return all;
}

Statements give_back_partition(const Table& partition, const data::Surroundings& around) {
  Statements all;
  for (const ForeignKey& foreign : foreign_keys_of(partition, around)) {
    for (Statement& statement : data::violators_to_residue(foreign, around)) all.push_back(std::move(statement));
  }
  for (Statement& statement : attach_partition(partition, "drop", around)) all.push_back(std::move(statement));
  return all;
}

Statements attach_partition(const Table& partition, const std::string& done, const data::Surroundings& around) {
  Statements all;
  if (const auto beside = default_beside(partition, around)) {
    for (Statement& statement : clear_default(partition, *beside, done, around)) all.push_back(std::move(statement));
  }
  all.push_back(attached(key(partition), partition.partition_of->table, partition.partition_of->bound));
  for (Statement& statement : identity_below(key(partition), partition.partition_of->table, around))
    all.push_back(std::move(statement));
  return all;
}

Statements strangers_to_residue(const Table& partition, const data::Surroundings& around) {
  const ObjectKey& parent = partition.partition_of->table;
  const std::string name = quoted(partition.schema, partition.name);
  const BoundShown bound = shown_bound(partition, around);
  std::string body = bound.show;
  if (const auto* shell = around.catalog.get<Table>(parent); shell->partition_of) {
    body += fmt::format("  v_bound := concat_ws(' and ', v_bound, pg_get_partition_constraintdef({}::regclass));\n",
                        literal(quoted(parent.schema, parent.name)));
  }
  const std::string residue = data::to_residue(
      key(partition), "leaving", data::row_key_now(key(partition), around), "detach " + describe(key(partition)),
      literal("written since to what is a partition again, outside of its bound"), name + " as leaving", around);
  const auto outside = [](const std::string& before) {
    return literal(before + "\n where (") + " || v_bound || ') is false'";
  };
  body += fmt::format("  if v_bound is not null then\n    execute {};\n    execute {};\n  end if;\n", outside(residue),
                      outside("delete from " + name));
  body += bound.forget;
  body.pop_back();
  return {data::residue_table(),
          {fmt::format("note and remove the rows of {} that are outside of its bound", name),
           data::block("  v_bound text;", body),
           {{key(partition), Lock::row_exclusive}},
           Work::scan}};
}

}  // namespace godwit::kinds
