// SPDX-License-Identifier: Apache-2.0
// What stands in FROM: tables, subqueries, joins and functions, each a source of columns.
#include "compiler/sql/analyzer.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace godwit::sql {

namespace {

/// `unnest(a, b)`, which FROM alone knows.
bool is_unnest_of_several(const Json& call) {
  return is(call, "FuncCall") &&
         string_values(field(body_of(call), "funcname")) == std::vector<std::string>{"unnest"} &&
         field(body_of(call), "args").size() > 1;
}

}  // namespace

void Analyzer::from_item(const Json& node, Scope& scope) {
  const std::string_view kind = kind_of(node);
  if (kind.empty()) return;
  const Json& body = body_of(node);
  if (kind == "RangeVar") {
    scope.sources.push_back(table_source(body, scope));
    scope.sources.back().location = location_of(body);
  } else if (kind == "RangeSubselect") {
    const bool masked = std::exchange(scope.masked, scope.masked || !flag(body, "lateral"));
    QueryColumns columns = query(field(body, "subquery"), scope);
    scope.masked = masked;
    Source source;
    source.columns = std::move(columns.columns);
    source.columns_known = columns.known;
    apply_alias(source, field(body, "alias"));
    scope.sources.push_back(std::move(source));
  } else if (kind == "JoinExpr") {
    join(body, scope);
  } else if (kind == "RangeFunction") {
    range_function(body, scope);
  } else if (kind == "RangeTableSample") {
    from_item(field(body, "relation"), scope);
    expressions(field(body, "args"), scope);
    expression(field(body, "repeatable"), scope);
  } else {  // xmltable
    expression(field(body, "docexpr"), scope);
    expression(field(body, "rowexpr"), scope);
    Source source;
    source.columns_known = false;
    apply_alias(source, field(body, "alias"));
    scope.sources.push_back(std::move(source));
  }
}

std::size_t Analyzer::using_token(const Json& names, std::size_t after) {
  const std::vector<std::string> wanted = string_values(names);
  for (std::size_t i = tokens_.at(after); i + 1 < tokens_.size(); ++i) {
    if (!tokens_.is(i, "using") || tokens_.spelling(i + 1) != "(" || used_using_.count(i) != 0) continue;
    bool same = true;
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      const std::size_t token = i + 2 + 2 * k;
      same = same && tokens_.is_name(token) && tokens_.name(token) == wanted[k];
    }
    if (!same) continue;
    used_using_.insert(i);
    return i + 2;
  }
  return tokens_.size();
}

std::pair<std::size_t, std::size_t> Analyzer::join(const Json& body, Scope& scope) {
  const std::size_t first = scope.sources.size();
  from_item(field(body, "larg"), scope);
  const std::size_t middle = scope.sources.size();
  from_item(field(body, "rarg"), scope);

  const auto unmerged = [&](std::size_t begin, std::size_t end, const std::string& name) -> Source* {
    for (std::size_t i = begin; i < end; ++i) {
      Source& source = scope.sources[i];
      const bool has = std::any_of(source.columns.begin(), source.columns.end(),
                                   [&](const ScopeColumn& column) { return column.name == name; });
      if (has && source.merged.count(name) == 0) return &source;
    }
    return nullptr;
  };
  std::vector<std::string> shared = string_values(field(body, "usingClause"));
  if (flag(body, "isNatural")) {
    for (std::size_t i = first; i < middle; ++i) {
      for (const ScopeColumn& column : scope.sources[i].columns) {
        if (unmerged(middle, scope.sources.size(), column.name) != nullptr) shared.push_back(column.name);
      }
    }
  }
  const bool spelled = body.contains("usingClause");
  std::size_t token =
      spelled ? using_token(field(body, "usingClause"), last_location(field(body, "rarg"))) : tokens_.size();
  for (const std::string& name : shared) {
    Source* left = unmerged(first, middle, name);
    Source* right = unmerged(middle, scope.sources.size(), name);
    if (spelled) {
      for (const auto& [side, begin, end] :
           {std::tuple{left, first, middle}, std::tuple{right, middle, scope.sources.size()}}) {
        if (side != nullptr) {
          source_column(*side, name, token, token);
          continue;
        }
        bool known = true;
        for (std::size_t i = begin; i < end; ++i) known = known && scope.sources[i].columns_known;
        if (known && begin < end) source_column(scope.sources[end - 1], name, token, token);
      }
      token = std::min(token + 2, tokens_.size());
    }
    if (right != nullptr) right->merged.insert(name);
  }
  if (!shared.empty()) scope.joins.push_back({first, shared});

  if (body.contains("quals")) {  // ON sees the join's own items alone; the others count as further out
    Scope own;
    own.parent = &scope;
    own.sources.assign(std::make_move_iterator(scope.sources.begin() + static_cast<std::ptrdiff_t>(first)),
                       std::make_move_iterator(scope.sources.end()));
    scope.sources.resize(first);
    clause(field(body, "quals"), own, "an `on`", "`on`");
    for (Source& source : own.sources) scope.sources.push_back(std::move(source));
  }

  const Json& alias = field(body, "alias");
  if (alias.is_object()) {  // (a join b …) as j
    Scope own;
    own.sources.assign(scope.sources.begin() + static_cast<std::ptrdiff_t>(first), scope.sources.end());
    own.joins.push_back({0, shared});
    QueryColumns columns;
    expand_star({}, own, columns);
    Source source;
    source.columns = std::move(columns.columns);
    source.columns_known = columns.known;
    apply_alias(source, alias);
    scope.sources.resize(first);
    scope.joins.erase(std::remove_if(scope.joins.begin(), scope.joins.end(),
                                     [&](const Scope::Join& one) { return one.first >= first; }),
                      scope.joins.end());
    scope.sources.push_back(std::move(source));
  }
  const Json& using_alias = field(body, "join_using_alias");
  if (using_alias.is_object()) {  // using (a) as j: only reachable as j.a
    Source source;
    for (const std::string& name : shared) {
      source.columns.push_back({name, "", std::nullopt});
      source.merged.insert(name);
    }
    source.alias = text_of(using_alias, "aliasname");
    scope.sources.push_back(std::move(source));
  }
  return {first, scope.sources.size()};
}

void Analyzer::range_function(const Json& body, Scope& scope) {
  Source source;
  source.columns_known = false;
  const Json& functions = field(body, "functions");
  const Json& alias = field(body, "alias");
  const std::string alias_name = text_of(alias, "aliasname");
  for (const Json& item : functions) {
    const Json& parts = field(body_of(item), "items");
    if (parts.empty()) continue;
    if (is_unnest_of_several(parts[0])) {  // one column each, and no call of a function of that many arguments
      for (const Json& array : field(body_of(parts[0]), "args")) {
        const std::string type = expression(array, scope);
        source.columns.push_back({"unnest", type.ends_with("[]") ? type.substr(0, type.size() - 2) : "", std::nullopt});
      }
      continue;
    }
    const std::string type = expression(parts[0], scope);
    std::string name = output_name(parts[0]);
    if (source.alias.empty()) source.alias = name;
    if (parts.size() > 1) {
      const Json& definitions = is(parts[1], "List") ? field(body_of(parts[1]), "items") : parts[1];
      if (definitions.is_array()) {
        for (const Json& column : definitions) {
          if (is(column, "ColumnDef")) {
            source.columns.push_back({text_of(body_of(column), "colname"),
                                      type_name(field(body_of(column), "typeName")).text, std::nullopt});
          }
        }
      }
    }
    const std::size_t dot = type.find('.');
    if (dot != std::string::npos && type.find('"') == std::string::npos) {
      if (const auto relation = world_.relation(type.substr(0, dot), type.substr(dot + 1))) {
        for (const OutputColumn& column : relation->columns) {
          std::optional<ObjectKey> origin;
          if (relation->key.kind == Kind::table) {
            origin = relation->column(column.name);
          }
          source.columns.push_back({column.name, column.type, std::move(origin)});
        }
        continue;
      }
    }
    if (!type.empty()) {
      if (functions.size() == 1 && !alias_name.empty()) name = alias_name;
      source.columns.push_back({name, type, std::nullopt});
    }
  }
  for (const Json& column : field(body, "coldeflist")) {
    if (!is(column, "ColumnDef")) continue;
    source.columns.push_back(
        {text_of(body_of(column), "colname"), type_name(field(body_of(column), "typeName")).text, std::nullopt});
  }
  if (flag(body, "ordinality")) source.columns.push_back({"ordinality", "bigint", std::nullopt});
  apply_alias(source, alias);
  scope.sources.push_back(std::move(source));
}

}  // namespace godwit::sql
