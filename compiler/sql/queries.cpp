// SPDX-License-Identifier: Apache-2.0
// Queries: FROM items and common table expressions make scopes, clauses are walked in them, output columns come out.
#include "base/identifier.h"
#include "compiler/sql/analyzer.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace godwit::sql {

namespace {

bool is_plain_column(const Json& node) {
  return is(node, "ColumnRef") && field(body_of(node), "fields").size() == 1 &&
         is(field(body_of(node), "fields").front(), "String");
}

std::vector<std::string> alias_names(const Json& alias) { return string_values(field(alias, "colnames")); }

// Names given in parentheses after a relation's alias or a common table expression's name.
void rename_columns(std::vector<ScopeColumn>& columns, bool known, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i < columns.size()) {
      columns[i] = {names[i], columns[i].type, std::nullopt};
    } else if (!known) {
      columns.push_back({names[i], "", std::nullopt});
    }
  }
}

// Counts one query more as long as it lives.
class Deeper {
 public:
  explicit Deeper(std::size_t& depth) : depth_(depth) { ++depth_; }

  ~Deeper() { --depth_; }

  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  std::size_t& depth_;
};

}  // namespace

void Analyzer::apply_alias(Source& source, const Json& alias) const {
  const std::string name = text_of(alias, "aliasname");
  if (name.empty()) return;
  source.alias = name;
  source.named_by_relation = false;
  rename_columns(source.columns, source.columns_known, alias_names(alias));
}

QueryColumns Analyzer::query(const Json& node, Scope& scope) {
  const std::string_view kind = kind_of(node);
  if (kind.empty()) return {{}, false};
  const Json& body = body_of(node);
  const Deeper deeper(depth_);
  if (kind == "SelectStmt") return select(body, scope);
  if (kind == "InsertStmt") return insert(body, scope);
  if (kind == "UpdateStmt") return update(body, scope);
  if (kind == "DeleteStmt") return remove(body, scope);
  if (kind == "MergeStmt") return merge(body, scope);
  return {{}, false};
}

QueryColumns Analyzer::statement(const Json& node, Scope& scope) {
  const std::string_view kind = kind_of(node);
  if (kind.empty()) return {{}, false};
  const Json& body = body_of(node);
  if (kind == "CreateTableAsStmt" || kind == "ExplainStmt" || kind == "DeclareCursorStmt") {
    return query(field(body, "query"), scope);
  }
  if (kind == "CallStmt") {
    call(field(body, "funccall"), scope, true);
  } else if (kind == "ReturnStmt") {
    expression(field(body, "returnval"), scope);
  } else if (kind == "TruncateStmt" || kind == "LockStmt") {
    for (const Json& relation : field(body, "relations")) {
      if (is(relation, "RangeVar")) table_source(body_of(relation), scope);
    }
  } else if (kind == "RefreshMatViewStmt" || kind == "CopyStmt" || kind == "IndexStmt") {
    if (body.contains("relation")) table_source(field(body, "relation"), scope);
    query(field(body, "query"), scope);
  } else {
    return query(node, scope);
  }
  return {{}, false};
}

void Analyzer::with_clause(const Json& clause, Scope& scope) {
  const bool recursive = flag(clause, "recursive");
  for (const Json& node : field(clause, "ctes")) {
    const Json& cte = body_of(node);
    const std::string name = text_of(cte, "ctename");
    const std::vector<std::string> names = string_values(field(cte, "aliascolnames"));
    QueryColumns* entry = nullptr;
    if (recursive) {
      entry = &scope.ctes[name];
      *entry = {{}, false};
      rename_columns(entry->columns, false, names);
      recursive_ = entry;
      recursive_names_ = names;
    }
    QueryColumns columns = query(field(cte, "ctequery"), scope);
    recursive_ = nullptr;
    rename_columns(columns.columns, columns.known, names);
    const Json& search = field(cte, "search_clause");
    const Json& cycle = field(cte, "cycle_clause");
    for (const auto& [from, key] : {std::pair{&search, "search_seq_column"}, std::pair{&cycle, "cycle_mark_column"},
                                    std::pair{&cycle, "cycle_path_column"}}) {
      if (const std::string extra = text_of(*from, key); !extra.empty())
        columns.columns.push_back({extra, "", std::nullopt});
    }
    scope.ctes[name] = std::move(columns);
  }
}

QueryColumns Analyzer::select(const Json& body, Scope& outer) {
  QueryColumns* const recursive = std::exchange(recursive_, nullptr);
  const std::vector<std::string> recursive_names = std::exchange(recursive_names_, {});
  Scope scope;
  scope.parent = &outer;
  with_clause(field(body, "withClause"), scope);

  QueryColumns output;
  if (body.contains("larg")) {
    output = select(field(body, "larg"), scope);
    if (recursive != nullptr) {
      *recursive = output;
      rename_columns(recursive->columns, recursive->known, recursive_names);
    }
    const QueryColumns right = select(field(body, "rarg"), scope);
    for (std::size_t i = 0; i < output.columns.size() && i < right.columns.size(); ++i) {
      output.columns[i].type = common_type({output.columns[i].type, right.columns[i].type});
    }
  } else if (body.contains("valuesLists")) {
    std::vector<std::vector<std::string>> types;
    for (const Json& row : field(body, "valuesLists")) {
      std::size_t i = 0;
      for (const Json& value : field(body_of(row), "items")) {
        if (types.size() <= i) types.emplace_back();
        types[i++].push_back(expression(value, scope));
      }
    }
    for (std::size_t i = 0; i < types.size(); ++i) {
      output.columns.push_back({"column" + std::to_string(i + 1), common_type(types[i]), std::nullopt});
    }
  } else {
    for (const Json& item : field(body, "fromClause")) from_item(item, scope);
    output = target_list(field(body, "targetList"), scope);
    expression(field(body, "whereClause"), scope);
    for (const Json& item : field(body, "groupClause")) output_or_expression(item, scope, output, false);
    expression(field(body, "havingClause"), scope);
    for (const Json& item : field(body, "windowClause")) window_definition(body_of(item), scope);
    for (const Json& item : field(body, "distinctClause")) output_or_expression(item, scope, output, true);
    for (const Json& item : field(body, "lockingClause")) {
      for (const Json& relation : field(body_of(item), "lockedRels")) {
        const std::string name = text_of(body_of(relation), "relname");
        const std::size_t token = tokens_.at(location_of(body_of(relation)));
        if (const Source* source = find_source(name, scope)) refer_to_alias(*source, token, token);
      }
    }
  }
  for (const Json& item : field(body, "sortClause")) {
    output_or_expression(field(body_of(item), "node"), scope, output, true);
  }
  expression(field(body, "limitOffset"), scope);
  expression(field(body, "limitCount"), scope);
  return output;
}

// ORDER BY and DISTINCT ON look among the output names first, GROUP BY among the input columns first.
std::string Analyzer::output_or_expression(const Json& node, Scope& scope, const QueryColumns& output,
                                           bool output_first) {
  if (!is_plain_column(node)) return expression(node, scope);
  const Json& body = body_of(node);
  const std::string name = string_value(field(body, "fields").front());
  const ScopeColumn* found = nullptr;
  for (const ScopeColumn& column : output.columns) {
    if (column.name == name && found == nullptr) found = &column;
  }
  if (found == nullptr && !output.known && scope.sources.empty()) return {};
  bool input = false;
  for (const Source& source : scope.sources) {
    for (const ScopeColumn& column : source.columns) input = input || column.name == name;
  }
  if (found == nullptr || (input && !output_first)) return expression(node, scope);
  constant = false;
  const std::size_t token = tokens_.at(location_of(body));
  if (found->origin && token < tokens_.size()) {
    references.push_back({*found->origin, tokens_[token].begin, tokens_[token].end, tokens_[token].begin});
  }
  return found->type;
}

std::vector<std::string> Analyzer::expand_star(const std::vector<std::string>& qualifier, Scope& scope,
                                               QueryColumns& out) {
  std::vector<std::string> spelled;
  if (!qualifier.empty()) {
    const Source* source = qualifier.size() == 1
                               ? find_source(qualifier[0], scope)
                               : find_source(qualifier[qualifier.size() - 2], qualifier.back(), scope);
    if (source == nullptr || !source->columns_known) out.known = false;
    if (source == nullptr) return spelled;
    out.columns.insert(out.columns.end(), source->columns.begin(), source->columns.end());
    std::string before;
    for (const std::string& name : qualifier) before += godwit::quoted(name) + '.';
    for (const ScopeColumn& column : source->columns) spelled.push_back(before + godwit::quoted(column.name));
    return spelled;
  }
  std::set<std::string> given;
  for (std::size_t i = 0; i < scope.sources.size(); ++i) {
    for (auto one = scope.joins.rbegin(); one != scope.joins.rend(); ++one) {
      if (one->first != i) continue;
      for (const std::string& name : one->names) {
        for (std::size_t j = i; j < scope.sources.size() && given.count(name) == 0; ++j) {
          for (const ScopeColumn& column : scope.sources[j].columns) {
            if (column.name != name || !given.insert(name).second) continue;
            out.columns.push_back(column);
            spelled.push_back(godwit::quoted(column.name));
          }
        }
      }
    }
    const Source& source = scope.sources[i];
    out.known = out.known && source.columns_known;
    for (const ScopeColumn& column : source.columns) {
      const bool by_join = source.merged.count(column.name) != 0 || given.count(column.name) != 0;
      bool joined = false;  // a name of USING that this join has given already
      for (const Scope::Join& join : scope.joins) {
        joined = joined ||
                 (join.first <= i && std::find(join.names.begin(), join.names.end(), column.name) != join.names.end());
      }
      if (by_join && (joined || source.merged.count(column.name) != 0)) continue;
      out.columns.push_back(column);
      spelled.push_back((scope.sources.size() > 1 ? godwit::quoted(source.alias) + '.' : "") +
                        godwit::quoted(column.name));
    }
  }
  return spelled;
}

QueryColumns Analyzer::target_list(const Json& list, Scope& scope) {
  QueryColumns output;
  for (const Json& node : list) {
    const Json& target = body_of(node);
    const Json& value = field(target, "val");
    if (is(value, "ColumnRef") && is(field(body_of(value), "fields").back(), "A_Star")) {
      std::vector<std::string> qualifier = string_values(field(body_of(value), "fields"));
      qualifier.pop_back();
      column_reference(body_of(value), scope);
      QueryColumns columns;
      const std::vector<std::string> spelled = expand_star(qualifier, scope, columns);
      const std::size_t token = tokens_.at(location_of(body_of(value))), last = token + 2 * qualifier.size();
      if (columns.known && !spelled.empty() && last < tokens_.size()) {
        stars.push_back({tokens_[token].begin, tokens_[last].end, fmt::to_string(fmt::join(spelled, ", "))});
      }
      output.known = output.known && columns.known;
      std::move(columns.columns.begin(), columns.columns.end(), std::back_inserter(output.columns));
      continue;
    }
    if (is(value, "A_Indirection") && is(field(body_of(value), "indirection").back(), "A_Star")) {
      if (expand_fields(value, scope, output)) continue;
      output.known = false;
    }
    const std::size_t before = references.size();
    std::string type = expression(value, scope);
    std::string name = text_of(target, "name");
    std::optional<ObjectKey> origin;
    if (name.empty()) {
      name = output_name(value);
      if (is(value, "ColumnRef") && references.size() > before && references.back().target.kind == Kind::column) {
        origin = references.back().target;
      }
    }
    output.columns.push_back({std::move(name), std::move(type), std::move(origin)});
  }
  return output;
}

void Analyzer::from_item(const Json& node, Scope& scope) {
  const std::string_view kind = kind_of(node);
  if (kind.empty()) return;
  const Json& body = body_of(node);
  if (kind == "RangeVar") {
    scope.sources.push_back(table_source(body, scope));
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
    expression(field(body, "quals"), own);
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

void Analyzer::assignments(const Json& list, const Source& target, Scope& scope) {
  for (const Json& node : list) {
    const Json& one = body_of(node);
    column_of(target, text_of(one, "name"), tokens_.at(location_of(one)));
    expressions(field(one, "indirection"), scope);
    const Json& value = field(one, "val");
    // (a, b) = (…): the right side hangs on every column and is walked once.
    if (is(value, "MultiAssignRef") && number_of(body_of(value), "colno") > 1) continue;
    expression(value, scope);
  }
}

QueryColumns Analyzer::insert(const Json& body, Scope& outer) {
  Scope scope;
  scope.parent = &outer;
  with_clause(field(body, "withClause"), scope);
  Source target = table_source(field(body, "relation"), scope);
  for (const Json& node : field(body, "cols")) {
    column_of(target, text_of(body_of(node), "name"), tokens_.at(location_of(body_of(node))));
  }
  if (body.contains("selectStmt")) query(field(body, "selectStmt"), scope);

  Scope rows;
  rows.parent = &scope;
  rows.sources.push_back(target);
  const Json& conflict = field(body, "onConflictClause");
  if (conflict.is_object()) {
    const Json& infer = field(conflict, "infer");
    std::size_t token = infer.is_object() ? tokens_.at(location_of(infer)) + 1 : tokens_.size();
    for (const Json& element : field(infer, "indexElems")) {
      index_element(body_of(element), rows, token);
      for (std::size_t depth = 0; token < tokens_.size(); ++token) {
        const std::string_view word = tokens_.spelling(token);
        if (word == "(") ++depth;
        if (word == ")" && depth-- == 0) break;
        if (word == "," && depth == 0) {
          ++token;
          break;
        }
      }
    }
    expression(field(infer, "whereClause"), rows);
    Source excluded = target;
    excluded.alias = "excluded";
    excluded.named_by_relation = false;
    rows.sources.push_back(std::move(excluded));
    assignments(field(conflict, "targetList"), target, rows);
    expression(field(conflict, "whereClause"), rows);
    rows.sources.pop_back();
  }
  return target_list(field(body, "returningList"), rows);
}

QueryColumns Analyzer::update(const Json& body, Scope& outer) {
  Scope scope;
  scope.parent = &outer;
  with_clause(field(body, "withClause"), scope);
  const Source target = table_source(field(body, "relation"), scope);
  scope.sources.push_back(target);
  for (const Json& item : field(body, "fromClause")) from_item(item, scope);
  assignments(field(body, "targetList"), target, scope);
  expression(field(body, "whereClause"), scope);
  return target_list(field(body, "returningList"), scope);
}

QueryColumns Analyzer::remove(const Json& body, Scope& outer) {
  Scope scope;
  scope.parent = &outer;
  with_clause(field(body, "withClause"), scope);
  scope.sources.push_back(table_source(field(body, "relation"), scope));
  for (const Json& item : field(body, "usingClause")) from_item(item, scope);
  expression(field(body, "whereClause"), scope);
  return target_list(field(body, "returningList"), scope);
}

QueryColumns Analyzer::merge(const Json& body, Scope& outer) {
  Scope scope;
  scope.parent = &outer;
  with_clause(field(body, "withClause"), scope);
  const Source target = table_source(field(body, "relation"), scope);
  scope.sources.push_back(target);
  from_item(field(body, "sourceRelation"), scope);
  expression(field(body, "joinCondition"), scope);
  for (const Json& node : field(body, "mergeWhenClauses")) {
    const Json& when = body_of(node);
    expression(field(when, "condition"), scope);
    assignments(field(when, "targetList"), target, scope);
    expressions(field(when, "values"), scope);
  }
  return {};
}

}  // namespace godwit::sql
