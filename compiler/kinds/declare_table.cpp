// SPDX-License-Identifier: Apache-2.0
// `table t { … }` and `alter table t { … }`: the statement taken apart into a shell, columns and what hangs on them.
#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/collation.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/later.h"
#include "compiler/kinds/sequence_options.h"
#include "compiler/kinds/type_change.h"
#include "compiler/sql/statements.h"

#include <algorithm>
#include <type_traits>

namespace godwit::kinds {

namespace {

/// The table a statement is about; found once, reported once.
std::optional<ObjectKey> table_of_statement(const ast::Table& statement, Declaring& d) {
  const auto [found, is_new] = d.statement_tables.emplace(&statement, std::nullopt);
  if (is_new) {
    if (statement.alter) {
      found->second = d.existing_relation(statement.name, {Kind::table});
      if (found->second && d.catalog.root_of(*found->second) != *found->second)
        check_items_of_partition(statement, *found->second, d);
    } else {
      found->second =
          ObjectKey{Kind::table, d.schema_for_new(statement.name), statement.name.name.text, {}, Kind::schema, {}};
      const ObjectKey root = d.catalog.root_of(*found->second);
      if (root != *found->second && !d.declared_here.contains(*found->second)) {
        d.is_partition(*found->second, root, statement.name.span);
        found->second.reset();
      }
    }
  }
  return found->second;
}

RowSecurity mode_of(ast::RowSecurityMode mode) {
  switch (mode) {
    case ast::RowSecurityMode::off: return RowSecurity::off;
    case ast::RowSecurityMode::on: return RowSecurity::on;
    case ast::RowSecurityMode::force: return RowSecurity::force;
  }
  return RowSecurity::off;
}

/// Shell attributes that items of the statement state. A whole table states all of them.
void declare_shell(const ast::Table& statement, const ObjectKey& key, Declaring& d) {
  Table table;
  const Table* existing = d.catalog.get<Table>(key);
  if (existing != nullptr && statement.alter) {
    table = *existing;
  } else {
    table.schema = key.schema;
    table.name = key.name;
  }
  table.origin.span = statement.name.span;
  for (const ast::TableItem& item : statement.items) {
    if (const auto* unlogged = std::get_if<ast::Unlogged>(&item)) table.unlogged = unlogged != nullptr;
    if (const auto* security = std::get_if<ast::RowSecurity>(&item)) table.row_security = mode_of(security->mode);
    if (const auto* space = std::get_if<ast::TablespaceClause>(&item)) table.tablespace = space->name.text;
    if (const auto* storage = std::get_if<ast::StorageParameters>(&item)) {
      const auto parameters = sql::parse_parameters(storage->parameters.text);
      if (parameters) {
        table.parameters = *parameters;
      } else {
        d.syntax_error(storage->parameters, parameters.error().offset, parameters.error().message);
      }
    }
  }
  if (statement.alter) {
    if (existing != nullptr && !(table == *existing)) d.catalog.put(std::move(table));
    return;
  }
  if (existing != nullptr) table.partition_key = existing->partition_key;  // until the pass that reads it
  for (const Kind other : {Kind::view, Kind::materialized_view}) {
    ObjectKey clash = key;
    clash.kind = other;
    if (d.catalog.find(clash) != nullptr) {
      d.diagnostics.add(codes::duplicate_name, statement.name.span, "`{}` is a {} already",
                        quoted(key.schema, key.name), name_of(other));
    }
  }
  d.declare(std::move(table), statement.name.span);
}

/// The word for an integer column with a sequence of its own.
std::string serial_of(const std::string& type) {
  return type == "smallint" ? "smallserial" : type == "bigint" ? "bigserial" : "serial";
}

/// Under this name or another; a table that took the name of a renamed one is new.
bool stood_before(const ObjectKey& table, const Declaring& d) {
  const bool is_renamed = std::any_of(d.renamed_keys.begin(), d.renamed_keys.end(),
                                      [&](const auto& entry) { return entry.second == table; });
  return is_renamed || (!d.renamed_keys.contains(table) && d.catalog.before(table) != nullptr);
}

void declare_column(const ast::Column& item, const ObjectKey& table, Declaring& d) {
  const ObjectKey key = column_key(table, item.name.text);
  if (item.name.text.starts_with("_gw_")) {
    d.diagnostics.add(codes::reserved_name, item.name.span,
                      "names that begin with `_gw_` are reserved for what godwit keeps");
    return;
  }
  Column column;
  column.schema = table.schema;
  column.table = table.name;
  column.name = item.name.text;
  column.origin.span = item.span;
  bool is_serial = false;
  column.type = d.type_name(item.type, &is_serial);
  if (is_serial) {
    column.serial = serial_of(column.type.text);
  }
  if (item.collation) {
    column.collation = item.collation->text;
    column.collation_object = collation_named(column.collation, &item.collation->span, d);
  }
  column.not_null = item.not_null || item.identity || is_serial;
  for (const ast::Constraint& constraint : item.constraints) {
    const auto* unique = std::get_if<ast::KeyConstraint>(&constraint.body);
    if (unique != nullptr && unique->primary) column.not_null = true;
  }
  if (item.storage) column.storage = item.storage->text == "default" ? "" : item.storage->text;
  if (item.compression) {
    column.compression = item.compression->text == "default" ? "" : item.compression->text;
    d.needs_postgres(14, item.compression->span, "`compression`", "leave it out");
  }
  if (item.statistics) column.statistics = static_cast<int>(item.statistics->value);
  if (item.identity) {
    IdentityColumn identity{item.identity->always, {}};
    if (item.identity->options) {
      const auto options = sql::parse_sequence(item.identity->options->text);
      if (options) {
        identity.options = options->options;
      } else {
        d.syntax_error(*item.identity->options, options.error().offset, options.error().message);
      }
    }
    column.identity = identity;
  }
  if (item.generated && item.generated->is_virtual) {
    d.needs_postgres(18, item.generated->expression.span, "a virtual generated column",
                     "`stored` works on every version");
  }
  if (item.default_value && (item.generated || item.identity || is_serial)) {
    d.diagnostics.add(codes::bad_option, item.default_value->span, "column `{}` has a default beside a {} value",
                      column.name, item.generated ? "generated" : "sequence's");
  }

  if (item.options) {
    d.diagnostics.add(codes::bad_option, item.options->span, "only a column of a foreign table has options")
        .hint("`foreign table … server … {{ … }}`");
  }
  check_column(item, column, d);
  const Column* existing = d.catalog.get<Column>(key);
  if (existing != nullptr) {
    for (const ObjectKey& child : d.catalog.children(table)) {
      const auto* primary = d.catalog.get<PrimaryKey>(child);
      if (primary != nullptr &&
          std::find(primary->columns.begin(), primary->columns.end(), column.name) != primary->columns.end()) {
        column.not_null = true;  // as long as the key stands, whether it is stated again or not
      }
    }
    column.ordinal = existing->ordinal;
    // Expressions are filled in by a later pass; until then the present ones stand for them.
    column.default_value = item.default_value ? existing->default_value : std::nullopt;
    column.generated = item.generated ? existing->generated : std::nullopt;
    if (existing->inherited.from == Inherited::From::nowhere)  // or its type is that of the parent's
      check_type_change(*existing, column, item.type.span, item.using_expression, item.reverse_using, d);
  } else {
    column.ordinal.value = d.catalog.last_ordinal(table) + 1;
    if (stood_before(table, d) && column.not_null && !item.default_value && !item.generated && !item.identity &&
        !is_serial) {
      d.needs_values.emplace(key, item.not_null_span.end > 0 ? item.not_null_span : item.name.span);
    }
  }
  const bool declared = d.declare(std::move(column), item.name.span);
  if (declared && item.comment) declare_comment(*item.comment, item.comment->span, key, d);
}

/// What `nextval('app.s')` in a default may name, nearest first.
std::vector<ObjectKey> sequences_named_in(const std::string& text, const Declaring& d) {
  constexpr std::string_view call = "nextval('";
  const std::size_t begin = text.find(call);
  if (begin == std::string::npos) return {};
  const std::size_t name_begin = begin + call.size();
  std::string name = text.substr(name_begin, text.find('\'', name_begin) - name_begin);
  std::erase(name, '"');
  const std::size_t dot = name.find('.');
  std::vector<ObjectKey> named;
  for (const std::string& schema :
       dot == std::string::npos ? d.search_path : std::vector<std::string>{name.substr(0, dot)}) {
    const std::string plain = dot == std::string::npos ? name : name.substr(dot + 1);
    named.push_back({Kind::sequence, schema, plain, {}, Kind::schema, {}});
  }
  return named;
}

/// The sequence of the catalog that the text names.
std::optional<ObjectKey> sequence_in(const std::string& text, const Declaring& d) {
  for (const ObjectKey& key : sequences_named_in(text, d)) {
    if (d.catalog.find(key) != nullptr) return key;
  }
  return std::nullopt;
}

/// The serial column whose sequence the text is the next number of, and nothing else.
std::optional<ObjectKey> serial_in(const std::string& text, const Declaring& d) {
  const std::vector<ObjectKey> named = sequences_named_in(text, d);
  const bool is_all = text.starts_with("nextval(") && (text.ends_with("')") || text.ends_with("'::regclass)"));
  if (named.empty() || !is_all) return std::nullopt;
  for (const ObjectKey& column : d.catalog.keys(Kind::column)) {
    if (d.catalog.get<Column>(column)->serial.empty()) continue;
    const ObjectKey sequence{Kind::sequence,
                             column.schema,
                             default_object_name(column.name.str(), column.part.str(), "seq"),
                             {},
                             Kind::schema,
                             {}};
    if (std::find(named.begin(), named.end(), sequence) != named.end()) return column;
  }
  return std::nullopt;
}

/// Defaults and generated expressions, once everything they may name is known.
void declare_expressions(const ast::Column& item, const ObjectKey& table, const std::vector<sql::Visible>& visible,
                         Declaring& d) {
  declare_conversions(column_key(table, item.name.text), item.using_expression, item.reverse_using, d);
  if (!item.default_value && !item.generated) return;
  const Column* there = d.catalog.get<Column>(column_key(table, item.name.text));
  if (there == nullptr) return;
  Column column = *there;
  if (item.default_value) state_default(*item.default_value, column, d);
  if (item.generated) {
    const ast::Sql& text = item.generated->expression;
    state_generated(*item.generated, column, visible, d);
    for (const Reference& reference : column.generated->expression.references) {
      const Column* read = reference.target.kind == Kind::column ? d.catalog.get<Column>(reference.target) : nullptr;
      if (read != nullptr && (read->generated || read->name == column.name)) {
        const std::string what =
            read->name == column.name ? "itself" : "the generated column `" + read->name.str() + "`";
        d.diagnostics.add(codes::forbidden_expression, text.span, "a generated column cannot read {}", what);
      }
    }
    const ObjectKey present = column_key(table, column.name);
    const auto renamed = std::find_if(d.renamed_keys.begin(), d.renamed_keys.end(),
                                      [&](const auto& entry) { return entry.second == present; });
    const bool is_new = renamed == d.renamed_keys.end() && d.renamed_keys.contains(present);  // the name was given away
    const ObjectPtr before =
        is_new ? nullptr : d.catalog.before(renamed == d.renamed_keys.end() ? present : renamed->first);
    if (before) {
      const Object old = renamed_object(*before, d.renamed_keys, RenamedBy::spec);
      check_generation(std::get<Column>(old), column, text.span, d);
    }
  }
  d.catalog.put(std::move(column));
}

void drop_part(const ast::DropPart& item, const ObjectKey& table, Declaring& d) {
  for (const ObjectKey& child : d.catalog.children(table)) {
    const bool is_constraint = child.kind == Kind::primary_key || child.kind == Kind::unique ||
                               child.kind == Kind::check || child.kind == Kind::foreign_key ||
                               child.kind == Kind::exclude;
    const bool matches = item.what.text == "constraint" ? is_constraint : name_of(child.kind) == item.what.text;
    const std::string& name = child.part.empty() ? child.name : child.part;
    if (matches && name == item.name.text) {
      for (const ObjectKey& satellite : d.catalog.children(child)) d.catalog.erase(satellite);
      d.catalog.erase(child);
      d.drops.push_back({child, false, item.span});
      return;
    }
  }
  d.diagnostics.add(codes::unknown_object, item.name.span, "`{}` has no {} `{}`", quoted(table.schema, table.name),
                    item.what.text, item.name.text);
}

/// A child that states it no more still inherits it.
template <typename X>
void leave_to_parent(X x, Declaring& d) {
  if (x.inherited.from == Inherited::From::parent) return;
  x.inherited.from = Inherited::From::parent;
  d.catalog.put(std::move(x));
}

/// What a whole table leaves out: a column is a question, the rest is dropped to match.
void complete(const ast::Table& statement, const ObjectKey& table, Declaring& d) {
  if (d.catalog.before(table) == nullptr) return;
  for (const ObjectKey& child : d.catalog.children(table)) {
    if (d.declared_here.contains(child)) {
      for (const ObjectKey& satellite : d.catalog.children(child)) {
        const bool stated_in_table = child.kind == Kind::column && satellite.kind == Kind::comment;
        if (stated_in_table && !d.declared_here.contains(satellite)) d.catalog.erase(satellite);
      }
      continue;
    }
    if (child.kind == Kind::column) {
      const Column* column = d.catalog.get<Column>(child);
      if (column->inherited.from != Inherited::From::nowhere) {
        leave_to_parent(*column, d);
        continue;
      }
      if (column->hidden || !d.reported_columns.insert(child).second) continue;
      const std::string name = quoted(table.schema, table.name) + '.' + quoted(column->name);
      d.diagnostics.add(codes::undeclared_column, statement.name.span, "column `{}` exists and is not declared", name)
          .note(column->origin.span, "it was declared here")
          .hint("say `drop column {};` or `rename column {} -> …;`, or declare it", name, name);
      continue;
    }
    const bool stands_outside = child.kind == Kind::owner || child.kind == Kind::table || child.kind == Kind::rule ||
                                child.kind == Kind::inheritance;
    const auto* check = d.catalog.get<Check>(child);
    if (check != nullptr && check->inherited.from != Inherited::From::nowhere) {
      leave_to_parent(*check, d);
      continue;
    }
    if (stands_outside) continue;
    if (const auto* grant = d.catalog.get<Grant>(child); grant != nullptr && !grant->received.empty()) {
      d.catalog.put(Grant{grant->target, grant->role, grant->received, grant->received, grant->origin});
      continue;
    }
    for (const ObjectKey& satellite : d.catalog.children(child)) d.catalog.erase(satellite);
    d.catalog.erase(child);
  }
}

}  // namespace

void state_default(const ast::Sql& text, Column& column, Declaring& d) {
  sql::Analysis analysis = d.analyze(Form::expression, text);
  if (analysis.subquery || analysis.aggregate || analysis.window) {
    d.diagnostics.add(codes::forbidden_expression, text.span, "a default cannot hold a {}",
                      analysis.subquery    ? "subquery"
                      : analysis.aggregate ? "aggregate"
                                           : "window function");
  }
  check_default(text, analysis, column, d);
  column.default_sequence.key = sequence_in(analysis.fragment.text, d);
  if (!column.default_sequence.key) column.serial_of = serial_in(analysis.fragment.text, d);
  column.default_value = std::move(analysis.fragment);
  if (column.serial_of) column.default_value.reset();
  column.inherited.value_too = false;
}

void state_generated(const ast::GeneratedAs& item, Column& column, const std::vector<sql::Visible>& visible,
                     Declaring& d) {
  const ast::Sql& text = item.expression;
  sql::Analysis analysis = d.analyze(Form::expression, text, visible);
  if (analysis.subquery || analysis.aggregate || analysis.window || analysis.set_returning) {
    d.diagnostics.add(codes::forbidden_expression, text.span, "a generated column cannot hold a {}",
                      analysis.subquery    ? "subquery"
                      : analysis.aggregate ? "aggregate"
                      : analysis.window    ? "window function"
                                           : "set-returning function");
  }
  for (const sql::Call& call : analysis.calls) {
    if (call.volatility == 'm') continue;
    d.diagnostics
        .add(codes::not_immutable, Declaring::span_in(text, call.begin, call.end),
             "`{}` is not immutable, so it cannot stand in a generated column", call.name)
        .hint("use an immutable form, such as `to_tsvector('english', …)` for `to_tsvector(…)`, or a trigger");
  }
  check_value(text, analysis, column.type, column.name, d);
  column.generated = Generated{std::move(analysis.fragment), item.is_virtual};
  column.inherited.value_too = false;
}

void declare(const ast::Table& statement, Declaring& d, Pass pass) {
  // A part can be stated before the whole: it is looked at one pass later.
  const Pass column_pass = statement.alter ? Pass::routines : Pass::relations;
  const bool works_here = pass == Pass::drops || pass == column_pass || pass == Pass::routines || pass == Pass::keys ||
                          pass == Pass::expressions || pass == Pass::bodies || pass == Pass::satellites ||
                          pass == Pass::completeness;
  if (!works_here || (pass == Pass::drops && !statement.alter)) return;
  if (pass == Pass::drops) {
    const auto is_drop = [](const ast::TableItem& item) { return std::holds_alternative<ast::DropPart>(item); };
    if (std::none_of(statement.items.begin(), statement.items.end(), is_drop)) return;
  }
  const std::optional<ObjectKey> found = table_of_statement(statement, d);
  if (!found) return;
  const ObjectKey table = *found;

  if (pass == column_pass) {
    declare_shell(statement, table, d);
    for (const ast::TableItem& item : statement.items) {
      if (const auto* column = std::get_if<ast::Column>(&item)) declare_column(*column, table, d);
    }
  }
  if (pass == column_pass) declare_partitions(statement, table, d);
  if (pass == Pass::routines) declare_parents(statement, table, d);
  std::vector<sql::Visible> visible;
  if (pass == Pass::expressions) declare_partition_key(statement, table, d);
  if (pass == Pass::expressions) visible.push_back({table.name, d.relation(table)});
  for (const ast::TableItem& item : statement.items) {
    std::visit(
        [&](const auto& x) {
          using X = std::decay_t<decltype(x)>;
          if constexpr (std::is_same_v<X, ast::Column>) {
            if (pass == Pass::expressions) declare_expressions(x, table, visible, d);
            for (const ast::Constraint& constraint : x.constraints)
              declare_constraint(constraint, table, &x.name, d, pass);
          } else if constexpr (std::is_same_v<X, ast::Constraint>) {
            declare_constraint(x, table, nullptr, d, pass);
          } else if constexpr (std::is_same_v<X, ast::Index>) {
            if (pass == Pass::expressions) declare_index(x, table, d);
          } else if constexpr (std::is_same_v<X, ast::Trigger>) {
            if (pass == Pass::satellites) declare_trigger(x, table, d);
          } else if constexpr (std::is_same_v<X, ast::Policy>) {
            if (pass == Pass::satellites) declare_policy(x, table, d);
          } else if constexpr (std::is_same_v<X, ast::ExtendedStatistics>) {
            if (pass == Pass::satellites) declare_statistics(x, table, d);
          } else if constexpr (std::is_same_v<X, ast::ReplicaIdentity>) {
            if (pass == Pass::satellites) declare_replica_identity(x, table, d);
          } else if constexpr (std::is_same_v<X, ast::GrantClause>) {
            if (pass == Pass::satellites) declare_grant(x, table, d);
          } else if constexpr (std::is_same_v<X, ast::OwnerClause>) {
            if (pass == Pass::satellites) declare_owner(x, table, d);
          } else if constexpr (std::is_same_v<X, ast::CommentClause>) {
            if (pass == Pass::satellites) declare_comment(x.text, x.span, table, d);
          } else if constexpr (std::is_same_v<X, ast::StorageParameters>) {
            if (pass == column_pass) check_parameters(x.parameters, "table", d);
          } else if constexpr (std::is_same_v<X, ast::DropPart>) {
            if (pass == Pass::drops) drop_part(x, table, d);
          }
        },
        item);
  }
  if (pass == Pass::completeness) {
    if (!statement.alter) complete(statement, table, d);
    check_partitioned(statement, table, d);
    declare_attachments(statement, table, d);
    for (const auto& [column, span] : d.needs_values) {
      if (table_of(column) != table || d.filled_columns.contains(column)) continue;
      d.diagnostics
          .add(codes::not_null_without_value, span,
               "column `{}` is `not null` and the rows that exist have no value for it", column.part)
          .hint("give it a `default`, or fill it with a `backfill`");
    }
    std::erase_if(d.needs_values, [&](const auto& entry) { return table_of(entry.first) == table; });
  }
}

void declare(const ast::ChangeColumn& statement, Declaring& d, Pass pass) {
  if (pass == Pass::expressions && d.statement_columns.contains(&statement)) {
    declare_conversions(d.statement_columns.at(&statement), statement.using_expression, statement.reverse_using, d);
  }
  if (pass != Pass::routines) return;
  const auto table = d.existing_table(statement.table);
  if (!table) return;
  const Column* existing = d.catalog.get<Column>(column_key(*table, statement.column.text));
  if (existing == nullptr) {
    d.diagnostics.add(codes::unknown_column, statement.column.span, "`{}` has no column `{}`",
                      quoted(table->schema, table->name), statement.column.text);
    return;
  }
  Column column = *existing;
  column.origin.span = statement.span;
  column.type = d.type_name(statement.type);
  if (column.type == existing->type) {
    d.diagnostics.add(codes::no_effect, statement.type.span, "column `{}` is `{}` already", column.name,
                      column.type.text);
    return;
  }
  if (refuse_inherited(key_of(column), "given another type", statement.type.span, d)) return;
  if (!existing->serial.empty()) column.serial = serial_of(column.type.text);
  check_type_change(*existing, column, statement.type.span, statement.using_expression, statement.reverse_using, d);
  const ObjectKey key = key_of(column);
  if (d.declare(std::move(column), statement.column.span)) d.statement_columns.emplace(&statement, key);
}

}  // namespace godwit::kinds
