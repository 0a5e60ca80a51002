// SPDX-License-Identifier: Apache-2.0
// Constraints, stated beside a column or as an item of their table.
#include "base/identifier.h"
#include "compiler/kinds/checks.h"
#include "compiler/kinds/declaring.h"

#include <algorithm>
#include <array>
#include <set>

namespace godwit::kinds {

namespace {

template <typename X>
void set_common(X& x, const ast::Constraint& item, const ObjectKey& table) {
  x.schema = table.schema;
  x.table = table.name;
  x.origin.span = item.span;
}

/// The names of the columns a constraint states, each checked against the table.
std::vector<std::string> columns_of(const std::vector<ast::Name>& names, const ast::Name* column,
                                    const ObjectKey& table, Declaring& d) {
  if (names.empty() && column != nullptr) return {column->text};
  std::vector<std::string> columns;
  for (const ast::Name& name : names) {
    const Column* there = d.catalog.get<Column>(column_key(table, name.text));
    if (there == nullptr || there->hidden) {
      std::vector<std::string> known;
      for (const OutputColumn& known_column : d.relation(table).columns) known.push_back(known_column.name);
      auto report = d.diagnostics.add(codes::unknown_column, name.span, "`{}` has no column `{}`",
                                      quoted(table.schema, table.name), name.text);
      if (const auto near = closest(name.text, known)) report.hint("it has `{}`", *near);
      continue;
    }
    if (std::find(columns.begin(), columns.end(), name.text) != columns.end()) {
      d.diagnostics.add(codes::repeated_clause, name.span, "column `{}` stands twice in one constraint", name.text);
      continue;
    }
    columns.push_back(name.text);
  }
  return columns;
}

std::string name_or_default(const ast::Constraint& item, const ObjectKey& table, const std::string& columns,
                            const std::string& suffix, Declaring& d) {
  if (item.name) return item.name->text;
  return d.free_relation_name(table.schema, table.name, columns, suffix);
}

Span place_of(const ast::Constraint& item) { return item.name ? item.name->span : item.span; }

void declare_key(const ast::Constraint& item, const ast::KeyConstraint& body, const ObjectKey& table,
                 const ast::Name* column, Declaring& d) {
  const std::vector<std::string> columns = columns_of(body.columns, column, table, d);
  if (columns.empty()) return;
  const std::vector<std::string> include = columns_of(body.include, nullptr, table, d);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    check_key_column(column_key(table, columns[i]), i < body.columns.size() ? body.columns[i].span : item.span, d);
  }
  if (body.with) check_parameters(*body.with, "btree", d);
  const auto fill = [&](auto x, const std::string& name) {
    set_common(x, item, table);
    x.name = name;
    x.columns = columns;
    x.include = include;
    if (body.with) x.parameters = body.with->text;
    if (body.tablespace) x.tablespace = body.tablespace->text;
    x.deferrable = item.deferrable || item.initially_deferred;
    x.initially_deferred = item.initially_deferred;
    return x;
  };
  if (item.not_valid) {
    d.diagnostics.add(codes::bad_option, item.span, "a key cannot be `not valid`")
        .hint("only check constraints and foreign keys can");
  }
  if (!body.primary) {
    Unique unique = fill(Unique{}, name_or_default(item, table, joined(columns, "_"), "key", d));
    unique.nulls_not_distinct = body.nulls_not_distinct;
    if (body.nulls_not_distinct) {
      std::string list;
      for (const std::string& name : columns)
        list += (list.empty() ? "" : ", ") + ("coalesce(" + quoted(name) + "::text, '')");
      d.needs_postgres(15, item.span, "`unique nulls not distinct`",
                       "`unique index on (" + list + ");` refuses the same rows on every version");
    }
    d.declare(std::move(unique), place_of(item));
    return;
  }
  for (const ObjectKey& child : d.catalog.children(table)) {
    if (child.kind != Kind::primary_key) continue;
    if (const auto here = d.declared_here.find(child); here != d.declared_here.end()) {
      d.diagnostics
          .add(codes::duplicate_name, item.span, "`{}` has a second primary key", quoted(table.schema, table.name))
          .note(here->second, "the first one is declared here");
      return;
    }
  }
  PrimaryKey key = fill(PrimaryKey{}, name_or_default(item, table, "", "pkey", d));
  for (const std::string& name : columns) {
    const Column* there = d.catalog.get<Column>(column_key(table, name));
    if (there == nullptr || there->not_null) continue;
    Column made_not_null = *there;
    made_not_null.not_null = true;
    d.catalog.put(std::move(made_not_null));
  }
  // A primary key stated anew under another name takes the place of the one that is there.
  for (const ObjectKey& child : d.catalog.children(table)) {
    if (child.kind == Kind::primary_key && child.part != key.name) d.catalog.erase(child);
  }
  d.declare(std::move(key), place_of(item));
}

Check check_of(const ast::Constraint& item, const ast::CheckConstraint& body, const ObjectKey& table, Declaring& d) {
  const std::vector<sql::Visible> visible{{table.name, d.relation(table)}};
  sql::Analysis analysis = d.analyze(Form::expression, body.expression, visible);
  const std::pair<const std::optional<std::size_t>&, const char*> forbidden[] = {
      {analysis.subquery, "subquery"},
      {analysis.aggregate, "aggregate"},
      {analysis.window, "window function"},
      {analysis.set_returning, "set-returning function"}};
  for (const auto& [where, what] : forbidden) {
    if (!where) continue;
    d.diagnostics
        .add(codes::forbidden_expression, Declaring::span_in(body.expression, *where, *where + 1),
             "a check constraint cannot hold a {}", what)
        .hint("a trigger can look at other rows; a foreign key can require that one exists");
  }
  std::set<std::string> columns;
  for (const Reference& reference : analysis.fragment.references) {
    if (reference.target.kind == Kind::column) columns.insert(reference.target.part);
  }
  if (!analysis.type.empty() && analysis.type != "boolean" && analysis.type != "unknown") {
    d.diagnostics.add(codes::type_mismatch, body.expression.span, "a check must be boolean, and this is `{}`",
                      analysis.type);
  }
  Check check;
  set_common(check, item, table);
  check.name = name_or_default(item, table, columns.size() == 1 ? *columns.begin() : "", "check", d);
  check.expression = std::move(analysis.fragment);
  check.no_inherit = body.no_inherit;
  check.not_valid = item.not_valid;
  return check;
}

ReferentialAction action_of(const ast::ReferentialAction& item, const ObjectKey& table, Declaring& d) {
  ReferentialAction action;
  switch (item.kind) {
    case ast::ReferentialAction::Kind::no_action: action.kind = ReferentialAction::Kind::no_action; break;
    case ast::ReferentialAction::Kind::restrict: action.kind = ReferentialAction::Kind::restrict; break;
    case ast::ReferentialAction::Kind::cascade: action.kind = ReferentialAction::Kind::cascade; break;
    case ast::ReferentialAction::Kind::set_null: action.kind = ReferentialAction::Kind::set_null; break;
    case ast::ReferentialAction::Kind::set_default: action.kind = ReferentialAction::Kind::set_default; break;
  }
  action.columns = columns_of(item.columns, nullptr, table, d);
  if (!item.columns.empty()) {
    d.needs_postgres(15, item.columns.front().span, "a column list after `set null` or `set default`",
                     "leave the list out");
  }
  return action;
}

/// Types that PostgreSQL compares with an equality operator of one family, by their canonical base names.
bool comparable(std::string a, std::string b, const Declaring& d) {
  const auto base = [&](std::string type) {
    if (const std::size_t open = type.find('('); open != std::string::npos) {
      const std::size_t close = type.find(')', open);
      type.erase(open, close == std::string::npos ? std::string::npos : close - open + 1);
    }
    return type;
  };
  a = base(std::move(a));
  b = base(std::move(b));
  if (a == b || a.empty() || b.empty()) return true;
  constexpr std::array<std::string_view, 6> numbers{"smallint", "integer", "bigint",
                                                    "numeric",  "real",    "double precision"};
  constexpr std::array<std::string_view, 4> texts{"text", "character varying", "character", "name"};
  constexpr std::array<std::string_view, 3> times{"date", "timestamp without time zone", "timestamp with time zone"};
  constexpr std::array<std::string_view, 2> networks{"inet", "cidr"};
  const auto both_in = [&](const auto& family) {
    return std::find(family.begin(), family.end(), a) != family.end() &&
           std::find(family.begin(), family.end(), b) != family.end();
  };
  if (both_in(numbers) || both_in(texts) || both_in(times) || both_in(networks)) return true;
  const auto built_in = [&](const std::string& type) {
    return sql::analyze_type(type, d.world).problems.empty() && !sql::analyze_type(type, d.world).type.declared;
  };
  return !built_in(a) || !built_in(b);
}

/// The key of `target` that consists of exactly these columns: primary key, unique constraint, or full unique index.
std::optional<ObjectKey> supporting_key(const ObjectKey& target, std::vector<std::string> columns, const Declaring& d) {
  std::sort(columns.begin(), columns.end());
  const auto same = [&](std::vector<std::string> others) {
    std::sort(others.begin(), others.end());
    return others == columns;
  };
  std::optional<ObjectKey> index_key;
  for (const ObjectKey& child : d.catalog.children(target)) {
    if (const auto* key = d.catalog.get<PrimaryKey>(child); key != nullptr && same(key->columns)) return child;
    if (const auto* key = d.catalog.get<Unique>(child); key != nullptr && same(key->columns)) return child;
    if (const auto* index = d.catalog.get<Index>(child); index != nullptr && index->unique && !index->where) {
      std::vector<std::string> others;
      for (const IndexElement& element : index->elements) others.push_back(element.column);
      if (same(others)) index_key = child;
    }
  }
  return index_key;
}

/// PostgreSQL writes null or a default into no generated column.
void check_generated(const ast::Constraint& item, const ast::ForeignKeyConstraint& body, const ForeignKey& key,
                     const ObjectKey& table, Declaring& d) {
  using Action = ast::ReferentialAction::Kind;
  const auto writes = [](Action action) { return action == Action::set_null || action == Action::set_default; };
  for (const std::string& name : key.columns) {
    const Column* column = d.catalog.get<Column>(column_key(table, name));
    if (column == nullptr || !column->generated) continue;
    const bool updates = writes(body.on_update.kind) || body.on_update.kind == Action::cascade;
    if (!writes(body.on_delete.kind) && !updates) continue;
    d.diagnostics.add(codes::bad_option, item.span, "`{}` is generated: a foreign key cannot write into it", name)
        .hint("use `no action` or `restrict`, or `on delete cascade`");
    return;
  }
}

void declare_foreign_key(const ast::Constraint& item, const ast::ForeignKeyConstraint& body, const ObjectKey& table,
                         const ast::Name* column, Declaring& d) {
  ForeignKey key;
  set_common(key, item, table);
  key.columns = columns_of(body.columns, column, table, d);
  const auto target = d.existing_table(body.target);
  if (!target || key.columns.empty()) return;
  key.target = *target;
  key.target_columns = columns_of(body.target_columns, nullptr, *target, d);
  if (key.target_columns.size() != body.target_columns.size()) return;
  const std::string target_name = quoted(target->schema, target->name);
  if (body.target_columns.empty()) {
    for (const ObjectKey& child : d.catalog.children(*target)) {
      if (const auto* primary = d.catalog.get<PrimaryKey>(child)) key.target_columns = primary->columns;
    }
    if (key.target_columns.empty()) {
      d.diagnostics.add(codes::bad_key_reference, body.target.span, "`{}` has no primary key to refer to", target_name)
          .hint("name the columns of one of its unique constraints: `references {} (column)`", target_name);
      return;
    }
  }
  if (key.columns.size() != key.target_columns.size()) {
    d.diagnostics.add(codes::bad_key_reference, item.span, "{} column{} refer to {}", key.columns.size(),
                      key.columns.size() == 1 ? "" : "s", key.target_columns.size());
    return;
  }
  key.support.key = supporting_key(*target, key.target_columns, d);
  if (!key.support.key) {
    const std::string list = quoted_list(key.target_columns);
    d.diagnostics
        .add(codes::bad_key_reference, body.target.span, "`{}` has no unique constraint over exactly ({})", target_name,
             list)
        .hint("add `unique ({});` to `{}`, or refer to its primary key", list, target_name);
    return;
  }
  const auto* unique = d.catalog.get<Unique>(*key.support.key);
  const auto* primary_key = d.catalog.get<PrimaryKey>(*key.support.key);
  if ((unique != nullptr && unique->deferrable) || (primary_key != nullptr && primary_key->deferrable)) {
    d.diagnostics
        .add(codes::bad_key_reference, body.target.span,
             "the key of `{}` over ({}) is deferrable: nothing can refer to it", target_name,
             quoted_list(key.target_columns))
        .hint("declare that key without `deferrable`");
    return;
  }
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const Column* from = d.catalog.get<Column>(column_key(table, key.columns[i]));
    const Column* to = d.catalog.get<Column>(column_key(*target, key.target_columns[i]));
    if (from == nullptr || to == nullptr || comparable(from->type.text, to->type.text, d)) continue;
    d.diagnostics
        .add(codes::type_mismatch, item.span, "`{}` is `{}` and refers to `{}`, which is `{}`: they cannot be compared",
             from->name, from->type.text, target_name + '.' + quoted(to->name), to->type.text)
        .hint("declare `{}` as `{}`", from->name, to->type.text);
    return;
  }
  key.match_full = body.match_full;
  check_generated(item, body, key, table, d);
  key.on_delete = action_of(body.on_delete, table, d);
  key.on_update = action_of(body.on_update, table, d);
  key.deferrable = item.deferrable || item.initially_deferred;
  key.initially_deferred = item.initially_deferred;
  key.not_valid = item.not_valid;
  key.name = name_or_default(item, table, joined(key.columns, "_"), "fkey", d);
  d.declare(std::move(key), place_of(item));
}

void declare_exclude(const ast::Constraint& item, const ast::ExcludeConstraint& body, const ObjectKey& table,
                     Declaring& d) {
  const std::vector<sql::Visible> visible{{table.name, d.relation(table)}};
  sql::Analysis analysis = d.analyze(Form::exclude, body.definition, visible);
  std::vector<std::string> columns;
  for (const Reference& reference : analysis.fragment.references) {
    if (reference.target.kind == Kind::column) columns.push_back(reference.target.part);
  }
  Exclude exclude;
  set_common(exclude, item, table);
  exclude.definition = std::move(analysis.fragment);
  exclude.deferrable = item.deferrable || item.initially_deferred;
  exclude.initially_deferred = item.initially_deferred;
  exclude.name = name_or_default(item, table, joined(columns, "_"), "excl", d);
  d.declare(std::move(exclude), place_of(item));
}

/// Clauses that PostgreSQL takes for other constraints, or not together.
void check_clauses(const ast::Constraint& item, Declaring& d) {
  const bool defers = item.deferrable || item.initially_deferred;
  if (defers && item.not_deferrable) {
    d.diagnostics.add(codes::bad_option, item.span, "a constraint is either deferrable or not");
  } else if (defers && std::holds_alternative<ast::CheckConstraint>(item.body)) {
    d.diagnostics.add(codes::bad_option, item.span, "a check cannot be deferred")
        .hint("a constraint trigger can: `trigger … after insert or update … initially deferred …`");
  }
  if (item.not_valid && std::holds_alternative<ast::ExcludeConstraint>(item.body))
    d.diagnostics.add(codes::bad_option, item.span, "an exclusion constraint cannot be `not valid`");
}

}  // namespace

Check stated_check(const ast::Constraint& item, const ObjectKey& table, Declaring& d) {
  check_clauses(item, d);
  return check_of(item, std::get<ast::CheckConstraint>(item.body), table, d);
}

void declare_constraint(const ast::Constraint& item, const ObjectKey& table, const ast::Name* column, Declaring& d,
                        Pass pass) {
  if (pass == Pass::expressions) check_clauses(item, d);
  if (const auto* key = std::get_if<ast::KeyConstraint>(&item.body)) {
    if (pass == Pass::keys) declare_key(item, *key, table, column, d);
    return;
  }
  // Foreign keys come after indexes, for they may lean on a unique one.
  if (const auto* foreign = std::get_if<ast::ForeignKeyConstraint>(&item.body)) {
    if (pass == Pass::bodies) declare_foreign_key(item, *foreign, table, column, d);
    return;
  }
  if (pass != Pass::expressions) return;
  if (const auto* check = std::get_if<ast::CheckConstraint>(&item.body))
    d.declare(check_of(item, *check, table, d), place_of(item));
  if (const auto* exclude = std::get_if<ast::ExcludeConstraint>(&item.body)) declare_exclude(item, *exclude, table, d);
}

}  // namespace godwit::kinds
