// SPDX-License-Identifier: Apache-2.0
// A small catalog built by hand, before and after a migration, for the tests of compiler/data.
#pragma once

#include "compiler/data/steps.h"
#include "compiler/sql/analyze.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace godwit::test {

struct ColumnOf {
  std::string name, type;
  bool not_null = false;
  std::string default_value = {};
  bool identity = false;
};

class Project {
 public:
  Project();

  Catalog catalog;
  std::map<ObjectKey, ObjectKey> renames;
  std::set<ObjectKey> dropped;
  SourceSet sources;
  std::string id = "20250101000000_test";

  static ObjectKey key(const std::string& qualified);
  static ObjectKey column(const std::string& table, const std::string& name);

  void table(const std::string& name, const std::vector<ColumnOf>& columns,
             const std::vector<std::string>& primary_key);
  void unique(const std::string& table, const std::string& name, const std::vector<std::string>& columns);
  void check(const std::string& table, const std::string& name, const std::string& expression);
  void reference(const std::string& table, const std::string& name, const std::string& column,
                 const std::string& target, const std::string& target_column);
  void touch_trigger(const std::string& table, const std::string& name);

  /// From here on what changes is the migration's.
  void begin() { catalog.begin_journal(); }

  /// Hides a column or a table, as `drop` does.
  void drop_column(const std::string& table, const std::string& name);
  void drop_table(const std::string& table);

  Fragment expression(const std::string& text, const std::string& table, bool before) const;
  Fragment query(const std::string& text, bool before) const;

  using Set = std::vector<std::pair<std::string, std::string>>;
  std::vector<data::Assignment> over(const Set& set, const std::string& table, bool before) const;
  data::Move move(const std::string& name, const std::string& source, const std::string& target,
                  const std::string& where, const Set& set, const std::vector<std::string>& key,
                  const Set& reverse = {}) const;

  data::Surroundings around() const { return {catalog, renames, dropped, sources, id}; }

  std::vector<Step> steps(const data::Intent& intent) const { return data::steps_of(intent, around()); }
};

/// All SQL of the statements, one after the other, each closed.
std::string script(const Statements& statements);

}  // namespace godwit::test
