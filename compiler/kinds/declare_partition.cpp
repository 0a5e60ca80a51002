// SPDX-License-Identifier: Apache-2.0
// `partition by …` and `partition p …` of a table: the key, the partitions, and what both ask of the rest of the table.
#include "base/identifier.h"
#include "compiler/kinds/declaring.h"
#include "compiler/kinds/partition.h"

#include <algorithm>
#include <set>

namespace godwit::kinds {

namespace {

ObjectKey partition_key_of(const ast::Partition& item, const ObjectKey& parent, Declaring& d) {
  const std::string schema = item.name.schema ? d.schema_for_new(item.name) : parent.schema.str();
  return {Kind::table, schema, item.name.name.text, {}, Kind::schema, {}};
}

/// The table as it stood before the migration, under its present name.
std::optional<Table> stood_before(const ObjectKey& key, const Declaring& d) {
  const auto renamed = std::find_if(d.renamed_keys.begin(), d.renamed_keys.end(),
                                    [&](const auto& entry) { return entry.second == key; });
  if (renamed == d.renamed_keys.end() && d.renamed_keys.contains(key)) return std::nullopt;  // the name was given away
  const ObjectPtr before = d.catalog.before(renamed == d.renamed_keys.end() ? key : renamed->first);
  if (!before) return std::nullopt;
  return std::get<Table>(renamed_object(*before, d.renamed_keys, RenamedBy::spec));
}

void refuse(Span span, const std::string& what, const std::string& hint, Declaring& d) {
  d.diagnostics.add(codes::later_construct, span, "{} is not planned by this version of godwit", what).hint("{}", hint);
}

/// A table of that name may stand already: only as the very partition that is stated again.
bool fits(const Table& stated, const ast::Partition& item, Declaring& d) {
  const auto before = stood_before(key(stated), d);
  if (!before) return true;
  const std::string name = quoted(stated.schema, stated.name);
  if (!before->partition_of || before->partition_of->table != stated.partition_of->table) {
    if (before->partition_of) {
      refuse(item.name.span, "moving partition `" + name + "` to another table",
             "say `detach partition` in a migration before, or give the new partition another name", d);
      return false;
    }
    d.diagnostics.add(codes::duplicate_name, item.name.span, "`{}` is a table already", name)
        .hint("say `attach partition {} {};` to make it a partition", name, item.bound.text);
    return false;
  }
  if (before->partition_of->bound == stated.partition_of->bound) return true;
  refuse(item.bound.span, "changing the bound of partition `" + name + "`",
         "say `drop table " + name + ";`, and declare a partition of another name with the new bound", d);
  return false;
}

void declare_one(const ast::Partition& item, const ObjectKey& parent, Declaring& d) {
  const ObjectKey key = partition_key_of(item, parent, d);
  sql::Analysis bound = d.analyze(Form::partition_bound, item.bound);
  check_bound(bound, item.bound, d);
  Table table;
  const Table* there = d.catalog.get<Table>(key);
  if (there != nullptr && there->partition_of) table = *there;
  table.schema = key.schema;
  table.name = key.name;
  table.partition_of = PartitionOf{parent, std::move(bound.fragment)};
  table.origin.span = item.name.span;
  if (!d.declared_here.contains(key) && !fits(table, item, d)) {
    d.declared_here.emplace(key, item.name.span);
    return;
  }
  if (!d.declare(std::move(table), item.name.span)) return;
  for (const ast::Partition& inner : item.partitions) declare_one(inner, key, d);
  if (item.partitions.empty() || item.by) return;
  if (there == nullptr || !there->partition_key) {
    d.diagnostics
        .add(codes::bad_option, item.partitions.front().name.span, "`{}` is not partitioned",
             quoted(key.schema, key.name))
        .hint("say `partition by …` before its partitions");
  }
}

/// What stands before the first space outside of quotes, as PostgreSQL reads a name.
std::string first_word(const std::string& element) {
  if (!element.starts_with('"')) return folded(element.substr(0, element.find(' ')));
  std::string name;
  for (std::size_t i = 1; i < element.size(); ++i) {
    if (element[i] == '"' && element[++i] != '"') break;
    name += element[i];
  }
  return name;
}

/// The columns of a key; nullopt when it has expressions, which no unique constraint can hold.
std::optional<std::set<std::string>> plain_columns(const Table& table) {
  const std::vector<std::string> elements = partition_key_elements(*table.partition_key);
  std::set<std::string> columns;
  for (const Reference& reference : table.partition_key->references) {
    if (reference.target.kind == Kind::column) columns.insert(reference.target.part);
  }
  const bool plain = std::all_of(elements.begin(), elements.end(),
                                 [&](const std::string& element) { return columns.contains(first_word(element)); });
  if (!plain) return std::nullopt;
  return columns;
}

void set_key(const Rare<ast::PartitionBy>& by, const ObjectKey& key, Span name_span, Declaring& d) {
  const Table* there = d.catalog.get<Table>(key);
  if (there == nullptr) return;
  Table table = *there;
  table.partition_key.reset();
  if (by) {
    const ObjectKey root = d.catalog.root_of(key);
    sql::Analysis analysis = d.analyze(Form::partition_key, by->strategy, {{root.name, d.relation(root)}});
    if (analysis.subquery || analysis.aggregate || analysis.window || analysis.set_returning) {
      d.diagnostics.add(codes::forbidden_expression, by->strategy.span,
                        "a partition key cannot hold a subquery, an aggregate, a window or a set-returning function");
    }
    for (const sql::Call& call : analysis.calls) {
      if (call.volatility == 'm') continue;
      d.diagnostics.add(codes::not_immutable, Declaring::span_in(by->strategy, call.begin, call.end),
                        "`{}` is not immutable, so it cannot stand in a partition key", call.name);
    }
    for (const Reference& reference : analysis.fragment.references) {
      const Column* column = d.catalog.get<Column>(reference.target);
      if (column == nullptr || !column->generated) continue;
      d.diagnostics.add(codes::forbidden_expression, by->strategy.span,
                        "a partition key cannot read the generated column `{}`", column->name);
    }
    table.partition_key = std::move(analysis.fragment);
    const std::string strategy = strategy_of(*table.partition_key);
    if (strategy == "list" && partition_key_elements(*table.partition_key).size() > 1) {
      d.diagnostics.add(codes::bad_option, by->strategy.span, "`list` takes one column or expression");
    } else if (strategy != "range" && strategy != "list" && strategy != "hash") {
      d.diagnostics.add(codes::bad_option, by->strategy.span, "`range (…)`, `list (…)` or `hash (…)` is expected");
    }
  }
  const auto before = stood_before(key, d);
  if (before && !(before->partition_key == table.partition_key)) {
    refuse(by ? by->strategy.span : name_span,
           "changing how the existing table `" + quoted(key.schema, key.name) + "` is partitioned",
           "declare a new table, `move` the rows, drop the old one and rename the new one", d);
    return;
  }
  if (!(table == *there)) d.catalog.put(std::move(table));
}

void set_keys(const std::vector<ast::Partition>& items, const ObjectKey& parent, Declaring& d) {
  for (const ast::Partition& item : items) {
    const ObjectKey key = partition_key_of(item, parent, d);
    const Table* there = d.catalog.get<Table>(key);
    if (there == nullptr || !there->partition_of || there->partition_of->table != parent) continue;
    set_key(item.by, key, item.name.span, d);
    set_keys(item.partitions, key, d);
  }
}

std::vector<ast::Partition> partitions_in(const ast::Table& statement) {
  std::vector<ast::Partition> all;
  for (const ast::TableItem& item : statement.items) {
    if (const auto* partition = std::get_if<ast::Partition>(&item)) all.push_back(*partition);
  }
  return all;
}

/// The table and all partitions below it that are partitioned themselves.
std::vector<const Table*> partitioned_in(const ObjectKey& table, const Catalog& catalog) {
  std::vector<const Table*> all;
  const auto* shell = catalog.get<Table>(table);
  if (shell == nullptr || !shell->partition_key) return all;
  all.push_back(shell);
  for (const ObjectKey& child : catalog.children(table)) {
    if (child.kind != Kind::table) continue;
    for (const Table* inner : partitioned_in(child, catalog)) all.push_back(inner);
  }
  return all;
}

/// Each partition keeps an index of its own: it says nothing about the others unless it holds what parts them.
void check_unique(const std::string& what, const std::vector<std::string>& columns, Span span,
                  const std::vector<const Table*>& partitioned, Declaring& d) {
  for (const Table* table : partitioned) {
    const auto wanted = plain_columns(*table);
    if (!wanted) {
      d.diagnostics
          .add(codes::bad_key_reference, span, "{} cannot hold the expression by which `{}` is partitioned", what,
               quoted(table->schema, table->name))
          .hint("partition by a column that holds the value");
      return;
    }
    for (const std::string& column : *wanted) {
      if (std::find(columns.begin(), columns.end(), column) != columns.end()) continue;
      d.diagnostics
          .add(codes::bad_key_reference, span, "{} lacks column `{}`, by which `{}` is partitioned", what, column,
               quoted(table->schema, table->name))
          .hint("add `{}` to it: PostgreSQL keeps one index for each partition", column);
      return;
    }
  }
}

void check_child(const ObjectKey& child, const std::vector<const Table*>& partitioned, Declaring& d) {
  const Object& object = *d.catalog.find(child);
  const Span span = span_of(object);
  if (const auto* primary = std::get_if<PrimaryKey>(&object))
    check_unique("the primary key", primary->columns, span, partitioned, d);
  if (const auto* unique = std::get_if<Unique>(&object))
    check_unique("the unique constraint", unique->columns, span, partitioned, d);
  if (const auto* index = std::get_if<Index>(&object); index != nullptr && index->unique) {
    std::vector<std::string> columns;
    for (const IndexElement& element : index->elements) columns.push_back(element.column);
    check_unique("the unique index", columns, span, partitioned, d);
  }
  if (const auto* check = std::get_if<Check>(&object); check != nullptr && check->no_inherit)
    d.diagnostics.add(codes::bad_option, span, "a check of a partitioned table cannot be `no inherit`");
  if (child.kind == Kind::exclude)
    d.needs_postgres(17, span, "an exclusion constraint on a partitioned table", "state it on an ordinary table");
  if (const auto* foreign = std::get_if<ForeignKey>(&object); foreign != nullptr && foreign->not_valid)
    d.needs_postgres(18, span, "a foreign key of a partitioned table that is `not valid`", "leave `not valid` out");
}

void check_left_out(const ast::Table& statement, const ObjectKey& table, Declaring& d) {
  for (const ObjectKey& child : d.catalog.children(table)) {
    if (child.kind != Kind::table) continue;
    if (d.declared_here.contains(child)) {
      check_left_out(statement, child, d);
      continue;
    }
    const std::string name = quoted(child.schema, child.name);
    d.diagnostics
        .add(codes::undeclared_partition, statement.name.span, "partition `{}` exists and is not declared", name)
        .note(span_of(*d.catalog.find(child)), "it was declared here")
        .hint("say `drop table {};`, or declare it", name);
  }
}

}  // namespace

void declare_partitions(const ast::Table& statement, const ObjectKey& table, Declaring& d) {
  const Table* shell = d.catalog.get<Table>(table);
  const auto is_by = [](const ast::TableItem& item) { return std::holds_alternative<ast::PartitionBy>(item); };
  const bool partitioned = std::any_of(statement.items.begin(), statement.items.end(), is_by) ||
                           (statement.alter && shell != nullptr && shell->partition_key);
  for (const ast::Partition& item : partitions_in(statement)) {
    if (!partitioned) {
      d.diagnostics.add(codes::bad_option, item.name.span, "`{}` is not partitioned", quoted(table.schema, table.name))
          .hint("say `partition by …` before its partitions");
      return;
    }
    declare_one(item, table, d);
  }
}

void check_bound(const sql::Analysis& bound, const ast::Sql& text, Declaring& d) {
  for (const sql::Call& call : bound.calls) {
    d.diagnostics
        .add(codes::forbidden_expression, Declaring::span_in(text, call.begin, call.end),
             "`{}` may give another value each time, and a bound is computed again when a partition is brought back",
             call.name)
        .hint("write the value");
  }
  if (!bound.subquery) return;
  d.diagnostics.add(codes::forbidden_expression, Declaring::span_in(text, *bound.subquery, *bound.subquery + 1),
                    "a bound cannot hold a subquery");
}

void check_keys_below(const ObjectKey& root, const ObjectKey& table, Declaring& d) {
  const std::vector<const Table*> partitioned = partitioned_in(table, d.catalog);
  if (partitioned.empty()) return;
  for (const ObjectKey& child : d.catalog.children(root)) check_child(child, partitioned, d);
}

void declare_partition_key(const ast::Table& statement, const ObjectKey& table, Declaring& d) {
  Rare<ast::PartitionBy> by;
  for (const ast::TableItem& item : statement.items) {
    if (const auto* one = std::get_if<ast::PartitionBy>(&item)) by = *one;
  }
  if (by || !statement.alter) set_key(by, table, statement.name.span, d);
  set_keys(partitions_in(statement), table, d);
}

void check_partitioned(const ast::Table& statement, const ObjectKey& table, Declaring& d) {
  const Table* shell = d.catalog.get<Table>(table);
  if (shell == nullptr) return;
  if (!statement.alter) check_left_out(statement, table, d);
  const std::vector<const Table*> partitioned = partitioned_in(d.catalog.root_of(table), d.catalog);
  if (partitioned.empty()) return;
  const std::string name = quoted(table.schema, table.name);
  if (shell->unlogged) {
    d.diagnostics.add(codes::bad_option, statement.name.span,
                      "`{}` is partitioned, and only what holds rows is logged or not", name);
  }
  if (!shell->parameters.empty()) {
    d.diagnostics.add(codes::bad_option, statement.name.span,
                      "`{}` is partitioned, and only what holds rows takes storage parameters", name);
  }
  for (const ObjectKey& child : d.catalog.children(d.catalog.root_of(table))) check_child(child, partitioned, d);
}

void check_items_of_partition(const ast::Table& statement, const ObjectKey& partition, Declaring& d) {
  for (const ast::TableItem& item : statement.items) {
    const bool own =
        std::holds_alternative<ast::Partition>(item) || std::holds_alternative<ast::AttachPartition>(item) ||
        std::holds_alternative<ast::DetachPartition>(item) || std::holds_alternative<ast::CommentClause>(item) ||
        std::holds_alternative<ast::OwnerClause>(item) || std::holds_alternative<ast::GrantClause>(item);
    if (!own) return d.is_partition(partition, d.catalog.root_of(partition), statement.name.span);
  }
}

void check_dropped_partitions(Declaring& d) {
  const auto is_dropped = [&](const ObjectKey& key) {
    return std::any_of(d.drops.begin(), d.drops.end(), [&](const DropIntent& drop) { return drop.key == key; });
  };
  for (const DropIntent& drop : d.drops) {
    if (drop.key.kind != Kind::table) continue;
    for (auto table = stood_before(drop.key, d); table && table->partition_of;) {
      const ObjectKey parent = table->partition_of->table;
      if (is_dropped(parent)) {
        d.diagnostics
            .add(codes::no_effect, drop.span, "{} goes with {}, of which it is a partition", describe(drop.key),
                 describe(parent))
            .hint("leave its own `drop` out");
        break;
      }
      table = stood_before(parent, d);
    }
  }
}

}  // namespace godwit::kinds
