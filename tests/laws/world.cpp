// SPDX-License-Identifier: Apache-2.0
#include "tests/laws/world.h"

#include "base/identifier.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace godwit::laws {

namespace {

struct Type {
  const char* sql;
  const char* check;  // true of every value that rows are filled with; nullptr: none
  bool keys;          // can be compared and holds distinct values
  std::vector<std::string> values;
};

const std::vector<Type>& types() {
  static const std::vector<Type> all{
      {"integer", "@c@ >= -5", true, {"0", "42", "(1 + 2)", "-1"}},
      {"bigint", "@c@ between -5 and 100000", true, {"0", "9000000000"}},
      {"text", "length(@c@) < 1000", true, {"''", "'it''s'", "'a;b'", "E'tab\\there'", "upper('x')"}},
      {"varchar(20)", "@c@ <> 'forbidden'", true, {"'short'", "'ü'"}},
      {"numeric(8,2)", "@c@ > -1.5", true, {"0.5", "1e3"}},
      {"boolean", "@c@ or not @c@", false, {"true", "false"}},
      {"date", nullptr, true, {"'2024-02-29'", "current_date"}},
      {"timestamptz", "@c@ > '1999-01-01'", true, {"now()", "'2024-01-01 00:00:00+00'"}},
      {"jsonb", "jsonb_typeof(@c@) = 'object'", false, {"'{}'", "'{\"a\": [1, null]}'"}},
      {"uuid", nullptr, true, {"'00000000-0000-0000-0000-000000000000'", "gen_random_uuid()"}},
      {"text[]", "cardinality(@c@) < 100", false, {"'{}'", "array['a', 'b']"}},
      {"smallint", "@c@ % 2 in (0, 1, -1)", true, {"7"}},
      {"double precision", nullptr, true, {"1.5"}},
  };
  return all;
}

const Type* type_of(const std::string& sql) {
  for (const Type& type : types()) {
    if (type.sql == sql) return &type;
  }
  return nullptr;
}

std::string with(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

bool any_partitioned(const World& world) {
  const auto tables = world.of(Sort::table);
  return std::any_of(tables.begin(), tables.end(), [&](int table) { return !world.things.at(table).items.empty(); });
}

std::string random_schema(World& world, Dice& dice) { return world.things.at(dice.pick(world.of(Sort::schema))).name; }

}  // namespace

std::string ref(int number) { return '@' + std::to_string(number) + '@'; }

int World::add(Thing thing) {
  things.emplace(++last, std::move(thing));
  return last;
}

std::vector<int> World::of(Sort sort) const {
  std::vector<int> out;
  for (const auto& [number, thing] : things) {
    if (thing.sort == sort) out.push_back(number);
  }
  return out;
}

std::vector<int> World::in(int table, Sort sort) const {
  std::vector<int> out;
  for (const auto& [number, thing] : things) {
    if (thing.sort == sort && thing.table == table) out.push_back(number);
  }
  return out;
}

std::string World::name(int number) const {
  const Thing& thing = things.at(number);
  return thing.sort == Sort::column || thing.sort == Sort::item || thing.sort == Sort::schema
             ? quoted(thing.name)
             : quoted(thing.schema, thing.name);
}

void World::forget_names() {
  names.clear();
  for (const auto& [number, thing] : things) names.insert(thing.name);
}

std::string World::named(const std::string& text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t end = text[at] == '@' ? text.find('@', at + 1) : std::string::npos;
    if (end == std::string::npos) {
      out += text[at];
      continue;
    }
    out += name(std::stoi(text.substr(at + 1, end - at - 1)));
    at = end;
  }
  return out;
}

std::vector<int> World::mentioning(int number) const {
  std::vector<int> out;
  const std::string mention = ref(number);
  for (const auto& [other, thing] : things) {
    if (other != number && (thing.text + thing.value + thing.type).find(mention) != std::string::npos)
      out.push_back(other);
  }
  return out;
}

std::string fresh_name(Dice& dice, World& world) {
  static const std::vector<std::string> plain{"alpha", "beta",  "gamma", "delta", "omega",
                                              "item",  "value", "state", "note",  "label"};
  static const std::vector<std::string> odd{"Order Items ", "quo\"te",    "Überkategorie", "UPPER", "user", "select",
                                            "it's",         "semi;colon", "dash--dash",    "a.b",   "日本", "$x$"};
  const std::string number = std::to_string(++world.last);
  if (dice.chance(70)) return dice.pick(plain) + '_' + number;
  if (dice.chance(15)) return 'l' + number + std::string(max_identifier_bytes - number.size() - 1, 'l');
  static const std::vector<std::string> reserved{"order", "group",   "table", "check", "primary",
                                                 "index", "comment", "owner", "grant", "end"};
  std::string name = dice.chance(30) ? dice.pick(reserved) : dice.pick(odd) + number;
  if (!world.names.insert(name).second) return name + number;
  const auto says = [&](const std::string& text) { return text.find(quoted(name)) != std::string::npos; };
  for (const auto& [other, thing] : world.things) {  // statements and partitions have their names in their text
    if (thing.name == name || std::any_of(thing.items.begin(), thing.items.end(), says)) return name + number;
  }
  return name;
}

int add_column(World& world, Dice& dice, int table, bool to_rows) {
  Thing column;
  column.sort = Sort::column;
  column.table = table;
  column.name = fresh_name(dice, world);
  const auto enums = world.of(Sort::enumeration);
  const auto domains = world.of(Sort::domain);
  if (!enums.empty() && dice.chance(10)) {
    column.type = ref(dice.pick(enums));
    if (dice.chance(50)) column.value = "'one'";
  } else if (!domains.empty() && dice.chance(10)) {
    column.type = ref(dice.pick(domains));
  } else if (const auto composites = world.of(Sort::type); !composites.empty() && dice.chance(10)) {
    const int type = dice.pick(composites);
    const bool array = dice.chance(30);
    column.type = ref(type) + (array ? "[]" : "");
    const bool range = world.things.at(type).text.starts_with(" as range");
    if (dice.chance(40)) column.value = array ? "'{}'" : range ? "'[1,5)'" : "'(1,one)'";
  } else {
    const Type& type = dice.pick(types());
    column.type = type.sql;
    if (dice.chance(40)) column.value = dice.pick(type.values);
    if (column.type == "text" && dice.chance(15)) {
      std::vector<int> sources;
      for (const int other : world.in(table, Sort::column)) {
        const Thing& source = world.things.at(other);
        if (source.type == "text" && !source.generated) sources.push_back(other);
      }
      if (!sources.empty()) {
        column.generated = true;
        column.value = "upper(" + ref(dice.pick(sources)) + " || 'x')";
      }
    }
  }
  if (!column.generated) column.not_null = dice.chance(30) && (!to_rows || !column.value.empty());
  if (!column.generated) column.text = column_clauses(dice, column.type, random_collation(dice, column.type));
  if (dice.chance(20)) column.comment = "What's in " + column.name;
  return world.add(column);
}

std::string column_text(const World& world, int column) {
  const Thing& thing = world.things.at(column);
  std::string text = quoted(thing.name) + ' ' + world.named(thing.type);
  if (thing.not_null) text += " not null";
  if (thing.generated) {
    text += " generated always as (" + world.named(thing.value) + ") stored";
  } else if (!thing.value.empty()) {
    text += thing.value.starts_with("generated") ? ' ' + thing.value : " default " + world.named(thing.value);
  }
  if (!thing.text.empty()) text += ' ' + world.named(thing.text);
  if (!thing.comment.empty()) text += " comment " + literal(thing.comment);
  return text;
}

std::string item_text(const World& world, int item) {
  const Thing& thing = world.things.at(item);
  return world.named(with(thing.text, "{}", quoted(thing.name)));
}

bool may_be_key(const World& world, int column) {
  const Type* type = type_of(world.things.at(column).type);
  return type != nullptr && type->keys;
}

int add_item(World& world, Dice& dice, int table) {
  Thing item;
  item.sort = Sort::item;
  item.table = table;
  item.name = fresh_name(dice, world);
  std::vector<int> columns = world.in(table, Sort::column);
  std::vector<int> keys;
  for (const int column : columns) {
    if (may_be_key(world, column)) keys.push_back(column);
  }
  dice.shuffle(keys);
  const std::string any = ref(dice.pick(columns));
  const std::string one = keys.empty() ? any : ref(keys.front());
  const std::string two = keys.size() > 1 ? one + ", " + ref(keys[1]) : one;
  const std::string named_constraint = dice.chance(60) ? "constraint {} " : "";
  const bool partitioned =
      !world.things.at(table).items.empty();  // its unique keys would have to hold the partition key
  switch (dice.below(12)) {
    case 9:
      if (keys.empty() || partitioned) return 0;
      item.text = named_constraint + "exclude using " + (dice.chance(50) ? "hash (" : "btree (") + one + " with =)" +
                  (dice.chance(30) ? " where (" + any + " is not null)" : "") +
                  (dice.chance(30) ? " deferrable initially deferred" : "");
      item.drop = "constraint";
      break;
    case 10: return add_setting(world, dice, table);
    case 0:
      if (keys.empty() || partitioned) return 0;
      item.text = named_constraint + "unique (" + (dice.chance(50) ? two : one) + ')';
      item.drop = "constraint";
      break;
    case 1: {
      const int column = dice.pick(columns);
      const Type* type = type_of(world.things.at(column).type);
      if (type == nullptr || type->check == nullptr) return 0;
      item.text = named_constraint + "check (" + with(type->check, "@c@", ref(column)) + ')';
      item.drop = "constraint";
      break;
    }
    case 2: {
      std::vector<std::pair<int, int>> fits;  // own column, key of another table
      for (const int other : world.of(Sort::column)) {
        const Thing& target = world.things.at(other);
        if (!target.key) continue;
        for (const int column : columns) {
          const Thing& own = world.things.at(column);
          if (own.type == target.type && !own.generated && column != other && !is_unlogged(world, target.table))
            fits.emplace_back(column, other);
        }
      }
      if (fits.empty()) return 0;
      const auto [own, target] = dice.pick(fits);
      static const std::vector<std::string> actions{"", " on delete cascade", " on delete set null on update cascade",
                                                    " deferrable initially deferred", " on update restrict"};
      // The server's own references to partitions take the default names (docs/limits.md).
      item.text = (any_partitioned(world) ? "constraint {} " : named_constraint) + "foreign key (" + ref(own) +
                  ") references " + ref(world.things.at(target).table) + " (" + ref(target) + ')' + dice.pick(actions);
      item.drop = "constraint";
      break;
    }
    case 3:
      item.text = (dice.chance(60) ? "index {} on (" : "index on (") + (dice.chance(50) ? two : one + " desc") + ')' +
                  storage_of_index(dice) + (dice.chance(30) ? " where " + any + " is not null" : "");
      item.drop = "index";
      break;
    case 4:
      item.text = "unique index {} on (" + two + ')' + (dice.chance(30) && any != one ? " include (" + any + ')' : "") +
                  storage_of_index(dice);
      if (keys.empty() || partitioned) return 0;
      item.drop = "index";
      break;
    case 5:
      if (keys.size() < 2) return 0;
      item.text = "statistics {}" +
                  dice.pick(std::vector<std::string>{" on ", " (mcv) on ", " (ndistinct, dependencies) on "}) + two +
                  (dice.chance(30) && server_is(14) ? ", (" + any + " is null)" : "");
      item.drop = "statistics";
      break;
    case 6:
      item.text = "policy {} for " + std::string(dice.chance(50) ? "select" : "all") + " to app_backend using (" + any +
                  " is not null)";
      item.drop = "policy";
      break;
    case 7: {
      static const std::vector<std::string> states{"", "", " disabled", " enable always", " enable replica"};
      for (const int function : world.of(Sort::function)) {
        if (world.things.at(function).type == "trigger") {
          item.text = "trigger {} before " + std::string(dice.chance(50) ? "update" : "insert or update of " + any) +
                      " for each row execute function " + ref(function) + "()" + dice.pick(states);
          item.drop = "trigger";
        }
      }
      if (item.text.empty()) return 0;
      break;
    }
    default:
      item.text = dice.chance(50) ? "grant select, insert to app_backend" : "grant select to reporting";
      for (const int other : world.in(table, Sort::item)) {
        if (world.things.at(other).text == item.text) return 0;
      }
      break;
  }
  if (item.text.find("{}") == std::string::npos) item.drop.clear();
  for (const int other : world.in(table, Sort::item)) {
    // Two keys or references of the same columns without a name of their own would differ by a number only.
    if (item.drop.empty() && world.things.at(other).text == item.text) return 0;
  }
  return world.add(item);
}

int add_table(World& world, Dice& dice) {
  Thing table;
  table.sort = Sort::table;
  table.schema = random_schema(world, dice);
  table.name = fresh_name(dice, world);
  if (dice.chance(30)) table.comment = "Table; of -- things";
  const int number = world.add(table);
  Thing key;
  key.sort = Sort::column;
  key.table = number;
  key.key = true;
  key.name = dice.chance(70) ? "id" : fresh_name(dice, world);
  key.type = dice.pick(std::vector<std::string>{"integer", "integer", "bigint", "text"});
  key.text = "primary key";
  if (key.type == "bigint" && dice.chance(50)) key.value = "generated by default as identity";
  world.add(key);
  const std::size_t columns = 1 + dice.below(5);
  for (std::size_t i = 0; i < columns; ++i) add_column(world, dice, number, false);
  return number;
}

Declaration whole_table(const World& world, int table) {
  Declaration out{"table " + world.name(table), {}, true};
  for (const int column : world.in(table, Sort::column)) out.items.push_back(column_text(world, column));
  bool policies = false;
  for (const int item : world.in(table, Sort::item)) {
    out.items.push_back(item_text(world, item));
    policies = policies || world.things.at(item).drop == "policy";
  }
  if (policies) out.items.emplace_back("row level security");
  for (const std::string& partition : world.things.at(table).items) out.items.push_back(world.named(partition));
  if (const std::string& comment = world.things.at(table).comment; !comment.empty())
    out.items.push_back("comment " + literal(comment));
  return out;
}

int add_view(World& world, Dice& dice) {
  Thing view;
  view.sort = Sort::view;
  view.schema = random_schema(world, dice);
  view.name = fresh_name(dice, world);
  if (dice.chance(12)) return add_recursive_view(world, dice, std::move(view));
  const auto views = world.of(Sort::view);
  if (!views.empty() && dice.chance(35)) {
    const int below = dice.pick(views);
    const std::string& output = dice.pick(world.things.at(below).outputs);
    const std::string count = "n" + std::to_string(++world.last);
    view.outputs = {output, count};
    view.text = " as select w." + output + ", count(*) as " + count + " from " + ref(below) + " w group by w." + output;
  } else {
    const auto tables = world.of(Sort::table);
    const int table = dice.pick(tables);
    std::string list;
    for (const int column : world.in(table, Sort::column)) {
      if (!list.empty() && dice.chance(40)) continue;
      view.outputs.push_back("o" + std::to_string(view.outputs.size() + 1));
      list += (list.empty() ? "a." : ", a.") + ref(column) + " as " + view.outputs.back();
    }
    view.text = " as select " + list + " from " + ref(table) + " a";
    if (dice.chance(30)) view.text += " where a." + ref(dice.pick(world.in(table, Sort::column))) + " is not null";
  }
  view.type = dice.chance(20) ? "materialized view" : "view";
  vary_view(view, dice);
  if (dice.chance(30)) view.items.push_back("comment 'Seen'");
  if (dice.chance(30)) view.items.push_back("grant select to reporting");
  return world.add(view);
}

Declaration view_declaration(const World& world, int view) {
  const Thing& thing = world.things.at(view);
  return {thing.type + ' ' + world.name(view) + world.named(thing.text) + thing.value, thing.items,
          !thing.items.empty()};
}

int add_function(World& world, Dice& dice) {
  Thing function;
  function.sort = Sort::function;
  function.schema = random_schema(world, dice);
  function.name = fresh_name(dice, world);
  const int table = dice.pick(world.of(Sort::table));
  const std::string column = ref(dice.pick(world.in(table, Sort::column)));
  if (dice.chance(50)) {
    function.text = "(p integer) returns bigint language sql stable as $$ select count(*) + p from " + ref(table) +
                    " t where t." + column + " is not null $$";
  } else {
    function.text = "(p integer) returns bigint language plpgsql stable as $body$\nbegin\n    return (select count(t." +
                    column + ") from " + ref(table) + " t);\nend $body$";
  }
  return world.add(function);
}

World random_world(Dice& dice) {
  World world;
  Thing schema;
  schema.sort = Sort::schema;
  schema.name = "app";
  world.add(schema);
  if (dice.chance(30)) {
    schema.name = dice.chance(50) ? "My Schema" : "extra";
    world.add(schema);
  }
  if (dice.chance(40)) {
    Thing thing;
    thing.sort = Sort::enumeration;
    thing.schema = random_schema(world, dice);
    thing.name = fresh_name(dice, world);
    thing.text = " ('one', 'two', 'it''s three')";
    world.add(thing);
  }
  if (dice.chance(40)) {
    Thing thing;
    thing.sort = Sort::domain;
    thing.schema = random_schema(world, dice);
    thing.name = fresh_name(dice, world);
    thing.text = dice.chance(50)
                     ? (dice.chance(50) ? " text collate \"C\" check (value <> 'zzz')" : " text check (value <> 'zzz')")
                     : " integer default 3 constraint small check (value < 100000)";
    world.add(thing);
  }
  if (dice.chance(40)) {
    Thing thing;
    thing.sort = Sort::type;
    thing.schema = random_schema(world, dice);
    thing.name = fresh_name(dice, world);
    thing.text = dice.chance(60) ? " (a integer, \"B b\" text)" : " as range (subtype = numeric)";
    world.add(thing);
  }
  if (dice.chance(20)) {
    Thing thing;
    thing.sort = Sort::sequence;
    thing.schema = random_schema(world, dice);
    thing.name = fresh_name(dice, world);
    thing.text = " start 5 cache 10";
    world.add(thing);
  }
  if (dice.chance(15)) {
    Thing thing;
    const std::string dictionary = "app." + quoted(fresh_name(dice, world));
    thing.text = "text search dictionary " + dictionary + " (template = simple, stopwords = 'english')";
    world.add(thing);
    thing.text = "text search configuration app." + quoted(fresh_name(dice, world)) +
                 " (copy = english) mapping for word, hword with " + dictionary + ", english_stem";
    world.add(thing);
  }
  for (const char* rights : {"in schema app grant select on tables to reporting",
                             "revoke execute on functions from public", "grant usage on types to app_backend"}) {
    if (!dice.chance(15)) continue;
    Thing thing;
    thing.text = std::string("default privileges ") + rights;
    world.add(thing);
  }
  if (dice.chance(60)) {
    Thing thing;
    thing.sort = Sort::function;
    thing.schema = random_schema(world, dice);
    thing.name = fresh_name(dice, world);
    thing.type = "trigger";
    thing.text = "() returns trigger language plpgsql as $$ begin return new; end $$";
    world.add(thing);
  }
  const std::size_t tables = 1 + dice.below(4);
  for (std::size_t i = 0; i < tables; ++i) {
    const int table = add_table(world, dice);
    if (dice.chance(15)) partition(world, dice, table);
  }
  for (const int table : world.of(Sort::table)) {
    const std::size_t items = dice.below(6);
    for (std::size_t i = 0; i < items; ++i) add_item(world, dice, table);
  }
  const std::size_t views = dice.below(3);
  for (std::size_t i = 0; i < views; ++i) add_view(world, dice);
  const std::size_t functions = dice.below(3);
  for (std::size_t i = 0; i < functions; ++i) add_function(world, dice);
  const std::size_t statements = dice.below(4);
  for (std::size_t i = 0; i < statements; ++i) add_statement(world, dice);
  return world;
}

Spec declarations_of(const World& world) {
  Spec spec;
  for (const auto& [number, thing] : world.things) {
    switch (thing.sort) {
      case Sort::schema: spec.push_back({"schema " + world.name(number), {}, false}); break;
      case Sort::enumeration: spec.push_back({"enum " + world.name(number) + thing.text, {}, false}); break;
      case Sort::domain: spec.push_back({"domain " + world.name(number) + thing.text, {}, false}); break;
      case Sort::type: spec.push_back({"type " + world.name(number) + thing.text, {}, false}); break;
      case Sort::sequence: spec.push_back({"sequence " + world.name(number) + thing.text, {}, false}); break;
      case Sort::table: spec.push_back(whole_table(world, number)); break;
      case Sort::view: spec.push_back(view_declaration(world, number)); break;
      case Sort::function:
        spec.push_back({"function " + world.name(number) + world.named(thing.text), {}, false});
        break;
      case Sort::statement: spec.push_back({world.named(thing.text), {}, false}); break;
      case Sort::column:
      case Sort::item: break;
    }
  }
  return spec;
}

}  // namespace godwit::laws
