// SPDX-License-Identifier: Apache-2.0
// A random migration: wishes that godwit can fulfil, written as somebody would write them.
#include "tests/laws/world.h"

#include "base/identifier.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace godwit::laws {

namespace {

class Migration {
 public:
  Migration(const World& before, Dice& dice, bool moves_rows)
      : old_(before), world_(before), dice_(dice), moves_rows_(moves_rows) {
    world_.forget_names();
  }

  Spec write() {
    const std::size_t wishes = 1 + dice_.below(6);
    for (std::size_t i = 0; i < wishes; ++i) wish();
    for (const auto& [table, items] : altered_) {
      if (!world_.things.contains(table) || !old_.things.contains(table)) continue;
      if (dice_.chance(25) || whole_.contains(table)) {
        spec_.push_back(whole_table(world_, table));
      } else {
        Declaration part{"alter table " + world_.name(table), {}, true};
        for (const std::string& drop : items.drops) part.items.push_back(drop);
        for (const std::string& made : items.made) part.items.push_back(made);
        for (const int number : items.stated) {
          if (!world_.things.contains(number)) continue;
          part.items.push_back(world_.things.at(number).sort == Sort::column ? column_text(world_, number)
                                                                             : item_text(world_, number));
          if (world_.things.at(number).drop == "policy" &&
              std::find(part.items.begin(), part.items.end(), "row level security") == part.items.end())
            part.items.emplace_back("row level security");
        }
        if (items.comment && !world_.things.at(table).comment.empty())
          part.items.push_back("comment " + literal(world_.things.at(table).comment));
        if (!part.items.empty()) spec_.push_back(std::move(part));
      }
    }
    for (const int table : world_.of(Sort::table)) {
      if (!old_.things.contains(table)) spec_.push_back(whole_table(world_, table));
    }
    for (const std::string& drop : dropped_) spec_.push_back({world_.named(drop), {}, false});
    for (const int statement : world_.of(Sort::statement)) {
      const Thing& thing = world_.things.at(statement);
      if (existed(statement) && old_.things.at(statement).text == thing.text) continue;
      const bool restated = !existed(statement) || thing.transitions.empty();
      spec_.push_back(
          {world_.named(restated ? thing.text : thing.transitions[thing.text == thing.items[1] ? 0 : 1]), {}, false});
    }
    for (const int function : world_.of(Sort::function)) {
      if (!existed(function)) functions_.insert(function);
    }
    for (const int view : views_) {
      if (world_.things.contains(view)) spec_.push_back(view_declaration(world_, view));
    }
    for (const int function : functions_) {
      if (world_.things.contains(function))
        spec_.push_back(
            {"function " + world_.name(function) + world_.named(world_.things.at(function).text), {}, false});
    }
    for (const int type : types_)
      spec_.push_back({"type " + world_.name(type) + world_.things.at(type).text, {}, false});
    for (const int domain : domains_)
      spec_.push_back({"domain " + world_.name(domain) + world_.things.at(domain).text, {}, false});
    return std::move(spec_);
  }

  const World& after() const { return world_; }

 private:
  struct Items {
    std::vector<std::string> drops, made;
    std::set<int> stated;
    bool comment = false;
  };

  bool existed(int number) const { return old_.things.contains(number); }

  std::vector<int> old_tables() const {
    std::vector<int> out;
    for (const int table : world_.of(Sort::table)) {
      if (existed(table)) out.push_back(table);
    }
    return out;
  }

  void wish() {
    const auto tables = old_tables();
    if (tables.empty()) return;
    const int table = dice_.pick(tables);
    if (moves_rows_ && dice_.chance(35)) {
      switch (dice_.below(4)) {
        case 0: return merge(table);
        case 1: return extract(table);
        default: return split(table);
      }
    }
    switch (dice_.below(22)) {
      case 0:
      case 1: altered_[table].stated.insert(add_column(world_, dice_, table, true)); break;
      case 2: drop_column(table); break;
      case 3: rename_column(table); break;
      case 4: swap_columns(table); break;
      case 5: rename_table(table); break;
      case 6: swap_tables(tables); break;
      case 7:
      case 8:
        add_item(world_, dice_, table);
        for (const int item : world_.in(table, Sort::item))
          if (!existed(item)) altered_[table].stated.insert(item);
        break;
      case 9: drop_item(table); break;
      case 10: change_column(table); break;
      case 11: views_.insert(add_view(world_, dice_)); break;
      case 12: change_view(); break;
      case 13: drop_view(); break;
      case 14: change_function(); break;
      case 15: drop_table(table); break;
      case 16: change_statement(); break;
      case 17: add_partition(table); break;
      case 18: rename_item(table); break;
      case 19: rename_view(); break;
      case 20: altered_[table].stated.insert(change_setting(world_, dice_, table, whole_)); break;
      default: other(table); break;
    }
  }

  bool mentions_other_column(const std::string& text, int column) const {
    for (const int other : world_.in(world_.things.at(column).table, Sort::column)) {
      if (other != column && text.find('@' + std::to_string(other) + '@') != std::string::npos) return true;
    }
    return false;
  }

  /// Nothing outside of the column's own table speaks of it, and nothing there but what goes along with it.
  bool can_go(int column) const {
    const int table = world_.things.at(column).table;
    for (const int number : world_.mentioning(column)) {
      const Thing& thing = world_.things.at(number);
      if (thing.sort != Sort::item || thing.table != table || (thing.drop != "constraint" && thing.drop != "index"))
        return false;
      if (mentions_other_column(thing.text, column)) return false;
    }
    return true;
  }

  void drop_column(int table) {
    std::vector<int> able;
    for (const int column : world_.in(table, Sort::column)) {
      if (existed(column) && !world_.things.at(column).key && can_go(column) && !renamed_.contains(column) &&
          !renamed_.contains(table))
        able.push_back(column);
    }
    if (able.empty()) return;
    const int column = dice_.pick(able);
    spec_.push_back({"drop column " + old_.name(table) + '.' + old_.name(column), {}, false});
    for (const int item : world_.mentioning(column)) world_.things.erase(item);
    world_.things.erase(column);
    renamed_.insert(table);
  }

  void rename_column(int table) {
    const int column = dice_.pick(world_.in(table, Sort::column));
    if (!existed(column) || !renamed_.insert(column).second) return;
    world_.things.at(column).name = fresh_name(dice_, world_);
    spec_.push_back(
        {"rename column " + old_.name(table) + '.' + old_.name(column) + " -> " + world_.name(column), {}, false});
  }

  void swap_columns(int table) {
    std::vector<int> able;
    for (const int column : world_.in(table, Sort::column)) {
      if (existed(column) && !renamed_.contains(column)) able.push_back(column);
    }
    if (able.size() < 2) return;
    dice_.shuffle(able);
    std::swap(world_.things.at(able[0]).name, world_.things.at(able[1]).name);
    for (const std::size_t i : {0U, 1U}) {
      renamed_.insert(able[i]);
      spec_.push_back(
          {"rename column " + old_.name(table) + '.' + old_.name(able[i]) + " -> " + world_.name(able[i]), {}, false});
    }
  }

  void rename_table(int table) {
    if (!renamed_.insert(table).second) return;
    world_.things.at(table).name = fresh_name(dice_, world_);
    spec_.push_back({"rename table " + old_.name(table) + " -> " + quoted(world_.things.at(table).name), {}, false});
  }

  void swap_tables(std::vector<int> tables) {
    dice_.shuffle(tables);
    if (tables.size() < 2 || world_.things.at(tables[0]).schema != world_.things.at(tables[1]).schema) return;
    if (renamed_.contains(tables[0]) || renamed_.contains(tables[1])) return;
    std::swap(world_.things.at(tables[0]).name, world_.things.at(tables[1]).name);
    for (const std::size_t i : {0U, 1U}) {
      renamed_.insert(tables[i]);
      spec_.push_back(
          {"rename table " + old_.name(tables[i]) + " -> " + quoted(world_.things.at(tables[i]).name), {}, false});
    }
  }

  /// What can be called by its name, and what nothing else speaks of.
  std::vector<int> free_items(int table) const {
    std::vector<int> free;
    for (const int item : world_.in(table, Sort::item)) {
      if (existed(item) && !world_.things.at(item).drop.empty() && !renamed_.contains(item) &&
          world_.mentioning(item).empty())
        free.push_back(item);
    }
    return free;
  }

  void rename_item(int table) {
    std::vector<int> able = free_items(table);
    std::erase_if(able, [&](int item) { return world_.things.at(item).drop == "statistics"; });
    if (able.empty() || moves_rows_) return;
    const int item = dice_.pick(able);
    renamed_.insert(item);
    const std::string kind = old_.things.at(item).drop;
    const std::string old_name = kind == "index" ? quoted(old_.things.at(table).schema, old_.things.at(item).name)
                                                 : old_.name(table) + '.' + old_.name(item);
    world_.things.at(item).name = fresh_name(dice_, world_);
    spec_.push_back({"rename " + kind + ' ' + old_name + " -> " + world_.name(item), {}, false});
  }

  void rename_view() {
    const auto views = world_.of(Sort::view);
    if (views.empty()) return;
    const int view = dice_.pick(views);
    if (!existed(view) || world_.things.at(view).type == "recursive view" || !renamed_.insert(view).second) return;
    Thing& thing = world_.things.at(view);
    thing.name = fresh_name(dice_, world_);
    spec_.push_back({"rename " + thing.type + ' ' + old_.name(view) + " -> " + quoted(thing.name), {}, false});
  }

  void drop_item(int table) {
    const std::vector<int> able = free_items(table);
    if (able.empty()) return;
    const int item = dice_.pick(able);
    const Thing& thing = world_.things.at(item);
    altered_[table].drops.push_back("drop " + thing.drop + ' ' + quoted(thing.name));
    world_.things.erase(item);
  }

  /// Nothing speaks of the column but keys, indexes and views, which do not ask for its type.
  bool is_plain(int column) const {
    const auto mentions = world_.mentioning(column);
    return std::all_of(mentions.begin(), mentions.end(), [&](int number) {
      const Thing& thing = world_.things.at(number);
      return thing.sort == Sort::item && thing.table == world_.things.at(column).table && thing.drop == "index" &&
             thing.text.find("where") == std::string::npos;
    });
  }

  void change_column(int table) {
    const int column = dice_.pick(world_.in(table, Sort::column));
    if (!existed(column)) return;
    Thing& thing = world_.things.at(column);
    if (thing.generated || thing.key) return;
    switch (dice_.below(5)) {
      case 4:
        if (thing.text == "unique") return;  // no other item says it
        thing.text = changed_clauses(world_, dice_, column, is_plain(column));
        break;
      case 0:
        if (thing.value.empty()) return;
        thing.value.clear();
        break;
      case 1:
        // Rows hold null only in columns whose name has an even number of bytes.
        if (!thing.not_null && (old_.things.at(column).name.size() % 2 == 0)) return;
        thing.not_null = !thing.not_null;
        break;
      case 2: thing.comment = thing.comment.empty() ? "New words" : ""; break;
      default:
        if (thing.type == "varchar(20)") {
          thing.type = "text";
        } else if (thing.type == "smallint") {
          thing.type = "integer";
        } else if (const auto other = conversions().find(thing.type);
                   other != conversions().end() && is_plain(column) && world_.things.at(table).items.empty()) {
          thing.type = other->second;
        } else {
          return;
        }
        break;
    }
    altered_[table].stated.insert(column);
  }

  void change_view() {
    const auto views = world_.of(Sort::view);
    if (views.empty()) return;
    const int view = dice_.pick(views);
    Thing& thing = world_.things.at(view);
    if (dice_.chance(40)) {
      vary_view(thing, dice_);
    } else if (thing.text.find(" where ") == std::string::npos && thing.text.find(" group ") == std::string::npos) {
      thing.text += " where 1 = 1";
    } else {
      thing.items.assign(1, "comment 'Seen anew'");
    }
    views_.insert(view);
  }

  void drop_view() {
    const auto views = world_.of(Sort::view);
    if (views.empty()) return;
    const int view = dice_.pick(views);
    if (!existed(view) || renamed_.contains(view)) return;
    for (const int other : world_.mentioning(view)) {
      Thing& dependent = world_.things.at(other);
      if (!world_.mentioning(other).empty() || dependent.sort != Sort::view) return;
    }
    for (const int other : world_.mentioning(view)) {  // declared again without the view
      Thing& dependent = world_.things.at(other);
      std::string columns;
      for (std::size_t i = 0; i < dependent.outputs.size(); ++i)
        columns += (i == 0 ? "" : ", ") + std::to_string(i) + " as " + dependent.outputs[i];
      dependent.text = " as select " + columns;
      views_.insert(other);
    }
    const std::string& type = world_.things.at(view).type;
    spec_.push_back({"drop " + (type == "recursive view" ? "view" : type) + ' ' + world_.name(view), {}, false});
    world_.things.erase(view);
  }

  void change_function() {
    const auto functions = world_.of(Sort::function);
    if (functions.empty() || dice_.chance(40)) {
      functions_.insert(add_function(world_, dice_));
      return;
    }
    const int function = dice_.pick(functions);
    Thing& thing = world_.things.at(function);
    const std::size_t at = thing.text.find("select ");
    if (at != std::string::npos) {
      thing.text.insert(at + 7, "/* anew */ ");
    } else if (const std::size_t begin = thing.text.find("begin "); begin != std::string::npos) {
      thing.text.insert(begin + 6, "null; ");
    } else {
      return;
    }
    functions_.insert(function);
  }

  void change_statement() {
    const auto statements = world_.of(Sort::statement);
    if (statements.empty() || dice_.chance(30)) {
      add_statement(world_, dice_);
      return;
    }
    const int number = dice_.pick(statements);
    Thing& thing = world_.things.at(number);
    if (!existed(number) || thing.items.empty() || !renamed_.insert(number).second) return;
    if (dice_.chance(40)) {
      dropped_.push_back(thing.drop);
      world_.things.erase(number);
    } else {
      const std::size_t form = thing.text == thing.items[0] ? 1 : 0;
      thing.text = thing.items[form];
      if (!thing.outputs.empty()) thing.drop = thing.outputs[form];
    }
  }

  void add_partition(int table) {
    const std::string made = another_partition(world_, dice_, table);
    if (!made.empty()) altered_[table].made.push_back(made);
  }

  void drop_table(int table) {
    if (renamed_.contains(table)) return;
    std::vector<int> own = world_.in(table, Sort::column);
    own.push_back(table);
    for (const std::string& drop : dropped_) {
      if (drop.find(ref(table)) != std::string::npos) return;
    }
    for (const int item : world_.in(table, Sort::item)) own.push_back(item);
    for (const int part : own) {
      if (renamed_.contains(part)) return;
      for (const int number : world_.mentioning(part)) {
        if (world_.things.at(number).table != table) return;
      }
    }
    spec_.push_back({"drop table " + old_.name(table), {}, false});
    std::erase_if(world_.things,
                  [&](const auto& entry) { return entry.first == table || entry.second.table == table; });
  }

  int key_of(int table) const {
    for (const int column : world_.in(table, Sort::column)) {
      if (world_.things.at(column).key) return column;
    }
    return 0;
  }

  bool is_untouched(int table) const {
    if (renamed_.contains(table) || altered_.contains(table)) return false;
    const auto columns = world_.in(table, Sort::column);
    return std::none_of(columns.begin(), columns.end(),
                        [&](int column) { return renamed_.contains(column) || !existed(column); });
  }

  /// A column becomes a table of its own, with the key of its rows.
  void split(int table) {
    const int key = key_of(table);
    std::vector<int> able;
    for (const int column : world_.in(table, Sort::column)) {
      const Thing& thing = world_.things.at(column);
      if (!thing.key && !thing.generated && can_go(column)) able.push_back(column);
    }
    if (key == 0 || able.empty() || !is_untouched(table)) return;
    const int column = dice_.pick(able);
    Thing made;
    made.sort = Sort::table;
    made.schema = world_.things.at(table).schema;
    made.name = fresh_name(dice_, world_);
    const int target = world_.add(made);
    const auto copied = [&](int from) {
      Thing copy = world_.things.at(from);
      copy.table = target;
      copy.name = fresh_name(dice_, world_);
      copy.value.clear();
      copy.comment.clear();
      return world_.add(copy);
    };
    const int new_key = copied(key), copy = copied(column);
    std::vector<std::string> clauses{
        "where " + old_.name(column) + " is not null",
        "set " + world_.name(new_key) + " = " + old_.name(key) + ", " + world_.name(copy) + " = " + old_.name(column),
        "key (" + world_.name(new_key) + ")"};
    if (dice_.chance(60)) clauses.emplace_back("batch 2");
    spec_.push_back({"move " + old_.name(table) + " -> " + world_.name(target), std::move(clauses), true});
    spec_.push_back({"drop column " + old_.name(table) + '.' + old_.name(column), {}, false});
    for (const int item : world_.mentioning(column)) world_.things.erase(item);
    world_.things.erase(column);
    renamed_.insert(table);
    renamed_.insert(target);
  }

  /// The distinct values of a column become rows of a table of their own; the column may go then.
  void extract(int table) {
    std::vector<int> able;
    for (const int column : world_.in(table, Sort::column)) {
      const Thing& thing = world_.things.at(column);
      if (!thing.key && !thing.generated && may_be_key(world_, column) && can_go(column)) able.push_back(column);
    }
    if (key_of(table) == 0 || able.empty() || !is_untouched(table)) return;
    const int column = dice_.pick(able);
    const auto add = [&](Sort sort, int of, std::string type, std::string text) {
      Thing made;
      made.sort = sort;
      made.table = of;
      made.schema = sort == Sort::table ? world_.things.at(table).schema : "";
      made.name = fresh_name(dice_, world_);
      made.type = std::move(type);
      made.text = std::move(text);
      return world_.add(made);
    };
    const int target = add(Sort::table, 0, "", "");
    const int number = add(Sort::column, target, "bigint", "primary key");
    world_.things.at(number).key = true;
    world_.things.at(number).value = "generated by default as identity";
    const int value = add(Sort::column, target, world_.things.at(column).type, "unique");
    world_.things.at(value).not_null = dice_.chance(50);
    const int link = add(Sort::column, table, "bigint", "");
    altered_[table].stated.insert(link);
    if (dice_.chance(60)) {
      const int reference =
          add(Sort::item, table, "",
              "constraint {} foreign key (" + ref(link) + ") references " + ref(target) + " (" + ref(number) + ')');
      world_.things.at(reference).drop = "constraint";
      altered_[table].stated.insert(reference);
    }
    spec_.push_back({"extract " + old_.name(table) + " -> " + world_.name(target),
                     {"key " + world_.name(value) + " = " + old_.name(column),
                      "link " + world_.name(link) + " = " + world_.name(number)},
                     true});
    renamed_.insert(table);
    renamed_.insert(target);
    if (dice_.chance(40)) return;
    spec_.push_back({"drop column " + old_.name(table) + '.' + old_.name(column), {}, false});
    for (const int item : world_.mentioning(column)) world_.things.erase(item);
    world_.things.erase(column);
  }

  /// A column of another table with a key of the same type comes over, and that table goes.
  void merge(int table) {
    const int key = key_of(table);
    if (key == 0 || !is_untouched(table)) return;
    for (const int other : old_tables()) {
      const int other_key = key_of(other);
      if (other == table || other_key == 0 || !is_untouched(other)) continue;
      if (world_.things.at(other_key).type != world_.things.at(key).type) continue;
      for (const int column : world_.in(other, Sort::column)) {
        const Thing& thing = world_.things.at(column);
        if (thing.key || thing.generated) continue;
        Thing copy = thing;
        const std::size_t drops = spec_.size();
        drop_table(other);
        if (spec_.size() == drops) return;  // something else needs it
        copy.table = table;
        copy.name = fresh_name(dice_, world_);
        copy.not_null = false;
        copy.value.clear();
        copy.comment.clear();
        const int made = world_.add(copy);
        altered_[table].stated.insert(made);
        std::vector<std::string> clauses{"set " + world_.name(made) + " = there." + old_.name(column),
                                         "from " + old_.name(other) + " there",
                                         "where there." + old_.name(other_key) + " = here." + old_.name(key)};
        if (dice_.chance(60)) clauses.emplace_back("batch 2");
        spec_.push_back({"backfill " + old_.name(table) + " here", std::move(clauses), true});
        renamed_.insert(table);
        return;
      }
    }
  }

  void other(int table) {
    switch (dice_.below(6)) {
      case 4: {
        const std::string rights = dice_.chance(50)
                                       ? "default privileges in schema app grant insert on tables to app_backend"
                                       : "default privileges grant execute on functions to reporting";
        const auto is_said = [&](const Declaration& one) { return one.head == rights; };
        if (std::none_of(spec_.begin(), spec_.end(), is_said)) spec_.push_back({rights, {}, false});
        break;
      }
      case 0: {
        const int added = add_table(world_, dice_);
        const std::size_t items = dice_.below(4);
        for (std::size_t i = 0; i < items; ++i) add_item(world_, dice_, added);
        break;
      }
      case 1:
        world_.things.at(table).comment = "Another comment";
        altered_[table].comment = true;
        break;
      case 2:
        if (std::exchange(said_, true)) return;
        spec_.push_back(
            {dice_.chance(50) ? "grant usage on schema app to reporting" : "comment on schema app 'All of it'",
             {},
             false});
        break;
      case 3: {
        const auto types = world_.of(Sort::type);
        if (types.empty() || !types_.empty()) return;
        Thing& type = world_.things.at(types.front());
        if (type.text.starts_with(" as range")) return;
        type.text.insert(type.text.size() - 1, ", c integer, d date");
        types_.insert(types.front());
        break;
      }
      default: {
        const auto domains = world_.of(Sort::domain);
        if (domains.empty() || !domains_.empty()) return;
        Thing& domain = world_.things.at(domains.front());
        const std::string text = domain.text.substr(0, domain.text.find(" check"));
        domain.text = text.starts_with(" text")
                          ? text + " default 'x' check (value <> 'zzz') check (length(value) < 500)"
                          : " integer default 4 constraint small check (value < 200000)";
        domains_.insert(domains.front());
        break;
      }
    }
  }

  const World& old_;
  World world_;
  Dice& dice_;
  bool moves_rows_;
  Spec spec_;
  std::map<int, Items> altered_;
  std::set<int> renamed_, views_, functions_, domains_, types_, whole_;
  std::vector<std::string> dropped_;  // statements
  bool said_ = false;                 // something about the schema
};

}  // namespace

Spec random_change(const World& before, Dice& dice) { return Migration(before, dice, false).write(); }

Change random_evolution(const World& before, Dice& dice) {
  Migration migration(before, dice, true);
  Spec spec = migration.write();
  return {std::move(spec), migration.after()};
}

}  // namespace godwit::laws
