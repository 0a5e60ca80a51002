// SPDX-License-Identifier: Apache-2.0
// What a fragment of SQL means in a catalog: which relations, columns, functions and types it names and where, what is
// wrong with it, its text with every name qualified, its normal form. Pure; the catalog is seen through `World`.
#pragma once

#include "base/diagnostics.h"
#include "compiler/model/fragment.h"
#include "compiler/model/object.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::sql {

/// A relation that names can mean.
struct Relation {
  ObjectKey key;                                       // table, view, materialized view
  std::vector<OutputColumn> columns;                   // types in canonical spelling; empty type: unknown
  bool columns_known = true;                           // false: any column name is accepted
  std::optional<ObjectKey> columns_of = std::nullopt;  // of a partition: the table whose columns it has

  ObjectKey column(const std::string& name) const { return column_key(columns_of.value_or(key), name); }
};

/// A function of the catalog.
struct Routine {
  ObjectKey key;
  std::string result;                        // canonical result type, may be empty
  std::size_t parameters = 0, required = 0;  // input parameters, and those without a default
  bool variadic = false;
  char kind = 'f';  // 'f' function, 'p' procedure, 'a' aggregate
  char volatility = 'v';
};

/// An operator of the catalog; one that stands before its operand has `none` on its left.
struct OwnOperator {
  ObjectKey key;
  std::string left, right, result;  // canonical
};

/// The catalog as name resolution sees it. An empty schema means: along the search path (pg_catalog is always implied).
class World {
 public:
  virtual ~World() = default;
  virtual std::optional<Relation> relation(const std::string& schema, const std::string& name) const = 0;
  virtual std::vector<Routine> routines(const std::string& schema, const std::string& name) const = 0;
  /// Enums, domains, composite and range types, and the row types of relations. A multirange type is its range's.
  virtual std::optional<ObjectKey> type(const std::string& schema, const std::string& name) const = 0;
  /// The fields of a value of the type: attributes of a composite type, columns of a row; empty when it has none.
  virtual std::vector<OutputColumn> fields(const ObjectKey& type) const = 0;
  /// What a range of that type is over, in canonical spelling; empty for any other type and for multiranges.
  virtual std::string subtype(const ObjectKey& type) const = 0;
  /// What a column of a domain or enum type accepts is not needed here; the base type of a domain is.
  virtual std::string base_type(const ObjectKey& type) const = 0;
  /// The values of an enum, in order; empty when they are not known.
  virtual std::vector<std::string> values(const ObjectKey&) const { return {}; }
  virtual std::optional<ObjectKey> collation(const std::string&, const std::string&) const { return std::nullopt; }
  virtual std::vector<OwnOperator> operators(const std::string&, const std::string&) const { return {}; }
  /// From one type to another, in canonical spelling.
  virtual std::optional<ObjectKey> cast(const std::string&, const std::string&) const { return std::nullopt; }
  /// True when the catalog lists operators or casts: what fits what is not judged then.
  virtual bool has_own_operators() const { return false; }
  virtual bool schema_exists(const std::string& schema) const = 0;
  /// True when an extension may have brought functions, types and operators that the catalog does not list.
  virtual bool has_extensions() const = 0;
  /// True when SQL of the user's own may have made relations and functions that the catalog does not list.
  virtual bool has_unlisted() const { return false; }
  /// Names for "did you mean": of relations, functions, or types.
  virtual std::vector<std::string> names_like(Kind kind) const = 0;
};

/// A relation an expression may use without naming it in a FROM of its own, as `alias` (its own name when there is
/// none).
struct Visible {
  std::string alias;
  Relation relation;
};

/// A mistake found in a fragment; offsets are bytes of the text that was analysed.
struct Problem {
  Code code;
  std::size_t begin = 0, end = 0;
  std::string message, hint;
};

/// A call that is not immutable (or whose volatility is not known), for the rules on indexes and generated columns.
struct Call {
  std::string name;
  std::size_t begin = 0, end = 0;
  char volatility = 'v';  // 'i', 's', 'v'; 'm': differs between overloads of that name
};

/// A call of a function that not every supported version has, and the version that brought it.
struct NewerCall {
  std::string name;
  int version = 13;
  std::size_t begin = 0, end = 0;
};

/// `*` or `t.*` in a select list, and the columns it stands for: `id, name`.
struct Star {
  std::size_t begin = 0, end = 0;
  std::string columns;
};

struct Analysis {
  Fragment fragment;  // qualified text, normal form, references
  std::vector<Problem> problems;
  std::vector<Call> calls;  // every function call in the fragment that is not immutable
  std::vector<NewerCall> newer;
  std::optional<std::size_t> subquery, aggregate, window, set_returning;  // where the first one stands
  std::optional<std::size_t> data_change;                                 // `with x as (delete …)`
  std::string type;                         // of an expression, canonical; empty when not known
  std::vector<OutputColumn> output;         // of a query
  std::vector<Star> stars;                  // of a query, by place, those whose columns are known
  bool output_known = true;                 // false when `*` over an unknown relation hides names
  bool constant = false;                    // an expression without columns, calls or subqueries
  std::vector<std::string> operator_class;  // of an index element
  bool ordered = false;                     // an index element with a direction or a place for nulls
};

/// Analyses a fragment. `visible` are the relations around it: for a check the table, for a trigger's `when` the rows
/// `old` and `new`, for a move's `set` the source. Emission keeps the user's text byte for byte except that names found
/// along the search path get their schema; a routine's body in quotes stays as it is, but the names in it are
/// references like the others. Syntax errors become a problem with code GW4001 at PostgreSQL's position.
Analysis analyze(Form form, std::string_view text, const World& world, const std::vector<Visible>& visible = {});

/// A function that a definition names without a call (`sfunc = app.f`): the overload of the catalog that takes these
/// types (`integer, text`), or the likeliest. `known` without a key: one of PostgreSQL's own, or of an extension.
struct NamedFunction {
  std::optional<ObjectKey> key;
  std::string result;  // of one of the catalog's
  bool known = false;
};

NamedFunction function_named(const std::vector<std::string>& path, const std::string& types, const World& world);

/// The text of a query with its stars written out, as PostgreSQL keeps a view: a column that a table gets later is none
/// of the view's.
std::string without_stars(std::string_view text, const std::vector<Star>& stars);

/// A type as written to its canonical spelling (`int` to `integer`, `varchar(12)` to `character varying(12)`, a catalog
/// type to its qualified name); unknown types and bad modifiers are problems.
struct TypeAnalysis {
  TypeName type;
  std::vector<Problem> problems;
  bool is_serial = false;  // smallserial, serial, bigserial
};

TypeAnalysis analyze_type(std::string_view text, const World& world);

/// The fragment after renames: each reference whose target is in `renames` is spelled anew at its exact tokens, nothing
/// else is touched. A token that torn_name() finds stays as it is.
Fragment renamed(const Fragment& fragment, const std::map<ObjectKey, ObjectKey>& renames);

/// The first token that names several things of which the renames would spell one differently from another: a column of
/// USING, a field of `new` in a function that triggers of two tables call. nullopt when there is none.
struct TornName {
  Reference renamed, other;
};

std::optional<TornName> torn_name(const Fragment& fragment, const std::map<ObjectKey, ObjectKey>& renames);

/// The fragment's text with each column reference (its qualifier included) replaced by what `spell` returns; nullopt
/// leaves it as it is. For emitting an expression over other aliases or column names.
std::string respelled(const Fragment& fragment,
                      const std::function<std::optional<std::string>(const Reference&)>& spell);

}  // namespace godwit::sql
