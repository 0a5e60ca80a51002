// SPDX-License-Identifier: Apache-2.0
#include "runtime/diff/renames.h"

#include "base/identifier.h"

#include <algorithm>
#include <map>

namespace godwit::diffing {

namespace {

/// The type of a column, without its name.
std::string type_of(const ColumnText& column) { return column.type.substr(quoted(column.name).size()); }

std::size_t shared_columns(const Item& a, const Item& b) {
  return static_cast<std::size_t>(std::count_if(a.columns.begin(), a.columns.end(), [&](const ColumnText& column) {
    return column_named(b, column.name) != nullptr;
  }));
}

/// The name nearest to `wanted`, if one is near, moves to the front.
void nearest_first(const std::string& wanted, std::vector<std::string>& names) {
  const auto nearest = closest(wanted, names);
  if (!nearest) return;
  const auto found = std::find(names.begin(), names.end(), *nearest);
  std::rotate(names.begin(), found, found + 1);
}

}  // namespace

std::vector<std::string> renames_of_table(const Item& gone, const std::vector<const Item*>& new_tables) {
  std::multimap<std::size_t, std::string, std::greater<>> by_likeness;
  for (const Item* table : new_tables) {
    const std::size_t shared = shared_columns(gone, *table);
    if (shared > 0 && table->schema == gone.schema) by_likeness.emplace(shared, table->name);
  }
  std::vector<std::string> names;
  for (const auto& [shared, name] : by_likeness) names.push_back(name);
  return names;
}

std::vector<std::string> renames_of_column(const ColumnText& gone, const std::vector<const ColumnText*>& new_columns) {
  std::vector<std::string> same, all;
  for (const ColumnText* column : new_columns) {
    all.push_back(column->name);
    if (type_of(*column) == type_of(gone)) same.push_back(column->name);
  }
  std::vector<std::string>& names = same.empty() ? all : same;
  nearest_first(gone.name, names);
  return names;
}

}  // namespace godwit::diffing
