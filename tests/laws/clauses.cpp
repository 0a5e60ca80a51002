// SPDX-License-Identifier: Apache-2.0
// What random columns, tables, indexes and views say of how they are stored, compared, published and checked.
#include "tests/laws/world.h"

#include <algorithm>

namespace godwit::laws {

namespace {

/// Settings of a table: each kind has the forms it changes between, and a table says at most one of a kind.
const std::vector<std::vector<std::string>>& settings() {
  static const std::vector<std::vector<std::string>> all{
      {"with (fillfactor = 70)", "with (fillfactor = 90, autovacuum_enabled = false)",
       "with (toast.autovacuum_enabled = false)"},
      {"unlogged"},
      {"tablespace " + tablespace, "tablespace pg_default"},
      {"replica identity full", "replica identity default", "replica identity full"},
  };
  return all;
}

bool is_of(const std::vector<std::string>& kind, const std::string& text) {
  return std::find(kind.begin(), kind.end(), text) != kind.end() ||
         (text.starts_with("replica") && kind.front().starts_with("replica"));
}

/// Others may only refer to a table, or publish it, that is logged.
bool others_need_it_logged(const World& world, int table) {
  const auto mentions = world.mentioning(table);
  return std::any_of(mentions.begin(), mentions.end(), [&](int number) {
    const Thing& thing = world.things.at(number);
    return thing.sort == Sort::statement || (thing.sort == Sort::item && thing.table != table);
  });
}

int add_setting_as(World& world, int table, std::string text) {
  Thing item;
  item.sort = Sort::item;
  item.table = table;
  item.text = std::move(text);
  return world.add(item);
}

/// By a unique index over the table's key, which is never dropped and always `not null`.
int add_identity_by_index(World& world, Dice& dice, int table) {
  for (const int column : world.in(table, Sort::column)) {
    if (!world.things.at(column).key) continue;
    const bool is_constraint = dice.chance(30);
    Thing index;
    index.sort = Sort::item;
    index.table = table;
    index.name = fresh_name(dice, world);
    index.text = (is_constraint ? "constraint {} unique (" : "unique index {} on (") + ref(column) + ')';
    index.drop = is_constraint ? "constraint" : "index";
    return add_setting_as(world, table, "replica identity using index " + ref(world.add(index)));
  }
  return 0;
}

std::string without_options(const std::string& view) { return view.substr(view.find(" as select")); }

}  // namespace

const std::map<std::string, std::string>& conversions() {
  static const std::map<std::string, std::string> all{
      {"integer", "text"},   {"bigint", "numeric(20,1)"}, {"numeric(8,2)", "integer"}, {"boolean", "text"},
      {"date", "timestamp"}, {"timestamptz", "date"},     {"jsonb", "json"},           {"uuid", "text"},
      {"text[]", "text"},    {"double precision", "real"}};
  return all;
}

bool is_unlogged(const World& world, int table) {
  const auto items = world.in(table, Sort::item);
  return std::any_of(items.begin(), items.end(), [&](int item) { return world.things.at(item).text == "unlogged"; });
}

std::string column_clauses(Dice& dice, const std::string& type, const std::string& collation) {
  std::string text;
  const auto say = [&](const std::string& clause) { text += (text.empty() ? "" : " ") + clause; };
  const bool words = type == "text" || type == "varchar(20)";
  if (!collation.empty()) say(collation);
  if ((words || type == "jsonb" || type == "text[]") && dice.chance(20))
    say(dice.pick(std::vector<std::string>{"storage external", "storage main", "storage extended"}));
  if (words && dice.chance(15) && server_is(14)) say("compression pglz");
  if (dice.chance(8)) say(dice.chance(50) ? "statistics 50" : "statistics 0");
  return text;
}

std::string random_collation(Dice& dice, const std::string& type) {
  if ((type != "text" && type != "varchar(20)") || !dice.chance(25)) return "";
  return dice.pick(std::vector<std::string>{"collate \"C\"", "collate \"POSIX\"", "collate \"de-x-icu\""});
}

std::string changed_clauses(const World& world, Dice& dice, int column, bool is_plain) {
  const Thing& thing = world.things.at(column);
  const std::size_t end = thing.text.starts_with("collate") ? thing.text.find('"', 9) + 1 : 0;
  const bool can_change = is_plain && world.things.at(thing.table).items.empty();
  return column_clauses(dice, thing.type, can_change ? random_collation(dice, thing.type) : thing.text.substr(0, end));
}

std::string storage_of_index(Dice& dice) {
  if (!dice.chance(25)) return "";
  return dice.pick(std::vector<std::string>{" with (fillfactor = 70)", " with (deduplicate_items = off)",
                                            " tablespace " + tablespace,
                                            " with (fillfactor = 50) tablespace " + tablespace});
}

int add_setting(World& world, Dice& dice, int table) {
  if (!world.things.at(table).items.empty()) return 0;  // most are none of a partitioned table
  const std::vector<std::string>& kind = dice.pick(settings());
  const auto items = world.in(table, Sort::item);
  for (const int item : items) {
    if (is_of(kind, world.things.at(item).text)) return 0;
  }
  if (kind.front() == "unlogged" && others_need_it_logged(world, table)) return 0;
  if (kind.front().starts_with("replica") && dice.chance(60)) return add_identity_by_index(world, dice, table);
  return add_setting_as(world, table, dice.pick(kind));
}

int change_setting(World& world, Dice& dice, int table, std::set<int>& whole) {
  for (const int item : world.in(table, Sort::item)) {
    for (const std::vector<std::string>& kind : settings()) {
      if (!is_of(kind, world.things.at(item).text) || !dice.chance(60)) continue;
      if (kind.size() == 1 || dice.chance(30)) {
        world.things.erase(item);
        whole.insert(table);
      } else {
        world.things.at(item).text = dice.pick(kind);
      }
      return item;
    }
  }
  return 0;
}

void vary_view(Thing& view, Dice& dice) {
  if (view.type == "recursive view") return;
  std::vector<std::string> options{"", "", "", " with (security_barrier)"};
  if (view.type == "materialized view") {
    options = {"", " with (fillfactor = 70)", " with (autovacuum_enabled = false) tablespace " + tablespace};
  } else if (server_is(15)) {
    options.insert(options.end(), {" with (security_invoker = true)", " with (security_invoker = false)"});
  }
  view.text = dice.pick(options) + without_options(view.text);
  const bool has_rows_of_a_table = view.text.find(" as select a.") != std::string::npos;
  if (view.type != "view" || !has_rows_of_a_table) return;
  view.value = dice.pick(std::vector<std::string>{"", "", " with local check option", " with cascaded check option"});
}

int add_recursive_view(World& world, Dice& dice, Thing view) {
  const int table = dice.pick(world.of(Sort::table));
  const std::string column = ref(dice.pick(world.in(table, Sort::column)));
  view.type = "recursive view";
  view.outputs = {"o1", "o2"};
  const int number = world.add(view);
  world.things.at(number).text = " (o1, o2) as select a." + column + " as o1, 1 from " + ref(table) +
                                 " a union all select r.o1, r.o2 + 1 from " + ref(number) + " r where r.o2 < 3";
  return number;
}

}  // namespace godwit::laws
