// SPDX-License-Identifier: Apache-2.0
#include "compiler/data/declare_batch.h"

#include "base/codes.h"
#include "base/identifier.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <variant>

namespace godwit::data {

namespace {

constexpr long long default_rows = 10000;
constexpr long long most_rows = 1000000;

Surroundings surroundings_of(const kinds::Declaring& d, const std::set<ObjectKey>& none) {
  return {d.catalog, d.renamed_keys, none, d.sources, {}};
}

/// Why the rows cannot be gone over in batches, in words; empty when they can.
std::string obstacle_of(const BatchedRows& rows, const kinds::Declaring& d) {
  if (!rows.obstacle.empty()) return rows.obstacle;
  if (!rows.table || rows.table->kind != Kind::table)
    return "only the rows of a table can be watched while batches run";
  const std::set<ObjectKey> none;
  const Surroundings around = surroundings_of(d, none);
  const ObjectKey present = rows.then ? now(*rows.table, around) : *rows.table;
  if ((rows.then ? row_key_then(present, around) : row_key_now(present, around)).empty()) {
    return fmt::format(
        "rows of `{}` cannot be told apart: it has no primary key, nor another of columns that are not "
        "null",
        table_sql(*rows.table));
  }
  for (const Fragment& expression : rows.expressions) {
    for (const Reference& reference : expression.references) {
      const Kind kind = reference.target.kind;
      if (kind == Kind::view || kind == Kind::materialized_view || kind == Kind::foreign_table) {
        return fmt::format("`{}` is read beside it, and what is written behind it cannot be watched",
                           table_sql(reference.target));
      }
    }
  }
  return {};
}

/// Finds the server the rows in the order of the column without reading them all?
bool leads(const Object& object, const std::string& column) {
  if (const auto* key = std::get_if<PrimaryKey>(&object)) return key->columns.front() == column;
  if (const auto* unique = std::get_if<Unique>(&object)) return unique->columns.front() == column;
  const auto* index = std::get_if<Index>(&object);
  return index != nullptr && !index->where && (index->method.empty() || index->method == "btree") &&
         index->elements.front().column == column;
}

/// The column that the batches go by, which must never be null.
bool check_column(const ast::Name& name, const BatchedRows& rows, kinds::Declaring& d) {
  const std::set<ObjectKey> none;
  const Surroundings around = surroundings_of(d, none);
  const ObjectKey key = column_key(*rows.table, name.text);
  const Column* column = rows.then ? column_then(now(key, around), around) : column_now(key, around);
  if (column == nullptr) {
    const ObjectKey present = rows.then ? now(*rows.table, around) : *rows.table;
    auto report = d.diagnostics.add(codes::unknown_column, name.span, "table `{}` has no column `{}`",
                                    table_sql(*rows.table), name.text);
    if (const auto near = closest(name.text, rows.then ? columns_then(present, around) : columns_now(present, around)))
      report.hint("there is `{}`", *near);
    return false;
  }
  const Names key_columns =
      rows.then ? row_key_then(now(*rows.table, around), around) : row_key_now(*rows.table, around);
  const bool of_key = std::find(key_columns.begin(), key_columns.end(), column->name.str()) != key_columns.end();
  constexpr const char* way_out =
      "go by a column that is `not null` and leads an index, or leave `by` out: the table's key";
  if (!column->not_null && !of_key) {
    d.diagnostics
        .add(codes::bad_batch, name.span, "`{}` may be null, and rows without a value would be in no batch", name.text)
        .hint(way_out);
    return false;
  }
  const ObjectKey before = rows.then ? *rows.table : then(*rows.table, around);
  for (const ObjectKey& child : d.catalog.children_before(before)) {
    const ObjectPtr object = d.catalog.before(child);
    if (object && leads(*object, rows.then ? name.text : then(key, around).part.str())) return true;
  }
  d.diagnostics
      .add(codes::bad_batch, name.span, "no index begins with `{}`: each batch would read the whole table", name.text)
      .hint(way_out);
  return false;
}

}  // namespace

std::optional<Batching> read_batch(const Rare<ast::Batch>& written, const BatchedRows& rows, kinds::Declaring& d) {
  const std::string obstacle = obstacle_of(rows, d);
  if (!written) {
    if (d.transaction != ast::Transaction::phased || !obstacle.empty()) return std::nullopt;
    return Batching{default_rows, {}, rows.span};
  }
  if (d.transaction == ast::Transaction::single) {
    d.diagnostics
        .add(codes::bad_batch, written->span,
             "batches are transactions of their own, and the header wants a single one")
        .hint("leave out `batch`, or say `transaction phased;`");
    return std::nullopt;
  }
  if (!obstacle.empty()) {
    d.diagnostics.add(codes::bad_batch, written->span, "{}", obstacle)
        .hint("leave out `batch`: one statement does it, in the transaction in which the rest changes");
    return std::nullopt;
  }
  if (written->size.value < 1 || written->size.value > most_rows) {
    d.diagnostics
        .add(codes::bad_batch, written->size.span, "a batch is of 1 to {} rows, not of {}", most_rows,
             written->size.value)
        .hint("10000 rows take some 100 ms");
    return std::nullopt;
  }
  if (written->by && !check_column(*written->by, rows, d)) return std::nullopt;
  return Batching{written->size.value, written->by ? written->by->text : std::string{}, written->span};
}

}  // namespace godwit::data
