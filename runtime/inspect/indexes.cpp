// SPDX-License-Identifier: Apache-2.0
// Indexes that stand for themselves, of tables and materialized views.
#include "base/identifier.h"
#include "runtime/inspect/reading.h"

namespace godwit::inspecting {

namespace {

/// What a spec says behind `index name`: the server's text from `using` on, without `using btree`.
std::string behind_table(const std::string& definition, const std::string& tablespace) {
  const std::size_t at = find_outside(definition, " USING ");
  std::string text = compact(definition.substr(at == std::string::npos ? 0 : at + 1));
  constexpr std::string_view btree = "using btree ";
  if (text.starts_with(btree)) text.erase(0, btree.size());
  if (!tablespace.empty()) {
    const std::size_t where = find_outside(text, " where ");
    text.insert(where == std::string::npos ? text.size() : where, " tablespace " + quoted(tablespace));
  }
  return text;
}

}  // namespace

void wait_for_partitions(Reading& reading, std::size_t item, Address table) {
  for (auto [at, end] = reading.partitions.equal_range(table); at != end; ++at) {
    const std::size_t partition = reading.items.find(at->second);
    if (partition == no_object) continue;
    reading.items.all[item].needs.push_back(partition);
    reading.items.all[item].needs.push_back(reading.attachments.at(partition));
  }
}

Done read_indexes(Reading& reading) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces +
      "\nselect x.oid, i.indrelid, x.relname, i.indisunique, i.indisvalid, pg_get_indexdef(x.oid, 0, true), "
      "x.relkind,\n"
      "  (select spcname from pg_tablespace where oid = x.reltablespace),\n"
      "  (select string_agg(coalesce(a.attname, 'expr'), '_' order by u.i) from unnest(i.indkey) with ordinality u (n, "
      "i)\n"
      "     left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.n and u.n <> 0 where u.i <= "
      "i.indnkeyatts),\n"
      "  exists (select from pg_constraint o where o.connamespace = x.relnamespace and o.conname = x.relname),\n"
      "  (select string_agg(format('alter index %s alter column %s set statistics %s', x.oid::regclass, a.attnum, "
      "a.attstattarget), E';\\n' order by a.attnum)\n"
      "     from pg_attribute a where a.attrelid = x.oid and a.attstattarget >= 0)\n"
      "from pg_index i join pg_class x on x.oid = i.indexrelid join space n on n.oid = x.relnamespace\n"
      "  join pg_class c on c.oid = i.indrelid\n"
      "where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't'\n"
      "  and not exists (select from pg_constraint k where k.conindid = x.oid and k.contype in ('p', 'u', 'x'))\n"
      "order by n.nspname, x.relname;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const auto text = [&](std::size_t column) -> const std::string& { return rows->text(i, column); };
    const std::size_t table = reading.items.find(address("pg_class", text(1)));
    if (table == no_object) continue;
    const Item& owner = reading.items.all[table];
    Item item;
    item.kind = "index";
    item.schema = owner.schema;
    item.name = text(2);
    item.target = "index " + quoted(item.schema, item.name);
    item.parent = table;
    item.part = Part::index;
    item.in_block = true;
    const bool partitioned = text(6) == "I";
    if (!rows->is_true(i, 4) && !partitioned) {
      reading.items.not_carried.push_back(item.target +
                                          ": it is invalid, the statement that should have built it "
                                          "failed; `reindex` or drop it");
      continue;
    }
    const bool named = rows->is_true(i, 9) || item.name != default_object_name(owner.name, text(8), "idx");
    const std::string kind = rows->is_true(i, 3) ? "unique index " : "index ";
    const std::string on = "on " + behind_table(text(5), text(7));
    item.named = kind + quoted(item.name) + ' ' + on;
    item.text = named ? item.named : kind + on;
    item.up = lowered(text(5));
    const bool lacking = partitioned && !rows->is_true(i, 4);
    if (lacking) {
      item.text.clear();
      item.reason = "an index that some of the partitions do not have";
    } else if (const std::size_t only = find_outside(item.up, " on only "); only != std::string::npos) {
      item.up.erase(only + 3, 5);
    }
    if (!text(7).empty()) {
      const std::size_t where = find_outside(item.up, " where ");
      item.up.insert(where == std::string::npos ? item.up.size() : where, " tablespace " + quoted(text(7)));
    }
    item.down = "drop " + item.target;
    const std::string statistics = text(10);
    const std::string name = quoted(item.schema, item.name);
    const std::string schema = item.schema;
    const std::size_t at = reading.items.add(std::move(item), address("pg_class", text(0)));
    if (lacking) wait_for_partitions(reading, at, address("pg_class", text(1)));
    if (statistics.empty()) continue;
    Item target;
    target.kind = "statistics target";
    target.schema = schema;
    target.name = name;
    target.parent = at;
    target.part = Part::other;
    target.reason = "a spec has no form for that of an index";
    target.up = statistics;
    reading.items.add(std::move(target));
  }
  return {};
}

}  // namespace godwit::inspecting
