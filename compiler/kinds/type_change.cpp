// SPDX-License-Identifier: Apache-2.0
#include "compiler/kinds/type_change.h"

#include "base/identifier.h"
#include "compiler/data/declare_common.h"
#include "compiler/data/steps.h"
#include "compiler/sql/type_rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace godwit::kinds {

namespace {

struct Integer {
  std::string_view name, lowest, highest;
};

constexpr std::array<Integer, 3> integers{{{"smallint", "-32768", "32767"},
                                           {"integer", "-2147483648", "2147483647"},
                                           {"bigint", "-9223372036854775808", "9223372036854775807"}}};

/// Its place among the integers by size; -1 for another type.
int integer_rank(const std::string& type) {
  for (std::size_t i = 0; i < integers.size(); ++i) {
    if (integers[i].name == type) return static_cast<int>(i);
  }
  return -1;
}

/// `character varying(12)` to {"character varying", 12}; 0 without a length.
std::pair<std::string, long> split_length(const std::string& type) {
  const std::size_t open = type.find('(');
  if (open == std::string::npos || !type.ends_with(')') || type.find(',') != std::string::npos) return {type, 0};
  long length = 0;
  std::from_chars(type.data() + open + 1, type.data() + type.size() - 1, length);
  return {type.substr(0, open), length};
}

/// `numeric(10,2)` to {10, 2}.
std::optional<std::pair<long, long>> precision(const std::string& type) {
  constexpr std::string_view head = "numeric(";
  const std::size_t comma = type.find(',');
  if (!type.starts_with(head) || !type.ends_with(')') || comma == std::string::npos) return std::nullopt;
  long digits = 0, scale = 0;
  std::from_chars(type.data() + head.size(), type.data() + comma, digits);
  std::from_chars(type.data() + comma + 1, type.data() + type.size() - 1, scale);
  return std::pair{digits, scale};
}

/// The columns a conversion may read: those of after the migration, what it drops as long as it is there, and the
/// column itself under `type`.
std::vector<sql::Visible> readable(const ObjectKey& column, const std::string& type, const Declaring& d) {
  const ObjectKey table = table_of(column);
  sql::Relation relation = d.relation(table);
  for (OutputColumn& one : relation.columns) {
    if (one.name == column.part) one.type = type;
  }
  for (const auto& [dropped, hidden] : d.hidden_columns) {
    if (table_of(dropped) == table) relation.columns.push_back({dropped.part, std::get<Column>(hidden).type.text});
  }
  return {{table.name, std::move(relation)}};
}

/// Is what is written nothing but the column, or a cast of it to `to`?
bool is_plain(const Rare<ast::Sql>& written, const ObjectKey& column, const std::string& from, const std::string& to,
              const Declaring& d) {
  if (!written) return true;
  const std::vector<sql::Visible> visible = readable(column, from, d);
  const auto normal = [&](const std::string& text) {
    return sql::analyze(Form::expression, text, d.world, visible).fragment.normal;
  };
  const std::string name = quoted(column.part), text = normal(written->text);
  return text == normal(name) || text == normal(name + "::" + to);
}

Column hidden_beside(const Column& column, const std::string& what, const TypeName& type, Declaring& d) {
  const ObjectKey table = table_of(key(column));
  std::vector<std::string> taken;
  int last = 0;
  for (const ObjectKey& child : d.catalog.children(table)) {
    const auto* other = d.catalog.get<Column>(child);
    if (other == nullptr) continue;
    taken.push_back(other->name);
    last = std::max(last, other->ordinal.value);
  }
  Column hidden;
  hidden.schema = column.schema;
  hidden.table = column.table;
  hidden.name = data::hidden_name(column.name, taken, what);
  hidden.type = storable(type, d.catalog);
  if (hidden.type == type) {
    hidden.collation = column.collation;
    hidden.collation_object = column.collation_object;
  }
  hidden.hidden = true;
  hidden.ordinal.value = last + 1;
  hidden.origin = column.origin;
  d.catalog.put(hidden);
  return hidden;
}

/// A fragment that stands in `alter column … type … using`, or reads a row on the way back.
std::optional<Fragment> conversion(const ast::Sql& text, const ObjectKey& column, const std::string& from,
                                   const Column& to, Conversion* entry, Declaring& d) {
  const sql::Analysis analysis = d.analyze(Form::expression, text, readable(column, from, d));
  const char* what = analysis.subquery        ? "a subquery"
                     : analysis.aggregate     ? "an aggregate"
                     : analysis.window        ? "a window function"
                     : analysis.set_returning ? "a function that returns several rows"
                                              : nullptr;
  if (what != nullptr) {
    d.diagnostics.add(codes::forbidden_expression, text.span, "the conversion of a column's type cannot hold {}", what)
        .hint("add a new column, fill it with a `backfill`, and drop the old one");
    return std::nullopt;
  }
  data::check_type(analysis, to, text.span, d);
  if (entry != nullptr) {
    entry->moving = std::any_of(analysis.calls.begin(), analysis.calls.end(),
                                [](const sql::Call& call) { return call.volatility != 'i' && call.volatility != 's'; });
  }
  return analysis.fragment;
}

}  // namespace

bool widens(const std::string& from, const std::string& to) {
  if (const int rank = integer_rank(from); rank >= 0) return integer_rank(to) > rank || to == "numeric";
  if (const auto narrow = precision(from)) {
    const auto wide = precision(to);
    return to == "numeric" || (wide && from != to && wide->second == narrow->second && wide->first >= narrow->first);
  }
  const auto [from_base, from_length] = split_length(from);
  const auto [to_base, to_length] = split_length(to);
  if (from_base == "character varying" || from_base == "text") {
    if (from_base == "text" || from_length == 0) return (to == "text" || to == "character varying") && from != to;
    return to == "text" || (to_base == "character varying" && (to_length == 0 || to_length > from_length));
  }
  return false;
}

TypeName storable(const TypeName& type, const Catalog& catalog) {
  const std::string array = type.text.ends_with("[]") ? "[]" : "";
  if (!type.declared) return type;
  if (type.declared->kind == Kind::enum_type) return {"text" + array, std::nullopt};
  const ObjectPtr there = catalog.find(*type.declared) == nullptr ? catalog.before(*type.declared)  // dropped here
                                                                  : catalog.pointer(*type.declared);
  const auto* domain = there == nullptr ? nullptr : std::get_if<Domain>(there.get());
  if (domain == nullptr) return type;
  TypeName base = storable(domain->type, catalog);
  if (!array.empty() && !base.text.ends_with("[]")) base.text += array;
  return base;
}

bool keeps_values(const std::string& from, const std::string& to) {
  return widens(from, to) || (integer_rank(from) >= 0 && integer_rank(to) >= 0);
}

std::string values_without_place(const std::string& column, const std::string& from, const std::string& to) {
  if (const int rank = integer_rank(from); rank >= 0) {
    if (integer_rank(to) >= 0 && integer_rank(to) < rank) return {};
    const Integer& range = integers.at(static_cast<std::size_t>(rank));
    const std::string outside = fmt::format("{} not between {} and {}", column, range.lowest, range.highest);
    return to == "numeric" ? fmt::format("({} or {} <> trunc({}))", outside, column, column) : outside;
  }
  if (const auto narrow = precision(from)) {
    return fmt::format("({} <> round({}, {}) or abs({}) >= 1e{})", column, column, narrow->second, column,
                       narrow->first - narrow->second);
  }
  if (const long length = split_length(from).second; length > 0)
    return fmt::format("char_length({}) > {}", column, length);
  return {};
}

Conversion keep_beside(const Column& from, const Column& to, Declaring& d) {
  Conversion conversion{from, {}, {}, false, false};
  conversion.kept = hidden_beside(from, "keep", from.type, d);
  conversion.made = hidden_beside(to, "made", to.type, d);
  return conversion;
}

void check_type_change(const Column& from, Column& to, Span type_span, const Rare<ast::Sql>& using_expression,
                       const Rare<ast::Sql>& reverse_using, Declaring& d) {
  if (from.type == to.type) return;
  const ObjectKey key{Kind::column, to.schema, to.table, to.name, Kind::schema, {}};
  const std::string old_type = storable(from.type, d.catalog).text, new_type = storable(to.type, d.catalog).text;
  const auto changing = [&](const std::string& what) { return "changing the type of " + what; };
  if (from.generated || to.generated) {
    const bool both_ways =
        data::assignable(old_type, new_type).value_or(false) && data::assignable(new_type, old_type).value_or(false);
    if (!from.generated || !to.generated) {
      d.later(type_span, changing("a column that begins or ceases to be generated"));
    } else if (using_expression || reverse_using) {
      d.diagnostics.add(codes::bad_option, type_span, "a generated column has no conversion: it is computed anew");
    } else if (!both_ways) {
      d.later(type_span, changing("a generated column to one without a cast on assignment, there and back,"));
    }
    return;
  }
  if (from.identity || !from.serial.empty()) {
    const bool stays = from.identity ? to.identity.has_value() : !to.serial.empty();
    if (!stays || !keeps_values(from.type.text, to.type.text) || new_type == "numeric") {
      d.later(type_span, changing("an identity or serial column to anything but another integer"));
    }
    return;
  }
  const bool plain = is_plain(using_expression, key, from.type.text, to.type.text, d);
  if (plain && is_plain(reverse_using, key, to.type.text, from.type.text, d) &&
      keeps_values(from.type.text, to.type.text)) {
    return;
  }
  if (!using_expression && !sql::castable(from.type.text, to.type.text, d.world)) {
    d.diagnostics
        .add(codes::type_mismatch, type_span, "PostgreSQL has no cast from `{}` to `{}`", from.type.text, to.type.text)
        .hint("say how: `using …`");
    return;
  }
  if (const auto* shell = d.catalog.get<Table>(table_of(key)); shell != nullptr && shell->partition_key) {
    d.later(type_span, changing("a column of a partitioned table in a way that could lose something"));
    return;
  }
  Conversion conversion = keep_beside(from, to, d);
  conversion.plain = plain;
  d.conversions.insert_or_assign(key, std::move(conversion));
}

void declare_conversions(const ObjectKey& column, const Rare<ast::Sql>& using_expression,
                         const Rare<ast::Sql>& reverse_using, Declaring& d) {
  const auto entry = d.conversions.find(column);
  const Column* there = d.catalog.get<Column>(column);
  if (there == nullptr || entry == d.conversions.end()) return;
  Column to = *there;
  const Column& from = entry->second.from;
  if (using_expression)
    to.using_expression = conversion(*using_expression, column, from.type.text, *there, &entry->second, d);
  if (reverse_using) to.reverse_using = conversion(*reverse_using, column, there->type.text, from, nullptr, d);
  d.catalog.put(std::move(to));
}

}  // namespace godwit::kinds
