// SPDX-License-Identifier: Apache-2.0
// `rows t key (k) { (a, b) : (1, 2); }`
#include "compiler/data/declare_common.h"

#include "base/identifier.h"

#include <algorithm>
#include <map>

namespace godwit::kinds {

namespace {

using namespace data;

// Keys are compared as they are written: what differs in spelling only is left to the server.
void check_repeated_keys(const ast::Rows& item, Declaring& d) {
  std::vector<std::size_t> places;
  for (const ast::Name& name : item.key) {
    const auto found = std::find_if(item.columns.begin(), item.columns.end(),
                                    [&](const ast::Name& one) { return one.text == name.text; });
    if (found == item.columns.end()) return;
    places.push_back(static_cast<std::size_t>(found - item.columns.begin()));
  }
  std::map<std::vector<std::string>, Span> seen;
  for (const auto& row : item.values) {
    if (row.size() != item.columns.size()) continue;
    std::vector<std::string> key;
    for (const std::size_t place : places) key.push_back(row[place].text);
    const Span span = row[places.front()].span;
    const auto [earlier, is_new] = seen.emplace(key, span);
    if (is_new) continue;
    d.diagnostics.add(codes::bad_move, span, "two rows have the key ({})", joined(key, ", "))
        .note(earlier->second, "this is the other one");
  }
}

}  // namespace

void declare(const ast::Rows& item, Declaring& d, Pass pass) {
  if (pass != Pass::data) return;
  const std::size_t errors = d.diagnostics.error_count();
  const auto table = d.existing_table(item.table);
  if (!table || refuse_inheritors(*table, "rows of", item.table.span, d)) return;
  Rows rows;
  rows.table = *table;
  rows.span = item.span;
  std::vector<const Column*> columns;
  std::set<std::string> given;
  for (const ast::Name& name : item.columns) {
    const Column* column = target_column(*table, name, d);
    columns.push_back(column);
    if (!given.insert(name.text).second)
      d.diagnostics.add(codes::bad_move, name.span, "column `{}` is listed twice", name.text);
    if (column != nullptr && column->generated) {
      d.diagnostics.add(codes::bad_move, name.span, "`{}` is generated and takes no value", name.text);
    }
    rows.columns.push_back(name.text);
  }
  for (const ast::Name& name : item.key) {
    rows.key.push_back(name.text);
    if (given.contains(name.text)) continue;
    if (target_column(*table, name, d) == nullptr) continue;
    d.diagnostics.add(codes::bad_move, name.span, "key column `{}` is not among the columns of the rows", name.text);
  }
  if (item.values.empty()) d.diagnostics.add(codes::no_effect, item.span, "`rows` lists no row");
  for (const auto& row : item.values) {
    if (row.size() != item.columns.size()) {
      const Span span =
          row.empty() ? item.span : Span{row.front().span.file, row.front().span.begin, row.back().span.end};
      d.diagnostics.add(codes::bad_move, span, "this row has {} values for {} columns", row.size(),
                        item.columns.size());
      continue;
    }
    std::vector<Fragment> cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const sql::Analysis value = d.analyze(Form::expression, row[i]);
      if (value.problems.empty() && columns[i] != nullptr && check_plain(value, row[i].span, codes::bad_move, d)) {
        check_type(value, *columns[i], row[i].span, d);
      }
      cells.push_back(value.fragment);
    }
    rows.values.push_back(std::move(cells));
  }
  if (!item.key.empty()) check_repeated_keys(item, d);
  check_not_null(*table, given, item.table.span, "`rows`", d);
  if (d.diagnostics.error_count() == errors) d.intents.push_back(std::move(rows));
}

}  // namespace godwit::kinds
