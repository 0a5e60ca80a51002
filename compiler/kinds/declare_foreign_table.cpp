// SPDX-License-Identifier: Apache-2.0
// `foreign table t server s { … }`: always the whole of it.
#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/collation.h"
#include "compiler/kinds/foreign_options.h"

#include <algorithm>
#include <type_traits>

namespace godwit::kinds {

namespace {

void find_server(const ast::ForeignTable& item, ForeignTable& table, Declaring& d) {
  table.server = item.server.text;
  const ObjectKey server{Kind::foreign_server, {}, table.server, {}, Kind::schema, {}};
  if (d.catalog.find(server) != nullptr) {
    table.server_object.key = server;
  } else if (!d.world.has_unlisted()) {
    std::vector<std::string> known;
    for (const ObjectKey& key : d.catalog.keys(Kind::foreign_server)) known.push_back(key.name);
    auto report =
        d.diagnostics.add(codes::unknown_object, item.server.span, "server `{}` is not declared", table.server);
    if (const auto near = closest(table.server, known)) {
      report.hint("`{}` is declared and has a similar name", *near);
    } else {
      report.hint("declare it with `server {} foreign data wrapper …;`", quoted(table.server));
    }
  }
}

/// What a column of a table may say and that of a foreign table may not.
void check_clauses(const ast::Column& item, bool is_serial, Declaring& d) {
  for (const ast::Constraint& constraint : item.constraints) {
    if (std::holds_alternative<ast::CheckConstraint>(constraint.body)) continue;
    d.diagnostics.add(codes::bad_option, constraint.span, "a foreign table has no keys: its rows are another server's")
        .hint("a `check` says what they have to be");
  }
  if (item.using_expression || item.reverse_using) {
    const Span span = item.using_expression ? item.using_expression->span : item.reverse_using->span;
    d.diagnostics.add(codes::bad_option, span, "a foreign table has no rows to convert");
  }
  if (item.identity || is_serial) d.later(item.type.span, "a column of a foreign table with a sequence of its own");
  if (item.storage) d.later(item.storage->span, "`storage` of a column of a foreign table");
  if (item.compression) d.later(item.compression->span, "`compression` of a column of a foreign table");
  if (item.statistics) d.later(item.statistics->span, "a statistics target of a column of a foreign table");
  if (item.generated && item.generated->is_virtual)
    d.later(item.generated->expression.span, "a virtual column of a foreign table");
}

ForeignColumn column_of(const ast::Column& item, const ObjectKey& table, Declaring& d) {
  ForeignColumn result;
  Column& column = result.column;
  column.schema = table.schema;
  column.table = table.name;
  column.name = item.name.text;
  column.origin.span = item.span;
  bool is_serial = false;
  column.type = d.type_name(item.type, &is_serial);
  if (item.collation) {
    column.collation = item.collation->text;
    column.collation_object = collation_named(column.collation, &item.collation->span, d);
  }
  column.not_null = item.not_null;
  if (item.default_value && item.generated) {
    d.diagnostics.add(codes::bad_option, item.default_value->span, "column `{}` has a default beside a generated value",
                      column.name);
  }
  check_clauses(item, is_serial, d);
  check_column(item, column, d);
  if (item.options) result.options = declared_options(*item.options, d);
  return result;
}

void declare_shape(const ast::ForeignTable& item, const ObjectKey& key, Declaring& d) {
  ForeignTable table;
  table.schema = key.schema;
  table.name = key.name;
  table.origin.span = item.name.span;
  find_server(item, table, d);
  if (item.options) table.options = declared_options(*item.options, d);
  std::map<std::string, Span> columns;
  for (const ast::TableItem& part : item.items) {
    const auto* column = std::get_if<ast::Column>(&part);
    if (column == nullptr) continue;
    const auto [earlier, is_new] = columns.emplace(column->name.text, column->name.span);
    if (is_new) {
      table.columns.push_back(column_of(*column, key, d));
    } else {
      d.diagnostics
          .add(codes::duplicate_name, column->name.span, "column {}.{} is declared twice", quoted(key.schema, key.name),
               quoted(column->name.text))
          .note(earlier->second, "declared here first");
    }
  }
  for (const Kind other : {Kind::view, Kind::materialized_view}) {
    ObjectKey clash = key;
    clash.kind = other;
    if (d.catalog.find(clash) == nullptr) continue;
    d.diagnostics.add(codes::duplicate_name, item.name.span, "`{}` is a {} already", quoted(key.schema, key.name),
                      name_of(other));
  }
  d.declare(std::move(table), item.name.span);
}

void add_check(const ast::Constraint& item, const ObjectKey& key, ForeignTable& table, Declaring& d) {
  if (!std::holds_alternative<ast::CheckConstraint>(item.body)) return;
  Check check = stated_check(item, key, d);
  const auto [earlier, is_new] = d.declared_here.emplace(key_of(check), item.span);
  if (is_new) {
    table.checks.push_back(std::move(check));
  } else {
    d.diagnostics.add(codes::duplicate_name, item.span, "{} is declared twice", describe(key_of(check)))
        .note(earlier->second, "declared here first");
  }
}

/// Defaults, generated values and checks, once everything that they may name is known.
void declare_values(const ast::ForeignTable& item, const ObjectKey& key, Declaring& d) {
  const auto* there = d.catalog.get<ForeignTable>(key);
  if (there == nullptr || there->origin.span != item.name.span) return;
  ForeignTable table = *there;
  const std::vector<sql::Visible> visible{{key.name, d.relation(key)}};
  for (const ast::TableItem& part : item.items) {
    if (const auto* constraint = std::get_if<ast::Constraint>(&part)) add_check(*constraint, key, table, d);
    const auto* column = std::get_if<ast::Column>(&part);
    if (column == nullptr) continue;
    const auto stated = std::find_if(table.columns.begin(), table.columns.end(),
                                     [&](const ForeignColumn& one) { return one.column.origin.span == column->span; });
    if (stated == table.columns.end()) continue;
    if (column->default_value) state_default(*column->default_value, stated->column, d);
    if (column->generated) state_generated(*column->generated, stated->column, visible, d);
    for (const ast::Constraint& constraint : column->constraints) add_check(constraint, key, table, d);
  }
  for (const ForeignColumn& reader : table.columns) {
    if (!reader.column.generated) continue;
    for (const Reference& reference : reader.column.generated->expression.references) {
      const bool generated = std::any_of(table.columns.begin(), table.columns.end(), [&](const ForeignColumn& other) {
        return key_of(other.column) == reference.target && other.column.generated;
      });
      if (!generated) continue;
      d.diagnostics.add(codes::forbidden_expression, reader.column.origin.span,
                        "a generated column cannot read the generated column `{}`", reference.target.part);
    }
  }
  std::sort(table.checks.begin(), table.checks.end(), [](const Check& a, const Check& b) { return a.name < b.name; });
  d.catalog.put(std::move(table));
}

void refuse(Span span, const std::string& what, Declaring& d) {
  d.diagnostics.add(codes::bad_option, span, "a foreign table has no {}: its rows are another server's", what);
}

/// Owner, grants and comments; what PostgreSQL or this version does not take.
void declare_satellites(const ast::ForeignTable& item, const ObjectKey& key, Declaring& d) {
  for (const ast::TableItem& part : item.items) {
    std::visit(
        [&](const auto& x) {
          using X = std::decay_t<decltype(x)>;
          if constexpr (std::is_same_v<X, ast::Column>) {
            if (x.comment) declare_comment(*x.comment, x.comment->span, column_key(key, x.name.text), d);
          } else if constexpr (std::is_same_v<X, ast::Constraint>) {
            if (!std::holds_alternative<ast::CheckConstraint>(x.body)) refuse(x.span, "keys", d);
          } else if constexpr (std::is_same_v<X, ast::GrantClause>) {
            declare_grant(x, key, d);
          } else if constexpr (std::is_same_v<X, ast::OwnerClause>) {
            declare_owner(x, key, d);
          } else if constexpr (std::is_same_v<X, ast::CommentClause>) {
            declare_comment(x.text, x.span, key, d);
          } else if constexpr (std::is_same_v<X, ast::Index>) {
            refuse(x.span, "indexes", d);
          } else if constexpr (std::is_same_v<X, ast::Policy> || std::is_same_v<X, ast::RowSecurity>) {
            refuse(x.span, "row level security", d);
          } else if constexpr (std::is_same_v<X, ast::Trigger>) {
            d.later(x.span, "a trigger of a foreign table");
          } else if constexpr (std::is_same_v<X, ast::ExtendedStatistics>) {
            d.later(x.span, "statistics of a foreign table");
          } else if constexpr (std::is_same_v<X, ast::Inherits> || std::is_same_v<X, ast::PartitionBy> ||
                               std::is_same_v<X, ast::Partition>) {
            d.later(x.span, "inheritance of a foreign table");
          } else {
            refuse(x.span, "storage", d);
          }
        },
        part);
  }
}

/// The statement is about the whole: grants and comments that it leaves out go, as those of a table do.
void complete(const ObjectKey& key, Declaring& d) {
  if (d.catalog.before(key) == nullptr) return;
  for (const ObjectKey& child : d.catalog.children(key)) {
    if (d.declared_here.contains(child) || child.kind == Kind::owner) continue;
    const auto* grant = d.catalog.get<Grant>(child);
    if (grant != nullptr && !grant->received.empty()) {
      d.catalog.put(Grant{grant->target, grant->role, grant->received, grant->received, grant->origin});
    } else {
      d.catalog.erase(child);
    }
  }
}

}  // namespace

void declare(const ast::ForeignTable& item, Declaring& d, Pass pass) {
  if (pass < Pass::relations) return;
  const ObjectKey key{Kind::foreign_table, d.schema_for_new(item.name), item.name.name.text, {}, Kind::schema, {}};
  if (pass == Pass::relations) declare_shape(item, key, d);
  if (pass == Pass::expressions) declare_values(item, key, d);
  if (pass == Pass::satellites && d.catalog.find(key) != nullptr) declare_satellites(item, key, d);
  if (pass == Pass::completeness && d.catalog.find(key) != nullptr) complete(key, d);
}

}  // namespace godwit::kinds
