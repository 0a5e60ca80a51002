// SPDX-License-Identifier: Apache-2.0
// What a declaration works with while it becomes objects: the growing catalog, name resolution, and the sink for
// mistakes.
#pragma once

#include "base/codes.h"
#include "base/diagnostics.h"
#include "compiler/data/intents.h"
#include "compiler/kinds/contract.h"
#include "compiler/sql/analyze.h"
#include "grammar/ast.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace godwit::kinds {

/// Every declaration of a file is visited once per pass, so that the order in the file never matters.
enum class Pass {
  renames,  // names change first: all that follows speaks of the new names
  drops,
  schemas,      // schemas, extensions
  types,        // enums, domains
  relations,    // sequences, tables, columns with their types
  routines,     // functions: signatures
  keys,         // primary keys, unique constraints
  queries,      // views, materialized views
  expressions,  // defaults, generated columns, checks, indexes, foreign keys, exclusion, domain checks
  bodies,       // what function bodies name
  satellites,   // triggers, policies, row security, statistics, publications, owners, grants, comments
  data,         // rows, moves, backfills, checks, sql
  completeness  // what a whole table leaves out, what drops leave behind
};
inline constexpr Pass all_passes[] = {
    Pass::renames, Pass::drops,       Pass::schemas, Pass::types,      Pass::relations, Pass::routines,    Pass::keys,
    Pass::queries, Pass::expressions, Pass::bodies,  Pass::satellites, Pass::data,      Pass::completeness};

/// Looks names up in a catalog, as it is now or as it was when the journal began.
class CatalogWorld : public sql::World {
 public:
  CatalogWorld(const Catalog& catalog, const std::vector<std::string>& search_path, bool before)
      : catalog_(catalog), search_path_(search_path), before_(before) {}

  std::optional<sql::Relation> relation(const std::string& schema, const std::string& name) const override;
  /// Only its key: its columns are not gathered.
  std::optional<ObjectKey> relation_named(const std::string& schema, const std::string& name) const;
  std::vector<sql::Routine> routines(const std::string& schema, const std::string& name) const override;
  std::optional<ObjectKey> type(const std::string& schema, const std::string& name) const override;
  std::optional<ObjectKey> collation(const std::string& schema, const std::string& name) const override;
  std::vector<sql::OwnOperator> operators(const std::string& schema, const std::string& name) const override;
  std::optional<ObjectKey> cast(const std::string& from, const std::string& to) const override;
  bool has_own_operators() const override;
  std::vector<OutputColumn> fields(const ObjectKey& type) const override;
  std::string subtype(const ObjectKey& type) const override;
  std::string base_type(const ObjectKey& type) const override;
  std::vector<std::string> values(const ObjectKey& type) const override;
  bool schema_exists(const std::string& schema) const override;
  bool has_extensions() const override;
  bool has_unlisted() const override { return catalog_.runs_foreign_sql(); }
  std::vector<std::string> names_like(Kind kind) const override;

  /// The table whose columns a partition has, at whatever depth it stands; any other table itself.
  ObjectKey root_of(ObjectKey table) const;

  /// Called before a relation is looked up: declares a view of the same file that is not declared yet.
  std::function<void(const std::string& schema, const std::string& name)> on_demand;

 private:
  ObjectPtr find(const ObjectKey& key) const;
  /// The range type whose multirange has that name.
  std::optional<ObjectKey> range_of(const std::string& schema, const std::string& multirange) const;

  const Catalog& catalog_;
  const std::vector<std::string>& search_path_;
  bool before_;
};

struct RenameIntent {
  ObjectKey from, to;
  Span span;
  bool follows = false;  // of an inherited part: PostgreSQL renames it with the parent's
};

struct DropIntent {
  ObjectKey key;
  bool irreversible = false;
  Span span;
  bool archive = false;  // a column whose values are copied out, and that is not hidden
};

/// A change of type that could lose something: hidden columns hold, row by row, what the column held and what it
/// became.
struct Conversion {
  Column from;          // as it was, under its present name
  Column kept, made;    // both hidden
  bool plain = true;    // PostgreSQL's own cast, not an expression that the spec writes
  bool moving = false;  // the written expression may give another value each time it is evaluated
};

/// Another list of values for an enum that exists. Its columns follow by name, value by value.
struct ValueChange {
  EnumType from, to;                            // the former under its present name
  std::map<std::string, std::string> replaced;  // dropped values, and those that their rows get
  Span span;
  bool in_place = false;  // values are only added, and nothing else in the file uses them
};

/// `attach partition …`, `detach partition …`: what a table becomes once the rest of the migration is done. Until
/// `settle_attachments` the catalog has both tables as they were.
struct Attachment {
  ObjectKey partition, table;
  Rare<Fragment> bound;  // of one that is attached
  Span span;
};

class Declaring {
 public:
  Declaring(const SourceSet& sources, Catalog& catalog, Diagnostics& diagnostics);
  Declaring(const Declaring&) = delete;
  Declaring& operator=(const Declaring&) = delete;

  const SourceSet& sources;
  Catalog& catalog;
  Diagnostics& diagnostics;
  std::vector<std::string> search_path{"public"};
  int oldest_postgres = 13;
  ast::Transaction transaction = ast::Transaction::automatic;
  Span migration_span;  // for what has no place of its own

  CatalogWorld world;      // names as they are after this migration
  CatalogWorld old_world;  // names as they were before it

  std::vector<RenameIntent> renames;  // in file order; what diff and plan turn into statements
  std::vector<RenameIntent>
      sequence_renames;  // of identity and serial columns: they follow, and are no objects of the catalog
  Renames renamed_keys;  // every key that changed because of them
  std::map<ObjectKey, sql::TornName> torn_names;  // in texts that the renames cannot follow, by what holds the text
  std::set<ObjectKey> kept_names;                 // renames with `keep names;`
  std::vector<DropIntent> drops;
  std::map<ObjectKey, Object> hidden_columns;  // the dropped column's key to the hidden column it becomes
  std::map<ObjectKey, std::vector<ObjectKey>> dropped_copies;  // of a parent's dropped column: those of its children
  std::map<ObjectKey, Conversion> conversions;                 // columns whose change of type keeps what they held
  std::map<ObjectKey, std::map<std::string, const ast::DropValue*>> dropped_values;  // by their enum
  std::map<ObjectKey, ValueChange> value_changes;
  std::vector<Attachment> attachments;
  data::Intents intents;  // moves, backfills, rows, checks, sql: what is not an object

  /// Views of this file that are not declared yet; looking one up declares it first.
  std::map<std::pair<std::string, std::string>, std::function<void()>> pending_views;
  /// Those whose declaration waits for what it reads, outermost first.
  std::vector<ObjectKey> queries_in_progress;
  /// The table each statement is about, looked up once.
  std::map<const ast::Table*, std::optional<ObjectKey>> statement_tables;
  /// The column each `change column` is about.
  std::map<const ast::ChangeColumn*, ObjectKey> statement_columns;
  /// New not null columns of existing tables that still lack a value for the rows there, and those a backfill fills.
  std::map<ObjectKey, Span> needs_values;
  std::set<ObjectKey> filled_columns;
  std::set<ObjectKey> reported_columns;
  /// The default privileges that stood before this migration, once they were asked for.
  std::optional<std::vector<ObjectPtr>> in_force;
  /// Schemas already reported as unknown.
  std::set<std::string> unknown_schemas;
  /// Where each object declared by this file stands (duplicates are reported once).
  std::unordered_map<ObjectKey, Span, ObjectKeyHash> declared_here;

  /// Analyses a fragment and reports its problems at their place in the spec.
  sql::Analysis analyze(Form form, const ast::Sql& text, const std::vector<sql::Visible>& visible = {},
                        bool use_old_world = false);
  /// The same for a part of a larger fragment: `begin` is the byte of `whole` where `text` starts.
  sql::Analysis analyze_part(Form form, const ast::Sql& whole, std::size_t begin, const std::string& text,
                             const std::vector<sql::Visible>& visible = {});
  TypeName type_name(const ast::Sql& text, bool* is_serial = nullptr);
  TypeName type_name_part(const ast::Sql& whole, std::size_t begin, const std::string& text);
  /// Reports a syntax error of PostgreSQL's parser at `offset` of the fragment.
  void syntax_error(const ast::Sql& text, std::size_t offset, const std::string& message);
  /// The span of bytes [begin, end) of a fragment.
  static Span span_in(const ast::Sql& text, std::size_t begin, std::size_t end);

  /// The schema a new object goes to: the one written, else the first of the search path. Reports an unknown schema.
  std::string schema_for_new(const ast::QualifiedName& name);
  /// The key of an existing relation (table, view, materialized view) as written; reports it when there is none.
  std::optional<ObjectKey> existing_relation(const ast::QualifiedName& name, std::initializer_list<Kind> kinds,
                                             bool use_old_world = false);
  /// The same for a table whose columns or rows a statement is about: a partition is refused.
  std::optional<ObjectKey> existing_table(const ast::QualifiedName& name, bool use_old_world = false);
  /// Reports that what is wanted of a partition is to be said of the table at its root.
  void is_partition(const ObjectKey& partition, const ObjectKey& table, Span span);
  /// The key of any object a top-level statement names; reports it when there is none.
  std::optional<ObjectKey> existing_object(const ast::ObjectName& name);
  /// Argument types as written in `f(int, text)` in canonical spelling: `integer, text`.
  std::string signature_of(const ast::Sql& arguments);
  std::optional<std::string> argument_type(std::string_view argument);
  /// The relation with its columns, for `Visible`.
  sql::Relation relation(const ObjectKey& key, bool use_old_world = false) const;
  /// Puts the object; a second declaration of the same key in this file is GW1201.
  bool declare(Object object, Span name_span);
  /// Reports GW1403 when the target version is older than `version`.
  bool needs_postgres(int version, Span span, const std::string& feature, const std::string& alternative);
  /// Refuses a construct whose meaning comes later (GW2005); the list is in kinds/later.cpp.
  void later(Span span, const std::string& construct);

  /// PostgreSQL's default name for an index or key constraint: `table_columns_suffix`, numbered when it is taken by an
  /// object that this file declares (a name of an earlier migration means that very object).
  std::string free_relation_name(const std::string& schema, const std::string& table, const std::string& columns,
                                 const std::string& suffix) const;

 private:
  /// Reports that there is no such object.
  std::nullopt_t not_declared(const ast::ObjectName& name);
  /// A part of a table: `constraint c on t`, `column t.c`, `column s.t.c`; of the first of the kinds that has it.
  std::optional<ObjectKey> existing_part(const ast::ObjectName& name, const std::vector<Kind>& kinds);
  /// Whether `function`, `procedure` or `routine` means it.
  bool is_called(const ObjectKey& routine, const std::string& word) const;
  /// `function f`, when there is one of that name, or `function f(integer)`, in the first of the schemas that has it.
  std::optional<ObjectKey> existing_routine(const ast::ObjectName& name, const std::vector<std::string>& schemas);
};

/// Carries out all renames of the file at once (so that names can be swapped), after Pass::renames.
void apply_renames(Declaring& d);
/// Ends the inheritances that whole tables of the file leave out, before any drop: what a child has from a parent is
/// its own then, and may go.
void end_inheritances(const ast::File& file, Declaring& d);
/// Gives children what their parents have, after each pass that adds to columns or checks.
void inherit(Declaring& d);
/// Reports what PostgreSQL does not let inherit, after the last pass.
void check_inheritance(Declaring& d);
/// Reports an inherited column or check of a child as one that is changed at the parent.
bool refuse_inherited(const ObjectKey& part, const std::string& what, Span span, Declaring& d);
/// Refuses what is not planned for a table from which others inherit.
bool refuse_inheritors(const ObjectKey& table, const std::string& what, Span span, Declaring& d);
/// Forgets what only the migration that wrote it may read: the conversions of a type change.
void settle(Catalog& catalog);
/// Lets trigger functions know whose rows their `old` and `new` are, after triggers have been declared.
void know_trigger_rows(Declaring& d);
/// What enums with another list of values mean for the columns of these types, after the last pass.
void carry_values(const ast::File& file, Declaring& d);
/// Reports texts that the renames could not follow and that no declaration replaces, after the last pass.
void report_torn_names(Declaring& d);
/// Warns about functions whose dynamic SQL names what a rename or drop of this file takes away, after the last pass.
void report_dynamic_mentions(Declaring& d);
/// Reports names that what the migration touched shares with a constraint's index, for indexes are relations of the
/// schema too: `a_b` with `unique (c)` and `a` with `unique (b, c)` both call theirs `a_b_c_key`. After the last pass.
void check_index_names(Declaring& d);
/// Comments and privileges on columns that a view of this file has no more go with them, after the last pass.
void forget_lost_columns(Declaring& d);
/// Reports a column that is no object of its own, for a view's query gives it.
bool refuse_derived(const ObjectKey& key, const std::string& what, Span span, Declaring& d);
/// Reports foreign keys that a change of type has left between columns that cannot be compared. After the last pass.
void check_foreign_keys(Declaring& d);
/// Reports what the file does to types whose values a table goes on holding: another definition (GW2020), and a drop
/// while a dropped table is kept (GW2002). After the last pass.
void check_stored(Declaring& d);
/// Reports operators whose commutator or negator does not link back, or is gone, after the last pass.
void check_operators(Declaring& d);
/// Reports what still needs an object that is gone, after the last pass.
void check_dependents(Declaring& d);

/// `requires extension …` of the header: objects of the catalog unless it has them already.
void declare_required_extensions(const ast::Header&, Declaring&);

// Every declaration of the language, visited once per pass.
void declare(const ast::Schema&, Declaring&, Pass);
void declare(const ast::Extension&, Declaring&, Pass);
void declare(const ast::Enum&, Declaring&, Pass);
void declare(const ast::Definition&, Declaring&, Pass);
void declare(const ast::Table&, Declaring&, Pass);
void declare(const ast::ForeignTable&, Declaring&, Pass);
void declare(const ast::Grant&, Declaring&, Pass);
void declare(const ast::Comment&, Declaring&, Pass);
void declare(const ast::Owner&, Declaring&, Pass);
void declare(const ast::Rows&, Declaring&, Pass);
void declare(const ast::Rename&, Declaring&, Pass);
void declare(const ast::RenameValue&, Declaring&, Pass);
void declare(const ast::Drop&, Declaring&, Pass);
void declare(const ast::DropValue&, Declaring&, Pass);
void declare(const ast::ChangeColumn&, Declaring&, Pass);
void declare(const ast::Move&, Declaring&, Pass);
void declare(const ast::MoveSqlite&, Declaring&, Pass);
void declare(const ast::Backfill&, Declaring&, Pass);
void declare(const ast::Extract&, Declaring&, Pass);
void declare(const ast::Rebuild&, Declaring&, Pass);
void declare(const ast::Check&, Declaring&, Pass);
void declare(const ast::Escape&, Declaring&, Pass);

// Items that a table shares with schemas and views; `target` is what they are about.
void declare_owner(const ast::OwnerClause&, const ObjectKey& target, Declaring&);
void declare_comment(const ast::Text&, Span, const ObjectKey& target, Declaring&);
void declare_grant(const ast::GrantClause&, const ObjectKey& target, Declaring&);
void declare_index(const ast::Index&, const ObjectKey& relation, Declaring&);
// Items of a table that have files of their own.
void declare_trigger(const ast::Trigger&, const ObjectKey& table, Declaring&);
void declare_policy(const ast::Policy&, const ObjectKey& table, Declaring&);
void declare_parents(const ast::Table&, const ObjectKey& table, Declaring&);
void declare_statistics(const ast::ExtendedStatistics&, const ObjectKey& table, Declaring&);
void declare_replica_identity(const ast::ReplicaIdentity&, const ObjectKey& table, Declaring&);
void declare_constraint(const ast::Constraint&, const ObjectKey& table, const ast::Name* column, Declaring&, Pass);
/// Partitions of `table`, with those nested in them.
void declare_partitions(const ast::Table&, const ObjectKey& table, Declaring&);
/// The partition key that the statement gives the table; without a `partition by` none.
void declare_partition_key(const ast::Table&, const ObjectKey& table, Declaring&);
/// What partitioning asks of columns, keys and indexes of the table, and of what a whole table leaves out.
void check_partitioned(const ast::Table&, const ObjectKey& table, Declaring&);
/// `alter table p { … }` of a partition takes partitions, comment, owner and grants.
void check_items_of_partition(const ast::Table&, const ObjectKey& partition, Declaring&);
/// `attach partition …` and `detach partition …` of a table.
void declare_attachments(const ast::Table&, const ObjectKey& table, Declaring&);
/// Reports what differs from one time to the next in a bound: PostgreSQL computes it once, a rollback computes it
/// again.
void check_bound(const sql::Analysis& bound, const ast::Sql& text, Declaring&);
/// What the partition keys of `table` and of those below it ask of the keys and indexes of `root`.
void check_keys_below(const ObjectKey& root, const ObjectKey& table, Declaring&);
/// Reports what keeps a table from becoming a partition or a partition from becoming a table, after the last pass.
void check_attachments(Declaring&);
/// Reports partitions that are dropped beside the table they go with.
void check_dropped_partitions(Declaring&);

}  // namespace godwit::kinds
