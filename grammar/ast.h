// SPDX-License-Identifier: Apache-2.0
// The whole language as plain values. Each struct says which spec text it stands for; docs/language.md is the meaning.
// SQL stays text: a fragment keeps its bytes and its place, PostgreSQL's parser looks at it later (compiler/sql).
#pragma once

#include "base/rare.h"
#include "base/source.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace godwit::ast {

/// An identifier: folded when it was not quoted, quotes and U& escapes resolved.
struct Name {
  std::string text;
  Span span;
};

/// `name` or `schema.name`.
struct QualifiedName {
  std::optional<Name> schema;
  Name name;
  Span span;
};

/// SQL as written, outer white space and comments trimmed; `span` covers exactly `text`.
struct Sql {
  std::string text;
  Span span;
  std::size_t added_at = 0, added = 0;  // bytes of `text` that stand for what the language lets people leave out
};

/// A string literal in any of PostgreSQL's spellings, resolved to its value.
struct Text {
  std::string value;
  Span span;
};

struct Number {
  long long value = 0;
  Span span;
};

// ---- header ---------------------------------------------------------------------------------------------------------

/// `requires extension pgcrypto;`
struct RequiredExtension {
  Name name;
  Span span;
};

enum class Transaction { automatic, single, phased };

/// `migration 'title' { … }`. Absent in a file without one.
struct Header {
  Rare<Text> title;
  Rare<Number> requires_postgres;  // requires postgres >= 14;
  std::vector<RequiredExtension> required_extensions;
  std::vector<Name> after;                 // after 20250910000002_agents;
  std::optional<Transaction> transaction;  // transaction auto|single|phased;
  Span transaction_span;
  Rare<Text> lock_timeout;  // lock timeout 3s retry 10;  (the duration as written)
  Rare<Number> lock_retries;
  Rare<Text> rollback_window;     // rollback window 48h;
  std::vector<Name> search_path;  // search path app, public;
  bool baseline = false;          // baseline;
  Span span;
};

// ---- inside a table -------------------------------------------------------------------------------------------------

/// `on delete …` / `on update …`; `columns` only for set null / set default (15+).
struct ReferentialAction {
  enum class Kind { no_action, restrict, cascade, set_null, set_default } kind = Kind::no_action;
  std::vector<Name> columns;
};

/// `[constraint name] primary key (a, b)`, `unique [nulls not distinct] (…) [include (…)] [with (…)] [using index
/// tablespace t]`. As a column's clause `columns` is empty.
struct KeyConstraint {
  bool primary = false;
  bool nulls_not_distinct = false;
  std::vector<Name> columns;
  std::vector<Name> include;
  Rare<Sql> with;  // inside the parentheses
  Rare<Name> tablespace;
};

/// `check (expression) [no inherit] [not valid]`
struct CheckConstraint {
  Sql expression;  // inside the parentheses
  bool no_inherit = false;
};

/// `foreign key (a) references t (b) [match full] [on delete …] [on update …]`; as a column's clause `columns` is
/// empty.
struct ForeignKeyConstraint {
  std::vector<Name> columns;
  QualifiedName target;
  std::vector<Name> target_columns;  // empty: the target's primary key
  bool match_full = false;
  ReferentialAction on_delete, on_update;
};

/// `exclude [using gist] (room with =, during with &&) [include …] [with …] [where (…)]`: PostgreSQL's text after
/// `exclude`.
struct ExcludeConstraint {
  Sql definition;
};

/// One constraint, as a table's item or as a column's clause.
struct Constraint {
  Rare<Name> name;  // constraint score_range …
  std::variant<KeyConstraint, CheckConstraint, ForeignKeyConstraint, ExcludeConstraint> body;
  bool deferrable = false;
  bool not_deferrable = false;
  bool initially_deferred = false;
  bool not_valid = false;
  Span span;
};

/// `generated always as (expression) stored|virtual`
struct GeneratedAs {
  Sql expression;
  bool is_virtual = false;
};

/// `generated always|by default as identity [(sequence options)]`
struct Identity {
  bool always = true;
  Rare<Sql> options;  // inside the parentheses
  Span span;
};

/// `name type clauses…;` in a table.
struct Column {
  Name name;
  Sql type;
  Rare<Sql> collation;  // collate "C"
  bool not_null = false;
  Span not_null_span;
  Rare<Sql> default_value;
  Rare<GeneratedAs> generated;
  Rare<Identity> identity;
  std::vector<Constraint> constraints;  // primary key, unique, check, references
  Rare<Name> storage, compression;      // storage external  compression lz4
  Rare<Number> statistics;              // statistics 500
  Rare<Sql> using_expression;           // using c::bigint
  Rare<Sql> reverse_using;              // reverse using c::integer
  Rare<Sql> options;                    // options (column_name 'number'), inside the parentheses
  Rare<Text> comment;
  Span span;
};

/// One element of an index: what PostgreSQL takes between the commas.
struct IndexElement {
  Rare<Name> column;  // a plain column …
  Sql text;           // … the whole element: expression, collation, operator class, order
};

/// `[unique] index [name] on [using method] (…) [include (…)] [nulls not distinct] [with (…)] [tablespace t] [where
/// …];`
struct Index {
  bool unique = false;
  Rare<Name> name;
  Rare<Name> method;
  std::vector<IndexElement> elements;
  std::vector<Name> include;
  bool nulls_not_distinct = false;
  Rare<Sql> with;  // inside the parentheses
  Rare<Name> tablespace;
  Rare<Sql> where;
  Span span;
};

/// `policy name [as restrictive] [for …] [to …] [using (…)] [with check (…)];`: PostgreSQL's text after `on table`.
struct Policy {
  Name name;
  Sql definition;
  Span span;
};

/// `[constraint] trigger name before update [of c] [from t] … execute function f();` The table's name is left out.
struct Trigger {
  bool constraint = false;
  Name name;
  Sql events;  // before update of a or insert
  Sql rest;    // what PostgreSQL takes after `on table`
  Span span;
};

enum class RowSecurityMode { off, on, force };

/// `row level security;` `row level security force;`
struct RowSecurity {
  RowSecurityMode mode = RowSecurityMode::on;
  Span span;
};

/// `select`, `update (a, b)`, `all`
struct Privilege {
  Name name;
  std::vector<Name> columns;
};

/// `grant … to a, b [with grant option];` or `revoke … from public;` in a table.
struct GrantClause {
  bool revoke = false;
  std::vector<Privilege> privileges;
  std::vector<Name> roles;  // `public` is the name public, unquoted
  bool grant_option = false;
  Span span;
};

/// `owner to app_owner;`
struct OwnerClause {
  Name role;
  Span span;
};

/// `comment 'words';`
struct CommentClause {
  Text text;
  Span span;
};

/// `statistics name (kinds) on a, (lower(b));`
struct ExtendedStatistics {
  Name name;
  Sql definition;  // (dependencies) on a, b
  Span span;
};

/// `with (fillfactor = 70);` `tablespace fast;` `unlogged;` `inherits (a, b);` `replica identity full;`
struct StorageParameters {
  Sql parameters;  // inside the parentheses
  Span span;
};
struct TablespaceClause {
  Name name;
  Span span;
};
struct Unlogged {
  Span span;
};
struct Inherits {
  std::vector<QualifiedName> parents;
  Span span;
};
struct ReplicaIdentity {
  Sql identity;  // full | nothing | default | using index i
  Span span;
};

/// `partition by range (created_at);`
struct PartitionBy {
  Sql strategy;  // range (created_at)
  Span span;
};

/// `partition p2025 for values from (…) to (…) [partition by …] [{ partition …; }];`
struct Partition {
  QualifiedName name;
  Sql bound;  // for values … | default
  Rare<PartitionBy> by;
  std::vector<Partition> partitions;
  Span span;
};

/// `attach partition app.p2024 for values from (…) to (…);` in `alter table`.
struct AttachPartition {
  QualifiedName name;
  Sql bound;  // for values … | default
  Span span;
};
/// `detach partition app.p2020;` in `alter table`.
struct DetachPartition {
  QualifiedName name;
  Span span;
};

/// `drop constraint c;` `drop index i;` `drop policy p;` `drop trigger t;` `drop statistics s;` in `alter table`.
struct DropPart {
  Name what;
  Name name;
  Span span;
};

using TableItem =
    std::variant<Column, Constraint, Index, Policy, Trigger, RowSecurity, GrantClause, OwnerClause, CommentClause,
                 ExtendedStatistics, StorageParameters, TablespaceClause, Unlogged, Inherits, ReplicaIdentity,
                 PartitionBy, Partition, AttachPartition, DetachPartition, DropPart>;

// ---- declarations ---------------------------------------------------------------------------------------------------

/// `table app.contacts { … }`; with `alter` only a part is stated.
struct Table {
  bool alter = false;
  QualifiedName name;
  std::vector<TableItem> items;
  Span span;
};

/// `foreign table app.invoices server billing options (table_name 'invoices') { … }`: always the whole of it.
struct ForeignTable {
  QualifiedName name;
  Name server;
  Rare<Sql> options;  // inside the parentheses
  std::vector<TableItem> items;
  Span span;
};

/// `schema app [{ owner to …; comment '…'; grant usage to …; }];`
struct Schema {
  Name name;
  std::vector<TableItem> items;  // only owner, comment, grant
  Span span;
};

/// `extension citext schema extensions version '1.6';`
struct Extension {
  Name name;
  Rare<Name> schema;
  Rare<Text> version;
  Span span;
};

/// `enum app.channel ('email', 'phone');`
struct Enum {
  QualifiedName name;
  std::vector<Text> values;
  Span span;
};

/// Kinds whose definition is PostgreSQL's own text after the name: domain, type (composite, range), sequence, view,
/// materialized view, function, procedure, aggregate, cast, operator, event trigger, publication, …
/// A view may end in a block: `{ index on (…); with no data; owner to …; comment '…'; grant …; }`.
enum class DefinitionKind {
  domain,
  type,
  sequence,
  view,
  materialized_view,
  function,
  procedure,
  aggregate,
  cast,
  operator_,
  event_trigger,
  publication,
  rule,
  collation,
  text_search,
  foreign_data_wrapper,
  foreign_server,
  default_privileges
};
struct Definition {
  DefinitionKind kind;
  bool recursive = false;        // recursive view
  Rare<QualifiedName> name;      // absent for cast and default privileges
  Sql text;                      // what PostgreSQL takes after the name (for a cast: after `cast`)
  std::vector<TableItem> items;  // Index, OwnerClause, CommentClause, GrantClause
  bool no_data = false;          // with no data; in a materialized view's block
  Span span;
};

/// The object a top-level grant, comment, owner, rename or drop names: `table app.t`, `function app.f(integer)`,
/// `constraint c on app.t` or `constraint app.t.c`, `column app.t.c`.
struct ObjectName {
  Name kind;               // `materialized view` is one name with one space; so are `event trigger`, …
  std::vector<Name> path;  // schema.name, schema.table.part, name
  Rare<QualifiedName> on;  // constraint|trigger|policy|rule name on table
  Rare<Sql> arguments;     // inside a routine's parentheses
  Span span;
};

/// `grant usage on schema app to authenticated;` `revoke execute on function f(integer) from public;`
struct Grant {
  GrantClause clause;
  std::vector<ObjectName> objects;
  Span span;
};

/// `comment on function app.f() 'words';`
struct Comment {
  ObjectName object;
  Text text;
  Span span;
};

/// `owner of function app.f() to app_owner;`
struct Owner {
  ObjectName object;
  Name role;
  Span span;
};

/// `rows app.services key (id) { (id, name) : ('gmail', 'Gmail'), …; }`
struct Rows {
  QualifiedName table;
  std::vector<Name> key;
  std::vector<Name> columns;
  std::vector<std::vector<Sql>> values;
  Span span;
};

/// `rename table a.b -> c [{ keep view b; keep names; keep in step; }];`
struct Rename {
  ObjectName object;
  Name to;
  Rare<Name> keep_view;
  bool keep_names = false;
  bool keep_in_step = false;
  Span span;
};

/// `rename value app.stage 'won' -> 'closed_won';`
struct RenameValue {
  QualifiedName type;
  Text from, to;
  Span span;
};

/// `drop column a.b, c.d [keep archive] [irreversible];` `drop table …;` `drop view …;` …
struct Drop {
  std::vector<ObjectName> objects;
  bool irreversible = false;
  bool keep_archive = false;
  Span span;
};

/// `drop value app.stage 'lost_old' using 'lost';`
struct DropValue {
  QualifiedName type;
  Text value;
  Rare<Text> replacement;
  Span span;
};

/// `change column t.c to bigint using c::bigint [reverse using c::integer];`
struct ChangeColumn {
  QualifiedName table;
  Name column;
  Sql type;
  Rare<Sql> using_expression, reverse_using;
  Span span;
};

// ---- data -----------------------------------------------------------------------------------------------------------

/// `column = expression`
struct Assignment {
  Name column;
  Sql value;
};

/// `10%`, `0.1%`, `20`
struct Amount {
  double value = 0;
  bool percent = false;
  Sql text;
};

/// `rest warn 'words' [over 1%] [where …];`
struct Rest {
  enum class Action { ignore, warn, fail } action = Action::ignore;
  Rare<Text> message;
  Rare<Amount> over;
  Rare<Sql> where;
  Span span;
};

/// `batch 10000 [by id];`
struct Batch {
  Number size;
  Rare<Name> by;
  Span span;
};

enum class OnConflict { fail, skip, update };

/// `app.users [alias]` or `(query) [alias]`
struct MoveSource {
  Rare<QualifiedName> table;
  Rare<Sql> query;  // inside the parentheses
  Rare<Name> alias;
  Span span;
};

/// `move source -> target [named n] { … }`
struct Move {
  MoveSource source;
  QualifiedName target;
  Rare<Name> name;
  std::vector<Assignment> set;
  Rare<Sql> where;
  std::vector<Name> key;
  OnConflict on_conflict = OnConflict::fail;
  std::optional<Span> on_conflict_span;
  Rare<Batch> batch;
  Rare<Rest> rest;
  Rare<Number> sample;
  Rare<Amount> reject;  // reject up to 0.1%;
  std::optional<Span> keep_in_step;
  Rare<std::vector<Assignment>> reverse;  // reverse set …; `reverse none;` is an empty list
  Span span;
};

/// `move sqlite 'app.db' orders -> app.orders { … }` or `move sqlite 'app.db' { all; }`
struct MoveSqlite {
  Text file;
  Rare<Move> move;
  bool all = false;
  Span span;
};

/// `backfill app.contacts c { set …; from …; where …; batch …; reject …; reverse set …; }`
struct Backfill {
  QualifiedName table;
  Rare<Name> alias;
  std::vector<Assignment> set;
  Rare<Sql> from;
  Rare<Sql> where;
  Rare<Batch> batch;
  Rare<Amount> reject;  // reject up to 0.1%;
  std::optional<Span> keep_in_step;
  Rare<std::vector<Assignment>> reverse;  // reverse set …; `reverse none;` is an empty list
  Span span;
};

/// `extract app.deals -> app.companies { key …; set …; first by …; link …; }`
struct Extract {
  QualifiedName source, target;
  std::vector<Assignment> key, set, link;
  Rare<Sql> first_by;
  Rare<Sql> where;
  Rare<Batch> batch;
  Span span;
};

/// `rebuild table app.users [keep old as users_old];`
struct Rebuild {
  QualifiedName table;
  Rare<Name> keep_old_as;
  Span span;
};

/// `none of …`, `at most 1% of …`, `at least 3 of …`
struct CountCondition {
  enum class Comparison { none, at_most, at_least } comparison = Comparison::none;
  Rare<Amount> amount;
  MoveSource of;
  Rare<Sql> where;
};
/// `unchanged (query);`
struct UnchangedCondition {
  Sql query;
};
/// `that (expression);`
struct ThatCondition {
  Sql expression;
};

/// `check 'words' [before|after] [warn|fail] { condition; }`
struct Check {
  Text title;
  enum class When { unspecified, before, after } when = When::unspecified;
  bool warn = false;
  std::variant<CountCondition, UnchangedCondition, ThatCondition> condition;
  Span span;
};

/// `sql 'title' [after|before table app.events, …] { up $$ … $$; down $$ … $$; }`, `irreversible;` instead of down.
struct Escape {
  Text title;
  std::vector<ObjectName> after, before;
  Sql up;  // the body between the dollar quotes
  Rare<Sql> down;
  bool irreversible = false;
  Span span;
};

using Declaration = std::variant<Schema, Extension, Enum, Definition, Table, ForeignTable, Grant, Comment, Owner, Rows,
                                 Rename, RenameValue, Drop, DropValue, ChangeColumn, Move, MoveSqlite, Backfill,
                                 Extract, Rebuild, Check, Escape>;

/// A comment of the source, for the formatter; comments inside a fragment belong to the fragment and are not listed.
struct SourceComment {
  std::string text;  // with its -- or /* */
  Span span;
  bool own_line = true;  // nothing but white space before it on its line
};

/// One `.gw` file.
struct File {
  std::uint32_t source = 0;
  Rare<Header> header;
  std::vector<Declaration> declarations;
  std::vector<SourceComment> comments;
};

}  // namespace godwit::ast
