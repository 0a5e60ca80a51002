// SPDX-License-Identifier: Apache-2.0
// What the declarations of this folder share while names become keys and texts become fragments.
#pragma once

#include "compiler/data/text.h"
#include "compiler/kinds/declaring.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::data {

/// What the file drops, under present keys, and the surroundings the planner will see: moves are judged by the same
/// code that plans them.
struct Judging {
  explicit Judging(const kinds::Declaring& declaring);
  Judging(const Judging&) = delete;
  Judging& operator=(const Judging&) = delete;

  std::set<ObjectKey> dropped;
  Surroundings around;
};

/// The column of a table after the migration, or nullptr with a report (GW1204).
const Column* target_column(const ObjectKey& table, const ast::Name& name, kinds::Declaring& d);
/// `column = expression`, from its first byte to its last.
Span span_of(const ast::Assignment& assignment);
/// Evaluated again it may give another value for the same rows: it calls something volatile (or not known better), or
/// asks who is there, or what time it is.
bool changes_by_itself(const sql::Analysis& value);
/// False after the first report of a column that is given twice (GW2012). `given` remembers where each stood first.
bool first_time(const ast::Name& column, std::map<std::string, Span>& given, kinds::Declaring& d);
/// Can a value of one type be stored in a column of the other? Nothing when one of them is not known well enough.
std::optional<bool> assignable(std::string_view from, std::string_view to);
/// Reports GW1404 when the expression's type is known and cannot be stored in the column.
void check_type(const sql::Analysis& value, const Column& column, Span span, kinds::Declaring& d);
/// Reports columns that are `not null`, have no default and are not among `given`.
void check_not_null(const ObjectKey& table, const std::set<std::string>& given, Span span, std::string_view what,
                    kinds::Declaring& d);
/// Reports an aggregate or window function where a row's own values are meant.
bool check_plain(const sql::Analysis& analysis, Span span, const Code& code, kinds::Declaring& d);
/// Reports an expression that is known not to be a condition.
bool check_boolean(const sql::Analysis& analysis, Span span, const Code& code, kinds::Declaring& d);
/// Warns (GW3003) about `not in (select …)`.
void check_not_in(const ast::Sql& text, kinds::Declaring& d);
/// `reject up to …`, or nothing with a report of why it cannot be done; `told_apart`: the rows have a key.
std::optional<Amount> read_reject(const Rare<ast::Amount>& written, const std::string& table, bool told_apart,
                                  kinds::Declaring& d);
/// Is there a unique constraint or index over exactly these columns?
bool unique_over(const ObjectKey& table, const Names& columns, const Catalog& catalog);

}  // namespace godwit::data
