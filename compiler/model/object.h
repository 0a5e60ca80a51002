// SPDX-License-Identifier: Apache-2.0
// Every kind of object as a plain value, at the grain at which things change: a table's shell, each column, each
// constraint, index, policy, trigger, grant, owner and comment is an object of its own.
#pragma once

#include "base/rare.h"
#include "compiler/model/foreign.h"
#include "compiler/model/fragment.h"
#include "compiler/model/rights.h"
#include "compiler/model/text_search.h"
#include "compiler/model/types.h"

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace godwit {

/// A column of a relation as readers see it; an empty type is not known.
struct OutputColumn {
  std::string name;
  std::string type;

  bool operator==(const OutputColumn&) const = default;
};

/// `create schema app`
struct Schema {
  Interned name;
  Origin origin;

  bool operator==(const Schema&) const = default;
};

/// `create extension citext schema extensions version '1.6'`
struct Extension {
  Interned name;
  std::string schema;     // empty: the extension's own choice
  std::string version;    // empty: the default one
  bool required = false;  // from `requires extension`: made when absent, and dropped again only if it was made
  Origin origin;

  bool operator==(const Extension&) const = default;
};

/// Sequence options; absent means PostgreSQL's default.
struct SequenceOptions {
  std::string type;  // bigint unless said
  std::optional<long long> start, increment, minimum, maximum, cache;
  bool cycle = false;

  bool operator==(const SequenceOptions&) const = default;
};

/// `create sequence app.invoice_no start 1000`
struct Sequence {
  Interned schema, name;
  SequenceOptions options;
  std::optional<ObjectKey> owned_by;  // a column
  Origin origin;

  bool operator==(const Sequence&) const = default;
};

enum class RowSecurity { off, on, force };

/// `partition of app.events for values from ('2025-01-01') to ('2026-01-01')`
struct PartitionOf {
  ObjectKey table;
  Fragment bound;  // for values … | default

  bool operator==(const PartitionOf&) const = default;
};

/// The shell of a table: what is not a column, a constraint or something hanging on it. A partition is a table without
/// columns and constraints of its own: those of the table it is part of are its too.
struct Table {
  Interned schema, name;
  bool unlogged = false;
  std::vector<std::pair<std::string, std::string>> parameters;  // storage parameters, sorted by name
  std::string tablespace;
  RowSecurity row_security = RowSecurity::off;
  Rare<Fragment> partition_key;  // of a partitioned table: `range (created_at)`
  Rare<PartitionOf> partition_of;
  Origin origin;

  bool operator==(const Table&) const = default;
};

/// `alter table app.contacts replica identity using index contacts_email_key`. A table without one has the default.
struct ReplicaIdentity {
  Interned schema, table;
  std::string words;      // full, nothing; empty: it is by an index
  Rare<ObjectKey> index;  // an index, a primary key or a unique constraint
  Origin origin;

  bool operator==(const ReplicaIdentity&) const = default;
};

struct Generated {
  Fragment expression;
  bool is_virtual = false;

  bool operator==(const Generated&) const = default;
};

struct IdentityColumn {
  bool always = true;
  SequenceOptions options;

  bool operator==(const IdentityColumn&) const = default;
};

/// Where a column stands in its table. Not part of its meaning: a new column always comes last.
struct Ordinal {
  int value = 0;

  bool operator==(const Ordinal&) const { return true; }
};

/// Where a part of a child stands: only there, only because its parent has it, or stated there as well. Every part that
/// a child inherits is made as its own too, so it is not part of its meaning.
struct Inherited {
  enum class From { nowhere, parent, both } from = From::nowhere;
  bool value_too = false;  // a column's default or expression, where it states none itself
  bool apart = false;      // its table is made by itself, and inherits then

  bool operator==(const Inherited&) const { return true; }
};

/// `email text not null default '…'`
struct Column {
  Interned schema, table, name;
  TypeName type;
  std::string collation;  // as SQL takes it, empty: the type's own
  Support collation_object;
  bool not_null = false;
  std::optional<Fragment> default_value;
  Support default_sequence;  // what `nextval('…')` in the default names
  Rare<Generated> generated;
  Rare<IdentityColumn> identity;
  std::string serial;   // smallserial, serial, bigserial: the default is a sequence of its own
  std::string storage;  // empty: the type's own
  std::string compression;
  int statistics = -1;                             // -1: the default target
  bool hidden = false;                             // kept under a reserved name until finalize
  Rare<Fragment> using_expression, reverse_using;  // only read while its type changes
  Inherited inherited;
  Rare<ObjectKey> serial_of;  // the parent's serial column, whose sequence gives the default
  Ordinal ordinal;
  Origin origin;

  bool operator==(const Column& other) const;
};

/// `constraint c primary key (a) include (b)`
struct PrimaryKey {
  Interned schema, table, name;
  std::vector<std::string> columns, include;
  std::string parameters, tablespace;
  bool deferrable = false, initially_deferred = false;
  Origin origin;

  bool operator==(const PrimaryKey&) const = default;
};

/// `constraint c unique nulls not distinct (a)`
struct Unique {
  Interned schema, table, name;
  std::vector<std::string> columns, include;
  bool nulls_not_distinct = false;
  std::string parameters, tablespace;
  bool deferrable = false, initially_deferred = false;
  Origin origin;

  bool operator==(const Unique&) const = default;
};

/// `constraint c check (expression) not valid`
struct Check {
  Interned schema, table, name;
  Fragment expression;
  bool no_inherit = false, not_valid = false;
  Inherited inherited;
  Origin origin;

  bool operator==(const Check&) const = default;
};

/// `id bigint options (column_name 'number') not null`
struct ForeignColumn {
  Column column;
  ForeignOptions options;

  bool operator==(const ForeignColumn&) const = default;
};

/// `create foreign table app.invoices (…) server billing options (table_name 'invoices')`. It holds no rows, so that
/// its columns and checks are part of it and no objects of their own.
struct ForeignTable {
  Interned schema, name;
  std::string server;
  Support server_object;  // when it is one of the catalog's
  ForeignOptions options;
  std::vector<ForeignColumn> columns;
  std::vector<Check> checks;  // sorted by name
  Origin origin;

  bool operator==(const ForeignTable&) const = default;
};

/// `no action`, `cascade`, `set null (a)`
struct ReferentialAction {
  enum class Kind { no_action, restrict, cascade, set_null, set_default } kind = Kind::no_action;
  std::vector<std::string> columns;

  bool operator==(const ReferentialAction&) const = default;
};

/// `constraint c foreign key (a) references t (b) on delete cascade`
struct ForeignKey {
  Interned schema, table, name;
  std::vector<std::string> columns;
  ObjectKey target;
  std::vector<std::string> target_columns;  // always written out
  Support support;
  bool match_full = false;
  ReferentialAction on_delete, on_update;
  bool deferrable = false, initially_deferred = false, not_valid = false;
  Origin origin;

  bool operator==(const ForeignKey&) const = default;
};

/// `constraint c exclude using gist (…)`: `definition` is PostgreSQL's text from `using` on.
struct Exclude {
  Interned schema, table, name;
  Fragment definition;
  bool deferrable = false, initially_deferred = false;
  Origin origin;

  bool operator==(const Exclude&) const = default;
};

/// What must be in place before, and is not part of the meaning.
struct Footing {
  std::vector<ObjectKey> keys;
  bool apart = false;  // the child is made by itself, with its columns in its own order

  bool operator==(const Footing&) const { return true; }
};

/// `alter table app.cities inherit app.places`
struct Inheritance {
  Interned schema, table;  // of the child
  ObjectKey parent;
  Footing shared;  // the columns and checks of both
  Ordinal place;   // among the parents as they are written
  Origin origin;

  bool operator==(const Inheritance&) const = default;
};

struct IndexElement {
  std::string column;  // empty for an expression
  Fragment text;       // the whole element: column or expression, collation, operator class, order

  bool operator==(const IndexElement&) const = default;
};

/// `create unique index i on t using gin (a, lower(b) desc) include (c) where …`; `table` may be a materialized view.
struct Index {
  Interned schema, name;
  ObjectKey table;
  bool unique = false;
  std::string method;  // empty: btree
  std::vector<IndexElement> elements;
  std::vector<std::string> include;
  bool nulls_not_distinct = false;
  std::string parameters, tablespace;
  std::optional<Fragment> where;
  Origin origin;

  bool operator==(const Index&) const = default;
};

/// A routine as PostgreSQL's `create function` takes it.
struct Function {
  Interned schema, name;
  std::string signature;  // input types in canonical spelling: "text, integer"
  bool procedure = false;
  Fragment definition;         // all of it after the name: arguments, result, options, body; normalised by options
  std::string result;          // canonical: "trigger", "setof app.t", "table(a text, b integer)"; empty for a procedure
  std::string argument_names;  // names, modes and defaults: replacing them needs care (create or replace may refuse)
  std::string language;
  std::size_t parameters = 0;           // input parameters …
  std::size_t required_parameters = 0;  // … and those without a default
  bool variadic = false;
  bool security_definer = false;
  bool sets_search_path = false;
  char volatility = 'v';                        // i, s, v
  std::vector<ObjectKey> signature_references;  // types of arguments and result: hard
  std::vector<ObjectKey> body_references;       // what the body names: soft, PostgreSQL does not track them
  Origin origin;

  bool operator==(const Function& other) const;
};

/// `create aggregate app.total(integer) (sfunc = int4pl, stype = integer)`
struct Aggregate {
  Interned schema, name;
  std::string signature;  // input types in canonical spelling, those that are ordered among them
  std::string arguments;  // as SQL takes them: `*`, `integer, variadic text[]`, `real order by text`
  std::vector<std::pair<std::string, std::string>> options;  // as SQL takes them, in one order; a flag has no value
  std::string result;                 // of the state, when there is no final function; may be empty
  std::vector<ObjectKey> references;  // functions, types and operators
  Origin origin;

  bool operator==(const Aggregate& other) const;
};

/// `create operator app.=== (function = app.same, leftarg = text, rightarg = text)`
struct Operator {
  Interned schema, name;
  TypeName left, right;                                      // an empty left: it stands before its operand
  std::vector<std::pair<std::string, std::string>> options;  // as SQL takes them, in one order; a flag has no value
  Rare<ObjectKey> commutator, negator;  // operators, itself or such that link back; PostgreSQL links both
  std::string result;
  std::vector<ObjectKey> references;  // functions
  Origin origin;

  bool operator==(const Operator& other) const;
};

/// `create cast (app.a as app.b) with function app.f(app.a) as assignment`
struct Cast {
  TypeName source, target;
  std::string method;        // `with function app.f(app.a)`, `without function`, `with inout`
  Rare<ObjectKey> function;  // when it is one of the catalog's
  std::string context;       // assignment, implicit; empty: only where it is written
  Origin origin;

  bool operator==(const Cast&) const = default;
};

/// `create view v (a, b) with (security_invoker) as query with check option`
struct View {
  Interned schema, name;
  std::vector<std::string> columns;                          // the names in parentheses, if any
  std::vector<std::pair<std::string, std::string>> options;  // sorted; check_option among them
  bool recursive = false;
  Fragment query;
  std::vector<OutputColumn> output;  // derived from the query
  Origin origin;

  bool operator==(const View& other) const;
};

/// `create materialized view v as query with no data`
struct MaterializedView {
  Interned schema, name;
  std::vector<std::string> columns;
  std::string method, parameters, tablespace;
  Fragment query;
  bool no_data = false;  // what creating it does; not compared
  std::vector<OutputColumn> output;
  Origin origin;

  bool operator==(const MaterializedView& other) const;
};

/// `create statistics s (dependencies) on a, b from t`
struct Statistics {
  Interned schema, name;
  ObjectKey table;
  Fragment definition;  // "(dependencies) on a, b"
  Origin origin;

  bool operator==(const Statistics&) const = default;
};

/// `create trigger t before update of a on t for each row when (…) execute function f()`
struct Trigger {
  Interned schema, table, name;
  bool constraint = false;
  Fragment events;  // "before update of a or insert"
  Fragment rest;    // "for each row when (…) execute function app.f()"
  bool fires_on_insert = false, fires_on_update = false, fires_on_delete = false;
  std::string enabled;  // disabled, always, replica; empty: it fires for what ordinary sessions do
  Origin origin;

  bool operator==(const Trigger&) const = default;
};

/// `create policy p on t for select to r using (…)`
struct Policy {
  Interned schema, table, name;
  bool restrictive = false;
  std::string command;             // all, select, insert, update, delete
  std::vector<std::string> roles;  // empty: public
  std::optional<Fragment> using_expression, check_expression;
  Origin origin;

  bool operator==(const Policy&) const = default;
};

/// `create rule r as on insert to v do instead …`
struct Rule {
  ObjectKey relation;  // a table or view
  Interned name;
  std::string event;  // insert, update, delete
  bool instead = false;
  Fragment definition;  // "on insert to app.v do instead …"
  std::string enabled;  // as a trigger's
  Origin origin;

  bool operator==(const Rule&) const = default;
};

/// `create publication p with (publish = 'insert')`; its tables are objects of their own.
struct Publication {
  Interned name;
  bool all_tables = false;
  std::vector<std::string> schemas;                          // for tables in schema … (15+)
  std::vector<std::pair<std::string, std::string>> options;  // sorted
  Origin origin;

  bool operator==(const Publication&) const = default;
};

/// `alter publication p add table t (a, b) where (…)`
struct PublicationTable {
  std::string publication;
  ObjectKey table;
  std::vector<std::string> columns;
  std::optional<Fragment> where;
  Origin origin;

  bool operator==(const PublicationTable&) const = default;
};

/// `create event trigger e on ddl_command_end when tag in ('DROP TABLE') execute function app.f()`
struct EventTrigger {
  Interned name;
  std::string event;
  std::vector<std::string> tags;    // sorted; empty: all
  std::string function;             // its name as SQL takes it
  Rare<ObjectKey> function_object;  // the same when it is one of the catalog's
  Origin origin;

  bool operator==(const EventTrigger&) const = default;
};

/// The closed list of kinds, in the order of `Kind`.
using Object =
    std::variant<Schema, Extension, Collation, EnumType, Domain, CompositeType, RangeType, ForeignDataWrapper,
                 ForeignServer, TextSearchDictionary, TextSearchConfiguration, Sequence, ReplicaIdentity, Table, Column,
                 PrimaryKey, Unique, Check, ForeignKey, Exclude, Inheritance, ForeignTable, Function, Aggregate,
                 Operator, Cast, View, MaterializedView, Index, Statistics, Trigger, Policy, Rule, Publication,
                 PublicationTable, DefaultPrivileges, EventTrigger, Owner, Grant, Comment>;
using ObjectPtr = std::shared_ptr<const Object>;

/// The kind of `X`: the alternatives of Object stand in the order of Kind.
template <typename X>
constexpr Kind kind_of() {
  return []<typename... Xs>(const std::variant<Xs...>*) {
    std::uint8_t index = 0;
    static_cast<void>(((std::is_same_v<X, Xs> || (++index, false)) || ...));
    return static_cast<Kind>(index);
  }(static_cast<const Object*>(nullptr));
}
static_assert(kind_of<Schema>() == Kind::schema && kind_of<Column>() == Kind::column &&
              kind_of<Comment>() == Kind::comment && std::variant_size_v<Object> == std::size_t(Kind::comment) + 1);

/// The key under which a catalog holds the object, for each kind.
ObjectKey key(const Schema& x);
ObjectKey key(const Extension& x);
ObjectKey key(const Collation& x);
ObjectKey key(const EnumType& x);
ObjectKey key(const Domain& x);
ObjectKey key(const CompositeType& x);
ObjectKey key(const RangeType& x);
ObjectKey key(const ForeignDataWrapper& x);
ObjectKey key(const ForeignServer& x);
ObjectKey key(const TextSearchDictionary& x);
ObjectKey key(const TextSearchConfiguration& x);
ObjectKey key(const Sequence& x);
ObjectKey key(const ReplicaIdentity& x);
ObjectKey key(const Table& x);
ObjectKey key(const Column& x);
ObjectKey key(const PrimaryKey& x);
ObjectKey key(const Unique& x);
ObjectKey key(const Check& x);
ObjectKey key(const ForeignKey& x);
ObjectKey key(const Exclude& x);
ObjectKey key(const Inheritance& x);
ObjectKey key(const ForeignTable& x);
ObjectKey key(const Function& x);
ObjectKey key(const Aggregate& x);
ObjectKey key(const Operator& x);
ObjectKey key(const Cast& x);
ObjectKey key(const View& x);
ObjectKey key(const MaterializedView& x);
ObjectKey key(const Index& x);
ObjectKey key(const Statistics& x);
ObjectKey key(const Trigger& x);
ObjectKey key(const Policy& x);
ObjectKey key(const Rule& x);
ObjectKey key(const Publication& x);
ObjectKey key(const PublicationTable& x);
ObjectKey key(const DefaultPrivileges& x);
ObjectKey key(const EventTrigger& x);
ObjectKey key(const Owner& x);
ObjectKey key(const Grant& x);
ObjectKey key(const Comment& x);
/// The same of an object whose kind is not known.
ObjectKey key_of(const Object& object);
/// Where the spec declares it.
Span span_of(const Object& object);

/// One object before and after. Create is (nothing, x), drop is (x, nothing), alter is (x, x'); the inverse swaps them.
struct Change {
  ObjectPtr before, after;
};

Change inverse(const Change& change);

}  // namespace godwit
