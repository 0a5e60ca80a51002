// SPDX-License-Identifier: Apache-2.0
// How a backfill is read: `extract` writes its link as one.
#pragma once

#include "compiler/data/intents.h"
#include "compiler/kinds/declaring.h"

#include <optional>
#include <string>

namespace godwit::kinds {

/// What an extract knows of its link beyond what a backfill says. Both stand where the backfill's expressions stand.
struct Link {
  std::string title;   // of the step
  ast::Sql differs;    // a condition over the table's own columns; without text: nothing can be carried back
  ast::Sql unmatched;  // a number of rows
};

/// Looks up what a backfill names and checks it. Returns nullopt after a report. `link`: of an extract, else nullptr.
std::optional<data::Backfill> read_backfill(const ast::Backfill& item, const Link* link, Declaring& d);

}  // namespace godwit::kinds
