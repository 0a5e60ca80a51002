// SPDX-License-Identifier: Apache-2.0
// What the readers of all kinds share: the session, the items so far, and pieces of SQL. Each reader asks one question
// about all objects of its kind; none asks about a single object.
#pragma once

#include "base/result.h"
#include "runtime/inspect/items.h"
#include "runtime/session.h"

#include <map>
#include <string>
#include <string_view>

namespace godwit::inspecting {

struct Reading {
  Session& session;
  Items items;
  int major = 0;                                            // 15
  std::string user;                                         // the connecting role: what it owns says no owner
  std::vector<std::pair<std::size_t, Address>> late_needs;  // of objects that are read later
  std::multimap<Address, Address> partitions;               // of a table
  std::map<std::size_t, std::size_t> attachments;           // of a partition: the item that makes it one
};

using Done = Result<void, ServerError>;

Done read_schemas(Reading& reading);
Done read_extensions(Reading& reading);
Done read_types(Reading& reading);
Done read_tables(Reading& reading);
Done read_foreign_tables(Reading& reading);
Done read_sequences(Reading& reading);
Done read_constraints(Reading& reading);
Done read_indexes(Reading& reading);
Done read_triggers(Reading& reading);
Done read_policies(Reading& reading);
Done read_statistics(Reading& reading);
Done read_partitions(Reading& reading);
Done read_views(Reading& reading);
Done read_functions(Reading& reading);
Done read_publications(Reading& reading);
Done read_unexpressed(Reading& reading);
Done read_parts(Reading& reading);
Done read_text_search(Reading& reading);
Done read_rights(Reading& reading);
Done read_default_privileges(Reading& reading);
Done read_comments(Reading& reading);
Done read_needs(Reading& reading);

/// Runs a question whose failure must not end the transaction.
template <typename Ask>
Done attempt(Reading& reading, Ask ask) {
  if (auto marked = reading.session.exec("savepoint question;"); !marked) return unexpected(marked.error());
  const Done done = ask();
  if (!done && done.error().lost) return done;
  const auto ended = reading.session.exec(done ? "release savepoint question;" : "rollback to savepoint question;");
  if (!ended) return unexpected(ended.error());
  return done;
}

/// The item waits until the table has its partitions.
void wait_for_partitions(Reading& reading, std::size_t item, Address table);

/// The oids of the catalogs, by name: `pg_class`.
std::uint32_t catalog_oid(std::string_view catalog);
Address address(std::string_view catalog, const std::string& oid);

/// `space as materialized (…)`: the schemas that are looked at.
extern const char* const spaces;
/// `not exists (…)`: no extension owns the row `oid` of `catalog`.
std::string not_of_extension(std::string_view catalog, std::string_view oid);
/// An SQL expression: the options (`text[]`) as `a = 1, b = 'x y'`, null when there are none.
std::string options_sql(std::string_view options, std::string_view prefix = "");

/// The options (`text[]`) of a row `a` of pg_attribute that people set: without `pg_attver`, which some minor versions
/// keep there for themselves. Empty when there are none.
extern const char* const set_column_options;

/// `options (a 'x', b 'y')` of the `text[]` of what is foreign, in its order; null when there are none.
std::string foreign_options_sql(const std::string& options);

/// The server's text with its keywords in lower case; quoted names and literals stay as they are.
std::string lowered(std::string_view text);
/// The same on one line.
std::string compact(std::string_view text);
/// The first place outside of quotes and brackets where `words` stand.
std::size_t find_outside(std::string_view text, std::string_view words, std::size_t from = 0);
/// Behind the bracket that closes the one at `open`.
std::size_t behind_bracket(std::string_view text, std::size_t open);
/// A type as people write it: `timestamptz(3)` for `timestamp(3) with time zone`.
std::string short_type(std::string_view type);
/// A default without the cast that PostgreSQL adds to a literal of the column's own type.
std::string short_default(const std::string& expression, const std::string& plain_type);
/// Lines of a query without the ending `;` and what stands in front of the first word.
std::string trimmed(std::string_view text);

}  // namespace godwit::inspecting
