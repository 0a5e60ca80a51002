// SPDX-License-Identifier: Apache-2.0
// Tables and their columns as they were read, and what a partition has of its table and what alone.
#pragma once

#include "runtime/inspect/reading.h"

#include <map>
#include <string>
#include <vector>

namespace godwit::inspecting {

struct Shell {
  std::size_t item = no_object;
  std::string partition_key, bound, parents, of_type;
  std::string parent;  // oid of the table that it is a partition of
  std::string tablespace;
  bool is_partition = false;

  bool inherits() const { return !is_partition && !parents.empty(); }
};

/// A column as it came, with what its sequence says.
struct Column {
  std::string name, type, plain_type, collation, default_value, generated, identity;
  bool not_null = false, inherited = false;
  std::string sequence_schema, sequence, sequence_type, sequence_options, owned;
  bool plain_sequence = false;
  std::string default_oid;
};

/// A part of a table that stands in its block, or is set by `alter table`.
Item part_of(const Item& table, std::size_t at, std::string kind, Part part);
void add_part(Reading& reading, std::size_t table, const char* kind, Part part, const std::string& text,
              const std::string& up, const std::string& down);

/// Gives each partition its place in its table, and the statement that makes it a partition where it is SQL.
void add_partitions(Reading& reading, const std::map<std::string, Shell>& shells);

/// What a partition has in a column and its table has not is set beside it; `columns` of each table by its item.
void compare_columns(Reading& reading, const std::map<std::size_t, std::vector<Column>>& columns);

}  // namespace godwit::inspecting
