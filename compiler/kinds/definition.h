// SPDX-License-Identifier: Apache-2.0
// Declarations that keep PostgreSQL's own definition text: one function a kind, called in every pass.
#pragma once

#include "compiler/kinds/declaring.h"

namespace godwit::kinds {

void declare_collation(const ast::Definition& item, Declaring& d, Pass pass);
void declare_domain(const ast::Definition& item, Declaring& d, Pass pass);
void declare_foreign_data_wrapper(const ast::Definition& item, Declaring& d, Pass pass);
void declare_foreign_server(const ast::Definition& item, Declaring& d, Pass pass);
void declare_text_search(const ast::Definition& item, Declaring& d, Pass pass);
void declare_type(const ast::Definition& item, Declaring& d, Pass pass);
void declare_sequence(const ast::Definition& item, Declaring& d, Pass pass);
void declare_view(const ast::Definition& item, Declaring& d, Pass pass);
void declare_materialized_view(const ast::Definition& item, Declaring& d, Pass pass);
void declare_function(const ast::Definition& item, Declaring& d, Pass pass);
void declare_aggregate(const ast::Definition& item, Declaring& d, Pass pass);
void declare_operator(const ast::Definition& item, Declaring& d, Pass pass);
void declare_cast(const ast::Definition& item, Declaring& d, Pass pass);
void declare_rule(const ast::Definition& item, Declaring& d, Pass pass);
void declare_default_privileges(const ast::Definition& item, Declaring& d, Pass pass);
void declare_event_trigger(const ast::Definition& item, Declaring& d, Pass pass);
void declare_publication(const ast::Definition& item, Declaring& d, Pass pass);

/// The block a definition may end in: indexes, owner, comment, grants of `key`.
void declare_block(const ast::Definition& item, const ObjectKey& key, Declaring& d, Pass pass);

/// Tells the world of a query's relation before its turn comes: it is declared when it is first looked up, and known by
/// name until then. `declare_it` runs once. A second promise of the same name is GW1201.
void promise_query(const Object& placeholder, Declaring& d, const std::function<void()>& declare_it);
/// Declares what `promise_query` promised and nobody has looked up yet.
void keep_promise(const ObjectKey& key, Declaring& d);

/// A query with the columns it gives under the names in parentheses, if any. Reports what is wrong with it, and GW2003
/// when it reads a relation whose own declaration waits for this one.
struct DeclaredQuery {
  Fragment query;
  std::vector<OutputColumn> output;  // empty: not known
};

DeclaredQuery declare_query(const ObjectKey& key, const ast::Definition& item, std::size_t begin,
                            const std::string& text, const std::vector<std::string>& columns, Declaring& d);

/// The analysis of the query with its stars written out; the one given when there is nothing to write out.
sql::Analysis settled(sql::Analysis analysis, const std::string& text, const Declaring& d);

/// The relations a query reads, as locks of a statement that holds the query.
std::vector<LockOn> reading_locks(const Fragment& query);
/// An array of the column names, compared with those of the relation `oid`; nothing when they are not known.
std::string verify_columns(const std::vector<OutputColumn>& output, const std::string& oid);
/// The names in parentheses after the renames: a query's columns keep the names they had, as PostgreSQL keeps them.
void rename_query(Fragment& query, std::vector<std::string>& columns, const std::vector<OutputColumn>& output,
                  const Renames& renames);

}  // namespace godwit::kinds
