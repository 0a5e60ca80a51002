// SPDX-License-Identifier: Apache-2.0
// Queries: FROM items and common table expressions make scopes, clauses are walked in them, output columns come out.
#include "base/codes.h"
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
  // Aggregates, clauses and windows belong to one query each.
  const char* const clause = std::exchange(clause_, nullptr);
  const std::size_t aggregates = std::exchange(aggregates_, 0);
  std::set<std::string> windows = std::exchange(windows_, {});
  QueryColumns columns{{}, false};
  if (kind == "SelectStmt") columns = select(body, scope);
  if (kind == "InsertStmt") columns = insert(body, scope);
  if (kind == "UpdateStmt") columns = update(body, scope);
  if (kind == "DeleteStmt") columns = remove(body, scope);
  if (kind == "MergeStmt") columns = merge(body, scope);
  clause_ = clause;
  aggregates_ = aggregates;
  windows_ = std::move(windows);
  return columns;
}

std::string Analyzer::clause(const Json& node, Scope& scope, const char* what, const char* name) {
  const char* const before = std::exchange(clause_, name);
  std::string type = condition(node, scope, what);
  clause_ = before;
  return type;
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
    if (!is(field(cte, "ctequery"), "SelectStmt")) note(data_change, location_of(cte));
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
  const std::size_t aggregates = std::exchange(aggregates_, 0);  // of the other arms of a union
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
    check_set_operation(body, output, right);
    for (std::size_t i = 0; i < output.columns.size() && i < right.columns.size(); ++i) {
      output.columns[i].type = common_type({output.columns[i].type, right.columns[i].type});
    }
  } else if (body.contains("valuesLists")) {
    check_values(field(body, "valuesLists"));
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
    for (const Json& item : field(body, "windowClause")) windows_.insert(text_of(body_of(item), "name"));
    for (const Json& item : field(body, "fromClause")) from_item(item, scope);
    check_aliases(scope);
    output = target_list(field(body, "targetList"), scope);
    clause(field(body, "whereClause"), scope, "a `where`", "`where`");
    clause_ = "`group by`";
    for (const Json& item : field(body, "groupClause")) output_or_expression(item, scope, output, false);
    clause_ = nullptr;
    condition(field(body, "havingClause"), scope, "a `having`");
    check_positions(field(body, "groupClause"), output, "group by");
    check_locks(body, scope);
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
  check_positions(field(body, "sortClause"), output, "order by");
  check_distinct_on(body);
  check_ungrouped(body, scope);
  for (const char* name : {"limitOffset", "limitCount"}) {
    expression(field(body, name), scope);
    check_literal(field(body, name), "bigint");
  }
  aggregates_ = aggregates;
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
  clause(field(body, "whereClause"), scope, "a `where`", "`where`");
  return target_list(field(body, "returningList"), scope);
}

QueryColumns Analyzer::remove(const Json& body, Scope& outer) {
  Scope scope;
  scope.parent = &outer;
  with_clause(field(body, "withClause"), scope);
  scope.sources.push_back(table_source(field(body, "relation"), scope));
  for (const Json& item : field(body, "usingClause")) from_item(item, scope);
  clause(field(body, "whereClause"), scope, "a `where`", "`where`");
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
