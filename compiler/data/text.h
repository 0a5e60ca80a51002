// SPDX-License-Identifier: Apache-2.0
// What the steps of this folder share: names, comparisons and blocks of SQL as people read them, and what the catalog
// says about the rows of a table. Nothing here decides what is done to rows.
#pragma once

#include "base/identifier.h"
#include "compiler/data/steps.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::data {

using Names = std::vector<std::string>;

// ---- names ----------------------------------------------------------------------------------------------------------

/// `app.contacts`
std::string table_sql(const ObjectKey& table);
/// `a, b`, each quoted where needed and behind `prefix` (such as `target.`).
std::string listed(const Names& names, std::string_view prefix = {});
using godwit::joined;
/// `old_email`: the name of a value in a kept table, never over 63 bytes; and the same quoted.
std::string label_of(std::string_view label, const std::string& column);
std::string labelled(std::string_view label, const std::string& column);
/// `godwit_kept.moved_gmail_1f2e3d4c`: the last part is made of the migration's id (and `salt`).
std::string kept_table(std::string_view what, const std::string& name, const Surroundings& around,
                       std::string_view salt = {});

// ---- what was, what is ----------------------------------------------------------------------------------------------

/// The key an object of before the migration has now, and the reverse.
ObjectKey now(const ObjectKey& old, const Surroundings& around);
ObjectKey then(const ObjectKey& current, const Surroundings& around);
bool existed_before(const ObjectKey& current, const Surroundings& around);
/// A column under its present key, as it was before or as it is after the migration.
const Column* column_then(const ObjectKey& current, const Surroundings& around);
const Column* column_now(const ObjectKey& current, const Surroundings& around);
/// Present names of the columns of a table: before the migration, after it.
Names columns_then(const ObjectKey& table, const Surroundings& around);
Names columns_now(const ObjectKey& table, const Surroundings& around);
/// The columns by which a row is found: the primary key, else a unique constraint over columns that are all not null.
/// Empty when there is none. Present names.
Names row_key_then(const ObjectKey& table, const Surroundings& around);
Names row_key_now(const ObjectKey& table, const Surroundings& around);

/// Has a constraint, or is referred to by one, that may wait for the end of the transaction.
bool has_deferrable(const ObjectKey& table, const Surroundings& around);

/// True for an expression that has one value for all rows and all times: a literal, a cast of one, null.
bool constant_text(const Fragment& value);
/// The value a column has when an insert does not name it, as SQL; nullopt when that differs from row to row.
std::optional<std::string> plain_default(const Column& column);

// ---- expressions ----------------------------------------------------------------------------------------------------

/// `(expression)::type` without what a cast would cut in silence (the length of a varchar).
/// The bare expression when it is known to have that type already.
std::string as_type(const std::string& expression, const std::string& type, const Column& column,
                    const Surroundings& around);
/// `a is distinct from b`, as text for types without equality.
std::string differs(const std::string& a, const std::string& b, const std::string& type);
std::string same(const std::string& a, const std::string& b, const std::string& type);
/// `a = b` when one side is never null (so that the server can hash or sort), else null-safe.
std::string matches(const std::string& a, const std::string& b, bool never_null);
/// Parts with `and` or `or` between them, one per line below each other; `indent` is where the first one stands.
std::string all_of(const std::vector<std::string>& parts, int indent);
std::string any_of(const std::vector<std::string>& parts, int indent);
/// The text with `spaces` more before each line but the first.
std::string indented(const std::string& text, std::size_t spaces);
/// A select list, one expression per line.
std::string lines_of(const std::vector<std::string>& parts, int indent);

// ---- statements -----------------------------------------------------------------------------------------------------

/// `do $$ … $$`: names in it mean columns, never its variables, wherever both could be meant.
std::string block(const std::string& declarations, const std::string& body);
/// The text as it stands in the format of a `raise`: without quotes, and as a literal.
std::string raise_format(std::string_view text);
std::string raise_text(std::string_view text);
/// `'move x: % rows'`: the name of a step as it stands, and words in which each `%` stands for a value; as a literal.
std::string said_of(std::string_view step, std::string_view words);
Statement reads(std::string title, std::string sql, const ObjectKey& table);
Statement writes(std::string title, std::string sql, const ObjectKey& table, Work work = Work::scan);
/// The statement that every step that keeps something starts with.
std::string unclosed(std::string sql);
Statement kept_schema();
Statement drop_kept(const std::string& table);

struct Writes {
  bool inserts = false, updates = false, deletes = false;
};

/// Wraps statements that write to `table` so that triggers of users do not fire, and deferred constraints are checked
/// before the table is altered again. `absent`: triggers that do not stand while the statements run.
Statements without_triggers(Statements inner, const ObjectKey& table, Writes what, const Surroundings& around,
                            const std::set<ObjectKey>& absent = {});
/// The foreign keys of after the migration that refer to a table.
std::vector<const ForeignKey*> references_to(const ObjectKey& table, const Surroundings& around);
/// That a row of `child`, which has the key's columns, refers to the row `alias`.
std::string refers(const ForeignKey& key, const ObjectKey& child, std::string_view alias);
/// Which tables may hold the references: all of them, or only those that this migration did not make (the others are
/// gone by the time a rollback puts constraints back).
enum class Referring { all_tables, old_tables };
/// Conditions under which no row of another table refers to the row `alias` of `table`.
std::vector<std::string> not_referenced(const ObjectKey& table, std::string_view alias, const Surroundings& around,
                                        Referring referring = Referring::all_tables);

/// `insert into godwit_kept.residue …` of rows of `table` (as `alias`): what follows `from`, and the reason as SQL.
std::string to_residue(const ObjectKey& table, std::string_view alias, const Names& key, const std::string& step,
                       const std::string& reason, const std::string& from_and_where, const Surroundings& around);

}  // namespace godwit::data
