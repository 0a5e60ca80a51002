// SPDX-License-Identifier: Apache-2.0
// What a random spec describes: things with names, whose texts refer to other things by number (`@12@`), so that a
// renamed thing is named anew wherever it is mentioned.
#pragma once

#include "tests/laws/specs.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace godwit::laws {

/// Every database of the tests has it beside PostgreSQL's own.
inline const std::string tablespace = "laws_space";

enum class Sort { schema, enumeration, domain, type, sequence, table, column, item, view, function, statement };

struct Thing {
  Sort sort = Sort::statement;
  int table = 0;             // of a column or item
  std::string schema, name;  // of what has a name; columns and items have no schema
  std::string text;          // after the name: what a declaration says, with `@n@` for other things
  std::string drop;          // of an item: "constraint", "index", "policy", "trigger"; empty: it has no name
  std::vector<std::string>
      items;  // of a view; of a partitioned table, its key and partitions; of a statement, its forms
  std::vector<std::string> outputs;      // of a view: its columns; of a statement, what drops each form, if it differs
  std::vector<std::string> transitions;  // of a statement: from the first form to the second, and back
  std::string type;                      // of a column
  bool not_null = false, key = false, generated = false;
  std::string value;  // of a column: its default; of a view: its check option
  std::string comment;
};

struct World {
  std::map<int, Thing> things;
  int last = 0;
  std::set<std::string> names;  // given out since the last migration began, and those there then

  int add(Thing thing);
  std::vector<int> of(Sort sort) const;
  std::vector<int> in(int table, Sort sort) const;
  /// The text with the names of this world.
  std::string named(const std::string& text) const;
  std::string name(int number) const;
  void forget_names();
  /// Things whose text mentions `number`.
  std::vector<int> mentioning(int number) const;
};

World random_world(Dice& dice);
Spec declarations_of(const World& world);
/// `head { items }` or `head;` of a table, with all it holds.
Declaration whole_table(const World& world, int table);
std::string column_text(const World& world, int column);
std::string item_text(const World& world, int item);
Declaration view_declaration(const World& world, int view);

/// A migration on top of `before`.
Spec random_change(const World& before, Dice& dice);

/// The same, also with rows that move: a column that becomes a table, a table that becomes columns.
struct Change {
  Spec spec;
  World after;
};
Change random_evolution(const World& before, Dice& dice);

// Pieces that both the first spec and its change are made from.
std::string fresh_name(Dice& dice, World& world);
int add_column(World& world, Dice& dice, int table, bool to_rows);
int add_item(World& world, Dice& dice, int table);
/// Values of the column's type can be told apart by a unique constraint.
bool may_be_key(const World& world, int column);
int add_table(World& world, Dice& dice);
int add_view(World& world, Dice& dice);
int add_function(World& world, Dice& dice);
/// An object that stands alone (a collation, a cast, an operator, …) as a statement with two forms, of which it has the
/// first; 0 when nothing fits.
int add_statement(World& world, Dice& dice);
/// Types into which every value converts, and out of which not every one comes back.
const std::map<std::string, std::string>& conversions();
/// What a column says behind its type and default: collation, storage, compression, statistics.
std::string column_clauses(Dice& dice, const std::string& type, const std::string& collation);
/// Others for a column that is there; another collation only where it is plain: nothing but an index speaks of it.
std::string changed_clauses(const World& world, Dice& dice, int column, bool is_plain);
std::string random_collation(Dice& dice, const std::string& type);
/// What an index says behind its columns.
std::string storage_of_index(Dice& dice);
/// One thing more that a table says of itself, which no other item of it says.
int add_setting(World& world, Dice& dice, int table);
/// Another form of a setting: its number, 0 when there is nothing to change. Or no form of it: then the table is among
/// those to be stated as a whole.
int change_setting(World& world, Dice& dice, int table, std::set<int>& whole);
bool is_unlogged(const World& world, int table);
/// Other options, storage or check option for a view.
void vary_view(Thing& view, Dice& dice);
int add_recursive_view(World& world, Dice& dice, Thing view);
/// Makes a table without items partitioned by its key.
void partition(World& world, Dice& dice, int table);
/// One more partition, which no row of the table is of.
std::string another_partition(World& world, Dice& dice, int table);
std::string ref(int number);

}  // namespace godwit::laws
