// SPDX-License-Identifier: Apache-2.0
// Objects as a spec writes them: a table with its columns and parts in one block, what follows it behind, and what has
// no form as an `sql` block.
#pragma once

#include "runtime/inspect/carried.h"

#include <string>
#include <string_view>
#include <vector>

namespace godwit::inspecting {

/// A text that grows by lines, each with the objects that stand on it.
class Page {
 public:
  void add(const std::string& text, const std::vector<std::size_t>& objects = {});

  BaselineSpec take() { return std::move(spec_); }

 private:
  BaselineSpec spec_;
};

/// The objects of one database, split into those that a spec says and those that it carries as SQL.
class SpecText {
 public:
  SpecText(const Inspection& inspection, const Refusals& refusals);

  const Items& items() const { return items_; }

  const Item& item(std::size_t i) const { return items_.all[i]; }

  bool is_carried(std::size_t i) const { return carried_[i]; }

  /// What stands by itself, in a file's order.
  const std::vector<std::size_t>& roots() const { return roots_; }

  /// The parts that a spec says, in a block's order.
  const std::vector<std::size_t>& children(std::size_t parent) const { return children_[parent]; }

  const std::vector<CarriedBlock>& blocks() const { return blocks_; }

  /// Why an object is carried as SQL; empty for what only goes with another one.
  std::string reason_of(std::size_t object) const;

  const std::string& title_of(std::size_t object) const { return inspection_.objects[object].title; }

  /// The object with what its block holds; `with_what_follows`: and the statements about it.
  void write(Page& page, std::size_t root, bool with_what_follows = true) const;
  /// `name type clause…` without the constraints beside it.
  std::string column_line(std::size_t table, const ColumnText& column) const;
  /// The constraints and the comment beside a column.
  std::vector<std::size_t> beside(std::size_t table, const ColumnText& column) const;
  /// `partition name for values …;` with the partitions below it.
  void write_partition(Page& page, std::size_t partition, const std::string& indent) const;
  /// The `sql` block, its title begun with `number`.
  void write_block(Page& page, const CarriedBlock& block, const std::string& number) const;

 private:
  void collect(std::size_t parent, std::vector<std::size_t>& inside, std::vector<std::size_t>& behind) const;
  void write_table(Page& page, std::size_t root, const std::vector<std::size_t>& inside) const;
  void write_partitions(Page& page, std::size_t table) const;
  void write_partitions_in(Page& page, std::size_t table, const std::string& indent) const;

  const Inspection& inspection_;
  const Items& items_;
  const Refusals& refusals_;
  std::vector<bool> carried_;
  std::vector<CarriedBlock> blocks_;
  std::vector<std::vector<std::size_t>> children_;
  std::vector<std::size_t> roots_;
};

/// One `sql` block: `up` and `down` end with `;` or are empty.
std::string sql_block(const std::string& title, const std::vector<std::string>& after, std::string up,
                      const std::string& down);
std::string in_one_line(std::string text);

}  // namespace godwit::inspecting
