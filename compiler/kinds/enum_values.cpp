// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/enum_values.h"

#include "base/identifier.h"
#include "compiler/kinds/conversion.h"
#include "compiler/kinds/enum_type.h"
#include "compiler/kinds/planning.h"
#include "compiler/kinds/type_change.h"

#include <fmt/core.h>

#include <algorithm>

namespace godwit::kinds {

namespace {

bool holds(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::vector<std::string> without(const std::vector<std::string>& values, const std::vector<std::string>& others) {
  std::vector<std::string> rest;
  std::copy_if(values.begin(), values.end(), std::back_inserter(rest),
               [&](const std::string& value) { return !holds(others, value); });
  return rest;
}

std::string type_name(const EnumType& type) { return quoted(type.schema, type.name); }

/// Under which a type stands aside while the one of its name is made.
std::string aside(const EnumType& type) {
  return std::string(truncated("_gw_old_" + type.name.str(), max_identifier_bytes));
}

Statements add_values(const EnumType& from, const EnumType& to) {
  Statements out;
  std::vector<std::string> there = from.values;
  for (std::size_t i = 0; i < to.values.size(); ++i) {
    const std::string& value = to.values[i];
    if (holds(there, value)) continue;
    std::string sql = "alter type " + type_name(to) + " add value " + literal(value);
    if (i > 0 && to.values[i - 1] != there.back()) {
      sql += " after " + literal(to.values[i - 1]);
    } else if (i == 0) {
      sql += " before " + literal(there.front());
    }
    out.push_back({fmt::format("add the value {} to {}", literal(value), describe(key(to))), sql, {}, Work::instant});
    there.insert(i == 0 ? there.begin() : std::find(there.begin(), there.end(), to.values[i - 1]) + 1, value);
  }
  return out;
}

bool is_array(const Column& column) { return column.type.text.ends_with("[]"); }

/// One way of a change, between two lists of values.
struct Direction {
  const EnumType& from;
  const EnumType& to;
  const std::vector<CarriedColumn>& columns;
  const std::vector<ObjectPtr>& satellites;
};

Statements stand_aside(const Direction& way, const Catalog& catalog) {
  const std::string name = type_name(way.from), what = describe(key(way.from));
  Statements out{{"set the old " + what + " aside",
                  "alter type " + name + " rename to " + quoted(aside(way.from)),
                  {},
                  Work::instant}};
  for (Statement& statement : create(way.to, {})) out.push_back(std::move(statement));
  for (Statement& statement :
       settled_privileges_before(key(way.to), key(way.to), catalog, privileges_in_force(catalog)))
    out.push_back(std::move(statement));
  for (const ObjectPtr& satellite : way.satellites) {
    for (Statement& statement : create_object(*satellite, {})) out.push_back(std::move(statement));
  }
  return out;
}

Statement drop_aside(const EnumType& type) {
  return {"drop the old " + describe(key(type)), "drop type " + quoted(type.schema, aside(type)), {}, Work::instant};
}

/// Writes a column's values by their names; what else the change of a type would reset is set again.
void write_again(const Column& from, const Column& to, std::vector<std::string>& actions) {
  const std::string name = "alter column " + quoted(to.name);
  if (from.default_value) actions.push_back(name + " drop default");
  actions.push_back(fmt::format("{} type {} using {}::{}::{}", name, to.type.text, quoted(to.name),
                                is_array(to) ? "text[]" : "text", to.type.text));
  if (to.default_value) actions.push_back(name + " set default " + to.default_value->text);
  if (!to.storage.empty()) actions.push_back(name + " set storage " + to.storage);
  if (!to.compression.empty()) actions.push_back(name + " set compression " + quoted(to.compression));
}

/// One statement, and so one rewrite, a table; `columns` by table.
Statements write_tables_again(const std::vector<std::pair<const Column*, const Column*>>& columns) {
  Statements out;
  for (std::size_t i = 0; i < columns.size();) {
    const ObjectKey table = table_of(key(*columns[i].second));
    std::vector<std::string> actions;
    for (; i < columns.size() && table_of(key(*columns[i].second)) == table; ++i)
      write_again(*columns[i].first, *columns[i].second, actions);
    out.push_back({"write " + sql_name(table) + " again, value by value",
                   "alter table " + sql_name(table) + (actions.size() > 1 ? "\n  " : " ") + joined(actions, ",\n  "),
                   {{table, Lock::access_exclusive}},
                   Work::rewrite});
  }
  return out;
}

void append(Statements& all, Statements more) {
  for (Statement& statement : more) all.push_back(std::move(statement));
}

/// Rows written since with a value that the list of before lacks.
Statements unfit(const ValueChange& change, const Column& column, const data::Surroundings& around,
                 const std::set<ObjectKey>& absent) {
  const std::vector<std::string> added = without(change.to.values, change.from.values);
  if (added.empty()) return {};
  const std::string name = quoted(column.table) + '.' + quoted(column.name);
  const std::string condition = is_array(column) ? fmt::format("{}::text[] && {}", name, text_array(added))
                                                 : fmt::format("{}::text in ({})", name, literal_list(added));
  return data::unfit_to_residue(key(column), condition, column.type.text, column.not_null, around, absent);
}

const Column& column_of(const ObjectPtr& object) { return std::get<Column>(*object); }

}  // namespace

bool has_value(const EnumType& type, const std::string& value) { return holds(type.values, value); }

bool only_adds(const EnumType& from, const EnumType& to) {
  return without(to.values, without(to.values, from.values)) == from.values;
}

Step change_values(const ValueChange& change, const std::vector<CarriedColumn>& columns,
                   const std::vector<ObjectPtr>& satellites, const std::map<ObjectKey, Conversion>& conversions,
                   const data::Surroundings& around, const std::set<ObjectKey>& absent) {
  Step step;
  step.span = change.span;
  step.subject = key(change.to);
  step.title = "change the values of " + describe(step.subject);
  step.changes = {step.subject};
  for (const auto& [before, after] : columns) step.changes.push_back(key_of(*after));
  for (const ObjectPtr& satellite : satellites) {
    if (key_of(*satellite).kind == Kind::grant) step.changes.push_back(key_of(*satellite));
  }
  const auto conversion_of = [&](const ObjectPtr& column) {
    const auto found = conversions.find(key_of(*column));
    return found == conversions.end() ? nullptr : &found->second;
  };

  const Direction forward{change.from, change.to, columns, satellites};
  if (change.in_place) {
    step.up = add_values(change.from, change.to);
    step.remarks = {"PostgreSQL takes no value away: going back makes the type anew and writes its columns again"};
  } else {
    step.up = stand_aside(forward, around.catalog);
    std::vector<std::pair<const Column*, const Column*>> plain;
    for (const auto& [before, after] : columns) {
      if (const Conversion* conversion = conversion_of(after)) {
        append(step.up, convert_values(column_of(before), column_of(after), *conversion, around));
        step.makes.push_back(key(conversion->kept));
        step.makes.push_back(key(conversion->made));
        step.keeps = true;
        append(step.finalize, finalize_conversion(*conversion, around.migration));
      } else {
        plain.emplace_back(&column_of(before), &column_of(after));
      }
    }
    append(step.up, write_tables_again(plain));
    step.up.push_back(drop_aside(change.from));
    step.remarks = {
        only_adds(change.from, change.to)
            ? "the migration itself uses a new value, which PostgreSQL allows only once it is committed: the "
              "type is made anew"
            : "PostgreSQL takes no value away and reorders none: the type is made anew"};
  }

  for (const auto& [before, after] : columns) {
    if (conversion_of(after) == nullptr) append(step.down, unfit(change, column_of(before), around, absent));
  }
  append(step.down, stand_aside({change.to, change.from, columns, satellites}, around.catalog));
  std::vector<std::pair<const Column*, const Column*>> plain;
  for (const auto& [before, after] : columns) {
    if (const Conversion* conversion = conversion_of(after)) {
      append(step.down, convert_values_back(column_of(before), column_of(after), *conversion, around, absent));
    } else {
      plain.emplace_back(change.in_place ? &column_of(before) : &column_of(after), &column_of(before));
    }
  }
  append(step.down, write_tables_again(plain));
  step.down.push_back(drop_aside(change.to));
  return step;
}

Object carried(const Object& before, const Object& after) {
  Column rest = std::get<Column>(after);
  rest.not_null = rest.not_null && std::get<Column>(before).not_null;
  return rest;
}

}  // namespace godwit::kinds
