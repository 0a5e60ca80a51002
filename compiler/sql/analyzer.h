// SPDX-License-Identifier: Apache-2.0
// The walk over PostgreSQL's parse tree that resolves every name in its scope. Internal to compiler/sql: one Analyzer
// per fragment; what it finds is in offsets of the text it was given.
#pragma once

#include "compiler/sql/analyze.h"
#include "compiler/sql/tree.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::sql {

/// A column as a scope sees it. `origin` is the catalog column whose name it carries on: a rename of that one renames
/// it.
struct ScopeColumn {
  std::string name;
  std::string type;
  std::optional<ObjectKey> origin;
};

/// One item of a FROM list, or a relation that is visible around the fragment.
struct Source {
  std::string alias;
  std::size_t location = std::string::npos;
  std::optional<ObjectKey> relation;  // the catalog's relation, when it is one
  bool named_by_relation = false;     // no alias of its own: the relation's name stands for it
  std::vector<ScopeColumn> columns;
  bool columns_known = true;
  std::set<std::string> merged;  // columns that a join's USING speaks for: only reachable with the alias
};

/// What a query gives to the one around it.
struct QueryColumns {
  std::vector<ScopeColumn> columns;
  bool known = true;
};

struct Scope {
  Scope* parent = nullptr;
  std::vector<Source> sources;
  bool masked = false;  // while a FROM item that is not lateral is walked
  std::map<std::string, QueryColumns> ctes;

  struct Join {
    std::size_t first = 0;           // index of its first source
    std::vector<std::string> names;  // of USING: `*` gives them first, and once
  };

  std::vector<Join> joins;
};

class Analyzer {
 public:
  Analyzer(std::string_view text, const TokenList& tokens, const World& world, const std::vector<Visible>& visible);

  // Names that cannot be resolved are left out instead of reported, and found ones keep their spelling: bodies.
  bool lenient = false;
  // Arguments of a routine, `$1`.
  bool parameters = false;
  // Names of arguments and variables: they hide nothing, but are never reported.
  std::set<std::string> variables;

  // What was found.
  std::vector<Reference> references;

  struct Insertion {
    std::size_t at = 0;
    std::string text;
  };

  std::vector<Insertion> insertions;  // schemas to write before names found along the search path
  std::vector<Problem> problems;
  std::vector<Call> calls;
  std::vector<NewerCall> newer;
  std::vector<Star> stars;
  std::optional<std::size_t> subquery, aggregate, window, set_returning, data_change;
  bool constant = true;
  std::size_t own_depth = 0;  // aggregates and the like count only here: 1 when the fragment is a query itself

  Scope& root() { return root_; }

  /// An expression; its type, empty when it is not known, `unknown` for a bare literal or null.
  std::string expression(const Json& node, Scope& scope);
  void expressions(const Json& list, Scope& scope);
  /// SELECT, INSERT, UPDATE, DELETE, MERGE.
  QueryColumns query(const Json& node, Scope& scope);
  /// Any statement of an SQL body.
  QueryColumns statement(const Json& node, Scope& scope);
  /// The body of a TypeName node.
  TypeName type_name(const Json& body);
  /// A column that stands as a plain name at a token: the tables of `scope` are searched.
  std::string column_at(std::size_t token, Scope& scope);
  /// Column `name` of one source; the token may be npos.
  void column_of(const Source& source, const std::string& name, std::size_t token);
  /// An operator of the catalog between two types; its result's type.
  std::string own_operator(const std::vector<std::string>& path, const std::string& left, const std::string& right,
                           std::size_t token);
  /// A collation, behind the word `collate`.
  void collation(std::size_t word);
  /// A function named without arguments (a trigger's), by path.
  void function_name(const std::vector<std::string>& path, std::size_t token);
  /// The type of an index element.
  std::string index_element(const Json& body, Scope& scope, std::size_t token);
  /// An element of an exclusion constraint: its method, operator class and operator, by the element's first token.
  void check_exclusion(const std::string& method, const Json& element, const std::vector<std::string>& operator_path,
                       const std::string& type, std::size_t token);
  Source table_source(const Json& range_var, Scope& scope);

  /// A bare string literal that is read as a value of the type.
  void check_literal(const Json& node, std::string_view type);

 private:
  // checks.cpp
  void problem_at(const Code& code, std::size_t token, std::string message, std::string hint = {});
  /// Whether queries around this one have rows: then an aggregate may be theirs.
  bool has_outer_rows(const Scope& scope) const;
  void check_operator(const std::string& name, const Json& left_node, const std::string& left, const Json& right_node,
                      const std::string& right, std::size_t location);
  void check_cast(const Json& body, const std::string& from, const std::string& to);
  /// An expression that must be boolean; `what` names its place.
  std::string condition(const Json& node, Scope& scope, const char* what);
  void check_branches(const std::vector<std::string>& types, const std::vector<const Json*>& nodes,
                      std::string_view what);
  void check_subquery(const Json& body, const QueryColumns& columns);
  void check_width(const Json& subselect, const QueryColumns& columns, std::size_t wanted);
  void check_call(const std::string& name, const std::vector<std::string>& arguments, const Json& body,
                  std::size_t begin, std::size_t end);
  /// Where an aggregate or window function cannot stand; `inside`: how many aggregates its arguments hold.
  void check_place_of_call(const Json& body, bool is_aggregate, bool is_window, std::size_t inside, Scope& scope);
  void check_scalar_field(const std::string& type, const std::string& name, std::size_t token);
  void check_subscript(const std::string& type, std::size_t token);

  // query_checks.cpp
  void check_aliases(const Scope& scope);
  void check_set_operation(const Json& body, const QueryColumns& left, const QueryColumns& right);
  void check_values(const Json& rows);
  void check_positions(const Json& list, const QueryColumns& output, std::string_view clause);
  void check_distinct_on(const Json& body);
  void check_locks(const Json& body, const Scope& scope);
  void check_ungrouped(const Json& body, const Scope& scope);
  const Json* ungrouped_column(const Json& node) const;

  // names.cpp
  void problem(const Code& code, std::size_t begin, std::size_t end, std::string message, std::string hint = {});
  std::string column_reference(const Json& body, Scope& scope);
  std::string resolve_column(const std::string& name, std::size_t token, Scope& scope);
  std::string resolve_qualified(const std::vector<std::string>& names, std::size_t token, Scope& scope);
  std::string source_column(const Source& source, const std::string& name, std::size_t token, std::size_t qualifier);
  void reference(const ObjectKey& target, std::size_t first_token, std::size_t last_token, bool qualified);
  void refer_to_alias(const Source& source, std::size_t first_token, std::size_t last_token);
  const Source* find_source(const std::string& alias, Scope& scope) const;
  const Source* find_source(const std::string& schema, const std::string& table, Scope& scope) const;
  const QueryColumns* find_cte(const std::string& name, Scope& scope) const;
  bool check_schema(const std::string& schema, std::size_t token);
  std::string suggestion(const std::string& wanted, Kind kind) const;

  // expressions.cpp
  /// `is_call`: of a procedure, after the word `call`.
  std::string call(const Json& body, Scope& scope, bool is_call = false);
  std::string call_routine(const std::vector<std::string>& path, const std::vector<std::string>& arguments,
                           std::size_t location, bool syntax, const Json& body, bool row_argument, char& kind,
                           bool& returns_set);
  std::string operation(const Json& body, Scope& scope);
  std::string sublink(const Json& body, Scope& scope);
  /// A subquery that gives a row: `(a, b) = (select …)`, in a condition or an assignment; 0: of any width.
  void row_subquery(const Json& node, std::size_t wanted, Scope& scope);
  std::string indirection(const Json& body, Scope& scope);
  void window_definition(const Json& body, Scope& scope);
  std::string constant_value(const Json& body) const;
  /// The catalog's type behind a canonical spelling; nullopt for any other and for arrays.
  std::optional<ObjectKey> declared(const std::string& type) const;
  /// The type of `(value).name`, empty when it is not known.
  std::string field_of(const std::string& type, const std::string& name, const Json& body);
  /// The types of arguments as `call_builtin` tells a range of the catalog: with ` range` behind.
  std::vector<std::string> told_ranges(const std::vector<std::string>& arguments) const;
  std::string range_result(const std::string& function, const std::vector<std::string>& arguments) const;
  /// `app.period(a, b)`, the constructor of a range or multirange type; its type, empty when the name is none.
  std::string constructed(const std::string& schema, const std::string& name, std::size_t arguments, std::size_t token,
                          std::size_t last);
  /// `(value).*` in a select list: true when the columns it stands for are known.
  bool expand_fields(const Json& value, Scope& scope, QueryColumns& out);
  void note(std::optional<std::size_t>& first, std::size_t location) const;
  void note_here(std::optional<std::size_t>& first, std::size_t location) const;

  // queries.cpp
  /// A condition in a clause that takes no aggregate and no window function.
  std::string clause(const Json& node, Scope& scope, const char* what, const char* name);
  QueryColumns select(const Json& body, Scope& outer);
  QueryColumns insert(const Json& body, Scope& outer);
  QueryColumns update(const Json& body, Scope& outer);
  QueryColumns remove(const Json& body, Scope& outer);
  QueryColumns merge(const Json& body, Scope& outer);
  void with_clause(const Json& clause, Scope& scope);
  void from_item(const Json& node, Scope& scope);
  std::pair<std::size_t, std::size_t> join(const Json& body, Scope& scope);
  void range_function(const Json& body, Scope& scope);
  void assignments(const Json& list, const Source& target, Scope& scope);
  QueryColumns target_list(const Json& list, Scope& scope);
  std::string output_or_expression(const Json& node, Scope& scope, const QueryColumns& output, bool output_first);
  /// Appends the columns that `*` or `qualifier.*` stands for; gives their spellings, in the same order.
  std::vector<std::string> expand_star(const std::vector<std::string>& qualifier, Scope& scope, QueryColumns& out);
  void apply_alias(Source& source, const Json& alias) const;
  std::size_t using_token(const Json& names, std::size_t after);

  std::string_view text_;
  const TokenList& tokens_;
  const World& world_;
  Scope root_;
  std::set<std::size_t> used_using_;
  QueryColumns* recursive_ = nullptr;  // the common table expression whose first arm says its columns
  std::vector<std::string> recursive_names_;
  std::size_t depth_ = 0;         // queries around what is walked
  const char* clause_ = nullptr;  // the clause in which no aggregate stands, by name
  std::size_t aggregates_ = 0;    // of this query, so far
  std::set<const Json*> aggregate_calls_;
  std::set<std::string> windows_;  // of the WINDOW clause
};

/// The smallest location inside a subtree; npos when it holds none.
std::size_t first_location(const Json& node);

/// PostgreSQL's FigureColname: the name of an output column without an alias.
std::string output_name(const Json& value);

/// The result type of an operator over two types, empty when it is not known.
std::string operator_result(const std::string& name, const std::string& left, const std::string& right);
/// The type that CASE, COALESCE, UNION and the like settle on.
std::string common_type(const std::vector<std::string>& types);

}  // namespace godwit::sql
