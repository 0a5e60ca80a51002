// SPDX-License-Identifier: Apache-2.0
// What a migration does, step by step, with the way back beside each step. Rolling back is the steps' `down` in reverse
// order: each is written for the state in which its `up` left the database.
#pragma once

#include "compiler/model/catalog.h"
#include "compiler/model/statement.h"

#include <optional>
#include <string>
#include <vector>

namespace godwit {

/// The transactions of a migration that is not a single one.
enum class Part { first, batches, proof, last };

/// How the rows that a move wrote are compared with their source, as long as what it kept is there.
struct Comparison {
  std::string record;   // the kept table that it needs
  std::string sql;      // one row: the verdict, what was counted, which keys; with range_mark()s (script.h)
  std::string table;    // whose key cuts the rows into ranges; empty: all at once
  std::string columns;  // that key: `id, part`
  std::vector<std::string> remarks;

  bool operator==(const Comparison&) const = default;
};

enum class Phase { preflight, lock, rename, keep, expand, move, validate, contract, after };
std::string_view name_of(Phase phase);

/// How rows that went in batches go back in batches. Applications use the new shape until the turn, the old one behind
/// it.
struct BatchesBack {
  struct Run {
    std::string title, function;
    bool operator==(const Run&) const = default;
  };
  Statements prepare;           // begins to note what is written on both sides, and makes the functions
  Run find;                     // batches before the turn: finds the place that each row goes back to
  Statements found;             // at the turn, while the new shape stands: nothing looks at it any more
  Statements turn;              // in the transaction that gives the old shape back: carries back what was written
  Run remove;                   // batches behind it: removes what is back
  Statements rest;              // the last of it
  bool knows_its_rows = false;  // apart from those that another step puts into the same table

  bool operator==(const BatchesBack&) const = default;
};

/// How a step of phase move goes over its rows in batches, each a transaction of its own, between the first part of the
/// migration and the last. The step's `up` is then what is left for the last part: what was written meanwhile.
struct Batches {
  ObjectKey table;       // whose rows they go over
  std::string function;  // takes how many rows to read, returns how many it read: 0 when none is left
  long long rows = 0;
  Statements prepare;               // in the first part: begins to note what is written, and makes the function
  Statements prove;                 // behind the last batch, reads alone, all in one snapshot: nothing was lost
  Statements settle;                // in `down`, of a migration that is only begun: before the step's own `down`
  std::optional<BatchesBack> back;  // nothing: the step's `down` is one transaction

  bool operator==(const Batches&) const = default;
};

/// One node of the plan. Names in `up` are valid when it runs forward, names in `down` when it runs backward: after the
/// renames and before anything is hidden, in both directions.
struct Step {
  Phase phase = Phase::expand;
  std::string title;                 // "create table app.contacts", "move gmail"
  Span span;                         // the declaration that asked for it
  ObjectKey subject;                 // tie-break among steps of one phase
  Statements up, down, finalize;     // finalize removes what `up` kept
  std::vector<ObjectKey> makes;      // objects that exist once it ran
  std::vector<ObjectKey> changes;    // objects that it alters in place
  bool leaves_values = false;        // nothing that it alters is a value of a row
  std::vector<ObjectKey> unmakes;    // objects that are gone (or hidden) once it ran
  std::vector<Need> needs;           // objects of the catalog after the migration that must exist before it runs
  std::vector<ObjectKey> uses_old;   // objects of the catalog before the migration that must still be there
  std::vector<ObjectKey> precedes;   // objects whose making (or changing) must wait for it
  std::vector<ObjectKey> fills;      // tables into which it writes rows
  std::vector<std::string> remarks;  // for the artifact: why it stands here, what is kept
  bool stands_alone = false;         // of what it makes or unmakes: what it belongs to has no say in the order
  bool reads_rows = false;           // of tables that others write to: it cannot run before the last transaction
  bool follows_previous = false;     // runs after the step listed before it
  bool rejects = false;              // rows that constraints refuse are set aside: the constraints stand before it
  bool keeps = false;                // something is kept until finalize
  bool irreversible = false;
  bool lossy = false;  // going back cannot restore everything; a remark says what
  std::optional<Batches> batches;
  std::optional<Statement> forecast;  // before the first change, under the names of then: how many rows it is about
  std::optional<Comparison> comparison;
  Part part = Part::first;         // where the plan is in parts
  std::vector<std::size_t> after;  // positions of the steps it had to wait for (plan.json, plan --why)

  bool operator==(const Step&) const = default;
};

struct Plan {
  std::string id, title;
  std::vector<Step> steps;          // in order
  bool in_parts = false;            // several transactions: what only adds, the batches, the rest
  bool checks_bodies_late = false;  // functions that name each other: their bodies are not checked when they are made
};

}  // namespace godwit
