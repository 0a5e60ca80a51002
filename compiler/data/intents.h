// SPDX-License-Identifier: Apache-2.0
// What a migration wants done with rows, resolved against the catalog: no object, but a step with a way back.
#pragma once

#include "compiler/model/fragment.h"
#include "compiler/model/object.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace godwit::data {

/// `column = expression`; for a move the expression reads the source, for a reverse the target.
struct Assignment {
  std::string column;
  Fragment value;
  Span span;
  std::string type = {};           // of the value, canonical; empty when not known
  bool changes_by_itself = false;  // evaluated again it may give another value, though the rows are the same
};

struct Amount {
  double value = 0;
  bool percent = false;
  std::string text;
};

struct Rest {
  enum class Action { ignore, warn, fail } action = Action::ignore;
  std::string message;
  std::optional<Amount> over;
  std::optional<Fragment> where;
};

/// `batch 10000 by id`
struct Batching {
  long long rows = 0;
  std::string by;  // the column over whose values the batches go; empty: the key of the table
  Span span;
};

enum class OnConflict { fail, skip, update };

/// `move source -> target { … }`. Source names are those of before the migration, target names those of after it.
struct Move {
  std::string name;                 // as written, or the target's name; unique in the migration
  std::optional<ObjectKey> source;  // a table …
  std::optional<Fragment> query;    // … or a query
  std::vector<OutputColumn> query_columns;
  std::string alias;  // what the source is called in expressions
  ObjectKey target;
  std::vector<Assignment> set;
  std::optional<Fragment> where;
  std::vector<std::string> key;  // columns of the target
  OnConflict on_conflict = OnConflict::fail;
  Rest rest;
  std::optional<long long> sample;
  std::optional<Batching> batch;
  std::optional<Amount> reject;     // so many rows that do not fit are set aside
  std::vector<Assignment> reverse;  // written ones only; derived ones are the planner's work
  bool no_reverse = false;          // reverse none;
  bool in_step = false;             // keep in step: triggers carry what is written on either side, until finalize
  std::string_view word = "move";   // `extract` where the move is one half of it
  bool fills_key = false;           // no value of the key is null
  Span span;

  /// `move gmail`
  std::string title() const { return std::string(word) + ' ' + name; }
};

/// `backfill t a { set …; from …; where …; reverse set …; }`. Names are those of after the migration; of what it drops,
/// the last ones.
struct Backfill {
  ObjectKey table;
  std::string alias;
  std::vector<Assignment> set;
  std::optional<Fragment> from;  // text of the from list
  std::optional<Fragment> where;
  std::optional<Batching> batch;
  std::optional<Amount> reject;     // so many rows that do not fit are left as they are
  std::vector<Assignment> reverse;  // over the table's own columns: what goes back when values were changed since
  bool in_step = false;  // keep in step: of the columns of before and the new ones, the side that changes wins
  // Of an extract, whose link is such a backfill.
  std::optional<Fragment> differs;    // over the table's own columns: its row says something else than what is linked
  std::optional<Fragment> unmatched;  // how many rows should have found what to link to, and did not
  std::string title;                  // empty: "backfill …"
  Span span;
};

/// `rows t key (k) { (a, b) : (1, 2), … }`
struct Rows {
  ObjectKey table;
  std::vector<std::string> key, columns;
  std::vector<std::vector<Fragment>> values;
  Span span;
};

/// `check 'title' before warn { … }`
struct Check {
  std::string title;
  enum class When { before, after, both } when = When::after;
  bool warn = false;
  enum class Condition { none, at_most, at_least, unchanged, that } condition = Condition::none;
  std::optional<Amount> amount;
  std::optional<ObjectKey> table;  // of a counting check …
  std::optional<Fragment> query;   // … or its query, or the query of `unchanged`
  std::string alias;
  std::optional<Fragment> where;  // or the expression of `that`
  Span span;
};

/// `sql 'title' after table t { up $$…$$; down $$…$$; }`
struct Escape {
  std::string title;
  std::vector<ObjectKey> after, before;
  std::string up;
  std::optional<std::string> down;  // nullopt: irreversible
  Span span;
};

using Intent = std::variant<Move, Backfill, Rows, Check, Escape>;
using Intents = std::vector<Intent>;

}  // namespace godwit::data
