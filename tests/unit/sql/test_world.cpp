// SPDX-License-Identifier: Apache-2.0
#include "test_world.h"

#include <utility>

namespace godwit::tests {

void TestWorld::table(const std::string& schema, const std::string& name, std::vector<OutputColumn> columns,
                      Kind kind) {
  schemas_[schema] = true;
  sql::Relation relation;
  relation.key.kind = kind;
  relation.key.schema = schema;
  relation.key.name = name;
  relation.columns = std::move(columns);
  types_[{schema, name}] = {relation.key, ""};
  relations_[{schema, name}] = std::move(relation);
}

void TestWorld::type(const std::string& schema, const std::string& name, Kind kind, const std::string& base) {
  schemas_[schema] = true;
  ObjectKey key;
  key.kind = kind;
  key.schema = schema;
  key.name = name;
  types_[{schema, name}] = {key, base};
}

void TestWorld::enumeration(const std::string& schema, const std::string& name, std::vector<std::string> values) {
  type(schema, name);
  values_[{schema, name}] = std::move(values);
}

void TestWorld::function(const std::string& schema, const std::string& name, const std::string& types,
                         const std::string& result, char volatility, std::size_t defaults) {
  schemas_[schema] = true;
  sql::Routine routine;
  routine.key.kind = Kind::function;
  routine.key.schema = schema;
  routine.key.name = name;
  routine.key.part = types;
  routine.result = result;
  routine.volatility = volatility;
  for (std::size_t at = 0; at != std::string::npos && !types.empty(); at = types.find(", ", at)) {
    ++routine.parameters;
    ++at;
  }
  routine.required = routine.parameters - defaults;
  routines_[{schema, name}].push_back(std::move(routine));
}

std::optional<sql::Relation> TestWorld::relation(const std::string& schema, const std::string& name) const {
  for (const std::string& one : schema.empty() ? search_path : std::vector{schema}) {
    if (const auto found = relations_.find({one, name}); found != relations_.end()) return found->second;
  }
  return std::nullopt;
}

std::vector<sql::Routine> TestWorld::routines(const std::string& schema, const std::string& name) const {
  for (const std::string& one : schema.empty() ? search_path : std::vector{schema}) {
    if (const auto found = routines_.find({one, name}); found != routines_.end()) return found->second;
  }
  return {};
}

std::optional<ObjectKey> TestWorld::type(const std::string& schema, const std::string& name) const {
  for (const std::string& one : schema.empty() ? search_path : std::vector{schema}) {
    if (const auto found = types_.find({one, name}); found != types_.end()) return found->second.first;
  }
  return std::nullopt;
}

std::vector<OutputColumn> TestWorld::fields(const ObjectKey& type) const {
  const auto found = relations_.find({type.schema, type.name});
  return found == relations_.end() ? std::vector<OutputColumn>() : found->second.columns;
}

std::string TestWorld::subtype(const ObjectKey& type) const {
  return type.kind == Kind::range_type ? base_type(type) : std::string();
}

std::string TestWorld::base_type(const ObjectKey& type) const {
  const auto found = types_.find({type.schema, type.name});
  return found == types_.end() ? std::string() : found->second.second;
}

std::vector<std::string> TestWorld::values(const ObjectKey& type) const {
  const auto found = values_.find({type.schema, type.name});
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::vector<std::string> TestWorld::names_like(Kind kind) const {
  std::vector<std::string> names;
  if (kind == Kind::function) {
    for (const auto& [name, routines] : routines_) names.push_back(name.first + "." + name.second);
  } else if (kind == Kind::schema) {
    for (const auto& [name, known] : schemas_) names.push_back(name);
  } else if (kind == Kind::table) {
    for (const auto& [name, relation] : relations_) names.push_back(name.first + "." + name.second);
  } else {
    for (const auto& [name, type] : types_) names.push_back(name.first + "." + name.second);
  }
  return names;
}

TestWorld contacts_world() {
  TestWorld world;
  world.table("app", "contacts",
              {{"id", "uuid"},
               {"user_id", "uuid"},
               {"email", "text"},
               {"display_name", "text"},
               {"organization_id", "bigint"},
               {"score", "numeric(5,2)"},
               {"metadata", "jsonb"},
               {"tags", "text[]"},
               {"channel", "app.channel"},
               {"created_at", "timestamp with time zone"}});
  world.table("app", "organizations", {{"id", "bigint"}, {"user_id", "uuid"}, {"name", "text"}, {"size", "integer"}});
  world.table("app", "events", {{"contact_id", "uuid"}, {"at", "timestamp with time zone"}, {"kind", "text"}});
  world.table("app", "active", {{"id", "uuid"}, {"email", "text"}}, Kind::view);
  world.table("auth", "users", {{"id", "uuid"}, {"email", "character varying(255)"}, {"Odd Name", "text"}});
  world.type("app", "channel");
  world.type("app", "email", Kind::domain, "text");
  world.function("app", "touch", "", "trigger");
  world.function("app", "slug", "text", "text", 'i');
  world.function("app", "rank", "integer, text", "integer", 's', 1);
  world.function("app", "pick", "text", "app.contacts");
  world.function("app", "all_contacts", "", "setof app.contacts", 's');
  world.function("auth", "uid", "", "uuid", 's');
  world.schema("public");
  return world;
}

std::vector<sql::Visible> around(const TestWorld& world, const std::string& schema, const std::string& name,
                                 const std::string& alias) {
  return {{alias, *world.relation(schema, name)}};
}

std::string references(const Fragment& fragment) {
  std::string all;
  for (const Reference& reference : fragment.references) {
    if (!all.empty()) all += ' ';
    all += fragment.text.substr(reference.qualifier, reference.end - reference.qualifier) + "=";
    const ObjectKey& key = reference.target;
    all += key.schema + "." + key.name;
    if (key.kind == Kind::column) all += "." + key.part;
    if (key.kind == Kind::function) all += "(" + key.part + ")";
  }
  return all;
}

std::string problems(const std::vector<sql::Problem>& found, const std::string& text) {
  std::string all;
  for (const sql::Problem& problem : found) {
    if (!all.empty()) all += '\n';
    all += std::string(problem.code.id) + " " + text.substr(problem.begin, problem.end - problem.begin) + ": " +
           problem.message;
    if (!problem.hint.empty()) all += " [" + problem.hint + "]";
  }
  return all;
}

std::string problems(const sql::Analysis& analysis, const std::string& text) {
  return problems(analysis.problems, text);
}

std::string output(const sql::Analysis& analysis) {
  std::string all;
  for (const OutputColumn& column : analysis.output) {
    if (!all.empty()) all += ", ";
    all += column.name + " " + (column.type.empty() ? "?" : column.type);
  }
  return all;
}

}  // namespace godwit::tests
