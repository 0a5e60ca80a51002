// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL refuses in the build of a query: widths, places, aliases, ungrouped columns.
#include "base/codes.h"
#include "compiler/sql/analyzer.h"
#include "compiler/sql/type_rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

namespace godwit::sql {

namespace {

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

void Analyzer::check_aliases(const Scope& scope) {
  if (lenient) return;
  std::map<std::string, const Source*> seen;
  for (const Source& source : scope.sources) {
    if (source.alias.empty() || source.location == std::string::npos) continue;
    const auto [other, is_new] = seen.emplace(source.alias, &source);
    if (is_new) continue;
    // Tables of one name in two schemas are told apart; what the catalog does not list may be one.
    const bool same = source.relation && other->second->relation && source.relation == other->second->relation;
    if (source.named_by_relation && other->second->named_by_relation && !same) continue;
    problem_at(codes::duplicate_name, tokens_.at(source.location),
               fmt::format("`{}` stands twice in this `from`", source.alias), "give one of them another alias");
    return;
  }
}

void Analyzer::check_set_operation(const Json& body, const QueryColumns& left, const QueryColumns& right) {
  if (lenient || !left.known || !right.known) return;
  const std::size_t token = tokens_.at(first_location(field(body, "rarg")));
  if (left.columns.size() != right.columns.size()) {
    problem_at(codes::type_mismatch, token,
               fmt::format("this query gives {}, and the one before it {}", counted(right.columns.size(), "column"),
                           left.columns.size()),
               "both give the same number of columns");
    return;
  }
  for (std::size_t i = 0; i < left.columns.size(); ++i) {
    const std::string &a = left.columns[i].type, &b = right.columns[i].type;
    if (a == "unknown" || b == "unknown" || unitable(a, b, world_)) continue;
    problem_at(codes::type_mismatch, token,
               fmt::format("column {} is `{}` here, and `{}` in the query before", i + 1, b, a),
               "a cast makes one of the other: `value::type`");
    return;
  }
}

void Analyzer::check_values(const Json& rows) {
  std::size_t width = 0;
  for (const Json& row : rows) {
    const Json& items = field(body_of(row), "items");
    if (width == 0) width = items.size();
    if (items.size() == width) continue;
    problem_at(codes::type_mismatch, tokens_.at(first_location(items)),
               fmt::format("this row has {}, and the first one {}", counted(items.size(), "value"), width));
    return;
  }
}

void Analyzer::check_positions(const Json& list, const QueryColumns& output, std::string_view clause) {
  if (!output.known) return;
  for (const Json& item : list) {
    const Json& node = is(item, "SortBy") ? field(body_of(item), "node") : item;
    if (!is(node, "A_Const") || !body_of(node).contains("ival")) continue;
    const long place = number_of(field(body_of(node), "ival"), "ival");
    if (place >= 1 && place <= static_cast<long>(output.columns.size())) continue;
    problem_at(codes::bad_option, tokens_.at(location_of(body_of(node))),
               fmt::format("`{}` names column {}, and the query gives {}", clause, place, output.columns.size()));
  }
}

namespace {

/// The last name of a plain column; of an output column's alias what stands behind it. Empty for anything else.
std::string column_behind(const Json& node, const Json& targets) {
  if (!is(node, "ColumnRef")) return {};
  const Json& fields = field(body_of(node), "fields");
  const std::string name = string_value(fields.back());
  if (fields.size() > 1) return name;  // an alias has no table
  for (const Json& target : targets) {
    if (text_of(body_of(target), "name") == name && !name.empty()) {
      const Json& value = field(body_of(target), "val");
      return is(value, "ColumnRef") ? string_value(field(body_of(value), "fields").back()) : std::string();
    }
  }
  return name;
}

}  // namespace

void Analyzer::check_distinct_on(const Json& body) {
  std::set<std::string> distinct;
  for (const Json& item : field(body, "distinctClause")) {
    const std::string name = column_behind(item, field(body, "targetList"));
    if (name.empty()) return;
    distinct.insert(name);
  }
  std::set<std::string> left = distinct;
  for (const Json& item : field(body, "sortClause")) {
    if (left.empty()) return;
    const Json& node = field(body_of(item), "node");
    const std::string name = column_behind(node, field(body, "targetList"));
    if (name.empty()) return;
    if (distinct.count(name) == 0) {
      problem_at(codes::bad_option, tokens_.at(first_location(node)),
                 "`order by` begins with what `distinct on` names, and this is not among it",
                 "order by the columns of `distinct on` first");
      return;
    }
    left.erase(name);
  }
}

void Analyzer::check_locks(const Json& body, const Scope& scope) {
  for (const Json& item : field(body, "lockingClause")) {
    for (const Json& relation : field(body_of(item), "lockedRels")) {
      const std::string name = text_of(body_of(relation), "relname");
      const bool known = std::any_of(scope.sources.begin(), scope.sources.end(),
                                     [&](const Source& source) { return source.alias == name; });
      if (known) continue;
      problem_at(codes::unknown_table, tokens_.at(location_of(body_of(relation))),
                 fmt::format("`{}` is no table or alias of this query", name));
    }
  }
}

// The first column in the subtree outside of aggregates and subqueries.
const Json* Analyzer::ungrouped_column(const Json& node) const {
  if (node.is_array()) {
    for (const Json& item : node) {
      if (const Json* found = ungrouped_column(item)) return found;
    }
    return nullptr;
  }
  if (!node.is_object()) return nullptr;
  if (is(node, "SubLink") || is(node, "GroupingFunc")) return nullptr;
  if (is(node, "FuncCall") && aggregate_calls_.count(&body_of(node)) != 0) return nullptr;
  if (is(node, "ColumnRef")) {
    const Json& fields = field(body_of(node), "fields");
    if (is(fields.back(), "A_Star") || variables.count(string_value(fields.front())) != 0) return nullptr;
    return &node;
  }
  for (const auto& [name, value] : node.items()) {
    if (!value.is_structured()) continue;
    if (const Json* found = ungrouped_column(value)) return found;
  }
  return nullptr;
}

// Without GROUP BY all rows are one group; with it, a key may stand for its row, and the server knows.
void Analyzer::check_ungrouped(const Json& body, const Scope& scope) {
  if (lenient || world_.has_extensions() || world_.has_unlisted()) return;  // any call may be an aggregate
  if (body.contains("groupClause") || body.contains("larg") || aggregates_ == 0 || has_outer_rows(scope) ||
      scope.sources.empty())
    return;
  const Json* column = ungrouped_column(field(body, "targetList"));
  if (column == nullptr) return;
  problem_at(codes::forbidden_expression, tokens_.at(location_of(body_of(*column))),
             "beside an aggregate a column stands in `group by` or in an aggregate of its own",
             "write `group by`, or `max(…)` around it");
}

}  // namespace godwit::sql
