// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's definition texts (what follows `create view v`, `create sequence s`, …) taken apart into plain values.
// Every offset is a byte of the text given; a syntax error is PostgreSQL's own.
#pragma once

#include "compiler/model/object.h"
#include "compiler/sql/pg_query.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit::sql {

/// A part of the text: `text` is what stands there, `begin` where.
struct Part {
  std::string text;
  std::size_t begin = 0;
};

/// `start 1000 cache 10 owned by app.t.c`
struct SequenceText {
  SequenceOptions options;
  std::vector<std::string> owned_by;  // {schema, table, column} or {table, column}; empty: none
};

Result<SequenceText, SyntaxError> parse_sequence(std::string_view text);

/// `text collate "C" default 'x' not null constraint c check (value ~ '@')`
struct DomainText {
  Part type;
  std::string collation;
  std::optional<Part> default_value;
  bool not_null = false;

  struct Check {
    std::string name;
    Part expression;
    bool not_valid = false;
  };

  std::vector<Check> checks;
};

Result<DomainText, SyntaxError> parse_domain(std::string_view text);

/// `subtype_diff = app.f`: one of the options that a definition takes in parentheses.
struct OptionText {
  std::string name;
  std::vector<std::string> path;  // the name it is given, taken apart; empty when it is none
  std::size_t begin = 0;
  Part value;         // empty: the option stands alone
  std::string plain;  // what the value means: a literal without its quotes, the last part of a name
};

/// `(provider = icu, locale = 'de')`: all that `create collation c` and its like take behind the name.
Result<std::vector<OptionText>, SyntaxError> parse_options(std::string_view what, std::string_view text);

/// `configuration app.c (copy = english) mapping for word with app.d, simple`, `dictionary app.d (template = simple)`
struct TextSearchText {
  std::string what;  // configuration, dictionary, parser, template
  std::vector<std::string> path;
  Part name;  // its place alone
  std::vector<OptionText> options;

  struct Mapping {
    std::vector<std::string> tokens;
    std::vector<std::vector<std::string>> dictionaries;  // each a name taken apart
    std::size_t begin = 0, end = 0;
  };

  std::vector<Mapping> mappings;
};

Result<TextSearchText, SyntaxError> parse_text_search(std::string_view text);

/// `(integer, variadic text[]) (sfunc = app.f, stype = integer)`
struct AggregateText {
  struct Argument {
    std::string name;
    Part type;
    bool variadic = false, ordered = false;  // ordered: behind `order by`
  };

  std::vector<Argument> arguments;  // none: `*`
  std::vector<OptionText> options;
};

Result<AggregateText, SyntaxError> parse_aggregate(std::string_view text);

/// `(street text collate "C", city text)`, `as (…)`, `as range (subtype = timestamptz)`
struct TypeText {
  bool is_range = false;

  struct Attribute {
    std::string name;
    Part type;
    std::string collation;
    std::size_t begin = 0;
  };

  std::vector<Attribute> attributes;

  std::vector<OptionText> options;  // of a range, in the order written
};

Result<TypeText, SyntaxError> parse_type(std::string_view text);

/// `(a, b) with (security_invoker) as select … with local check option`
struct ViewText {
  std::vector<std::string> columns;
  std::vector<std::pair<std::string, std::string>> options;  // sorted; check_option included
  Part query;
};

Result<ViewText, SyntaxError> parse_view(std::string_view text, bool recursive);

/// `using heap with (…) tablespace t as select … with no data`
struct MaterializedViewText {
  std::vector<std::string> columns;
  std::string method, parameters, tablespace;
  Part query;
  bool no_data = false;
};

Result<MaterializedViewText, SyntaxError> parse_materialized_view(std::string_view text);

/// `(a integer, out b text) returns … language plpgsql … as $$…$$`
struct RoutineText {
  struct Argument {
    enum class Mode { in, out, inout, variadic, table } mode = Mode::in;
    std::string name;
    Part type;
    std::optional<Part> default_value;
  };

  std::vector<Argument> arguments;
  std::optional<Part> result;  // the type after `returns`, without setof
  bool returns_set = false, returns_table = false;
  std::string language;
  char volatility = 'v';
  bool security_definer = false, sets_search_path = false;
  std::optional<Part> body;          // the value of `as '…'`; begin is that of the body's first byte when it is
                                     // dollar-quoted or holds no escapes, otherwise of the literal
  bool sql_body = false;             // return … / begin atomic … end: `body` is that text
  std::vector<std::string> options;  // every other option in canonical order and spelling, for comparing
};

Result<RoutineText, SyntaxError> parse_routine(std::string_view text, bool procedure);
/// Everything that makes two definitions the same routine: arguments, result, options, and the body byte for byte.
std::string routine_normal(const RoutineText& routine);

/// `(app.a as app.b) with function app.f(app.a) as assignment`
struct CastText {
  Part source, target;
  std::vector<std::string> function_path;  // empty: without one
  std::vector<Part> arguments;             // of the function, as far as written
  Part function;                           // the name as written
  bool inout = false;
  std::string context;  // assignment, implicit; empty: explicit
};

Result<CastText, SyntaxError> parse_cast(std::string_view text);

/// `on insert to app.v where … do instead …`
struct RuleText {
  std::vector<std::string> relation;
  Part relation_name;
  std::string event;  // select, insert, update, delete
  bool instead = false;
  bool conditional = false;
  bool notifies = false;  // a `notify` is among its commands
};

Result<RuleText, SyntaxError> parse_rule(std::string_view text);

/// `before update of a, b or insert` + `for each row when (…) execute function f()`
struct TriggerText {
  std::string timing;  // before, after, instead of
  bool on_insert = false, on_update = false, on_delete = false, on_truncate = false;
  std::vector<Part> columns;  // update of …
  bool for_each_row = false;
  std::optional<Part> when;
  std::vector<std::string> transition_tables;  // names given in referencing
  Part function;                               // the name as written
  std::vector<std::string> function_path;      // {schema, name} or {name}
};

/// Columns have their place in `events`, the rest in `rest`. An error's offset counts through `events`, then through
/// `rest`.
Result<TriggerText, SyntaxError> parse_trigger(std::string_view events, std::string_view rest, bool constraint);

/// Where PostgreSQL wants the word `function` in a trigger's rest that says `execute f()` for short; nullopt when it
/// stands there (or `procedure`).
std::optional<std::size_t> missing_function_word(std::string_view rest);

/// `on ddl_command_end when tag in ('DROP TABLE') execute function app.f()`
struct EventTriggerText {
  std::string event;
  std::vector<std::pair<std::string, std::vector<std::string>>> filters;  // variable and values
  std::vector<std::string> function_path;
  Part function;  // the name as written
};

Result<EventTriggerText, SyntaxError> parse_event_trigger(std::string_view text);

/// `for role r in schema app grant select on tables to a with grant option`
struct DefaultPrivilegesText {
  std::vector<std::string> makers, schemas;  // empty: who applies it, every schema
  bool revoke = false, grant_option = false;
  std::vector<std::string> privileges;  // empty: all
  std::string objects;                  // tables, sequences, functions, types, schemas, large objects
  std::vector<std::string> roles;
};

Result<DefaultPrivilegesText, SyntaxError> parse_default_privileges(std::string_view text);

/// `type 't' version '1' foreign data wrapper w options (host 'a')`
struct ForeignServerText {
  std::string type, version, wrapper;
  ForeignOptions options;
};

Result<ForeignServerText, SyntaxError> parse_foreign_server(std::string_view text);

/// `handler app.f validator app.g options (a 'b')`
struct ForeignDataWrapperText {
  std::vector<std::string> handler, validator;  // {schema, name} or {name}; empty: none
  ForeignOptions options;
};

Result<ForeignDataWrapperText, SyntaxError> parse_foreign_data_wrapper(std::string_view text);
/// `host 'a', "Odd" 'b'`, in the order written
Result<ForeignOptions, SyntaxError> parse_foreign_options(std::string_view text);

/// `as restrictive for select to a, b using (…) with check (…)`
struct PolicyText {
  bool restrictive = false;
  std::string command;
  std::vector<std::string> roles;  // empty: public
  std::optional<Part> using_expression, check_expression;
};

Result<PolicyText, SyntaxError> parse_policy(std::string_view text);

/// `for table app.a (x) where (…), app.b with (publish = 'insert')`, `for all tables`, `for tables in schema s`
struct PublicationText {
  bool all_tables = false;
  std::vector<std::string> schemas;

  struct Table {
    std::vector<std::string> path;
    std::size_t begin = 0;
    std::vector<std::string> columns;
    std::optional<Part> where;
  };

  std::vector<Table> tables;
  std::vector<std::pair<std::string, std::string>> options;  // sorted
};

Result<PublicationText, SyntaxError> parse_publication(std::string_view text);

/// `(dependencies) on a, (lower(b))`
struct StatisticsText {
  std::vector<std::string> kinds, columns;
  bool expressions = false;
};

Result<StatisticsText, SyntaxError> parse_statistics(std::string_view text);

/// `fillfactor = 70, autovacuum_enabled = false` to sorted pairs.
Result<std::vector<std::pair<std::string, std::string>>, SyntaxError> parse_parameters(std::string_view text);

/// What a routine's body names. For SQL and PL/pgSQL; empty for other languages. Each reference is resolved as far as
/// the catalog goes; names that cannot be resolved (variables, temporary tables, dynamic SQL) are left out.
class World;

struct BodyAnalysis {
  std::vector<ObjectKey> references;
  std::optional<std::pair<std::string, std::size_t>>
      error;  // PostgreSQL's parser refused the body: message, offset in it
  std::vector<std::pair<std::string, std::size_t>> dynamic;  // texts of EXECUTE, with their places
};

BodyAnalysis analyze_body(const std::string& language, std::string_view create_statement, std::string_view body,
                          const World& world);

}  // namespace godwit::sql
