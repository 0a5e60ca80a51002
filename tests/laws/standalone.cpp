// SPDX-License-Identifier: Apache-2.0
// Objects that stand alone in random specs, and partitions.
#include "tests/laws/world.h"

#include "base/identifier.h"

#include <string_view>
#include <utility>

namespace godwit::laws {

namespace {

/// A statement of two forms and of what drops it, `{}` being its name. Where a form does not say how it is reached from
/// the other, that is said besides; where each is dropped in its own way, too.
struct Form {
  std::string sql, other, drop;
  std::string to_other = {}, back = {}, drop_other = {};
};

std::string named(std::string text, const std::string& name, std::string_view mark = "{}") {
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += name.size())
    text.replace(at, mark.size(), name);
  return text;
}

int add(World& world, const Form& form, const std::string& name) {
  Thing thing;
  thing.sort = Sort::statement;
  thing.items = {named(form.sql, name), named(form.other, name)};
  thing.text = thing.items.front();
  thing.drop = named(form.drop, name);
  if (!form.to_other.empty()) thing.transitions = {named(form.to_other, name), named(form.back, name)};
  if (!form.drop_other.empty()) thing.outputs = {thing.drop, named(form.drop_other, name)};
  return world.add(thing);
}

/// Tables of two, which say nothing of other things.
int add_pair(World& world, Dice& dice, Form form) {
  // No thing of the world has these names, so a number makes them fresh.
  const auto another = [&] { return quoted(fresh_name(dice, world).substr(0, 40) + std::to_string(++world.last)); };
  for (const char* mark : {"{2}", "{3}"}) {
    const std::string name = another();
    for (std::string* text : {&form.sql, &form.other, &form.drop, &form.to_other, &form.back, &form.drop_other})
      *text = named(*text, name, mark);
  }
  return add(world, form, another());
}

int add_parent_and_child(World& world, Dice& dice) {
  const std::string child = "\ntable app.{2} {\n    extra date;\n    primary key (id);\n    inherits (app.{});\n}";
  return add_pair(
      world, dice,
      {"table app.{} {\n    id integer primary key;\n    note text default 'x';\n    constraint {3} check (note <> "
       "'zzz');\n}" +
           child,
       "table app.{} {\n    id integer primary key;\n    note text default 'y';\n    more date;\n}" + child,
       "drop table app.{2};\ndrop table app.{}",
       "alter table app.{} {\n    note text default 'y';\n    more date;\n    drop constraint {3};\n}",
       "alter table app.{} {\n    note text default 'x';\n    constraint {3} check (note <> 'zzz');\n}\n"
       "drop column app.{}.more"});
}

int add_exchanged_partitions(World& world, Dice& dice) {
  const std::string head =
      "table app.{} {\n    id integer primary key;\n    note text;\n    index on (note);\n    partition by range "
      "(id);\n";
  const auto alone = [](const std::string& name) {
    return "}\ntable app." + name + " {\n    id integer primary key;\n    note text;\n    index on (note);\n}";
  };
  return add_pair(world, dice,
                  {head + "    partition {2} for values from (minvalue) to (maxvalue);\n" + alone("{3}"),
                   head + "    partition {3} default;\n" + alone("{2}"), "drop table app.{};\ndrop table app.{3}",
                   "alter table app.{} {\n    detach partition app.{2};\n    attach partition app.{3} default;\n}",
                   "alter table app.{} {\n    detach partition app.{3};\n    attach partition app.{2} for values from "
                   "(minvalue) to "
                   "(maxvalue);\n}",
                   "drop table app.{};\ndrop table app.{2}"});
}

int add_domain_and_its_table(World& world, Dice& dice) {
  const std::string table =
      "table app.{3} {\n    id integer primary key;\n    held app.{} not null;\n    replica identity full;\n}";
  return add_pair(world, dice,
                  {"domain app.{} as varchar(20) collate \"C\" default 'x' not null constraint {2} check (value <> "
                   "'zzz') check (length(value) < 10);\n" +
                       table,
                   "domain app.{} as varchar(20) collate \"C\" check (value <> 'zz') constraint {2} check (value <> "
                   "'yyy');\n" +
                       table,
                   "drop table app.{3}",
                   "domain app.{} as varchar(20) collate \"C\" check (value <> 'zz') constraint {2} check (value <> "
                   "'yyy')",
                   "domain app.{} as varchar(20) collate \"C\" default 'x' not null constraint {2} check (value <> "
                   "'zzz') check (length(value) < 10)"});
}

const std::vector<Form>& plain_forms() {
  static const std::vector<Form> all{
      {"collation app.{} (provider = icu, locale = 'de-DE')", "collation app.{} (provider = icu, locale = 'sv-SE')",
       "drop collation app.{}"},
      {"aggregate app.{}(integer) (sfunc = int4pl, stype = integer, initcond = '0')",
       "aggregate app.{}(integer) (sfunc = int4pl, stype = integer, initcond = '100')",
       "drop aggregate app.{}(integer)"},
      {"procedure app.{}(p integer, inout q text default 'x') language plpgsql as $$ begin q := p; end $$",
       "procedure app.{}(p integer, inout q text default 'y') language plpgsql security definer as $$ begin q := 'p'; "
       "end $$",
       "drop procedure app.{}(integer, text)"},
      {"foreign data wrapper {};\nserver {} foreign data wrapper {} options (a '1', b '2');\n"
       "foreign table app.{} server {} options (z '1', y '2') {\n    id integer not null options (a 'b') comment 'c';\n"
       "    note text default 'x' check (note <> '');\n    comment 'far';\n}",
       "foreign data wrapper {} options (c 'd');\nserver {} foreign data wrapper {} options (b '3');\n"
       "foreign table app.{} server {} options (y '2', x '3', z '1') {\n    id integer default 5;\n"
       "    note text;\n    more integer check (more > 0) comment 'd';\n}",
       "drop foreign table app.{};\ndrop server {};\ndrop foreign data wrapper {}"},
      {"sequence app.{} start 5", "sequence app.{} start 5 increment 3 cache 2", "drop sequence app.{}"},
  };
  return all;
}

/// Of one name each, since names of operators, casts and publications are no words or none at all.
int add_single(World& world, const Form& form, const std::string& name = {}) {
  for (const int other : world.of(Sort::statement)) {
    if (world.things.at(other).drop == named(form.drop, name)) return 0;
  }
  return add(world, form, name);
}

int add_rule(World& world, Dice& dice) {
  const int table = dice.pick(world.of(Sort::table));
  const std::string column = ref(dice.pick(world.in(table, Sort::column)));
  const std::string head = "rule {} on delete to " + ref(table) + " where old." + column;
  return add(
      world,
      {head + " is null do instead nothing", head + " is not null do instead nothing", "drop rule {} on " + ref(table)},
      quoted(fresh_name(dice, world)));
}

int key_of(const World& world, int table) {
  for (const int column : world.in(table, Sort::column)) {
    if (world.things.at(column).key) return column;
  }
  return 0;
}

/// Tables may be published with some columns and rows, or all of them; filters read keys alone.
int add_publication(World& world, Dice& dice) {
  const std::string name = quoted(fresh_name(dice, world));
  const auto every = [&] {
    return add(world,
               {"publication {} for all tables", "publication {} for all tables with (publish = 'insert, delete')",
                "drop publication {}"},
               name);
  };
  std::vector<int> tables;
  for (const int table : world.of(Sort::table)) {
    if (world.things.at(table).items.empty() && !is_unlogged(world, table)) tables.push_back(table);
  }
  if (tables.size() < 2 || dice.chance(25)) return every();
  dice.shuffle(tables);
  const std::string one = ref(tables[0]), two = ref(tables[1]);
  if (!server_is(15) || dice.chance(30)) {
    return add(world,
               {"publication {} for table " + one + ", " + two,
                "publication {} for table " + two + ", " + one + " with (publish = 'insert, truncate')",
                "drop publication {}"},
               name);
  }
  const auto key = [&](int table) { return ref(key_of(world, table)); };
  std::string columns = key(tables[0]);
  for (const int column : world.in(tables[0], Sort::column)) {
    const Thing& thing = world.things.at(column);
    if (!thing.key && !thing.generated && dice.chance(40)) columns += ", " + ref(column);
  }
  const std::string here = one + " (" + columns + ')', filtered = two + " where (" + key(tables[1]) + " is not null)";
  return add(world,
             {"publication {} for table " + here + ", " + filtered + " with (publish = 'insert')",
              "publication {} for table " + filtered + ", " + here + " where (" + key(tables[0]) +
                  " is distinct from null) with (publish = 'insert, truncate')",
              "drop publication {}"},
             name);
}

int add_cast(World& world, Dice& dice) {
  std::vector<int> composites;
  for (const int type : world.of(Sort::type)) {
    if (!world.things.at(type).text.starts_with(" as range")) composites.push_back(type);
  }
  if (composites.empty()) return 0;
  const std::string cast = "cast (" + ref(dice.pick(composites)) + " as json)";
  return add_single(world, {cast + " with inout", cast + " with inout as assignment", "drop " + cast});
}

int add_event_trigger(World& world, Dice& dice) {
  int told = 0;
  for (const int function : world.of(Sort::function)) {
    if (world.things.at(function).type == "event_trigger") told = function;
  }
  if (told == 0) {
    Thing function;
    function.sort = Sort::function;
    function.schema = "app";
    function.name = fresh_name(dice, world);
    function.type = "event_trigger";
    function.text = "() returns event_trigger language plpgsql as $$ begin perform tg_tag; end $$";
    told = world.add(function);
  }
  return add(world,
             {"event trigger {} on ddl_command_end execute function " + ref(told) + "()",
              "event trigger {} on ddl_command_start when tag in ('CREATE TABLE') execute function " + ref(told) + "()",
              "drop event trigger {}"},
             quoted(fresh_name(dice, world)));
}

}  // namespace

int add_statement(World& world, Dice& dice) {
  switch (dice.below(14)) {
    case 8: return add_parent_and_child(world, dice);
    case 10:
    case 11: return add_publication(world, dice);
    case 12: return add_domain_and_its_table(world, dice);
    case 9: return add_exchanged_partitions(world, dice);
    case 0: return add_rule(world, dice);
    case 1: return add_cast(world, dice);
    case 2: return add_event_trigger(world, dice);
    case 3:
      return add_single(world,
                        {"operator app.{} (leftarg = text, rightarg = text, function = texteq)",
                         "operator app.{} (leftarg = text, rightarg = text, function = texteq, restrict = eqsel)",
                         "drop operator app.{} (text, text)"},
                        dice.pick(std::vector<std::string>{"===", "<~>", "~~>"}));
    default: return add(world, dice.pick(plain_forms()), quoted(fresh_name(dice, world)));
  }
}

void partition(World& world, Dice& dice, int table) {
  const int key = key_of(world, table);
  if (world.things.at(key).type == "text" || !world.things.at(key).value.empty()) return;
  std::vector<std::string> items;
  const auto part = [&](const std::string& bound) {
    items.push_back("partition " + quoted(fresh_name(dice, world)) + ' ' + bound);
  };
  if (dice.chance(40)) {
    items.push_back("partition by hash (" + ref(key) + ')');
    part("for values with (modulus 2, remainder 0)");
    part("for values with (modulus 2, remainder 1)");
  } else {
    items.push_back("partition by range (" + ref(key) + ')');
    part("for values from (0) to (3)");
    part("default");
  }
  world.things.at(table).items = std::move(items);
}

std::string another_partition(World& world, Dice& dice, int table) {
  std::vector<std::string>& items = world.things.at(table).items;
  if (items.empty() || items.front().starts_with("partition by hash")) return "";
  const std::string from = std::to_string(1000 * items.size()), to = std::to_string(1000 * (items.size() + 1));
  items.push_back("partition " + quoted(fresh_name(dice, world)) + " for values from (" + from + ") to (" + to + ')');
  return items.back();
}

}  // namespace godwit::laws
