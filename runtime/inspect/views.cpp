// SPDX-License-Identifier: Apache-2.0
// Views and materialized views.
#include "base/identifier.h"
#include "runtime/inspect/reading.h"

#include <sstream>

namespace godwit::inspecting {

namespace {

Done read_some(Reading& reading, const std::string& condition) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces + "\nselect c.oid, n.nspname, c.relname, c.relkind, pg_get_viewdef(c.oid, true), " +
      options_sql("c.reloptions") +
      ", (select spcname from pg_tablespace where oid = c.reltablespace), nullif(am.amname, 'heap'), "
      "c.relispopulated,\n"
      "  (select string_agg(format('alter view %s alter column %I set default %s', c.oid::regclass, a.attname, "
      "pg_get_expr(d.adbin, d.adrelid)), E';\\n' order by a.attnum)\n"
      "     from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum where d.adrelid = "
      "c.oid),\n"
      "  (select string_agg(format('alter view %s alter column %I drop default', c.oid::regclass, a.attname), E';\\n' "
      "order by a.attnum)\n"
      "     from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum where d.adrelid = "
      "c.oid),\n"
      "  (select string_agg(a.attname, E'\\n' order by a.attnum) from pg_attribute a where a.attrelid = c.oid and "
      "a.attnum > 0)\n"
      "from pg_class c join space n on n.oid = c.relnamespace left join pg_am am on am.oid = c.relam\n"
      "where c.relkind in ('v', 'm') and c.relpersistence <> 't' and " +
      condition + " order by 2, 3;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const auto text = [&](std::size_t column) -> const std::string& { return rows->text(i, column); };
    const bool materialized = text(3) == "m";
    Item item;
    item.kind = materialized ? "materialized view" : "view";
    item.schema = text(1);
    item.name = text(2);
    item.group = Group::views;
    const std::string name = quoted(item.schema, item.name);
    item.target = item.kind + ' ' + name;
    item.down = "drop " + item.target;
    if (text(4).empty()) {
      reading.items.not_carried.push_back(item.target + ": the server does not tell its query");
      continue;
    }
    std::string head = item.target;
    if (!text(7).empty()) head += " using " + quoted(text(7));
    if (!text(5).empty()) head += " with (" + text(5) + ")";
    if (!text(6).empty()) head += " tablespace " + quoted(text(6));
    item.text = head + " as\n" + lowered(trimmed(text(4)));
    item.up = "create " + item.text;
    if (materialized && !rows->is_true(i, 8)) {
      item.up += "\nwith no data";
      item.text += "\nwith no data";
    }
    for (std::istringstream names(text(11)); std::getline(names, item.columns.emplace_back().name);) continue;
    item.columns.pop_back();
    const std::string schema = item.schema;
    const std::size_t at = reading.items.add(std::move(item), address("pg_class", text(0)));
    if (text(9).empty()) continue;
    Item defaults;
    defaults.kind = "defaults";
    defaults.schema = schema;
    defaults.name = name;
    defaults.parent = at;
    defaults.part = Part::other;
    defaults.reason = "a spec has no form for defaults of a view's columns";
    defaults.up = text(9);
    defaults.down = text(10);
    reading.items.add(std::move(defaults));
  }
  return {};
}

}  // namespace

Done read_views(Reading& reading) {
  const std::string condition = not_of_extension("pg_class", "c.oid");
  if (attempt(reading, [&] { return read_some(reading, condition); })) return {};
  // The server cannot spell out the query of one of them: the others are read all the same.
  const auto rows = reading.session.exec(
      std::string("with ") + spaces +
      "\nselect c.oid, case c.relkind when 'v' then 'view ' else 'materialized view ' end || c.oid::regclass\n"
      "from pg_class c join space n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and " +
      condition + " order by 2;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const Done done = attempt(reading, [&] { return read_some(reading, "c.oid = " + rows->text(i, 0)); });
    if (!done && done.error().lost) return done;
    if (!done) reading.items.not_carried.push_back(rows->text(i, 1) + ": " + done.error().message);
  }
  return {};
}

}  // namespace godwit::inspecting
