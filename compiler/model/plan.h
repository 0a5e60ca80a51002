// SPDX-License-Identifier: Apache-2.0
// What a migration does, step by step, with the way back beside each step. Rolling back is the steps' `down` in reverse
// order: each is written for the state in which its `up` left the database.
#pragma once

#include "compiler/model/catalog.h"
#include "compiler/model/statement.h"

#include <string>
#include <vector>

namespace godwit {

enum class Phase { preflight, lock, rename, keep, expand, move, validate, contract, after };
std::string_view name_of(Phase phase);

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
  bool follows_previous = false;     // runs after the step listed before it
  bool keeps = false;                // something is kept until finalize
  bool irreversible = false;
  bool lossy = false;              // going back cannot restore everything; a remark says what
  std::vector<std::size_t> after;  // positions of the steps it had to wait for (plan.json, plan --why)

  bool operator==(const Step&) const = default;
};

struct Plan {
  std::string id, title;
  std::vector<Step> steps;          // in order
  bool checks_bodies_late = false;  // functions that name each other: their bodies are not checked when they are made
};

}  // namespace godwit
