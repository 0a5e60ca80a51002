// SPDX-License-Identifier: Apache-2.0
// What makes one database into another, as the draft of a spec. Two databases are compared as the server spells them
// out; specs and SQL files become databases on a server of one's own for that.
#pragma once

#include <godwit/inspect.h>

#include <string>
#include <vector>

namespace godwit {

/// A statement of an SQL file and the line on which it begins.
struct SqlStatement {
  std::string text;
  std::size_t line = 0;
};

/// Applies and finalizes the migrations in a new database of `server`, reads it, and drops it. Roles that they name and
/// nobody made are made on the server: it is to be a private one (`EphemeralServer`).
Outcome<Inspection> inspect_migrations(const std::string& server, const std::vector<Migration>& migrations);

/// The same for statements, run one by one. The error's `place` is the line of the statement that failed.
Outcome<Inspection> inspect_statements(const std::string& server, const std::vector<SqlStatement>& statements);

/// One side of a comparison.
struct DiffSide {
  std::string name;  // "the specs", "database shop"
  const Inspection& inspection;
  const Refusals& refusals;  // what trying its baseline found out
};

/// A spec that a person reads and decides about.
struct Draft {
  std::string text;                    // right, but not in canonical layout; empty when nothing differs
  std::vector<std::string> questions;  // "was the column app.users.name renamed to full_name?": comments of the text
  std::vector<std::string> by_hand;    // what differs, and no statement changes without loss; comments, too
};

/// What makes `from` into `to`. Nothing is taken for renamed: a drop and a new object that may be one are written as
/// such, with the question in a comment.
Draft draft_of(const DiffSide& from, const DiffSide& to);

}  // namespace godwit
