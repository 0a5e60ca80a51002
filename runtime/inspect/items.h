// SPDX-License-Identifier: Apache-2.0
// What was found in the catalog, as plain values: each object with its text in a spec, the SQL that makes it and takes
// it away, and what it needs. The readers fill them in, one file a kind; baseline.cpp writes them down.
#pragma once

#include <godwit/inspect.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace godwit::inspecting {

/// Where the server's catalog keeps an object: the oid of the catalog and of the row.
using Address = std::pair<std::uint32_t, std::uint32_t>;

/// The order of items in a spec; within one, by schema and name.
enum class Group { schemas, extensions, types, sequences, tables, functions, views, publications, others };

/// The order of parts inside a block, and of those written behind it.
enum class Part {
  none,
  primary_key,
  unique,
  check,
  foreign_key,
  exclude,
  index,
  statistics,
  partition,
  inheritance,
  trigger,
  row_security,
  policy,
  storage,
  replica_identity,
  grant,
  owner,
  comment,
  other
};

/// A column of a table: `name type clause…`, without what other items add to the line.
struct ColumnText {
  std::string name;
  std::string type;  // with the name in front and the collation behind it
  bool not_null = false;
  std::string value;       // ` default …`, ` generated …`
  bool own = true;         // false: it comes from a parent or a type
  bool inherited = false;  // a parent has it too
};

/// What roles hold more, or less, than they have from the first.
struct Privileges {
  std::string list, roles;  // `select (a, b), insert`, `reader, public`
  bool taken = false, with_option = false;
};

struct Item {
  std::string kind, schema, name;
  std::string target;      // as a spec's `after`, `grant` and `comment on` name it: `table app.users`, `type app.size`
  std::string sql_target;  // the same for SQL, where that differs
  Group group = Group::others;
  Part part = Part::none;
  std::size_t parent = no_object;  // the object that it belongs to and goes with
  bool in_block = false;           // its text stands between the parent's braces
  bool with_parent = false;        // the parent's text says it: it stands for itself only where the parent is SQL
  std::string column;              // its `beside` stands behind this column of the parent
  std::string text;                // without the closing `;` or block; empty when a spec has no form for it
  std::string beside;
  std::string named;                // the text with the name that a spec may leave out, where it has one
  std::string words;                // of a comment, quoted; of an owner, the role; the column that owns a sequence; of
                                    // default privileges what takes them away
  std::vector<ColumnText> columns;  // of a table
  std::string partition_key;        // of a partitioned one: `range (at)`
  std::vector<std::string> values;  // of an enum, quoted
  Privileges privileges;            // of a grant
  std::string given_on;             // of default privileges: tables, sequences, …
  std::vector<Privileges> given;    // … and what the connecting role's new ones give or take
  std::string up, down;
  std::string body;  // of a function in SQL: what it names, the server does not keep
  std::string reason;
  std::vector<std::size_t> needs;
};

/// Is it a partition that stands in the block of its table?
inline bool is_partition(const Item& item) { return item.kind == "table" && item.parent != no_object; }

struct Items {
  std::vector<Item> all;
  std::map<Address, std::size_t> at;
  std::vector<std::string> not_carried;
  std::vector<std::string> search_path;  // of the connecting role; empty when it is the usual one

  std::size_t add(Item item, Address address);
  std::size_t add(Item item);
  /// The object at an address, or `no_object`.
  std::size_t find(Address address) const;
};

}  // namespace godwit::inspecting

namespace godwit {

struct Inspection::Details {
  inspecting::Items items;
};

}  // namespace godwit
