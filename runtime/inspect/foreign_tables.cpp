// SPDX-License-Identifier: Apache-2.0
// Foreign tables with their columns; their checks are read as those of tables are.
#include "base/identifier.h"
#include "runtime/inspect/reading.h"

namespace godwit::inspecting {

namespace {

/// Why a spec cannot have the table as it is; nothing when it can.
std::string why_not() {
  return "case when c.relispartition then 'a foreign table that is a partition'\n"
         "  when exists (select from pg_inherits where c.oid in (inhrelid, inhparent)) then 'a foreign table that "
         "inherits'\n"
         "  when exists (select from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = c.oid and "
         "a.attnum > 0\n"
         "    and not a.attisdropped and (a.attidentity <> '' or a.attgenerated = 'v' or a.attstorage <> t.typstorage\n"
         "      or a.attstattarget >= 0 or " +
         std::string(set_column_options) +
         " <> '{}')) then 'settings of columns of a foreign table'\n"
         "  when exists (select from pg_depend d join pg_sequence s on s.seqrelid = d.objid where d.refclassid = "
         "'pg_class'::regclass\n"
         "    and d.refobjid = c.oid and d.refobjsubid > 0 and d.classid = 'pg_class'::regclass) then 'a foreign table "
         "that owns a sequence' end";
}

/// What `alter` sets of columns beside their definitions.
std::string settings() {
  return "(select string_agg(format(E';\\nalter foreign table %s alter column %I %s', c.oid::regclass, a.attname, s), "
         "'' order by a.attnum, s)\n"
         "  from pg_attribute a join pg_type t on t.oid = a.atttypid, lateral (values\n"
         "    (case when a.attstattarget >= 0 then 'set statistics ' || a.attstattarget end),\n"
         "    (case when a.attstorage <> t.typstorage then 'set storage ' || case a.attstorage when 'p' then 'plain' "
         "when "
         "'e' then 'external'\n"
         "      when 'x' then 'extended' else 'main' end end),\n"
         "    ('set (' || " +
         options_sql(set_column_options) +
         " || ')')) v (s)\n"
         "  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and s is not null)";
}

Done read_shells(Reading& reading, std::map<std::string, std::size_t>& tables,
                 std::map<std::string, std::string>& ends) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces + "\nselect c.oid, n.nspname, c.relname, quote_ident(s.srvname), " +
      foreign_options_sql("f.ftoptions") + ",\n" + why_not() + ",\n" + settings() +
      ", c.relispartition,\n"
      "  (select string_agg(inhparent::regclass::text, ', ' order by inhseqno) from pg_inherits where inhrelid = "
      "c.oid)\n"
      "from pg_class c join space n on n.oid = c.relnamespace join pg_foreign_table f on f.ftrelid = c.oid\n"
      "  join pg_foreign_server s on s.oid = f.ftserver\nwhere " +
      not_of_extension("pg_class", "c.oid") + " order by 2, 3;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const auto text = [&](std::size_t column) -> const std::string& { return rows->text(i, column); };
    Item item;
    item.kind = "foreign table";
    item.schema = text(1);
    item.name = text(2);
    item.group = Group::tables;
    item.sql_target = item.kind + ' ' + quoted(item.schema, item.name);
    item.reason = text(5);
    if (rows->is_true(i, 7)) {
      reading.items.not_carried.push_back(item.sql_target + ": " + item.reason);
      continue;
    }
    const std::string options = text(4).empty() ? "" : ' ' + text(4);
    if (item.reason.empty()) {
      item.target = item.sql_target;
      item.text = item.target + " server " + text(3) + options;
    }
    item.up = "create " + item.sql_target;
    item.down = "drop " + item.sql_target;
    const std::string parents = text(8).empty() ? "" : " inherits (" + text(8) + ')';
    ends[text(0)] = parents + "\n    server " + text(3) + options + text(6);
    tables[text(0)] = reading.items.add(std::move(item), address("pg_class", text(0)));
  }
  return {};
}

}  // namespace

Done read_foreign_tables(Reading& reading) {
  std::map<std::string, std::size_t> tables;
  std::map<std::string, std::string> lists, ends;
  if (auto done = read_shells(reading, tables, ends); !done) return done;
  const auto rows = reading.session.exec(
      std::string("with ") + spaces +
      "\nselect a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), format_type(a.atttypid, null), " +
      foreign_options_sql("a.attfdwoptions") +
      ",\n  case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end, a.attnotnull,\n"
      "  pg_get_expr(d.adbin, d.adrelid, true), a.attgenerated, a.attidentity, a.attislocal\n"
      "from pg_class c join space n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid\n"
      "  join pg_type t on t.oid = a.atttypid left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)\n"
      "where c.relkind = 'f' and a.attnum > 0 and not a.attisdropped order by a.attrelid, a.attnum;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const auto text = [&](std::size_t column) -> const std::string& { return rows->text(i, column); };
    const auto table = tables.find(text(0));
    if (table == tables.end() || !rows->is_true(i, 10)) continue;
    ColumnText column;
    column.name = text(1);
    column.not_null = rows->is_true(i, 6);
    const std::string type = quoted(column.name) + ' ' + short_type(text(2));
    const std::string options = text(4).empty() ? "" : ' ' + text(4);
    const std::string collation = text(5).empty() ? "" : " collate " + text(5);
    if (!text(8).empty()) {
      column.value = " generated always as (" + compact(text(7)) + (text(8) == "v" ? ") virtual" : ") stored");
    } else if (!text(9).empty()) {
      column.value = text(9) == "a" ? " generated always as identity" : " generated by default as identity";
    } else if (!text(7).empty()) {
      column.value = " default " + compact(short_default(text(7), text(3)));
    }
    std::string& list = lists[text(0)];
    list += (list.empty() ? "\n    " : ",\n    ") + type + options + collation + (column.not_null ? " not null" : "") +
            column.value;
    column.type = type + options + collation;
    reading.items.all[table->second].columns.push_back(std::move(column));
  }
  for (const auto& [oid, table] : tables) {
    Item& item = reading.items.all[table];
    item.up += " (" + lists[oid] + (lists[oid].empty() ? ")" : "\n)") + ends[oid];
  }
  return {};
}

}  // namespace godwit::inspecting
