// SPDX-License-Identifier: Apache-2.0
// The layout that all .sql artifacts share. emit prints it, psql runs it, the runtime reads it back and sends the very
// same statements: what a person reviewed is what is executed.
//
//   -- godwit up 20250916000001_contacts
//   -- Contacts and the channels they are reached on
//   -- key: value                              (facts, in a fixed order: spec, checksum, rollback, lock timeout, …)
//   -- content: sha256:…                       (of every byte after this line's end: shows an edit by hand)
//
//   -- [1/12] open the transaction
//   begin;
//   …
//   -- [2/12] create table app.contacts (specs/20250916000001_contacts.gw:4)
//   --   why it stands here, locks, work
//   create table …;
//
// A statement never holds a line that could be taken for a step's header of its file (another total is another file's):
// when a body does, every header is written with one more bracket (`-- [[2/12]] …`).
#pragma once

#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit {

struct ScriptStep {
  std::string title;
  std::string place;                 // "specs/x.gw:4", empty for godwit's own bookkeeping
  std::vector<std::string> remarks;  // one comment line each
  std::string sql;                   // one or more statements, each closed with `;`

  bool operator==(const ScriptStep&) const = default;
};

struct Script {
  std::string direction;  // up, down, finalize, verify
  std::string id;
  std::string title;
  std::vector<std::pair<std::string, std::string>> facts;  // without `content`
  std::vector<ScriptStep> steps;

  /// The value of a fact, empty when it is absent.
  std::string_view fact(std::string_view key) const;
  bool operator==(const Script&) const = default;
};

/// The step that locks every table that changes, before anything does: `lock table … in … mode;`, one a line.
inline constexpr std::string_view lock_step_title = "lock what will change, in one fixed order";

// ---- steps that psql and the runtime run in their own ways ----------------------------------------------------------

/// Opens a stretch of steps, up to close_gate(), that runs only where the query (without its end, of one boolean) says
/// true: `\gset` and `\if` in psql.
ScriptStep open_gate(std::string title, const std::string& variable, const std::string& query);
ScriptStep close_gate();
/// The gate's query, closed; nothing for another step.
std::optional<std::string> gate_query(const ScriptStep& step);
bool closes_gate(const ScriptStep& step);

/// Calls a function until it returns 0, with a commit behind each call.
struct BatchCall {
  std::string function;
  long long rows = 0;

  bool operator==(const BatchCall&) const = default;
};
/// The step's sql and the first of its remarks.
void call_in_batches(ScriptStep& step, const BatchCall& call);
std::optional<BatchCall> batch_call(const ScriptStep& step);

/// Rows that are compared with their source, in one go by psql; the runtime goes over them in ranges of a key, and
/// leaves such a step out unless it is asked for.
struct ComparedRanges {
  std::string table;    // empty: no ranges
  std::string columns;  // `id, part`

  bool operator==(const ComparedRanges&) const = default;
};
/// The step's title and the first of its remarks.
void compare_in_ranges(ScriptStep& step, const std::string& what, const ComparedRanges& ranges);
std::optional<ComparedRanges> compared_ranges(const ScriptStep& step);
/// A condition that holds for all rows, at the end of its line; `columns` is how the key is spelled there.
std::string range_mark(const std::string& columns);
/// The statement over the rows behind `low` up to `high`: values as text, empty for an open end.
std::string with_range(const std::string& sql, const std::vector<std::string>& low,
                       const std::vector<std::string>& high);
/// `(id, part) > ('1', '2') and (id, part) <= ('7', '8')`; `true` without ends.
std::string range_condition(const std::string& columns, const std::vector<std::string>& low,
                            const std::vector<std::string>& high);

/// The artifact's text. parse_script(print_script(x)) == x.
std::string print_script(const Script& script);

/// Why a text is not an artifact as godwit wrote it.
struct ScriptError {
  std::string message;
  bool edited = false;  // well-formed, but its content is not what its checksum says
};

/// Reads an artifact back. With `allow_edited` a wrong content checksum is accepted.
Result<Script, ScriptError> parse_script(std::string_view text, bool allow_edited = false);

/// sha256 in hex.
std::string sha256(std::string_view text);

}  // namespace godwit
