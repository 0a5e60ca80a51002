// SPDX-License-Identifier: Apache-2.0
#include "tests/support/data_project.h"

#include <stdexcept>

namespace godwit::test {

namespace {

std::optional<ObjectKey> parent(const Object& object) {
  const ObjectKey key = key_of(object);
  return key.kind == Kind::table ? std::nullopt : std::optional(table_of(key));
}

std::vector<Need> needs(const Object& object) {
  if (const auto* foreign = std::get_if<ForeignKey>(&object)) return {{foreign->target, false}};
  return {};
}

bool names_an_index(Kind kind) { return kind == Kind::primary_key || kind == Kind::unique; }

// The catalog's tables, before or after; every function is built in.
class World : public sql::World {
 public:
  World(const Catalog& catalog, bool before) : catalog_(catalog), before_(before) {}

  std::optional<sql::Relation> relation(const std::string& schema, const std::string& name) const override {
    const ObjectKey key{Kind::table, schema, name, {}, Kind::schema, {}};
    if (find(key) == nullptr) return std::nullopt;
    sql::Relation relation{key, {}, true};
    for (const ObjectKey& child : before_ ? catalog_.children_before(key) : catalog_.children(key)) {
      const ObjectPtr object = find(child);
      if (const auto* column = std::get_if<Column>(object.get()))
        relation.columns.push_back({column->name, column->type.text});
    }
    return relation;
  }

  std::vector<sql::Routine> routines(const std::string&, const std::string&) const override { return {}; }

  std::optional<ObjectKey> type(const std::string&, const std::string&) const override { return std::nullopt; }

  std::vector<OutputColumn> fields(const ObjectKey&) const override { return {}; }

  std::string subtype(const ObjectKey&) const override { return {}; }

  std::string base_type(const ObjectKey&) const override { return {}; }

  bool schema_exists(const std::string&) const override { return true; }

  bool has_extensions() const override { return false; }

  std::vector<std::string> names_like(Kind) const override { return {}; }

 private:
  ObjectPtr find(const ObjectKey& key) const { return before_ ? catalog_.before(key) : catalog_.pointer(key); }

  const Catalog& catalog_;
  bool before_;
};

Fragment analysed(Form form, const std::string& text, const World& world, const std::vector<sql::Visible>& visible) {
  const sql::Analysis analysis = sql::analyze(form, text, world, visible);
  if (!analysis.problems.empty()) throw std::runtime_error(text + ": " + analysis.problems.front().message);
  return analysis.fragment;
}

}  // namespace

Project::Project() : catalog(KindFacts{parent, needs, names_an_index}) {}

ObjectKey Project::key(const std::string& qualified) {
  const std::size_t dot = qualified.find('.');
  return {Kind::table, qualified.substr(0, dot), qualified.substr(dot + 1), {}, Kind::schema, {}};
}

ObjectKey Project::column(const std::string& table, const std::string& name) {
  const ObjectKey of = key(table);
  return {Kind::column, of.schema, of.name, name, Kind::schema, {}};
}

void Project::table(const std::string& name, const std::vector<ColumnOf>& columns,
                    const std::vector<std::string>& primary_key) {
  const ObjectKey of = key(name);
  Table table;
  table.schema = of.schema;
  table.name = of.name;
  catalog.put(table);
  int ordinal = 0;
  for (const ColumnOf& one : columns) {
    Column column;
    column.schema = of.schema;
    column.table = of.name;
    column.name = one.name;
    column.type.text = one.type;
    column.not_null = one.not_null;
    if (!one.default_value.empty())
      column.default_value = Fragment{Form::expression, one.default_value, one.default_value, {}};
    if (one.identity) column.identity = IdentityColumn{};
    column.ordinal.value = ++ordinal;
    catalog.put(column);
  }
  if (primary_key.empty()) return;
  PrimaryKey primary;
  primary.schema = of.schema;
  primary.table = of.name;
  primary.name = of.name + "_pkey";
  primary.columns = primary_key;
  catalog.put(primary);
}

void Project::unique(const std::string& table, const std::string& name, const std::vector<std::string>& columns) {
  const ObjectKey of = key(table);
  Unique unique;
  unique.schema = of.schema;
  unique.table = of.name;
  unique.name = name;
  unique.columns = columns;
  catalog.put(unique);
}

void Project::check(const std::string& table, const std::string& name, const std::string& text) {
  const ObjectKey of = key(table);
  Check check;
  check.schema = of.schema;
  check.table = of.name;
  check.name = name;
  check.expression = expression(text, table, false);
  catalog.put(check);
}

void Project::reference(const std::string& table, const std::string& name, const std::string& column,
                        const std::string& target, const std::string& target_column) {
  const ObjectKey of = key(table);
  ForeignKey foreign;
  foreign.schema = of.schema;
  foreign.table = of.name;
  foreign.name = name;
  foreign.columns = {column};
  foreign.target = key(target);
  foreign.target_columns = {target_column};
  catalog.put(foreign);
}

void Project::touch_trigger(const std::string& table, const std::string& name) {
  const ObjectKey of = key(table);
  Trigger trigger;
  trigger.schema = of.schema;
  trigger.table = of.name;
  trigger.name = name;
  trigger.fires_on_update = true;
  catalog.put(trigger);
}

void Project::drop_column(const std::string& table, const std::string& name) {
  catalog.erase(column(table, name));
  dropped.insert(column(table, name));
}

void Project::drop_table(const std::string& table) {
  const ObjectKey of = key(table);
  for (const ObjectKey& child : catalog.children(of)) {
    catalog.erase(child);
    if (child.kind == Kind::column) dropped.insert(child);
  }
  catalog.erase(of);
  dropped.insert(of);
}

Fragment Project::expression(const std::string& text, const std::string& table, bool before) const {
  const World world(catalog, before);
  const ObjectKey of = key(table);
  return analysed(Form::expression, text, world, {{of.name, *world.relation(of.schema, of.name)}});
}

Fragment Project::query(const std::string& text, bool before) const {
  return analysed(Form::query, text, World(catalog, before), {});
}

std::vector<data::Assignment> Project::over(const Set& set, const std::string& table, bool before) const {
  std::vector<data::Assignment> all;
  for (const auto& [name, text] : set) all.push_back({name, expression(text, table, before), {}});
  return all;
}

data::Move Project::move(const std::string& name, const std::string& source, const std::string& target,
                         const std::string& where, const Set& set, const std::vector<std::string>& move_key,
                         const Set& reverse) const {
  data::Move move;
  move.name = name;
  move.source = key(source);
  move.alias = move.source->name;
  move.target = key(target);
  move.set = over(set, source, true);
  if (!where.empty()) move.where = expression(where, source, true);
  move.key = move_key;
  move.reverse = over(reverse, target, false);
  return move;
}

std::string script(const Statements& statements) {
  std::string all;
  for (const Statement& statement : statements) {
    if (!statement.sql.empty()) all += statement.sql + ";\n";
  }
  return all;
}

}  // namespace godwit::test
