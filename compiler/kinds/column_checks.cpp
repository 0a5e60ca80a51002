// SPDX-License-Identifier: Apache-2.0
// Columns and their values.
#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/sql/access_methods.h"
#include "compiler/sql/literals.h"
#include "compiler/sql/pg_query.h"
#include "compiler/sql/type_rules.h"

#include <algorithm>
#include <array>
#include <limits>

namespace godwit::kinds {

namespace {

bool is_system_column(std::string_view name) {
  constexpr std::array<std::string_view, 6> names{"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_pseudo_type(std::string_view type) {
  while (type.ends_with("[]")) type.remove_suffix(2);
  constexpr std::array<std::string_view, 19> names{"any",
                                                   "anyelement",
                                                   "anyarray",
                                                   "anynonarray",
                                                   "anyenum",
                                                   "anyrange",
                                                   "anymultirange",
                                                   "anycompatible",
                                                   "record",
                                                   "trigger",
                                                   "event_trigger",
                                                   "void",
                                                   "unknown",
                                                   "cstring",
                                                   "internal",
                                                   "anycompatiblearray",
                                                   "anycompatiblenonarray",
                                                   "anycompatiblerange",
                                                   "pg_ddl_command"};
  return std::find(names.begin(), names.end(), type) != names.end();
}

bool is_collatable(const sql::KnownType& type) {
  constexpr std::array<std::string_view, 4> names{"text", "character varying", "character", "name"};
  return !type.enumeration && std::find(names.begin(), names.end(), type.name) != names.end();
}

}  // namespace

Span place_of_word(const ast::Sql& text, std::string_view word) {
  const auto tokens = sql::tokens(text.text);
  if (tokens) {
    for (const sql::Token& token : *tokens) {
      const std::string_view spelled = std::string_view(text.text).substr(token.begin, token.end - token.begin);
      if (token.kind != sql::Token::Kind::comment && folded(spelled) == folded(word))
        return Declaring::span_in(text, token.begin, token.end);
    }
  }
  return text.span;
}

void check_column(const ast::Column& item, const Column& column, Declaring& d) {
  if (is_system_column(column.name)) {
    d.diagnostics.add(codes::reserved_name, item.name.span, "every table has a system column `{}`", item.name.text)
        .hint("choose another name");
  }
  if (is_pseudo_type(column.type.text)) {
    d.diagnostics.add(codes::bad_option, item.type.span, "`{}` is a pseudo-type, which no column can have",
                      column.type.text);
    return;
  }
  const auto known = sql::known_type(column.type.text, d.world);
  if (item.collation && known && !is_collatable(*known)) {
    d.diagnostics.add(codes::bad_option, item.collation->span, "type `{}` takes no collation", column.type.text)
        .hint("only text has one");
  }
  if (!item.identity) return;
  const std::string& type = column.type.text;
  if (!type.empty() && type != "smallint" && type != "integer" && type != "bigint") {
    d.diagnostics.add(codes::type_mismatch, item.type.span, "an identity column is an integer, and this is `{}`", type)
        .hint("`smallint`, `integer` and `bigint` are taken");
    return;
  }
  if (item.identity->options && column.identity) {
    const std::string own = column.identity->options.type;
    if (own.empty()) check_sequence(column.identity->options, type, *item.identity->options, d);
  }
}

void check_value(const ast::Sql& text, const sql::Analysis& analysis, const TypeName& type, const std::string& name,
                 Declaring& d) {
  if (!analysis.problems.empty()) return;
  if (const auto literal = sql::string_literal(text.text)) {
    if (const auto fault = sql::stored_literal_fault(type.text, *literal, d.world)) {
      auto report = d.diagnostics.add(codes::type_mismatch, text.span, "{}", fault.message);
      if (!fault.hint.empty()) report.hint("{}", fault.hint);
    }
    return;
  }
  if (sql::storable(analysis.type, type.text, d.world)) return;
  d.diagnostics
      .add(codes::type_mismatch, text.span, "`{}` is `{}`, and a value of type `{}` cannot be stored in it", name,
           type.text, analysis.type)
      .hint("PostgreSQL has no cast on assignment between the two");
}

void check_default(const ast::Sql& text, const sql::Analysis& analysis, const Column& column, Declaring& d) {
  if (analysis.set_returning) {
    d.diagnostics.add(codes::forbidden_expression,
                      Declaring::span_in(text, *analysis.set_returning, *analysis.set_returning + 1),
                      "a default cannot hold a set-returning function");
    return;
  }
  check_value(text, analysis, column.type, column.name, d);
}

void check_key_column(const ObjectKey& key, Span span, Declaring& d) {
  const Column* column = d.catalog.get<Column>(key);
  if (column == nullptr) return;
  const std::string fault = sql::class_fault("btree", {}, column->type.text, d.world);
  if (fault.empty()) return;
  d.diagnostics.add(codes::type_mismatch, span, "`{}` cannot be part of a key: {}", column->name, fault)
      .hint("a key needs a type whose values can be ordered");
}

void check_condition(const sql::Analysis& analysis, Span span, std::string_view what, Declaring& d) {
  if (!sql::is_no_condition(analysis.type, d.world)) return;
  d.diagnostics.add(codes::type_mismatch, span, "{} must be boolean, and this is `{}`", what, analysis.type);
}

void check_sequence(const SequenceOptions& options, std::string type, const ast::Sql& text, Declaring& d) {
  using Limits = std::numeric_limits<long long>;
  const auto at = [&](std::string_view word) { return place_of_word(text, word); };
  if (!options.type.empty()) type = options.type;
  if (type.empty()) type = "bigint";
  if (type != "smallint" && type != "integer" && type != "bigint") {
    d.diagnostics.add(codes::bad_option, at("as"), "a sequence counts in an integer type, and `{}` is none", type)
        .hint("`smallint`, `integer` and `bigint` are taken");
    return;
  }
  const long long increment = options.increment.value_or(1);
  if (increment == 0) {
    d.diagnostics.add(codes::bad_option, text.span, "a sequence cannot go up by 0");
    return;
  }
  if (options.cache && *options.cache < 1) {
    d.diagnostics.add(codes::bad_option, at("cache"), "the cache of a sequence holds at least 1, not {}",
                      *options.cache);
  }
  const long long largest = type == "smallint"  ? std::numeric_limits<std::int16_t>::max()
                            : type == "integer" ? std::numeric_limits<std::int32_t>::max()
                                                : Limits::max();
  const long long smallest = -largest - 1;
  for (const auto& [word, bound] : {std::pair{"minvalue", options.minimum}, std::pair{"maxvalue", options.maximum}}) {
    if (!bound || (*bound <= largest && *bound >= smallest)) continue;
    d.diagnostics.add(codes::bad_option, at(word), "{} {} is out of range for `{}`", word, *bound, type);
    return;
  }
  const long long minimum = options.minimum.value_or(increment > 0 ? 1 : smallest);
  const long long maximum = options.maximum.value_or(increment > 0 ? largest : -1);
  const long long start = options.start.value_or(increment > 0 ? minimum : maximum);
  if (minimum >= maximum) {
    d.diagnostics.add(codes::bad_option, text.span, "the minimum {} is not below the maximum {}", minimum, maximum);
  } else if (start < minimum || start > maximum) {
    d.diagnostics.add(codes::bad_option, text.span, "the start {} lies outside {} to {}", start, minimum, maximum);
  }
}

void check_foreign_keys(Declaring& d) {
  for (const auto& [column, before] : d.catalog.touched()) {
    if (column.kind != Kind::column || before == nullptr || d.catalog.find(column) == nullptr) continue;
    for (const ObjectKey& dependent : d.catalog.dependents(column)) {
      const auto* key = d.catalog.get<ForeignKey>(dependent);
      if (key == nullptr || d.declared_here.contains(dependent)) continue;
      for (std::size_t i = 0; i < key->columns.size() && i < key->target_columns.size(); ++i) {
        const auto* from = d.catalog.get<Column>(column_key(table_of(dependent), key->columns[i]));
        const auto* to = d.catalog.get<Column>(column_key(key->target, key->target_columns[i]));
        if (from == nullptr || to == nullptr || sql::operator_fits("=", from->type.text, to->type.text, d.world).fits)
          continue;
        const auto place = d.declared_here.find(column);
        d.diagnostics
            .add(codes::type_mismatch, place == d.declared_here.end() ? d.migration_span : place->second,
                 "`{}` becomes `{}`, and refers to `{}`, which is `{}`: they cannot be compared", from->name,
                 from->type.text, quoted(to->table.str(), to->name.str()), to->type.text)
            .note(key->origin.span, "the foreign key is declared here");
        break;
      }
    }
  }
}

void check_generation(const Column& from, const Column& to, Span span, Declaring& d) {
  if (from.generated == to.generated) return;
  if (!from.generated || from.generated->is_virtual != to.generated->is_virtual) {
    d.later(span, "changing whether and how an existing column is generated");
    return;
  }
  if (!d.needs_postgres(17, span, "another expression for an existing generated column",
                        "declare a new column with it, and drop this one"))
    return;
  // Rows written since might not fit once a rollback computes the values of before.
  const std::vector<ObjectKey> dependents = d.catalog.dependents(key(to));
  const bool held = std::any_of(dependents.begin(), dependents.end(), [&](const ObjectKey& dependent) {
    const auto* index = d.catalog.get<Index>(dependent);
    return dependent.kind == Kind::primary_key || dependent.kind == Kind::unique || dependent.kind == Kind::check ||
           dependent.kind == Kind::foreign_key || dependent.kind == Kind::exclude ||
           (index != nullptr && index->unique);
  });
  const bool is_domain = to.type.declared && to.type.declared->kind == Kind::domain;
  if (held || to.not_null || from.not_null || is_domain)
    d.later(span, "another expression for a generated column that is `not null`, of a domain, or held by a constraint");
}

}  // namespace godwit::kinds
