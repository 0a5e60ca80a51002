// SPDX-License-Identifier: Apache-2.0
// Constraints of tables, written beside their column where that says the same.
#include "base/identifier.h"
#include "runtime/inspect/reading.h"

#include <set>

namespace godwit::inspecting {

namespace {

struct Found {
  std::string oid, relation, name, type, columns, column, options, tablespace, partial_target, index;
  bool deferrable = false, deferred = false, validated = true, one_column = false, targets_primary = false;
  bool lacking = false;  // a key that some partitions do not have
  std::string definition;
};

void cut(std::string& text, std::string_view ending) {
  if (text.ends_with(ending)) text.erase(text.size() - ending.size());
}

/// `references app.users (id) on delete cascade`, without the columns when they are the primary key.
std::string shortened_reference(const std::string& text, bool targets_primary) {
  const std::size_t word = find_outside(text, "references ");
  if (word == std::string::npos) return text;
  std::size_t open = word;
  while (open < text.size() && text[open] != '(') open = text[open] == '"' ? text.find('"', open + 1) + 1 : open + 1;
  const std::size_t behind = behind_bracket(text, open);
  return text.substr(0, open) + (targets_primary ? "" : ' ' + text.substr(open, behind - open)) + text.substr(behind);
}

/// The constraint as a table's item says it, without its name.
std::string written(const Found& found) {
  std::string text = found.definition;
  cut(text, " NOT VALID");
  cut(text, " INITIALLY DEFERRED");
  cut(text, " DEFERRABLE");
  text = compact(text);
  if (found.type == "f") text = shortened_reference(text, found.targets_primary);
  if (found.type == "x") {
    // What an exclusion's index has stands in front of its condition.
    const std::size_t where = find_outside(text, " where (");
    std::string more;
    if (!found.options.empty()) more += " with (" + found.options + ")";
    if (!found.tablespace.empty()) more += " using index tablespace " + quoted(found.tablespace);
    text.insert(where == std::string::npos ? text.size() : where, more);
  } else {
    if (!found.options.empty()) text += " with (" + found.options + ")";
    if (!found.tablespace.empty()) text += " using index tablespace " + quoted(found.tablespace);
  }
  if (found.deferrable) text += " deferrable";
  if (found.deferred) text += " initially deferred";
  if (!found.validated) text += " not valid";
  return text;
}

std::string default_name(const Found& found, const std::string& table) {
  switch (found.type.front()) {
    case 'p': return default_object_name(table, "", "pkey");
    case 'u': return default_object_name(table, found.columns, "key");
    case 'c': return default_object_name(table, found.one_column ? found.columns : "", "check");
    case 'f': return default_object_name(table, found.columns, "fkey");
    default: return {};  // an exclusion says its name always
  }
}

/// Behind a column stands what the item says without its list of columns.
std::string beside_column(const Found& found, const std::string& text) {
  if (!found.one_column || found.type == "x") return {};
  if (found.type == "c") return text;
  if (found.type == "f") return text.substr(find_outside(text, "references "));
  const std::size_t open = text.find('(');
  return text.substr(0, open - 1) + text.substr(behind_bracket(text, open));
}

const char* kind_of(char type) {
  switch (type) {
    case 'p': return "primary key";
    case 'u': return "unique";
    case 'c': return "check";
    case 'f': return "foreign key";
    default: return "exclude";
  }
}

Part part_of(char type) {
  switch (type) {
    case 'p': return Part::primary_key;
    case 'u': return Part::unique;
    case 'c': return Part::check;
    case 'f': return Part::foreign_key;
    default: return Part::exclude;
  }
}

void add(Reading& reading, const Found& found, std::size_t table, const std::set<std::string>& taken_twice) {
  Item item;
  const std::string table_name = reading.items.all[table].name;
  const std::string on = quoted(reading.items.all[table].schema, table_name);
  item.kind = kind_of(found.type.front());
  item.schema = reading.items.all[table].schema;
  item.name = quoted(found.name) + " on " + on;
  item.target = "constraint " + item.name;
  item.part = part_of(found.type.front());
  item.parent = table;
  const std::string text = written(found);
  const bool named =
      found.name != default_name(found, table_name) || taken_twice.contains(item.schema + '.' + found.name);
  const std::string name = "constraint " + quoted(found.name) + ' ';
  item.named = name + text;
  item.text = named ? item.named : text;
  item.in_block = true;
  item.up = "alter table " + std::string(found.lacking ? "only " : "") + on + " add " + name + text;
  item.down = "alter table " + on + " drop constraint " + quoted(found.name);
  if (const std::string beside = beside_column(found, text); !beside.empty()) {
    item.beside = (named ? name : "") + beside;
    item.column = found.column;
    item.in_block = false;
  }
  if (found.lacking) {
    item.text.clear();
    item.beside.clear();
    item.reason = "a key that some of the partitions do not have";
  }
  const std::size_t at = reading.items.add(std::move(item), address("pg_constraint", found.oid));
  if (found.lacking) wait_for_partitions(reading, at, address("pg_class", found.relation));
  if (!found.index.empty()) reading.items.at.emplace(address("pg_class", found.index), at);
}

}  // namespace

Done read_constraints(Reading& reading) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces +
      "\nselect k.oid, k.conrelid, k.conname, k.contype, pg_get_constraintdef(k.oid, true), k.condeferrable, "
      "k.condeferred,\n"
      "  k.convalidated, cardinality(k.conkey) = 1,\n"
      "  (select string_agg(attname, '_' order by i) from unnest(k.conkey) with ordinality u (n, i)\n"
      "     join pg_attribute on attrelid = k.conrelid and attnum = u.n),\n"
      "  k.contype = 'f' and k.confkey = (select p.conkey from pg_constraint p where p.conrelid = k.confrelid and "
      "p.contype = 'p'),\n  " +
      options_sql("x.reloptions") +
      ", (select spcname from pg_tablespace where oid = x.reltablespace),\n"
      "  x.relkind = 'I' and not (select indisvalid from pg_index where indexrelid = x.oid), x.oid,\n"
      "  (select count(*) from pg_constraint o where o.connamespace = k.connamespace and o.conname = k.conname\n"
      "     and o.conrelid <> 0)\n"
      "    + (select count(*) from pg_class o where o.relnamespace = k.connamespace and o.relname = k.conname and "
      "o.oid is distinct from x.oid)\n"
      "from pg_constraint k join pg_class c on c.oid = k.conrelid join space n on n.oid = c.relnamespace\n"
      "  left join pg_class x on x.oid = k.conindid and k.contype in ('p', 'u', 'x')\n"
      "where k.contype in ('p', 'u', 'c', 'f', 'x') and c.relkind in ('r', 'p', 'f')\n  and (k.conislocal or k.contype "
      "in ('p', 'u', 'x'))\n"
      "  and not (k.contype = 'f' and k.conparentid <> 0)\n"
      "order by n.nspname, c.relname, k.contype, k.conname;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const std::size_t table = reading.items.find(address("pg_class", rows->text(i, 1)));
    if (table == no_object) continue;
    Found found;
    found.oid = rows->text(i, 0);
    found.relation = rows->text(i, 1);
    found.name = rows->text(i, 2);
    found.type = rows->text(i, 3);
    found.definition = rows->text(i, 4);
    found.deferrable = rows->is_true(i, 5);
    found.deferred = rows->is_true(i, 6);
    found.validated = rows->is_true(i, 7);
    found.one_column = rows->is_true(i, 8);
    found.columns = rows->text(i, 9);
    found.column = found.columns;
    found.targets_primary = rows->is_true(i, 10);
    found.options = rows->text(i, 11);
    found.tablespace = rows->text(i, 12);
    found.lacking = rows->is_true(i, 13);
    found.index = rows->text(i, 14);
    std::set<std::string> twice;
    if (rows->text(i, 15) != "1") twice.insert(reading.items.all[table].schema + '.' + found.name);
    add(reading, found, table, twice);
  }
  return {};
}

}  // namespace godwit::inspecting
