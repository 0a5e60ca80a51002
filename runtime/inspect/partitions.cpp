// SPDX-License-Identifier: Apache-2.0
// Partitions. In a spec one has what its table has, by the names that PostgreSQL gives: what it has alone is set by SQL
// beside it, and one that could not come about like that is SQL as a whole. It is attached when it has its own keys and
// indexes, which become parts of the table's then, whichever of the two comes first.
#include "runtime/inspect/partitions.h"

#include "base/identifier.h"

#include <algorithm>
#include <set>

namespace godwit::inspecting {

namespace {

std::size_t root_table(const Items& items, std::size_t partition) {
  while (is_partition(items.all[partition])) partition = items.all[partition].parent;
  return partition;
}

/// The partition as a whole is SQL.
void carry(Reading& reading, std::size_t partition, const std::string& reason) {
  Item& item = reading.items.all[partition];
  if (item.text.empty()) return;
  item.text.clear();
  item.reason = reason;
}

/// Adds what the partition has alone.
std::size_t add_own(Reading& reading, std::size_t partition, const char* kind, const std::string& name,
                    const std::string& up, const std::string& down) {
  const Item& table = reading.items.all[partition];
  Item item = part_of(table, partition, kind, Part::other);
  const std::string alter = "alter table " + item.name + ' ', only = "alter table only " + item.name + ' ';
  const bool recurses = std::string_view(kind) == "not null";
  item.name = name + " on " + item.name;
  item.up = (recurses ? alter : only) + up;
  item.down = (recurses ? alter : only) + down;
  return reading.items.add(std::move(item));
}

// ---- shells ----

void add_attachment(Reading& reading, const Shell& shell) {
  Item item = part_of(reading.items.all[shell.item], shell.item, "attachment", Part::other);
  const std::string alter = "alter table only " + shell.parents;
  item.up = alter + " attach partition " + item.name + ' ' + compact(shell.bound);
  item.down = alter + " detach partition " + item.name;
  item.in_block = false;
  item.with_parent = true;
  reading.attachments[shell.item] = reading.items.add(std::move(item));
}

void add_tablespace(Reading& reading, const Shell& shell, const std::string& of_table) {
  if (shell.tablespace == of_table && shell.tablespace.empty()) return;
  const std::string own = shell.tablespace.empty() ? "pg_default" : quoted(shell.tablespace);
  add_part(reading, shell.item, "tablespace", Part::storage, "", "set tablespace " + own, "set tablespace pg_default");
  reading.items.all.back().with_parent = shell.tablespace == of_table;
}

// ---- columns ----

bool same_names(const std::vector<Column>& a, const std::vector<Column>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Column& x, const Column& y) { return x.name == y.name; });
}

/// Why the column could not be as it is in a partition that is made from its table.
std::string obstacle(const Column& own, const Column& of_table, const ColumnText& text) {
  const std::string column = "its column " + quoted(own.name);
  if (!own.sequence.empty() && (!own.identity.empty() || text.value.empty()))
    return column + " has a sequence of its own";
  if (own.generated != of_table.generated || (!own.generated.empty() && own.default_value != of_table.default_value))
    return column + " is generated in another way than its table's";
  return {};
}

void compare_column(Reading& reading, std::size_t partition, const Column& own, const Column& of_table,
                    ColumnText& text) {
  const std::string alter = "alter column " + quoted(own.name) + ' ';
  if (own.not_null && !of_table.not_null) {
    text.not_null = false;
    add_own(reading, partition, "not null", quoted(own.name), alter + "set not null", alter + "drop not null");
  }
  if (own.default_value == of_table.default_value) return;
  text.value.clear();
  const auto set = [&](const std::string& value) {
    return alter + (value.empty() ? "drop default" : "set default " + value);
  };
  const std::size_t item =
      add_own(reading, partition, "default", quoted(own.name), set(own.default_value), set(of_table.default_value));
  if (!own.default_oid.empty()) reading.items.at.emplace(address("pg_attrdef", own.default_oid), item);
}

// ---- indexes and keys ----

struct Inherited {
  std::string oid, table, parent, name, columns, type, root_name;
  bool parent_is_valid = true, same_options = true;
};

const char* suffix_of(const std::string& type) {
  if (type == "p") return "pkey";
  if (type == "u") return "key";
  return type == "x" ? "excl" : "idx";
}

Result<std::vector<Inherited>, ServerError> inherited_indexes(Reading& reading) {
  const auto rows = reading.session.exec(
      "select x.oid, i.indrelid, h.inhparent, x.relname, k.contype,\n"
      "  case when k.contype is distinct from 'p' then (\n"
      "    select string_agg(coalesce(t.attname, a.attname), '_' order by a.attnum)\n"
      "    from pg_attribute a left join pg_attribute t on t.attrelid = i.indrelid\n"
      "      and t.attnum = i.indkey[a.attnum - 1] and t.attnum <> 0 where a.attrelid = x.oid) end,\n"
      "  o.indisvalid, x.reloptions is not distinct from p.reloptions and x.reltablespace = p.reltablespace\n"
      "    and k.conparentid is distinct from 0, p.relname\n"
      "from pg_inherits h join pg_class x on x.oid = h.inhrelid join pg_index i on i.indexrelid = x.oid\n"
      "  join pg_class p on p.oid = h.inhparent join pg_index o on o.indexrelid = p.oid\n"
      "  left join pg_constraint k on k.conindid = x.oid and k.contype in ('p', 'u', 'x')\n"
      "order by i.indrelid, x.relname;");
  if (!rows) return unexpected(rows.error());
  std::vector<Inherited> all;
  std::map<std::string, std::size_t> by_oid;
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    Inherited one{rows->text(i, 0), rows->text(i, 1), rows->text(i, 2),    rows->text(i, 3),   rows->text(i, 5),
                  rows->text(i, 4), rows->text(i, 8), rows->is_true(i, 6), rows->is_true(i, 7)};
    by_oid[one.oid] = all.size();
    all.push_back(std::move(one));
  }
  for (Inherited& one : all) {
    for (auto up = by_oid.find(one.parent); up != by_oid.end(); up = by_oid.find(all[up->second].parent))
      one.root_name = all[up->second].root_name;
  }
  // PostgreSQL numbers names that are taken in the order in which the table's own are made: by name.
  std::stable_sort(all.begin(), all.end(),
                   [](const Inherited& a, const Inherited& b) { return a.root_name < b.root_name; });
  return all;
}

/// The index is there because the table has it.
void inherit(Reading& reading, std::size_t index) {
  Item& item = reading.items.all[index];
  item.with_parent = true;
  item.in_block = false;
  item.target.clear();
  item.text.clear();
  item.beside.clear();
  reading.items.all[reading.attachments.at(item.parent)].needs.push_back(index);
}

Done read_indexes_of_partitions(Reading& reading) {
  const auto all = inherited_indexes(reading);
  if (!all) return unexpected(all.error());
  std::map<std::pair<std::size_t, std::string>, std::size_t> taken;
  for (const Inherited& one : *all) {
    const std::size_t index = reading.items.find(address("pg_class", one.oid));
    const std::size_t table = reading.items.find(address("pg_class", one.table));
    const std::size_t parent = reading.items.find(address("pg_class", one.parent));
    if (index == no_object || table == no_object || !reading.attachments.contains(table)) continue;
    Item& item = reading.items.all[index];
    if (parent == no_object || !one.parent_is_valid) {
      const Item& whole = reading.items.all[parent == no_object ? index : parent];
      const std::string name = quoted(whole.schema, whole.kind == "index" ? whole.name : one.root_name);
      item.up += ";\nalter index " + name + " attach partition " + quoted(item.schema, one.name);
      item.down.clear();  // it goes with the table's
      continue;
    }
    inherit(reading, index);
    const std::string& name = reading.items.all[table].name;
    const std::string suffix = suffix_of(one.type);
    const std::size_t number = taken[{table, default_object_name(name, one.columns, suffix)}]++;
    const std::string usual =
        default_object_name(name, one.columns, suffix + (number == 0 ? "" : std::to_string(number)));
    const std::string called = "its index " + quoted(one.name);
    if (one.name != usual) carry(reading, table, called + " has another name than PostgreSQL gives");
    if (!one.same_options) carry(reading, table, called + " is another one than its table's");
  }
  return {};
}

Done read_references_of_partitions(Reading& reading) {
  const auto rows = reading.session.exec(
      "select k.oid, k.conrelid, k.conname, pg_get_constraintdef(k.oid, true) from pg_constraint k\n"
      "  join pg_constraint o on o.oid = k.conparentid\n"
      "where k.contype = 'f' and k.conrelid <> o.conrelid and k.conname <> o.conname order by k.conrelid, k.conname;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const std::size_t table = reading.items.find(address("pg_class", rows->text(i, 1)));
    if (table == no_object || !reading.attachments.contains(table)) continue;
    Item item = part_of(reading.items.all[table], table, "foreign key", Part::foreign_key);
    const std::string on = item.name, name = quoted(rows->text(i, 2));
    item.name = name + " on " + on;
    item.sql_target = "constraint " + item.name;
    item.up = "alter table " + on + " add constraint " + name + ' ' + compact(rows->text(i, 3));
    item.down = "alter table " + on + " drop constraint " + name;
    inherit(reading, reading.items.add(std::move(item), address("pg_constraint", rows->text(i, 0))));
    carry(reading, table, "its foreign key " + name + " has another name than its table's");
  }
  return {};
}

// ---- the rest ----

Done read_triggers_of_partitions(Reading& reading) {
  const auto rows = reading.session.exec(
      "select t.tgrelid, t.tgname, t.tgenabled, r.oid from pg_trigger t\n"
      "  join pg_trigger r on r.tgrelid = pg_partition_root(t.tgrelid) and r.tgname = t.tgname and not r.tgisinternal\n"
      "where t.tgparentid <> 0 and t.tgenabled <> r.tgenabled order by t.tgrelid, t.tgname;");
  if (!rows) return unexpected(rows.error());
  const auto words = [](const std::string& state) -> std::string {
    if (state == "O") return "enable";
    if (state == "D") return "disable";
    return state == "R" ? "enable replica" : "enable always";
  };
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const std::size_t table = reading.items.find(address("pg_class", rows->text(i, 0)));
    if (table == no_object || !reading.attachments.contains(table)) continue;
    const std::string name = quoted(rows->text(i, 1));
    const std::size_t item = add_own(reading, table, "state of trigger", name,
                                     words(rows->text(i, 2)) + " trigger " + name, "enable trigger " + name);
    reading.late_needs.emplace_back(item, address("pg_trigger", rows->text(i, 3)));
    reading.items.all[item].needs.push_back(reading.attachments.at(table));
  }
  return {};
}

/// A column is stored as that of the table: one more is said beside it, one less cannot be.
void compare_storage(Reading& reading) {
  Items& items = reading.items;
  const auto is_stored = [](const Item& item) { return item.kind == "storage" || item.kind == "compression"; };
  std::map<std::size_t, std::set<std::string>> stored;
  for (const Item& item : items.all) {
    if (item.parent != no_object && is_stored(item)) stored[item.parent].insert(item.column + ' ' + item.beside);
  }
  for (const auto& [partition, attachment] : reading.attachments) {
    const std::size_t root = root_table(items, partition);
    for (const std::string& one : stored[root]) {
      if (!stored[partition].contains(one))
        carry(reading, partition, "a column of it is stored otherwise than its table's");
    }
  }
  for (Item& item : items.all) {
    if (item.parent == no_object || !is_stored(item) || !is_partition(items.all[item.parent])) continue;
    item.with_parent = stored[root_table(items, item.parent)].contains(item.column + ' ' + item.beside);
  }
}

}  // namespace

void add_partitions(Reading& reading, const std::map<std::string, Shell>& shells) {
  for (const auto& [oid, shell] : shells) {
    if (!shell.is_partition) continue;
    add_attachment(reading, shell);
    const auto parent = shells.find(shell.parent);
    Item& item = reading.items.all[shell.item];
    item.text.clear();
    if (parent == shells.end()) {
      item.reason = "a partition of a table that is not written down";
      continue;
    }
    item.parent = parent->second.item;
    item.part = Part::partition;
    const bool is_beside = item.schema == reading.items.all[item.parent].schema;
    if (item.reason.empty()) {
      item.text =
          "partition " + (is_beside ? quoted(item.name) : quoted(item.schema, item.name)) + ' ' + compact(shell.bound);
    }
    add_tablespace(reading, shell, parent->second.tablespace);
  }
}

void compare_columns(Reading& reading, const std::map<std::size_t, std::vector<Column>>& columns) {
  for (const auto& [table, own] : columns) {
    if (!is_partition(reading.items.all[table])) continue;
    const std::vector<Column>& of_table = columns.at(root_table(reading.items, table));
    if (!same_names(own, of_table)) {
      carry(reading, table, "its columns stand in another order than its table's");
      continue;
    }
    std::vector<ColumnText> texts = reading.items.all[table].columns;
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (const std::string reason = obstacle(own[i], of_table[i], texts[i]); !reason.empty())
        carry(reading, table, reason);
    }
    if (reading.items.all[table].text.empty()) continue;
    for (std::size_t i = 0; i < own.size(); ++i) compare_column(reading, table, own[i], of_table[i], texts[i]);
    reading.items.all[table].columns = std::move(texts);
  }
}

Done read_partitions(Reading& reading) {
  if (auto done = read_indexes_of_partitions(reading); !done) return done;
  if (auto done = read_references_of_partitions(reading); !done) return done;
  if (auto done = read_triggers_of_partitions(reading); !done) return done;
  compare_storage(reading);
  for (Item& item : reading.items.all) {
    const bool is_of_one = item.parent != no_object && reading.attachments.contains(item.parent) &&
                           !is_partition(item) && !item.with_parent;
    if (!is_of_one) continue;
    item.text.clear();
    item.beside.clear();
    item.in_block = false;
    item.reason = "one partition alone has it";
  }
  return {};
}

}  // namespace godwit::inspecting
