// SPDX-License-Identifier: Apache-2.0
// Triggers and policies.
#include "base/identifier.h"
#include "runtime/inspect/reading.h"

namespace godwit::inspecting {

namespace {

/// `before update of a for each row …` of `CREATE TRIGGER name BEFORE UPDATE OF a ON app.t FOR EACH ROW …`.
std::string without_table(const std::string& definition, const std::string& name, const std::string& table) {
  const std::size_t head = find_outside(definition, "TRIGGER " + name + ' ');
  const std::string on = " ON " + table + ' ';
  const std::size_t at = find_outside(definition, on);
  if (head == std::string::npos || at == std::string::npos) return {};
  const std::size_t begin = head + 9 + name.size();
  return compact(definition.substr(begin, at - begin) + ' ' + definition.substr(at + on.size()));
}

const char* enabled_words(const std::string& state) {
  if (state == "D") return "disable";
  return state == "R" ? "enable replica" : "enable always";
}

}  // namespace

Done read_triggers(Reading& reading) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces +
      "\nselect t.oid, t.tgrelid, t.tgname, quote_ident(t.tgname), t.tgenabled, t.tgconstraint <> 0, c.relkind,\n"
      "  n.dotted || quote_ident(c.relname), pg_get_triggerdef(t.oid, true), t.tgconstraint\n"
      "from pg_trigger t join pg_class c on c.oid = t.tgrelid join space n on n.oid = c.relnamespace\n"
      "where not t.tgisinternal and t.tgparentid = 0\n"
      "  and t.tgname !~ '^(_gw_|~gw_)'  -- of what is kept in step while a window is open\n"
      "order by n.nspname, c.relname, t.tgname;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const auto text = [&](std::size_t column) -> const std::string& { return rows->text(i, column); };
    const std::size_t table = reading.items.find(address("pg_class", text(1)));
    if (table == no_object) continue;
    const std::string on = quoted(reading.items.all[table].schema, reading.items.all[table].name);
    Item item;
    item.kind = "trigger";
    item.schema = reading.items.all[table].schema;
    item.name = quoted(text(2)) + " on " + on;
    item.target = "trigger " + item.name;
    item.parent = table;
    item.part = Part::trigger;
    item.in_block = true;
    item.up = lowered(text(8));
    item.down = "drop trigger " + item.name;
    const std::string definition = without_table(text(8), text(3), text(7));
    if (!definition.empty())
      item.text = (rows->is_true(i, 5) ? "constraint trigger " : "trigger ") + quoted(text(2)) + ' ' + definition;
    if (text(4) != "O") {
      if (!item.text.empty()) item.text += text(4) == "D" ? " disabled" : std::string(" ") + enabled_words(text(4));
      item.up += ";\nalter table " + on + ' ' + enabled_words(text(4)) + " trigger " + quoted(text(2));
    }
    if (text(6) == "v") {
      item.text.clear();
      item.reason = "a trigger of a view";
    }
    const std::size_t at = reading.items.add(std::move(item), address("pg_trigger", text(0)));
    if (text(9) != "0") reading.items.at.emplace(address("pg_constraint", text(9)), at);
  }
  return {};
}

Done read_policies(Reading& reading) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces +
      "\nselect p.oid, p.polrelid, p.polname, concat_ws(' ', case when not polpermissive then 'as restrictive' end,\n"
      "  'for ' || case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then "
      "'delete' end,\n"
      "  'to ' || (select string_agg(case r when 0 then 'public' else quote_ident(pg_get_userbyid(r)) end, ', ' order "
      "by i)\n"
      "     from unnest(polroles) with ordinality u (r, i) where polroles <> '{0}')),\n"
      "  pg_get_expr(polqual, polrelid, true), pg_get_expr(polwithcheck, polrelid, true)\n"
      "from pg_policy p join pg_class c on c.oid = p.polrelid join space n on n.oid = c.relnamespace\n"
      "order by n.nspname, c.relname, p.polname;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const std::size_t table = reading.items.find(address("pg_class", rows->text(i, 1)));
    if (table == no_object) continue;
    const std::string on = quoted(reading.items.all[table].schema, reading.items.all[table].name);
    std::string definition = rows->text(i, 3);
    if (!rows->text(i, 4).empty()) definition += " using (" + compact(rows->text(i, 4)) + ")";
    if (!rows->text(i, 5).empty()) definition += " with check (" + compact(rows->text(i, 5)) + ")";
    definition = trimmed(definition);
    Item item;
    item.kind = "policy";
    item.schema = reading.items.all[table].schema;
    item.name = quoted(rows->text(i, 2)) + " on " + on;
    item.target = "policy " + item.name;
    item.parent = table;
    item.part = Part::policy;
    item.in_block = true;
    item.text = "policy " + quoted(rows->text(i, 2)) + ' ' + (definition.empty() ? "for all" : definition);
    item.up = "create policy " + item.name + ' ' + definition;
    item.down = "drop policy " + item.name;
    reading.items.add(std::move(item), address("pg_policy", rows->text(i, 0)));
  }
  return {};
}

Done read_statistics(Reading& reading) {
  const auto rows = reading.session.exec(
      std::string("with ") + spaces +
      "\nselect s.oid, s.stxrelid, n.nspname, s.stxname, pg_get_statisticsobjdef(s.oid), s.stxnamespace = "
      "c.relnamespace,\n"
      "  case when s.stxstattarget >= 0 then s.stxstattarget end\n"
      "from pg_statistic_ext s join space n on n.oid = s.stxnamespace join pg_class c on c.oid = s.stxrelid\n"
      "order by 3, 4;");
  if (!rows) return unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows.size(); ++i) {
    const std::size_t table = reading.items.find(address("pg_class", rows->text(i, 1)));
    if (table == no_object) continue;
    Item item;
    item.kind = "statistics";
    item.schema = rows->text(i, 2);
    item.name = rows->text(i, 3);
    const std::string name = quoted(item.schema, item.name);
    item.target = "statistics " + name;
    item.parent = table;
    item.part = Part::statistics;
    item.in_block = true;
    item.up = compact(rows->text(i, 4));
    item.down = "drop statistics " + name;
    if (!rows->is_true(i, 5)) {
      item.reason = "statistics in another schema than their table";
    } else {
      // CREATE STATISTICS app.s (kinds) ON a, b FROM app.t
      const std::size_t from = find_outside(item.up, " from ");
      constexpr std::string_view create = "create statistics ";
      std::size_t begin = find_outside(item.up, " on ");
      if (const std::size_t kinds = item.up.find(" (", create.size()); kinds < begin) begin = kinds;
      item.text = "statistics " + quoted(item.name) + item.up.substr(begin, from - begin);
    }
    const std::string schema = item.schema;
    const std::size_t at = reading.items.add(std::move(item), address("pg_statistic_ext", rows->text(i, 0)));
    if (rows->text(i, 6).empty()) continue;
    Item target;
    target.kind = "statistics target";
    target.schema = schema;
    target.name = name;
    target.parent = at;
    target.part = Part::other;
    target.reason = "a spec has no form for that of extended statistics";
    target.up = "alter statistics " + name + " set statistics " + rows->text(i, 6);
    target.down = "alter statistics " + name + " set statistics -1";
    reading.items.add(std::move(target));
  }
  return {};
}

}  // namespace godwit::inspecting
