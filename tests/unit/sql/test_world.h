// SPDX-License-Identifier: Apache-2.0
// A small catalog to resolve names against, and an analysis as text that a test can compare.
#pragma once

#include "compiler/sql/analyze.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace godwit::tests {

class TestWorld : public sql::World {
 public:
  std::vector<std::string> search_path{"app", "public"};
  bool extensions = false;

  /// `table("app", "t", {{"id", "uuid"}})`
  void table(const std::string& schema, const std::string& name, std::vector<OutputColumn> columns,
             Kind kind = Kind::table);
  void type(const std::string& schema, const std::string& name, Kind kind = Kind::enum_type,
            const std::string& base = "");
  /// `types` are the input types in canonical spelling: "text, integer".
  void function(const std::string& schema, const std::string& name, const std::string& types, const std::string& result,
                char volatility = 'v', std::size_t defaults = 0);

  void enumeration(const std::string& schema, const std::string& name, std::vector<std::string> values);

  void schema(const std::string& name) { schemas_[name] = true; }

  std::optional<sql::Relation> relation(const std::string& schema, const std::string& name) const override;
  std::vector<sql::Routine> routines(const std::string& schema, const std::string& name) const override;
  std::optional<ObjectKey> type(const std::string& schema, const std::string& name) const override;
  std::vector<OutputColumn> fields(const ObjectKey& type) const override;
  std::string subtype(const ObjectKey& type) const override;
  std::string base_type(const ObjectKey& type) const override;
  std::vector<std::string> values(const ObjectKey& type) const override;

  bool schema_exists(const std::string& schema) const override { return schemas_.count(schema) != 0; }

  bool has_extensions() const override { return extensions; }

  std::vector<std::string> names_like(Kind kind) const override;

 private:
  std::map<std::pair<std::string, std::string>, sql::Relation> relations_;
  std::map<std::pair<std::string, std::string>, std::vector<sql::Routine>> routines_;
  std::map<std::pair<std::string, std::string>, std::pair<ObjectKey, std::string>> types_;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> values_;
  std::map<std::string, bool> schemas_;
};

/// The catalog that most tests speak of.
TestWorld contacts_world();

/// The relation of a table in the world, as what stands around an expression.
std::vector<sql::Visible> around(const TestWorld& world, const std::string& schema, const std::string& name,
                                 const std::string& alias = "");

/// `spelled=target` for each reference, by place: "c.email=app.contacts.email app.contacts=app.contacts".
std::string references(const Fragment& fragment);
/// `GW1204 spelled: message [hint]`, one per line.
std::string problems(const sql::Analysis& analysis, const std::string& text);
std::string problems(const std::vector<sql::Problem>& found, const std::string& text);
/// `name type, name type`
std::string output(const sql::Analysis& analysis);

}  // namespace godwit::tests
